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
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones by name on machines that have none

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"

	"hdsreport/etl"
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
			return Config{}, &Error{File: file, Message: "there is no such file", Do: "name it with --config, or make a workspace with hdsreport init DIR"}
		}
		if err != nil {
			return Config{}, &Error{File: file, Message: err.Error()}
		}
		if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
			return Config{}, &Error{File: file, Message: "this is not YAML: " + strings.TrimPrefix(err.Error(), "While parsing config: ")}
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
	return c, c.check(file, text)
}

// read reads a configuration, which is an ordinary file of a few lines.
func read(file string) ([]byte, error) {
	const most = 1 << 20
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, errors.New("this is not a configuration: it must be an ordinary file of at most a megabyte")
	}
	return os.ReadFile(file)
}

// Error is a fault in the configuration, for a person to mend.
type Error struct {
	File    string
	Line    int // 0 where it is not known
	Message string
	Do      string
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
		if e.Line > 0 {
			fmt.Fprintf(&b, ":%d", e.Line)
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Message)
	if e.Do != "" {
		b.WriteString("; " + e.Do)
	}
	return b.String()
}

// check holds what the types do not.
func (c *Config) check(file string, text []byte) error {
	bad := func(key, format string, args ...any) error {
		return &Error{File: file, Line: lineOf(text, key), Message: key + ": " + fmt.Sprintf(format, args...)}
	}
	if c.Report.Language != "fr" && c.Report.Language != "en" {
		return bad("report.language", "%q is no language of the sheets; write fr or en", c.Report.Language)
	}
	for _, n := range []struct{ key, value string }{{"lists.approved.activity_numbering", c.Lists.Approved.ActivityNumbering}, {"lists.certified.activity_numbering", c.Lists.Certified.ActivityNumbering}} {
		if n.value != "" && !slices.Contains(Numberings, n.value) {
			return bad(n.key, "%q is no numbering; write %s", n.value, strings.Join(Numberings, " or "))
		}
	}
	// Asked this way round, a .nan, which compares with nothing and would switch a
	// check of the gate off, is no share either.
	for _, s := range []struct {
		key   string
		value float64
	}{{"gate.lost", c.Gate.Lost}, {"gate.changed", c.Gate.Changed}, {"gate.ended", c.Gate.Ended}, {"gate.repeated", c.Gate.Repeated}, {"gate.unreadable", c.Gate.Unreadable}, {"gate.unclassified", c.Gate.Unclassified}} {
		if !(s.value >= 0 && s.value <= 1) {
			return bad(s.key, "%v is no share; write a number from 0 to 1", s.value)
		}
	}
	if !(c.Gate.Gained >= 1) {
		return bad("gate.gained", "%v times is no growth; write a number from 1 on", c.Gate.Gained)
	}
	if c.Gate.GainedAtLeast < 0 {
		return bad("gate.gained_at_least", "%d is no number of actors; write one from 0 on", c.Gate.GainedAtLeast)
	}
	if m := c.Limits.FileMegabytes; m < 1 || m > 1<<20 {
		return bad("limits.file_megabytes", "%d is no size that a reader can keep to; write a number from 1 on", m)
	}
	for _, p := range []struct{ key, value string }{{"editions", c.Editions}, {"registry", c.Registry}, {"published", c.Published}} {
		if p.value == "" || filepath.IsAbs(p.value) {
			return bad(p.key, "%q is no folder of the workspace; write it relative to this file", p.value)
		}
	}
	if c.Edition != "" {
		if _, ok := etl.ParseEdition(c.Edition); !ok {
			return bad("edition", "%q is no edition; write YYYY-MM-DD or YYYY-MM", c.Edition)
		}
	}
	for _, u := range []struct{ key, value string }{{"report.source_url", c.Report.SourceURL}, {"lists.approved.url", c.Lists.Approved.URL}, {"lists.certified.url", c.Lists.Certified.URL},
		{"lists.approved.download", c.Lists.Approved.Download}, {"lists.certified.download", c.Lists.Certified.Download}, {"publish.endpoint", c.Publish.Endpoint}, {"watch.ping", c.Watch.Ping}} {
		if u.value != "" && !strings.HasPrefix(u.value, "https://") && !strings.HasPrefix(u.value, "http://") {
			return bad(u.key, "%q is no address of a page; write it with https://", u.value)
		}
		if err := etl.CheckLink(siteOf(u.value)); u.value != "" && err != nil {
			return bad(u.key, "%v", err)
		}
	}
	if c.Report.Contact != "" && strings.Contains(c.Report.Contact, "@") {
		if err := etl.CheckLink("mailto:" + strings.TrimPrefix(c.Report.Contact, "mailto:")); err != nil {
			return bad("report.contact", "%v", err)
		}
	}
	for _, l := range []struct {
		key  string
		list List
	}{{"lists.approved", c.Lists.Approved}, {"lists.certified", c.Lists.Certified}} {
		if strings.Contains(l.list.Download, "{page}") != (len(l.list.Pages) > 0) {
			return bad(l.key+".pages", "a download address with {page} and a list of pages go together")
		}
	}
	for _, n := range []struct {
		key              string
		value, from, top int
	}{{"fetch.seconds", c.Fetch.Seconds, 1, 3600}, {"fetch.minutes", c.Fetch.Minutes, 1, 600}, {"fetch.redirects", c.Fetch.Redirects, 0, 20},
		{"publish.megabytes", c.Publish.Megabytes, 1, 10}, {"publish.minutes", c.Publish.Minutes, 1, 600}, {"watch.stale_days", c.Watch.StaleDays, 0, 36500}} {
		if n.value < n.from || n.value > n.top {
			return bad(n.key, "%d is not within reason; write a number from %d to %d", n.value, n.from, n.top)
		}
	}
	if e := c.Publish.Edits; e != "stop" && e != "overwrite" {
		return bad("publish.edits", "%q is neither stop nor overwrite", e)
	}
	if _, err := time.LoadLocation(c.Publish.TimeZone); err != nil || c.Publish.TimeZone == "" || c.Publish.TimeZone == "Local" {
		return bad("publish.time_zone", "%q is no time zone; write one such as Europe/Paris", c.Publish.TimeZone)
	}
	for i, h := range c.Reference.Headers {
		if !slices.Contains([]string{"approved", "certified", "both"}, h.List) || h.Field == "" || h.Alias == "" {
			return bad("reference.headers", "entry %d needs list (approved, certified or both), field and alias", i+1)
		}
		if !slices.Contains(fields(), h.Field) {
			return bad("reference.headers", "entry %d: unknown field %q; did you mean %q?", i+1, h.Field, nearest(h.Field, fields()))
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
	need := map[string]etl.Need{}
	for _, h := range ref.Headers {
		need[h.Field] = h.Need
	}
	for _, h := range c.Reference.Headers {
		ref.Headers = append(ref.Headers, etl.HeaderAlias{List: h.List, Field: h.Field, Need: need[h.Field], Alias: h.Alias})
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
		name := prefix + strings.ToUpper(strings.ReplaceAll(d.key, ".", "_"))
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
			e := &Error{File: "environment", Message: fmt.Sprintf("unknown variable %s", name), Do: "the variables are those of the keys: report.language is HDSREPORT_REPORT_LANGUAGE"}
			if n := nearest(name, known); n != "" {
				e.Do = fmt.Sprintf("did you mean %s?", n)
			}
			return e
		}
		v.Set(key, value)
	}
	return nil
}

func unknownKey(file string, text []byte, key string, known []string) error {
	e := &Error{File: file, Line: lineOf(text, key), Message: fmt.Sprintf("unknown key %q", key)}
	if n := nearest(key, known); n != "" {
		e.Do = fmt.Sprintf("did you mean %q?", n)
	} else {
		e.Do = "the keys are " + strings.Join(known, ", ")
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
		return nil, errors.New("no number")
	case string:
		if whole {
			return strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		}
		return strconv.ParseFloat(strings.TrimSpace(v), 64)
	case float64:
		if whole && v != math.Trunc(v) {
			return nil, errors.New("no whole number")
		}
	}
	return data, nil
}

// badValue names the key whose value is of the wrong kind, and says which kind it
// takes. The decoder's own message speaks of Go's types; only the key is taken from
// it, which stands there in quotes.
func badValue(err error, file string, text []byte, environ []string) error {
	_, said, _ := strings.Cut(err.Error(), "'")
	key, _, _ := strings.Cut(said, "'")
	e := &Error{File: file, Line: lineOf(text, key), Message: key + ": the value is of the wrong kind", Do: "write " + kindOf(key)}
	variable := prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
	if slices.ContainsFunc(environ, func(v string) bool { return strings.HasPrefix(v, variable+"=") }) {
		e.File, e.Line, e.Message = "environment", 0, variable+": the value is of the wrong kind"
	}
	return e
}

// kindOf says what a key takes, from its default.
func kindOf(key string) string {
	for _, d := range flatten(reflect.ValueOf(Default()), "") {
		if d.key != key {
			continue
		}
		switch reflect.TypeOf(d.value).Kind() {
		case reflect.Float64:
			return "a number such as 0.2"
		case reflect.Int, reflect.Int64:
			return "a whole number"
		case reflect.Slice:
			return "a list, one entry a line after a dash"
		default:
			return "a text"
		}
	}
	return "a value as in the file that hdsreport init makes"
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
		return Source{}, &Error{File: file, Message: "this is not YAML: " + strings.TrimPrefix(err.Error(), "While parsing config: ")}
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
		return Source{}, &Error{File: file, Line: lineOf(text, "activity_numbering"), Message: fmt.Sprintf("%q is no numbering", n), Do: "write " + strings.Join(Numberings, " or ")}
	}
	return s, nil
}

// Workspace is the folder of a configuration file.
func Workspace(file string) string { return filepath.Dir(file) }
