package places_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/places"
)

func known(t *testing.T) *places.List {
	t.Helper()
	l, err := places.Known()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestTheKnownList holds the list against the numbers of Resolution 202/2025/QH15 and of
// the decisions on its communes: 34 and 3,321, of them 126 in Hà Nội.
func TestTheKnownList(t *testing.T) {
	l := known(t)
	kinds := map[string]int{}
	communes := 0
	for _, p := range l.Provinces {
		communes += len(p.Communes)
		for _, c := range p.Communes {
			kind, _, _ := strings.Cut(c.Name, " ")
			kinds[kind]++
		}
	}
	if len(l.Provinces) != 34 || communes != 3321 || len(l.Province("01").Communes) != 126 {
		t.Errorf("%d provinces, %d communes, %d in Hà Nội", len(l.Provinces), communes, len(l.Province("01").Communes))
	}
	if kinds["Xã"] != 2621 || kinds["Phường"] != 687 || kinds["Đặc"] != 13 {
		t.Errorf("kinds: %v", kinds)
	}
}

func TestSearch(t *testing.T) {
	l := known(t)
	for _, q := range []struct{ province, text, want, by string }{
		{"", "hoan kiem", "00070", ""},
		{"", "Hàng Bông", "00070", "Phường Hàng Bông"},
		{"", "HÀNG BÔ", "00070", "Phường Hàng Bông"},
		{"01", "ba dinh", "00004", ""},
		{"77", "ba dinh", "", ""},
		{"", "khong co noi nay", "", ""},
	} {
		found := l.Search(q.province, q.text, 5)
		if q.want == "" {
			if len(found) != 0 {
				t.Errorf("%q in %q finds %s", q.text, q.province, found[0].Name)
			}
			continue
		}
		if len(found) == 0 || found[0].Code != q.want || found[0].By.Name != q.by {
			t.Errorf("%q finds %+v", q.text, found)
		}
	}
	if n := len(l.Search("", "phường", 7)); n != 7 {
		t.Errorf("%d found where 7 were wanted", n)
	}
}

func TestWhatIsNoList(t *testing.T) {
	for _, text := range []string{
		"", "# nothing\n", "P\t01\n", "C\t00001\tXã A\n", "P\t01\tTỉnh A\nC\t1\tXã B\nC\t1\tXã C\n", "P\t01\tTỉnh A\nC\t1\tXã B\nF\tXã C\t2\n",
		"X\t1\t2\n", "P\t01\t\xff\n", "P\t01\t" + strings.Repeat("a", 300) + "\n", strings.Repeat("# \n", 200_000),
	} {
		if _, err := places.Read(strings.NewReader(text)); !errors.Is(err, places.ErrList) || strings.Contains(err.Error(), "%!") {
			t.Errorf("%.40q is read: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("P\t01\tTỉnh A\nC\t00001\tXã B\nD\tTỉnh A\tHuyện C\nF\tXã D\t00001\n")
	f.Add("# only a remark\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := places.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, found := range l.Search("", "a", 10) {
			if l.Commune(found.Code) != found.Commune {
				t.Errorf("%s is not found by its code", found.Code)
			}
		}
	})
}
