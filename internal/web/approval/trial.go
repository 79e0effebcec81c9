package approval

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// trialView is a route tried on a model that is known. Nothing of it is written.
type trialView struct {
	route    review.Route
	version  review.Version
	code     string
	problem  string
	subject  review.Subject
	trial    review.Trial
	steps    []stepView
	played   []string
	next     []tryOption
	back     string // without the last decision
	warnings int
	ended    i18n.Key
}

// tryOption is a decision that can be tried next.
type tryOption struct{ text, href string }

// maxTried bounds how many decisions are tried one after the other.
const maxTried = 60

func (f *Pages) routeTry(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang, q := r.Context(), webkit.Actor(r), webkit.Lang(r), webkit.Query(r)
	one, err := f.Reviews.Route(ctx, who, r.PathValue("route"))
	if err != nil {
		return err
	}
	v := trialView{route: one, code: q.Text("entry", 40)}
	raw := q.Text("votes", 6000)
	if err := q.Err(); err != nil {
		return err
	}
	if len(one.Versions) > 0 {
		v.version = one.Versions[0]
	}
	if v.code != "" && v.version.No > 0 {
		if err := f.tried(r, &v, decisions(raw), raw); err != nil {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.ApprovalTry), ui.Link{Text: lang.T(i18n.ApprovalRoutes), Href: desk.RoutesPath},
		ui.Link{Text: one.Name, Href: routeLink(one.ID)})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, trialPage(p, v))
}

func (f *Pages) tried(r *http.Request, v *trialView, played []review.VoteInput, raw string) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	subject, err := f.Practices.Subject(ctx, who, strings.ToUpper(v.code))
	if errs.Is(err, errs.NotFound) {
		v.problem = lang.T(i18n.PracticeNotFound)
		return nil
	}
	if err != nil {
		return err
	}
	if v.trial, err = f.Reviews.Try(ctx, who, v.route.ID, v.version.No, subject, played); err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v.subject = subject
	v.steps = f.trialViews(lang, tree, v)
	for _, d := range played {
		v.played = append(v.played, lang.T(i18n.ApprovalPlayed, lang.T(d.Kind.Label()), nameOf(lang, v.trial.Names, d.For)))
	}
	if err := v.trial.Error; err != nil {
		if all := errs.All(err); len(all) > 0 {
			v.problem = lang.T(all[0].Key, all[0].Args...)
		}
	}
	link := func(votes string) string { return webkit.Link(r, "votes", votes) }
	if i := strings.LastIndex(raw, "~"); raw != "" {
		v.back = link(raw[:max(i, 0)])
	}
	v.ended = v.trial.State.Phase.Label()
	if v.trial.State.Phase == review.PhaseOpen && len(played) < maxTried {
		v.next = f.offers(lang, v, raw, link)
	}
	return nil
}

// offers are the decisions that can be tried next.
func (f *Pages) offers(lang i18n.Lang, v *trialView, raw string, link func(string) string) []tryOption {
	var all []tryOption
	s := v.trial.State
	offer := func(x review.Seat, kind review.EventKind, to int, text string) {
		d := strings.Join([]string{string(kind), number(x.Group), x.Account, number(to)}, ",")
		if raw != "" {
			d = raw + "~" + d
		}
		all = append(all, tryOption{lang.T(i18n.ApprovalOffer, nameOf(lang, v.trial.Names, x.Account), text), link(d)})
	}
	for _, x := range s.Awaited() {
		offer(x, review.Approved, 0, lang.T(review.Approved.Label()))
		if s.Plan.Steps[s.Step].Refuse {
			offer(x, review.Refused, 0, lang.T(review.Refused.Label()))
		}
		for _, to := range s.Back() {
			if to != review.Registrant {
				offer(x, review.Returned, to, lang.T(i18n.ApprovalReturnTo, s.Plan.Steps[to].Name))
			}
		}
	}
	return all
}

// decisions reads what was tried so far: "approved,0,account,0", parted by "~". What cannot
// be read is left out.
func decisions(raw string) []review.VoteInput {
	var all []review.VoteInput
	for part := range strings.SplitSeq(raw, "~") {
		words := strings.Split(part, ",")
		if len(words) != 4 || len(all) == maxTried {
			continue
		}
		group, err := strconv.Atoi(words[1])
		to, err2 := strconv.Atoi(words[3])
		if err == nil && err2 == nil {
			all = append(all, review.VoteInput{Kind: review.EventKind(words[0]), Group: group, For: words[2], To: to})
		}
	}
	return all
}

func (f *Pages) trialViews(lang i18n.Lang, tree *org.Tree, v *trialView) []stepView {
	c := review.Case{State: v.trial.State}
	all := f.planViews(lang, tree, v.version.Plan)
	for i, ts := range v.trial.Steps {
		all[i].warnings = ts.Warnings
		v.warnings += len(ts.Warnings)
		all[i].state, all[i].tone = stepState(c, i)
		if ts.Skipped {
			continue
		}
		if ts.Due != 0 {
			all[i].about = strings.TrimPrefix(all[i].about+" · "+lang.T(i18n.ApprovalFromTo, ts.Opens, ts.Due), " · ")
		}
		for j, tg := range ts.Groups {
			g := &all[i].groups[j]
			g.warnings = tg.Warnings
			v.warnings += len(tg.Warnings)
			if tg.Unit != "" && tg.Group.At != review.AtUnit { // a named unit is named already
				g.about = desk.UnitName(tree, tg.Unit, f.Now.Today()) + " · " + g.about
			}
			for _, account := range tg.Accounts {
				g.seats = append(g.seats, trialSeat(lang, v.trial, i, j, account))
			}
		}
	}
	return all
}

func trialSeat(lang i18n.Lang, t review.Trial, step, group int, account string) seatView {
	x := seatView{name: nameOf(lang, t.Names, account), state: lang.T(i18n.ApprovalWould)}
	at := slices.IndexFunc(t.State.Seats, func(s review.Seat) bool { return s.Step == step && s.Group == group && s.Account == account })
	if at >= 0 && t.State.Seats[at].Vote != nil {
		x.state, x.tone = lang.T(t.State.Seats[at].Vote.Kind.Label()), voteTone(t.State.Seats[at].Vote.Kind)
	}
	return x
}
