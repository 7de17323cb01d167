package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/etl/source"
)

// Lists of other registers are dirty in ways of their own. What a careful person would do
// with each is held here twice: on an invented excerpt of the same shape, and on the
// whole files where HDSREPORT_REAL names their folder (.ci/real); they are not part of
// the project.
var realLists = []struct {
	excerpt string   // none if the shape is that of another
	whole   []string // in the folder
	list    etl.Listing
	headers []string // field=heading, which a person would declare
	names   []string // of the excerpt
	rows    []int    // of the whole files, in the same order; 0 is refused
	said    []string // codes that are a warning or an error, in both
	refused string   // the gate's code, if that is the verdict
}{
	{excerpt: "declared.csv", whole: []string{"arcep/identifiants_CE_2024.csv", "arcep/identifiants_CE_2025.csv"}, list: etl.Approved,
		headers: []string{"name=IDENTITE_OPERATEUR", "from=DATE_DECLARATION_OPERATEUR"},
		names:   []string{"@lcor télécom", "118 999 Le numéro", "118999", "Bêta ; opérateur"}, rows: []int{1512, 1552}},
	{excerpt: "declared.csv", whole: []string{"arcep/identifiants_CE_2024.csv"}, list: etl.Approved, refused: etl.CodeHeaderMissing, rows: []int{0}},
	{excerpt: "modules.html", whole: []string{"certs/fips_mip_2021-12-19T06_01_00.html"}, list: etl.Approved,
		headers: []string{"name=Vendor Name", "service=Module Name"},
		names:   []string{"Alcofribas, Inc.", "Brobdingnag SE", "Croquemitaine Ltd"}, rows: []int{236},
		said: []string{etl.CodeRowUnnamed, etl.CodeTotalDiffers}},
	{excerpt: "stages.html", whole: []string{"certs/fips_mip_2020-10-24T06_02_00.html"}, list: etl.Approved,
		headers: []string{"name=Vendor Name", "service=Module Name"},
		names:   []string{"Alcofribas, Inc.", "Brobdingnag SE", "Croquemitaine Ltd"}, rows: []int{-1}, said: []string{etl.CodeHTMLIcon}},
	{excerpt: "products.html", whole: []string{"certs/cc_products_active.html"}, list: etl.Approved,
		headers: []string{"name=Vendor", "service=Product", "from=Date Certificate Issued"},
		names:   []string{"Alcofribas, Inc.", "Brobdingnag Co., Ltd."}, rows: []int{-1}, said: []string{etl.CodeRowUnnamed}},
	{excerpt: "marketplace.json", whole: []string{"fedramp/data-2016-06-16.json"}, list: etl.Approved,
		headers: []string{"name=Cloud_Provider", "name=Clould_Service_Provider_Name", "service=Package", "from=Authorization_Date", "from=Original_Authorization_Date"},
		names:   []string{"Alcofribas", "Brobdingnag"}, rows: []int{86}, said: []string{etl.CodeJSONNested}},
	// The day before has other headings, and nobody has said which is the name.
	{whole: []string{"fedramp/data-2016-06-15.json"}, list: etl.Approved, refused: etl.CodeHeaderMissing, rows: []int{0}},
	// An .ods that is called .xls, and a workbook whose first sheet is a legend.
	{whole: []string{"misc/csv_detective.xls"}, list: etl.Approved,
		headers: []string{"name=NOM (FONDATION)", "from=DATE DE RECONNAISSANCE D'UTILITE PUBLIQUE"}, rows: []int{5}, said: []string{etl.CodeSourceExtension}},
	{whole: []string{"misc/csv_detective.xlsx"}, list: etl.Approved, refused: etl.CodeHeaderMissing, rows: []int{0}},
	{whole: []string{"misc/csv_detective.xlsx"}, list: etl.Approved, headers: []string{"name=LIBCOM", "service=CLE"}, rows: []int{5}},
	{excerpt: "works.xlsx", whole: []string{"italy/dati_final_2026.xlsx"}, list: etl.Approved, refused: etl.CodeHeaderMissing, rows: []int{0}},
	{excerpt: "three-headers.csv", whole: []string{"misc/csv_detective_a.csv"}, list: etl.Approved,
		headers: []string{"name=NOMCOM"}, names: []string{"Alcôve-sur-Loir", "Bric-la-Ville"}, rows: []int{-1}},
	{excerpt: "agencies.csv", whole: []string{"misc/pole_emploi_agencies.csv"}, list: etl.Approved,
		headers: []string{"name=NOM", "service=TYPE_SITE"}, names: []string{"ALCOVE DEFENSE", "BRIC"}, rows: []int{-1}},
	{excerpt: "prizes.fods", whole: []string{"misc/csv_detective.ods"}, list: etl.Approved,
		headers: []string{"name=Projet", "from=Date de la cérémonie"}, names: []string{"Alcôve", "Bric"}, rows: []int{3}},
}

