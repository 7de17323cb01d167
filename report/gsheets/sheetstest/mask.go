package sheetstest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// mask is a field mask as a tree: a name without children stands for the whole
// field, "*" for every field of its message.
type mask map[string]mask

// parseMask reads "a,b.c,d(e,f/g)" and checks every name against the schema.
// A mask of an update may not reach into a list and may not name what is read-only;
// one of an answer may do both.
func parseMask(text string, d *discovery, root *schema, update bool) (mask, error) {
	p := maskParser{text: text, d: d, update: update}
	m := mask{}
	if err := p.list(m, root); err != nil {
		return nil, err
	}
	if p.at < len(p.text) {
		return nil, fmt.Errorf("unexpected %q", p.text[p.at:])
	}
	return m, nil
}

type maskParser struct {
	text   string
	at     int
	d      *discovery
	update bool
}

func (p *maskParser) list(into mask, s *schema) error {
	for {
		if err := p.path(into, s); err != nil {
			return err
		}
		if p.at == len(p.text) || p.text[p.at] != ',' {
			return nil
		}
		p.at++
	}
}

func (p *maskParser) path(into mask, s *schema) error {
	from := p.at
	for p.at < len(p.text) && !strings.ContainsRune(",./()", rune(p.text[p.at])) {
		p.at++
	}
	name := strings.TrimSpace(p.text[from:p.at])
	child, err := p.child(s, name)
	if err != nil {
		return err
	}
	whole, seen := into[name]
	if seen && len(whole) == 0 && (p.at == len(p.text) || p.text[p.at] == ',' || p.text[p.at] == ')') {
		return nil
	}
	if !seen {
		into[name] = mask{}
	}
	sub := mask{}
	switch {
	case p.at < len(p.text) && (p.text[p.at] == '.' || p.text[p.at] == '/'):
		p.at++
		err = p.path(sub, child)
	case p.at < len(p.text) && p.text[p.at] == '(':
		p.at++
		if err = p.list(sub, child); err != nil {
			return err
		}
		if p.at == len(p.text) || p.text[p.at] != ')' {
			return fmt.Errorf("a parenthesis is not closed")
		}
		p.at++
	default:
		into[name] = mask{} // the whole field wins over a part of it named before
		return nil
	}
	if err != nil {
		return err
	}
	if seen && len(whole) == 0 {
		return nil // the whole field was named already
	}
	into[name] = union(into[name], sub)
	return nil
}

// child is the schema below name.
func (p *maskParser) child(s *schema, name string) (*schema, error) {
	if name == "" {
		return nil, fmt.Errorf("an empty field name")
	}
	s = p.d.of(s)
	if s != nil && s.kind == "array" {
		if p.update {
			return nil, fmt.Errorf("a part of a list cannot be updated: %s", name)
		}
		s = p.d.of(s.items)
	}
	if name == "*" {
		return s, nil
	}
	f := p.d.field(s, name)
	if f == nil {
		return nil, fmt.Errorf("%s", name)
	}
	if p.update && f.readOnly {
		return nil, fmt.Errorf("%s is read-only", name)
	}
	return f, nil
}

func union(a, b mask) mask {
	out := maps.Clone(a)
	if out == nil {
		out = mask{}
	}
	for k, v := range b {
		if old, ok := out[k]; ok && (len(old) == 0 || len(v) == 0) {
			out[k] = mask{}
		} else {
			out[k] = union(old, v)
		}
	}
	return out
}

// covers reports whether the mask names the field, or all.
func (m mask) covers(name string) bool {
	_, all := m["*"]
	_, one := m[name]
	return all || one
}

// merge gives dst with the masked fields taken from src: set, or cleared where
// src has none. dst is left as it is.
func (d *discovery) merge(dst, src object, m mask, s *schema) object {
	out := maps.Clone(dst)
	if out == nil {
		out = object{}
	}
	s = d.of(s)
	for _, name := range sortedKeys(m) {
		if name == "*" {
			for field, p := range s.props {
				if !p.readOnly {
					put(out, field, src[field])
				}
			}
			continue
		}
		if len(m[name]) == 0 {
			put(out, name, src[name])
			continue
		}
		child := d.merge(at(out, name), at(src, name), m[name], d.field(s, name))
		if len(child) == 0 {
			delete(out, name)
		} else {
			out[name] = child
		}
	}
	return out
}

func put(o object, name string, v any) {
	if v == nil {
		delete(o, name)
	} else {
		o[name] = v
	}
}

// pick gives the masked part of a value, nil if there is none of it.
func pick(v any, m mask) any {
	if _, all := m["*"]; all || len(m) == 0 {
		return v
	}
	switch v := v.(type) {
	case object:
		out := object{}
		for name, sub := range m {
			if f, ok := v[name]; ok {
				out[name] = pick(f, sub)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = pick(e, m)
		}
		return out
	default:
		return v
	}
}

// at is the object below name; nil (which may be read) where there is none.
func at(o object, path ...string) object {
	for _, name := range path {
		o, _ = o[name].(object)
	}
	return o
}

func listAt(o object, name string) []any {
	l, _ := o[name].([]any)
	return l
}

func textAt(o object, name string) string {
	s, _ := o[name].(string)
	return s
}

func boolAt(o object, name string) bool {
	b, _ := o[name].(bool)
	return b
}

// intAt is an integer field and whether it is there.
func intAt(o object, name string) (int, bool) {
	n, ok := o[name].(float64)
	return int(n), ok
}

// intOr is an integer field, or a value in its absence.
func intOr(o object, name string, absent int) int {
	if n, ok := intAt(o, name); ok {
		return n
	}
	return absent
}

// with is the object with one field changed; nil takes the field away.
func with(o object, name string, v any) object {
	out := maps.Clone(o)
	if out == nil {
		out = object{}
	}
	put(out, name, v)
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
