package main

import (
	"slices"
	"strings"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/number"
)

// columnNamed returns the index of a heading, or -1.
func columnNamed(header []string, name string) int {
	return slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
}

// numbersOf reads numbers that a person gave for a name: scheme:value, or bare digits of
// a SIREN or SIRET in any of their spellings. bad is what is no valid number.
func numbersOf(text string) (s number.Set, bad []string) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if strings.Contains(text, ":") {
		return number.Parse(text)
	}
	r := number.Read(number.SirenOrSiret, text)
	if r.Problem != number.None {
		bad = append(bad, text)
	}
	return r.Numbers, bad
}

// numberColumns returns the columns of a header that are called as a source calls columns
// of numbers.
func numberColumns(header []string) map[int]number.Column {
	ref := config.Reference()
	headers := etl.NewHeaders(&ref, etl.Certified)
	out := map[int]number.Column{}
	for i, h := range header {
		if d := headers.Number(h); d != nil && i > 0 {
			out[i] = number.Column(d.Key)
		}
	}
	return out
}

// rowNumbers returns the valid numbers of a row.
func rowNumbers(row []string, columns map[int]number.Column) number.Set {
	var s number.Set
	for i, column := range columns {
		if i < len(row) {
			s = s.Union(number.Read(column, row[i]).Numbers)
		}
	}
	return s
}
