package etl_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestCodesHaveOneHome: a code stands in codes.go and nowhere else in the program, neither
// as a constant of another package nor as a literal. A code of one word may be another
// word elsewhere, but not as the code of a finding.
func TestCodesHaveOneHome(t *testing.T) {
	codes := map[string]bool{}
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok {
			code := text(lit)
			if codes[code] {
				t.Errorf("codes.go has %s twice", code)
			}
			codes[code] = true
		}
		return true
	})
	if len(codes) < 50 {
		t.Fatalf("%d codes were found", len(codes))
	}
	err = filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "sheetstest" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".."):
			return filepath.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == filepath.Join("..", "etl", "codes.go"):
			return nil
		}
		// The audit has rules of its own, some of which are named alike.
		rules := strings.HasPrefix(filepath.ToSlash(name), "../report/audit/")
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if code := text(n); codes[code] && strings.Contains(code, "-") && !rules {
					t.Errorf("%s: the code %q; write its constant", set.Position(n.Pos()), code)
				}
			case *ast.CallExpr:
				if called(n.Fun) == "Find" && len(n.Args) > 1 && text(n.Args[1]) != "" {
					t.Errorf("%s: a code that is no constant", set.Position(n.Pos()))
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" && codes[text(n.Value)] {
					t.Errorf("%s: a code that is no constant", set.Position(n.Pos()))
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// text is what a literal string says; empty for anything else.
func text(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}

func called(f ast.Expr) string {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
