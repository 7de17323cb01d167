package compare

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl/message"
	"hdsreport/etl/number"
	"hdsreport/etl/pattern"
)

// An actor that leaves a list while another arrives may have changed its name. A list
// does not say so, but it may show it: the certificate stays the same, or the SIREN.
// This file finds such leads. None of them is proof: a certificate may pass to another
// company. So a lead is a question, and until it is answered both actors count as the
// list says.

// Holding is what a row says that its actor would keep under another name.
type Holding struct {
	Actor                 string
	Body, Number, Service string
	From, Until           Value
	Numbers               number.Set
	Namesake              string // see Row
}

// Lead is evidence that an actor that left goes on as one that arrived.
type Lead struct {
	From, To string // ids of the actors
	Evidence []message.Message
	Score    float64
	// SameName reports whether both have one name, and different numbers.
	SameName bool
}

// The scores of leads, as in the review.
const (
	scoreBothDates = 0.90
	scoreOneDate   = 0.80
	scoreNoDate    = 0.70
	scoreNumber    = 0.90
	scoreNamesake  = 0.85
)

const (
	shortestNumber  = 5  // characters of a certificate's number that can be evidence
	shortestService = 40 // letters of an approved service that can be
	mostBearers     = 2  // actors of an edition that may bear one certificate, or it is a group's
	mostNumbered    = 3  // actors of an edition that may have one number
	mostRows        = 64 // rows that are compared with one that has a token in common
)

// revision matches the end of a certificate's number that counts its revisions, without
// spaces and in small letters: 38436-2, 38436rev.2, 38436v2.
var revision = pattern.Of(`^(.{4,}?)(?:-|rev\.?|v)(\d{1,2})$`)

// normal returns a certificate's number as it is compared.
func normal(s string) string {
	if strings.ContainsFunc(s, unicode.IsSpace) { // as few numbers do
		s = strings.Join(strings.Fields(s), "")
	}
	return strings.ToLower(s)
}

// Certificate returns what identifies a certificate, its body and number, or "" if the
// number is too short to be evidence of anything, or has no digit.
func (h *Holding) Certificate() string {
	n := normal(h.Number)
	if utf8.RuneCountInString(n) < shortestNumber || !strings.ContainsAny(n, "0123456789") {
		return ""
	}
	return strings.ToLower(h.Body) + "\x00" + n
}

// series returns the certificate without its revision, or "" if it has none. A year is
// no number of a series.
func (h *Holding) series() string {
	m := revision().FindStringSubmatch(normal(h.Number))
	if h.Certificate() == "" || m == nil || !strings.ContainsAny(m[1], "0123456789") || year().MatchString(m[1]) {
		return ""
	}
	return strings.ToLower(h.Body) + "\x00" + m[1]
}

var year = pattern.Of(`^(19|20)\d\d$`)

// approval returns what identifies an approval: its service and both dates, or "".
func (h *Holding) approval() string {
	if h.From == nil || h.Until == nil || utf8.RuneCountInString(h.Service) < shortestService {
		return ""
	}
	return strings.Join([]string{strings.Join(strings.Fields(strings.ToLower(h.Service)), " "), Said(h.From),
		Said(h.Until)}, "\x00")
}

// tokens are what a holding may have in common with another, by kind.
func (h *Holding) tokens() []string {
	var out []string
	for kind, t := range [...]string{h.Certificate(), h.series(), h.approval(), h.Namesake} {
		if t != "" {
			out = append(out, string(rune('a'+kind))+t)
		}
	}
	for _, n := range h.Numbers.Of(number.Entity) {
		out = append(out, "n"+n.String())
	}
	return out
}

// leads is the state of the search.
type leads struct {
	on    [2]map[string]bool        // by side: who is on the list
	most  map[string][2][]string    // by token and side: some of the actors that bear it
	found map[[2]string]*Lead       // by pair
	told  map[*Lead]map[string]bool // the evidence that a lead has
}

