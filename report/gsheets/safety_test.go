package gsheets

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hdsreport/etl/message"
	"hdsreport/report"
	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/published"
)

// TestTextNeverRuns: what begins like a formula, a number or a date stays the text that
// it is, in cells and in links.
func TestTextNeverRuns(t *testing.T) {
	b := small(1, 8)
	texts := []string{
		"=1+1",
		"=IMPORTXML(\"https://example.org\";\"//a\")",
		"+33 1 23",
		"-5",
		"@nom",
		"17/06/2019",
		"'cité",
		"TRUE",
	}
	b.Sheets[0].Table.Columns[0].At = func(k int) report.Value { return report.TextOf(texts[k]) }
	b.Sheets[0].Lines[0].Cells[0].Value = report.TextOf("=HYPERLINK(\"https://example.org\")")
	b.Identifier = b.Generation()
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(b, "a")
	d.check(b)
	if out := d.mustPublish(b, "a"); out.Written {
		t.Error("written again")
	}
	b.Sheets[0].Table.Columns[0].Link = func(int) string { return "javascript:alert(1)" }
	b.Identifier = b.Generation()
	if _, err := d.publish(b, "a"); err == nil ||
		!strings.Contains(err.Error(), "not an http, https or mailto address") {
		t.Errorf("%v", err)
	}
}

// TestTooLarge is refused before anything is sent.
func TestTooLarge(t *testing.T) {
	for name, c := range map[string]struct {
		before func(d *desk)
		says   string
	}{
		"request": {func(d *desk) { d.mutated.MaxBytes = 3000 }, "publish.megabytes"},
		"cells":   {func(d *desk) { d.server.AddTab("Grande", 99_990, 100) }, "10,000,000"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, sheetstest.Options{})
			d.mustPublish(small(1, 5), "a")
			c.before(d)
			d.server.Forget()
			before := d.server.Snapshot()
			_, err := d.publish(small(2, 50), "b")
			var refused *Refused
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("%v", err)
			}
			if d.kinds() != "get" || !before.Same(d.server.Snapshot()) {
				t.Errorf("sent: %s", d.kinds())
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"1AbC-d_9": "1AbC-d_9",
		"https://docs.google.com/spreadsheets/d/1AbC-d_9/edit#gid=0": "1AbC-d_9",
		"https://docs.google.com/spreadsheets/u/1/d/1AbC-d_9/edit":   "1AbC-d_9",
		"https://docs.google.com/document/d/1AbC/edit":               "",
		"":     "",
		"../x": "",
		"https://docs.google.com/spreadsheets/d/1AbC-d_9?usp=sharing": "1AbC-d_9",
	} {
		if got, err := idOf(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", in, got, err)
		}
	}
	for address, want := range map[string]bool{"http://127.0.0.1:8080": true, "http://localhost:1": true,
		"http://[::1]:9":                true,
		"https://sheets.googleapis.com": false, "http://127.0.0.1.example.org": false, "http://localhost@example.org": false, "http://10.0.0.1": false} {
		if loopback(address) != want {
			t.Errorf("%s", address)
		}
	}
	for address, want := range map[string]bool{"": true, "https://sheets.googleapis.com": true,
		"https://sheets.googleapis.com:443/": true, "https://sheets-eu.p.GOOGLEAPIS.com": true, "http://[::1]:9": true,
		"http://sheets.googleapis.com": false, "https://googleapis.com.example.org": false, "https://evilgoogleapis.com": false, "https://sheets.googleapis.com@example.org": false,
		"https://x@sheets.googleapis.com": false, "https://sheets.googleapis.com:8443": false, "https://example.org/?sheets.googleapis.com": false, "http://10.0.0.1": false, "%": false} {
		if EndpointAllowed(address) != want {
			t.Errorf("%s", address)
		}
	}
	key := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(key, []byte(`{"type":"service_account"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, credentials := range []string{"", key} {
		_, err := Publish(
			context.Background(),
			small(1, 3),
			Options{Spreadsheet: "x", Endpoint: "https://example.org", Credentials: credentials},
		)
		if err == nil || !strings.Contains(err.Error(), "neither an address of Google's") {
			t.Errorf("%v", err)
		}
	}
}

func privateKey(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// keyFile is the key of a service account whose tokens come from an issuer.
func keyFile(t *testing.T, private, id, issuer string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key.json")
	text, err := json.Marshal(map[string]string{"type": "service_account", "project_id": "p",
		"private_key_id": id, "private_key": private, "client_email": "publisher@p.iam.gserviceaccount.com",
		"client_id": "1", "token_uri": issuer, "auth_uri": issuer})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestNoSecretIsSaid: a key file and the tokens made with it are in no error, no
// progress and no plan, however the servers quote them.
func TestNoSecretIsSaid(t *testing.T) {
	private := privateKey(t)
	const token, keyID = "ya29.secret-token-of-the-test", "keyid0123456789"
	var assertion string
	failing := true
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		assertion = r.Form.Get("assertion")
		w.Header().Set("Content-Type", "application/json")
		if failing {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"bad assertion %s by key %s"}`,
				assertion, keyID)
			return
		}
		fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, token)
	}))
	defer issuer.Close()
	google := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w,
			`{"error":{"code":403,"message":"The caller with %s does not have permission","status":"PERMISSION_DENIED"}}`,
			r.Header.Get("Authorization"))
	}))
	defer google.Close()
	file := keyFile(t, private, keyID, issuer.URL)
	var said strings.Builder
	now := time.Now()
	o := Options{Spreadsheet: "x", Endpoint: google.URL, Credentials: file, Edition: "e", Budget: 5 * time.Second,
		Progress: func(m message.Message) { fmt.Fprintln(&said, m) },
		Clock:    func() time.Time { return now },
		Sleep:    func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil },
		Jitter:   func() float64 { return 0.9 }}
	for _, failing = range []bool{true, false} {
		_, err := Publish(context.Background(), small(1, 3), o)
		if err == nil {
			t.Fatal("no error")
		}
		fmt.Fprintln(&said, err)
		var stopped *Stopped
		if !errors.As(err, &stopped) {
			t.Errorf("%v", err)
		}
		if !failing &&
			!strings.Contains(err.Error(), "share the spreadsheet with publisher@p.iam.gserviceaccount.com") {
			t.Errorf("%v", err)
		}
		plan, err := PlanOf(context.Background(), small(1, 3), o)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&said, plan.Words, plan.Words[0], string(plan.Request))
	}
	secrets := []string{token, keyID, assertion, strings.TrimSpace(private)}
	for line := range strings.SplitSeq(private, "\n") {
		if len(line) > 16 && !strings.HasPrefix(line, "---") {
			secrets = append(secrets, line)
		}
	}
	if assertion == "" {
		t.Fatal("no token was asked for")
	}
	for _, s := range secrets {
		if strings.Contains(said.String(), s) {
			t.Errorf("%.20s… was said", s)
		}
	}
}

