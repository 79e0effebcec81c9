// Package webkit is the common ground of the faces: it turns handlers that return errors
// into pages, keeps sessions, refuses what comes from other sites, bounds what a request
// may cost, and reads forms. It decides nothing and knows no capability but identity.
//
// A face gives its [Route] list to [Kit.Handler]. Each request passes, from the outside:
// its number, the log, the headers of security, compression, the time it may take, the
// size of its body, the look at its origin, the rate of its posts, the session, the right
// of the route, and the look whether the same form was sent before. Programs pass the same
// way through [Kit.Programs], with a token instead of a session.
package webkit

import (
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Handler answers a request, or gives back the error that the kit turns into a page. A
// form with mistakes is no error: its page shows them itself, with status 422.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one line of a face's plan.
type Route struct {
	Method  string
	Pattern string      // of http.ServeMux, without the method: "/admin/units/{code}"
	Right   actor.Right // needed to get in; "" for any account
	Public  bool        // open to visitors without an account
	// MaxBody is the largest body in bytes, for routes that take files; 0 is the kit's.
	MaxBody int64
	// MaxAnswer is the largest file in bytes that is sent, for routes that send files.
	MaxAnswer int64
	// Limited counts reading the page against the bound on posts of an address: for
	// pages whose address is a secret that could be guessed.
	Limited bool
	// InPreview lets a post through while somebody looks at the pages as a role sees them:
	// for what ends that, and for what is no change of the data.
	InPreview bool
	Handle    Handler
}

// Config is what the kit is made of.
type Config struct {
	Logger   *slog.Logger
	Identity *identity.Service
	Now      clock.Clock
	NewID    id.Source
	// ErrorPage writes a page that says what went wrong. Where it fails itself, or is
	// nil, the visitor gets plain text.
	ErrorPage func(w io.Writer, r *http.Request, p ErrorPage) error
	// LoginPath is the page for signing in; PasswordPath the one on which a password
	// that somebody else has given is changed before anything else.
	LoginPath, PasswordPath string
	BaseURL                 string // under which people reach the pages, or ""
	SecureCookies           bool
	Proxies                 []netip.Prefix       // whose X-Forwarded-For is believed
	Meter                   metric.MeterProvider // nil measures nothing
	MaxBody                 int64                // in bytes; 0 is 1 MiB
	Timeout                 time.Duration        // of a request; 0 is 30 seconds
	Session                 time.Duration        // its lifetime; 0 is 12 hours
	PostsPerMinute          int                  // of one address, in this process; 0 is 120
	CallsPerMinute          int                  // of programs, likewise; 0 is 600
}

// Kit is the common ground, put together.
type Kit struct {
	Config
	sessions *scs.SessionManager
	origin   *http.CrossOriginProtection
	limit    func(http.Handler) http.Handler
	calls    func(http.Handler) http.Handler
	forms    *sentForms
	fixed    http.Header // what every answer carries
}

// New makes a kit.
func New(cfg Config) (*Kit, error) {
	if cfg.MaxBody == 0 {
		cfg.MaxBody = 1 << 20
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Session == 0 {
		cfg.Session = 12 * time.Hour
	}
	if cfg.PostsPerMinute == 0 {
		cfg.PostsPerMinute = 120
	}
	k := &Kit{Config: cfg, origin: http.NewCrossOriginProtection()}
	if cfg.BaseURL != "" { // a proxy may speak to us under another name
		if err := k.origin.AddTrustedOrigin(cfg.BaseURL); err != nil {
			return nil, err
		}
	}
	if cfg.CallsPerMinute == 0 {
		k.CallsPerMinute = 600
	}
	k.sessions = newSessions(cfg)
	k.limit, k.calls = k.newLimit(k.PostsPerMinute), k.newLimit(k.CallsPerMinute)
	k.forms, k.fixed = newSentForms(cfg.Now), fixedHeaders(cfg)
	return k, nil
}

// Handler makes the routes into one handler.
func (k *Kit) Handler(routes []Route) http.Handler { return k.around(k.choose(routes), people) }

// choose finds the route of a request.
func (k *Kit) choose(routes []Route) http.Handler {
	mux := http.NewServeMux()
	for _, rt := range routes {
		mux.Handle(rt.Method+" "+rt.Pattern, k.route(rt))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.IndexFunc(r.URL.Path, unwanted) >= 0 { // no record has such a name, and not every engine takes the question
			k.fail(w, r, errs.New(errs.NotFound, i18n.ErrsNotFound))
			return
		}
		if _, pattern := mux.Handler(r); pattern == "" {
			k.fail(w, r, k.missing(mux, r))
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// around gives a handler what every request needs: number, log, headers, compression
// and a bound on its time.
func (k *Kit) around(next http.Handler, by audience) http.Handler {
	h := k.recovered(next)
	h = compress(h)
	h = k.headers(h)
	h = k.visited(h, by)
	if k.Meter == nil {
		return h
	}
	return otelhttp.NewHandler(h, "http", otelhttp.WithMeterProvider(k.Meter), otelhttp.WithTracerProvider(noop.NewTracerProvider()),
		otelhttp.WithServerName(meteredAs))
}

// meteredAs is the server in the measures. The name and the port that a client asks for are
// the client's to choose: as labels they would make new measures without end.
const meteredAs = "nhanrong:80"

// Wrap makes a handler of one that returns errors.
func (k *Kit) Wrap(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			k.fail(w, r, err)
		}
	})
}

// route is the inner part of the way: what hangs on the route.
func (k *Kit) route(rt Route) http.Handler {
	inner := k.Wrap(func(w http.ResponseWriter, r *http.Request) error {
		defer func() { // the server would look for them at the request that it made, not at this copy
			if r.MultipartForm != nil {
				r.MultipartForm.RemoveAll() //nolint:errcheck // the system clears its temporary folder
			}
		}()
		if size := max(rt.MaxBody, rt.MaxAnswer); size > 0 && visitOf(r).welcome(r, rt) {
			var stop func()
			r, stop = k.giveTime(w, r, size)
			defer stop()
		}
		if err := k.readForm(w, r, rt); err != nil {
			return err
		}
		if done, err := k.admit(w, r, rt); done || err != nil {
			return err
		}
		return k.once(w, r, rt.Handle)
	})
	switch {
	case rt.Method != http.MethodGet && rt.Method != http.MethodHead:
		inner = k.sameOrigin(k.limit(inner))
	case rt.Limited:
		inner = k.limit(inner)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visitOf(r).pattern = rt.Pattern
		if labels, ok := otelhttp.LabelerFromContext(r.Context()); ok {
			labels.Add(attribute.String("http.route", rt.Pattern))
		}
		inner.ServeHTTP(w, r)
	})
}

// Server makes the HTTP server of a handler, with a bound on everything that a slow or
// ill-willed client could draw out.
func Server(h http.Handler, addr string) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    32 << 10,
	}
}
