package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
	"github.com/nhanrong/nhanrong/internal/platform/mail"
)

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log   *audit.Log
	Org   *org.Service
	Queue *jobs.Queue
}

// Sender gives a letter to a server.
type Sender interface {
	Send(ctx context.Context, l mail.Letter) error
	From() string
}

// Service is the capability.
type Service struct {
	db    *db.DB
	rooms Rooms
	now   clock.Clock
	newID id.Source
	by    Sender // nil sends nothing
	base  string // under which people reach this house, or ""
}

// New makes the service, which sends nothing yet.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{db: d, rooms: rooms, now: now, newID: newID}
}

// SendBy names the server by which letters go, nil for none, and the address of this house
// in them. It is called before the house opens.
func (s *Service) SendBy(by Sender, base string) { s.by, s.base = by, base }

// JobSend sends the letters that are due.
const JobSend = "outbox.send"

// Queue leaves a letter in the caller's transaction, and gives it with its identity. Its
// state and times are those of a new one.
func (s *Service) Queue(ctx context.Context, tx *db.Tx, l Letter) (Letter, error) {
	if err := l.Check(); err != nil {
		return l, err
	}
	l.ID, l.State, l.CreatedAt, l.Attempts = s.newID(), Waiting, s.now(), 0
	l.DueAt = l.CreatedAt
	if err := insert(ctx, tx, l); err != nil {
		return l, err
	}
	return l, s.wake(ctx, tx)
}

func (s *Service) wake(ctx context.Context, tx *db.Tx) error {
	return s.rooms.Queue.Enqueue(ctx, tx, jobs.Job{Kind: JobSend, Unique: JobSend})
}

// Reword gives the letters about a record that wait or failed another text, in the caller's
// transaction. One that is being sent, or was when the program died, keeps what it said.
func (s *Service) Reword(ctx context.Context, tx *db.Tx, about About, text string) error {
	return reword(ctx, tx, about, text)
}

// Forget cancels the letters about a record that wait, and erases what all of them said
// and to whom, in the caller's transaction. What was sent stays noted as sent.
func (s *Service) Forget(ctx context.Context, tx *db.Tx, about About) error {
	return forget(ctx, tx, about, s.now())
}

// Cancel cancels the letters about a record that wait, in the caller's transaction.
func (s *Service) Cancel(ctx context.Context, tx *db.Tx, about About) error {
	return cancelAbout(ctx, tx, about, s.now())
}

// most is how many letters are sent in one go.
const most = 50

// SendDue is the work of [JobSend]: it tries each letter that is due. What one came to is
// written down before the next is tried.
func (s *Service) SendDue(ctx context.Context) error {
	if s.by == nil {
		return nil
	}
	ids, err := due(ctx, s.db, s.now())
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		if err := s.try(ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("letter %s: %w", id, err))
		}
	}
	if err := errors.Join(failed...); err != nil || len(ids) < most {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.wake(ctx, tx) })
}

// try claims a letter, sends it and notes what it came to. A claim that is never answered
// runs out: the program has died meanwhile.
func (s *Service) try(ctx context.Context, id string) error {
	var l Letter
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		l, err = claim(ctx, tx, id, s.now(), s.now().Add(claimTime))
		return err
	})
	if errors.Is(err, db.ErrNoRow) { // another process has it, or somebody cancelled it
		return nil
	}
	if err != nil {
		return err
	}
	sent := s.by.Send(ctx, mail.Letter{ID: l.ID, To: l.To, Subject: l.Subject, Text: s.textOf(l), At: l.CreatedAt})
	if sent != nil && ctx.Err() != nil {
		return ctx.Err() // we were told to stop: the claim runs out, and it is tried again
	}
	now := s.now()
	l.State, l.LastError, l.SettledAt = Sent, "", now
	if sent != nil {
		l.LastError = cut(sent.Error())
		l.State = Failed
		if l.Attempts < maxAttempts && !errors.Is(sent, mail.ErrRefused) && !errors.Is(sent, mail.ErrBad) {
			l.State, l.DueAt = Waiting, now.Add(wait(l.Attempts))
		}
	}
	return s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return settle(ctx, tx, l) })
}

// textOf is the text of a letter with the link below it.
func (s *Service) textOf(l Letter) string {
	if l.Link == "" || s.base == "" {
		return l.Text
	}
	return l.Text + "\n\n" + strings.TrimSuffix(s.base, "/") + l.Link
}

func cut(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 300)])
}

// Query asks for a part of the letters.
type Query struct {
	State State  // "" is every
	Unit  string // identity: its letters and those of the units below; "" is every
	About About  // letters about one record; none is every
	Page  int    // from 1
	Limit int
}

