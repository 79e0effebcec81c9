package webkit

import (
	"compress/gzip"
	"errors"
	"maps"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/httprate"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Policy is the Content-Security-Policy of every page: nothing but our own files, no
// inline scripts or styles, no frames.
const Policy = policyRest + "; frame-ancestors 'none'"

const policyRest = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'"

// Frames lets this page hold frames with pages of ours that say that they are [Framed].
func Frames(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", Policy+"; frame-src 'self'")
}

// Framed lets pages of ours, and no others, show this page in a frame.
func Framed(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", policyRest+"; frame-ancestors 'self'")
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
}

// fixedHeaders are the headers that every answer carries.
func fixedHeaders(cfg Config) http.Header {
	h := http.Header{}
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
	if cfg.SecureCookies {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return h
}

func (k *Kit) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), k.fixed)
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site lets a browser send (Fetch Metadata, else Origin).
func (k *Kit) sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := k.origin.Check(r); err != nil {
			k.fail(w, r, &statusError{status: http.StatusForbidden, key: i18n.WebkitCrossOrigin, cause: err})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// newLimit bounds the requests of one address. It counts in this process only: several
// processes let through as many times more.
func (k *Kit) newLimit(perMinute int) func(http.Handler) http.Handler {
	return httprate.LimitBy(perMinute, time.Minute,
		func(r *http.Request) (string, error) { return httprate.CanonicalizeIP(Address(r)), nil },
		httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}),
		httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) {
			k.fail(w, r, &statusError{status: http.StatusTooManyRequests, key: i18n.WebkitTooMany})
		}))
}

// readForm bounds the body and reads a plain form at once: one that is too large is
// refused before any handler begins, whatever it declared.
func (k *Kit) readForm(w http.ResponseWriter, r *http.Request, rt Route) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	most := k.MaxBody
	if rt.MaxBody > 0 {
		most = rt.MaxBody
	}
	if r.ContentLength > most {
		return &statusError{status: http.StatusRequestEntityTooLarge, key: i18n.WebkitTooLarge}
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.ContentLength != 0 {
		return &statusError{status: http.StatusBadRequest, key: i18n.WebkitBadForm, cause: err}
	}
	switch kind {
	case "multipart/form-data":
		if rt.MaxBody > 0 && !visitOf(r).welcome(r, rt) {
			err = readWithoutFiles(r)
			break
		}
		err = r.ParseMultipartForm(1 << 20) //nolint:gosec // the body is bounded above; more than this lies in temporary files
	case "application/x-www-form-urlencoded", "":
		err = r.ParseForm()
	default: // the handler reads it, within the bound
		return nil
	}
	var large *http.MaxBytesError
	if err == nil || errors.As(err, &large) {
		return err
	}
	return &statusError{status: http.StatusBadRequest, key: i18n.WebkitBadForm, cause: err}
}

// compress packs text for browsers that ask for it. What is secret in a page is never
// mirrored beside what a stranger chose: the tokens that forms carry are no secrets and new
// each time, so packing tells nothing.
func compress(next http.Handler) http.Handler {
	pool := packers(packWell)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead || !acceptsGzip(r) {
			next.ServeHTTP(w, r)
			return
		}
		out := &packed{ResponseWriter: w, pool: pool}
		defer out.close()
		next.ServeHTTP(out, r)
	})
}

// packWell packs a page nearly as small as the default level does, in two thirds of the
// time.
const packWell = 5

// packers keeps writers of gzip: each takes most of a megabyte.
func packers(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		w, err := gzip.NewWriterLevel(nil, level)
		if err != nil {
			panic(err) // the level is a constant
		}
		return w
	}}
}

func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return quality(q) > 0
		}
	}
	return false
}

// packed decides at the headers whether the body is worth packing.
type packed struct {
	http.ResponseWriter
	pool *sync.Pool
	gz   *gzip.Writer
	sent bool
}

// WriteHeader begins to pack where the body is text.
func (w *packed) WriteHeader(status int) {
	if w.sent {
		return
	}
	if status >= 200 {
		w.sent = true
		h := w.Header()
		h.Add("Vary", "Accept-Encoding")
		if status != http.StatusNoContent && status != http.StatusNotModified && status != http.StatusPartialContent &&
			h.Get("Content-Encoding") == "" && isText(h.Get("Content-Type")) {
			h.Set("Content-Encoding", "gzip")
			h.Del("Content-Length")
			h.Del("Accept-Ranges")
			if tag := h.Get("Etag"); strings.HasPrefix(tag, `"`) {
				h.Set("Etag", "W/"+tag) // the bytes differ from the plain ones
			}
			w.gz = w.pool.Get().(*gzip.Writer) //nolint:forcetypeassert // the pool makes nothing else
			w.gz.Reset(w.ResponseWriter)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write packs a part of the body.
func (w *packed) Write(p []byte) (int, error) {
	if !w.sent {
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", http.DetectContentType(p))
		}
		w.WriteHeader(http.StatusOK)
	}
	if w.gz != nil {
		return w.gz.Write(p)
	}
	return w.ResponseWriter.Write(p)
}

// Flush sends what was written so far.
func (w *packed) Flush() {
	if w.gz != nil {
		w.gz.Flush() //nolint:errcheck // the visitor has gone
	}
	http.NewResponseController(w.ResponseWriter).Flush() //nolint:errcheck // a connection that cannot is none that waits
}

// Unwrap lets http.ResponseController reach the connection.
func (w *packed) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *packed) close() {
	if w.gz != nil {
		w.gz.Close() //nolint:errcheck // the visitor has gone
		w.pool.Put(w.gz)
	}
}

func isText(kind string) bool {
	kind, _, _ = strings.Cut(kind, ";")
	kind = strings.TrimSpace(kind)
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "xml") || strings.HasSuffix(kind, "javascript")
}
