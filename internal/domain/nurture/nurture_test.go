package nurture_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// each runs a test with a small house and an officer of its first ward.
func each(t *testing.T, fn func(t *testing.T, s apptest.Small, officer, other actor.Actor)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		officer, other := s.At(app.RoleOfficer, "W1"), s.At(app.RoleOfficer, "W2")
		officer.Account, other.Account = "o1", "o2"
		fn(t, s, officer, other)
	})
}

func telling(name string) nurture.Input {
	return nurture.Input{
		Name: name, Kind: ledger.Individual, Unit: "W1.G", Doing: "Nấu cháo sáng cho người bệnh nghèo từ năm 2019.",
		ByName: "Người Kể", ByContact: "0900 000 001", Agreed: true, Network: "n1",
	}
}

func tell(t *testing.T, s apptest.Small, in nurture.Input) string {
	t.Helper()
	code, err := s.Nurture.Tell(t.Context(), in)
	s.Must(err)
	return code
}

func queue(t *testing.T, s apptest.Small, who actor.Actor, state nurture.State) []nurture.Introduction {
	t.Helper()
	all, err := s.Nurture.Queue(t.Context(), who, state)
	s.Must(err)
	return all
}

func accepting() nurture.AcceptInput {
	return nurture.AcceptInput{Movement: "M-2024", Field: "economy", On: apptest.Day("2024-09-02")}
}

// TestAcceptingTakesTheSameAlong: of three that name one, one is accepted, once, and a
// known exemplar takes up one that comes later.
func TestAcceptingTakesTheSameAlong(t *testing.T) {
	each(t, func(t *testing.T, s apptest.Small, officer, other actor.Actor) {
		code := tell(t, s, telling("Bà Lê Thị Sen"))
		tell(t, s, telling("bà  LÊ thị Sen"))
		tell(t, s, telling("Ông Khác"))
		all := queue(t, s, officer, nurture.Waiting)
		if len(all) != 3 || all[0].Same != 1 || all[2].Same != 0 {
			t.Fatalf("the queue: %+v", all)
		}
		if _, err := s.Nurture.Accept(t.Context(), other, all[0].ID, accepting()); !errs.Is(err, errs.NotFound) {
			t.Errorf("the officer of another ward accepts: %v", err)
		}
		found, err := s.Nurture.Accept(t.Context(), officer, all[0].ID, accepting())
		s.Must(err)
		if _, err := s.Nurture.Accept(t.Context(), officer, all[1].ID, accepting()); !errs.Is(err, errs.Conflict) {
			t.Errorf("accepted twice: %v", err)
		}
		if rest := queue(t, s, officer, nurture.Waiting); len(rest) != 1 || rest[0].Name != "Ông Khác" {
			t.Errorf("what waits still: %+v", rest)
		}
		x, err := s.Nurture.Receipt(t.Context(), strings.ToLower(code))
		if err != nil || x.State != nurture.Accepted || x.Exemplar != found.ID || x.ByName != "" || x.ByContact != "" {
			t.Errorf("the receipt: %+v, %v", x, err)
		}
		later := tell(t, s, telling("Cô Sen bán cháo"))
		again := queue(t, s, officer, nurture.Waiting)
		into := accepting()
		into.Exemplar = found.ID
		into.On = apptest.Day("2024-09-03")
		if _, known, err := s.Nurture.Get(t.Context(), officer, again[1].ID); err != nil || len(known) == 0 {
			t.Errorf("the known ones are not shown: %v, %v", known, err)
		}
		if merged, err := s.Nurture.Accept(t.Context(), officer, again[1].ID, into); err == nil {
			if x, err := s.Nurture.Receipt(t.Context(), later); err != nil || merged.ID != found.ID || x.Exemplar != found.ID {
				t.Errorf("it became another: %+v, %v", x, err)
			}
		} else {
			t.Errorf("merged: %v", err)
		}
	})
}

func TestARefusalNeedsAReasonAndTakesOne(t *testing.T) {
	each(t, func(t *testing.T, s apptest.Small, officer, other actor.Actor) {
		code := tell(t, s, telling("Bà Lê Thị Sen"))
		tell(t, s, telling("Bà Lê Thị Sen"))
		first := queue(t, s, officer, nurture.Waiting)[0].ID
		if err := s.Nurture.Refuse(t.Context(), officer, first, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if err := s.Nurture.Refuse(t.Context(), other, first, "Lý do"); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward: %v", err)
		}
		reporter := s.At(app.RoleReporter, "W1")
		if err := s.Nurture.Refuse(t.Context(), reporter, first, "Lý do"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a reporter: %v", err)
		}
		s.Must(s.Nurture.Refuse(t.Context(), officer, first, "Chưa xác minh được"))
		if x, err := s.Nurture.Receipt(t.Context(), code); err != nil || x.State != nurture.Refused || x.Reason != "Chưa xác minh được" {
			t.Errorf("the receipt: %+v, %v", x, err)
		}
		if len(queue(t, s, officer, nurture.Waiting)) != 1 {
			t.Error("the other one was refused, too")
		}
	})
}

