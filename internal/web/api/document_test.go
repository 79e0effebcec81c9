package api_test

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
)

// document is the served description, with its schemas as the validator wants them.
type document struct {
	paths   map[string]any
	all     map[string]any
	schemas huma.Registry
}

func (h house) document() document {
	h.t.Helper()
	a := apptest.Visitor(h.t, h.site).Get("/api/v1/openapi.json") // anybody may read it
	if a.Status != http.StatusOK {
		h.t.Fatalf("%d %s", a.Status, a.Body)
	}
	d := document{all: decode[map[string]any](h.t, a.Body), schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)}
	d.paths = d.all["paths"].(map[string]any)
	for name, raw := range d.components("schemas") {
		d.schemas.Map()[name] = schemaOf(raw.(map[string]any))
	}
	return d
}

func (d document) components(kind string) map[string]any {
	return d.all["components"].(map[string]any)[kind].(map[string]any)
}

// schemaOf reads a schema back out of the served document.
func schemaOf(raw map[string]any) *huma.Schema {
	s := &huma.Schema{}
	s.Ref, _ = raw["$ref"].(string)
	s.Format, _ = raw["format"].(string)
	switch typ := raw["type"].(type) {
	case string:
		s.Type = typ
	case []any:
		s.Type, s.Nullable = typ[0].(string), true
	}
	s.Enum, _ = raw["enum"].([]any)
	if items, ok := raw["items"].(map[string]any); ok {
		s.Items = schemaOf(items)
	}
	switch more := raw["additionalProperties"].(type) {
	case bool:
		s.AdditionalProperties = more
	case map[string]any:
		s.AdditionalProperties = schemaOf(more)
	}
	if properties, ok := raw["properties"].(map[string]any); ok {
		s.Properties = map[string]*huma.Schema{}
		for name, p := range properties {
			s.Properties[name] = schemaOf(p.(map[string]any))
		}
	}
	for _, name := range asList(raw["required"]) {
		s.Required = append(s.Required, name.(string))
	}
	s.PrecomputeMessages()
	return s
}

func asList(v any) []any {
	all, _ := v.([]any)
	return all
}

// faults are what the document does not allow in an answer of an operation.
func (d document) faults(t *testing.T, path string, a apptest.Answer) []error {
	t.Helper()
	response := dig(d.paths, path, "get", "responses", strconv.Itoa(a.Status))
	if ref, ok := response["$ref"].(string); ok {
		response = dig(d.components("responses"), ref[strings.LastIndex(ref, "/")+1:])
	}
	schema := dig(response, "content", a.Header.Get("Content-Type"), "schema")
	if schema == nil {
		t.Errorf("%s: the document has no %d as %s", path, a.Status, a.Header.Get("Content-Type"))
		return nil
	}
	res := &huma.ValidateResult{}
	huma.Validate(d.schemas, schemaOf(schema), huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, decode[any](t, a.Body), res)
	return res.Errors
}

func dig(m map[string]any, names ...string) map[string]any {
	for _, name := range names {
		m, _ = m[name].(map[string]any)
	}
	return m
}

// TestAnswersKeepTheDocument asks for every operation, in ways that succeed and fail, and
// holds what comes back against the served description.
func TestAnswersKeepTheDocument(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		d, program := h.document(), h.program("canbo")
		code := h.object(program, "/entries", "movement", sample.Movement, "tab", "recognised")["entries"].([]any)[0].(map[string]any)["code"].(string)
		meeting := h.object(program, "/conferences")["conferences"].([]any)[0].(map[string]any)["id"].(string)
		asked := map[string][]string{
			"/api/v1/movements":                {address("/movements"), address("/movements", "x", "y")},
			"/api/v1/movements/{code}":         {address("/movements/" + sample.Movement), address("/movements/none")},
			"/api/v1/conferences":              {address("/conferences", "movement", sample.Movement, "limit", "1"), address("/conferences", "movement", "none")},
			"/api/v1/conferences/{conference}": {address("/conferences/" + meeting), address("/conferences/none")},
			"/api/v1/entries":                  {address("/entries", "movement", sample.Movement, "limit", "500"), address("/entries", "movement", "none"), address("/entries", "from", "x")},
			"/api/v1/entries/{code}":           {address("/entries/" + code), address("/entries/none")},
			"/api/v1/figures":                  {address("/figures", "movement", sample.Movement, "asOf", "2024-10-16", "list", "true"), address("/figures")},
		}
		for _, def := range ledger.Definitions() {
			asked["/api/v1/figures/{figure}/items"] = append(asked["/api/v1/figures/{figure}/items"],
				address("/figures/"+string(def.Figure)+"/items", "movement", sample.Movement, "asOf", "2024-10-16", "limit", "200"),
				address("/figures/"+string(def.Figure)+"/items", "movement", sample.Movement, "unit", "none"))
		}
		for path := range d.paths {
			if len(asked[path]) == 0 {
				t.Errorf("nobody asks for %s", path)
			}
			for _, one := range asked[path] {
				if faults := d.faults(t, path, program.Get(one)); len(faults) > 0 {
					t.Errorf("%s: %v", one, faults)
				}
			}
			if faults := d.faults(t, path, apptest.Visitor(t, h.site).Get(asked[path][0])); len(faults) > 0 {
				t.Errorf("%s to a visitor: %v", path, faults)
			}
		}
	})
}

// TestTheDocumentIsHeldAgainst shows that the check above can fail.
func TestTheDocumentIsHeldAgainst(t *testing.T) {
	h := emptyHouse(t)
	d := h.document()
	for _, body := range []string{`{}`, `{"movements":null}`, `{"movements":[{"code":1}]}`, `{"movements":[],"more":1}`} {
		a := apptest.Answer{Status: http.StatusOK, Body: body, Header: http.Header{"Content-Type": {"application/json"}}}
		if len(d.faults(t, "/api/v1/movements", a)) == 0 {
			t.Errorf("%s passes", body)
		}
	}
}

func TestEveryPartOfTheDocumentIsDescribed(t *testing.T) {
	h := emptyHouse(t)
	d := h.document()
	for name, schema := range d.components("schemas") {
		for property, p := range dig(schema.(map[string]any), "properties") {
			if p.(map[string]any)["description"] == nil {
				t.Errorf("%s.%s is not described", name, property)
			}
		}
	}
	for path, item := range d.paths {
		op := dig(item.(map[string]any), "get")
		if op["summary"] == nil || op["operationId"] == nil || len(asList(op["security"])) != 1 {
			t.Errorf("%s: %v", path, slices.Sorted(maps.Keys(op)))
		}
		for _, p := range asList(op["parameters"]) {
			if p.(map[string]any)["description"] == nil {
				t.Errorf("%s: %v is not described", path, p)
			}
		}
	}
	if scheme := dig(d.components("securitySchemes"), "token"); scheme["scheme"] != "bearer" || d.all["openapi"] != "3.1.0" {
		t.Errorf("%v, %v", scheme, d.all["openapi"])
	}
	if a := apptest.Visitor(t, h.site).Get("/api/v1/openapi.yaml"); a.Status != http.StatusOK || !strings.Contains(a.Body, "openapi: 3.1.0") {
		t.Errorf("%d %.200s", a.Status, a.Body)
	}
}
