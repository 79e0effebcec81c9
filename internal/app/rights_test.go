package app_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// own are the methods that every account may call about itself, and nobody without one.
func own() map[string]bool {
	return map[string]bool{
		"Identity.Self": true, "Identity.Names": true, "Identity.ChangeOwnPassword": true, "Identity.Inbox": true, "Identity.Unread": true,
		"Identity.MarkRead": true, "Identity.Sessions": true, "Identity.Reached": true, "Worklist.PreviewDigest": true, "Identity.Revoke": true, "Identity.RevokeAll": true,
		"Identity.Tokens": true, "Identity.CreateToken": true, "Identity.RevokeToken": true,
		"Identity.UpdateSelf": true, "Identity.SetLetters": true, "Identity.Delegate": true, "Identity.EndDelegation": true, "Identity.Delegations": true, "Identity.EndPreview": true,
	}
}

// TestEveryMethodAsksForARight calls every exported method that takes an actor, of every
// service, with an account that sees the whole house and may do nothing.
func TestEveryMethodAsksForARight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := apptest.Empty(t, d)
		walked := 0
		for name, service := range services(h) {
			v := reflect.ValueOf(service)
			for i := range v.NumMethod() {
				method := name + "." + v.Type().Method(i).Name
				args, takesActor := arguments(t, v.Method(i).Type(), powerless(own()[method]))
				if !takesActor {
					continue
				}
				walked++
				if err := lastError(v.Method(i).Call(args)); !errs.Is(err, errs.Forbidden) {
					t.Errorf("%s gives %v to an account without rights", method, err)
				}
			}
		}
		if walked < 50 {
			t.Errorf("only %d methods were walked", walked)
		}
	})
}

func services(h *app.House) map[string]any {
	return map[string]any{
		"Org": h.Org, "Identity": h.Identity, "Rulebook": h.Rulebook, "Movements": h.Movements, "Practices": h.Practices, "Drafts": h.Drafts,
		"Replication": h.Replication, "Awards": h.Awards, "Conferences": h.Conferences, "Press": h.Press, "Reports": h.Reports, "Outbox": h.Outbox,
		"Reviews": h.Reviews, "Worklist": h.Worklist, "Appraisals": h.Appraisals, "Nurture": h.Nurture, "Privacy": h.Privacy, "Papers": h.Papers, "Parcels": h.Parcels,
	}
}

// powerless is an account without rights, or nobody at all where the method is about
// one's own account.
func powerless(own bool) actor.Actor {
	who := actor.Actor{Login: "x", Scope: actor.Scope{All: true}, Via: actor.Web}
	if !own {
		who.Account = "somebody"
	}
	return who
}

func arguments(t *testing.T, method reflect.Type, who actor.Actor) (args []reflect.Value, takesActor bool) {
	t.Helper()
	for i := range method.NumIn() {
		if method.IsVariadic() && i == method.NumIn()-1 {
			break
		}
		switch in := method.In(i); {
		case in == reflect.TypeFor[actor.Actor]():
			args, takesActor = append(args, reflect.ValueOf(who)), true
		case in == reflect.TypeFor[context.Context]():
			args = append(args, reflect.ValueOf(t.Context()))
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	return args, takesActor
}

func lastError(out []reflect.Value) error {
	err, _ := reflect.TypeAssert[error](out[len(out)-1])
	return err
}

// TestRoutesByRole walks every page with every role: who lacks the route's right is
// refused, who has it is let in, and a visitor is sent to sign in.
func TestRoutesByRole(t *testing.T) {
	t.Parallel()
	alone(t)
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		web := apptest.Web(t, h)
		site := apptest.Serve(t, h)
		visitor := apptest.Visitor(t, site)
		for _, login := range sample.Logins() {
			client := apptest.As(t, site, login.Login)
			rights := app.Roles()[login.Role]
			who := actor.Actor{Rights: rights}
			for _, rt := range web.Routes {
				if rt.Method != http.MethodGet || rt.Public {
					continue
				}
				path := fill(t, h, rt.Pattern)
				got := client.Get(path).Status
				allowed := rt.Right == "" || who.Can(rt.Right)
				if refused := got == http.StatusForbidden; refused == allowed {
					t.Errorf("%s gets %d for %s, which asks for %q", login.Login, got, path, rt.Right)
				}
				if got >= http.StatusInternalServerError {
					t.Errorf("%s gets %d for %s", login.Login, got, path)
				}
				if a := visitor.Get(path); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/login") {
					t.Errorf("a visitor gets %d for %s", a.Status, path)
				}
			}
			poster := newAttacker(t, h, login.Login)
			for _, rt := range web.Routes {
				if rt.Method != http.MethodPost || rt.Public || rt.Right == "" || who.Can(rt.Right) {
					continue
				}
				if got := poster.Do(poster.request(http.MethodPost, fill(t, h, rt.Pattern), "", formType)).Status; got != http.StatusForbidden {
					t.Errorf("%s gets %d for posting to %s without %q", login.Login, got, rt.Pattern, rt.Right)
				}
			}
		}
	})
}

