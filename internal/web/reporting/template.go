package reporting

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) templateRoutes() []webkit.Route {
	const of, one = desk.TemplatesPath + "/of/{sort}", desk.TemplatesPath + "/versions/{template}"
	return []webkit.Route{
		desk.Get(desk.TemplatesPath, paper.RightTemplate, f.templates),
		desk.Get(of, paper.RightTemplate, f.templatesOf),
		desk.WithFiles(desk.Post(of, paper.RightTemplate, f.templatesOf), 1),
		desk.Get(of+"/file", paper.RightTemplate, f.templateCurrent),
		desk.Get(one, paper.RightTemplate, f.template),
		desk.Post(one, paper.RightTemplate, f.template),
		desk.Post(one+"/on", paper.RightTemplate, f.templateOn),
		desk.Post(one+"/off", paper.RightTemplate, f.templateOff),
		desk.Get(one+"/file", paper.RightTemplate, f.templateFile),
		desk.Get(one+"/trial", paper.RightTemplate, f.templateTrial),
	}
}

func templateLink(id string, more ...string) string {
	return desk.TemplatesPath + "/versions/" + strings.Join(append([]string{id}, more...), "/")
}

func templatesLink(k paper.Kind, unit string) string {
	return desk.TemplatesPath + "/of/" + string(k) + "?" + url.Values{"unit": {unit}}.Encode()
}

// officeOf is the office that the address names, or the first of the actor's.
func (f *Face) officeOf(r *http.Request) (org.Unit, *org.Tree, desk.UnitChoice, error) {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return org.Unit{}, nil, desk.UnitChoice{}, err
	}
	who, today, q := webkit.Actor(r), f.Now.Today(), webkit.Query(r)
	choice := desk.UnitChoiceOf(tree, who.Scope, today)
	code := desk.UnitCode(tree, who.Scope, today, q.Text("unit", 400))
	if err := q.Err(); err != nil {
		return org.Unit{}, tree, choice, err
	}
	if code == "" && len(choice.Options) > 0 {
		code = choice.Options[0].Value
	}
	u, ok := tree.ByCode(code)
	if !ok || !tree.InScope(who.Scope, u.ID) {
		return u, tree, choice, desk.NotFound()
	}
	for i := range choice.Options {
		choice.Options[i].On = choice.Options[i].Value == code
	}
	return u, tree, choice, nil
}

// templatesView is what papers of an office are made of.
type templatesView struct {
	unit  org.Unit
	units desk.UnitChoice
	table ui.Table
}

func (f *Face) templates(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	u, tree, units, err := f.officeOf(r)
	if err != nil {
		return err
	}
	used, err := f.Papers.Used(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	v := templatesView{unit: u, units: units, table: ui.Table{
		Caption: desk.UnitName(tree, u.ID, f.Now.Today()), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.ReportingKind, i18n.ReportingMadeOf), ui.ColTitle),
	}}
	for _, k := range paper.Kinds() {
		of := lang.T(i18n.ReportingShipped)
		for _, t := range used {
			if t.Unit == u.ID && t.Kind == k {
				of = lang.T(t.Profile.Label()) + ": " + lang.T(i18n.ReportingOwn, t.No, t.FileName)
			}
		}
		v.table.Rows = append(v.table.Rows, ui.Row{ID: string(k), Cells: []ui.Cell{{Text: lang.T(k.Label()), Href: templatesLink(k, u.Code)}, {Text: of}}})
	}
	p, err := f.Page(r, lang.T(i18n.ReportingTemplates), ui.Link{Text: lang.T(i18n.ReportingTitle), Href: "/admin/reports"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, templatesPage(p, v))
}

// kindView is the versions of an office's template for a sort of paper.
type kindView struct {
	desk.Filled
	kind   paper.Kind
	unit   org.Unit
	office string
	table  ui.Table
	names  []paper.Name
	back   string
}

func (f *Face) templatesOf(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	kind := paper.Kind(r.PathValue("sort"))
	names, err := paper.Names(kind)
	if err != nil {
		return desk.NotFound()
	}
	u, tree, _, err := f.officeOf(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := kindView{Filled: state, kind: kind, unit: u, names: names, office: desk.UnitName(tree, u.ID, f.Now.Today()), back: desk.TemplatesPath + "?" + url.Values{"unit": {u.Code}}.Encode()}
	v.Action, v.Files = templatesLink(kind, u.Code), true
	letter, err := f.Org.LetterheadOn(r.Context(), u.ID, f.Now.Today())
	if err != nil {
		return err
	}
	v.Start("profile", string(letter.Track))
	status := http.StatusOK
	if v.Sent(r) {
		at := paper.TemplateAt{Unit: u.Code, Kind: kind, Profile: rulebook.Profile(form.Text("profile", 20))}
		made, err := f.upload(r, form, at)
		if err == nil {
			return desk.Done(w, r, templateLink(made.ID), i18n.ReportingUploaded, made.No)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "profile", "file"); !ok {
			return err
		}
	}
	if v.table, err = f.versions(r, u.Code, kind); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.ReportingTemplateOf, lang.T(kind.Label())), ui.Link{Text: lang.T(i18n.ReportingTemplates), Href: v.back})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, kindPage(p, v))
}

