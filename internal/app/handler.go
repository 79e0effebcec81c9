package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"go.opentelemetry.io/otel/metric"

	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/telemetry"
	"github.com/nhanrong/nhanrong/internal/web/admin"
	"github.com/nhanrong/nhanrong/internal/web/api"
	"github.com/nhanrong/nhanrong/internal/web/approval"
	"github.com/nhanrong/nhanrong/internal/web/ceremony"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/fieldwork"
	"github.com/nhanrong/nhanrong/internal/web/newsroom"
	"github.com/nhanrong/nhanrong/internal/web/office"
	"github.com/nhanrong/nhanrong/internal/web/people"
	"github.com/nhanrong/nhanrong/internal/web/portal"
	"github.com/nhanrong/nhanrong/internal/web/reporting"
	"github.com/nhanrong/nhanrong/internal/web/sending"
	"github.com/nhanrong/nhanrong/internal/web/start"
	"github.com/nhanrong/nhanrong/internal/web/steering"
	"github.com/nhanrong/nhanrong/internal/web/typing"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Web is the faces of the house, put together.
type Web struct {
	Handler http.Handler
	// Routes are those of the pages, Operations those of the API: what tests of rights walk.
	Routes, Operations []webkit.Route
}

// Web makes the faces. A nil meter measures nothing.
func (h *House) Web(cfg *config.Config, meter metric.MeterProvider) (Web, error) {
	proxies, err := cfg.Proxies()
	if err != nil {
		return Web{}, err
	}
	sender, err := mailSender(cfg)
	if err != nil {
		return Web{}, err
	}
	h.Outbox.SendBy(sender, cfg.BaseURL)
	kit, err := webkit.New(webkit.Config{
		Logger: h.Logger, Identity: h.Identity, Now: h.Now, NewID: id.Random, LoginPath: ui.SignInPath, PasswordPath: admin.PasswordPath,
		BaseURL: cfg.BaseURL, SecureCookies: cfg.SecureCookies, Proxies: proxies, Meter: meter, MaxBody: cfg.MaxBody,
		Timeout: cfg.RequestTimeout, Session: time.Duration(cfg.SessionHours) * time.Hour,
	})
	if err != nil {
		return Web{}, err
	}
	frame := desk.New(h.Rulebook, h.Identity, h.Press)
	frame.NameRoles(deskRoles())
	kit.ErrorPage = frame.ErrorPage
	site := portal.New(portal.Rooms{
		Now: h.Now, Org: h.Org, Rulebook: h.Rulebook, Movements: h.Movements, Practices: h.Practices, Replication: h.Replication,
		Awards: h.Awards, Press: h.Press, Reports: h.Reports, Nurture: h.Nurture, BaseURL: cfg.BaseURL, Secure: cfg.SecureCookies,
	})
	programs, err := api.New(api.Rooms{
		Now: h.Now, Org: h.Org, Movements: h.Movements, Conferences: h.Conferences, Practices: h.Practices, Replication: h.Replication, Reports: h.Reports,
	})
	if err != nil {
		return Web{}, err
	}
	routes := slices.Concat(h.officePages(kit, frame, cfg), site.Routes())
	mux := http.NewServeMux()
	mux.Handle("/static/", ui.Static())
	mux.Handle("GET /healthz", h.health())
	mux.Handle("GET /readyz", h.health(telemetry.Check{Name: "database", Run: h.DB.Ping}, telemetry.Check{Name: "migrations", Run: h.migrated}))
	mux.Handle("/api/", kit.Programs(programs.Routes()))
	mux.Handle("/", kit.Handler(routes))
	front, err := site.Front(kit, mux)
	if err != nil {
		return Web{}, err
	}
	return Web{Handler: front, Routes: routes, Operations: programs.Routes()}, nil
}

