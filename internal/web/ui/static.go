package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

// staticFiles are the script, the pictures and the fonts, with the licence of the fonts
// beside them.
//
//go:embed static
var staticFiles embed.FS

// sheets are the parts of the style sheet, joined in the order of their names.
//
//go:embed css
var sheets embed.FS

// staticPrefix is where Static is mounted.
const staticPrefix = "/static/"

// asset is one file as it is served: under a name that holds its hash, so that it can
// be kept by the browser for ever.
type asset struct {
	url    string
	mime   string
	body   []byte
	packed []byte // gzip of body, nil where it gains nothing
}

type assetSet struct {
	byName map[string]*asset // "app.css", "fonts/x.woff2"
	byURL  map[string]*asset
}

// assets is read once from what is embedded; it never changes after.
var assets = sync.OnceValue(loadAssets)

// Asset is the address of a static file by its plain name: Asset("app.css"). An unknown
// name is a fault of the program and panics, so that the first test finds it.
func Asset(name string) string {
	a, ok := assets().byName[name]
	if !ok {
		panic("ui: no static file " + name)
	}
	return a.url
}

// Static serves the embedded files under /static/: for ever by the name with the hash,
// and 404 for anything else.
func Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets().byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.mime)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		body := a.body
		if a.packed != nil {
			h.Set("Vary", "Accept-Encoding")
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				h.Set("Content-Encoding", "gzip")
				body = a.packed
			}
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

// loadAssets hashes everything; the style sheet last, because it names other files.
func loadAssets() assetSet {
	set := assetSet{byName: map[string]*asset{}, byURL: map[string]*asset{}}
	err := fs.WalkDir(staticFiles, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := staticFiles.ReadFile(p)
		if err != nil {
			return err
		}
		return set.add(strings.TrimPrefix(p, "static/"), body)
	})
	if err == nil {
		err = set.addSheets()
	}
	if err != nil {
		panic(fmt.Sprintf("ui: embedded files: %v", err))
	}
	return set
}

func (set assetSet) add(name string, body []byte) error {
	ext := path.Ext(name)
	sum := sha256.Sum256(body)
	stem := strings.TrimSuffix(path.Base(name), ext)
	a := &asset{
		url:  staticPrefix + stem + "." + hex.EncodeToString(sum[:6]) + ext,
		mime: mimeOf(ext),
		body: body,
	}
	var err error
	if a.packed, err = pack(body); err != nil {
		return err
	}
	set.byName[name], set.byURL[a.url] = a, a
	return nil
}

// addSheets makes the two style sheets: that of every page, and what the pages behind the
// sign-in need beside it, which no reader has to fetch.
func (set assetSet) addSheets() error {
	for name, parts := range map[string]string{"app.css": "css/*.css", "office.css": "css/office/*.css"} {
		if err := set.addSheet(name, parts); err != nil {
			return err
		}
	}
	return nil
}

// addSheet joins the parts of a style sheet and puts the hashed names into it.
func (set assetSet) addSheet(name, pattern string) error {
	parts, err := fs.Glob(sheets, pattern)
	if err != nil {
		return err
	}
	var css []byte
	for _, p := range parts {
		part, err := sheets.ReadFile(p)
		if err != nil {
			return err
		}
		css = append(css, part...)
	}
	css = regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAll(css, nil)
	css = regexp.MustCompile(`\s*\n\s*`).ReplaceAll(css, []byte("\n"))
	if css, err = set.linked(css); err != nil {
		return err
	}
	return set.add(name, css)
}

// linked puts the hashed names into a style sheet in place of url(plain name).
func (set assetSet) linked(css []byte) ([]byte, error) {
	var missing error
	out := regexp.MustCompile(`url\(([\w./-]+)\)`).ReplaceAllFunc(css, func(m []byte) []byte {
		name := string(m[len("url(") : len(m)-1])
		a, ok := set.byName[name]
		if !ok {
			missing = fmt.Errorf("no file %s", name)
			return m
		}
		return []byte("url(" + a.url + ")")
	})
	return out, missing
}

// mimeOf does not ask the machine's own table, which differs from place to place.
func mimeOf(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return mime.TypeByExtension(ext)
}

func pack(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if b.Len() > len(body)*9/10 {
		return nil, nil
	}
	return b.Bytes(), nil
}
