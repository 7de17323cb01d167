package source

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode/utf32"
)

func TestDecode(t *testing.T) {
	const text = "Hébergeur;Échéance\r\nSociété d’Édition;17/06/2019 €\r\n"
	enc := func(e encoding.Encoding) string {
		b, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	latin := func(e encoding.Encoding) string {
		b, err := e.NewEncoder().String(strings.NewReplacer("’", "'", "€", "E").Replace(text))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	plain := strings.NewReplacer("’", "'", "€", "E").Replace(text)
	for _, tt := range []struct{ name, data, encoding, want string }{
		{"utf-8", text, "utf-8", text},
		{"utf-8 with mark", "\ufeff" + text, "utf-8", text},
		{"ascii", "a;b", "utf-8", "a;b"},
		{"empty", "", "utf-8", ""},
		{"windows-1252", enc(charmap.Windows1252), "windows-1252", text},
		{"iso 8859-1", latin(charmap.ISO8859_1), "windows-1252", plain},
		{"macintosh", enc(charmap.Macintosh), "macintosh", text},
		{"dos", latin(charmap.CodePage850), "ibm850", plain},
		{"utf-16le with mark", "\xff\xfe" + enc(utf16le), "utf-16le", text},
		{"utf-16be with mark", "\xfe\xff" + enc(utf16be), "utf-16be", text},
		{"utf-16le", enc(utf16le), "utf-16le", text},
		{"utf-16be", enc(utf16be), "utf-16be", text},
		{"utf-32le", "\xff\xfe\x00\x00" + enc(utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)), "utf-32le", text},
		{"utf-8 with a stray byte", text + "pr\xe9", "utf-8", text + "pré"},
		{"upper case windows-1252", "SOCI\xc9T\xc9", "windows-1252", "SOCIÉTÉ"},
		{"a foreign name in windows-1252", "\x8akoda", "windows-1252", "Škoda"},
		{"only a quote in windows-1252", "l\x92acteur", "windows-1252", "l’acteur"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, enc, err := Decode([]byte(tt.data))
			if err != nil || enc != tt.encoding || string(got) != tt.want {
				t.Errorf("got %q in %s, %v; want %q in %s", got, enc, err, tt.want, tt.encoding)
			}
		})
	}
}

func TestMixedEncodingIsReported(t *testing.T) {
	table, found := mustRead(t, []byte("Hébergeur;Société\nÉté;pr\xe9s\n"), "a.csv", withHeaders)
	wantRows(t, table, "1: Hébergeur|Société\n2: Été|prés\n")
	wantCodes(t, found, "encoding-mixed@2:0")
}

func TestMojibake(t *testing.T) {
	misread := func(s string, c *charmap.Charmap) string {
		var b strings.Builder
		for _, x := range []byte(s) {
			b.WriteRune(c.DecodeByte(x))
		}
		return b.String()
	}
	for _, s := range []string{
		"Hébergeur", "ÀÉÈÇŒŸ œ", "l’Agence du numérique", "“guillemets” « français »", "10 €", "✓ ✔ ✗", "à la carte",
		"Société – e-santé… n° 5",
	} {
		for _, c := range []*charmap.Charmap{charmap.Windows1252, charmap.Macintosh} {
			once := misread(s, c)
			twice := misread(once, c)
			for _, broken := range []string{once, twice} {
				got, marks := cleanText(broken)
				want, _ := cleanText(s)
				if got != want || marks&repairedMojibake == 0 {
					t.Errorf("%q: repaired %q (marks %b), want %q", broken, got, marks, want)
				}
			}
		}
	}
	// However deep, in one pass over the text: this would take hours otherwise.
	if got, _ := cleanText("Ã" + strings.Repeat("ƒ", 1<<20) + "©"); got != "é" {
		t.Errorf("deep mojibake became %.20q", got)
	}
	// What a person wrote stays.
	for _, s := range []string{"São Paulo", "Ångström", "Âge", "« CHÂTEAU »", "SOCIÉTÉ«X»", "Crédit Agricole", "DÉJÀ®", "Citroën©", "naïve", "L’Oréal™", "≈ 5", "Ô, Â, Ë"} {
		got, marks := cleanText(s)
		if got != s || marks != 0 {
			t.Errorf("%q became %q (marks %b)", s, got, marks)
		}
	}
	// An à that lost its no-break space, beside a repair that proves it.
	if got, _ := cleanText("Ã  l'hÃ´pital"); got != "à l'hôpital" {
		t.Errorf("got %q", got)
	}
}

func TestMojibakeIsReportedCellByCell(t *testing.T) {
	table, found := mustRead(t, []byte("HÃ©bergeur;Type\nMACIF (Cov?éa);Soci\ufffdt\u00e9\n"), "a.csv", Options{})
	wantRows(t, table, "1: Hébergeur|Type\n2: MACIF (Cov?éa)|Soci\ufffdté\n")
	wantCodes(t, found, "mojibake-repaired@1:1 character-lost@2:1 character-lost@2:2")

	_, found = mustRead(t, []byte(strings.Repeat("HÃ©bergeur;Type\n", 30)), "a.csv", Options{})
	if len(found) != maxListed+1 || !strings.Contains(found[0].String(), "30 places like the first 20 listed, the first at row 1") {
		t.Errorf("%d findings, the first %v", len(found), found[0])
	}
}

func TestCleanText(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"OVH  SAS ", "OVH SAS"},
		{"\u00a0OVH\u202fSAS\u2009", "OVH SAS"},
		{"\ufeffActeur", "Acteur"},
		{"AP\u200b-HP\u00ad", "AP-HP"},
		{"AP\ufe0f-\u3164HP\U000E0041\u061c", "AP-HP"},
		{"AP\u2800HP\u2800", "AP HP"},
		{"e\u0301te\u0301", "été"},
		{"a \r\n\r\n b\vc", "a\nb\nc"},
		{"a\x00b\x07", "ab"},
		{"a\ufffe\uffffb\ufdd0\U0001fffe", "ab"},
		{"l’acteur “cité”", "l’acteur “cité”"},
		{"\n\n", ""},
		{"a\tb", "a b"},
		{"Ã\u200b©", "é"},
		{"\xff", "\ufffd"},
	} {
		got, _ := cleanText(tt.in)
		if got != tt.want {
			t.Errorf("%q became %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestControlCharactersAreReported(t *testing.T) {
	_, found := mustRead(t, []byte("Acteur;Type\nO\x00VH;a\nA\u00a0B;C\u200bD\n"), "a.csv", Options{})
	wantCodes(t, found, "control-removed@2:1 spaces-normalised@3:1 invisible-removed@3:2")
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "a;b", "\xff\xfea\x00", "\xfe\xff\x00a", "H\xe9", "Hé\xe9", "\xff\xfe\x00\x00a\x00\x00\x00", "HÃ©bergeur Ãƒ©", "a\u00a0\u200b\u0301"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, enc, err := Decode(data)
		if err != nil {
			return
		}
		if !utf8.Valid(text) || enc == "" {
			t.Fatalf("%q in %q", text, enc)
		}
		once, _ := cleanText(string(text))
		if twice, marks := cleanText(once); twice != once || marks&^(lostCharacter|questionInWord|suspectMojibake) != 0 {
			t.Fatalf("cleaned once %q, twice %q (%b)", once, twice, marks)
		}
	})
}
