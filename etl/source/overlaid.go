package source

import (
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/ooxml"
)

// Comments and boxes of text lie over a sheet and are no values of it. They may say what
// no cell says, such as that a row is suspended, and are reported.

// comment reports what lies over a cell (column from 1), or over the sheet (row 0).
// Variant is "" for a comment and "box" for a box of text.
func (n *notes) comment(row, col int, variant, text string) {
	text, _ = cleanText(text)
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return
	}
	n.each(row, col, etl.CodeCellComment+variant, func() etl.Finding {
		return etl.Find(etl.Warning, etl.CodeCellComment, etl.Place{}, "text", short(text)).Said(variant)
	})
}

// overlaid returns the text of the comment or drawing that has just begun, up to its end.
func overlaid(s *ooxml.Scanner) string {
	var b strings.Builder
	for depth := s.Depth(); s.Inside(depth); {
		switch {
		case b.Len() > maxToken: // the rest is not shown anyway
		case s.Kind == ooxml.Text:
			b.Write(s.Raw())
		case s.Kind == ooxml.Start && (s.Is("creator") || s.Is("date") || s.Is("date-string") || s.Is("rPh")):
			s.Skip()
		case s.Kind == ooxml.Start && (s.Is("p") || s.Is("br") || s.Is("line-break") || s.Is("s") || s.Is("tab")):
			b.WriteByte(' ')
		}
	}
	return string(ooxml.Decode(nil, []byte(b.String())))
}

// reportOverlaid reports the comments and boxes of a sheet.
func (w *workbook) reportOverlaid(part string, n *notes) error {
	rels, err := w.relations(part)
	if err != nil {
		return err
	}
	threads := map[string]bool{} // cells of conversations, of which "comments" has a copy for older programs
	for _, kind := range []struct{ relation, element, variant string }{
		{"threadedComment", "threadedComment", ""}, {"comments", "comment", ""}, {"drawing", "txBody", "box"},
	} {
		for _, r := range rels {
			if r.Kind != kind.relation || r.External || !w.Has(r.Target) {
				continue
			}
			if err := w.scan(r.Target, func(s *ooxml.Scanner) error {
				for s.Next() {
					if s.Kind != ooxml.Start || !s.Is(kind.element) {
						continue
					}
					ref := s.Value("ref")
					row, col, _ := ooxml.ParseCell(ref)
					text := overlaid(s)
					if kind.relation == "threadedComment" {
						threads[ref] = true
					} else if ref != "" && threads[ref] {
						continue
					}
					n.comment(row, col, kind.variant, text)
				}
				return nil
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
