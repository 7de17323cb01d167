package etl

import "hdsreport/etl/message"

// Listing is one of the two official lists.
type Listing uint8

const (
	Approved  Listing = iota // agréés: ministerial approval, the old regime
	Certified                // certifiés: certification, since 2018
)

// Listings are both lists, in the order in which readers know them.
var Listings = [2]Listing{Approved, Certified}

// String is the name in code, configuration and JSON.
func (l Listing) String() string {
	if l == Approved {
		return "approved"
	}
	return "certified"
}

// Say is the name in a sentence, without an article: agréés, approved.
func (l Listing) Say(p message.Printer) string { return p.Say(message.Key("list-" + l.String())) }

// MarshalText is String, for JSON.
func (l Listing) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// FileName is the name of the list's files in an edition's folder, without
// their extension.
func (l Listing) FileName() string {
	if l == Approved {
		return "agrees"
	}
	return "certifies"
}

// Reference is everything that is known before a source is read: tables that an
// editor of this program may extend without touching code. The configuration
// fills it; the slices keep the order of their files.
type Reference struct {
	Headers    []HeaderAlias
	Activities []Activity
	Types      []CertificateType
	Bodies     []BodyName
	Positions  []Position
	Rules      []PositionRule
	Extensions []Extension
	Shown      []string // headers of further source columns that the sheets show
}

// HeaderAlias says that a column header names a field. An alias is compared
// without case, accents or punctuation; a star at an end stands for any words.
type HeaderAlias struct {
	List  string // approved, certified or both
	Field string // a Field, "activity:<key>" or "activity_number:<n>"
	Alias string
}

// Need says how much a listing depends on a column.
type Need string

const (
	Required Need = "required" // without it the listing cannot be read
	Expected Need = "expected" // without it figures are missing: a warning
	Optional Need = "optional"
)

// Activity is one of the activities of the decree. They are keyed by what
// they are: the official texts number the third and the fourth both ways.
type Activity struct {
	Key     string
	Numbers map[string]int // by numbering: "decree", "asip_2018"
	Type    string         // key of the certificate type that covers it
	Label   map[string]string
	Short   map[string]string
}

// CertificateType is one of the two kinds of certificate, with the words by
// which a source is recognised to mean it.
type CertificateType struct {
	Key      string
	Label    map[string]string
	Patterns []string
}

// BodyName maps a certification body as written to its usual name.
type BodyName struct{ Written, Canonical string }

// Position is one entry of the taxonomy of main positionings.
type Position struct {
	Order      int // on the sheets, rising
	Code       string
	Label      map[string]string // by language: fr, en
	Definition string
	Colour     string // RRGGBB
}

// Unclassified is the code of the position that nobody has given yet.
const Unclassified = "unclassified"

// PositionRule proposes a position for names that hold a phrase, as whole words
// without case or accents; a star at the end stands for any ending. Rules apply
// by rising precedence, the first one wins.
type PositionRule struct {
	Precedence int
	Pattern    string
	Code       string
	Example    string // a name that it must catch; a test holds it to that
	Not        string // a name like it that it must not catch
}

// Extension is a dated rule: approvals whose stated end lies in [From, To] ran
// Months longer.
type Extension struct {
	From, To Date
	Months   int
	Source   string
}

// PositionOf finds an entry of the taxonomy.
func (r *Reference) PositionOf(code string) (Position, bool) {
	for _, p := range r.Positions {
		if p.Code == code {
			return p, true
		}
	}
	return Position{}, false
}

// Registry is what the newsroom has decided: its curated tables, each line with
// its place for messages.
type Registry struct {
	Actors      []RegistryActor
	Names       []RegistryName
	Decisions   []RegistryDecision
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
	Place    Place  `csv:"-"`
}

// RegistryName is one line of registry/names.csv: another name of an actor. From
// and To are the dates between which the actor bore it, as precise as known.
type RegistryName struct {
	Actor string `csv:"actor"`
	Name  string `csv:"name"`
	Kind  string `csv:"kind"` // alias, former or acronym
	From  string `csv:"from"`
	To    string `csv:"to"`
	Place Place  `csv:"-"`
}

// RegistryDecision is one line of registry/decisions.csv: a person's ruling on
// two names or ids. For a successor, Left succeeds Right.
type RegistryDecision struct {
	Left      string `csv:"left"`
	Right     string `csv:"right"`
	Judgement string `csv:"judgement"` // same, different or successor
	By        string `csv:"by"`
	Date      string `csv:"date"`
	Reason    string `csv:"reason"`
	Place     Place  `csv:"-"`
}

// Correction is one line of registry/corrections.csv: a person's value for one
// cell. ID is a row's identifier or, for name and position, an actor's.
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

// Acceptance is one line of registry/accepted.csv: a refusal of the gate that a
// person let through for one edition. It holds for the file that the person saw: Seen
// is the beginning of that file's SHA-256, empty where the refusal is about no list's
// file.
type Acceptance struct {
	Edition string `csv:"edition"`
	Code    string `csv:"code"`
	By      string `csv:"by"`
	Date    string `csv:"date"`
	Reason  string `csv:"reason"`
	Seen    string `csv:"seen,omitempty"`
	Place   Place  `csv:"-"`
}
