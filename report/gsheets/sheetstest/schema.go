package sheetstest

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"google.golang.org/api/sheets/v4"
)

// object is a JSON object of the API. Once it is part of a state it is never
// changed, only replaced: states share what they have in common.
type object = map[string]any

// schema is one type of the discovery document.
type schema struct {
	name     string // of a top-level schema
	kind     string // object, array, string, integer, number, boolean
	format   string
	ref      string
	items    *schema
	props    map[string]*schema
	extra    *schema // of a map's values
	enum     []string
	readOnly bool
}

// discovery is the part of the discovery document that requests are checked
// against.
type discovery struct {
	schemas map[string]*schema
	params  map[string]map[string]*schema // method id → query parameters, the global ones included
}

// writable lists the fields whose prose speaks of read-only and that a request may
// nevertheless carry: AddProtectedRangeRequest says that an id may be chosen, and
// the grid is output only on sheets that show a data source.
var writable = map[string]bool{
	"ProtectedRange.protectedRangeId": true,
	"SheetProperties.gridProperties":  true,
}

// readOnlyProse is how the document marks most read-only fields: not by its flag.
var readOnlyProse = regexp.MustCompile(`(?i)this field is read-only|output only`)

// loadDiscovery reads the document that the Google module ships, once.
var loadDiscovery = sync.OnceValues(func() (*discovery, error) {
	file, err := discoveryFile()
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the discovery document of the Sheets module cannot be read: %w", err)
	}
	return parseDiscovery(b)
})

// discoveryFile finds sheets-api.json beside the source of the Google package that
// this test binary was built from, in a module cache or a vendor folder. A binary
// built with -trimpath does not know that place, and asks the go command.
func discoveryFile() (string, error) {
	const name = "sheets-api.json"
	pc := reflect.ValueOf(sheets.NewService).Pointer()
	if source, _ := runtime.FuncForPC(pc).FileLine(pc); filepath.IsAbs(source) {
		return filepath.Join(filepath.Dir(source), name), nil
	}
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "google.golang.org/api/sheets/v4").Output()
	if err != nil {
		return "", fmt.Errorf(
			"the discovery document of the Sheets module was not found: run the tests without -trimpath, or with the go command in PATH: %w",
			err,
		)
	}
	return filepath.Join(strings.TrimSpace(string(out)), name), nil
}

// rawSchema is a schema as the document writes it.
type rawSchema struct {
	ID                   string                `json:"id"`
	Type                 string                `json:"type"`
	Format               string                `json:"format"`
	Ref                  string                `json:"$ref"`
	Items                *rawSchema            `json:"items"`
	Properties           map[string]*rawSchema `json:"properties"`
	AdditionalProperties *rawSchema            `json:"additionalProperties"`
	Enum                 []string              `json:"enum"`
	ReadOnly             bool                  `json:"readOnly"`
	Description          string                `json:"description"`
	Repeated             bool                  `json:"repeated"`
	Location             string                `json:"location"`
}

type rawResource struct {
	Methods   map[string]rawMethod   `json:"methods"`
	Resources map[string]rawResource `json:"resources"`
}

type rawMethod struct {
	ID         string                `json:"id"`
	Parameters map[string]*rawSchema `json:"parameters"`
}

