package appraisal_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

func received(t *testing.T, s apptest.Small, title string) practice.Entry {
	t.Helper()
	in := apptest.Registration()
	in.Title, in.Subject = title, "Tổ "+title
	e := s.Register(in)
	s.Must(s.Practices.Receive(t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}))
	return e
}

func as(s apptest.Small, account, role, unit string) actor.Actor {
	who := s.At(role, unit)
	who.Account = account
	return who
}

func note(e practice.Entry, kind appraisal.Kind, on string) appraisal.NoteInput {
	return appraisal.NoteInput{Entry: e.ID, Kind: kind, On: apptest.Day(on), Text: "Đã họp dân", Outputs: "Ngõ sạch"}
}

func standing(t *testing.T, s apptest.Small, e practice.Entry) ledger.Standing {
	t.Helper()
	got, err := s.Practices.Get(t.Context(), s.System(), e.ID)
	s.Must(err)
	return got.Standing
}

func TestTheFirstAcceptedNoteStartsThePractice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		unit, office := as(s, "u", app.RoleReporter, "W1"), as(s, "o", app.RoleOfficer, "D")
		e := received(t, s, "Ngõ phố")
		in := note(e, appraisal.Inauguration, "2024-05-02")
		in.Actuals = []appraisal.Actual{{Name: "Hộ", Unit: "hộ", Value: viet.Tenths(125)}, {Name: "Trống"}}
		n, err := s.Appraisals.Report(t.Context(), unit, in)
		s.Must(err)
		if standing(t, s, e).Has(ledger.FigureCarriedOut, apptest.Day("2024-12-31")) {
			t.Error("started before anybody accepted the note")
		}
		if err := s.Appraisals.Accept(t.Context(), unit, n.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a unit accepts its own note: %v", err)
		}
		if err := s.Appraisals.SendBack(t.Context(), office, n.ID, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("returned without a reason: %v", err)
		}
		s.Must(s.Appraisals.SendBack(t.Context(), office, n.ID, "Thiếu ảnh"))
		if _, err := s.Appraisals.Amend(t.Context(), unit, n.ID, n.Version, in); !errs.Is(err, errs.Conflict) {
			t.Errorf("amended over a version that is gone: %v", err)
		}
		n, err = s.Appraisals.Amend(t.Context(), unit, n.ID, n.Version+1, in)
		s.Must(err)
		s.Must(s.Appraisals.Accept(t.Context(), office, n.ID))
		st := standing(t, s, e)
		if !st.Has(ledger.FigureCarriedOut, apptest.Day("2024-05-02")) || st.Has(ledger.FigureCarriedOut, apptest.Day("2024-05-01")) {
			t.Error("not carried out from the day of the note on")
		}
		if err := s.Appraisals.Accept(t.Context(), office, n.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("accepted twice: %v", err)
		}
		later, err := s.Appraisals.Report(t.Context(), unit, note(e, appraisal.Result, "2024-09-01"))
		s.Must(err)
		s.Must(s.Appraisals.Accept(t.Context(), office, later.ID))
		all, err := s.Appraisals.Notes(t.Context(), unit, e.ID)
		s.Must(err)
		if len(all) != 2 || all[1].Actuals[0].Value != viet.Tenths(125) || len(all[1].Actuals) != 1 {
			t.Errorf("kept %+v", all)
		}
		other := as(s, "x", app.RoleOfficer, "W2")
		for what, err := range map[string]error{
			"read":   func() error { _, err := s.Appraisals.Notes(t.Context(), other, e.ID); return err }(),
			"accept": s.Appraisals.Accept(t.Context(), other, later.ID),
			"report": func() error {
				_, err := s.Appraisals.Report(t.Context(), other, note(e, appraisal.Progress, "2024-09-02"))
				return err
			}(),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("another ward, %s: %v", what, err)
			}
		}
	})
}

