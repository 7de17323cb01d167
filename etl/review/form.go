package review

import (
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/records"
)

// FormName is the name of the workbook that holds the same lines as FileName, with what
// an editor needs beside them.
const FormName = "revue.xlsx"

// SavedName is the name of that workbook as LibreOffice saves it in its own format. A run
// does not write one.
const SavedName = "revue.ods"

// MostInForm is the largest number of lines for a workbook. Nobody works through more of
// them in a form, and drawing them would take longer than the rest of the run; they go to
// FileName.
const MostInForm = 5_000

// Form is the review as an editor works through it: lines with the rows that they are
// about and the answers that may be given, and the columns that editors have added.
type Form struct {
	Language string
	Edition  string
	Headings []string // of Line.Cells, in Language
	Lines    []FormLine
	Others   []string // headings of columns that are not ours
	// Positions are the labels that an actor may be given.
	Positions []string
}

// FormLine is a line of a form.
type FormLine struct {
	Line
	List        string // which lists the actors are on
	Certificate string // body and number, or what was approved
	Dates       string
	Link        string   // where the list was published; empty if unknown
	Answers     []string // that a ruling may take; empty for a position or a value
	Others      []string // as Form.Others
}

// NewForm returns the form of some lines. Lines that were read from a file stay as they
// are. added holds what editors have added to that file.
func NewForm(lines []Line, res *etl.Result, ref *etl.Reference, language string, added Added) *Form {
	f := &Form{Language: language, Edition: res.Edition.ID, Others: added.Headings, Lines: make([]FormLine, len(lines)),
		Headings: records.Headings[Line](slices.Index(message.Languages, language))}
	for _, p := range ref.Positions {
		if p.Code != etl.Unclassified {
			f.Positions = append(f.Positions, p.Label[language])
		}
	}
	say := message.In(language)
	items := map[string]*etl.ReviewItem{}
	for i := range res.Review {
		items[res.Review[i].ID] = &res.Review[i]
	}
	rows := rowsOf(res)
	for i, l := range lines {
		line := &f.Lines[i]
		line.Line, line.Others = l, added.cells[l.ID]
		it := items[l.ID]
		if it == nil {
			continue
		}
		var about [][]listedRow
		switch it.Kind {
		case etl.ReviewPair:
			about = [][]listedRow{rows.actor[it.Left], rows.actor[it.Right]}
			line.Answers = []string{say.Say("review-answer-same"), say.Say("review-answer-different")}
			for _, name := range strings.SplitN(it.Seen, " / ", 2) {
				line.Answers = append(line.Answers, say.Say("review-answer-successor", "name", name))
			}
		case etl.ReviewName:
			about = [][]listedRow{rows.actor[it.Left]}
			line.Answers = []string{it.Seen, it.Former}
		case etl.ReviewPosition:
			about = [][]listedRow{rows.actor[it.Left]}
		case etl.ReviewValue:
			about = [][]listedRow{rows.row[it.Left]}
		}
		line.describe(about, say)
	}
	return f
}

// Added are the columns that editors have added to a file, with their cells by the id of a
// line.
type Added struct {
	Headings []string
	cells    map[string][]string
}

// columns of a form that follow from the workspace, in any language, are no additions.
func formed(heading string) bool {
	for _, language := range message.Languages {
		say := message.In(language)
		for _, key := range []message.Key{"form-list", "form-certificate", "form-dates", "form-link"} {
			if strings.EqualFold(heading, say.Say(key)) {
				return true
			}
		}
		if strings.HasPrefix(heading, say.Say("form-choices")) {
			return true
		}
	}
	return false
}

// ReadAdded returns what editors have added to a file that Read has read.
func ReadAdded(data []byte, file string, lines []Line) (Added, error) {
	headings, cells, err := records.Others[Line](data, file)
	if err != nil {
		return Added{}, err
	}
	a := Added{cells: map[string][]string{}}
	for i, h := range headings {
		if formed(h) {
			continue
		}
		a.Headings = append(a.Headings, h)
		for _, l := range lines {
			if row := cells[l.Place.Row]; l.ID != "" && i < len(row) {
				a.cells[l.ID] = append(a.cells[l.ID], row[i])
			}
		}
	}
	return a, nil
}

