// Package published keeps what was published, by generation: the rows of both lists
// as readers and editors were given them. The gate compares the next publication
// with it, and what an editor typed into an older workbook or into the shared sheet
// can be told from what stood there.
//
// A folder of publications holds one file a generation, <generation>.json, and
// history.csv, the order in which they were published and where.
package published

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/message"
	"hdsreport/etl/pattern"
	"hdsreport/report"
)

// Publication is one generation of the book's tables.
type Publication struct {
	Generation string
	Edition    string // its ID
	Day        string // that its figures count from, in ISO 8601
	Tables     []Table
	// Outside are marks of what the sheets say outside the tables. It is nil for a publication
	// of a program that kept none.
	Outside []Outside
}

// Table is one list as it was published.
type Table struct {
	ID      string // of the book's table: approved, certified
	Columns []Column
	Rows    []Row
	Ended   string // the day on which the list had ended, in ISO 8601; empty if it had not
}

// Column is a column of the book's table.
type Column struct{ ID, Header string }

// Row is one row: its Identifiant, and its cells as Columns.
type Row struct {
	ID     string
	Values []report.Value
}

// MaxRows is how many rows, of both lists, are kept of a publication. The lists have
// some hundred; a hundred thousand make a file of some fifty megabytes.
const MaxRows = 100_000

// ErrTooLong is the error of a book whose lists are too long to be kept.
var ErrTooLong = message.Fail(nil, "published-too-long", "rows", MaxRows)

// Of is what a book publishes for an edition. Rows without an Identifiant, as the one
// of a list that is missing, are nobody's and left out.
func Of(b *report.Book, edition string) (*Publication, error) {
	rows := 0
	for _, s := range b.Sheets {
		if s.Table != nil {
			rows += s.Table.Len
		}
	}
	if rows > MaxRows {
		return nil, ErrTooLong
	}
	p := &Publication{Generation: b.Identifier, Edition: edition}
	p.Day = cmp.Or(b.Date.String(), p.namedDay())
	for _, s := range b.Sheets {
		if s.Table != nil {
			p.Tables = append(p.Tables, table(s.Table))
		}
		p.Outside = append(p.Outside, outside(s))
	}
	return p, nil
}

func table(t *report.Table) Table {
	out := Table{ID: t.ID, Ended: t.Ended.String()}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, Column{c.ID, c.Header})
	}
	id := t.Column("id")
	for row := range t.Len {
		r := Row{ID: id.At(row).Text, Values: make([]report.Value, len(t.Columns))}
		if r.ID == "" {
			continue
		}
		for i := range t.Columns {
			r.Values[i] = t.Columns[i].At(row)
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

// Table finds a table by its ID; nil where the publication has none.
func (p *Publication) Table(id string) *Table {
	for i := range p.Tables {
		if p.Tables[i].ID == id {
			return &p.Tables[i]
		}
	}
	return nil
}

// Actors are the actors of both lists, and which columns say something, for the gate.
// by returns, from the text in the status column, who gave an actor's position.
func (p *Publication) Actors(by map[string]etl.PositionBy) *etl.Publication {
	out := &etl.Publication{Generation: p.Generation, Edition: p.Edition}
	for list, id := range map[etl.Listing]string{etl.Approved: report.ApprovedTable,
		etl.Certified: report.CertifiedTable} {
		t := p.Table(id)
		if t == nil {
			continue
		}
		column := func(id string, r Row) string {
			if i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.ID == id }); i >= 0 {
				return r.Values[i].Text
			}
			return ""
		}
		at := map[string]int{}
		out.Filled[list] = map[etl.Field]bool{}
		for _, r := range t.Rows {
			for i, v := range r.Values {
				if v.Kind != report.Blank {
					out.Filled[list][etl.Field(t.Columns[i].ID)] = true
				}
			}
			actor := etl.ActorOf(r.ID)
			i, seen := at[actor]
			if !seen {
				i = len(out.Actors[list])
				at[actor] = i
				out.Actors[list] = append(out.Actors[list],
					etl.PublishedActor{ID: actor, Name: column("name", r), By: by[column("status", r)]})
			}
			if s := column("source_name", r); s != "" {
				out.Actors[list][i].Sources = append(out.Actors[list][i].Sources, s)
			}
		}
	}
	return out
}

// stored is a publication as its file holds it: a cell is null, a text, a number, or
// {"day": serial}.
type stored struct {
	Generation string        `json:"generation"`
	Edition    string        `json:"edition"`
	Day        string        `json:"day"` // if it is not what the edition's name says
	Tables     []storedTable `json:"tables"`
	Outside    []Outside     `json:"outside"`
}

type storedTable struct {
	ID      string         `json:"id"`
	Ended   string         `json:"ended"` // if the list had ended
	Columns []storedColumn `json:"columns"`
	Rows    [][]cell       `json:"rows"`
}

type storedColumn struct {
	ID     string `json:"id"`
	Header string `json:"header"`
}

// cell is a value in JSON.
type cell report.Value

type day struct {
	Serial float64 `json:"day"`
}

func (c cell) MarshalJSON() ([]byte, error) {
	switch c.Kind {
	case report.Blank:
		return []byte("null"), nil
	case report.Text:
		return marshal(c.Text)
	case report.Number:
		return json.Marshal(c.Num)
	default:
		return json.Marshal(day{c.Num})
	}
}