func TestAPracticeWithoutNewsIsSeen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		quiet, told := received(t, s, "Im lặng"), received(t, s, "Có tin")
		on := s.Now.Today() - 10
		_, err := s.Appraisals.Report(t.Context(), s.System(), appraisal.NoteInput{Entry: told.ID, Kind: appraisal.Progress, On: on, Text: "Vẫn làm"})
		s.Must(err)
		all, err := s.Appraisals.Silence(t.Context(), as(s, "o", app.RoleOfficer, "D"), quiet.Period, 2)
		s.Must(err)
		if len(all) != 1 || all[0].Entry != quiet.ID || all[0].Last != apptest.Day("2024-02-01") {
			t.Errorf("silent: %+v", all)
		}
		if all, err := s.Appraisals.Silence(t.Context(), as(s, "x", app.RoleOfficer, "W2"), quiet.Period, 2); err != nil || len(all) != 0 {
			t.Errorf("another ward sees %+v, %v", all, err)
		}
	})
}

// criteria puts a set in force: two criteria of ten points, the first mandatory.
func criteria(t *testing.T, s apptest.Small, version int, most int) movement.CriteriaSet {
	t.Helper()
	on := s.Now.Today() - clock.Date(20-version)
	in := movement.CriteriaInput{Rows: []movement.CriterionInput{
		{Group: "Kết quả", Criterion: movement.Criterion{Name: "Có kết quả", Most: most, Weight: 100, Mandatory: true}},
		{Group: "Kết quả", Criterion: movement.Criterion{Name: "Lan tỏa", Most: 1000, Weight: 50}},
	}}
	at := movement.CriteriaAt{Movement: "M-2024", Kind: ledger.Collective}
	set, err := s.Movements.DraftCriteria(t.Context(), s.System(), at, in)
	s.Must(err)
	at.Version = set.Version
	set, err = s.Movements.EnforceCriteria(t.Context(), s.System(), at, movement.Enforcement{On: on, Reason: fmt.Sprint("bản ", version)})
	s.Must(err)
	return set
}

func TestScoresRestOnAVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		unit, office := as(s, "u", app.RoleReporter, "W1"), as(s, "o", app.RoleOfficer, "D")
		e := received(t, s, "Ngõ phố")
		at := appraisal.At{Entry: e.ID}
		first := criteria(t, s, 1, 1000)
		put := func(who actor.Actor, by appraisal.By, set movement.CriteriaSet, version int, points ...int) (appraisal.Sheet, error) {
			in := appraisal.ScoresInput{By: by, Criteria: set.ID, Version: version}
			for i, p := range points {
				in.Lines = append(in.Lines, appraisal.ScoreInput{Criterion: set.All()[i].ID, Points: p, Remark: "vì thế"})
			}
			return s.Appraisals.PutScores(t.Context(), who, at, in)
		}
		x, err := put(unit, appraisal.BySelf, first, 0, 800, 700)
		s.Must(err)
		if x.Total(appraisal.BySelf).Points != 800+350 || !x.Set.Used {
			t.Errorf("scored %+v", x.Total(appraisal.BySelf))
		}
		if _, err := put(unit, appraisal.ByVerified, first, 1, 1, 1); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a unit verifies itself: %v", err)
		}
		if _, err := put(office, appraisal.ByVerified, first, 1, 1001, 0); !errs.Is(err, errs.Invalid) {
			t.Errorf("more than the most: %v", err)
		}
		if _, err := put(office, appraisal.ByVerified, first, 0, 100, 0); !errs.Is(err, errs.Conflict) {
			t.Errorf("over a version that is gone: %v", err)
		}
		x, err = put(office, appraisal.ByVerified, first, 1, 0, 900)
		s.Must(err)
		judge := func(v appraisal.Verdict) error {
			got, err := s.Appraisals.Judge(t.Context(), office, at, appraisal.VerdictInput{Verdict: v, Version: x.Version, Reason: "đủ"})
			if err == nil {
				x = got
			}
			return err
		}
		if err := judge(appraisal.Recognise); !errs.Is(err, errs.Invalid) {
			t.Errorf("put forward without a point for what is mandatory: %v", err)
		}
		x, err = put(office, appraisal.ByFinal, first, x.Version, 500)
		s.Must(err)
		if err := judge(appraisal.Recognise); !errs.Is(err, errs.Conflict) {
			t.Errorf("judged before everything was scored: %v", err)
		}
		x, err = put(office, appraisal.ByFinal, first, x.Version, 500, 900)
		s.Must(err)
		s.Must(judge(appraisal.Recognise))
		if x.Points != 500+450 || x.Total(appraisal.ByVerified).Points != 450 {
			t.Errorf("judged with %d", x.Points)
		}
		second := criteria(t, s, 2, 2000)
		x, err = s.Appraisals.Sheet(t.Context(), office, at)
		s.Must(err)
		if !x.MustAgain || len(x.Scores) != 0 || len(x.Before) != 6 || x.Used.ID != first.ID || x.Verdict != appraisal.Recognise {
			t.Errorf("under the second version: again %v, %d, %d", x.MustAgain, len(x.Scores), len(x.Before))
		}
		if err := judge(appraisal.Passed); !errs.Is(err, errs.Conflict) {
			t.Errorf("judged by points of another version: %v", err)
		}
		if _, err := put(office, appraisal.ByFinal, first, x.Version, 500, 900); !errs.Is(err, errs.Conflict) {
			t.Errorf("scored by a version not in force: %v", err)
		}
		x, err = put(unit, appraisal.BySelf, second, x.Version, 100, 100)
		s.Must(err)
		x, err = s.Appraisals.Sheet(t.Context(), office, at)
		s.Must(err)
		if !x.MustAgain || x.Used.ID != first.ID || x.Verdict != appraisal.Recognise || len(x.Scores) != 2 {
			t.Errorf("a unit that scores itself renews the verdict of the first version: %+v", x.Appraisal)
		}
		x, err = put(office, appraisal.ByFinal, second, x.Version, 1500, 1000)
		s.Must(err)
		if x.MustAgain || x.Verdict != appraisal.NoVerdict || x.Total(appraisal.ByFinal).Points != 2000 {
			t.Errorf("scored again: %+v", x.Appraisal)
		}
	})
}