func TestNotesOfAnExemplar(t *testing.T) {
	each(t, func(t *testing.T, s apptest.Small, officer, other actor.Actor) {
		tell(t, s, telling("Bà Lê Thị Sen"))
		x, err := s.Nurture.Accept(t.Context(), officer, queue(t, s, officer, nurture.Waiting)[0].ID, accepting())
		s.Must(err)
		today := s.Now.Today()
		for _, wrong := range []nurture.NoteInput{{}, {On: today, Done: ""}, {On: today + 1, Done: "Thăm"}, {On: today, Done: "Thăm", NextOn: today}, {On: today, Done: "Thăm", Next: "Bài", NextOn: today - 1}} {
			if _, err := s.Nurture.Write(t.Context(), officer, x.ID, wrong); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v is kept: %v", wrong, err)
			}
		}
		if _, err := s.Nurture.Write(t.Context(), other, x.ID, nurture.NoteInput{On: today, Done: "Thăm"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward writes: %v", err)
		}
		for _, in := range []nurture.NoteInput{{On: today - 2, Done: "Đến thăm"}, {On: today - 1, Done: "Trao đổi cách làm", Next: "Viết bài", NextOn: today}} {
			_, err := s.Nurture.Write(t.Context(), officer, x.ID, in)
			s.Must(err)
		}
		notes, err := s.Nurture.Notes(t.Context(), officer, x.ID)
		if err != nil || len(notes) != 2 || notes[0].Done != "Trao đổi cách làm" {
			t.Errorf("the notes: %+v, %v", notes, err)
		}
		all, err := s.Nurture.Nurtured(t.Context(), officer)
		if err != nil || len(all) != 1 || all[0].Notes != 2 || all[0].Name != "Bà Lê Thị Sen" || !all[0].Due(today) || all[0].Due(today-1) {
			t.Errorf("the nurtured: %+v, %v", all, err)
		}
		if all, err := s.Nurture.Nurtured(t.Context(), other); err != nil || len(all) != 0 {
			t.Errorf("another ward sees %d, %v", len(all), err)
		}
	})
}

// TestWhoToldIsForgotten twelve months after, and not before; what was told stays.
func TestWhoToldIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, s apptest.Small, officer, _ actor.Actor) {
		tell(t, s, telling("Bà Lê Thị Sen"))
		at := func(months, days int) nurture.Introduction {
			now := clock.Fixed(s.Now().AddDate(0, months, days))
			later := nurture.New(s.DB, nurture.Rooms{Log: audit.New(now), Org: s.Org, Practices: s.Practices}, now, id.Random)
			s.Must(later.Sweep(t.Context()))
			return queue(t, s, officer, nurture.Waiting)[0]
		}
		if x := at(12, -1); x.ByName != "Người Kể" || x.ByContact == "" {
			t.Errorf("forgotten too early: %+v", x)
		}
		if x := at(12, 1); x.ByName != "" || x.ByContact != "" || x.Doing == "" {
			t.Errorf("after twelve months: %+v", x)
		}
	})
}

func TestWhoMayTell(t *testing.T) {
	each(t, func(t *testing.T, s apptest.Small, officer, other actor.Actor) {
		if _, err := s.Nurture.Introduce(t.Context(), officer, telling("Bà Sen")); err != nil {
			t.Errorf("of the own ward: %v", err)
		}
		if _, err := s.Nurture.Introduce(t.Context(), other, telling("Bà Sen")); !errs.Is(err, errs.Invalid) {
			t.Errorf("of another ward: %v", err)
		}
		if _, err := s.Nurture.Introduce(t.Context(), actor.Actor{}, telling("Bà Sen")); !errs.Is(err, errs.Forbidden) {
			t.Errorf("nobody: %v", err)
		}
		for range 4 {
			tell(t, s, telling("Bà Sen"))
		}
		if _, err := s.Nurture.Tell(t.Context(), telling("Bà Sen")); !errs.Is(err, errs.Conflict) {
			t.Errorf("a fifth within %s: %v", time.Hour, err)
		}
	})
}

