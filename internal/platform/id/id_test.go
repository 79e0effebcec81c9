package id_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/id"
)

func TestAfter(t *testing.T) {
	for _, c := range []struct{ made, last, want string }{
		{"0192-7b", "", "0192-7b"},
		{"0192-7b", "0192-7a", "0192-7b"},
		{"0192-7b", "0192-7b", "0192-7c"},
		{"0191-00", "0192-79", "0192-7a"},
		{"0191-00", "0192-ff", "0193-00"},
		{"", "ff", "ff0"},
	} {
		got := id.After(c.made, c.last)
		if got != c.want {
			t.Errorf("%q after %q is %q, want %q", c.made, c.last, got, c.want)
		}
	}
	last := id.Random()
	for range 1000 {
		next := id.After("0", last)
		if next <= last || len(next) != len(last) {
			t.Fatalf("%s comes after %s", next, last)
		}
		last = next
	}
}
