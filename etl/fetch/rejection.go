package fetch

import (
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Rejection is an answer that is not the list, or an edition that must not be made: what
// was seen, and what to do. Nothing was written.
type Rejection struct{ Findings []etl.Finding }

// Error is the findings in English, one a line.
func (r *Rejection) Error() string { return r.Say(message.In("en")) }

// Say is the findings, one a line.
func (r *Rejection) Say(p message.Printer) string {
	lines := make([]string, len(r.Findings))
	for i, f := range r.Findings {
		lines[i] = f.Line(p)
	}
	return strings.Join(lines, "\n")
}

// reject makes a rejection of one finding, which does not say where yet.
func reject(code string, pairs ...any) *Rejection {
	return &Rejection{[]etl.Finding{etl.Find(etl.Error, code, etl.Place{}, pairs...)}}
}

// said chooses another wording of the code.
func (r *Rejection) said(variant string) *Rejection {
	r.Findings[0] = r.Findings[0].Said(variant)
	return r
}

// at says where, for findings that do not know it.
func (r *Rejection) at(place string) *Rejection {
	for i := range r.Findings {
		if r.Findings[i].Place.File == "" {
			r.Findings[i].Place.File = place
		}
	}
	return r
}
