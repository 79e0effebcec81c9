package webkit_test

import (
	"net/url"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// FuzzForm: whatever stands in a field, what is read of it is sound, within its bound, or
// is told.
func FuzzForm(f *testing.F) {
	for _, s := range []string{"", "Mô hình", "2024-02-30", "30/02/2024", "1/9/2024", "1.234,5", "12.5", "-3", "99999999999999999999", "a\x00b", "\xff", "  a\r\n b ", "Kê\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		form := webkit.FormReader{Values: url.Values{"f": {raw}}}
		if text := form.Text("f", 50); form.Err() == nil && (!utf8.ValidString(text) || !norm.NFC.IsNormalString(text) || utf8.RuneCountInString(text) > 50) {
			t.Errorf("%q is read as the text %q", raw, text)
		}
		form = webkit.FormReader{Values: url.Values{"f": {raw}}}
		if day := form.Date("f"); form.Err() == nil && day != 0 && (day.Year() < 1 || day.Year() > 9999) {
			t.Errorf("%q is read as the day %v", raw, day)
		}
		form = webkit.FormReader{Values: url.Values{"f": {raw}}}
		if n := form.Int("f", 1, 10); form.Err() == nil && n != 0 && (n < 1 || n > 10) {
			t.Errorf("%q is read as the number %d", raw, n)
		}
		form = webkit.FormReader{Values: url.Values{"f": {raw}}}
		_, _, _ = form.Decimal("f"), form.Choice("f", "a", "b"), form.Texts("f", 5)
	})
}
