package webkit

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// visit is what the kit knows of one request. It travels in the context.
type visit struct {
	kit     *Kit
	by      audience
	id      string
	pattern string
	lang    i18n.Lang
	address string
	visitor *identity.Visitor
	// session is the context in which the session manager finds the session; nil until
	// somebody asks for it.
	session context.Context //nolint:containedctx // it is the request's, with the session
	actor   *actor.Actor
	preview *identity.Preview // nil where the session is in none
}

// audience is for whom a handler answers.
type audience uint8

const (
	people   audience = iota // who have a session and read pages
	programs                 // which have a token and read JSON
)

type visitKey struct{}

// visitOf gives the visit of a request; a bare one where the request did not come
// through the kit.
func visitOf(r *http.Request) *visit {
	if v, ok := r.Context().Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{lang: language(r), visitor: &identity.Visitor{}}
}

// Lang is the language of the answer: the one chosen before, else the browser's, else
// Vietnamese.
func Lang(r *http.Request) i18n.Lang { return visitOf(r).lang }

// RequestID is the number of the request, as it stands in the log.
func RequestID(r *http.Request) string { return visitOf(r).id }

// Address is where the visitor comes from, past the trusted proxies.
func Address(r *http.Request) string { return visitOf(r).address }

// langCookie keeps the chosen language. It says nothing about the person.
const langCookie = "lang"

// SetLang keeps the language that the visitor has chosen.
func (k *Kit) SetLang(w http.ResponseWriter, l i18n.Lang) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure follows the settings: an office may serve without TLS in its own network
		Name: langCookie, Value: l.Code(), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: k.SecureCookies, SameSite: http.SameSiteLaxMode,
	})
}

func language(r *http.Request) i18n.Lang {
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := i18n.ParseLang(c.Value); ok {
			return l
		}
	}
	return accepted(r)
}

// accepted is the language that the request itself asks for.
func accepted(r *http.Request) i18n.Lang {
	best, weight := i18n.Vi, 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		l, ok := i18n.ParseLang(primary)
		if !ok {
			continue
		}
		if w := quality(q); w > weight {
			best, weight = l, w
		}
	}
	return best
}

// quality reads "q=0.8" (RFC 9110, 12.4.2); nothing is 1.
func quality(s string) float64 {
	s = strings.TrimSpace(s)
	if s == "" {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimPrefix(s, "q="), 64)
	if err != nil {
		return 0
	}
	return q
}

// visited begins the visit and writes the line of the log at its end: which route, what
// came of it and how long it took, nothing about who it was.
func (k *Kit) visited(next http.Handler, by audience) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := k.Now()
		v := &visit{kit: k, by: by, id: k.NewID(), lang: language(r), address: k.addressOf(r)}
		if by == programs {
			v.lang = accepted(r) // a cookie says nothing to us here
		}
		v.visitor = &identity.Visitor{Address: v.address, Agent: r.UserAgent()}
		ctx := identity.WithVisitor(context.WithValue(r.Context(), visitKey{}, v), v.visitor)
		ctx, cancel := context.WithTimeout(ctx, k.Timeout)
		defer cancel()
		r = r.WithContext(ctx)
		out := &response{ResponseWriter: w, before: func(h http.Header) error { return v.commit(h) }}
		out.failed = func(err error) { k.log(r, v.newErrorID(), err) }
		w.Header().Set("X-Request-Id", v.id)
		next.ServeHTTP(out, r)
		out.finish()
		k.Logger.InfoContext(ctx, "request", slog.String("request", v.id), slog.String("method", method(r)),
			slog.String("route", v.pattern), slog.Int("status", out.status), slog.Int64("bytes", out.bytes),
			slog.Duration("took", k.Now().Sub(begin)))
	})
}

// method bounds what a client can write into the log.
func method(r *http.Request) string { return r.Method[:min(len(r.Method), 10)] }

// addressOf walks X-Forwarded-For from its end as long as the hops are trusted proxies.
func (k *Kit) addressOf(r *http.Request) string {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	at := remote.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && k.trusts(at); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop.Unmap()
	}
	return at.String()
}

func (k *Kit) trusts(a netip.Addr) bool {
	for _, p := range k.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// response counts what is written, and commits the session before the headers go out.
type response struct {
	http.ResponseWriter
	before func(http.Header) error
	failed func(error)
	status int
	bytes  int64
	broken bool
}

// WriteHeader commits the session first: what cannot be kept must not look as if it were.
func (w *response) WriteHeader(status int) {
	if w.status != 0 || status < 200 { // informational headers may come before the answer
		if status < 200 {
			w.ResponseWriter.WriteHeader(status)
		}
		return
	}
	if err := w.before(w.Header()); err != nil {
		w.failed(err)
		for _, name := range []string{"Location", "Content-Encoding", "Content-Length", "Set-Cookie"} {
			w.Header().Del(name)
		}
		w.broken, status = true, http.StatusInternalServerError
	}
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the body.
func (w *response) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.broken {
		return len(p), nil
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// finish sends the headers of an answer without a body.
func (w *response) finish() {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
