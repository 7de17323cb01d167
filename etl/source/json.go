package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// JSON is read token by token into values that keep what a map would lose: the
// order of keys, repeated keys, and numbers as they were written. A list of records
// is an array of objects (the header row is the union of their keys, in the order
// of first appearance) or an array of arrays (the rows as they are); it may be the
// whole file, or stand under any key of it. A file of several values, one after
// the other (JSON lines), is read as an array of them.

// looksLikeJSON tells JSON by its first two signs; a CSV file could begin with a
// bracket, but not go on like this.
func looksLikeJSON(head []byte) bool {
	rest := bytes.TrimLeft(head[1:], " \t\r\n")
	if len(rest) == 0 {
		return head[0] == '{' || head[0] == '['
	}
	switch head[0] {
	case '{':
		return rest[0] == '"' || rest[0] == '}'
	case '[':
		return bytes.IndexByte([]byte(`{["]-0123456789`), rest[0]) >= 0 ||
			bytes.HasPrefix(rest, []byte("null")) || bytes.HasPrefix(rest, []byte("true")) || bytes.HasPrefix(rest, []byte("false"))
	}
	return false
}

// jsonValue is a scalar, or what node holds. A list has one for every cell, so it
// is kept small.
type jsonValue struct {
	text string // of a scalar: as a cell; null is empty
	node *jsonNode
}

// jsonNode is an object, or an array, which has no keys.
type jsonNode struct {
	object bool
	keys   []string
	items  []jsonValue
}

func (v jsonValue) isArray() bool  { return v.node != nil && !v.node.object }
func (v jsonValue) isObject() bool { return v.node != nil && v.node.object }

func (v jsonValue) items() []jsonValue {
	if v.node == nil {
		return nil
	}
	return v.node.items
}

func readJSON(in *input) (*etl.Table, error) {
	n := in.note("")
	in.noteEncoding(n, in.text)
	in.text.text, _ = unpadded(in.text.text)
	d := json.NewDecoder(bytes.NewReader(in.text.text))
	d.UseNumber()
	r := &jsonReader{in: in, d: d, notes: n, left: in.opt.maxCells(), names: map[string]string{}}
	var values []jsonValue
	for {
		v, err := r.value(0)
		if err == io.EOF && len(values) > 0 {
			break
		}
		if err != nil {
			return nil, r.broken(err)
		}
		values = append(values, v)
	}
	root := values[0]
	if len(values) > 1 {
		root = jsonValue{node: &jsonNode{items: values}}
	}
	r.find("", root, nil)
	if len(r.lists) == 0 {
		return nil, in.refuse(etl.CodeJSONNoTable)
	}
	cs := make([]candidate, len(r.lists))
	for i := range r.lists {
		score, err := r.lists[i].settle(in.opt)
		if err != nil {
			return nil, err
		}
		l := r.lists[i]
		cs[i] = candidate{name: l.name, score: score, cells: len(l.value.items())}
		if l.objects {
			cs[i].cells *= 2 // between equals, records that name their fields are the list
		}
	}
	chosen, err := in.choose(cs, true)
	if err != nil {
		return nil, err
	}
	l := r.lists[chosen]
	rows := in.note(l.name)
	g := newGrid(rows, in.opt)
	if err := l.rows(g, rows, len(l.value.items())); err != nil {
		return nil, err
	}
	if len(g.rows) == 0 {
		return nil, in.refuse(etl.CodeJSONNoTable)
	}
	g.reportShort(in.opt)
	if part, ok := partOf(l.beside, len(l.value.items())); ok {
		rows.tell(part.Finding(etl.Place{}))
	}
	return &etl.Table{Sheet: l.name, Format: "json", Encoding: in.text.encoding, Rows: g.rows, Around: around(l.beside)}, nil
}

type jsonReader struct {
	in    *input
	d     *json.Decoder
	notes *notes
	left  int               // values that may still be read
	names map[string]string // keys, once each
	lists []jsonList
	last  []string // keys of the last object: most have the same
}

// broken says where the JSON stops being one: at the token that cannot be read.
func (r *jsonReader) broken(err error) error {
	var refusal *Unreadable
	if errors.As(err, &refusal) {
		return refusal
	}
	text := r.in.text.text
	before := text[:min(max(int(r.d.InputOffset()), 0), len(text))]
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err, before = message.Fail(io.ErrUnexpectedEOF, "json-ends"), text
	} else {
		rest := text[len(before):]
		before = text[:len(text)-len(bytes.TrimLeft(rest, " \t\r\n"))]
	}
	out := r.in.refuse(etl.CodeJSONSyntax, err)
	out.Finding.Place.Row = 1 + bytes.Count(before, []byte("\n"))
	out.Finding.Place.Column = len(before) - bytes.LastIndexByte(before, '\n')
	return out
}

