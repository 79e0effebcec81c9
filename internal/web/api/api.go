// Package api is the face for programs: JSON under /api/v1, read only by now. A program
// sends a token of an account and has the rights that both have, in the scope of the
// account; what lies outside it is not found, in lists, counts and figures alike.
//
// Each operation is one line of a plan ([Face.Routes] for the kit, the OpenAPI document
// for the reader): its address, its right, its parameters and what it answers. The
// document's schemas come from the types that are written out, and its choices from the
// lists of the domain, so it cannot say anything else than the program does. Errors are
// problem documents, made by the kit.
package api

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Root is where the addresses of the API begin.
const Root = "/api/v1"

// Rooms are the capabilities that programs reach.
type Rooms struct {
	Now         clock.Clock
	Org         *org.Service
	Movements   *movement.Service
	Conferences *conference.Service
	Practices   *practice.Service
	Replication *replication.Service
	Reports     *report.Service
}

// Face is the API.
type Face struct {
	Rooms
	document *huma.OpenAPI
	routes   []webkit.Route
}

// New makes the API.
func New(rooms Rooms) (*Face, error) {
	f := &Face{Rooms: rooms, document: newDocument()}
	f.movementOperations()
	f.conferenceOperations()
	f.entryOperations()
	f.figureOperations()
	if err := f.publish(); err != nil {
		return nil, err
	}
	return f, nil
}

// Routes lists every address of the API, for [webkit.Kit.Programs].
func (f *Face) Routes() []webkit.Route { return slices.Clone(f.routes) }

// operation is what a program can ask for.
type operation struct {
	id      string // unique, for those who generate clients
	path    string // below Root
	right   actor.Right
	summary string
	about   string
	answer  string // what comes back
	params  []*huma.Param
}

// read adds an operation that answers with an O.
func read[O any](f *Face, op operation, h func(*http.Request, *webkit.FormReader) (O, error)) {
	describe[O](f.document, op)
	f.routes = append(f.routes, webkit.Route{
		Method: http.MethodGet, Pattern: Root + op.path, Right: op.right,
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			q := webkit.Query(r)
			op.refuseUnknown(q)
			out, err := h(r, q)
			if err == nil {
				err = q.Err() // of an operation that reads no parameters
			}
			if err != nil {
				return err
			}
			return webkit.JSON(w, out)
		},
	})
}

// refuseUnknown refuses what the operation does not know: a filter that is misspelt must
// not become a list that is not filtered.
func (op operation) refuseUnknown(q *webkit.FormReader) {
	for _, name := range sortedNames(q.Values) {
		if !slices.ContainsFunc(op.params, func(p *huma.Param) bool { return p.In == inQuery && p.Name == name }) {
			q.Errors.Add(name, i18n.ApiUnknownParameter)
		}
	}
}

func sortedNames(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// place names a unit by its name on a day.
func place(tree *org.Tree, id string, on clock.Date) report.Place {
	unit, _ := tree.Unit(id)
	return report.Place{Code: unit.Code, Name: unit.NameOn(on)}
}
