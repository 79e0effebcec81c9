package viet_test

import (
	"errors"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

func TestDecimalsAsVietnameseWritesThem(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "  ": "", "0": "0", "486": "486", "1234": "1.234", "1.234": "1.234", "1.234,5": "1.234,5", "1 234,50": "1.234,5",
		"-42": "−42", "−42,25": "−42,25", "0,0001": "0,0001", "007": "7", "-0": "0", "999.999.999.999,9999": "999.999.999.999,9999",
		"250.000.000": "250.000.000", "1\u00a0000": "1.000",
	} {
		d, err := viet.ParseDecimal(typed)
		if err != nil || d.String() != want {
			t.Errorf("%q: %q, %v; want %q", typed, d.String(), err, want)
		}
		again, err := viet.ParseDecimal(d.String())
		if err != nil || again != d {
			t.Errorf("%q comes back as %v, %v", typed, again, err)
		}
		var stored viet.Decimal
		if err := stored.Scan(d.Stored()); err != nil || stored != d {
			t.Errorf("%q is stored as %v, %v", typed, stored, err)
		}
	}
	for _, typed := range []string{"12.5", "0.125", "1 2", "1 23 456", "-0.500", "012.500", "1.23", "1,234.5", "5%", "một", "1,", ",5", "--1", "1.2345", "+1", "1e3", "١"} {
		if _, err := viet.ParseDecimal(typed); !errors.Is(err, viet.ErrNumber) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	for _, typed := range []string{"0,00001", "1000000000000"} {
		if _, err := viet.ParseDecimal(typed); !errors.Is(err, viet.ErrPlaces) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if d, _ := viet.ParseDecimal("-1.234,5"); d.Format(",", ".") != "−1,234.5" || d.Float() != -1234.5 || !d.Negative() || d.IsWhole() {
		t.Errorf("%+v", d)
	}
	if viet.Whole(5) == (viet.Decimal{}) || viet.Whole(0) == (viet.Decimal{}) {
		t.Error("nought is not nothing")
	}
}
