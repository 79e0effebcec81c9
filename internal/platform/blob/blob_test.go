package blob_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/blob/blobtest"
)

func folder(t *testing.T, dir string) (*blob.Folder, *blobtest.Clock) {
	t.Helper()
	clock := &blobtest.Clock{}
	f, err := blob.OpenFolder(dir, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, clock
}

func at(dir string, ref blob.Ref) string {
	return filepath.Join(dir, ref.SHA256[:2], ref.SHA256[2:4], ref.SHA256)
}

func TestAFolderKeepsFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "files")
	f, clock := folder(t, dir)
	blobtest.Conform(t, blobtest.Subject{Store: f, Clock: clock, Damage: func(ref blob.Ref, content string) {
		if err := os.WriteFile(at(dir, ref), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}})
	left, err := os.ReadDir(filepath.Join(dir, "incoming"))
	if err != nil || len(left) > 0 {
		t.Errorf("left in incoming: %v, %v", left, err)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a right there that tests do not have")
	}
	dir, outside := t.TempDir(), t.TempDir()
	f, _ := folder(t, dir)
	const content = "bí mật của máy"
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	ref, err := f.Put(t.Context(), strings.NewReader(content), 100)
	if err != nil {
		t.Fatal(err)
	}
	inside := filepath.Join(dir, "copy")
	for _, target := range []string{secret, inside} {
		if err := errors.Join(os.WriteFile(inside, []byte(content), 0o600), os.Remove(at(dir, ref)), os.Symlink(target, at(dir, ref))); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Open(t.Context(), ref); !errors.Is(err, blob.ErrDamaged) {
			t.Errorf("a link to %s is read: %v", target, err)
		}
	}
	if _, err := f.Put(t.Context(), strings.NewReader(content), 100); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(at(dir, ref)); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the link stands: %v, %v", info, err)
	}
	// A folder that is a link leads nowhere, either.
	level := filepath.Dir(filepath.Dir(at(dir, ref)))
	if err := errors.Join(os.RemoveAll(level), os.Symlink(outside, level)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put(t.Context(), strings.NewReader(content), 100); err == nil {
		t.Error("a file was put through a link")
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 1 {
		t.Errorf("outside lie %v, %v", left, err)
	}
}

func TestWhatADeadWriterLeftIsSweptAway(t *testing.T) {
	dir := t.TempDir()
	f, clock := folder(t, dir)
	begun := filepath.Join(dir, "incoming", "BEGUN")
	if err := errors.Join(os.WriteFile(begun, []byte("nửa"), 0o600), os.Chtimes(begun, clock.Now(), clock.Now()), os.WriteFile(filepath.Join(dir, "README"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	sweep := func() int {
		t.Helper()
		n, err := f.Sweep(t.Context(), clock.Now().Add(-24*time.Hour), blobtest.Nothing)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := sweep(); n != 0 {
		t.Errorf("a file that is being written was removed: %d", n)
	}
	clock.Forward(25 * time.Hour)
	if n := sweep(); n != 1 {
		t.Errorf("removed %d", n)
	}
	if _, err := os.Stat(filepath.Join(dir, "README")); err != nil {
		t.Errorf("a file that is not ours is gone: %v", err)
	}
}

// TestAFullDisk fills a small file system of its own.
func TestAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := mountSmall(t, dir, 256<<10); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	f, _ := folder(t, dir)
	ref, err := f.Put(t.Context(), strings.NewReader("còn chỗ"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put(t.Context(), bytes.NewReader(make([]byte, 512<<10)), 1<<20); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("half a megabyte in a quarter: %v", err)
	}
	left, err := os.ReadDir(filepath.Join(dir, "incoming"))
	if err != nil || len(left) > 0 {
		t.Errorf("half a file stays: %v, %v", left, err)
	}
	in, err := f.Open(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := io.ReadAll(in); string(raw) != "còn chỗ" || errors.Join(err, in.Close()) != nil {
		t.Errorf("%q, %v", raw, err)
	}
	if _, err := f.Put(t.Context(), strings.NewReader("lại còn chỗ"), 1<<20); err != nil {
		t.Errorf("after a full disk: %v", err)
	}
}

func TestSniff(t *testing.T) {
	for _, kind := range []blob.Kind{blob.PDF, blob.DOCX, blob.XLSX, blob.JPEG, blob.PNG} {
		raw := blobtest.File(t, kind)
		got, err := blob.Sniff(bytes.NewReader(raw), int64(len(raw)))
		if err != nil || got != kind {
			t.Errorf("%s: %q, %v", kind, got, err)
		}
		for _, cut := range [][]byte{raw[:4], raw[:len(raw)/2], raw[1:]} {
			if kind == blob.PNG && len(cut) > 33 || kind == blob.JPEG && len(cut) > 200 && cut[0] == 0xff && cut[1] == 0xd8 {
				continue // its frame says nothing of its end
			}
			if got, err := blob.Sniff(bytes.NewReader(cut), int64(len(cut))); !errors.Is(err, blob.ErrKind) {
				t.Errorf("%d bytes of %s: %q, %v", len(cut), kind, got, err)
			}
		}
	}
	long := []string{"[Content_Types].xml", "word/document.xml"}
	for i := range 20_000 {
		long = append(long, "word/"+strings.Repeat("a", 20)+strings.Repeat("b", i%40))
	}
	for name, raw := range map[string][]byte{
		"nothing": nil, "text": []byte("Kế hoạch"), "page": []byte("<html><script>alert(1)</script>"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"program": []byte("MZ\x90\x00 %PDF-1.4 %%EOF"), "any zip": blobtest.Zip(t, "a.js", "b.html"), "half an office file": blobtest.Zip(t, "word/document.xml"),
		"macros":           blobtest.Zip(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
		"a long directory": blobtest.Zip(t, long...),
		"a bomb":           bomb(t, "xl/workbook.xml"),
		"a bomb of a text": bomb(t, "word/document.xml"),
		"behind a zip":     append(blobtest.File(t, blob.DOCX), "<script>"...),
		"before a zip":     append([]byte("PK\x03\x04#!/bin/sh\n"), blobtest.File(t, blob.DOCX)...),
		"an old Word file": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "gif": []byte("GIF89a"), "a PDF without its end": []byte("%PDF-1.7\n1 0 obj"),
	} {
		if got, err := blob.Sniff(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, blob.ErrKind) {
			t.Errorf("%s is taken for %q, %v", name, got, err)
		}
	}
}

// bomb is an office file of half a megabyte whose sheets unpack to more than half a
// gigabyte.
func bomb(t *testing.T, main string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range []string{"[Content_Types].xml", main, "xl/worksheets/sheet1.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(name, "sheet1") {
			continue
		}
		for range 513 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 1<<20 {
		t.Fatalf("the bomb weighs %d bytes", out.Len())
	}
	return out.Bytes()
}

func FuzzSniff(f *testing.F) {
	for _, kind := range []blob.Kind{blob.PDF, blob.DOCX, blob.XLSX, blob.JPEG, blob.PNG} {
		f.Add(blobtest.File(f, kind))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		kind, err := blob.Sniff(bytes.NewReader(raw), int64(len(raw)))
		if (err == nil) != (kind != "") {
			t.Errorf("%q, %v", kind, err)
		}
	})
}

func TestNames(t *testing.T) {
	for raw, want := range map[string]string{
		"Kế hoạch.pdf": "Kế hoạch.pdf", "Kê\u0301 hoa\u0323ch.pdf": "Kế hoạch.pdf", `C:\Users\a\kh.pdf`: "kh.pdf", "../../etc/passwd": "passwd",
		"..": "", "...": "", "/": "", "": "", "a\r\nSet-Cookie: x.pdf": "aSet-Cookie: x.pdf", "anh\u202egpj.exe": "anhgpj.exe", "\x00": "", " .pdf": "pdf",
		"hỏng\xff.pdf": "hỏng_.pdf", strings.Repeat("ă", 400) + ".docx": strings.Repeat("ă", 145) + ".docx",
	} {
		if got := blob.Name(raw); got != want {
			t.Errorf("%q becomes %q, want %q", raw, got, want)
		}
	}
}
