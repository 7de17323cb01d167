package message_test

import (
	"encoding/csv"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hdsreport/etl/message"
)

// root is the project's.
const root = "../.."

// entry is a line of a table, as it stands there.
type entry struct{ file, fr, en string }

func catalogue(t *testing.T) map[string]entry {
	t.Helper()
	all := map[string]entry{}
	files, err := filepath.Glob("tables/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal("no tables", err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, l := range lines[1:] {
			all[l[0]] = entry{filepath.Base(name), l[1], l[2]}
		}
	}
	return all
}

var argument = regexp.MustCompile(`\{([a-zA-Z_]+)`)

func arguments(text string) []string {
	var out []string
	for _, m := range argument.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	slices.Sort(out)
	return out
}

// TestBothLanguages: every text is there in French and in English, with the same
// arguments, and written with the plain signs that the package sets itself.
func TestBothLanguages(t *testing.T) {
	for key, e := range catalogue(t) {
		if strings.TrimSpace(e.fr) == "" || strings.TrimSpace(e.en) == "" {
			t.Errorf("%s: %s lacks a language", e.file, key)
		}
		if fr, en := arguments(e.fr), arguments(e.en); !slices.Equal(fr, en) {
			t.Errorf("%s: %s has the arguments %v in French and %v in English", e.file, key, fr, en)
		}
		if strings.ContainsAny(e.fr, "’\u00a0\u202f") {
			t.Errorf("%s: %s: write plain apostrophes and spaces, the package sets the others", e.file, key)
		}
		if regexp.MustCompile(`[^ \x60][;?!»](\s|$)|[^ \x60]:\s|«[^ ]`).MatchString(strings.ReplaceAll(regexp.MustCompile("`[^`]*`").ReplaceAllString(e.fr, "x"), "?#", "")) {
			t.Errorf("%s: %s lacks a space beside a double sign in French: %s", e.file, key, e.fr)
		}
	}
}

// call is a place of the code that makes a message.
type call struct {
	at    string
	key   string
	named []string // of its arguments; nil where they are not all literals
	whole bool
}

// TestEachArgumentIsUsed: what the code gives to a message, its texts use, and what
// the texts name, the code gives. Every text is said by something.
// imperative is a verb that speaks to the reader: "vérifiez". quoted is what is typed as it is.
var (
	imperative = regexp.MustCompile(`(?i)(?:^|[^\pL])(\pL+ez|dites|faites|refaites|soyez)(?:[^\pL]|$)`)
	quoted     = regexp.MustCompile("`[^`]*`")
)

// TestWhatToDoIsAnInfinitive: French says what to do in one form, "vérifier". A question may
// be asked of the reader.
func TestWhatToDoIsAnInfinitive(t *testing.T) {
	for key, e := range catalogue(t) {
		for _, m := range imperative.FindAllStringSubmatch(quoted.ReplaceAllString(e.fr, ""), -1) {
			if !slices.Contains([]string{"chez", "assez", "vouliez"}, strings.ToLower(m[1])) {
				t.Errorf("%s: %s: write the infinitive of %q: %s", e.file, key, m[1], e.fr)
			}
		}
	}
}

