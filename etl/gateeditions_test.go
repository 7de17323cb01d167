package etl_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hdsreport/etl"
	"hdsreport/etl/raced"
)

// The gate against editions that are wrong as an upstream fault makes them, and against
// the months of every year. Each is made from the same two lists of invented hosts.

// host is a row of either list.
type host struct {
	name, service, kind, activities, body, number string
	from, until                                   time.Time
}

// lists are the rows of an edition.
type lists [2][]host

var (
	inventedBodies = []string{"LNE", "AFNOR Certification", "BSI", "Bureau Veritas Certification"}
	inventedKinds  = []string{"Hébergeur d'infrastructure physique", "Hébergeur infogéreur",
		"Hébergeur d'infrastructure physique et hébergeur infogéreur"}
	inventedActivities = []struct {
		said string
		kind int
	}{{"1, 2", 0}, {"1, 2, 3, 4", 2}, {"5", 1}, {"5, 6", 1}, {"1 à 6", 2}, {"3, 4, 5, 6", 1}, {"2", 0}}
)

// inventedName is a name that is like no other, in alphabetical order of i.
func inventedName(i int) string {
	first := []string{"Ab", "Bru", "Cal", "Dor", "Éli", "Fau", "Gim", "Hou", "Ilv", "Jus", "Kel", "Lum", "Mon", "Nad",
		"Orv", "Pré", "Quen", "Rac", "Sil", "Tour", "Ulm", "Vez", "Wag", "Xan", "Yves", "Zol"}
	middle := []string{"aro", "ibe", "ouna", "elti", "usca", "yvra", "anto"}
	last := []string{"dis", "Santé", "nor Cloud", "tel", "via SAS", "mont", "Hébergement", "care", "", "log"}
	return strings.TrimSpace(first[i*26/200%26] + middle[i%7] + last[(i*3+i/7)%10])
}

// twoLists is the first edition: two lists of n rows of different hosts.
func twoLists(n int) lists {
	var w lists
	day := func(i int) time.Time { return time.Date(2024, 7, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i*11) }
	for i := range n {
		h := host{name: inventedName(3 * i), from: day(i), until: day(i).AddDate(3, 0, -1),
			service: fmt.Sprintf("Hébergement d'applications de santé, offre %d", i%9)}
		w[etl.Approved] = append(w[etl.Approved], h)
	}
	for i := range n {
		w[etl.Certified] = append(w[etl.Certified], host{name: inventedName(3*i + 1), from: day(i + 2),
			until: day(i+2).AddDate(3, 0, 0), kind: inventedKinds[inventedActivities[i%7].kind], activities: inventedActivities[i%7].said,
			body: inventedBodies[i*i%4], number: fmt.Sprintf("HDS-%05d", 31*i+407)})
	}
	return w
}

// unknown is a host that was on no list.
func unknown(i int, l etl.Listing) host {
	h := twoLists(1)[l][0]
	h.name, h.number = inventedName(3*i+2), fmt.Sprintf("HDS-9%04d", i)
	h.from, h.until = h.from.AddDate(0, 20, 3*i), h.until.AddDate(0, 20, 3*i)
	if l == etl.Approved {
		h.number = ""
	}
	return h
}

func (w lists) clone() lists { return lists{slices.Clone(w[0]), slices.Clone(w[1])} }

// written are the lists as files.
func (w lists) written(id string) etl.EditionInput {
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format("02/01/2006")
	}
	approved, certified := []string{}, []string{}
	for _, h := range w[etl.Approved] {
		approved = append(approved, strings.Join([]string{h.name, h.service, day(h.from), day(h.until)}, " | "))
	}
	for _, h := range w[etl.Certified] {
		certified = append(certified, strings.Join([]string{h.name, h.kind, h.activities, h.body, h.number, day(h.from),
			day(h.until)}, " | "))
	}
	return edition(id, approved, certified)
}

