package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hdsreport/report/xlsx/xlsxtest"
)

// TestWouldNotHold: edits each of which is fine, and which together would have the gate refuse
// the next run. As many as hold are recorded, the others are refused, and the run goes on.
func TestWouldNotHold(t *testing.T) {
	b := newBench(t, map[string]string{"hdsreport.yaml": "report: {language: fr}\ngate: {unclassified: 0.55}\n"})
	var edits []string
	for _, id := range []string{"bravo", "charlie", "golf", "hotel", "india"} {
		edits = append(edits, "A|"+id+"|Positionnement principal=À classer")
	}
	file := b.edited(edits...)
	got := b.take(3, file)
	held, failed := 0, 0
	for _, r := range got.Recorded {
		if r.Value == "unclassified" {
			held++
		}
	}
	for _, r := range got.Refused {
		if r.Why == "would-not-hold" && r.Field == "position" && r.Cell != "" {
			failed++
		}
	}
	if held == 0 || failed == 0 || held+failed != len(edits) {
		t.Errorf("%d recorded, %d refused: %q", held, failed, got.said())
	}
	b.run(0, "run")
	was := b.read("registry/corrections.csv")
	b.take(3, file)
	if b.read("registry/corrections.csv") != was {
		t.Error("the second import wrote")
	}
}

// TestTakenInIsNotPutAside: a run puts a workbook aside that somebody has edited, but not one
// of which every cell is in the registry; one with a sheet of somebody's own is kept.
func TestTakenInIsNotPutAside(t *testing.T) {
	for name, c := range map[string]struct {
		edit  func(f *sheetFile)
		take  bool
		aside int
	}{
		"edited and not imported":    {func(f *sheetFile) { f.edit("A|bravo|Fin d’agrément=05/05/2025") }, false, 1},
		"edited and imported":        {func(f *sheetFile) { f.edit("A|bravo|Fin d’agrément=05/05/2025") }, true, 0},
		"saved and nothing edited":   {func(f *sheetFile) { f.edit("A|bravo|#colour=00FF00") }, false, 0},
		"a column of somebody's own": {func(f *sheetFile) { f.edit("A|#own=C|vu") }, true, 1},
		"a sheet of somebody's own": {func(f *sheetFile) {
			f.NewSheet("Notes")
			f.SetCellStr("Notes", "A1", "à moi")
		}, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			f := b.open(b.book)
			c.edit(f)
			if err := f.SaveAs(b.book); err != nil {
				t.Fatal(err)
			}
			saved, _ := os.ReadFile(b.book)
			if c.take {
				b.take(0, b.book)
			}
			_, told := b.run(0, "run")
			aside, _ := filepath.Glob(filepath.Join(b.dir, "*.edited-*.xlsx"))
			if len(aside) != c.aside {
				t.Fatalf("put aside: %q\n%s", aside, told)
			}
			for _, file := range aside {
				if data, _ := os.ReadFile(file); string(data) != string(saved) || !strings.Contains(told, "corrections import") {
					t.Errorf("it is not what was saved, or nobody is told:\n%s", told)
				}
			}
		})
	}
}

// TestImportJSON: the keys that programs rely on, arrays that are never null, with every exit
// code.
func TestImportJSON(t *testing.T) {
	b := newBench(t, nil)
	for name, c := range map[string]struct {
		exit  int
		edits []string
	}{
		"nothing":  {0, nil},
		"recorded": {0, []string{"A|bravo|Fin d’agrément=05/05/2025"}},
		"refused":  {3, []string{"A|bravo|Fin d’agrément=bientôt"}},
	} {
		out, _ := b.run(c.exit, "corrections", "import", b.edited(c.edits...), "--by", "Ada", "--dry-run", "--json")
		var all map[string]json.RawMessage
		if err := json.Unmarshal([]byte(out), &all); err != nil {
			t.Fatal(err)
		}
		for key, kind := range map[string]byte{"file": '"', "by": '"', "edition": '"', "base": '{', "recorded": '[', "already": '[', "conflicts": '[', "refused": '[', "notes": '['} {
			if raw := all[key]; len(raw) == 0 || raw[0] != kind {
				t.Errorf("%s: %s is %s", name, key, raw)
			}
		}
		var base map[string]string
		json.Unmarshal(all["base"], &base)
		if base["from"] != "file" || len(base["generation"]) != 32 || base["edition"] != "2019-06-17" {
			t.Errorf("%s: %v", name, base)
		}
		item := map[string]string{}
		for list, keys := range map[string][]string{"recorded": {"list", "row", "id", "field", "published", "value", "was", "cell"}, "refused": {"row", "id", "field", "found", "why", "cell"}} {
			var items []map[string]any
			json.Unmarshal(all[list], &items)
			for _, it := range items {
				for _, key := range keys {
					if it[key] == nil {
						t.Errorf("%s: %s has no %s: %v", name, list, key, it)
					}
				}
				item[list] = fmt.Sprint(it["cell"])
			}
		}
		if cell := item[name]; name != "nothing" && !strings.HasPrefix(cell, "Acteurs agréés!") {
			t.Errorf("%s: the cell is %q", name, cell)
		}
	}
	out, _ := b.run(0, "corrections", "list", "--json")
	if strings.TrimSpace(out) != "{\n  \"corrections\": []\n}" {
		t.Errorf("%q", out)
	}
	if out, _ = newBench(t, map[string]string{"registry/actors.csv": "id,name,position,website,note\n", "registry/names.csv": "actor,name,kind,from,to\n"}).run(0, "decide", "list", "--json"); strings.TrimSpace(out) != "{\n  \"decisions\": []\n}" {
		t.Errorf("%q", out)
	}
}