func TestEachArgumentIsUsed(t *testing.T) {
	texts := catalogue(t)
	literals := map[string]bool{}
	codes := map[string]string{} // of etl/codes.go, by constant
	var calls []call
	each(t, func(name string, set *token.FileSet, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
					literals[s] = true
				}
			case *ast.ValueSpec:
				for i, id := range n.Names {
					if i < len(n.Values) && strings.HasPrefix(id.Name, "Code") {
						if lit, ok := n.Values[i].(*ast.BasicLit); ok {
							codes[id.Name], _ = strconv.Unquote(lit.Value)
						}
					}
				}
			}
			return true
		})
	})
	each(t, func(name string, set *token.FileSet, f *ast.File) {
		said := map[*ast.CallExpr]string{} // findings that are given a wording
		ast.Inspect(f, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if s, ok := c.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Said" && len(c.Args) == 1 {
				if inner, ok := s.X.(*ast.CallExpr); ok {
					said[inner] = literal(c.Args[0])
				}
			}
			key, from := "", 0
			switch called(c) {
			case "message.New", "say.Say", "p.Say", "New", "c.note", "usage":
				if len(c.Args) > 0 {
					key, from = literal(c.Args[0]), 1
				}
			case "message.Fail":
				if len(c.Args) > 1 {
					key, from = literal(c.Args[1]), 2
				}
			case "etl.Find", "Find":
				if len(c.Args) > 2 {
					key, from = codes[lastName(c.Args[1])], 3
					if v, ok := said[c]; ok {
						key += "/" + v
						if v == "" {
							key = ""
						}
					}
				}
			}
			if key == "" {
				return true
			}
			cl := call{at: set.Position(c.Pos()).String(), key: key, whole: !c.Ellipsis.IsValid()}
			for i := from; i < len(c.Args); i += 2 {
				cl.named = append(cl.named, literal(c.Args[i]))
			}
			calls = append(calls, cl)
			return true
		})
	})
	if len(calls) == 0 {
		t.Fatal("no call that makes a message was found")
	}
	for _, c := range calls {
		e, ok := texts[c.key]
		if !ok {
			t.Errorf("%s: the tables lack %q", c.at, c.key)
			continue
		}
		if !c.whole || slices.Contains(c.named, "") {
			continue
		}
		used := arguments(e.fr)
		do, ok := texts[c.key+".do"]
		if code, _, variant := strings.Cut(c.key, "/"); !ok && variant {
			do = texts[code+".do"]
		}
		for _, a := range arguments(do.fr) {
			if !slices.Contains(used, a) {
				used = append(used, a)
			}
		}
		slices.Sort(used)
		given := slices.Clone(c.named)
		slices.Sort(given)
		if !slices.Equal(used, given) {
			t.Errorf("%s: %q is given %v, and its texts use %v", c.at, c.key, given, used)
		}
	}
	for key, e := range texts {
		base := strings.TrimSuffix(key, ".do")
		code, variant, _ := strings.Cut(base, "/")
		if !literals[key] && !(literals[code] && (variant == "" || literals[variant])) && !dynamic(literals, key) {
			t.Errorf("%s: nothing says %s", e.file, key)
		}
	}
}

// dynamic tells a key that is put together from a literal that ends in a hyphen or a
// dot and something else.
func dynamic(literals map[string]bool, key string) bool {
	for i := range key {
		if (key[i] == '-' || key[i] == '.') && literals[key[:i+1]] {
			return true
		}
	}
	return false
}

// each visits the Go files of the program, without tests and test servers.
func each(t *testing.T, visit func(name string, set *token.FileSet, f *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "sheetstest" || name != root && strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return err
		}
		visit(name, set, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}

// called is the end of what a call calls: "message.New" or "say.Say" of c.say.Say.
func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return lastName(f.X) + "." + f.Sel.Name
	}
	return ""
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// workspaceCommand is a command that reads a workspace, between backquotes and elsewhere.
var workspaceCommand = regexp.MustCompile("`?hdsreport (check|corrections|decide|diff|fetch|match|publish|run|stats|status|watch)\\b[^`]*`?")

// TestCommandsCanBeTyped: each command that a text names is between backquotes, and has the
// file that a person gave.
func TestCommandsCanBeTyped(t *testing.T) {
	named := 0
	for key, e := range catalogue(t) {
		for language, raw := range map[string]string{"fr": e.fr, "en": e.en} {
			commands := workspaceCommand.FindAllString(raw, -1)
			given := 0
			for _, c := range commands {
				if !strings.HasPrefix(c, "`") || !strings.HasSuffix(c, "`") {
					t.Errorf("%s in %s: %q is not between backquotes", key, language, c)
				}
				if strings.Contains(c, "--config") {
					given++
				}
			}
			m := message.Message{Key: message.Key(key)}
			if said := message.In(language).Text(m); strings.Contains(said, "{") || strings.Contains(said, "its.yaml") {
				t.Errorf("%s in %s: %s", key, language, said)
			}
			said := message.In(language).Configured("my samples/it's.yaml").Text(m)
			if n := strings.Count(said, ` --config 'my samples/it'\''s.yaml'`); n != len(commands)-given {
				t.Errorf("%s in %s: %d of %d commands have the file: %s", key, language, n, len(commands), said)
			}
			named += len(commands)
		}
	}
	if named < 40 {
		t.Errorf("only %d commands are named", named)
	}
}
