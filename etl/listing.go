package etl

import (
	"strings"

	"hdsreport/etl/message"
	"hdsreport/etl/number"
)

// Source is one file of an edition, read into cells, with what is declared about it.
// Table is nil if the edition lacks the listing.
type Source struct {
	Table     *Table
	URL       string // where it was published, if known
	Publisher string
	Retrieved string // when it was downloaded, ISO 8601, if known
	Numbering string // "asip_2018", "decree" or empty
	// Columns are the columns of fields that several headings name, from 1, as a person
	// declared them.
	Columns []DeclaredColumn
}

// DeclaredColumn says which column of a file is a field's.
type DeclaredColumn struct {
	Field  Field
	Column int // from 1
}

// EditionInput is the two lists as published at one date.
type EditionInput struct {
	ID      string // YYYY-MM-DD or YYYY-MM, the folder's name
	Folder  string // of its files, as in their places; empty if they have none of their own
	Sources [2]Source
}

// Edition is an edition after reading.
type Edition struct {
	ID     string
	Folder string // see EditionInput
	Date   Date   // the day that its figures count from; see EditionDay
	List   [2]List
}

// List is one listing of an edition. Missing means that the edition has no file for it,
// or no file with a readable header. That is not the same as an empty list. Ended is the
// day on which the list's regime ended, if it has ended by the edition's day and the
// edition has no file of it, or one without a row; such a list is Missing, and nobody is on it.
type List struct {
	Missing bool
	Ended   Date
	Source  Source
	Columns []string // headers of the extra columns, as written
	Rows    []Row

	shown    []int   // index in Columns of each of Reference.Shown, or -1
	numbered []Field // the fields of KindNumber that the source has
	unstated []Field // fields that the source has no column for
	read     reading
	optional []Field // fields that sources need not have, and this one has
}

// Row is one row of a source. From and Until are the dates of the approval or
// certificate. If a value could not be read, its field is empty and Raw has the text as
// written.
type Row struct {
	ID    string // Identifiant on the sheet
	Actor int32  // index in Result.Actors
	Line  int32  // in the source
	Name  string // as written, with simple spaces, and without its standing; see Written

	Service    string
	From       Date
	Until      Date
	Effective  Date  // approvals: the end after extensions; certificates: Until
	Types      uint8 // set of Reference.Types by index
	Activities Activities
	Body       string
	Number     string
	// Referential is the version of the requirements that a certificate was issued under.
	// Transfers is the address of the public page on transfers outside the European
	// Economic Area, which version 2 requires (requirement 31).
	Referential string
	Transfers   string
	Standing    *Standing // what the source says about the row's validity; nil if nothing
	Written     string    // the name as written, if the standing is written beside it; otherwise empty
	Raw         map[Field]string
	Extra       []string     // as List.Columns
	Numbers     []RowNumbers // the cells of its columns of numbers that are not empty
}

// SourceName returns the name as the source writes it.
func (r *Row) SourceName() string {
	if r.Written != "" {
		return r.Written
	}
	return r.Name
}

// RowNumbers is what a cell says in a column of numbers.
type RowNumbers struct {
	Field   Field
	Text    string     // in normal form, or as written if it was not read
	Numbers number.Set // empty if it was not read or its check fails
}

// number returns the text in a column of numbers.
func (r *Row) number(f Field) string {
	for i := range r.Numbers {
		if r.Numbers[i].Field == f {
			return r.Numbers[i].Text
		}
	}
	return ""
}

// Identity returns the numbers that the row states and that passed their checks.
func (r *Row) Identity() number.Set {
	var s number.Set
	for i := range r.Numbers {
		s = s.Union(r.Numbers[i].Numbers)
	}
	return s
}

// HasEnded reports whether the list is missing because its regime has ended.
func (l *List) HasEnded() bool { return !l.Ended.IsZero() }

// complete reports whether it is known who is on each list: the edition has it, or it
// has ended. At least one list must be there.
func (ed *Edition) complete() bool {
	known := func(l *List) bool { return !l.Missing || l.HasEnded() }
	a, c := &ed.List[Approved], &ed.List[Certified]
	return known(a) && known(c) && !(a.Missing && c.Missing)
}

// actors returns the actors of the list that count, those with a row that does.
func (l *List) actors() *ActorSet {
	s := newActorSet(len(l.Rows))
	for i := range l.Rows {
		if l.Rows[i].Counts() {
			s.add(l.Rows[i].Actor)
		}
	}
	return s
}

// listed returns all actors of the list, whether they count or not.
func (l *List) listed() *ActorSet {
	s := newActorSet(len(l.Rows))
	for i := range l.Rows {
		s.add(l.Rows[i].Actor)
	}
	return s
}

// Day returns the day that the edition's figures count from; see EditionDay.
func (e *EditionInput) Day() Date {
	return EditionDay(e.ID, e.Sources[Approved].Retrieved, e.Sources[Certified].Retrieved)
}

// EditionDay returns the day that the figures of an edition count from. For a name with
// a day it is that day. For a month it is the day on which the newest of the lists was
// retrieved, but at most the last day of the month: no figure may be about a day that
// had not come. Without a readable date of retrieval it is the last day of the month.
func EditionDay(id string, retrieved ...string) Date {
	end, _ := ParseEdition(id)
	if named, _ := ParseDate(id); named.Full() {
		return end
	}
	var newest Date
	for _, r := range retrieved {
		if d, ok := ParseDate(r); ok && d.Last().Compare(newest) > 0 {
			newest = d.Last()
		}
	}
	if !newest.IsZero() && newest.Compare(end) < 0 {
		return newest
	}
	return end
}

// ParseEdition parses the name of an edition, YYYY-MM-DD or YYYY-MM, and returns its
// day, or the last day of its month. What its figures count from is EditionDay.
func ParseEdition(id string) (Date, bool) {
	if len(id) != len("2019-06-17") && len(id) != len("2019-06") || id[4] != '-' {
		return Date{}, false
	}
	d, ok := ParseDate(id)
	return d.Last(), ok && d.Month != 0 && d.String() == id
}

// Named is an edition by its name, or a day of the registry, for messages. English leaves the name as it is, and
// French writes the date out: "17 juin 2019", "février 2019". Its forms are those after a
// word, in French:
//
//	{edition:of}    du 17 juin 2019, de février 2019, d’avril 2019
//	{edition:at}    au 17 juin 2019, en février 2019
//	{edition:since} le 17 juin 2019, février 2019
type Named string

// Say returns the date alone.
func (n Named) Say(p message.Printer) string {
	d, ok := ParseDate(string(n))
	if !ok || p.Language() != "fr" {
		return string(n)
	}
	return p.Date(int(d.Year), int(d.Month), int(d.Day))
}

// SayAs returns the date in one of its forms.
func (n Named) SayAs(p message.Printer, form string) string {
	said := n.Say(p)
	d, ok := ParseDate(string(n))
	switch {
	case !ok || p.Language() != "fr":
		return said
	case d.Full():
		return map[string]string{"of": "du ", "at": "au ", "since": "le "}[form] + said
	case form == "of" && strings.ContainsAny(said[:1], "ao"):
		return "d’" + said
	}
	return map[string]string{"of": "de ", "at": "en "}[form] + said
}

// Unread returns the texts of the row that could not be read.
func (r *Row) Unread() string {
	if len(r.Raw) == 0 {
		return ""
	}
	var parts []string
	for _, f := range sorted(r.Raw) {
		parts = append(parts, r.Raw[f])
	}
	return strings.Join(parts, " | ")
}
