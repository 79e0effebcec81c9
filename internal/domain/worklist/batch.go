package worklist

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
)

// Action is what is done to many entries at once.
type Action string

// The actions.
const (
	Receive   Action = "receive"
	Return    Action = "return"
	Refuse    Action = "refuse"
	Start     Action = "start"
	Suspend   Action = "suspend"
	End       Action = "end"
	StrikeOff Action = "strikeOff"
	Recognise Action = "recognise"
	Typical   Action = "typical"
	Tag       Action = "tag"
	Untag     Action = "untag"
	Focus     Action = "focus"
	Unfocus   Action = "unfocus"
)

// Actions lists them in the order of forms.
func Actions() []Action {
	return []Action{Receive, Return, Refuse, Start, Recognise, Typical, Tag, Untag, Focus, Unfocus, Suspend, End, StrikeOff}
}

// Label is the word for the action.
func (a Action) Label() i18n.Key {
	return map[Action]i18n.Key{
		Receive: i18n.WorklistReceive, Return: i18n.WorklistReturn, Refuse: i18n.WorklistRefuse, Start: i18n.WorklistStart, Suspend: i18n.WorklistSuspend,
		End: i18n.WorklistEnd, StrikeOff: i18n.WorklistStrikeOff, Recognise: i18n.WorklistRecognise, Typical: i18n.WorklistTypical,
		Tag: i18n.WorklistTag, Untag: i18n.WorklistUntag, Focus: i18n.WorklistFocus, Unfocus: i18n.WorklistUnfocus,
	}[a]
}

// kind is the act that comes of the action; "" where none does.
func (a Action) kind() ledger.Kind {
	return map[Action]ledger.Kind{
		Receive: ledger.Received, Return: ledger.Returned, Refuse: ledger.Refused, Start: ledger.Started, Suspend: ledger.Suspended, End: ledger.Ended,
		StrikeOff: ledger.StruckOff, Recognise: ledger.Recognised, Typical: ledger.Typical,
	}[a]
}

// Right is what the action asks of an account.
func (a Action) Right() actor.Right {
	if a == Recognise || a == Typical {
		return practice.RightRecognise
	}
	return practice.RightReceive
}

// Dated tells whether the action has a day of its own; one that rests on a paper has the
// paper's.
func (a Action) Dated() bool { return a.kind() != "" && !a.OnPaper() }

// OnPaper tells whether the action rests on a decision or on minutes.
func (a Action) OnPaper() bool { return a == Recognise || a == Typical }

// Tags tells whether the action is about a tag.
func (a Action) Tags() bool { return a == Tag || a == Untag }

// Explained tells whether the action needs a reason.
func (a Action) Explained() bool { return a == Return || a == Refuse || a == StrikeOff }

// States of a batch.
const (
	BatchWaiting = "waiting"
	BatchDone    = "done"
	BatchFailed  = "failed"
)

// Outcomes of an item of a batch.
const (
	Waiting = "waiting"
	Done    = "done"
	Left    = "left"   // not touched, for a reason
	Undone  = "undone" // taken back
	Kept    = "kept"   // could not be taken back, for a reason
)

// Batch is what was done to many entries at once.
type Batch struct {
	ID       string
	Account  string
	Unit     string // where the account worked; "" is nowhere
	Action   Action
	Period   int
	On       clock.Date
	Reason   string
	Object   string // the tag or the decision
	State    string
	Failure  string
	Chosen   int // how many entries were chosen
	Done     int // to how many it was done
	Kept     int // how many of those could not be taken back
	MadeAt   time.Time
	DoneAt   time.Time
	UndoneAt time.Time // zero until it is taken back
	UndoneBy string
}

// Undoable tells whether a batch can be taken back, as far as nothing rests on it.
func (b Batch) Undoable() bool { return b.State == BatchDone && b.UndoneAt.IsZero() && b.Done > 0 }

// BatchItem is what became of one entry of a batch.
type BatchItem struct {
	Entry   string
	Outcome string
	Why     string // in Vietnamese
	act     string
}

// BatchInput is what is to be done to which entries: those named, or all of a query.
type BatchInput struct {
	Action  Action
	Period  int
	Entries []string
	All     *practice.Query
	On      clock.Date
	Reason  string
	Object  string // the tag or the decision
}

// Large is from how many entries on a batch is worked through after the answer.
const Large = 2000

// Check gathers everything that is wrong with the input, the entries left aside.
func (in *BatchInput) Check() error {
	var l errs.List
	switch {
	case !slices.Contains(Actions(), in.Action):
		l.Add("action", i18n.ErrsBadChoice)
	case in.Action.Dated() && in.On == 0:
		l.Add("on", i18n.ErrsRequired)
	case in.Action.Explained() && in.Reason == "":
		l.Add("reason", i18n.ErrsRequired)
	case in.Object == "" && (in.Action.Tags() || in.Action.OnPaper()):
		l.Add("object", i18n.ErrsRequired)
	}
	return l.Err()
}

