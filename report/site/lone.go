package site

import (
	"hdsreport/etl"
	"hdsreport/etl/message"
)

// An edition may have one list alone: the other has ended, or its file is missing. What the
// pages say is then about that list, and what a list that has ended would fill is not shown:
// all of it would say the same. Figures of it stay in the page, hidden, for programs.

// lone is the one list that the edition has, if it has one only.
func (b *builder) lone() (etl.Listing, bool) {
	if drawn := b.drawn(); len(drawn) == 1 {
		return drawn[0], true
	}
	return 0, false
}

// gone reports whether a list has ended, so that the edition can say nothing of it.
func (b *builder) gone(l etl.Listing) bool {
	list := &b.f.res.Edition.List[l]
	return list.HasEnded() && list.Missing
}

// never reports whether a list has ended and no edition had it.
func (b *builder) never(l etl.Listing) bool { return b.gone(l) && b.f.Lists.Oldest(l) == "" }

// of says a text, in the wording for the one list if there is only one.
func (b *builder) of(key, one message.Key, pairs ...any) string {
	if l, alone := b.lone(); alone {
		return b.say.Say(one, append(pairs, "list", l)...)
	}
	return b.say.Say(key, pairs...)
}

// label is a text of the tables of words, in the wording for the one list that has not ended.
func (b *builder) label(key string) string {
	if l, alone := b.lone(); alone && b.gone(1-l) {
		key = b.f.labels.Lone(key, l)
	}
	return b.f.labels.Get(key)
}

// why says why the edition lacks a list.
func (b *builder) why(l etl.Listing) string {
	if b.gone(l) {
		return b.say.Say("site-ended-short", "day", b.f.labels.Date(b.f.res.Edition.List[l].Ended))
	}
	return b.say.Say("site-missing-short")
}

// listed puts heads and cells of both lists, by list, without those of lists that are off.
func listed[T any](off [2]bool, of [2]T) []T {
	var out []T
	for l := range of {
		if !off[l] {
			out = append(out, of[l])
		}
	}
	return out
}
