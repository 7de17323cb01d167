package fetch

import (
	"bytes"
	"errors"
	"mime"
	"path"
	"slices"
	"strings"
	"unicode"

	"hdsreport/etl"
	"hdsreport/etl/pattern"
	"hdsreport/etl/source"
)

// An answer is judged by its bytes, since neither its media type nor its status is
// reliable. It is the list if the reader finds a table in it and the pipeline finds the
// list's columns and rows there, by the same rules by which the gate refuses a broken
// file. Only otherwise the page is examined to say what it is instead.

// reading is an answer that is the list or a page of it.
type reading struct {
	table *etl.Table
	head  etl.TableRow
	body  []etl.TableRow // the rows after the header
	rows  []etl.TableRow // the rows of body that the pipeline keeps
	found []etl.Finding
}

func (r *reading) sum() string { return tableSum(r.head, r.rows) }

// table parses an answer as a table.
func (j *Job) table(l etl.Listing, data []byte, charset, display string) (*reading, error) {
	h := etl.NewHeaders(&j.Reference, l)
	t, found, err := source.Read(data, display,
		source.Options{MaxBytes: j.Web.Limits.Bytes, Sheet: j.Lists[l].Sheet, Charset: charset, Recognise: h.Recognise})
	if err != nil {
		return nil, err
	}
	r := &reading{table: t, found: found}
	at := h.Header(t)
	if at < 0 {
		return r, nil
	}
	r.head, r.body = t.Rows[at], t.Rows[at+1:]
	return r, nil
}

// judge runs the pipeline on the table alone, as if it were an edition. It stores the
// rows, and returns the findings because of which the table is not a list.
func (j *Job) judge(l etl.Listing, r *reading) []etl.Finding {
	in := etl.Input{
		Editions: []etl.EditionInput{{ID: j.Edition}}, Reference: j.Reference, Namer: j.Namer, Found: r.found,
		Partial: true,
		// Whether a list is plausible is decided by the gate, where a person can accept
		// it. Here the question is only whether it is a list.
		ReadingOnly: true,
	}
	in.Editions[0].Sources[l] = etl.Source{Table: r.table, Columns: j.columns[l]}
	res := etl.Run(in)
	kept := map[int]bool{}
	for _, row := range res.Edition.List[l].Rows {
		kept[int(row.Line)] = true
	}
	r.rows = nil
	for _, row := range r.body {
		if kept[row.Number] {
			r.rows = append(r.rows, row)
		}
	}
	var out []etl.Finding
	for _, refusal := range res.Refusals {
		out = append(out, refusal.Finding)
	}
	return out
}

// notTheList returns the rejection of an answer, with the reasons of the reader or the
// pipeline, or with the kind of page if it is recognised.
func notTheList(ans answer, asked address, err error, against []etl.Finding) error {
	r := &Rejection{slices.Clone(against)}
	var unread *source.Unreadable
	switch {
	case errors.As(err, &unread):
		r.Findings = append(r.Findings, unread.Finding)
	case err != nil:
		return err
	}
	elsewhere := ans.elsewhere(asked)
	p := newPage(ans)
	kind := slices.IndexFunc(pageKinds, func(k pageKind) bool { return p.html && k.is(p) })
	switch {
	case ans.packing != "":
		r = rejectPacking(asked.scrub(ans.packing))
	case kind >= 0 && pageKinds[kind].titled:
		r = reject(pageKinds[kind].code, "title", cut200(asked.scrub(p.title)))
	case kind >= 0:
		r = reject(pageKinds[kind].code)
	case !p.html && !elsewhere:
		if said := brief(asked.scrub(string(ans.body[:min(len(ans.body), 64<<10)]))); said != "" {
			r.Findings = append(r.Findings, etl.Find(etl.Info, etl.CodeFetchAnswer, etl.Place{}, "text", said))
		}
	}
	if elsewhere {
		// It may be an internal server; do not quote it.
		for i := range r.Findings {
			r.Findings[i] = unquoted(r.Findings[i])
		}
	}
	if ans.redirected {
		r.Findings = append(r.Findings,
			etl.Find(etl.Info, etl.CodeFetchAnswer, etl.Place{}, "address", show(ans.final)).Said("redirected"))
	}
	if said := called(ans); said != "" {
		r.Findings = append(r.Findings,
			etl.Find(etl.Info, etl.CodeFetchAnswer, etl.Place{}, "kind", said).Said("called"))
	}
	return r.at(asked.shown)
}

