package approval

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// stepsForm is the form of the steps of a route.
type stepsForm struct {
	desk.Filled
	plan   review.Plan
	logins map[string]string // of named accounts
	units  desk.UnitChoice
	roles  []ui.OptionGroup
	people []ui.Option // that can be named
	unit   func(id string) string
	route  review.Route
}

// fieldDo is the button by which a row of the form is added, moved or removed.
const fieldDo = "do"

func (f *Pages) routeSteps(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	one, err := f.Reviews.Route(ctx, who, r.PathValue("route"))
	if err != nil {
		return err
	}
	v, form, err := f.newStepsForm(r, one)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if !v.First {
		err := f.readPlan(r, &v, form)
		switch do := form.Text(fieldDo, 40); {
		case r.Method != http.MethodPost:
		case do != "":
			v.plan = changed(v.plan, do)
		case err == nil:
			if err = f.Reviews.Draw(ctx, who, one.ID, webkit.Version(r), v.plan); err == nil {
				return desk.Done(w, r, routeLink(one.ID), i18n.ApprovalStepsSaved)
			}
			fallthrough
		default:
			var ok bool
			if status, ok = v.Refuse(lang, err, v.fields()...); !ok {
				return err
			}
		}
	}
	p, err := f.Page(r, lang.T(i18n.ApprovalDrawSteps), ui.Link{Text: lang.T(i18n.ApprovalRoutes), Href: desk.RoutesPath},
		ui.Link{Text: one.Name, Href: routeLink(one.ID)})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, stepsPage(p, v))
}

func (f *Pages) newStepsForm(r *http.Request, one review.Route) (stepsForm, *webkit.FormReader, error) {
	who, lang, today := webkit.Actor(r), webkit.Lang(r), f.Now.Today()
	filled, form := desk.FilledFrom(r)
	v := stepsForm{Filled: filled, route: one, logins: map[string]string{}}
	v.Start(webkit.VersionField, number(one.Version))
	if len(one.Versions) > 0 {
		v.plan = one.Versions[0].Plan
	}
	if len(v.plan.Steps) == 0 {
		v.plan = changed(v.plan, "add")
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return v, form, err
	}
	v.units = desk.UnitChoiceOf(tree, who.Scope, today)
	v.unit = func(id string) string {
		u, _ := tree.Unit(id)
		return u.Code
	}
	options := []ui.Option{{Text: lang.T(i18n.ApprovalAnyRole)}}
	for _, role := range f.RoleNames {
		options = append(options, ui.Option{Value: role.Role, Text: lang.T(role.Label)})
	}
	v.roles = ui.Options(options...)
	people, err := f.Identity.List(r.Context(), who, identity.ListFilter{Limit: desk.MostSuggestions})
	for _, a := range people {
		v.logins[a.ID] = a.Login
		if !a.Disabled && a.Login != identity.Operator {
			v.people = append(v.people, ui.Option{Value: a.Login, Text: a.Name})
		}
	}
	return v, form, err
}

// readPlan reads the steps as they were filled.
func (f *Pages) readPlan(r *http.Request, v *stepsForm, form *webkit.FormReader) error {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v.plan = review.Plan{}
	for i := range form.Int("steps", 0, review.MaxSteps) {
		at := func(name string) string { return review.StepField(i, name) }
		step := review.Step{
			Name: form.Text(at("name"), 400), Days: form.Int(at("days"), 0, 999), Return: form.Bool(at("return")), Refuse: form.Bool(at("refuse")),
			Twice: form.Bool(at("twice")), Kinds: form.Choices(at("kinds"), ledger.Codes(ledger.SubjectKinds())...),
			Fields: form.Choices(at("fields"), ledger.Codes(ledger.Fields())...),
		}
		for j := range form.Int(at("groups"), 0, review.MaxGroups) {
			g, err := f.readGroup(r, form, tree, v.named(place{i, j}))
			if err != nil {
				return err
			}
			step.Groups = append(step.Groups, g)
		}
		v.plan.Steps = append(v.plan.Steps, step)
	}
	return form.Err()
}

// seated is a group of the form with the accounts that the route names already: who is not
// among those that the editor sees stands there by identity, and stays.
type seated struct {
	place
	before []string
}

func (v stepsForm) named(at place) seated {
	x := seated{place: at}
	for _, version := range v.route.Versions {
		for _, step := range version.Plan.Steps {
			for _, g := range step.Groups {
				x.before = append(x.before, g.Accounts...)
			}
		}
	}
	return x
}

