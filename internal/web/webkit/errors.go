package webkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// ErrorPage is what a page about an error has to say.
type ErrorPage struct {
	Status   int
	Messages []string // in the language of the request
	ID       string   // number to quote; "" where the error is no fault of ours
}

// statusError is an error of HTTP itself.
type statusError struct {
	status        int
	key           i18n.Key
	args          []any
	header, value string // what goes with it, or ""
	cause         error
}

// TooMany turns a conflict into the answer to who sends more than the bounds let through
// (429), in the same words; other errors stay what they are.
func TooMany(err error) error {
	if all := errs.All(err); len(all) == 1 && all[0].Kind == errs.Conflict {
		return &statusError{status: http.StatusTooManyRequests, key: all[0].Key, args: all[0].Args, cause: err}
	}
	return err
}

// Error is for logs.
func (e *statusError) Error() string { return fmt.Sprintf("%d %s", e.status, e.key) }

// Unwrap gives the cause.
func (e *statusError) Unwrap() error { return e.cause }

// fail answers with the page of an error. A technical one is logged here, and only here,
// under the number that the visitor sees.
func (k *Kit) fail(w http.ResponseWriter, r *http.Request, err error) {
	v := visitOf(r)
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the visitor has gone
	}
	p, technical := describe(v.lang, err)
	if technical {
		p.ID = v.newErrorID()
		k.log(r, p.ID, err)
	}
	var s *statusError
	if errors.As(err, &s) && s.header != "" {
		w.Header().Set(s.header, s.value)
	}
	if p.Status == http.StatusRequestEntityTooLarge {
		w.Header().Set("Connection", "close") // the rest of the body is not worth reading
	}
	if v.by == programs {
		k.showProblem(w, r, problemOf(r, p, err))
		return
	}
	k.showError(w, r, p)
}

// describe finds the status and the words of an error, and whether it is a technical one.
func describe(lang i18n.Lang, err error) (ErrorPage, bool) {
	var s *statusError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &s):
		return ErrorPage{Status: s.status, Messages: []string{lang.T(s.key, s.args...)}}, false
	case errors.As(err, &large):
		return ErrorPage{Status: http.StatusRequestEntityTooLarge, Messages: []string{lang.T(i18n.WebkitTooLarge)}}, false
	case errors.Is(err, context.DeadlineExceeded):
		return ErrorPage{Status: http.StatusServiceUnavailable, Messages: []string{lang.T(i18n.WebkitTookTooLong)}}, true
	}
	all := errs.All(err)
	if len(all) == 0 || all[0].Kind == errs.Internal {
		return ErrorPage{Status: http.StatusInternalServerError, Messages: []string{lang.T(i18n.ErrsInternal)}}, true
	}
	p := ErrorPage{Status: Status(err)}
	for _, e := range all {
		p.Messages = append(p.Messages, lang.T(e.Key, e.Args...))
	}
	return p, false
}

// Status is the status of HTTP for an error.
func Status(err error) int {
	switch errs.KindOf(err) {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.Conflict:
		return http.StatusConflict
	case errs.Internal:
	}
	return http.StatusInternalServerError
}

// showError renders first and writes then, so that a page which fails half way does not
// go out in halves.
func (k *Kit) showError(w http.ResponseWriter, r *http.Request, p ErrorPage) {
	var body bytes.Buffer
	kind := "text/html; charset=utf-8"
	if k.ErrorPage == nil || k.renderError(&body, r, p) != nil {
		body.Reset()
		kind = "text/plain; charset=utf-8"
		fmt.Fprintln(&body, strings.Join(p.Messages, "\n"))
		if p.ID != "" {
			fmt.Fprintln(&body, p.ID)
		}
	}
	writeError(w, p.Status, kind, body.Bytes())
}

// writeError sends an error without the headers of the answer that was not given.
func writeError(w http.ResponseWriter, status int, kind string, body []byte) {
	for _, name := range []string{"Content-Length", "Content-Encoding", "Etag", "Last-Modified", "Content-Disposition"} {
		w.Header().Del(name)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	w.Write(body) //nolint:errcheck // the visitor has gone
}

func (k *Kit) renderError(body *bytes.Buffer, r *http.Request, p ErrorPage) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
		if err != nil {
			k.log(r, visitOf(r).newErrorID(), fmt.Errorf("render the page of an error: %w", err))
		}
	}()
	return k.ErrorPage(body, r, p)
}

// newErrorID is short enough to be read over the telephone, and stands in one log.
func (v *visit) newErrorID() string {
	if v.kit == nil {
		return ""
	}
	fresh := v.kit.NewID()
	return strings.ToUpper(fresh[max(0, len(fresh)-8):])
}

func (k *Kit) log(r *http.Request, id string, err error) {
	k.Logger.ErrorContext(r.Context(), "a request failed", slog.String("id", id), slog.String("request", RequestID(r)),
		slog.String("route", visitOf(r).pattern), slog.Any("error", err))
}

// recovered turns a panic into a page like that of any technical error.
func (k *Kit) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so, too
				panic(p)
			}
			k.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}()
		next.ServeHTTP(w, r)
	})
}

// missing says why no route took the request: no such page, or not by this method.
func (k *Kit) missing(mux *http.ServeMux, r *http.Request) error {
	h, _ := mux.Handler(r)
	probe := &probe{header: http.Header{}}
	h.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		return &statusError{status: probe.status, key: i18n.WebkitMethod, header: "Allow", value: probe.header.Get("Allow")}
	}
	return errs.New(errs.NotFound, i18n.ErrsNotFound)
}

// probe is a writer that only looks at the status.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
func (p *probe) WriteHeader(status int)      { p.status = status }
