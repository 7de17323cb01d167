package etl

import (
	"cmp"
	"slices"
	"strings"

	"hdsreport/etl/message"
)

// Undone is the judgement of a line of decisions.csv that takes back what earlier lines
// say of the same two names, on the same sides. Nothing is deleted: who decided and who
// took it back stays in the table.
const Undone = "undone"

// InForce parts the lines of decisions.csv into those that apply and those that do not any
// more, with the lines that undo them. Lines apply by date and then in their order. An
// undoing without a date comes last. loose are the undoings that undo nothing; they are
// among the past ones too.
func InForce(lines []RegistryDecision) (now, past, loose []RegistryDecision) {
	if !slices.ContainsFunc(lines, func(d RegistryDecision) bool { return d.Judgement == Undone }) {
		return lines, nil, nil
	}
	order := make([]int, len(lines))
	days := make([]Date, len(lines))
	for i := range lines {
		order[i] = i
		days[i], _ = ParseDate(lines[i].Date)
	}
	undated := func(i int) bool { return lines[i].Judgement == Undone && days[i].IsZero() }
	slices.SortStableFunc(order, func(i, j int) int {
		if undated(i) != undated(j) {
			return cmp.Compare(flag(undated(i)), flag(undated(j)))
		}
		return days[i].Compare(days[j])
	})
	standing := map[[2]string][]int{}
	gone := make([]bool, len(lines))
	for _, i := range order {
		pair := [2]string{lines[i].Left, lines[i].Right}
		if lines[i].Judgement != Undone {
			standing[pair] = append(standing[pair], i)
			continue
		}
		gone[i] = true
		if len(standing[pair]) == 0 {
			loose = append(loose, lines[i])
		}
		for _, k := range standing[pair] {
			gone[k] = true
		}
		delete(standing, pair)
	}
	for i, d := range lines {
		if gone[i] {
			past = append(past, d)
		} else {
			now = append(now, d)
		}
	}
	return now, past, loose
}

// UndoneCells returns the positions and values that somebody has taken back, by ID:FIELD of
// their actor or row. A position of actors.csv is cleared when it is taken back, and its
// code stands in brackets at the end of the actor's note.
func (res *Result) UndoneCells(reg *Registry, ref *Reference) map[string][]string {
	out := map[string][]string{}
	put := func(id, field, value string) {
		out[id+":"+field] = append(out[id+":"+field], value)
	}
	for _, c := range res.Corrections {
		if c.State == CorrectionUndone {
			put(cmp.Or(c.Cell, c.ID), c.Field, c.Value)
		}
	}
	for _, a := range reg.Actors {
		i := strings.LastIndexByte(a.Note, '(')
		if a.Position != "" || i < 0 || !strings.HasSuffix(a.Note, ")") {
			continue
		}
		if code := a.Note[i+1 : len(a.Note)-1]; slices.ContainsFunc(ref.Positions, func(p Position) bool { return p.Code == code }) {
			put(a.ID, string(FieldPosition), code)
		}
	}
	return out
}

// again words the reason of a question that is asked once more because an answer was taken
// back.
func again(reason message.Message) message.Message {
	return message.New("review-again", "reason", reason)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// reopened returns the pairs of actors of which a decision was undone, by the date of the
// undoing: they are asked again, however unlike they are.
func (res *Result) reopened(reg *Registry) map[[2]int32]string {
	if len(reg.Undone) == 0 {
		return nil
	}
	out := map[[2]int32]string{}
	byID := res.called(reg)
	for _, d := range reg.Undone {
		l, okL := byID[d.Left]
		r, okR := byID[d.Right]
		if d.Judgement == Undone && okL && okR && l != r {
			out[pairOf(l, r)] = d.Date
		}
	}
	return out
}

func undoneOn(day string) message.Message {
	if date, ok := ParseDate(day); ok && !date.IsZero() {
		return message.New("review-undone", "date", date)
	}
	return message.New("review-undone-undated")
}
