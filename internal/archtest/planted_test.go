package archtest_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// planted is a small source tree in which one rule does not hold, at one place.
type planted struct {
	rule  string
	name  string
	where string // the file in which it must be found
	files map[string]string
}

func TestEachRuleFindsWhatIsPlanted(t *testing.T) {
	all := slices.Concat(plantedFloors(), plantedSQL(), plantedCode(), plantedText(), plantedAudit())
	for _, r := range rules() {
		if !slices.ContainsFunc(all, func(p planted) bool { return p.rule == r.name }) {
			t.Errorf("nothing is planted for %q", r.name)
		}
	}
	for _, p := range all {
		t.Run(p.rule+"/"+p.name, func(t *testing.T) {
			found := look(t, p.rule, p.files)
			if len(found) != 1 || !strings.HasPrefix(found[0], p.where) {
				t.Fatalf("want one finding in %s, got %q", p.where, found)
			}
			if !strings.Contains(found[0], "why:  ") {
				t.Errorf("the finding does not say why: %s", found[0])
			}
		})
	}
}

func TestRulesPassWhatIsRight(t *testing.T) {
	files := map[string]string{
		"internal/platform/db/migrations/0001_org.sql": "-- +goose Up\nCREATE TABLE org_unit (id TEXT PRIMARY KEY, valid_from TEXT);\n-- a DATE in a comment\n",
		"internal/platform/db/db.go":                   "// Package db is a door.\npackage db\n\nimport \"database/sql\"\n\n// Tx is one.\ntype Tx struct{ *sql.Tx }\n",
		"internal/domain/org/org.go": `// Package org keeps units.
package org

import (
	"context"
	"errors"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// ErrNone is a sentinel.
var ErrNone = errors.New("none")

// Service is the capability.
type Service struct{}

// List lists.
func (s *Service) List(ctx context.Context, who actor.Actor) error {
	if !who.Can("org.read") {
		return ErrNone
	}
	_, err := db.Exec(ctx, nil, "UPDATE org_unit SET valid_from = $1 WHERE id = $2 FOR UPDATE SKIP LOCKED", "", "")
	return err
}

// Own is about the actor itself.
func (s *Service) Own(ctx context.Context, who actor.Actor) error {
	if who.Account == "" {
		return ErrNone
	}
	return nil
}
`,
	}
	for _, r := range rules() {
		if found := look(t, r.name, files); len(found) > 0 && r.name != "migrations never edited" {
			t.Errorf("%s: %q", r.name, found)
		}
	}
}

func look(t *testing.T, name string, files map[string]string) []string {
	t.Helper()
	source := fstest.MapFS{}
	for path, text := range files {
		source[path] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := parse(source)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rules(), func(r rule) bool { return r.name == name })
	if i < 0 {
		t.Fatalf("there is no rule %q", name)
	}
	var found []string
	for _, f := range rules()[i].check(tree) {
		found = append(found, rules()[i].message(f))
	}
	return found
}

// imports is a Go file of a package that imports one other.
func imports(name, target string) string {
	return "// Package " + name + " is planted.\npackage " + name + "\n\nimport _ \"" + target + "\"\n"
}

// code is a Go file with a package comment.
func code(name, text string) string {
	return "// Package " + name + " is planted.\npackage " + name + "\n\n" + text + "\n"
}

func plantedFloors() []planted {
	const in = module + "/internal/"
	one := func(rule, name, path, text string) planted {
		return planted{rule, name, path, map[string]string{path: text}}
	}
	return []planted{
		one("only lower floors", "platform to domain", "internal/platform/page/a.go", imports("page", in+"domain/org")),
		one("only lower floors", "domain to web", "internal/domain/org/a.go", imports("org", in+"web/webkit")),
		one("only lower floors", "web to app", "internal/web/admin/a.go", imports("admin", in+"app")),
		one("only lower floors", "app to cli", "internal/app/a.go", imports("app", in+"cli")),
		one("only lower floors", "program to tool", "internal/app/a.go", imports("app", module+"/tools/pgtest")),
		one("edges of the domain", "ledger to practice", "internal/domain/ledger/a.go", imports("ledger", in+"domain/practice")),
		one("edges of the domain", "review to practice", "internal/domain/review/a.go", imports("review", in+"domain/practice")),
		one("edges of the domain", "council to award", "internal/domain/council/a.go", imports("council", in+"domain/award")),
		one("edges of the domain", "unknown room", "internal/domain/kitchen", code("kitchen", "")).at("internal/domain/kitchen/a.go"),
		one("faces apart", "portal to admin", "internal/web/portal/a.go", imports("portal", in+"web/admin")),
		one("faces apart", "admin to newsroom", "internal/web/admin/a.go", imports("admin", in+"web/newsroom")),
		one("faces apart", "portal to desk", "internal/web/portal/a.go", imports("portal", in+"web/desk")),
		one("faces apart", "desk to admin", "internal/web/desk/a.go", imports("desk", in+"web/admin")),
		one("faces apart", "unknown package", "internal/web/kitchen", code("kitchen", "")).at("internal/web/kitchen/a.go"),
		one("faces apart", "webkit to api", "internal/web/webkit/a.go", imports("webkit", in+"web/api")),
		one("sql behind one door", "in a room", "internal/domain/org/a.go", imports("org", "database/sql")),
		one("sql behind one door", "a driver", "internal/app/a.go", imports("app", "github.com/jackc/pgx/v5")),
		one("no http below the faces", "in a room", "internal/domain/press/a.go", imports("press", "net/http")),
		one("no http below the faces", "HTML", "internal/platform/docgen/a.go", imports("docgen", "html/template")),
		one("app alone puts together", "a face", "internal/web/admin/a.go",
			code("admin", "import \""+in+"domain/org\"\n\nfunc f() { org.New(nil) }")),
		one("app alone puts together", "another room", "internal/domain/award/a.go",
			code("award", "import \""+in+"domain/practice\"\n\nfunc f() { practice.New(nil) }")),
		one("app alone puts together", "opens the database", "internal/cli/a.go",
			code("cli", "import \""+in+"platform/db\"\n\nfunc f() { db.Open(nil) }")),
		one("test support stays in tests", "dbtest", "internal/app/a.go", imports("app", in+"platform/db/dbtest")),
		one("test support stays in tests", "testing", "internal/app/a.go", imports("app", "testing")),
	}
}

