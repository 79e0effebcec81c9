package paper

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// formPart is a part of the form of a registration.
type formPart struct{ text, hint string }

// formParts are the parts behind the name, which is the first, numbered as on the form.
func formParts(of func(formPart) string, name string) []record {
	return partsOf(&practice.Parts{}, of, name)
}

func partsOf(p *practice.Parts, of func(formPart) string, name string) []record {
	var all []record
	for i, part := range p.All() {
		text := of(formPart{*part.Text, i18n.Vi.T(part.Hint)})
		all = append(all, record{"so": strconv.Itoa(i + 2), "ten": i18n.Vi.T(part.Label), name: text})
	}
	return all
}

// reportPart reads the part of a paper about a movement.
func reportPart(about About) (report.Query, error) {
	in := report.Query{Movement: about.ID, List: true}
	if about.Part == "" {
		return in, nil
	}
	day, unit, _ := strings.Cut(about.Part, "/")
	on, err := clock.ParseDate(day)
	if err != nil {
		return in, errs.New(errs.NotFound, i18n.ErrsNotFound).Because(err)
	}
	in.AsOf, in.Scope = on, unit
	return in, nil
}

// list is the list of what was registered in a report.
func (f *facts) list(r report.Report) {
	var all []record
	count := map[ledger.SubjectKind]int{}
	for _, line := range r.Table(report.TableEntries).Rows {
		kind, _ := ledger.Parse(ledger.SubjectKinds(), line.Text("kind"))
		field, _ := ledger.Parse(ledger.Fields(), line.Text("field"))
		origin, _ := ledger.Parse(ledger.Origins(), line.Text("origin"))
		count[kind]++
		all = append(all, record{
			"ma": line.Text("code"), "ten": line.Text("title"), "don_vi": line.Text("unit"), "loai": i18n.Vi.T(kind.Label()), "linh_vuc": i18n.Vi.T(field.Label()),
			"nguon": i18n.Vi.T(origin.Label()), "ngay?": short(line.Text("registeredOn")),
		})
	}
	f.data["danh_muc"], f.data["den_het_ngay"] = rows(all), docx.Text(dated(r.AsOf))
	f.counts(len(all), count)
	f.lists = []listing{{
		title: i18n.Vi.T(i18n.PaperKindRegistrationList), notes: []string{r.Of.Name + " – " + r.Scope.Name, i18n.Vi.T(i18n.PaperAsOf, r.AsOf)}, rows: all,
		columns: append(practiceColumns(), listColumn{i18n.PaperOrigins, "nguon", 24, table.Short}, listColumn{i18n.PaperRegisteredOn, "ngay", 24, table.Short}),
	}}
}

// counts puts in how many there are, of each kind of subject.
func (f *facts) counts(all int, of map[ledger.SubjectKind]int) {
	f.data["so_mo_hinh"] = count(all)
	f.data["so_tap_the"], f.data["so_ca_nhan"], f.data["so_ho"] = count(of[ledger.Collective]), count(of[ledger.Individual]), count(of[ledger.Household])
}

// practiceColumns are those of every list of practices.
func practiceColumns() []listColumn {
	return []listColumn{
		{i18n.PaperCode, "ma", 22, table.Short},
		{i18n.PaperPractice, "ten", 80, table.Words},
		{i18n.PaperUnit, "don_vi", 50, table.Words},
		{i18n.PaperKind, "loai", 24, table.Words},
		{i18n.PaperFields, "linh_vuc", 34, table.Words},
	}
}

// practiceRows are entries as lists of papers have them, with the names of units on a day.
func practiceRows(tree *org.Tree, on clock.Date, entries []ledger.EntryRow) ([]record, map[ledger.SubjectKind]int) {
	var all []record
	of := map[ledger.SubjectKind]int{}
	for _, e := range entries {
		unit, _ := tree.Unit(e.Unit)
		of[e.Kind]++
		all = append(all, record{
			"ma": e.Code, "ten": e.Title, "don_vi": unit.NameOn(on), "loai": i18n.Vi.T(e.Kind.Label()), "linh_vuc": i18n.Vi.T(e.Field.Label()),
		})
	}
	return all, of
}

func (s *Service) ofEntry(ctx context.Context, who actor.Actor, about About) (facts, error) {
	e, err := s.practices.Get(ctx, who, about.ID)
	if err != nil {
		return facts{}, err
	}
	m, err := s.movements.ByPeriod(ctx, who, e.Period)
	if err != nil {
		return facts{}, err
	}
	data, tree, _, err := s.movementFacts(ctx, m, e.Period)
	if err != nil {
		return facts{}, err
	}
	on := e.Standing.Acts[0].On
	f := facts{title: e.Code + " – " + e.Title, unit: e.Unit, own: true, dated: on, data: data, of: m}
	f.entry(tree, m, e, on)
	f.data["phan"] = rows(partsOf(&e.Parts, func(part formPart) string { return part.text }, "noi_dung"))
	var measures []record
	for _, x := range e.Indicators {
		measures = append(measures, record{
			"ten": x.Name, "don_vi?": x.Unit, "ban_dau?": i18n.Vi.Decimal(x.Baseline), "muc_tieu?": i18n.Vi.Decimal(x.Target), "ket_qua?": i18n.Vi.Decimal(x.Actual),
		})
	}
	var means []string
	for _, x := range e.Means {
		means = append(means, x.Words(i18n.Vi))
	}
	f.data["chi_so"], f.data["nguon_luc"], f.data["nguoi_khai"] = rows(measures), docx.Texts(means), docx.Optional(e.DeclaredBy)
	return f, nil
}

