package people

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) privacyRoutes() []webkit.Route {
	const one = desk.PrivacyPath + "/exemplars/{exemplar}"
	return []webkit.Route{
		desk.Get(desk.PrivacyPath, privacy.RightManage, f.privacySearch),
		desk.Post(desk.PrivacyPath, privacy.RightManage, f.privacySearch),
		desk.Post(desk.PrivacyPath+"/export", privacy.RightManage, f.privacyExport),
		desk.Post(desk.PrivacyPath+"/anonymise", privacy.RightManage, f.privacyForget),
		desk.Get(one, privacy.RightManage, f.consents),
		desk.Post(one, privacy.RightManage, f.consents),
		desk.Post(desk.PrivacyPath+"/consents/{consent}/withdraw", privacy.RightManage, f.consentBack),
	}
}

// privacyView is a search for a person, with what was found.
type privacyView struct {
	desk.Filled
	searched bool
	total    int
	more     string // kinds of which there is more
	table    ui.Table
	requests ui.Table
}

// needleOf reads by what a person is looked for. It is posted and never stands in an
// address: addresses are logged, and kept by browsers.
func needleOf(form *webkit.FormReader) privacy.Needle {
	return privacy.Needle{Name: form.Text("name", 400), Phone: form.Text("phone", 60), Email: form.Text("email", 400)}
}

func (f *Face) privacySearch(w http.ResponseWriter, r *http.Request) error {
	state, form := desk.FilledFrom(r)
	v := privacyView{Filled: state}
	status := http.StatusOK
	if v.Sent(r) {
		n := needleOf(form)
		err := form.Err()
		if err == nil {
			err = f.privacyLook(r, &v, n)
		}
		if err != nil {
			var ok bool
			if status, ok = v.Refuse(webkit.Lang(r), err, "name", "phone", "email"); !ok {
				return err
			}
		}
	}
	return f.privacyShow(w, r, status, v)
}

// privacyLook searches, and makes the table of what was found.
func (f *Face) privacyLook(r *http.Request, v *privacyView, n privacy.Needle) error {
	found, err := f.Privacy.Find(r.Context(), webkit.Actor(r), n)
	if err != nil {
		return err
	}
	return f.privacyFound(r, v, found)
}

func (f *Face) privacyShow(w http.ResponseWriter, r *http.Request, status int, v privacyView) error {
	v.Action = desk.PrivacyPath
	if err := f.privacyRequests(r, &v); err != nil {
		return err
	}
	p, err := f.Page(r, webkit.Lang(r).T(i18n.PrivacyTitle))
	if err != nil {
		return err
	}
	p.Path = desk.PrivacyPath // the language switch must not lead to a form
	w.Header().Set("Cache-Control", "no-store")
	return desk.Render(w, r, status, privacyPage(p, v))
}

// privacyFound makes the table of what was found, whose rows can be chosen.
func (f *Face) privacyFound(r *http.Request, v *privacyView, found privacy.Found) error {
	lang, today := webkit.Lang(r), f.Now.Today()
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v.searched, v.total = true, len(found.Traces)
	words := make([]string, len(found.More))
	for i, k := range found.More {
		words[i] = lang.T(k.Label())
	}
	v.more = strings.Join(words, ", ")
	v.table = ui.Table{
		Caption: lang.T(i18n.PrivacyFound, v.total),
		Columns: desk.Kinds(desk.Columns(lang, i18n.PrivacyColRecord, i18n.PrivacyColTreatment, i18n.PrivacyColText), ui.ColTitle, ui.ColStatus, ui.ColData),
		Empty:   ui.EmptyState(ui.IconShieldCheck, lang.T(i18n.PrivacyNone), lang.T(i18n.PrivacyNoneText), nil),
	}
	for _, t := range found.Traces {
		unit := lang.T(i18n.PeopleWhole)
		if t.Unit != "" {
			unit = desk.UnitName(tree, t.Unit, today)
		}
		text, why := traceText(lang, t), ""
		if t.Why != 0 {
			why = lang.T(t.Why)
		}
		v.table.Rows = append(v.table.Rows, ui.Row{ID: t.Ref(), Label: lang.T(t.Kind.Label()) + ": " + t.Title, Cells: []ui.Cell{
			{Text: lang.T(t.Kind.Label()) + ": " + desk.OrDash(t.Title), Href: t.Path, Sub: unit},
			{Text: lang.T(t.Treatment.Label()), Tone: treatmentTone(t.Treatment)},
			{Text: text, Sub: why},
		}})
	}
	if v.total > 0 {
		v.table.Pick = &ui.Pick{
			Action: desk.PrivacyPath + "/export", Hidden: v.needleFields(),
			Buttons: []ui.Btn{
				{Text: lang.T(i18n.PrivacyExportChosen), Icon: ui.IconDownload},
				{Text: lang.T(i18n.PrivacyAnonymiseChosen), Icon: ui.IconShieldCheck, Kind: ui.Danger, Action: desk.PrivacyPath + "/anonymise"},
			},
		}
	}
	return nil
}

