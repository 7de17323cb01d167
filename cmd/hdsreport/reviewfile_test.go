package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"hdsreport/etl/review"
	"hdsreport/report/xlsx/xlsxtest"
)

// asked is a workspace with three actors to classify and a pair of names.
func asked(t *testing.T) place {
	t.Helper()
	p := newPlace(t, "gate: {unclassified: 1}\n")
	p.write(t, "editions/2019-06/agrees.csv", agreesHead+"Brumeval Informatique;Stockage;17/06/2018;17/06/2021\nBrumeval Informatique Services;Archivage;17/06/2018;17/06/2021\n")
	p.write(t, "editions/2019-06/certifies.csv", certifiesHead+"Gamma Télécom;Infogéreur;5, 6;LNE;G-1;01/02/2019;31/01/2022\n")
	return p
}

// fill opens a review as an editor does and types into cells of the lines with some ids.
func (p place) fill(t *testing.T, typed map[string]map[string]string, more func(*excelize.File)) {
	t.Helper()
	name := filepath.Join(p.dir, review.FormName)
	f, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(1)
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	id := slices.Index(rows[0], "identifiant")
	for r, row := range rows[1:] {
		for heading, value := range typed[row[id]] {
			c := slices.Index(rows[0], heading)
			if c < 0 {
				c = len(rows[0])
				cell, _ := excelize.CoordinatesToCellName(c+1, 1)
				f.SetCellStr(sheet, cell, heading)
			}
			cell, _ := excelize.CoordinatesToCellName(c+1, r+2)
			f.SetCellStr(sheet, cell, value)
		}
	}
	if more != nil {
		more(f)
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
}

// cells returns a column of a review by the ids of the lines.
func (p place) cells(t *testing.T, heading string) map[string]string {
	t.Helper()
	f, err := excelize.OpenFile(filepath.Join(p.dir, review.FormName))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(1))
	if err != nil {
		t.Fatal(err)
	}
	id, column := slices.Index(rows[0], "identifiant"), slices.Index(rows[0], heading)
	out := map[string]string{}
	for _, row := range rows[1:] {
		if column >= 0 && column < len(row) {
			out[row[id]] = row[column]
		} else {
			out[row[id]] = ""
		}
	}
	return out
}

// french runs a command as a French newsroom does, and returns what it says.
func (p place) french(t *testing.T, review string, args ...string) string {
	t.Helper()
	var out, told bytes.Buffer
	c := &Command{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &told,
		Environ: []string{"HDSREPORT_REPORT_REVIEW=" + review}, Now: func() time.Time { return time.Unix(1_700_000_000, 0) }}
	if code := c.Main(append(args, "--config", filepath.Join(p.dir, "hdsreport.yaml"))); code != exitDone {
		t.Fatalf("%q: exit %d\n%s", args, code, told.String())
	}
	return told.String()
}

