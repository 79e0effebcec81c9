package webkit

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/nhanrong/nhanrong/internal/platform/share"
)

// Shelf keeps whole packed answers to readers without an account, and gives each one out
// only as long as it would be made the same again: before every answer it asks how far the
// house has come. Nothing on it runs out. The one thing that may be late is what the house
// calls near (see [NewShelf]), and only while it changes many times a second.
//
// It stands at two places. [Shelf.Keep], around a page's handler, makes answers and puts
// them on the shelf. [Shelf.Front], before everything else, gives out what stands there:
// such an answer passes no other part of the kit, leaves no line in the log and is counted.
//
// No header of a request leads past it. Whoever carries a cookie that may be a session is
// looked for once, and where it is nobody's gets what everybody gets; who takes no packed
// answer gets the same one unpacked.
type Shelf[Head comparable] struct {
	head  func(ctx context.Context, about int) (Head, error)
	look  func(*http.Request) string
	near  func(r *http.Request, made, now Head) bool
	bound int        // bytes of bodies
	packs *sync.Pool // of writers of gzip, and those for what will hardly be given twice
	hurry *sync.Pool
	turns chan struct{} // to make an answer: more at a time are no quicker, and each takes a megabyte or two
	slow  chan struct{} // to make one that takes long

	mu     sync.Mutex
	size   int
	order  *list.List // of *book[Head], the last used first
	books  map[place]*list.Element
	making map[place]*making[Head]

	given, unchanged atomic.Int64 // answers from the front
}

// place is where an answer stands: everything of a request on which a page may depend.
// What is not in it must not change a kept page, or one reader could change another's.
type place struct{ lang, look, host, path string }

// book is one kept answer.
type book[Head comparable] struct {
	at     place
	about  int
	head   Head
	header http.Header // as the handler and the shelf set it
	whole  http.Header // with what the rest of the kit adds
	status int
	body   []byte // packed
	plain  int    // bytes of the body before it was packed
	tag    string
	made   time.Time
	// changed is since when it has been the same, as far as it was kept.
	changed time.Time
	row     int // how many were made before it, each at once after the other
	renewed atomic.Bool
}

// soon is how soon after it was made an answer that is made again is taken for one of many
// in a row: it is packed in a hurry, for the next will be there before it is read often.
const soon = time.Second

// many in a row, each within a quarter of soon, are a storm: from then on what is near may
// be as late as soon, and as late again while it is being renewed.
const many = 8

// making is an answer that is being made, and those who want it.
type making[Head comparable] struct {
	share.Work[*book[Head]]
	users int
}

// overhead is about what a book takes beside its body.
const overhead = 2 << 10

// NewShelf makes a shelf for so many bytes. head tells how far the house has come for an
// answer about something that has a number, or for answers in general where that is 0. look is what a
// reader has chosen for the look of a page, beside the language. near tells whether a request may be
// given an answer that was made at a head, where the house has come to another one: a storm of changes
// that nobody waits for would else make a page at each of them.
func NewShelf[Head comparable](bound int, head func(ctx context.Context, about int) (Head, error), look func(*http.Request) string,
	near func(r *http.Request, made, now Head) bool,
) *Shelf[Head] {
	return &Shelf[Head]{
		head: head, look: look, near: near, bound: bound, packs: packers(packWell), hurry: packers(gzip.BestSpeed), turns: make(chan struct{}, runtime.GOMAXPROCS(0)),
		slow:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		order: list.New(), books: map[place]*list.Element{}, making: map[place]*making[Head]{},
	}
}

// Front gives out what stands on the shelf and is still so, and leaves the rest to next.
func (s *Shelf[Head]) Front(k *Kit, next http.Handler) (http.Handler, error) {
	if err := s.count(k.Meter); err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := s.ready(k, r)
		if b == nil {
			next.ServeHTTP(w, r)
			return
		}
		if b.row >= many && k.Now().Sub(b.made) >= soon && b.renewed.CompareAndSwap(false, true) {
			go k.renew(next, renewal(r))
		}
		maps.Copy(w.Header(), b.whole)
		if b.write(w, r) == http.StatusNotModified {
			s.unchanged.Add(1)
		} else {
			s.given.Add(1)
		}
	}), nil
}

// count lets the answers of the front be measured: no other part of the kit sees them.
func (s *Shelf[Head]) count(m metric.MeterProvider) error {
	if m == nil {
		return nil
	}
	_, err := m.Meter("nhanrong").Int64ObservableCounter("nhanrong.shelf.answers",
		metric.WithDescription("Pages given from the shelf, by the status of HTTP."),
		metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(s.given.Load(), metric.WithAttributes(attribute.Int("status", http.StatusOK)))
			o.Observe(s.unchanged.Load(), metric.WithAttributes(attribute.Int("status", http.StatusNotModified)))
			return nil
		}))
	if err != nil {
		return fmt.Errorf("register the counter of the shelf: %w", err)
	}
	return nil
}

