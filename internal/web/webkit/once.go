package webkit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// OnceField is the hidden field that lets a form count once: who sends the same form
// with the same content again, by a double click or after a broken connection, is led to
// where the first one led. Its value is [Once].
const OnceField = "_once"

// Once is a token for the forms of this page: another one each time it is shown. It is
// no secret; what comes from other sites is refused by its origin.
func Once(ctx context.Context) string {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v.id
	}
	return ""
}

// onceTime is how long it is remembered where a form led; maxOnce bounds how many are.
const (
	onceTime = time.Hour
	maxOnce  = 20_000
)

// onceKey is the fingerprint of a form: who sent it, to where, and all of its content.
// The same form filled otherwise is another one.
type onceKey [sha256.Size]byte

// keyOfForm is false where the form does not ask to count once.
func keyOfForm(r *http.Request) (key onceKey, ok bool, err error) {
	account := visitOf(r).visitor.Account
	if account == "" || r.PostForm.Get(OnceField) == "" {
		return onceKey{}, false, nil
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\x00%s\x00%s\x00", account, r.URL.RequestURI(), r.PostForm.Encode())
	if r.MultipartForm != nil {
		for _, field := range slices.Sorted(maps.Keys(r.MultipartForm.File)) {
			for _, h := range r.MultipartForm.File[field] {
				fmt.Fprintf(sum, "%q %q %d\x00", field, h.Filename, h.Size)
				if err := hashFile(sum, h); err != nil {
					return onceKey{}, false, err
				}
			}
		}
	}
	return onceKey(sum.Sum(nil)), true, nil
}

func hashFile(sum io.Writer, h *multipart.FileHeader) error {
	f, err := h.Open()
	if err != nil {
		return fmt.Errorf("open an uploaded file: %w", err)
	}
	_, err = io.Copy(sum, f)
	return errors.Join(err, f.Close())
}

// outcome is what became of a form.
type outcome struct {
	answered chan struct{} // closed when the handler has answered
	leads    string        // the path to which it led; "" where it led nowhere
	at       time.Time
}

// sentForms remembers where forms led: it counts in this process only, as the bound on posts does.
type sentForms struct {
	now  clock.Clock
	mu   sync.Mutex
	seen map[onceKey]*outcome
}

func newSentForms(now clock.Clock) *sentForms {
	return &sentForms{now: now, seen: map[onceKey]*outcome{}}
}

// claim gives the outcome of a form, and whether it is the caller's to bring about.
func (s *sentForms) claim(key onceKey) (o *outcome, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.seen[key]; ok && (o.leads == "" || s.now().Sub(o.at) < onceTime) {
		return o, false
	}
	if len(s.seen) >= maxOnce {
		s.forget()
	}
	o = &outcome{answered: make(chan struct{}), at: s.now()}
	s.seen[key] = o
	return o, true
}

// forget makes room: what is old goes, or all that is answered where nothing is old.
func (s *sentForms) forget() {
	for _, old := range []time.Duration{onceTime, 0} {
		for key, o := range s.seen {
			if o.leads != "" && s.now().Sub(o.at) >= old {
				delete(s.seen, key)
			}
		}
		if len(s.seen) < maxOnce {
			return
		}
	}
}

// settle notes where the form led; one that led nowhere may be sent again.
func (s *sentForms) settle(key onceKey, o *outcome, leads string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.leads = leads; leads == "" {
		delete(s.seen, key)
	}
	close(o.answered)
}

// once answers a post, unless the same form was sent before: then it leads to where that
// one led, and waits for it where it still runs.
func (k *Kit) once(w http.ResponseWriter, r *http.Request, h Handler) error {
	key, ok, err := keyOfForm(r)
	if err != nil {
		return err
	}
	if !ok {
		return h(w, r)
	}
	for {
		o, mine := k.forms.claim(key)
		if mine {
			return first(w, r, h, func(leads string) { k.forms.settle(key, o, leads) })
		}
		select {
		case <-o.answered:
		case <-r.Context().Done():
			return r.Context().Err()
		}
		if o.leads != "" {
			return Redirect(w, r, o.leads)
		}
	}
}

// first answers a form that comes for the first time, and tells where the answer leads.
func first(w http.ResponseWriter, r *http.Request, h Handler, settle func(leads string)) error {
	out := &leading{ResponseWriter: w}
	defer func() { settle(out.leads) }() // after a panic, too: others wait for it
	return h(out, r)
}

// leading notes where an answer leads.
type leading struct {
	http.ResponseWriter
	leads string
}

// WriteHeader notes the path where the answer is "see other", as every post that was
// done answers.
func (w *leading) WriteHeader(status int) {
	w.ResponseWriter.WriteHeader(status)
	if status == http.StatusSeeOther {
		w.leads = w.Header().Get("Location") // gone where the answer could not be kept
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (w *leading) Unwrap() http.ResponseWriter { return w.ResponseWriter }
