package practice_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

var day = apptest.Day

// fields lists the fields that an error is about.
func fields(err error) []string {
	var all []string
	for _, e := range errs.All(err) {
		all = append(all, e.Field)
	}
	return all
}

func TestRegisterRefusesBadInput(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		officer := s.At(app.RoleOfficer, "D")
		for _, c := range []struct {
			name  string
			spoil func(*practice.Input)
			field string
		}{
			{"no title", func(in *practice.Input) { in.Title = " " }, "title"},
			{"a title too long", func(in *practice.Input) { in.Title = strings.Repeat("ă", 301) }, "title"},
			{"a zero byte", func(in *practice.Input) { in.Title = "a\x00b" }, "title"},
			{"broken text", func(in *practice.Input) { in.Parts.Goals = "\xff\xfe" }, "goals"},
			{"no kind", func(in *practice.Input) { in.Kind = 0 }, "kind"},
			{"a field of no movement", func(in *practice.Input) { in.Field = "astrology" }, "field"},
			{"a day outside the period", func(in *practice.Input) { in.On = day("2023-12-31") }, "on"},
			{"a day to come", func(in *practice.Input) { in.On = day("2199-01-01") }, "on"},
			{"no such unit", func(in *practice.Input) { in.Unit = "X" }, "unit"},
			{"continued from nothing", func(in *practice.Input) { in.Origin = ledger.OriginContinued }, "practice"},
			{"its own partner", func(in *practice.Input) { in.Partners = []string{"W1.G"} }, "partners"},
		} {
			in := apptest.Registration()
			c.spoil(&in)
			_, err := s.Practices.Register(t.Context(), officer, in)
			if !errs.Is(err, errs.Invalid) || !slices.Contains(fields(err), c.field) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

func TestRegisterAsksForAValidUnitInScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		reporter := s.At(app.RoleReporter, "W2")
		if _, err := s.Practices.Register(t.Context(), reporter, apptest.Registration()); !slices.Contains(fields(err), "unit") {
			t.Errorf("a unit of another ward: %v", err)
		}
		in := apptest.Registration()
		in.Unit, in.DeclaredBy = "W2.G", "Bà Mẫu"
		if _, err := s.Practices.Register(t.Context(), reporter, in); !errs.Is(err, errs.Forbidden) {
			t.Errorf("typing for another without the right: %v", err)
		}
		in.DeclaredBy = ""
		if _, err := s.Practices.Register(t.Context(), reporter, in); err != nil {
			t.Error(err)
		}
	})
}

// TestSteps takes an entry along every way that the rules allow, and tries the ones
// that they do not.
func TestSteps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		p := s.Practices
		verbs := map[string]func(context.Context, actor.Actor, practice.Step) error{
			"receive": p.Receive, "return": p.Return, "resubmit": p.Resubmit, "refuse": p.Refuse, "withdraw": p.Withdraw,
			"strikeOff": p.StrikeOff, "start": p.Start, "suspend": p.Suspend, "resume": p.Resume, "end": p.End,
		}
		for _, c := range []struct {
			way  string // verbs in turn; the last one is refused where it begins with "!"
			ends ledger.Status
		}{
			{"receive start suspend resume end resume", ledger.StatusStarted},
			{"return resubmit receive", ledger.StatusReceived},
			{"return receive strikeOff", ledger.StatusStruckOff},
			{"refuse", ledger.StatusRefused},
			{"withdraw", ledger.StatusWithdrawn},
			{"receive start withdraw", ledger.StatusWithdrawn},
			{"!start", ledger.StatusRegistered},
			{"!resume", ledger.StatusRegistered},
			{"refuse !receive", ledger.StatusRefused},
			{"withdraw !receive", ledger.StatusWithdrawn},
			{"receive !receive", ledger.StatusReceived},
			{"receive start !start", ledger.StatusStarted},
		} {
			e := s.Register(apptest.Registration())
			on := day("2024-03-01")
			for verb := range strings.FieldsSeq(c.way) {
				name, refused := strings.CutPrefix(verb, "!")
				err := verbs[name](t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: on, Reason: "vì thế"})
				if (err != nil) != refused {
					t.Errorf("%s: %s gives %v", c.way, verb, err)
				}
				on++
			}
			got, err := p.Get(t.Context(), s.System(), e.Code)
			s.Must(err)
			if got.Standing.Status() != c.ends {
				t.Errorf("%s ends as %s", c.way, got.Standing.Status())
			}
		}
	})
}

