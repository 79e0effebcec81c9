package portal

import (
	"net/http"
	"net/url"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const introducePath = "/introduce"

func (f *Face) introduceRoutes() []webkit.Route {
	receipt := open(http.MethodGet, "/introductions/{code}", f.introduction)
	receipt.Limited = true
	return []webkit.Route{
		open(http.MethodGet, introducePath, f.introduceForm),
		open(http.MethodPost, introducePath, f.introduce),
		receipt,
	}
}

// introduceView is the form as it was filled, and the units that are suggested.
type introduceView struct {
	opinionForm
	units []ui.Option
	kinds []ui.Option
}

func (f *Face) introduceForm(w http.ResponseWriter, r *http.Request) error {
	return f.showIntroduce(w, r, http.StatusOK, opinionForm{values: url.Values{}})
}

func (f *Face) showIntroduce(w http.ResponseWriter, r *http.Request, status int, form opinionForm) error {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	lang, today := webkit.Lang(r), f.Now.Today()
	v := introduceView{opinionForm: form}
	for _, u := range tree.Visible(everywhere(), today) {
		if len(v.units) == mostUnits {
			break
		}
		v.units = append(v.units, ui.Option{Value: u.Code, Text: u.NameOn(today)})
	}
	for _, k := range ledger.SubjectKinds() {
		v.kinds = append(v.kinds, ui.Option{Value: k.String(), Text: lang.T(k.Label())})
	}
	p, err := f.page(r, lang.T(i18n.NurtureTitle))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	return introducePage(p, v).Render(r.Context(), w)
}

// introduce keeps what a visitor tells and leads to its receipt, or shows the form again.
func (f *Face) introduce(w http.ResponseWriter, r *http.Request) error {
	network, err := f.Press.NetworkOf(r.Context(), webkit.Address(r))
	if err != nil {
		return err
	}
	const most = 20_000 // what is too long is told by the domain, in its own words
	form := webkit.Form(r)
	in := nurture.Input{
		Name: form.Text("name", most), Unit: form.Text("unit", most), Doing: form.Text("doing", most), ByName: form.Text("byName", most),
		ByContact: form.Text("byContact", most), Agreed: form.Bool("agreed"), Network: network,
		Robot: form.Values.Get("website") != "" || press.LooksLikeRobot(r.UserAgent()),
	}
	for _, k := range ledger.SubjectKinds() {
		if form.Values.Get("kind") == k.String() {
			in.Kind = k
		}
	}
	code := ""
	if err = form.Err(); err == nil {
		if in.Unit, err = f.unitCode(r, in.Unit); err == nil {
			code, err = f.Nurture.Tell(r.Context(), in)
		}
	}
	if err == nil {
		return webkit.Redirect(w, r, "/introductions/"+code+"?sent=1")
	}
	again, ok := refusedOpinion(webkit.Lang(r), form.Values, err)
	if !ok {
		return err
	}
	status := webkit.Status(err)
	if status == http.StatusConflict { // the bounds of a network
		status = http.StatusTooManyRequests
	}
	return f.showIntroduce(w, r, status, again)
}

// unitCode is the code of a unit that was typed by its name, where one alone is called so.
func (f *Face) unitCode(r *http.Request, typed string) (string, error) {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return "", err
	}
	if _, ok := tree.ByCode(typed); ok || typed == "" {
		return typed, nil
	}
	found, today := "", f.Now.Today()
	for _, u := range tree.Visible(everywhere(), today) {
		if viet.Fold(u.NameOn(today)) == viet.Fold(typed) {
			if found != "" {
				return typed, nil
			}
			found = u.Code
		}
	}
	if found == "" {
		return typed, nil
	}
	return found, nil
}

// introductionView is an introduction as the one who told it sees it.
type introductionView struct {
	nurture.Introduction
	code, unit string
	sent       bool
}

// introduction shows what became of what somebody told. Its address is a secret: nothing
// keeps the page, and an unknown code is a page that does not exist.
func (f *Face) introduction(w http.ResponseWriter, r *http.Request) error {
	v := introductionView{code: r.PathValue("code"), sent: webkit.Query(r).Bool("sent")}
	var err error
	if v.Introduction, err = f.Nurture.Receipt(r.Context(), v.code); err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	unit, _ := tree.Unit(v.Unit)
	v.unit = unit.NameOn(f.Now.Today())
	p, err := f.page(r, webkit.Lang(r).T(i18n.NurtureReceipt))
	if err != nil {
		return err
	}
	p.Path = "/introductions/" + v.code
	p.Meta = &ui.Meta{NoIndex: true}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	return render(w, r, introductionPage(p, v))
}

// mostUnits is how many units are suggested while one types.
const mostUnits = 500

// everywhere is the scope of what is no secret: the units of the house.
func everywhere() actor.Scope { return actor.Scope{All: true} }
