package app_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// movable is a clock that a test sets, back as well as forward.
type movable struct{ at atomic.Int64 }

func (m *movable) set(s string) {
	m.at.Store(clock.MustDate(s).Midnight().Add(9 * time.Hour).UnixNano())
}

func (m *movable) now() time.Time { return time.Unix(0, m.at.Load()) }

// TestAClockThatIsSetBack registers, sets the clock back by two days and works on: nothing
// is lost or overtaken, the chain of the audit holds, what is dated in the future is told,
// and who is signed in stays so.
func TestAClockThatIsSetBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := &movable{}
		m.set("2024-06-07")
		s := apptest.SmallIn(t, apptest.EmptyAt(t, d, apptest.Files(t), m.now))
		login(t, s, "quan", app.RoleOfficer, "D")
		m.set("2024-06-10")
		officer := apptest.As(t, apptest.Serve(t, s.House), "quan")
		in := apptest.Registration()
		in.On = apptest.Day("2024-06-10")
		before := s.Register(in)
		m.set("2024-06-08")

		in.On, in.Title = apptest.Day("2024-06-08"), "Sau khi đồng hồ lùi"
		after := s.Register(in)
		ctx, who := t.Context(), s.System()
		for _, step := range []struct {
			entry, on string
			ok        bool
		}{{after.ID, "2024-06-08", true}, {before.ID, "2024-06-10", false}, {before.ID, "2024-06-08", false}} {
			err := s.Practices.Receive(ctx, who, practice.Step{Entries: []string{step.entry}, On: apptest.Day(step.on)})
			if (err == nil) != step.ok {
				t.Errorf("receive %s on %s: %v", step.entry, step.on, err)
			}
		}
		list, err := s.Practices.List(ctx, who, practice.Query{Period: before.Period, Slice: ledger.Slice{Limit: 10}})
		if err != nil || len(list.Rows) != 2 {
			t.Errorf("%d entries are listed: %v", len(list.Rows), err)
		}
		if a := officer.Get("/admin/entries/" + before.Code); a.Status != http.StatusOK || !strings.Contains(a.Body, before.Title) {
			t.Errorf("the officer's session, or the entry, is gone: %d", a.Status)
		}
		m.set("2024-06-11")
		s.Must(s.Practices.Receive(ctx, who, practice.Step{Entries: []string{before.ID}, On: apptest.Day("2024-06-11")}))
		if v, err := audit.Verify(ctx, s.DB); err != nil || v.Broken != 0 {
			t.Errorf("the chain of the audit: %+v, %v", v, err)
		}
		if stale, err := ledger.Stale(ctx, s.DB); err != nil || len(stale) > 0 {
			t.Errorf("facts that differ from their acts: %v, %v", stale, err)
		}
	})
}

// TestAUnitThatIsMergedWithEntriesInFlight merges a group while one of its entries waits
// and another is received: both go on and count where they were registered, and what is new
// is sent to the successor.
func TestAUnitThatIsMergedWithEntriesInFlight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		waiting := s.Register(apptest.Registration())
		in := apptest.Registration()
		in.Title = "Đã tiếp nhận"
		received := s.Register(in)
		s.Must(s.Practices.Receive(ctx, who, practice.Step{Entries: []string{received.ID}, On: apptest.Day("2024-03-01")}))
		from, err := s.Org.Get(ctx, who, "W1.G")
		s.Must(err)
		to, err := s.Org.Get(ctx, who, "W2.G")
		s.Must(err)
		s.Must(s.Org.Reorganise(ctx, who, org.Event{
			Kind: org.Merge, On: apptest.Day("2024-04-01"), Decision: "Nghị quyết số 1",
			Successions: []org.Succession{{From: from.ID, To: to.ID, Whole: true}},
		}))

		s.Must(s.Practices.Receive(ctx, who, practice.Step{Entries: []string{waiting.ID}, On: apptest.Day("2024-05-02")}))
		for _, e := range []practice.Entry{waiting, received} {
			s.Must(s.Practices.Start(ctx, who, practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-05-03")}))
		}
		in.On, in.Title = apptest.Day("2024-05-04"), "Đăng ký sau khi sáp nhập"
		if _, err := s.Practices.Register(ctx, who, in); err == nil || !strings.Contains(err.Error(), "org.not_valid_on") {
			t.Errorf("the unit that is no more registers: %v", err)
		}
		in.Unit = "W2.G"
		s.Register(in)
		s.Must(s.Practices.Reclassify(ctx, who, practice.NewAttributes{
			Entry: waiting.ID, On: apptest.Day("2024-05-05"), Reason: "Đơn vị đã sáp nhập", Unit: "W2.G", Kind: ledger.Collective, Field: "economy", Origin: ledger.OriginNew,
		}))
		for unit, want := range map[string]int{"W1": 1, "W2": 2, "D": 3} {
			u, err := s.Org.Get(ctx, who, unit)
			s.Must(err)
			list, err := s.Practices.List(ctx, who, practice.Query{Period: waiting.Period, Unit: u.Code, Slice: ledger.Slice{Limit: 10}})
			if err != nil || len(list.Rows) != want {
				t.Errorf("%s has %d entries, want %d: %v", unit, len(list.Rows), want, err)
			}
		}
		if stale, err := ledger.Stale(ctx, s.DB); err != nil || len(stale) > 0 {
			t.Errorf("facts that differ from their acts: %v, %v", stale, err)
		}
	})
}

// TestAReporterWhoLeaves closes the account of a reporter in the middle of the work: the
// session ends at once, what was registered stays with its names, and a successor of the
// same unit goes on with it.
func TestAReporterWhoLeaves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		_, err := s.Identity.Bootstrap(t.Context(), "quantri", "Quản trị", sample.Password)
		s.Must(err)
		for _, name := range []string{"cu", "moi"} {
			login(t, s, name, app.RoleReporter, "W1")
		}
		site := apptest.Serve(t, s.House)
		old, next := apptest.As(t, site, "cu"), apptest.As(t, site, "moi")
		account, err := s.Identity.ByLogin(t.Context(), s.System(), "cu")
		s.Must(err)
		who, err := s.Identity.ActorByLogin(t.Context(), "cu", actor.Web, "")
		s.Must(err)
		e, err := s.Practices.Register(t.Context(), who, apptest.Registration())
		s.Must(err)
		s.Must(s.Practices.Return(t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01"), Reason: "Thiếu kết quả"}))
		s.Must(s.Identity.Disable(t.Context(), s.System(), account.ID))

		if a := old.Get("/admin/entries/" + e.Code); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/login") {
			t.Errorf("a closed account reads on: %d %s", a.Status, a.Location)
		}
		if _, err := s.Identity.SignIn(t.Context(), identity.SignInInput{Login: "cu", Password: sample.Password, Address: "127.0.0.1"}); err == nil {
			t.Error("a closed account signs in")
		}
		a := next.Get("/admin/entries/" + e.Code)
		if a.Status != http.StatusOK || !strings.Contains(a.Body, "cu") {
			t.Errorf("the successor sees %d, and who typed it stands there no more", a.Status)
		}
		successor, err := s.Identity.ActorByLogin(t.Context(), "moi", actor.Web, "")
		s.Must(err)
		s.Must(s.Practices.Resubmit(t.Context(), successor, practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-02")}))
	})
}
