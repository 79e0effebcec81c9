package portal

import (
	"net/http"
	"net/url"

	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) opinionRoutes() []webkit.Route {
	receipt := open(http.MethodGet, "/opinions/{code}", f.receipt)
	receipt.Limited = true
	return []webkit.Route{
		open(http.MethodPost, "/articles/{name}/opinions", f.opinionSay),
		open(http.MethodPost, "/articles/{name}/opinions/{id}/report", f.opinionReport),
		receipt,
		open(http.MethodPost, "/opinions/{code}/withdraw", f.opinionWithdraw),
	}
}

// opinionForm is the form for an opinion as it was filled, with what is wrong with it.
type opinionForm struct {
	values  url.Values
	byField map[string]string
	errors  []ui.FieldError
	days    int // for which an address is kept that waits for an answer
}

func (f opinionForm) field(p ui.Page, name string, label i18n.Key) ui.Field {
	return ui.Field{Name: name, Label: p.T(label), Value: f.values.Get(name), Error: f.byField[name]}
}

// opinionsView are the opinions under an article.
type opinionsView struct {
	all      []press.Opinion
	count    int
	unit     string // who answers
	path     string // of the article
	next     string
	older    bool // these are not the newest
	reported bool
	form     opinionForm
}

func (f *Face) opinionsView(r *http.Request, shown press.Shown, unit string, form opinionForm) (opinionsView, error) {
	q := webkit.Query(r)
	cursor := q.Text("opinions", 100)
	v := opinionsView{unit: unit, path: shown.Path(), older: cursor != "", reported: q.Bool("reported"), form: form}
	terms, err := f.Rulebook.Terms(r.Context())
	if err != nil {
		return v, err
	}
	v.form.days = terms.Reader
	var next string
	if v.all, v.count, next, err = f.Press.Opinions(r.Context(), shown.ID, cursor); err != nil {
		return v, err
	}
	if next != "" {
		v.next = v.path + "?" + url.Values{"opinions": {next}}.Encode() + "#opinions"
	}
	return v, nil
}

// about finds the published article that a form is about.
func (f *Face) about(r *http.Request) (press.Headline, error) {
	return f.Press.Headline(r.Context(), press.NoOf(r.PathValue("name")))
}

// opinionSay keeps an opinion and leads to its receipt, or shows the form again.
func (f *Face) opinionSay(w http.ResponseWriter, r *http.Request) error {
	on, err := f.about(r)
	if err != nil {
		return err
	}
	network, err := f.Press.NetworkOf(r.Context(), webkit.Address(r))
	if err != nil {
		return err
	}
	const most = 20_000 // what is too long is told by the domain, in its own words
	form := webkit.Form(r)
	in := press.OpinionInput{
		Article: on.ID, Name: form.Text("name", most), Text: form.Text("text", most), Wanted: form.Bool("wanted"), Email: form.Text("email", most),
		Network: network, Robot: form.Values.Get("website") != "" || press.LooksLikeRobot(r.UserAgent()),
	}
	code := ""
	if err = form.Err(); err == nil {
		code, err = f.Press.Say(r.Context(), in)
	}
	if err == nil {
		return webkit.Redirect(w, r, "/opinions/"+code+"?sent=1")
	}
	again, ok := refusedOpinion(webkit.Lang(r), form.Values, err)
	if !ok {
		return err
	}
	status := webkit.Status(err)
	if status == http.StatusConflict { // the bounds of a network
		status = http.StatusTooManyRequests
	}
	shown, err := f.Press.Show(r.Context(), on.No)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return f.showArticle(w, r, status, shown, again)
}

// refusedOpinion is the form with what is wrong with it; false where the error is none
// that a form can show.
func refusedOpinion(lang i18n.Lang, values url.Values, err error) (opinionForm, bool) {
	form := opinionForm{values: values, byField: map[string]string{}}
	for _, e := range errs.All(err) {
		if e.Kind != errs.Invalid && e.Kind != errs.Conflict {
			return form, false
		}
		text := lang.T(e.Key, e.Args...)
		if e.Field != "" && form.byField[e.Field] == "" {
			form.byField[e.Field] = text
		}
		form.errors = append(form.errors, ui.FieldError{Field: e.Field, Text: text})
	}
	return form, len(form.errors) > 0
}

// opinionReport keeps that a reader finds an opinion bad.
func (f *Face) opinionReport(w http.ResponseWriter, r *http.Request) error {
	on, err := f.about(r)
	if err != nil {
		return err
	}
	network, err := f.Press.NetworkOf(r.Context(), webkit.Address(r))
	if err != nil {
		return err
	}
	if err := f.Press.ReportOpinion(r.Context(), press.Report{
		Article: on.ID, Opinion: r.PathValue("id"), Device: press.DeviceOf(f.device(w, r)), Network: network,
	}); err != nil {
		return webkit.TooMany(err)
	}
	return webkit.Redirect(w, r, on.Path()+"?reported=1#opinions")
}

// receiptView is an opinion as its writer sees it.
type receiptView struct {
	press.Receipt
	code string
	sent bool // just now
	unit string
}

// receipt shows the writer of an opinion how it stands. Its address is a secret: nothing
// keeps the page, and an unknown code is a page that does not exist.
func (f *Face) receipt(w http.ResponseWriter, r *http.Request) error {
	v := receiptView{code: r.PathValue("code"), sent: webkit.Query(r).Bool("sent")}
	var err error
	if v.Receipt, err = f.Press.Receipt(r.Context(), v.code); err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	unit, _ := tree.Unit(v.On.Unit)
	v.unit = unit.NameOn(f.Now.Today())
	p, err := f.page(r, webkit.Lang(r).T(i18n.OpinionReceiptTitle))
	if err != nil {
		return err
	}
	p.Path = "/opinions/" + v.code
	p.Meta = &ui.Meta{NoIndex: true}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	return render(w, r, receiptPage(p, v))
}

// opinionWithdraw takes an opinion back for its writer.
func (f *Face) opinionWithdraw(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("code")
	if err := f.Press.WithdrawOpinion(r.Context(), code); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return webkit.Redirect(w, r, "/opinions/"+url.PathEscape(code))
}

// tone is how the state of an opinion looks.
func (v receiptView) tone() ui.Tone {
	switch v.State {
	case press.OpinionPassed:
		return ui.OK
	case press.OpinionRefused:
		return ui.Bad
	case press.OpinionWithdrawn:
		return ui.Neutral
	default:
		return ui.Wait
	}
}
