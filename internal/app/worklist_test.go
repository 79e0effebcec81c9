package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// TestFortyEntriesAreReceivedAtOnceAndThatIsUndone goes the way of the pages: all that match
// the filter, first shown, then done, then taken back.
func TestFortyEntriesAreReceivedAtOnceAndThatIsUndone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		login(t, s, "canbo", app.RoleOfficer, "D")
		var first practice.Entry
		for i := range 40 {
			in := apptest.Registration()
			in.Title = fmt.Sprintf("Mô hình %02d", i)
			first = s.Register(in)
		}
		in := apptest.Registration()
		in.Unit, in.Title = "W2.G", "=1+1"
		s.Register(in)
		client := apptest.As(t, apptest.Serve(t, s.House), "canbo")
		back := "/admin/entries?unit=W1&tab=waiting"
		if home := client.Get("/admin"); !strings.Contains(home.Body, i18n.Vi.T(i18n.OfficeWorkAll, i18n.Vi.T(worklist.ToReceive.Label()), 41)) || !strings.Contains(home.Body, "tab=waiting") {
			t.Error("the first page does not lead to all that waits")
		}
		waiting := func() int {
			list, err := s.Practices.List(t.Context(), s.System(), practice.Query{Period: first.Period, Tab: practice.TabWaiting, Slice: ledger.Slice{Sort: ledger.ByDay, Limit: 1}})
			s.Must(err)
			return list.Total
		}
		form := url.Values{"back": {back}, "which": {"all"}, "action": {"receive"}, "on": {"2024-03-01"}}
		shown := client.Post("/admin/batches/new", form)
		if shown.Status != http.StatusOK || !strings.Contains(shown.Body, "40") || waiting() != 41 {
			t.Fatalf("the question is answered %d, %d wait", shown.Status, waiting())
		}
		form.Set("sure", "1")
		done := client.Post("/admin/batches/new", form)
		if done.Status != http.StatusSeeOther || waiting() != 1 {
			t.Fatalf("done is answered %d to %s, %d wait", done.Status, done.Location, waiting())
		}
		if page := client.Get(done.Location); page.Status != http.StatusOK || !strings.Contains(page.Body, "/undo") {
			t.Errorf("the batch is shown with %d", page.Status)
		}
		if undone := client.Post(done.Location+"/undo", url.Values{}); undone.Status != http.StatusSeeOther || waiting() != 41 {
			t.Errorf("undone is answered %d, %d wait", undone.Status, waiting())
		}
		if wrong := client.Post("/admin/batches/new", url.Values{"back": {back}, "which": {"all"}, "action": {"return"}, "on": {"2024-03-01"}}); wrong.Status != http.StatusUnprocessableEntity {
			t.Errorf("a return without a reason is answered %d", wrong.Status)
		}
		file := client.Get("/admin/entries.csv?tab=waiting&separator=semicolon")
		if n := strings.Count(file.Body, "\r\n"); !strings.HasPrefix(file.Body, "\xEF\xBB\xBF") || n != 42 || !strings.Contains(file.Body, ";'=1+1;") {
			t.Errorf("the file has %d lines: %.200s", n, file.Body)
		}
	})
}

func TestSilentUnitsAreRemindedAndNotTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		login(t, s, "phuong2", app.RoleReporter, "W2")
		login(t, s, "canbo", app.RoleOfficer, "D")
		e := s.Register(apptest.Registration())
		officer := s.At(app.RoleOfficer, "D")
		silence, err := s.Worklist.Silent(t.Context(), officer, "M-2024", e.Period, worklist.AllUnits)
		s.Must(err)
		var codes []string
		for _, u := range silence.Units {
			codes = append(codes, u.Unit.Code)
		}
		if slices.Contains(codes, "W1") || !slices.Contains(codes, "W2") {
			t.Fatalf("silent are %v", codes)
		}
		in := worklist.RemindInput{Movement: "M-2024", Period: e.Period, Units: []string{"W2"}}
		told, err := s.Worklist.Remind(t.Context(), officer, in)
		s.Must(err)
		if told != 1 {
			t.Errorf("%d accounts have a notice", told)
		}
		if _, err := s.Worklist.Remind(t.Context(), officer, in); !errs.Is(err, errs.Conflict) {
			t.Errorf("twice on a day: %v", err)
		}
		in.Again = true
		_, err = s.Worklist.Remind(t.Context(), officer, in)
		s.Must(err)
		in.Units = []string{"W1"}
		if _, err := s.Worklist.Remind(t.Context(), officer, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("a unit that has registered: %v", err)
		}
		who, err := s.Identity.ActorByLogin(t.Context(), "phuong2", actor.Web, "")
		s.Must(err)
		if n, err := s.Identity.Unread(t.Context(), who); err != nil || n != 2 {
			t.Errorf("the unit has %d notices, %v", n, err)
		}
		client := apptest.As(t, apptest.Serve(t, s.House), "canbo")
		for _, path := range []string{"/admin/silent", "/admin/silent/letters", "/admin/overview", "/admin"} {
			if got := client.Get(path); got.Status != http.StatusOK {
				t.Errorf("%s is answered %d", path, got.Status)
			}
		}
	})
}