// Same reports whether two files ask the same questions in the same order.
func Same(a, b []Line) bool {
	return slices.EqualFunc(a, b, func(a, b Line) bool {
		return a.ID == b.ID && oneLine(a.Seen) == oneLine(b.Seen) && oneLine(a.Proposal) == oneLine(b.Proposal) &&
			oneLine(a.Reason) == oneLine(b.Reason) && oneLine(a.Where) == oneLine(b.Where) && a.Comment == b.Comment
	})
}

// New returns the lines that a file does not have yet.
func New(lines, old []Line) []Line {
	has := map[string]bool{}
	for _, l := range old {
		has[l.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return has[l.ID] })
}

// Append adds lines to a file in FileName's format. What the file holds stays as it is,
// with its encoding and separator.
func Append(data []byte, old, more []Line) ([]byte, error) {
	all := slices.Concat(old, more)
	for i := range all[len(old):] {
		l := &all[len(old)+i]
		l.Seen, l.Reason = wide(l.Seen), wide(l.Reason)
	}
	for i := range all {
		for _, s := range []*string{&all[i].Seen, &all[i].Where, &all[i].Proposal, &all[i].Reason, &all[i].Comment} {
			*s = guarded(*s)
		}
	}
	return records.Rewrite(data, all, func(l *Line) int { return l.Place.Row })
}

// listedRow is a row with the list that has it.
type listedRow struct {
	list *etl.List
	on   etl.Listing
	row  *etl.Row
}

type rowIndex struct{ actor, row map[string][]listedRow }

// rowsOf finds the rows of the actors and rows that await, those of an actor in the newest
// edition that has it.
func rowsOf(res *etl.Result) rowIndex {
	index := rowIndex{map[string][]listedRow{}, map[string][]listedRow{}}
	wanted := map[string]bool{}
	for i := range res.Review {
		wanted[res.Review[i].Left], wanted[res.Review[i].Right] = true, true
	}
	for e := range slices.Backward(res.Editions) {
		here := map[string][]listedRow{}
		for _, l := range etl.Listings {
			list := &res.Editions[e].List[l]
			for k := range list.Rows {
				r := &list.Rows[k]
				if id := res.Actors[r.Actor].ID; wanted[id] && index.actor[id] == nil {
					here[id] = append(here[id], listedRow{list, l, r})
				}
				if e == len(res.Editions)-1 && wanted[r.ID] {
					index.row[r.ID] = append(index.row[r.ID], listedRow{list, l, r})
				}
			}
		}
		for id, rows := range here {
			index.actor[id] = rows
		}
	}
	return index
}

// describe says what the source says beside the names, each side of a pair apart.
func (l *FormLine) describe(sides [][]listedRow, say message.Printer) {
	var lists, certificates, dates []string
	for _, rows := range sides {
		var list, certificate, date []string
		for _, r := range rows {
			list = appendNew(list, say.Say(message.Key("list-"+r.on.String())))
			what := oneLine(r.row.Service)
			if r.on == etl.Certified {
				what = oneLine(r.row.Body + " " + r.row.Number)
			}
			certificate = appendNew(certificate, message.Cut(what, 120))
			switch from, until := r.row.From, r.row.Until; {
			case !from.IsZero() && !until.IsZero():
				date = appendNew(date, say.Say("review-from-until", "from", from, "until", until))
			case !until.IsZero():
				date = appendNew(date, say.Say("review-until", "until", until))
			case !from.IsZero():
				date = appendNew(date, say.Say("review-from", "from", from))
			}
			if url := r.list.Source.URL; l.Link == "" {
				l.Link = url
			}
		}
		lists = append(lists, strings.Join(list, ", "))
		certificates = append(certificates, few(certificate, say))
		dates = append(dates, few(date, say))
	}
	l.List, l.Certificate, l.Dates = joined(lists), joined(certificates), joined(dates)
}

// few joins the first three, and says how many more there are.
func few(of []string, say message.Printer) string {
	return say.Text(message.New("review-few", "what", message.List{Items: of, Most: 3}))
}

// joined puts the two sides of a pair together, and leaves out sides that say nothing.
func joined(sides []string) string {
	if !slices.ContainsFunc(sides, func(s string) bool { return s != "" }) {
		return ""
	}
	for i := range sides {
		if sides[i] == "" {
			sides[i] = "–"
		}
	}
	return strings.Join(slices.Compact(sides), " / ")
}

func appendNew(s []string, x string) []string {
	if x == "" || slices.Contains(s, x) {
		return s
	}
	return append(s, x)
}

// IsForm reports whether a file is a workbook, whatever its name.
func IsForm(data []byte) bool { return records.IsWorkbook(data) }
