package webkit

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Shelf keeps whole packed answers to readers without an account, and gives each one out
// only as long as it would be made the same again: before every answer it asks how far the
// house has come. Nothing on it is ever stale, and nothing runs out.
type Shelf[Head comparable] struct {
	head  func(ctx context.Context, about int) (Head, error)
	look  func(*http.Request) string
	bound int // bytes of bodies

	mu    sync.Mutex
	size  int
	order *list.List // of *book[Head], the last used first
	books map[string]*list.Element
}

// book is one kept answer.
type book[Head comparable] struct {
	key    string
	head   Head
	header http.Header
	status int
	body   []byte // packed
	tag    string
}

// overhead is about what a book takes beside its body.
const overhead = 1 << 10

// NewShelf makes a shelf for so many bytes. head tells how far the house has come for an
// answer about something that has a number, or for answers in general where that is 0. look is what a
// reader has chosen for the look of a page, beside the language.
func NewShelf[Head comparable](bound int, head func(ctx context.Context, about int) (Head, error), look func(*http.Request) string) *Shelf[Head] {
	return &Shelf[Head]{head: head, look: look, bound: bound, order: list.New(), books: map[string]*list.Element{}}
}

// Keep makes a handler that answers readers without an account from the shelf; about
// tells what a request is about. Whoever is signed in, or may have a note waiting, is
// answered afresh.
func (s *Shelf[Head]) Keep(about func(*http.Request) int, h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if v := visitOf(r); v.kit == nil || v.hasSession(r) || !acceptsGzip(r) {
			return h(w, r)
		}
		head, err := s.head(r.Context(), about(r))
		if err != nil {
			return err
		}
		key := Lang(r).Code() + "|" + s.look(r) + "|" + r.Host + "|" + r.URL.RequestURI()
		if b := s.find(key, head); b != nil {
			return b.give(w, r)
		}
		b, err := bind(key, head, r, h)
		if err != nil {
			return err
		}
		if b.status == http.StatusOK {
			s.put(b)
		}
		return b.give(w, r)
	}
}

// hasSession tells whether the request names a session at all.
func (v *visit) hasSession(r *http.Request) bool {
	_, err := r.Cookie(v.kit.sessions.Cookie.Name)
	return err == nil
}

func (s *Shelf[Head]) find(key string, head Head) *book[Head] {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.books[key]
	if e == nil {
		return nil
	}
	b := e.Value.(*book[Head]) //nolint:forcetypeassert // the list holds nothing else
	if b.head != head {
		s.drop(e)
		return nil
	}
	s.order.MoveToFront(e)
	return b
}

func (s *Shelf[Head]) put(b *book[Head]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.books[b.key]; e != nil {
		s.drop(e)
	}
	s.books[b.key] = s.order.PushFront(b)
	s.size += b.weight()
	for s.size > s.bound && s.order.Len() > 0 {
		s.drop(s.order.Back())
	}
}

func (s *Shelf[Head]) drop(e *list.Element) {
	b := s.order.Remove(e).(*book[Head]) //nolint:forcetypeassert // the list holds nothing else
	delete(s.books, b.key)
	s.size -= b.weight()
}

func (b *book[Head]) weight() int { return len(b.body) + len(b.key) + overhead }

// bind lets the handler make the answer, and packs it.
func bind[Head comparable](key string, head Head, r *http.Request, h Handler) (*book[Head], error) {
	made := &recorded{header: http.Header{}, status: http.StatusOK}
	if err := h(made, r); err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	gz, err := gzip.NewWriterLevel(&packed, gzip.DefaultCompression)
	if err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	if _, err := gz.Write(made.body.Bytes()); err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	if err := gz.Close(); err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	sum := fnv.New64a()
	sum.Write(packed.Bytes())
	return &book[Head]{
		key: key, head: head, header: made.header, status: made.status, body: packed.Bytes(),
		tag: `W/"` + strconv.FormatUint(sum.Sum64(), 36) + `"`,
	}, nil
}

// give writes the answer, or says that the reader has it already.
func (b *book[Head]) give(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	maps.Copy(h, b.header)
	h.Set("Cache-Control", "no-cache") // to be asked for again, with its tag
	h.Set("Etag", b.tag)
	h.Add("Vary", "Accept-Language")
	if b.status == http.StatusOK && has(r.Header.Get("If-None-Match"), b.tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if h.Get("Content-Type") == "" { // a redirect, without a body
		w.WriteHeader(b.status)
		return nil
	}
	h.Set("Content-Encoding", "gzip")
	h.Set("Content-Length", strconv.Itoa(len(b.body)))
	w.WriteHeader(b.status)
	_, err := w.Write(b.body)
	return err
}

// has tells whether a list of tags names one, weakly (RFC 9110, 8.8.3.2).
func has(tags, tag string) bool {
	for t := range strings.SplitSeq(tags, ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// recorded is an answer in the making.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorded) Header() http.Header         { return r.header }
func (r *recorded) Write(p []byte) (int, error) { return r.body.Write(p) }
func (r *recorded) WriteHeader(status int)      { r.status = status }
