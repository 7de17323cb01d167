package fetch

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl/message"
)

// address is where a list, or a page of it, is taken from. What is secret in it goes
// to the server that it names and nowhere else: shown is for messages and for the
// .source.yaml.
type address struct {
	url      *url.URL // without user and password
	user     *url.Userinfo
	shown    string
	secrets  secrets
	template string // as configured, shown: {page} and all
}

// masked stands where a secret was.
const masked = "…"

// errNoAddress does not show the address: it may hold a password.
var errNoAddress = message.Fail(nil, "fetch-address")

// parseAddress reads a configured address, {page} replaced by a page.
func parseAddress(configured, page string) (address, error) {
	u, err := url.Parse(strings.ReplaceAll(configured, pageMark, escaped(page)))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return address{}, errNoAddress
	}
	a := address{user: u.User}
	u.User, u.Fragment = nil, ""
	u.RawQuery = plainQuery(u.RawQuery)
	a.url = u
	// A page is no secret, whatever the parameter is called that it is the value of.
	t, err := url.Parse(strings.ReplaceAll(configured, pageMark, pageStandIn))
	if err != nil {
		return address{}, errNoAddress
	}
	t.RawQuery = plainQuery(t.RawQuery)
	a.template = strings.ReplaceAll(show(t), pageStandIn, pageMark)
	a.secrets = secretsOf(t)
	a.shown = strings.ReplaceAll(a.template, pageMark, escaped(page))
	return a, nil
}

// plainQuery writes what a query may not hold (spaces, accents), and a person types all
// the same, as browsers do; a server would call the request a bad one.
func plainQuery(query string) string {
	var b strings.Builder
	for _, c := range []byte(query) {
		if c <= ' ' || c > '~' || strings.IndexByte(`"<>`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// CheckAddress says what is wrong with a configured address, before anything is asked.
func CheckAddress(configured string) error {
	a, err := parseAddress(configured, "A")
	if err == nil && strings.Contains(configured, pageMark) {
		other, err := parseAddress(configured, "B")
		if err == nil && a.url.String() == other.url.String() {
			return message.Fail(nil, "fetch-address-fragment", "page_mark", pageMark)
		}
	}
	return err
}

// pageMark stands for a page in a configured address.
const pageMark = "{page}"

// pageStandIn takes its place where braces would be escaped.
const pageStandIn = "0page0stand0in0"

// escaped is a page as an address takes it, in its path and in its query.
func escaped(page string) string {
	return strings.ReplaceAll(url.QueryEscape(page), "+", "%20")
}

// maxPages bounds a listing's pages: letters, and numbers of some hundred.
const maxPages = 1000

// Pages spells out a listing's pages: letters and numbers as they are, and ranges of
// them ("A-Z", "1-12", "01-12"). A range that goes backwards, a page that comes twice
// and more than a thousand pages are errors.
func Pages(configured []string) ([]string, error) {
	var out []string
	for _, c := range configured {
		c = strings.TrimSpace(c)
		if c == "" {
			return nil, message.Fail(nil, "fetch-page-empty")
		}
		from, to, isRange := strings.Cut(c, "-")
		switch {
		case isRange && isLetter(from) && isLetter(to) && (from[0] < 'a') == (to[0] < 'a'):
			if from > to {
				return nil, message.Fail(nil, "fetch-pages-backwards", "range", c)
			}
			for b := from[0]; b <= to[0]; b++ {
				out = append(out, string(rune(b)))
			}
		case isRange && isNumber(from) && isNumber(to):
			first, _ := strconv.Atoi(from)
			last, _ := strconv.Atoi(to)
			switch {
			case first > last:
				return nil, message.Fail(nil, "fetch-pages-backwards", "range", c)
			case last-first >= maxPages:
				return nil, message.Fail(nil, "fetch-pages-range", "range", c, "most", maxPages)
			}
			width := 0
			if from[0] == '0' && len(from) > 1 {
				width = len(from)
			}
			for n := first; n <= last; n++ {
				out = append(out, fmt.Sprintf("%0*d", width, n))
			}
		default:
			out = append(out, c)
		}
		if len(out) > maxPages {
			return nil, message.Fail(nil, "fetch-pages-many", "most", maxPages)
		}
	}
	for i, p := range out {
		if slices.Contains(out[:i], p) {
			return nil, message.Fail(nil, "fetch-page-twice", "page", p)
		}
	}
	return out, nil
}

func isLetter(s string) bool {
	return len(s) == 1 && (s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 'a' && s[0] <= 'z')
}

func isNumber(s string) bool {
	return s != "" && len(s) <= 9 && strings.Trim(s, "0123456789") == ""
}