// at puts the only file of a planted tree elsewhere than where the finding points.
func (p planted) at(path string) planted {
	for _, text := range p.files {
		return planted{p.rule, p.name, p.where, map[string]string{path: text}}
	}
	return p
}

func plantedSQL() []planted {
	const file = migrationsDir + "/0001_org.sql"
	migration := func(rule, name, sql string) planted {
		return planted{rule, name, file, map[string]string{file: "-- +goose Up\n" + sql, "internal/domain/org/a.go": code("org", "")}}
	}
	write := func(name, statement string) planted {
		return planted{"tables written by their owner", name, "internal/domain/award/a.go", map[string]string{
			file:                         "-- +goose Up\nCREATE TABLE org_unit (id TEXT);",
			"internal/domain/award/a.go": code("award", statement),
		}}
	}
	bare := func(name, body string) planted {
		return planted{"days and instants through platform/db", name, "internal/domain/org/a.go", map[string]string{
			"internal/domain/org/a.go": code("org", `import (
	"context"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

type unit struct {
	from clock.Date
	made time.Time
}

`+body),
		}}
	}
	return []planted{
		migration("migrations in the common set", "a DATE", "CREATE TABLE org_unit (valid_from DATE NOT NULL);"),
		migration("migrations in the common set", "now", "CREATE TABLE org_unit (at TIMESTAMP DEFAULT now());"),
		migration("migrations in the common set", "a sequence", "CREATE TABLE org_unit (id BIGSERIAL);"),
		migration("migrations in the common set", "a trigger", "CREATE TRIGGER t AFTER INSERT ON org_unit BEGIN SELECT 1; END;"),
		migration("migrations in the common set", "an enum", "CREATE TYPE kind AS x;"),
		migration("migrations in the common set", "an array", "CREATE TABLE org_unit (names TEXT[]);"),
		migration("migrations in the common set", "a type", "CREATE TABLE org_unit (name VARCHAR(20));"),
		migration("migrations in the common set", "backwards", "-- +goose Down\nDROP TABLE org_unit;"),
		migration("migrations named after their owner", "another's table", "CREATE TABLE award_list (id TEXT);"),
		{"migrations named after their owner", "no such room", migrationsDir + "/0001_kitchen.sql", map[string]string{
			migrationsDir + "/0001_kitchen.sql": "-- +goose Up\n",
		}},
		{"migrations named after their owner", "the same number", migrationsDir + "/0001_org_more.sql", map[string]string{
			file: "-- +goose Up\n", migrationsDir + "/0001_org_more.sql": "-- +goose Up\n", "internal/domain/org/a.go": code("org", ""),
		}},
		migration("migrations never edited", "unknown", ""),
		{"migrations never edited", "edited", file, map[string]string{file: "-- +goose Up\n", checksumsFile: strings.Repeat("0", 64) + "  0001_org.sql\n"}},
		{"migrations never edited", "removed", migrationsDir, map[string]string{checksumsFile: strings.Repeat("0", 64) + "  0001_org.sql\n"}},
		write("insert", "const q = `INSERT INTO org_unit (id) VALUES ($1)`"),
		write("update", "const q = `UPDATE org_unit SET id = $1`"),
		write("delete", "const q = `WITH x AS (SELECT 1) DELETE FROM org_unit`"),
		write("hidden name", "func q(table string) string { return `INSERT INTO ` + table + ` VALUES (1)` }"),
		{"no clock of the engine", "in a statement", "internal/domain/org/a.go", map[string]string{
			"internal/domain/org/a.go": code("org", "const q = `SELECT id FROM org_unit WHERE at < now()`"),
		}},
		bare("a day as an argument", "func f(ctx context.Context, tx *db.Tx, u unit) { db.Exec(ctx, tx, \"\", u.from) }"),
		bare("an instant as an argument", "func f(ctx context.Context, tx *db.Tx, u unit) { db.Exec(ctx, tx, \"\", u.made) }"),
		bare("a scan", "func f(r db.Row, u *unit) error { return r.Scan(&u.made) }"),
		bare("a clock", "func f(ctx context.Context, q db.Querier, now clock.Clock) { db.All(ctx, q, db.Int, \"\", now.Today()) }"),
	}
}

