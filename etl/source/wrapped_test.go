package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWrappedJSON: however a program or a service wraps records.
func TestWrappedJSON(t *testing.T) {
	const records = `[{"Acteur":"OVH","Type":"a"},{"Acteur":"EBRC","Type":"b"}]`
	const rows = "1: OVH|a\n2: EBRC|b\n"
	for _, tt := range []struct{ name, text, want string }{
		{"DRF", `{"count":2,"next":null,"previous":null,"results":` + records + `}`, "0: Acteur|Type\n" + rows},
		{"CKAN", `{"success":true,"result":{"fields":[{"id":"Acteur"}],"records":` + records + `,"total":2}}`, "0: Acteur|Type\n" + rows},
		{"GeoJSON", `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"Acteur":"OVH","Type":"a"}},{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"Acteur":"EBRC","Type":"b"}}]}`, "0: Acteur|Type\n" + rows},
		{"ArcGIS", `{"fields":[{"name":"Acteur","alias":"Acteur"}],"features":[{"attributes":{"Acteur":"OVH","Type":"a"}},{"attributes":{"Acteur":"EBRC","Type":"b"}}]}`, "0: Acteur|Type\n" + rows},
		{"Opendatasoft 1", `{"nhits":2,"records":[{"datasetid":"x","fields":{"Acteur":"OVH","Type":"a"}},{"datasetid":"x","fields":{"Acteur":"EBRC","Type":"b"}}]}`, "0: Acteur|Type\n" + rows},
		{"Opendatasoft 2", `{"total_count":2,"records":[{"record":{"id":"1","fields":{"Acteur":"OVH","Type":"a"}}},{"record":{"id":"2","fields":{"Acteur":"EBRC","Type":"b"}}}]}`, "0: Acteur|Type\n" + rows},
		{"Airtable", `{"records":[{"id":"rec1","createdTime":"2019-06-17T00:00:00Z","fields":{"Acteur":"OVH","Type":"a"}},{"id":"rec2","fields":{"Acteur":"EBRC","Type":"b"}}]}`, "0: Acteur|Type\n" + rows},
		{"Elasticsearch", `{"hits":{"total":{"value":2,"relation":"eq"},"hits":[{"_id":"1","_source":{"Acteur":"OVH","Type":"a"}},{"_id":"2","_source":{"Acteur":"EBRC","Type":"b"}}]}}`, "0: Acteur|Type\n" + rows},
		{"JSON:API", `{"data":[{"type":"hosts","id":"1","attributes":{"Acteur":"OVH","Type":"a"}},{"type":"hosts","id":"2","attributes":{"Acteur":"EBRC","Type":"b"}}]}`, "0: Acteur|Type\n" + rows},
		{"GraphQL", `{"data":{"hosts":{"edges":[{"cursor":"1","node":{"Acteur":"OVH","Type":"a"}},{"cursor":"2","node":{"Acteur":"EBRC","Type":"b"}}]}}}`, "0: Acteur|Type\n" + rows},
		{"Socrata", `{"meta":{"view":{"name":"x","columns":[{"name":"sid"},{"name":"Acteur"},{"name":"Type"}]}},"data":[["r1","OVH","a"],["r2","EBRC","b"]]}`, "0: sid|Acteur|Type\n1: r1|OVH|a\n2: r2|EBRC|b\n"},
		{"fields beside arrays", `{"fields":["Acteur","Type"],"records":[["OVH","a"],["EBRC","b"]]}`, "0: Acteur|Type\n" + rows},
		{"pandas, split", `{"columns":["Acteur","Type"],"index":[0,1],"data":[["OVH","a"],["EBRC","b"]]}`, "0: Acteur|Type\n" + rows},
		{"pandas, columns", `{"Acteur":{"0":"OVH","1":"EBRC"},"Type":{"0":"a","1":"b"}}`, "0: Acteur|Type\n" + rows},
		{"pandas, columns, sorted as texts", `{"Acteur":{"0":"OVH","10":"EBRC"},"Type":{"10":"b","0":"a"}}`, "0: Acteur|Type\n" + rows},
		{"pandas, list", `{"Acteur":["OVH","EBRC"],"Type":["a","b"]}`, "0: Acteur|Type\n" + rows},
		{"pandas, index", `{"0":{"Acteur":"OVH","Type":"a"},"1":{"Acteur":"EBRC","Type":"b"}}`, "0: Acteur|Type\n" + rows},
		{"pandas, table", `{"schema":{"fields":[{"name":"index","type":"integer"},{"name":"Acteur","type":"string"}],"primaryKey":["index"]},"data":` + records + `}`, "0: Acteur|Type\n" + rows},
		{"gviz", `{"table":{"cols":[{"id":"A","label":"Acteur"},{"id":"B","label":"Type"}],"rows":[{"c":[{"v":"OVH"},{"v":"Date(2019,0,31)","f":"31 janv."}]},{"c":[{"v":42.0,"f":"HDS-0042"},null]}]}}`, "0: Acteur|Type\n1: OVH|2019-01-31\n2: HDS-0042\n"},
		{"gviz, with its headings among the rows", `{"table":{"cols":[{"id":"A","label":""},{"id":"B","label":""}],"rows":[{"c":[{"v":"Acteur"},{"v":"Type"}]},{"c":[{"v":"OVH"},{"v":"a"}]}]}}`, "1: Acteur|Type\n2: OVH|a\n"},
		{"JSONP", "/*O_o*/\ngoogle.visualization.Query.setResponse({\"table\":{\"cols\":[{\"label\":\"Acteur\"}],\"rows\":[{\"c\":[{\"v\":\"OVH\"}]}]}});", "0: Acteur\n1: OVH\n"},
		{"a call", `jQuery331_1(` + records + `)`, "0: Acteur|Type\n" + rows},
		{"a script", `var liste = ` + records + `;`, "0: Acteur|Type\n" + rows},
		{"a guard", ")]}'\n" + records, "0: Acteur|Type\n" + rows},
		{"values of a database", `[{"Acteur":{"nom":"OVH"},"Type":{"$numberLong":"7"}},{"Acteur":"EBRC","Type":1001.0}]`, "0: Acteur|Type\n1: OVH|7\n2: EBRC|1001\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, found := mustRead(t, []byte(tt.text), "a.json", withHeaders)
			wantRows(t, table, tt.want)
			if strings.Contains(codes(found), "source-part") {
				t.Errorf("findings %s", codes(found))
			}
		})
	}
}

