package site

import (
	"math"
	"strconv"
	"strings"

	"hdsreport/report"
)

// figure is a number on a page: where stats --json has it, its value there, and as readers
// read it.
type figure struct{ Path, Value, Text string }

// count is a figure that counts actors; nil is not available.
func (b *builder) count(path string, n *int) figure {
	if n == nil {
		return figure{path, "", b.f.labels.Get("nd")}
	}
	return figure{path, strconv.Itoa(*n), b.number(*n)}
}

// number writes a whole number with thousands apart.
func (b *builder) number(n int) string {
	apart := "\u202f"
	if b.f.labels.Language == "en" {
		apart = ","
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + apart + s[i:]
	}
	return s
}

// decimal is a figure with decimals, with as many as stats --json has.
func (b *builder) decimal(path string, x *float64) figure {
	if x == nil {
		return figure{path, "", b.f.labels.Get("nd")}
	}
	value := strconv.FormatFloat(*x, 'f', -1, 64)
	text := value
	if b.f.labels.Language == "fr" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return figure{path, value, text}
}

// keyFigure is one of the figures that readers ask for first.
type keyFigure struct {
	Label string
	figure
	Change, Who string
}

// paths are the addresses of the key figures in stats --json.
var paths = map[string]string{"approved": "approved.actors", "certified": "certified.actors", "both": "both.actors",
	"any": "any.actors", "mean": "activities.mean", "all": "activities.all.actors"}

// keyFigures are the summary's, in its words.
func (b *builder) keyFigures() []keyFigure {
	st := &b.f.res.Stats
	var out []keyFigure
	for _, r := range report.Readings(st) {
		path, known := paths[r.Key]
		if !known {
			continue
		}
		k := keyFigure{Label: r.Label(b.f.labels, b.f.ref)}
		if r.Decimal {
			var mean *float64
			if st.Activities != nil {
				mean = st.Activities.Mean
			}
			k.figure = b.decimal(path, mean)
		} else {
			k.figure = b.count(path, whole(r.Now))
		}
		if r.Now != nil && r.Before != nil {
			k.Change = b.say.Say("site-change", "change", b.change(*r.Now-*r.Before, r.Decimal),
				"edition", named(r.Since))
		}
		k.Who = b.who(&r)
		out = append(out, k)
	}
	return out
}

func whole(x *float64) *int {
	if x == nil {
		return nil
	}
	n := int(*x)
	return &n
}

// change writes a difference with its sign.
func (b *builder) change(d float64, decimal bool) string {
	sign := "+"
	if decimal {
		d = math.Round(100*d) / 100 // as it is shown
	}
	switch {
	case d < 0:
		sign, d = "\u2212", -d
	case d == 0:
		sign = "±"
	}
	if decimal && d != 0 {
		return sign + b.say.Decimal(d, 2)
	}
	return sign + b.number(int(d))
}

// summary is a section of the book's third sheet, or nil.
func (b *builder) summary(id string) *report.Section {
	for _, s := range b.book.Sheets {
		for i := range s.Sections {
			if s.Sections[i].ID == id {
				return &s.Sections[i]
			}
		}
	}
	return nil
}

// who is whom a key figure counts, or which list it lacks.
func (b *builder) who(r *report.Reading) string {
	for _, l := range r.Needs {
		if b.f.res.Edition.List[l].Missing {
			return b.f.labels.Get("missing." + l.String())
		}
	}
	return r.Who(b.f.labels, b.f.ref, b.f.Day())
}
