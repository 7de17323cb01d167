package fetch

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"mime"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Limits bound what a download may take.
type Limits struct {
	Request   time.Duration // one request, its body included
	Total     time.Duration // all of them, waits between tries included
	Redirects int           // followed for one request
	Bytes     int64         // of one answer, unpacked
}

// Web is how the program reaches a server. The zero value of a hook is the real
// thing; tests put others in their place, so as not to wait.
type Web struct {
	Limits    Limits
	UserAgent string
	Transport http.RoundTripper                          // nil: the usual one, by way of the environment's proxy
	Now       func() time.Time                           // for what is recorded, and to read a Retry-After
	Wait      func(context.Context, time.Duration) error // between two tries
	Random    func() float64                             // from 0 up to 1, of a wait
	// PrivateRedirects lets a redirect lead to this machine or into its network.
	PrivateRedirects bool
}

// Between two tries the program waits a random part of a span that doubles (full
// jitter: many who failed together do not come back together), or as long as the
// server asks for.
const (
	maxTries  = 5
	firstSpan = time.Second
	lastSpan  = 30 * time.Second
)

// A packed answer that unpacks to more than bombRatio times itself, beyond the first
// bombFloor bytes, is a bomb: pages pack ten to forty times, deflate itself can reach
// 1,032.
const (
	bombRatio       = 250
	bombFloor int64 = 16 << 20
)

// validators are what a server gave with an answer, to be asked with whether there is
// another one.
type validators struct{ etag, lastModified string }

func (v validators) none() bool { return v == validators{} }

// answer is what came from an address: a body, or the word that nothing changed.
type answer struct {
	body        []byte
	unchanged   bool // 304: as it was when the validators were given
	validators  validators
	contentType string
	charset     string        // that the server states
	age         time.Duration // since the server that made the answer made it
	packing     string        // stated by the server, and not known
	final       *url.URL      // after redirects
	redirected  bool
}

// elsewhere tells that another server gave the answer than the one that was asked.
func (ans *answer) elsewhere(a address) bool {
	return ans.redirected && ans.final.Host != a.url.Host
}

// client is a Web at work, within its budget.
type client struct{ web Web }

func newClient(w Web, configured []*part) *client {
	if w.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DisableCompression = true // unpacked here, within bounds
		t.MaxResponseHeaderBytes = 1 << 20
		if !w.PrivateRedirects {
			keepOut(t, configured)
		}
		w.Transport = t
	}
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.Wait == nil {
		w.Wait = wait
	}
	if w.Random == nil {
		w.Random = rand.Float64
	}
	w.UserAgent = cmp.Or(w.UserAgent, "hdsreport")
	return &client{web: w}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// mayFollow bounds redirects: only so many, only to http and https, and never from
// https back to http, where anybody on the way could put another list. What lets the
// program in goes to the configured server only: the library would give user and
// password to its subdomains and its other ports as well, and, as the page that led
// there, an address with a token in it to anybody.
func (c *client) mayFollow(req *http.Request, via []*http.Request) error {
	last := via[len(via)-1].URL
	req.URL.User = nil // a server's own idea of credentials is none of ours
	req.Header.Del("Referer")
	if req.URL.Host != via[0].URL.Host {
		req.Header.Del("Authorization")
	}
	switch {
	case len(via) > c.web.Limits.Redirects:
		return reject(etl.CodeFetchRedirects, "most", c.web.Limits.Redirects)
	case req.URL.Scheme != "http" && req.URL.Scheme != "https":
		return reject(etl.CodeFetchRedirect, "scheme", req.URL.Scheme).said("scheme")
	case !c.web.PrivateRedirects && req.URL.Host != via[0].URL.Host && privateName(req.URL.Hostname()):
		return rejectPrivate(req.URL.Host)
	case last.Scheme == "https" && req.URL.Scheme == "http":
		return reject(etl.CodeFetchRedirect, "address", show(req.URL)).said("plain")
	}
	return nil
}

// transient is a fault that another try may not meet. after is how long the server
// asks to wait, if it does.
type transient struct {
	err   error
	after time.Duration
	asked bool
}

func (t *transient) Error() string { return t.err.Error() }
func (t *transient) Unwrap() error { return t.err }

