package etl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
)

// TestNotices: what a file says of itself above its header or beside its table is judged in the
// same way, and what is not known is told.
func TestNotices(t *testing.T) {
	rows := []string{certifiedHeader, "Alpha | | | | 1 | 15/01/2019 | 14/01/2022", "Beta | | | | 2 | 15/01/2019 | 14/01/2022"}
	for text, want := range map[string]string{
		"Document de travail – liste provisoire":              "warning file-notice/doubt",
		"status: partial":                                     "warning file-notice/doubt",
		"truncated":                                           "warning file-notice/doubt",
		"Attention : liste non exhaustive":                    "warning file-notice/doubt",
		"Environnement de recette – données fictives":         "warning file-notice/doubt",
		"Liste des hébergeurs agréés":                         "warning file-notice/other",
		"Hébergeurs certifiés en Île-de-France":               "warning file-notice/part",
		"57 hébergeurs certifiés au 17 juin 2019":             "warning total-differs",
		"2 hébergeurs certifiés":                              "",
		"Total : 57":                                          "warning total-differs",
		"Nombre d’hébergeurs : 2":                             "",
		"Liste des hébergeurs certifiés au 17 juin 2019":      "",
		"Hébergeurs de données de santé agréés et certifiés":  "",
		"Source : https://example.org/hds, mise à jour 06/19": "",
		"updated: 2017-01-01":                                 "warning day-stated",
		"Établie d’après les déclarations des organismes":     "info file-notice",
	} {
		for place, source := range map[string]etl.Source{
			"above":  {Table: table("a.csv", append([]string{text}, rows...)...)},
			"around": {Table: table("a.csv", rows...)},
		} {
			if place == "around" {
				if strings.Contains(want, "total") {
					continue // the readers of pages see to it
				}
				source.Table.Around = []string{text}
			}
			want := want
			if place == "above" && strings.HasSuffix(want, "/other") {
				want = "error listing-other/section" // of the rows below it, and once
			}
			_, fs := readAlone(t, etl.Certified, source)
			var got []string
			for _, f := range fs {
				if f.Code == etl.CodeFileNotice || f.Code == etl.CodeListingOther || f.Code == etl.CodeTotalDiffers || f.Code == etl.CodeDayStated {
					got = append(got, strings.TrimSuffix(f.Severity.String()+" "+f.Code+"/"+f.Variant, "/"))
				}
			}
			if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("%q %s: %s", text, place, diff)
			}
		}
	}
	if _, fs := readAlone(t, etl.Certified, etl.Source{Table: table("a.csv", append([]string{"Page 1/3"}, rows...)...)}); len(said(fs, etl.CodeSourcePart)) == 0 {
		t.Error("a page number above the header is not seen")
	}
}
