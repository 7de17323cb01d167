package main

import (
	"errors"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hdsreport/etl"
	"hdsreport/report/gsheets/sheetstest"
)

// TestPublishSomewhereElse: an address that is neither Google's nor this machine's is a wrong
// configuration, with a key or without; nothing is sent, and nothing kept of it.
func TestPublishSomewhereElse(t *testing.T) {
	for _, key := range []string{"", "  credentials: key.json\n"} {
		p := newPlace(t, "gate:\n  unclassified: 1\npublish:\n  spreadsheet: shared\n  endpoint: https://sheets.example.org\n"+key)
		p.write(t, "editions/2019-06/agrees.csv", string(asText(table(etl.Approved))))
		p.write(t, "editions/2019-06/certifies.csv", string(asText(table(etl.Certified))))
		p.write(t, "key.json", `{"type":"service_account"}`)
		for _, args := range [][]string{{"publish"}, {"publish", "--plan"}, {"run", "--publish"}} {
			_, said := p.want(t, exitUsage, args[0], args[1:]...)
			if !strings.Contains(said, "publish.endpoint") || !strings.Contains(said, "https://sheets.example.org") {
				t.Errorf("%v: %s", args, said)
			}
		}
		if names, err := filepath.Glob(filepath.Join(p.dir, "published", "*")); err != nil || len(names) > 0 {
			t.Errorf("%v, %v", names, err)
		}
	}
}

// TestPublishedWronglyStaysRed: while the sheet shows another figure than the program computes,
// every run fails; and what somebody typed that says the same stops none.
func TestPublishedWronglyStaysRed(t *testing.T) {
	var shown any = errors.New("N_A")
	server := sheetstest.New(sheetstest.Options{ID: "shared",
		Evaluate: func(string, string, string) any { return shown }})
	api := httptest.NewServer(server)
	t.Cleanup(api.Close)
	t.Cleanup(server.Close)
	p := newPlace(t, "gate:\n  unclassified: 1\npublish:\n  spreadsheet: shared\n  endpoint: "+api.URL+"\n")
	p.write(t, "editions/2019-06/agrees.csv", string(asText(table(etl.Approved))))
	p.write(t, "editions/2019-06/certifies.csv", string(asText(table(etl.Certified))))
	for range 2 {
		p.want(t, exitFailed, "publish")
	}
	if n := server.Applied(); n != 1 {
		t.Errorf("written %d times", n)
	}
	shown = nil
	p.want(t, exitDone, "publish")
	for _, s := range server.Snapshot().Sheets() {
		for row, values := range s.Values() {
			for col, v := range values {
				if v == "À classer" || v == "To classify" {
					server.Edit(s.Title(), string(rune('A'+col))+strconv.Itoa(row+1), "  à classer")
					p.want(t, exitDone, "publish")
					if n := server.Applied(); n != 2 {
						t.Errorf("written %d times", n)
					}
					return
				}
			}
		}
	}
	t.Error("no position to type over")
}