// get asks for an address until there is a definite answer, the tries are used up or
// the time is. What is definite and no list is a *Rejection; anything else that is wrong
// is another error.
func (c *client) get(ctx context.Context, a address, v validators) (answer, error) {
	for try := 1; ; try++ {
		ans, err := c.once(ctx, a, v)
		var again *transient
		if err == nil || !errors.As(err, &again) {
			return ans, err
		}
		if ctx.Err() != nil {
			return ans, c.spent(ctx, again.err)
		}
		if try == maxTries {
			var cut *Rejection
			if errors.As(again.err, &cut) {
				return ans, cut
			}
			return ans, message.Fail(again.err, "fetch-tried", "why", again.err, "n", maxTries)
		}
		pause := again.after
		if !again.asked {
			span := min(lastSpan, firstSpan<<(try-1))
			pause = time.Duration(c.web.Random() * float64(span))
		}
		if end, ok := ctx.Deadline(); ok && pause > time.Until(end) {
			return ans, message.Fail(again.err, "fetch-asks-to-wait", "why", again.err, "time", pause.Round(time.Second).String())
		}
		if err := c.web.Wait(ctx, pause); err != nil {
			return ans, c.spent(ctx, again.err)
		}
	}
}

// spent says that the time for everything is over, and what was in the way.
func (c *client) spent(ctx context.Context, last any) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return message.Fail(cause(last), "fetch-time-over", "time", c.web.Limits.Total.String(), "why", last)
}

// cause is what was in the way, for errors.Is, if it was an error.
func cause(last any) error {
	err, _ := last.(error)
	return err
}

// once is one try.
func (c *client) once(ctx context.Context, a address, v validators) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.web.Limits.Request)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url.String(), nil)
	if err != nil {
		return answer{}, errors.New(a.scrub(err.Error()))
	}
	if a.user != nil {
		// Set here, and not left in the address, they are kept within the host and are
		// not told in errors.
		password, _ := a.user.Password()
		req.SetBasicAuth(a.user.Username(), password)
	}
	req.Header.Set("User-Agent", c.web.UserAgent)
	req.Header.Set("Accept", "*/*")
	req.Header.Set("Accept-Language", "fr, en;q=0.5")
	req.Header.Set("Accept-Encoding", "gzip")
	if v.etag != "" {
		req.Header.Set("If-None-Match", v.etag)
	}
	if v.lastModified != "" {
		req.Header.Set("If-Modified-Since", v.lastModified)
	}
	// What a redirect sets, the next request of the chain gives back, and no later one.
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return answer{}, err
	}
	res, err := (&http.Client{Transport: c.web.Transport, CheckRedirect: c.mayFollow, Jar: jar}).Do(req)
	if err != nil {
		return answer{}, c.fault(a, err)
	}
	defer res.Body.Close()
	ans := answer{
		validators:  validators{bounded(res.Header.Get("ETag")), bounded(res.Header.Get("Last-Modified"))},
		contentType: res.Header.Get("Content-Type"),
		charset:     charsetOf(res.Header.Get("Content-Type")),
		age:         ageOf(res.Header.Get("Age")),
		final:       res.Request.URL,
		redirected:  res.Request.URL.String() != a.url.String(),
	}
	switch {
	case res.StatusCode == http.StatusOK:
		ans.body, ans.packing, err = c.body(res)
		return ans, c.fault(a, err)
	case res.StatusCode == http.StatusNotModified && !v.none():
		ans.unchanged = true
		return ans, nil
	case res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusRequestTimeout || res.StatusCode == http.StatusTooEarly:
		t := &transient{err: message.Fail(nil, "fetch-answers", "status", status(res.StatusCode))}
		t.after, t.asked = retryAfter(res.Header.Get("Retry-After"), c.web.Now())
		return ans, t
	}
	return ans, reject(etl.CodeFetchStatus, "status", status(res.StatusCode)).said(statusHints[res.StatusCode])
}

// statusHints are the wordings of what a person can do about an answer.
var statusHints = map[int]string{
	http.StatusUnauthorized:               "login",
	http.StatusForbidden:                  "forbidden",
	http.StatusNotFound:                   "moved",
	http.StatusGone:                       "gone",
	http.StatusProxyAuthRequired:          "proxy",
	http.StatusNotModified:                "unasked",
	http.StatusUnavailableForLegalReasons: "withheld",
}

func status(code int) string {
	return strings.TrimSpace(strconv.Itoa(code) + " " + http.StatusText(code))
}

