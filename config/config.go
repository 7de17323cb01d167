// Package config reads the configuration (with viper: file, environment, flags,
// defaults) and the reference tables embedded in the program. Both become plain values,
// which cmd passes to the packages that need them.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones for machines without a database of them

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Config is the content of hdsreport.yaml. Paths are relative to the file's folder, the
// workspace.
type Config struct {
	// Editions and Registry are folders.
	Editions string `mapstructure:"editions"`
	Registry string `mapstructure:"registry"`
	// Edition is the edition to publish; if empty, the newest.
	Edition string `mapstructure:"edition"`
	// Output is the workbook; if empty, hds-<edition>.xlsx in the workspace.
	Output    string         `mapstructure:"output"`
	Report    Report         `mapstructure:"report"`
	Lists     Lists          `mapstructure:"lists"`
	Gate      etl.Thresholds `mapstructure:"gate"`
	Limits    Limits         `mapstructure:"limits"`
	Fetch     Fetch          `mapstructure:"fetch"`
	Publish   Publish        `mapstructure:"publish"`
	Watch     Watch          `mapstructure:"watch"`
	Reference Additions      `mapstructure:"reference"`
	Site      Site           `mapstructure:"site"`
	// Published is the folder with previous publications, by generation.
	Published string `mapstructure:"published"`
}

// Report configures the texts of the sheets.
type Report struct {
	Language     string   `mapstructure:"language"`  // fr or en
	Title        string   `mapstructure:"title"`     // if empty, the default of the language
	Publisher    string   `mapstructure:"publisher"` // the newsroom
	Contact      string   `mapstructure:"contact"`   // an address, with or without mailto:
	Licence      string   `mapstructure:"licence"`
	SourceName   string   `mapstructure:"source_name"` // the agency
	SourceURL    string   `mapstructure:"source_url"`  // where it publishes the lists
	Notice       string   `mapstructure:"notice"`      // a sentence at the top of each sheet
	Errata       []string `mapstructure:"errata"`
	ExtraColumns []string `mapstructure:"extra_columns"` // headers of source columns to show
	Review       string   `mapstructure:"review"`        // what awaits an editor: xlsx or csv
}

// Lists says how to read each listing, if its files do not say it.
type Lists struct {
	Approved  List `mapstructure:"approved"`
	Certified List `mapstructure:"certified"`
}

// List says how to read one listing. The .source.yaml of a file takes precedence.
type List struct {
	URL               string `mapstructure:"url"`
	ActivityNumbering string `mapstructure:"activity_numbering"` // asip_2018 or decree
	Sheet             string `mapstructure:"sheet"`              // worksheet or table, if a file has several
	// Ended is the day on which the list's regime ended, YYYY-MM-DD; empty if it has not.
	// From that day on an edition needs no file of it.
	Ended string `mapstructure:"ended"`
	// Download is the address from which fetch downloads the list; empty for none. It
	// is requested for each of Pages, which replaces {page}. A page is a single one or
	// a range such as A-Z or 1-12.
	Download string   `mapstructure:"download"`
	Pages    []string `mapstructure:"pages"`
}

// Limits are the limits of reading.
type Limits struct {
	FileMegabytes int64 `mapstructure:"file_megabytes"`
}

// Fetch configures the download of the lists.
type Fetch struct {
	Seconds   int    `mapstructure:"seconds"`    // for one request, including its body
	Minutes   int    `mapstructure:"minutes"`    // for all of it, waits between tries included
	Redirects int    `mapstructure:"redirects"`  // maximum for one request
	UserAgent string `mapstructure:"user_agent"` // if empty, the program's name
	// PrivateRedirects allows redirects to this machine or its network.
	PrivateRedirects bool `mapstructure:"private_redirects"`
}

