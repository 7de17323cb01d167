package gsheets

import (
	"errors"
	"io/fs"
	"slices"
	"testing"

	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/published"
)

func unknown(string) (*published.Publication, error) { return nil, fs.ErrNotExist }

// TestLostPublication: nobody here knows what was published, and nobody has typed into
// the sheet, though people have sorted it, moved a column and added one of their own. The
// sheet itself says so, and the next edition is published.
func TestLostPublication(t *testing.T) {
	for _, editions := range [][2]string{{"2019-02", "2019-06-17"}, {"2019-06-17", "2019-02"}} {
		d := newDesk(t, sheetstest.Options{})
		d.mustPublish(sample(editions[0]), editions[0])
		d.notes("approved", 2)
		before := d.notesByID("approved")
		tab, _ := ourTab(d.server.Snapshot(), "approved")
		columns, header := columnsOfTab(tab)
		d.server.MoveColumns(tab.Title(), columns["service"], 1, columns["until"])
		rows, cols := tab.Size()
		d.server.SortRange(tab.Title(), cellAt(header+1, 0)+":"+cellAt(rows-1, cols-1), letters(columns["name"]), true)
		d.mutated.Known = unknown
		b := sample(editions[1])
		d.mustPublish(b, editions[1])
		d.check(b)
		d.checkNotes("approved", b, before)
		for _, e := range d.saved {
			if !e.kept {
				t.Errorf("%s after %s: an edit that nobody made: %+v", editions[1], editions[0], e)
			}
		}
	}
}

// TestLostPublicationWithEdits: what somebody typed stops it, and no other row is named.
func TestLostPublicationWithEdits(t *testing.T) {
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(sample("2019-06-17"), "2019-06-17")
	tab, _ := ourTab(d.server.Snapshot(), "approved")
	columns, header := columnsOfTab(tab)
	b := sample("2019-02")
	inBook := rowIDs(b.Table("approved"))
	typed := map[string]bool{} // a row that stays and one that goes
	for row, kept := header+1, 0; len(typed) < 2; row++ {
		id := tab.At(row, columns["id"]).Value.(string)
		if slices.Contains(inBook, id) == (kept == 0) {
			d.server.Edit(tab.Title(), cellAt(row, columns["name"]), "Tapé à la main")
			typed[id] = true
			kept++
		}
	}
	d.mutated.Known = unknown
	_, err := d.publish(b, "2019-02")
	var refused *Refused
	if !errors.As(err, &refused) {
		t.Fatalf("%v", err)
	}
	for _, e := range refused.Edits {
		if !typed[e.Row] && !e.kept {
			t.Errorf("an edit that nobody made: %+v", e)
		}
	}
	for id := range typed {
		d.savedAll([]Edit{{Sheet: "approved", Row: id, Field: "name", Found: "Tapé à la main"}})
	}
}
