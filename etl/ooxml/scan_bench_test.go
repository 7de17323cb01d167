package ooxml

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"testing"
)

// benchSheet is a sheet as Excel writes one.
func benchSheet() []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for r := 1; r <= 20_000; r++ {
		fmt.Fprintf(&b, `<row r="%d" spans="1:9" ht="15" customHeight="1">`, r)
		for c := 1; c <= 9; c++ {
			if c%3 == 0 {
				fmt.Fprintf(&b, `<c r="%s" s="%d" t="inlineStr"><is><t>Société d’hébergement &amp; Cie %d</t></is></c>`, CellName(r, c), c, r)
			} else {
				fmt.Fprintf(&b, `<c r="%s" s="%d"><v>%d</v></c>`, CellName(r, c), c, 43633+r)
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.Bytes()
}

// BenchmarkScanner is the reason for a scanner of our own: tags, attributes and texts of a
// sheet, beside encoding/xml.
func BenchmarkScanner(b *testing.B) {
	sheet := benchSheet()
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(sheet)))
		for b.Loop() {
			s := NewScanner(bytes.NewReader(sheet), Options{Size: uint64(len(sheet)), MaxToken: 1 << 20, Strict: true})
			n := 0
			for s.Next() {
				switch s.Kind {
				case Start:
					for _, value, ok := s.Attr(); ok; _, value, ok = s.Attr() {
						n += len(value)
					}
				case Text:
					n += len(s.Raw())
				}
			}
			if s.Err() != nil || n == 0 {
				b.Fatal(s.Err())
			}
		}
	})
	b.Run("encoding/xml", func(b *testing.B) {
		b.SetBytes(int64(len(sheet)))
		for b.Loop() {
			d := xml.NewDecoder(bytes.NewReader(sheet))
			for {
				if _, err := d.RawToken(); err == io.EOF {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