func TestStepsNeedTheirDayAndReason(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Register(apptest.Registration())
		step := practice.Step{Entries: []string{e.ID}, On: day("2024-01-15")}
		if err := s.Practices.Receive(t.Context(), s.System(), step); !slices.Contains(fields(err), "on") {
			t.Errorf("received before it was registered: %v", err)
		}
		step.On = day("2024-02-10")
		if err := s.Practices.Return(t.Context(), s.System(), step); !slices.Contains(fields(err), "reason") {
			t.Errorf("returned without a reason: %v", err)
		}
		step.On = 0
		if err := s.Practices.Receive(t.Context(), s.System(), step); !slices.Contains(fields(err), "on") {
			t.Errorf("no day: %v", err)
		}
	})
}

func TestTwoEditorsOfOneEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Register(apptest.Registration())
		first, second := apptest.Registration(), apptest.Registration()
		first.Title, second.Title = "Tên của người thứ nhất", "Tên của người thứ hai"
		edited, err := s.Practices.Edit(t.Context(), s.System(), e.ID, e.Version, first)
		s.Must(err)
		if _, err := s.Practices.Edit(t.Context(), s.System(), e.ID, e.Version, second); !errs.Is(err, errs.Conflict) {
			t.Errorf("the second editor wrote over the first: %v", err)
		}
		if _, err := s.Practices.Edit(t.Context(), s.System(), e.ID, edited.Version, second); err != nil {
			t.Errorf("the second editor, having seen the first: %v", err)
		}
		list, err := s.Practices.List(t.Context(), s.System(), practice.Query{Period: 1, Name: "nguoi thu hai", Slice: ledger.Slice{Limit: 10}})
		s.Must(err)
		if len(list.Rows) != 1 {
			t.Errorf("the new name is not found in the list: %+v", list)
		}
	})
}

func TestAttributesAreFixedOnReception(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Register(apptest.Registration())
		in := apptest.Registration()
		in.Field = "defenceSecurity"
		e, err := s.Practices.Edit(t.Context(), s.System(), e.ID, e.Version, in)
		s.Must(err)
		s.Must(s.Practices.Receive(t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: day("2024-03-01")}))
		in.Field = "economy"
		if _, err := s.Practices.Edit(t.Context(), s.System(), e.ID, e.Version, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("a received entry changed its field without a dated act: %v", err)
		}
		s.Must(s.Practices.Reclassify(t.Context(), s.System(), practice.NewAttributes{
			Entry: e.ID, On: day("2024-06-01"), Reason: "xếp lại", Unit: "W2.G", Kind: ledger.Collective, Field: "economy", Origin: ledger.OriginNew,
		}))
		got, err := s.Practices.Get(t.Context(), s.System(), e.ID)
		s.Must(err)
		if got.Standing.AttrOn(day("2024-05-31")).Field != ledger.DefenceSecurity || got.Standing.AttrOn(day("2024-06-01")).Field != ledger.Economy {
			t.Error("the reclassification does not hold from its day on")
		}
	})
}

func TestRecognitionRests(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		if err := s.Practices.Recognise(ctx, who, s.Decide("2/QĐ", "2024-10-01").ID, []string{e.ID}); !errs.Is(err, errs.Conflict) {
			t.Errorf("recognised twice on one level: %v", err)
		}
		early := s.Register(apptest.Registration())
		if err := s.Practices.Recognise(ctx, who, s.Decide("3/QĐ", "2024-10-01").ID, []string{early.ID}); !errs.Is(err, errs.Conflict) {
			t.Errorf("recognised without being received: %v", err)
		}
		if err := s.Practices.Withdraw(ctx, who, practice.Step{Entries: []string{e.ID}, On: day("2024-10-02")}); err == nil {
			t.Error("a recognised entry was withdrawn")
		}
		received := e.Standing.InForce(ledger.Received, day("2024-12-31"))[0]
		if err := s.Practices.Void(ctx, who, e.ID, received.ID, "nhầm"); !errs.Is(err, errs.Conflict) {
			t.Errorf("the reception was voided under a recognition: %v", err)
		}
		act := e.Standing.InForce(ledger.Recognised, day("2024-12-31"))[0]
		s.Must(s.Practices.NameTypical(ctx, who, s.Decide("4/QĐ", "2024-10-05").ID, []string{e.ID}))
		s.Must(s.Practices.Revoke(ctx, who, e.ID, act.ID, practice.Step{On: day("2024-11-01"), Reason: "không đúng"}))
		got, err := s.Practices.Get(ctx, who, e.ID)
		s.Must(err)
		for _, f := range []ledger.Figure{ledger.FigureRecognised, ledger.FigureTypical} {
			if !got.Standing.Has(f, day("2024-10-31")) || got.Standing.Has(f, day("2024-11-01")) {
				t.Errorf("%s does not end with the recognition", f)
			}
		}
	})
}

