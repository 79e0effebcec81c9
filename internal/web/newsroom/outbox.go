package newsroom

import (
	"net/http"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) outboxRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(desk.OutboxPath, outbox.RightRead, f.outboxList),
		desk.Get(desk.OutboxPath+"/{letter}", outbox.RightRead, f.outboxLetter),
		desk.Post(desk.OutboxPath+"/{letter}/retry", outbox.RightManage, f.outboxRetry),
		desk.Post(desk.OutboxPath+"/{letter}/cancel", outbox.RightManage, f.outboxCancel),
	}
}

func outboxLink(letter string) string { return desk.OutboxPath + "/" + letter }

const outboxLimit = 50

// outboxView is a part of the letters.
type outboxView struct {
	off    bool // no server is set
	tabs   []ui.Tab
	unit   string // as it was typed
	units  desk.UnitChoice
	filter ui.Filter
	table  ui.Table
	paging ui.Paging
}

func (f *Face) outboxList(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang, q := r.Context(), webkit.Actor(r), webkit.Lang(r), webkit.Query(r)
	in := outbox.Query{State: outbox.State(q.Choice("state", desk.Texts(outbox.States())...)), Page: q.Int("page", 1, 1000), Limit: outboxLimit}
	account, unit := q.Text("account", 64), q.Text("unit", 300)
	if account != "" {
		in.About = outbox.About{Kind: worklist.AboutAccount, ID: account}
	}
	if err := q.Err(); err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	if unit != "" {
		if u, ok := tree.ByCode(desk.UnitCode(tree, who.Scope, f.Now.Today(), unit)); ok {
			in.Unit = u.ID
		}
	}
	all, counts, err := f.Outbox.List(ctx, who, in)
	if err != nil {
		return err
	}
	names, err := f.namesIn(r, all)
	if err != nil {
		return err
	}
	v := outboxView{off: !f.Outbox.Sending(), tabs: f.outboxTabs(r, counts, in.State), unit: unit, units: desk.UnitChoiceOf(tree, who.Scope, f.Now.Today())}
	v.filter = outboxFilter(r, account, unit)
	v.paging = ui.Paging{Shown: min(len(all), outboxLimit), Total: counts[in.State]}
	if in.State == "" {
		v.paging.Total = total(counts)
	}
	if in.Page > 1 {
		v.paging.Prev = webkit.Link(r, "page", strconv.Itoa(in.Page-1))
	}
	if len(all) > outboxLimit {
		all, v.paging.Next = all[:outboxLimit], webkit.Link(r, "page", strconv.Itoa(in.Page+1))
	}
	v.table = ui.Table{
		Caption: lang.T(i18n.OutboxTitle),
		Columns: desk.Kinds(desk.Columns(lang, i18n.OutboxSubject, i18n.OutboxTo, i18n.OutboxState, i18n.OutboxWritten, i18n.OutboxAttempts),
			ui.ColTitle, ui.ColData, ui.ColData, ui.ColData, ui.ColNumber),
		Empty: ui.EmptyState(ui.IconSend, lang.T(i18n.OutboxNothing), lang.T(i18n.OutboxNothingText), nil),
	}
	for _, l := range all {
		v.table.Rows = append(v.table.Rows, ui.Row{ID: l.ID, Cells: []ui.Cell{
			{Text: letterSubject(lang, l), Href: outboxLink(l.ID), Sub: desk.UnitName(tree, l.Unit, f.Now.Today())},
			{Text: letterTo(lang, l, names)},
			{Text: lang.T(l.State.Label())},
			{Text: lang.Instant(l.CreatedAt)},
			{Text: lang.Number(l.Attempts)},
		}})
	}
	p, err := f.Page(r, lang.T(i18n.OutboxTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, outboxPage(p, v))
}

func (f *Face) outboxTabs(r *http.Request, counts map[outbox.State]int, open outbox.State) []ui.Tab {
	lang := webkit.Lang(r)
	tabs := []ui.Tab{{Text: lang.T(i18n.OutboxAll), Href: webkit.Link(r, "state", "", "page", ""), Count: total(counts), Current: open == ""}}
	for _, s := range outbox.States() {
		tabs = append(tabs, ui.Tab{Text: lang.T(s.Label()), Href: webkit.Link(r, "state", s.String(), "page", ""), Count: counts[s], Current: open == s})
	}
	return tabs
}

// outboxFilter is by what the list was narrowed.
func outboxFilter(r *http.Request, account, unit string) ui.Filter {
	f := ui.Filter{Action: desk.OutboxPath, Clear: desk.OutboxPath}
	if unit != "" {
		f.Chips = append(f.Chips, ui.Chip{Text: unit, Remove: webkit.Link(r, "unit", "", "page", "")})
	}
	if account != "" {
		f.Chips = append(f.Chips, ui.Chip{Text: webkit.Lang(r).T(i18n.OutboxOfAccount), Remove: webkit.Link(r, "account", "", "page", "")})
	}
	return f
}

// namesIn are the names of the accounts to which letters go.
func (f *Face) namesIn(r *http.Request, all []outbox.Letter) (map[string]string, error) {
	var ids []string
	for _, l := range all {
		if l.About.Kind == worklist.AboutAccount {
			ids = append(ids, l.About.ID)
		}
	}
	return f.NamesOf(r, ids)
}

func total(counts map[outbox.State]int) int {
	n := 0
	for _, of := range counts {
		n += of
	}
	return n
}

// letterTo is to whom a letter goes, as the desk may know it: an account by its name, never
// by its address.
func letterTo(lang i18n.Lang, l outbox.Letter, names map[string]string) string {
	switch {
	case l.About.Kind == worklist.AboutAccount:
		return names[l.About.ID]
	case l.Erased:
		return lang.T(i18n.OutboxErased)
	case l.Private:
		return lang.T(i18n.OutboxReader)
	default:
		return l.To
	}
}

func letterSubject(lang i18n.Lang, l outbox.Letter) string {
	if l.Subject == "" {
		return lang.T(i18n.OutboxForgotten)
	}
	return l.Subject
}

// letterView is a letter as it goes out, with what can be done about it.
type letterView struct {
	outbox.Preview
	off   bool
	facts []ui.Definition
	head  []ui.Definition
}

func (f *Face) outboxLetter(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	l, err := f.Outbox.Show(ctx, webkit.Actor(r), r.PathValue("letter"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	names, err := f.namesIn(r, []outbox.Letter{l.Letter})
	if err != nil {
		return err
	}
	v := letterView{Preview: l, off: l.From == ""}
	v.head = []ui.Definition{
		{Term: lang.T(i18n.OutboxFrom), Text: desk.OrDash(l.From)},
		{Term: lang.T(i18n.OutboxTo), Text: letterTo(lang, l.Letter, names)},
		{Term: lang.T(i18n.OutboxSubject), Text: letterSubject(lang, l.Letter)},
	}
	v.facts = []ui.Definition{
		{Term: lang.T(i18n.OutboxState), Text: lang.T(l.State.Label())},
		{Term: lang.T(i18n.OutboxUnit), Text: desk.UnitName(tree, l.Unit, f.Now.Today())},
		{Term: lang.T(i18n.OutboxWritten), Text: lang.Instant(l.CreatedAt)},
		{Term: lang.T(i18n.OutboxAttempts), Text: lang.Number(l.Attempts)},
	}
	if l.State == outbox.Waiting && l.Attempts > 0 {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.OutboxNext), Text: lang.Instant(l.DueAt)})
	}
	if !l.SettledAt.IsZero() {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.OutboxSettled), Text: lang.Instant(l.SettledAt)})
	}
	if l.LastError != "" {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.OutboxError), Text: l.LastError})
	}
	p, err := f.Page(r, letterSubject(lang, l.Letter), ui.Link{Text: lang.T(i18n.OutboxTitle), Href: desk.OutboxPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, letterPage(p, v))
}

func (f *Face) outboxRetry(w http.ResponseWriter, r *http.Request) error {
	letter := r.PathValue("letter")
	if err := f.Outbox.Retry(r.Context(), webkit.Actor(r), letter); err != nil {
		return err
	}
	return desk.Done(w, r, outboxLink(letter), i18n.OutboxRetried)
}

func (f *Face) outboxCancel(w http.ResponseWriter, r *http.Request) error {
	letter := r.PathValue("letter")
	if err := f.Outbox.CancelLetter(r.Context(), webkit.Actor(r), letter); err != nil {
		return err
	}
	return desk.Done(w, r, outboxLink(letter), i18n.OutboxCancelDone)
}
