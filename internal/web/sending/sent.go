package sending

import (
	"net/http"
	"os"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) sentRoutes() []webkit.Route {
	file := desk.Get(sentPath+"/{snapshot}/file", parcel.RightSend, f.sentFile)
	file.MaxAnswer = parcel.MaxSize
	return []webkit.Route{
		desk.Get(sentPath, parcel.RightRead, f.sent),
		desk.Get(sentPath+"/{snapshot}", parcel.RightSend, f.make),
		desk.Post(sentPath+"/{snapshot}", parcel.RightSend, f.make),
		file,
	}
}

// sentView is what can be sent, and by which key.
type sentView struct {
	all []parcel.Sendable
	key *parcel.OwnKey // none was made yet
	may bool
}

func (f *Face) sent(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	v := sentView{may: who.Can(parcel.RightSend)}
	var err error
	if v.all, err = f.Parcels.Sendables(r.Context(), who); err != nil {
		return err
	}
	if v.key, err = f.signing(r); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.SendingSent), crumb(lang))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, sentPage(p, v))
}

// signing is the key by which the house signs; none before the first package.
func (f *Face) signing(r *http.Request) (*parcel.OwnKey, error) {
	keys, err := f.Parcels.OwnKeys(r.Context(), webkit.Actor(r))
	if i := slices.IndexFunc(keys, func(k parcel.OwnKey) bool { return k.RetiredAt.IsZero() }); i >= 0 {
		return &keys[i], err
	}
	return nil, err
}

// table lists the frozen reports.
func (v sentView) table(p ui.Page) ui.Table {
	t := ui.Table{Caption: p.T(i18n.SendingSent), Columns: []ui.Column{
		{Label: p.T(i18n.FrozenReport), Kind: ui.ColTitle},
		{Label: p.T(i18n.FrozenAsOf)},
		{Label: p.T(i18n.FrozenNo), Kind: ui.ColNumber},
		{Label: p.T(i18n.FrozenAt)},
		{Label: p.T(i18n.SendingMadeAt)},
		{Label: p.T(i18n.FrozenState), Kind: ui.ColStatus},
		{Label: p.T(i18n.SendingPackage), Kind: ui.ColAction},
	}}
	for _, one := range v.all {
		state := ui.Cell{Text: p.T(i18n.FrozenStands), Tone: ui.OK}
		if one.Replaced {
			state = ui.Cell{Text: p.T(i18n.FrozenReplaced), Tone: ui.Neutral}
		}
		made, action := ui.Cell{Text: p.T(i18n.SendingNotMade)}, ui.Cell{}
		if one.Sent.ID != "" {
			made = ui.Cell{Text: p.Lang.Instant(one.Sent.MadeAt)}
		}
		if v.may {
			action.Body = sendButton(p, one)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: one.Scope + " · " + one.Movement, Href: "/admin/reports/frozen/" + one.ID},
			{Text: p.Lang.Date(one.AsOf)},
			{Text: strconv.Itoa(one.Version)},
			{Text: p.Lang.Instant(one.FrozenAt)},
			made, state, action,
		}})
	}
	return t
}

// make asks first, with what is in it, and makes the package of a frozen report.
func (f *Face) make(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	id := r.PathValue("snapshot")
	all, err := f.Parcels.Sendables(r.Context(), who)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s parcel.Sendable) bool { return s.ID == id })
	if i < 0 {
		return desk.NotFound()
	}
	fill, _ := desk.FilledFrom(r)
	if fill.Values.Has(desk.FieldEdit) {
		return webkit.Redirect(w, r, sentPath)
	}
	if fill.Sent(r) && fill.Sure() {
		if _, err := f.Parcels.Make(r.Context(), who, id); err != nil {
			return err
		}
		return desk.Done(w, r, sentPath, i18n.SendingMade)
	}
	one := all[i]
	ask := fill.Ask(lang.T(i18n.SendingMakeAsk), sentPath, ui.Btn{Text: lang.T(i18n.SendingMake), Icon: ui.IconSend, Kind: ui.Primary},
		lang.T(i18n.SendingMakeItem, one.Movement, one.Scope, one.AsOf, one.Version))
	return f.AskFirst(w, r, ask, lang.T(i18n.SendingMake), crumb(lang), ui.Link{Text: lang.T(i18n.SendingSent), Href: sentPath})
}

func (f *Face) sentFile(w http.ResponseWriter, r *http.Request) error {
	return spooled(w, r, asPackage(""), func(file *os.File) (string, error) {
		return f.Parcels.Write(r.Context(), webkit.Actor(r), r.PathValue("snapshot"), file)
	})
}
