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

// Limits are the limits of a download.
type Limits struct {
	Request   time.Duration // one request, including its body
	Total     time.Duration // all requests, including waits between tries
	Redirects int           // followed for one request
	Bytes     int64         // size of one answer, decompressed
}

// Web gives access to the network. Hooks that are zero use the real one; tests replace
// them so as not to wait.
type Web struct {
	Limits    Limits
	UserAgent string
	Transport http.RoundTripper                          // nil: the usual one, with the proxy of the environment
	Now       func() time.Time                           // used for records and for Retry-After
	Wait      func(context.Context, time.Duration) error // between two tries
	Random    func() float64                             // fraction of a wait, from 0 to 1
	// PrivateRedirects allows redirects to this machine or its network.
	PrivateRedirects bool
}

// Between two tries the program waits a random part of a period that doubles each time
// (full jitter, so that clients that failed together do not return together), or as
// long as the server asks.
const (
	maxTries  = 5
	firstSpan = time.Second
	lastSpan  = 30 * time.Second
)

// A compressed answer that expands to more than bombRatio times its size, not counting
// the first bombFloor bytes, is refused as a bomb. Pages compress 10 to 40 times; the
// maximum of deflate is 1,032.
const (
	bombRatio       = 250
	bombFloor int64 = 16 << 20
)

// validators are the ETag and the date of an answer, for conditional requests.
type validators struct{ etag, lastModified string }

func (v validators) none() bool { return v == validators{} }

// answer is the answer to a request: a body, or the statement that nothing changed.
type answer struct {
	body        []byte
	unchanged   bool // status 304: not changed since the validators were received
	validators  validators
	contentType string
	charset     string        // as stated by the server
	age         time.Duration // time since the answer was created, according to its Age
	packing     string        // an encoding stated by the server that is not supported
	final       *url.URL      // after redirects
	redirected  bool
}

// elsewhere reports whether the answer came from another server than the one requested.
func (ans *answer) elsewhere(a address) bool {
	return ans.redirected && ans.final.Host != a.url.Host
}

// client makes requests within a Web's limits.
type client struct{ web Web }

func newClient(w Web, configured []*part) *client {
	if w.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DisableCompression = true // decompressed here, with a limit
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

// mayFollow limits redirects: their number, and their targets to http and https, but
// not from https to http, where anybody on the way could replace the list. It sends
// credentials only to the configured server. The library would also send user and
// password to its subdomains and other ports, and an address that contains a token to
// any server as Referer.
func (c *client) mayFollow(req *http.Request, via []*http.Request) error {
	last := via[len(via)-1].URL
	req.URL.User = nil // ignore credentials in the target of a redirect
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

// transient is an error that may not occur again. after is how long the server asks to
// wait, if it does.
type transient struct {
	err   error
	after time.Duration
	asked bool
}

func (t *transient) Error() string { return t.err.Error() }
func (t *transient) Unwrap() error { return t.err }

// get requests an address until there is a final answer, or the tries or the time are
// used up. It returns a *Rejection if the final answer is not a list, and other errors
// otherwise.
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
			return ans, message.Fail(again.err, "fetch-asks-to-wait", "why", again.err,
				"time", pause.Round(time.Second).String())
		}
		if err := c.web.Wait(ctx, pause); err != nil {
			return ans, c.spent(ctx, again.err)
		}
	}
}

// spent returns the error for a context that has ended: that the total time is over,
// and why, or that the fetch was cancelled.
func (c *client) spent(ctx context.Context, last any) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return message.Fail(cause(last), "fetch-time-over", "time", c.web.Limits.Total.String(), "why", last)
}

// cause returns last if it is an error, for errors.Is.
func cause(last any) error {
	err, _ := last.(error)
	return err
}

// once makes one request.
func (c *client) once(ctx context.Context, a address, v validators) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.web.Limits.Request)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url.String(), nil)
	if err != nil {
		return answer{}, errors.New(a.scrub(err.Error()))
	}
	if a.user != nil {
		// As headers rather than in the URL, credentials stay with the host and do not
		// appear in errors.
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
	// Cookies are kept only for the redirects of this request.
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
	case res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests ||
		res.StatusCode == http.StatusRequestTimeout || res.StatusCode == http.StatusTooEarly:
		t := &transient{err: message.Fail(nil, "fetch-answers", "status", status(res.StatusCode))}
		t.after, t.asked = retryAfter(res.Header.Get("Retry-After"), c.web.Now())
		return ans, t
	}
	return ans, reject(etl.CodeFetchStatus, "status", status(res.StatusCode)).said(statusHints[res.StatusCode])
}

// statusHints are the variants of the finding that say what to do about a status.
var statusHints = map[int]string{
	http.StatusPartialContent:             "partial",
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

// bounded drops a validator that is too long.
func bounded(s string) string {
	const most = 1024
	if len(s) > most || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return s
}

// charsetOf returns the charset of a media type, or an empty string.
func charsetOf(contentType string) string {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return ""
	}
	charset := strings.ToLower(strings.TrimSpace(parameters["charset"]))
	e, err := htmlindex.Get(charset)
	if err != nil || e == unicode.UTF8 {
		return "" // unknown, or the default
	}
	return charset
}

// ageOf parses an Age header: the number of seconds that the answer was in a cache.
func ageOf(s string) time.Duration {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, 100*365*24*3600)) * time.Second
}

// retryAfter parses a Retry-After header: a number of seconds, or a time.
func retryAfter(s string, now time.Time) (time.Duration, bool) {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 {
		return time.Duration(min(n, 365*24*3600)) * time.Second, true
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, t.Sub(now)), true
	}
	return 0, false
}

// fault describes in one line why a request failed, without secrets. The error is
// transient if another try may succeed.
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
		err = u.Err // without the address, which the message has already
	}
	if u != nil && u.Timeout() {
		return &transient{err: message.Fail(nil, "fetch-timeout", "time", c.web.Limits.Request.String())}
	}
	return &transient{err: message.Fail(nil, "fetch-unreached",
		"why", strings.Join(strings.Fields(a.scrub(err.Error())), " "))}
}

// body reads and decompresses a whole answer, within the limit. packing is a
// Content-Encoding that is not supported, such as "none" or a charset. The bytes are
// then returned as received, and judged as any others.
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
	// Some servers declare gzip without compressing.
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

// unpack reads to the end, within the limits.
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

// cut wraps the error of an answer that ended too early. It may be complete the next
// time.
func cut(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &transient{err: reject(etl.CodeFetchTruncated, "why", strings.Join(strings.Fields(err.Error()), " "))}
}

// counter counts the bytes read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