// ready is the answer to a request where it stands on the shelf and is still so, or nil.
func (s *Shelf[Head]) ready(k *Kit, r *http.Request) *book[Head] {
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || k.sessionToken(r) != "" {
		return nil
	}
	b := s.find(place{lang: language(r).Code(), look: s.look(r), host: k.host(r), path: r.URL.RequestURI()})
	if b == nil {
		return nil
	}
	if head, err := s.head(r.Context(), b.about); err != nil || !s.holds(b, r, head, k.Now()) { // whoever makes it anew will say what is wrong
		return nil
	}
	return b
}

// holds tells whether an answer is still so, or near enough.
func (s *Shelf[Head]) holds(b *book[Head], r *http.Request, head Head, now time.Time) bool {
	if b.head == head {
		return true
	}
	late := 2 * soon
	if r.Context().Value(renewing{}) != nil {
		late = soon
	}
	return b.row >= many && now.Sub(b.made) < late && s.near(r, b.head, head)
}

// renewing marks a request that nobody waits for: it makes anew what is near.
type renewing struct{}

func renewal(r *http.Request) *http.Request {
	return r.Clone(context.WithValue(context.WithoutCancel(r.Context()), renewing{}, true))
}

// renew lets an answer be made for nobody. A panic would end the program here, where no
// server catches it.
func (k *Kit) renew(next http.Handler, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			k.log(r, "", fmt.Errorf("panic while a page was renewed: %v\n%s", p, debug.Stack()))
		}
	}()
	next.ServeHTTP(&recorded{header: http.Header{}}, r)
}

// Keep makes a handler that answers readers without an account from the shelf; about
// tells what a request is about. Whoever is signed in is answered afresh. The handler must
// show nothing of a session but its account: notes that wait there would be everybody's.
func (s *Shelf[Head]) Keep(about func(*http.Request) int, h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visitOf(r)
		if v.kit == nil {
			return h(w, r)
		}
		nobody, err := v.nobody(r)
		if err != nil {
			return err
		}
		if !nobody {
			return h(w, r)
		}
		at := place{lang: v.lang.Code(), look: s.look(r), host: v.kit.host(r), path: r.URL.RequestURI()}
		return s.give(w, r, at, func(at place) (*book[Head], error) { return s.make(v.kit, at, about(r), r, s.binder(h, s.turns)) })
	}
}

// KeepForAll is [Shelf.Keep] for answers that are the same for everybody, signed in or not,
// in whatever look, and with anything behind a "?": pictures, feeds, maps. They take longer
// to make than a page does, so that few are made at a time. The handler must not ask who
// the visitor is.
func (s *Shelf[Head]) KeepForAll(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visitOf(r)
		if v.kit == nil {
			return h(w, r)
		}
		at := place{lang: v.lang.Code(), host: v.kit.host(r), path: r.URL.Path}
		return s.give(w, r, at, func(at place) (*book[Head], error) { return s.make(v.kit, at, 0, r, s.binder(h, s.slow)) })
	}
}

// give answers with what stands at a place, or with what is made now.
func (s *Shelf[Head]) give(w http.ResponseWriter, r *http.Request, at place, fn func(place) (*book[Head], error)) error {
	b, err := s.makeOnce(at, fn)
	if err != nil {
		return err
	}
	maps.Copy(w.Header(), b.header)
	b.write(w, r)
	return nil
}

// host is the name by which a page may call this house: none that a request chose, where
// the settings name one.
func (k *Kit) host(r *http.Request) string {
	if k.BaseURL != "" {
		return ""
	}
	return r.Host
}

// find gives what stands at a place, whether it is still so or not.
func (s *Shelf[Head]) find(at place) *book[Head] {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.books[at]
	if e == nil {
		return nil
	}
	s.order.MoveToFront(e)
	return e.Value.(*book[Head]) //nolint:forcetypeassert // the list holds nothing else
}

// makeOnce lets those who want one answer at one time share its making.
func (s *Shelf[Head]) makeOnce(at place, fn func(place) (*book[Head], error)) (*book[Head], error) {
	s.mu.Lock()
	m := s.making[at]
	if m == nil {
		m = &making[Head]{}
		s.making[at] = m
	}
	m.users++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if m.users--; m.users == 0 {
			delete(s.making, at)
		}
	}()
	return m.Do(func() (*book[Head], error) { return fn(at) })
}

// make gives what stands at the place, where it is still so, or lets the handler make it.
func (s *Shelf[Head]) make(k *Kit, at place, about int, r *http.Request, bind binder[Head]) (*book[Head], error) {
	head, err := s.head(r.Context(), about)
	if err != nil {
		return nil, err
	}
	before, now, packs := s.find(at), k.Now(), s.packs
	if before != nil && s.holds(before, r, head, now) {
		return before, nil
	}
	row := before.next(now)
	if before != nil && now.Sub(before.made) < 2*soon {
		packs = s.hurry
	}
	b, err := bind(at, r, packs)
	if err != nil {
		return nil, err
	}
	b.about, b.head, b.made, b.changed, b.row = about, head, now, now, row
	if before != nil && before.tag == b.tag {
		b.changed = before.changed
	}
	// For feed readers and crawlers. It is no validator here: two changes may share a second.
	b.header.Set("Last-Modified", b.changed.UTC().Format(http.TimeFormat))
	b.whole = k.whole(b.header)
	if b.status == http.StatusOK && b.header.Get("Set-Cookie") == "" {
		s.put(b)
	}
	return b, nil
}

