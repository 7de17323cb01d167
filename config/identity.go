package config

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hdsreport/etl/identity"
)

//go:embed tables/legal_forms.csv
var legalFormsCSV string

//go:embed tables/hospital_abbreviations.csv
var hospitalAbbreviationsCSV string

//go:embed tables/geography.csv
var geographyCSV string

//go:embed tables/business_words.csv
var businessWordsCSV string

//go:embed tables/departments.csv
var departmentsCSV string

//go:embed tables/common_names.csv
var commonNamesCSV string

// IdentityTables returns the vocabulary for parsing names: legal_forms.csv,
// hospital_abbreviations.csv, geography.csv, business_words.csv, departments.csv and
// common_names.csv. The tables are parsed on first use. An invalid table panics; a test reads them all.
func IdentityTables() identity.Tables { return identityTables() }

var identityTables = sync.OnceValue(func() identity.Tables {
	var t identity.Tables
	for _, r := range identityRows("legal_forms.csv", legalFormsCSV,
		"code,name,kind,country,parent,position,apart,spellings") {
		t.Forms = append(t.Forms, identity.LegalForm{Code: r[0], Name: r[1], Kind: r[2], Country: r[3], Parent: r[4],
			Position: r[5], Apart: r[6] == "yes", Spelling: strings.Split(r[7], "|")})
	}
	for _, r := range identityRows("hospital_abbreviations.csv", hospitalAbbreviationsCSV,
		"abbreviation,kind,display,spellings") {
		t.Hospitals = append(t.Hospitals,
			identity.Abbreviation{Short: r[0], Kind: r[1], Display: r[2], Spelling: strings.Split(r[3], "|")})
	}
	for _, r := range identityRows("geography.csv", geographyCSV, "place,kind,spellings") {
		t.Places = append(t.Places, identity.Place{Place: r[0], Kind: r[1], Spelling: strings.Split(r[2], "|")})
	}
	for _, r := range identityRows("business_words.csv", businessWordsCSV, "word,class,canonical") {
		t.Words = append(t.Words, identity.Word{Word: r[0], Class: r[1], Canonical: r[2]})
	}
	t.Departments = map[string]string{}
	for _, r := range identityRows("departments.csv", departmentsCSV, "number,place") {
		t.Departments[strings.ToLower(r[0])] = r[1]
	}
	for _, r := range identityRows("common_names.csv", commonNamesCSV, "name") {
		t.Common = append(t.Common, r[0])
	}
	return t
})

// identityRows parses a table and checks its header.
func identityRows(name, text, header string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("config: embedded table %s: %v", name, err))
	}
	if len(rows) == 0 || !slices.Equal(rows[0], strings.Split(header, ",")) {
		panic(fmt.Sprintf("config: embedded table %s: the header is not %q", name, header))
	}
	return rows[1:]
}
