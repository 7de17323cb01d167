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
// encoding/xml does the same and is what one would expect here; it takes about five
// times as long, most of it in allocations for every attribute of every cell
// (scan_test.go measures both), and sheets are nothing but cells. What this one leaves
// out is what such parts do not have: it resolves no namespace (names are compared
// without their prefix, since writers choose prefixes as they like), and an entity that
// XML does not know stays as written, so that no document type can make a text grow. It
// is strict where it matters: tags are closed in order, and a part that ends with
// elements open is an error, so that a truncated file cannot pass for a short one.
//
// An error ends the scan and stays: Next gives false, and Err tells the error from the
// end of the part.
type Scanner struct {
	Kind Token
	Name []byte // of a start or end, without its prefix; good until the next token
	Full []byte // the same with its prefix

	r        io.Reader
	options  Options
	buf      []byte
	pos, end int
	eof      bool
	begun    bool
	root     bool // the document's element has come

	attrs  []byte // of a start, as written
	text   []byte // as written
	cdata  bool   // text has no entities
	closed bool   // the end of the start just told comes next

	open  []byte // the names of the open elements, end to end
	marks []int  // where each begins
	err   error
}

// Token is what Next has come to.
type Token uint8

// The tokens. Comments, processing instructions and document types are passed over.
const (
	Start Token = iota
	End
	Text
)

// Options bound a scan.
type Options struct {
	Size     uint64 // bytes that the part is said to have
	MaxToken int    // bytes of a tag or a run of text
	// Strict refuses what no part of a workbook has: a document type, an encoding other
	// than UTF-8, a second element or text outside the document's own.
	Strict bool
}

const (
	firstBuffer = 64 << 10
	// MaxDepth bounds the nesting of elements.
	MaxDepth = 256
)

// NewScanner reads the XML that r gives.
func NewScanner(r io.Reader, o Options) *Scanner {
	return &Scanner{r: r, options: o, buf: make([]byte, min(firstBuffer, o.Size+512))}
}

// Err is the error that has ended the scan.
func (s *Scanner) Err() error { return s.err }

// Fail ends the scan with an error of the caller's.
func (s *Scanner) Fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *Scanner) fail(key message.Key, pairs ...any) bool {
	s.Fail(message.Fail(nil, key, pairs...))
	return false
}

// Depth is how many elements are open; at a start its own is among them.
func (s *Scanner) Depth() int { return len(s.marks) }

// Closed tells of a start that its element is empty and ends at once, as in <c/>.
func (s *Scanner) Closed() bool { return s.closed }

// Is tells the name of a start or end.
func (s *Scanner) Is(name string) bool { return string(s.Name) == name }

// Inside moves to the next token within the element that began at a depth, and tells
// whether there is one: the element's own end is passed and gives false.
func (s *Scanner) Inside(depth int) bool {
	return len(s.marks) >= depth && s.Next() && len(s.marks) >= depth
}

// fill reads on; what is before pos is given up. It tells whether anything came.
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

// Next moves to the next token and tells whether there is one.
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

// begin passes a byte-order mark.
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

// finish is what the end of the bytes means here.
func (s *Scanner) finish() bool {
	switch {
	case len(s.marks) > 0 || s.pos < s.end:
		s.Fail(message.Fail(io.ErrUnexpectedEOF, "xml-cut"))
	case !s.root && s.options.Strict:
		s.fail("xml-empty")
	}
	return false
}

// upTo is how far from pos a mark stands, at or after from. If there is none, the scan
// has ended.
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

// special passes over what is no element, and tells whether it is a text.
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

// passDoctype passes a document type, whose internal subset, in brackets, is made of
// declarations and strings of their own.
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
		// Nearly always that is the end: no value holds ">".
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

// tagEnd is how far from pos a tag ends, outside its quoted values.
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

