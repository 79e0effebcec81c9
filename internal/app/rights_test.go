package app_test

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// own are the methods that every account may call about itself, and nobody without one.
func own() map[string]bool {
	return map[string]bool{
		"Identity.Self": true, "Identity.Names": true, "Identity.ChangeOwnPassword": true, "Identity.Inbox": true, "Identity.Unread": true,
		"Identity.MarkRead": true, "Identity.Sessions": true, "Identity.Revoke": true, "Identity.RevokeAll": true,
		"Identity.Tokens": true, "Identity.CreateToken": true, "Identity.RevokeToken": true,
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
		"Org": h.Org, "Identity": h.Identity, "Rulebook": h.Rulebook, "Movements": h.Movements, "Practices": h.Practices,
		"Replication": h.Replication, "Awards": h.Awards, "Press": h.Press, "Reports": h.Reports,
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
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := apptest.Sample(t, d)
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
			for _, rt := range web.Routes {
				if rt.Method != http.MethodPost || rt.Public || rt.Right == "" || who.Can(rt.Right) {
					continue
				}
				if got := client.Post(fill(t, h, rt.Pattern), nil).Status; got != http.StatusForbidden {
					t.Errorf("%s gets %d for posting to %s without %q", login.Login, got, rt.Pattern, rt.Right)
				}
			}
		}
	})
}
