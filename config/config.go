// Package config reads the configuration (viper: file, environment, flags,
// defaults) and the reference tables that are part of the program. Both become
// plain values, which cmd hands to the packages that need them.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones by name on machines that have none

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Config is hdsreport.yaml. Paths in it are relative to the file's folder, the
// workspace.
type Config struct {
	// Editions and Registry are folders.
	Editions string `mapstructure:"editions"`
	Registry string `mapstructure:"registry"`
	// Edition is the one to publish; empty is the newest.
	Edition string `mapstructure:"edition"`
	// Output is the workbook; empty is hds-<edition>.xlsx in the workspace.
	Output    string    `mapstructure:"output"`
	Report    Report    `mapstructure:"report"`
	Lists     Lists     `mapstructure:"lists"`
	Gate      Gate      `mapstructure:"gate"`
	Limits    Limits    `mapstructure:"limits"`
	Fetch     Fetch     `mapstructure:"fetch"`
	Publish   Publish   `mapstructure:"publish"`
	Watch     Watch     `mapstructure:"watch"`
	Reference Additions `mapstructure:"reference"`
	// Published is the folder that keeps what was published, by generation.
	Published string `mapstructure:"published"`
}

// Report is what the sheets say beside the figures.
type Report struct {
	Language     string   `mapstructure:"language"`  // fr or en
	Title        string   `mapstructure:"title"`     // empty: the language's own
	Publisher    string   `mapstructure:"publisher"` // the newsroom
	Contact      string   `mapstructure:"contact"`   // an address, with or without mailto:
	Licence      string   `mapstructure:"licence"`
	SourceName   string   `mapstructure:"source_name"` // the agency
	SourceURL    string   `mapstructure:"source_url"`  // where it publishes the lists
	Notice       string   `mapstructure:"notice"`      // a sentence that each sheet opens with
	Errata       []string `mapstructure:"errata"`
	ExtraColumns []string `mapstructure:"extra_columns"` // headers of source columns to show
}

// Lists says how each listing is read, where its files do not say it.
type Lists struct {
	Approved  List `mapstructure:"approved"`
	Certified List `mapstructure:"certified"`
}

// List is the reading of one listing. A file's own .source.yaml goes before it.
type List struct {
	URL               string `mapstructure:"url"`
	ActivityNumbering string `mapstructure:"activity_numbering"` // asip_2018 or decree
	Sheet             string `mapstructure:"sheet"`              // worksheet or table, where a file has several
	// Download is the address that fetch takes the list from; empty is none. {page}
	// in it stands for each of Pages in turn: single ones, or ranges such as A-Z or
	// 1-12.
	Download string   `mapstructure:"download"`
	Pages    []string `mapstructure:"pages"`
}

// Gate are the thresholds of what must not be published: shares from 0 to 1.
type Gate struct {
	Lost          float64 `mapstructure:"lost"`            // of the previous actors, gone
	Gained        float64 `mapstructure:"gained"`          // times the previous actors
	GainedAtLeast int     `mapstructure:"gained_at_least"` // and so many new ones
	Changed       float64 `mapstructure:"changed"`         // of the rows that were there, in the same way
	Ended         float64 `mapstructure:"ended"`           // of the rows, all at once
	Repeated      float64 `mapstructure:"repeated"`        // of the rows, there twice
	Unreadable    float64 `mapstructure:"unreadable"`      // of the values
	Unclassified  float64 `mapstructure:"unclassified"`    // of the actors
}

// Limits bound what a reader takes in.
type Limits struct {
	FileMegabytes int64 `mapstructure:"file_megabytes"`
}

// Fetch bounds what the download of the lists may take.
type Fetch struct {
	Seconds   int    `mapstructure:"seconds"`    // for one request, its body included
	Minutes   int    `mapstructure:"minutes"`    // for all of it, waits between tries included
	Redirects int    `mapstructure:"redirects"`  // followed for one request
	UserAgent string `mapstructure:"user_agent"` // how the program presents itself; empty is its own name
	// PrivateRedirects lets a redirect lead to this machine, or into its network.
	PrivateRedirects bool `mapstructure:"private_redirects"`
}

// Publish says where the shared Google Sheet is, and how to write it.
type Publish struct {
	Spreadsheet string `mapstructure:"spreadsheet"` // its id or its address; empty is none
	// Credentials is a key file of a service account; empty leaves it to Google's
	// Application Default Credentials.
	Credentials string `mapstructure:"credentials"`
	// Endpoint takes the place of Google's, for tests; without credentials only on
	// this machine (a loopback address).
	Endpoint string `mapstructure:"endpoint"`
	// Edits says what to do when people have typed into what the program owns: stop,
	// or overwrite (after saving what they typed).
	Edits     string `mapstructure:"edits"`
	Megabytes int    `mapstructure:"megabytes"` // of one request; a larger one is refused
	Minutes   int    `mapstructure:"minutes"`   // for all of it, waits between tries included
	TimeZone  string `mapstructure:"time_zone"` // of the spreadsheet, as in Europe/Paris
}