// Publish configures the shared Google Sheet.
type Publish struct {
	Spreadsheet string `mapstructure:"spreadsheet"` // id or address; empty for none
	// Credentials is the key file of a service account; if empty, Google's Application
	// Default Credentials are used.
	Credentials string `mapstructure:"credentials"`
	// Endpoint replaces Google's API in tests. Without credentials it must be a
	// loopback address.
	Endpoint string `mapstructure:"endpoint"`
	// Edits says what to do if people have edited the program's own cells: stop, or
	// overwrite (after saving the edits).
	Edits     string `mapstructure:"edits"`
	Megabytes int    `mapstructure:"megabytes"` // maximum size of one request
	Minutes   int    `mapstructure:"minutes"`   // for all of it, waits between tries included
	TimeZone  string `mapstructure:"time_zone"` // of the spreadsheet, as in Europe/Paris
}

// Watch configures a scheduled job.
type Watch struct {
	StaleDays int    `mapstructure:"stale_days"` // a run fails if the newest edition is older; 0 for never
	Ping      string `mapstructure:"ping"`       // an address to request after success; empty for none
}

// Site configures the folder of pages and open data for readers. Title, publisher,
// contact, licence and language are those of Report.
type Site struct {
	Dir    string `mapstructure:"dir"`    // the folder; empty for none
	URL    string `mapstructure:"url"`    // https address at which it is served
	ID     string `mapstructure:"id"`     // what the feed's ids are made from; set once
	CSS    string `mapstructure:"css"`    // a file of custom properties
	Logo   string `mapstructure:"logo"`   // svg or png
	Home   string `mapstructure:"home"`   // where logo and header lead
	Header string `mapstructure:"header"` // a few words beside the logo
	Legal  string `mapstructure:"legal"`  // address of the legal notice
}

// Additions extend the embedded reference tables.
type Additions struct {
	Headers  []Header `mapstructure:"headers"`
	Statuses []Status `mapstructure:"statuses"`
}

// Header is an additional alias of a column.
type Header struct {
	List  string `mapstructure:"list"`  // approved, certified or both
	Field string `mapstructure:"field"` // as in the table of headers
	Alias string `mapstructure:"alias"`
}

// Status is the newsroom's ruling on a word that a source uses for the standing of a
// row.
type Status struct {
	Word   string `mapstructure:"word"`
	Counts *bool  `mapstructure:"counts"`
}

// Default returns the configuration without a file.
func Default() Config {
	return Config{
		Editions: "editions",
		Registry: "registry",
		Report: Report{
			Language:   "fr",
			Review:     "xlsx",
			SourceName: "ANS",
			SourceURL:  "https://esante.gouv.fr",
		},
		Gate:   etl.DefaultThresholds(),
		Limits: Limits{FileMegabytes: 512},
		Fetch:  Fetch{Seconds: 60, Minutes: 10, Redirects: 5},
		// Google recommends 2 MB per request and refuses about 10. 8 MB are about 2,000
		// rows.
		Publish:   Publish{Edits: "stop", Megabytes: 8, Minutes: 10, TimeZone: "Europe/Paris"},
		Published: "published",
	}
}

// FileName is the usual name of the configuration in a workspace.
const FileName = "hdsreport.yaml"

// Load reads the configuration. Environment variables (HDSREPORT_ and the key in
// capitals, with underscores for dots) take precedence over the file, and the given
// flags, by key, over both. file may be empty for the defaults. Errors are of type
// *Error.
func Load(file string, environ []string, flags map[string]string) (Config, error) {
	v := viper.New()
	v.SetConfigType("yaml")
	defaults := flatten(reflect.ValueOf(Default()), "")
	for _, d := range defaults {
		v.SetDefault(d.key, d.value)
	}
	var text []byte
	if file != "" {
		var err error
		text, err = read(file)
		if errors.Is(err, fs.ErrNotExist) {
			return Config{}, &Error{File: file, What: message.New("config-no-file"),
				Do: message.New("config-no-file.do")}
		}
		if err != nil {
			return Config{}, &Error{File: file, What: message.New("config-unreadable", "why", err)}
		}
		if err := readYAML(v, text, file); err != nil {
			return Config{}, err
		}
	}
	if err := environment(v, environ, defaults); err != nil {
		return Config{}, err
	}
	for k, val := range flags {
		v.Set(k, val)
	}
	var c Config
	var md mapstructure.Metadata
	if err := v.Unmarshal(&c, func(d *mapstructure.DecoderConfig) {
		d.Metadata = &md
		d.DecodeHook = mapstructure.ComposeDecodeHookFunc(plainDates, plainNumbers, d.DecodeHook)
	}); err != nil {
		return Config{}, badValue(err, file, text, environ)
	}
	if len(md.Unused) > 0 {
		slices.Sort(md.Unused)
		return Config{}, unknownKey(file, text, md.Unused[0], keys(defaults))
	}
	return c, c.check(func(key string) Error { return said(key, file, text, environ, flags) })
}