func (f *Pages) readGroup(r *http.Request, form *webkit.FormReader, tree *org.Tree, of seated) (review.Group, error) {
	at := of.field
	var roles []string
	for _, role := range f.RoleNames {
		roles = append(roles, role.Role)
	}
	g := review.Group{
		Name: form.Text(at("name"), 400), At: review.At(form.Choice(at("at"), desk.Texts(review.Places())...)),
		Level: org.Level(form.Choice(at("level"), desk.Texts(org.Levels())...)), Role: form.Choice(at("role"), roles...),
		Rule: review.Rule(form.Choice(at("rule"), desk.Texts(review.Rules())...)), Need: form.Int(at("need"), 0, 999),
	}
	typed := desk.UnitCode(tree, webkit.Actor(r).Scope, f.Now.Today(), form.Text(at("unit"), 300))
	unit, ok := tree.ByCode(typed)
	if typed != "" && !ok {
		form.Errors.Add(at("unit"), i18n.OrgNotFound)
	}
	g.Unit = unit.ID
	for part := range strings.FieldsFuncSeq(form.Text(at("accounts"), 2000), func(c rune) bool { return c == ',' || c == ';' || c == '\n' || c == ' ' }) {
		if slices.Contains(of.before, part) {
			g.Accounts = append(g.Accounts, part)
			continue
		}
		a, err := f.Identity.ByLogin(r.Context(), webkit.Actor(r), part)
		if errs.Is(err, errs.NotFound) {
			form.Errors.Add(at("accounts"), i18n.ApprovalNoAccount, part)
			a.ID = part // what was typed is shown again
		} else if err != nil {
			return g, err
		}
		if !slices.Contains(g.Accounts, a.ID) {
			g.Accounts = append(g.Accounts, a.ID)
		}
	}
	return g, nil
}

// changed adds, moves or removes a step or a group: "add", "up:1", "down:1", "drop:1",
// "group:1", "ungroup:1:0". What names nothing changes nothing.
func changed(plan review.Plan, do string) review.Plan {
	verb, rest, _ := strings.Cut(do, ":")
	first, second, _ := strings.Cut(rest, ":")
	i, err := strconv.Atoi(first)
	steps := plan.Steps
	if verb == "add" {
		if len(steps) < review.MaxSteps {
			steps = append(steps, review.Step{Days: 3, Return: true, Refuse: true, Groups: []review.Group{newGroup()}})
		}
		return review.Plan{Steps: steps}
	}
	if err != nil || i < 0 || i >= len(steps) {
		return plan
	}
	switch verb {
	case "up":
		if i > 0 {
			steps[i-1], steps[i] = steps[i], steps[i-1]
		}
	case "down":
		if i < len(steps)-1 {
			steps[i+1], steps[i] = steps[i], steps[i+1]
		}
	case "drop":
		steps = slices.Delete(steps, i, i+1)
	case "group":
		if len(steps[i].Groups) < review.MaxGroups {
			steps[i].Groups = append(steps[i].Groups, newGroup())
		}
	case "ungroup":
		if j, err := strconv.Atoi(second); err == nil && j >= 0 && j < len(steps[i].Groups) {
			steps[i].Groups = slices.Delete(steps[i].Groups, j, j+1)
		}
	}
	return review.Plan{Steps: steps}
}

func newGroup() review.Group { return review.Group{At: review.AtOwn, Rule: review.Any} }

// fields are the names of all fields of the form.
func (v stepsForm) fields() []string {
	var all []string
	for i, step := range v.plan.Steps {
		for _, name := range []string{"name", "days", "kinds", "fields"} {
			all = append(all, review.StepField(i, name))
		}
		for j := range step.Groups {
			for _, name := range []string{"name", "at", "level", "unit", "role", "accounts", "rule", "need"} {
				all = append(all, review.GroupField(i, j, name))
			}
		}
	}
	return all
}

// at is a field of the form with a value.
func (v stepsForm) at(p ui.Page, name string, label i18n.Key, value string) ui.Field {
	return ui.Field{Name: name, Label: p.T(label), Value: value, Error: v.ByField[name]}
}

func (v stepsForm) accounts(ids []string) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = v.logins[id]
		if all[i] == "" {
			all[i] = id
		}
	}
	return strings.Join(all, ", ")
}

// zero writes a number, and nothing for none.
func zero(n int) string {
	if n == 0 {
		return ""
	}
	return number(n)
}

func picked[T interface {
	String() string
	Label() i18n.Key
}](lang i18n.Lang, all []T, on []string,
) []ui.Option {
	options := make([]ui.Option, len(all))
	for i, v := range all {
		options[i] = ui.Option{Value: v.String(), Text: lang.T(v.Label()), On: slices.Contains(on, v.String())}
	}
	return options
}
