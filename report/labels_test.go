package report_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hdsreport/config"
)

// TestEveryLabelIsThere: each text that the program asks the labels for by name is in their
// table. A missing one would be published as its key.
func TestEveryLabelIsThere(t *testing.T) {
	labels := config.Labels("fr")
	asked := 0
	err := fs.WalkDir(os.DirFS(".."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.Join("..", name), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			what, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || what.Sel.Name != "Get" || !labelled(what.X) {
				return true
			}
			if key, ok := call.Args[0].(*ast.BasicLit); ok && key.Kind == token.STRING {
				asked++
				if s, err := strconv.Unquote(key.Value); err != nil || labels[s] == "" {
					t.Errorf("%s: the labels have no %s", set.Position(call.Pos()), key.Value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || asked < 50 {
		t.Errorf("%d texts are asked for: %v", asked, err)
	}
}

// labelled reports whether an expression is called as the labels are: labels, or l for short.
func labelled(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name == "labels" || x.Name == "l"
	case *ast.SelectorExpr:
		return x.Sel.Name == "labels" || x.Sel.Name == "l"
	}
	return false
}
