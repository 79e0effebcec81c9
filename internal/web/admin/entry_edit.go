package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) entryEdit(w http.ResponseWriter, r *http.Request) error {
	who, lang := webkit.Actor(r), webkit.Lang(r)
	e, m, period, err := f.entryOf(r)
	if err != nil {
		return err
	}
	possible := practice.PossibleWith(who, e, f.Now.Today())
	if possible.NoEdit != nil && r.Method != http.MethodPost { // a post may have been overtaken, and shows both versions
		return possible.NoEdit
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	p, err := f.entryFrame(r, e, lang.T(i18n.RegisterEditTitle, e.Code))
	if err != nil {
		return err
	}
	on := stepDay(f.Now.Today(), period)
	v := entryForm{
		movement: m, entry: e, fixed: possible.Fixed, onBehalf: who.Can(practice.RightOnBehalf), correct: possible.Correct, units: desk.UnitChoiceOf(tree, who.Scope, on),
	}
	v.action, v.back, v.page = entryPath(e.Code, "edit"), entryPath(e.Code), entryPath(e.Code, "edit")
	if v.tags, err = f.Practices.Tags(r.Context(), who, m.Code); err != nil {
		return err
	}
	if !who.Can(practice.RightReceive) {
		v.open = e.Open
	}
	begin := valuesOf(inputOf(e, tree))
	begin.Set(webkit.VersionField, strconv.Itoa(e.Version))
	v.fill(r, begin)
	form := webkit.Form(r)
	if r.Method != http.MethodPost || form.Bool("again") || form.Bool(desk.FieldMore) {
		return desk.Render(w, r, http.StatusOK, entryFormPage(p, v))
	}
	in := readEntry(form, tree, who.Scope, on)
	in.Subject, in.Exemplar, in.Practice = e.Subject, e.Exemplar, e.Practice
	if !v.onBehalf {
		in.DeclaredBy = e.DeclaredBy
	}
	if err = gathered(form, in.Check()); err == nil {
		_, err = f.Practices.Edit(r.Context(), who, e.ID, webkit.Version(r), in)
	}
	if err != nil && errs.Is(err, errs.Conflict) {
		if shown, err := f.entryConflict(w, r, p, in); shown || err != nil {
			return err
		}
	}
	if err != nil {
		status, err := v.refuse(lang, err)
		if err != nil {
			return err
		}
		return desk.Render(w, r, status, entryFormPage(p, v))
	}
	return f.entrySaved(w, r, e.Code)
}

func (f *Face) entrySaved(w http.ResponseWriter, r *http.Request, code string) error {
	if err := webkit.Flash(r, i18n.RegisterSaved, code); err != nil {
		return err
	}
	return webkit.Redirect(w, r, entryPath(code))
}

// conflictView shows what somebody wrote beside what somebody else saved meanwhile.
type conflictView struct {
	entry   practice.Entry // as it was saved
	mine    url.Values
	by      string
	lines   []conflictLine
	same    []string // names of the fields that agree
	page    string
	saved   string
	account string
	draft   bool   // it is not handed in yet
	take    string // address of what was saved
	locked  bool   // it was received meanwhile, and the actor may no longer edit it
}

// conflictLine is a field that differs.
type conflictLine struct{ label, yours, saved string }

// entryConflict shows both versions, where there is a newer one than that which the
// form was filled from.
func (f *Face) entryConflict(w http.ResponseWriter, r *http.Request, p ui.Page, mine practice.Input) (shown bool, err error) {
	e, m, _, err := f.entryOf(r)
	if err != nil || e.Version == webkit.Version(r) {
		return false, err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return false, err
	}
	names, err := f.NamesOf(r, []string{e.UpdatedBy})
	if err != nil {
		return false, err
	}
	v := conflictView{entry: e, mine: valuesOf(mine), by: names[e.UpdatedBy], account: webkit.Actor(r).Account, page: entryPath(e.Code, "edit"), take: entryPath(e.Code), saved: p.Lang.Instant(e.UpdatedAt)}
	v.mine.Set(webkit.VersionField, strconv.Itoa(e.Version))
	v.locked = !practice.PossibleWith(webkit.Actor(r), e, f.Now.Today()).Edit
	slices.Sort(mine.Partners)
	yours, saved := wordsOf(p.Lang, mine, m, tree), wordsOf(p.Lang, inputOf(e, tree), m, tree)
	for i, line := range yours {
		if line.text == saved[i].text {
			v.same = append(v.same, line.label)
		} else {
			v.lines = append(v.lines, conflictLine{line.label, line.text, saved[i].text})
		}
	}
	if len(v.lines) == 0 { // both wrote the same
		return true, f.entrySaved(w, r, e.Code)
	}
	p.Title = p.T(i18n.RegisterConflictTitle)
	return true, desk.Render(w, r, http.StatusConflict, conflictPage(p, v))
}

// fieldWords is a field of the form as a person reads it.
type fieldWords struct{ label, text string }

func wordsOf(lang i18n.Lang, in practice.Input, m movement.Movement, tree *org.Tree) []fieldWords {
	unit := func(code string) string {
		u, _ := tree.ByCode(code)
		return u.NameOn(m.LaunchedOn)
	}
	var partners []string
	for _, code := range in.Partners {
		partners = append(partners, unit(code))
	}
	field, _ := m.Field(in.Field)
	running := i18n.RegisterNo
	if in.Running {
		running = i18n.RegisterYes
	}
	all := []fieldWords{
		{lang.T(i18n.RegisterFormTitle), in.Title},
		{lang.T(i18n.RegisterFormUnit), unit(in.Unit)},
		{lang.T(i18n.RegisterFormKind), label(lang, ledger.SubjectKinds(), in.Kind)},
		{lang.T(i18n.RegisterFormField), field.Name},
		{lang.T(i18n.RegisterFormOrigin), label(lang, ledger.Origins(), in.Origin)},
		{lang.T(i18n.RegisterFormPartners), strings.Join(partners, "\n")},
		{lang.T(i18n.RegisterFormRunning), lang.T(running)},
		{lang.T(i18n.RegisterFormDeclaredBy), in.DeclaredBy},
		{lang.T(i18n.RegisterFormAddress), in.Address},
	}
	for _, part := range in.Parts.All() {
		all = append(all, fieldWords{lang.T(part.Label), *part.Text})
	}
	return append(all,
		fieldWords{lang.T(i18n.RegisterIndicators), wordsOfRows(lang, in.Indicators)},
		fieldWords{lang.T(i18n.RegisterResources), wordsOfRows(lang, in.Means)})
}

// label is the word for a choice, or nothing where none was made.
func label[T interface {
	comparable
	labelled
}](lang i18n.Lang, all []T, v T) string {
	if !slices.Contains(all, v) {
		return ""
	}
	return lang.T(v.Label())
}
