package report

import (
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
)

// A list that has ended keeps its sheet and its table, for those who link to them and for
// the formulas of others. The sheet says when it ended and what the last one held; of the
// figures of the day it has none, and the history keeps its own.

// ended says on the sheet of a list when it ended, and what the last one said.
func (b *builder) ended(l etl.Listing) []Paragraph {
	return []Paragraph{{Role: OpeningNotice, Text: b.whenEnded(l)}, {Role: OpeningRemark, Text: b.lastSaid(l)}}
}

// whenEnded says on which day the list ended.
func (b *builder) whenEnded(l etl.Listing) string {
	return b.l.Get("ended."+l.String(), "date", b.l.Date(b.res.Edition.List[l].Ended))
}

// lastSaid says how many actors the last edition with the list had, and where it is.
func (b *builder) lastSaid(l etl.Listing) string {
	for e := range slices.Backward(b.res.Editions) {
		last := &b.res.Editions[e].List[l]
		if last.Missing {
			continue
		}
		n := b.res.Stats.History[e].Approved
		if l == etl.Certified {
			n = b.res.Stats.History[e].Certified
		}
		where := []string{last.Source.Table.File}
		if last.Source.URL != "" {
			where = append(where, last.Source.URL)
		}
		return b.l.Get("ended.last", "of", b.l.OfEdition(b.res.Editions[e].ID), "n", strconv.Itoa(*n),
			"rows", strconv.Itoa(len(last.Rows)), "where", strings.Join(where, " · "))
	}
	return b.l.Get("ended.none")
}

// worded is the key of a text, in the wording for the one list that has not ended if
// there is such a wording.
func (b *builder) worded(key string) string {
	if left := b.shown(); len(left) == 1 {
		return b.l.Lone(key, left[0])
	}
	return key
}

// Lone is the key of a text in the wording for one list alone, if there is such a wording.
func (l Labels) Lone(key string, only etl.Listing) string {
	if own := key + "." + only.String(); l.Texts[own] != "" {
		return own
	}
	return key
}

// onPage is the key of a text in the wording for pages, if there is such a wording.
func (l Labels) onPage(key string) string {
	if own := key + ".page"; l.Texts[own] != "" {
		return own
	}
	return key
}

// shown are the lists that the figures of the day are about: those that have not ended.
func (b *builder) shown() []etl.Listing {
	return slices.DeleteFunc(slices.Clone(etl.Listings[:]),
		func(l etl.Listing) bool { return b.res.Edition.List[l].HasEnded() })
}
