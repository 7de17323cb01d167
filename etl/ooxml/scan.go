package ooxml

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"hdsreport/etl/message"
)

// A Scanner reads the XML of one part, tag by tag, in bounded memory.
//
// It replaces encoding/xml, which takes about five times as long, mostly for
// allocations for every attribute of every cell (scan_test.go measures both). It leaves
// out what such parts do not need. It resolves no namespaces: names are compared
// without their prefix, which writers choose freely. It keeps unknown entities as
// written, so that no document type can make a text grow. It is strict about structure:
// tags must be closed in order, and a part that ends with open elements is an error, so
// that a truncated file is not taken for a short one.
//
// An error ends the scan. Next then returns false, and Err returns the error; at the
// end of the part Err returns nil.
type Scanner struct {
	Kind Token
	Name []byte // name of a start or end tag without prefix; valid until the next token
	Full []byte // the same with prefix

	r        io.Reader
	options  Options
	buf      []byte
	pos, end int
	eof      bool
	begun    bool
	root     bool // the root element has started

	attrs  []byte // attributes of a start tag, as written
	text   []byte // the text as written
	cdata  bool   // the text is a CDATA section
	closed bool   // the current start tag is also an end, which comes next

	open  []byte // names of the open elements, concatenated
	marks []int  // start of each name
	err   error
}

// Token is the kind of token that Next has found.
type Token uint8

// The kinds of tokens. Comments, processing instructions and document types are
// skipped.
const (
	Start Token = iota
	End
	Text
)

// Options are the limits of a scan.
type Options struct {
	Size     uint64 // stated size of the part in bytes
	MaxToken int    // maximum size of a tag or a text in bytes
	// Strict rejects what no part of a workbook has: a document type, an encoding other
	// than UTF-8, and a second element or text outside the root element.
	Strict bool
}

const (
	firstBuffer = 64 << 10
	// MaxDepth is the maximum nesting of elements.
	MaxDepth = 256
)

// NewScanner returns a Scanner that reads from r.
func NewScanner(r io.Reader, o Options) *Scanner {
	return &Scanner{r: r, options: o, buf: make([]byte, min(firstBuffer, o.Size+512))}
}

// Err returns the error that ended the scan.
func (s *Scanner) Err() error { return s.err }

// Fail ends the scan with an error of the caller.
func (s *Scanner) Fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *Scanner) fail(key message.Key, pairs ...any) bool {
	s.Fail(message.Fail(nil, key, pairs...))
	return false
}

// Depth returns the number of open elements, including one that has just started.
func (s *Scanner) Depth() int { return len(s.marks) }

// Closed reports whether the current start tag is also an end tag, as in <c/>.
func (s *Scanner) Closed() bool { return s.closed }

// Is reports whether the current start or end tag has the name.
func (s *Scanner) Is(name string) bool { return string(s.Name) == name }

// Inside advances to the next token in the element that began at depth, and reports
// whether there is one. At the element's own end it returns false.
func (s *Scanner) Inside(depth int) bool {
	return len(s.marks) >= depth && s.Next() && len(s.marks) >= depth
}

