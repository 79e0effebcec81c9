package viet_test

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

func TestTonesAgree(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"hoá", "hóa"},
		{"hóa", "hóa"},
		{"Văn hoá – xã hội", "Văn hóa – xã hội"},
		{"thuý", "thúy"},
		{"Thúy", "Thúy"},
		{"khoẻ", "khỏe"},
		{"DÂN VẬN KHOẺ", "DÂN VẬN KHỎE"},
		{"quý", "quý"},
		{"qúy", "quý"},
		{"Quỹ", "Quỹ"},
		{"hòan", "hoàn"},
		{"Hoàn Kiếm", "Hoàn Kiếm"},
		{"tiêu biểu", "tiêu biểu"},
		{"thuở", "thuở"},
		{"thủơ", "thuở"},
		{"khuỷu", "khuỷu"},
		{"ngoài", "ngoài"},
		{"già", "già"},
		{"gìa", "già"},
		{"gì", "gì"},
		{"giếng", "giếng"},
		{"mía của mùa", "mía của mùa"},
		{"quốc", "quốc"},
		{"chuyện", "chuyện"},
		{"được", "được"},
		{"cứu", "cứu"},
		{"café, Zoë, Gómez", "café, Zoë, Gómez"},
		{norm.NFD.String("Tòan dân"), "Toàn dân"},
		{"", ""},
		{"a\xffó", "a\xffó"},
	} {
		if got := viet.Tones(tc.in); got != tc.want {
			t.Errorf("Tones(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"Dân vận khéo", "dan van kheo"},
		{norm.NFD.String("Dân vận khéo"), "dan van kheo"},
		{"  Đống\tĐa \n", "dong da"},
		{"ÐẶNG ƉỨC ðạt ɖo", "dang duc dat do"},
		{"ƯƠNG ươn", "uong uon"},
		{"Số 12/QĐ-UBND", "so 12/qd-ubnd"},
		{"", ""},
		{" \u00a0 ", ""},
	} {
		if got := viet.Fold(tc.in); got != tc.want {
			t.Errorf("Fold(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestSortKeyOrdersAsReadersExpect(t *testing.T) {
	rising := []string{
		"", "1", "2", "10", "a", "à", "ả", "ã", "á", "ạ", "An", "An Bình", "Anh", "ă", "â", "b", "Cửa Đông", "Cửa Nam",
		"dân", "đan", "Đống Đa", "e", "ê", "Hàng Bạc", "Hàng Bồ", "hoa", "hóa", "họa", "o", "ô", "ơ",
		"Tổ 2", "Tổ 10", "Tổ 10 phường", "Tổ 200", "u", "ư", "w", "y", "z",
	}
	for i := range len(rising) - 1 {
		if viet.SortKey(rising[i]) >= viet.SortKey(rising[i+1]) {
			t.Errorf("%q does not sort before %q: %q, %q", rising[i], rising[i+1], viet.SortKey(rising[i]), viet.SortKey(rising[i+1]))
		}
	}
	for _, same := range [][2]string{{"hoá", "hóa"}, {"HÓA", "hóa"}, {norm.NFD.String("Đặng"), "Đặng"}, {" a  b ", "a b"}, {"Tổ 02", "Tổ 2"}} {
		if viet.SortKey(same[0]) != viet.SortKey(same[1]) {
			t.Errorf("%q and %q sort apart", same[0], same[1])
		}
	}
}

func TestSortKeyTellsLongNamesApart(t *testing.T) {
	a := viet.SortKey("Chi hội Phụ nữ tổ dân phố số 7 phường Hàng Bạc quận Hoàn Kiếm")
	b := viet.SortKey("Chi hội Phụ nữ tổ dân phố số 7 phường Hàng Bạc quận Hai Bà Trưng")
	if a <= b || len(a) > viet.MaxSortKey {
		t.Errorf("%q, %q", a, b)
	}
}

func TestSortKeyByManyAtOnce(t *testing.T) {
	want := viet.SortKey("Nguyễn Văn Đức")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := viet.SortKey("Nguyễn Văn Đức"); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestPersonSortKey(t *testing.T) {
	names := []string{"Trần Thị Bích", "Nguyễn Văn An", "Lê An", "Hồ Đức", "Vũ Dũng", "Bích"}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(viet.PersonSortKey(a), viet.PersonSortKey(b)) })
	want := []string{"Lê An", "Nguyễn Văn An", "Bích", "Trần Thị Bích", "Vũ Dũng", "Hồ Đức"}
	if !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

func FuzzForms(f *testing.F) {
	for _, s := range []string{"Hoàn Kiếm", "hoá", "qúy", "ÐẶNG", "a\u0301\u0301", "\xff", "İstanbul", "ϴ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if tones := viet.Tones(s); viet.Tones(tones) != tones {
			t.Errorf("Tones is not settled: %q, %q", tones, viet.Tones(tones))
		}
		if fold := viet.Fold(s); viet.Fold(fold) != fold {
			t.Errorf("Fold is not settled: %q, %q", fold, viet.Fold(fold))
		}
		if utf8.ValidString(s) && viet.Fold(norm.NFD.String(s)) != viet.Fold(s) {
			t.Errorf("Fold differs for the decomposed form of %q", s)
		}
	})
}

// FuzzSortKey holds the short key against the collator itself: where the collator says
// less, the key may say less or equal, never more.
func FuzzSortKey(f *testing.F) {
	f.Add("Hoàn Kiếm", "Hoan Kiếm")
	f.Add("An", "An Bình")
	f.Add("đ", "d")
	f.Add("日本", "z")
	f.Add("a\u0337\u0301", "a\u0337")
	f.Fuzz(func(t *testing.T, a, b string) {
		ka, kb := viet.SortKey(a), viet.SortKey(b)
		for _, k := range []string{ka, kb} {
			if len(k) > viet.MaxSortKey || strings.IndexFunc(k, func(r rune) bool { return r < '!' || r > '~' }) >= 0 {
				t.Fatalf("bad key %q", k)
			}
		}
		if hasDigit(a + b) {
			return // numbers sort by their value, which the collator does not do
		}
		form := func(s string) string { return strings.Join(strings.Fields(viet.Tones(s)), " ") }
		want := collate.New(language.Vietnamese, collate.IgnoreCase).CompareString(form(a), form(b))
		if got := cmp.Compare(ka, kb); got != 0 && got != want {
			t.Errorf("%q %q: key says %d, collator says %d (%q, %q)", a, b, got, want, ka, kb)
		}
	})
}

// hasDigit also finds the digits that other characters hold, as in ½ or ④, and those of
// other alphabets.
func hasDigit(s string) bool {
	return strings.ContainsAny(norm.NFKD.String(s), "0123456789") || strings.ContainsFunc(s, unicode.IsNumber)
}

func BenchmarkSortKey(b *testing.B) {
	for b.Loop() {
		viet.SortKey("Chi hội Phụ nữ tổ dân phố số 7 phường Hàng Bạc")
	}
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"Đường hoa – “Sáng, xanh”": "duong-hoa-sang-xanh", "": "", "!?…": "", "<b>漢</b> 5/8": "b-b-5-8",
		"một hai ba bốn năm sáu bảy tám chín mười mười-một mười": "mot-hai-ba-bon-nam-sau-bay-tam-chin-muoi-muoi-mot",
	} {
		if got := viet.Slug(title); got != want {
			t.Errorf("Slug(%q) = %q", title, got)
		}
	}
}