func (p place) bytes(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestFormIsDrawnOnce: the review is a workbook that explains itself, holds what is asked
// with what helps to answer, and is not drawn again while it asks the same.
func TestFormIsDrawnOnce(t *testing.T) {
	p := asked(t)
	p.french(t, "xlsx", "run")
	if _, err := os.Stat(filepath.Join(p.dir, review.FileName)); err == nil {
		t.Error("there is a CSV file too")
	}
	f, err := excelize.OpenFile(filepath.Join(p.dir, review.FormName))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Mode d’emploi", "Revue"}) {
		t.Errorf("sheets %q", got)
	}
	validations, err := f.GetDataValidations("Revue")
	if err != nil || len(validations) != 2 {
		t.Errorf("%d drop-downs (%v)", len(validations), err)
	}
	for _, v := range validations {
		if v.ShowErrorMessage {
			t.Errorf("%s forbids what it does not list", v.Sqref)
		}
	}
	f.Close()
	for heading, want := range map[string]map[string]string{
		"liste":                    {"pair:brumeval-informatique+brumeval-informatique-services": "agréés", "position:gamma-telecom": "certifiés"},
		"certificat ou prestation": {"pair:brumeval-informatique+brumeval-informatique-services": "Stockage / Archivage", "position:gamma-telecom": "LNE G-1"},
		"dates":                    {"pair:brumeval-informatique+brumeval-informatique-services": "du 17/06/2018 au 17/06/2021", "position:gamma-telecom": "du 01/02/2019 au 31/01/2022"},
		"proposition":              {"position:gamma-telecom": "Opérateur télécom"},
	} {
		got := p.cells(t, heading)
		for id, cell := range want {
			if got[id] != cell {
				t.Errorf("%s of %s: %q, want %q", heading, id, got[id], cell)
			}
		}
	}
	first := p.bytes(t, review.FormName)
	// As a spreadsheet leaves it: other bytes, the same questions.
	p.fill(t, nil, func(f *excelize.File) { f.SetColWidth("Revue", "A", "A", 50) })
	saved := p.bytes(t, review.FormName)
	if bytes.Equal(first, saved) {
		t.Fatal("saving changes nothing")
	}
	p.french(t, "xlsx", "run")
	if !bytes.Equal(saved, p.bytes(t, review.FormName)) {
		t.Error("the same questions are drawn again")
	}
	if err := os.Remove(filepath.Join(p.dir, review.FormName)); err != nil {
		t.Fatal(err)
	}
	p.french(t, "xlsx", "run")
	if !bytes.Equal(first, p.bytes(t, review.FormName)) {
		t.Error("the same workspace gives other bytes")
	}
}

// TestRulingsOfAForm: what is typed into the form waits there, with columns that an editor
// added and new questions below, until it is taken; then it is asked no more.
func TestRulingsOfAForm(t *testing.T) {
	p := asked(t)
	p.french(t, "xlsx", "run")
	p.fill(t, map[string]map[string]string{"pair:brumeval-informatique+brumeval-informatique-services": {"décision": "différent"},
		"position:gamma-telecom": {"décision": "oui"}, "position:brumeval-informatique": {"commentaire": "demander", "vu avec": "Zoé"}}, nil)
	filled := p.bytes(t, review.FormName)
	told := p.french(t, "xlsx", "run")
	if !strings.Contains(told, "revue.xlsx reste tel quel") || !bytes.Equal(filled, p.bytes(t, review.FormName)) {
		t.Errorf("a form with rulings is not left: %s", told)
	}
	p.write(t, "editions/2019-06/certifies.csv", certifiesHead+"Gamma Télécom;Infogéreur;5, 6;LNE;G-1;01/02/2019;31/01/2022\nZeta;Infogéreur;5;LNE;Z-1;01/02/2019;31/01/2022\n")
	if told = p.french(t, "xlsx", "run"); !strings.Contains(told, "2 décisions que le registre n’a pas") {
		t.Errorf("a new question is not announced: %s", told)
	}
	rulings := p.cells(t, "décision")
	if _, asked := rulings["position:zeta"]; !asked || rulings["pair:brumeval-informatique+brumeval-informatique-services"] != "différent" {
		t.Errorf("rulings %v", rulings)
	}
	if got := p.cells(t, "vu avec")["position:brumeval-informatique"]; got != "Zoé" {
		t.Errorf("a column of the editor's own holds %q", got)
	}
	p.french(t, "xlsx", "decide", filepath.Join(p.dir, review.FormName), "--by", "A. Martin")
	p.french(t, "xlsx", "run")
	rulings = p.cells(t, "décision")
	for _, id := range []string{"pair:brumeval-informatique+brumeval-informatique-services", "position:gamma-telecom"} {
		if _, asked := rulings[id]; asked {
			t.Errorf("%s is asked again", id)
		}
	}
	if got := p.cells(t, "commentaire")["position:brumeval-informatique"]; got != "demander" {
		t.Errorf("the comment has become %q", got)
	}
	if got := p.cells(t, "vu avec")["position:brumeval-informatique"]; got != "Zoé" {
		t.Errorf("after the rulings, a column of the editor's own holds %q", got)
	}
}