func (c *cell) UnmarshalJSON(text []byte) error {
	*c = cell{}
	switch text[0] {
	case 'n':
		return nil
	case '"':
		c.Kind = report.Text
		// Most texts stand as they are, and a publication has thousands of cells.
		if !bytes.ContainsRune(text, '\\') && utf8.Valid(text) {
			c.Text = string(text[1 : len(text)-1])
			return nil
		}
		return json.Unmarshal(text, &c.Text)
	case '{':
		var d day
		err := json.Unmarshal(text, &d)
		c.Kind, c.Num = report.Day, d.Serial
		return err
	default:
		c.Kind = report.Number
		return json.Unmarshal(text, &c.Num)
	}
}

// marshal leaves <, > and & as they are: people read these files too.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// text is the file of a publication: a row a line, so that a diff of two reads well.
func (p *Publication) text() ([]byte, error) {
	var b bytes.Buffer
	put := func(before string, v any, after string) error {
		text, err := marshal(v)
		b.WriteString(before)
		b.Write(text)
		b.WriteString(after)
		return err
	}
	err := errors.Join(put("{\"generation\":", p.Generation, ",\n"), put("\"edition\":", p.Edition, ",\n"))
	if p.Day != p.namedDay() {
		err = errors.Join(err, put("\"day\":", p.Day, ",\n"))
	}
	b.WriteString("\"tables\":[")
	for i, t := range p.Tables {
		columns := make([]storedColumn, len(t.Columns))
		for k, c := range t.Columns {
			columns[k] = storedColumn(c)
		}
		err = errors.Join(err, put(map[bool]string{true: "\n{\"id\":", false: ",\n{\"id\":"}[i == 0], t.ID, ",\n"))
		if t.Ended != "" {
			err = errors.Join(err, put("\"ended\":", t.Ended, ",\n"))
		}
		err = errors.Join(err, put("\"columns\":", columns, ",\n\"rows\":["))
		for k, r := range t.Rows {
			cells := make([]cell, len(r.Values))
			for n, v := range r.Values {
				cells[n] = cell(v)
			}
			err = errors.Join(err, put(map[bool]string{true: "\n", false: ",\n"}[k == 0], cells, ""))
		}
		b.WriteString("\n]}")
	}
	b.WriteString("\n],\n\"outside\":[")
	for i, o := range p.Outside {
		err = errors.Join(err, put(map[bool]string{true: "\n{\"sheet\":", false: ",\n{\"sheet\":"}[i == 0], o.Sheet, ",\"lines\":["))
		for k, line := range o.Lines {
			err = errors.Join(err, put(map[bool]string{true: "\n", false: ",\n"}[k == 0], line, ""))
		}
		b.WriteString("\n]}")
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), err
}

// namedDay is the day that the name of the edition says, or the last one of its month.
func (p *Publication) namedDay() string {
	d, _ := etl.ParseEdition(p.Edition)
	return d.String()
}

// Keep writes the publication into a folder, which it makes if need be. One that is
// there already is left as it is: a generation never changes.
func (p *Publication) Keep(dir string) error {
	name := file(dir, p.Generation)
	if _, err := Read(dir, p.Generation); err == nil {
		return nil
	}
	text, err := p.text()
	if err != nil {
		return err
	}
	if err := makeFolder(dir); err != nil {
		return err
	}
	_, err = atomicfile.Write(name, text)
	return err
}

func file(dir, generation string) string { return filepath.Join(dir, generation+".json") }

// generations are 32 hexadecimal digits; a name from a file or a sheet that is no
// generation must not lead anywhere else.
var generation = pattern.Of(`^[0-9a-f]{32}$`)

// Read gives a publication that was kept; fs.ErrNotExist where it was not. A damaged
// file is an error of its own: what was published is not known then.
func Read(dir, name string) (*Publication, error) {
	if !generation().MatchString(name) {
		return nil, message.Fail(fs.ErrNotExist, "published-no-generation", "name", name)
	}
	text, err := atomicfile.Read(file(dir, name))
	if err != nil {
		return nil, err
	}
	damaged := func(why any) error {
		return message.Fail(nil, "published-damaged", "file", filepath.ToSlash(file(dir, name)), "why", why)
	}
	var s stored
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, damaged(message.New("published-no-json", "why", err.Error()))
	}
	if s.Generation != name {
		return nil, damaged(message.New("published-other", "name", cmp.Or(s.Generation, "?")))
	}
	if _, ok := etl.ParseEdition(s.Edition); !ok || len(s.Tables) == 0 {
		return nil, damaged(message.New("published-no-table"))
	}
	p := &Publication{Generation: s.Generation, Edition: s.Edition, Outside: s.Outside}
	p.Day = cmp.Or(s.Day, p.namedDay())
	for _, st := range s.Tables {
		t := Table{ID: st.ID, Ended: st.Ended}
		id := -1
		for i, c := range st.Columns {
			t.Columns = append(t.Columns, Column(c))
			if c.ID == "id" {
				id = i
			}
		}
		if id < 0 {
			return nil, damaged(message.New("published-no-ids", "table", st.ID))
		}
		for _, cells := range st.Rows {
			if len(cells) != len(st.Columns) {
				return nil, damaged(message.New("published-cells", "table", st.ID, "cells", len(cells),
					"columns", len(st.Columns)))
			}
			if cells[id].Text == "" {
				return nil, damaged(message.New("published-no-id", "table", st.ID))
			}
			r := Row{ID: cells[id].Text, Values: make([]report.Value, len(cells))}
			for i, c := range cells {
				r.Values[i] = report.Value(c)
			}
			t.Rows = append(t.Rows, r)
		}
		p.Tables = append(p.Tables, t)
	}
	return p, nil
}