// TestEnglishWorkbook: the workbook is in English, the setting is French by now, and what was
// typed is English.
func TestEnglishWorkbook(t *testing.T) {
	b := newBench(t, map[string]string{"hdsreport.yaml": "report: {language: en}\n"})
	f := b.open(b.book)
	sheets := f.GetSheetList()
	typed := 0
	for _, sheet := range sheets[:2] {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c := range row {
				for id, want := range map[string][2]string{"Bravo": {"Main positioning", "Hosting and cloud"}, "Juliett": {"Backup", "Yes"}} {
					if row[0] != id {
						continue
					}
					top := slices.IndexFunc(rows, func(r []string) bool { return slices.Contains(r, want[0]) })
					if top >= 0 && rows[top][c] == want[0] {
						if err := f.SetCellStr(sheet, fmt.Sprint(letter(c), r+1), want[1]); err != nil {
							t.Fatal(err)
						}
						typed++
					}
				}
			}
		}
	}
	if typed == 0 {
		t.Fatalf("nothing typed into %q", sheets)
	}
	path := f.save()
	b.write(map[string]string{"hdsreport.yaml": "report: {language: fr}\n"})
	got := b.take(0, path)
	if len(got.Recorded) != typed || got.Base.From != "file" {
		t.Errorf("%d typed, %q", typed, got.said())
	}
}

func letter(i int) string { return string(rune('A' + i)) }

// TestSavedByOpenpyxl: a workbook that a script has edited and saved with openpyxl is the one
// that was published, and its edits are taken.
func TestSavedByOpenpyxl(t *testing.T) {
	xlsxtest.Needs(t, "openpyxl", "/usr/bin/python3", "-c", "import openpyxl")
	b := newBench(t, nil)
	to := filepath.Join(t.TempDir(), "script.xlsx")
	out, err := exec.Command("/usr/bin/python3", "-c", `
import sys, datetime, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
sheet = book["Acteurs agréés"]
for row in sheet.iter_rows():
    for cell in row:
        if cell.value == "Identifiant": top, ident = cell.row, cell.column
        if cell.value == "Fin d’agrément": until = cell.column
for row in range(top + 1, sheet.max_row + 1):
    if str(sheet.cell(row, ident).value).startswith("bravo"):
        sheet.cell(row, until).value = datetime.datetime(2025, 5, 5)
book.save(sys.argv[2])
`, b.book, to).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := b.take(0, to)
	wants(t, got, "recorded "+b.ids()["bravo"]+" until 2021-03-03>2025-05-05 was 2021-03-03")
	if got.Base.From != "file" {
		t.Errorf("%+v", got.Base)
	}
}

// TestNamesakeCorrection: a line of corrections.csv that gives an actor another one's name is
// told, with what to do.
func TestNamesakeCorrection(t *testing.T) {
	b := newBench(t, map[string]string{"registry/corrections.csv": "id,field,was,value,by,date,reason\ncharlie,name,Charlie,BRAVO,Zoé,2026-01-01,\n"})
	out, _ := b.run(0, "check")
	if !strings.Contains(out, "corrections.csv:2: warning") || !strings.Contains(out, "[registry-value]") {
		t.Error(out)
	}
}

// TestOneIDOnBothLists: a correction of a date of a row whose identifier is on both lists, and
// whose dates are equal, tells nobody which one is meant: the gate refuses it, and an import
// never writes it.
func TestOneIDOnBothLists(t *testing.T) {
	b := newBench(t, nil)
	b.write(map[string]string{"registry/corrections.csv": "id,field,was,value,by,date,reason\ndelta,from,2018-05-05,2018-06-06,Zoé,2026-01-01,\n"})
	if _, said := b.run(3, "run"); !strings.Contains(said, "registry-value") {
		t.Error(said)
	}
}

// TestShellWord: the command that a message names can be pasted into a shell as it is.
func TestShellWord(t *testing.T) {
	xlsxtest.Tool(t, "bash")
	for _, text := range []string{"plain.xlsx", "dossier/É. à.xlsx", "classeur d'Ada.xlsx", `a "b" 'c'.xlsx`, "$HOME `x` !! \\.xlsx", "a;b&c|d>e.xlsx", "*", ""} {
		out, err := exec.Command("bash", "-c", "printf %s "+shellWord(text)).Output()
		if err != nil || string(out) != text {
			t.Errorf("%q becomes %q (%v)", text, out, err)
		}
	}
}