func parseDiscovery(b []byte) (*discovery, error) {
	var raw struct {
		Parameters map[string]*rawSchema  `json:"parameters"`
		Schemas    map[string]*rawSchema  `json:"schemas"`
		Resources  map[string]rawResource `json:"resources"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, fmt.Errorf("the discovery document is not JSON: %w", err)
	}
	d := &discovery{schemas: map[string]*schema{}, params: map[string]map[string]*schema{}}
	for name, r := range raw.Schemas {
		d.schemas[name] = r.compile(name)
	}
	for _, s := range d.schemas {
		if err := d.resolvable(s); err != nil {
			return nil, err
		}
	}
	var visit func(map[string]rawResource)
	visit = func(resources map[string]rawResource) {
		for _, res := range resources {
			for _, m := range res.Methods {
				params := map[string]*schema{}
				for n, p := range raw.Parameters {
					params[n] = p.compile("")
				}
				for n, p := range m.Parameters {
					if p.Location == "query" {
						params[n] = p.compile("")
					}
				}
				d.params[m.ID] = params
			}
			visit(res.Resources)
		}
	}
	visit(raw.Resources)
	return d, nil
}

func (r *rawSchema) compile(name string) *schema {
	s := &schema{name: name, kind: r.Type, format: r.Format, ref: r.Ref, enum: r.Enum}
	if r.Items != nil {
		s.items = r.Items.compile("")
	}
	if r.AdditionalProperties != nil {
		s.extra = r.AdditionalProperties.compile("")
	}
	if r.Properties != nil {
		s.props = map[string]*schema{}
		for n, p := range r.Properties {
			c := p.compile("")
			c.readOnly = (p.ReadOnly || readOnlyProse.MatchString(p.Description)) && !writable[name+"."+n]
			s.props[n] = c
		}
	}
	return s
}

// resolvable reports whether every reference below s leads to a schema.
func (d *discovery) resolvable(s *schema) error {
	if s == nil {
		return nil
	}
	if s.ref != "" && d.schemas[s.ref] == nil {
		return fmt.Errorf("the discovery document refers to an unknown schema %q", s.ref)
	}
	for _, p := range s.props {
		if err := d.resolvable(p); err != nil {
			return err
		}
	}
	if err := d.resolvable(s.items); err != nil {
		return err
	}
	return d.resolvable(s.extra)
}

// of follows a reference to the schema that it names.
func (d *discovery) of(s *schema) *schema {
	if s != nil && s.ref != "" {
		return d.schemas[s.ref]
	}
	return s
}

// field is the schema of a property, nil for an unknown one; in a map every key
// is known.
func (d *discovery) field(s *schema, name string) *schema {
	s = d.of(s)
	if s == nil {
		return nil
	}
	if p, ok := s.props[name]; ok {
		return p
	}
	return s.extra
}

// misfit is a value that does not fit its schema. Its path is the one of Google's
// messages, requests[0].update_cells, and is put together on the way out: a body has
// very many values and at most one misfit.
type misfit struct {
	path    string // "[0].update_cells", or empty for the value itself
	message func(path string) string
}

// below says that the misfit lies below a step of the path.
func (m *misfit) below(step string) *misfit {
	if m.path != "" && m.path[0] != '[' {
		step += "."
	}
	return &misfit{step + m.path, m.message}
}

// check judges a value of a request against a schema.
func (d *discovery) check(v any, s *schema) error {
	if m := d.judge(v, s); m != nil {
		return payloadError("%s", m.message(m.path))
	}
	return nil
}

func (d *discovery) judge(v any, s *schema) *misfit {
	s = d.of(s)
	if v == nil {
		return nil // null is absence
	}
	switch s.kind {
	case "object":
		return d.judgeObject(v, s)
	case "array":
		list, ok := v.([]any)
		if !ok {
			return wrongType("a list", v)
		}
		for i, e := range list {
			if e == nil {
				return wrongType("no null", e).below(fmt.Sprintf("[%d]", i))
			}
			if m := d.judge(e, s.items); m != nil {
				return m.below(fmt.Sprintf("[%d]", i))
			}
		}
	case "string":
		text, ok := v.(string)
		if !ok {
			return wrongType("TYPE_STRING", v)
		}
		if len(s.enum) > 0 && !slices.Contains(s.enum, text) {
			return wrongType("an enum", v)
		}
	case "integer":
		n, ok := v.(float64)
		if !ok || n != math.Trunc(n) || n < math.MinInt32 || n > math.MaxInt32 {
			return wrongType("TYPE_INT32", v)
		}
	case "number":
		n, ok := v.(float64)
		if !ok || s.format == "float" && math.Abs(n) > math.MaxFloat32 {
			return wrongType("TYPE_DOUBLE", v)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return wrongType("TYPE_BOOL", v)
		}
	}
	return nil
}

func (d *discovery) judgeObject(v any, s *schema) *misfit {
	o, ok := v.(object)
	if !ok {
		return wrongType("a message", v)
	}
	for _, name := range sortedKeys(o) {
		p := s.props[name]
		step := name
		switch {
		case p == nil && s.extra == nil:
			return &misfit{"", func(path string) string {
				return fmt.Sprintf("Invalid JSON payload received. Unknown name %q at '%s': Cannot find field.",
					name, path)
			}}
		case p == nil:
			p, step = s.extra, "["+name+"]"
		case p.readOnly && o[name] != nil:
			return &misfit{snake(name), func(path string) string {
				return fmt.Sprintf("Invalid value at '%s', the field is read-only and must not be sent.", path)
			}}
		}
		if m := d.judge(o[name], p); m != nil {
			return m.below(snake(step))
		}
	}
	return nil
}

func wrongType(want string, v any) *misfit {
	return &misfit{"", func(path string) string {
		b, err := json.Marshal(v)
		if err != nil {
			b = []byte(fmt.Sprint(v))
		}
		return fmt.Sprintf("Invalid value at '%s' (%s), %s", path, want, b)
	}}
}

// snake writes a JSON name as the messages do: updateCells is update_cells.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