// officePages are the pages behind the sign-in, and those of the first start.
func (h *House) officePages(kit *webkit.Kit, frame *desk.Desk, cfg *config.Config) []webkit.Route {
	first := start.New(frame, start.Rooms{Now: h.Now, Setup: h.Setup, Rules: h.Rulebook, RoleNames: roleNames(), Secure: cfg.SecureCookies})
	cases := approval.New(frame, approval.Rooms{
		Now: h.Now, Org: h.Org, Identity: h.Identity, Movements: h.Movements, Practices: h.Practices, Reviews: h.Reviews, RoleNames: reviewRoles(),
	})
	field := fieldwork.New(frame, fieldwork.Rooms{Now: h.Now, Org: h.Org, Movements: h.Movements, Practices: h.Practices, Appraisals: h.Appraisals})
	register := admin.New(kit, frame, admin.Rooms{
		Now: h.Now, Org: h.Org, Identity: h.Identity, Rulebook: h.Rulebook, Movements: h.Movements, Practices: h.Practices, Drafts: h.Drafts,
		Replication: h.Replication, Awards: h.Awards, Conferences: h.Conferences, Press: h.Press, Reports: h.Reports, Nurture: h.Nurture, Setup: h.Setup, Approval: cases,
		Worklist: h.Worklist, Fieldwork: field,
	})
	forms := typing.New(frame, typing.Rooms{Now: h.Now, Org: h.Org, Movements: h.Movements, Practices: h.Practices, Drafts: h.Drafts})
	work := office.New(frame, office.Rooms{
		Now: h.Now, Org: h.Org, Movements: h.Movements, Practices: h.Practices, Conferences: h.Conferences, Reports: h.Reports, Worklist: h.Worklist,
	})
	news := newsroom.New(frame, newsroom.Rooms{Now: h.Now, Org: h.Org, Practices: h.Practices, Press: h.Press, Outbox: h.Outbox})
	plans := steering.New(frame, steering.Rooms{Now: h.Now, Org: h.Org, Identity: h.Identity, Movements: h.Movements, Reports: h.Reports})
	staff := people.New(kit, frame, people.Rooms{
		Rules: h.Rulebook, Now: h.Now, Org: h.Org, Identity: h.Identity, Movements: h.Movements, Drafts: h.Drafts, Reviews: h.Reviews, Practices: h.Practices, Nurture: h.Nurture, Privacy: h.Privacy,
		Worklist: h.Worklist, Outbox: h.Outbox, Address: cfg.BaseURL,
	})
	packages := sending.New(frame, sending.Rooms{Now: h.Now, Movements: h.Movements, Parcels: h.Parcels})
	papers := reporting.New(frame, reporting.Rooms{Now: h.Now, Org: h.Org, Movements: h.Movements, Reports: h.Reports, Papers: h.Papers})
	day := ceremony.New(frame, h.Conferences)
	return slices.Concat(day.Routes(), papers.Routes(), packages.Routes(), first.Routes(), register.Routes(), work.Routes(), forms.Routes(), cases.Routes(), field.Routes(), news.Routes(), plans.Routes(), staff.Routes())
}

func reviewRoles() []approval.RoleName {
	var all []approval.RoleName
	for _, role := range roleNames() {
		all = append(all, approval.RoleName(role))
	}
	return all
}

func deskRoles() []desk.RoleName {
	var all []desk.RoleName
	for _, role := range roleNames() {
		all = append(all, desk.RoleName(role))
	}
	return all
}

func roleNames() []start.RoleName {
	labels := map[string]i18n.Key{
		RoleAdministrator: i18n.AppRoleAdministrator, RoleOfficer: i18n.AppRoleOfficer, RoleReporter: i18n.AppRoleReporter,
		RoleLeader: i18n.AppRoleLeader,
	}
	var all []start.RoleName
	for _, role := range RoleNames() {
		all = append(all, start.RoleName{Role: role, Label: labels[role]})
	}
	return all
}

// Program is how the program calls itself where programs ask.
const Program = "nhanrong"

// Health is the answer to who asks how the program is.
type Health struct {
	Program string `json:"program"`
	telemetry.Health
}

// health answers whether the process lives and, with checks, whether it is ready. Why a
// check failed is for the log.
func (h *House) health(checks ...telemetry.Check) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		state, err := telemetry.Evaluate(r.Context(), checks...)
		if err != nil {
			h.Logger.WarnContext(r.Context(), "not ready", "error", err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if !state.OK {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		if err := json.NewEncoder(w).Encode(Health{Program: Program, Health: state}); err != nil {
			h.Logger.DebugContext(r.Context(), "nobody waited for the state of health", "error", err)
		}
	})
}

// migrated fails where the database waits for a newer form.
func (h *House) migrated(ctx context.Context) error {
	n, err := h.DB.Pending(ctx)
	if err == nil && n > 0 {
		return fmt.Errorf("the database waits for %d migrations", n)
	}
	return err
}
