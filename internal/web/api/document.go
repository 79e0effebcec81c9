package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const (
	inQuery    = "query"
	inPath     = "path"
	tokenName  = "token"
	schemaRoot = "#/components/schemas/"
)

const about = `The register and the figures of the emulation movement "Dân vận khéo", for programs.

Send an access token: ` + "`Authorization: Bearer nr_…`" + `. A token belongs to an account and has those of the account's rights that
it was made with; it sees the units that the account sees, and what lies outside is not found. Days are civil days in Việt Nam,
` + "`YYYY-MM-DD`" + `; instants are RFC 3339. Texts of errors follow Accept-Language (vi, en); their codes do not change. Lists
are read page by page: as long as an answer has ` + "`next`" + `, ask again with it as ` + "`cursor`" + `.`

// newDocument begins the OpenAPI document.
func newDocument() *huma.OpenAPI {
	schemas := huma.NewMapRegistry(schemaRoot, schemaName)
	schemas.RegisterTypeAlias(reflect.TypeFor[clock.Date](), reflect.TypeFor[civilDay]())
	schemas.RegisterTypeAlias(reflect.TypeFor[report.Figures](), reflect.TypeFor[tenFigures]())
	d := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Nhân Rộng", Version: "1", Description: about,
			License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
		},
		Servers: []*huma.Server{{URL: "/"}},
		Components: &huma.Components{
			Schemas:   schemas,
			Responses: map[string]*huma.Response{},
			SecuritySchemes: map[string]*huma.SecurityScheme{tokenName: {
				Type: "http", Scheme: "bearer", Description: "An access token, made by: nhanrong token create --name … --right … --expires …",
			}},
		},
	}
	problem := schemas.Schema(reflect.TypeFor[webkit.Problem](), true, "")
	for _, status := range failures() {
		d.Components.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: i18n.En.T(webkit.Title(status)) + ".",
			Content:     map[string]*huma.MediaType{webkit.ProblemType: {Schema: problem}},
		}
	}
	return d
}

// schemaName is the name of a type in the document: entryDoc, so called here because the
// domain has an Entry, is Entry there.
func schemaName(t reflect.Type, hint string) string {
	return strings.TrimSuffix(huma.DefaultSchemaNamer(t, hint), "Doc")
}

// failures are the statuses with which any operation may fail.
func failures() []int {
	return []int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
}

// describe puts an operation that answers with an O into the document.
func describe[O any](d *huma.OpenAPI, op operation) {
	responses := map[string]*huma.Response{strconv.Itoa(http.StatusOK): {
		Description: op.answer,
		Content:     map[string]*huma.MediaType{"application/json": {Schema: d.Components.Schemas.Schema(reflect.TypeFor[O](), true, "")}},
	}}
	for _, status := range failures() {
		code := strconv.Itoa(status)
		responses[code] = &huma.Response{Ref: "#/components/responses/" + code}
	}
	d.AddOperation(&huma.Operation{
		Method: http.MethodGet, Path: Root + op.path, OperationID: op.id, Summary: op.summary, Description: op.about,
		Parameters: op.params, Responses: responses, Security: []map[string][]string{{tokenName: {string(op.right)}}},
	})
}

// publish writes the document, once, and adds its own addresses. It is the same for
// everybody and says nothing about anybody, so it is open to all.
func (f *Face) publish() error {
	for _, name := range slices.Sorted(maps.Keys(f.document.Components.Schemas.Map())) {
		neverNull(f.document.Components.Schemas.Map()[name])
	}
	asJSON, err := json.Marshal(f.document)
	if err != nil {
		return fmt.Errorf("write the description of the API: %w", err)
	}
	asYAML, err := f.document.YAML()
	if err != nil {
		return fmt.Errorf("write the description of the API: %w", err)
	}
	f.routes = append(f.routes, static("/openapi.json", "application/openapi+json", asJSON), static("/openapi.yaml", "application/openapi+yaml", asYAML))
	return nil
}

// neverNull says of lists what holds here: they may be empty, not missing.
func neverNull(s *huma.Schema) {
	for _, p := range s.Properties {
		if p.Type == huma.TypeArray {
			p.Nullable = false
		}
	}
}

func static(path, kind string, body []byte) webkit.Route {
	return webkit.Route{Method: http.MethodGet, Pattern: Root + path, Public: true, Handle: func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", kind)
		w.Write(body) //nolint:errcheck // the program has gone
		return nil
	}}
}

// inTheAddress is a part of the path.
func inTheAddress(name, about string) *huma.Param {
	return &huma.Param{Name: name, In: inPath, Required: true, Description: about, Schema: &huma.Schema{Type: huma.TypeString}}
}

// aText is a text, aDay a civil day, aChoice one of some codes, aNumber a whole number:
// each after the "?" of an address.
func aText(name, about string) *huma.Param {
	return &huma.Param{Name: name, In: inQuery, Description: about, Schema: &huma.Schema{Type: huma.TypeString}}
}

func aDay(name, about string) *huma.Param {
	return &huma.Param{Name: name, In: inQuery, Description: about, Schema: civilDay("").Schema(nil)}
}

func aChoice(name, about string, codes []string) *huma.Param {
	return &huma.Param{Name: name, In: inQuery, Description: about, Schema: oneOf(codes)}
}

func aNumber(name, about string, least, most float64) *huma.Param {
	return &huma.Param{Name: name, In: inQuery, Description: about, Schema: &huma.Schema{Type: huma.TypeInteger, Minimum: &least, Maximum: &most}}
}

// needed makes a parameter one that must be given.
func needed(p *huma.Param) *huma.Param {
	p.Required = true
	return p
}
