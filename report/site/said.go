package site

import (
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/message"
)

// termKeys are the titles of what happened, with a number.
var termKeys = map[etl.Term]message.Key{
	etl.ApprovedArrived: "site-approved-arrived", etl.ApprovedLeft: "site-approved-left",
	etl.CertifiedArrived: "site-certified-arrived", etl.CertifiedLeft: "site-certified-left",
	etl.Moved: "site-moved", etl.Renamed: "site-renamed", etl.ApprovedChanged: "site-approved-changed",
	etl.CertifiedChanged: "site-certified-changed", etl.ApprovedExpired: "site-approved-expired",
	etl.CertifiedExpired: "site-certified-expired",
}

// happened are the same of one actor, for the title of an entry of the feed.
var happened = map[etl.Term]message.Key{
	etl.ApprovedArrived: "feed-approved-arrived", etl.ApprovedLeft: "feed-approved-left",
	etl.CertifiedArrived: "feed-certified-arrived", etl.CertifiedLeft: "feed-certified-left",
	etl.Moved: "feed-moved", etl.Renamed: "feed-renamed", etl.ApprovedChanged: "feed-approved-changed",
	etl.CertifiedChanged: "feed-certified-changed", etl.ApprovedExpired: "feed-approved-expired",
	etl.CertifiedExpired: "feed-certified-expired",
}

// saidShort is what is worth saying of a fact beside the name of the actor with an id; may be
// empty.
func (f *Facts) saidShort(id string, fact *etl.Fact) string {
	said := []string{f.asWhom(id, fact), f.saidOf(fact)}
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), ", ")
}

// asWhom is who an actor that left a list is succeeded by or may be now, and whom one that
// arrived succeeds or may have been; empty if there is nobody.
func (f *Facts) asWhom(id string, fact *etl.Fact) string {
	e := f.Directory.Entry(id)
	switch fact.Term {
	case etl.ApprovedLeft, etl.CertifiedLeft:
		if e != nil && len(e.Successors) > 0 {
			return f.say.Say("site-replaced", "name", f.namesOf(e.Successors))
		}
		if fact.Maybe.ID != "" {
			return f.say.Say("site-maybe", "name", fact.Maybe.Name)
		}
	case etl.ApprovedArrived, etl.CertifiedArrived:
		if e != nil && len(e.Predecessors) > 0 {
			return f.say.Say("site-succeeds", "name", f.namesOf(e.Predecessors))
		}
		if fact.Maybe.ID != "" {
			return f.say.Say("site-maybe-formerly", "name", fact.Maybe.Name)
		}
	}
	return ""
}

// namesOf are the names of actors, in a list.
func (f *Facts) namesOf(ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, f.Directory.Entry(id).Name)
	}
	return strings.Join(out, ", ")
}

func (f *Facts) saidOf(fact *etl.Fact) string {
	switch fact.Term {
	case etl.Renamed:
		return f.say.Say("site-was", "name", fact.Was)
	case etl.ApprovedExpired, etl.CertifiedExpired:
		return f.say.Say("site-past", "date", f.day(fact.Now))
	case etl.ApprovedArrived, etl.CertifiedArrived:
		if fact.Now != "" {
			return f.say.Say("site-until", "date", f.day(fact.Now))
		}
	case etl.ApprovedLeft, etl.CertifiedLeft:
		if fact.Was != "" {
			return f.say.Say("site-ended-on", "date", f.day(fact.Was))
		}
	case etl.ApprovedChanged, etl.CertifiedChanged:
		return message.Cut(strings.Join(f.changes(fact), "\u202f; "), 160)
	}
	return ""
}

func (f *Facts) day(iso string) string {
	d, _ := etl.ParseDate(iso)
	return f.labels.Day(d)
}

// changes are the values that changed, was → now.
func (f *Facts) changes(fact *etl.Fact) []string {
	var out []string
	for _, c := range fact.Rows {
		if d := f.ref.Field(fact.List, etl.Field(c.Field)); d != nil && d.Extra() {
			continue // a remark of the source, of any length
		}
		out = append(out, f.say.Say("site-value", "field", f.words.Field(fact.List, c.Field),
			"was", message.Cut(f.words.Value(c.Was), 90), "now", message.Cut(f.words.Value(c.Now), 90)))
	}
	if fact.Added > 0 {
		out = append(out, f.say.Say("site-added", "n", fact.Added))
	}
	if fact.Removed > 0 {
		out = append(out, f.say.Say("site-removed", "n", fact.Removed))
	}
	return out
}

// wasNow are the two sides of a fact, for tables: dates and codes as in JSON.
func (f *Facts) wasNow(fact *etl.Fact) (was, now string) {
	switch fact.Term {
	case etl.Moved:
		return etl.Approved.String(), etl.Certified.String()
	case etl.ApprovedChanged, etl.CertifiedChanged:
		var before, after []string
		for _, c := range fact.Rows {
			before = append(before, c.Field+"="+compare.Said(c.Was))
			after = append(after, c.Field+"="+compare.Said(c.Now))
		}
		for range fact.Added {
			after = append(after, "row added")
		}
		for range fact.Removed {
			before = append(before, "row removed")
		}
		return strings.Join(before, " | "), strings.Join(after, " | ")
	}
	return fact.Was, fact.Now
}