// TestPlans: against the spreadsheet, the last publication or nothing; nothing is sent.
func TestPlans(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(sample("2019-02"), "2019-02")
	b := sample("2019-06-17")
	d.server.Forget()
	before := d.server.Snapshot()
	p, err := PlanOf(context.Background(), b, d.options("2019-06-17"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Against != "spreadsheet" || d.kinds() != "get" || !before.Same(d.server.Snapshot()) {
		t.Errorf("%s, %s", p.Against, d.kinds())
	}
	out := d.mustPublish(b, "2019-06-17")
	sent := d.server.Requests()[2].Body
	if compact(t, p.Request) != compact(t, sent) {
		t.Error("the plan is not what was sent")
	}
	if p.Added[0]+p.Added[1] != out.Added || p.Removed[0]+p.Removed[1] != out.Removed {
		t.Errorf("%+v, %+v", p, out)
	}
	if p, err = PlanOf(context.Background(), b, d.options("2019-06-17")); err != nil || string(p.Request) != "null" {
		t.Errorf("%s, %v", p.Words, err)
	}
	last, err := published.Of(sample("2019-02"), "2019-02")
	if err != nil {
		t.Fatal(err)
	}
	p, err = PlanOf(
		context.Background(),
		b,
		Options{Spreadsheet: "x", Endpoint: "http://127.0.0.1:1", Budget: 1, Edition: "e", Last: last},
	)
	if err != nil || p.Against != "published "+last.Generation || p.Added[0]+p.Added[1] != out.Added ||
		p.Removed[0]+p.Removed[1] != out.Removed {
		t.Errorf("%v, %+v", err, p)
	}
	p, err = PlanOf(context.Background(), b, Options{Edition: "e"})
	if err != nil || p.Against != "nothing" || p.Added != [2]int{100, 19} {
		t.Errorf("%v, %+v", err, p.Added)
	}
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestGoogleComputesOtherwise: a formula that shows something else in the spreadsheet is no
// success, in the run that writes it and in every later one, until it shows the right thing; also
// where it goes wrong only later. Nothing is written for it.
func TestGoogleComputesOtherwise(t *testing.T) {
	b := small(1, 5)
	var shown any
	for _, first := range []any{4.0, 5.0} {
		d := newDesk(t, sheetstest.Options{Evaluate: func(string, string, string) any { return shown }})
		shown = first
		_, err := d.publish(b, "a")
		d.differs(err, first != 5.0, "'Synthèse'!B2 shows \"4\" where the program computes \"5\"; if nobody")
		for range 2 {
			shown = 4.0
			d.server.Forget()
			_, err = d.publish(b, "a")
			d.differs(
				err,
				true,
				"the spreadsheet holds this edition, and 1 figure is not what the program computes: 'Synthèse'!B2 shows \"4\"",
			)
			if d.kinds() != "get" {
				t.Errorf("requests: %s", d.kinds())
			}
			shown = errors.New("N_A")
			_, err = d.publish(b, "a")
			d.differs(err, true, "the error N_A")
			p, err := PlanOf(context.Background(), b, d.options("a"))
			if err != nil || !strings.Contains(fmt.Sprint(p.Words), "the error N_A") {
				t.Errorf("%v, %v", p.Words, err)
			}
		}
		shown = errors.New("LOADING")
		_, err = d.publish(b, "a")
		d.differs(err, false, "")
		shown = 5.0
		if out := d.mustPublish(b, "a"); out.Written {
			t.Error("written again")
		}
	}
}

func (d *desk) differs(err error, want bool, says string) {
	d.t.Helper()
	var differs *Differs
	if errors.As(err, &differs) != want || err != nil && !strings.Contains(err.Error(), says) {
		d.t.Errorf("%v", err)
	}
}

// TestComputedByRow: what the formulas of a list compute is compared by row, and the names under a
// figure whatever their order, so that somebody may sort the list.
func TestComputedByRow(t *testing.T) {
	b := small(1, 6)
	table := b.Sheets[0].Table
	table.Columns = append(table.Columns, report.Column{ID: "count", Header: "Nombre", Kind: report.Number,
		Computed: report.CountEqual{Columns: []string{"position"}, Value: "ESN"},
		At:       func(k int) report.Value { return report.NumberOf(float64(k % 3)) }})
	names := &report.Names{
		Before:    "soit ",
		Of:        report.CountActors{Table: report.ApprovedTable},
		Separator: ", ",
		None:      "personne",
		After:     ".",
	}
	b.Sheets[2].Lines = append(b.Sheets[2].Lines,
		report.Line{Row: 2, Cells: []report.Cell{{Names: names, Value: b.Sentence(names)}}})
	b.Identifier = b.Generation()
	byID := map[string]float64{}
	for k, id := range rowIDs(table) {
		byID[id] = float64(k % 3)
	}
	var seen sheetstest.Snapshot
	wrong := ""
	d := newDesk(
		t,
		sheetstest.Options{
			Observer: func(s sheetstest.Snapshot) { seen = s },
			Evaluate: func(sheet, cell, _ string) any {
				tab, _ := seen.Sheet(sheet)
				switch {
				case sheet == "Synthèse" && cell == "B2":
					return 6.0
				case sheet == "Synthèse":
					tab, _ = seen.Sheet("Liste approved")
					var all []string
					for row := 3; row < 9; row++ {
						name, _ := tab.At(row, 0).Value.(string)
						all = append(all, name)
					}
					return "soit " + strings.Join(all, ", ") + wrong + "."
				}
				var row int
				if _, err := fmt.Sscanf(cell, "E%d", &row); err != nil {
					t.Errorf("%s!%s", sheet, cell)
				}
				id, _ := tab.At(row-1, 2).Value.(string)
				return byID[id]
			},
		},
	)
	d.mustPublish(b, "a")
	d.server.SortRange("Liste approved", "A4:E9", "A", true)
	if out := d.mustPublish(b, "a"); out.Written {
		t.Error("a sorted list was written")
	}
	byID[rowIDs(table)[2]]++
	_, err := d.publish(b, "a")
	d.differs(err, true, "1 figure")
	byID[rowIDs(table)[2]]--
	wrong = ", Acteur de trop"
	_, err = d.publish(b, "a")
	d.differs(err, true, "Acteur de tr…")
}

// TestLocaleAndTimeZone come back with the next publication, of the same edition too.
func TestLocaleAndTimeZone(t *testing.T) {
	for _, set := range []string{`{"properties":{"locale":"en_US"},"fields":"locale"}`, `{"properties":{"timeZone":"America/New_York"},"fields":"timeZone"}`} {
		for _, seed := range []uint64{1, 2} {
			d := newDesk(t, sheetstest.Options{})
			d.mustPublish(small(1, 5), "a")
			d.apply(`{"updateSpreadsheetProperties":` + set + `}`)
			out := d.mustPublish(small(seed, 5), "a")
			if s := d.server.Snapshot(); !out.Written || s.Locale() != "fr_FR" || s.TimeZone() != "Europe/Paris" ||
				len(out.Edits) > 0 {
				t.Errorf("%s: %s, %s, %+v", set, s.Locale(), s.TimeZone(), out)
			}
			if d.mustPublish(small(seed, 5), "a").Written {
				t.Errorf("%s: written again", set)
			}
		}
	}
}