// TestLargestArray: without known headings, the largest array of objects.
func TestLargestArray(t *testing.T) {
	table, _ := mustRead(t, []byte(`{"codes":[[1,2],[3,4],[5,6]],"facets":[{"n":1}],"hosts":[{"x":"a"},{"x":"b"},{"x":"c"}]}`), "a.json", Options{})
	wantRows(t, table, "0: x\n1: a\n2: b\n3: c\n")
}

// TestPart: what says itself that it is a part of the list, and what does not.
func TestPart(t *testing.T) {
	const records = `[{"Acteur":"OVH","Type":"a"},{"Acteur":"EBRC","Type":"b"}]`
	table := `<table>` + htmlHeader + `<tr><td>OVH</td><td>a</td></tr><tr><td>EBRC</td><td>b</td></tr></table>`
	for _, tt := range []struct {
		name, file, text string
		part             bool
	}{
		{"total", "a.json", `{"total":57,"data":` + records + `}`, true},
		{"total in a meta", "a.json", `{"meta":{"pagination":{"totalItems":57}},"data":` + records + `}`, true},
		{"Elasticsearch", "a.json", `{"hits":{"total":{"value":57},"hits":[{"_source":{"Acteur":"OVH"}}]}}`, true},
		{"Solr", "a.json", `{"response":{"numFound":57,"start":0,"docs":` + records + `}}`, true},
		{"Hydra", "a.json", `{"hydra:member":` + records + `,"hydra:totalItems":57}`, true},
		{"OData", "a.json", `{"value":` + records + `,"@odata.nextLink":"https://x/?$skip=2"}`, true},
		{"a later page", "a.json", `{"offset":20,"data":` + records + `}`, true},
		{"Airtable", "a.json", `{"records":[{"fields":{"Acteur":"OVH"}}],"offset":"itr1/rec1"}`, true},
		{"ArcGIS", "a.json", `{"features":[{"attributes":{"Acteur":"OVH"}}],"exceededTransferLimit":true}`, true},
		{"links", "a.json", `{"links":[{"rel":"self","href":"x"},{"rel":"next","href":"y"}],"data":` + records + `}`, true},
		{"Spring", "a.json", `{"content":` + records + `,"last":false,"totalPages":3}`, true},
		{"Laravel, whole", "a.json", `{"data":` + records + `,"meta":{"current_page":1,"from":1,"last_page":1,"per_page":100,"to":2,"total":2},"links":{"next":null}}`, false},
		{"no next", "a.json", `{"count":2,"next":null,"results":` + records + `}`, false},
		{"as many as a page has", "a.json", `{"limit":2,"offset":0,"data":` + records + `}`, true},
		{"a limit that was not reached", "a.json", `{"limit":100,"data":` + records + `}`, false},
		{"as many as a page has, and all", "a.json", `{"limit":2,"total":2,"data":` + records + `}`, false},
		{"as many as a page has, and no next", "a.json", `{"limit":2,"next":null,"data":` + records + `}`, false},
		{"more is false", "a.json", `{"hasMore":false,"data":` + records + `}`, false},
		{"of entries", "a.html", table + `<div>Affichage de l'élément 1 à 2 sur 57 éléments</div>`, true},
		{"with a stroke", "a.html", table + `<div>1-2 / 57</div>`, true},
		{"with a stroke, a date", "a.html", table + `<div>01-06 / 2019</div>`, false},
		{"in English", "a.html", table + `<div>Showing 1 to 2 of 57 entries</div>`, true},
		{"all of them", "a.html", table + `<div>1 à 2 sur 2</div>`, false},
		{"pages", "a.html", table + `<p>Page 1/3</p>`, true},
		{"one page", "a.html", table + `<p>Page 1/1</p>`, false},
		{"all pages", "a.html", table + `<p>Page 1/2</p><p>Page 2/2</p>`, false},
		{"results", "a.html", `<p>57 résultats</p>` + table, true},
		{"as many results", "a.html", `<p>2 résultats</p>` + table, false},
		{"pandas", "a.html", table + `<p>57 rows × 7 columns</p>`, true},
		{"links to pages", "a.html", table + `<nav class="fr-pagination"><ul><li><a>1</a></li><li><a href="?p=2">2</a></li></ul></nav>`, true},
		{"a link to the only page", "a.html", table + `<ul class="pagination"><li><a>1</a></li></ul><p><a>2</a></p>`, false},
		{"no further page", "a.html", table + `<ul class="pagination"><li><a class="disabled">Suivant</a></li></ul>`, false},
		{"the next page", "a.html", table + `<a rel="next" href="?page=1">Suivant</a>`, true},
		{"a button", "a.html", table + `<button>Charger plus</button>`, true},
		{"a choice of lengths", "a.html", table + `<div class="paging"><select><option>10</option><option>25</option></select></div>`, false},
		{"a date", "a.html", `<p>Mise à jour du 17 au 18 juin 2019</p>` + table, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, found := mustRead(t, []byte(tt.text), tt.file, withHeaders)
			if part := strings.Contains(codes(found), "source-part"); part != tt.part {
				t.Errorf("part of a list: %v; findings %v", part, found)
			}
		})
	}
}

