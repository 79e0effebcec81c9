package office

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) silentRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(desk.SilentPath, practice.RightReceive, f.silent),
		desk.Post(desk.SilentPath, practice.RightReceive, f.silent),
		desk.Get(desk.SilentPath+"/letters", practice.RightReceive, f.letters),
	}
}

// silentView is the units that have registered nothing, and what is written to them.
type silentView struct {
	desk.Filled
	worklist.Silence
	among   worklist.Among
	tabs    []ui.Tab
	table   ui.Table
	letters string // address
	message string // to be pasted into a chat
}

// silent shows which units have registered nothing, and notes that some were reminded.
func (f *Face) silent(w http.ResponseWriter, r *http.Request) error {
	who, lang, q := webkit.Actor(r), webkit.Lang(r), webkit.Query(r)
	m, p, err := f.place(r, q)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := silentView{Filled: state, among: worklist.Among(q.Choice("among", string(worklist.AllUnits), string(worklist.Expected)))}
	if v.among == "" {
		v.among = worklist.AllUnits
	}
	status := http.StatusOK
	if v.Sent(r) {
		in := worklist.RemindInput{Movement: m.Code, Period: p.No, Units: form.Texts("unit", 64), Again: form.Bool("again")}
		if err = form.Err(); err == nil {
			var told int
			if told, err = f.Worklist.Remind(r.Context(), who, in); err == nil {
				return desk.Done(w, r, v.Action, i18n.OfficeReminded, len(in.Units), told)
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "again"); !ok {
			return err
		}
	}
	if v.Silence, err = f.Worklist.Silent(r.Context(), who, m.Code, p.No, v.among); err != nil {
		return err
	}
	at := url.Values{"movement": {m.Code}, "period": {strconv.Itoa(p.No)}, "among": {string(v.among)}}
	v.letters = desk.SilentPath + "/letters?" + at.Encode()
	for _, t := range []struct {
		among worklist.Among
		key   i18n.Key
	}{{worklist.AllUnits, i18n.OfficeSilentAll}, {worklist.Expected, i18n.OfficeSilentExpected}} {
		at.Set("among", string(t.among))
		v.tabs = append(v.tabs, ui.Tab{Text: lang.T(t.key), Href: desk.SilentPath + "?" + at.Encode(), NoCount: true, Current: t.among == v.among})
	}
	v.message = chatText(v.Silence)
	if v.table, err = f.silentTable(r, v.Silence); err != nil {
		return err
	}
	page, err := f.Page(r, lang.T(i18n.OfficeSilent), ui.Link{Text: lang.T(i18n.AdminRegister), Href: desk.RegisterPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, silentPage(page, v))
}

func (f *Face) silentTable(r *http.Request, s worklist.Silence) (ui.Table, error) {
	lang := webkit.Lang(r)
	t := ui.Table{
		Caption: lang.T(i18n.OfficeSilent),
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColUnit, i18n.OfficeTarget, i18n.OfficeBefore, i18n.OfficeRemindedCol), ui.ColTitle, ui.ColNumber, ui.ColNumber),
		Empty:   ui.EmptyState(ui.IconCircleCheck, lang.T(i18n.OfficeSilentNone), lang.T(i18n.OfficeSilentNoneText, s.Looked), nil),
	}
	var ids []string
	for _, u := range s.Units {
		if u.RemindedBy != "" {
			ids = append(ids, u.RemindedBy)
		}
	}
	names, err := f.NamesOf(r, ids)
	if err != nil {
		return t, err
	}
	if len(s.Units) > 0 {
		t.Pick = &ui.Pick{Action: r.URL.RequestURI(), Name: "unit", Buttons: []ui.Btn{{Text: lang.T(i18n.OfficeRemind), Icon: ui.IconBell, Small: true}}}
	}
	for _, u := range s.Units {
		name := u.Unit.NameOn(min(s.Period.To, max(s.Period.From, u.Unit.From)))
		reminded := ui.Cell{Text: "–"}
		if u.Reminded > 0 {
			reminded = ui.Cell{Text: lang.Date(u.RemindedOn), Sub: lang.T(i18n.OfficeRemindedTimes, u.Reminded, names[u.RemindedBy])}
		}
		t.Rows = append(t.Rows, ui.Row{ID: u.Unit.Code, Label: name, Cells: []ui.Cell{
			{Text: name}, {Text: orNone(lang, u.Target)}, {Text: orNone(lang, u.Before)}, reminded,
		}})
	}
	return t, nil
}

func orNone(lang i18n.Lang, n int) string {
	if n == 0 {
		return "–"
	}
	return lang.Number(n)
}

// chatText is what is pasted into a chat: short, and without anything that is not known.
func chatText(s worklist.Silence) string {
	lines := []string{i18n.Vi.T(i18n.OfficeChatHead, s.Movement.Name)}
	for i, u := range s.Units {
		lines = append(lines, strconv.Itoa(i+1)+". "+u.Unit.NameOn(s.Period.To))
	}
	if s.Deadline != 0 {
		lines = append(lines, i18n.Vi.T(i18n.OfficeChatDeadline, s.Deadline))
	}
	return strings.Join(append(lines, i18n.Vi.T(i18n.OfficeChatEnd)), "\n")
}

// letter is the reminder to one unit.
type letter struct {
	head desk.PaperHead
	to   string
	text []string
}

// letters are the reminders as papers, one to a page: without a number, a seal or a
// signature, which are whoever's who sends them.
func (f *Face) letters(w http.ResponseWriter, r *http.Request) error {
	who, lang, q := webkit.Actor(r), webkit.Lang(r), webkit.Query(r)
	m, p, err := f.place(r, q)
	if err != nil {
		return err
	}
	among := worklist.Among(q.Choice("among", string(worklist.AllUnits), string(worklist.Expected)))
	only := q.Text("unit", 64)
	s, err := f.Worklist.Silent(r.Context(), who, m.Code, p.No, among)
	if err != nil {
		return err
	}
	today := f.Now.Today()
	body, err := f.Org.LetterheadOn(r.Context(), m.StandingBody, today)
	if err != nil {
		return err
	}
	head := letter{head: desk.PaperHead{Letterhead: body, Numbered: true, Dated: true, On: today}}
	var all []letter
	for _, u := range s.Units {
		if only != "" && u.Unit.Code != only {
			continue
		}
		one := head
		one.to = u.Unit.NameOn(today)
		one.text = letterText(s, u)
		all = append(all, one)
	}
	page, err := f.Page(r, lang.T(i18n.OfficeLetters), ui.Link{Text: lang.T(i18n.OfficeSilent), Href: desk.SilentPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, lettersPage(page, all))
}

func letterText(s worklist.Silence, u worklist.SilentUnit) []string {
	text := []string{i18n.Vi.T(i18n.OfficeLetterWhy, s.Movement.Name, u.Unit.NameOn(s.Period.To))}
	if u.Target > 0 {
		text = append(text, i18n.Vi.T(i18n.OfficeLetterTarget, u.Target))
	}
	if u.Before > 0 {
		text = append(text, i18n.Vi.T(i18n.OfficeLetterBefore, u.Before))
	}
	if s.Deadline != 0 {
		return append(text, i18n.Vi.T(i18n.OfficeLetterAsk, s.Deadline))
	}
	return append(text, i18n.Vi.T(i18n.OfficeLetterAskOpen))
}
