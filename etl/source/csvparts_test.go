package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPartsOfCSV: a long file gives the same table and the same findings in parts as in one
// piece, whatever stands across the parts.
func TestPartsOfCSV(t *testing.T) {
	const rows = 4_000
	list := func(special map[int]string, each func(i int) string) string {
		var b strings.Builder
		b.WriteString("Raison sociale;N° de certificat;Fin\n")
		for i := range rows {
			if s, ok := special[i]; ok {
				b.WriteString(s)
			} else {
				b.WriteString(each(i))
			}
		}
		return b.String()
	}
	row := func(i int) string { return fmt.Sprintf("Société %d;C-%d;17/06/2021\n", i, i) }
	for name, text := range map[string]string{
		"plain":               list(nil, row),
		"CRLF":                strings.ReplaceAll(list(nil, row), "\n", "\r\n"),
		"CR at an end":        list(map[int]string{3000: "Alpha;C-1;17/06/2021\r"}, row),
		"quoted":              list(nil, func(i int) string { return fmt.Sprintf("\"Alpha\n%d\";\"C;%d\";17/06/2021\n", i, i) }),
		"quote left open":     list(map[int]string{2500: "\"Alpha;C-1;17/06/2021\n"}, row),
		"quote to the end":    list(map[int]string{1500: "\"" + strings.Repeat("Alpha ", 10_000) + "\n"}, row),
		"wider row":           list(map[int]string{3500: "Alpha;C-1;17/06/2021;more\n"}, row),
		"short rows":          list(map[int]string{1200: "Alpha;C-1\n", 2400: "Beta;C-2\n", 3999: "Gamma;C-3"}, row),
		"wider row, then cut": list(map[int]string{2500: "Alpha;C-1;17/06/2021;more\n", 3999: "Gamma;C-3"}, row),
		"cut":                 list(map[int]string{3999: "Gamma;C-3"}, row),
		"many marks": list(nil, func(i int) string {
			return fmt.Sprintf("Soci\u00a0t\u00e9 %d;C-%d;CovÃ©a\n\n", i, i)
		}),
		"marks in the last part": list(map[int]string{3900: "Alpha\u200b;=\"001\";17/06/2021\n"}, row),
		"end mark":               list(nil, row) + "\x1a",
	} {
		t.Run(name, func(t *testing.T) {
			read := func(long int) any {
				defer func(was int) { longText = was }(longText)
				longText = long
				table, found, err := Read([]byte(text), "a.csv", Options{})
				var said []string
				for _, f := range found {
					said = append(said, f.String())
				}
				return []any{table, said, fmt.Sprint(err)}
			}
			if diff := cmp.Diff(read(len(text)+1), read(0)); diff != "" {
				t.Errorf("in parts (+) and in one piece (-):\n%.2000s", diff)
			}
		})
	}
}
