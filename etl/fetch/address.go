package fetch

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// address is where a list, or a page of it, is taken from. What is secret in it goes
// to the server that it names and nowhere else: shown is for messages and for the
// .source.yaml.
type address struct {
	url      *url.URL // without user and password
	user     *url.Userinfo
	shown    string
	secrets  []string
	template string // as configured, shown: {page} and all
}

// secretParameters are the names of query parameters whose value lets somebody in.
var secretParameters = []string{"token", "access_token", "auth", "key", "api_key", "apikey", "password", "secret", "sig", "signature"}

const masked = "…"

// parseAddress reads a configured address, {page} replaced by a page.
func parseAddress(configured, page string) (address, error) {
	u, err := url.Parse(strings.ReplaceAll(configured, pageMark, escaped(page)))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return address{}, errors.New("this is no http or https address with a server's name in it")
	}
	a := address{user: u.User}
	if u.User != nil {
		a.secrets = append(a.secrets, u.User.String()) // before the password, which is a part of it
		if p, ok := u.User.Password(); ok && p != "" {
			a.secrets = append(a.secrets, p, url.QueryEscape(p), url.PathEscape(p))
		}
		u.User = nil
	}
	u.Fragment = ""
	u.RawQuery = plainQuery(u.RawQuery)
	for name, values := range u.Query() {
		if slices.Contains(secretParameters, strings.ToLower(name)) {
			for _, v := range values {
				if v != "" {
					a.secrets = append(a.secrets, v, url.QueryEscape(v))
				}
			}
		}
	}
	a.url = u
	a.shown = show(u)
	a.template = a.shown
	if t, err := url.Parse(strings.ReplaceAll(configured, pageMark, pageStandIn)); err == nil {
		a.template = strings.ReplaceAll(show(t), pageStandIn, pageMark)
	}
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
			return errors.New("{page} stands where no server sees it, after a #; this is how a page scrolls, and every page would be the same")
		}
	}
	return err
}

// show is an address as it may be printed and stored.
func show(u *url.URL) string {
	c := *u
	c.User, c.Fragment = nil, ""
	var parts []string
	for part := range strings.SplitSeq(c.RawQuery, "&") {
		if name, _, ok := strings.Cut(part, "="); ok && slices.Contains(secretParameters, strings.ToLower(name)) {
			part = name + "=" + masked
		}
		parts = append(parts, part)
	}
	c.RawQuery = strings.Join(parts, "&")
	return c.String()
}

// scrub takes what is secret out of another program's message.
func (a address) scrub(s string) string {
	for _, secret := range a.secrets {
		if len(secret) < 4 {
			continue // it would be found in any word
		}
		s = strings.ReplaceAll(s, secret, masked)
	}
	return s
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
			return nil, errors.New("a page is empty; write a letter, a number or a range such as A-Z")
		}
		from, to, isRange := strings.Cut(c, "-")
		switch {
		case isRange && isLetter(from) && isLetter(to) && (from[0] < 'a') == (to[0] < 'a'):
			if from > to {
				return nil, fmt.Errorf("the range %s goes backwards", c)
			}
			for b := from[0]; b <= to[0]; b++ {
				out = append(out, string(rune(b)))
			}
		case isRange && isNumber(from) && isNumber(to):
			first, _ := strconv.Atoi(from)
			last, _ := strconv.Atoi(to)
			switch {
			case first > last:
				return nil, fmt.Errorf("the range %s goes backwards", c)
			case last-first >= maxPages:
				return nil, fmt.Errorf("the range %s has more than %d pages", c, maxPages)
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
			return nil, fmt.Errorf("there are more than %d pages", maxPages)
		}
	}
	for i, p := range out {
		if slices.Contains(out[:i], p) {
			return nil, fmt.Errorf("the page %s comes twice", p)
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
