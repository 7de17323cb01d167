package etl

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// Activities says which activities a certificate covers, and for which this is unknown.
// An activity in neither set is not covered.
type Activities struct{ Yes, Unknown ActivitySet }

// ActivitySet holds activities by their index in Reference.Activities.
type ActivitySet uint64

// MostActivities is the maximum number of activities in a set.
const MostActivities = 64

// Has reports whether the set contains the activity with index i.
func (s ActivitySet) Has(i int) bool { return s&(1<<i) != 0 }

// Len returns the number of activities in the set.
func (s ActivitySet) Len() int { return bits.OnesCount64(uint64(s)) }

// Union returns what two certificates of one actor cover together. If one of them
// covers an activity, it is covered, even if the other leaves it unknown.
func (a Activities) Union(b Activities) Activities {
	yes := a.Yes | b.Yes
	return Activities{Yes: yes, Unknown: (a.Unknown | b.Unknown) &^ yes}
}

// Known reports whether no activity is unknown.
func (a Activities) Known() bool { return a.Unknown == 0 }

// activityReader reads activities from cells. There is one for each listing.
type activityReader struct {
	n         int
	byNumber  []int       // index by declared number, from 1; nil if no numbering is declared
	ambiguous ActivitySet // activities with different numbers in the numberings
	either    map[int]int // index by number, if all numberings agree on it
	phrases   []activityPhrase
	shares    bool // "6/6" stands in the column: what looks like two activities says how many of all
}

type activityPhrase struct {
	words   string // folded, without stars
	index   int
	numbers string // its digits in all numberings
}

// newActivityReader returns a reader for a listing with the declared numbering, which
// is empty if the source declares none.
func newActivityReader(ref *Reference, numbering string) *activityReader {
	r := &activityReader{n: len(ref.Activities), either: map[int]int{}}
	if numbering != "" {
		r.byNumber = make([]int, r.n+1)
	}
	for i, a := range ref.Activities {
		if numbering != "" {
			r.byNumber[a.Numbers[numbering]] = i
		}
		same := true
		first := a.Numbers["decree"]
		for _, n := range a.Numbers {
			same = same && n == first
		}
		if same {
			r.either[first] = i
		} else {
			r.ambiguous |= 1 << i
		}
		for _, l := range a.Label {
			r.phrases = append(r.phrases, activityPhrase{fold(l), i, a.digits()})
		}
		for _, l := range a.Short {
			r.phrases = append(r.phrases, activityPhrase{fold(l), i, a.digits()})
		}
	}
	for _, h := range ref.Headers {
		key, ok := strings.CutPrefix(h.Field, "activity:")
		if !ok {
			continue
		}
		if i := slices.IndexFunc(ref.Activities, func(a Activity) bool { return a.Key == key }); i >= 0 {
			r.phrases = append(r.phrases, activityPhrase{fold(h.Alias), i, ref.Activities[i].digits()})
		}
	}
	// Longest first: the label of the first activity contains the words of the second.
	slices.SortStableFunc(r.phrases, func(a, b activityPhrase) int { return len(b.words) - len(a.words) })
	return r
}

// digits returns the activity's numbers in all numberings, one digit each.
func (a Activity) digits() string {
	var b []byte
	for _, n := range a.Numbers {
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(b)
}

// isAll reports whether the folded words mean every activity: "toutes", or "les six
// activités" if there are six.
func (r *activityReader) isAll(words string) bool {
	switch words {
	case "toutes", "tous", "toutes les activites", "all", "ensemble des activites", "l ensemble des activites":
		return true
	}
	n, ok := strings.CutSuffix(strings.TrimPrefix(words, "les "), " activites")
	return ok && (n == strconv.Itoa(r.n) || r.n < len(frenchNumbers) && n == frenchNumbers[r.n])
}

var frenchNumbers = []string{"", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
	"onze", "douze"}

func (r *activityReader) all() ActivitySet { return 1<<r.n - 1 }

// Reasons for a finding about a text of activities.
type activityTrouble uint8

const (
	activitiesFine activityTrouble = iota
	activitiesUnreadable
	activitiesUndeclared // numbers without a declared numbering, which makes no difference in this cell
	activitiesAmbiguous  // numbers without a declared numbering, with exactly one of the two disputed ones
)

// text reads "1, 2, 3", "1 à 4", "1-6", "toutes" or the labels themselves. A text is
// either understood completely or unreadable: "toutes sauf sauvegarde" is unreadable.
func (r *activityReader) text(s string) (Activities, activityTrouble) {
	words := fold(s)
	if r.isAll(words) {
		return Activities{Yes: r.all()}, activitiesFine
	}
	if nums, ok := activityNumbers(s, r.n); ok {
		if share, all := r.share(s); all || share && r.shares {
			return Activities{Unknown: r.all()}, activitiesUnreadable
		}
		return r.numbers(nums)
	}
	return r.labels(words)
}

// share reports whether a text can say how many of all activities are meant, as "5/6" can,
// and whether it says all of them.
func (r *activityReader) share(s string) (share, all bool) {
	if !strings.Contains(s, "/") { // nearly all
		return false, false
	}
	of, n, _ := strings.Cut(s, "/")
	of, n = strings.TrimSpace(of), strings.TrimSpace(n)
	share = n == strconv.Itoa(r.n) && len(of) == 1 && digits(of)
	return share, share && of == n
}

func (r *activityReader) numbers(nums []int) (Activities, activityTrouble) {
	var set ActivitySet
	if r.byNumber != nil {
		for _, n := range nums {
			set |= 1 << r.byNumber[n]
		}
		return Activities{Yes: set}, activitiesFine
	}
	disputed := 0
	for _, n := range nums {
		if i, ok := r.either[n]; ok {
			set |= 1 << i
		} else {
			disputed++
		}
	}
	switch disputed {
	case 0:
		return Activities{Yes: set}, activitiesUndeclared
	case r.ambiguous.Len():
		return Activities{Yes: set | r.ambiguous}, activitiesUndeclared
	default:
		return Activities{Yes: set, Unknown: r.ambiguous}, activitiesAmbiguous
	}
}

func (r *activityReader) labels(words string) (Activities, activityTrouble) {
	var set ActivitySet
	rest := " " + words + " "
	for _, p := range r.phrases {
		if p.words == "" {
			continue
		}
		for strings.Contains(rest, " "+p.words+" ") {
			set |= 1 << p.index
			rest = strings.Replace(rest, " "+p.words+" ", " |"+p.numbers+" ", 1)
		}
	}
	filler := activityFiller()
	left := strings.Fields(rest)
	left = slices.DeleteFunc(left, func(w string) bool { return filler[w] })
	for i, w := range left {
		// In "6. Sauvegarde" and "Sauvegarde (6)" the number belongs to the label. In
		// "sauvegarde, 1, 2" the numbers are activities themselves, and the text mixes
		// both kinds.
		numbers := func(j int) bool {
			return j >= 0 && j < len(left) && left[j][0] == '|' && strings.Contains(left[j], w)
		}
		if w[0] != '|' && !(len(w) == 1 && digits(w) && (numbers(i-1) || numbers(i+1))) {
			return Activities{Unknown: r.all()}, activitiesUnreadable
		}
	}
	if set == 0 {
		return Activities{Unknown: r.all()}, activitiesUnreadable
	}
	return Activities{Yes: set}, activitiesFine
}

// activityFiller holds the words of the official labels that do not distinguish
// activities, and words that introduce a list.
var activityFiller = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq("mise a disposition et le la les l d de du des maintien en condition operationnelle mco " +
		"systeme systemes information utilise pour traitement donnees sante contenant activite activites n") {
		m[w] = true
	}
	return m
})