func (f *Face) upload(r *http.Request, form *webkit.FormReader, at paper.TemplateAt) (paper.Template, error) {
	if err := form.Err(); err != nil {
		return paper.Template{}, err
	}
	up, ok, err := webkit.File(r, "file")
	if err != nil {
		return paper.Template{}, err
	}
	if !ok {
		return f.Papers.Upload(r.Context(), webkit.Actor(r), at, nil)
	}
	defer up.Close() //nolint:errcheck // it was only read
	return f.Papers.Upload(r.Context(), webkit.Actor(r), at, &paper.File{Name: up.Name, Content: up, Size: up.Size})
}

// versions lists the versions of a template, who brought and switched each, and when.
func (f *Face) versions(r *http.Request, unit string, kind paper.Kind) (ui.Table, error) {
	lang := webkit.Lang(r)
	t := ui.Table{
		Caption: lang.T(i18n.ReportingVersions), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.ReportingVersion, i18n.ReportingProfile, i18n.ReportingState, i18n.ReportingAdded), ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconFileText, lang.T(i18n.ReportingNoOwn), lang.T(i18n.ReportingNoOwnText), nil),
	}
	all, err := f.Papers.Templates(r.Context(), webkit.Actor(r), unit, kind)
	if err != nil {
		return t, err
	}
	var ids []string
	for _, x := range all {
		ids = append(ids, x.AddedBy)
	}
	names, err := f.NamesOf(r, ids)
	for _, x := range all {
		t.Rows = append(t.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{
			{Text: lang.T(i18n.ReportingVersionNo, x.No), Href: templateLink(x.ID), Sub: x.FileName},
			{Text: lang.T(x.Profile.Label())},
			{Text: lang.T(stateOf(x))},
			{Text: lang.Instant(x.AddedAt), Sub: names[x.AddedBy]},
		}})
	}
	return t, err
}

func stateOf(t paper.Template) i18n.Key {
	switch {
	case t.On():
		return i18n.ReportingIsOn
	case !t.OffAt.IsZero():
		return i18n.ReportingWasOn
	case t.Tried():
		return i18n.ReportingWasTried
	default:
		return i18n.ReportingIsNew
	}
}

// templateCurrent is the template of which papers are made today, or the shipped one.
func (f *Face) templateCurrent(w http.ResponseWriter, r *http.Request) error {
	u, _, _, err := f.officeOf(r)
	if err != nil {
		return err
	}
	q := webkit.Query(r)
	at := paper.TemplateAt{Unit: u.Code, Kind: paper.Kind(r.PathValue("sort")), Profile: rulebook.Profile(q.Choice("profile", append(desk.Texts(rulebook.Profiles()), "")...))}
	if at.Profile == "" {
		at.Profile = rulebook.StateProfile
	}
	shipped := q.Bool("shipped")
	if err := q.Err(); err != nil {
		return err
	}
	open := f.Papers.OpenCurrent
	if shipped {
		open = f.Papers.OpenShipped
	}
	t, content, err := open(r.Context(), webkit.Actor(r), at)
	if err != nil {
		return err
	}
	return download(w, r, strings.TrimSuffix(t.FileName, ".docx"), paper.DOCX, content)
}

// templateView is one version of a template: what is wrong with it, on what it was tried.
type templateView struct {
	desk.Filled
	template paper.Template
	facts    []ui.Definition
	problems []paper.Problem
	records  []ui.Option
	missing  []string
	tried    string // address of what the trial wrote
	back     string
}

// template shows a version of a template and tries it on a record.
func (f *Face) template(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	t, err := f.Papers.Template(r.Context(), who, r.PathValue("template"))
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := templateView{Filled: state, template: t}
	v.Action = templateLink(t.ID)
	status := http.StatusOK
	if v.Sent(r) {
		about := chosen(form.Text("about", 200))
		if err = form.Err(); err == nil {
			_, err = f.Papers.Try(r.Context(), who, t.ID, about)
		}
		if err == nil {
			return desk.Done(w, r, v.Action+"?"+url.Values{"about": {about.ID}, "part": {about.Part}}.Encode(), i18n.ReportingTried)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "about"); !ok {
			return err
		}
	}
	if err := f.templateState(r, &v); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.ReportingVersionNo, t.No), ui.Link{Text: lang.T(i18n.ReportingTemplates), Href: desk.TemplatesPath},
		ui.Link{Text: lang.T(t.Kind.Label()), Href: v.back})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, templatePage(p, v))
}

// chosen reads a record that was picked: its identity and, behind a bar, a part of it.
func chosen(s string) paper.About {
	id, part, _ := strings.Cut(s, "|")
	return paper.About{ID: id, Part: part}
}

