package archtest_test

import (
	"go/ast"
	"slices"
	"strings"
)

// rule is one rule of the house.
type rule struct {
	name  string
	why   string
	check func(*tree) []finding
}

// floor is the floor of a folder, or of an import path below the module: 1 platform to
// 6 cmd; 0 for what stands outside the house.
func floor(dir string) int {
	for i, prefix := range []string{"internal/platform", "internal/domain", "internal/web", "internal/app", "internal/cli", "cmd"} {
		if dir == prefix || strings.HasPrefix(dir, prefix+"/") {
			return i + 1
		}
	}
	return 0
}

// inside is the folder of an import path of this module, or "".
func inside(target string) string {
	dir, ok := strings.CutPrefix(target, module+"/")
	if !ok {
		return ""
	}
	return dir
}

// room is the part of a folder that names the capability: "org" in internal/domain/org.
func room(dir string) string {
	parts := strings.Split(dir, "/")
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}

// edges says which rooms of the domain a room may import. Nothing here may form a
// circle; TestEdgesHaveNoCircle looks.
func edges() map[string][]string {
	e := map[string][]string{
		"actor":    {},
		"audit":    {"actor"},
		"org":      {"actor", "audit"},
		"identity": {"actor", "audit", "org"},
		"rulebook": {"actor", "audit", "org"},
		"ledger":   {"actor", "audit", "org"},
		"photo":    {"actor", "audit"},
		"movement": {"actor", "audit", "org", "identity", "rulebook", "ledger"},
		"review":   {"actor", "audit", "org", "identity"},
		"council":  {"actor", "audit", "org", "identity", "rulebook", "movement"},
	}
	e["practice"] = slices.Concat(e["movement"], []string{"movement", "review", "photo"})
	e["nurture"] = slices.Concat(e["practice"], []string{"practice"})
	e["draft"] = slices.Concat(e["practice"], []string{"practice"})
	e["worklist"] = slices.Concat(e["draft"], []string{"draft", "appraisal", "outbox"})
	e["setup"] = slices.Concat(e["movement"], []string{"movement"})
	e["appraisal"] = slices.Concat(e["practice"], []string{"practice"})
	e["replication"] = slices.Concat(e["practice"], []string{"practice"})
	e["award"] = slices.Concat(e["practice"], []string{"practice", "council"})
	e["outbox"] = []string{"actor", "audit", "org"}
	e["conference"] = slices.Concat(e["award"], []string{"award"})
	e["press"] = slices.Concat(e["award"], []string{"replication", "award", "conference", "outbox"})
	e["privacy"] = slices.Concat(e["press"], []string{"press", "nurture", "draft", "appraisal", "worklist"})
	e["intake"] = slices.Concat(e["press"], []string{"press"})
	e["report"] = slices.Concat(e["intake"], []string{"intake"})
	e["paper"] = slices.Concat(e["report"], []string{"report", "appraisal"})
	e["parcel"] = slices.Concat(e["report"], []string{"report"})
	return e
}

// webEdges says which packages of the faces' floor a package may import. The faces are
// admin, typing, newsroom, steering, start, portal and api: no list holds one.
func webEdges() map[string][]string {
	e := map[string][]string{"webkit": {}, "ui": {}, "browsertest": {}, "api": {"webkit"}}
	e["portal"] = []string{"webkit", "ui"}
	e["desk"] = []string{"webkit", "ui"}
	e["album"] = slices.Concat(e["desk"], []string{"desk"})
	e["approval"] = slices.Concat(e["desk"], []string{"desk"})
	e["start"] = slices.Concat(e["desk"], []string{"desk"})
	e["chart"] = []string{"ui"}
	e["office"] = slices.Concat(e["desk"], []string{"desk", "chart"})
	e["ceremony"] = slices.Concat(e["desk"], []string{"desk"})
	e["reporting"] = slices.Concat(e["desk"], []string{"desk"})
	e["sending"] = slices.Concat(e["desk"], []string{"desk"})
	e["typing"] = slices.Concat(e["desk"], []string{"desk"})
	e["people"] = slices.Concat(e["desk"], []string{"desk"})
	e["fieldwork"] = slices.Concat(e["desk"], []string{"desk"})
	e["steering"] = slices.Concat(e["desk"], []string{"desk"})
	e["admin"] = slices.Concat(e["album"], []string{"album", "approval", "fieldwork"})
	e["newsroom"] = slices.Concat(e["album"], []string{"album"})
	return e
}

func floorRules() []rule {
	return []rule{
		{
			"only lower floors", "the data's way is one fall and one rise; a floor that knows what stands above it cannot be read or tested alone (§1, rule 1)",
			onlyLowerFloors,
		},
		{
			"edges of the domain", "the capabilities form a graph without circles that is written down in one place, so that a newcomer knows what a change can reach (§1, rule 2)",
			domainEdges,
		},
		{
			"faces apart", "the faces stand on webkit and ui, those behind the sign-in on desk and album too; a face that imports another shows one audience what is meant for the other (§1, rule 3)",
			facesApart,
		},
		{
			"sql behind one door", "two engines stay one only while a single package speaks to them (§1, rule 5)",
			sqlBehindOneDoor,
		},
		{
			"no http below the faces", "the domain speaks no HTTP and no HTML, so the API, the commands and the jobs enter at the same method as the pages (§1, rule 6)",
			noHTTPBelow,
		},
		{
			"app alone puts together", "one place knows every room; a constructor called elsewhere makes a second house with other settings (§1, rule 8)",
			appAlone,
		},
		{
			"test support stays in tests", "what exists for tests must not be linked into the program",
			supportStaysInTests,
		},
	}
}

