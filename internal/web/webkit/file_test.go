package webkit_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// fileRoutes are those of the site that take and send files.
func (s *site) fileRoutes() []webkit.Route {
	return []webkit.Route{
		{Method: "POST", Pattern: "/files", Right: identity.RightRead, MaxBody: 64 << 20, Handle: func(w http.ResponseWriter, r *http.Request) error {
			until, _ := r.Context().Deadline()
			file, ok, err := webkit.File(r, "file")
			if err != nil || !ok {
				return text(w, "%t %v", ok, err)
			}
			defer file.Close()
			raw, err := io.ReadAll(file)
			return text(w, "%q %d %q %v %t", file.Name, file.Size, raw, err, until.Sub(clock.System()) > 8*time.Minute)
		}},
		{Method: "GET", Pattern: "/files", Public: true, MaxAnswer: 64 << 20, Handle: func(w http.ResponseWriter, r *http.Request) error {
			content := io.Reader(strings.NewReader("0123456789"))
			switch r.URL.Query().Get("broken") {
			case "first":
				content = io.MultiReader(broken{}, content)
			case "later":
				content = io.MultiReader(strings.NewReader(strings.Repeat("x", 100_000)), broken{})
			}
			return webkit.Download(w, r, webkit.Attachment{Name: "a.txt", Type: "text/plain", Size: 10, Content: content})
		}},
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

func (s *site) upload(fields string, content []byte) answer {
	s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(s.t, w.WriteField("name", fields))
	part, err := w.CreateFormFile("file", "kế hoạch.pdf")
	must(s.t, err)
	_, err = part.Write(content)
	must(s.t, err)
	must(s.t, w.Close())
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+"/files", &body)
	must(s.t, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Referer", s.URL+"/form")
	return s.do(s.client, req)
}

func TestAFileIsTakenFromWhoMaySendIt(t *testing.T) {
	s := newSite(t)
	s.upload("Mô hình", make([]byte, 3<<20)).want(t, 303, "/login")
	s.signIn().want(t, 303, "/form")
	s.get("/form").want(t, 200, `form "Mô hình" "" 1`) // the field waited, the file did not
	s.upload("", []byte("nội dung")).want(t, 200, `"kế hoạch.pdf" 10 "nội dung" <nil> true`)
	if strings.Contains(s.log(), "give a file its time") {
		t.Errorf("the connection keeps its short time:\n%s", s.log())
	}
}

func TestHalfAFileDoesNotLookLikeAWholeOne(t *testing.T) {
	s := newSite(t)
	a := s.get("/files")
	a.want(t, 200, "0123456789")
	if a.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox; frame-ancestors 'none'" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", a.Header)
	}
	b := s.get("/files?broken=first")
	b.want(t, 500)
	if b.Header.Get("Content-Disposition") != "" || b.Header.Get("Content-Security-Policy") != webkit.Policy {
		t.Errorf("%v", b.Header)
	}
	res, err := http.Get(s.URL + "/files?broken=later")
	if err == nil {
		_, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if err == nil || strings.Count(s.log(), "the disk is gone") < 2 { // the client may have tried twice
		t.Errorf("%v, and the log says\n%s", err, s.log())
	}
}

func TestDisposition(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"kh.pdf", `attachment; filename="kh.pdf"; filename*=UTF-8''kh.pdf`},
		{"Đề án.PDF", `attachment; filename="De an.PDF"; filename*=UTF-8''%C4%90%E1%BB%81%20%C3%A1n.PDF`},
		{`a"b\c/d;e.pdf`, `attachment; filename="a_b_c_d;e.pdf"; filename*=UTF-8''a_b_c_d%3Be.pdf`},
		{"a\r\nX: y.pdf", `attachment; filename="a__X_ y.pdf"; filename*=UTF-8''a__X_%20y.pdf`},
		{"a.exe", `attachment; filename="a.exe.pdf"; filename*=UTF-8''a.exe.pdf`},
		{"", `attachment; filename=".pdf"; filename*=UTF-8''.pdf`},
		{"100%.pdf", `attachment; filename="100_.pdf"; filename*=UTF-8''100%25.pdf`},
	} {
		if got := webkit.Disposition(c.name, ".pdf"); got != c.want {
			t.Errorf("%q\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzDisposition(f *testing.F) {
	for _, name := range []string{"Kế hoạch.pdf", `a";b=c`, "\r\n", "\xff", "%41"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := webkit.Disposition(name, ".pdf")
		kind, params, err := mime.ParseMediaType(got)
		if err != nil || kind != "attachment" || len(params) != 1 || strings.ContainsAny(got, "\r\n\x00") {
			t.Errorf("%q gives %s: %s %v, %v", name, got, kind, params, err)
		}
		if !strings.HasSuffix(strings.ToLower(params["filename"]), ".pdf") || strings.ContainsAny(params["filename"], `/\"`) {
			t.Errorf("%q is laid down as %q", name, params["filename"])
		}
	})
}
