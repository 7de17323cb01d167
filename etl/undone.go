package etl

import (
	"cmp"
	"slices"

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
