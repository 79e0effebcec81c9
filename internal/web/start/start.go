// Package start is the first start: the pages of an empty house, for whoever reads the code
// in the program's window.
package start

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/domain/setup"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/places"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms is what the pages need.
type Rooms struct {
	Now   clock.Clock
	Setup *setup.Service
	Rules *rulebook.Service
	// RoleNames are the roles that an account can be given, with their words.
	RoleNames []RoleName
	// Secure sends the pass over HTTPS alone.
	Secure bool
}

// RoleName is a role and what it is called.
type RoleName struct {
	Role  string
	Label i18n.Key
}

// Face is the first start.
type Face struct {
	Rooms
	*desk.Desk
}

// New makes the first start.
func New(frame *desk.Desk, rooms Rooms) *Face {
	return &Face{Rooms: rooms, Desk: frame}
}

// passCookie keeps the pass of whoever gave the code.
const passCookie = "start"

// Routes lists every address of the first start.
func (f *Face) Routes() []webkit.Route {
	open := func(method, pattern string, h webkit.Handler) webkit.Route {
		return webkit.Route{Method: method, Pattern: pattern, Public: true, Handle: f.atStart(h)}
	}
	return []webkit.Route{
		open(http.MethodGet, desk.StartPath, f.codeForm),
		open(http.MethodPost, desk.StartPath, f.code),
		open(http.MethodGet, desk.StartPath+"/place", f.admitted(f.place)),
		open(http.MethodGet, desk.StartPath+"/office", f.admitted(f.officeForm)),
		open(http.MethodPost, desk.StartPath+"/office", f.admitted(f.office)),
	}
}

// atStart leads away from the first start once the house is set up.
func (f *Face) atStart(h webkit.Handler) webkit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		needed, err := f.Setup.Needed(r.Context())
		if err != nil {
			return err
		}
		if !needed {
			return webkit.Redirect(w, r, ui.SignInPath)
		}
		w.Header().Set("Cache-Control", "no-store")
		return h(w, r)
	}
}

// admitted asks whoever did not give the code for it.
func (f *Face) admitted(h webkit.Handler) webkit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := r.Cookie(passCookie)
		if err != nil || !f.Setup.Admits(c.Value) {
			return webkit.Redirect(w, r, desk.StartPath)
		}
		return h(w, r)
	}
}

func (f *Face) wide(r *http.Request, title string) (ui.Page, error) {
	p, err := f.Page(r, title)
	p.Wide = true
	return p, err
}

func (f *Face) codeForm(w http.ResponseWriter, r *http.Request) error {
	return f.showCode(w, r, http.StatusOK, nil)
}

func (f *Face) showCode(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	byField, list, _ := desk.FieldErrors(webkit.Lang(r), failed)
	p, err := f.Page(r, webkit.Lang(r).T(i18n.SetupTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, codePage(p, byField["code"], list))
}

func (f *Face) code(w http.ResponseWriter, r *http.Request) error {
	pass, err := f.Setup.Enter(webkit.Form(r).Text("code", 40))
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Forbidden) {
		return f.showCode(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure follows the settings, as that of the session
		Name: passCookie, Value: pass, Path: desk.StartPath, HttpOnly: true, Secure: f.Secure, SameSite: http.SameSiteStrictMode,
	})
	return webkit.Redirect(w, r, desk.StartPath+"/place")
}

// placesShown is how many places a search shows.
const placesShown = 30

// placeView is a search for the locality.
type placeView struct {
	list     *places.List
	text     string
	province string
	found    []setup.Where
	former   []string // beside each found: the former name by which it was found, or what it was made of
	more     bool
	asked    bool
}

func (f *Face) place(w http.ResponseWriter, r *http.Request) error {
	list, err := f.Rules.Places(r.Context())
	if err != nil {
		return err
	}
	q := webkit.Query(r)
	v := placeView{list: list, text: q.Text("q", 100), province: q.Text("province", 2)}
	v.search()
	p, err := f.wide(r, webkit.Lang(r).T(i18n.SetupPlaceTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, placePage(p, v))
}

func (v *placeView) search() {
	if v.asked = v.text != "" || v.province != ""; !v.asked {
		return
	}
	most := placesShown
	if v.text == "" {
		most = 1000 // a whole province, to be read through
	}
	found := v.list.Search(v.province, v.text, most+1)
	v.more = len(found) > most
	for _, one := range found[:min(most, len(found))] {
		v.found = append(v.found, setup.Where{Province: one.Province, Commune: one.Commune})
		from := one.By.Name
		if from != "" {
			from += ", " + one.By.District + ", " + one.By.Province
		}
		v.former = append(v.former, from)
	}
}

func (v placeView) table(p ui.Page) ui.Table {
	t := ui.Table{
		Caption: p.T(i18n.SetupPlaceTitle), Columns: []ui.Column{{Label: p.T(i18n.SetupPlace)}, {Label: p.T(i18n.SetupProvince)}},
		Empty: ui.EmptyState(ui.IconSearch, p.T(i18n.SetupPlaceNone), "", nil),
	}
	for i, at := range v.found {
		cell := ui.Cell{Text: at.Name(), Href: officeLink(at.Code())}
		if v.former[i] != "" {
			cell.Sub = p.T(i18n.SetupPlaceFormer, v.former[i])
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{cell, {Text: at.Province.Name}}})
	}
	return t
}

