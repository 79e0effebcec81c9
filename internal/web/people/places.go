package people

import (
	"fmt"
	"io"
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const placesPath = desk.PlacesPath

// maxPlacesForm bounds what is posted: in a form a letter with marks takes nine bytes.
const maxPlacesForm = 9 * rulebook.MaxPlaces

func (f *Face) placesRoutes() []webkit.Route {
	check, take := desk.Post(placesPath, rulebook.RightManage, f.places), desk.Post(placesPath+"/take", rulebook.RightManage, f.placesTake)
	check.MaxBody, take.MaxBody = maxPlacesForm, maxPlacesForm
	return []webkit.Route{
		desk.Get(placesPath, rulebook.RightManage, f.places), check, take,
		desk.Post(placesPath+"/reset", rulebook.RightManage, f.placesReset),
	}
}

// placesView is the list in use, and what a file that was sent would change.
type placesView struct {
	desk.Filled
	now     rulebook.PlacesPlan
	plan    rulebook.PlacesPlan
	checked bool
	confirm ui.Confirm
}

// places shows the list in use, and checks a file. Nothing is written.
func (f *Face) places(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	now, err := f.Rules.PlacesInUse(r.Context(), who)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	state.Files, state.Action = true, placesPath
	v := placesView{Filled: state, now: now}
	status := http.StatusOK
	if v.Sent(r) {
		name, content, err := placesSent(r)
		if err == nil {
			err = form.Err()
		}
		if err == nil {
			v.plan, err = f.Rules.CheckPlaces(r.Context(), who, name, content)
		}
		if err != nil {
			var ok bool
			if status, ok = v.Refuse(lang, err, "file"); !ok {
				return err
			}
		} else {
			v.checked = true
			v.confirm = ui.Confirm{
				Action: placesPath + "/take", Cancel: placesPath, Submit: ui.Btn{Text: lang.T(i18n.PlacesTake), Icon: ui.IconCheck, Kind: ui.Primary},
				Hidden: []ui.Hidden{{Name: "name", Value: v.plan.Name}, {Name: "content", Value: content}},
			}
		}
	}
	p, err := f.Page(r, lang.T(i18n.PlacesTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, placesPage(p, v))
}

func placesSent(r *http.Request) (name, content string, err error) {
	file, ok, err := webkit.File(r, "file")
	if err != nil || !ok {
		return "", "", err
	}
	defer file.Close() //nolint:errcheck // it was only read
	raw, err := io.ReadAll(io.LimitReader(file, rulebook.MaxPlaces+1))
	if err != nil {
		return "", "", fmt.Errorf("read the file of places: %w", err)
	}
	return file.Name, string(raw), nil
}

func (f *Face) placesTake(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	plan, err := f.Rules.LoadPlaces(r.Context(), webkit.Actor(r), form.Text("name", 800), r.PostForm.Get("content"))
	if err != nil {
		return err
	}
	return desk.Done(w, r, placesPath, i18n.PlacesTaken, plan.Name)
}

// placesReset asks first, with what the list in use has beside the program's own.
func (f *Face) placesReset(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	now, err := f.Rules.PlacesInUse(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	if now.Name == "" {
		return webkit.Redirect(w, r, placesPath)
	}
	if state, _ := desk.FilledFrom(r); !state.Sure() {
		ask := state.Ask(lang.T(i18n.PlacesResetAsk, now.Name, now.New, now.Changed, now.Gone), placesPath,
			ui.Btn{Text: lang.T(i18n.PlacesReset), Icon: ui.IconRotateCcw, Kind: ui.DangerPrimary})
		return f.AskFirst(w, r, ask, lang.T(i18n.PlacesReset), ui.Link{Text: lang.T(i18n.PlacesTitle), Href: placesPath})
	}
	if err := f.Rules.ResetPlaces(r.Context(), webkit.Actor(r)); err != nil {
		return err
	}
	return desk.Done(w, r, placesPath, i18n.PlacesWasReset)
}

func placesFacts(p ui.Page, x rulebook.PlacesPlan) []ui.Definition {
	name, hash := x.Name, desk.OrDash(x.SHA256)
	if name == "" {
		name = p.T(i18n.PlacesOwn)
	}
	n := func(key i18n.Key, n int) ui.Definition { return ui.Definition{Term: p.T(key), Text: p.Lang.Number(n)} }
	return []ui.Definition{
		{Term: p.T(i18n.PlacesFile), Text: name},
		n(i18n.PlacesProvinces, x.Provinces), n(i18n.PlacesCommunes, x.Communes),
		n(i18n.PlacesNew, x.New), n(i18n.PlacesChanged, x.Changed), n(i18n.PlacesGone, x.Gone),
		{Term: p.T(i18n.PlacesHash), Text: hash},
	}
}