func TestAGroupWithTwoPracticesIsOneSubject(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		first, second := apptest.Registration(), apptest.Registration()
		second.Title, second.Subject = "Tiếng loa bình yên", "Tổ Dân Phố 1"
		a, b := s.Register(first), s.Register(second)
		if a.Exemplar != b.Exemplar || a.Practice == b.Practice {
			t.Errorf("%+v and %+v", a, b)
		}
		if _, err := s.Practices.Register(t.Context(), s.System(), practice.Input{
			Movement: "M-2024", On: day("2024-05-01"), Unit: "W1.G", Kind: ledger.Collective, Practice: a.Practice, Subject: "x", Field: "economy",
			Origin: ledger.OriginContinued, Title: "Lần nữa",
		}); !errs.Is(err, errs.Conflict) {
			t.Errorf("one practice twice in a period: %v", err)
		}
	})
}

func TestWhatIsOutOfScopeIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		mine, theirs := apptest.Registration(), apptest.Registration()
		theirs.Unit, theirs.Title = "W2.G", "Việc của phường khác"
		s.Register(mine)
		other := s.Register(theirs)
		who := s.At(app.RoleOfficer, "W1")
		list, err := s.Practices.List(t.Context(), who, practice.Query{Period: 1, Tab: practice.TabAll, Slice: ledger.Slice{Limit: 10}})
		s.Must(err)
		if list.Total != 1 || len(list.Rows) != 1 || list.Tabs[practice.TabAll] != 1 {
			t.Errorf("an officer of one ward sees %+v", list)
		}
		behind, err := s.Practices.List(t.Context(), who, practice.Query{
			Period: 1, Behind: &ledger.Behind{Figure: ledger.FigureRegistered, On: day("2024-06-01")}, Slice: ledger.Slice{Limit: 10},
		})
		s.Must(err)
		if behind.Total != 1 {
			t.Errorf("behind the figure there are %d", behind.Total)
		}
		for name, err := range map[string]error{
			"get":     second(s.Practices.Get(t.Context(), who, other.Code)),
			"list":    second(s.Practices.List(t.Context(), who, practice.Query{Period: 1, Unit: "W2"})),
			"receive": s.Practices.Receive(t.Context(), who, practice.Step{Entries: []string{other.ID}, On: day("2024-03-01")}),
			"edit":    second(s.Practices.Edit(t.Context(), who, other.ID, 1, theirs)),
			"consent": s.Practices.Consent(t.Context(), who, other.ID, practice.Agreement{Agreed: true, Note: "có"}),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s of another ward's entry: %v", name, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestOnlyConsentedAndRecognisedIsPublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		shown := s.Recognised(apptest.Registration(), "1/QĐ")
		waiting := s.Register(apptest.Registration())
		silent := s.Recognised(apptest.Registration(), "2/QĐ")
		for _, e := range []practice.Entry{shown, waiting} {
			s.Must(s.Practices.Consent(t.Context(), s.System(), e.ID, practice.Agreement{Agreed: true, Note: "theo phiếu đăng ký"}))
		}
		all, err := s.Practices.Published(t.Context(), practice.PublicQuery{})
		s.Must(err)
		if len(all.Rows) != 1 || all.Total != 1 || all.Rows[0].Entry != shown.ID {
			t.Errorf("published: %+v", all)
		}
		for _, e := range []practice.Entry{waiting, silent} {
			if _, err := s.Practices.PublishedEntry(t.Context(), e.Code); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s is public: %v", e.Code, err)
			}
		}
	})
}