// imported visits every import of the module's own packages in the program.
func (t *tree) imported(visit func(p *pkg, spec *ast.ImportSpec, target string)) {
	for _, p := range t.pkgs {
		for _, f := range p.program() {
			for _, spec := range f.syntax.Imports {
				visit(p, spec, strings.Trim(spec.Path.Value, `"`))
			}
		}
	}
}

func onlyLowerFloors(t *tree) []finding {
	var all []finding
	t.imported(func(p *pkg, spec *ast.ImportSpec, target string) {
		from, to := floor(p.dir), floor(inside(target))
		switch {
		case to > from && !p.isTool():
			all = append(all, t.at(spec, "%s imports %s from a floor above it", p.dir, inside(target)))
		case strings.HasPrefix(inside(target), "tools/") && !p.isTool():
			all = append(all, t.at(spec, "%s imports a tool", p.dir))
		}
	})
	return all
}

func domainEdges(t *tree) []finding {
	var all []finding
	allowed := edges()
	for _, p := range t.pkgs {
		if _, known := allowed[room(p.dir)]; floor(p.dir) == 2 && !known {
			all = append(all, finding{p.dir, "the room is not in the table of edges: give it its place, by an ADR"})
		}
	}
	t.imported(func(p *pkg, spec *ast.ImportSpec, target string) {
		dir := inside(target)
		if floor(p.dir) != 2 || floor(dir) != 2 || room(p.dir) == room(dir) {
			return
		}
		if !slices.Contains(allowed[room(p.dir)], room(dir)) {
			all = append(all, t.at(spec, "%s may not import %s, only %s", room(p.dir), room(dir), strings.Join(allowed[room(p.dir)], ", ")))
		}
	})
	return all
}

func facesApart(t *tree) []finding {
	var all []finding
	allowed := webEdges()
	for _, p := range t.pkgs {
		if _, known := allowed[room(p.dir)]; floor(p.dir) == 3 && !known {
			all = append(all, finding{p.dir, "the package is not in the table of the faces: give it its place, by an ADR"})
		}
	}
	t.imported(func(p *pkg, spec *ast.ImportSpec, target string) {
		dir := inside(target)
		if floor(p.dir) != 3 || floor(dir) != 3 || room(p.dir) == room(dir) {
			return
		}
		if !slices.Contains(allowed[room(p.dir)], room(dir)) {
			all = append(all, t.at(spec, "%s may not import %s, only %s", room(p.dir), room(dir), strings.Join(allowed[room(p.dir)], ", ")))
		}
	})
	return all
}

// under tells whether an import path is one of the roots or lies below one.
func under(target string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(r string) bool { return target == r || strings.HasPrefix(target, r+"/") })
}

func sqlBehindOneDoor(t *tree) []finding {
	var all []finding
	t.imported(func(p *pkg, spec *ast.ImportSpec, target string) {
		if under(p.dir, "internal/platform/db") || p.isTool() {
			return
		}
		if under(target, "database/sql", "github.com/jackc/pgx", "modernc.org/sqlite", "github.com/mattn/go-sqlite3", "github.com/pressly/goose") {
			all = append(all, t.at(spec, "%s imports %s; use platform/db", p.dir, target))
		}
	})
	return all
}

func noHTTPBelow(t *tree) []finding {
	// The rooms below the faces that are about HTTP or HTML itself.
	allowed := map[string][]string{
		"internal/platform/outbound": {"net/http"},
		"internal/platform/markup":   {"html", "golang.org/x/net/html", "github.com/microcosm-cc/bluemonday"},
	}
	var all []finding
	t.imported(func(p *pkg, spec *ast.ImportSpec, target string) {
		if f := floor(p.dir); f != 1 && f != 2 {
			return
		}
		if !under(target, "net/http", "html", "github.com/a-h/templ", "golang.org/x/net/html", "github.com/microcosm-cc/bluemonday") {
			return
		}
		for dir, targets := range allowed {
			if under(p.dir, dir) && under(target, targets...) {
				return
			}
		}
		all = append(all, t.at(spec, "%s imports %s", p.dir, target))
	})
	return all
}

func appAlone(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		if floor(p.dir) == 0 || under(p.dir, "internal/app") || p.isSupport() {
			continue
		}
		for _, f := range p.program() {
			f.calls(func(call *ast.CallExpr, target, name string) {
				dir := inside(target)
				constructor := floor(dir) >= 2 && (name == "New" || strings.HasPrefix(name, "NewService"))
				foreign := floor(dir) != floor(p.dir) || floor(dir) == 2 && room(dir) != room(p.dir)
				// cmd and cli start the app itself: that is what they are for.
				if constructor && foreign && !under(dir, "internal/app", "internal/cli") || dir == "internal/platform/db" && name == "Open" {
					all = append(all, t.at(call, "%s calls %s.%s", p.dir, dir, name))
				}
			})
		}
	}
	return all
}

func supportStaysInTests(t *tree) []finding {
	var all []finding
	t.imported(func(p *pkg, spec *ast.ImportSpec, target string) {
		if strings.HasSuffix(target, "test") && inside(target) != "" && !p.isSupport() {
			all = append(all, t.at(spec, "%s imports %s", p.dir, inside(target)))
		}
		if target == "testing" && !p.isSupport() {
			all = append(all, t.at(spec, "%s imports testing", p.dir))
		}
	})
	return all
}