// TestAFloodClosesTheFormToNobody: from thousands of networks comes more than may wait. What
// waited before is there still, a fresh one is taken, and no more is kept than may wait.
func TestAFloodClosesTheFormToNobody(t *testing.T) {
	each(t, func(t *testing.T, s apptest.Small, officer, _ actor.Actor) {
		for range 3 {
			tell(t, s, telling("Bà Lê Thị Sen"))
		}
		for i := range nurture.MostWait + 40 {
			in := telling("Ông Máy")
			in.Unit, in.Network, in.Robot = "W2.G", "f"+strconv.Itoa(i), i%100 == 7
			tell(t, s, in)
		}
		code := tell(t, s, telling("Cô Đến Sau"))
		if _, err := s.Nurture.Receipt(t.Context(), code); err != nil {
			t.Errorf("the fresh one: %v", err)
		}
		if mine := queue(t, s, officer, nurture.Waiting); len(mine) != 4 {
			t.Errorf("of the own ward wait %d", len(mine))
		}
		kept, err := db.One(t.Context(), s.DB, db.Int, `SELECT count(*) FROM nurture_introduction`)
		if err != nil || kept != nurture.MostWait {
			t.Errorf("kept are %d, %v", kept, err)
		}
		robots, err := db.One(t.Context(), s.DB, db.Int, `SELECT count(*) FROM nurture_introduction WHERE robot`)
		if err != nil || robots != 0 {
			t.Errorf("%d that look like a program's have stayed, %v", robots, err)
		}
		if crowded, err := s.Nurture.Crowded(t.Context(), officer); err != nil || !crowded {
			t.Errorf("crowded: %v, %v", crowded, err)
		}
	})
}

// TestBoundsComeAfterScope: thousands of another ward wait before the one of this ward, and
// it is in its list all the same.
func TestBoundsComeAfterScope(t *testing.T) {
	each(t, func(t *testing.T, s apptest.Small, officer, other actor.Actor) {
		const many = 5200
		tree, err := s.Org.Current(t.Context())
		s.Must(err)
		theirs, _ := tree.ByCode("W2.G")
		rows := make([][]any, many)
		for i := range rows {
			n := strconv.Itoa(i)
			rows[i] = []any{"x" + n, "Ông " + n, "ong " + n, 2, theirs.ID, "Việc tốt", "", "", "o2", false, "", "r" + n, "waiting", "", db.Time(s.Now().Add(-time.Hour)), ""}
		}
		s.Must(s.DB.Write(t.Context(), func(tx *db.Tx) error {
			return db.InsertAll(t.Context(), tx, `INSERT INTO nurture_introduction (id, name, folded, kind, unit_id, doing, by_name, by_contact, by_account,
				robot, network, receipt, state, reason, at, decided_by) VALUES `, "", rows)
		}))
		tell(t, s, telling("Bà Lê Thị Sen"))
		if mine := queue(t, s, officer, nurture.Waiting); len(mine) != 1 || mine[0].Name != "Bà Lê Thị Sen" {
			t.Errorf("the own ward sees %+v", mine)
		}
		if all := queue(t, s, other, nurture.Waiting); len(all) != 200 {
			t.Errorf("the other ward sees %d", len(all))
		}
	})
}

// TestWhatWasRefusedIsRemovedInTime, as the terms say.
func TestWhatWasRefusedIsRemovedInTime(t *testing.T) {
	each(t, func(t *testing.T, s apptest.Small, officer, _ actor.Actor) {
		tell(t, s, telling("Bà Lê Thị Sen"))
		s.Must(s.Nurture.Refuse(t.Context(), officer, queue(t, s, officer, nurture.Waiting)[0].ID, "Chưa xác minh được"))
		terms, err := s.Rulebook.Terms(t.Context())
		s.Must(err)
		terms.Refused = 3
		s.Must(s.Rulebook.SetTerms(t.Context(), s.System(), terms))
		sweepAt(t, s, 2)
		if n := len(queue(t, s, officer, nurture.Refused)); n != 1 {
			t.Errorf("after two months: %d", n)
		}
		sweepAt(t, s, 4)
		if n := len(queue(t, s, officer, nurture.Refused)); n != 0 {
			t.Errorf("after four months: %d", n)
		}
	})
}

func sweepAt(t *testing.T, s apptest.Small, months int) {
	t.Helper()
	now := clock.Fixed(s.Now().AddDate(0, months, 0))
	s.Must(nurture.New(s.DB, nurture.Rooms{Log: audit.New(now), Org: s.Org, Practices: s.Practices}, now, id.Random).Sweep(t.Context()))
}