// activityNumbers reads a list of numbers from 1 to n, with ranges. ok is false if the
// text contains anything else.
func activityNumbers(s string, n int) (nums []int, ok bool) {
	s = strings.ToLower(strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsSpace(r) { // including no-break spaces
			return ' '
		}
		return r
	}, s))
	// "4 activités" says how many, not which.
	if t := strings.TrimRight(strings.TrimLeft(s, "0123456789"), " .:"); t != "" && strings.HasPrefix(strings.TrimSpace(t), "activit") &&
		len(t) < len(strings.TrimRight(s, " .:")) || strings.HasSuffix(strings.TrimRight(s, "és "), "activit") {
		return nil, false
	}
	for _, intro := range []string{"activités", "activites", "activité", "activite", "n°", "act."} {
		s = strings.ReplaceAll(s, intro, " ")
	}
	for _, to := range []string{"à", "a\u0300", "–", "—", "..", " au ", " a "} {
		s = strings.ReplaceAll(s, to, "-")
	}
	s = strings.ReplaceAll(s, " et ", ",")
	seen, last, ranging, separated := ActivitySet(0), 0, false, true
	chained, wide := false, false // the last number ended a range; the range had more than two numbers
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '1' && c <= '9':
			v := int(c - '0')
			// "12" is not 1 and 2: a spreadsheet may have removed the comma.
			if v > n || !separated && !ranging {
				return nil, false
			}
			if ranging {
				// "1-2-4-6" is not a range. A dash as a separator is accepted only if
				// reading it as a range gives the same ("1-2-3").
				if v <= last || chained && v != last+1 {
					return nil, false
				}
				chained, wide = true, v != last+1
				for k := last; k <= v; k++ {
					seen |= 1 << (k - 1)
				}
			}
			seen |= 1 << (v - 1)
			last, ranging, separated = v, false, false
		case c == '-':
			if last == 0 || ranging || wide { // "1-3-4" may be three numbers, or a range
				return nil, false
			}
			ranging = true
		case c == ',' || c == ';' || c == '/' || c == '+' || c == '&' || c == '\n' || c == '|':
			if ranging {
				return nil, false
			}
			separated, chained, wide = true, false, false
		case c == ' ':
			if !ranging {
				separated = true
			}
		default:
			return nil, false
		}
	}
	if last == 0 || ranging {
		return nil, false
	}
	for k := range n {
		if seen.Has(k) {
			nums = append(nums, k+1)
		}
	}
	return nums, true
}

// Ticked reads a cell in the column of one activity: whether it says yes or no, by a word or a
// sign. ok is false if it says neither, or is not sure.
func Ticked(s string) (yes, ok bool) {
	if strings.ContainsAny(s, "?~±") { // "oui ?"
		return false, false
	}
	switch f := fold(s); f {
	case "x", "oui", "o", "yes", "y", "true", "vrai", "1", "ok":
		return true, true
	case "non", "no", "n", "false", "faux", "0":
		return false, true
	case "":
		switch strings.TrimSpace(s) {
		case "", "-", "–", "—", "/", "✗", "✘", "☐", "❌", "○":
			return false, true
		case "✓", "✔", "✔️", "☑", "☒", "✅", "●", "•", "■", "√":
			return true, true
		}
	}
	return false, false
}
