// Package practice is the register: practices, their entries year by year, and the
// exemplars behind them.
//
// A practice (mô hình) is something concrete that a unit or a person does with the
// people and for the people. It has one identity for all years; an entry is that
// practice in one period: what is registered, received, started, recognised. Its origin
// says whether it is new, continued from the year before, replicated from elsewhere or
// upgraded. An exemplar (điển hình) is the collective, individual or household behind
// it, found through an entry or by anybody's introduction, and counted once however
// many practices it has.
//
// A unit registers, or an officer types for it (nhập thay): who declared and who typed
// are both kept. The standing body receives an entry into its list, returns it with a
// reason, or refuses it. A received entry is started, may be suspended, resumed and
// ended without blame, is recognised by a numbered decision and may be named typical.
// Each of these is an act in the ledger, and where an entry stands is nowhere else than
// there.
package practice

import (
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// The rights of this capability.
const (
	RightRead       actor.Right = "practice.read"
	RightRegister   actor.Right = "practice.register"   // register, edit before reception, withdraw
	RightOnBehalf   actor.Right = "practice.onBehalf"   // type for another
	RightReceive    actor.Right = "practice.receive"    // receive, return, refuse, strike off, start … end
	RightRecognise  actor.Right = "practice.recognise"  // recognise, name typical, revoke
	RightReclassify actor.Right = "practice.reclassify" // change attributes after reception, void acts
	RightFind       actor.Right = "practice.find"       // find exemplars, strike them off
	RightPublish    actor.Right = "practice.publish"    // note that publication was agreed to
)

// Parts are the texts of the registration form beside the name.
type Parts struct {
	Rationale      string // thực trạng, lý do
	Goals          string // mục tiêu, tiêu chí
	Approach       string // nội dung, cách làm
	Area           string // địa bàn, đối tượng
	Forces         string // lực lượng
	Resources      string // thời gian, nguồn lực
	Outputs        string // sản phẩm, kết quả đầu ra
	Sustainability string // khả năng duy trì, nhân rộng
}

// Part is one text of the form with its name in forms and exports.
type Part struct {
	Field string
	Label i18n.Key
	Hint  i18n.Key
	Text  *string
}

// All lists the parts in the order of the form.
func (p *Parts) All() []Part {
	return []Part{
		{"rationale", i18n.PracticeRationale, i18n.PracticeRationaleHint, &p.Rationale},
		{"goals", i18n.PracticeGoals, i18n.PracticeGoalsHint, &p.Goals},
		{"approach", i18n.PracticeApproach, i18n.PracticeApproachHint, &p.Approach},
		{"area", i18n.PracticeArea, i18n.PracticeAreaHint, &p.Area},
		{"forces", i18n.PracticeForces, i18n.PracticeForcesHint, &p.Forces},
		{"resources", i18n.PracticeResources, i18n.PracticeResourcesHint, &p.Resources},
		{"outputs", i18n.PracticeOutputs, i18n.PracticeOutputsHint, &p.Outputs},
		{"sustainability", i18n.PracticeSustainability, i18n.PracticeSustainabilityHint, &p.Sustainability},
	}
}

// Input is a registration.
type Input struct {
	Movement   string // code
	Period     int    // number; 0 is the period of the day
	On         clock.Date
	Unit       string   // code of the lead unit
	Partners   []string // codes
	Kind       ledger.SubjectKind
	Subject    string // name of the collective, person or household behind it
	Exemplar   string // identity of a known one, instead of the name
	Practice   string // identity of the practice that is continued, or ""
	Field      string // code of a field of the movement
	Origin     ledger.Origin
	Running    bool // already running when registered
	Title      string
	Parts      Parts
	Indicators []Indicator
	Means      []Resource // what went into it
	DeclaredBy string     // who declared it, where somebody else types
	Address    string     // where it is, in words
	Tags       []string   // identities of tags of the movement
	Correction string     // what was wrong, for readers: asked for where something that they see is changed
}

// Bounds of texts, in characters.
const (
	maxTitle   = 300
	maxSubject = 200
	maxPart    = 8000
	maxPartner = 50
	maxReason  = 2000
	maxTags    = 20
)

// Check gathers everything that is wrong with the input.
func (in *Input) Check() error {
	var l errs.List
	in.Title, in.Subject = viet.Line(in.Title), viet.Line(in.Subject)
	l.Text("title", in.Title, maxTitle, true)
	l.Text("subject", in.Subject, maxSubject, in.Exemplar == "")
	l.Text("declaredBy", in.DeclaredBy, maxSubject, false)
	in.Address = viet.Line(in.Address)
	l.Text("address", in.Address, maxTitle, false)
	slices.Sort(in.Tags)
	if in.Tags = slices.Compact(in.Tags); len(in.Tags) > maxTags {
		l.Add("tags", i18n.PracticeTooManyTags, maxTags)
	}
	if in.Unit == "" {
		l.Add("unit", i18n.ErrsRequired)
	}
	if !slices.Contains(ledger.SubjectKinds(), in.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if !slices.Contains(ledger.Origins(), in.Origin) {
		l.Add("origin", i18n.ErrsBadChoice)
	}
	if in.Field == "" {
		l.Add("field", i18n.ErrsRequired)
	}
	if (in.Origin == ledger.OriginContinued || in.Origin == ledger.OriginUpgraded) && in.Practice == "" {
		l.Add("practice", i18n.PracticePredecessorNeeded)
	}
	if len(in.Partners) > maxPartner {
		l.Add("partners", i18n.PracticeTooManyPartners, maxPartner)
	}
	for _, part := range in.Parts.All() {
		*part.Text = strings.TrimSpace(viet.NFC(*part.Text))
		l.Text(part.Field, *part.Text, maxPart, false)
	}
	in.checkMeasures(&l)
	in.Correction = strings.TrimSpace(viet.NFC(in.Correction))
	l.Text("correction", in.Correction, maxReason, false)
	return l.Err()
}

// Entry is a practice in one period, with what the ledger says of it.
type Entry struct {
	ID            string
	Practice      string
	Period        int
	Code          string
	Exemplar      string
	Subject       string             // the exemplar's name
	Whose         ledger.SubjectKind // what the exemplar is, whatever the entry is classified as
	Unit          string
	Partners      []string
	Kind          ledger.SubjectKind
	Field         string
	Origin        ledger.Origin
	Running       bool
	Title         string
	Parts         Parts
	Indicators    []Indicator
	Means         []Resource
	Corrections   []Correction // the latest first
	DeclaredBy    string
	Address       string
	Tags          []string  // identities
	FocusAt       time.Time // since when it is followed closely; zero where it is not
	FocusBy       string    // account
	Open          *Return   // what it was sent back for, while it waits for that
	TypedBy       string
	keeper        string // who was handed it since, or ""
	Late          bool   // registered after the last day of registration
	Consent       bool
	ConsentNote   string
	Named         bool // the person's or household's name may be shown
	Detail        bool // so may the parts in which people are named
	TakenDownOn   clock.Date
	TakenDownNote string // why, for readers
	Version       int
	CreatedAt     time.Time
	UpdatedAt     time.Time
	UpdatedBy     string
	Standing      ledger.Standing
	Case          string // the case of a route that is to decide about it, or ""
}

// Exemplar is a collective, individual or household held up as an example.
type Exemplar struct {
	ID           string
	Name         string
	Kind         ledger.SubjectKind
	Unit         string
	Note         string
	IntroducedBy string
	CreatedAt    time.Time
}

// ExemplarInput says who was found, where and by whom.
type ExemplarInput struct {
	Movement     string
	Period       int
	On           clock.Date
	Exemplar     string // identity of a known one, instead of a name
	Name         string
	Kind         ledger.SubjectKind
	Unit         string // code
	Field        string // code of a field of the movement
	Note         string
	IntroducedBy string
}

// Check gathers everything that is wrong with the input.
func (in *ExemplarInput) Check() error {
	var l errs.List
	in.Name = viet.Line(in.Name)
	l.Text("name", in.Name, maxSubject, in.Exemplar == "")
	l.Text("note", in.Note, maxPart, false)
	l.Text("introducedBy", in.IntroducedBy, maxSubject, false)
	if in.Exemplar == "" {
		if in.Unit == "" {
			l.Add("unit", i18n.ErrsRequired)
		}
		if !slices.Contains(ledger.SubjectKinds(), in.Kind) {
			l.Add("kind", i18n.ErrsBadChoice)
		}
	}
	if in.Field == "" {
		l.Add("field", i18n.ErrsRequired)
	}
	return l.Err()
}

// Tab is one of the ways in which the register is looked at.
type Tab string

// The tabs.
const (
	TabAll        Tab = "all"
	TabWaiting    Tab = "waiting"
	TabReturned   Tab = "returned"
	TabInProgress Tab = "inProgress"
	TabRecognised Tab = "recognised"
	TabTypical    Tab = "typical" // of the recognised ones, and of those that ended since
	TabStopped    Tab = "stopped"
)

// Tabs lists them in their order on the page.
func Tabs() []Tab {
	return []Tab{TabAll, TabWaiting, TabReturned, TabInProgress, TabRecognised, TabTypical, TabStopped}
}

// Statuses are the states that a tab shows; none is all. What is typical is so in any.
func (t Tab) Statuses() []ledger.Status {
	switch t {
	case TabWaiting:
		return []ledger.Status{ledger.StatusRegistered}
	case TabReturned:
		return []ledger.Status{ledger.StatusReturned}
	case TabInProgress:
		return []ledger.Status{ledger.StatusReceived, ledger.StatusStarted}
	case TabRecognised:
		return []ledger.Status{ledger.StatusRecognised}
	case TabStopped:
		return []ledger.Status{
			ledger.StatusSuspended, ledger.StatusEnded, ledger.StatusRefused, ledger.StatusWithdrawn, ledger.StatusStruckOff,
		}
	default:
		return nil
	}
}
