package archtest_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

const (
	migrationsDir = "internal/platform/db/migrations"
	checksumsFile = migrationsDir + "/checksums.txt"
)

func sqlRules() []rule {
	return []rule{
		{
			"migrations in the common set", "SQL is written once for two engines; these words mean another thing, or nothing, on one of them, and an instant or an identity made by the engine cannot be repeated (§3)",
			commonSet,
		},
		{
			"migrations named after their owner", "the name of the file says who may write the table (§1, rule 7; §3)",
			namedAfterOwner,
		},
		{
			"migrations never edited", "a migration that has run somewhere will not run again: a change to it makes two houses with different tables. Write a new one; the checksum of a new file is added by go run ./tools/migrations (§3)",
			neverEdited,
		},
		{
			"tables written by their owner", "rules stand beside the SQL of one room; a second writer goes round them (§1, rule 7)",
			writtenByOwner,
		},
		{
			"no clock of the engine", "the clock is injected, so that a test can say what day it is, and the engines' clocks differ in zone and precision (§3, §4)",
			noEngineClock,
		},
		{
			"days and instants through platform/db", "a bare instant moved by seven hours on one engine, and a day became the one before: db.Time, db.TimeTo, db.Date and db.DateTo are the only way in and out (§3)",
			throughDB,
		},
	}
}

// migrations gives the names of the migration files, in their order.
func (t *tree) migrations() []string {
	var all []string
	for name := range t.text {
		if path.Dir(name) == migrationsDir && strings.HasSuffix(name, ".sql") {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// bareSQL is a statement without comments, and without what stands in quotes.
func bareSQL(text string) string {
	text = regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(text, "")
	return regexp.MustCompile(`'[^']*'`).ReplaceAllString(text, "''")
}

// bans are words that migrations may not hold.
func bans() map[string]string {
	return map[string]string{
		`\bDATE\b`: "a civil day is TEXT, through db.Date",
		`\b(TIMESTAMPTZ|DATETIME|TIME|INTERVAL)\b|\bWITH TIME ZONE\b`:                              "an instant is TIMESTAMP, through db.Time",
		`\bNOW\s*\(|\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bDATETIME\s*\(`:                             "instants come from the clock",
		`\bSEQUENCE\b|\b(BIG|SMALL)?SERIAL\b|\bNEXTVAL\b|\bGENERATED\b|\bAUTO_?INCREMENT\b`:        "identities are made in Go, codes come from a counter row",
		`\bTRIGGER\b|\bCREATE\s+(OR\s+REPLACE\s+)?FUNCTION\b|\bPROCEDURE\b`:                        "rules stand in Go",
		`\bENUM\b|\bCREATE\s+TYPE\b`:                                                               "a state is TEXT CHECK (… IN (…))",
		`\[\s*\]|\bARRAY\b|\bJSONB\b`:                                                              "SQLite has none; JSON is for objects and lists",
		`\b(NUMERIC|DECIMAL|REAL|FLOAT|MONEY|BLOB|UUID|VARCHAR|CHAR|SMALLINT|BOOL|INT)\b\s*[,(\s]`: "not in the common set of types",
	}
}

func commonSet(t *tree) []finding {
	var all []finding
	for _, name := range t.migrations() {
		sql := bareSQL(t.text[name])
		for _, pattern := range slices.Sorted(maps.Keys(bans())) {
			if at := regexp.MustCompile(`(?i)` + pattern).FindStringIndex(sql); at != nil {
				line := strings.Count(sql[:at[0]], "\n") + 1
				all = append(all, finding{fmt.Sprintf("%s:%d", name, line), fmt.Sprintf("%q: %s", strings.TrimSpace(sql[at[0]:at[1]]), bans()[pattern])})
			}
		}
		if !strings.HasPrefix(t.text[name], "-- +goose Up\n") || strings.Contains(t.text[name], "+goose Down") {
			all = append(all, finding{name + ":1", "a migration begins with “-- +goose Up” and goes forward only"})
		}
	}
	return all
}

// owner is the room in the name of a migration: "org" in 0002_org.sql, 0031_org_seal.sql.
func owner(name string) (number, room string) {
	m := regexp.MustCompile(`^(\d{4})_([a-z]+)(_[a-z0-9_]+)?\.sql$`).FindStringSubmatch(path.Base(name))
	if m == nil {
		return "", ""
	}
	return m[1], m[2]
}

func createPattern() *regexp.Regexp {
	return regexp.MustCompile(`(?i)CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z0-9_]+)`)
}

func namedAfterOwner(t *tree) []finding {
	var all []finding
	numbers := map[string]string{}
	rooms := map[string]bool{}
	for _, p := range t.pkgs {
		if f := floor(p.dir); f == 1 || f == 2 {
			rooms[room(p.dir)] = true
		}
	}
	for _, name := range t.migrations() {
		number, who := owner(name)
		switch {
		case who == "":
			all = append(all, finding{name + ":1", "the name is not of the form 0012_award_certificates.sql"})
			continue
		case !rooms[who]:
			all = append(all, finding{name + ":1", "there is no room " + who})
		case numbers[number] != "":
			all = append(all, finding{name + ":1", "the number stands on " + numbers[number] + ", too"})
		}
		numbers[number] = path.Base(name)
		for _, m := range createPattern().FindAllStringSubmatch(bareSQL(t.text[name]), -1) {
			if m[1] != who && !strings.HasPrefix(m[1], who+"_") {
				all = append(all, finding{name + ":1", fmt.Sprintf("the table %s is not named %s_…", m[1], who)})
			}
		}
	}
	return all
}

func neverEdited(t *tree) []finding {
	want := map[string]string{}
	for line := range strings.Lines(t.text[checksumsFile]) {
		if sum, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			want[name] = sum
		}
	}
	var all []finding
	for _, name := range t.migrations() {
		sum := sha256.Sum256([]byte(t.text[name]))
		base := path.Base(name)
		switch have := hex.EncodeToString(sum[:]); {
		case want[base] == "":
			all = append(all, finding{name + ":1", "its checksum is not in " + checksumsFile})
		case want[base] != have:
			all = append(all, finding{name + ":1", "it was changed after it landed"})
		}
		delete(want, base)
	}
	for name := range want {
		all = append(all, finding{migrationsDir + "/" + name, "it was removed after it landed"})
	}
	return all
}

func writePattern() *regexp.Regexp {
	return regexp.MustCompile(`(?is)\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|ALTER\s+TABLE|DROP\s+TABLE|CREATE\s+TABLE)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?([a-z_][a-z0-9_]*|\x00)`)
}

func writtenByOwner(t *tree) []finding {
	owners := map[string]string{}
	for _, name := range t.migrations() {
		for _, m := range createPattern().FindAllStringSubmatch(bareSQL(t.text[name]), -1) {
			_, owners[m[1]] = owner(name)
		}
	}
	var all []finding
	for _, p := range t.pkgs {
		// app/archive restores every table; platform/db and the tests look from outside.
		if floor(p.dir) == 0 || under(p.dir, "internal/app/archive") || p.isSupport() {
			continue
		}
		for _, f := range p.program() {
			f.literals(func(n ast.Node, text string) {
				for _, m := range writePattern().FindAllStringSubmatch(text, -1) {
					if what := foreignWrite(owners, room(p.dir), m[1], m[2]); what != "" {
						all = append(all, t.at(n, "%s", what))
					}
				}
			})
		}
	}
	return all
}

func foreignWrite(owners map[string]string, room, verb, table string) string {
	verb = strings.ToUpper(strings.Join(strings.Fields(verb), " "))
	who, known := owners[table]
	switch {
	case known && who != room:
		return fmt.Sprintf("%s %s, which belongs to %s", verb, table, who)
	case table == unknown && verb != "UPDATE":
		return verb + " a table whose name is not written out"
	case !known && table != unknown && verb != "UPDATE" && table == strings.ToLower(table):
		return fmt.Sprintf("%s %s, which no migration makes", verb, table)
	}
	return ""
}

func noEngineClock(t *tree) []finding {
	pattern := regexp.MustCompile(`(?i)\b(SELECT|INSERT|UPDATE|DELETE|WHERE|VALUES)\b(.|\n)*\b(NOW\s*\(\s*\)|CURRENT_(TIMESTAMP|DATE|TIME)\b|DATETIME\s*\(|STRFTIME\s*\()`)
	var all []finding
	for _, p := range t.pkgs {
		for _, f := range p.program() {
			f.literals(func(n ast.Node, text string) {
				if floor(p.dir) > 0 && pattern.MatchString(text) {
					all = append(all, t.at(n, "the statement asks the engine for the time"))
				}
			})
		}
	}
	return all
}

// throughDB looks at what is given to db.One, All, Each and Exec, and at what Scan fills:
// names that the package declares as time.Time or clock.Date, and calls of a clock.
func throughDB(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		if floor(p.dir) == 0 || p.dir == "internal/platform/db" {
			continue
		}
		timed := timedNames(p)
		for _, f := range p.program() {
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				for _, arg := range valuesOf(call, f.imports()) {
					if what := bareTime(arg, timed); what != "" {
						all = append(all, t.at(arg, "%s goes bare to the database", what))
					}
				}
				return true
			})
		}
	}
	return all
}

