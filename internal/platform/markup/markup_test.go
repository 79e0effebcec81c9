package markup_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/markup"
)

func TestCleanLetsThroughWhatAnArticleIsMadeOf(t *testing.T) {
	for _, kept := range []string{
		`<h2>Đề mục</h2><h3>Nhỏ</h3><p>Chữ <strong>đậm</strong>, <em>nghiêng</em>, H<sub>2</sub>O</p>`,
		`<ul><li><p>một</p></li></ul><ol><li>hai</li></ol><blockquote><p>Lời dân.</p></blockquote><hr>`,
		`<p><data value="HK-2024/2024-09-30/found/total">397</data> gương</p>`,
		`<table><tbody><tr><th scope="col">Phố</th></tr><tr><td colspan="1" rowspan="1"><p>Hàng Mã</p></td></tr></tbody></table>`,
		`<p><a href="/practices/HK-1">mô hình</a></p>`,
		`<p>Trước.</p><figure data-photo="0192-ab"></figure><p>Sau.</p>`,
	} {
		if got := markup.Clean(kept); got != kept {
			t.Errorf("%s became %s", kept, got)
		}
	}
	for _, bad := range []string{
		`<script>planted()</script>`, `<p onclick="planted()">x</p>`, `<a href="javascript:planted()">x</a>`, `<img src="https://planted.example/x.png">`,
		`<p style="background:url(//planted)">x</p>`, `<iframe src="/planted"></iframe>`, `<svg onload="planted()"></svg>`, `<style>planted{}</style>`,
		`<img src="/media/../planted/960.jpg">`, `<data value="x&quot; planted">1</data>`, `<a href="data:text/html,planted">x</a>`,
		`<figure data-photo="x&quot; onload=planted()"></figure>`, `<figure data-photo="x" onload="planted()"><script>planted()</script></figure>`,
		`<figure data-photo="x"><img src="/media/planted/960.jpg"><figcaption>planted</figcaption></figure>`,
		`<figure data-photo="x"><figure data-photo="planted"></figure>planted</figure>`, `<div data-photo="planted"></div>`, `<figure class="planted"></figure>`,
	} {
		if got := markup.Clean(bad); strings.Contains(got, "planted") {
			t.Errorf("%s became %s", bad, got)
		}
	}
}

func TestPartsJoinToTheWhole(t *testing.T) {
	clean := markup.Clean(`<p>Một</p><figure data-photo="a"><p>cũ</p></figure><figure data-photo="b"></figure><blockquote><p>hai</p><figure data-photo="a"></figure></blockquote>` +
		`<p>&lt;figure data-photo="c"&gt;&lt;/figure&gt;</p>`)
	whole, photos := "", []string{}
	for _, part := range markup.Parts(clean) {
		if whole += part.HTML; part.Photo != "" {
			whole += markup.PhotoPlace(part.Photo)
			photos = append(photos, part.Photo)
		}
	}
	if whole != clean || !slices.Equal(photos, []string{"a", "b", "a"}) || !slices.Equal(markup.Photos(clean), photos) {
		t.Errorf("%s has %v and joins to %s", clean, photos, whole)
	}
	if got := markup.Clean(`<figure data-photo="x"><p>Chữ còn đây</p>`); !strings.Contains(got, "Chữ còn đây") {
		t.Errorf("a forgotten end takes the text with it: %s", got)
	}
	if got := markup.Text(clean); strings.Contains(got, "cũ") {
		t.Errorf("what stood in a place is kept: %s", got)
	}
}

func TestTextAndLines(t *testing.T) {
	const fragment = "<h2>Việc\n làng</h2><ul><li>một &amp; hai</li><li><p>b<strong>a</strong></p></li></ul>"
	if got := markup.Text(fragment); got != "Việc làng một & hai ba" {
		t.Errorf("%q", got)
	}
	if got := markup.Lines(fragment); got != "Việc làng\nmột & hai\nba" {
		t.Errorf("%q", got)
	}
}