// said returns where the value of a key comes from: a flag, a variable, or the file.
func said(key, file string, text []byte, environ []string, flags map[string]string) Error {
	if _, given := flags[key]; given {
		return Error{File: "--" + key}
	}
	variable := variableOf(key)
	if slices.ContainsFunc(environ, func(e string) bool { return strings.HasPrefix(e, variable+"=") }) {
		return Error{Variable: variable}
	}
	return Error{File: file, Line: lineOf(text, key), Key: key}
}

// read reads the configuration file, which must be a regular file of limited size.
func read(file string) ([]byte, error) {
	const most = 1 << 20
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, message.Fail(nil, "config-not-ordinary")
	}
	return os.ReadFile(file)
}

// Error is an error in the configuration: in the file, a flag or an environment
// variable.
type Error struct {
	File     string // file or flag
	Line     int    // 0 if unknown
	Variable string // environment variable; File is then empty
	Key      string // key in the file; empty if the message names it, or if it is not about a key
	What, Do message.Message
}

// Error returns the error in English.
func (e *Error) Error() string { return e.Say(message.In("en")) }

// Say returns the error in one line: where it is, what is wrong, and what to do.
func (e *Error) Say(p message.Printer) string {
	what := p.Text(e.What)
	if e.Key != "" {
		what = p.Say("config-at", "where", e.Key, "what", what)
	}
	if !e.Do.IsZero() {
		what = p.Say("config-do", "what", what, "do", e.Do)
	}
	switch {
	case e.Variable != "":
		return p.Say("config-variable", "variable", e.Variable, "what", what)
	case e.Line > 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, what)
	case e.File != "":
		return e.File + ": " + what
	}
	return what
}

// readYAML reads a file of one document. Of several the library would read the first and
// say nothing of the others.
func readYAML(v *viper.Viper, text []byte, file string) error {
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		return notYAML(err, file)
	}
	begun := false
	for i, line := range strings.Split(string(text), "\n") {
		word, _, _ := strings.Cut(strings.TrimRight(line, " \t\r"), " ")
		switch {
		case word == "---" && begun:
			return &Error{File: file, Line: i + 1, What: message.New("config-documents"),
				Do: message.New("config-documents.do")}
		case word != "" && word != "---" && word != "..." && !strings.HasPrefix(word, "#") && !strings.HasPrefix(word, "%"):
			begun = true
		}
	}
	return nil
}

// notYAML returns the error for a file that is not valid YAML, with the approximate
// line.
func notYAML(err error, file string) *Error {
	e := &Error{File: file, What: message.New("config-not-yaml"), Do: message.New("config-not-yaml.do")}
	if m := regexp.MustCompile(`line (\d+)`).FindStringSubmatch(err.Error()); m != nil {
		e.Line, _ = strconv.Atoi(m[1]) // digits
	}
	return e
}

