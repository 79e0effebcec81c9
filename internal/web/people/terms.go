package people

import (
	"net/http"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) termsRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(desk.TermsPath, rulebook.RightManage, f.terms),
		desk.Post(desk.TermsPath, rulebook.RightManage, f.terms),
	}
}

// termsView is the form of the terms.
type termsView struct {
	desk.Filled
	terms []rulebook.Term
	may   bool
}

// terms shows the terms, and sets them.
func (f *Face) terms(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	now, err := f.Rules.Terms(r.Context())
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := termsView{Filled: state, may: who.Scope.All}
	v.Start(webkit.VersionField, strconv.Itoa(now.Version))
	for _, t := range now.All() {
		v.Start(t.Field, strconv.Itoa(*t.Value))
	}
	status := http.StatusOK
	if v.Sent(r) {
		var in rulebook.Terms
		in.Version = webkit.Version(r)
		var names []string
		for _, t := range in.All() {
			names = append(names, t.Field)
			*t.Value = form.Int(t.Field, t.Least, t.Most)
		}
		err := form.Err()
		if err == nil {
			err = f.Rules.SetTerms(r.Context(), who, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.TermsPath, i18n.TermsSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, names...); !ok {
			return err
		}
	}
	v.terms = now.All()
	p, err := f.Page(r, lang.T(i18n.TermsTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, termsPage(p, v))
}

func (v termsView) field(p ui.Page, t rulebook.Term) ui.Field {
	f := desk.MustFill(desk.Hinted(v.Field(p, t.Field, t.Label), p.T(i18n.TermsBetween, t.Least, t.Most, p.T(t.Hint))))
	f.Type, f.Min, f.Max = "number", strconv.Itoa(t.Least), strconv.Itoa(t.Most)
	return f
}
