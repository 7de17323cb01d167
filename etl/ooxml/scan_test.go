package ooxml

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// flat writes what a document holds, as our scanner sees it.
func flat(doc string, o Options, slow bool) (string, error) {
	var r io.Reader = strings.NewReader(doc)
	if slow {
		r = iotest.OneByteReader(r)
	}
	o.Size, o.MaxToken = uint64(len(doc)), 1<<20
	s := NewScanner(r, o)
	var b strings.Builder
	for s.Next() {
		switch s.Kind {
		case Start:
			b.WriteString("<" + string(s.Name))
			for name, value, ok := s.Attr(); ok; name, value, ok = s.Attr() {
				b.WriteString(" " + string(local(name)) + "=" + decoded(value))
			}
			b.WriteString(">")
		case End:
			b.WriteString("</>")
		case Text:
			b.WriteString(s.String())
		}
	}
	return b.String(), s.Err()
}

// reference is the same by encoding/xml.
func reference(doc string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(doc))
	var b strings.Builder
	depth := 0
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			b.WriteString("<" + t.Name.Local)
			for _, a := range t.Attr {
				b.WriteString(" " + a.Name.Local + "=" + a.Value)
			}
			b.WriteString(">")
		case xml.EndElement:
			depth--
			b.WriteString("</>")
		case xml.CharData:
			if depth > 0 {
				b.Write(t)
			}
		}
	}
}

var xmlDocs = []string{
	`<a/>`,
	`<?xml version="1.0"?><!-- c --><a x="1" y='"2"'>t&amp;&#233;&#xE9;<b:c d:e=">" /><![CDATA[<z>]]></a>`,
	"<a\n\tb = \"c\"\n>x<!-- - -->y</a >",
	`<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><a>b</a>`,
	`<a><b></b><b/>é</a>`,
}

func TestScannerReadsAsEncodingXML(t *testing.T) {
	for _, doc := range xmlDocs {
		want, err := reference(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, slow := range []bool{false, true} {
			if got, err := flat(doc, Options{}, slow); err != nil || got != want {
				t.Errorf("%s:\n got %s, %v\nwant %s", doc, got, err, want)
			}
		}
	}
}

func TestScannerNeverExpandsEntities(t *testing.T) {
	got, err := flat(`<!DOCTYPE a [<!ENTITY lol "lollollol">]><a>&lol;&lol;</a>`, Options{}, false)
	if err != nil || got != "<a>&lol;&lol;</>" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestScannerRefusesWhatIsCut(t *testing.T) {
	doc := xmlDocs[1]
	for i := strings.Index(doc, "<a") + 1; i < len(doc); i++ {
		if got, err := flat(doc[:i], Options{}, false); err == nil {
			t.Errorf("%s: read as %s", doc[:i], got)
		}
	}
	if _, err := flat(strings.Repeat("<a>", MaxDepth+1), Options{}, false); err == nil {
		t.Error("no bound on depth")
	}
}

// Whatever encoding/xml reads as a whole document, we read the same way.
func FuzzScanner(f *testing.F) {
	for _, doc := range xmlDocs {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		got, err := flat(doc, Options{}, false)
		slow, slowErr := flat(doc, Options{}, true)
		if got != slow || (err == nil) != (slowErr == nil) {
			t.Fatalf("by the byte %q (%v), at once %q (%v)", slow, slowErr, got, err)
		}
		if xml.Unmarshal([]byte(doc), new(struct{})) != nil || strings.ContainsAny(doc, "\r!:") {
			return // not well-formed; line ends, document types and names with colons are beyond comparing
		}
		// Unmarshal stops at the end of the first element.
		want, refErr := reference(doc)
		if refErr != nil || err != nil {
			return
		}
		if got != want {
			t.Fatalf("%q:\n got %q\nwant %q", doc, got, want)
		}
	})
}

// TestJump: the mark after the skipped bytes is found, and otherwise the end, wherever in the
// buffer they are and however the reader cuts them.
func TestJump(t *testing.T) {
	row := func(n int) string { return fmt.Sprintf(`<row r="%d">%s</row>`, n, strings.Repeat("x", 40)) }
	for _, c := range []struct {
		rows, tail int // rows of some sixty bytes; bytes after the list
		skip       int
		want       string // what the scanner reads next
	}{
		{3, 10, 1, `<row r="2"`},
		{3, 10, 70, `<row r="3"`},
		{3, 10, 130, `</list`},
		{3, 10, 100_000, `</list`},
		{9000, 10, 300_000, `<row r="50`},
		{9000, 10, 900_000, `</list`},
		{9000, 900_000, 900_000, `</list`}, // long after the list is no mark
		{1, 300_000, 5, `</list`},
	} {
		var text strings.Builder
		text.WriteString("<all><list>")
		for i := range c.rows {
			text.WriteString(row(i + 1))
		}
		text.WriteString("</list>" + strings.Repeat(`<after v="row"/>`, c.tail/16) + "</all>")
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(text.String()),
			"in pieces": &pieces{text: text.String()}} {
			s := NewScanner(r, Options{Size: uint64(text.Len()), MaxToken: 2 << 20, Strict: true})
			for range 2 {
				s.Next()
			}
			got := s.Jump(c.skip, "<row ", "</list")
			rest := string(s.buf[s.pos:min(s.pos+10, s.end)])
			if got != strings.HasPrefix(c.want, "<row") || !strings.HasPrefix(rest, c.want[:min(len(c.want), len(rest))]) {
				t.Errorf("%d rows, %d skipped, %s: %v at %q, want %q", c.rows, c.skip, name, got, rest, c.want)
			}
			for s.Next() {
			}
			if s.Err() != nil {
				t.Errorf("%d rows, %d skipped, %s: then %v", c.rows, c.skip, name, s.Err())
			}
		}
	}
	cut := NewScanner(strings.NewReader("<all><list>"+row(1)), Options{MaxToken: 1 << 20})
	for range 2 {
		cut.Next()
	}
	if cut.Jump(5000, "<row ", "</list") || cut.Err() == nil {
		t.Errorf("a list without an end: %v", cut.Err())
	}
}

// pieces reads a text in pieces of odd lengths.
type pieces struct {
	text string
	n    int
}

func (p *pieces) Read(b []byte) (int, error) {
	if p.text == "" {
		return 0, io.EOF
	}
	p.n = p.n%977 + 1
	n := copy(b, p.text[:min(p.n, len(p.text))])
	p.text = p.text[n:]
	return n, nil
}
