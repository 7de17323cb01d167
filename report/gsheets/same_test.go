package gsheets

import (
	"errors"
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/report"
	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/readback"
)

// TestSaidOtherwise: what says what the program says, written in another way, stops no publication
// and is no edit, whether it was published or is about to be; it is written as the book does, once.
// What says something else does stop it.
func TestSaidOtherwise(t *testing.T) {
	ref := config.Reference()
	same := readback.New(
		&ref,
		report.Labels{Language: "fr", Texts: config.Labels("fr")},
		report.Labels{Language: "en", Texts: config.Labels("en")},
	).Same
	for _, c := range []struct {
		table, column string
		was           string // what stands there
		typed         any
		edit          bool
	}{
		{"certified", ref.Activities[0].Key, "Oui", true, false},
		{"certified", ref.Activities[0].Key, "Oui", "oui ", false},
		{"certified", ref.Activities[0].Key, "Oui", 1.0, false},
		{"certified", ref.Activities[0].Key, "Oui", false, true},
		{"certified", ref.Activities[5].Key, "Non", "non", false},
		{"certified", ref.Activities[5].Key, "Non", nil, true},
		{"certified", "position", "ESN", " esn", false},
		{"certified", "position", "ESN", "Autre", true},
		{"certified", "from", "", "DATE", false},
		{"certified", "from", "", "3 mars 1999", true},
		{"certified", "also", "Non", "non", false},
		{"certified", "also", "Non", "oui", true},
		{"certified", "count", "6", "6", false},
		{"certified", "count", "6", "=6+0*LEN(\"x\")", false},
		{"approved", "name", "", "NAME", false},
		{"approved", "name", "", "name", true},
	} {
		t.Run(c.column, func(t *testing.T) {
			t.Parallel()
			older := map[string]string{"approved": "2019-02", "certified": "2019-03"}[c.table]
			for _, next := range []string{"2019-06-17", older} {
				d := newDesk(t, sheetstest.Options{})
				d.mutated.Same = same
				d.mustPublish(sample("2019-06-17"), "2019-06-17")
				d.saidOtherwise(c.table, c.column, c.was, c.typed)
				b := sample(next)
				out, err := d.publish(b, next)
				if edit := errors.As(err, new(*Refused)); edit != c.edit || !edit && err != nil {
					t.Fatalf("%s %v in %s: %v", c.column, c.typed, next, err)
				}
				if c.edit {
					continue
				}
				d.check(b)
				if !out.Written || len(out.Edits)+len(d.saved) > 0 {
					t.Errorf("%s %v in %s: %+v", c.column, c.typed, next, out)
				}
				if d.mustPublish(b, next).Written {
					t.Errorf("%s %v in %s: written again", c.column, c.typed, next)
				}
			}
		})
	}
}

// saidOtherwise types into the first cell of a column that shows a text; DATE is the cell's own
// date as a text, NAME its own text between spaces, name the same in small letters.
func (d *desk) saidOtherwise(table, column, was string, typed any) {
	d.t.Helper()
	tab, _ := ourTab(d.server.Snapshot(), table)
	columns, header := columnsOfTab(tab)
	col := columns[column]
	t := sample("2019-06-17").Table(table)
	for k := range t.Len {
		row := header + 1 + k
		shown := contentFor(t.Column(column).At(k)).shown(report.Text)
		if was != "" && shown != was || shown == "" {
			continue
		}
		switch typed {
		case "DATE":
			days, ok := tab.At(row, col).Value.(float64)
			if !ok {
				continue
			}
			parts := strings.Split(dateOf(int(days)), "-")
			typed = parts[2] + "/" + parts[1] + "/" + parts[0]
		case "NAME":
			typed = "\u00a0" + shown + " "
		case "name":
			typed = strings.ToLower(shown)
		}
		d.server.Edit(tab.Title(), cellAt(row, col), typed)
		return
	}
	d.t.Fatalf("no cell of %s shows %q", column, was)
}
