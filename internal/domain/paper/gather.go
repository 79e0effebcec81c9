package paper

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// About is what a paper is about: a record of the sort that papers of the kind are made of,
// and perhaps a part of it.
type About struct {
	Kind Kind
	ID   string
	Part string
}

// facts are what the other rooms know of a paper.
type facts struct {
	title  string // what the record is called
	unit   string // whose paper it is, by identity
	own    bool   // that follows from the record
	number string
	dated  clock.Date
	signer string
	data   docx.Data
	lists  []listing
	tables func(i18n.Lang, Head) []table.Table // instead of the lists
	of     movement.Movement
}

// gather asks the other rooms, as the actor, for what the paper is about.
func (s *Service) gather(ctx context.Context, who actor.Actor, about About) (facts, error) {
	kind, ok := about.Kind.sort()
	if !ok {
		return facts{}, errs.New(errs.NotFound, i18n.PaperBadKind, string(about.Kind))
	}
	switch kind.of {
	case OfEntry:
		return s.ofEntry(ctx, who, about)
	case OfVisit:
		return s.ofVisit(ctx, who, about)
	case OfMinutes:
		return s.ofMinutes(ctx, who, about)
	case OfDecision:
		return s.ofDecision(ctx, who, about)
	case OfConference:
		return s.ofConference(ctx, who, about)
	default:
		return s.ofMovement(ctx, who, about)
	}
}

// movementFacts are what every paper about a movement says of it.
func (s *Service) movementFacts(ctx context.Context, m movement.Movement, period int) (docx.Data, *org.Tree, movement.Period, error) {
	tree, err := s.org.Current(ctx)
	if err != nil {
		return nil, nil, movement.Period{}, err
	}
	p, ok := m.Period(period)
	if !ok {
		p, _ = m.PeriodOn(s.now.Today())
	}
	unit, _ := tree.Unit(m.Unit)
	body, _ := tree.Unit(m.StandingBody)
	day := min(p.To, max(p.From, s.now.Today()))
	return docx.Data{
		"phong_trao": docx.Text(report.InSentence(m.Name)), "phong_trao_ky": docx.Text(withPeriod(m, p)), "khau_hieu": docx.Optional(m.Slogan), "chao_mung": docx.Optional(m.Occasion),
		"ky": docx.Text(report.InSentence(p.Name)), "tu_ngay": docx.Text(i18n.Vi.Date(p.From)), "den_ngay": docx.Text(i18n.Vi.Date(p.To)),
		"don_vi": docx.Text(unit.NameOn(day)), "thuong_truc": docx.Text(body.NameOn(day)),
	}, tree, p, nil
}

// withPeriod is a movement with its period, where its name does not say it already.
func withPeriod(m movement.Movement, p movement.Period) string {
	name, period := report.InSentence(m.Name), report.InSentence(p.Name)
	if period == "" || strings.Contains(strings.ToLower(name), strings.ToLower(period)) {
		return name
	}
	return name + ", " + period
}

// issuer is who issues the papers of a movement where nobody says otherwise.
func issuer(m movement.Movement) string {
	if m.StandingBody != "" {
		return m.StandingBody
	}
	return m.Unit
}

func (s *Service) ofMovement(ctx context.Context, who actor.Actor, about About) (facts, error) {
	switch about.Kind {
	case RegistrationList, InterimReport, FinalReport:
		return s.ofReport(ctx, who, about)
	}
	m, err := s.movements.Get(ctx, who, about.ID)
	if err != nil {
		return facts{}, err
	}
	no := 0
	if p, ok := m.PeriodOn(s.now.Today()); ok {
		no = p.No
	}
	data, tree, p, err := s.movementFacts(ctx, m, no)
	if err != nil {
		return facts{}, err
	}
	f := facts{title: m.Name, unit: issuer(m), data: data, of: m}
	switch about.Kind {
	case Plan:
		err = s.plan(ctx, who, &f, tree, p)
	case Guidance:
		err = s.guidance(ctx, who, &f, p)
	default:
		f.data["phan"] = rows(formParts(func(part formPart) string { return part.hint }, "goi_y"))
	}
	return f, err
}

// plan is what a plan says: fields, targets, phases and who is to do what.
func (s *Service) plan(ctx context.Context, who actor.Actor, f *facts, tree *org.Tree, p movement.Period) error {
	f.data["linh_vuc"] = rows(fieldsOf(f.of))
	targets, err := s.movements.Targets(ctx, who, f.of.Code, p.No)
	if err != nil {
		return err
	}
	var lines []record
	for _, u := range movement.TargetUnits(tree, f.of, p) {
		row, set := record{"ten": u.NameOn(p.From)}, false
		for name, figure := range map[string]ledger.Figure{
			"dang_ky?": ledger.FigureRegistered, "cong_nhan?": ledger.FigureRecognised, "dien_hinh?": ledger.FigureTypical, "nhan_rong?": ledger.FigureReplicated,
		} {
			row[name] = ""
			if n, ok := targets.Of(u.ID, 0, figure); ok && !targets.Draft {
				row[name], set = i18n.Vi.Number(n), true
			}
		}
		if set {
			lines = append(lines, row)
		}
	}
	f.data["chi_tieu"] = rows(lines)
	return s.calendar(ctx, who, f, tree, p)
}

