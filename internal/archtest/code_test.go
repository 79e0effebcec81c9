package archtest_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// The sizes of §4. A context is not counted as a parameter: every function that reaches
// the database has one.
const (
	maxFunction  = 60
	maxFile      = 500
	maxPackage   = 6000
	maxAdmin     = 8000
	maxParams    = 5
	maxInterface = 3
)

func codeRules() []rule {
	return []rule{
		{
			"one clock", "a program that asks the machine for the time in many places cannot be told by a test what day it is (§4)",
			oneClock,
		},
		{
			"packages named after the domain", "a package named after nothing becomes the place for everything (§4)",
			namedAfterDomain,
		},
		{
			"no init", "what runs before main cannot be ordered, tested or refused (§4)",
			noInit,
		},
		{
			"no mutable package variables", "two tests, or two houses in one process, must not meet in one (§4)",
			noPackageVariables,
		},
		{"sizes", "what does not fit on a page is not read (§4)", sizes},
		{
			"exported names are explained", "a name that another package uses is explained where it stands, by a sentence that begins with it (§4)",
			explained,
		},
		{
			"rights come first", "a method that works before it asks for the right has done something for somebody who may not have it (§4)",
			rightsFirst,
		},
		{
			"no skip without a reason", "a test that is silently left out is a test that nobody misses (§4)",
			noSilentSkip,
		},
		{
			"no sleeps in tests", "a test that sleeps is slow on a good day and fails on a bad one (§4)",
			noSleeps,
		},
	}
}

func oneClock(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		if p.dir == "internal/platform/clock" || floor(p.dir) == 0 || p.isSupport() {
			continue
		}
		for _, f := range p.program() {
			imports := f.imports()
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if target, name := qualified(sel, imports); target == "time" && slices.Contains([]string{"Now", "Since", "Until"}, name) {
					all = append(all, t.at(n, "time.%s; use the clock that the caller was given", name))
				}
				return true
			})
		}
	}
	return all
}

func namedAfterDomain(t *tree) []finding {
	banned := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "types", "misc", "base", "shared", "lib", "core"}
	var all []finding
	for _, p := range t.pkgs {
		if slices.Contains(banned, p.name) {
			all = append(all, finding{p.dir, "the name " + p.name + " says nothing"})
		}
	}
	return all
}

func noInit(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		for _, f := range p.own() {
			for _, d := range f.syntax.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					all = append(all, t.at(fn, "init()"))
				}
			}
		}
	}
	return all
}

func noPackageVariables(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		for _, f := range p.own() {
			for _, d := range f.syntax.Decls {
				gen, ok := d.(*ast.GenDecl)
				if !ok || gen.Tok != token.VAR {
					continue
				}
				for _, spec := range gen.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok && !unchanging(p, f, gen, v) {
						all = append(all, t.at(v, "var %s", v.Names[0].Name))
					}
				}
			}
		}
	}
	return all
}

// unchanging tells whether a package variable is one that nobody changes by custom: a
// sentinel error, a compiled pattern, a value made once at its first use, an embedded
// file, an interface check, or the version that the linker sets in main.
func unchanging(p *pkg, f *file, gen *ast.GenDecl, v *ast.ValueSpec) bool {
	if p.name == "main" && v.Names[0].Name == "version" || v.Names[0].Name == "_" {
		return true
	}
	for _, doc := range []*ast.CommentGroup{gen.Doc, v.Doc} {
		if doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") }) {
			return true
		}
	}
	if len(v.Values) == 0 {
		return false
	}
	for _, value := range v.Values {
		call, ok := value.(*ast.CallExpr)
		if !ok {
			return false
		}
		target, name := qualified(call.Fun, f.imports())
		if !slices.Contains([]string{"errors.New", "regexp.MustCompile", "sync.OnceValue", "sync.OnceValues"}, target+"."+name) {
			return false
		}
	}
	return true
}

func sizes(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		lines, limit := 0, maxPackage
		if under(p.dir, "internal/web/admin") {
			limit = maxAdmin
		}
		for _, f := range p.own() {
			lines += f.lines
			if f.lines > maxFile {
				all = append(all, t.at(f.syntax, "the file has %d lines, at most %d", f.lines, maxFile))
			}
			all = append(all, t.sizesIn(f)...)
		}
		if lines > limit {
			all = append(all, finding{p.dir, "the package is longer than it may be: split it by noun"})
		}
	}
	return all
}

func (t *tree) sizesIn(f *file) []finding {
	var all []finding
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch d := n.(type) {
		case *ast.FuncDecl:
			if got := t.length(d); got > maxFunction {
				all = append(all, t.at(d, "%s has %d lines, at most %d", d.Name.Name, got, maxFunction))
			}
			if got := countParams(d.Type); got > maxParams {
				all = append(all, t.at(d, "%s has %d parameters, at most %d", d.Name.Name, got, maxParams))
			}
		case *ast.TypeSpec:
			if i, ok := d.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > maxInterface {
				all = append(all, t.at(d, "%s has %d methods, at most %d", d.Name.Name, i.Methods.NumFields(), maxInterface))
			}
		}
		return true
	})
	return all
}

