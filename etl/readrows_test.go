package etl_test

import (
	"fmt"
	"reflect"
	"runtime"
	"testing"

	"hdsreport/etl"
)

// TestLongListOnAnyCores: a long list gives the same rows and findings, in the same order,
// on one core and on several, whatever stands in it and where. Several readers each read a
// part of it, and a line may say something about all that are below it.
func TestLongListOnAnyCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const rows = 2600 // three parts
	usual := func(i int) string {
		return fmt.Sprintf("%s | Infrastructure physique | 1, 2, %d | LNE | C-%d | 01/02/2018 | 01/02/2021", invented(i), 3+i%4, i)
	}
	for name, lines := range map[string]map[int]string{
		"plain": {}, "no numbering": {},
		"troubles in each part": {
			9: "Alpha | ? | 9 et 12 | LNE | 1,2E+10 | 32/13/2018 | 01/02/2017", 10: "Alpha | | | | | | | beyond",
			1300: "Beta (suspendu) | Infrastructure physique | toutes | LNE | C | 01/02/2018 | 01/02/2021 (suspendu)",
			1301: " | Infrastructure physique | 1 | LNE | C | 01/02/2018 | 01/02/2021",
			2000: "Beta (suspendu) | Infrastructure physique | toutes | LNE | C | 01/02/2018 | 14/02/18",
			1400: "Gamma (certificat dénoncé) | Infrastructure physique | 1 | LNE | C | 01/02/2018 | 01/02/2021",
			2599: "Delta (certificat dénoncé) | ? | 1 | LNE | C | 01/02/2018 | 01/02/2021"},
		"a body in the first part":     {5: "Alpha | | 1 | Bodies Ltd | C | 01/02/2018 | 01/02/2021"},
		"a body in two parts":          {5: "Alpha | | 1 | Bodies Ltd | C | | ", 2000: "Beta | | 1 | BODIES LTD | C | | "},
		"a body in later parts":        {1500: "Alpha | | 1 | Bodies Ltd | C | | ", 2400: "Beta | | 1 | BODIES LTD | C | | "},
		"a title in the first part":    {20: "Hébergeurs suspendus", 2400: "Hébergeurs certifiés"},
		"a title at the end of a part": {1023: "Hébergeurs suspendus", 1024: "Hébergeurs suspendus", 1025: "Hébergeurs retirés"},
		"a title in the last part":     {2550: "Hébergeurs suspendus"},
		"a region in the last part":    {2550: "Région Bretagne"},
		"lines of a page":              {100: "Affichage de 1 à 100 sur 3 000 résultats", 1100: "Page 2/9"},
		"numbers that are none": {1: "Alpha | | 1 | LNE | C | | | 7,32E+8", 2300: "Beta | | 1 | LNE | C | | | 7,32E+8",
			2400: "Beta | | 1 | LNE | C | | | 732 829 320"},
		"another header":                  {1100: "Hébergeur | Prestation | Date d'agrément | Fin d'agrément"},
		"the header again":                {1024: certifiedHeader, 2048: certifiedHeader},
		"totals":                          {2599: "Total : 99 hébergeurs"},
		"a mark that a line explains":     {30: "Alpha * | | 1 | LNE | C | | ", 2000: "Beta * | | 1 | LNE | C | | ", 2599: "* certificat suspendu"},
		"a title above the first row":     {0: "Hébergeurs suspendus", 1500: "Hébergeurs certifiés"},
		"numbers that a sheet has spoilt": {40: "Alpha | | 1 | LNE | 1,23E+12 | | ", 2300: "Beta | | 1 | LNE | 1,23E+12 | | "},
	} {
		t.Run(name, func(t *testing.T) {
			source := func() etl.Source {
				all := make([]string, rows)
				for i := range all {
					if all[i] = usual(i); lines[i] != "" {
						all[i] = lines[i]
					}
				}
				src := certifies("2019-06-17", all...)
				src.Table.Rows[0].Cells = append(src.Table.Rows[0].Cells, "SIREN")
				if name == "no numbering" {
					src.Numbering = ""
				}
				return src
			}
			ref := reference()
			day, _ := etl.ParseDate("2019-06-17")
			runtime.GOMAXPROCS(1)
			want, said := etl.ReadList(&ref, day, etl.Certified, source())
			runtime.GOMAXPROCS(4)
			got, told := etl.ReadList(&ref, day, etl.Certified, source())
			if len(want.Rows) < rows/3 && name != "another header" {
				t.Errorf("only %d rows", len(want.Rows))
			}
			if !reflect.DeepEqual(got.Rows, want.Rows) {
				t.Errorf("other rows: %d, want %d", len(got.Rows), len(want.Rows))
			}
			if !reflect.DeepEqual(told, said) {
				t.Errorf("other findings: %d, want %d\n%.1000v\nwant\n%.1000v", len(told), len(said), told, said)
			}
		})
	}
}
