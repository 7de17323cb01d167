package config

import (
	"strings"
	"sync"

	"hdsreport/etl/identity"
)

// IdentityTables returns the vocabulary for parsing names: legal_forms.csv,
// hospital_abbreviations.csv, geography.csv, business_words.csv, departments.csv and
// common_names.csv. The tables are parsed on first use. An invalid table panics; a test reads them all.
func IdentityTables() identity.Tables { return identityTables() }

var identityTables = sync.OnceValue(func() identity.Tables {
	var t identity.Tables
	for _, r := range rows("legal_forms", "code,name,kind,country,parent,position,apart,spellings") {
		t.Forms = append(t.Forms, identity.LegalForm{Code: r[0], Name: r[1], Kind: r[2], Country: r[3], Parent: r[4],
			Position: r[5], Apart: r[6] == "yes", Spelling: strings.Split(r[7], "|")})
	}
	for _, r := range rows("hospital_abbreviations", "abbreviation,kind,display,spellings") {
		t.Hospitals = append(t.Hospitals,
			identity.Abbreviation{Short: r[0], Kind: r[1], Display: r[2], Spelling: strings.Split(r[3], "|")})
	}
	for _, r := range geography() {
		t.Places = append(t.Places, identity.Place{Place: r[0], Kind: r[1], Spelling: strings.Split(r[2], "|")})
	}
	for _, r := range rows("business_words", "word,class,canonical") {
		t.Words = append(t.Words, identity.Word{Word: r[0], Class: r[1], Canonical: r[2]})
	}
	t.Departments = map[string]string{}
	for _, r := range rows("departments", "number,place") {
		t.Departments[strings.ToLower(r[0])] = r[1]
	}
	for _, r := range rows("common_names", "name") {
		t.Common = append(t.Common, r[0])
	}
	return t
})
