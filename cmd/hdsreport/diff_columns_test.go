package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hdsreport/config"
	"hdsreport/etl"
)

// statedFields are the fields of a list that a source states, with the heading by which it
// does and two values, of row n.
func statedFields(t *testing.T, ref *etl.Reference, l etl.Listing) (fields []*etl.Definition, heads []string,
	value func(field, n int, other bool) string) {
	t.Helper()
	for _, d := range ref.Fields(l) {
		switch d.Kind {
		case etl.KindDerived, etl.KindID, etl.KindSource, etl.KindPosition, etl.KindActivity:
			continue // no source's, or read from the name and from all activities
		}
		head := d.Heading.French // of an extra column
		for _, h := range ref.Headers {
			if (h.List == "both" || h.List == l.String()) && etl.Field(h.Field) == d.Key && !strings.Contains(h.Alias, "*") {
				head = h.Alias
				break
			}
		}
		fields, heads = append(fields, d), append(heads, head)
	}
	return fields, heads, func(field, n int, other bool) string {
		d := fields[field]
		pick := func(a, b string) string { return map[bool]string{false: a, true: b}[other] }
		switch d.Kind {
		case etl.KindName:
			return pick("Alphabloc", "Betacloud") + fmt.Sprint(n)
		case etl.KindDate:
			return pick("01/02/2031", "03/04/2033")
		case etl.KindTypes:
			return ref.Types[map[bool]int{true: 1}[other]].Label["fr"]
		case etl.KindActivities:
			return pick("tout sauf la sauvegarde", "tout sauf l'administration") // neither can be read
		case etl.KindStanding:
			return pick("Valide", "En vigueur")
		case etl.KindNumber:
			return fmt.Sprint(pick("CHE-", "DE "), 7654321+n)
		}
		return pick("un ", "deux ") + d.Heading.French + fmt.Sprint(n)
	}
}

// heading is what the column of a field is called on a sheet, or that in which its values are.
func heading(d *etl.Definition) string {
	if d.Kind == etl.KindActivities { // each has a column, and what cannot be read as well
		return "Unread value, as written"
	}
	return d.Heading.English
}

// tells wants what a comparison says to tell of a change in a column, of one actor or as a
// column that is not compared.
func tells(t *testing.T, what, said, actor string, d *etl.Definition) {
	t.Helper()
	about := regexp.MustCompile(`(?m)^.*\b` + regexp.QuoteMeta(actor) + `\b.*(?:\n +\S.*)*$`).FindString(said)
	for line := range strings.Lines(said) {
		if about == "" && strings.Contains(line, "note") && strings.Contains(line, heading(d)) {
			return
		}
	}
	switch {
	case about == "":
		t.Errorf("%s: nothing is told of a change in %q (%s):\n%s", what, heading(d), actor, said)
	case d.Kind != etl.KindName && d.Kind != etl.KindSource && d.Kind != etl.KindID && !strings.Contains(about, heading(d)):
		t.Errorf("%s: of a change in %q only this is told:\n%s", what, heading(d), about)
	}
}

