package people

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const importPath = desk.PeoplePath + "/import"

// maxImport bounds what is posted: letters with marks take nine bytes in a form. It also
// gives the time that two thousand passwords take.
const maxImport = 16 << 20

func (f *Face) rosterRoutes() []webkit.Route {
	check, confirm := desk.Post(importPath, identity.RightManage, f.importList), desk.Post(importPath+"/confirm", identity.RightManage, f.importConfirm)
	check.MaxBody, confirm.MaxBody = maxImport, maxImport
	return []webkit.Route{desk.Get(importPath, identity.RightManage, f.importList), check, confirm}
}

// importView is the form for a list, and what the check of it found.
type importView struct {
	desk.Filled
	roles   []ui.OptionGroup
	checked bool
	guessed bool
	tabs    []ui.Tab // how many become what
	table   ui.Table
	confirm ui.Confirm
	ready   bool
}

// importList takes a list and checks it. Nothing is written.
func (f *Face) importList(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	state, form := desk.FilledFrom(r)
	state.Files, state.Action = true, importPath
	state.Start("role", lastRole(f.roleCodes()))
	v := importView{Filled: state, roles: f.listRoles(lang)}
	status := http.StatusOK
	if v.Sent(r) {
		role := form.Choice("role", f.roleCodes()...)
		raw, err := listOf(r)
		if err == nil {
			err = form.Err()
		}
		if err == nil {
			err = f.check(r, &v, raw, role)
		}
		if err != nil {
			var ok bool
			if status, ok = v.Refuse(lang, err, "text", "file", "role"); !ok {
				return err
			}
		}
	}
	return f.importPage(w, r, status, v)
}

func (f *Face) importPage(w http.ResponseWriter, r *http.Request, status int, v importView) error {
	lang := webkit.Lang(r)
	p, err := f.Page(r, lang.T(i18n.PeopleImport), crumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, importPage(p, v))
}

// listOf is the list that was sent: the file where there is one, else what was pasted.
func listOf(r *http.Request) ([]byte, error) {
	file, ok, err := webkit.File(r, "file")
	if err != nil {
		return nil, err
	}
	if !ok || file.Size == 0 {
		return []byte(r.PostForm.Get("text")), nil
	}
	defer file.Close() //nolint:errcheck // it was only read
	raw, err := io.ReadAll(io.LimitReader(file, identity.MaxRosterBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	return raw, nil
}

// words are what people call the roles, in both languages.
func (f *Face) words() map[string]string {
	all := map[string]string{}
	for _, role := range f.GivenRoles() {
		for _, lang := range []i18n.Lang{i18n.Vi, i18n.En} {
			all[viet.Fold(lang.T(role.Label))] = role.Role
		}
	}
	return all
}

func (f *Face) check(r *http.Request, v *importView, raw []byte, role string) error {
	lang := webkit.Lang(r)
	list, err := identity.ReadRoster(raw)
	if err != nil {
		return err
	}
	v.Values.Set("text", list.Text)
	plan, err := f.Identity.CheckRoster(r.Context(), webkit.Actor(r), identity.RosterInput{Roster: list, Role: role, Words: f.words()})
	if err != nil {
		return err
	}
	v.checked, v.guessed = true, list.Guessed
	for _, k := range identity.RosterKinds() {
		v.tabs = append(v.tabs, ui.Tab{Text: lang.T(k.Label()), Count: plan.Count[k]})
	}
	v.table = f.planTable(lang, plan)
	fresh, changed := plan.Count[identity.RosterNew], plan.Count[identity.RosterChanged]
	v.ready = plan.Count[identity.RosterWrong] == 0 && fresh+changed > 0
	v.confirm = ui.Confirm{
		Action: importPath + "/confirm", Text: lang.T(i18n.PeopleImportConfirmText), Count: fresh + changed,
		Submit: ui.Btn{Text: lang.T(i18n.PeopleImportConfirm, fresh, changed), Icon: ui.IconUserPlus, Kind: ui.Primary}, Cancel: desk.PeoplePath,
		Hidden: []ui.Hidden{{Name: "text", Value: list.Text}, {Name: "role", Value: role}, {Name: webkit.AccountField, Value: v.Account}},
	}
	return nil
}

// planTable shows every row with what becomes of it, the wrong ones first.
func (f *Face) planTable(lang i18n.Lang, plan identity.RosterPlan) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.PeopleImportChecked), Columns: desk.Kinds(desk.Columns(lang,
			i18n.PeopleImportLine, i18n.PeoplePerson, i18n.PeopleImportBecomes, i18n.PeopleLogin, i18n.PeopleUnit, i18n.PeopleRole, i18n.PeopleImportFaults),
			ui.ColNumber, ui.ColTitle, ui.ColStatus, ui.ColData, ui.ColData, ui.ColData, ui.ColData),
	}
	for _, kind := range identity.RosterKinds() {
		for _, l := range plan.Lines {
			if l.Kind == kind {
				t.Rows = append(t.Rows, f.planRow(lang, l))
			}
		}
	}
	return t
}

