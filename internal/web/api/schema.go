package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The codes of the domain as they are written out. Each describes itself by the list of
// the domain.
type (
	kindCode     string
	fieldCode    string
	originCode   string
	statusCode   string
	levelCode    string
	paperCode    string
	modeCode     string
	figureCode   string
	decisionCode string
	tagCode      string
)

// Schema lists the kinds of subject.
func (kindCode) Schema(huma.Registry) *huma.Schema { return oneOf(ledger.Codes(ledger.SubjectKinds())) }

// Schema lists the national fields.
func (fieldCode) Schema(huma.Registry) *huma.Schema { return oneOf(ledger.Codes(ledger.Fields())) }

// Schema lists the origins.
func (originCode) Schema(huma.Registry) *huma.Schema { return oneOf(ledger.Codes(ledger.Origins())) }

// Schema lists the states of an entry.
func (statusCode) Schema(huma.Registry) *huma.Schema { return oneOf(ledger.Codes(ledger.Statuses())) }

// Schema lists the levels.
func (levelCode) Schema(huma.Registry) *huma.Schema { return oneOf(org.Levels()) }

// Schema lists the papers of a launch.
func (paperCode) Schema(huma.Registry) *huma.Schema { return oneOf(movement.PaperKinds()) }

// Schema lists the modes of an adoption.
func (modeCode) Schema(huma.Registry) *huma.Schema { return oneOf(replication.Modes()) }

// Schema lists the figures.
func (figureCode) Schema(huma.Registry) *huma.Schema { return oneOf(figureNames()) }

// Schema lists the kinds of tag.
func (tagCode) Schema(huma.Registry) *huma.Schema { return oneOf(practice.TagKinds()) }

// Schema lists the papers that acts rest on.
func (decisionCode) Schema(huma.Registry) *huma.Schema {
	return oneOf([]ledger.Paper{ledger.PaperDecision, ledger.PaperMinutes})
}

func oneOf[T ~string](codes []T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, code := range codes {
		s.Enum = append(s.Enum, string(code))
	}
	return s
}

func figureNames() []ledger.Figure {
	var all []ledger.Figure
	for _, d := range ledger.Definitions() {
		all = append(all, d.Figure)
	}
	return all
}

// civilDay stands for [clock.Date] in the document.
type civilDay string

// Schema says how a day is written.
func (civilDay) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2024-09-30"}}
}

// tenFigures stands for [report.Figures] in the document.
type tenFigures struct{}

// Schema names the ten figures, each with its definition.
func (tenFigures) Schema(r huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, d := range ledger.Definitions() {
		one := r.Schema(reflect.TypeFor[report.Figure](), true, "")
		one.Description = i18n.En.T(d.Text)
		s.Properties[string(d.Figure)] = one
		s.Required = append(s.Required, string(d.Figure))
	}
	return s
}

// tabCounts are the numbers of entries by tab.
type tabCounts map[practice.Tab]int

// Schema names the tabs.
func (tabCounts) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, tab := range practice.Tabs() {
		s.Properties[string(tab)] = &huma.Schema{Type: huma.TypeInteger, Description: "How many entries the tab " + string(tab) + " holds."}
		s.Required = append(s.Required, string(tab))
	}
	return s
}