// next is the row of the answer that is made after b.
func (b *book[Head]) next(now time.Time) int {
	switch {
	case b == nil:
		return 0
	case now.Sub(b.made) < soon/4:
		return min(b.row+1, many)
	case now.Sub(b.made) < 2*soon && b.row >= many: // the storm goes on
		return many
	default:
		return 0
	}
}

// whole is the headers of a kept answer as they leave the house.
func (k *Kit) whole(h http.Header) http.Header {
	all := maps.Clone(k.fixed)
	maps.Copy(all, h)
	all["Vary"] = []string{"Accept-Language, Accept-Encoding, Cookie"}
	return all
}

func (s *Shelf[Head]) put(b *book[Head]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.books[b.at]; e != nil {
		s.drop(e)
	}
	s.books[b.at] = s.order.PushFront(b)
	s.size += b.weight()
	for s.size > s.bound && s.order.Len() > 0 {
		s.drop(s.order.Back())
	}
}

func (s *Shelf[Head]) drop(e *list.Element) {
	b := s.order.Remove(e).(*book[Head]) //nolint:forcetypeassert // the list holds nothing else
	delete(s.books, b.at)
	s.size -= b.weight()
}

func (b *book[Head]) weight() int { return len(b.body) + len(b.at.path) + len(b.at.host) + overhead }

// binder makes an answer and packs it.
type binder[Head comparable] func(at place, r *http.Request, packs *sync.Pool) (*book[Head], error)

// binder lets the handler make the answer when its turn has come.
func (s *Shelf[Head]) binder(h Handler, turns chan struct{}) binder[Head] {
	return func(at place, r *http.Request, packs *sync.Pool) (*book[Head], error) {
		select {
		case turns <- struct{}{}:
			defer func() { <-turns }()
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		made := &recorded{header: http.Header{}, status: http.StatusOK}
		if err := h(made, r); err != nil {
			return nil, err
		}
		return bind[Head](at, made, packs)
	}
}

func bind[Head comparable](at place, made *recorded, packs *sync.Pool) (*book[Head], error) {
	body, err := pack(packs, made.body.Bytes())
	if err != nil {
		return nil, err
	}
	sum := fnv.New64a()
	sum.Write(body)
	b := &book[Head]{
		at: at, header: made.header, status: made.status, body: body, plain: made.body.Len(),
		tag: `W/"` + strconv.FormatUint(sum.Sum64(), 36) + `"`,
	}
	b.header.Set("Cache-Control", "no-cache") // to be asked for again, with its tag
	b.header.Set("Etag", b.tag)
	b.header.Set("Vary", "Accept-Language")
	if b.header.Get("Content-Type") != "" { // else it is a redirect, without a body
		b.header.Set("Content-Encoding", "gzip")
		b.header.Set("Content-Length", strconv.Itoa(len(b.body)))
	}
	return b, nil
}

func pack(packs *sync.Pool, body []byte) ([]byte, error) {
	gz := packs.Get().(*gzip.Writer) //nolint:forcetypeassert // the pool makes nothing else
	defer packs.Put(gz)
	var packed bytes.Buffer
	gz.Reset(&packed)
	if _, err := gz.Write(body); err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	if err := gz.Close(); err != nil {
		return nil, fmt.Errorf("pack an answer: %w", err)
	}
	return bytes.Clone(packed.Bytes()), nil
}

// write sends the answer whose headers are set already, unpacked to who takes it so, or
// says that the reader has it, and gives the status.
func (b *book[Head]) write(w http.ResponseWriter, r *http.Request) int {
	if b.status == http.StatusOK && has(r.Header.Get("If-None-Match"), b.tag) {
		for _, name := range []string{"Content-Type", "Content-Encoding", "Content-Length"} {
			w.Header().Del(name)
		}
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified
	}
	packed := b.header.Get("Content-Encoding") != ""
	if packed && !acceptsGzip(r) {
		return b.writePlain(w, r)
	}
	w.WriteHeader(b.status)
	if packed {
		w.Write(b.body) //nolint:errcheck // the reader has gone
	}
	return b.status
}

// writePlain sends the answer unpacked.
func (b *book[Head]) writePlain(w http.ResponseWriter, r *http.Request) int {
	w.Header().Del("Content-Encoding")
	w.Header().Set("Content-Length", strconv.Itoa(b.plain))
	if !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Accept-Encoding") {
		w.Header().Add("Vary", "Accept-Encoding")
	}
	w.WriteHeader(b.status)
	if r.Method == http.MethodHead {
		return b.status
	}
	gz, err := gzip.NewReader(bytes.NewReader(b.body))
	if err != nil {
		panic(err) // it was packed here
	}
	io.Copy(w, gz) //nolint:errcheck,gosec // the reader has gone; its size is that of a page that was made here
	return b.status
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