func (f *Face) planRow(lang i18n.Lang, l identity.RosterLine) ui.Row {
	columns := map[string]i18n.Key{
		"login": i18n.PeopleLogin, "name": i18n.PeoplePerson, "unit": i18n.PeopleUnit, "role": i18n.PeopleRole, "email": i18n.PeopleEmail, "phone": i18n.PeoplePhone,
	}
	var faults []string
	for _, e := range l.Errors {
		faults = append(faults, lang.T(i18n.PeopleImportFault, lang.T(columns[e.Field]), lang.T(e.Key, e.Args...)))
	}
	login := ui.Cell{Text: desk.OrDash(l.Login)}
	if l.Proposed {
		login.Sub = lang.T(i18n.PeopleImportProposed)
	}
	unit := l.RosterRow.Unit
	if l.Unit.ID != "" {
		unit = l.Unit.NameOn(f.Now.Today())
	}
	tone := map[identity.RosterKind]ui.Tone{identity.RosterWrong: ui.Bad, identity.RosterNew: ui.OK, identity.RosterChanged: ui.Info}[l.Kind]
	return ui.Row{ID: strconv.Itoa(l.Line), Cells: []ui.Cell{
		{Text: strconv.Itoa(l.Line)},
		{Text: desk.OrDash(l.Name)},
		{Text: lang.T(l.Kind.Label()), Tone: tone},
		login,
		{Text: desk.OrDash(unit)},
		{Text: desk.OrDash(f.RoleWord(lang, l.Role))},
		{Text: desk.OrDash(strings.Join(faults, " "))},
	}}
}

// importConfirm makes the accounts and shows their slips. What was wrong meanwhile leads
// back to the check.
func (f *Face) importConfirm(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	state, form := desk.FilledFrom(r)
	role := form.Choice("role", f.roleCodes()...)
	list, err := identity.ReadRoster([]byte(r.PostForm.Get("text")))
	if err == nil {
		err = form.Err()
	}
	var slips []identity.Slip
	if err == nil {
		slips, err = f.Identity.ApplyRoster(r.Context(), webkit.Actor(r), identity.RosterInput{Roster: list, Role: role, Words: f.words()})
	}
	if err == nil && len(slips) == 0 {
		return desk.Done(w, r, desk.PeoplePath, i18n.PeopleImportChangedOnly, len(list.Rows))
	}
	if err == nil {
		return f.slips(w, r, slips)
	}
	state.Files, state.Action = true, importPath
	v := importView{Filled: state, roles: f.listRoles(lang)}
	status, ok := v.Refuse(lang, err, "text", "file", "role")
	if !ok {
		return err
	}
	if len(list.Rows) > 0 && !errs.Is(form.Err(), errs.Invalid) {
		if err := f.check(r, &v, []byte(list.Text), role); err != nil {
			return err
		}
	}
	return f.importPage(w, r, status, v)
}
