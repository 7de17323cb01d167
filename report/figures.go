package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// A KeyFigure is one of the figures that readers ask for first. The summary, stats,
// the account of a run and the job summary take them from KeyFigures, in its order.
// The sheet's label is the text "key." and the Key, and whom it counts "who." and the
// Key; {names} in that text stands for the names of those that it counts.
type KeyFigure struct {
	Key     string
	Needs   []etl.Listing // without one of these lists it is not available
	Decimal bool
	expr    func(*summary) Expr
	// counted is what the pipeline counted in an edition; nil where it cannot be had.
	counted func(etl.HistoryEntry) *float64
	more    func(*etl.Stats, *Reading) // what else there is to say; may be nil
}

// KeyFigures are the key figures, each defined here and nowhere else.
var KeyFigures = []KeyFigure{
	{
		Key: "approved", Needs: []etl.Listing{etl.Approved},
		expr:    func(s *summary) Expr { return s.approvedActors() },
		counted: func(h etl.HistoryEntry) *float64 { return float(h.Approved) },
		more:    func(st *etl.Stats, r *Reading) { r.Rows = &st.Approved.Rows },
	},
	{
		Key: "certified", Needs: []etl.Listing{etl.Certified},
		expr:    func(s *summary) Expr { return s.certifiedActors() },
		counted: func(h etl.HistoryEntry) *float64 { return float(h.Certified) },
		more:    func(st *etl.Stats, r *Reading) { r.Rows = &st.Certified.Rows },
	},
	{
		Key: "both", Needs: etl.Listings[:],
		expr: func(s *summary) Expr {
			return s.approvedActors(Cond{Column: "also", Op: Equal, Value: TextOf(s.yes)})
		},
		counted: func(h etl.HistoryEntry) *float64 { return float(h.Both) },
		more:    func(st *etl.Stats, r *Reading) { r.Names = st.Both.Names },
	},
	{
		Key: "any", Needs: etl.Listings[:],
		expr:    func(s *summary) Expr { return s.together() },
		counted: func(h etl.HistoryEntry) *float64 { return float(h.Any) },
	},
	{
		Key: "mean", Needs: []etl.Listing{etl.Certified}, Decimal: true,
		expr:    func(s *summary) Expr { return s.meanActivities() },
		counted: func(h etl.HistoryEntry) *float64 { return h.Mean },
		more:    func(st *etl.Stats, r *Reading) { r.Over = &st.Activities.Known },
	},
	{
		Key: "all", Needs: []etl.Listing{etl.Certified},
		expr: func(s *summary) Expr {
			return s.certifiedActors(Cond{Column: "covered", Op: Equal,
				Value: NumberOf(float64(len(s.ref.Activities)))})
		},
		counted: func(h etl.HistoryEntry) *float64 { return float(h.All) },
		more:    func(st *etl.Stats, r *Reading) { r.Names = st.Activities.All.Names },
	},
}

// Label is what the figure is called.
func (k *KeyFigure) Label(l Labels, ref *etl.Reference) string {
	return l.Get("key."+k.Key, "all", l.InWords(len(ref.Activities)))
}

// A Reading is a key figure of one edition, as the pipeline counted it.
type Reading struct {
	*KeyFigure
	Now    *float64 // nil where the edition lacks what it needs
	Before *float64 // of the last edition before that has it; nil if none has
	Since  string   // that edition
	Names  []string // of those that it counts, where readers are told
	Rows   *int     // rows of the source that it was counted from
	Over   *int     // actors that it is the mean of
}

// Who says on a page, which has no sheets or columns, whom the figure counts.
func (r *Reading) Who(l Labels, ref *etl.Reference, day etl.Date) string {
	said := r.who(l.onPage("who."+r.Key), l, ref, day)
	return strings.ReplaceAll(said, "{names}", r.named(l, day))
}

// who is a text that says whom the figure counts, and with which edition it is compared.
// {names} is left in it.
func (r *Reading) who(key string, l Labels, ref *etl.Reference, day etl.Date) string {
	over := ""
	if r.Over != nil {
		over = strconv.Itoa(*r.Over)
	}
	said := l.Get(key, "n", over, "date", l.Date(day), "all", strconv.Itoa(len(ref.Activities)))
	if r.Before != nil {
		said += " " + l.Get("who.compared", "of", l.OfEdition(r.Since))
	}
	return said
}

// named are the names of those that the figure counts, as of a day.
func (r *Reading) named(l Labels, day etl.Date) string {
	return l.Get("names.asof", "date", l.Date(day), "names", l.names(brief(r.Names), mostNames))
}

