package fetch

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"hdsreport/etl"
)

// A redirect must not lead the program, which runs inside somebody's network, to a
// server that only this network can reach. This is checked when a connection is made,
// because a name may resolve to different addresses each time. The configured server is
// always allowed, on its own port.

// keepOut makes a transport refuse connections to private addresses, except to the
// configured servers and the proxy.
func keepOut(t *http.Transport, configured []*part) {
	var proxies sync.Map
	allowed := map[string]bool{}
	for _, p := range configured {
		allowed[hostPort(p.address.url)] = true
	}
	if proxy := t.Proxy; proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			u, err := proxy(r)
			if u == nil || err != nil {
				return u, err
			}
			proxies.Store(hostPort(u), true)
			if !allowed[hostPort(r.URL)] {
				err = resolved(r)
			}
			return u, err
		}
	}
	open := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	guarded := *open
	guarded.Control = func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || private(at.Addr()) {
			return rejectPrivate(address)
		}
		return nil
	}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		dialer := &guarded
		if _, proxy := proxies.Load(strings.ToLower(address)); proxy || allowed[strings.ToLower(address)] {
			dialer = open
		}
		return dialer.DialContext(ctx, network, address)
	}
}

// resolved refuses names that resolve to a private address, for requests through a
// proxy: the proxy makes the connection, so it cannot be checked then. A name that only
// the proxy can resolve is allowed.
func resolved(r *http.Request) error {
	found, err := net.DefaultResolver.LookupNetIP(r.Context(), "ip", r.URL.Hostname())
	if err != nil {
		return nil
	}
	for _, at := range found {
		if private(at) {
			return rejectPrivate(r.URL.Host)
		}
	}
	return nil
}

// hostPort returns a server's host and port.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return strings.ToLower(net.JoinHostPort(u.Hostname(), port))
}

func rejectPrivate(host string) error {
	return reject(etl.CodeFetchRedirect, "host", host).said("private")
}

// privateName reports whether a host is private by its name alone.
func privateName(host string) bool {
	if at, err := netip.ParseAddr(host); err == nil {
		return private(at)
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// notPublic are blocks of addresses that are not public and that netip has no method
// for (RFC 6890 and its successors), and those whose addresses contain another address.
var notPublic = blocks("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4",
	"::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "fec0::/10")

func blocks(of ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, b := range of {
		out = append(out, netip.MustParsePrefix(b))
	}
	return out
}

// translated are the addresses for reaching IPv4 from networks without it. The last
// four bytes are the IPv4 address (RFC 6052).
var translated = netip.MustParsePrefix("64:ff9b::/96")

// private reports whether an address is not on the public internet.
func private(at netip.Addr) bool {
	at = at.Unmap().WithZone("")
	if translated.Contains(at) {
		v6 := at.As16()
		at = netip.AddrFrom4([4]byte(v6[12:]))
	}
	if !at.IsValid() || !at.IsGlobalUnicast() || at.IsPrivate() {
		return true // loopback, link-local, multicast and unspecified addresses
	}
	for _, b := range notPublic {
		if b.Contains(at) {
			return true
		}
	}
	return false
}