// Watch is about a job that runs with nobody watching.
type Watch struct {
	StaleDays int    `mapstructure:"stale_days"` // a run fails when the newest edition is older; 0 is never
	Ping      string `mapstructure:"ping"`       // an address to call after success; empty is none
}

// Additions extend the embedded reference tables.
type Additions struct {
	Headers []Header `mapstructure:"headers"`
}

// Header is one more alias of a column.
type Header struct {
	List  string `mapstructure:"list"`  // approved, certified or both
	Field string `mapstructure:"field"` // as in the table of headers
	Alias string `mapstructure:"alias"`
}

// Default is the configuration without a file.
func Default() Config {
	return Config{
		Editions: "editions",
		Registry: "registry",
		Report: Report{
			Language:   "fr",
			SourceName: "ANS",
			SourceURL:  "https://esante.gouv.fr",
		},
		// The thresholds of DESIGN: a fifth lost, twice gained and at least twenty.
		Gate:   Gate{Lost: 0.2, Gained: 2, GainedAtLeast: 20, Changed: 0.2, Ended: 0.5, Repeated: 0.2, Unreadable: 0.2, Unclassified: 0.5},
		Limits: Limits{FileMegabytes: 512},
		Fetch:  Fetch{Seconds: 60, Minutes: 10, Redirects: 5},
		// Google recommends 2 MB a request and refuses some 10; 8 MB is some 2,000 rows.
		Publish:   Publish{Edits: "stop", Megabytes: 8, Minutes: 10, TimeZone: "Europe/Paris"},
		Published: "published",
	}
}

// FileName is the configuration's usual name in a workspace.
const FileName = "hdsreport.yaml"

// Load reads the configuration: the file, over it the environment (HDSREPORT_
// and the key in capitals, dots as underscores), over it the flags that were
// given, by key. file may be empty, for the defaults. Every fault is an *Error.
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
			return Config{}, &Error{File: file, What: message.New("config-no-file"), Do: message.New("config-no-file.do")}
		}
		if err != nil {
			return Config{}, &Error{File: file, What: message.New("config-unreadable", "why", err)}
		}
		if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
			return Config{}, notYAML(err, file)
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

// said is where a key got its value: a flag, else a variable, else the file.
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

// read reads a configuration, which is an ordinary file of a few lines.
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

// Error is a fault in the configuration, for a person to mend. It is in a file, or a
// flag, or in a variable of the environment.
type Error struct {
	File     string // also a flag
	Line     int    // 0 where it is not known
	Variable string // of the environment; then there is no file
	Key      string // in the file; empty where the message names it, or it is about none
	What, Do message.Message
}

// Error is the fault in English.
func (e *Error) Error() string { return e.Say(message.In("en")) }

// Say is the fault in one line: where, what, and what to do.
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

// notYAML says of a file that it cannot be read, and near which line.
func notYAML(err error, file string) *Error {
	e := &Error{File: file, What: message.New("config-not-yaml"), Do: message.New("config-not-yaml.do")}
	if m := regexp.MustCompile(`line (\d+)`).FindStringSubmatch(err.Error()); m != nil {
		e.Line, _ = strconv.Atoi(m[1]) // digits
	}
	return e
}

