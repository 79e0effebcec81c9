package conference_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func input() conference.Input {
	return conference.Input{Movement: "M-2024", Kind: conference.FinalReview, Title: "Tổng kết", On: apptest.Day("2024-10-16"), Place: "Hội trường"}
}

func TestHoursAreReadAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "8:00": "08:00", "08:30": "08:30", "8h": "08:00", "8h30": "08:30", "8g15": "08:15", "8 giờ": "08:00", "8 giờ 05 phút": "08:05", "23.59": "23:59",
		"8 giờ 30": "08:30", "7H45": "07:45",
	} {
		in := input()
		in.Begins = typed
		if err := in.Check(); err != nil || in.Begins != want {
			t.Errorf("%q is read as %q, %v", typed, in.Begins, err)
		}
	}
	for _, typed := range []string{"24:00", "8:60", "tám giờ", "8:5", "-1:00", "+8:00", "008:00", "8:00:00", "8h30h"} {
		in := input()
		in.Begins = typed
		if err := in.Check(); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q is taken as %q", typed, in.Begins)
		}
	}
}

func TestBoundsOfAConference(t *testing.T) {
	for field, change := range map[string]func(*conference.Input){
		"kind":     func(in *conference.Input) { in.Kind = "party" },
		"title":    func(in *conference.Input) { in.Title = "  " },
		"place":    func(in *conference.Input) { in.Place = strings.Repeat("ô", 501) },
		"guests":   func(in *conference.Input) { in.Guests = strings.Repeat("a", 2001) },
		"occasion": func(in *conference.Input) { in.Occasion = "a\x00b" },
		"on":       func(in *conference.Input) { in.On = 0 },
		"asOf":     func(in *conference.Input) { in.AsOf = in.On + 1 },
	} {
		in := input()
		change(&in)
		var l errs.List
		if err := in.Check(); !errors.As(err, &l) || len(l) != 1 || l[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestListsOfConferencesGoOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		for i := range 5 {
			in := input()
			in.On -= []clock.Date{0, 3, 3, 1, 9}[i]
			in.Title += " " + strconv.Itoa(i)
			_, err := s.Conferences.Plan(t.Context(), s.System(), in)
			s.Must(err)
		}
		var titles []string
		q := conference.Query{Movement: "M-2024", Limit: 2}
		for range 4 {
			page, next, err := s.Conferences.List(t.Context(), s.At(app.RoleReporter, "W1.G"), q)
			s.Must(err)
			for _, c := range page {
				titles = append(titles, c.Title[len(c.Title)-1:])
			}
			if q.Cursor = next; next == "" {
				break
			}
		}
		if got := strings.Join(titles, ""); got != "03214" {
			t.Errorf("in the order of their days, and each once: %s", got)
		}
		if _, _, err := s.Conferences.List(t.Context(), s.System(), conference.Query{Cursor: "2024.x", Limit: 2}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a bad cursor gives %v", err)
		}
		if _, _, err := s.Conferences.List(t.Context(), s.System(), conference.Query{Movement: "M-1999"}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a movement that is none gives %v", err)
		}
	})
}

// TestAUnitThatIsNoMoreIsNotInvited abolishes a group that has a practice in the list.
func TestAUnitThatIsNoMoreIsNotInvited(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		gone := s.Recognised(apptest.Registration(), "1-QĐ")
		in := apptest.Registration()
		in.Unit, in.Title = "W2.G", "Việc của phường Hai"
		s.Recognised(in, "2-QĐ")
		s.Must(s.Org.Reorganise(ctx, who, org.Event{
			Kind: org.Abolish, On: apptest.Day("2024-10-01"), Successions: []org.Succession{{From: gone.Unit, To: gone.Unit, Whole: true}},
		}))
		c, err := s.Conferences.Plan(ctx, who, input())
		s.Must(err)
		units, err := s.Conferences.Uninvited(ctx, who, c.ID, conference.Listed)
		s.Must(err)
		if len(units) != 1 || units[0].Code != "W2.G" {
			t.Errorf("offered are %+v", units)
		}
		if err := s.Conferences.Invite(ctx, who, c.ID, []conference.Invited{{Unit: "W1.G", Seats: 1}}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("it is invited: %v", err)
		}
	})
}