// Readings are the key figures of the edition that the statistics are about. Those that
// need a list which has ended are left out: nobody is on it, and who is on either list
// is who is on the other.
func Readings(st *etl.Stats) []Reading {
	var out []Reading
	before, here := st.History[:len(st.History)-1], st.History[len(st.History)-1]
	lacks := [2]bool{etl.Approved: st.Approved == nil, etl.Certified: st.Certified == nil}
	for i := range KeyFigures {
		k := &KeyFigures[i]
		if slices.ContainsFunc(k.Needs, func(l etl.Listing) bool { return st.Ended[l] != "" }) {
			continue
		}
		r := Reading{KeyFigure: k, Now: k.counted(here)}
		if k.more != nil && !slices.ContainsFunc(k.Needs, func(l etl.Listing) bool { return lacks[l] }) {
			k.more(st, &r)
		}
		for _, h := range slices.Backward(before) {
			if r.Before = k.counted(h); r.Before != nil {
				r.Since = h.Edition
				break
			}
		}
		out = append(out, r)
	}
	return out
}

func float(n *int) *float64 {
	if n == nil {
		return nil
	}
	f := float64(*n)
	return &f
}

// A Disagreement is a figure that the book's expression and the pipeline do not give
// the same value. One of the two has a mistake, so neither may be published.
type Disagreement struct {
	Figure  string // stable, such as "positions/esn/approved"
	Book    Value
	Counted float64
}

// Error is what Say says in English.
func (d *Disagreement) Error() string { return d.Say(message.In("en")) }

// Say says both values.
func (d *Disagreement) Say(p message.Printer) string {
	var book any = message.New("report-nothing")
	if d.Book.Kind == Number {
		book = exact(d.Book.Num)
	}
	return p.Say("report-figure", "figure", d.Figure, "book", book, "counted", exact(d.Counted))
}

// exact is a number with all of its digits, as an argument.
type exact float64

// Say gives the number.
func (x exact) Say(p message.Printer) string { return p.Decimal(float64(x), -1) }

// agree holds an evaluated figure to what the pipeline counted without the book.
func (s *summary) agree(figure string, book Value, counted *float64) {
	if counted == nil || book.Kind == Number && math.Abs(book.Num-*counted) <= 1e-9*math.Abs(*counted) {
		return
	}
	s.disagreements = append(s.disagreements, &Disagreement{figure, book, *counted})
}

// actorsOf counts the actors of a list that have a row of which something holds, from the
// pipeline's rows and without the book.
func (s *summary) actorsOf(l etl.Listing, holds func(*etl.Row) bool) *int {
	rows, n := s.res.Edition.List[l].Rows, 0
	seen := make([]bool, len(s.res.Actors))
	for i := range rows {
		if a := rows[i].Actor; !seen[a] && rows[i].Counts() && holds(&rows[i]) {
			seen[a] = true
			n++
		}
	}
	return &n
}

// share is a live entry of a part of a whole, both of which the pipeline has counted.
func (s *summary) share(id string, part, whole Expr, countedPart, countedWhole int) Entry {
	out := s.live(id, Ratio{part, whole}, FormatPercent)
	if countedWhole > 0 {
		counted := float64(countedPart) / float64(countedWhole)
		s.agree(id, out.Value, &counted)
	}
	return out
}

// The expressions that several sections share.
func (s *summary) approvedActors(where ...Cond) Expr {
	return s.count(etl.Approved, ApprovedTable, where)
}

func (s *summary) certifiedActors(where ...Cond) Expr {
	return s.count(etl.Certified, CertifiedTable, where)
}

// count is zero for a list that is not there: its table holds one row that says
// so, and no actor.
func (s *summary) count(l etl.Listing, table string, where []Cond) Expr {
	if len(s.res.Edition.List[l].Rows) == 0 {
		return Const(0)
	}
	if counted := s.countedColumn(l); counted != "" {
		where = append(slices.Clone(where), Cond{Column: counted, Op: Equal, Value: TextOf(s.yes)})
	}
	return CountActors{Table: table, Where: where}
}

func (s *summary) together(where ...Cond) Expr {
	if !s.has(etl.Approved) {
		return s.certifiedActors(where...)
	}
	only := append(slices.Clone(where), Cond{Column: "also", Op: Equal, Value: TextOf(s.no)})
	return Sum{s.approvedActors(where...), s.certifiedActors(only...)}
}

func (s *summary) isPosition(code string) Cond {
	pos, _ := s.ref.PositionOf(code)
	return Cond{Column: "position", Op: Equal, Value: TextOf(pos.Label[s.l.Language])}
}

func (s *summary) covers(activity string) Cond {
	return Cond{Column: activity, Op: Equal, Value: TextOf(s.yes)}
}

// says is what a row tells of an activity, yes or no.
func (s *summary) says(activity string) Cond {
	return Cond{Column: activity, Op: Equal, Value: TextOf(s.yes), Or: []Value{TextOf(s.no)}}
}

func (s *summary) known() Cond { return Cond{Column: "covered", Op: AtLeast, Value: NumberOf(0)} }

// meanActivities is the sum of what certified actors cover over those whose
// activities are known.
func (s *summary) meanActivities() Expr {
	var total Sum
	for _, a := range s.ref.Activities {
		total = append(total, s.certifiedActors(s.covers(a.Key), s.known()))
	}
	return Ratio{total, s.certifiedActors(s.known())}
}
