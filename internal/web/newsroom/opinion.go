package newsroom

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) opinionRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(desk.OpinionsPath, press.RightModerate, f.opinionQueue),
		desk.Post(desk.OpinionsPath+"/pass", press.RightModerate, f.opinionPass),
		desk.Post(desk.OpinionsPath+"/refuse", press.RightModerate, f.opinionRefuse),
		desk.Post(desk.OpinionsPath+"/answer", press.RightModerate, f.opinionAnswer),
		desk.Post(desk.OpinionsPath+"/block", press.RightModerate, f.opinionBlock),
		desk.Get(desk.OpinionsPath+"/blocks", press.RightModerate, f.opinionBlocks),
		desk.Post(desk.OpinionsPath+"/blocks", press.RightModerate, f.opinionBlocks),
		desk.Post(desk.OpinionsPath+"/blocks/remove", press.RightModerate, f.opinionUnblock),
	}
}

const opinionLimit = 50

// opinionQueueView is a part of the moderators' queue.
type opinionQueueView struct {
	tab    press.OpinionTab
	seen   press.OpinionState // of every opinion in the tab
	tabs   []ui.Tab
	rows   []opinionRow
	paging ui.Paging
	back   string
	form   opinionFilled
}

// opinionRow is an opinion in the queue.
type opinionRow struct {
	press.Queued
	unit string
}

// opinionFilled is a form of the queue that was refused.
type opinionFilled struct {
	at      string // the opinion whose form it is, or "" of several
	values  url.Values
	byField map[string]string
	errors  []ui.FieldError
}

func (f *Face) opinionQueue(w http.ResponseWriter, r *http.Request) error {
	return f.showOpinions(w, r, http.StatusOK, webkit.Query(r), opinionFilled{})
}

// showOpinions shows the tab that the parameters name, with a form that was refused.
func (f *Face) showOpinions(w http.ResponseWriter, r *http.Request, status int, q *webkit.FormReader, form opinionFilled) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	in := press.OpinionQueue{Tab: press.OpinionTab(q.Choice("tab", desk.Texts(press.OpinionTabs())...)), Cursor: q.Text("cursor", 100), Limit: opinionLimit}
	if err := q.Err(); err != nil {
		return err
	}
	if in.Tab == "" {
		in.Tab = press.TabWaiting
	}
	all, counts, next, err := f.Press.QueueOfOpinions(ctx, who, in)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.OpinionTitle))
	if err != nil {
		return err
	}
	p.Module = "opinions.js"
	v := opinionQueueView{tab: in.Tab, seen: seenIn(in.Tab), form: form, back: opinionsLink(in.Tab, in.Cursor)}
	p.Path = v.back
	for _, t := range press.OpinionTabs() {
		v.tabs = append(v.tabs, ui.Tab{Text: lang.T(t.Label()), Count: counts[t], Current: t == in.Tab, Href: opinionsLink(t, "")})
	}
	for _, o := range all {
		unit, _ := tree.Unit(o.On.Unit)
		v.rows = append(v.rows, opinionRow{o, unit.NameOn(f.Now.Today())})
	}
	v.paging = ui.Paging{Shown: len(all), Total: counts[in.Tab]}
	if next != "" {
		v.paging.Next = opinionsLink(in.Tab, next)
	}
	if in.Cursor != "" {
		v.paging.Prev = opinionsLink(in.Tab, "")
	}
	return desk.Render(w, r, status, opinionQueuePage(p, v))
}