// needleFields carry along by what was searched.
func (v privacyView) needleFields() []ui.Hidden {
	var all []ui.Hidden
	for _, name := range []string{"name", "phone", "email"} {
		all = append(all, ui.Hidden{Name: name, Value: v.Values.Get(name)})
	}
	return append(all, ui.Hidden{Name: webkit.AccountField, Value: v.Account})
}

func treatmentTone(t privacy.Treatment) ui.Tone {
	return map[privacy.Treatment]ui.Tone{privacy.Erased: ui.OK, privacy.ByHand: ui.Wait, privacy.Kept: ui.Neutral}[t]
}

// maxShownText bounds what is shown of a text, in characters.
const maxShownText = 160

// traceText is what a record says, shortened.
func traceText(lang i18n.Lang, t privacy.Trace) string {
	var all []string
	for _, field := range t.Fields {
		text := field.Text
		if text == "" {
			text = lang.T(i18n.PrivacyHidden)
		}
		if short := []rune(text); len(short) > maxShownText {
			text = string(short[:maxShownText]) + "…"
		}
		all = append(all, lang.T(field.Name)+": "+text)
	}
	return strings.Join(all, " · ")
}

// privacyRequests lists what was done on requests before.
func (f *Face) privacyRequests(r *http.Request, v *privacyView) error {
	lang := webkit.Lang(r)
	all, err := f.Privacy.Requests(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	var ids []string
	for _, q := range all {
		ids = append(ids, q.By)
	}
	names, err := f.NamesOf(r, ids)
	if err != nil {
		return err
	}
	v.requests = ui.Table{
		Caption: lang.T(i18n.PrivacyRequests),
		Columns: desk.Kinds(desk.Columns(lang, i18n.PrivacyRequestAt, i18n.PrivacyColKind, i18n.PrivacyRequestRecords, i18n.PrivacyReason, i18n.PrivacyRequestBy),
			ui.ColData, ui.ColTitle, ui.ColNumber, ui.ColData, ui.ColData),
		Empty: ui.EmptyState(ui.IconShieldCheck, lang.T(i18n.PrivacyRequestsNone), lang.T(i18n.PrivacyRequestsNoneText), nil),
	}
	for _, q := range all {
		v.requests.Rows = append(v.requests.Rows, ui.Row{ID: q.ID, Cells: []ui.Cell{
			{Text: lang.Instant(q.At)}, {Text: lang.T(q.Kind.Label())}, {Text: lang.Number(q.Total())}, {Text: desk.OrDash(q.Reason)}, {Text: names[q.By]},
		}})
	}
	return nil
}

// exported is the copy that a person is given.
type exported struct {
	Basis   string           `json:"basis"`
	At      time.Time        `json:"at"`
	Records []exportedRecord `json:"records"`
}

type exportedRecord struct {
	Kind      string          `json:"kind"`
	Title     string          `json:"title"`
	Unit      string          `json:"unit"`
	Treatment string          `json:"treatment"`
	Fields    []exportedField `json:"fields"`
}

type exportedField struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// privacyExport gives a copy of the chosen records as a file.
func (f *Face) privacyExport(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	form := webkit.Form(r)
	n, refs := needleOf(form), form.Texts("id", 200)
	if err := form.Err(); err != nil {
		return err
	}
	all, err := f.Privacy.GiveOut(ctx, webkit.Actor(r), n, refs)
	if err != nil {
		return f.privacyAgain(w, r, err)
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	out := exported{Basis: lang.T(i18n.PrivacyLead), At: f.Now()}
	for _, t := range all {
		x := exportedRecord{Kind: lang.T(t.Kind.Label()), Title: t.Title, Unit: f.unitName(lang, tree, t.Unit), Treatment: lang.T(t.Treatment.Label())}
		for _, field := range t.Fields {
			x.Fields = append(x.Fields, exportedField{lang.T(field.Name), field.Text})
		}
		out.Records = append(out.Records, x)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="du-lieu-ca-nhan-`+f.Now.Today().String()+`.json"`)
	w.Header().Set("Cache-Control", "no-store")
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write the copy: %w", err)
	}
	return nil
}

// privacyAgain shows the search again, as it was and with what is found now, where nothing
// was chosen, or what was is gone.
func (f *Face) privacyAgain(w http.ResponseWriter, r *http.Request, refused error) error {
	all := errs.All(refused)
	if len(all) == 0 || all[0].Field != "id" {
		return refused
	}
	state, form := desk.FilledFrom(r)
	v := privacyView{Filled: state}
	if err := f.privacyLook(r, &v, needleOf(form)); err != nil {
		return err
	}
	if _, ok := v.Refuse(webkit.Lang(r), refused, "name", "phone", "email"); !ok {
		return refused
	}
	return f.privacyShow(w, r, webkit.Status(refused), v)
}

// forgetView is the question before a person is made anonymous.
type forgetView struct {
	desk.Filled
	refs   []string
	groups []forgetGroup
	erased int
	notes  []string
}

type forgetGroup struct {
	title string
	tone  ui.Tone
	items []string
}

// privacyForget asks, with what becomes of each record, and makes the person anonymous.
func (f *Face) privacyForget(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	state, form := desk.FilledFrom(r)
	state.Action = desk.PrivacyPath + "/anonymise"
	v := forgetView{Filled: state}
	n := needleOf(form)
	v.refs = form.Texts("id", 200)
	if err := form.Err(); err != nil {
		return err
	}
	all, err := f.Privacy.Chosen(ctx, who, n, v.refs)
	if err != nil {
		return f.privacyAgain(w, r, err)
	}
	v.group(lang, all)
	if err := f.recordedBy(r, &v, all); err != nil {
		return err
	}
	status := http.StatusOK
	if state.Values.Get("ask") != "" {
		reason := form.Text("reason", 8000)
		err := form.Err()
		if err == nil && !form.Bool("sure") {
			err = errs.New(errs.Invalid, i18n.PrivacySureNeeded).On("sure")
		}
		var done privacy.Done
		if err == nil {
			if done, err = f.Privacy.Forget(ctx, who, n, v.refs, reason); err == nil {
				return desk.Done(w, r, desk.PrivacyPath, i18n.PrivacyDone, done.Erased, done.Kept, done.ByHand)
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "reason", "sure"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.PrivacyAskTitle), ui.Link{Text: lang.T(i18n.PrivacyTitle), Href: desk.PrivacyPath})
	if err != nil {
		return err
	}
	p.Path = desk.PrivacyPath // the language switch must not lead to a form
	w.Header().Set("Cache-Control", "no-store")
	return desk.Render(w, r, status, forgetPage(p, v))
}

// group sorts the chosen records by what becomes of them.
func (v *forgetView) group(lang i18n.Lang, all []privacy.Trace) {
	titles := map[privacy.Treatment]i18n.Key{privacy.Erased: i18n.PrivacyAskErased, privacy.ByHand: i18n.PrivacyAskByHand, privacy.Kept: i18n.PrivacyAskKept}
	for _, how := range privacy.Treatments() {
		g := forgetGroup{tone: treatmentTone(how)}
		for _, t := range all {
			if t.Treatment != how {
				continue
			}
			item := lang.T(t.Kind.Label()) + ": " + t.Title
			if t.Why != 0 {
				item += " – " + lang.T(t.Why)
			}
			g.items = append(g.items, item)
		}
		if how == privacy.Erased {
			v.erased = len(g.items)
		}
		if len(g.items) > 0 {
			g.title = lang.T(titles[how], len(g.items))
			v.groups = append(v.groups, g)
		}
	}
	v.notes = []string{lang.T(i18n.PrivacyAuditNote), lang.T(i18n.PrivacyBackupNote)}
}

// recordedBy tells how much of the audit the chosen accounts have written: it stays.
func (f *Face) recordedBy(r *http.Request, v *forgetView, all []privacy.Trace) error {
	for _, t := range all {
		if t.Kind != privacy.KindAccount {
			continue
		}
		n, err := f.Privacy.Recorded(r.Context(), webkit.Actor(r), t.ID)
		if err != nil {
			return err
		}
		v.notes = append(v.notes, webkit.Lang(r).T(i18n.PrivacyRecorded, t.Title, n))
	}
	return nil
}
