package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// movementEdit changes what a movement says of itself, over the version that the form was
// made from.
func (f *Face) movementEdit(w http.ResponseWriter, r *http.Request) error {
	lang, who, code := webkit.Lang(r), webkit.Actor(r), r.PathValue("movement")
	saved, version, err := f.Movements.Draft(r.Context(), who, code)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.MovementpageEdit), ui.Link{Text: saved.Name, Href: desk.MovementLink(saved.Code)})
	if err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	v := movementFormView{Filled: fill, units: desk.UnitChoiceOf(tree, who.Scope, f.Now.Today()), back: desk.MovementLink(saved.Code)}
	if v.First {
		v.Values = movementValues(saved, version)
	}
	status := http.StatusOK
	if v.Sent(r) {
		in := readMovement(form)
		err := form.Err()
		if err == nil {
			err = f.Movements.Update(r.Context(), who, saved.Code, webkit.Version(r), in)
		}
		if err == nil {
			return desk.Done(w, r, v.back, i18n.MovementpageSaved)
		}
		if errs.Is(err, errs.Conflict) && webkit.Version(r) != version {
			p.Title = lang.T(i18n.RegisterConflictTitle)
			v.Values = movementValues(in, version)
			return desk.Render(w, r, http.StatusConflict, movementConflictPage(p, movementConflictOf(lang, tree, v.Filled, saved, in)))
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "name", "slogan", "occasion", "level", "unit", "standingBody", "upper", "follows", "launchedOn", "fields"); !ok {
			return err
		}
	}
	return desk.Render(w, r, status, movementEditPage(p, v))
}

// movementValues is a movement as its form holds it.
func movementValues(in movement.Input, version int) url.Values {
	return url.Values{
		webkit.VersionField: {strconv.Itoa(version)}, "name": {in.Name}, "slogan": {in.Slogan}, "occasion": {in.Occasion},
		"level": {string(in.Level)}, "unit": {in.Unit}, "standingBody": {in.StandingBody}, "upper": {in.Upper}, "follows": {in.Follows},
		"launchedOn": {in.LaunchedOn.String()}, "fields": {fieldText(in.Fields)},
	}
}

// fieldText writes local fields as they are typed.
func fieldText(all []movement.Field) string {
	lines := make([]string, len(all))
	for i, x := range all {
		lines[i] = x.Code + "; " + x.Name + "; " + x.National.String()
	}
	return strings.Join(lines, "\n")
}

// movementConflict shows what somebody wrote of a movement beside what somebody else saved
// meanwhile.
type movementConflict struct {
	desk.Filled
	lines []conflictLine
	same  []string
	back  string
}

func movementConflictOf(lang i18n.Lang, tree *org.Tree, f desk.Filled, saved, mine movement.Input) movementConflict {
	v := movementConflict{Filled: f, back: desk.MovementLink(saved.Code)}
	yours, theirs := movementWords(lang, tree, mine), movementWords(lang, tree, saved)
	for i, line := range yours {
		if line.text == theirs[i].text {
			v.same = append(v.same, line.label)
		} else {
			v.lines = append(v.lines, conflictLine{line.label, line.text, theirs[i].text})
		}
	}
	return v
}

// movementWords is the form of a movement as a person reads it.
func movementWords(lang i18n.Lang, tree *org.Tree, in movement.Input) []fieldWords {
	unit := func(code string) string {
		u, _ := tree.ByCode(code)
		return u.NameOn(in.LaunchedOn)
	}
	return []fieldWords{
		{lang.T(i18n.AdminMovement), in.Name},
		{lang.T(i18n.AdminColLevel), lang.T(in.Level.Label())},
		{lang.T(i18n.MovementpageArea), unit(in.Unit)},
		{lang.T(i18n.MovementpageStandingBody), unit(in.StandingBody)},
		{lang.T(i18n.MovementpageLaunched), lang.Date(in.LaunchedOn)},
		{lang.T(i18n.MovementpageSlogan), in.Slogan},
		{lang.T(i18n.MovementpageOccasion), in.Occasion},
		{lang.T(i18n.MovementpageUpper), strings.ToUpper(in.Upper)},
		{lang.T(i18n.MovementpageFollows), strings.ToUpper(in.Follows)},
		{lang.T(i18n.MovementpageFields), fieldText(in.Fields)},
	}
}
