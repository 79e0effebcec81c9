package practice_test

import (
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func sendBack(e practice.Entry, parts ...string) practice.SentBack {
	in := practice.SentBack{Step: practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}, Reasons: []practice.ReturnReason{practice.Unclear}}
	for _, p := range parts {
		in.Flags = append(in.Flags, practice.Flag{Part: p, Note: "Nêu rõ " + p})
	}
	return in
}

func TestOnlyTheFlaggedPartsOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		unit, officer := s.At(app.RoleReporter, "W1"), s.At(app.RoleOfficer, "D")
		e := s.Register(apptest.Registration())
		s.Must(s.Practices.SendBack(t.Context(), officer, sendBack(e, "goals", "indicators")))
		e, err := s.Practices.Get(t.Context(), unit, e.ID)
		s.Must(err)
		if e.Open == nil || !e.Open.Opens("goals") || e.Open.Opens("approach") || e.Open.Of("goals") != "Nêu rõ goals" {
			t.Fatalf("open is %+v", e.Open)
		}
		if practice.MayDocument(unit, e) || !practice.MayDocument(officer, e) {
			t.Error("documents are open to the unit, or closed to the officer")
		}
		if last := e.Standing.Living()[len(e.Standing.Living())-1]; !strings.Contains(last.Reason, "Nêu rõ goals") {
			t.Errorf("the act says %q", last.Reason)
		}
		for field, spoil := range map[string]func(*practice.Input){
			"approach": func(in *practice.Input) { in.Parts.Approach = "Khác" },
			"title":    func(in *practice.Input) { in.Title = "Khác" },
			"field":    func(in *practice.Input) { in.Origin = ledger.OriginReplicated },
			"unit":     func(in *practice.Input) { in.Address = "Số 1" },
		} {
			in := apptest.Registration()
			spoil(&in)
			_, err := s.Practices.Edit(t.Context(), unit, e.ID, e.Version, in)
			if !errs.Is(err, errs.Invalid) || errs.All(err)[0].Field != field {
				t.Errorf("a change of %s: %v", field, err)
			}
		}
		in := apptest.Registration()
		in.Parts.Goals = "12 hộ"
		in.Indicators = []practice.Indicator{{Name: "Hộ tham gia"}}
		e, err = s.Practices.Edit(t.Context(), unit, e.ID, e.Version, in)
		s.Must(err)
		s.Must(s.Practices.Resubmit(t.Context(), unit, practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-05")}))
		rounds, err := s.Practices.Returns(t.Context(), officer, e.ID)
		s.Must(err)
		if len(rounds) != 1 || rounds[0].AnsweredAt.IsZero() || rounds[0].AskedBy != officer.Account {
			t.Fatalf("rounds %+v", rounds)
		}
		var changed []string
		for _, p := range rounds[0].Changed() {
			changed = append(changed, p.Part)
		}
		if strings.Join(changed, " ") != "goals indicators" || rounds[0].After["goals"] != "12 hộ" {
			t.Errorf("changed are %v, %v", changed, rounds[0].After)
		}
		if e, err = s.Practices.Get(t.Context(), unit, e.ID); err != nil || e.Open != nil {
			t.Errorf("still open: %+v, %v", e.Open, err)
		}
	})
}

func TestReturningWithoutFlagsOpensAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		unit, officer := s.At(app.RoleReporter, "W1"), s.At(app.RoleOfficer, "D")
		e := s.Register(apptest.Registration())
		step := practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01"), Reason: "Bổ sung"}
		s.Must(s.Practices.Return(t.Context(), officer, step))
		in := apptest.Registration()
		in.Title, in.Parts.Approach = "Tên khác", "Cách khác"
		_, err := s.Practices.Edit(t.Context(), unit, e.ID, e.Version, in)
		s.Must(err)
		s.Must(s.Practices.Resubmit(t.Context(), unit, step))
		s.Must(s.Practices.SendBack(t.Context(), officer, sendBack(e, "title")))
		rounds, err := s.Practices.Returns(t.Context(), unit, e.ID)
		s.Must(err)
		if len(rounds) != 2 || rounds[0].Round != 2 || len(rounds[1].Changed()) != 2 {
			t.Errorf("rounds %+v", rounds)
		}
	})
}

