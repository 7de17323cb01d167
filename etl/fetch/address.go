package fetch

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl/message"
)

// address is where a list or a page of it is downloaded. Its secrets are sent only to
// its own server. shown is the form for messages and for .source.yaml.
type address struct {
	url      *url.URL // without user and password
	user     *url.Userinfo
	shown    string
	secrets  secrets
	template string // as configured, with {page}, without secrets
}

// masked replaces a secret.
const masked = "…"

// errNoAddress does not quote the address, which may contain a password.
var errNoAddress = message.Fail(nil, "fetch-address")

// parseAddress parses a configured address, with {page} replaced by a page.
func parseAddress(configured, page string) (address, error) {
	u, err := url.Parse(strings.ReplaceAll(configured, pageMark, escaped(page)))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return address{}, errNoAddress
	}
	a := address{user: u.User}
	u.User, u.Fragment = nil, ""
	u.RawQuery = plainQuery(u.RawQuery)
	a.url = u
	// A page is not a secret, whatever the name of its parameter.
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

// plainQuery escapes characters that are not allowed in a query but that people type,
// such as spaces and accents, as browsers do. Servers reject them otherwise.
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

// CheckAddress checks a configured address without requesting it.
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

// pageStandIn replaces pageMark while parsing, because braces would be escaped.
const pageStandIn = "0page0stand0in0"

// escaped returns a page as it is written in paths and queries.
func escaped(page string) string {
	return strings.ReplaceAll(url.QueryEscape(page), "+", "%20")
}

// maxPages is the maximum number of pages of a listing.
const maxPages = 1000

// Pages expands the configured pages of a listing: single letters and numbers, and
// ranges ("A-Z", "1-12", "01-12"). A descending range, a repeated page and more than
// 1,000 pages are errors.
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
