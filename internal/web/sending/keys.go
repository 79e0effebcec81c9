package sending

import (
	"net/http"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) keyRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(keysPath, parcel.RightRead, f.keys),
		desk.Post(keysPath, parcel.RightSend, f.makeKey),
		desk.Get(keysPath+"/renew", parcel.RightSend, f.renewKey),
		desk.Post(keysPath+"/renew", parcel.RightSend, f.renewKey),
		desk.Get(keysPath+"/{key}/withdraw", parcel.RightReceive, f.withdrawKey),
		desk.Post(keysPath+"/{key}/withdraw", parcel.RightReceive, f.withdrawKey),
	}
}

// keysView is the key of this house and those of its senders.
type keysView struct {
	own      *parcel.OwnKey
	retired  []parcel.OwnKey
	senders  []parcel.Sender
	names    map[string]string
	send     bool // may make the key
	renew    bool
	withdraw bool
}

func (f *Face) keys(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	v := keysView{send: who.Can(parcel.RightSend), renew: who.Can(parcel.RightSend) && who.Scope.All, withdraw: who.Can(parcel.RightReceive)}
	all, err := f.Parcels.OwnKeys(r.Context(), who)
	if err != nil {
		return err
	}
	for i, k := range all {
		if k.RetiredAt.IsZero() {
			v.own = &all[i]
		} else {
			v.retired = append(v.retired, k)
		}
	}
	if v.senders, err = f.Parcels.Senders(r.Context(), who); err != nil {
		return err
	}
	var by []string
	for _, s := range v.senders {
		by = append(by, s.ConfirmedBy)
	}
	if v.names, err = f.NamesOf(r, by); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.SendingKeys), crumb(lang))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, keysPage(p, v))
}

func (v keysView) table(p ui.Page) ui.Table {
	t := ui.Table{Caption: p.T(i18n.SendingSenderKeys), Columns: []ui.Column{
		{Label: p.T(i18n.SendingSender), Kind: ui.ColTitle},
		{Label: p.T(i18n.SendingFingerprint)},
		{Label: p.T(i18n.SendingToldBy)},
		{Label: p.T(i18n.SendingConfirmedAt)},
		{Label: p.T(i18n.FrozenState), Kind: ui.ColStatus},
		{Label: p.T(i18n.SendingWithdraw), Kind: ui.ColAction},
	}}
	for _, s := range v.senders {
		state, action := ui.Cell{Text: p.T(i18n.SendingTrusted), Tone: ui.OK}, ui.Cell{}
		switch {
		case !s.WithdrawnAt.IsZero():
			state = ui.Cell{Text: p.T(i18n.SendingWithdrawn), Tone: ui.Neutral}
			action = ui.Cell{Text: s.Reason, Sub: p.Lang.Instant(s.WithdrawnAt)}
		case v.withdraw:
			action = ui.Cell{Text: p.T(i18n.SendingWithdraw), Href: keysPath + "/" + s.ID + "/withdraw"}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: s.Unit.Name, Sub: s.Unit.Code}, {Body: fingerprint(s.Key.Fingerprint())}, {Text: s.ToldBy}, {Text: p.Lang.Instant(s.ConfirmedAt), Sub: v.names[s.ConfirmedBy]}, state, action,
		}})
	}
	return t
}

// makeKey makes the key of the house before the first package needs it.
func (f *Face) makeKey(w http.ResponseWriter, r *http.Request) error {
	if _, err := f.Parcels.Key(r.Context(), webkit.Actor(r)); err != nil {
		return err
	}
	return desk.Done(w, r, keysPath, i18n.SendingKeyMade)
}

// renewKey asks first: every receiver has to compare the new fingerprint.
func (f *Face) renewKey(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	fill, _ := desk.FilledFrom(r)
	if fill.Values.Has(desk.FieldEdit) {
		return webkit.Redirect(w, r, keysPath)
	}
	if fill.Sent(r) && fill.Sure() {
		if _, err := f.Parcels.RenewKey(r.Context(), webkit.Actor(r)); err != nil {
			return err
		}
		return desk.Done(w, r, keysPath, i18n.SendingKeyMade)
	}
	ask := fill.Ask(lang.T(i18n.SendingRenewAsk), keysPath, ui.Btn{Text: lang.T(i18n.SendingRenew), Icon: ui.IconKeyRound, Kind: ui.DangerPrimary})
	return f.AskFirst(w, r, ask, lang.T(i18n.SendingRenew), crumb(lang), ui.Link{Text: lang.T(i18n.SendingKeys), Href: keysPath})
}

// withdrawView is the form in which the trust in a key is ended.
type withdrawView struct {
	desk.Filled
	of parcel.Sender
}

func (f *Face) withdrawKey(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	all, err := f.Parcels.Senders(r.Context(), who)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s parcel.Sender) bool { return s.ID == r.PathValue("key") })
	if i < 0 {
		return desk.NotFound()
	}
	fill, form := desk.FilledFrom(r)
	v := withdrawView{fill, all[i]}
	status := http.StatusOK
	if v.Sent(r) {
		reason := form.Text("reason", 4*parcel.MaxReason)
		if err = form.Err(); err == nil {
			err = f.Parcels.Withdraw(r.Context(), who, v.of.ID, reason)
		}
		if err == nil {
			return desk.Done(w, r, keysPath, i18n.SendingWithdrawDone, v.of.Unit.Name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "reason"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.SendingWithdraw), crumb(lang), ui.Link{Text: lang.T(i18n.SendingKeys), Href: keysPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, withdrawPage(p, v))
}