// calendar puts in the phases of a period and the duties in it, but not what was shipped and
// nobody has looked at.
func (s *Service) calendar(ctx context.Context, who actor.Actor, f *facts, tree *org.Tree, p movement.Period) error {
	c, err := s.movements.Calendar(ctx, who, f.of.Code, p.No)
	if err != nil {
		return err
	}
	var phases, duties []record
	for _, phase := range c.Phases {
		if !phase.Sample {
			phases = append(phases, record{"ten": phase.Name, "tu": i18n.Vi.Date(phase.Opens), "den": i18n.Vi.Date(phase.Deadline(c.Off))})
		}
		if phase.Kind == movement.PhaseRegistration {
			f.data["han_dang_ky"] = docx.Text(dated(phase.Deadline(c.Off)))
		}
	}
	for _, d := range c.Duties {
		if d.Sample {
			continue
		}
		name := ""
		if u, ok := tree.Unit(d.Unit); ok {
			name = u.NameOn(d.Due)
		}
		duties = append(duties, record{"viec": d.Title, "don_vi?": name, "han": i18n.Vi.Date(d.Due)})
	}
	f.data["giai_doan"], f.data["nhiem_vu"] = rows(phases), rows(duties)
	return nil
}

// guidance is what a guidance says: who may register, how, until when, and by which criteria.
func (s *Service) guidance(ctx context.Context, who actor.Actor, f *facts, p movement.Period) error {
	f.data["linh_vuc"] = rows(fieldsOf(f.of))
	var parts []string
	for _, part := range formParts(func(part formPart) string { return part.hint }, "goi_y") {
		parts = append(parts, part["ten"])
	}
	f.data["phan"] = docx.Texts(parts)
	f.data["han_dang_ky"] = docx.Text("")
	own, inherited, err := s.movements.CriteriaSets(ctx, who, f.of.Code)
	if err != nil {
		return err
	}
	var criteria []record
	day := min(p.To, max(p.From, s.now.Today()))
	for _, kind := range ledger.SubjectKinds() {
		sets := slices.DeleteFunc(slices.Concat(own, inherited), func(c movement.CriteriaSet) bool { return c.Kind != kind || c.Draft() || c.On > day })
		if len(sets) == 0 {
			continue
		}
		for _, g := range sets[0].Groups { // the newest first
			for _, c := range g.Criteria {
				criteria = append(criteria, record{
					"loai": i18n.Vi.T(kind.Label()), "nhom": g.Name, "ten": c.Name, "diem": hundredths(c.Most), "minh_chung?": evidence(c.Evidence),
				})
			}
		}
	}
	f.data["tieu_chi"] = rows(criteria)
	tree, err := s.org.Current(ctx)
	if err != nil {
		return err
	}
	return s.calendar(ctx, who, f, tree, p)
}

func evidence(e movement.Evidence) string {
	if e == movement.NoEvidence {
		return ""
	}
	return i18n.Vi.T(e.Label())
}

// hundredths are points as people write them: "2,5".
func hundredths(n int) string {
	s := strconv.Itoa(n / 100)
	if rest := n % 100; rest > 0 {
		s += "," + strings.TrimRight(strconv.Itoa(rest + 100)[1:], "0")
	}
	return s
}

func fieldsOf(m movement.Movement) []record {
	var all []record
	for _, f := range m.Fields {
		all = append(all, record{"ten": f.Name, "chung": i18n.Vi.T(f.National.Label())})
	}
	return all
}

// ofReport is a report, or a list of what was registered, as of a day of a scope: the part is
// "2024-06-15" or "2024-06-15/P1".
func (s *Service) ofReport(ctx context.Context, who actor.Actor, about About) (facts, error) {
	in, err := reportPart(about)
	if err != nil {
		return facts{}, err
	}
	r, err := s.reports.Report(ctx, who, in)
	if err != nil {
		return facts{}, err
	}
	data, _, _, err := s.movementFacts(ctx, r.Of, r.PeriodNo)
	if err != nil {
		return facts{}, err
	}
	f := facts{title: r.Of.Name + " – " + r.Scope.Name, unit: r.Root.ID, data: data, of: r.Of}
	if about.Kind != RegistrationList {
		maps.Copy(f.data, reportData(r))
		f.tables = func(lang i18n.Lang, h Head) []table.Table { return ReportTables(lang, r, h) }
		return f, nil
	}
	f.list(r)
	return f, nil
}
