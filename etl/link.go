package etl

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"hdsreport/etl/message"
)

// maxLink is the maximum length of a link in a workbook, in UTF-16 units.
const maxLink = 2_079

// CheckLink returns an error if a link is not accepted by every program that reads
// workbooks. It must be the address of a web page or of a mailbox. Programs on .NET
// reject a whole workbook if System.Uri cannot parse one link, so this check is at
// least as strict about hosts and ports. (Package url also accepts commas and
// semicolons in a host, and ports above 65535.)
func CheckLink(link string) error {
	u, err := url.Parse(link)
	if err != nil {
		return message.Fail(err, "link-unreadable", "link", shortLink(link))
	}
	host, port := u.Hostname(), u.Port()
	switch u.Scheme {
	case "http", "https":
		_, after, _ := strings.Cut(link, "//")
		if authority, _, _ := strings.Cut(after, "/"); strings.Count(authority, "@") > 1 {
			host = authority
		}
	case "mailto":
		box, domain, _ := strings.Cut(u.Opaque, "@")
		if host = domain; box == "" || strings.ContainsAny(box, " <>,;:%") {
			host = ""
		}
	default:
		host = ""
	}
	switch {
	case host == "":
		return message.Fail(nil, "link-kind", "link", shortLink(link))
	case !validHost(host):
		return message.Fail(nil, "link-host", "link", shortLink(link), "host", shortLink(host))
	}
	if n, err := strconv.Atoi(port); port != "" && (err != nil || n > 65535) {
		return message.Fail(err, "link-port", "link", shortLink(link), "port", shortLink(port))
	}
	if n := len(utf16.Encode([]rune(link))); n > maxLink {
		return message.Fail(nil, "link-long", "link", shortLink(link), "n", n, "most", maxLink)
	}
	return nil
}

// validHost reports whether host is an IPv6 address, or consists of letters, digits,
// hyphens and underscores separated by dots.
func validHost(host string) bool {
	if strings.Contains(host, ":") {
		_, err := netip.ParseAddr(host)
		return err == nil
	}
	if len(host) > 1 {
		host = strings.TrimSuffix(host, ".")
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63*4 || strings.ContainsFunc(label, func(r rune) bool {
			return r != '-' && r != '_' && !unicode.In(r, unicode.L, unicode.M, unicode.Nd)
		}) {
			return false
		}
	}
	return true
}

func shortLink(s string) string {
	return message.Cut(s, 80)
}
