package archtest_test

import (
	"go/ast"
	"strings"
)

func auditRules() []rule {
	return []rule{{
		"every write leaves its record", "who changed what must be told of every change, and a verb that somebody adds in a hurry is the one that will be asked about (§1, audit)",
		writesRecorded,
	}}
}

// unrecorded are the functions that write and leave no record, each with its reason.
func unrecorded() map[string]string {
	return map[string]string{
		"internal/domain/ledger.Renew":          "facts follow from acts, which stay",
		"internal/domain/identity.FindCtx":      "the last sight of a session",
		"internal/domain/identity.CommitCtx":    "what a session holds; sign-ins are recorded",
		"internal/domain/identity.DeleteCtx":    "a session ends with its browser",
		"internal/domain/identity.reserve":      "counts a try; its outcome is recorded",
		"internal/domain/identity.seenToken":    "the last sight of a token",
		"internal/domain/identity.MarkRead":     "one's own notices",
		"internal/domain/identity.Sweep":        "what has run out",
		"internal/domain/press.commitVotes":     "a reader has no account; the rating is its own record",
		"internal/domain/press.networkKey":      "a secret of the house, made once",
		"internal/domain/press.commitSayings":   "a reader has no account; what becomes of it is recorded",
		"internal/domain/press.ReportOpinion":   "a reader has no account; what a moderator makes of it is recorded",
		"internal/domain/press.AddPhoto":        "the album records it",
		"internal/domain/press.changePhoto":     "the album records it",
		"internal/domain/practice.AddPhoto":     "the album records it",
		"internal/domain/practice.changePhoto":  "the album records it",
		"internal/domain/movement.remind":       "the reminder is its own record",
		"internal/domain/draft.Save":            "one's own draft, which nobody else sees; what is handed in is recorded",
		"internal/domain/draft.change":          "one's own draft, which nobody else sees; what is handed in is recorded",
		"internal/domain/draft.Submit":          "the register records it",
		"internal/domain/draft.Sweep":           "what has run out",
		"internal/domain/worklist.Sweep":        "what has run out",
		"internal/domain/worklist.ifWaiting":    "what it is given to do leaves the record",
		"internal/domain/worklist.BeginWith":    "how one's own list opens",
		"internal/domain/rulebook.Seed":         "what the program brings along",
		"internal/domain/press.Renew":           "words follow from the wording, which stays",
		"internal/domain/press.ForgetEmails":    "addresses whose time has run out",
		"internal/domain/nurture.Tell":          "a visitor has no account; what becomes of it is recorded",
		"internal/domain/nurture.Sweep":         "people who told something, whose time has run out",
		"internal/domain/outbox.SendDue":        "wakes the job again",
		"internal/domain/outbox.try":            "the letter keeps what it came to",
		"internal/domain/outbox.Sweep":          "addresses whose time has run out",
		"internal/domain/worklist.sendDigest":   "the letter is its own record",
		"internal/domain/outbox.SweepSettled":   "letters whose time has run out",
		"internal/domain/identity.SweepNotices": "one's own notices, read long ago",
	}
}

// writesRecorded finds functions of the domain that begin a write in which nothing adds
// to the audit, neither they nor what they call in their own package.
func writesRecorded(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		if !strings.HasPrefix(p.dir, "internal/domain/") {
			continue
		}
		bodies := map[string][]*ast.FuncDecl{}
		for _, f := range p.own() {
			for _, d := range f.syntax.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					bodies[fn.Name.Name] = append(bodies[fn.Name.Name], fn)
				}
			}
		}
		for name, fns := range bodies {
			for _, fn := range fns {
				if _, excused := unrecorded()[p.dir+"."+name]; !excused && callsWrite(fn) && !records(bodies, name, map[string]bool{}) {
					all = append(all, t.at(fn, "%s writes and leaves no record in the audit", name))
				}
			}
		}
	}
	return all
}

// callsWrite tells whether a function begins a transaction: db.Write(ctx, func …).
func callsWrite(fn *ast.FuncDecl) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 2 && calledName(call) == "Write" {
			_, literal := call.Args[1].(*ast.FuncLit)
			found = found || literal
		}
		return !found
	})
	return found
}

// records tells whether a function, or one that it calls by name, adds to the audit.
func records(bodies map[string][]*ast.FuncDecl, name string, seen map[string]bool) bool {
	if seen[name] {
		return false
	}
	seen[name] = true
	found := false
	for _, fn := range bodies[name] {
		ast.Inspect(fn, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if ok && (addsToLog(call) || records(bodies, calledName(call), seen)) {
				found = true
			}
			return !found
		})
	}
	return found
}

// addsToLog is log.Add(…) or Log.Add(…), of whatever holds the log.
func addsToLog(call *ast.CallExpr) bool {
	add, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || add.Sel.Name != "Add" || len(call.Args) != 6 {
		return false
	}
	switch on := add.X.(type) {
	case *ast.SelectorExpr:
		return strings.EqualFold(on.Sel.Name, "log")
	case *ast.Ident:
		return strings.EqualFold(on.Name, "log")
	}
	return false
}

func calledName(call *ast.CallExpr) string {
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		return fn.Name
	case *ast.SelectorExpr:
		return fn.Sel.Name
	}
	return ""
}

func plantedAudit() []planted {
	const head = "// Package org keeps units.\npackage org\n\nimport (\n\t\"context\"\n\n\t\"github.com/nhanrong/nhanrong/internal/platform/db\"\n)\n\n"
	return []planted{{
		"every write leaves its record", "a verb without one", "internal/domain/org/org.go", map[string]string{
			"internal/domain/org/org.go": head + `// Service is the capability.
type Service struct{ db *db.DB }

func (s *Service) quiet(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return nil })
}

func (s *Service) told(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.note(ctx, tx) })
}

func (s *Service) note(ctx context.Context, tx *db.Tx) error { return s.log.Add(ctx, tx, who, "a", on, nil) }
`,
		},
	}}
}
