package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A scanner reads the XML of one part, tag by tag, in bounded memory.
//
// encoding/xml would do, but it takes twelve times as long as inflating the part:
// the audit of a small workbook would add a fifth to the run that it guards.
// This one knows what a workbook's parts may hold (no document type, no entity of
// its own, UTF-8) and checks that tags are closed in order; names are compared
// without their prefix, since writers choose prefixes as they like and no two
// elements that we look at differ by namespace alone.
type scanner struct {
	r        io.Reader
	buf      []byte
	pos, end int
	eof      bool
	started  bool
	root     bool // the document's element has come

	kind   token
	name   []byte // of a start or end, without its prefix; good until the next token
	full   []byte // the same with its prefix
	attrs  []byte // of a start: not yet looked at
	text   []byte // raw
	cdata  bool   // text has no entities
	closed bool   // the end of the start just told comes next

	open  []byte // the names of the open elements, end to end
	marks []int  // where each begins
	err   error
}

type token uint8

const (
	tokenStart token = iota
	tokenEnd
	tokenText
	tokenEOF
)

const (
	firstBuffer = 64 << 10
	// maxToken bounds a tag or a run of text. The longest text that a cell may hold,
	// every character escaped, takes a third of it.
	maxToken = 1 << 20
	maxDepth = 200
)

var utf8Mark = []byte("\xef\xbb\xbf")

// newScanner reads a part that is said to have so many bytes.
func newScanner(r io.Reader, size uint64) *scanner {
	return &scanner{r: r, buf: make([]byte, min(firstBuffer, size+512))}
}

