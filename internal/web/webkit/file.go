package webkit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// slowest is the slowest line on which a file still gets through, in bytes per second.
const slowest = 128 << 10

// welcome tells whether the visitor may use the route: for nobody else are files taken in.
func (v *visit) welcome(r *http.Request, rt Route) bool {
	if rt.Public {
		return true
	}
	if v.findActor(r) != nil || v.actor.Account == "" { // admit will say why not
		return false
	}
	return rt.Right == "" || v.actor.Can(rt.Right)
}

// giveTime lets a request take as long as a file of that size needs on a slow line, beyond
// the time that other requests have.
func (k *Kit) giveTime(w http.ResponseWriter, r *http.Request, size int64) (*http.Request, func()) {
	more := k.Timeout + time.Duration(size/slowest)*time.Second
	until := clock.System().Add(more) // of the connection's clock, whatever day the house has
	out := http.NewResponseController(w)
	for _, set := range []func(time.Time) error{out.SetReadDeadline, out.SetWriteDeadline} {
		if err := set(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
			k.log(r, visitOf(r).newErrorID(), fmt.Errorf("give a file its time: %w", err))
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), more)
	stop := context.AfterFunc(r.Context(), func() {
		if errors.Is(r.Context().Err(), context.Canceled) { // the visitor has gone
			cancel()
		}
	})
	return r.WithContext(ctx), func() { stop(); cancel() }
}

// readWithoutFiles reads the fields of a form and lets its files go by: of somebody who is
// not signed in, nothing is laid down, but what was typed waits for the sign-in.
func readWithoutFiles(r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return err
	}
	r.PostForm = url.Values{}
	left := int64(maxKept)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			r.Form = r.PostForm
			return nil
		}
		if err != nil {
			return err
		}
		var value strings.Builder
		if part.FileName() == "" {
			n, err := io.CopyN(&value, part, left)
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			left -= n
			r.PostForm.Add(part.FormName(), value.String())
		}
		if _, err := io.Copy(io.Discard, part); err != nil {
			return err
		}
	}
}

// Upload is a file that came with a form. Its name is whatever the browser says.
type Upload struct {
	Name string
	Size int64
	multipart.File
}

// File gives the file of a field, where one was chosen. Who asks closes it.
func File(r *http.Request, field string) (Upload, bool, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[field]) == 0 {
		return Upload{}, false, nil
	}
	h := r.MultipartForm.File[field][0]
	f, err := h.Open()
	if err != nil {
		return Upload{}, false, fmt.Errorf("open an uploaded file: %w", err)
	}
	return Upload{Name: h.Filename, Size: h.Size, File: f}, true, nil
}

// Attachment is a file that is sent to be laid down, never to be shown as a page of ours.
type Attachment struct {
	Name    string
	Type    string   // by what it is
	Endings []string // that its name may have, the usual one first
	Size    int64
	Content io.Reader
}

// Download sends a file that once came from outside: to be laid down under its name, of
// the type that it is, and, should a browser show it after all, as a page that may do
// nothing. Nobody on the way keeps it: it may be taken off at any time.
func Download(w http.ResponseWriter, r *http.Request, a Attachment) error {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", Disposition(a.Name, a.Endings...))
	return sendFile(w, r, a.Type, a.Size, a.Content)
}

// sendFile sends so many bytes of a type.
func sendFile(w http.ResponseWriter, r *http.Request, kind string, size int64, from io.Reader) error {
	content := bufio.NewReaderSize(from, 64<<10)
	if _, err := content.Peek(1); err != nil && !errors.Is(err, io.EOF) {
		w.Header().Del("Content-Disposition")
		return fmt.Errorf("read a file to be sent: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	read := &source{r: content}
	if _, err := io.Copy(w, read); err != nil || read.err != nil {
		if read.err != nil { // else the visitor has gone
			visitOf(r).logFault(r, fmt.Errorf("read a file to be sent: %w", read.err))
		}
		panic(http.ErrAbortHandler) // breaks the line: half a file must not look like a whole one
	}
	return nil
}

// Image is a picture that we made ourselves and that a page shows.
type Image struct {
	Type    string
	Tag     string // of its content
	Size    int64
	Public  bool // anybody may see it, and other sites may show it
	Content io.Reader
}

// ShowImage sends a picture. Its address changes with its content, so a browser keeps a
// public one for ever; nobody in between does, so that one that is taken down is gone.
func ShowImage(w http.ResponseWriter, r *http.Request, img Image) error {
	h, tag := w.Header(), strconv.Quote(img.Tag)
	h.Set("Cache-Control", "no-store")
	if img.Public {
		h.Set("Cache-Control", "private, max-age=31536000, immutable")
		h.Set("Etag", tag)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		if has(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Disposition", "inline")
	return sendFile(w, r, img.Type, img.Size, img.Content)
}

func (v *visit) logFault(r *http.Request, err error) {
	if v.kit != nil {
		v.kit.log(r, v.newErrorID(), err)
	}
}

// source remembers whether it was the reading that failed.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// Disposition is the header of a file that is to be laid down under a name (RFC 6266): in
// ASCII for old clients, and as it is. A name whose ending is none of the given ones gets
// the first, so that no system takes the file for something else.
func Disposition(name string, endings ...string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|`, r) { // what no Windows name may hold
			return '_'
		}
		return r
	}, name), " .")
	ends := func(e string) bool { return strings.HasSuffix(strings.ToLower(name), e) }
	if len(endings) > 0 && !slices.ContainsFunc(endings, ends) {
		name += endings[0]
	}
	return `attachment; filename="` + ascii(name) + `"; filename*=UTF-8''` + percent(name)
}

// ascii is a name without marks: "Kế hoạch" becomes "Ke hoach".
func ascii(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0x300 && r <= 0x36f:
			return -1
		case r == 'đ':
			return 'd'
		case r == 'Đ':
			return 'D'
		case r < ' ' || r > '~' || r == '%': // some clients decode what stands after a per cent sign
			return '_'
		}
		return r
	}, norm.NFD.String(name))
}

// percent encodes all but the attr-chars of RFC 8187.
func percent(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
