package source

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hdsreport/etl"
)

// Programs and services wrap records in several ways. Each is brought into one of two
// forms here, an array of objects or an array of arrays under a header, before it is
// looked at as a list.

// unpadded takes the call of a function, a comment or the guard ")]}'" off a JSON text.
func unpadded(text []byte) ([]byte, bool) {
	m := jsonPadding().FindIndex(text[:min(len(text), 1024)])
	if m == nil {
		return text, false
	}
	inner := text[m[1]-1:]
	end := len(inner)
	for end > 0 && strings.IndexByte(" \t\r\n;)", inner[end-1]) >= 0 {
		end--
	}
	return inner[:end], true
}

var jsonPadding = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\s\x{feff}]*(?:/\*[^*]*\*/\s*)?(?:\)\]\}'?,?|[A-Za-z_$][\w$.]*\s*\(|(?:var|let|const|window\.)\s*[\w$.]+\s*=)\s*[\[{]`)
})

// looksPadded tells JSON behind such a call.
func looksPadded(head []byte) bool {
	inner, ok := unpadded(head)
	return ok && looksLikeJSON(inner)
}

func (v jsonValue) get(key string) jsonValue {
	if v.isObject() {
		if i := slices.Index(v.node.keys, key); i >= 0 {
			return v.node.items[i]
		}
	}
	return jsonValue{}
}

func (v jsonValue) has(keys ...string) bool {
	for _, key := range keys {
		if v.get(key).node == nil {
			return false
		}
	}
	return true
}

// unwrap gives the list that an object is in a form of its own, with its header if the
// records are arrays.
func unwrap(v jsonValue) (list jsonValue, header []string, ok bool) {
	switch {
	case v.has("cols", "rows"): // Google's visualisation tables
		return unwrapGviz(v)
	case v.has("columns", "data") && v.get("data").isArray(): // pandas, orient="split"
		if header, ok = scalars(v.get("columns")); ok {
			return v.get("data"), header, true
		}
	case v.get("meta").get("view").has("columns") && v.has("data"): // Socrata
		for _, c := range v.get("meta").get("view").get("columns").items() {
			header = append(header, c.get("name").text)
		}
		return v.get("data"), header, true
	case v.has("fields", "records") && v.get("records").isArray(): // arrays under fields
		for _, f := range v.get("fields").items() {
			name := f.text
			for _, key := range []string{"label", "name", "id"} {
				if name == "" {
					name = f.get(key).text
				}
			}
			header = append(header, name)
		}
		if rs := v.get("records").items(); len(rs) > 0 && rs[0].isArray() {
			return v.get("records"), header, true
		}
	}
	return unwrapColumns(v)
}

func scalars(v jsonValue) ([]string, bool) {
	if !v.isArray() || !v.flat() {
		return nil, false
	}
	var out []string
	for _, item := range v.items() {
		out = append(out, item.text)
	}
	return out, len(out) > 0
}

// unwrapGviz reads {"cols": [{"label": …}], "rows": [{"c": [{"v": …, "f": …}]}]}: v is
// the value and f how it is shown.
func unwrapGviz(v jsonValue) (jsonValue, []string, bool) {
	var header []string
	for _, c := range v.get("cols").items() {
		label := strings.TrimSpace(c.get("label").text)
		header = append(header, label)
	}
	rows := &jsonNode{}
	for _, r := range v.get("rows").items() {
		row := &jsonNode{}
		for _, c := range r.get("c").items() {
			row.items = append(row.items, jsonValue{text: gvizCell(c)})
		}
		rows.items = append(rows.items, jsonValue{node: row})
	}
	if strings.Join(header, "") == "" {
		header = nil
	}
	return jsonValue{node: rows}, header, len(rows.items) > 0
}

func gvizCell(c jsonValue) string {
	value, shown := c.get("v").text, c.get("f").text
	if m := gvizDate().FindStringSubmatch(value); m != nil {
		month, _ := strconv.Atoi(m[2])
		day, _ := strconv.Atoi(m[3])
		year, _ := strconv.Atoi(m[1])
		if d, ok := etl.NewDate(year, month+1, day); ok { // months count from 0
			return d.String()
		}
		return value
	}
	if tellsMore(shown, value) {
		return shown
	}
	return value
}

