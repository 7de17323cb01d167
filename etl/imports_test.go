package etl_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sourceFile is one Go file of the project that is no test.
type sourceFile struct {
	name    string // from the project's root, with slashes
	pkg     string // its folder
	imports []string
	syntax  *ast.File
}

func project(t *testing.T) []sourceFile {
	t.Helper()
	var files []sourceFile
	root := ".."
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		s := sourceFile{name: rel, pkg: path.Dir(rel), syntax: f}
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, p)
		}
		files = append(files, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("only %d files: is this the project?", len(files))
	}
	return files
}

func within(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

// TestImportsPointOneWay: cmd knows report, report knows etl, and nothing points
// back; config is handed down as plain values.
func TestImportsPointOneWay(t *testing.T) {
	for _, f := range project(t) {
		for _, imp := range f.imports {
			to, ours := strings.CutPrefix(imp, "hdsreport/")
			if !ours {
				continue
			}
			var bad bool
			switch {
			case within(f.pkg, "etl"):
				bad = !within(to, "etl")
			case within(f.pkg, "config"):
				bad = !within(to, "etl")
			case within(f.pkg, "report"):
				bad = !within(to, "etl") && !within(to, "report")
			default:
				bad = within(to, "cmd")
			}
			if bad {
				t.Errorf("%s imports %s", f.name, imp)
			}
		}
	}
}

// TestLibrariesStayBehindOnePackage each, so that one can be replaced in one place.
func TestLibrariesStayBehindOnePackage(t *testing.T) {
	allowed := map[string][]string{
		"github.com/xuri":           {"report/xlsx", "report/audit", "etl/source"},
		"google.golang.org":         {"report/gsheets"},
		"cloud.google.com":          {"report/gsheets"},
		"golang.org/x/oauth2":       {"report/gsheets"},
		"github.com/gocarina/gocsv": {"etl/records"},
		"github.com/klauspost":      {"etl/deflate"},
		"github.com/spf13/viper":    {"config"},
		"github.com/go-viper":       {"config"},
		"github.com/spf13/cobra":    {"cmd"},
		"github.com/spf13/pflag":    {"cmd"},
		"golang.org/x/net/html":     {"etl/source"},
		"golang.org/x/term":         {"cmd"},
		"golang.org/x/text/collate": {"etl", "report/gsheets/sheetstest"},
		"net/http":                  {"etl/fetch", "report/gsheets", "cmd"},
		"github.com/google/go-cmp":  nil,
		"github.com/rogpeppe":       nil,
	}
	used := map[string]bool{}
	for _, f := range project(t) {
		for _, imp := range f.imports {
			for lib, pkgs := range allowed {
				if !within(imp, lib) {
					continue
				}
				used[lib] = true
				if !slices.ContainsFunc(pkgs, func(p string) bool { return within(f.pkg, p) }) {
					t.Errorf("%s imports %s, which only %q may", f.name, imp, pkgs)
				}
			}
		}
	}
	for _, lib := range []string{"github.com/xuri", "github.com/gocarina/gocsv", "github.com/spf13/viper"} {
		if !used[lib] {
			t.Errorf("nothing imports %s: this test looks in the wrong place", lib)
		}
	}
}

// TestTheDomainIsPure: no file, no network, no clock, no chance in etl itself.
func TestTheDomainIsPure(t *testing.T) {
	forbidden := []string{"os", "io/ioutil", "net", "net/http", "syscall", "log", "flag", "math/rand", "math/rand/v2", "crypto/rand", "path/filepath", "embed"}
	checked := 0
	for _, f := range project(t) {
		if f.pkg != "etl" && f.pkg != "etl/identity" {
			continue
		}
		checked++
		for _, imp := range f.imports {
			if slices.Contains(forbidden, imp) {
				t.Errorf("%s imports %s", f.name, imp)
			}
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation"}, sel.Sel.Name) {
				t.Errorf("%s uses time.%s", f.name, sel.Sel.Name)
			}
			return true
		})
	}
	if checked == 0 {
		t.Error("no file of etl was looked at")
	}
}

// TestNoPatternIsCompiledAtStart: every start of the program would pay for it.
func TestNoPatternIsCompiledAtStart(t *testing.T) {
	for _, f := range project(t) {
		if f.pkg == "report/gsheets/sheetstest" {
			continue // only for tests
		}
		for _, d := range f.syntax.Decls {
			vars, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			ast.Inspect(vars, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "MustCompile" {
					t.Errorf("%s compiles a pattern at the start: use pattern.Of", f.name)
				}
				_, within := n.(*ast.FuncLit)
				return !within
			})
		}
	}
}
