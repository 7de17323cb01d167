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
	"hdsreport/etl/pattern"
)

// An address may contain secrets: user and password, a key in its query, a signature.
// They are never printed or stored. An answer of a server or an error of a library may
// repeat them in another form, so quoted text is scrubbed first.

// harmless matches the query parameters whose value is shown. Names of secrets cannot
// be listed, but names for formats, languages and sorting can.
var harmless = pattern.Of(`(?i)^(?:page|page_?(?:no|num|number|size)|per_?page|offset|start|limit|rows|lettre|letter|initiale?|alpha` +
	`|format|type|output|export|ext|lang|langue|language|locale|sort|tri|order|ordre|list|liste|sheet|gid|tab|table|view|vue` +
	`|year|annee|month|mois|day|jour|date|edition|version|query|search|recherche|filter|filtre|category|categorie|status|statut` +
	`|region|departement|delimiter|separator|sep|encoding|charset|header|headers|use_labels|timezone)$`)

// briefly matches parameters whose name says too little. Their value is shown if it is
// too short to be a secret.
var briefly = pattern.Of(`(?i)^(?:[a-z]|no|nr|num|download|raw|dl|asc|desc|all|tout|full)$`)

// shownValue reports whether the value of a parameter is certainly harmless.
func shownValue(name, value string) bool {
	name, err := url.QueryUnescape(name)
	if err != nil {
		return false
	}
	value = strings.ReplaceAll(value, pageStandIn, "")
	return value == "" || harmless().MatchString(name) && plainValue(value) ||
		briefly().MatchString(name) && (len(value) <= 3 || value == "true" || value == "false")
}

// plainValue reports whether a value consists of words, numbers or dates. A long
// mixture of letters and digits is a key, whatever the parameter is called.
func plainValue(value string) bool {
	text, err := url.QueryUnescape(value)
	if err != nil || len(text) > 120 {
		return false
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		digits := strings.ContainsFunc(word, unicode.IsDigit)
		letters := strings.ContainsFunc(word, unicode.IsLetter)
		if len(word) > 24 || digits && letters && len(word) > 12 {
			return false
		}
	}
	return true
}

// show returns an address as it may be printed and stored.
func show(u *url.URL) string {
	c := *u
	c.User, c.Fragment, c.RawFragment = nil, "", ""
	c.RawQuery = maskedQuery(c.RawQuery)
	shown, query, asked := strings.Cut(c.String(), "?")
	shown = matrix().ReplaceAllString(shown, "${1}"+masked) // ;jsessionid=…
	if asked {
		shown += "?" + query
	}
	return shown
}

// matrix matches a parameter in a path.
var matrix = pattern.Of(`(;[^=;/?]*=)[^;/?]+`)

func maskedQuery(query string) string {
	return eachParameter(query, func(name, value string) string {
		if shownValue(name, value) {
			return name + "=" + value
		}
		return name + "=" + masked
	})
}

// eachParameter replaces the values of a query's parameters. A parameter without a name
// counts as a value ("?9f05f726fad3c283").
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

// secrets matches the secrets of an address in a text, in every form in which programs
// write them.
type secrets []*regexp.Regexp

// secretsOf returns the secrets of an address: user, password, and the values of its
// query that are not shown.
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
			words = append(words, name) // the name itself may be a token
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
	for _, m := range matrix().FindAllString(u.Path, -1) {
		_, value, _ := strings.Cut(m, "=")
		add(value)
	}
	var forms []string
	for _, t := range texts {
		forms = append(forms, formsOf(t)...)
	}
	// Longest first, since one may contain another.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var out secrets
	for _, f := range slices.Compact(forms) {
		if len(f) < 4 {
			words = append(words, f) // too short: it occurs in many words
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

// formsOf returns the encodings in which a text may occur.
func formsOf(text string) []string {
	quoted, _ := json.Marshal(text)
	out := []string{text, url.QueryEscape(text), url.PathEscape(text), html.EscapeString(text),
		strings.Trim(string(quoted), `"`)}
	if len(text) >= 4 {
		// Without padding, so that both padded and unpadded forms match.
		out = append(out, base64.RawStdEncoding.EncodeToString([]byte(text)),
			base64.RawURLEncoding.EncodeToString([]byte(text)), hex.EncodeToString([]byte(text)))
	}
	return out
}

// inText matches addresses in a text: the part before @, and the query.
var (
	userInText  = pattern.Of(`(://)[^/\s@"'<>]+@`)
	queryInText = pattern.Of(`\?[^\s"'<>()]+=[^\s"'<>()]*`)
)

// scrub removes secrets from a text of another origin: those of this address, and those
// in any address that the text contains.
func (a address) scrub(s string) string {
	for _, secret := range a.secrets {
		s = secret.ReplaceAllLiteralString(s, masked)
	}
	s = userInText().ReplaceAllString(s, "${1}"+masked+"@")
	return queryInText().ReplaceAllStringFunc(s, func(q string) string { return "?" + maskedQuery(q[1:]) })
}

// scrubAll removes secrets from what findings quote.
func (a address) scrubAll(fs []etl.Finding) {
	for i := range fs {
		fs[i] = quoting(fs[i], a.scrub)
	}
}

// unquoted returns the finding without its quotations.
func unquoted(f etl.Finding) etl.Finding {
	f.Place = etl.Place{File: f.Place.File, Row: f.Place.Row, Column: f.Place.Column}
	return quoting(f, func(string) string { return masked })
}

// quoting returns the finding with each quoted text replaced by other(text).
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
		case *message.Error: // before error, so that its language is kept
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

// unsecret drops validators that contain a secret, because they would be stored.
func (a address) unsecret(v validators) validators {
	if a.scrub(v.etag) != v.etag {
		v.etag = ""
	}
	if a.scrub(v.lastModified) != v.lastModified {
		v.lastModified = ""
	}
	return v
}

// readersAddress returns the configured address without a password, for readers.
func readersAddress(configured string) string {
	u, err := url.Parse(configured)
	if err != nil || u.User == nil {
		return configured
	}
	u.User = nil
	return u.String()
}
