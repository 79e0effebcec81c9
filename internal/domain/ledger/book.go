package ledger

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Book is the ledger of the house. It decides what an act means; whether the actor may
// do it is decided by the capability that calls.
type Book struct {
	db    *db.DB
	now   clock.Clock
	newID id.Source
}

// New opens the book.
func New(d *db.DB, now clock.Clock, newID id.Source) *Book {
	return &Book{db: d, now: now, newID: newID}
}

// Append adds one act and brings the facts up to date, in the caller's transaction.
func (b *Book) Append(ctx context.Context, tx *db.Tx, act Act) (Act, error) {
	acts, err := b.AppendAll(ctx, tx, []Act{act})
	if err != nil {
		return Act{}, err
	}
	return acts[0], nil
}

// AppendAll adds many acts at once: the same as one after the other, in fewer steps.
// Acts of one day follow each other in the order in which they were written, and writes
// take turns: an identity comes after the last one in the book even where the clock of
// the process that makes it is behind.
func (b *Book) AppendAll(ctx context.Context, tx *db.Tx, acts []Act) ([]Act, error) {
	last, err := lastAct(ctx, tx)
	if err != nil {
		return nil, err
	}
	added := make([]Act, len(acts))
	for i, act := range acts {
		if err := b.complete(ctx, tx, &act); err != nil {
			return nil, err
		}
		act.ID = id.After(act.ID, last)
		added[i], last = act, act.ID
	}
	if err := insertActs(ctx, tx, added); err != nil {
		return nil, err
	}
	return added, b.refresh(ctx, tx, added)
}

// complete checks an act and fills in what follows from the rest of it.
func (b *Book) complete(ctx context.Context, tx *db.Tx, act *Act) error {
	act.ID, act.At = b.newID(), b.now()
	if act.Subject != "" && act.Attr != nil && act.Attr.Origin != 0 {
		attr := *act.Attr
		attr.Origin = 0 // a subject is not new or continued
		act.Attr = &attr
	}
	if act.Kind == Revoked || act.Kind == Voided {
		if err := b.aim(ctx, tx, act); err != nil {
			return err
		}
	}
	switch {
	case act.On == 0:
		return errs.New(errs.Invalid, i18n.LedgerDayNeeded).On("on")
	case needsReason(act.Kind) && strings.TrimSpace(act.Reason) == "":
		return errs.New(errs.Invalid, i18n.LedgerReasonNeeded).On("reason")
	case act.Decision == "" && needsDecision(act.Kind):
		return errs.New(errs.Invalid, i18n.LedgerDecisionNeeded).On("decision")
	case act.Period == 0, act.Entry == "" && act.Subject == "" && act.Item == "":
		return errors.New("ledger: an act without a period or without an object: " + string(act.Kind))
	}
	return nil
}

// aim finds the act that is voided or revoked and makes the new act about the same
// thing. A void takes its day: it undoes the act from its first day on.
func (b *Book) aim(ctx context.Context, tx *db.Tx, act *Act) error {
	target, err := find(ctx, tx, act.Target)
	if errors.Is(err, db.ErrNoRow) {
		return errs.New(errs.NotFound, i18n.LedgerTargetGone)
	}
	if err != nil {
		return err
	}
	act.Period, act.Entry, act.Subject, act.Item = target.Period, target.Entry, target.Subject, target.Item
	if act.Kind == Voided {
		act.On = target.On
	}
	if act.On != 0 && act.On < target.On {
		return errs.New(errs.Invalid, i18n.LedgerBeforeTarget, target.On).On("on")
	}
	return nil
}

func needsReason(k Kind) bool {
	switch k {
	case Returned, Refused, Reclassified, Voided, Revoked, StruckOff:
		return true
	default:
		return false
	}
}

func needsDecision(k Kind) bool { return k == Recognised || k == Typical || k == Awarded }