func (r *jsonReader) value(depth int) (jsonValue, error) {
	t, err := r.d.Token()
	if err != nil {
		return jsonValue{}, err
	}
	if r.left--; r.left < 0 {
		return jsonValue{}, r.in.refuse(etl.CodeTooManyCells, r.in.opt.maxCells())
	}
	switch t := t.(type) {
	case json.Delim:
		if depth >= maxDepth {
			return jsonValue{}, r.in.refuse(etl.CodeJSONDepth, maxDepth)
		}
		if t == '[' {
			return r.array(depth)
		}
		return r.object(depth)
	case string:
		return jsonValue{text: t}, nil
	case json.Number:
		return jsonValue{text: writtenNumber(t.String())}, nil
	case bool:
		return jsonValue{text: strings.ToUpper(fmt.Sprint(t))}, nil
	}
	return jsonValue{}, nil
}

func (r *jsonReader) array(depth int) (jsonValue, error) {
	n := &jsonNode{}
	for r.d.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return jsonValue{}, inside(err)
		}
		n.items = append(n.items, item)
	}
	_, err := r.d.Token()
	return jsonValue{node: n}, inside(err)
}

func (r *jsonReader) object(depth int) (jsonValue, error) {
	v := &jsonNode{object: true, items: make([]jsonValue, 0, min(len(r.last), 64))}
	var at map[string]int
	for r.d.More() {
		t, err := r.d.Token()
		if err != nil {
			return jsonValue{}, inside(err)
		}
		key, ok := t.(string)
		if !ok {
			return jsonValue{}, message.Fail(nil, "json-no-key")
		}
		if known, ok := r.names[key]; ok {
			key = known
		} else {
			r.names[key] = key
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return jsonValue{}, inside(err)
		}
		i := -1
		if len(v.keys) < 16 { // cheaper than a map for what records are
			for k := range v.keys {
				if v.keys[k] == key {
					i = k
				}
			}
		} else {
			if at == nil {
				at = map[string]int{}
				for k := range v.keys {
					at[v.keys[k]] = k
				}
			}
			if k, ok := at[key]; ok {
				i = k
			} else {
				at[key] = len(v.keys)
			}
		}
		if i < 0 {
			v.keys = append(v.keys, key)
			v.items = append(v.items, item)
			continue
		}
		was := v.items[i]
		v.items[i] = item
		r.notes.each(0, 0, etl.CodeJSONDuplicateKey, func() etl.Finding {
			return etl.Find(etl.Warning, etl.CodeJSONDuplicateKey, etl.Place{}, "key", short(key), "was", short(was.cell()), "now", short(item.cell()))
		})
	}
	if slices.Equal(v.keys, r.last) {
		v.keys = r.last
	} else {
		r.last = v.keys
	}
	_, err := r.d.Token()
	return jsonValue{node: v}, inside(err)
}

