package worklist

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/practice/person"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// JobDigest writes letters with the reminders of the day.
const JobDigest = "worklist.digest"

// AboutAccount is what letters with reminders are about: an account.
const AboutAccount = "account"

// Of what is older than so many days no letter reminds any more; and of one letter's
// reminders the first so many are told.
const (
	digestDays = 7
	digestMost = 30
)

// Digest is a letter with reminders as it would go to an account.
type Digest struct {
	To      string // "" where the account has no address
	Subject string
	Text    string
	Count   int // reminders; none is no letter
}

// SendDigests is the work of [JobDigest]: to everybody with an address who wants it and has
// new reminders it writes one letter, at most one a day, however often it runs. Without a
// mail server it writes none: nothing is to pile up.
func (s *Service) SendDigests(ctx context.Context) error {
	if !s.rooms.Outbox.Sending() {
		return nil
	}
	today := s.now.Today()
	all, err := identity.Written(ctx, s.db, today)
	if err != nil {
		return err
	}
	var failed []error
	for _, a := range all {
		if len(a.GrantsOn(today)) == 0 {
			continue
		}
		if err := s.sendDigest(ctx, a); err != nil {
			failed = append(failed, fmt.Errorf("write to the account %s: %w", a.ID, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) sendDigest(ctx context.Context, a identity.Account) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := s.digest(ctx, tx, a)
		if err != nil || d.Count == 0 {
			return err
		}
		taken, err := identity.TakeDigest(ctx, tx, a.ID, s.now())
		if err != nil || !taken {
			return err
		}
		tree, err := s.rooms.Org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		_, err = s.rooms.Outbox.Queue(ctx, tx, outbox.Letter{
			Unit: nameOf(tree, a, s.now.Today()), About: outbox.About{Kind: AboutAccount, ID: a.ID}, To: d.To, Private: true,
			Subject: d.Subject, Text: d.Text, Link: "/admin", CreatedBy: "system",
		})
		return err
	})
}

// nameOf is the unit in whose name an account is written to: where it works, where it has a
// role, or the one at the top.
func nameOf(tree *org.Tree, a identity.Account, on clock.Date) string {
	if a.Unit != "" {
		return a.Unit
	}
	for _, g := range a.GrantsOn(on) {
		if g.Unit != "" {
			return g.Unit
		}
	}
	if roots := tree.Roots(on); len(roots) > 0 {
		return roots[0].ID
	}
	return ""
}

// PreviewDigest gives the letter that would go to an account now: one's own, or one that
// the actor manages.
func (s *Service) PreviewDigest(ctx context.Context, who actor.Actor, account string) (Digest, error) {
	a, err := s.rooms.Identity.Reached(ctx, who, account)
	if err != nil {
		return Digest{}, err
	}
	return s.digest(ctx, s.db, a)
}

// digest makes the letter to an account: the notices that it has not read since the last
// one, and what was sent back to it since.
func (s *Service) digest(ctx context.Context, q db.Querier, a identity.Account) (Digest, error) {
	after := s.now().Add(-digestDays * 24 * time.Hour)
	if a.Digested.After(after) {
		after = a.Digested
	}
	notices, err := identity.Fresh(ctx, q, a.ID, after)
	if err != nil {
		return Digest{}, err
	}
	back, err := sentBackSince(ctx, q, a.ID, after)
	if err != nil {
		return Digest{}, err
	}
	var items []string
	told := map[string]bool{}
	for _, n := range notices {
		for _, arg := range n.Args {
			if code, ok := arg.(string); ok {
				told[code] = true
			}
		}
		items = append(items, s.reminder(n.Key, n.Args, n.Link))
	}
	for _, e := range back {
		if !told[e.code] {
			items = append(items, s.reminder(i18n.WorklistLetterSentBack, []any{e.code, e.title}, "/admin/entries/"+e.code))
		}
	}
	d := Digest{To: a.Email, Count: len(items), Subject: oneLine(i18n.Vi.T(i18n.WorklistLetterSubject, len(items)))}
	if len(items) > digestMost {
		items = append(items[:digestMost], i18n.Vi.T(i18n.WorklistLetterMore, d.Count-digestMost))
	}
	d.Text = printable(i18n.Vi.T(i18n.WorklistLetter, a.Name, strings.Join(items, "\n\n")))
	return d, nil
}

// reminder is one reminder in a letter, with the address of its page where it is known.
func (s *Service) reminder(key i18n.Key, args []any, link string) string {
	text := "– " + oneLine(i18n.Vi.T(key, args...))
	if base := s.rooms.Outbox.Address(); base != "" && link != "" {
		text += "\n  " + base + link
	}
	return text
}

// sent is an entry that was sent back.
type sent struct{ code, title string }

// sentBackSince lists what was sent back since an instant and waits for an account: it typed
// it, or was handed it.
func sentBackSince(ctx context.Context, q db.Querier, account string, after time.Time) ([]sent, error) {
	all, err := db.All(ctx, q, func(r db.Row) (e sent, err error) {
		err = r.Scan(&e.code, &e.title)
		return e, err
	}, `SELECT e.code, e.title FROM practice_return r JOIN practice_entry e ON e.id = r.entry_id
		WHERE r.answered_at IS NULL AND r.asked_at > $2 AND `+person.KeptBy+` ORDER BY e.code LIMIT 100`,
		account, db.Time(after))
	return slices.Compact(all), err
}

func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// printable leaves out of a text what no letter may hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, s)
}