// judgedTogether are what the gate says of the last of some editions: the codes of its
// refusals, and those of the warnings about that edition.
func judgedTogether(editions ...lists) (refusals, warnings []string, res *etl.Result) {
	in := input(etl.Registry{})
	for i, w := range editions {
		id := time.Date(2026, time.Month(12-len(editions)+i), 15, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
		in.Editions = append(in.Editions, w.written(id))
	}
	res = etl.Run(in)
	for _, r := range res.Refusals {
		refusals = append(refusals, r.Finding.Code)
	}
	for _, f := range res.Findings {
		if f.Severity == etl.Warning && strings.Contains(f.Place.File, res.Edition.ID) {
			warnings = append(warnings, f.Code+"/"+f.Variant)
		}
	}
	return refusals, warnings, res
}

// fault makes a second edition wrong in a part of its rows.
type fault struct {
	name string
	list etl.Listing
	make func(w lists, rows []int) lists
}

// inEach is a fault that changes rows one by one.
func inEach(name string, l etl.Listing, change func(h *host, i int)) fault {
	return fault{name, l, func(w lists, rows []int) lists {
		for _, i := range rows {
			change(&w[l][i], i)
		}
		return w
	}}
}

func without(rows []host, gone []int) (out []host) {
	for i, h := range rows {
		if !slices.Contains(gone, i) {
			out = append(out, h)
		}
	}
	return out
}

func from(start, n int) (out []int) {
	for i := range n {
		out = append(out, start+i)
	}
	return out
}

func years(n int) func(h *host, _ int) {
	return func(h *host, _ int) { h.until = h.until.AddDate(n, 0, 0) }
}

// faults are what goes wrong upstream, each in some of the rows.
func faults() []fault {
	const a, c = etl.Approved, etl.Certified
	var out []fault
	for _, l := range etl.Listings {
		out = append(out,
			fault{"the tail is missing", l, func(w lists, rows []int) lists {
				w[l] = w[l][:len(w[l])-len(rows)]
				return w
			}},
			fault{"a gap", l, func(w lists, rows []int) lists {
				w[l] = without(w[l], from(len(w[l])/3, len(rows)))
				return w
			}},
			fault{"the head is missing", l, func(w lists, rows []int) lists {
				w[l] = w[l][len(rows):]
				return w
			}},
			inEach("ends moved by a year", l, years(1)),
			inEach("ends a year earlier", l, years(-1)),
			inEach("ends a day earlier", l, func(h *host, _ int) { h.until = h.until.AddDate(0, 0, -1) }),
			inEach("dates of 1904", l, func(h *host, _ int) {
				h.from, h.until = h.from.AddDate(0, 0, -1462), h.until.AddDate(0, 0, -1462)
			}),
			inEach("ends emptied", l, func(h *host, _ int) { h.until = time.Time{} }),
			inEach("one end for all", l, func(h *host, _ int) { h.until = time.Date(2027, 5, 5, 0, 0, 0, 0, time.UTC) }),
			inEach("numbers for names", l, func(h *host, i int) { h.name = fmt.Sprint(784120 + 17*i) }),
			inEach("numbers behind names", l, func(h *host, i int) { h.name += fmt.Sprint(" ", 784120+17*i) }),
			inEach("spam for names", l, func(h *host, i int) { h.name = "Casino bonus " + inventedName(i) }),
			inEach("addresses in names", l, func(h *host, i int) { h.name += " https://spam.example/" + fmt.Sprint(i) }),
			inEach("other names", l, func(h *host, i int) { h.name = unknown(i, l).name }),
			inEach("marked up", l, func(h *host, i int) { h.name = "<b>" + h.name }),
			inEach("accents lost", l, func(h *host, i int) { h.name = h.name[:2] + "?" + h.name[3:] }),
			fault{"names shifted", l, func(w lists, rows []int) lists {
				last := w[l][rows[len(rows)-1]].name
				for k := len(rows) - 1; k > 0; k-- {
					w[l][rows[k]].name = w[l][rows[k-1]].name
				}
				w[l][rows[0]].name = last
				return w
			}},
			fault{"rows twice", l, func(w lists, rows []int) lists {
				for _, i := range rows {
					w[l] = append(w[l], w[l][i])
				}
				return w
			}},
			fault{"rows of the other list", l, func(w lists, rows []int) lists {
				for _, i := range rows {
					w[l] = append(w[l], w[1-l][i])
				}
				return w
			}},
			fault{"starts and ends exchanged", l, func(w lists, rows []int) lists {
				for _, i := range rows {
					w[l][i].from, w[l][i].until = w[l][i].until, w[l][i].from
				}
				return w
			}},
		)
	}
	return append(out,
		fault{"moved at once", a, func(w lists, rows []int) lists {
			for k, i := range rows {
				h := unknown(k, c)
				h.name = w[a][i].name
				w[c] = append(w[c], h)
			}
			w[a] = without(w[a], rows)
			return w
		}},
		inEach("services cut", a, func(h *host, _ int) { h.service = h.service[:len(h.service)/2] }),
		inEach("activities inverted", c, func(h *host, _ int) {
			var other []string
			for n := 1; n <= 6; n++ {
				if !covers(h.activities, n) {
					other = append(other, fmt.Sprint(n))
				}
			}
			if h.activities = strings.Join(other, ", "); len(other) == 0 {
				h.activities = "1, 3"
			}
		}),
		inEach("activities shifted", c, func(h *host, _ int) {
			var moved []string
			for n := 1; n <= 6; n++ {
				if covers(h.activities, n) {
					moved = append(moved, fmt.Sprint(n%6+1))
				}
			}
			if len(moved) == 6 {
				moved = moved[1:]
			}
			h.activities = strings.Join(moved, ", ")
		}),
		inEach("all activities", c, func(h *host, _ int) { h.activities = "1 à 6" }),
		inEach("types emptied", c, func(h *host, _ int) { h.kind = "" }),
		inEach("one type", c, func(h *host, _ int) { h.kind = inventedKinds[0] }),
		inEach("one body", c, func(h *host, _ int) { h.body = inventedBodies[2] }),
		inEach("other numbers", c, func(h *host, i int) { h.number = fmt.Sprintf("X%d", i) }),
		inEach("numbers cut", c, func(h *host, i int) { h.number = h.number[:min(7, len(h.number))] }),
		inEach("body and number exchanged", c, func(h *host, i int) { h.number, h.body = h.body, h.number }),
		fault{"all of one body are missing", c, func(w lists, _ []int) lists {
			w[c] = slices.DeleteFunc(w[c], func(h host) bool { return h.body == inventedBodies[1] })
			return w
		}},
		fault{"several faults at once", c, func(w lists, rows []int) lists {
			k := max(2, len(rows)/3)
			years(2)(&w[c][rows[0]], 0)
			for _, i := range from(3, k) {
				w[c][i].kind = inventedKinds[i%2]
			}
			for _, i := range from(9, k) {
				w[c][i].body = inventedBodies[(i+2)%4]
			}
			w[c] = without(w[c], []int{1, 12})
			return w
		}},
	)
}

func covers(activities string, n int) bool {
	if activities == "1 à 6" {
		return true
	}
	return strings.Contains(activities, fmt.Sprint(n))
}

// wholeFaults are faults of whole editions.
func wholeFaults() []fault {
	const a, c = etl.Approved, etl.Certified
	out := []fault{
		{"two holders exchanged", c, func(w lists, _ []int) lists {
			w[c][4].name, w[c][11].name = w[c][11].name, w[c][4].name
			return w
		}},
		{"two holders exchanged", a, func(w lists, _ []int) lists {
			w[a][4].name, w[a][11].name = w[a][11].name, w[a][4].name
			return w
		}},
		{"every certified is approved too", a, func(w lists, _ []int) lists {
			for _, h := range w[c] {
				h.service = "Hébergement"
				w[a] = append(w[a], h)
			}
			return w
		}},
		{"one list in both files", c, func(w lists, _ []int) lists {
			w[c] = slices.Clone(w[a])
			return w
		}},
		{"the lists exchanged", c, func(w lists, _ []int) lists {
			w[a], w[c] = w[c], w[a]
			return w
		}},
		{"lower case", c, func(w lists, _ []int) lists {
			for i := range w[c] {
				w[c][i].name = strings.ToLower(w[c][i].name)
			}
			return w
		}},
		{"as many unknown ones", c, func(w lists, _ []int) lists {
			for i := range w[c] {
				w[c] = append(w[c], unknown(i, c))
			}
			return w
		}},
		{"as many unknown ones", a, func(w lists, _ []int) lists {
			for i := range w[a] {
				w[a] = append(w[a], unknown(i, a))
			}
			return w
		}},
		{"day and month exchanged", c, func(w lists, _ []int) lists {
			for i := range w[c] {
				if h := &w[c][i]; h.until.Day() <= 12 {
					h.until = time.Date(h.until.Year(), time.Month(h.until.Day()), int(h.until.Month()), 0, 0, 0, 0, time.UTC)
				}
			}
			return w
		}},
	}
	return out
}

// TestWrongEditionsAreNoticed: no edition that is wrong as an upstream fault makes it
// passes without a word, whether a tenth, a sixth, a fifth or half of its rows are, in a
// list of 61 rows and in one of 19, as of June 2019.
func TestWrongEditionsAreNoticed(t *testing.T) {
	if raced.Detector {
		t.Skip("one thread, and slow there: .ci/run runs it without the race detector")
	}
	tried := 0
	check := func(n int, f fault, rows []int, part string) {
		tried++
		refusals, warnings, _ := judgedTogether(twoLists(n), f.make(twoLists(n).clone(), rows))
		if len(refusals)+len(warnings) == 0 {
			t.Errorf("%d rows, %s, %s of %s: nothing is said", n, f.name, part, f.list)
		}
	}
	for _, n := range []int{61, 19} {
		for _, f := range faults() {
			for _, part := range []int{6, 5, 2} {
				check(n, f, spread(n, n/part), fmt.Sprintf("1/%d", part))
			}
		}
		for _, f := range wholeFaults() {
			check(n, f, nil, "all")
		}
	}
	t.Logf("%d wrong editions", tried)
}

// TestFirstEditionsAreJudgedByThemselves: with no edition to compare with, what a list
// says elsewhere tells that something is wrong.
func TestFirstEditionsAreJudgedByThemselves(t *testing.T) {
	exchange := func(d time.Time) time.Time {
		if d.Day() > 12 {
			return d
		}
		return time.Date(d.Year(), time.Month(d.Day()), int(d.Month()), 0, 0, 0, 0, time.UTC)
	}
	each := func(l etl.Listing, rows int, change func(h *host, i int)) func(w lists) {
		return func(w lists) {
			for i := range w[l][:rows] {
				change(&w[l][i], i)
			}
		}
	}
	both := func(h *host, _ int) { h.from, h.until = exchange(h.from), exchange(h.until) }
	for _, c := range []struct {
		name               string
		make               func(w lists)
		refusals, warnings []string
	}{
		{"as they should be", func(lists) {}, nil, nil},
		{"other terms", each(etl.Certified, 20, func(h *host, i int) { h.until = h.until.AddDate(0, -6-i, 0) }), nil, nil},
		{"day and month, by the eve", each(etl.Approved, 61, both), []string{"dates-exchanged"},
			[]string{"approval-too-long/", "approval-too-long/", "approval-too-long/", "approval-too-long/"}},
		{"day and month of the end", each(etl.Certified, 61, func(h *host, _ int) { h.until = exchange(h.until) }),
			[]string{"dates-exchanged"}, []string{"certificate-too-long/"}},
		{"day and month of one end", each(etl.Approved, 2, func(h *host, _ int) { h.until = exchange(h.until) }), nil,
			[]string{"dates-exchanged/"}},
		{"four years back", each(etl.Certified, 61, func(h *host, _ int) {
			h.from, h.until = h.from.AddDate(-4, 0, -1), h.until.AddDate(-4, 0, -1)
		}), nil, []string{"ends-passed/first"}},
		{"bodies for numbers", each(etl.Certified, 61, func(h *host, _ int) { h.body, h.number = h.number, h.body }),
			[]string{"column-foreign"}, nil},
		{"bodies for names", each(etl.Certified, 61, func(h *host, _ int) { h.body, h.name = h.name, h.body }),
			[]string{"column-foreign"}, nil},
		{"the page of a letter", each(etl.Certified, 61, func(h *host, _ int) { h.name = "Ab" + strings.ToLower(h.name) }), nil,
			[]string{"names-one-letter/"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := twoLists(61)
			c.make(w)
			refusals, warnings, _ := judgedTogether(w)
			if !slices.Equal(refusals, c.refusals) || !slices.Equal(warnings, c.warnings) {
				t.Errorf("refused %v, warned %v", refusals, warnings)
			}
		})
	}
}

// spread are k of n rows, in no regular order.
func spread(n, k int) []int {
	r := rand.New(rand.NewPCG(uint64(n), uint64(k)))
	out := r.Perm(n)[:k]
	slices.Sort(out)
	return out
}

// normal makes the edition of a normal month: some arrive, some leave, some are renewed,
// names are written otherwise, and the rows are in another order.
func normal(w lists, seed uint64) lists {
	r := rand.New(rand.NewPCG(seed, 7))
	w = w.clone()
	for _, l := range etl.Listings {
		n := len(w[l])
		some := r.Perm(n)
		for k, i := range some[:3] {
			h := &w[l][i]
			h.from = time.Date(2026, 10, 19+9*k, 0, 0, 0, 0, time.UTC)
			h.until = h.from.AddDate(3, 0, -1)
			if seed%2 == 0 { // all on one day, and early
				h.from = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
				h.until = h.from.AddDate(3, 0, -1)
			}
			if r.IntN(2) == 0 && l == etl.Certified {
				h.number = fmt.Sprintf("R-%d", r.IntN(1e6))
				h.activities, h.kind = "1 à 6", inventedKinds[2]
			}
		}
		for _, i := range some[3:8] {
			h := &w[l][i]
			h.name = []string{strings.ToUpper(h.name), h.name + " SAS", "Société " + h.name, h.name + " (groupe)",
				strings.ReplaceAll(h.name, "é", "e")}[i%5]
		}
		w[l] = without(w[l], some[8:10])
		for k := range 4 {
			w[l] = append(w[l], unknown(int(seed%13)*4+k, l))
		}
		switch seed % 3 {
		case 0:
			slices.Reverse(w[l])
		case 1:
			r.Shuffle(len(w[l]), func(i, j int) { w[l][i], w[l][j] = w[l][j], w[l][i] })
		}
	}
	return w
}

// TestNormalMonthsAreGreen: the gate neither refuses nor warns of what happens each
// month.
func TestNormalMonthsAreGreen(t *testing.T) {
	for _, n := range []int{61, 19} {
		if refusals, warnings, _ := judgedTogether(twoLists(n), twoLists(n)); len(refusals)+len(warnings) > 0 {
			t.Errorf("%d rows, nothing changed: %v %v", n, refusals, warnings)
		}
		for seed := range uint64(24) {
			refusals, warnings, res := judgedTogether(twoLists(n), normal(twoLists(n), seed))
			if len(refusals)+len(warnings) > 0 {
				t.Errorf("%d rows, month %d: %v %v", n, seed, refusals, warnings)
				for _, f := range res.Findings {
					if f.Severity >= etl.Warning && testing.Verbose() {
						t.Log(f)
					}
				}
			}
		}
	}
}

// TestAFifthEachMonth: a fifth of the list is lost five times in a row. Each time that is
// no more than a fifth, and together it is refused.
func TestAFifthEachMonth(t *testing.T) {
	for _, n := range []int{61, 19} {
		editions := []lists{twoLists(n)}
		refused := 0
		for range 5 {
			w := editions[len(editions)-1].clone()
			for l := range w {
				w[l] = without(w[l], spread(len(w[l]), len(w[l])/5))
			}
			editions = append(editions, w)
			if refusals, _, _ := judgedTogether(editions...); len(refusals) > 0 {
				refused++
			}
		}
		if refused < 4 {
			t.Errorf("%d rows: %d of 5 editions are refused", n, refused)
		}
	}
}
