package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlScanner reads the XML of a spreadsheet part as a stream of tags and texts.
//
// encoding/xml does the same and is what one would expect here; it costs six to
// ten times as much, most of it in allocations for every attribute of every cell,
// and those two formats are nothing but cells. What this scanner leaves out is
// what such parts do not have: it resolves no name space (it gives local names,
// which tell everything here), and a name that no entity has stays as written, so
// that no document type can make a text grow. It is strict where it matters: a
// part that ends inside a tag, or with elements open, is an error, so a truncated
// file cannot pass for a short one. A test holds it against encoding/xml.
type xmlScanner struct {
	r     io.Reader
	buf   []byte
	start int // unread part of buf
	end   int
	eof   bool
	depth int
	close bool // the next token ends the element that has just begun

	// the token: valid until the next call
	name  []byte // local name, of a start or end tag
	attrs []byte // of a start tag, as written
	raw   []byte // of a text, as written
	cdata bool
}

type xmlToken uint8

const (
	xmlEOF xmlToken = iota
	xmlStart
	xmlEnd
	xmlText
)

func newXMLScanner(r io.Reader) *xmlScanner {
	return &xmlScanner{r: r, buf: make([]byte, 32<<10)}
}

var errXMLTruncated = errors.New("its XML ends in the middle")

// fill reads more; it tells whether it got something.
func (s *xmlScanner) fill() (bool, error) {
	if s.eof {
		return false, nil
	}
	if s.start > 0 {
		copy(s.buf, s.buf[s.start:s.end])
		s.end -= s.start
		s.start = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxToken {
			return false, fmt.Errorf("its XML has a text of more than %d MiB", maxToken>>20)
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.eof = true
			return n > 0, nil
		}
		if err != nil {
			return false, err
		}
		if n > 0 {
			return true, nil
		}
	}
	return false, io.ErrNoProgress
}

// until gives the offset, from start, of the first sep at or after from, reading
// as far as needed; -1 if the input ends before.
func (s *xmlScanner) until(from int, sep string) (int, error) {
	for {
		if i := bytes.Index(s.buf[s.start+from:s.end], []byte(sep)); i >= 0 {
			return from + i, nil
		}
		from = max(from, s.end-s.start-len(sep)+1)
		if more, err := s.fill(); err != nil || !more {
			return -1, err
		}
	}
}

// next moves to the next token. A part that is not complete is an error.
func (s *xmlScanner) next() (xmlToken, error) {
	if s.close {
		s.close = false
		s.depth--
		return xmlEnd, nil
	}
	for {
		if s.start == s.end {
			more, err := s.fill()
			if err != nil {
				return xmlEOF, err
			}
			if !more {
				if s.depth > 0 {
					return xmlEOF, errXMLTruncated
				}
				return xmlEOF, nil
			}
		}
		if s.buf[s.start] != '<' {
			i, err := s.until(0, "<")
			if err != nil {
				return xmlEOF, err
			}
			if i < 0 {
				i = s.end - s.start
			}
			s.raw, s.cdata = s.buf[s.start:s.start+i], false
			s.start += i
			return xmlText, nil
		}
		for s.end-s.start < 9 { // enough to tell what it is
			more, err := s.fill()
			if err != nil {
				return xmlEOF, err
			}
			if !more {
				break
			}
		}
		head := s.buf[s.start:s.end]
		var err error
		switch {
		case bytes.HasPrefix(head, []byte("<!--")):
			err = s.skip(4, "-->")
		case bytes.HasPrefix(head, []byte("<![CDATA[")):
			i, err := s.until(9, "]]>")
			if err != nil {
				return xmlEOF, err
			}
			if i < 0 {
				return xmlEOF, errXMLTruncated
			}
			s.raw, s.cdata = s.buf[s.start+9:s.start+i], true
			s.start += i + 3
			return xmlText, nil
		case bytes.HasPrefix(head, []byte("<?")):
			err = s.skip(2, "?>")
		case bytes.HasPrefix(head, []byte("<!")):
			err = s.skipDoctype()
		default:
			return s.tag()
		}
		if err != nil {
			return xmlEOF, err
		}
	}
}

func (s *xmlScanner) skip(from int, end string) error {
	i, err := s.until(from, end)
	if err != nil {
		return err
	}
	if i < 0 {
		return errXMLTruncated
	}
	s.start += i + len(end)
	return nil
}

// skipDoctype passes over a document type, whose internal subset, in brackets, is
// made of declarations and strings of their own.
func (s *xmlScanner) skipDoctype() error {
	i, err := s.until(2, ">")
	if err != nil {
		return err
	}
	if i < 0 {
		return errXMLTruncated
	}
	if b := bytes.IndexByte(s.buf[s.start:s.start+i], '['); b >= 0 {
		return s.skip(b, "]>")
	}
	s.start += i + 1
	return nil
}

