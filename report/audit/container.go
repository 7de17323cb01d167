package audit

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync/atomic"
)

// Limits against a file that is made to exhaust its reader. A workbook that Excel
// writes takes five to thirty times its compressed size; deflate itself can make
// a thousand of one.
const (
	maxParts     = 20_000
	maxSmallPart = 64 << 20 // any part but a sheet or the shared texts
	maxTexts     = 1 << 30
	maxSheetPart = 4 << 30
	freeBytes    = 64 << 20 // that any file may take, however small
	maxRatio     = 200
)

// container is a workbook's parts.
type container struct {
	files  map[string]*zip.File // by name, lower case: names do not differ by case
	names  []string             // in the file's order
	budget atomic.Int64         // bytes that may still be read, of all parts
}

// UnreadableError is a file that no audit can read: what is wrong, and what to do.
type UnreadableError struct {
	Part string // empty for the file as a whole
	Err  error
	Do   string
}

func (e *UnreadableError) Error() string {
	if e.Part != "" {
		return fmt.Sprintf("the part %s cannot be read: %v; %s", e.Part, e.Err, e.Do)
	}
	return fmt.Sprintf("%v; %s", e.Err, e.Do)
}

func (e *UnreadableError) Unwrap() error { return e.Err }

const saveAgain = "open it in a spreadsheet and save it as .xlsx, or make it again"

func openContainer(r io.ReaderAt, size int64) (*container, error) {
	whole := func(err error, do string) error { return &UnreadableError{Err: err, Do: do} }
	head := make([]byte, 8)
	if n, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, whole(err, "check that the file can be read")
	} else {
		head = head[:n]
	}
	if string(head) == "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" {
		return nil, whole(errors.New("it is an .xls of before 2007, or locked by a password"), "save it as .xlsx without a password")
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, whole(fmt.Errorf("it is no .xlsx, or not whole (%w)", err), "fetch it again, or "+saveAgain)
	}
	if len(z.File) > maxParts {
		return nil, whole(fmt.Errorf("it has %d parts, and a workbook a few dozen", len(z.File)), saveAgain)
	}
	c := &container{files: make(map[string]*zip.File, len(z.File))}
	c.budget.Store(freeBytes + maxRatio*size)
	for _, f := range z.File {
		key := partKey(f.Name)
		if c.files[key] != nil {
			return nil, whole(fmt.Errorf("it holds the part %s twice", f.Name), saveAgain)
		}
		c.files[key] = f
		c.names = append(c.names, f.Name)
	}
	if !c.has("[Content_Types].xml") {
		return nil, whole(errors.New("it is a zip, but no workbook"), "give an .xlsx file")
	}
	return c, nil
}

func partKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

func (c *container) has(name string) bool { return c.files[partKey(name)] != nil }

// read scans a part with fn. An error of the part comes back with its name and
// what to do.
func (c *container) read(name string, limit int64, fn func(*scanner) error) error {
	wrong := func(err error) error { return &UnreadableError{Part: name, Err: err, Do: saveAgain} }
	f := c.files[partKey(name)]
	if f == nil {
		return wrong(errors.New("it is missing"))
	}
	in, err := f.Open()
	if err != nil {
		return wrong(err)
	}
	defer in.Close()
	var r io.Reader = &bounded{r: in, left: limit, budget: &c.budget}
	if f.UncompressedSize64 > longPart {
		ahead := readAhead(r)
		defer ahead.stop()
		r = ahead
	}
	s := newScanner(r, f.UncompressedSize64)
	err = fn(s)
	if err == nil {
		for s.next() { // to the end, for its tags and its checksum
		}
		err = s.err
	}
	if s.err != nil {
		err = s.err // what fn made of half a part is beside the point
	}
	if err != nil {
		return wrong(err)
	}
	return nil
}

// bounded reads no more than a part may take, and no more than is left of what the
// whole file may.
type bounded struct {
	r      io.Reader
	left   int64
	budget *atomic.Int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.left -= int64(n)
	if b.left < 0 || b.budget.Add(-int64(n)) < 0 {
		return 0, errors.New("it unpacks to far more than a workbook's part does")
	}
	return n, err
}

// longPart is from how many bytes on a part is unpacked by a core of its own.
const longPart = 4 << 20

// aheadReader unpacks a part while what came before is looked at: of a long sheet
// the one takes as long as the other.
type aheadReader struct {
	full, empty chan []byte
	done        chan struct{} // nobody reads any more
	ended       chan struct{} // nobody unpacks any more
	block, rest []byte
	err         error // once full is closed
}

func readAhead(r io.Reader) *aheadReader {
	const blocks, size = 4, 256 << 10
	a := &aheadReader{full: make(chan []byte, blocks), empty: make(chan []byte, blocks), done: make(chan struct{}), ended: make(chan struct{})}
	for range blocks {
		a.empty <- make([]byte, size)
	}
	go func() {
		defer close(a.ended)
		defer close(a.full)
		for {
			select {
			case <-a.done:
				return
			case b := <-a.empty:
				n := 0
				for n < size && a.err == nil {
					var k int
					k, a.err = r.Read(b[n:size])
					n += k
				}
				if n > 0 {
					a.full <- b[:n] // there is room for all of them
				}
				if a.err != nil {
					return
				}
			}
		}
	}()
	return a
}

func (a *aheadReader) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.block != nil {
			a.empty <- a.block
		}
		b, more := <-a.full
		if !more {
			a.block = nil
			return 0, a.err
		}
		a.block, a.rest = b, b
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// stop waits until the part is let go of: it may be closed then.
func (a *aheadReader) stop() {
	close(a.done)
	<-a.ended
}

// relation is one line of a part's relations.
type relation struct {
	id, kind, target string
	external         bool
}

// relations are those of a part, none if it has no list; targets of parts are
// names from the root.
func (c *container) relations(part string) ([]relation, error) {
	dir, file := path.Split(part)
	name := dir + "_rels/" + file + ".rels"
	if !c.has(name) {
		return nil, nil
	}
	var out []relation
	err := c.read(name, maxSmallPart, func(s *scanner) error {
		for s.next() {
			if s.kind != tokenStart || string(s.name) != "Relationship" {
				continue
			}
			a := s.attributes()
			r := relation{id: a.get("Id"), target: a.get("Target"), external: strings.EqualFold(a.get("TargetMode"), "External")}
			kind := a.get("Type")
			r.kind = kind[strings.LastIndexByte(kind, '/')+1:]
			if !r.external {
				target, _, _ := strings.Cut(r.target, "#")
				if strings.HasPrefix(target, "/") {
					r.target = strings.TrimPrefix(path.Clean(target), "/")
				} else {
					r.target = strings.TrimPrefix(path.Join("/", dir, target), "/")
				}
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

// kinds are the relations of one kind.
func kinds(rs []relation, kind string) []relation {
	var out []relation
	for _, r := range rs {
		if r.kind == kind {
			out = append(out, r)
		}
	}
	return out
}

func byID(rs []relation, id string) (relation, bool) {
	for _, r := range rs {
		if r.id == id {
			return r, true
		}
	}
	return relation{}, false
}
