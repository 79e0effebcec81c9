package archtest_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// module is the path of this module.
const module = "github.com/nhanrong/nhanrong"

// tree is the whole source.
type tree struct {
	fset *token.FileSet
	pkgs []*pkg
	text map[string]string // every text file by its path, Go files included
}

// pkg is one folder with Go files.
type pkg struct {
	dir   string // "internal/domain/org"
	name  string
	files []*file
}

// file is one Go file.
type file struct {
	path      string
	syntax    *ast.File
	lines     int
	test      bool
	generated bool
}

// own lists the files that people wrote and that are part of the program.
func (p *pkg) own() []*file {
	return slices.DeleteFunc(slices.Clone(p.files), func(f *file) bool { return f.test || f.generated })
}

// program lists the files that are part of the program, generated ones included.
func (p *pkg) program() []*file {
	return slices.DeleteFunc(slices.Clone(p.files), func(f *file) bool { return f.test })
}

// isSupport tells whether the package exists for tests: dbtest, awardtest.
func (p *pkg) isSupport() bool {
	return strings.HasSuffix(p.name, "test") || strings.HasSuffix(p.dir, "archtest")
}

// isTool tells whether the package is run by developers only.
func (p *pkg) isTool() bool { return strings.HasPrefix(p.dir, "tools/") }

// has tells whether there is a package in the folder.
func (t *tree) has(dir string) bool {
	return slices.ContainsFunc(t.pkgs, func(p *pkg) bool { return p.dir == dir })
}

// finding is one place where a rule does not hold.
type finding struct{ where, what string }

// at makes a finding at a place in the source.
func (t *tree) at(n ast.Node, format string, args ...any) finding {
	p := t.fset.Position(n.Pos())
	return finding{where: fmt.Sprintf("%s:%d", p.Filename, p.Line), what: fmt.Sprintf(format, args...)}
}

// length is the number of lines that a node takes.
func (t *tree) length(n ast.Node) int {
	return t.fset.Position(n.End()).Line - t.fset.Position(n.Pos()).Line + 1
}

// parse reads a source tree.
func parse(source fs.FS) (*tree, error) {
	t := &tree{fset: token.NewFileSet(), text: map[string]string{}}
	byDir := map[string]*pkg{}
	err := fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped(name) {
				return fs.SkipDir
			}
			return nil
		}
		raw, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		if !utf8.Valid(raw) || !d.Type().IsRegular() || name == ".git" {
			return nil
		}
		t.text[name] = string(raw)
		if strings.HasSuffix(name, ".go") {
			return t.add(byDir, name, raw)
		}
		return nil
	})
	slices.SortFunc(t.pkgs, func(a, b *pkg) int { return strings.Compare(a.dir, b.dir) })
	return t, err
}

// skipped names the folders that are not source.
func skipped(dir string) bool {
	switch path.Base(dir) {
	case ".git", ".tools", "bin", "dist", "nhanrong-data", "node_modules", "testdata":
		return true
	}
	return false
}

func (t *tree) add(byDir map[string]*pkg, name string, raw []byte) error {
	syntax, err := parser.ParseFile(t.fset, name, raw, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	p := byDir[dir]
	if p == nil {
		p = &pkg{dir: dir}
		byDir[dir] = p
		t.pkgs = append(t.pkgs, p)
	}
	f := &file{
		path: name, syntax: syntax, lines: strings.Count(string(raw), "\n"),
		test: strings.HasSuffix(name, "_test.go"), generated: ast.IsGenerated(syntax),
	}
	if !f.test || p.name == "" {
		p.name = strings.TrimSuffix(syntax.Name.Name, "_test")
	}
	p.files = append(p.files, f)
	return nil
}

// imports gives the imported packages of a file by the name under which it uses them.
func (f *file) imports() map[string]string {
	all := map[string]string{}
	for _, spec := range f.syntax.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(target)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		all[name] = target
	}
	return all
}

// calls visits every call of a function of another package: pkg.Name(…), where pkg is
// the import path.
func (f *file) calls(visit func(call *ast.CallExpr, pkg, name string)) {
	imports := f.imports()
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if target, name := qualified(call.Fun, imports); target != "" {
			visit(call, target, name)
		}
		return true
	})
}

// qualified splits pkg.Name, and pkg.Name[T], into the import path and the name.
func qualified(e ast.Expr, imports map[string]string) (target, name string) {
	if index, ok := e.(*ast.IndexExpr); ok {
		e = index.X
	}
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return "", ""
	}
	return imports[x.Name], sel.Sel.Name
}

// literals visits every text in the code, with + between literals joined.
func (f *file) literals(visit func(n ast.Node, text string)) {
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch e := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BinaryExpr:
			if text, ok := joined(e); ok {
				visit(e, text)
				return false
			}
		case *ast.BasicLit:
			if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
				visit(e, text)
			}
		}
		return true
	})
}

// joined is the text of literals with + between them; names in between become one space
// with a mark that no table can have.
func joined(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		left, okLeft := joined(e.X)
		right, okRight := joined(e.Y)
		if !okLeft {
			left = unknown
		}
		if !okRight {
			right = unknown
		}
		return left + right, okLeft || okRight
	}
	return "", false
}

// unknown stands in a joined text for what is not a literal.
const unknown = "\x00"

// root is the folder of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal("no go.mod above this folder")
	}
}
