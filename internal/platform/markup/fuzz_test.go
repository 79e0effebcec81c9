package markup_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/nhanrong/nhanrong/internal/platform/markup"
)

// FuzzClean: whatever comes, what is kept holds no script, no handler and no foreign
// picture, and cleaning it once more changes nothing.
func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"<p>Mô hình</p>", `<p onclick="x()">a</p><script>alert(1)</script>`, `<a href="javascript:alert(1)">b</a>`, `<img src=x onerror=alert(1)>`,
		`<figure data-photo="01a2"></figure>`, `<svg><style><img src=x onerror=alert(1)></style></svg>`, `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
		`<data value="HK-2024/recognised">397</data>`, "<table><tr><td colspan=2>1</table>", "<p>a<p>b</p", "&lt;script&gt;", "\x00<b>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		kept := markup.Clean(raw)
		if again := markup.Clean(kept); again != kept {
			t.Errorf("%q is cleaned to %q and then to %q", raw, kept, again)
		}
		for z := html.NewTokenizer(strings.NewReader(kept)); ; {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			harmless(t, raw, z.Token())
		}
		_, _, _ = markup.Text(kept), markup.Lines(kept), markup.Parts(kept)
	})
}

// harmless looks at one mark of what was kept.
func harmless(t *testing.T, raw string, token html.Token) {
	t.Helper()
	switch token.Data {
	case "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "base", "link", "meta", "template":
		if token.Type != html.TextToken {
			t.Errorf("%q lets <%s> through", raw, token.Data)
		}
	}
	for _, a := range token.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Val))
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" && !strings.HasPrefix(value, "/media/") ||
			a.Key == "href" && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "vbscript:")) {
			t.Errorf("%q lets %s=%q through", raw, a.Key, a.Val)
		}
	}
}
