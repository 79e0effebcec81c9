package portal

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/card"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// siteCard is the picture of the site where it is shared.
func (f *Face) siteCard(w http.ResponseWriter, r *http.Request) error {
	return f.drawCard(w, r, "", i18n.Vi.T(i18n.PortalLead))
}

// practiceCard is the picture of a practice where it is shared.
func (f *Face) practiceCard(w http.ResponseWriter, r *http.Request) error {
	e, err := f.Practices.PublishedEntry(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	return f.unitCard(w, r, e.Title, e.Standing.AttrOn(f.Now.Today()).Unit, f.Now.Today())
}

// articleCard is the picture of an article where it is shared. It has one address: under
// each other one it would be drawn again.
func (f *Face) articleCard(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Press.Show(r.Context(), press.NoOf(r.PathValue("name")))
	if err != nil {
		return err
	}
	if a.State != press.Published {
		return errs.New(errs.NotFound, i18n.PressNotFound)
	}
	if at := a.Path() + "/card.png"; r.URL.Path != at {
		return webkit.Redirect(w, r, at)
	}
	return f.unitCard(w, r, a.Title, a.Unit, clock.DateOf(a.PublishedAt))
}

func (f *Face) unitCard(w http.ResponseWriter, r *http.Request, title, unit string, on clock.Date) error {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	u, _ := tree.Unit(unit)
	return f.drawCard(w, r, title, u.NameOn(on))
}

// drawCard draws a card; without a title it is the site's own.
func (f *Face) drawCard(w http.ResponseWriter, r *http.Request, title, below string) error {
	site, err := f.site(r)
	if err != nil {
		return err
	}
	c := card.Card{Site: site, Title: title, Below: below}
	if title == "" {
		c.Site, c.Title = i18n.Vi.T(i18n.PortalPlace), site
	}
	raw, err := c.PNG()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, err = w.Write(raw)
	return err
}