// brief quotes a short answer, which usually is a message of the server.
func brief(body string) string {
	text := strings.Join(strings.Fields(body), " ")
	if text == "" || len(text) > 300 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return ""
	}
	return text
}

// called returns the media type stated by the server, if it is misleading.
func called(ans answer) string {
	kind, _, err := mime.ParseMediaType(ans.contentType)
	if err != nil || len(ans.body) == 0 {
		return ""
	}
	text := bytes.TrimLeft(ans.body[:min(len(ans.body), 4096)], " \t\r\n\ufeff")
	isHTML := bytes.HasPrefix(text, []byte("<"))
	for _, k := range []struct {
		kind string
		is   bool
	}{
		{"text/csv", !isHTML && !bytes.HasPrefix(text, []byte("%PDF")) && !bytes.HasPrefix(text, []byte("PK"))},
		{"text/html", isHTML},
		{"application/json", bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("["))},
		{"application/pdf", bytes.HasPrefix(text, []byte("%PDF"))},
		{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes.HasPrefix(text, []byte("PK"))},
		{"application/vnd.oasis.opendocument.spreadsheet", bytes.HasPrefix(text, []byte("PK"))},
	} {
		if k.kind == kind && !k.is {
			return kind
		}
	}
	return ""
}

// page is an HTML answer, as far as needed to recognise its kind.
type page struct {
	html  bool
	title string
	text  string // in lower case, with markup
	words int    // number of visible words
	final string // path after redirects, in lower case
}

var (
	isHTML    = pattern.Of(`(?i)^\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|script|meta|title|div|form)\b`)
	titleOf   = pattern.Of(`(?is)<title[^>]*>(.*?)</title>`)
	unseen    = pattern.Of(`(?is)<script\b.*?(?:</script>|$)|<style\b.*?</style>|<head\b.*?</head>|<noscript\b.*?</noscript>|<[^>]*>`)
	password  = pattern.Of(`<input\b[^>]*type\s*=\s*["']?password`)
	loginPath = pattern.Of(`(?:^|[/_.-])(?:login|log-?in|signin|sign-?in|connexion|authentification|authenticate|auth|sso|cas|oauth2?)(?:$|[/_.-])`)
	loginName = pattern.Of(`(?i)\b(?:connexion|identifiez-vous|authentification|log ?in|sign ?in)\b`)
	robots    = pattern.Of(`captcha|cf-challenge|challenge-platform|just a moment|are you a robot|êtes-vous un robot|pas un robot|checking your browser|datadome`)
	scripted  = pattern.Of(`(?:enable|activer|activez|requires?|nécessite|need)[^<]{0,40}javascript|javascript[^<]{0,40}(?:required|disabled|désactivé|requis|activé|enabled?)`)
	errorName = pattern.Of(`(?i)\b(?:40[0-9]|50[0-9]|erreur|error|introuvable|not found|acc[eè]s (?:refus|interdit)|access denied|forbidden|indisponible|unavailable|maintenance)`)
)

func newPage(ans answer) page {
	head := ans.body[:min(len(ans.body), 256<<10)]
	p := page{html: isHTML().Match(head[:min(len(head), 4096)])}
	if !p.html {
		return p
	}
	if m := titleOf().FindSubmatch(head); m != nil {
		p.title = strings.Join(strings.Fields(string(m[1])), " ")
	}
	p.text = strings.ToLower(string(head))
	p.words = len(strings.Fields(unseen().ReplaceAllString(string(head), " ")))
	if ans.redirected {
		p.final = strings.ToLower(path.Clean(ans.final.Path))
	}
	return p
}

// pageKinds are the kinds of pages that servers send instead of a list. The first match
// counts.
var pageKinds = []pageKind{
	{etl.CodeFetchLogin, false, func(p page) bool {
		return password().MatchString(p.text) || loginPath().MatchString(p.final) || loginName().MatchString(p.title)
	}},
	{etl.CodeFetchRobot, false, func(p page) bool { return robots().MatchString(p.text) }},
	{etl.CodeFetchErrorPage, true, func(p page) bool { return errorName().MatchString(p.title) }},
	{etl.CodeFetchScript, false, func(p page) bool {
		return strings.Contains(p.text, "<script") && (p.words < 40 || scripted().MatchString(p.text)) &&
			!strings.Contains(p.text, "<tr")
	}},
}

type pageKind struct {
	code   string
	titled bool // its message quotes the title
	is     func(page) bool
}
