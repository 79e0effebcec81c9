package steering

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) cloneRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(one+"/clone", movement.RightManage, f.clone),
		desk.Post(one+"/clone", movement.RightManage, f.clone),
	}
}

// clone makes the movement of the next year: it shows what is taken over and how much.
func (f *Face) clone(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	a, err := f.asked(r)
	if err != nil {
		return err
	}
	in, counts, err := f.Movements.CloneOf(r.Context(), who, a.movement.Code)
	if err != nil {
		return err
	}
	return f.answer(w, r, page{
		title: i18n.SteeringClone, crumbs: a.crumbs(lang), back: a.at,
		saved: url.Values{
			"code": {in.Code}, "name": {in.Name}, "slogan": {in.Slogan}, "occasion": {in.Occasion}, "launchedOn": {desk.Day(in.LaunchedOn)},
			"periodName": {in.Period.Name}, "from": {desk.Day(in.Period.From)}, "to": {desk.Day(in.Period.To)}, "factor": {strconv.Itoa(in.Factor)},
			"criteria": {"1"}, "targets": {"1"}, "phases": {"1"}, "duties": {"1"},
		},
		save: func(form *webkit.FormReader, _ int) (string, i18n.Key, error) {
			in := movement.CloneInput{
				Code: form.Text("code", 40), Name: form.Text("name", 400), Slogan: form.Text("slogan", 600), Occasion: form.Text("occasion", 600),
				LaunchedOn: form.Date("launchedOn"),
				Period:     movement.PeriodInput{Name: form.Text("periodName", 400), From: form.Date("from"), To: form.Date("to")},
				Criteria:   form.Bool("criteria"), Targets: form.Bool("targets"), Phases: form.Bool("phases"), Duties: form.Bool("duties"),
				Factor: form.Int("factor", 0, 1000),
			}
			if err := form.Err(); err != nil {
				return "", 0, err
			}
			made, _, err := f.Movements.Clone(r.Context(), who, a.movement.Code, in)
			return desk.MovementLink(made.Code), i18n.SteeringCloned, err
		},
		show: func(p ui.Page, v formView) templ.Component { return clonePage(p, v, counts) },
	})
}