var gvizDate = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^Date\((\d{4}), ?(\d{1,2}), ?(\d{1,2})(?:,[\d, ]*)?\)$`)
})

// unwrapColumns reads what pandas writes with orient="columns" or "list", one object or
// array a column, and with orient="index", one object a row.
func unwrapColumns(v jsonValue) (jsonValue, []string, bool) {
	if !v.isObject() || len(v.node.items) == 0 {
		return jsonValue{}, nil, false
	}
	first := v.node.items[0]
	for _, item := range v.node.items {
		switch {
		case item.node == nil || len(item.items()) == 0,
			item.isObject() != first.isObject(),
			item.isArray() && (!item.flat() || len(item.items()) != len(first.items())):
			return jsonValue{}, nil, false
		}
	}
	if first.isArray() {
		if len(v.node.items) < 2 {
			return jsonValue{}, nil, false
		}
		return columnsOf(v, len(first.items()), func(column jsonValue, row int) jsonValue { return column.node.items[row] })
	}
	if numbered(v.node.keys) {
		return jsonValue{node: &jsonNode{items: v.node.items}}, nil, true
	}
	for _, item := range v.node.items {
		if !numbered(item.node.keys) || len(item.node.keys) != len(first.node.keys) {
			return jsonValue{}, nil, false
		}
	}
	return columnsOf(v, len(first.node.keys), func(column jsonValue, row int) jsonValue {
		return column.get(first.node.keys[row])
	})
}

func columnsOf(v jsonValue, n int, cell func(column jsonValue, row int) jsonValue) (jsonValue, []string, bool) {
	rows := &jsonNode{}
	for i := range n {
		row := &jsonNode{}
		for _, column := range v.node.items {
			row.items = append(row.items, cell(column, i))
		}
		rows.items = append(rows.items, jsonValue{node: row})
	}
	return jsonValue{node: rows}, v.node.keys, true
}

// numbered reports whether keys are the numbers of rows.
func numbered(keys []string) bool {
	for _, k := range keys {
		if k == "" || strings.Trim(k, "0123456789") != "" {
			return false
		}
	}
	return len(keys) > 0
}

// innerKeys are the keys under which services keep the record inside of a record: GeoJSON
// and ArcGIS, Opendatasoft, Airtable and Grist, Elasticsearch, JSON:API, GraphQL.
var innerKeys = []string{"properties", "attributes", "fields", "_source", "record", "node", "item", "row", "doc", "values"}

// inner gives the records inside of the records of a list, if that is where they are: nil
// if not.
func inner(list jsonValue, key string) []jsonValue {
	items := list.items()
	out := make([]jsonValue, len(items))
	for i, item := range items {
		v := item.get(key)
		if !v.isObject() {
			return nil
		}
		out[i] = v
	}
	return out
}

// scalarOf is the value of an object that is a value with something about it: a date or
// a long number as a database writes it, or a thing with its name. ok is false if no
// entry is the value.
func (v jsonValue) scalarOf() (text string, whole, ok bool) {
	if len(v.node.keys) == 1 && v.node.items[0].node == nil {
		return v.node.items[0].text, true, true
	}
	for i, key := range v.node.keys {
		switch strings.ToLower(key) {
		case "nom", "name", "libelle", "libellé", "label", "title", "titre", "value", "valeur", "text", "texte",
			"raison_sociale", "raisonsociale", "#text", "_text", "$t":
			if v.node.items[i].node == nil && v.node.items[i].text != "" {
				return v.node.items[i].text, false, true
			}
		}
	}
	return "", false, false
}

// pageWords are the keys by which an answer says what part of the whole it is.
var pageWords = map[string]pageWord{}

type pageWord uint8

const (
	saysTotal pageWord = iota + 1 // rows of the whole
	saysPages                     // pages of the whole
	saysStart                     // rows before the first one here
	saysFirst                     // the first row here, from 0 or 1
	saysPage                      // number of this page, from 1
	saysNext                      // where the next page is, or that there is one
	saysLast                      // that this is the last page
	saysLimit                     // rows of a page at the most
)

func init() {
	for word, keys := range map[pageWord]string{
		saysTotal: "total count nhits numfound totalcount totalitems totalresults totalelements totalrecords recordstotal " +
			"recordsfiltered itotalrecords itotaldisplayrecords odata.count numbermatched matched rowcount nbtotal totalrows " +
			"totalhits resultcount nombretotal nbresultats totalresultats hits matchedcount nbhits totalnumber totalsize",
		saysPages: "totalpages pages pagecount lastpage nbpages numpages pagestotal nombrepages",
		saysStart: "offset skip",
		saysFirst: "start startindex from",
		saysPage:  "page currentpage pagenumber",
		saysNext: "next nextpage nextpageurl nextlink odata.nextlink nextcursor nextpagetoken hasmore hasnext hasnextpage more " +
			"exceededtransferlimit nexturl nexthref nextrecordsurl morerecords continuation continuationtoken",
		saysLast:  "last islast lastpagereached done",
		saysLimit: "limit pagesize perpage itemsperpage resultsperpage recordsperpage maxrecords maxresults",
	} {
		for key := range strings.FieldsSeq(keys) {
			pageWords[key] = word
		}
	}
}

// foldKey writes a key without what names of one meaning differ in.
func foldKey(key string) string {
	key = strings.ToLower(key)
	if _, after, ok := strings.Cut(key, ":"); ok { // hydra:totalItems
		key = after
	}
	return strings.NewReplacer("_", "", "-", "", "@", "", "$", "", " ", "").Replace(key)
}

// partOf tells by what stands beside a list whether it is one page of several.
func partOf(beside []jsonValue, rows int) (etl.Part, bool) {
	var part etl.Part
	found, whole, limit := false, false, ""
	say := func(path string, v jsonValue) {
		if part.Said == "" {
			part.Said = path + ": " + short(v.cell())
		}
		found = true
	}
	var look func(path string, v jsonValue, depth int)
	look = func(path string, v jsonValue, depth int) {
		for i, key := range v.node.keys {
			item := v.node.items[i]
			at := strings.TrimPrefix(path+"."+key, ".")
			n, err := strconv.Atoi(item.text)
			number := item.node == nil && err == nil
			switch word := pageWords[foldKey(key)]; {
			case word == saysTotal && item.isObject() && item.get("value").text != "": // Elasticsearch
				if n, _ := strconv.Atoi(item.get("value").text); n > rows {
					part.Total = max(part.Total, n)
					say(at, item.get("value"))
				}
				continue
			case item.isObject() && depth > 0 && word != saysNext:
				look(at, item, depth-1)
			case item.isArray() && strings.HasPrefix(foldKey(key), "link"):
				for _, link := range item.items() {
					if link.get("rel").text == "next" || link.get("relation").text == "next" {
						part.Next = true
						say(at, link.get("rel"))
					}
				}
			case word == saysLimit && number && n == rows && limit == "":
				limit = at + ": " + item.text
			case word == saysTotal && number && n == rows, word == saysNext && !goesOn(item), word == saysLast && item.text == "TRUE":
				whole = true
			case word == saysTotal && number && n > rows:
				part.Total = max(part.Total, n)
				say(at, item)
			case word == saysPages && number && n > 1, word == saysPage && number && n > 1:
				say(at, item)
			case word == saysStart && number && n > 0, word == saysFirst && number && n > 1:
				say(at, item)
			case word == saysStart && item.node == nil && !number && item.text != "": // Airtable's next page
				part.Next = true
				say(at, item)
			case word == saysNext && goesOn(item):
				part.Next = true
				say(at, item)
			case word == saysLast && item.node == nil && item.text == "FALSE":
				part.Next = true
				say(at, item)
			}
		}
	}
	for _, v := range beside {
		look("", v, 2)
	}
	if !found && !whole && limit != "" {
		return etl.Part{Said: limit, Full: true}, true
	}
	return part, found
}

// goesOn reports whether the value of "next" is that there is a next page.
func goesOn(v jsonValue) bool {
	if v.isObject() {
		return v.get("href").text != "" || v.get("url").text != ""
	}
	return v.node == nil && v.text != "" && v.text != "FALSE" && v.text != "0"
}

// around tells what the members beside a list say, those that tell what part of the whole it
// is left out: "status: partial". A key alone stands for what is true, and what is false is not.
func around(beside []jsonValue) []string {
	var out []string
	var look func(v jsonValue, depth int)
	look = func(v jsonValue, depth int) {
		for i, key := range v.node.keys {
			item := v.node.items[i]
			switch text, _ := cleanText(item.text); {
			case pageWords[foldKey(key)] != 0 || len(out) == maxListed:
			case item.isObject() && numbered(item.node.keys): // a column
			case item.isObject() && depth > 0:
				look(item, depth-1)
			case item.node != nil || text == "" || text == "FALSE" || text == "0":
			case text == "TRUE":
				out = append(out, etl.KeyWords(key))
			default:
				out = append(out, etl.KeyWords(key)+": "+text)
			}
		}
	}
	for _, v := range beside {
		look(v, 1)
	}
	return out
}
