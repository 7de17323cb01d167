package sheetstest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// find gives the sheet and the place in its list of the object with that id.
func (b *batch) find(list func(*sheet) *[]object, field string, id any) (*sheet, int) {
	for _, s := range b.st.Sheets {
		for i, o := range *list(s) {
			if same(o[field], id) {
				return s, i
			}
		}
	}
	return nil, -1
}

// same compares ids; one that is not sent is 0, or empty.
func same(a, b any) bool {
	if a == nil {
		a = zeroLike(b)
	}
	if b == nil {
		b = zeroLike(a)
	}
	return a == b
}

func zeroLike(v any) any {
	if _, ok := v.(string); ok {
		return ""
	}
	return float64(0)
}

func viewsOf(s *sheet) *[]object     { return &s.Views }
func chartsOf(s *sheet) *[]object    { return &s.Charts }
func protectedOf(s *sheet) *[]object { return &s.Protected }
func tablesOf(s *sheet) *[]object    { return &s.Tables }

// identified gives an object to be added its id: the chosen one, which must be new,
// or one of the server's.
func (b *batch) identified(o object, list func(*sheet) *[]object, field, what string) (object, error) {
	id, chosen := intAt(o, field)
	if !chosen || id == 0 {
		return with(o, field, float64(b.st.newID())), nil
	}
	if id < 0 {
		return nil, fmt.Errorf("the id %d is negative.", id)
	}
	if s, _ := b.find(list, field, o[field]); s != nil {
		return nil, fmt.Errorf("%s with id %d already exists.", what, id)
	}
	return o, nil
}

func (b *batch) setBasicFilter(req object) (object, error) {
	f, r, err := b.filter(at(req, "filter"))
	if err != nil {
		return nil, err
	}
	for _, t := range r.sheet.Tables {
		if other, err := b.st.rect(at(t, "range")); err == nil && other.overlaps(r) {
			return nil, fmt.Errorf("the filter (%s) overlaps the table %q (%s).", r.a1(), textAt(t, "name"),
				other.a1())
		}
	}
	r.sheet.Filter = f
	return nil, nil
}

func (b *batch) clearBasicFilter(req object) (object, error) {
	s, err := b.sheet(intOr(req, "sheetId", 0))
	if err != nil {
		return nil, err
	}
	s.Filter = nil
	return nil, nil
}

// filter checks a filter or a filter view and fills in the twin of its criteria:
// answers hold both.
func (b *batch) filter(f object) (object, rect, error) {
	for _, other := range []string{"tableId", "namedRangeId"} {
		if f[other] != nil {
			return nil, rect{}, notSupported("a filter with " + other)
		}
	}
	r, err := b.st.rect(at(f, "range"))
	if err != nil {
		return nil, rect{}, err
	}
	f = with(f, "range", r.object())
	criteria := at(f, "criteria")
	if specs := listAt(f, "filterSpecs"); specs != nil {
		criteria = object{}
		for _, v := range specs {
			spec, _ := v.(object)
			criteria[strconv.Itoa(intOr(spec, "columnIndex", 0))] = at(spec, "filterCriteria")
		}
	}
	columns := make([]int, 0, len(criteria))
	for key, v := range criteria {
		c, err := strconv.Atoi(key)
		if err != nil || c < r.c0 || c >= r.c1 {
			return nil, rect{}, fmt.Errorf("the filter's column %s is outside its range (%s).", key, r.a1())
		}
		if err := checkCriteria(v); err != nil {
			return nil, rect{}, err
		}
		columns = append(columns, c)
	}
	slices.Sort(columns)
	var specs []any
	for _, c := range columns {
		spec := object{"columnIndex": float64(c)}
		put(spec, "filterCriteria", criteria[strconv.Itoa(c)])
		specs = append(specs, spec)
	}
	f = with(with(f, "criteria", nil), "filterSpecs", nil)
	if len(columns) > 0 {
		f["criteria"], f["filterSpecs"] = criteria, specs
	}
	for _, v := range listAt(f, "sortSpecs") {
		spec, _ := v.(object)
		if c := intOr(spec, "dimensionIndex", 0); c < r.c0 || c >= r.c1 {
			return nil, rect{}, fmt.Errorf("the filter's sort column %d is outside its range (%s).", c, r.a1())
		}
	}
	return f, r, nil
}

