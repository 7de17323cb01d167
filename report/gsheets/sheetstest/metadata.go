package sheetstest

import (
	"fmt"
)

// located checks where metadata is to stand, and gives the location as answers hold
// it with the list that it belongs to.
func (b *batch) located(location object) (object, *[]object, error) {
	if len(location) != 1 {
		return nil, nil, fmt.Errorf(
			"a location is exactly one of spreadsheet, sheetId and dimensionRange; it has %d of them.",
			len(location),
		)
	}
	if boolAt(location, "spreadsheet") {
		return object{"locationType": "SPREADSHEET", "spreadsheet": true}, &b.st.Metadata, nil
	}
	if id, ok := intAt(location, "sheetId"); ok {
		s, err := b.sheet(id)
		if err != nil {
			return nil, nil, err
		}
		return object{"locationType": "SHEET", "sheetId": float64(id)}, &s.Metadata, nil
	}
	o := at(location, "dimensionRange")
	if o == nil {
		return nil, nil, fmt.Errorf("location.spreadsheet must be true where it is given.")
	}
	_, bounded := intAt(o, "endIndex")
	d, err := b.st.span(o, false)
	switch {
	case err != nil:
		return nil, nil, err
	case !bounded || d.to-d.from != 1:
		return nil, nil, fmt.Errorf("location.dimensionRange must represent a single row or column.")
	}
	kind := "COLUMN"
	if d.rows {
		kind = "ROW"
	}
	place := object{"sheetId": float64(d.sheet.id()), "dimension": dimensionName(d.rows),
		"startIndex": float64(d.from), "endIndex": float64(d.to)}
	return object{"locationType": kind, "dimensionRange": place}, &d.sheet.Lines, nil
}

func (b *batch) checkMetadata(m object) error {
	switch visibility := textAt(m, "visibility"); {
	case textAt(m, "metadataKey") == "":
		return fmt.Errorf("Developer metadata must always have a key specified.")
	case visibility != "DOCUMENT" && visibility != "PROJECT":
		return fmt.Errorf("Developer metadata must always have visibility specified.")
	}
	return nil
}

// checkStore refuses metadata that takes more room than the spreadsheet, or one
// sheet with its rows and columns, has for it.
func (b *batch) checkStore() error {
	length := func(lists ...[]object) int {
		n := 0
		for _, list := range lists {
			for _, m := range list {
				n += len([]rune(textAt(m, "metadataKey"))) + len([]rune(textAt(m, "metadataValue")))
			}
		}
		return n
	}
	if n := length(b.st.Metadata); n > maxMetadataText {
		return fmt.Errorf("the developer metadata of the spreadsheet would have %d characters, more than %d.",
			n, maxMetadataText)
	}
	for _, s := range b.st.Sheets {
		if n := length(s.Metadata, s.Lines); n > maxMetadataText {
			return fmt.Errorf("the developer metadata of the sheet %q would have %d characters, more than %d.",
				s.title(), n, maxMetadataText)
		}
	}
	return nil
}

func (b *batch) createDeveloperMetadata(req object) (object, error) {
	m := at(req, "developerMetadata")
	if err := b.checkMetadata(m); err != nil {
		return nil, err
	}
	location, list, err := b.located(at(m, "location"))
	if err != nil {
		return nil, err
	}
	m = with(m, "location", location)
	id, chosen := intAt(m, "metadataId")
	switch {
	case !chosen:
		m = with(m, "metadataId", float64(b.st.newID()))
	case id <= 0:
		return nil, fmt.Errorf("metadataId must be positive.")
	}
	taken := false
	b.st.metadata(func(o object) { taken = taken || o["metadataId"] == m["metadataId"] })
	if taken {
		return nil, fmt.Errorf("Developer metadata with id %d already exists.", id)
	}
	*list = append(*list, m)
	if err := b.checkStore(); err != nil {
		return nil, err
	}
	return object{"developerMetadata": m}, nil
}