// chosen resolves which entries an input is about.
func (s *Service) chosen(ctx context.Context, q db.Querier, who actor.Actor, in BatchInput) ([]string, error) {
	if in.All == nil {
		ids := slices.Clone(in.Entries)
		slices.Sort(ids)
		return slices.Compact(ids), nil
	}
	return s.rooms.Practices.Matching(ctx, q, who, *in.All)
}

// Preview parts the entries of a batch into those that it touches and those that it leaves
// out, before anything is done.
func (s *Service) Preview(ctx context.Context, who actor.Actor, in BatchInput) (may []ledger.EntryRow, left []practice.Left, err error) {
	if !who.Can(in.Action.Right()) {
		return nil, nil, forbidden()
	}
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		ids, err := s.chosen(ctx, q, who, in)
		if err != nil {
			return err
		}
		may, left, err = s.part(ctx, q, who, in, ids)
		return err
	})
	return may, left, err
}

func (s *Service) part(ctx context.Context, q db.Querier, who actor.Actor, in BatchInput, ids []string) ([]ledger.EntryRow, []practice.Left, error) {
	if in.Action.kind() == "" {
		return s.rooms.Practices.Marked(ctx, q, who, in.mark(), ids)
	}
	return s.rooms.Practices.Part(ctx, q, who, in.deed(ids))
}

func (in BatchInput) mark() practice.Mark {
	return practice.Mark{Tag: in.Object, On: in.Action == Tag || in.Action == Focus}
}

func (in BatchInput) deed(ids []string) practice.Deed {
	return practice.Deed{Kind: in.Action.kind(), Step: practice.Step{Entries: ids, On: in.On, Reason: in.Reason}, Decision: in.Object}
}

// Run does something to many entries: to all at once where they are few, else after the
// answer, by a job. What may not be touched is left out and kept with the reason.
func (s *Service) Run(ctx context.Context, who actor.Actor, in BatchInput) (Batch, error) {
	if !who.Can(in.Action.Right()) {
		return Batch{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Batch{}, err
	}
	b := Batch{
		ID: s.newID(), Account: who.Account, Action: in.Action, Period: in.Period, On: in.On, Reason: in.Reason, Object: in.Object,
		State: BatchWaiting, MadeAt: s.now(),
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		ids, err := s.chosen(ctx, tx, who, in)
		if err != nil {
			return err
		}
		if b.Unit, err = unitOf(ctx, tx, who.Account); err != nil {
			return err
		}
		b.Chosen = len(ids)
		if len(ids) > Large {
			return s.later(ctx, tx, who, b, ids)
		}
		rows, err := s.work(ctx, tx, who, &b, ids)
		if err != nil {
			return err
		}
		return insertBatch(ctx, tx, b, rows)
	})
	return b, err
}

// JobBatch works through a large batch.
const JobBatch = "worklist.batch"

// BatchJob is what the job [JobBatch] carries.
type BatchJob struct {
	Batch string `json:"batch"`
}

// later keeps which entries a large batch is about and leaves the work to a job.
func (s *Service) later(ctx context.Context, tx *db.Tx, who actor.Actor, b Batch, ids []string) error {
	if _, _, err := s.part(ctx, tx, who, b.input(), ids); err != nil { // what is wrong is told at once
		return err
	}
	rows := make([][]any, len(ids))
	for i, id := range ids {
		rows[i] = []any{b.ID, id, "", Waiting, ""}
	}
	if err := insertBatch(ctx, tx, b, rows); err != nil {
		return err
	}
	return s.rooms.Queue.Enqueue(ctx, tx, jobs.Job{Kind: JobBatch, Payload: BatchJob{b.ID}})
}

func (b Batch) input() BatchInput {
	return BatchInput{Action: b.Action, Period: b.Period, On: b.On, Reason: b.Reason, Object: b.Object}
}

// work does what a batch is about and gives its items.
func (s *Service) work(ctx context.Context, tx *db.Tx, who actor.Actor, b *Batch, ids []string) ([][]any, error) {
	in := b.input()
	may, left, err := s.part(ctx, tx, who, in, ids)
	if err != nil {
		return nil, err
	}
	rows := make([][]any, 0, len(ids))
	for _, l := range left {
		rows = append(rows, []any{b.ID, l.Entry, "", Left, words(l.Why)})
	}
	touched := make([]string, len(may))
	for i, row := range may {
		touched[i] = row.Entry
	}
	acts := map[string]string{}
	switch {
	case len(may) == 0:
		return nil, errs.New(errs.Invalid, i18n.WorklistNothingToDo)
	case in.Action.kind() == "":
		if _, _, err := s.rooms.Practices.MarkAll(ctx, tx, who, in.mark(), touched); err != nil {
			return nil, err
		}
	default:
		done, err := s.rooms.Practices.Do(ctx, tx, who, in.deed(touched))
		if err != nil {
			return nil, err
		}
		for _, a := range done {
			acts[a.Entry] = a.ID
		}
	}
	for _, id := range touched {
		rows = append(rows, []any{b.ID, id, acts[id], Done, ""})
	}
	b.State, b.Done, b.DoneAt = BatchDone, len(touched), s.now()
	return rows, s.rooms.Log.Add(ctx, tx, who, "worklist.batch", audit.Object{Kind: "batch", ID: b.ID}, map[string]any{
		"action": b.Action, "chosen": b.Chosen, "done": b.Done,
	})
}

