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
// server that only that network can see. What an address is, is decided where the
// connection is made: a name may lead anywhere, and to another place each time. The
// server that the configuration names is asked wherever it is, on its own port.

// keepOut makes a transport refuse to connect to private addresses, except to the
// configured servers and to the proxy.
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

// resolved refuses a name that leads to a private address, for a request that a proxy
// makes: the proxy resolves the name, and this program never sees where it connects. A
// name that only the proxy can resolve is left to it.
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

// hostPort is the address of a server as it is dialled.
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

// privateName tells a host that is private by what it is called, whoever resolves it.
func privateName(host string) bool {
	if at, err := netip.ParseAddr(host); err == nil {
		return private(at)
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// notPublic are the blocks that netip does not tell by a method (RFC 6890 and its
// successors), and those whose addresses hold another one that decides where they lead.
var notPublic = blocks("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4",
	"::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "fec0::/10")

func blocks(of ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, b := range of {
		out = append(out, netip.MustParsePrefix(b))
	}
	return out
}

// translated are the addresses by which networks without IPv4 reach it: the last four
// bytes are where they lead (RFC 6052).
var translated = netip.MustParsePrefix("64:ff9b::/96")

// private tells an address that is not out on the internet.
func private(at netip.Addr) bool {
	at = at.Unmap().WithZone("")
	if translated.Contains(at) {
		v6 := at.As16()
		at = netip.AddrFrom4([4]byte(v6[12:]))
	}
	if !at.IsValid() || !at.IsGlobalUnicast() || at.IsPrivate() {
		return true // loopback, link-local, multicast and unspecified are no global unicast
	}
	for _, b := range notPublic {
		if b.Contains(at) {
			return true
		}
	}
	return false
}