func TestInvitationsGoOnAndStayWithinTheirBounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		c, err := s.Conferences.Plan(ctx, who, input())
		s.Must(err)
		guests := make([]conference.Invited, 7)
		for i := range guests {
			guests[i] = conference.Invited{Guest: "Khách " + string(rune('g'-i)), Seats: 2}
		}
		s.Must(s.Conferences.Invite(ctx, who, c.ID, guests))
		var names []string
		q := conference.InvitationQuery{Conference: c.ID, Limit: 3}
		for range 4 {
			page, tally, next, err := s.Conferences.Invitations(ctx, who, q)
			s.Must(err)
			if tally.Invited != 7 || tally.SeatsPending != 14 {
				t.Errorf("a page counts %+v", tally)
			}
			for _, v := range page {
				names = append(names, v.Guest[len(v.Guest)-1:])
			}
			if q.After = next; next == "" {
				break
			}
		}
		if got := strings.Join(names, ""); got != "abcdefg" {
			t.Errorf("in the order of their names, and each once: %s", got)
		}
		all, _, _, err := s.Conferences.Invitations(ctx, who, conference.InvitationQuery{Conference: c.ID, Limit: 10})
		s.Must(err)
		for name, err := range map[string]error{
			"more than the seats":    s.Conferences.Reply(ctx, who, c.ID, []string{all[0].ID}, conference.Reply{Answer: conference.Yes, Coming: 3}),
			"an answer that is none": s.Conferences.Reply(ctx, who, c.ID, []string{all[0].ID}, conference.Reply{Answer: "maybe"}),
			"nobody":                 s.Conferences.Reply(ctx, who, c.ID, nil, conference.Reply{Answer: conference.Yes}),
			"no seat":                s.Conferences.Invite(ctx, who, c.ID, []conference.Invited{{Guest: "x"}}),
			"too many":               s.Conferences.Invite(ctx, who, c.ID, make([]conference.Invited, 5001)),
		} {
			if errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.Conferences.Uninvite(ctx, who, c.ID, []string{all[0].ID, "khong-co"}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("one that is none: %v", err)
		}
		s.Must(s.Conferences.Reply(ctx, who, c.ID, []string{all[0].ID, all[0].ID}, conference.Reply{Answer: conference.No}))
		if _, tally, _, err := s.Conferences.Invitations(ctx, who, q); err != nil || tally.No != 1 || tally.Invited != 7 {
			t.Errorf("%+v, %v", tally, err)
		}
	})
}

// TestAnsweringIsNotKeeping: who reports for the unit that holds a conference, and does not
// keep conferences, answers for units, and neither for guests nor with more seats.
func TestAnsweringIsNotKeeping(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		c, err := s.Conferences.Plan(ctx, who, input())
		s.Must(err)
		s.Must(s.Conferences.Invite(ctx, who, c.ID, []conference.Invited{{Guest: "Ông Khách", Seats: 1}, {Unit: "W1", Seats: 2}}))
		all, _, _, err := s.Conferences.Invitations(ctx, who, conference.InvitationQuery{Conference: c.ID, Limit: 2})
		s.Must(err)
		guest, ward := all[0], all[1]
		reporter := s.At(app.RoleReporter, "D")
		if err := s.Conferences.Reply(ctx, reporter, c.ID, []string{ward.ID, guest.ID}, conference.Reply{Answer: conference.Yes}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("for a guest: %v", err)
		}
		s.Must(s.Conferences.Reply(ctx, reporter, c.ID, []string{ward.ID}, conference.Reply{Answer: conference.Yes, Seats: 400}))
		if _, v, err := s.Conferences.Invitation(ctx, who, c.ID, ward.ID); err != nil || v.Seats != 2 || v.Coming != 2 {
			t.Errorf("the ward: %+v, %v", v, err)
		}
		s.Must(s.Conferences.Reply(ctx, s.At(app.RoleOfficer, "D"), c.ID, []string{guest.ID}, conference.Reply{Answer: conference.No, Seats: 3}))
		if _, v, err := s.Conferences.Invitation(ctx, who, c.ID, guest.ID); err != nil || v.Seats != 3 || v.Answer != conference.No {
			t.Errorf("the guest: %+v, %v", v, err)
		}
	})
}