// entry is what papers about one entry say of it.
func (f *facts) entry(tree *org.Tree, m movement.Movement, e practice.Entry, on clock.Date) {
	name := func(id string) string {
		unit, _ := tree.Unit(id)
		return unit.NameOn(on)
	}
	var partners []string
	for _, id := range e.Partners {
		partners = append(partners, name(id))
	}
	field, _ := m.Field(e.Field)
	for key, text := range map[string]string{
		"ma": e.Code, "ten_mo_hinh": e.Title, "don_vi_dang_ky": name(e.Unit), "loai": strings.ToLower(i18n.Vi.T(e.Kind.Label())), "chu_the": e.Subject,
		"linh_vuc": field.Name, "nguon": strings.ToLower(i18n.Vi.T(e.Origin.Label())),
	} {
		f.data[key] = docx.Text(text)
	}
	f.data["dia_diem"], f.data["phoi_hop"] = docx.Optional(e.Address), docx.Optional(strings.Join(partners, "; "))
}

// ofVisit is the sheet of one entry of a visit; the part is the code of the entry.
func (s *Service) ofVisit(ctx context.Context, who actor.Actor, about About) (facts, error) {
	v, err := s.appraisals.Visit(ctx, who, about.ID)
	if err != nil {
		return facts{}, err
	}
	i := slices.IndexFunc(v.Sheets, func(x appraisal.VisitSheet) bool { return x.Entry.Code == about.Part })
	if i < 0 {
		return facts{}, errs.New(errs.NotFound, i18n.AppraisalNoVisit)
	}
	sheet := v.Sheets[i]
	e, err := s.practices.Get(ctx, who, sheet.Entry.Entry)
	if err != nil {
		return facts{}, err
	}
	set, err := s.appraisals.Checklist(ctx, who, sheet)
	if err != nil {
		return facts{}, err
	}
	m, err := s.movements.ByPeriod(ctx, who, e.Period)
	if err != nil {
		return facts{}, err
	}
	data, tree, _, err := s.movementFacts(ctx, m, e.Period)
	if err != nil {
		return facts{}, err
	}
	f := facts{title: e.Code + " – " + e.Title, unit: v.Unit, own: true, dated: v.On, data: data, of: m}
	f.entry(tree, m, e, v.On)
	visitor, _ := tree.Unit(v.Unit)
	f.data["don_vi_kiem_tra"], f.data["ngay_kiem_tra"] = docx.Text(visitor.NameOn(v.On)), docx.Text(i18n.Vi.Date(v.On))
	f.data["thanh_phan"], f.data["muc_dich_kiem_tra"] = paragraphs(v.Goers, false), docx.Optional(v.Purpose)
	f.found(sheet, e, set)
	return f, nil
}

// found is what a sheet says: what was claimed beside what was found, the checklist, the end.
func (f *facts) found(sheet appraisal.VisitSheet, e practice.Entry, set movement.CriteriaSet) {
	filled := ""
	if sheet.Version > 0 {
		filled = "x"
	}
	var claims, checks []record
	for _, part := range e.Parts.All() {
		if *part.Text != "" {
			claims = append(claims, record{"ten": i18n.Vi.T(part.Label), "da_khai": *part.Text, "thuc_te?": sheet.Form["part."+part.Field]})
		}
	}
	for i, x := range e.Indicators {
		claimed := i18n.Vi.T(i18n.FieldworkIndicatorOf, dash(i18n.Vi.Decimal(x.Target)), dash(i18n.Vi.Decimal(x.Actual)), x.Unit)
		claims = append(claims, record{"ten": x.Name, "da_khai": claimed, "thuc_te?": sheet.Form["indicator."+strconv.Itoa(i)]})
	}
	words := map[string]i18n.Key{"yes": i18n.FieldworkCheckYes, "partly": i18n.FieldworkCheckPartly, "no": i18n.FieldworkCheckNo}
	for _, c := range set.All() {
		result := ""
		if key, ok := words[sheet.Form["check."+c.ID]]; ok {
			result = i18n.Vi.T(key)
		}
		checks = append(checks, record{"ten": c.Name, "minh_chung?": evidence(c.Evidence), "ket_qua?": result})
	}
	f.data["da_ghi"], f.data["doi_chieu"], f.data["tieu_chi"] = docx.Optional(filled), rows(claims), rows(checks)
	f.data["nguoi_lam_viec"] = docx.Text(sheet.Form["people"])
	f.data["ket_luan"], f.data["kien_nghi"] = docx.Text(sheet.Form["conclusion"]), docx.Text(sheet.Form["advice"])
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
