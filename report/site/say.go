package site

import (
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Say returns an answer of Ask as text, one line a list.
func (f *Facts) Say(answer any) []string {
	switch a := answer.(type) {
	case *Found:
		day, _ := etl.ParseDate(a.Question.Date)
		e := f.Directory.Entry(a.ID)
		out := []string{f.line(e.Name, e.Actor, etl.Approved, day), f.line(e.Name, e.Actor, etl.Certified, day)}
		for _, id := range e.Successors {
			out = append(out, f.say.Say("status-replaced", "name", f.Directory.Entry(id).Name, "id", id))
		}
		for _, m := range a.Maybe {
			out = append(out, f.say.Say("status-maybe", "name", m.Name, "id", m.ID))
		}
		return out
	case *NotFound:
		day, _ := etl.ParseDate(a.Question.Date)
		var out []string
		one, other := f.Lists.At(-1, etl.Approved, day), f.Lists.At(-1, etl.Certified, day)
		if one.Answer == etl.No && other.Answer == etl.No && one.Ended.IsZero() && other.Ended.IsZero() {
			out = append(out, f.say.Say("status-neither", "name", a.Question.Name, "approved", etl.Named(one.Edition),
				"certified", etl.Named(other.Edition), "a", one.Actors, "c", other.Actors))
		} else {
			out = append(out, f.line(a.Question.Name, -1, etl.Approved, day),
				f.line(a.Question.Name, -1, etl.Certified, day))
		}
		for _, c := range a.Close {
			out = append(out, f.say.Say("status-close", "name", c.Name, "id", c.ID, "reason", c.Reason))
		}
		return out
	}
	return nil
}

// line is the answer about one list.
func (f *Facts) line(name string, actor int32, l etl.Listing, day etl.Date) string {
	at := f.Lists.At(actor, l, day)
	if at.Answer == etl.Unknown || at.Edition == "" {
		if !at.Ended.IsZero() {
			return f.say.Say("status-ended-line", "name", name, "list", l, "day", day, "ended", at.Ended)
		}
		return f.say.Say("status-unknown", "name", name, "list", l, "day", day)
	}
	return f.say.Say("status-line", "name", name, "list", l, "answer", f.inWords(l, &at, day),
		"edition", etl.Named(at.Edition), "n", at.Actors)
}

// inWords says an answer about a list that some edition has.
func (f *Facts) inWords(l etl.Listing, at *etl.Status, day etl.Date) message.Message {
	switch {
	case !at.Ended.IsZero():
		return message.New("status-ended", "day", day, "ended", at.Ended)
	case at.Standing != "":
		return message.New("status-standing", "day", day, "standing", at.Word)
	case at.Answer == etl.No && at.Since == "":
		return message.New("status-no", "day", day)
	case at.Answer == etl.No:
		return message.New("status-left", "day", day, "since", etl.Named(at.Since), "left", etl.Named(at.Left))
	}
	key := message.Key("status-yes")
	if at.Answer == etl.Expired {
		key = "status-expired"
	}
	var first, until, covers message.Message
	if at.Since == f.Lists.Oldest(l) {
		first = message.New("status-first")
	}
	until = message.New("status-endless")
	if !at.Until.IsZero() {
		until = message.New("status-until", "date", at.Until)
	}
	if l == etl.Certified {
		if said := f.activities(at.Activities); said != "" {
			covers = message.New("status-activities", "activities", said)
		}
	}
	return message.New(key, "day", day, "since", etl.Named(at.Since), "first", first, "until", until, "activities", covers)
}

// activities are the short labels of those that are covered.
func (f *Facts) activities(a etl.Activities) string {
	var out []string
	for i, x := range f.ref.Activities {
		if a.Yes.Has(i) {
			out = append(out, x.Short[f.labels.Language])
		}
	}
	return strings.Join(out, ", ")
}