// check checks what the types do not.
func (c *Config) check(at func(key string) Error) error {
	bad := func(key string, what message.Key, args ...any) error {
		e := at(key)
		e.What = message.New(what, args...)
		if message.Has(what + ".do") {
			e.Do = message.New(what+".do", args...)
		}
		return &e
	}
	if key, fault := checkTexts(*c); key != "" {
		return bad(key, fault.Key, fault.Pairs()...)
	}
	if c.Report.Language != "fr" && c.Report.Language != "en" {
		return bad("report.language", "config-language", "value", c.Report.Language)
	}
	if c.Report.Review != "xlsx" && c.Report.Review != "csv" {
		return bad("report.review", "config-review", "value", c.Report.Review)
	}
	for _, n := range []struct{ key, value string }{
		{"lists.approved.activity_numbering", c.Lists.Approved.ActivityNumbering},
		{"lists.certified.activity_numbering", c.Lists.Certified.ActivityNumbering}} {
		if n.value != "" && !slices.Contains(Numberings, n.value) {
			return bad(n.key, "config-numbering", "value", n.value)
		}
	}
	for _, th := range c.Gate.All() {
		// Written in this way, the conditions also reject NaN, which would otherwise
		// switch off a rule of the gate.
		switch v := th.Value.(type) {
		case etl.Share:
			if !(v >= 0 && v <= 1) {
				return bad("gate."+th.Key, "config-share", "value", fmt.Sprint(v))
			}
		case etl.Times:
			if !(v >= 1) {
				return bad("gate."+th.Key, "config-growth", "value", fmt.Sprint(v))
			}
		case int:
			if v < 0 {
				return bad("gate."+th.Key, "config-actors", "value", fmt.Sprint(v))
			}
		}
	}
	if m := c.Limits.FileMegabytes; m < 1 || m > 1<<20 {
		return bad("limits.file_megabytes", "config-megabytes", "value", fmt.Sprint(m))
	}
	for _, p := range []struct{ key, value string }{{"editions", c.Editions},
		{"registry", c.Registry}, {"published", c.Published}} {
		if p.value == "" || filepath.IsAbs(p.value) {
			return bad(p.key, "config-folder", "value", p.value)
		}
	}
	if c.Edition != "" {
		if _, ok := etl.ParseEdition(c.Edition); !ok {
			return bad("edition", "config-edition", "value", c.Edition)
		}
	}
	for _, u := range []struct{ key, value string }{
		{"report.source_url", c.Report.SourceURL}, {"lists.approved.url", c.Lists.Approved.URL},
		{"lists.certified.url", c.Lists.Certified.URL},
		{"lists.approved.download", c.Lists.Approved.Download},
		{"lists.certified.download", c.Lists.Certified.Download}, {"publish.endpoint", c.Publish.Endpoint},
		{"watch.ping", c.Watch.Ping}} {
		if u.value != "" && !strings.HasPrefix(u.value, "https://") && !strings.HasPrefix(u.value, "http://") {
			return bad(u.key, "config-address") // the value may contain a secret
		}
		if err := etl.CheckLink(siteOf(u.value)); u.value != "" && err != nil {
			return bad(u.key, "config-link", "why", err)
		}
	}
	if c.Report.Contact != "" && strings.Contains(c.Report.Contact, "@") {
		if err := etl.CheckLink("mailto:" + strings.TrimPrefix(c.Report.Contact, "mailto:")); err != nil {
			return bad("report.contact", "config-link", "why", err)
		}
	}
	for _, u := range []struct{ key, value string }{{"site.url", c.Site.URL}, {"site.home", c.Site.Home},
		{"site.legal", c.Site.Legal}} {
		if u.value == "" {
			continue
		}
		if !secure(u.value) {
			return bad(u.key, "config-https", "value", u.value)
		}
		if err := etl.CheckLink(u.value); err != nil {
			return bad(u.key, "config-link", "why", err)
		}
	}
	for _, l := range []struct {
		key  string
		list List
	}{{"lists.approved", c.Lists.Approved}, {"lists.certified", c.Lists.Certified}} {
		if strings.Contains(l.list.Download, "{page}") != (len(l.list.Pages) > 0) {
			return bad(l.key+".pages", "config-pages", "page", "{page}")
		}
		if day, _ := etl.ParseDate(l.list.Ended); l.list.Ended != "" && (!day.Full() || day.String() != l.list.Ended) {
			return bad(l.key+".ended", "config-day", "value", l.list.Ended)
		}
	}
	for _, n := range []struct {
		key              string
		value, from, top int
	}{{"fetch.seconds", c.Fetch.Seconds, 1, 3600}, {"fetch.minutes", c.Fetch.Minutes, 1, 600},
		{"fetch.redirects", c.Fetch.Redirects, 0, 20},
		{"publish.megabytes", c.Publish.Megabytes, 1, 10}, {"publish.minutes", c.Publish.Minutes, 1, 600},
		{"watch.stale_days", c.Watch.StaleDays, 0, 36500}} {
		if n.value < n.from || n.value > n.top {
			return bad(n.key, "config-range", "value", fmt.Sprint(n.value), "from", fmt.Sprint(n.from),
				"to", fmt.Sprint(n.top))
		}
	}
	if e := c.Publish.Edits; e != "stop" && e != "overwrite" {
		return bad("publish.edits", "config-edits", "value", e)
	}
	if _, err := time.LoadLocation(c.Publish.TimeZone); err != nil || c.Publish.TimeZone == "" ||
		c.Publish.TimeZone == "Local" {
		return bad("publish.time_zone", "config-time-zone", "value", c.Publish.TimeZone)
	}
	for i, h := range c.Reference.Headers {
		if !slices.Contains([]string{"approved", "certified", "both"}, h.List) || h.Field == "" || h.Alias == "" {
			return bad("reference.headers", "config-header", "n", i+1)
		}
		if !slices.Contains(fields(), h.Field) {
			return bad("reference.headers", "config-header-field", "n", i+1, "field", h.Field,
				"known", nearest(h.Field, fields()))
		}
	}
	for i, s := range c.Reference.Statuses {
		if strings.TrimSpace(s.Word) == "" || s.Counts == nil {
			return bad("reference.statuses", "config-status", "n", i+1)
		}
	}
	return nil
}