// Leads finds the actors that left a list and may go on as one that arrived, sorted by
// their ids. Time is proportional to the number of rows.
func Leads(old, new iter.Seq[*Holding]) []Lead {
	s := leads{most: map[string][2][]string{}, found: map[[2]string]*Lead{}, told: map[*Lead]map[string]bool{}}
	sides := [2]iter.Seq[*Holding]{old, new}
	for side := range sides {
		s.on[side] = map[string]bool{}
		for h := range sides[side] {
			s.on[side][h.Actor] = true
		}
	}
	// Only rows of actors that left or arrived can be leads.
	var moved [2][]*Holding
	for side := range sides {
		for h := range sides[side] {
			if !s.on[1-side][h.Actor] {
				copied := *h
				moved[side] = append(moved[side], &copied)
			}
		}
	}
	if len(moved[0]) == 0 || len(moved[1]) == 0 {
		return nil
	}
	arrived := map[string][]*Holding{}
	for _, h := range moved[1] {
		for _, t := range h.tokens() {
			if len(arrived[t]) < mostRows {
				arrived[t] = append(arrived[t], h)
			}
		}
	}
	s.bearers(sides, arrived)
	for _, h := range moved[0] {
		for _, t := range h.tokens() {
			if s.common(t) {
				continue
			}
			for _, other := range arrived[t] {
				s.compare(h, other, t[0])
			}
		}
	}
	var out []Lead
	for _, p := range slices.SortedFunc(maps.Keys(s.found), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	}) {
		out = append(out, *s.found[p])
	}
	return out
}

// bearers finds who bears the tokens of those who arrived, as many as matter.
func (s *leads) bearers(sides [2]iter.Seq[*Holding], of map[string][]*Holding) {
	for side := range sides {
		for h := range sides[side] {
			for _, t := range h.tokens() {
				if of[t] == nil {
					continue
				}
				b := s.most[t]
				if len(b[side]) <= mostNumbered && !slices.Contains(b[side], h.Actor) {
					b[side] = append(b[side], h.Actor)
					s.most[t] = b
				}
			}
		}
	}
}

// common reports whether too many actors of one side bear a token for it to tell who is
// who.
func (s *leads) common(token string) bool {
	most := mostBearers
	switch token[0] {
	case 'n', 'd':
		most = mostNumbered
	}
	b := s.most[token]
	return len(b[0]) > most || len(b[1]) > most
}

// compare compares a row of an actor that left with one of an actor that arrived, which
// have a token of a kind in common.
func (s *leads) compare(a, b *Holding, kind byte) {
	from, until := a.From != nil && a.From == b.From, a.Until != nil && a.Until == b.Until
	certificate := strings.TrimSpace(a.Body + " " + a.Number)
	bodies := a.Body != "" || from && until // without its body, a number alone is little
	contradict := number.Contradict(a.Numbers, b.Numbers)
	switch {
	case kind == 'n' && !contradict:
		s.add(a, b, scoreNumber, message.New("why-number", "numbers", number.Compare(a.Numbers, b.Numbers).Equal))
	case kind == 'd' && contradict:
		d := number.Compare(a.Numbers, b.Numbers).Different[0]
		s.add(a, b, scoreNamesake, message.New("lead-namesake", "was", d.First, "is", number.Values(d.Second)))
		s.found[[2]string{a.Actor, b.Actor}].SameName = true
	case kind == 'a' && bodies && from && until:
		s.add(a, b, scoreBothDates, message.New("lead-certificate", "certificate", certificate, "from", a.From,
			"until", a.Until))
	case kind == 'a' && bodies && (from || until):
		date := a.From
		if until {
			date = a.Until
		}
		s.add(a, b, scoreOneDate, message.New("lead-certificate-date", "certificate", certificate, "date", date))
	case kind == 'a' && bodies:
		s.add(a, b, scoreNoDate, message.New("lead-certificate-only", "certificate", certificate))
	case kind == 'b' && a.Body != "" && normal(a.Number) != normal(b.Number) && Said(b.Until) > Said(a.Until):
		s.add(a, b, scoreOneDate, message.New("lead-certificate-revised", "certificate", certificate,
			"next", b.Number, "until", b.Until))
	case kind == 'c':
		s.add(a, b, scoreNoDate, message.New("lead-approval", "from", a.From, "until", a.Until))
	}
}

// add adds evidence to the lead of two actors.
func (s *leads) add(a, b *Holding, score float64, evidence message.Message) {
	p := [2]string{a.Actor, b.Actor}
	l := s.found[p]
	if l == nil {
		l = &Lead{From: a.Actor, To: b.Actor}
		s.found[p], s.told[l] = l, map[string]bool{}
	}
	l.Score = max(l.Score, score)
	if said := evidence.String(); !s.told[l][said] {
		s.told[l][said] = true
		l.Evidence = append(l.Evidence, evidence)
	}
}