func plantedCode() []planted {
	const file = "internal/domain/org/a.go"
	one := func(rule, name, text string) planted {
		return planted{rule, name, file, map[string]string{file: code("org", text)}}
	}
	tested := func(rule, name, body string) planted {
		return planted{rule, name, "internal/domain/org/a_test.go", map[string]string{
			"internal/domain/org/a_test.go": "package org\n\nimport (\n\t\"testing\"\n\t\"time\"\n)\n\nfunc TestX(t *testing.T) {\n" + body + "\n}\n",
		}}
	}
	method := func(name, body string) planted {
		return one("rights come first", name, `import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

type Service struct{ db *db.DB }

func (s *Service) Do(ctx context.Context, who actor.Actor) error {
`+body+"\n}")
	}
	return []planted{
		one("one clock", "now", "import \"time\"\n\nfunc f() { time.Now() }"),
		one("one clock", "as a value", "import \"time\"\n\nfunc f() any { return time.Since }"),
		{"packages named after the domain", "util", "internal/platform/util", map[string]string{"internal/platform/util/a.go": code("util", "")}},
		one("no init", "init", "func init() {}"),
		one("no mutable package variables", "a map", "var cache = map[string]int{}"),
		one("no mutable package variables", "no value", "var count int"),
		one("no mutable package variables", "a call", "var now = start()"),
		one("sizes", "function", "func f() {\n"+strings.Repeat("\tf()\n", maxFunction-1)+"}"),
		one("sizes", "file", strings.Repeat("// A line.\n", maxFile)),
		one("sizes", "parameters", "func f(a, b, c int, d, e string, g bool) {}"),
		one("sizes", "interface", "type i interface {\n\tA()\n\tB()\n\tC()\n\tD()\n}"),
		{"sizes", "package", "internal/domain/org", manyFiles(maxPackage/maxFile + 1)},
		one("exported names are explained", "function", "func Do() {}"),
		one("exported names are explained", "another beginning", "// Does it.\nfunc Do() {}"),
		one("exported names are explained", "method", "// T is one.\ntype T struct{}\n\nfunc (T) Do() {}"),
		one("exported names are explained", "constant", "const Limit = 3"),
		{"exported names are explained", "package", "internal/domain/org", map[string]string{file: "package org\n"}},
		method("no question", "return s.db.Write(ctx, nil)"),
		method("too late", "s.db.Write(ctx, nil)\nif !who.Can(\"org.manage\") {\nreturn nil\n}\nreturn nil"),
		method("in a function that runs later", "return s.db.Write(ctx, func(*db.Tx) error { return s.log(who) })"),
		tested("no skip without a reason", "empty", "\tt.Skip()"),
		tested("no skip without a reason", "now", "\tt.SkipNow()"),
		tested("no sleeps in tests", "sleep", "\ttime.Sleep(time.Second)"),
	}
}

func manyFiles(n int) map[string]string {
	files := map[string]string{}
	for i := range n {
		name := "internal/domain/org/" + string(rune('a'+i)) + ".go"
		files[name] = code("org", strings.Repeat("// A line.\n", maxFile-10))
	}
	return files
}

func plantedText() []planted {
	keys := `// Code generated by a tool. DO NOT EDIT.

package i18n

// The keys.
const (
	OrgNotFound Key = iota
	OrgKindSchool
	OrgUnused
)

var keyNames = [...]string{
	"org.not_found",
	"org.kind.school",
	"org.unused",
}
`
	return []planted{
		{"every message is used", "unused", keysFile, map[string]string{
			keysFile: keys,
			"internal/domain/org/a.go": code("org", "import \""+module+"/internal/platform/i18n\"\n\n"+
				"func f(kind string) { i18n.T(i18n.OrgNotFound); i18n.Lookup(\"org.kind.\" + kind) }"),
		}},
		{"no addresses of one machine", "registry", "tools/fetch.sh", map[string]string{"tools/fetch.sh": "curl https://registry." + "npmjs.org/x\n"}},
		{"no addresses of one machine", "path", "docs/SETUP.md", map[string]string{"docs/SETUP.md": "cd /ro" + "ot/project\n"}},
		{"no addresses of one machine", "home", "docs/SETUP.md", map[string]string{"docs/SETUP.md": "cd /home" + "/lan/project\n"}},
	}
}
