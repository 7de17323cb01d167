package source

import (
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	for _, tt := range []struct{ name, data, want, codes string }{
		{"objects", `[{"Acteur":"OVH","Type":1.50},{"Type":true,"Acteur":null,"Extra":"x"}]`, "0: Acteur|Type|Extra\n1: OVH|1.50\n2: |TRUE|x\n", ""},
		{"arrays", `[["Acteur","Type"],["OVH",1e5],[]]`, "1: Acteur|Type\n2: OVH|1e5\n", ""},
		{"under a key", `{"status":"ok","n":2,"data":{"items":[{"Acteur":"OVH"}]},"other":[{"x":1},{"x":2}]}`, "0: Acteur\n1: OVH\n", "sheet-unread"},
		{"nested", `[{"Acteur":"OVH","a":["x",null,2],"b":{"c":[1]}}]`, "0: Acteur|a|b\n1: OVH|x; 2|{\"c\": [\"1\"]}\n", "json-nested@1:3"},
		{"twice the same key", `[{"Acteur":"OVH","Acteur":"EBRC"}]`, "0: Acteur\n1: EBRC\n", "json-duplicate-key"},
		{"lines", "{\"Acteur\":\"OVH\"}\n{\"Acteur\":\"EBRC\"}\n", "0: Acteur\n1: OVH\n2: EBRC\n", ""},
		{"an odd record", `[{"Acteur":"OVH"},"note"]`, "0: Acteur\n1: OVH\n2: \"note\"\n", "json-odd-record@2:0"},
		{"with a mark", "\ufeff[{\"Acteur\":\"Soci\\u00e9t\\u00e9\\u0000\"}]", "0: Acteur\n1: Société\n", "control-removed@1:1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, found := mustRead(t, []byte(tt.data), "a.json", withHeaders)
			wantRows(t, table, tt.want)
			wantCodes(t, found, tt.codes)
		})
	}
}

func TestJSONRefusals(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{`[{"a":1},`, "a.json:1:10: the JSON is broken: it ends in the middle"},
		{"[{\"a\":1},\n {\"b\" 2}]", "a.json:2:7: the JSON is broken"},
		{`{"a":1}`, "[json-no-table]"},
		{`[]`, "[json-no-table]"},
		{`[1,2]`, "[json-no-table]"},
		{strings.Repeat("[", 5000), "[json-depth]"},
		{strings.Repeat(`{"a":`, 5000), "[json-depth]"},
		{`[{"a":1}] x`, "[json-syntax]"},
	} {
		if _, _, err := Read([]byte(tt.data), "a.json", withHeaders); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.40s: %v, want %s", tt.data, err, tt.want)
		}
	}
}

func FuzzJSON(f *testing.F) {
	samples(f, "json")
	for _, s := range []string{`[{"a":1,"b":[1,2],"c":{"d":null}}]`, `{"x":[["a"],["b",true]]}`, "{\"a\":1}\n{\"a\":\"é\"}", `[[[[]]]]`,
		`{"table":{"cols":[{"label":"a"}],"rows":[{"c":[{"v":"Date(2019,0,31)","f":"x"},null]}]}}`, `f({"a":{"0":"x"},"b":{"0":1.0}});`,
		`{"columns":["a"],"data":[["x"]],"total":9}`, `{"hits":{"total":{"value":3},"hits":[{"_source":{"record":{"fields":{"a":{"$date":"x"}}}}}]}}`} {
		f.Add([]byte(s))
	}
	fuzzReader(f, "a.json")
}
