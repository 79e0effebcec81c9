package admin

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// farAway is later than any act: what holds then has not been taken back.
const farAway clock.Date = 1 << 20

// act is one act in a history as the page shows it.
type act struct {
	id       string
	kind     ledger.Kind
	on       clock.Date
	title    string
	recorded string
	reason   string
	about    string // what the act made of the entry
	decision ui.Link
	voided   string // by whom, when and why; "" where it stands
	void     string // address of the form that voids it
	revoke   string // address of the form that revokes it
}

func (a act) tone() ui.Tone {
	switch {
	case a.voided != "":
		return ui.Neutral
	case a.kind == ledger.Recognised || a.kind == ledger.Typical || a.kind == ledger.Awarded || a.kind == ledger.Praised || a.kind == ledger.Found:
		return ui.OK
	case a.kind == ledger.Returned || a.kind == ledger.Suspended:
		return ui.Wait
	case a.kind == ledger.Refused || a.kind == ledger.Revoked || a.kind == ledger.StruckOff || a.kind == ledger.Withdrawn:
		return ui.Bad
	case a.kind == ledger.Received || a.kind == ledger.Started:
		return ui.Info
	default:
		return ui.Neutral
	}
}

func (a act) icon() ui.Icon {
	icons := map[ledger.Kind]ui.Icon{
		ledger.Registered: ui.IconFilePlus, ledger.Described: ui.IconPencil, ledger.Recognised: ui.IconAward, ledger.Typical: ui.IconStar,
		ledger.Adopted: ui.IconNetwork, ledger.Reclassified: ui.IconTag, ledger.Revoked: ui.IconUndo2, ledger.Found: ui.IconEye,
		ledger.Praised: ui.IconMegaphone, ledger.Awarded: ui.IconTrophy,
	}
	if icon, ok := icons[a.kind]; ok {
		return icon
	}
	for _, v := range verbs() {
		if v.kind == a.kind {
			return v.icon
		}
	}
	return ui.IconClock
}

// offer says what can be done about the act.
func (a *act) offer(code string, p practice.Possible) {
	if slices.Contains(p.Void, a.id) {
		a.void = entryPath(code, "void", a.id)
	}
	if slices.Contains(p.Revoke, a.id) {
		a.revoke = entryPath(code, "revoke", a.id)
	}
}

// historyOf puts acts into words, in the order of their days. A void is told at the act
// that it took back.
func (f *Face) historyOf(r *http.Request, st ledger.Standing, tree *org.Tree, names map[string]string) ([]act, error) {
	lang := webkit.Lang(r)
	voids, byID := map[string]ledger.Act{}, map[string]ledger.Act{}
	for _, a := range st.Acts {
		byID[a.ID] = a
		if a.Kind == ledger.Voided {
			voids[a.Target] = a
		}
	}
	var all []act
	for _, a := range st.Acts {
		if a.Kind == ledger.Voided {
			continue
		}
		h := act{
			id: a.ID, kind: a.Kind, on: a.On, title: lang.T(a.Kind.Label()), reason: a.Reason,
			recorded: lang.T(i18n.RegisterRecorded, lang.Instant(a.At), names[a.By]),
		}
		if a.Kind == ledger.Revoked {
			h.title = lang.T(i18n.RegisterRevokedWhat, h.title, lang.T(byID[a.Target].Kind.Label()))
		}
		if a.Kind == ledger.StruckOff && a.Reason == string(ledger.Withdrawn) {
			h.reason = lang.T(i18n.LedgerActWithdrawn)
		}
		if v, ok := voids[a.ID]; ok {
			h.voided = lang.T(i18n.RegisterVoidedBy, lang.Instant(v.At), names[v.By], v.Reason)
		}
		h.about = about(lang, a, tree)
		var err error
		if h.decision, err = f.decisionLink(r, a.Decision); err != nil {
			return nil, err
		}
		if a.Decision != "" && a.Level != org.NoLevel {
			h.about = lang.T(a.Level.Label())
		}
		all = append(all, h)
	}
	slices.SortStableFunc(all, func(a, b act) int { return cmp.Compare(a.on, b.on) })
	return all, nil
}

// about says what an act made of the entry, or who took it up.
func about(lang i18n.Lang, a ledger.Act, tree *org.Tree) string {
	if a.Attr == nil {
		return ""
	}
	name := desk.UnitName(tree, a.Attr.Unit, a.On)
	switch a.Kind {
	case ledger.Adopted:
		return name
	case ledger.Described, ledger.Reclassified:
		return name + " · " + lang.T(a.Attr.Kind.Label()) + " · " + lang.T(a.Attr.Field.Label()) + " · " + lang.T(a.Attr.Origin.Label())
	default:
		return ""
	}
}

// decisionLink names a paper and leads to it; nothing where it is out of reach.
func (f *Face) decisionLink(r *http.Request, id string) (ui.Link, error) {
	if id == "" || !webkit.Actor(r).Can(movement.RightRead) {
		return ui.Link{}, nil
	}
	d, err := f.Movements.Decision(r.Context(), webkit.Actor(r), id)
	if errs.Is(err, errs.NotFound) {
		return ui.Link{}, nil
	}
	if err != nil {
		return ui.Link{}, err
	}
	return ui.Link{Text: paperName(webkit.Lang(r), d), Href: "/admin/decisions/" + d.ID}, nil
}

// paperName is a decision or minutes as a text names them.
func paperName(lang i18n.Lang, d ledger.Decision) string {
	if d.Paper == ledger.PaperMinutes {
		return lang.T(i18n.RegisterPaperMinutes, cmp.Or(d.Number, d.Title))
	}
	return lang.T(i18n.RegisterPaperDecision, d.Number)
}

// honours lists what a subject was praised and awarded, in all years.
func (f *Face) honours(r *http.Request, exemplar string, acts []ledger.Act) ([]ui.TimelineEvent, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	if !who.Can(award.RightRead) || !who.Can(rulebook.RightRead) || len(acts) == 0 {
		return nil, nil
	}
	all, err := f.Awards.To(ctx, who, exemplar)
	if err != nil {
		return nil, err
	}
	st := ledger.StandingOf(acts)
	inForce := map[string]bool{}
	for _, a := range slices.Concat(st.InForce(ledger.Awarded, farAway), st.InForce(ledger.Praised, farAway)) {
		inForce[a.ID] = true
	}
	var events []ui.TimelineEvent
	for _, a := range all {
		e := ui.TimelineEvent{Title: lang.T(i18n.LedgerPraised), Text: a.Achievement, Tone: ui.OK, Icon: ui.IconAward}
		i := slices.IndexFunc(acts, func(x ledger.Act) bool { return x.ID == a.Act })
		if i >= 0 {
			e.On = acts[i].On
		}
		if a.Kind == award.Given {
			var level org.Level
			if i >= 0 {
				level = acts[i].Level
			}
			forms, err := f.Rulebook.Forms(ctx, who, e.On)
			if err != nil {
				return nil, err
			}
			e.Title = formName(lang, forms, a, level)
		}
		paper, err := f.decisionLink(r, a.Decision)
		if err != nil {
			return nil, err
		}
		e.By, e.Href = paper.Text, paper.Href
		switch {
		case a.Voided:
			e.Tone, e.Text = ui.Bad, lang.T(i18n.RegisterVoided)
		case !inForce[a.Act]:
			e.Tone, e.Text = ui.Bad, lang.T(i18n.RegisterHonourRevoked)
		}
		events = append(events, e)
	}
	return events, nil
}