// TestTotalsAgreeWithTheCriteria: whatever is put in, what a sheet sums is what the criteria
// say, and no hand disturbs another.
func TestTotalsAgreeWithTheCriteria(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e, set := received(t, s, "Ngõ phố"), criteria(t, s, 1, 1000)
		rnd, at := rand.New(rand.NewPCG(1, 2)), appraisal.At{Entry: e.ID}
		given := map[appraisal.By]map[string]int{}
		version := 0
		for range 30 {
			by := appraisal.Hands()[rnd.IntN(3)]
			in := appraisal.ScoresInput{By: by, Criteria: set.ID, Version: version}
			given[by] = map[string]int{}
			for _, c := range set.All() {
				if rnd.IntN(4) > 0 {
					p := rnd.IntN(c.Most + 1)
					in.Lines, given[by][c.ID] = append(in.Lines, appraisal.ScoreInput{Criterion: c.ID, Points: p}), p
				}
			}
			x, err := s.Appraisals.PutScores(t.Context(), s.System(), at, in)
			s.Must(err)
			version = x.Version
			for hand, points := range given {
				if got, want := x.Total(hand).Points, movement.Score(set, points).Points; got != want {
					t.Fatalf("%s sums to %d, not %d", hand, got, want)
				}
			}
		}
	})
}

func TestNoRecognitionWithoutPapers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		var entries []string
		codes := map[string]string{}
		for i := range 40 {
			e := received(t, s, fmt.Sprint("Mô hình ", i))
			entries, codes[e.ID] = append(entries, e.ID), e.Code
		}
		paper := s.Decide("1/QĐ", "2024-09-10")
		err := s.Practices.Recognise(ctx, who, paper.ID, entries)
		if all := errs.All(err); len(all) != 3 || !strings.Contains(fmt.Sprint(all[0].Args...), codes[entries[7]]) {
			t.Errorf("without any paper: %v", err)
		}
		s.Papers(paper, entries[1:]...)
		err = s.Practices.Recognise(ctx, who, paper.ID, entries)
		if all := errs.All(err); len(all) != 3 || !strings.Contains(fmt.Sprint(all[2].Args...), codes[entries[0]]) || strings.Contains(fmt.Sprint(all[2].Args...), codes[entries[1]]) {
			t.Errorf("one without papers: %v", err)
		}
		other, err := s.Movements.Decide(ctx, who, movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: "1/QĐ", Authority: "W1", Level: org.Commune, SignedOn: apptest.Day("2024-09-10"), Title: "Cấp xã",
		})
		s.Must(err)
		if err := s.Practices.Recognise(ctx, who, other.ID, entries[1:2]); !errs.Is(err, errs.Invalid) {
			t.Errorf("with papers of another level: %v", err)
		}
		if err := s.Practices.Recognise(ctx, who, s.Decide("2/QĐ", "2024-09-09").ID, entries[1:2]); !errs.Is(err, errs.Invalid) {
			t.Errorf("with papers of a later day: %v", err)
		}
		s.Papers(paper, entries[0])
		s.Must(s.Practices.Recognise(ctx, who, paper.ID, entries))
	})
}

