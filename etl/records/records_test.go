package records_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"hdsreport/etl"
	"hdsreport/etl/records"
)

type line struct {
	ID    string    `csv:"id"`
	Name  string    `csv:"name"`
	Note  string    `csv:"note"`
	Place etl.Place `csv:"-"`
}

func at(l *line, p etl.Place) { l.Place = p }

// TestReadTakesOutWhatNoWorkbookHolds: with its place, like what is too long for a cell.
func TestReadTakesOutWhatNoWorkbookHolds(t *testing.T) {
	rows, fs, err := records.Read([]byte("id,name,note\n1,a\x00b\uffff,\"c\nd\"\n2,é,"+strings.Repeat("x", 32_768)+"\n"), "t.csv", at)
	if err != nil {
		t.Fatal(err)
	}
	if rows[0].Name != "ab" || rows[0].Note != "c\nd" {
		t.Errorf("read as %q, %q", rows[0].Name, rows[0].Note)
	}
	var got []string
	for _, f := range fs {
		got = append(got, f.Place.String()+" "+f.Severity.String()+" "+f.Code)
	}
	if diff := cmp.Diff([]string{"t.csv:2:2 warning control-removed", "t.csv:4:3 error text-too-long"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestRead: however an editor's spreadsheet has written the file.
func TestRead(t *testing.T) {
	windows := func(s string) string {
		out, err := charmap.Windows1252.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	utf16 := func(s string) string {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := []line{
		{ID: "001", Name: "Café, Œuvre", Note: "« l’été »", Place: etl.Place{File: "t.csv", Row: 2}},
		{ID: "002", Name: "Beta", Place: etl.Place{File: "t.csv", Row: 3}},
	}
	plain := "id,name,note\n001,\"Café, Œuvre\",« l’été »\n002,Beta,\n"
	semicolons := "id;name;note\n001;Café, Œuvre;« l’été »\n002;Beta;\n"
	for name, text := range map[string]string{
		"commas":                        plain,
		"semicolons":                    semicolons,
		"tabs":                          strings.ReplaceAll(semicolons, ";", "\t"),
		"CRLF":                          strings.ReplaceAll(plain, "\n", "\r\n"),
		"no last line end":              strings.TrimSuffix(plain, "\n"),
		"Windows-1252":                  windows(semicolons),
		"a byte-order mark":             "\ufeff" + plain,
		"a byte-order mark and quotes":  "\ufeff\"id\",\"name\",\"note\"\n\"001\",\"Café, Œuvre\",\"« l’été »\"\n\"002\",\"Beta\",\"\"\n",
		"UTF-16":                        utf16(semicolons),
		"capitals in another order":     "NOTE;ID;Name\n« l’été »;001;Café, Œuvre\n;002;Beta\n",
		"a short row":                   "id;name;note\n001;Café, Œuvre;« l’été »\n002;Beta\n",
		"spaces around":                 "id ; name;note \n 001;Café, Œuvre ; « l’été »\n002;Beta; \n",
		"a semicolon file with a comma": "id;name;note\n001;\"Café, Œuvre\";« l’été »\n002;Beta;\n",
	} {
		got, fs, err := records.Read([]byte(text), "t.csv", at)
		if err != nil || len(fs) > 0 {
			t.Errorf("%s: %v, %v", name, err, fs)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestLines: blank lines and values over several lines leave each row its own
// line of the file.
func TestLines(t *testing.T) {
	got, fs, err := records.Read([]byte("\nid,name,note\n\n1,\"a\nb\",x\n,,\n2,\"say \"\"oui\"\"\",y\n"), "t.csv", at)
	if err != nil || len(fs) > 0 {
		t.Fatal(err, fs)
	}
	want := []line{{"1", "a\nb", "x", etl.Place{File: "t.csv", Row: 4}}, {"2", `say "oui"`, "y", etl.Place{File: "t.csv", Row: 7}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestFindings: what does not fit is said with its place, and the rest is read.
func TestFindings(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
		ids        string
	}{
		{"a column that the table lacks", "id,name,note,colour\n1,a,b,red\n", []string{"t.csv:1:4 warning header-extra"}, "1"},
		{"a column missing", "id,note\n1,b\n", []string{"t.csv:1 error column-missing"}, "1"},
		{"a column twice", "id,name,ID,note\n1,a,2,b\n", []string{"t.csv:1:3 error header-duplicate"}, "1"},
		{"a row too long", "id,name,note\n1,a,b,c\n2,d,e\n", []string{"t.csv:2:4 error row-too-long"}, "1 2"},
		{"empty headings", "id,,name,,note\n1,x,a,y,b\n", nil, "1"},
		{"another table", "a;b\n1;2\n", []string{"t.csv:1 error column-missing", "t.csv:1 error column-missing", "t.csv:1 error column-missing", "t.csv:1:1 warning header-extra", "t.csv:1:2 warning header-extra"}, ""},
		{"a header alone", "id,name,note\n", nil, ""},
		{"nothing", "", nil, ""},
		{"blank lines", "\n\n", nil, ""},
		{"a byte-order mark alone", "\ufeff", nil, ""},
	} {
		got, fs, err := records.Read([]byte(c.text), "t.csv", at)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		etl.SortFindings(fs)
		var said []string
		for _, f := range fs {
			said = append(said, f.Place.String()+" "+f.Severity.String()+" "+f.Code)
			if f.ToDo().IsZero() {
				t.Errorf("%s: nobody is told what to do: %s", c.name, f)
			}
		}
		if diff := cmp.Diff(c.want, said); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		var ids []string
		for _, l := range got {
			if l.ID != "" {
				ids = append(ids, l.ID)
			}
		}
		if s := strings.Join(ids, " "); s != c.ids {
			t.Errorf("%s: ids %q, want %q", c.name, s, c.ids)
		}
	}
}

func TestNoTableAtAll(t *testing.T) {
	type count struct {
		N int `csv:"n"`
	}
	if _, _, err := records.Read[count]([]byte("n\nbeaucoup\n"), "t.csv", nil); err == nil || !strings.HasPrefix(err.Error(), "t.csv: ") {
		t.Errorf("error %v", err)
	}
}

// TestConflict: two versions between the marks of git are not rows.
func TestConflict(t *testing.T) {
	_, _, err := records.Read[line]([]byte("id,name\n1,a\n<<<<<<< HEAD\n2,b\n=======\n2,c\n>>>>>>> other\n"), "x.csv", nil)
	if err == nil || !strings.Contains(err.Error(), "x.csv:3:") {
		t.Errorf("%v", err)
	}
}

// TestRoundTrip: what is written is read, and written again to the same bytes.
func TestRoundTrip(t *testing.T) {
	rows := []line{
		{ID: "001", Name: `a "quoted", b`, Note: "x;y\tz"},
		{ID: "=1+1", Name: "deux\nlignes", Note: "'"},
		{ID: "2019-06-17", Name: "Œ", Note: ""},
		{ID: "1e5", Name: "\"", Note: "é\u00a0è"},
	}
	text, err := records.Write(rows)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "id,name,note\n001,") || strings.Contains(string(text), "\r") {
		t.Errorf("%q", text)
	}
	got, fs, err := records.Read[line](text, "t.csv", nil)
	if err != nil || len(fs) > 0 {
		t.Fatal(err, fs)
	}
	if diff := cmp.Diff(rows, got); diff != "" {
		t.Error(diff)
	}
	again, err := records.Write(got)
	if err != nil || string(again) != string(text) {
		t.Errorf("%v: %q, then %q", err, text, again)
	}
	if empty, err := records.Write([]line{}); err != nil || string(empty) != "id,name,note\n" {
		t.Errorf("%q, %v", empty, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("id,name,note\n001,a,b\n"))
	f.Add([]byte("\ufeffNOTE;ID;ID\n\"x\ny\";1;2;3\n;;\n"))
	f.Add([]byte("id\tname\n\"\n"))
	f.Add([]byte("\xff\xfei\x00d\x00\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, _, err := records.Read(data, "f.csv", at)
		if err != nil {
			return
		}
		last := 0
		for _, r := range rows {
			if r.Place.Row <= last {
				t.Fatalf("line %d after %d", r.Place.Row, last)
			}
			last = r.Place.Row
			if !utf8.ValidString(r.ID + r.Name + r.Note) {
				t.Fatalf("not UTF-8: %q", r)
			}
		}
		text, err := records.Write(rows)
		if err != nil {
			t.Fatal(err)
		}
		if again, fs, err := records.Read[line](text, "f.csv", nil); err != nil || len(fs) > 0 || len(again) > len(rows) {
			t.Fatalf("%q is written as %q: %d rows, then %d; %v %v", data, text, len(rows), len(again), fs, err)
		}
	})
}

type grown struct {
	Name string `csv:"name"`
	Seen string `csv:"seen,omitempty"`
}

// TestOptionalColumn: a table from before a column came is whole without it, and gets
// it with the first value.
func TestOptionalColumn(t *testing.T) {
	old := []byte("name\na\n")
	rows, found, err := records.Read[grown](old, "t.csv", nil)
	if err != nil || len(found) > 0 || len(rows) != 1 {
		t.Fatalf("%v, %v, %v", rows, found, err)
	}
	for _, c := range []struct {
		add  grown
		want string
	}{{grown{"b", ""}, "name\na\nb\n"}, {grown{"b", "x"}, "name,seen\na,\nb,x\n"}} {
		text, err := records.Rewrite(old, append(rows, c.add), func(*grown) int { return 0 })
		if err != nil || string(text) != c.want {
			t.Errorf("%v\n%s", err, text)
		}
	}
}
