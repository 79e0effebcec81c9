package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// movementDoc is a movement as programs see it.
type movementDoc struct {
	Code         string        `json:"code" doc:"Code of the movement." example:"HK-2024"`
	Name         string        `json:"name" doc:"Its name."`
	Slogan       string        `json:"slogan,omitempty" doc:"Its slogan."`
	Occasion     string        `json:"occasion,omitempty" doc:"The occasion that it honours."`
	Level        levelCode     `json:"level" doc:"The level on which it was launched."`
	Unit         report.Place  `json:"unit" doc:"The unit whose area it covers."`
	StandingBody report.Place  `json:"standingBody" doc:"The unit that receives registrations and keeps the list."`
	Upper        string        `json:"upper,omitempty" doc:"Code of the movement of the level above that it answers, where the token sees that."`
	Follows      string        `json:"follows,omitempty" doc:"Code of the movement of the year before, where the token sees that."`
	LaunchedOn   clock.Date    `json:"launchedOn" doc:"The day of the launch."`
	Periods      []periodDoc   `json:"periods" doc:"Its periods by their first day."`
	Fields       []localField  `json:"fields" doc:"Its fields, each under a national one."`
	Papers       []launchPaper `json:"papers" doc:"The papers of the launch."`
}

type periodDoc struct {
	No   int        `json:"no" doc:"Number of the period; no two movements share one."`
	Name string     `json:"name" doc:"Its name."`
	From clock.Date `json:"from" doc:"The first day."`
	To   clock.Date `json:"to" doc:"The last day, within."`
}

type localField struct {
	Code     string    `json:"code" doc:"Code of the field in the movement."`
	Name     string    `json:"name" doc:"Its name."`
	National fieldCode `json:"national" doc:"The national field under which it is counted."`
}

type launchPaper struct {
	Kind     paperCode  `json:"kind" doc:"What sort of paper it is."`
	Number   string     `json:"number" doc:"Its number."`
	SignedOn clock.Date `json:"signedOn" doc:"The day of signing."`
	Title    string     `json:"title" doc:"Its title."`
}

type movementList struct {
	Movements []movementDoc `json:"movements" doc:"The movements whose area the token's units touch, the latest first."`
}

func (f *Face) movementOperations() {
	read(f, operation{
		id: "listMovements", path: "/movements", right: movement.RightRead, summary: "List the movements",
		about: "All whose area touches the units of the token.", answer: "The movements.",
	}, f.movementList)
	read(f, operation{
		id: "getMovement", path: "/movements/{code}", right: movement.RightRead, summary: "Find a movement", answer: "The movement.",
		params: []*huma.Param{inTheAddress("code", "Code of the movement.")},
	}, f.movement)
}

func (f *Face) movementList(r *http.Request, _ *webkit.FormReader) (movementList, error) {
	all, tree, err := f.movements(r)
	if err != nil {
		return movementList{}, err
	}
	out := movementList{Movements: make([]movementDoc, 0, len(all))}
	for _, m := range all {
		out.Movements = append(out.Movements, movementOf(m, all, tree))
	}
	return out, nil
}

func (f *Face) movement(r *http.Request, _ *webkit.FormReader) (movementDoc, error) {
	m, err := f.Movements.Get(r.Context(), webkit.Actor(r), r.PathValue("code"))
	if err != nil {
		return movementDoc{}, err
	}
	all, tree, err := f.movements(r)
	if err != nil {
		return movementDoc{}, err
	}
	return movementOf(m, all, tree), nil
}

// movements are all that the token sees, with the tree that names their units.
func (f *Face) movements(r *http.Request) ([]movement.Movement, *org.Tree, error) {
	all, err := f.Movements.List(r.Context(), webkit.Actor(r))
	if err != nil {
		return nil, nil, err
	}
	tree, err := f.Org.Current(r.Context())
	return all, tree, err
}

// movementOf writes a movement out; seen are those that it may name.
func movementOf(m movement.Movement, seen []movement.Movement, tree *org.Tree) movementDoc {
	out := movementDoc{
		Code: m.Code, Name: m.Name, Slogan: m.Slogan, Occasion: m.Occasion, Level: levelCode(m.Level), LaunchedOn: m.LaunchedOn,
		Unit: place(tree, m.Unit, m.LaunchedOn), StandingBody: place(tree, m.StandingBody, m.LaunchedOn),
		Periods: make([]periodDoc, 0, len(m.Periods)), Fields: make([]localField, 0, len(m.Fields)), Papers: make([]launchPaper, 0, len(m.Papers)),
	}
	for _, other := range seen {
		switch other.ID {
		case m.Upper:
			out.Upper = other.Code
		case m.Follows:
			out.Follows = other.Code
		}
	}
	for _, p := range m.Periods {
		out.Periods = append(out.Periods, periodDoc(p))
	}
	for _, x := range m.Fields {
		out.Fields = append(out.Fields, localField{Code: x.Code, Name: x.Name, National: fieldCode(x.National.String())})
	}
	for _, p := range m.Papers {
		out.Papers = append(out.Papers, launchPaper{Kind: paperCode(p.Kind), Number: p.Number, SignedOn: p.SignedOn, Title: p.Title})
	}
	return out
}