func countParams(fn *ast.FuncType) int {
	n := 0
	for _, field := range fn.Params.List {
		if sel, ok := field.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Context" {
			continue
		}
		n += max(1, len(field.Names))
	}
	return n
}

func explained(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		// A tool is used by its command line, which its package comment explains.
		documented := false
		for _, f := range p.files {
			documented = documented || f.syntax.Doc != nil
			if f.test || f.generated || p.isTool() {
				continue
			}
			for _, d := range f.syntax.Decls {
				all = append(all, t.unexplained(d)...)
			}
		}
		if !documented {
			all = append(all, finding{p.dir, "the package has no comment"})
		}
	}
	return all
}

func (t *tree) unexplained(d ast.Decl) []finding {
	var all []finding
	need := func(n ast.Node, name string, docs ...*ast.CommentGroup) {
		if !ast.IsExported(name) {
			return
		}
		for _, doc := range docs {
			if words := strings.Fields(doc.Text()); len(words) > 0 && words[0] == name {
				return
			}
		}
		all = append(all, t.at(n, "%s has no comment that begins with its name", name))
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || ast.IsExported(receiver(d)) {
			need(d, d.Name.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				need(s, s.Name.Name, s.Doc, d.Doc)
			case *ast.ValueSpec:
				if d.Lparen.IsValid() && d.Doc != nil {
					continue // a group is explained as a whole
				}
				need(s, s.Names[0].Name, s.Doc, d.Doc)
			}
		}
	}
	return all
}

// receiver is the name of a method's type, or "".
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	e := fn.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// rightsFirst looks at every exported method of a Service that is told who acts: before
// anything touches the database it must ask for a right, hand the actor on to what asks,
// or, where it is about the actor's own things, look whether there is an account.
func rightsFirst(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		if floor(p.dir) != 2 {
			continue
		}
		for _, f := range p.own() {
			for _, d := range f.syntax.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || receiver(fn) != "Service" || !fn.Name.IsExported() || fn.Body == nil {
					continue
				}
				who, told := actorParam(fn, f.imports())
				if told && !asksFirst(fn.Body.List, who) {
					all = append(all, t.at(fn, "%s does not begin with a right of the actor", fn.Name.Name))
				}
			}
		}
	}
	return all
}

func actorParam(fn *ast.FuncDecl, imports map[string]string) (name string, ok bool) {
	for _, field := range fn.Type.Params.List {
		target, typ := qualified(field.Type, imports)
		if inside(target) != "internal/domain/actor" || typ != "Actor" {
			continue
		}
		if len(field.Names) == 0 {
			return "_", true
		}
		return field.Names[0].Name, true
	}
	return "", false
}

func asksFirst(statements []ast.Stmt, who string) bool {
	for _, s := range statements {
		if asks(s, who) {
			return true
		}
		if touchesDB(s) {
			return false
		}
	}
	return false
}

// asks does not look into functions that are handed on: they run later.
func asks(s ast.Stmt, who string) bool {
	found := false
	is := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && id.Name == who
	}
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			found = found || slices.ContainsFunc(n.Args, is) || ok && sel.Sel.Name == "Can" && is(sel.X)
		case *ast.BinaryExpr:
			sel, ok := n.X.(*ast.SelectorExpr)
			found = found || ok && sel.Sel.Name == "Account" && is(sel.X)
		}
		return true
	})
	return found
}

func touchesDB(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			x, ok := sel.X.(*ast.Ident)
			found = found || sel.Sel.Name == "db" || sel.Sel.Name == "DB" || ok && x.Name == "db"
		}
		return true
	})
	return found
}

func noSilentSkip(t *tree) []finding {
	return t.inTests(func(call *ast.CallExpr, name string) string {
		if name == "SkipNow" || (name == "Skip" || name == "Skipf") && (len(call.Args) == 0 || emptyText(call.Args[0])) {
			return "a test is skipped without a printed reason"
		}
		return ""
	})
}

func emptyText(e ast.Expr) bool {
	lit, ok := e.(*ast.BasicLit)
	return ok && (lit.Value == `""` || lit.Value == "``")
}

func noSleeps(t *tree) []finding {
	return t.inTests(func(call *ast.CallExpr, name string) string {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && name == "Sleep" {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
				return "time.Sleep"
			}
		}
		return ""
	})
}

// inTests visits every call x.Name(…) in test files and test support.
func (t *tree) inTests(look func(call *ast.CallExpr, name string) string) []finding {
	var all []finding
	for _, p := range t.pkgs {
		for _, f := range p.files {
			if !f.test && !p.isSupport() {
				continue
			}
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
					if what := look(call, sel.Sel.Name); what != "" {
						all = append(all, t.at(call, "%s", what))
					}
				}
				return true
			})
		}
	}
	return all
}