// words is why something was left out, as the batch keeps it.
func words(err error) string {
	for _, e := range errs.All(err) {
		return i18n.Vi.T(e.Key, e.Args...)
	}
	return ""
}

// WorkThrough is the work of [JobBatch]: it does a large batch as whoever made it, once.
// What cannot be is kept with the batch and told; what went wrong for a reason that may
// pass is noted, and the job comes again.
func (s *Service) WorkThrough(ctx context.Context, id string) error {
	b, err := findBatch(ctx, s.db, id)
	if err != nil {
		return err
	}
	who, err := s.rooms.Identity.Actor(ctx, b.Account, actor.System)
	if err == nil {
		err = s.ifWaiting(ctx, id, func(tx *db.Tx, b Batch) error { return s.workThrough(ctx, tx, who, b) })
	}
	var refused *errs.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && refused.Kind != errs.Internal:
		return s.ifWaiting(ctx, id, func(tx *db.Tx, b Batch) error { return s.failed(ctx, tx, b, words(err)) })
	case ctx.Err() != nil: // the house closes; nothing is wrong
		return err
	}
	return errors.Join(err, s.ifWaiting(ctx, id, func(tx *db.Tx, b Batch) error {
		b.Failure = i18n.Vi.T(i18n.WorklistTroubled)
		return updateBatch(ctx, tx, b)
	}))
}

// ifWaiting does something to a batch that still waits, which it looks for under the
// writer's lock: of two that come to do one batch, the second finds nothing to do.
func (s *Service) ifWaiting(ctx context.Context, id string, do func(*db.Tx, Batch) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		b, err := findBatch(ctx, tx, id)
		if err != nil || b.State != BatchWaiting {
			return err
		}
		return do(tx, b)
	})
}

// failed closes a batch that could not be done, and tells whoever made it.
func (s *Service) failed(ctx context.Context, tx *db.Tx, b Batch, why string) error {
	b.State, b.Failure, b.DoneAt = BatchFailed, why, s.now()
	if err := updateBatch(ctx, tx, b); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, b); err != nil {
		return err
	}
	by := actor.Actor{Account: b.Account, Via: actor.System}
	return s.rooms.Log.Add(ctx, tx, by, "worklist.batchFailed", audit.Object{Kind: "batch", ID: b.ID}, map[string]any{"why": b.Failure})
}

// GiveUp closes a large batch whose job was given up: whoever made it must not wait for
// ever. It is called in the transaction that buries the job.
func (s *Service) GiveUp(ctx context.Context, tx *db.Tx, id string) error {
	b, err := findBatch(ctx, tx, id)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil || b.State != BatchWaiting {
		return err
	}
	return s.failed(ctx, tx, b, i18n.Vi.T(i18n.WorklistGivenUp))
}

func (s *Service) workThrough(ctx context.Context, tx *db.Tx, who actor.Actor, b Batch) error {
	waiting, err := items(ctx, tx, b.ID, Waiting, b.Chosen)
	if err != nil {
		return err
	}
	ids := make([]string, len(waiting))
	for i, item := range waiting {
		ids[i] = item.Entry
	}
	b.Failure = ""
	rows, err := s.work(ctx, tx, who, &b, ids)
	if err != nil {
		return err
	}
	if err := deleteItems(ctx, tx, b.ID); err != nil {
		return err
	}
	if err := insertItems(ctx, tx, rows); err != nil {
		return err
	}
	if err := updateBatch(ctx, tx, b); err != nil {
		return err
	}
	return s.tell(ctx, tx, b)
}

// tell tells whoever made a large batch what became of it.
func (s *Service) tell(ctx context.Context, tx *db.Tx, b Batch) error {
	key := i18n.WorklistNoticeDone
	if b.State == BatchFailed {
		key = i18n.WorklistNoticeFailed
	}
	return s.rooms.Identity.Notify(ctx, tx, identity.Notice{
		ID: "batch." + b.ID, Account: b.Account, Key: key, Args: []any{i18n.Vi.T(b.Action.Label()), b.Done}, Link: "/admin/batches/" + b.ID,
	})
}
