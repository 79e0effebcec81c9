package reporting

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) paperRoutes() []webkit.Route {
	const one = desk.PapersPath + "/{sort}/{about}"
	return []webkit.Route{
		desk.Get(one, paper.RightRead, f.paper),
		desk.Post(one, paper.RightMake, f.paper),
		desk.Post(one+"/number", paper.RightMake, f.paperNumber),
		desk.Get(one+"/file", paper.RightRead, f.paperFile),
	}
}

// paperView is the page on which a paper is made.
type paperView struct {
	desk.Filled
	about    paper.About
	paper    paper.Prepared
	units    desk.UnitChoice
	typed    []ui.Field
	facts    []ui.Definition
	saved    []ui.Definition // what somebody else saved meanwhile
	back     ui.Link
	notYet   string // why no number can be reserved
	template string
}

// aboutOf is the paper that the address names.
func aboutOf(r *http.Request) paper.About {
	return paper.About{Kind: paper.Kind(r.PathValue("sort")), ID: r.PathValue("about"), Part: webkit.Query(r).Text("part", 100)}
}

// paper shows a paper before it is written, and keeps what the office says of it.
func (f *Face) paper(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	about := aboutOf(r)
	now, err := f.Papers.Prepare(r.Context(), who, about)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := paperView{Filled: state, about: about, paper: now, units: desk.UnitChoiceOf(tree, who.Scope, f.Now.Today())}
	v.Action = desk.PaperLink(about)
	status := http.StatusOK
	if v.Sent(r) {
		in, version := f.readSheet(r, form, tree, now.Typed), webkit.Version(r)
		if err = form.Err(); err == nil {
			_, err = f.Papers.Save(r.Context(), who, about, version, in)
		}
		if err == nil {
			return desk.Done(w, r, v.Action, i18n.ReportingSheetSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, v.fields()...); !ok {
			return err
		}
		if errs.Is(err, errs.Conflict) {
			v.overtaken(lang)
		}
	}
	if err := f.fillPaper(r, &v, tree); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(about.Kind.Label()), v.back)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, paperPage(p, v))
}

// fields are the names of the form's fields.
func (v *paperView) fields() []string {
	all := []string{"unit", "profile", "dated", "number", "recipients"}
	for _, n := range v.paper.Typed {
		all = append(all, n.Name)
	}
	return all
}

// readSheet reads what the office says of a paper.
func (f *Face) readSheet(r *http.Request, form *webkit.FormReader, tree *org.Tree, typed []paper.Name) paper.SheetInput {
	in := paper.SheetInput{
		Unit:    desk.UnitCode(tree, webkit.Actor(r).Scope, f.Now.Today(), form.Text("unit", 400)),
		Profile: rulebook.Profile(form.Choice("profile", append(desk.Texts(rulebook.Profiles()), "")...)),
		Dated:   form.Date("dated"), Number: form.Text("number", 4*paper.MaxNumber),
		Recipients: strings.Split(form.Text("recipients", 4*paper.MaxRecipients*paper.MaxRecipient), "\n"), Texts: map[string]string{},
	}
	for _, n := range typed {
		in.Texts[n.Name] = form.Text(n.Name, 4*paper.MaxTyped)
	}
	return in
}

// overtaken shows what somebody else saved; saved once more, what was typed is meant.
func (v *paperView) overtaken(lang i18n.Lang) {
	s := v.paper.Sheet
	v.saved = []ui.Definition{
		{Term: lang.T(i18n.ReportingNumber), Text: desk.OrDash(s.Number)},
		{Term: lang.T(i18n.ReportingDated), Text: lang.Date(s.Dated)},
		{Term: lang.T(i18n.ReportingRecipients), Text: desk.OrDash(strings.Join(s.Recipients, "; "))},
	}
	for _, n := range v.paper.Typed {
		v.saved = append(v.saved, ui.Definition{Term: n.Meaning, Text: desk.OrDash(s.Texts[n.Name])})
	}
	v.Values.Set(webkit.VersionField, strconv.Itoa(s.Version))
}

func (f *Face) fillPaper(r *http.Request, v *paperView, tree *org.Tree) error {
	lang, s := webkit.Lang(r), v.paper.Sheet
	v.Start(webkit.VersionField, strconv.Itoa(s.Version), "unit", s.Unit, "profile", string(s.Profile), "dated", desk.Day(s.Dated), "number", s.Number,
		"recipients", strings.Join(s.Recipients, "\n"))
	for _, n := range v.paper.Typed {
		v.Start(n.Name, s.Texts[n.Name])
		field := ui.Field{Name: n.Name, Label: upper(n.Meaning), Value: v.Values.Get(n.Name), Error: v.ByField[n.Name], MaxLength: paper.MaxTyped, Rows: 4, Full: true}
		if n.Open {
			field.Hint = lang.T(i18n.ReportingMayBeEmpty)
		}
		v.typed = append(v.typed, field)
	}
	number := desk.OrDash(v.paper.Number)
	if s.Reserved && v.paper.Number == s.Number && s.Number != "" {
		number = lang.T(i18n.ReportingReserved, s.Number)
	}
	v.facts = []ui.Definition{{Term: lang.T(i18n.ReportingIssuer), Text: desk.UnitName(tree, v.paper.Unit.ID, f.Now.Today())}}
	if v.about.Kind.Numbered() {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.ReportingNumber), Text: number})
	}
	v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.ReportingDated), Text: lang.Date(v.paper.Dated)})
	if v.paper.Waits != nil {
		for _, one := range errs.All(v.paper.Waits) {
			v.notYet = lang.T(one.Key, one.Args...)
		}
	}
	v.template = lang.T(i18n.ReportingShipped)
	if t := v.paper.Template; t.ID != "" {
		v.template = lang.T(i18n.ReportingOwn, t.No, t.FileName)
	}
	v.back = backTo(lang, v.about, v.paper.Title)
	return nil
}

