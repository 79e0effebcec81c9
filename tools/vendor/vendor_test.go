package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsHereIsWhatTheLockSays(t *testing.T) {
	if err := run(options{check: true}); err != nil {
		t.Fatal(err)
	}
}

// tarball is an npm package with one file.
func tarball(t *testing.T, name, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	head := &tar.Header{Name: "package/" + name, Mode: 0o644, Size: int64(len(body)), Typeflag: tar.TypeReg}
	if err := w.WriteHeader(head); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []func() error{w.Close, z.Close} {
		if err := c(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func serve(t *testing.T, raw []byte) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/@scope/thing/-/thing-1.2.3.tgz" {
			http.NotFound(w, r)
			return
		}
		if _, err := w.Write(raw); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(s.Close)
	t.Setenv("NPM_CONFIG_REGISTRY", s.URL+"/")
}

func thing(raw []byte) pkg {
	return pkg{
		Name: "@scope/thing", Version: "1.2.3", Integrity: integrity(raw),
		Files: []file{{From: "a/b.svg", To: "out/b.svg", SHA256: sum([]byte("<svg/>"))}},
	}
}

func TestInstallPicksAFile(t *testing.T) {
	raw, root := tarball(t, "a/b.svg", "<svg/>"), t.TempDir()
	serve(t, raw)
	p := thing(raw)
	if err := p.install(root, false); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, "out", "b.svg"))
	if err != nil || string(got) != "<svg/>" {
		t.Errorf("%q, %v", got, err)
	}
	if err := p.check(root); err != nil {
		t.Error(err)
	}
}

func TestInstallRefusesAnotherTarball(t *testing.T) {
	serve(t, tarball(t, "a/b.svg", "<svg>changed</svg>"))
	p, root := thing(tarball(t, "a/b.svg", "<svg/>")), t.TempDir()
	for _, relock := range []bool{false, true} {
		err := p.install(root, relock)
		if err == nil || !strings.Contains(err.Error(), "checksum") {
			t.Errorf("relock %v: %v", relock, err)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "out")); err == nil {
		t.Error("it wrote a file all the same")
	}
}

func TestInner(t *testing.T) {
	got, err := inner("<!-- x -->\n<svg\n class=\"a\"\n>\n  <path d=\"M1 1\" />\n  <circle r=\"2\" />\n</svg>")
	if want := `<path d="M1 1"/><circle r="2"/>`; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := inner("nothing"); err == nil {
		t.Error("no error without an svg element")
	}
}