func (s *xmlScanner) tag() (xmlToken, error) {
	i := 0
	for {
		var err error
		if i, err = s.until(i+1, ">"); err != nil {
			return xmlEOF, err
		}
		if i < 0 {
			return xmlEOF, errXMLTruncated
		}
		if !insideQuotes(s.buf[s.start : s.start+i]) {
			break
		}
	}
	t := s.buf[s.start+1 : s.start+i]
	s.start += i + 1
	if len(t) > 0 && t[0] == '/' {
		if s.depth == 0 {
			return xmlEOF, errors.New("its XML ends an element that it did not begin")
		}
		s.depth--
		s.name = localName(bytes.TrimRight(t[1:], " \t\r\n"))
		return xmlEnd, nil
	}
	if len(t) > 0 && t[len(t)-1] == '/' {
		t = t[:len(t)-1]
		s.close = true
	}
	n := bytes.IndexAny(t, " \t\r\n")
	if n < 0 {
		n = len(t)
	}
	if n == 0 {
		return xmlEOF, errors.New("its XML has a tag without a name")
	}
	s.depth++
	if s.depth > maxDepth {
		return xmlEOF, fmt.Errorf("its XML is nested more than %d deep", maxDepth)
	}
	s.name, s.attrs = localName(t[:n]), t[n:]
	return xmlStart, nil
}

func insideQuotes(t []byte) bool {
	for {
		i := bytes.IndexAny(t, `"'`)
		if i < 0 {
			return false
		}
		j := bytes.IndexByte(t[i+1:], t[i])
		if j < 0 {
			return true
		}
		t = t[i+j+2:]
	}
}

func localName(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// is tells the local name of the tag.
func (s *xmlScanner) is(name string) bool { return string(s.name) == name }

// eachAttr calls f with the attributes of the start tag, names as written; values
// are still escaped. f returns false to stop.
func (s *xmlScanner) eachAttr(f func(name, value []byte) bool) {
	a := s.attrs
	for {
		a = bytes.TrimLeft(a, " \t\r\n")
		eq := bytes.IndexByte(a, '=')
		if eq < 0 {
			return
		}
		name := bytes.TrimRight(a[:eq], " \t\r\n")
		a = bytes.TrimLeft(a[eq+1:], " \t\r\n")
		if len(a) == 0 || a[0] != '"' && a[0] != '\'' {
			return
		}
		end := bytes.IndexByte(a[1:], a[0])
		if end < 0 {
			return
		}
		if !f(name, a[1:end+1]) {
			return
		}
		a = a[end+2:]
	}
}

// attr is the value of the attribute of that local name, empty if there is none.
func (s *xmlScanner) attr(local string) string {
	var v []byte
	s.eachAttr(func(name, value []byte) bool {
		if string(localName(name)) == local {
			v = value
			return false
		}
		return true
	})
	return unescapeXML(v)
}

// text is the text, unescaped.
func (s *xmlScanner) text() string {
	if s.cdata {
		return string(s.raw)
	}
	return unescapeXML(s.raw)
}

// skipElement moves past the end of the element that has just begun.
func (s *xmlScanner) skipElement() error {
	for depth := s.depth - 1; ; {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t == xmlEnd && s.depth == depth {
			return nil
		}
	}
}

// elementText gives all the text inside the element that has just begun, and moves
// past its end.
func (s *xmlScanner) elementText() (string, error) {
	first := "" // nearly always all there is
	var more []byte
	for depth := s.depth - 1; ; {
		t, err := s.next()
		if err != nil {
			return "", err
		}
		switch {
		case t == xmlText && first == "":
			first = s.text()
		case t == xmlText:
			if more = append(more, s.text()...); len(more) > maxToken {
				return "", fmt.Errorf("its XML has a text of more than %d MiB", maxToken>>20)
			}
		case t == xmlEnd && s.depth == depth:
			if len(more) > 0 {
				first += string(more)
			}
			return first, nil
		}
	}
}

var xmlEntities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

func unescapeXML(raw []byte) string {
	i := bytes.IndexByte(raw, '&')
	if i < 0 {
		return string(raw)
	}
	var b strings.Builder
	b.Grow(len(raw))
	for i >= 0 {
		b.Write(raw[:i])
		raw = raw[i:]
		end := bytes.IndexByte(raw[:min(len(raw), 12)], ';')
		if end < 0 {
			b.WriteByte('&')
			raw = raw[1:]
		} else {
			name := string(raw[1:end])
			if text, ok := xmlEntities[name]; ok {
				b.WriteString(text)
			} else if r, ok := charReference(name); ok {
				b.WriteRune(r)
			} else {
				b.Write(raw[:end+1])
			}
			raw = raw[end+1:]
		}
		i = bytes.IndexByte(raw, '&')
	}
	b.Write(raw)
	return b.String()
}

func charReference(name string) (rune, bool) {
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
