package fetch

import (
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Rejection is the error for an answer that is not the list, or for an edition that
// must not be created. Nothing was written.
type Rejection struct{ Findings []etl.Finding }

// Error returns the findings in English, one per line.
func (r *Rejection) Error() string { return r.Say(message.In("en")) }

// Say returns the findings, one per line.
func (r *Rejection) Say(p message.Printer) string {
	lines := make([]string, len(r.Findings))
	for i, f := range r.Findings {
		lines[i] = f.Line(p)
	}
	return strings.Join(lines, "\n")
}

// reject returns a rejection with one finding, which has no place yet.
func reject(code string, pairs ...any) *Rejection {
	return &Rejection{[]etl.Finding{etl.Find(etl.Error, code, etl.Place{}, pairs...)}}
}

// said selects another wording of the code.
func (r *Rejection) said(variant string) *Rejection {
	r.Findings[0] = r.Findings[0].Said(variant)
	return r
}

// at sets the place of findings that have none.
func (r *Rejection) at(place string) *Rejection {
	for i := range r.Findings {
		if r.Findings[i].Place.File == "" {
			r.Findings[i].Place.File = place
		}
	}
	return r
}