func opinionsLink(tab press.OpinionTab, cursor string) string {
	q := url.Values{"tab": {tab.String()}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	return desk.OpinionsPath + "?" + q.Encode()
}

// seenIn is the state of the opinions in a tab.
func seenIn(tab press.OpinionTab) press.OpinionState {
	switch tab {
	case press.TabPassed, press.TabReported:
		return press.OpinionPassed
	case press.TabRefused:
		return press.OpinionRefused
	default:
		return press.OpinionWaiting
	}
}

// decision reads what a form decides.
func decision(form *webkit.FormReader) press.OpinionDecision {
	return press.OpinionDecision{
		IDs: form.Texts("id", 64), Seen: press.OpinionState(form.Values.Get("seen")), Reason: press.Refusal(form.Values.Get("reason")),
		Text: form.Text("reasonText", 4000),
	}
}

func (f *Face) opinionPass(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	in := decision(form)
	err := form.Err()
	if err == nil {
		err = f.Press.PassOpinions(r.Context(), webkit.Actor(r), in)
	}
	return f.opinionDone(w, r, err, i18n.OpinionPassedDone, len(in.IDs))
}

func (f *Face) opinionRefuse(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	in := decision(form)
	err := form.Err()
	if err == nil {
		err = f.Press.RefuseOpinions(r.Context(), webkit.Actor(r), in)
	}
	return f.opinionDone(w, r, err, i18n.OpinionRefusedDone, len(in.IDs))
}

func (f *Face) opinionAnswer(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	id, answer := form.Text("id", 64), form.Text("answer", 20_000)
	err := form.Err()
	if err == nil {
		err = f.Press.AnswerOpinion(r.Context(), webkit.Actor(r), id, press.OpinionState(form.Values.Get("seen")), answer)
	}
	return f.opinionDone(w, r, err, i18n.OpinionAnsweredDone)
}

func (f *Face) opinionBlock(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	id := form.Text("id", 64)
	err := form.Err()
	if err == nil {
		err = f.Press.BlockNetworkOf(r.Context(), webkit.Actor(r), id, press.OpinionState(form.Values.Get("seen")))
	}
	return f.opinionDone(w, r, err, i18n.OpinionBlockedDone)
}

// opinionDone leads back to the queue, or shows it with what is wrong. The script of the
// page sends the same forms, asks for JSON, and reads only the status.
func (f *Face) opinionDone(w http.ResponseWriter, r *http.Request, err error, key i18n.Key, args ...any) error {
	script := strings.Contains(r.Header.Get("Accept"), "application/json")
	back := webkit.Local(r.PostForm.Get("back"), desk.OpinionsPath)
	switch {
	case err == nil && script:
		w.WriteHeader(http.StatusNoContent)
		return nil
	case err == nil:
		return desk.Done(w, r, back, key, args...)
	case script || !errs.Is(err, errs.Invalid):
		return err
	}
	again := desk.Filled{}
	status, ok := again.Refuse(webkit.Lang(r), err, "reason", "reasonText", "answer")
	if !ok {
		return err
	}
	form := opinionFilled{values: r.PostForm, byField: again.ByField, errors: again.Errors}
	if ids := r.PostForm["id"]; len(ids) == 1 && r.PostForm.Get("bulk") == "" {
		form.at = ids[0]
	}
	for i := range form.errors {
		if form.errors[i].Field != "" {
			form.errors[i].Field = form.field(form.errors[i].Field)
		}
	}
	at, parseErr := url.Parse(back)
	if parseErr != nil {
		at = &url.URL{}
	}
	return f.showOpinions(w, r, status, &webkit.FormReader{Values: at.Query()}, form)
}

// field is the name by which a field of one form among many is found in the page.
func (f opinionFilled) field(name string) string {
	if f.at == "" {
		return "bulk-" + name
	}
	return f.at + "-" + name
}

// value is what was filled into a field of the form of an opinion, and what is wrong with it.
func (f opinionFilled) value(id, name string) (value, wrong string) {
	if f.values == nil || f.at != id {
		return "", ""
	}
	return f.values.Get(name), f.byField[name]
}

// opinionBlocksView is the block list.
type opinionBlocksView struct {
	form   desk.Filled
	blocks []press.Block
}

func (f *Face) opinionBlocks(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	v := opinionBlocksView{}
	var form *webkit.FormReader
	v.form, form = desk.FilledFrom(r)
	status := http.StatusOK
	if v.form.Sent(r) {
		word, note := form.Text("word", 4000), form.Text("note", 4000)
		err := form.Err()
		if err == nil {
			err = f.Press.BlockWord(ctx, who, word, note)
		}
		if err == nil {
			return desk.Done(w, r, desk.OpinionsPath+"/blocks", i18n.OpinionBlockedDone)
		}
		var ok bool
		if status, ok = v.form.Refuse(lang, err, "word", "note"); !ok {
			return err
		}
	}
	var err error
	if v.blocks, err = f.Press.Blocks(ctx, who); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.OpinionBlocks), ui.Link{Text: lang.T(i18n.OpinionTitle), Href: desk.OpinionsPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, opinionBlocksPage(p, v))
}

func (f *Face) opinionUnblock(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	id := form.Text("id", 64)
	if err := form.Err(); err != nil {
		return err
	}
	if err := f.Press.Unblock(r.Context(), webkit.Actor(r), id); err != nil {
		return err
	}
	return desk.Done(w, r, desk.OpinionsPath+"/blocks", i18n.OpinionUnblockedDone)
}

// blockName is what is blocked, as people can tell it: of a network the beginning of its
// hash, for the address itself is kept nowhere.
func blockName(lang i18n.Lang, b press.Block) string {
	if b.Kind == press.BlockedNetwork {
		return lang.T(i18n.OpinionBlockNetworkName, b.Value[:min(8, len(b.Value))])
	}
	return b.Value
}
