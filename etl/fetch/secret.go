package fetch

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// An address may hold what lets somebody in: user and password, a key in its query, a
// signature. None of it is printed or stored. A server's answer, or a library's error,
// may repeat it in another form: what is quoted from there is scrubbed first.

// harmless are the query parameters whose value is shown. The names that secrets go by
// are without number; those of formats, languages and sorting are not.
var harmless = regexp.MustCompile(`(?i)^(?:page|page_?(?:no|num|number|size)|per_?page|offset|start|limit|rows|lettre|letter|initiale?|alpha` +
	`|format|type|output|export|ext|lang|langue|language|locale|sort|tri|order|ordre|list|liste|sheet|gid|tab|table|view|vue` +
	`|year|annee|month|mois|day|jour|date|edition|version|query|search|recherche|filter|filtre|category|categorie|status|statut` +
	`|region|departement|delimiter|separator|sep|encoding|charset|header|headers|use_labels|timezone)$`)

// briefly are parameters whose name says too little: their value is shown while it is
// too short for a secret.
var briefly = regexp.MustCompile(`(?i)^(?:[a-z]|no|nr|num|download|raw|dl|asc|desc|all|tout|full)$`)

// shownValue tells that a parameter's value is plainly harmless.
func shownValue(name, value string) bool {
	name, err := url.QueryUnescape(name)
	if err != nil {
		return false
	}
	value = strings.ReplaceAll(value, pageStandIn, "")
	return value == "" || harmless.MatchString(name) && plainValue(value) ||
		briefly.MatchString(name) && (len(value) <= 3 || value == "true" || value == "false")
}

// plainValue tells words, numbers and dates. A long run of letters and digits is a key,
// whatever the parameter is called.
func plainValue(value string) bool {
	text, err := url.QueryUnescape(value)
	if err != nil || len(text) > 120 {
		return false
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		digits := strings.ContainsFunc(word, unicode.IsDigit)
		letters := strings.ContainsFunc(word, unicode.IsLetter)
		if len(word) > 24 || digits && letters && len(word) > 12 {
			return false
		}
	}
	return true
}

// show is an address as it may be printed and stored.
func show(u *url.URL) string {
	c := *u
	c.User, c.Fragment, c.RawFragment = nil, "", ""
	c.RawQuery = maskedQuery(c.RawQuery)
	shown, query, asked := strings.Cut(c.String(), "?")
	shown = matrix.ReplaceAllString(shown, "${1}"+masked) // ;jsessionid=…
	if asked {
		shown += "?" + query
	}
	return shown
}

// matrix is a parameter in a path.
var matrix = regexp.MustCompile(`(;[^=;/?]*=)[^;/?]+`)

func maskedQuery(query string) string {
	return eachParameter(query, func(name, value string) string {
		if shownValue(name, value) {
			return name + "=" + value
		}
		return name + "=" + masked
	})
}

// eachParameter replaces the parameters of a query. What has no name is a value all
// the same ("?9f05f726fad3c283").
func eachParameter(query string, replace func(name, value string) string) string {
	var b strings.Builder
	for query != "" {
		part, separator := query, ""
		if i := strings.IndexAny(query, "&;"); i >= 0 {
			part, separator = query[:i], query[i:i+1]
		}
		query = query[len(part)+len(separator):]
		name, value, named := strings.Cut(part, "=")
		switch {
		case named && value != "":
			b.WriteString(replace(name, value))
		case !named && part != "" && part != pageStandIn && !plainValue(part):
			b.WriteString(masked)
		default:
			b.WriteString(part)
		}
		b.WriteString(separator)
	}
	return b.String()
}

// secrets find what is secret in an address in a text, in any form in which programs
// write it.
type secrets []*regexp.Regexp

// secretsOf are those of an address: user, password, and the values of its query that
// are not shown.
func secretsOf(u *url.URL) secrets {
	var texts, words []string
	add := func(values ...string) {
		for _, v := range values {
			if v != "" && v != masked {
				texts = append(texts, v)
			}
		}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		add(u.User.String(), u.User.Username()+":"+password, password)
		if name := u.User.Username(); name != "" {
			words = append(words, name) // a token stands here at times
		}
	}
	eachParameter(u.RawQuery, func(name, value string) string {
		if shownValue(name, value) {
			return ""
		}
		add(value)
		if plain, err := url.QueryUnescape(value); err == nil {
			add(plain)
		}
		return ""
	})
	for part := range strings.FieldsFuncSeq(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		if !strings.Contains(part, "=") && maskedQuery(part) != part {
			add(part)
		}
	}
	for _, m := range matrix.FindAllString(u.Path, -1) {
		_, value, _ := strings.Cut(m, "=")
		add(value)
	}
	var forms []string
	for _, t := range texts {
		forms = append(forms, formsOf(t)...)
	}
	// The longest first: one may be a part of another.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var out secrets
	for _, f := range slices.Compact(forms) {
		if len(f) < 4 {
			words = append(words, f) // it would be found in any word
			continue
		}
		out = append(out, regexp.MustCompile(`(?i)`+regexp.QuoteMeta(f)))
	}
	for _, w := range words {
		pattern := regexp.QuoteMeta(w)
		if isWord(w[0]) {
			pattern = `\b` + pattern
		}
		if isWord(w[len(w)-1]) {
			pattern += `\b`
		}
		out = append(out, regexp.MustCompile(`(?i)`+pattern))
	}
	return out
}

func isWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_'
}

// formsOf are the ways in which a text is written elsewhere.
func formsOf(text string) []string {
	quoted, _ := json.Marshal(text)
	out := []string{text, url.QueryEscape(text), url.PathEscape(text), html.EscapeString(text), strings.Trim(string(quoted), `"`)}
	if len(text) >= 4 {
		// Padding is left out: with it, or without, the rest is found.
		out = append(out, base64.RawStdEncoding.EncodeToString([]byte(text)), base64.RawURLEncoding.EncodeToString([]byte(text)), hex.EncodeToString([]byte(text)))
	}
	return out
}

// inText finds addresses in a text: what stands before the @ of one, and its query.
var (
	userInText  = regexp.MustCompile(`(://)[^/\s@"'<>]+@`)
	queryInText = regexp.MustCompile(`\?[^\s"'<>()]+=[^\s"'<>()]*`)
)

// scrub takes what is secret out of a text that others wrote: ours, and what is secret
// in any address that the text names.
func (a address) scrub(s string) string {
	for _, secret := range a.secrets {
		s = secret.ReplaceAllLiteralString(s, masked)
	}
	s = userInText.ReplaceAllString(s, "${1}"+masked+"@")
	return queryInText.ReplaceAllStringFunc(s, func(q string) string { return "?" + maskedQuery(q[1:]) })
}

// scrubAll takes what is secret out of what findings quote.
func (a address) scrubAll(fs []etl.Finding) {
	for i := range fs {
		fs[i] = quoting(fs[i], a.scrub)
	}
}

// unquoted is a finding that quotes nothing.
func unquoted(f etl.Finding) etl.Finding {
	f.Place = etl.Place{File: f.Place.File, Row: f.Place.Row, Column: f.Place.Column}
	return quoting(f, func(string) string { return masked })
}

// quoting is a finding with another text for each that it quotes.
func quoting(f etl.Finding, other func(string) string) etl.Finding {
	f.Args = otherArgs(f.Args, other)
	return f
}

func otherArgs(args message.Args, other func(string) string) message.Args {
	out := slices.Clone(args)
	for i, arg := range out {
		switch v := arg.Value.(type) {
		case string:
			out[i].Value = other(v)
		case *message.Error: // before error: it keeps its language
			out[i].Value = &message.Error{Message: otherMessage(v.Message, other), Cause: v.Cause}
		case error:
			out[i].Value = other(v.Error())
		case []string:
			out[i].Value = others(v, other)
		case message.List:
			v.Items = others(v.Items, other)
			out[i].Value = v
		case message.Message:
			out[i].Value = otherMessage(v, other)
		case []message.Message:
			out[i].Value = otherMessages(v, other)
		case message.Joined:
			out[i].Value = message.Joined(otherMessages(v, other))
		case etl.Reasons:
			out[i].Value = etl.Reasons(otherMessages(v, other))
		}
	}
	return out
}

func otherMessage(m message.Message, other func(string) string) message.Message {
	m.Args = otherArgs(m.Args, other)
	return m
}

func otherMessages(ms []message.Message, other func(string) string) []message.Message {
	out := make([]message.Message, len(ms))
	for i, m := range ms {
		out[i] = otherMessage(m, other)
	}
	return out
}

func others(texts []string, other func(string) string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = other(t)
	}
	return out
}

// unsecret leaves out what a server has made of a secret: it would be stored.
func (a address) unsecret(v validators) validators {
	if a.scrub(v.etag) != v.etag {
		v.etag = ""
	}
	if a.scrub(v.lastModified) != v.lastModified {
		v.lastModified = ""
	}
	return v
}

// readersAddress is the address that the configuration gives readers, who get no
// password with it.
func readersAddress(configured string) string {
	u, err := url.Parse(configured)
	if err != nil || u.User == nil {
		return configured
	}
	u.User = nil
	return u.String()
}
