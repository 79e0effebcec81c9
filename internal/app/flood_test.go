package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// listen serves the house by the server that the program uses, changed for the test.
func (a *attacker) listen(change func(*http.Server)) string {
	a.t.Helper()
	l, err := (&net.ListenConfig{}).Listen(a.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		a.t.Fatal(err)
	}
	server := webkit.Server(a.site.Config.Handler, "")
	change(server)
	go server.Serve(l)
	a.t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// raw opens a connection and sends bytes as they are.
func raw(t *testing.T, addr, text string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn
}

// status reads the status of the answer; 0 where the connection was closed without one.
func status(conn net.Conn) int {
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}

// TestTwoGigabytes sends two gigabytes to every address that takes a post, as every kind
// of body, with their length and without. All are refused early, and memory stays flat.
func TestTwoGigabytes(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	a := newAttacker(t, h, "quantri")
	addr := a.listen(func(*http.Server) {})
	site, err := url.Parse(a.site.URL)
	if err != nil {
		t.Fatal(err)
	}
	cookie := a.Jar().Cookies(site)[0].String()
	before := heap()
	for i, to := range postAddresses(t, a) {
		path := to.path
		for j, kind := range []string{formType, "multipart/form-data; boundary=b", "application/json", "application/octet-stream", "text/plain"} {
			if (i+j)%3 == 0 { // every address gets most kinds, every kind goes to most addresses
				continue
			}
			head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nX-Forwarded-For: 10.9.%d.%d\r\nContent-Type: %s\r\n", path, cookie, i, j, kind)
			declared := raw(t, addr, head+"Content-Length: "+strconv.Itoa(2<<30)+"\r\n\r\nname=x")
			if got := status(declared); got != http.StatusRequestEntityTooLarge {
				t.Errorf("%s answers %d to two gigabytes of %s", path, got, kind)
			}
			declared.Close()
			if j < 2 && i%5 == 0 { // the server waits half a second before it closes a connection that still sends
				if sent := pour(t, addr, head); sent > int(to.most)+32<<20 {
					t.Errorf("%s takes %d MB, and %d MB went out before the server had enough", path, to.most>>20, sent>>20)
				}
			}
		}
	}
	if grown := heap() - before; grown > 64<<20 {
		t.Errorf("memory grew by %d MB", grown>>20)
	}
}

// target is an address with the size of the body that it takes.
type target struct {
	path string
	most int64
}

func postAddresses(t *testing.T, a *attacker) []target {
	t.Helper()
	h := a.house
	var all []target
	for _, rt := range apptest.Web(t, h).Routes {
		if rt.Method == http.MethodPost && rt.Pattern != "/logout" {
			all = append(all, target{fill(t, h, rt.Pattern), max(rt.MaxBody, apptest.Config(t).MaxBody)})
		}
	}
	return all
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// pour sends chunks without end until the server closes the connection, and gives the
// number of bytes that it took.
func pour(t *testing.T, addr, head string) int {
	t.Helper()
	conn := raw(t, addr, head+"Transfer-Encoding: chunked\r\n\r\n")
	defer conn.Close()
	chunk := strings.Repeat("a", 1<<16)
	frame := fmt.Sprintf("%x\r\n%s\r\n", len(chunk), chunk)
	for n := 0; n < 2<<30; n += len(chunk) {
		if _, err := io.WriteString(conn, frame); err != nil {
			return n
		}
	}
	return 2 << 30
}

// TestStrangersFormsAreBounded posts forms to the desk and looks at the sign-in page without
// an account: hardly anything is kept, and what an officer typed just before still is.
func TestStrangersFormsAreBounded(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		site := apptest.Serve(t, h)
		rows := func() (n, bytes int) {
			err := db.Each(t.Context(), h.DB, func(row db.Row) error { return row.Scan(&n, &bytes) },
				`SELECT count(*), coalesce(sum(length(data)), 0) FROM identity_session`)
			if err != nil {
				t.Fatal(err)
			}
			return n, bytes
		}
		for i := range 50 {
			a := apptest.Visitor(t, site).Get("/login?next=" + url.QueryEscape(fmt.Sprintf("/admin/entries/%d", i)))
			if a.Status != http.StatusOK || a.Header.Get("Set-Cookie") != "" || !strings.Contains(a.Body, fmt.Sprintf(`value="/admin/entries/%d"`, i)) {
				t.Fatalf("the sign-in page: %d %v", a.Status, a.Header)
			}
		}
		for _, evil := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "/x\r\nSet-Cookie: a=b"} {
			if a := apptest.Visitor(t, site).Get("/login?next=" + url.QueryEscape(evil)); strings.Contains(a.Body, "evil.example") || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("the sign-in page takes %q", evil)
			}
		}
		if n, _ := rows(); n != 0 {
			t.Errorf("%d sessions were made by who merely looked", n)
		}
		text := strings.Repeat("Mô hình ghế đá. ", 2500) // some 52 KB
		honest := apptest.Visitor(t, site)
		honest.Post("/admin/units/new", url.Values{"name": {text}, "_page": {"/admin/units/new"}})
		for range 100 {
			apptest.Visitor(t, site).Post("/admin/units/new", url.Values{"name": {text}, "_page": {"/admin/units/new"}})
		}
		n, bytes := rows()
		if n == 0 || n > 20 || bytes > 1<<20 {
			t.Errorf("%d sessions of %d bytes are kept of one network", n, bytes)
		}
		typed := apptest.Visitor(t, site)
		typed.Post("/admin/units/new", url.Values{"name": {"Tổ dân phố mới"}, "_page": {"/admin/units/new"}})
		signed := typed.Post("/login", url.Values{"login": {"quantri"}, "password": {sample.Password}})
		if signed.Location != "/admin/units/new" || !strings.Contains(typed.Get(signed.Location).Body, "Tổ dân phố mới") {
			t.Errorf("what was typed is lost: %s", signed.Location)
		}
		again := apptest.Visitor(t, site).Post("/login", url.Values{"login": {"quantri"}, "password": {sample.Password}, "next": {"/admin/units"}})
		evil := apptest.Visitor(t, site).Post("/login", url.Values{"login": {"quantri"}, "password": {sample.Password}, "next": {"//evil.example"}})
		if again.Location != "/admin/units" || evil.Location != "/admin" {
			t.Errorf("the sign-in leads to %s and %s", again.Location, evil.Location)
		}
	})
}