// TestOperationsByRole walks the API with a token of every role, and with tokens that have
// one right less: who lacks the operation's right is refused, who has it is let in.
func TestOperationsByRole(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		web, site := apptest.Web(t, h), apptest.Serve(t, h)
		visitor := apptest.Visitor(t, site)
		for _, op := range web.Operations {
			if op.Method != http.MethodGet || !strings.HasPrefix(op.Pattern, "/api/v1/") || op.Public != strings.Contains(op.Pattern, "openapi") {
				t.Errorf("%+v is walked by nobody", op)
			}
			if op.Public {
				continue
			}
			path := fill(t, h, op.Pattern) + "?movement=" + sample.Movement
			if strings.HasPrefix(op.Pattern, "/api/v1/movements") || strings.Contains(op.Pattern, "conferences/") || strings.Contains(op.Pattern, "entries/") {
				path = fill(t, h, op.Pattern)
			}
			if a := visitor.Get(path); a.Status != http.StatusUnauthorized || a.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("a visitor gets %d for %s", a.Status, path)
			}
			for _, login := range sample.Logins() {
				rights := app.Roles()[login.Role]
				all, _ := apptest.Token(t, h, login.Login)
				if a := apptest.Program(t, site, all).Get(path); a.Status != http.StatusOK && a.Status != http.StatusNotFound {
					t.Errorf("%s gets %d for %s: %s", login.Login, a.Status, path, a.Body)
				}
				less, _ := apptest.Token(t, h, login.Login, slices.DeleteFunc(slices.Clone(rights), func(r actor.Right) bool { return r == op.Right })...)
				a := apptest.Program(t, site, less).Get(path)
				if a.Status != http.StatusForbidden || !strings.Contains(a.Header.Get("WWW-Authenticate"), `scope="`+string(op.Right)+`"`) {
					t.Errorf("%s without %s gets %d for %s, %v", login.Login, op.Right, a.Status, path, a.Header)
				}
			}
		}
	})
}