func TestSendBackAsksForReasons(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		officer := s.At(app.RoleOfficer, "D")
		e := s.Register(apptest.Registration())
		for field, spoil := range map[string]func(*practice.SentBack){
			"reasons":    func(in *practice.SentBack) { in.Reasons = nil },
			"parts":      func(in *practice.SentBack) { in.Flags[0].Part = "other"; in.Flags[0].Note = "x" },
			"note.goals": func(in *practice.SentBack) { in.Flags[0].Note = " " },
			"reason":     func(in *practice.SentBack) { in.Flags = nil },
		} {
			in := sendBack(e, "goals")
			spoil(&in)
			if err := s.Practices.SendBack(t.Context(), officer, in); !errs.Is(err, errs.Invalid) || errs.All(err)[0].Field != field {
				t.Errorf("without %s: %v", field, err)
			}
		}
		if err := s.Practices.SendBack(t.Context(), s.At(app.RoleOfficer, "W2"), sendBack(e, "goals")); !errs.Is(err, errs.NotFound) {
			t.Errorf("out of scope: %v", err)
		}
	})
}

func TestTagsAndFocus(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		officer := s.At(app.RoleOfficer, "D")
		storm, err := s.Practices.AddTag(t.Context(), officer, "M-2024", practice.TagInput{Kind: practice.UrgentTask, Name: "Khắc phục bão số 3", From: apptest.Day("2024-09-07")})
		s.Must(err)
		if _, err := s.Practices.AddTag(t.Context(), officer, "M-2024", practice.TagInput{Kind: practice.Campaign, Name: "Khắc phục  bão số 3"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("the same name twice: %v", err)
		}
		if _, err := s.Practices.AddTag(t.Context(), s.At(app.RoleOfficer, "W1"), "M-2024", practice.TagInput{Kind: practice.Campaign, Name: "Khác"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("by who keeps a part: %v", err)
		}
		in := apptest.Registration()
		in.Tags, in.Address = []string{storm.ID}, "Ngõ 5 phố Hàng Bạc"
		tagged := s.Register(in)
		plain := s.Register(apptest.Registration())
		bad := apptest.Registration()
		bad.Tags = []string{"nowhere"}
		if _, err := s.Practices.Register(t.Context(), officer, bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("a tag that is none: %v", err)
		}
		found := func(tag string) []string {
			list, err := s.Practices.List(t.Context(), officer, practice.Query{Period: 1, Tab: practice.TabAll, Tag: tag, Slice: ledger.Slice{Limit: 10}})
			s.Must(err)
			var codes []string
			for _, e := range list.Rows {
				codes = append(codes, e.Code)
			}
			if len(codes) != list.Total {
				t.Errorf("%d counted, %v listed", list.Total, codes)
			}
			return codes
		}
		if got := found(storm.ID); len(got) != 1 || got[0] != tagged.Code {
			t.Errorf("with the tag: %v", got)
		}
		if err := s.Practices.RemoveTag(t.Context(), officer, storm.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("a tag in use: %v", err)
		}
		if err := s.Practices.SetFocus(t.Context(), officer, plain.ID, true); !errs.Is(err, errs.Conflict) {
			t.Errorf("before it is received: %v", err)
		}
		s.Must(s.Practices.Receive(t.Context(), officer, practice.Step{Entries: []string{plain.ID}, On: apptest.Day("2024-03-01")}))
		s.Must(s.Practices.SetFocus(t.Context(), officer, plain.ID, true))
		if got := found(practice.Focused); len(got) != 1 || got[0] != plain.Code {
			t.Errorf("followed closely: %v", got)
		}
		e, err := s.Practices.Get(t.Context(), officer, tagged.ID)
		s.Must(err)
		if e.Address != in.Address || len(e.Tags) != 1 {
			t.Errorf("kept %q, %v", e.Address, e.Tags)
		}
		again := apptest.Registration()
		_, err = s.Practices.Edit(t.Context(), officer, e.ID, e.Version, again)
		s.Must(err)
		s.Must(s.Practices.EditTag(t.Context(), officer, storm.ID, 1, practice.TagInput{Kind: practice.Occasion, Name: "Bão", To: clock.MustDate("2024-12-31")}))
		s.Must(s.Practices.RemoveTag(t.Context(), officer, storm.ID))
		typed, err := s.Worklist.Typed(t.Context(), officer, 1, 5)
		s.Must(err)
		if len(typed) != 0 { // the system typed them
			t.Errorf("typed %v", typed)
		}
	})
}