// fill reads on; what is before pos is given up. It tells whether anything came.
func (s *scanner) fill() bool {
	if s.eof || s.err != nil {
		return false
	}
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.pos, s.end = 0, s.end-s.pos
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxToken {
			s.err = errors.New("a tag or text over 1 MiB")
			return false
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

// next moves to the next token and tells whether there is one; the end of the
// part and an error are both a no, and err tells them apart.
func (s *scanner) next() bool {
	if s.err != nil {
		return false
	}
	if s.closed {
		s.closed = false
		s.kind = tokenEnd
		s.pop()
		return true
	}
	for {
		if s.pos == s.end && !s.fill() {
			return s.finish()
		}
		if !s.started && !s.begin() {
			return false
		}
		if s.buf[s.pos] != '<' {
			if !s.readText() {
				return false
			}
			if len(s.marks) > 0 {
				return true
			}
			if len(bytes.TrimSpace(s.text)) > 0 {
				s.err = errors.New("text outside the document's element")
				return false
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
		case '?':
			n, ok := s.upTo("?>")
			if !ok {
				return s.finish()
			}
			if d := s.buf[s.pos : s.pos+n]; bytes.HasPrefix(d, []byte("<?xml ")) && !encodingKnown(d) {
				s.err = errors.New("an encoding other than UTF-8")
				return false
			}
			s.pos += n + 2
		case '!':
			told, ok := s.special()
			if !ok {
				return false
			}
			if told {
				return true
			}
		default:
			return s.readStart()
		}
	}
}

func (s *scanner) begin() bool {
	for s.end-s.pos < 3 && s.fill() {
	}
	s.started = true
	b := s.buf[s.pos:s.end]
	if len(b) >= 2 && (b[0] == 0xfe && b[1] == 0xff || b[0] == 0xff && b[1] == 0xfe || b[0] == 0 || b[1] == 0) {
		s.err = errors.New("an encoding other than UTF-8")
		return false
	}
	if bytes.HasPrefix(b, utf8Mark) {
		s.pos += 3
	}
	if s.pos == s.end && !s.fill() {
		return s.finish()
	}
	return true
}

func encodingKnown(declaration []byte) bool {
	_, after, ok := strings.Cut(strings.ToLower(string(declaration)), "encoding=")
	if !ok {
		return true
	}
	name := strings.Trim(strings.Fields(after + " ")[0], `"'`)
	return name == "utf-8" || name == "us-ascii" || name == "ascii"
}

// finish is what the end of the bytes means here.
func (s *scanner) finish() bool {
	if s.err == nil {
		switch {
		case len(s.marks) > 0 || s.pos < s.end:
			s.err = io.ErrUnexpectedEOF
		case !s.root:
			s.err = errors.New("it is empty")
		}
	}
	s.kind = tokenEOF
	return false
}

// upTo is how far from pos a mark stands.
func (s *scanner) upTo(mark string) (int, bool) {
	from := 0
	for {
		if i := bytes.Index(s.buf[s.pos+from:s.end], []byte(mark)); i >= 0 {
			return from + i, true
		}
		from = max(0, s.end-s.pos-len(mark)+1)
		if !s.fill() {
			return 0, false
		}
	}
}

func (s *scanner) readText() bool {
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
	s.text, s.cdata, s.kind = s.buf[s.pos:s.pos+n], false, tokenText
	s.pos += n
	return true
}

// special passes a comment, gives a CDATA section as text, and refuses the rest.
func (s *scanner) special() (told, ok bool) {
	for s.end-s.pos < 9 && s.fill() {
	}
	rest := s.buf[s.pos:s.end]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		n, ok := s.upTo("-->")
		if !ok {
			return false, s.finish()
		}
		s.pos += n + 3
		return false, true
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(s.marks) > 0:
		n, ok := s.upTo("]]>")
		if !ok {
			return false, s.finish()
		}
		s.text, s.cdata, s.kind = s.buf[s.pos+9:s.pos+n], true, tokenText
		s.pos += n + 3
		return true, true
	}
	if s.err == nil {
		s.err = errors.New("a document type, which no workbook has")
	}
	return false, false
}

func (s *scanner) readEnd() bool {
	n, ok := s.upTo(">")
	if !ok {
		return s.finish()
	}
	s.full = trimEnd(s.buf[s.pos+2 : s.pos+n])
	s.pos += n + 1
	if len(s.marks) == 0 || !bytes.Equal(s.open[s.marks[len(s.marks)-1]:], s.full) {
		s.err = fmt.Errorf("</%.40s> closes nothing", s.full)
		return false
	}
	s.name, s.kind = local(s.full), tokenEnd
	s.pop()
	return true
}

func (s *scanner) pop() {
	last := len(s.marks) - 1
	s.open, s.marks = s.open[:s.marks[last]], s.marks[:last]
}

func (s *scanner) readStart() bool {
	n, quote := 1, byte(0)
scan:
	for {
		for _, c := range s.buf[s.pos+n : s.end] {
			if quote != 0 {
				if c == quote {
					quote = 0
				}
			} else if c == '"' || c == '\'' {
				quote = c
			} else if c == '>' {
				break scan
			}
			n++
		}
		if !s.fill() {
			return s.finish()
		}
	}
	tag := s.buf[s.pos+1 : s.pos+n]
	s.pos += n + 1
	if len(tag) > 0 && tag[len(tag)-1] == '/' {
		s.closed, tag = true, tag[:len(tag)-1]
	}
	i := 0
	for i < len(tag) && !space(tag[i]) {
		i++
	}
	s.full, s.attrs = tag[:i], tag[i:]
	s.name, s.kind = local(s.full), tokenStart
	switch {
	case len(s.name) == 0:
		s.err = errors.New("a tag without a name")
	case len(s.marks) == 0 && s.root:
		s.err = errors.New("a second element at the top")
	case len(s.marks) >= maxDepth:
		s.err = fmt.Errorf("elements nested over %d deep", maxDepth)
	}
	s.root = true
	s.marks = append(s.marks, len(s.open))
	s.open = append(s.open, s.full...)
	return s.err == nil
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

func trimEnd(b []byte) []byte {
	for len(b) > 0 && space(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// attr gives the next attribute of a start, its value raw. A name keeps its
// prefix's colon away but tells of it: "r:id" and "id" are different attributes.
func (s *scanner) attr() (name, value []byte, prefixed, ok bool) {
	a := s.attrs
	i := 0
	for i < len(a) && space(a[i]) {
		i++
	}
	if i == len(a) {
		return nil, nil, false, false
	}
	a = a[i:]
	eq := bytes.IndexByte(a, '=')
	if eq <= 0 {
		s.err = errors.New("an attribute without a value")
		return nil, nil, false, false
	}
	full, rest := trimEnd(a[:eq]), a[eq+1:]
	for len(rest) > 0 && space(rest[0]) {
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		s.err = errors.New("an attribute without quotes")
		return nil, nil, false, false
	}
	end := bytes.IndexByte(rest[1:], rest[0])
	if end < 0 {
		s.err = errors.New("an attribute without an end")
		return nil, nil, false, false
	}
	s.attrs = rest[end+2:]
	name = local(full)
	return name, rest[1 : 1+end], len(name) < len(full), true
}

// attributes are all attributes of a start by name, decoded; one with a prefix is
// under ":" and its name.
func (s *scanner) attributes() attributes {
	var out attributes
	for {
		name, value, prefixed, ok := s.attr()
		if !ok {
			return out
		}
		key := string(name)
		if prefixed {
			key = ":" + key
		}
		out = append(out, [2]string{key, string(decode(nil, value))})
	}
}

// attributes are few: a list is faster than a map.
type attributes [][2]string

func (a attributes) get(name string) string {
	v, _ := a.lookup(name)
	return v
}

func (a attributes) lookup(name string) (string, bool) {
	for _, kv := range a {
		if kv[0] == name {
			return kv[1], true
		}
	}
	return "", false
}

func (a attributes) truth(name string) bool { return truth(a.get(name)) }

func (a attributes) number(name string, otherwise int) int {
	if n, err := strconv.Atoi(a.get(name)); err == nil {
		return n
	}
	return otherwise
}

// truth is the schema's boolean.
func truth(s string) bool { return s == "1" || s == "true" || s == "on" }

// skip passes the element that has just started.
func (s *scanner) skip() {
	depth := len(s.marks)
	for len(s.marks) >= depth && s.next() {
	}
}

// content is the text of the element that has just started, its children's with it.
func (s *scanner) content() string {
	var out []byte
	depth := len(s.marks)
	for len(s.marks) >= depth && s.next() {
		if s.kind == tokenText {
			out = s.append(out)
		}
		if len(out) > maxToken {
			s.err = errors.New("a text over 1 MiB")
		}
	}
	return string(out)
}

// append adds the token's text, decoded.
func (s *scanner) append(dst []byte) []byte {
	if s.cdata {
		return append(dst, s.text...)
	}
	return decode(dst, s.text)
}

// jump passes n bytes, then goes to the next start of a mark, unless the other
// stands before it: it stops there, and tells that with a no. It leaves the list
// of open elements alone: both must stand at the same depth as now.
func (s *scanner) jump(n int, mark, other string) bool {
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
			s.finish()
			return false
		}
	}
}

var entities = map[string]byte{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

// decode resolves the entities of XML; one that it does not have stays as it is.
func decode(dst, raw []byte) []byte {
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
	digits, hex := bytes.CutPrefix(name, []byte("#x"))
	base := 16
	if !hex {
		var ok bool
		if digits, ok = bytes.CutPrefix(name, []byte("#")); !ok {
			return 0, false
		}
		base = 10
	}
	n, err := strconv.ParseUint(string(digits), base, 21)
	return rune(n), err == nil
}

// unescape resolves the format's own escapes, "_x000D_", for characters that XML
// has no way to write (ECMA-376 part 1, 22.9.2.19).
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			b.WriteString(s)
			return b.String()
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		b.WriteRune(rune(n))
		s = s[i+7:]
	}
}