func (v placeView) provinces(p ui.Page) []ui.OptionGroup {
	all := []ui.Option{{Value: "", Text: p.T(i18n.SetupProvinceAny)}}
	for _, one := range v.list.Provinces {
		all = append(all, ui.Option{Value: one.Code, Text: one.Name})
	}
	return ui.Options(all...)
}

// whole is the chosen province itself, or nil.
func (v placeView) whole() *places.Province { return v.list.Province(v.province) }

func officeLink(code string) string { return desk.StartPath + "/office?place=" + url.QueryEscape(code) }

// officeView is the form about the office.
type officeView struct {
	where  setup.Where
	in     setup.Input
	roles  []RoleName // of the accounts for others
	fields []i18n.Key
	years  [2]int
	errors []ui.FieldError
	field  map[string]string
}

// staffRoles are the roles of the accounts for others, in their order on the form.
func (f *Face) staffRoles() []RoleName {
	var all []RoleName
	for _, r := range f.RoleNames {
		if r.Role != identity.Administrator {
			all = append(all, r)
		}
	}
	return all
}

// staff is what was typed for the account of a role.
func (v officeView) staff(i int) setup.Staff {
	if i < len(v.in.People) {
		return v.in.People[i]
	}
	return setup.Staff{}
}

func (f *Face) officeOf(r *http.Request, code string) (officeView, *places.List, error) {
	list, err := f.Rules.Places(r.Context())
	if err != nil {
		return officeView{}, nil, err
	}
	where, ok := setup.Find(list, code)
	if !ok {
		return officeView{}, nil, errs.New(errs.NotFound, i18n.ErrsNotFound)
	}
	v := officeView{where: where, roles: f.staffRoles()}
	for _, one := range ledger.Fields() {
		v.fields = append(v.fields, one.Label())
	}
	season := setup.SeasonOf(f.Now.Today())
	v.years = [2]int{season - 1, season}
	return v, list, nil
}

func (f *Face) officeForm(w http.ResponseWriter, r *http.Request) error {
	v, _, err := f.officeOf(r, webkit.Query(r).Text("place", 8))
	if err != nil {
		return err
	}
	lang := i18n.Vi // what is proposed here is the office's own text
	v.in = setup.Input{
		SiteName: lang.T(i18n.SetupSiteNameIs, setup.InSentence(v.where.Name())), Movement: true, Year: v.years[1],
		StandingBody: lang.T(i18n.SetupStandingBodyProvince, provincial(v.where.Name())),
	}
	if v.where.Commune != nil {
		v.in.StandingBody = lang.T(i18n.SetupStandingBodyCommune, setup.InSentence(v.where.Name()))
	}
	for _, key := range v.fields {
		v.in.Fields = append(v.in.Fields, lang.T(key))
	}
	return f.showOffice(w, r, http.StatusOK, v)
}

// provincial is the committee of a province: "Tỉnh ủy Cao Bằng", "Thành ủy Hà Nội".
func provincial(name string) string {
	if rest, ok := strings.CutPrefix(name, "Thành phố "); ok {
		return "Thành ủy " + rest
	}
	return "Tỉnh ủy " + strings.TrimPrefix(name, "Tỉnh ")
}

func (f *Face) showOffice(w http.ResponseWriter, r *http.Request, status int, v officeView) error {
	p, err := f.wide(r, webkit.Lang(r).T(i18n.SetupOfficeTitle, v.where.Name()))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, officePage(p, v))
}

func (f *Face) office(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	v, list, err := f.officeOf(r, form.Text("place", 8))
	if err != nil {
		return err
	}
	v.in = setup.Input{
		Place: v.where.Code(), SiteName: form.Text("siteName", 400), StandingBody: form.Text("standingBody", 400),
		Movement: form.Bool("movement"), Year: form.Int("year", 0, 9999), Password: form.Secret("password"),
		Admin: setup.Person{Login: form.Text("login", 64), Name: form.Text("name", 200)},
	}
	for i := range v.fields {
		v.in.Fields = append(v.in.Fields, form.Text("field"+strconv.Itoa(i), 300))
	}
	for i, role := range v.roles {
		n := strconv.Itoa(i)
		v.in.People = append(v.in.People, setup.Staff{Person: setup.Person{Login: form.Text("login"+n, 64), Name: form.Text("name"+n, 200)}, Role: role.Role})
	}
	var made setup.Made
	if err = form.Err(); err == nil {
		made, err = f.Setup.Begin(r.Context(), list, v.in)
	}
	if err != nil {
		var ok bool
		if v.field, v.errors, ok = desk.FieldErrors(webkit.Lang(r), err); !ok {
			return err
		}
		return f.showOffice(w, r, http.StatusUnprocessableEntity, v)
	}
	p, err := f.wide(r, webkit.Lang(r).T(i18n.SetupDoneTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, donePage(p, f.handover(p, made), made))
}

// handover is the sheet of accounts that is printed and cut.
func (f *Face) handover(p ui.Page, made setup.Made) ui.Table {
	t := ui.Table{Caption: p.T(i18n.SetupDoneAccounts), ShowCaption: true, Columns: []ui.Column{
		{Label: p.T(i18n.SetupDoneRole)}, {Label: p.T(i18n.SetupDoneName)}, {Label: p.T(i18n.SetupDoneLogin)}, {Label: p.T(i18n.SetupDonePassword)},
	}}
	labels := map[string]i18n.Key{}
	for _, r := range f.RoleNames {
		labels[r.Role] = r.Label
	}
	for _, a := range made.Accounts {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.T(labels[a.Role])}, {Text: a.Name}, {Text: a.Login}, {Text: a.Password}}})
	}
	return t
}