func TestRealLists(t *testing.T) {
	for _, real := range realLists {
		t.Run(real.excerpt, func(t *testing.T) {
			if real.excerpt == "" {
				t.Skip("of a shape that another excerpt has")
			}
			res := readReal(t, filepath.Join("testdata", "real", real.excerpt), real.list, real.headers)
			list := &res.Edition.List[real.list]
			if real.refused != "" {
				refusedWith(t, res, real.refused)
				return
			}
			var names []string
			for i := range list.Rows {
				names = append(names, list.Rows[i].Name)
			}
			slices.Sort(names)
			if want := slices.Sorted(slices.Values(real.names)); !slices.Equal(names, want) {
				t.Errorf("names %q, want %q", names, want)
			}
			seen(t, res, real.said)
		})
		folder := os.Getenv("HDSREPORT_REAL")
		for i, name := range real.whole {
			if folder == "" {
				continue
			}
			t.Run(name, func(t *testing.T) {
				res := readReal(t, filepath.Join(folder, filepath.FromSlash(name)), real.list, real.headers)
				if real.refused != "" {
					refusedWith(t, res, real.refused)
					return
				}
				switch n := len(res.Edition.List[real.list].Rows); {
				case n == 0, real.rows[i] > 0 && n != real.rows[i]:
					t.Errorf("%d rows, want %d", n, real.rows[i])
				}
				seen(t, res, real.said)
			})
		}
	}
}

func readReal(t *testing.T, name string, list etl.Listing, headers []string) *etl.Result {
	t.Helper()
	cfg := config.Default()
	for _, h := range headers {
		field, heading, _ := strings.Cut(h, "=")
		cfg.Reference.Headers = append(cfg.Reference.Headers, config.Header{List: list.String(), Field: field, Alias: heading})
	}
	ref := cfg.FullReference()
	table, found, err := source.ReadFile(name, filepath.Base(name), source.Options{Recognise: etl.NewHeaders(&ref, list).Recognise})
	if err != nil {
		t.Fatal(err)
	}
	in := etl.Input{Editions: []etl.EditionInput{{ID: "2019-06-17"}}, Reference: ref, Thresholds: cfg.Gate,
		Namer: identity.New(config.IdentityTables()), Found: found, Partial: true}
	in.Editions[0].Sources[list] = etl.Source{Table: table}
	return etl.Run(in)
}

func refusedWith(t *testing.T, res *etl.Result, code string) {
	t.Helper()
	for _, r := range res.Refusals {
		if r.Finding.Code == code {
			return
		}
	}
	t.Errorf("not refused with %s: %v", code, res.Refusals)
}

func seen(t *testing.T, res *etl.Result, want []string) {
	t.Helper()
	for _, code := range want {
		if !slices.ContainsFunc(res.Findings, func(f etl.Finding) bool { return f.Code == code && f.Severity != etl.Info }) {
			t.Errorf("nothing said with %s", code)
		}
	}
}