// TestSlowClients: who sends headers or a body drop by drop is cut off.
func TestSlowClients(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	a := newAttacker(t, h, "quantri")
	if s := webkit.Server(nil, ""); s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes > 64<<10 {
		t.Errorf("the server is patient without end: %+v", s)
	}
	addr := a.listen(func(s *http.Server) { s.ReadHeaderTimeout, s.ReadTimeout = 200*time.Millisecond, 400*time.Millisecond })
	begin := time.Now()
	for name, text := range map[string]string{
		"headers": "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
		"body":    "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: " + formType + "\r\nContent-Length: 1000\r\n\r\nlogin=canbo",
		"chunks":  "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: " + formType + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nlogin\r\n",
	} {
		if got := status(raw(t, addr, text)); got >= 500 || got == http.StatusOK {
			t.Errorf("slow %s are answered %d", name, got)
		}
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("slow clients held on for %s", took)
	}
	huge := "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 100<<10) + "\r\n\r\n"
	if got := status(raw(t, addr, huge)); got != http.StatusRequestHeaderFieldsTooLarge && got != 0 {
		t.Errorf("a header of 100 KB is answered %d", got)
	}
}

// TestBodiesThatAreNoForms: another kind of content, or more fields than any form has,
// is refused or read as an empty form; it is no fault of the program and writes nothing.
func TestBodiesThatAreNoForms(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		a := newAttacker(t, h, "quantri")
		before := countActs(t, h.DB)
		many := "title=x" + strings.Repeat("&f=1", 20_000)
		for _, body := range [][2]string{
			{`{"title":"x","sure":"1"}`, "application/json"},
			{`{"title":`, "application/json; charset=utf-16"},
			{"title=x", "text/plain"},
			{"<form/>", "application/xml"},
			{"title=x", "no kind at all;;"},
			{"title=x", "multipart/form-data"},
			{"--b\r\n\r\n", "multipart/form-data; boundary=b"},
			{"title=%zz", formType},
			{"title=x;unit=y", formType},
			{many, formType},
			{"", ""},
		} {
			for _, path := range []string{"/admin/entries/new", "/admin/decisions/new", "/admin/units/new", "/admin/entries/steps", "/login"} {
				if got := a.do(http.MethodPost, path, body[0], body[1]).Status; got < 300 || got >= 500 || (got < 400 && path != "/admin/entries/steps") && got != http.StatusNotFound {
					t.Errorf("%s answers %d to %.30q as %q", path, got, body[0], body[1])
				}
			}
		}
		if after := countActs(t, h.DB); after != before {
			t.Errorf("%d acts were written", after-before)
		}
	})
}

func countActs(t *testing.T, d *db.DB) int {
	t.Helper()
	n, err := db.One(t.Context(), d, db.Int, `SELECT count(*) FROM ledger_act`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