// secure reports whether an address is one of https, or of http on this machine, without a
// user, a query or a fragment.
func secure(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

// siteOf returns an address without the parts that may be secret: the user and the
// query.
func siteOf(address string) string {
	address, _, _ = strings.Cut(address, "?")
	scheme, rest, _ := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + host[strings.LastIndexByte(host, '@')+1:] + "/" + strings.ReplaceAll(path, "{page}", "1")
}

// fields returns the fields in the table of headers.
func fields() []string {
	var out []string
	for _, h := range Reference().Headers {
		if !slices.Contains(out, h.Field) {
			out = append(out, h.Field)
		}
	}
	return out
}

// FullReference returns the embedded tables with the configuration's additions.
func (c *Config) FullReference() etl.Reference {
	ref := Reference()
	ref.Shown = c.Report.ExtraColumns
	for l, list := range [2]List{etl.Approved: c.Lists.Approved, etl.Certified: c.Lists.Certified} {
		ref.Ended[l], _ = etl.ParseDate(list.Ended) // checked
	}
	for _, h := range c.Reference.Headers {
		ref.Headers = append(ref.Headers, etl.HeaderAlias{List: h.List, Field: h.Field, Alias: h.Alias, Declared: true})
	}
	for _, s := range c.Reference.Statuses {
		ref.Statuses = append(ref.Statuses, etl.StandingWord{Word: s.Word, Key: etl.StandingOther, Counts: *s.Counts})
	}
	return ref
}

// entry is a key with its default.
type entry struct {
	key   string
	value any
}

// flatten returns the keys of a configuration with their values.
func flatten(v reflect.Value, prefix string) []entry {
	var out []entry
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("mapstructure")
		if f := v.Field(i); f.Kind() == reflect.Struct {
			out = append(out, flatten(f, key+".")...)
		} else {
			out = append(out, entry{key, f.Interface()})
		}
	}
	return out
}

