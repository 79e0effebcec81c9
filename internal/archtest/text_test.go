package archtest_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func textRules() []rule {
	return []rule{
		{
			"every message is used", "words that nobody reads are translated, reviewed and kept for nothing (§4)",
			messagesUsed,
		},
		{
			"no addresses of one machine", "the registries' addresses come from the environment and paths differ between machines: a file that names them works for one person only (§4)",
			noMachine,
		},
	}
}

// keysFile is where the generator puts the keys of messages.
const keysFile = "internal/platform/i18n/keys_gen.go"

// messagesUsed takes a key as used where its constant is named, or where a text in the
// code is a beginning of its name that ends with a dot: "org.kind." + kind.
func messagesUsed(t *tree) []finding {
	keys := t.messageKeys()
	if len(keys) == 0 {
		return nil
	}
	used, beginnings := map[string]bool{}, map[string]bool{}
	for _, p := range t.pkgs {
		for _, f := range p.program() {
			if f.path == keysFile {
				continue
			}
			imports := f.imports()
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if target, name := qualified(sel, imports); inside(target) == "internal/platform/i18n" {
						used[name] = true
					}
				}
				return true
			})
			f.literals(func(_ ast.Node, text string) {
				text, _, _ = strings.Cut(text, unknown)
				if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "_") || keyForm().MatchString(text) {
					beginnings[text] = true
				}
			})
		}
	}
	var all []finding
	for _, constant := range slices.Sorted(maps.Keys(keys)) {
		// The messages of errs are those that the faces give by kind.
		if name := keys[constant]; strings.HasPrefix(name, "errs.") && !t.has("internal/web/webkit") {
			continue
		} else if !used[constant] && !begun(name, beginnings) {
			all = append(all, finding{keysFile, "nobody uses " + name})
		}
	}
	return all
}

func keyForm() *regexp.Regexp { return regexp.MustCompile(`^[a-z]+\.[a-zA-Z0-9._]+$`) }

func begun(name string, beginnings map[string]bool) bool {
	if beginnings[name] {
		return true
	}
	for i, r := range name {
		if (r == '.' || r == '_') && beginnings[name[:i+1]] {
			return true
		}
	}
	return false
}

// messageKeys gives the name of each key by its constant: both lists of the generated
// file are in the same order.
func (t *tree) messageKeys() map[string]string {
	keys := map[string]string{}
	for _, p := range t.pkgs {
		for _, f := range p.files {
			if f.path == keysFile {
				constants, names := keyLists(f)
				for i := range min(len(constants), len(names)) {
					keys[constants[i]] = names[i]
				}
			}
		}
	}
	return keys
}

func keyLists(f *file) (constants, names []string) {
	for _, d := range f.syntax.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			v, ok := spec.(*ast.ValueSpec)
			switch {
			case !ok:
			case gen.Tok == token.CONST:
				constants = append(constants, v.Names[0].Name)
			case v.Names[0].Name == "keyNames":
				names = textsOf(v.Values[0])
			}
		}
	}
	return constants, names
}

func textsOf(e ast.Expr) []string {
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	var all []string
	for _, element := range lit.Elts {
		if basic, ok := element.(*ast.BasicLit); ok {
			if text, err := strconv.Unquote(basic.Value); err == nil {
				all = append(all, text)
			}
		}
	}
	return all
}

// machineWords are put together here so that this file does not hold them itself.
func machineWords() []string {
	return []string{
		"registry." + "npmjs", "proxy." + "golang.org", "sum." + "golang.org", "files." + "pythonhosted", "pypi" + ".org",
		"deb." + "debian.org", "archive." + "ubuntu.com", "repo1." + "maven", "/ro" + "ot/", "/wo" + "rk/", "/Use" + "rs/", `C:\\Use` + "rs",
	}
}

func noMachine(t *tree) []finding {
	home := regexp.MustCompile(`/home` + `/[a-z]+/`)
	var all []finding
	for _, name := range slices.Sorted(maps.Keys(t.text)) {
		text := t.text[name]
		for _, word := range machineWords() {
			if before, _, ok := strings.Cut(text, word); ok {
				all = append(all, finding{fmt.Sprintf("%s:%d", name, strings.Count(before, "\n")+1), "it names " + word})
			}
		}
		if at := home.FindStringIndex(text); at != nil {
			all = append(all, finding{fmt.Sprintf("%s:%d", name, strings.Count(text[:at[0]], "\n")+1), "it names " + text[at[0]:at[1]]})
		}
	}
	return all
}
