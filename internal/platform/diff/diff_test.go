package diff_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/diff"
)

func TestWords(t *testing.T) {
	for name, c := range map[string]struct {
		before, now string
		want        []diff.Piece
	}{
		"nothing":    {"", "", nil},
		"the same":   {"việc làng", "việc làng", []diff.Piece{{diff.Kept, "việc làng"}}},
		"all is new": {"", "việc làng", []diff.Piece{{diff.Added, "việc làng"}}},
		"one word":   {"phố Hàng Mã cũ", "phố Hàng Mắm cũ", []diff.Piece{{diff.Kept, "phố Hàng "}, {diff.Taken, "Mã "}, {diff.Added, "Mắm "}, {diff.Kept, "cũ"}}},
		"two places": {"a b c d e", "a x c e", []diff.Piece{{diff.Kept, "a "}, {diff.Taken, "b "}, {diff.Added, "x "}, {diff.Kept, "c "}, {diff.Taken, "d "}, {diff.Kept, "e"}}},
		"a new line": {"một\nhai", "một\nba\nhai", []diff.Piece{{diff.Kept, "một\n"}, {diff.Added, "ba\n"}, {diff.Kept, "hai"}}},
	} {
		if got := diff.Words(c.before, c.now); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// FuzzWords holds the pieces against both texts.
func FuzzWords(f *testing.F) {
	f.Add("một hai ba", "một ba bốn")
	f.Add("  a\n\nb ", "b a")
	f.Add(strings.Repeat("x ", 50), strings.Repeat("y x ", 30))
	f.Fuzz(func(t *testing.T, before, now string) {
		var a, b strings.Builder
		for _, p := range diff.Words(before, now) {
			if p.Kind != diff.Added {
				a.WriteString(p.Text)
			}
			if p.Kind != diff.Taken {
				b.WriteString(p.Text)
			}
		}
		if a.String() != before || b.String() != now {
			t.Errorf("%q and %q became %q and %q", before, now, a.String(), b.String())
		}
	})
}

func TestLongTextsAreBounded(t *testing.T) {
	got := diff.Words(strings.Repeat("một ", 50_000), strings.Repeat("hai ", 50_000))
	if len(got) != 2 || got[0].Kind != diff.Taken || got[1].Kind != diff.Added {
		t.Errorf("%d pieces", len(got))
	}
}
