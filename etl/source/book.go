package source

import (
	"bytes"
	"os"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
)

// Book is a whole spreadsheet, for those who want to know what a person made of it.
type Book struct {
	Sheets []Sheet
	// Identifiers are what the file's properties call it: the identifier of Dublin Core.
	Identifiers []string
}

// Sheet is one sheet of a spreadsheet. Blank rows are left out.
type Sheet struct {
	Name   string
	Hidden bool
	Rows   []etl.TableRow
	// Formulas are the cells that hold a formula, as a set of columns, from 0, by the
	// number of the row. The text of such a cell is the value that was last computed.
	Formulas map[int]Columns
}

// Columns is a set of columns.
type Columns []uint64

// Has reports whether a column, counted from 0, is in the set.
func (c Columns) Has(col int) bool { return col>>6 < len(c) && c[col>>6]&(1<<(col&63)) != 0 }

func (c Columns) with(col int) Columns {
	for len(c) <= col>>6 {
		c = append(c, 0)
	}
	c[col>>6] |= 1 << (col & 63)
	return c
}

// ReadBook reads all sheets of an .xlsx or .ods. Any other file is an error.
func ReadBook(path, display string, o Options) (*Book, error) {
	if _, err := os.Stat(path); err != nil { // with the system's words
		return nil, err
	}
	data, err := readAll(path, display, o)
	if err != nil {
		return nil, err
	}
	in := &input{data: data, display: display, opt: o}
	if _, err := in.sniff(); err != nil {
		return nil, err
	}
	var b *Book
	switch in.format {
	case "xlsx":
		b, err = in.bookXLSX()
	case "ods":
		b, err = in.bookODS()
	default:
		return nil, message.Fail(nil, "book-no-spreadsheet", "file", display, "format", in.format)
	}
	if err != nil {
		return nil, in.asDamaged(err)
	}
	return b, nil
}

func (in *input) bookXLSX() (*Book, error) {
	a, err := openArchive(in)
	if err != nil {
		return nil, err
	}
	w, err := openWorkbook(a)
	if err != nil {
		return nil, a.damaged(err)
	}
	w.faces = nil // a cell that a person has crossed out says what it said
	b := &Book{}
	for _, ref := range w.sheets {
		s := Sheet{Name: ref.name, Hidden: ref.hidden, Formulas: map[int]Columns{}}
		w.formulas = s.Formulas
		g := newGrid(newNotes("", ref.name), in.opt)
		if err := w.readSheet(ref, g, 0); err != nil {
			return nil, a.damaged(err)
		}
		s.Rows = g.rows
		b.Sheets = append(b.Sheets, s)
	}
	b.Identifiers = a.coreIdentifiers()
	return b, nil
}

// Marks returns what an .xlsx calls itself in its properties, and the addresses of the web to
// which the cells of each of its sheets link.
func Marks(path, display string, opt Options) (identifiers []string, links map[string][]string, err error) {
	data, err := readAll(path, display, opt)
	if err != nil {
		return nil, nil, err
	}
	a, err := openArchive(&input{data: data, display: display, opt: opt})
	if err != nil {
		return nil, nil, err
	}
	w, err := openWorkbook(a)
	if err != nil {
		return nil, nil, err
	}
	links = map[string][]string{}
	for _, sheet := range w.sheets {
		rels, err := a.relations(sheet.part)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range rels {
			if r.Kind == "hyperlink" && r.External {
				links[sheet.name] = append(links[sheet.name], r.Target)
			}
		}
	}
	return a.coreIdentifiers(), links, nil
}

// coreIdentifiers reads the identifiers in the properties of an .xlsx.
func (a *archive) coreIdentifiers() []string {
	core := "docProps/core.xml"
	if rels, err := a.relations(""); err == nil {
		for _, r := range rels {
			if r.Kind == "core-properties" && !r.External {
				core = r.Target
			}
		}
	}
	return a.identifiers(core)
}

func (in *input) bookODS() (*Book, error) {
	b := &Book{}
	scan := func(fn func(*ooxml.Scanner) error) error {
		return scanned(bytes.NewReader(in.text.text), uint64(len(in.text.text)), fn)
	}
	if in.text.text == nil {
		a, err := openArchive(in)
		if err != nil {
			return nil, err
		}
		b.Identifiers = a.identifiers("meta.xml")
		scan = func(fn func(*ooxml.Scanner) error) error { return a.scan("content.xml", fn) }
	}
	look := &odsReader{in: in, only: -1}
	if err := scan(look.read); err != nil {
		return nil, err
	}
	for i, t := range look.tables {
		n := newNotes("", t.name)
		read := &odsReader{in: in, only: i, notes: n, grid: newGrid(n, in.opt), formulas: map[int]Columns{}}
		if err := scan(read.read); err != nil {
			return nil, err
		}
		b.Sheets = append(b.Sheets, Sheet{Name: t.name, Hidden: t.hidden, Rows: read.grid.rows, Formulas: read.formulas})
	}
	return b, nil
}

// identifiers reads the identifiers in a file's properties: Dublin Core's, and those of a
// workbook that became an OpenDocument file, where they are a property with a name of its
// own. A part that cannot be read has none.
func (a *archive) identifiers(part string) []string {
	if !a.Has(part) {
		return nil
	}
	var out []string
	_ = a.scan(part, func(s *ooxml.Scanner) error {
		for s.Next() {
			if s.Kind == ooxml.Start && (s.Is("identifier") ||
				s.Is("user-defined") && strings.HasSuffix(s.Value("name"), "Identifier")) {
				out = append(out, strings.TrimSpace(s.Content()))
			}
		}
		return nil
	})
	return out
}