// TestDiffTellsEveryColumn: whatever column of the table of fields changes in one row, diff
// tells, or says that it is not compared. Each column changes in a row of its own.
func TestDiffTellsEveryColumn(t *testing.T) {
	ref := config.Reference()
	ref.Shown = []string{"Région"}
	for _, l := range etl.Listings {
		fields, heads, value := statedFields(t, &ref, l)
		const rows = 60
		list := func(changed bool) string {
			var b strings.Builder
			b.WriteString(strings.Join(heads, ";") + "\n")
			for n := range rows {
				var cells []string
				for i := range fields {
					cells = append(cells, value(i, n, changed && i == n))
				}
				b.WriteString(strings.Join(cells, ";") + "\n")
			}
			return b.String()
		}
		p := newPlace(t, "report: {language: fr, review: csv, extra_columns: [Région]}\n"+
			"gate: {unclassified: 1, lost: 1, unreadable: 1, changed: 1, ended: 1, months: 60}\n")
		name := l.FileName() + ".csv"
		at := func(name string) string { return filepath.Join(p.dir, name) }
		p.write(t, "was-"+name, list(false))
		p.write(t, "is-"+name, list(true))
		for edition, changed := range map[string]bool{"2019-01": false, "2019-02": true} {
			p.write(t, "editions/"+edition+"/"+name, list(changed))
			p.write(t, "editions/"+edition+"/"+(1-l).FileName()+".csv",
				"Hébergeur;Activités;Prestation;Type\nAutre;toutes;x;y\n")
			p.want(t, exitDone, "run", "--edition", edition, "--out", at(edition+".xlsx"))
		}
		generations, err := filepath.Glob(at("published/*.json"))
		if err != nil || len(generations) != 2 {
			t.Fatal(generations, err)
		}
		for what, sides := range map[string][2]string{
			"lists":        {at("was-" + name), at("is-" + name)},
			"editions":     {"2019-01", "2019-02"},
			"publications": {generations[0], generations[1]},
			"workbooks":    {at("2019-01.xlsx"), at("2019-02.xlsx")},
		} {
			for _, form := range []string{"", "--json", "--markdown"} {
				said, _ := p.want(t, exitDone, "diff", slices.DeleteFunc([]string{form, sides[0], sides[1]},
					func(s string) bool { return s == "" })...)
				for i, d := range fields {
					if form != "" {
						if d.Kind != etl.KindName && !strings.Contains(said, heading(d)) &&
							!strings.Contains(said, fmt.Sprintf("%q: %q", "field", d.Key)) {
							t.Errorf("%s %s %s: nothing is told of a change in %q:\n%s", l, what, form, heading(d), said)
						}
						continue
					}
					tells(t, l.String()+" "+what, said, "Alphabloc"+fmt.Sprint(i), d)
				}
			}
		}
		// What a person types over in a workbook, in any column of its sheets.
		var columns []*etl.Definition
		names := typedOver(t, at("2019-01.xlsx"), at("typed.xlsx"), l, func(set func(heading string, row int, text string)) {
			for _, d := range ref.Fields(l) {
				if !d.Shown() {
					continue
				}
				typed := "Autre chose"
				switch d.Kind {
				case etl.KindActivity:
					typed = "Oui" // was not known
				case etl.KindStanding:
					typed = "En vigueur"
				}
				set(d.Heading.English, len(columns), typed)
				columns = append(columns, d)
			}
			set("", 1, "remarque")
		})
		said, _ := p.want(t, exitDone, "diff", at("2019-01.xlsx"), at("typed.xlsx"))
		for i, d := range columns {
			tells(t, l.String()+" typed", said, names[i], d)
		}
		if !strings.Contains(said, "without a heading") {
			t.Errorf("nothing is told of what stands beside the table:\n%s", said)
		}
	}
}

// typedOver saves an English workbook in which a person has typed over cells, given by heading
// and row, or beside the table. It returns the actors of the rows.
func typedOver(t *testing.T, from, to string, l etl.Listing, typing func(func(heading string, row int, text string))) []string {
	t.Helper()
	f, err := excelize.OpenFile(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := [2]string{"Approved actors", "Certified actors"}[l]
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	header := slices.IndexFunc(rows, func(cells []string) bool { return slices.Contains(cells, "Identifier") })
	typing(func(heading string, row int, text string) {
		col := slices.Index(rows[header], heading)
		if heading == "" {
			col = len(rows[header]) + 2
		}
		cell, err := excelize.CoordinatesToCellName(col+1, header+2+row)
		if err == nil {
			err = f.SetCellFormula(sheet, cell, "")
		}
		if err == nil {
			err = f.SetCellValue(sheet, cell, text)
		}
		if err != nil {
			t.Fatalf("%q: %v", heading, err)
		}
	})
	if err := f.SaveAs(to); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, row := range rows[header+1:] {
		names = append(names, row[slices.Index(rows[header], "Actor")])
	}
	return names
}
