package practice

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Indicator is a measure of what a practice sets out to change: where it stood before,
// where it is to come to, and where it stands now. Each number may be left open.
type Indicator struct {
	Name        string
	Unit        string // of measure: "hộ", "triệu đồng/năm", "%"
	Baseline    viet.Decimal
	Target      viet.Decimal
	Actual      viet.Decimal
	Source      string // where the numbers come from
	Beneficiary Beneficiary
}

// Beneficiary says whom an indicator counts.
type Beneficiary string

// The beneficiaries.
const (
	NoBeneficiary Beneficiary = "" // it counts no people
	People        Beneficiary = "people"
	Households    Beneficiary = "households"
	Poor          Beneficiary = "poor" // poor and nearly poor households
	Women         Beneficiary = "women"
	Children      Beneficiary = "children"
	Elderly       Beneficiary = "elderly"
	Minorities    Beneficiary = "minorities"
	Collectives   Beneficiary = "collectives"
)

// Beneficiaries lists them in the order of forms, without none.
func Beneficiaries() []Beneficiary {
	return []Beneficiary{People, Households, Poor, Women, Children, Elderly, Minorities, Collectives}
}

// Label is the word for the beneficiaries.
func (b Beneficiary) Label() i18n.Key {
	return map[Beneficiary]i18n.Key{
		NoBeneficiary: i18n.PracticeBeneficiaryNone, People: i18n.PracticeBeneficiaryPeople, Households: i18n.PracticeBeneficiaryHouseholds,
		Poor: i18n.PracticeBeneficiaryPoor, Women: i18n.PracticeBeneficiaryWomen, Children: i18n.PracticeBeneficiaryChildren,
		Elderly: i18n.PracticeBeneficiaryElderly, Minorities: i18n.PracticeBeneficiaryMinorities, Collectives: i18n.PracticeBeneficiaryCollectives,
	}[b]
}

// Resource is something that went into a practice.
type Resource struct {
	Kind    ResourceKind
	Amount  viet.Decimal // đồng, days of work, or as many as Text says
	Text    string       // of what is given in kind: what it is, in which unit; else a remark
	Funding Funding
}

// ResourceKind says what sort of thing it is, and so in what it is counted.
type ResourceKind string

// The kinds of resource.
const (
	Money  ResourceKind = "money"  // in đồng
	Work   ResourceKind = "work"   // in days of work
	InKind ResourceKind = "inKind" // in a unit of its own
)

// ResourceKinds lists them in the order of forms.
func ResourceKinds() []ResourceKind { return []ResourceKind{Money, Work, InKind} }

// Label is the word for the kind.
func (k ResourceKind) Label() i18n.Key {
	switch k {
	case Work:
		return i18n.PracticeResourceWork
	case InKind:
		return i18n.PracticeResourceInKind
	default:
		return i18n.PracticeResourceMoney
	}
}

// Funding says who gave.
type Funding string

// The ways of funding.
const (
	Socialised Funding = "socialised" // xã hội hóa: people, firms, associations
	Budget     Funding = "budget"     // the State's
)

// Fundings lists them in the order of forms.
func Fundings() []Funding { return []Funding{Socialised, Budget} }

// Label is the word for the funding.
func (f Funding) Label() i18n.Key {
	if f == Budget {
		return i18n.PracticeFundingBudget
	}
	return i18n.PracticeFundingSocialised
}

// MaxRows bounds the indicators of an entry, and its resources.
const MaxRows = 20

// Bounds of the texts of indicators and resources, in characters.
const (
	MaxMeasure = 200
	MaxUnit    = 60
	MaxSource  = 300
)

// checkMeasures tidies the rows and gathers what is wrong with them, each under the name
// that its field has in forms; then it leaves out the rows in which nothing stands.
func (in *Input) checkMeasures(l *errs.List) {
	for i := range in.Indicators {
		in.Indicators[i].check(l, "indicator."+strconv.Itoa(i)+".")
	}
	for i := range in.Means {
		in.Means[i].check(l, "resource."+strconv.Itoa(i)+".")
	}
	in.Indicators = slices.DeleteFunc(in.Indicators, func(x Indicator) bool { return x.empty() })
	in.Means = slices.DeleteFunc(in.Means, func(x Resource) bool { return x.empty() })
	if len(in.Indicators) > MaxRows {
		l.Add("indicator.0.name", i18n.PracticeTooManyRows, MaxRows)
	}
	if len(in.Means) > MaxRows {
		l.Add("resource.0.kind", i18n.PracticeTooManyRows, MaxRows)
	}
}