// lookup makes a data filter a condition on metadata.
func (st *state) lookup(filter object) (func(object) bool, error) {
	look := at(filter, "developerMetadataLookup")
	for _, other := range []string{"a1Range", "gridRange"} {
		if filter[other] != nil {
			return nil, notSupported("a data filter with " + other)
		}
	}
	if look == nil {
		return nil, fmt.Errorf("a data filter needs a developerMetadataLookup.")
	}
	for _, other := range []string{"metadataLocation", "locationMatchingStrategy"} {
		if look[other] != nil {
			return nil, notSupported("a lookup by " + other)
		}
	}
	if len(look) == 0 {
		return nil, fmt.Errorf("the developerMetadataLookup is empty.")
	}
	return func(m object) bool {
		for _, field := range []string{"metadataId", "metadataKey", "metadataValue", "visibility"} {
			if look[field] != nil && look[field] != m[field] {
				return false
			}
		}
		return look["locationType"] == nil || look["locationType"] == at(m, "location")["locationType"]
	}, nil
}

// filterMetadata keeps the entries of all lists that keep says to keep; it gives the
// others.
func (st *state) filterMetadata(match func(object) bool) []object {
	var gone []object
	filter := func(list *[]object) {
		kept := (*list)[:0:0]
		for _, m := range *list {
			if match(m) {
				gone = append(gone, m)
			} else {
				kept = append(kept, m)
			}
		}
		*list = kept
	}
	filter(&st.Metadata)
	for _, s := range st.Sheets {
		filter(&s.Metadata)
		filter(&s.Lines)
	}
	return gone
}

func (b *batch) deleteDeveloperMetadata(req object) (object, error) {
	match, err := b.st.lookup(at(req, "dataFilter"))
	if err != nil {
		return nil, err
	}
	gone := b.st.filterMetadata(match)
	if len(gone) == 0 {
		return nil, fmt.Errorf("No developer metadata matches the data filter.")
	}
	return object{"deletedDeveloperMetadata": anyList(gone)}, nil
}

func (b *batch) updateDeveloperMetadata(req object, m mask) (object, error) {
	filters := listAt(req, "dataFilters")
	if len(filters) == 0 {
		return nil, fmt.Errorf("at least one data filter must be given.")
	}
	if _, named := m["metadataId"]; named {
		return nil, fmt.Errorf("Invalid field: metadataId cannot be changed.")
	}
	var matches []func(object) bool
	for _, f := range filters {
		o, _ := f.(object)
		match, err := b.st.lookup(o)
		if err != nil {
			return nil, err
		}
		matches = append(matches, match)
	}
	found := b.st.filterMetadata(func(o object) bool {
		for _, match := range matches {
			if match(o) {
				return true
			}
		}
		return false
	})
	if len(found) == 0 {
		return nil, fmt.Errorf("No developer metadata matches the data filters.")
	}
	for i, old := range found {
		next := b.d.merge(old, at(req, "developerMetadata"), m, b.d.schemas["DeveloperMetadata"])
		next["metadataId"] = old["metadataId"]
		location := at(next, "location")
		if location["locationType"] != nil {
			location = with(location, "locationType", nil)
		}
		location, list, err := b.located(location)
		if err != nil {
			return nil, err
		}
		next["location"] = location
		if err := b.checkMetadata(next); err != nil {
			return nil, err
		}
		*list = append(*list, next)
		found[i] = next
	}
	if err := b.checkStore(); err != nil {
		return nil, err
	}
	return object{"developerMetadata": anyList(found)}, nil
}

// search answers developerMetadata:search.
func (st *state) search(body object) (object, error) {
	out := object{}
	var found []any
	for _, f := range listAt(body, "dataFilters") {
		o, _ := f.(object)
		match, err := st.lookup(o)
		if err != nil {
			return nil, err
		}
		st.metadata(func(m object) {
			if match(m) {
				found = append(found, object{"developerMetadata": m, "dataFilters": []any{o}})
			}
		})
	}
	if len(listAt(body, "dataFilters")) == 0 {
		return nil, fmt.Errorf("at least one data filter must be given.")
	}
	if found != nil {
		out["matchedDeveloperMetadata"] = found
	}
	return out, nil
}

func anyList(list []object) []any {
	out := make([]any, len(list))
	for i, o := range list {
		out[i] = o
	}
	return out
}