// fill reads more bytes and reports whether there were any. It discards what is before
// pos.
func (s *Scanner) fill() bool {
	if s.eof || s.err != nil {
		return false
	}
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.pos, s.end = 0, s.end-s.pos
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= s.options.MaxToken {
			return s.fail("xml-long", "mib", s.options.MaxToken>>20)
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.eof = true
		} else if err != nil {
			s.err = err
			return false
		}
		if n > 0 || s.eof {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// Next advances to the next token and reports whether there is one.
func (s *Scanner) Next() bool {
	if s.err != nil {
		return false
	}
	if s.closed {
		s.closed, s.Kind = false, End
		s.pop()
		return true
	}
	for {
		if s.pos == s.end && !s.fill() || !s.begun && !s.begin() {
			return s.finish()
		}
		if s.buf[s.pos] != '<' {
			if !s.readText() {
				return false
			}
			if len(s.marks) > 0 {
				return true
			}
			if s.options.Strict && len(bytes.TrimSpace(s.text)) > 0 {
				return s.fail("xml-outside")
			}
			continue
		}
		for s.end-s.pos < 2 {
			if !s.fill() {
				return s.finish()
			}
		}
		switch s.buf[s.pos+1] {
		case '/':
			return s.readEnd()
		case '?', '!':
			if told := s.special(); told || s.err != nil {
				return told
			}
		default:
			return s.readStart()
		}
	}
}

// begin skips a byte order mark.
func (s *Scanner) begin() bool {
	for s.end-s.pos < 3 && s.fill() {
	}
	s.begun = true
	b := s.buf[s.pos:s.end]
	if s.options.Strict && len(b) >= 2 && (b[0] >= 0xfe && b[1] >= 0xfe || b[0] == 0 || b[1] == 0) {
		return s.fail("xml-encoding")
	}
	if bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) {
		s.pos += 3
	}
	return s.pos < s.end || s.fill()
}

// finish handles the end of the input.
func (s *Scanner) finish() bool {
	switch {
	case len(s.marks) > 0 || s.pos < s.end:
		s.Fail(message.Fail(io.ErrUnexpectedEOF, "xml-cut"))
	case !s.root && s.options.Strict:
		s.fail("xml-empty")
	}
	return false
}

// upTo returns the distance from pos to the first mark that is not before from. If
// there is none, it ends the scan.
func (s *Scanner) upTo(from int, mark string) (int, bool) {
	for {
		if from <= s.end-s.pos {
			b, i := s.buf[s.pos+from:s.end], 0
			if len(mark) == 1 {
				i = bytes.IndexByte(b, mark[0])
			} else {
				i = bytes.Index(b, []byte(mark))
			}
			if i >= 0 {
				return from + i, true
			}
			from = max(from, s.end-s.pos-len(mark)+1)
		}
		if !s.fill() {
			return 0, s.finish()
		}
	}
}

func (s *Scanner) readText() bool {
	n, from := -1, 0
	for n < 0 {
		if i := bytes.IndexByte(s.buf[s.pos+from:s.end], '<'); i >= 0 {
			n = from + i
			break
		}
		from = s.end - s.pos
		if !s.fill() {
			if s.err != nil {
				return false
			}
			n = s.end - s.pos
		}
	}
	s.text, s.cdata, s.Kind = s.buf[s.pos:s.pos+n], false, Text
	s.pos += n
	return true
}

// special skips anything that is not an element, and reports whether it is a text.
func (s *Scanner) special() (told bool) {
	for s.end-s.pos < 9 && s.fill() {
	}
	rest := s.buf[s.pos:s.end]
	from, mark := 2, "?>"
	cdata := bytes.HasPrefix(rest, []byte("<![CDATA["))
	switch {
	case cdata:
		from, mark = 9, "]]>"
	case bytes.HasPrefix(rest, []byte("<!--")):
		from, mark = 4, "-->"
	case rest[1] == '!':
		return s.passDoctype()
	}
	n, ok := s.upTo(from, mark)
	if !ok {
		return false
	}
	inner := s.buf[s.pos+from : s.pos+n]
	s.pos += n + len(mark)
	switch {
	case cdata && len(s.marks) > 0:
		s.text, s.cdata, s.Kind = inner, true, Text
		return true
	case cdata && s.options.Strict:
		s.fail("xml-outside")
	case mark == "?>" && s.options.Strict && bytes.HasPrefix(inner, []byte("xml ")) && !encodingKnown(inner):
		s.fail("xml-encoding")
	}
	return false
}

// passDoctype skips a document type. Its internal subset, in brackets, contains
// declarations and strings of its own.
func (s *Scanner) passDoctype() bool {
	if s.options.Strict {
		return s.fail("xml-doctype")
	}
	n, ok := s.upTo(2, ">")
	if !ok {
		return false
	}
	if b := bytes.IndexByte(s.buf[s.pos:s.pos+n], '['); b >= 0 {
		if n, ok = s.upTo(b, "]>"); !ok {
			return false
		}
		n++
	}
	s.pos += n + 1
	return false
}

func encodingKnown(declaration []byte) bool {
	_, after, ok := strings.Cut(strings.ToLower(string(declaration)), "encoding=")
	if !ok {
		return true
	}
	name := strings.Trim(strings.Fields(after + " ?")[0], `"'`)
	return name == "utf-8" || name == "us-ascii" || name == "ascii"
}

func (s *Scanner) readEnd() bool {
	n, ok := s.upTo(2, ">")
	if !ok {
		return false
	}
	s.Full = trimEnd(s.buf[s.pos+2 : s.pos+n])
	s.pos += n + 1
	if len(s.marks) == 0 || !bytes.Equal(s.open[s.marks[len(s.marks)-1]:], s.Full) {
		return s.fail("xml-unbalanced", "name", string(s.Full[:min(len(s.Full), 40)]))
	}
	s.Name, s.Kind = local(s.Full), End
	s.pop()
	return true
}

func (s *Scanner) pop() {
	last := len(s.marks) - 1
	s.open, s.marks = s.open[:s.marks[last]], s.marks[:last]
}

func (s *Scanner) readStart() bool {
	n, ok := s.upTo(1, ">")
	if ok {
		// This usually is the end, because values rarely contain ">".
		if t := s.buf[s.pos : s.pos+n]; bytes.Count(t, []byte{'"'})%2 == 1 || bytes.IndexByte(t, '\'') >= 0 {
			n, ok = s.tagEnd()
		}
	}
	if !ok {
		return false
	}
	tag := s.buf[s.pos+1 : s.pos+n]
	s.pos += n + 1
	if len(tag) > 0 && tag[len(tag)-1] == '/' {
		s.closed, tag = true, tag[:len(tag)-1]
	}
	i, colon := 0, 0
	for ; i < len(tag) && !space(tag[i]); i++ {
		if tag[i] == ':' && colon == 0 {
			colon = i + 1
		}
	}
	s.Full, s.Name, s.attrs, s.Kind = tag[:i], tag[colon:i], tag[i:], Start
	switch {
	case len(s.Name) == 0:
		return s.fail("xml-nameless")
	case len(s.marks) == 0 && s.root && s.options.Strict:
		return s.fail("xml-outside")
	case len(s.marks) >= MaxDepth:
		return s.fail("xml-deep", "most", MaxDepth)
	}
	s.root = true
	s.marks = append(s.marks, len(s.open))
	s.open = append(s.open, s.Full...)
	return true
}

// tagEnd returns the distance from pos to the end of a tag, ignoring ">" in quoted
// values.
func (s *Scanner) tagEnd() (int, bool) {
	n, quote := 1, byte(0)
	for {
		for _, c := range s.buf[s.pos+n : s.end] {
			switch {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				return n, true
			}
			n++
		}
		if !s.fill() {
			return 0, s.finish()
		}
	}
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

func trimEnd(b []byte) []byte {
	for len(b) > 0 && space(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// Attr returns the next attribute of a start tag: its name with prefix, and its value
// as written. A malformed attribute is an error of the scan.
func (s *Scanner) Attr() (name, value []byte, ok bool) {
	name, value, s.attrs = s.attr(s.attrs)
	return name, value, name != nil
}

// attr returns the first of some attributes and the rest. name is nil if there is none.
func (s *Scanner) attr(a []byte) (name, value, rest []byte) {
	i := 0
	for i < len(a) && space(a[i]) {
		i++
	}
	if i == len(a) {
		return nil, nil, nil
	}
	from := i
	for i < len(a) && a[i] != '=' {
		i++
	}
	if i == len(a) || i == from {
		s.fail("xml-attribute")
		return nil, nil, nil
	}
	name = trimEnd(a[from:i])
	for i++; i < len(a) && space(a[i]); i++ {
	}
	if i == len(a) || a[i] != '"' && a[i] != '\'' {
		s.fail("xml-attribute")
		return nil, nil, nil
	}
	end := bytes.IndexByte(a[i+1:], a[i])
	if end < 0 {
		s.fail("xml-attribute")
		return nil, nil, nil
	}
	return name, a[i+1 : i+1+end], a[i+end+2:]
}

// Value returns the value of the attribute with this name, with or without a prefix, or
// an empty string. It can be called repeatedly.
func (s *Scanner) Value(name string) string {
	for key, value, rest := s.attr(s.attrs); key != nil; key, value, rest = s.attr(rest) {
		if string(local(key)) == name {
			return decoded(value)
		}
	}
	return ""
}

// Attributes returns all attributes of a start tag, decoded.
func (s *Scanner) Attributes() Attributes {
	var out Attributes
	for {
		name, value, ok := s.Attr()
		if !ok {
			return out
		}
		key := string(name)
		if i := strings.IndexByte(key, ':'); i >= 0 {
			key = key[i:]
		}
		out = append(out, [2]string{key, decoded(value)})
	}
}

// Attributes are names and values. A name with a prefix is stored with it, since "r:id"
// and "id" are different attributes. There are few of them, so a list is faster than a
// map.
type Attributes [][2]string

// Get returns a value, or an empty string if there is none.
func (a Attributes) Get(name string) string {
	v, _ := a.Lookup(name)
	return v
}

// Lookup returns a value, and whether there is one.
func (a Attributes) Lookup(name string) (string, bool) {
	for _, kv := range a {
		if kv[0] == name {
			return kv[1], true
		}
	}
	return "", false
}

// Truth returns a value as a boolean.
func (a Attributes) Truth(name string) bool { return Truth(a.Get(name)) }

// Number returns a value as a number.
func (a Attributes) Number(name string, otherwise int) int {
	if n, err := strconv.Atoi(a.Get(name)); err == nil {
		return n
	}
	return otherwise
}

// Truth reports whether s is true according to the schema.
func Truth(s string) bool { return s == "1" || s == "true" || s == "on" }

// Skip skips the element that has just started.
func (s *Scanner) Skip() {
	for depth := len(s.marks); s.Inside(depth); {
	}
}

// Content returns the text of the element that has just started, including that of its
// children.
func (s *Scanner) Content() string {
	first := "" // usually the only text
	var more []byte
	for depth := len(s.marks); s.Inside(depth); {
		switch {
		case s.Kind != Text:
		case first == "":
			first = s.String()
		default:
			if more = s.AppendText(more); len(more) > s.options.MaxToken {
				s.fail("xml-long", "mib", s.options.MaxToken>>20)
			}
		}
	}
	return first + string(more)
}

// Raw returns the text of a token as written.
func (s *Scanner) Raw() []byte { return s.text }

// String returns the decoded text of a token.
func (s *Scanner) String() string {
	if s.cdata {
		return string(s.text)
	}
	return decoded(s.text)
}

// AppendText appends the decoded text of a token.
func (s *Scanner) AppendText(dst []byte) []byte {
	if s.cdata {
		return append(dst, s.text...)
	}
	return Decode(dst, s.text)
}

// Jump skips n bytes and then advances to the next mark. If other comes first, it stops
// there and returns false. It does not update the list of open elements, so both must
// be at the current depth, and no mark may come after other: what was skipped is only
// searched for other where no mark follows soon. The end of a list is looked for once so, and
// not in each of its hundreds of megabytes. MaxToken must exceed n by 128 KiB.
func (s *Scanner) Jump(n int, mark, other string) bool {
	const soon = 64 << 10
	for {
		if b := s.buf[s.pos:s.end]; len(b) > n {
			if i := bytes.Index(b[n:], []byte(mark)); i >= 0 {
				s.pos += n + i
				return true
			}
		}
		more := s.end-s.pos >= n+soon
		if !more && s.fill() {
			continue
		}
		if s.err != nil {
			return false
		}
		b := s.buf[s.pos:s.end]
		if i := bytes.Index(b, []byte(other)); i >= 0 {
			s.pos += i
			return false
		}
		if !more {
			return s.finish()
		}
		// The one or the other may have begun at the end of the buffer.
		step := max(0, len(b)-len(mark)-len(other))
		n, s.pos = max(0, n-step), s.pos+step
	}
}

var entities = map[string]byte{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

func decoded(raw []byte) string {
	if bytes.IndexByte(raw, '&') < 0 {
		return string(raw)
	}
	return string(Decode(nil, raw))
}

// Decode decodes the entities of XML. Unknown entities are kept as written.
func Decode(dst, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		end := bytes.IndexByte(raw[:min(len(raw), 12)], ';')
		if end < 0 {
			dst, raw = append(dst, '&'), raw[1:]
			continue
		}
		name := raw[1:end]
		if c, ok := entities[string(name)]; ok {
			dst = append(dst, c)
		} else if r, ok := codePoint(name); ok {
			dst = utf8.AppendRune(dst, r)
		} else {
			dst = append(dst, raw[:end+1]...)
		}
		raw = raw[end+1:]
	}
}

func codePoint(name []byte) (rune, bool) {
	digits, base := string(name), 10
	if !strings.HasPrefix(digits, "#") {
		return 0, false
	}
	if digits = digits[1:]; strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	return rune(n), err == nil && utf8.ValidRune(rune(n))
}

// Unescape decodes escapes of the format, such as "_x000D_", for characters that XML
// cannot contain (ECMA-376 part 1, 22.9.2.19).
func Unescape(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.Index(s, "_x") {
		b.WriteString(s[:i])
		s = s[i:]
		if len(s) >= 7 && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				b.WriteRune(rune(n)) // half a surrogate pair becomes U+FFFD
				s = s[7:]
				continue
			}
		}
		b.WriteString("_x")
		s = s[2:]
	}
	b.WriteString(s)
	return b.String()
}
