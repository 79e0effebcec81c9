package review

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Waiting is a case that waits for a vote.
type Waiting struct {
	Case      string
	Subject   Subject
	RouteName string
	StepName  string
	Seat      Seat
	Due       clock.Date // none is no deadline
	DaysLeft  int
	days      int
}

// WaitingCut says which part of what waits is wanted.
type WaitingCut struct {
	Cursor   string // from an earlier [WaitingPage]; "" is the beginning
	Backward bool   // what comes before the cursor
	Limit    int
}

// WaitingPage is a part of what waits, the most urgent first, with the cursors of its
// neighbours and how much waits in all.
type WaitingPage struct {
	Rows        []Waiting
	Next, Prev  string // "" where there is none
	Total, Late int    // of all, not of this page
}

// Waiting lists all that waits for the actor's vote, the most urgent first: the own seats
// and those of who is away.
func (s *Service) Waiting(ctx context.Context, who actor.Actor) ([]Waiting, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	page, err := s.WaitingPage(ctx, who, WaitingCut{Limit: maxSeats})
	return page.Rows, err
}

// WaitingPage is a part of what waits for the actor's vote. What is most urgent hangs on the
// days off, which the engine of the database does not know: the seats are read whole, which
// are short, and the cases of the page alone.
func (s *Service) WaitingPage(ctx context.Context, who actor.Actor, cut WaitingCut) (WaitingPage, error) {
	if !who.Can(RightRead) {
		return WaitingPage{}, forbidden()
	}
	own, err := s.chairs(ctx, s.db, who.Account)
	if err != nil {
		return WaitingPage{}, err
	}
	all, err := seatsOf(ctx, s.db, own)
	if err != nil {
		return WaitingPage{}, err
	}
	off, err := s.holidays(ctx, s.db)
	if err != nil {
		return WaitingPage{}, err
	}
	type stretch struct {
		since clock.Date
		days  int
	}
	page, today, due := WaitingPage{Total: len(all)}, s.now.Today(), map[stretch]clock.Date{}
	for i := range all {
		w := &all[i]
		at := stretch{w.Seat.Since, w.days}
		if _, known := due[at]; !known {
			due[at] = Due(at.since, at.days, off)
		}
		if w.Due = due[at]; w.Due != 0 && w.Due < today {
			page.Late++
		}
	}
	slices.SortFunc(all, Waiting.compare)
	if err := page.cut(all, cut); err != nil {
		return WaitingPage{}, err
	}
	for i := range page.Rows {
		page.Rows[i].DaysLeft = DaysLeft(today, page.Rows[i].Due, off)
	}
	return page, fillCases(ctx, s.db, page.Rows)
}

// compare orders what waits: what is due first, then what has waited longest.
func (w Waiting) compare(x Waiting) int {
	return cmp.Or(compareDue(w.Due, x.Due), cmp.Compare(w.Seat.Since, x.Seat.Since), cmp.Compare(w.Case, x.Case),
		cmp.Compare(w.Seat.Account, x.Seat.Account), cmp.Compare(w.Seat.Group, x.Seat.Group))
}

// cursor is the place of a seat in the list, from which its neighbours are found again even
// when it is gone.
func (w Waiting) cursor() string {
	return fmt.Sprintf("%d.%d.%d.%s.%s", w.Due, w.Seat.Since, w.Seat.Group, w.Seat.Account, w.Case)
}

func readCursor(text string) (Waiting, error) {
	const parts = 5
	part := strings.SplitN(text, ".", parts)
	var numbers [3]int
	for i := range numbers {
		n, err := strconv.ParseInt(part[min(i, len(part)-1)], 10, 32)
		if err != nil || len(part) != parts {
			return Waiting{}, errs.New(errs.Invalid, i18n.ReviewBadCursor).On("cursor").Because(err)
		}
		numbers[i] = int(n)
	}
	return Waiting{Case: part[4], Due: clock.Date(numbers[0]), Seat: Seat{Since: clock.Date(numbers[1]), Group: numbers[2], Account: part[3]}}, nil
}

// cut takes a part of the whole list, which is in order.
func (p *WaitingPage) cut(all []Waiting, c WaitingCut) error {
	from := 0
	limit := max(1, min(c.Limit, maxSeats))
	if c.Cursor != "" {
		at, err := readCursor(c.Cursor)
		if err != nil {
			return err
		}
		var there bool
		if from, there = slices.BinarySearchFunc(all, at, Waiting.compare); there && !c.Backward {
			from++
		}
		if c.Backward {
			from = max(0, from-limit)
		}
	}
	to := min(len(all), from+limit)
	p.Rows = slices.Clone(all[from:to])
	if len(p.Rows) == 0 {
		return nil
	}
	if to < len(all) {
		p.Next = p.Rows[len(p.Rows)-1].cursor()
	}
	if from > 0 {
		p.Prev = p.Rows[0].cursor()
	}
	return nil
}

// compareDue puts what has no deadline last.
func compareDue(a, b clock.Date) int {
	if (a == 0) != (b == 0) {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}