// Attr gives the next attribute of a start: its name with its prefix, its value as
// written. An attribute that is none is an error of the scan.
func (s *Scanner) Attr() (name, value []byte, ok bool) {
	name, value, s.attrs = s.attr(s.attrs)
	return name, value, name != nil
}

// attr takes the first of some attributes; name is nil where there is none.
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

// Value is the attribute of a start that has this name, without a prefix or with any;
// empty if there is none. It may be asked again.
func (s *Scanner) Value(name string) string {
	for key, value, rest := s.attr(s.attrs); key != nil; key, value, rest = s.attr(rest) {
		if string(local(key)) == name {
			return decoded(value)
		}
	}
	return ""
}

// Attributes are all attributes of a start, decoded.
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

// Attributes are names and values; a name with a prefix is under ":" and the name:
// "r:id" and "id" are different attributes. They are few: a list is faster than a map.
type Attributes [][2]string

// Get is a value, empty if there is none.
func (a Attributes) Get(name string) string {
	v, _ := a.Lookup(name)
	return v
}

// Lookup is a value, and whether there is one.
func (a Attributes) Lookup(name string) (string, bool) {
	for _, kv := range a {
		if kv[0] == name {
			return kv[1], true
		}
	}
	return "", false
}

// Truth is a value as a boolean.
func (a Attributes) Truth(name string) bool { return Truth(a.Get(name)) }

// Number is a value as a number.
func (a Attributes) Number(name string, otherwise int) int {
	if n, err := strconv.Atoi(a.Get(name)); err == nil {
		return n
	}
	return otherwise
}

// Truth is the schema's boolean.
func Truth(s string) bool { return s == "1" || s == "true" || s == "on" }

// Skip passes the element that has just started.
func (s *Scanner) Skip() {
	for depth := len(s.marks); s.Inside(depth); {
	}
}

// Content is the text of the element that has just started, its children's with it.
func (s *Scanner) Content() string {
	first := "" // nearly always all there is
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

// Raw is the text of a token as written.
func (s *Scanner) Raw() []byte { return s.text }

// String is the text of a token, decoded.
func (s *Scanner) String() string {
	if s.cdata {
		return string(s.text)
	}
	return decoded(s.text)
}

// AppendText adds the text of a token, decoded.
func (s *Scanner) AppendText(dst []byte) []byte {
	if s.cdata {
		return append(dst, s.text...)
	}
	return Decode(dst, s.text)
}

// Jump passes n bytes, then goes to the next start of a mark, unless the other
// stands before it: it stops there, and tells that with a no. It leaves the list
// of open elements alone: both must stand at the same depth as now.
func (s *Scanner) Jump(n int, mark, other string) bool {
	for {
		b := s.buf[s.pos:s.end]
		if j := bytes.Index(b, []byte(other)); j >= 0 {
			b = b[:j]
		}
		step := min(n, len(b))
		n, s.pos, b = n-step, s.pos+step, b[step:]
		if n == 0 {
			if i := bytes.Index(b, []byte(mark)); i >= 0 {
				s.pos += i
				return true
			}
		}
		if bytes.HasPrefix(s.buf[s.pos+len(b):s.end], []byte(other)) {
			s.pos += len(b)
			return false
		}
		// A mark may have begun; what was passed before it is looked at again for
		// the other, which cannot begin there.
		if n == 0 {
			s.pos = max(s.pos, s.end-len(mark)-len(other))
		} else {
			back := min(step, len(other)-1)
			n, s.pos = n+back, s.pos-back
		}
		if !s.fill() {
			return s.finish()
		}
	}
}

var entities = map[string]byte{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

func decoded(raw []byte) string {
	if bytes.IndexByte(raw, '&') < 0 {
		return string(raw)
	}
	return string(Decode(nil, raw))
}

// Decode resolves the entities of XML; one that it does not have stays as it is.
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

// Unescape resolves the format's own escapes, "_x000D_", for characters that XML
// has no way to write (ECMA-376 part 1, 22.9.2.19).
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
