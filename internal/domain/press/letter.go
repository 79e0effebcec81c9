package press

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/mail"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// letterAbout is how the letters about an opinion are found.
func letterAbout(o Opinion) outbox.About { return outbox.About{Kind: "opinion", ID: o.ID} }

// writeTo leaves a letter with the answer to an opinion for its writer, who gave an address
// for it. The opinion loses the address: the letter has it now, and will lose it too. Where
// the answer is worded anew before the letter went, the letter is.
func (s *Service) writeTo(ctx context.Context, tx *db.Tx, by string, o Opinion, on Article) error {
	tree, err := s.rooms.Org.Tree(ctx, tx)
	if err != nil {
		return err
	}
	unit, _ := tree.Unit(on.Unit)
	text := printable(i18n.Vi.T(i18n.PressAnswerLetter, unit.NameOn(s.now.Today()), on.Title, o.Answer))
	email, err := takeEmail(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	if !mail.Address(email) { // none, or one from before that no letter can go to
		return s.rooms.Outbox.Reword(ctx, tx, letterAbout(o), text)
	}
	_, err = s.rooms.Outbox.Queue(ctx, tx, outbox.Letter{
		Unit: on.Unit, About: letterAbout(o), To: email, Private: true, Subject: viet.Line(printable(i18n.Vi.T(i18n.PressAnswerSubject, shortened(on.Title)))),
		Text: text, Link: on.Path() + "#o-" + o.ID, CreatedBy: by,
	})
	return err
}

// printable leaves out of a text what no letter may hold: control characters other than the
// end of a line.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, s)
}

// shortened is a title that fits into the subject of a letter.
func shortened(title string) string {
	const most = 120
	if r := []rune(title); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return title
}

// ForgetEmails erases the addresses of readers whom nobody has answered within the days
// that the terms say; it belongs into a daily job.
func (s *Service) ForgetEmails(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		terms, err := rulebook.TermsIn(ctx, tx)
		if err != nil {
			return err
		}
		return forgetEmails(ctx, tx, s.now().Add(-time.Duration(terms.Reader)*24*time.Hour))
	})
}