func (f *Face) templateState(r *http.Request, v *templateView) error {
	lang, who, t := webkit.Lang(r), webkit.Actor(r), v.template
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	u, _ := tree.Unit(t.Unit)
	v.back = templatesLink(t.Kind, u.Code)
	names, err := f.NamesOf(r, []string{t.AddedBy, t.TriedBy, t.OnBy, t.OffBy})
	if err != nil {
		return err
	}
	v.facts = []ui.Definition{
		{Term: lang.T(i18n.ReportingIssuer), Text: desk.UnitName(tree, t.Unit, f.Now.Today())},
		{Term: lang.T(i18n.ReportingProfile), Text: lang.T(t.Profile.Label())},
		{Term: lang.T(i18n.ReportingFile), Text: t.FileName},
		{Term: lang.T(i18n.ReportingState), Text: lang.T(stateOf(t))},
		{Term: lang.T(i18n.ReportingAdded), Text: lang.Instant(t.AddedAt) + ", " + names[t.AddedBy]},
	}
	if t.Tried() {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.ReportingTriedOn), Text: t.TriedOn + " (" + lang.Instant(t.TriedAt) + ", " + names[t.TriedBy] + ")"})
	}
	if !t.OnAt.IsZero() {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.ReportingOnSince), Text: lang.Instant(t.OnAt) + ", " + names[t.OnBy]})
	}
	if !t.OffAt.IsZero() {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.ReportingOffSince), Text: lang.Instant(t.OffAt) + ", " + names[t.OffBy]})
	}
	if v.problems, err = f.Papers.Problems(r.Context(), who, t.ID); err != nil {
		return err
	}
	records, err := f.Papers.Candidates(r.Context(), who, t.Kind)
	for _, c := range records {
		v.records = append(v.records, ui.Option{Value: c.ID + "|" + c.Part, Text: c.Title})
	}
	if err != nil {
		return err
	}
	return f.trialState(r, v)
}

// trialState tells what is open on the record that the template was tried on.
func (f *Face) trialState(r *http.Request, v *templateView) error {
	q := webkit.Query(r)
	about := paper.About{ID: q.Text("about", 100), Part: q.Text("part", 100)}
	if err := q.Err(); err != nil || about.ID == "" || len(v.problems) > 0 {
		return err
	}
	made, err := f.Papers.TrialFile(r.Context(), webkit.Actor(r), v.template.ID, about, new(bytes.Buffer))
	if errs.Is(err, errs.Invalid) {
		return desk.NotFound()
	}
	v.missing = made.Missing
	v.tried = templateLink(v.template.ID, "trial") + "?" + url.Values{"about": {about.ID}, "part": {about.Part}}.Encode()
	v.Start("about", about.ID+"|"+about.Part)
	return err
}

func (f *Face) templateTrial(w http.ResponseWriter, r *http.Request) error {
	q := webkit.Query(r)
	about := paper.About{ID: q.Text("about", 100), Part: q.Text("part", 100)}
	if err := q.Err(); err != nil {
		return err
	}
	var b bytes.Buffer
	made, err := f.Papers.TrialFile(r.Context(), webkit.Actor(r), r.PathValue("template"), about, &b)
	if err != nil {
		return err
	}
	return download(w, r, i18n.Vi.T(i18n.ReportingTrialName, made.Name), paper.DOCX, b.Bytes())
}

func (f *Face) templateFile(w http.ResponseWriter, r *http.Request) error {
	t, content, err := f.Papers.OpenTemplate(r.Context(), webkit.Actor(r), r.PathValue("template"))
	if err != nil {
		return err
	}
	return webkit.Download(w, r, webkit.Attachment{
		Name: t.FileName, Type: blob.DOCX.MediaType(), Endings: blob.DOCX.Endings(), Size: int64(len(content)), Content: bytes.NewReader(content),
	})
}

func (f *Face) templateOn(w http.ResponseWriter, r *http.Request) error {
	t, err := f.Papers.SwitchOn(r.Context(), webkit.Actor(r), r.PathValue("template"))
	return f.switched(w, r, t, i18n.ReportingSwitchedOn, err)
}

func (f *Face) templateOff(w http.ResponseWriter, r *http.Request) error {
	t, err := f.Papers.SwitchOff(r.Context(), webkit.Actor(r), r.PathValue("template"))
	return f.switched(w, r, t, i18n.ReportingSwitchedOff, err)
}

// switched leads back to the template, and says what was done or why it was not.
func (f *Face) switched(w http.ResponseWriter, r *http.Request, t paper.Template, done i18n.Key, err error) error {
	if errs.Is(err, errs.Conflict) {
		one := errs.All(err)[0]
		if err := webkit.FlashBad(r, one.Key, one.Args...); err != nil {
			return err
		}
		return webkit.Redirect(w, r, templateLink(t.ID))
	}
	if err != nil {
		return err
	}
	return desk.Done(w, r, templateLink(t.ID), done, t.No)
}