func checkCriteria(v any) error {
	c, _ := v.(object)
	condition := at(c, "condition")
	if condition == nil {
		return nil
	}
	if c["hiddenValues"] != nil {
		return fmt.Errorf("a filter's criteria hold hiddenValues or a condition, not both.")
	}
	switch kind := textAt(condition, "type"); {
	case kind == "" || kind == "CONDITION_TYPE_UNSPECIFIED":
		return fmt.Errorf("a condition needs a type.")
	case strings.HasPrefix(kind, "ONE_OF_"), kind == "BOOLEAN":
		return fmt.Errorf("the condition %s is for data validation, not for filters.", kind)
	case strings.HasPrefix(kind, "TEXT_") && kind != "TEXT_IS_EMAIL" && kind != "TEXT_IS_URL" &&
		len(listAt(condition, "values")) != 1:
		return fmt.Errorf("the condition %s needs exactly one value.", kind)
	}
	return nil
}

func (b *batch) addFilterView(req object) (object, error) {
	f, r, err := b.filter(at(req, "filter"))
	if err != nil {
		return nil, err
	}
	if f, err = b.identified(f, viewsOf, "filterViewId", "A filter view"); err != nil {
		return nil, err
	}
	if textAt(f, "title") == "" {
		f = with(f, "title", fmt.Sprintf("Filter %d", len(r.sheet.Views)+1))
	}
	r.sheet.Views = append(r.sheet.Views, f)
	return object{"filter": f}, nil
}

func (b *batch) updateFilterView(req object, m mask) (object, error) {
	next := at(req, "filter")
	s, i := b.find(viewsOf, "filterViewId", next["filterViewId"])
	if s == nil {
		return nil, fmt.Errorf("No filter view with id: %d", intOr(next, "filterViewId", 0))
	}
	old := s.Views[i]
	f := b.d.merge(old, next, m, b.d.schemas["FilterView"])
	if m.covers("criteria") && next["filterSpecs"] == nil && m["filterSpecs"] == nil {
		f = with(f, "filterSpecs", nil) // else the former ones would win
	}
	f, r, err := b.filter(f)
	switch {
	case err != nil:
		return nil, err
	case r.sheet != s:
		return nil, fmt.Errorf("a filter view cannot move to another sheet.")
	case textAt(f, "title") == "":
		return nil, fmt.Errorf("the title of a filter view cannot be empty.")
	}
	s.Views[i] = f
	return nil, nil
}

func (b *batch) deleteFilterView(req object) (object, error) {
	s, i := b.find(viewsOf, "filterViewId", req["filterId"])
	if s == nil {
		return nil, fmt.Errorf("No filter view with id: %d", intOr(req, "filterId", 0))
	}
	s.Views = slices.Delete(s.Views, i, i+1)
	return nil, nil
}

func (b *batch) addChart(req object) (object, error) {
	c := at(req, "chart")
	position, s, err := b.position(at(c, "position"))
	if err != nil {
		return nil, err
	}
	c = with(c, "position", position)
	if err := b.checkSpec(at(c, "spec")); err != nil {
		return nil, err
	}
	if c, err = b.identified(c, chartsOf, "chartId", "An embedded object"); err != nil {
		return nil, err
	}
	s.Charts = append(s.Charts, c)
	return object{"chart": c}, nil
}