// check holds what the types do not.
func (c *Config) check(at func(key string) Error) error {
	bad := func(key string, what message.Key, args ...any) error {
		e := at(key)
		e.What = message.New(what, args...)
		if message.Has(what + ".do") {
			e.Do = message.New(what+".do", args...)
		}
		return &e
	}
	if c.Report.Language != "fr" && c.Report.Language != "en" {
		return bad("report.language", "config-language", "value", c.Report.Language)
	}
	for _, n := range []struct{ key, value string }{{"lists.approved.activity_numbering", c.Lists.Approved.ActivityNumbering}, {"lists.certified.activity_numbering", c.Lists.Certified.ActivityNumbering}} {
		if n.value != "" && !slices.Contains(Numberings, n.value) {
			return bad(n.key, "config-numbering", "value", n.value)
		}
	}
	// Asked this way round, a .nan, which compares with nothing and would switch a
	// check of the gate off, is no share either.
	for _, s := range []struct {
		key   string
		value float64
	}{{"gate.lost", c.Gate.Lost}, {"gate.changed", c.Gate.Changed}, {"gate.ended", c.Gate.Ended}, {"gate.repeated", c.Gate.Repeated}, {"gate.unreadable", c.Gate.Unreadable}, {"gate.unclassified", c.Gate.Unclassified}} {
		if !(s.value >= 0 && s.value <= 1) {
			return bad(s.key, "config-share", "value", fmt.Sprint(s.value))
		}
	}
	if !(c.Gate.Gained >= 1) {
		return bad("gate.gained", "config-growth", "value", fmt.Sprint(c.Gate.Gained))
	}
	if c.Gate.GainedAtLeast < 0 {
		return bad("gate.gained_at_least", "config-actors", "value", fmt.Sprint(c.Gate.GainedAtLeast))
	}
	if m := c.Limits.FileMegabytes; m < 1 || m > 1<<20 {
		return bad("limits.file_megabytes", "config-megabytes", "value", fmt.Sprint(m))
	}
	for _, p := range []struct{ key, value string }{{"editions", c.Editions}, {"registry", c.Registry}, {"published", c.Published}} {
		if p.value == "" || filepath.IsAbs(p.value) {
			return bad(p.key, "config-folder", "value", p.value)
		}
	}
	if c.Edition != "" {
		if _, ok := etl.ParseEdition(c.Edition); !ok {
			return bad("edition", "config-edition", "value", c.Edition)
		}
	}
	for _, u := range []struct{ key, value string }{{"report.source_url", c.Report.SourceURL}, {"lists.approved.url", c.Lists.Approved.URL}, {"lists.certified.url", c.Lists.Certified.URL},
		{"lists.approved.download", c.Lists.Approved.Download}, {"lists.certified.download", c.Lists.Certified.Download}, {"publish.endpoint", c.Publish.Endpoint}, {"watch.ping", c.Watch.Ping}} {
		if u.value != "" && !strings.HasPrefix(u.value, "https://") && !strings.HasPrefix(u.value, "http://") {
			return bad(u.key, "config-address") // which may hold a secret
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
	for _, l := range []struct {
		key  string
		list List
	}{{"lists.approved", c.Lists.Approved}, {"lists.certified", c.Lists.Certified}} {
		if strings.Contains(l.list.Download, "{page}") != (len(l.list.Pages) > 0) {
			return bad(l.key+".pages", "config-pages", "page", "{page}")
		}
	}
	for _, n := range []struct {
		key              string
		value, from, top int
	}{{"fetch.seconds", c.Fetch.Seconds, 1, 3600}, {"fetch.minutes", c.Fetch.Minutes, 1, 600}, {"fetch.redirects", c.Fetch.Redirects, 0, 20},
		{"publish.megabytes", c.Publish.Megabytes, 1, 10}, {"publish.minutes", c.Publish.Minutes, 1, 600}, {"watch.stale_days", c.Watch.StaleDays, 0, 36500}} {
		if n.value < n.from || n.value > n.top {
			return bad(n.key, "config-range", "value", fmt.Sprint(n.value), "from", fmt.Sprint(n.from), "to", fmt.Sprint(n.top))
		}
	}
	if e := c.Publish.Edits; e != "stop" && e != "overwrite" {
		return bad("publish.edits", "config-edits", "value", e)
	}
	if _, err := time.LoadLocation(c.Publish.TimeZone); err != nil || c.Publish.TimeZone == "" || c.Publish.TimeZone == "Local" {
		return bad("publish.time_zone", "config-time-zone", "value", c.Publish.TimeZone)
	}
	for i, h := range c.Reference.Headers {
		if !slices.Contains([]string{"approved", "certified", "both"}, h.List) || h.Field == "" || h.Alias == "" {
			return bad("reference.headers", "config-header", "n", i+1)
		}
		if !slices.Contains(fields(), h.Field) {
			return bad("reference.headers", "config-header-field", "n", i+1, "field", h.Field, "known", nearest(h.Field, fields()))
		}
	}
	return nil
}

// siteOf is an address without what may be secret in it: who asks, and the query.
func siteOf(address string) string {
	address, _, _ = strings.Cut(address, "?")
	scheme, rest, _ := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + host[strings.LastIndexByte(host, '@')+1:] + "/" + strings.ReplaceAll(path, "{page}", "1")
}

// fields are those of the table of headers.
func fields() []string {
	var out []string
	for _, h := range Reference().Headers {
		if !slices.Contains(out, h.Field) {
			out = append(out, h.Field)
		}
	}
	return out
}

// FullReference is the embedded tables and what the configuration adds to them.
func (c *Config) FullReference() etl.Reference {
	ref := Reference()
	ref.Shown = c.Report.ExtraColumns
	for _, h := range c.Reference.Headers {
		ref.Headers = append(ref.Headers, etl.HeaderAlias{List: h.List, Field: h.Field, Alias: h.Alias})
	}
	return ref
}

// Thresholds are the gate's.
func (c *Config) Thresholds() etl.Thresholds {
	return etl.Thresholds{Lost: c.Gate.Lost, Gained: c.Gate.Gained, GainedAtLeast: c.Gate.GainedAtLeast, Changed: c.Gate.Changed, Ended: c.Gate.Ended, Repeated: c.Gate.Repeated, Unreadable: c.Gate.Unreadable, Unclassified: c.Gate.Unclassified}
}

// entry is one key with its default.
type entry struct {
	key   string
	value any
}

// flatten lists the keys of a configuration with their values.
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

// Keys are all keys of a configuration.
func Keys() []string { return keys(flatten(reflect.ValueOf(Default()), "")) }

func keys(es []entry) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = e.key
	}
	return out
}

