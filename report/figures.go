package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"hdsreport/etl"
)

// A KeyFigure is one of the figures that readers ask for first. The summary, stats,
// the account of a run and the job summary take them from KeyFigures, in its order.
// The sheet's label is the text "key." and the Key, and whom it counts "who." and the
// Key; {names} in that text stands for the names of those that it counts.
type KeyFigure struct {
	Key     string
	Needs   []etl.Listing // without one of these lists it is not available
	Decimal bool
	expr    func(*page) Expr
	// counted is what the pipeline counted in an edition; nil where it cannot be had.
	counted func(etl.HistoryEntry) *float64
	more    func(*etl.Stats, *Reading) // what else there is to say; may be nil
}

// KeyFigures are the key figures, each defined here and nowhere else.
var KeyFigures = []KeyFigure{
	{
		Key: "approved", Needs: []etl.Listing{etl.Approved},
		expr:    func(p *page) Expr { return p.approvedActors() },
		counted: func(h etl.HistoryEntry) *float64 { return float(h.Approved) },
		more:    func(st *etl.Stats, r *Reading) { r.Rows = &st.Approved.Rows },
	},
	{
		Key: "certified", Needs: []etl.Listing{etl.Certified},
		expr:    func(p *page) Expr { return p.certifiedActors() },
		counted: func(h etl.HistoryEntry) *float64 { return float(h.Certified) },
		more:    func(st *etl.Stats, r *Reading) { r.Rows = &st.Certified.Rows },
	},
	{
		Key: "both", Needs: etl.Listings[:],
		expr: func(p *page) Expr {
			return p.approvedActors(Cond{Column: "also", Op: Equal, Value: TextOf(p.yes)})
		},
		counted: func(h etl.HistoryEntry) *float64 { return float(h.Both) },
		more:    func(st *etl.Stats, r *Reading) { r.Names = st.Both.Names },
	},
	{
		Key: "any", Needs: etl.Listings[:],
		expr:    func(p *page) Expr { return p.together() },
		counted: func(h etl.HistoryEntry) *float64 { return float(h.Any) },
	},
	{
		Key: "mean", Needs: []etl.Listing{etl.Certified}, Decimal: true,
		expr:    func(p *page) Expr { return p.meanActivities() },
		counted: func(h etl.HistoryEntry) *float64 { return h.Mean },
		more:    func(st *etl.Stats, r *Reading) { r.Over = &st.Activities.Known },
	},
	{
		Key: "all", Needs: []etl.Listing{etl.Certified},
		expr: func(p *page) Expr {
			return p.certifiedActors(Cond{Column: "covered", Op: Equal, Value: NumberOf(float64(len(p.ref.Activities)))})
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

// Readings are the key figures of the edition that the statistics are about.
func Readings(st *etl.Stats) []Reading {
	out := make([]Reading, len(KeyFigures))
	before, here := st.History[:len(st.History)-1], st.History[len(st.History)-1]
	lacks := [2]bool{etl.Approved: st.Approved == nil, etl.Certified: st.Certified == nil}
	for i := range KeyFigures {
		k, r := &KeyFigures[i], &out[i]
		r.KeyFigure, r.Now = k, k.counted(here)
		if k.more != nil && !slices.ContainsFunc(k.Needs, func(l etl.Listing) bool { return lacks[l] }) {
			k.more(st, r)
		}
		for _, h := range slices.Backward(before) {
			if r.Before = k.counted(h); r.Before != nil {
				r.Since = h.Edition
				break
			}
		}
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

func (d *Disagreement) Error() string {
	book := "nothing"
	if d.Book.Kind == Number {
		book = number(d.Book.Num)
	}
	return fmt.Sprintf("the figure %s is %s in the sheet and %s as it was counted", d.Figure, book, number(d.Counted))
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// agree holds an evaluated figure to what the pipeline counted without the book.
func (p *page) agree(figure string, book Value, counted *float64) {
	if counted == nil || book.Kind == Number && math.Abs(book.Num-*counted) <= 1e-9*math.Abs(*counted) {
		return
	}
	p.disagreements = append(p.disagreements, &Disagreement{figure, book, *counted})
}

// counted is a live cell of a figure that the pipeline has counted too.
func (p *page) counted(figure string, col int, e Expr, counted *int, style Style) Cell {
	c := p.live(col, e, style)
	p.agree(figure, c.Value, float(counted))
	return c
}

// columnKeys name the columns of a block by list in the names of figures.
var columnKeys = [3]string{"approved", "certified", "any"}