// TestPublishedBehindAFigure lists those that are typical, and those that were replicated.
func TestPublishedBehindAFigure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		var codes []string
		for i, title := range []string{"Ấm lòng", "Bếp chung", "Chợ sạch"} {
			in := apptest.Registration()
			in.Title, in.Subject = title, "Tổ "+title
			if i == 2 {
				in.Unit, in.Origin = "W2.G", ledger.OriginReplicated
			}
			e := s.Recognised(in, strconv.Itoa(i)+"/QĐ")
			s.Must(s.Practices.Consent(t.Context(), s.System(), e.ID, practice.Agreement{Agreed: true, Note: "phiếu"}))
			codes = append(codes, e.Code)
		}
		typical, err := s.Practices.Get(t.Context(), s.System(), codes[0])
		s.Must(err)
		s.Must(s.Practices.NameTypical(t.Context(), s.System(), s.Decide("9/QĐ", "2024-09-02").ID, []string{typical.ID}))
		_, err = s.Replication.Adopt(t.Context(), s.System(), replication.Input{
			Source: codes[1], AdoptingEntry: codes[2], Mode: replication.Adapted, StartedOn: apptest.Day("2024-05-01"),
		})
		s.Must(err)
		for figure, want := range map[ledger.Figure]string{ledger.FigureTypical: codes[0], ledger.FigureReplicated: codes[1]} {
			page, err := s.Practices.Published(t.Context(), practice.PublicQuery{Figure: figure, Limit: 10})
			if err != nil || page.Total != 1 || len(page.Rows) != 1 || page.Rows[0].Code != want {
				t.Errorf("behind %s: %+v %v", figure, page, err)
			}
		}
	})
}

// TestPublishedPages walks through all that is published page by page, in both orders: each
// once, and as many as are counted.
func TestPublishedPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		titles := []string{"Ấm lòng", "Bếp chung", "Chợ sạch", "Đường hoa", "Ấm lòng"}
		for i, title := range titles {
			in := apptest.Registration()
			in.Title, in.Subject = title, "Tổ "+title+strconv.Itoa(i)
			if i%2 == 1 {
				in.Unit, in.Field = "W2.G", "defenceSecurity"
			}
			e := s.Recognised(in, strconv.Itoa(i)+"/QĐ")
			s.Must(s.Practices.Consent(t.Context(), s.System(), e.ID, practice.Agreement{Agreed: true, Note: "phiếu"}))
		}
		for sort, want := range map[ledger.Sort][]string{
			ledger.ByDay: {"Ấm lòng", "Đường hoa", "Chợ sạch", "Bếp chung", "Ấm lòng"}, ledger.ByName: {"Ấm lòng", "Ấm lòng", "Bếp chung", "Chợ sạch", "Đường hoa"},
		} {
			var got []string
			for in := (practice.PublicQuery{Sort: sort, Limit: 2}); ; {
				page, err := s.Practices.Published(t.Context(), in)
				s.Must(err)
				if page.Total != len(titles) || page.ByField[ledger.Economy] != 3 {
					t.Fatalf("counted: %+v", page)
				}
				for _, row := range page.Rows {
					got = append(got, row.Title)
				}
				if in.Cursor = page.Next; in.Cursor == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("by %s: %v", sort, got)
			}
		}
		for name, in := range map[string]practice.PublicQuery{
			"unit": {Unit: "W2"}, "field": {Field: ledger.DefenceSecurity}, "both": {Unit: "W2.G", Field: ledger.DefenceSecurity, Movement: "M-2024"},
		} {
			in.Limit = 10
			if page, err := s.Practices.Published(t.Context(), in); err != nil || page.Total != 2 || len(page.Rows) != 2 {
				t.Errorf("by %s: %+v %v", name, page, err)
			}
		}
		if page, err := s.Practices.Published(t.Context(), practice.PublicQuery{Words: "LONG am", Limit: 10}); err != nil || page.Total != 2 {
			t.Errorf("by words: %+v %v", page, err)
		}
	})
}
