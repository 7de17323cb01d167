package identity

import "unicode/utf8"

// mostCells bounds the work for one distance: the product of the lengths of two texts,
// without their common beginnings and ends. It allows two names of 256 characters with
// nothing in common there.
const mostCells = 1 << 16

// distance returns the number of insertions, deletions, substitutions and swaps of
// neighbours that turn one text into the other (optimal string alignment). If it is
// above limit, or if the texts are too long, it returns limit+1.
func distance(a, b string, limit int) int {
	if a == b {
		return 0
	}
	var bufA, bufB [96]rune
	ra, rb := runes(bufA[:0], a), runes(bufB[:0], b)
	for len(ra) > 0 && len(rb) > 0 && ra[0] == rb[0] {
		ra, rb = ra[1:], rb[1:]
	}
	for len(ra) > 0 && len(rb) > 0 && ra[len(ra)-1] == rb[len(rb)-1] {
		ra, rb = ra[:len(ra)-1], rb[:len(rb)-1]
	}
	if len(ra) > len(rb) {
		ra, rb = rb, ra
	}
	if len(rb)-len(ra) > limit || len(ra)*len(rb) > mostCells {
		return limit + 1
	}
	if len(ra) == 0 {
		return len(rb)
	}
	var buf [3 * 97]int
	rows := buf[:]
	w := len(rb) + 1
	if 3*w > len(rows) {
		rows = make([]int, 3*w)
	}
	before, last, now := rows[:w], rows[w:2*w], rows[2*w:3*w]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(rb); j++ {
			cost := 1
			if ra[i-1] == rb[j-1] {
				cost = 0
			}
			d := min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				d = min(d, before[j-2]+1)
			}
			now[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
		before, last, now = last, now, before
	}
	return last[len(rb)]
}

func runes(buf []rune, s string) []rune {
	for _, r := range s {
		buf = append(buf, r)
	}
	return buf
}

// similarity is 1 for equal texts, and decreases with the share of characters that
// differ. It returns 0 for values below floor, which saves time.
func similarity(a, b string, floor float64) float64 {
	if a == b {
		return 1
	}
	m := max(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	if m == 0 {
		return 0
	}
	limit := int(float64(m) * (1 - floor))
	d := distance(a, b, limit)
	if d > limit {
		return 0
	}
	return 1 - float64(d)/float64(m)
}
