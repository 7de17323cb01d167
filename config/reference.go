package config

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"hdsreport/etl"
	"hdsreport/etl/embedded"
	"hdsreport/etl/message"
)

// The reference tables are data that an editor of this program may extend
// without touching code: one CSV file a table, in tables/.
//
//go:embed tables/*.csv
var tables embed.FS

// Numberings are the ways in which sources may number the activities.
var Numberings = []string{"asip_2018", "decree"}

// Reference returns the embedded tables. It panics if one of them is invalid; a test
// reads them all.
func Reference() etl.Reference {
	var ref etl.Reference
	headers := rows("headers", "list,field,alias")
	ref.Headers = make([]etl.HeaderAlias, 0, len(headers))
	for _, h := range headers {
		ref.Headers = append(ref.Headers, etl.HeaderAlias{List: h[0], Field: h[1], Alias: h[2]})
	}
	for _, p := range geography() {
		if p[1] == "region" {
			ref.Regions = append(ref.Regions, strings.Split(p[2], "|")...)
		}
	}
	for _, f := range IdentityTables().Forms {
		for _, spelling := range f.Spelling {
			ref.Forms = append(ref.Forms, strings.ReplaceAll(spelling, " ", ""))
		}
	}
	var err error
	if ref.Activities, err = activities(text("activities"), "tables/activities.csv"); err != nil {
		panic(err)
	}
	for _, t := range rows("certificate_types", "key,label_fr,label_en,pattern") {
		if n := len(ref.Types); n > 0 && ref.Types[n-1].Key == t[0] {
			ref.Types[n-1].Patterns = append(ref.Types[n-1].Patterns, t[3])
			continue
		}
		ref.Types = append(ref.Types, etl.CertificateType{Key: t[0], Label: both(t[1], t[2]),
			Patterns: []string{t[3]}})
	}
	for _, b := range rows("bodies", "as_written,canonical") {
		ref.Bodies = append(ref.Bodies, etl.BodyName{Written: b[0], Canonical: b[1]})
	}
	for _, p := range rows("positions", "order,code,label_fr,label_en,definition,colour") {
		ref.Positions = append(ref.Positions, etl.Position{Order: number(p[0]), Code: p[1], Label: both(p[2], p[3]),
			Definition: p[4], Colour: p[5]})
	}
	// Compare numbers, so that sorting a file in a spreadsheet changes nothing.
	slices.SortStableFunc(ref.Positions, func(a, b etl.Position) int { return a.Order - b.Order })
	for _, r := range rows("position_rules", "precedence,pattern,code,example,not") {
		ref.Rules = append(ref.Rules, etl.PositionRule{Precedence: number(r[0]), Pattern: r[1], Code: r[2], Example: r[3],
			Not: r[4]})
	}
	slices.SortStableFunc(ref.Rules, func(a, b etl.PositionRule) int { return a.Precedence - b.Precedence })
	standings := rows("standings", "word,key,counts")
	ref.Standings = make([]etl.StandingWord, 0, len(standings))
	for _, s := range standings {
		ref.Standings = append(ref.Standings, etl.StandingWord{Word: s[0], Key: s[1], Counts: s[2] == "yes"})
	}
	for _, n := range rows("notices", "word,says") {
		ref.Notices = append(ref.Notices, etl.Notice{Word: n[0], Says: etl.NoticeKind(n[1])})
	}
	for _, k := range rows("known_hosts", "name,position,source") {
		ref.Known = append(ref.Known, etl.KnownHost{Name: k[0], Code: k[1], Source: k[2]})
	}
	for _, x := range rows("extensions", "from,to,months,source") {
		from, okFrom := etl.ParseDate(x[0])
		to, okTo := etl.ParseDate(x[1])
		if !okFrom || !okTo {
			panic(fmt.Sprintf("config: tables/extensions.csv: %v", x))
		}
		ref.Extensions = append(ref.Extensions, etl.Extension{From: from, To: to, Months: number(x[2]), Source: x[3]})
	}
	return ref
}

// activities parses the table of activities. Too many activities for a set, or a
// repeated key or number, would give wrong figures without notice, so they are errors.
func activities(text, file string) ([]etl.Activity, error) {
	rows, err := embedded.Rows(file, text, "key,decree,asip_2018,type,label_fr,label_en,short_fr,short_en")
	if err != nil {
		return nil, err
	}
	var out []etl.Activity
	first := map[string]int{}
	for i, r := range rows {
		at := etl.Place{File: file, Row: i + 2} // a row a line
		if i >= etl.MostActivities {
			return nil, message.Fail(nil, "activities-too-many", "place", at.String(), "n", i+1, "most", etl.MostActivities)
		}
		for _, unique := range []string{"key " + r[0], "decree " + r[1], "asip_2018 " + r[2]} {
			if row, twice := first[unique]; twice {
				return nil, message.Fail(nil, "activities-twice", "place", at.String(), "what", unique, "row", row)
			}
			first[unique] = at.Row
		}
		decree, err := strconv.Atoi(r[1])
		asip, other := strconv.Atoi(r[2])
		if err := errors.Join(err, other); err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		out = append(out, etl.Activity{Key: r[0], Type: r[3], Numbers: map[string]int{"decree": decree, "asip_2018": asip},
			Label: both(r[4], r[5]), Short: both(r[6], r[7])})
	}
	return out, nil
}

func both(fr, en string) map[string]string { return map[string]string{"fr": fr, "en": en} }

// text returns an embedded table as it stands.
func text(name string) string {
	data, err := tables.ReadFile("tables/" + name + ".csv")
	if err != nil {
		panic(err)
	}
	return string(data)
}

// rows parses an embedded table, whose header is the given one. It panics on errors, which
// are mistakes in this program.
func rows(name, header string) [][]string {
	out, err := embedded.Rows("tables/"+name+".csv", text(name), header)
	if err != nil {
		panic(err)
	}
	return out
}

// number parses a number of an embedded table.
func number(cell string) int {
	n, err := strconv.Atoi(cell)
	if err != nil {
		panic(err)
	}
	return n
}

// nearest returns the known word that is most similar to a misspelt one, or "".
func nearest(word string, known []string) string {
	best, at := "", 1+len(word)/2
	sort.Strings(known)
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < at {
			best, at = k, d
		}
	}
	return best
}

// distance returns the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := prev
			if a[i] != b[j] {
				cost++
			}
			prev = row[j+1]
			row[j+1] = min(cost, prev+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// geography is the table of places.
var geography = sync.OnceValue(func() [][]string { return rows("geography", "place,kind,spellings") })

// Labels returns the texts of the sheets in a language, by key. It must not be changed: a run
// asks for it a dozen times, and the table is read once.
func Labels(language string) map[string]string {
	if language == "en" {
		return labels()[1]
	}
	return labels()[0]
}

var labels = sync.OnceValue(func() (in [2]map[string]string) {
	in = [2]map[string]string{{}, {}}
	for _, l := range rows("labels", "key,fr,en") {
		in[0][l[0]], in[1][l[0]] = message.KeepDates(l[1]), message.KeepDates(l[2])
	}
	return in
})