// Keys returns all keys of a configuration.
func Keys() []string { return keys(flatten(reflect.ValueOf(Default()), "")) }

func keys(es []entry) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = e.key
	}
	return out
}

const prefix = "HDSREPORT_"

// Trace is the environment variable that asks where the time of a run goes. It is no key.
const Trace = prefix + "TRACE"

// environment sets values from variables. A misspelt variable is an error like a
// misspelt key, because a setting without effect would be noticed only after
// publication.
func environment(v *viper.Viper, environ []string, defaults []entry) error {
	var known []string
	byName := map[string]string{}
	for _, d := range defaults {
		name := variableOf(d.key)
		byName[name] = d.key
		known = append(known, name)
	}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(name, prefix) || name == Trace {
			continue
		}
		key, ok := byName[name]
		if !ok {
			e := &Error{What: message.New("config-unknown-variable", "name", name), Do: message.New("config-variables")}
			if n := nearest(name, known); n != "" {
				e.Do = message.New("config-meant-variable", "name", n)
			}
			return e
		}
		v.Set(key, value)
	}
	return nil
}

// variableOf returns the environment variable of a key.
func variableOf(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

func unknownKey(file string, text []byte, key string, known []string) error {
	e := &Error{File: file, Line: lineOf(text, key), What: message.New("config-unknown-key", "name", key),
		Do: message.New("config-keys", "known", known)}
	if n := nearest(key, known); n != "" {
		e.Do = message.New("config-meant-key", "name", n)
	}
	return e
}

// lineOf returns the line of the last part of a key, below its parents, or 0 if it is
// not found.
func lineOf(text []byte, key string) int {
	line := 0
	lines := strings.Split(string(text), "\n")
	for part := range strings.SplitSeq(key, ".") {
		found := false
		part, _, _ = strings.Cut(part, "[")
		for i := line; i < len(lines); i++ {
			if l := strings.ToLower(strings.TrimLeft(lines[i], " -")); strings.HasPrefix(l, strings.ToLower(part)+":") {
				line, found = i+1, true
				break
			}
		}
		if !found {
			return 0
		}
	}
	return line
}

// plainDates converts a date that YAML has parsed as a time back to its text.
func plainDates(from, to reflect.Type, data any) (any, error) {
	if t, ok := data.(time.Time); ok && to.Kind() == reflect.String {
		if t.Equal(t.Truncate(24 * time.Hour)) {
			return t.Format(time.DateOnly), nil
		}
		return t.Format(time.RFC3339), nil
	}
	return data, nil
}

// plainNumbers rejects values that are not written as numbers. The decoder alone would
// convert true to 1, an empty text (from a variable that GitHub does not know) to 0,
// and 30.7 days to 30, and so set thresholds that nobody has chosen.
func plainNumbers(from, to reflect.Type, data any) (any, error) {
	whole := to.Kind() == reflect.Int || to.Kind() == reflect.Int64
	if !whole && to.Kind() != reflect.Float64 {
		return data, nil
	}
	switch v := data.(type) {
	case bool:
		return nil, errNoNumber
	case string:
		if whole {
			return strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		}
		return strconv.ParseFloat(strings.TrimSpace(v), 64)
	case float64:
		if whole && v != math.Trunc(v) {
			return nil, errNoNumber
		}
	}
	return data, nil
}

// errNoNumber is replaced by a message that says what the key accepts; see badValue.
var errNoNumber = errors.New("no number, or no whole one")

// badValue returns the error for a key with a value of the wrong type, and says what
// the key accepts. The decoder's own message uses Go's types. Only the key is taken
// from it, where it is in quotes.
func badValue(err error, file string, text []byte, environ []string) error {
	_, quoted, _ := strings.Cut(err.Error(), "'")
	key, _, _ := strings.Cut(quoted, "'")
	e := said(key, file, text, environ, nil)
	e.What, e.Do = message.New("config-kind"), kindOf(key)
	return &e
}

// kindOf returns what a key accepts, judging by its default.
func kindOf(key string) message.Message {
	for _, d := range flatten(reflect.ValueOf(Default()), "") {
		if d.key != key {
			continue
		}
		switch reflect.TypeOf(d.value).Kind() {
		case reflect.Float64:
			return message.New("config-kind-share")
		case reflect.Int, reflect.Int64:
			return message.New("config-kind-whole")
		case reflect.Slice:
			return message.New("config-kind-list")
		case reflect.Bool:
			return message.New("config-kind-truth")
		default:
			return message.New("config-kind-text")
		}
	}
	return message.New("config-kind-other")
}

// Source is the content of a <list>.source.yaml, which says where a listing's file
// comes from.
type Source struct {
	URL               string `mapstructure:"url"`
	Publisher         string `mapstructure:"publisher"`
	Retrieved         string `mapstructure:"retrieved"`
	SHA256            string `mapstructure:"sha256"` // hash of the file
	ActivityNumbering string `mapstructure:"activity_numbering"`
	// Columns say which column is meant where several headings name one field.
	Columns []SourceColumn `mapstructure:"columns"`
	// ETag and LastModified are sent with the next request. TableSHA256, the SHA-256 of
	// the table's cells, shows whether the list changed and not only the page. Download
	// is the address that they belong to, without credentials.
	Download     string       `mapstructure:"download"`
	ETag         string       `mapstructure:"etag"`
	LastModified string       `mapstructure:"last_modified"`
	Charset      string       `mapstructure:"charset"` // as stated by the server
	TableSHA256  string       `mapstructure:"table_sha256"`
	Pages        []SourcePage `mapstructure:"pages"` // pages of a list in several pages
}

// SourceColumn says which column of the file holds a field.
type SourceColumn struct {
	Field  string `mapstructure:"field"`
	Column int    `mapstructure:"column"` // from 1
}

// SourcePage is one page of a listing in several pages.
type SourcePage struct {
	Page         string `mapstructure:"page"` // value of {page} in the address
	File         string `mapstructure:"file"` // name in <list>.pages
	SHA256       string `mapstructure:"sha256"`
	ETag         string `mapstructure:"etag"`
	LastModified string `mapstructure:"last_modified"`
	Charset      string `mapstructure:"charset"`
}

// ParseSource parses a .source.yaml. file is its name in messages.
func ParseSource(text []byte, file string) (Source, error) {
	v := viper.New()
	v.SetConfigType("yaml")
	if err := readYAML(v, text, file); err != nil {
		return Source{}, err
	}
	var s Source
	var md mapstructure.Metadata
	if err := v.Unmarshal(&s, func(d *mapstructure.DecoderConfig) {
		d.Metadata = &md
		d.DecodeHook = mapstructure.ComposeDecodeHookFunc(plainDates, d.DecodeHook)
	}); err != nil {
		return Source{}, badValue(err, file, text, nil)
	}
	if len(md.Unused) > 0 {
		slices.Sort(md.Unused)
		return Source{}, unknownKey(file, text, md.Unused[0], keys(flatten(reflect.ValueOf(Source{}), "")))
	}
	for _, shown := range []struct{ key, text string }{{"url", s.URL}, {"publisher", s.Publisher}} {
		if fault := checkText(shown.text); !fault.IsZero() {
			return Source{}, &Error{File: file, Line: lineOf(text, shown.key), Key: shown.key, What: fault,
				Do: message.Message{Key: fault.Key + ".do", Args: fault.Args}}
		}
	}
	if n := s.ActivityNumbering; n != "" && !slices.Contains(Numberings, n) {
		return Source{}, &Error{File: file, Line: lineOf(text, "activity_numbering"), Key: "activity_numbering",
			What: message.New("config-numbering", "value", n), Do: message.New("config-numbering.do")}
	}
	return s, nil
}

// Workspace returns the folder of a configuration file.
func Workspace(file string) string { return filepath.Dir(file) }