// position checks where an object stands over a grid and fills in its default size.
func (b *batch) position(p object) (object, *sheet, error) {
	if p["newSheet"] != nil || p["sheetId"] != nil {
		return nil, nil, notSupported("an object on a sheet of its own")
	}
	overlay := at(p, "overlayPosition")
	anchor := at(overlay, "anchorCell")
	if anchor == nil {
		return nil, nil, fmt.Errorf("position.overlayPosition.anchorCell must be given.")
	}
	s, err := b.sheet(intOr(anchor, "sheetId", 0))
	if err != nil {
		return nil, nil, err
	}
	row, col := intOr(anchor, "rowIndex", 0), intOr(anchor, "columnIndex", 0)
	if row < 0 || col < 0 || row >= s.size(true) || col >= s.size(false) {
		return nil, nil, fmt.Errorf("the anchor %s is outside the grid, which has %d rows and %d columns.",
			cellName(row, col), s.size(true), s.size(false))
	}
	for field, size := range map[string]int{"widthPixels": 600, "heightPixels": 371} {
		switch n := intOr(overlay, field, 0); {
		case n < 0:
			return nil, nil, fmt.Errorf("%s must not be negative.", field)
		case n == 0:
			overlay = with(overlay, field, float64(size))
		}
	}
	return with(p, "overlayPosition", overlay), s, nil
}

// checkSpec refuses a chart of no kind, or of ranges outside their grids.
func (b *batch) checkSpec(spec object) error {
	kinds := 0
	for name := range spec {
		if strings.HasSuffix(name, "Chart") {
			kinds++
		}
	}
	if kinds != 1 {
		return fmt.Errorf("chart.spec needs exactly one kind of chart; it has %d.", kinds)
	}
	if basic := at(spec, "basicChart"); basic != nil && len(listAt(basic, "series")) == 0 {
		return fmt.Errorf("a basicChart needs at least one series.")
	}
	return b.checkRanges(spec, b.d.schemas["ChartSpec"])
}

