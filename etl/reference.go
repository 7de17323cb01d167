package etl

import (
	"sync"

	"hdsreport/etl/message"
)

// Listing is one of the two official lists.
type Listing uint8

const (
	Approved  Listing = iota // agréés: ministerial approval, the old regime
	Certified                // certifiés: certification, since 2018
)

// Listings are both lists, in the order in which readers know them.
var Listings = [2]Listing{Approved, Certified}

// String returns the name in code, configuration and JSON.
func (l Listing) String() string {
	if l == Approved {
		return "approved"
	}
	return "certified"
}

// Say returns the name in a sentence, without an article: agréés, approved.
func (l Listing) Say(p message.Printer) string { return p.Say(message.Key("list-" + l.String())) }

// MarshalText returns String, for JSON.
func (l Listing) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// FileName returns the name of the list's files in an edition's folder, without
// extension.
func (l Listing) FileName() string {
	if l == Approved {
		return "agrees"
	}
	return "certifies"
}

// Reference holds everything that is known before a source is read: tables that can be
// extended without changing code. The configuration fills it. The slices are in the
// order of their files.
type Reference struct {
	Headers    []HeaderAlias
	Activities []Activity
	Types      []CertificateType
	Bodies     []BodyName
	Positions  []Position
	Rules      []PositionRule
	Known      []KnownHost
	Extensions []Extension
	Shown      []string // headers of further source columns that the sheets show
	Standings  []StandingWord
	Notices    []Notice
	Forms      []string       // legal forms, folded and without spaces: "sas"
	Regions    []string       // of France, folded: titles by which a list may be ordered
	Statuses   []StandingWord // the newsroom's rulings on words that the table lacks or reads otherwise
	Ended      [2]Date        // by listing: the day on which its regime ended; no date if it has not

	ready *ready // nil makes everything anew each time
}

// ready is what the readers of all files need of the tables.
type ready struct {
	headers   [2]func() *Headers
	standings func() *Standings
}

// Ready returns the reference for a run. What all readers need of its tables is made once,
// so the tables must not change any more.
func (r Reference) Ready() Reference {
	from := r
	r.ready = &ready{standings: sync.OnceValue(func() *Standings { return newStandings(&from) })}
	for _, l := range Listings {
		r.ready.headers[l] = sync.OnceValue(func() *Headers { return newHeaders(&from, l) })
	}
	return r
}

// EndedBy returns the day on which the regime of a list ended, and whether it has ended
// by a day. From that day on nobody is on the list, whatever an earlier edition says, and
// an edition without it lacks nothing. An edition that has a file of it all the same is
// read; see List.Ended.
func (r *Reference) EndedBy(l Listing, day Date) (Date, bool) {
	end := r.Ended[l]
	return end, !end.IsZero() && day.Compare(end) >= 0
}

// HeaderAlias maps a column header to a field. Headers are compared without case,
// accents or punctuation; a star at either end stands for any words.
type HeaderAlias struct {
	List  string // approved, certified or both
	Field string // a Field, "activity:<key>" or "activity_number:<n>"
	Alias string
	// Declared says that the configuration has the alias, for a source at hand.
	Declared bool
}

// Need says how much a listing depends on a column.
type Need string

const (
	Required Need = "required" // without it the listing cannot be read
	Expected Need = "expected" // without it figures are missing: a warning
	Optional Need = "optional" // a sheet has the column only if its source does
)

// Activity is one of the activities of the decree. It is identified by a key, because
// official texts number the third and the fourth activity both ways.
type Activity struct {
	Key     string
	Numbers map[string]int // by numbering: "decree", "asip_2018"
	Type    string         // key of the certificate type that covers it
	Label   map[string]string
	Short   map[string]string
}

// CertificateType is one of the two kinds of certificate, with the words by which it is
// recognised in a source.
type CertificateType struct {
	Key      string
	Label    map[string]string
	Patterns []string
}