// TestAround: what stands around a table goes with it: its own heading and caption, and the
// members beside records.
func TestAround(t *testing.T) {
	const records = `[{"Acteur":"OVH","Type":"a"},{"Acteur":"EBRC","Type":"b"}]`
	table := `<table><caption>Au 17 juin</caption>` + htmlHeader + `<tr><td>OVH</td><td>a</td></tr></table>`
	for _, tt := range []struct {
		file, text string
		want       []string
	}{
		{"a.json", `{"status":"partial","isTest":true,"final":false,"meta":{"note_fr":"provisoire","count":2},"data":` + records + `}`,
			[]string{"status: partial", "is Test", "note fr: provisoire"}},
		{"a.json", records, nil},
		{"a.json", `{"Acteur":{"0":"OVH","1":"EBRC"},"Type":{"0":"a","1":"b"}}`, nil},
		{"a.html", `<h1>Santé</h1><h2>Liste <b>provisoire</b></h2>` + table, []string{"Liste provisoire", "Au 17 juin"}},
		{"a.html", `<h2>Agréés</h2><table><tr><td>x</td></tr></table><h2>Certifiés</h2>` + table, []string{"Certifiés", "Au 17 juin"}},
		{"a.html", `<p>Texte</p>` + table + `<h2>Aide</h2>`, []string{"Au 17 juin"}},
	} {
		got, _ := mustRead(t, []byte(tt.text), tt.file, withHeaders)
		if diff := cmp.Diff(tt.want, got.Around); diff != "" {
			t.Errorf("%s: %s", tt.text, diff)
		}
	}
}