// TestOperationsKeepToTheScope asks, with the token of one ward's reporter, for what lies
// in the other ward: by its name, in lists, in counts and in figures.
func TestOperationsKeepToTheScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		mine := s.Recognised(apptest.Registration(), "1-QĐ")
		in := apptest.Registration()
		in.Unit, in.Subject, in.Title = "W2.G", "Tổ dân phố 2", "Bếp ăn chung"
		other := s.Recognised(in, "2-QĐ")
		site := apptest.Serve(t, s.House)
		reporter := apptest.Program(t, site, account(t, s, "phuongmot", app.RoleReporter, "W1"))
		for _, path := range []string{
			"/entries/" + other.Code, "/entries/" + other.ID, "/entries?movement=M-2024&unit=W2", "/figures?movement=M-2024&scope=W2",
			"/figures?movement=M-2024&scope=D", "/figures/recognised/items?movement=M-2024&unit=W2", "/figures/adoptions/items?movement=M-2024&unit=W2",
		} {
			if a := reporter.Get("/api/v1" + path); a.Status != http.StatusNotFound || strings.Contains(a.Body, other.Title) {
				t.Errorf("%s: %d %s", path, a.Status, a.Body)
			}
		}
		for _, path := range []string{
			"/entries?movement=M-2024", "/figures?movement=M-2024&list=true", "/figures/recognised/items?movement=M-2024",
			"/figures/received/items?movement=M-2024",
		} {
			a := reporter.Get("/api/v1" + path)
			if a.Status != http.StatusOK || strings.Contains(a.Body, other.Code) || !strings.Contains(a.Body, mine.Code) || !strings.Contains(a.Body, `"total":1`) {
				t.Errorf("%s: %d %s", path, a.Status, a.Body)
			}
		}
		everywhere := apptest.Program(t, site, account(t, s, "canbo", app.RoleOfficer, "D"))
		if a := everywhere.Get("/api/v1/figures?movement=M-2024&list=true"); !strings.Contains(a.Body, other.Code) || !strings.Contains(a.Body, `"total":2`) {
			t.Errorf("the officer sees %s", a.Body)
		}
	})
}

// account makes an account with a role at a unit, and a token with all its rights.
func account(t *testing.T, s apptest.Small, login, role, unit string) string {
	t.Helper()
	u, err := s.Org.Get(t.Context(), s.System(), unit)
	s.Must(err)
	_, err = s.Identity.Create(t.Context(), s.System(), identity.Input{
		Login: login, Name: login, Password: sample.Password, Settled: true, Grants: []identity.GrantInput{{Role: role, Unit: u.ID}},
	})
	s.Must(err)
	text, _ := apptest.Token(t, s.House, login)
	return text
}

// TestATokenThatIsOverOpensNothing tries tokens that were revoked, have run out, or whose
// account was disabled.
func TestATokenThatIsOverOpensNothing(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		site := apptest.Serve(t, h)
		later := apptest.Serve(t, app.Build(h.DB, h.Files, func() time.Time { return h.Now().AddDate(0, 0, 2) }, h.Logger))
		old, _ := apptest.Token(t, h, "canbo") // its last day is today
		revoked, token := apptest.Token(t, h, "canbo")
		orphan, _ := apptest.Token(t, h, "lanhdao")
		for _, text := range []string{old, revoked, orphan} {
			if a := apptest.Program(t, site, text).Get("/api/v1/movements"); a.Status != http.StatusOK {
				t.Fatalf("a good token gets %d", a.Status)
			}
		}
		owner, err := h.Identity.ActorByLogin(t.Context(), "canbo", actor.CommandLine, "")
		if err != nil {
			t.Fatal(err)
		}
		leader, err := h.Identity.ByLogin(t.Context(), h.System(), "lanhdao")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(h.Identity.RevokeToken(t.Context(), owner, token.ID), h.Identity.Disable(t.Context(), h.System(), leader.ID)); err != nil {
			t.Fatal(err)
		}
		for name, program := range map[string]*apptest.Client{
			"old": apptest.Program(t, later, old), "revoked": apptest.Program(t, site, revoked), "of a disabled account": apptest.Program(t, site, orphan),
		} {
			a := program.Get("/api/v1/movements")
			if a.Status != http.StatusUnauthorized || !strings.Contains(a.Header.Get("WWW-Authenticate"), `error="invalid_token"`) {
				t.Errorf("a token that is %s gets %d %v", name, a.Status, a.Header)
			}
		}
	})
}

// alone leaves out a test in which one client walks through the pages one after the other,
// where tests are kept short for the race detector.
func alone(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("one client walks alone: nothing meets there, and with the race detector it takes ten times as long")
	}
}
