package people

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// lettersView is the letter with reminders that would go to an account now.
type lettersView struct {
	worklist.Digest
	server bool
	log    string // where the letters to it are listed, for who may read them
}

// ownLetters shows the letter that would go to oneself, and switches letters.
func (f *Face) ownLetters(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Identity.Self(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	return f.lettersOf(w, r, a, desk.ProfilePath)
}

// letters shows the letter that would go to an account, and switches its letters.
func (f *Face) letters(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Identity.Get(r.Context(), webkit.Actor(r), r.PathValue("account"))
	if err != nil {
		return err
	}
	return f.lettersOf(w, r, a, accountLink(a.ID))
}

func (f *Face) lettersOf(w http.ResponseWriter, r *http.Request, a identity.Account, back string) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	if r.Method == http.MethodPost {
		form := webkit.Form(r)
		on := form.Bool("on")
		if err := form.Err(); err != nil {
			return err
		}
		if err := f.Identity.SetLetters(ctx, who, a.ID, on); err != nil {
			return err
		}
		if on {
			return desk.Done(w, r, back, i18n.PeopleLettersTurnedOn)
		}
		return desk.Done(w, r, back, i18n.PeopleLettersTurnedOff)
	}
	d, err := f.Worklist.PreviewDigest(ctx, who, a.ID)
	if err != nil {
		return err
	}
	v := lettersView{Digest: d, server: f.Outbox.Sending()}
	if who.Can(outbox.RightRead) {
		v.log = desk.OutboxPath + "?account=" + a.ID
	}
	p, err := f.Page(r, lang.T(i18n.PeopleLetters), ui.Link{Text: a.Name, Href: back})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, lettersPage(p, v))
}