const prefix = "HDSREPORT_"

// environment takes variables over. A misspelt one is an error like a misspelt
// key: a setting that does nothing would be found out only in print.
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
		if !strings.HasPrefix(name, prefix) {
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

// variableOf is the variable of the environment that sets a key.
func variableOf(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

func unknownKey(file string, text []byte, key string, known []string) error {
	e := &Error{File: file, Line: lineOf(text, key), What: message.New("config-unknown-key", "name", key), Do: message.New("config-keys", "known", known)}
	if n := nearest(key, known); n != "" {
		e.Do = message.New("config-meant-key", "name", n)
	}
	return e
}

// lineOf is the line of a file that holds a key's last part, following its
// parents; 0 where it is not found.
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

// plainDates keeps a date that YAML took for a time as the text that it was.
func plainDates(from, to reflect.Type, data any) (any, error) {
	if t, ok := data.(time.Time); ok && to.Kind() == reflect.String {
		if t.Equal(t.Truncate(24 * time.Hour)) {
			return t.Format(time.DateOnly), nil
		}
		return t.Format(time.RFC3339), nil
	}
	return data, nil
}

// plainNumbers takes for a number what is written as one and nothing else. The decoder
// alone would read true as 1, an empty text (a variable that GitHub does not know) as 0
// and 30.7 days as 30: thresholds of the gate that nobody has set.
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

// errNoNumber becomes a fault of the key, which says what it takes: see badValue.
var errNoNumber = errors.New("no number, or no whole one")

// badValue names the key whose value is of the wrong kind, and says which kind it
// takes. The decoder's own message speaks of Go's types; only the key is taken from
// it, which stands there in quotes.
func badValue(err error, file string, text []byte, environ []string) error {
	_, quoted, _ := strings.Cut(err.Error(), "'")
	key, _, _ := strings.Cut(quoted, "'")
	e := said(key, file, text, environ, nil)
	e.What, e.Do = message.New("config-kind"), kindOf(key)
	return &e
}

// kindOf says what a key takes, from its default.
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

// Source is a <list>.source.yaml: where a listing's file comes from.
type Source struct {
	URL               string `mapstructure:"url"`
	Publisher         string `mapstructure:"publisher"`
	Retrieved         string `mapstructure:"retrieved"`
	SHA256            string `mapstructure:"sha256"` // of the file
	ActivityNumbering string `mapstructure:"activity_numbering"`
	// What fetch asks the server by next time, and what tells a changed list from a
	// changed page: the SHA-256 of the table's cells. Download is the address that the
	// validators belong to, without credentials.
	Download     string       `mapstructure:"download"`
	ETag         string       `mapstructure:"etag"`
	LastModified string       `mapstructure:"last_modified"`
	Charset      string       `mapstructure:"charset"` // that the server stated with the file
	TableSHA256  string       `mapstructure:"table_sha256"`
	Pages        []SourcePage `mapstructure:"pages"` // of a list that came in several
}

// SourcePage is one page of a listing that was put together from several.
type SourcePage struct {
	Page         string `mapstructure:"page"` // what stood for {page} in the address
	File         string `mapstructure:"file"` // in <list>.pages
	SHA256       string `mapstructure:"sha256"`
	ETag         string `mapstructure:"etag"`
	LastModified string `mapstructure:"last_modified"`
	Charset      string `mapstructure:"charset"`
}

// ParseSource reads a .source.yaml; file is its name in messages.
func ParseSource(text []byte, file string) (Source, error) {
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		return Source{}, notYAML(err, file)
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
	if n := s.ActivityNumbering; n != "" && !slices.Contains(Numberings, n) {
		return Source{}, &Error{File: file, Line: lineOf(text, "activity_numbering"), Key: "activity_numbering", What: message.New("config-numbering", "value", n), Do: message.New("config-numbering.do")}
	}
	return s, nil
}

// Workspace is the folder of a configuration file.
func Workspace(file string) string { return filepath.Dir(file) }