// timedNames are the fields and parameters that the package declares as an instant or a
// day, and never as something else. What is missed here is refused at run time by
// platform/db.
func timedNames(p *pkg) map[string]bool {
	names, others := map[string]bool{}, map[string]bool{}
	for _, f := range p.program() {
		imports := f.imports()
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok {
				return true
			}
			target, name := qualified(field.Type, imports)
			timed := target == "time" && name == "Time" || inside(target) == "internal/platform/clock" && name == "Date"
			for _, id := range field.Names {
				if timed {
					names[id.Name] = true
				} else {
					others[id.Name] = true
				}
			}
			return true
		})
	}
	maps.DeleteFunc(names, func(name string, _ bool) bool { return others[name] })
	return names
}

// valuesOf are the arguments of a call that reach the database, or are filled from it.
func valuesOf(call *ast.CallExpr, imports map[string]string) []ast.Expr {
	target, name := qualified(call.Fun, imports)
	if inside(target) == "internal/platform/db" {
		switch name {
		case "One", "All", "Each":
			return call.Args[min(4, len(call.Args)):]
		case "Exec":
			return call.Args[min(3, len(call.Args)):]
		}
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Scan" {
		return call.Args
	}
	return nil
}

func bareTime(arg ast.Expr, timed map[string]bool) string {
	if unary, ok := arg.(*ast.UnaryExpr); ok && unary.Op == token.AND {
		arg = unary.X
	}
	switch e := arg.(type) {
	case *ast.Ident:
		if timed[e.Name] {
			return e.Name
		}
	case *ast.SelectorExpr:
		if timed[e.Sel.Name] {
			return e.Sel.Name
		}
	case *ast.CallExpr:
		if sel, ok := e.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"now", "Now", "Today", "UTC", "Midnight"}, sel.Sel.Name) {
			return sel.Sel.Name + "()"
		}
	}
	return ""
}