// checkRanges refuses a GridRange anywhere in v that is not inside its grid.
func (b *batch) checkRanges(v any, sc *schema) error {
	sc = b.d.of(sc)
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := b.checkRanges(e, sc.items); err != nil {
				return err
			}
		}
	case object:
		if sc.name == "GridRange" {
			_, err := b.st.rect(v)
			return err
		}
		for _, name := range sortedKeys(v) {
			if err := b.checkRanges(v[name], b.d.field(sc, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *batch) updateChartSpec(req object) (object, error) {
	s, i := b.find(chartsOf, "chartId", req["chartId"])
	if s == nil {
		return nil, fmt.Errorf("No chart with id: %d", intOr(req, "chartId", 0))
	}
	if err := b.checkSpec(at(req, "spec")); err != nil {
		return nil, err
	}
	s.Charts[i] = with(s.Charts[i], "spec", at(req, "spec"))
	return nil, nil
}

func (b *batch) updateEmbeddedObjectPosition(req object, m mask) (object, error) {
	s, i := b.find(chartsOf, "chartId", req["objectId"])
	if s == nil {
		return nil, fmt.Errorf("No embedded object with id: %d", intOr(req, "objectId", 0))
	}
	overlay := b.d.merge(
		at(s.Charts[i], "position", "overlayPosition"),
		at(req, "newPosition", "overlayPosition"),
		m,
		b.d.schemas["OverlayPosition"],
	)
	p, home, err := b.position(with(at(req, "newPosition"), "overlayPosition", overlay))
	if err != nil {
		return nil, err
	}
	c := with(s.Charts[i], "position", p)
	if home == s {
		s.Charts[i] = c
	} else {
		s.Charts = slices.Delete(s.Charts, i, i+1)
		home.Charts = append(home.Charts, c)
	}
	return object{"position": p}, nil
}

func (b *batch) deleteEmbeddedObject(req object) (object, error) {
	s, i := b.find(chartsOf, "chartId", req["objectId"])
	if s == nil {
		return nil, fmt.Errorf("No embedded object with id: %d", intOr(req, "objectId", 0))
	}
	s.Charts = slices.Delete(s.Charts, i, i+1)
	return nil, nil
}

// protection checks a protected range. A whole sheet is one without indexes.
func (b *batch) protection(p object) (*sheet, error) {
	for _, other := range []string{"tableId", "namedRangeId"} {
		if p[other] != nil {
			return nil, notSupported("a protected range with " + other)
		}
	}
	r, err := b.st.rect(at(p, "range"))
	if err != nil {
		return nil, err
	}
	whole := true
	for _, edge := range []string{"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"} {
		whole = whole && at(p, "range")[edge] == nil
	}
	open := listAt(p, "unprotectedRanges")
	if len(open) > 0 && !whole {
		return nil, fmt.Errorf("unprotectedRanges are only supported on protected sheets.")
	}
	for _, v := range open {
		o, _ := v.(object)
		if u, err := b.st.rect(o); err != nil {
			return nil, err
		} else if u.sheet != r.sheet {
			return nil, fmt.Errorf("an unprotected range must be on the protected sheet.")
		}
	}
	if boolAt(p, "warningOnly") && p["editors"] != nil {
		return nil, fmt.Errorf("Editors are not supported with warning_only protection.")
	}
	return r.sheet, nil
}

func (b *batch) addProtectedRange(req object) (object, error) {
	p := at(req, "protectedRange")
	s, err := b.protection(p)
	if err != nil {
		return nil, err
	}
	if p, err = b.identified(p, protectedOf, "protectedRangeId", "A protected range"); err != nil {
		return nil, err
	}
	s.Protected = append(s.Protected, p)
	return object{"protectedRange": p}, nil
}

func (b *batch) updateProtectedRange(req object, m mask) (object, error) {
	next := at(req, "protectedRange")
	s, i := b.find(protectedOf, "protectedRangeId", next["protectedRangeId"])
	if s == nil {
		return nil, fmt.Errorf("No protected range with id: %d", intOr(next, "protectedRangeId", 0))
	}
	p := b.d.merge(s.Protected[i], next, m, b.d.schemas["ProtectedRange"])
	home, err := b.protection(p)
	if err != nil {
		return nil, err
	}
	if home != s {
		return nil, fmt.Errorf("a protected range cannot move to another sheet.")
	}
	s.Protected[i] = p
	return nil, nil
}

func (b *batch) deleteProtectedRange(req object) (object, error) {
	s, i := b.find(protectedOf, "protectedRangeId", req["protectedRangeId"])
	if s == nil {
		return nil, fmt.Errorf("No protected range with id: %d", intOr(req, "protectedRangeId", 0))
	}
	s.Protected = slices.Delete(s.Protected, i, i+1)
	return nil, nil
}

// rule checks a conditional format and says on which sheet it is.
func (b *batch) rule(rule object) (*sheet, error) {
	ranges := listAt(rule, "ranges")
	if len(ranges) == 0 {
		return nil, fmt.Errorf("a conditional format needs at least one range.")
	}
	var home *sheet
	for _, v := range ranges {
		o, _ := v.(object)
		r, err := b.st.rect(o)
		if err != nil {
			return nil, err
		}
		if home != nil && home != r.sheet {
			return nil, fmt.Errorf("all ranges of a conditional format must be on the same sheet.")
		}
		home = r.sheet
	}
	if (rule["booleanRule"] == nil) == (rule["gradientRule"] == nil) {
		return nil, fmt.Errorf("a conditional format is a booleanRule or a gradientRule.")
	}
	condition := at(rule, "booleanRule", "condition")
	if rule["booleanRule"] != nil {
		kind := textAt(condition, "type")
		values := listAt(condition, "values")
		switch {
		case kind == "" || kind == "CONDITION_TYPE_UNSPECIFIED":
			return nil, fmt.Errorf("a condition needs a type.")
		case kind == "CUSTOM_FORMULA":
			if len(values) != 1 {
				return nil, fmt.Errorf("CUSTOM_FORMULA needs exactly one value.")
			}
			v, _ := values[0].(object)
			if err := b.checkValue(object{"formulaValue": textAt(v, "userEnteredValue")}); err != nil {
				return nil, err
			}
		}
	}
	return home, nil
}

func (b *batch) addConditionalFormatRule(req object) (object, error) {
	s, err := b.rule(at(req, "rule"))
	if err != nil {
		return nil, err
	}
	i := intOr(req, "index", 0)
	if i < 0 || i > len(s.Conditional) {
		return nil, fmt.Errorf("No conditional format on sheet at index: %d", i)
	}
	s.Conditional = slices.Insert(s.Conditional, i, at(req, "rule"))
	return nil, nil
}

func (b *batch) updateConditionalFormatRule(req object) (object, error) {
	i := intOr(req, "index", 0)
	rule := at(req, "rule")
	_, moves := intAt(req, "newIndex")
	if (rule != nil) == moves {
		return nil, fmt.Errorf("exactly one of rule and newIndex must be given.")
	}
	var s *sheet
	var err error
	if rule != nil {
		s, err = b.rule(rule)
	} else {
		s, err = b.sheet(intOr(req, "sheetId", 0))
	}
	if err != nil {
		return nil, err
	}
	if i < 0 || i >= len(s.Conditional) {
		return nil, fmt.Errorf("No conditional format on sheet at index: %d", i)
	}
	old := s.Conditional[i]
	if rule != nil {
		s.Conditional[i] = rule
		return object{"newIndex": float64(i), "newRule": rule, "oldRule": old}, nil
	}
	to := intOr(req, "newIndex", 0)
	if to < 0 || to >= len(s.Conditional) {
		return nil, fmt.Errorf("No conditional format on sheet at index: %d", to)
	}
	s.Conditional = slices.Insert(slices.Delete(s.Conditional, i, i+1), to, old)
	return object{"newIndex": float64(to), "oldIndex": float64(i), "newRule": old}, nil
}

func (b *batch) deleteConditionalFormatRule(req object) (object, error) {
	s, err := b.sheet(intOr(req, "sheetId", 0))
	if err != nil {
		return nil, err
	}
	i := intOr(req, "index", 0)
	if i < 0 || i >= len(s.Conditional) {
		return nil, fmt.Errorf("No conditional format on sheet at index: %d", i)
	}
	old := s.Conditional[i]
	s.Conditional = slices.Delete(s.Conditional, i, i+1)
	return object{"rule": old}, nil
}

var rangeName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_]{0,249}$`)

func (b *batch) checkNamed(n object, own int) error {
	name := textAt(n, "name")
	if !rangeName.MatchString(name) {
		return fmt.Errorf("The name %q is not a valid name of a range.", name)
	}
	for i, o := range b.st.Named {
		if i != own && strings.EqualFold(textAt(o, "name"), name) {
			return fmt.Errorf("A named range with the name %q already exists.", name)
		}
		if i != own && textAt(n, "namedRangeId") != "" && o["namedRangeId"] == n["namedRangeId"] {
			return fmt.Errorf("A named range with id %s already exists.", textAt(n, "namedRangeId"))
		}
	}
	_, err := b.st.rect(at(n, "range"))
	return err
}

func (b *batch) namedIndex(id any) int {
	return slices.IndexFunc(b.st.Named, func(o object) bool { return same(o["namedRangeId"], id) })
}

func (b *batch) addNamedRange(req object) (object, error) {
	n := at(req, "namedRange")
	if err := b.checkNamed(n, -1); err != nil {
		return nil, err
	}
	if textAt(n, "namedRangeId") == "" {
		n = with(n, "namedRangeId", fmt.Sprintf("named%d", b.st.newID()))
	}
	b.st.Named = append(b.st.Named, n)
	return object{"namedRange": n}, nil
}

func (b *batch) updateNamedRange(req object, m mask) (object, error) {
	i := b.namedIndex(at(req, "namedRange")["namedRangeId"])
	if i < 0 {
		return nil, fmt.Errorf("No named range with id: %s", textAt(at(req, "namedRange"), "namedRangeId"))
	}
	n := b.d.merge(b.st.Named[i], at(req, "namedRange"), m, b.d.schemas["NamedRange"])
	if err := b.checkNamed(n, i); err != nil {
		return nil, err
	}
	b.st.Named[i] = n
	return nil, nil
}

func (b *batch) deleteNamedRange(req object) (object, error) {
	i := b.namedIndex(req["namedRangeId"])
	if i < 0 {
		return nil, fmt.Errorf("No named range with id: %s", textAt(req, "namedRangeId"))
	}
	b.st.Named = slices.Delete(b.st.Named, i, i+1)
	return nil, nil
}

// table checks a native table: inside its grid, apart from others, and named anew.
func (b *batch) table(t object) (rect, error) {
	r, err := b.st.rect(at(t, "range"))
	if err != nil {
		return rect{}, err
	}
	if textAt(t, "name") == "" {
		return rect{}, fmt.Errorf("a table needs a name.")
	}
	for _, s := range b.st.Sheets {
		for _, o := range s.Tables {
			if o["tableId"] == t["tableId"] {
				continue
			}
			if strings.EqualFold(textAt(o, "name"), textAt(t, "name")) {
				return rect{}, fmt.Errorf("A table with the name %q already exists.", textAt(t, "name"))
			}
			if other, err := b.st.rect(at(o, "range")); err == nil && other.overlaps(r) {
				return rect{}, fmt.Errorf("the table (%s) overlaps the table %q (%s).", r.a1(),
					textAt(o, "name"), other.a1())
			}
		}
	}
	if f := at(r.sheet.Filter, "range"); f != nil {
		if other, err := b.st.rect(f); err == nil && other.overlaps(r) {
			return rect{}, fmt.Errorf("the table (%s) overlaps the basic filter (%s).", r.a1(), other.a1())
		}
	}
	for _, v := range listAt(t, "columnProperties") {
		c, _ := v.(object)
		i := intOr(c, "columnIndex", 0)
		if i < 0 || i >= r.c1-r.c0 {
			return rect{}, fmt.Errorf("columnProperties name the column %d of a table with %d.", i, r.c1-r.c0)
		}
		rule := at(c, "dataValidationRule")
		if dropDown := textAt(c, "columnType") == "DROPDOWN"; dropDown != (rule != nil) {
			return rect{}, fmt.Errorf("a table's column has a dataValidationRule if and only if its columnType is DROPDOWN.")
		}
		if rule != nil {
			if err := b.checkRule(rule, r.sheet); err != nil {
				return rect{}, err
			}
		}
	}
	return r, nil
}

func (b *batch) addTable(req object) (object, error) {
	t := at(req, "table")
	if textAt(t, "tableId") == "" {
		t = with(t, "tableId", fmt.Sprintf("table%d", b.st.newID()))
	} else if s, _ := b.find(tablesOf, "tableId", t["tableId"]); s != nil {
		return nil, fmt.Errorf("A table with id %s already exists.", textAt(t, "tableId"))
	}
	r, err := b.table(t)
	if err != nil {
		return nil, err
	}
	r.sheet.Tables = append(r.sheet.Tables, t)
	return object{"table": t}, nil
}

func (b *batch) updateTable(req object, m mask) (object, error) {
	next := at(req, "table")
	s, i := b.find(tablesOf, "tableId", next["tableId"])
	if s == nil {
		return nil, fmt.Errorf("No table with id: %s", textAt(next, "tableId"))
	}
	t := b.d.merge(s.Tables[i], next, m, b.d.schemas["Table"])
	r, err := b.table(t)
	if err != nil {
		return nil, err
	}
	if r.sheet != s {
		return nil, fmt.Errorf("a table cannot move to another sheet.")
	}
	s.Tables[i] = t
	return nil, nil
}

func (b *batch) deleteTable(req object) (object, error) {
	s, i := b.find(tablesOf, "tableId", req["tableId"])
	if s == nil {
		return nil, fmt.Errorf("No table with id: %s", textAt(req, "tableId"))
	}
	r, err := b.st.rect(at(s.Tables[i], "range"))
	if err != nil {
		return nil, err
	}
	for row := r.r0; row < r.r1; row++ { // a table goes with its contents
		r.sheet.edit(row, r.c0, r.c1, func(int, object) object { return nil })
	}
	s.Tables = slices.Delete(s.Tables, i, i+1)
	return nil, nil
}