// TestFormWithSheetsOfOthers: sheets that an editor added are kept when the form is drawn
// anew.
func TestFormWithSheetsOfOthers(t *testing.T) {
	p := asked(t)
	p.french(t, "xlsx", "run")
	p.fill(t, nil, func(f *excelize.File) { f.NewSheet("Notes"); f.SetCellStr("Notes", "A1", "à moi") })
	own := p.bytes(t, review.FormName)
	p.write(t, "registry/actors.csv", "id,name,position,website,note\ngamma-telecom,Gamma Télécom,esn,,\n")
	p.french(t, "xlsx", "run")
	kept, err := filepath.Glob(filepath.Join(p.dir, "revue.edited-*.xlsx"))
	if err != nil || len(kept) != 1 || !bytes.Equal(own, p.bytes(t, filepath.Base(kept[0]))) {
		t.Errorf("kept %v (%v)", kept, err)
	}
}

// TestReviewOfTheOtherFormat: rulings in a CSV file wait there when the format is
// another, and the file goes when it holds nothing of a person's.
func TestReviewOfTheOtherFormat(t *testing.T) {
	p := asked(t)
	p.french(t, "csv", "run")
	text := regexp.MustCompile("(?m)^(position:gamma-telecom;.*;);\r?$").ReplaceAllString(string(p.bytes(t, review.FileName)), "${1}ESN;")
	p.write(t, review.FileName, text)
	if told := p.french(t, "xlsx", "run"); !strings.Contains(told, "revue.csv reste tel quel") {
		t.Errorf("rulings in the other format are not told: %s", told)
	}
	if string(p.bytes(t, review.FileName)) != text {
		t.Error("the file with rulings has changed")
	}
	p.french(t, "xlsx", "decide", filepath.Join(p.dir, review.FileName), "--by", "A. Martin")
	p.french(t, "xlsx", "run")
	if _, err := os.Stat(filepath.Join(p.dir, review.FileName)); err == nil {
		t.Error("a review that asks nothing more lies about")
	}
}

// TestLongReviewHasNoPlace: what is in the place of a long review and cannot be replaced is told
// and left, as it is with a short one, and the questions go to the other format.
func TestLongReviewHasNoPlace(t *testing.T) {
	p := newPlace(t, "gate: {unclassified: 1}\n")
	var rows strings.Builder
	for i := range review.MostInForm + 1 {
		fmt.Fprintf(&rows, "Hôte %c%c%c;Infogéreur;5;LNE;G-%d;01/02/2019;31/01/2022\n", 'A'+i/676%26, 'A'+i/26%26, 'A'+i%26, i)
	}
	p.write(t, "editions/2019-06/agrees.csv", agreesHead+"Brumeval;Stockage;17/06/2018;17/06/2021\n")
	p.write(t, "editions/2019-06/certifies.csv", certifiesHead+rows.String())
	if err := os.Mkdir(filepath.Join(p.dir, review.FileName), 0o755); err != nil {
		t.Fatal(err)
	}
	if told := p.french(t, "xlsx", "run"); !strings.Contains(told, "revue.csv reste tel quel") {
		t.Errorf("what is in the review's place is not told: %s", told)
	}
	if _, err := os.Stat(filepath.Join(p.dir, review.FormName)); err != nil {
		t.Error(err)
	}
}

// TestDecideTakesWhatSpreadsheetsSave: the form as LibreOffice saves it, .ods and .xlsx.
func TestDecideTakesWhatSpreadsheetsSave(t *testing.T) {
	t.Parallel() // it waits for other programs
	xlsxtest.Tool(t, "soffice", "libreoffice")
	for _, format := range []string{"ods", "xlsx"} {
		t.Run(format, func(t *testing.T) {
			p := asked(t)
			p.french(t, "xlsx", "run")
			p.fill(t, map[string]map[string]string{"position:gamma-telecom": {"décision": "oui"}}, nil)
			saved := xlsxtest.Recalculate(t, format, filepath.Join(p.dir, review.FormName))[0]
			data, err := os.ReadFile(saved)
			if err != nil {
				t.Fatal(err)
			}
			p.write(t, "saved."+format, string(data))
			p.french(t, "xlsx", "decide", filepath.Join(p.dir, "saved."+format), "--by", "A. Martin")
			if text := string(p.bytes(t, "registry/actors.csv")); !strings.Contains(text, "gamma-telecom") {
				t.Errorf("nothing is recorded:\n%s", text)
			}
		})
	}
}