// MaxPage bounds a page of letters.
const MaxPage = 100

// List gives letters of units within the actor's scope, the newest first and one more than
// the limit where there are more, with how many there are in each state.
func (s *Service) List(ctx context.Context, who actor.Actor, in Query) (all []Letter, counts map[State]int, err error) {
	if !who.Can(RightRead) {
		return nil, nil, forbidden()
	}
	in.Limit, in.Page = max(1, min(in.Limit, MaxPage)), max(1, min(in.Page, 1000))
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		units, err := s.within(ctx, q, who, in.Unit)
		if err != nil {
			return err
		}
		if counts, err = countStates(ctx, q, units, in.About); err != nil {
			return err
		}
		all, err = list(ctx, q, in, units)
		return err
	})
	for i := range all {
		all[i].hide()
	}
	return all, counts, err
}

// hide takes the address of a private letter away from whoever looks.
func (l *Letter) hide() {
	if l.Private {
		l.To = ""
	}
}

// within lists the units within the actor's scope that have letters; at and below one where
// it is named.
func (s *Service) within(ctx context.Context, q db.Querier, who actor.Actor, under string) ([]string, error) {
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return nil, err
	}
	all, err := units(ctx, q)
	if err != nil {
		return nil, err
	}
	var mine []string
	for _, unit := range all {
		if tree.InScope(who.Scope, unit) && (under == "" || tree.InScope(actor.Scope{Paths: tree.Paths(under)}, unit)) {
			mine = append(mine, unit)
		}
	}
	return mine, nil
}

// Preview is a letter as it goes out.
type Preview struct {
	Letter
	From      string // "" where no server is set
	Whole     string // its text with the link
	MayRetry  bool
	MayCancel bool
}

// Show gives a letter of a unit within the actor's scope as it goes out.
func (s *Service) Show(ctx context.Context, who actor.Actor, id string) (Preview, error) {
	if !who.Can(RightRead) {
		return Preview{}, forbidden()
	}
	l, err := s.mine(ctx, s.db, who, id)
	if err != nil {
		return Preview{}, err
	}
	may, now := who.Can(RightManage), s.now()
	p := Preview{Letter: l, Whole: s.textOf(l), MayRetry: s.by != nil && may && l.mayRetry(now), MayCancel: may && l.mayCancel(now)}
	if s.by != nil {
		p.From = s.by.From()
	}
	p.hide()
	return p, nil
}

// Address is where people reach this house, or "".
func (s *Service) Address() string { return strings.TrimSuffix(s.base, "/") }

// Sending tells whether a server is set by which letters go.
func (s *Service) Sending() bool { return s.by != nil }

func (s *Service) mine(ctx context.Context, q db.Querier, who actor.Actor, id string) (Letter, error) {
	missing := errs.New(errs.NotFound, i18n.OutboxNotFound)
	l, err := find(ctx, q, id)
	if errors.Is(err, db.ErrNoRow) {
		return l, missing
	}
	if err != nil {
		return l, err
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return l, err
	}
	if !tree.InScope(who.Scope, l.Unit) {
		return Letter{}, missing
	}
	return l, nil
}

// Retry has a letter tried now, with all its tries before it again.
func (s *Service) Retry(ctx context.Context, who actor.Actor, id string) error {
	return s.change(ctx, who, id, "outbox.retry", Letter.mayRetry, func(tx *db.Tx, l Letter) error {
		l.State, l.Attempts, l.DueAt, l.LastError = Waiting, 0, s.now(), ""
		if err := settle(ctx, tx, l); err != nil {
			return err
		}
		return s.wake(ctx, tx)
	})
}

// CancelLetter keeps a letter from going out. One that is just being sent may go out all
// the same, and says so then.
func (s *Service) CancelLetter(ctx context.Context, who actor.Actor, id string) error {
	return s.change(ctx, who, id, "outbox.cancel", Letter.mayCancel, func(tx *db.Tx, l Letter) error {
		l.State, l.SettledAt = Cancelled, s.now()
		return settle(ctx, tx, l)
	})
}

func (s *Service) change(ctx context.Context, who actor.Actor, id, action string, may func(Letter, time.Time) bool, do func(*db.Tx, Letter) error) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		l, err := s.mine(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if !may(l, s.now()) {
			return errs.New(errs.Conflict, i18n.OutboxNotNow)
		}
		if err := do(tx, l); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, action, audit.Object{Kind: "letter", ID: l.ID}, map[string]any{"about": l.About})
	})
}

// Sweep gives up private letters that nobody sent within the time, and erases their
// addresses; it belongs into a daily job.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return expire(ctx, tx, s.now(), s.now().Add(-privateTime)) })
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