// Decide writes a decision, or minutes, into the book. Its number is taken once per
// authority and year, however it is spelled.
func (b *Book) Decide(ctx context.Context, tx *db.Tx, d Decision) (Decision, error) {
	d.Number = strings.TrimSpace(d.Number)
	switch {
	case d.Paper == PaperDecision && d.Number == "":
		return Decision{}, errs.New(errs.Invalid, i18n.LedgerNumberNeeded).On("number")
	case d.SignedOn == 0:
		return Decision{}, errs.New(errs.Invalid, i18n.LedgerUnsigned).On("signedOn")
	}
	if d.On == 0 {
		d.On = d.SignedOn
	}
	if taken, err := numberTaken(ctx, tx, d); err != nil {
		return Decision{}, err
	} else if taken {
		return Decision{}, errs.New(errs.Conflict, i18n.LedgerNumberTaken, d.Number, strconv.Itoa(d.SignedOn.Year())).On("number")
	}
	d.ID, d.At = b.newID(), b.now()
	return d, insertDecision(ctx, tx, d)
}

// numberKey is what the spellings of one number share: "15/QĐ-UBND", "Số: 015 / qđ–ubnd".
func numberKey(number string) string {
	key := strings.Map(func(r rune) rune {
		if r == '/' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, viet.Fold(norm.NFKC.String(number)))
	if rest, ok := strings.CutPrefix(key, "so"); ok && strings.IndexFunc(rest, unicode.IsDigit) == 0 {
		key = rest
	}
	return strings.TrimLeft(key, "0")
}

// refresh folds anew every entry, subject and item that the acts are about.
func (b *Book) refresh(ctx context.Context, tx *db.Tx, acts []Act) error {
	entries, subjects, items := touched(acts)
	if err := refreshEntries(ctx, tx, entries, labels(acts, func(a Act) string { return a.Entry })); err != nil {
		return err
	}
	if err := refreshSubjects(ctx, tx, subjects, labels(acts, func(a Act) string { return a.Subject })); err != nil {
		return err
	}
	return refreshItems(ctx, tx, items)
}

// touched lists the identities of what the acts are about, each once.
func touched(acts []Act) (entries []string, subjects []subjectKey, items []string) {
	e, s, i := set[string]{}, set[subjectKey]{}, set[string]{}
	for _, act := range acts {
		switch {
		case act.Item != "":
			i.add(act.Item)
			e.add(act.Entry)
			if act.Subject != "" {
				s.add(subjectKey{act.Subject, act.Period})
			}
		case act.Subject != "":
			s.add(subjectKey{act.Subject, act.Period})
		default:
			e.add(act.Entry)
		}
	}
	return e.all, s.all, i.all
}

// subjectKey is a subject in a period: the grain of the subjects' facts.
type subjectKey struct {
	subject string
	period  int
}

// set keeps distinct values in the order in which they came; the zero value is none.
type set[T comparable] struct {
	seen map[T]bool
	all  []T
}

func (s *set[T]) add(v T) {
	var zero T
	if v == zero || s.seen[v] {
		return
	}
	if s.seen == nil {
		s.seen = map[T]bool{}
	}
	s.seen[v] = true
	s.all = append(s.all, v)
}

func labels(acts []Act, of func(Act) string) map[string]Label {
	m := map[string]Label{}
	for _, act := range acts {
		if act.Label != nil {
			m[of(act)] = *act.Label
		}
	}
	return m
}

// Retitle brings the name of an entry up to date where lists show it.
func (b *Book) Retitle(ctx context.Context, tx *db.Tx, entry, title string) error {
	_, err := db.Exec(ctx, tx, `UPDATE ledger_entry_fact SET title = $1, folded = $2, name_key = $3 WHERE entry_id = $4`,
		title, viet.Fold(title), viet.SortKey(title), entry)
	return err
}

// RetitleSubject brings the name of a subject up to date where lists show it.
func (b *Book) RetitleSubject(ctx context.Context, tx *db.Tx, subject, title string) error {
	_, err := db.Exec(ctx, tx, `UPDATE ledger_subject_fact SET title = $1, name_key = $2 WHERE subject_id = $3`, title, viet.SortKey(title), subject)
	return err
}