// inside makes the end of the file an error where it comes too early.
func inside(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// jsonList is an array that could be the list.
type jsonList struct {
	name    string // path of keys to it, "" at the top
	value   jsonValue
	objects bool
	header  []string    // of arrays, where it stands elsewhere
	beside  []jsonValue // the objects that it is in
}

// find gathers the arrays of records, outside of records.
func (r *jsonReader) find(name string, v jsonValue, beside []jsonValue) {
	switch {
	case v.isArray():
		if l, ok := listOf(v); ok {
			l.name, l.beside = name, beside
			r.lists = append(r.lists, l)
		}
	case v.isObject():
		beside = append(slices.Clip(beside), v)
		list, header, ok := unwrap(v)
		if ok {
			l, _ := listOf(list)
			l.name, l.header, l.beside, l.value = name, header, beside, list
			r.lists = append(r.lists, l)
		}
		for i, key := range v.node.keys {
			path := key
			if name != "" {
				path = name + "." + key
			}
			if item := v.node.items[i]; !ok || item.isObject() && len(header) > 0 && !slices.Contains(header, key) {
				r.find(path, item, beside)
			}
		}
	}
}

// listOf tells whether an array could be a list, and of what.
func listOf(v jsonValue) (jsonList, bool) {
	objects, arrays := 0, 0
	for _, item := range v.items() {
		switch {
		case item.isObject():
			objects++
		case item.isArray():
			arrays++
		}
	}
	return jsonList{value: v, objects: objects >= arrays}, objects+arrays > 0
}

// settle finds out whether the records are inside of the records, and tells how many
// known headings they have.
func (l *jsonList) settle(o Options) (int, error) {
	best, err := l.score(o)
	if err != nil || !l.objects {
		return best, err
	}
	for _, key := range innerKeys {
		items := inner(l.value, key)
		if items == nil {
			continue
		}
		deeper := *l
		deeper.value = jsonValue{node: &jsonNode{items: items}}
		score, err := deeper.settle(o) // Opendatasoft has two
		if err != nil {
			return 0, err
		}
		if score > best || score == best && best == 0 {
			*l, best = deeper, score
		}
	}
	return best, nil
}

func (l *jsonList) score(o Options) (int, error) {
	preview := newGrid(newNotes("", ""), o)
	err := l.rows(preview, newNotes("", ""), scoredRows)
	rows := preview.rows
	if (l.objects || l.header != nil) && len(rows) > 0 {
		rows = rows[:1] // their headings are where they say
	}
	return o.score(rows), err
}

// rows puts the first most records into the grid.
func (l jsonList) rows(g *grid, n *notes, most int) error {
	items := l.value.items()[:min(len(l.value.items()), most)]
	var columns map[string]int
	if l.objects {
		columns = map[string]int{}
		var header []string
		for _, item := range items {
			if !item.isObject() {
				continue
			}
			for _, key := range item.node.keys {
				if _, ok := columns[key]; !ok {
					columns[key] = len(header)
					header = append(header, key)
				}
			}
		}
		if err := g.add(0, header); err != nil {
			return err
		}
	} else if l.header != nil {
		if err := g.add(0, slices.Clone(l.header)); err != nil {
			return err
		}
	}
	var line []string
	for i, item := range items {
		line = line[:0]
		switch {
		case item.isObject() && l.objects:
			for k, key := range item.node.keys {
				c := columns[key]
				if len(line) <= c {
					if c >= g.max {
						return refuse(g.notes.place(0, 0), etl.CodeTooManyCells, g.max)
					}
					line = append(line, make([]string, c+1-len(line))...)
				}
				line[c] = l.cell(n, i+1, c+1, item.node.items[k])
			}
		case item.isArray() && !l.objects:
			for c, v := range item.items() {
				line = append(line, l.cell(n, i+1, c+1, v))
			}
			if err := g.counted(i+1, line); err != nil {
				return err
			}
			continue
		default:
			n.each(i+1, 0, etl.CodeJSONOddRecord, func() etl.Finding {
				return etl.Find(etl.Warning, etl.CodeJSONOddRecord, etl.Place{}, "text", short(item.json()))
			})
			line = append(line, item.json())
		}
		if err := g.add(i+1, line); err != nil {
			return err
		}
	}
	return nil
}

func (l jsonList) cell(n *notes, row, col int, v jsonValue) string {
	text := v.cell()
	if v.node != nil && !v.flat() && !v.wraps() {
		n.each(row, col, etl.CodeJSONNested, func() etl.Finding {
			return etl.Find(etl.Warning, etl.CodeJSONNested, etl.Place{}, "text", short(text))
		})
	}
	return text
}

// wraps tells an object of a single value, as databases write dates and long numbers.
func (v jsonValue) wraps() bool {
	if !v.isObject() {
		return false
	}
	_, whole, ok := v.scalarOf()
	return ok && whole
}

// flat tells an array of nothing but scalars.
func (v jsonValue) flat() bool {
	for _, item := range v.items() {
		if item.node != nil {
			return false
		}
	}
	return v.isArray()
}

// cell is the value as a cell: scalars of an array are joined, an object that is one
// value with something about it is that value, the rest is JSON.
func (v jsonValue) cell() string {
	switch {
	case v.node == nil:
		return v.text
	case v.isObject():
		if text, _, ok := v.scalarOf(); ok {
			return text
		}
		return v.json()
	}
	parts := make([]string, 0, len(v.items()))
	for _, item := range v.items() {
		text := item.text
		if item.node != nil {
			scalar, _, ok := "", false, false
			if item.isObject() {
				scalar, _, ok = item.scalarOf()
			}
			if !ok {
				return v.json()
			}
			text = scalar
		}
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "; ")
}

func (v jsonValue) json() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v jsonValue) write(b *strings.Builder) {
	switch {
	case v.node == nil:
		writeJSONString(b, v.text)
	case v.isArray():
		b.WriteByte('[')
		for i, item := range v.items() {
			if i > 0 {
				b.WriteString(", ")
			}
			item.write(b)
		}
		b.WriteByte(']')
	default:
		b.WriteByte('{')
		for i, item := range v.items() {
			if i > 0 {
				b.WriteString(", ")
			}
			writeJSONString(b, v.node.keys[i])
			b.WriteString(": ")
			item.write(b)
		}
		b.WriteByte('}')
	}
}

// writeJSONString quotes a text without escaping what is readable.
func writeJSONString(b *strings.Builder, s string) {
	e := json.NewEncoder(&trimNewline{b})
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string and a builder cannot fail
}

type trimNewline struct{ b *strings.Builder }

func (t *trimNewline) Write(p []byte) (int, error) {
	t.b.Write(bytes.TrimSuffix(p, []byte("\n")))
	return len(p), nil
}