// upper is a meaning as a label has it.
func upper(s string) string {
	first, rest := []rune(s)[:1], []rune(s)[1:]
	return strings.ToUpper(string(first)) + string(rest)
}

// backTo leads to the record that a paper is about.
func backTo(lang i18n.Lang, about paper.About, title string) ui.Link {
	switch about.Kind.Of() {
	case paper.OfEntry:
		return ui.Link{Text: title, Href: desk.EntryLink(about.ID)}
	case paper.OfVisit:
		return ui.Link{Text: title, Href: "/admin/visits/" + about.ID}
	case paper.OfMinutes:
		return ui.Link{Text: title, Href: desk.AppraisalsPath + "/papers/" + about.ID}
	case paper.OfDecision:
		return ui.Link{Text: title, Href: desk.DecisionLink(about.ID)}
	case paper.OfConference:
		return ui.Link{Text: title, Href: desk.ConferenceLink(about.ID)}
	}
	if about.Kind == paper.FinalReport || about.Kind == paper.InterimReport {
		return ui.Link{Text: lang.T(i18n.ReportingTitle), Href: "/admin/reports?" + url.Values{"movement": {about.ID}}.Encode()}
	}
	return ui.Link{Text: title, Href: desk.MovementLink(about.ID)}
}

// paperNumber reserves the next number of the series.
func (f *Face) paperNumber(w http.ResponseWriter, r *http.Request) error {
	about, lang := aboutOf(r), webkit.Lang(r)
	s, err := f.Papers.Reserve(r.Context(), webkit.Actor(r), about, webkit.Version(r))
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		one := errs.All(err)[0]
		if err := webkit.FlashBad(r, i18n.ReportingNotReserved, lang.T(one.Key, one.Args...)); err != nil {
			return err
		}
		return webkit.Redirect(w, r, desk.PaperLink(about))
	}
	if err != nil {
		return err
	}
	return desk.Done(w, r, desk.PaperLink(about), i18n.ReportingReservedNow, s.Number)
}

func (f *Face) paperFile(w http.ResponseWriter, r *http.Request) error {
	about := aboutOf(r)
	q := webkit.Query(r)
	format := paper.Format(q.Choice("format", string(paper.DOCX), string(paper.PDF), string(paper.XLSX), string(paper.Pages), ""))
	if err := q.Err(); err != nil {
		return err
	}
	if format == "" {
		format = paper.DOCX
	}
	var b bytes.Buffer
	made, err := f.Papers.Make(r.Context(), webkit.Actor(r), about, format, &b)
	if err != nil {
		return err
	}
	return download(w, r, made.Name, format, b.Bytes())
}

func download(w http.ResponseWriter, r *http.Request, name string, format paper.Format, content []byte) error {
	if format == paper.Pages {
		format = paper.PDF
	}
	return webkit.Download(w, r, webkit.Attachment{
		Name: name, Type: mediaType(format), Endings: []string{"." + string(format)}, Size: int64(len(content)), Content: bytes.NewReader(content),
	})
}

// file is the address of the paper as a file.
func (v paperView) file(format paper.Format) string {
	q := url.Values{"format": {string(format)}}
	if v.about.Part != "" {
		q.Set("part", v.about.Part)
	}
	path, _, _ := strings.Cut(desk.PaperLink(v.about), "?")
	return path + "/file?" + q.Encode()
}

// buttons are the forms in which the paper can be had.
func (v paperView) buttons(lang i18n.Lang) []ui.Btn {
	words := map[paper.Format]struct {
		text i18n.Key
		icon ui.Icon
	}{
		paper.DOCX: {i18n.ReportingGetWord, ui.IconFileText}, paper.PDF: {i18n.ReportingGetPages, ui.IconPrinter},
		paper.XLSX: {i18n.ReportingGetSheet, ui.IconFileSpreadsheet}, paper.Pages: {i18n.ReportingGetList, ui.IconPrinter},
	}
	var all []ui.Btn
	for _, format := range v.paper.Formats {
		b := ui.Btn{Text: lang.T(words[format].text), Icon: words[format].icon, Href: v.file(format)}
		if format == paper.DOCX {
			b.Kind = ui.Primary
		}
		all = append(all, b)
	}
	return all
}

// numberAction is where the next number is reserved.
func (v paperView) numberAction() string {
	path, query, _ := strings.Cut(desk.PaperLink(v.about), "?")
	if query != "" {
		query = "?" + query
	}
	return path + "/number" + query
}
