package archtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func rules() []rule {
	return slices.Concat(floorRules(), sqlRules(), codeRules(), textRules(), auditRules())
}

// message is what a person reads where a rule does not hold.
func (r rule) message(f finding) string {
	return f.where + ": " + f.what + "\n\trule: " + r.name + "\n\twhy:  " + r.why
}

func TestTheHouseKeepsItsRules(t *testing.T) {
	house, err := parse(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules() {
		t.Run(strings.ReplaceAll(r.name, " ", "-"), func(t *testing.T) {
			for _, f := range r.check(house) {
				t.Error(r.message(f))
			}
		})
	}
}

func TestEdgesHaveNoCircle(t *testing.T) {
	all := edges()
	var walk func(from string, way []string)
	walk = func(from string, way []string) {
		if slices.Contains(way, from) {
			t.Fatalf("a circle: %s", strings.Join(append(way, from), " → "))
		}
		for _, to := range all[from] {
			if _, known := all[to]; !known {
				t.Errorf("%s → %s leads nowhere", from, to)
			}
			walk(to, append(slices.Clone(way), from))
		}
	}
	for from := range all {
		walk(from, nil)
	}
}

// The C library of SQLite is translated together with SQLite itself: another version of
// it compiles and then corrupts or crashes.
func TestLibcIsTheOneOfSQLite(t *testing.T) {
	ours, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	pattern := regexp.MustCompile(`(?m)^\s*(?:require\s+)?modernc\.org/libc (v\S+)`)
	have, want := pattern.FindSubmatch(ours), pattern.FindSubmatch(theirs)
	if have == nil || want == nil || string(have[1]) != string(want[1]) {
		t.Errorf("modernc.org/libc is %s, SQLite was made with %s", have, want)
	}
}