// bounded leaves out a validator that nobody would keep.
func bounded(s string) string {
	const most = 1024
	if len(s) > most || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return s
}

// charsetOf is the charset that a media type states; empty where it states none.
func charsetOf(contentType string) string {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return ""
	}
	charset := strings.ToLower(strings.TrimSpace(parameters["charset"]))
	e, err := htmlindex.Get(charset)
	if err != nil || e == unicode.UTF8 {
		return "" // none that anybody knows, or the one that needs no telling
	}
	return charset
}

// ageOf reads the header of that name: how many seconds a cache has kept the answer.
func ageOf(s string) time.Duration {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, 100*365*24*3600)) * time.Second
}

// retryAfter reads the header of that name: seconds, or a time.
func retryAfter(s string, now time.Time) (time.Duration, bool) {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 {
		return time.Duration(min(n, 365*24*3600)) * time.Second, true
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, t.Sub(now)), true
	}
	return 0, false
}

// fault makes one line of what stopped a request, without secrets, and says whether
// another try is worth it.
func (c *client) fault(a address, err error) error {
	var refusal *Rejection
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		var t *transient
		if errors.As(err, &t) {
			return t
		}
		return refusal
	case errors.As(err, &name) && name.IsNotFound:
		return message.Fail(err, "fetch-no-server", "host", name.Name)
	case errors.As(err, &certificate):
		return message.Fail(nil, "fetch-certificate", "why", a.scrub(certificate.Err.Error()))
	case errors.Is(err, context.DeadlineExceeded):
		return &transient{err: message.Fail(nil, "fetch-timeout", "time", c.web.Limits.Request.String())}
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the address, which is said elsewhere
	}
	if u != nil && u.Timeout() {
		return &transient{err: message.Fail(nil, "fetch-timeout", "time", c.web.Limits.Request.String())}
	}
	return &transient{err: message.Fail(nil, "fetch-unreached", "why", strings.Join(strings.Fields(a.scrub(err.Error())), " "))}
}

// body reads an answer to its end, unpacked, within the limit. packing is what the
// server says of the bytes and is no packing: "none", a charset. The bytes are as they
// came then, and whether they are the list shows.
func (c *client) body(res *http.Response) (data []byte, packing string, err error) {
	if res.ContentLength > c.web.Limits.Bytes {
		return nil, "", c.tooLarge()
	}
	packed := &counter{r: res.Body}
	in := bufio.NewReader(packed)
	var out io.Reader = in
	gzipped := false
	for said := range strings.SplitSeq(strings.Join(res.Header.Values("Content-Encoding"), ","), ",") {
		switch said = strings.ToLower(strings.TrimSpace(said)); said {
		case "", "identity":
		case "gzip", "x-gzip":
			gzipped = true
		case "br", "zstd", "deflate", "compress", "x-compress", "dcb", "dcz":
			return nil, "", rejectPacking(said)
		default:
			packing = said
		}
	}
	// A server that says so of what it did not pack is met too.
	if magic, _ := in.Peek(2); gzipped && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, "", cut(err)
		}
		out = z
	}
	data, err = c.unpack(out, packed)
	return data, packing, err
}

func rejectPacking(said string) *Rejection {
	return reject(etl.CodeFetchEncoding, "packing", said[:min(len(said), 40)])
}

func (c *client) tooLarge() error {
	return reject(etl.CodeFetchTooLarge, "most", c.web.Limits.Bytes>>20)
}

// unpack reads to the end within the limits.
func (c *client) unpack(out io.Reader, packed *counter) ([]byte, error) {
	most := c.web.Limits.Bytes
	var data bytes.Buffer
	chunk := make([]byte, 64<<10)
	for {
		n, err := out.Read(chunk)
		data.Write(chunk[:n])
		switch unpacked := int64(data.Len()); {
		case unpacked > most:
			return nil, c.tooLarge()
		case unpacked > bombFloor && unpacked > bombRatio*packed.n:
			return nil, reject(etl.CodeFetchBomb, "times", bombRatio)
		}
		if err == io.EOF {
			return data.Bytes(), nil
		}
		if err != nil {
			return nil, cut(err)
		}
	}
}

// cut is an answer that ended too early. It may be whole the next time.
func cut(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &transient{err: reject(etl.CodeFetchTruncated, "why", strings.Join(strings.Fields(err.Error()), " "))}
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
