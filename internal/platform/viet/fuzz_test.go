package viet_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// FuzzDecimal: a number that is read is written so that it is read again as the same.
func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"", "1.234,5", "12", "-0,5", "−3", "12.5", "0.125", "1 000", "999999999999,9999", "١٢", "1,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		n, err := viet.ParseDecimal(raw)
		if err != nil {
			return
		}
		if again, err := viet.ParseDecimal(n.String()); err != nil || again != n {
			t.Errorf("%q is %v, and that is read as %v, %v", raw, n, again, err)
		}
	})
}