func TestAPaperIsFrozenAndMayBeVoided(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, office := t.Context(), as(s, "o", app.RoleOfficer, "D")
		e := received(t, s, "Ngõ phố")
		in := appraisal.PaperInput{
			Kind: appraisal.AppraisalMinutes, Unit: "D", On: apptest.Day("2024-09-01"), Chair: "Bà A", Present: []string{"Bà A", " ", "Ông B"},
			Entries: []appraisal.PaperEntry{{Entry: e.ID}},
		}
		if _, err := s.Appraisals.Record(ctx, office, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("minutes without a verdict: %v", err)
		}
		in.Entries[0] = appraisal.PaperEntry{Entry: e.ID, Verdict: appraisal.Recognise, For: 8, Of: 7}
		if _, err := s.Appraisals.Record(ctx, office, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("more votes than votes: %v", err)
		}
		in.Entries[0].For = 7
		if _, err := s.Appraisals.Record(ctx, office, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("minutes put forward what was never appraised: %v", err)
		}
		_, err := s.Appraisals.Judge(ctx, office, appraisal.At{Entry: e.ID}, appraisal.VerdictInput{Verdict: appraisal.Recognise})
		s.Must(err)
		ward := in
		ward.Unit, ward.Level = "W1", org.District
		if _, err := s.Appraisals.Record(ctx, s.System(), ward); !errs.Is(err, errs.Invalid) {
			t.Errorf("a ward appraises for its district: %v", err)
		}
		p, err := s.Appraisals.Record(ctx, office, in)
		s.Must(err)
		got, err := s.Appraisals.Paper(ctx, office, p.ID)
		s.Must(err)
		if len(got.Present) != 2 || got.Entries[0].Title != "Ngõ phố" || got.Entries[0].For != 7 || got.Level != org.District {
			t.Errorf("kept %+v", got)
		}
		has := func() bool {
			all, err := s.Appraisals.Standings(ctx, office, org.District, apptest.Day("2024-09-01"), []string{e.ID})
			s.Must(err)
			return all[e.ID].Minutes
		}
		if !has() {
			t.Error("the minutes do not count")
		}
		s.Must(s.Appraisals.Void(ctx, office, p.ID, "ghi nhầm"))
		if has() {
			t.Error("voided minutes count")
		}
		if err := s.Appraisals.Void(ctx, office, p.ID, "lần nữa"); !errs.Is(err, errs.Conflict) {
			t.Errorf("voided twice: %v", err)
		}
		if _, err := s.Appraisals.Paper(ctx, as(s, "x", app.RoleOfficer, "W2"), p.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward reads it: %v", err)
		}
	})
}

func TestAPaperSaysWhatIsOnRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, office := t.Context(), as(s, "o", app.RoleOfficer, "D")
		failed, passed, open, good := received(t, s, "Chưa đạt"), received(t, s, "Đạt"), received(t, s, "Chưa xét"), received(t, s, "Tốt")
		for _, x := range []struct {
			e       practice.Entry
			verdict appraisal.Verdict
			reason  string
		}{{failed, appraisal.Failed, "Không có kết quả"}, {passed, appraisal.Passed, ""}, {good, appraisal.Typical, ""}} {
			_, err := s.Appraisals.Judge(ctx, office, appraisal.At{Entry: x.e.ID}, appraisal.VerdictInput{Verdict: x.verdict, Reason: x.reason})
			s.Must(err)
		}
		file := func() *practice.File { return nil }
		record := func(kind appraisal.PaperKind, entries ...appraisal.PaperEntry) (appraisal.Paper, error) {
			return s.Appraisals.Record(ctx, office, appraisal.PaperInput{Kind: kind, Unit: "D", On: apptest.Day("2024-09-01"), Entries: entries, File: file()})
		}
		pdf := []byte("%PDF-1.4\n%%EOF\n")
		for range 2 { // made from the data, and as a file
			for name, x := range map[string]struct {
				kind  appraisal.PaperKind
				entry appraisal.PaperEntry
				says  i18n.Key
			}{
				"failed, said to be put forward":     {appraisal.AppraisalMinutes, appraisal.PaperEntry{Entry: failed.ID, Verdict: appraisal.Recognise}, i18n.AppraisalOtherVerdict},
				"put forward, said to have failed":   {appraisal.AppraisalMinutes, appraisal.PaperEntry{Entry: good.ID, Verdict: appraisal.Failed}, i18n.AppraisalOtherVerdict},
				"not appraised, said to have passed": {appraisal.AppraisalMinutes, appraisal.PaperEntry{Entry: open.ID, Verdict: appraisal.Passed}, i18n.AppraisalNoVerdict},
				"not appraised":                      {appraisal.AppraisalMinutes, appraisal.PaperEntry{Entry: open.ID}, i18n.AppraisalNoVerdict},
				"a letter for one that failed":       {appraisal.Submission, appraisal.PaperEntry{Entry: failed.ID}, i18n.AppraisalNotPutForward},
				"a letter for one that only passed":  {appraisal.Submission, appraisal.PaperEntry{Entry: passed.ID}, i18n.AppraisalNotPutForward},
				"a letter for one not appraised":     {appraisal.Submission, appraisal.PaperEntry{Entry: open.ID}, i18n.AppraisalNoVerdict},
			} {
				if _, err := record(x.kind, x.entry); !errs.Is(err, errs.Invalid) || errs.All(err)[0].Key != x.says {
					t.Errorf("%s: %v", name, err)
				}
			}
			file = func() *practice.File {
				return &practice.File{Name: "bien-ban.pdf", Content: bytes.NewReader(pdf), Size: int64(len(pdf))}
			}
		}
		file = func() *practice.File { return nil }
		p, err := record(appraisal.AppraisalMinutes, appraisal.PaperEntry{Entry: failed.ID, Verdict: appraisal.Failed}, appraisal.PaperEntry{Entry: passed.ID}, appraisal.PaperEntry{Entry: good.ID})
		s.Must(err)
		p, err = s.Appraisals.Paper(ctx, office, p.ID)
		s.Must(err)
		if p.Entries[0].Verdict != appraisal.Failed || p.Entries[0].Reason != "Không có kết quả" || p.Entries[1].Verdict != appraisal.Passed || p.Entries[2].Verdict != appraisal.Typical {
			t.Errorf("the minutes say %+v", p.Entries)
		}
		ways, err := s.Appraisals.Ways(ctx, office, apptest.Day("2024-09-01"), []string{failed.ID, good.ID})
		s.Must(err)
		if x := ways[failed.ID][org.District]; x.Minutes || !x.Against {
			t.Errorf("what failed is put forward: %+v", x)
		}
		if x := ways[good.ID][org.District]; !x.Minutes || x.Against {
			t.Errorf("what is put forward is not: %+v", x)
		}
		if _, err := record(appraisal.SelectionMinutes, appraisal.PaperEntry{Entry: open.ID, Verdict: appraisal.Recognise, For: 9, Of: 9}); err != nil {
			t.Errorf("a base proposes before anybody appraised: %v", err)
		}
	})
}