// BodyName maps a spelling of a certification body to its usual name.
type BodyName struct{ Written, Canonical string }

// Position is one entry of the taxonomy of main positionings.
type Position struct {
	Order      int // order on the sheets
	Code       string
	Label      map[string]string // by language: fr, en
	Definition string
	Colour     string // RRGGBB
}

// Unclassified is the code of the position of an actor that nobody has classified yet.
const Unclassified = "unclassified"

// PositionRule proposes a position for names that contain a phrase, as whole words
// without case or accents. A star at the end stands for any ending. Rules apply in
// order of precedence; the first that matches wins.
type PositionRule struct {
	Precedence int
	Pattern    string
	Code       string
	Example    string // a name that it must match; checked by a test
	Not        string // a similar name that it must not match
}

// KnownHost is a host whose position a public page states. The position is proposed for
// actors of that name, without legal forms, case or accents.
type KnownHost struct {
	Name   string
	Code   string // of the position
	Source string // the address of the page
}

// Extension is a dated rule: approvals whose stated end lies in [From, To] were valid
// for Months longer.
type Extension struct {
	From, To Date
	Months   int
	Source   string
}

// PositionOf returns the position that has the code.
func (r *Reference) PositionOf(code string) (Position, bool) {
	for _, p := range r.Positions {
		if p.Code == code {
			return p, true
		}
	}
	return Position{}, false
}

// Registry holds the newsroom's decisions: the curated tables, each line with its
// place.
type Registry struct {
	Actors      []RegistryActor
	Names       []RegistryName
	Decisions   []RegistryDecision // those that apply
	Undone      []RegistryDecision // those that do not any more, with the lines that undo them
	Corrections []Correction
	Accepted    []Acceptance
}

// RegistryActor is one line of registry/actors.csv.
type RegistryActor struct {
	ID       string `csv:"id"`
	Name     string `csv:"name"`
	Position string `csv:"position"` // a Position.Code, or empty
	Website  string `csv:"website"`
	Note     string `csv:"note"`
	Numbers  string `csv:"numbers,omitempty"` // scheme:value, with spaces between; see number.Parse
	Place    Place  `csv:"-"`
}

// RegistryName is one line of registry/names.csv: another name of an actor. The actor
// had it between From and To, which are as precise as known.
type RegistryName struct {
	Actor string `csv:"actor"`
	Name  string `csv:"name"`
	Kind  string `csv:"kind"` // alias, former or acronym
	From  string `csv:"from"`
	To    string `csv:"to"`
	Place Place  `csv:"-"`
}

// RegistryDecision is one line of registry/decisions.csv: a person's decision about two
// names or ids. For "successor", Left succeeds Right.
type RegistryDecision struct {
	Left      string `csv:"left"`
	Right     string `csv:"right"`
	Judgement string `csv:"judgement"` // same, different, successor or undone
	By        string `csv:"by"`
	Date      string `csv:"date"`
	Reason    string `csv:"reason"`
	Place     Place  `csv:"-"`
}

// Correction is one line of registry/corrections.csv: a person's value for one cell. ID
// is the identifier of a row or, for name and position, of an actor.
type Correction struct {
	ID     string `csv:"id"`
	Field  string `csv:"field"`
	Was    string `csv:"was"`
	Value  string `csv:"value"`
	By     string `csv:"by"`
	Date   string `csv:"date"`
	Reason string `csv:"reason"`
	Place  Place  `csv:"-"`
}

// Acceptance is one line of registry/accepted.csv: a refusal of the gate that a person
// accepted for one edition. It applies only to the file that the person saw: Seen is
// the beginning of its SHA-256, or empty if the refusal is not about the file of a
// list.
type Acceptance struct {
	Edition string `csv:"edition"`
	Code    string `csv:"code"`
	By      string `csv:"by"`
	Date    string `csv:"date"`
	Reason  string `csv:"reason"`
	Seen    string `csv:"seen,omitempty"`
	Place   Place  `csv:"-"`
}