func (x Indicator) empty() bool { return x == Indicator{} }

func (x *Indicator) check(l *errs.List, row string) {
	x.Name, x.Unit, x.Source = viet.Line(x.Name), viet.Line(x.Unit), viet.Line(x.Source)
	if x.empty() {
		return
	}
	l.Text(row+"name", x.Name, MaxMeasure, true)
	l.Text(row+"unit", x.Unit, MaxUnit, false)
	l.Text(row+"source", x.Source, MaxSource, false)
	if x.Beneficiary != NoBeneficiary && !slices.Contains(Beneficiaries(), x.Beneficiary) {
		l.Add(row+"beneficiary", i18n.ErrsBadChoice)
	}
}

// empty tells whether nothing was said: a choice alone, which a form makes by itself, says
// nothing.
func (x Resource) empty() bool { return x.Text == "" && !x.Amount.Known() }

func (x *Resource) check(l *errs.List, row string) {
	x.Text = viet.Line(x.Text)
	if x.empty() {
		return
	}
	if !slices.Contains(ResourceKinds(), x.Kind) {
		l.Add(row+"kind", i18n.ErrsBadChoice)
	}
	if !slices.Contains(Fundings(), x.Funding) {
		l.Add(row+"funding", i18n.ErrsBadChoice)
	}
	l.Text(row+"text", x.Text, MaxMeasure, x.Kind == InKind)
	switch {
	case x.Amount.Negative():
		l.Add(row+"amount", i18n.PracticeResourceBelow)
	case !x.Amount.Known() && x.Kind != InKind:
		l.Add(row+"amount", i18n.ErrsRequired)
	case x.Kind == Money && !x.Amount.IsWhole():
		l.Add(row+"amount", i18n.PracticeResourceWhole)
	}
}

// hideMeasures leaves out of the indicators whom they count and where the numbers come from,
// where only results may be published, and blots out what is hidden.
func (e *Entry) hideMeasures(hide func(string) string) {
	e.Indicators, e.Means = slices.Clone(e.Indicators), slices.Clone(e.Means)
	if !e.Detail {
		e.Means = nil
	}
	for i := range e.Indicators {
		x := &e.Indicators[i]
		x.Name, x.Unit = hide(x.Name), hide(x.Unit)
		if x.Source = hide(x.Source); !e.Detail {
			x.Source, x.Beneficiary = "", NoBeneficiary
		}
	}
	for i := range e.Means {
		e.Means[i].Text = hide(e.Means[i].Text)
	}
}

// Words writes an indicator on one line, for histories and comparisons.
func (x Indicator) Words(lang i18n.Lang) string {
	from := []string{x.Name}
	for _, part := range []struct {
		label i18n.Key
		of    viet.Decimal
	}{{i18n.PracticeBaseline, x.Baseline}, {i18n.PracticeTarget, x.Target}, {i18n.PracticeActual, x.Actual}} {
		if part.of.Known() {
			from = append(from, lang.T(part.label)+" "+strings.TrimSpace(lang.Decimal(part.of)+" "+x.Unit))
		}
	}
	if x.Beneficiary != NoBeneficiary {
		from = append(from, lang.T(x.Beneficiary.Label()))
	}
	if x.Source != "" {
		from = append(from, x.Source)
	}
	return strings.Join(from, "; ")
}

// Quantity is how much it is, with its unit: "250.000.000 đồng", "12 ngày công", "1.200 m²
// đất".
func (x Resource) Quantity(lang i18n.Lang) string {
	switch x.Kind {
	case Money:
		return lang.T(i18n.PracticeResourceDong, lang.Decimal(x.Amount))
	case Work:
		return lang.T(i18n.PracticeResourceDays, lang.Decimal(x.Amount))
	default:
		return strings.TrimSpace(lang.Decimal(x.Amount) + " " + x.Text)
	}
}

// Words writes a resource on one line.
func (x Resource) Words(lang i18n.Lang) string {
	all := []string{x.Quantity(lang)}
	if x.Kind != InKind && x.Text != "" {
		all = append(all, x.Text)
	}
	return strings.Join(append(all, lang.T(x.Funding.Label())), "; ")
}

// lines writes rows one to a line, as the audit keeps them.
func lines[T interface{ Words(i18n.Lang) string }](rows []T) string {
	all := make([]string, len(rows))
	for i, x := range rows {
		all[i] = x.Words(i18n.Vi)
	}
	return strings.Join(all, "\n")
}