// TestAnAcceptedResultIsWhatTheEntryHasReached: not what is told but what is accepted, not a
// note of progress, and not an earlier result after a later one.
func TestAnAcceptedResultIsWhatTheEntryHasReached(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, unit, office := t.Context(), as(s, "u", app.RoleReporter, "W1"), as(s, "o", app.RoleOfficer, "D")
		in := apptest.Registration()
		in.Indicators = []practice.Indicator{
			{Name: "Hộ tham gia", Unit: "hộ", Target: viet.Tenths(1200), Source: "Sổ của tổ"}, {Name: "Quỹ", Unit: "đồng", Target: viet.Tenths(50), Actual: viet.Tenths(10)},
		}
		e := s.Register(in)
		s.Must(s.Practices.Receive(ctx, s.System(), practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}))
		tell := func(kind appraisal.Kind, on string, households int64) appraisal.Note {
			n := note(e, kind, on)
			n.Actuals = []appraisal.Actual{{Name: "Hộ tham gia", Unit: "hộ", Value: viet.Tenths(households)}, {Name: "Không còn", Unit: "hộ", Value: viet.Tenths(1)}}
			told, err := s.Appraisals.Report(ctx, unit, n)
			s.Must(err)
			return told
		}
		now := func() practice.Entry {
			e, err := s.Practices.Get(ctx, s.System(), e.ID)
			s.Must(err)
			return e
		}
		stands := func(when string, households int64, version int) {
			t.Helper()
			x := now()
			if x.Indicators[0].Actual != viet.Tenths(households) || x.Version != version || len(x.Indicators) != 2 {
				t.Errorf("%s: %+v, version %d", when, x.Indicators, x.Version)
			}
			if x.Indicators[0].Target != viet.Tenths(1200) || x.Indicators[0].Source != "Sổ của tổ" || x.Indicators[1].Actual != viet.Tenths(10) {
				t.Errorf("%s: something else changed: %+v", when, x.Indicators)
			}
		}
		before := now().Version
		s.Must(s.Appraisals.Accept(ctx, office, tell(appraisal.Progress, "2024-05-01", 300).ID))
		early, late := tell(appraisal.Result, "2024-08-01", 800), tell(appraisal.Result, "2024-09-01", 1250)
		x := now()
		if x.Indicators[0].Actual.Known() || x.Version != before {
			t.Errorf("what nobody accepted as a result is reached: %+v", x.Indicators)
		}
		s.Must(s.Appraisals.Accept(ctx, office, late.ID))
		stands("the later result", 1250, before+1)
		s.Must(s.Appraisals.Accept(ctx, office, early.ID))
		stands("the earlier one after it", 1250, before+1)
		last := tell(appraisal.Result, "2024-09-20", 1300)
		s.Must(s.Appraisals.SendBack(ctx, office, last.ID, "Kiểm lại số hộ"))
		stands("what was sent back", 1250, before+1)
		kept, err := audit.History(ctx, d, audit.Object{Kind: "entry", ID: e.ID})
		s.Must(err)
		n := 0
		for _, r := range kept {
			if r.Action == "practice.measure" && r.Account == "o" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d records of the audit say that the numbers changed", n)
		}
	})
}

// TestAResultOfWhatIsPublicIsExplained: readers who saw another number are told why.
func TestAResultOfWhatIsPublicIsExplained(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		in := apptest.Registration()
		in.Indicators = []practice.Indicator{{Name: "Hộ", Unit: "hộ", Actual: viet.Tenths(10)}}
		e := s.Recognised(in, "7/QĐ")
		s.Must(s.Practices.Consent(t.Context(), s.System(), e.ID, practice.Agreement{Agreed: true, Note: "Đồng ý"}))
		n := note(e, appraisal.Result, "2024-11-01")
		n.Actuals = []appraisal.Actual{{Name: "Hộ", Unit: "hộ", Value: viet.Tenths(20)}}
		told, err := s.Appraisals.Report(t.Context(), s.System(), n)
		s.Must(err)
		s.Must(s.Appraisals.Accept(t.Context(), s.System(), told.ID))
		e, err = s.Practices.Get(t.Context(), s.System(), e.ID)
		s.Must(err)
		if e.Indicators[0].Actual != viet.Tenths(20) || len(e.Corrections) != 1 || !strings.Contains(e.Corrections[0].Note, "1/11/2024") {
			t.Errorf("reached %+v, explained by %+v", e.Indicators, e.Corrections)
		}
	})
}

func TestOneVerdictForMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, office := t.Context(), as(s, "o", app.RoleOfficer, "D")
		a, b := received(t, s, "Một"), received(t, s, "Hai")
		in := appraisal.VerdictInput{Verdict: appraisal.Recognise}
		if err := s.Appraisals.JudgeAll(ctx, as(s, "u", app.RoleReporter, "W1"), []string{a.ID}, in); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a unit judges: %v", err)
		}
		if err := s.Appraisals.JudgeAll(ctx, as(s, "x", app.RoleOfficer, "W2"), []string{a.ID}, in); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward judges: %v", err)
		}
		if err := s.Appraisals.JudgeAll(ctx, office, []string{a.ID}, appraisal.VerdictInput{Verdict: appraisal.Failed}); !errs.Is(err, errs.Invalid) {
			t.Errorf("not passed without a reason: %v", err)
		}
		many := slices.Repeat([]string{a.ID}, appraisal.MaxJudged+1)
		if err := s.Appraisals.JudgeAll(ctx, office, many, in); !says(err, i18n.AppraisalTooMany) {
			t.Errorf("more than can be judged at a time: %v", err)
		}
		s.Must(s.Appraisals.JudgeAll(ctx, office, []string{a.ID, a.ID}, in))
		if err := s.Appraisals.JudgeAll(ctx, office, []string{a.ID, b.ID}, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("over a verdict that was given: %v", err)
		}
		if x, err := s.Appraisals.Sheet(ctx, office, appraisal.At{Entry: b.ID}); err != nil || x.Verdict != appraisal.NoVerdict {
			t.Errorf("one of those that were refused has %s, %v", x.Verdict, err)
		}
		criteria(t, s, 1, 1000)
		if err := s.Appraisals.JudgeAll(ctx, office, []string{b.ID}, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("without points: %v", err)
		}
	})
}

// TestAFaultIsNotAMissingNote: what the machine fails at is not "there is no such note".
func TestAFaultIsNotAMissingNote(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		n, err := s.Appraisals.Report(t.Context(), s.System(), note(received(t, s, "Ngõ phố"), appraisal.Progress, "2024-05-02"))
		s.Must(err)
		s.Must(d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `ALTER TABLE ledger_entry_fact RENAME TO ledger_entry_fact_gone`)
			return err
		}))
		if err := s.Appraisals.Accept(t.Context(), s.System(), n.ID); !errs.Is(err, errs.Internal) {
			t.Errorf("the ledger is gone, and it says %v", err)
		}
	})
}

func TestASheetFromTheFieldCountsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, office := t.Context(), as(s, "o", app.RoleOfficer, "D")
		e := received(t, s, "Ngõ phố")
		v, err := s.Appraisals.Plan(ctx, office, appraisal.VisitInput{Unit: "D", On: s.Now.Today() + 3, Goers: "Bà A", Entries: []string{e.ID, e.ID}})
		s.Must(err)
		send := appraisal.Sending{ID: "send-0001", Form: map[string]string{"people": "Ông C", "found.0": "12"}}
		for range 2 {
			x, err := s.Appraisals.Fill(ctx, office, v.ID, e.Code, send)
			s.Must(err)
			if x.Version != 1 || x.Form["people"] != "Ông C" {
				t.Errorf("kept %+v", x)
			}
		}
		x, err := s.Appraisals.Fill(ctx, office, v.ID, e.ID, appraisal.Sending{ID: "send-0002", Form: map[string]string{"people": "Khác"}})
		if !errs.Is(err, errs.Conflict) || x.Form["people"] != "Ông C" || x.Version != 1 {
			t.Errorf("over what somebody else saved: %v, %+v", err, x)
		}
		_, err = s.Appraisals.Fill(ctx, office, v.ID, e.ID, appraisal.Sending{ID: "send-0002", Version: 1, Form: map[string]string{"people": "Khác"}, Closed: true})
		s.Must(err)
		got, err := s.Appraisals.Visit(ctx, office, v.ID)
		s.Must(err)
		if len(got.Sheets) != 1 || got.Sheets[0].Version != 2 || !got.Sheets[0].Closed {
			t.Errorf("the visit has %+v", got.Sheets)
		}
		if _, err := s.Appraisals.Visit(ctx, as(s, "x", app.RoleOfficer, "W2"), v.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward reads it: %v", err)
		}
		for who, want := range map[string]int{"D": 1, "W2": 0} {
			if all, _, err := s.Appraisals.Visits(ctx, as(s, "x", app.RoleOfficer, who), appraisal.Page{Period: e.Period}); err != nil || len(all) != want {
				t.Errorf("%s sees %d visits, not %d: %v", who, len(all), want, err)
			}
		}
		_, err = s.Appraisals.Plan(ctx, office, appraisal.VisitInput{Unit: "D", On: 1, Goers: "Bà A", Entries: []string{e.ID}})
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("a unit visits before it is there: %v", err)
		}
	})
}

func TestTheLevelAboveJudgesByItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		ward, above, wardman := as(s, "w", app.RoleOfficer, "W1"), as(s, "o", app.RoleOfficer, "D"), as(s, "w", app.RoleOfficer, "D")
		e := received(t, s, "Ngõ phố")
		commune, err := s.Movements.Decide(ctx, ward, movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: "1/QĐ", Authority: "W1", Level: org.Commune, SignedOn: apptest.Day("2024-09-01"), Title: "Cấp xã",
		})
		s.Must(err)
		_, err = s.Appraisals.Judge(ctx, ward, appraisal.At{Entry: e.ID}, appraisal.VerdictInput{Verdict: appraisal.Typical})
		s.Must(err)
		letter, err := s.Appraisals.Record(ctx, ward, appraisal.PaperInput{
			Kind: appraisal.Submission, Unit: "W1", Level: org.District, On: apptest.Day("2024-09-05"), Entries: []appraisal.PaperEntry{{Entry: e.ID}},
		})
		s.Must(err)
		propose := appraisal.ProposalInput{To: "D", Paper: letter.ID}
		if _, err := s.Appraisals.Propose(ctx, ward, propose); !errs.Is(err, errs.Invalid) {
			t.Errorf("proposed before it was recognised: %v", err)
		}
		s.Papers(commune, e.ID)
		s.Must(s.Practices.Recognise(ctx, ward, commune.ID, []string{e.ID}))
		if _, err := s.Appraisals.Propose(ctx, ward, appraisal.ProposalInput{To: "W2", Paper: letter.ID}); !errs.Is(err, errs.Invalid) {
			t.Errorf("proposed to a neighbour: %v", err)
		}
		p, err := s.Appraisals.Propose(ctx, ward, propose)
		s.Must(err)
		if _, err := s.Appraisals.Propose(ctx, ward, propose); !errs.Is(err, errs.Invalid) {
			t.Errorf("proposed twice: %v", err)
		}
		at, verdict := appraisal.At{Entry: e.ID, Proposal: p.ID}, appraisal.VerdictInput{Verdict: appraisal.Recognise}
		for name, who := range map[string]actor.Actor{"the ward": ward, "who judged for the ward": wardman} {
			if _, err := s.Appraisals.Judge(ctx, who, at, verdict); err == nil {
				t.Errorf("%s judges for the level above", name)
			}
		}
		x, err := s.Appraisals.Judge(ctx, above, at, verdict)
		s.Must(err)
		own, err := s.Appraisals.Sheet(ctx, above, appraisal.At{Entry: e.ID})
		s.Must(err)
		if x.Verdict != appraisal.Recognise || own.Verdict != appraisal.Typical {
			t.Errorf("above %s, below %s", x.Verdict, own.Verdict)
		}
		_, err = s.Appraisals.Record(ctx, above, appraisal.PaperInput{
			Kind: appraisal.AppraisalMinutes, Unit: "D", On: apptest.Day("2024-09-20"), Proposal: p.ID, Entries: []appraisal.PaperEntry{{Entry: e.ID}},
		})
		s.Must(err)
		s.Must(s.Practices.Recognise(ctx, above, s.Decide("9/QĐ", "2024-09-25").ID, []string{e.ID}))
		levels := map[org.Level]bool{}
		for _, a := range standing(t, s, e).InForce(ledger.Recognised, apptest.Day("2024-12-31")) {
			levels[a.Level] = true
		}
		if !levels[org.Commune] || !levels[org.District] {
			t.Errorf("recognised on %v", levels)
		}
		if err := s.Appraisals.GiveBack(ctx, ward, p.ID, e.ID, "sai"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the ward returns its own proposal: %v", err)
		}
		s.Must(s.Appraisals.GiveBack(ctx, above, p.ID, e.Code, "Chưa rõ kết quả"))
		if _, err := s.Appraisals.Judge(ctx, above, at, appraisal.VerdictInput{Verdict: appraisal.Recognise, Version: x.Version}); !errs.Is(err, errs.Conflict) {
			t.Errorf("judged after it was returned: %v", err)
		}
	})
}
