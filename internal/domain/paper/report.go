package paper

import (
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

func count(n int) docx.Value { return docx.Text(i18n.Vi.Number(n)) }

// reportData is a report as its templates read it.
func reportData(r report.Report) docx.Data {
	p, _ := r.Of.Period(r.PeriodNo)
	d := docx.Data{
		"phong_trao": docx.Text(report.InSentence(r.Of.Name)), "phong_trao_ky": docx.Text(withPeriod(r.Of, p)), "ky": docx.Text(report.InSentence(p.Name)), "pham_vi": docx.Text(r.ScopeInSentence()), "don_vi": docx.Text(r.Scope.Name),
		"giua_ky": docx.Optional(""), "ngay_ky_truoc": docx.Optional(earlier(r)),
		"den_het_ngay": docx.Text(dated(r.AsOf)), "tu_ngay": docx.Text(dated(p.From)), "den_ngay": docx.Text(dated(p.To)),
		"can_cu": docx.Optional(basis(r.Of)), "cong_tac_lanh_dao": docx.Text(""), "han_che": docx.Text(""), "phuong_huong": docx.Text(""),
		"linh_vuc": docx.Rows(fieldRows(r)), "bang_don_vi": docx.Rows(unitRows(r)), "bang_khen_thuong": docx.Rows(awardRows(r)),
		"bang_nhan_rong": docx.Rows(spreadRows(r)), "bang_so_sanh": docx.Rows(comparisonRows(r)), "danh_sach": docx.Rows(entryRows(r)),
	}
	for _, f := range report.FigureNames() {
		one := r.Figures.Get(ledger.Figure(f.Of))
		d[f.Name], d[f.Name+"_tap_the"], d[f.Name+"_ca_nhan"] = count(one.Total), count(one.Collective), count(one.Individual)
		d[f.Name+"_ho"], d[f.Name+"_chu_the"] = count(one.Household), count(one.Subjects)
	}
	totals := r.Table(report.TableByUnit).Totals
	for _, c := range report.UnitNames() {
		d["tong_"+c.Name] = count(totals[c.Of])
	}
	words(d, r)
	return d
}

// words are the paragraphs of the narrative by section, its figures filled in, and what a
// frozen report is sealed with.
func words(d docx.Data, r report.Report) {
	for name, section := range map[string]report.Section{
		"doan_lanh_dao": report.Leadership, "doan_ket_qua": report.Results, "doan_han_che": report.Limits, "doan_phuong_huong": report.Directions,
	} {
		var lines []string
		for line := range strings.SplitSeq(r.Words[section], "\n") {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
		d[name] = docx.Texts(lines)
	}
	d["ma_chot"] = docx.Optional(r.Seal)
}

// earlier is the day of the period before with which the figures are compared.
func earlier(r report.Report) string {
	for _, row := range r.Table(report.TableComparison).Rows {
		return short(row.Text("previousAsOf"))
	}
	return ""
}

// basis is the paper that launched the movement, as reports begin with it.
func basis(m movement.Movement) string {
	for _, p := range m.Papers {
		if p.Kind == movement.Plan {
			return i18n.Vi.T(i18n.PaperBasis, p.Number, dated(p.SignedOn))
		}
	}
	return ""
}

func fieldRows(r report.Report) []docx.Data {
	var all []docx.Data
	for _, line := range r.ByField().Rows {
		field, _ := ledger.Parse(ledger.Fields(), line.Text("field"))
		row := docx.Data{"ten": docx.Text(i18n.Vi.T(field.Label()))}
		for _, f := range report.FigureNames()[:6] {
			row[f.Name] = count(line.Int(f.Of))
		}
		all = append(all, row)
	}
	return all
}

func unitRows(r report.Report) []docx.Data {
	var all []docx.Data
	for _, line := range r.Table(report.TableByUnit).Rows {
		row := docx.Data{"ma": docx.Text(line.Text("unit")), "ten": docx.Text(line.Text("name"))}
		for _, c := range report.UnitNames() {
			row[c.Name] = count(line.Int(c.Of))
		}
		all = append(all, row)
	}
	return all
}

func awardRows(r report.Report) []docx.Data {
	var all []docx.Data
	for _, line := range r.Table(report.TableAwards).Rows {
		all = append(all, docx.Data{
			"ten": docx.Text(line.Text("name")), "hinh_thuc": docx.Text(report.FormName(i18n.Vi, line.Text("form"))), "cap": docx.Optional(level(line.Text("level"))),
			"tong": count(line.Int("total")), "tap_the": count(line.Int("collective")), "ca_nhan": count(line.Int("individual")), "ho": count(line.Int("household")),
		})
	}
	return all
}

func level(code string) string {
	if code == "" {
		return ""
	}
	return i18n.Vi.T(org.Level(code).Label())
}

func spreadRows(r report.Report) []docx.Data {
	var all []docx.Data
	for _, line := range r.Table(report.TableReplication).Rows {
		all = append(all, docx.Data{
			"ma": docx.Optional(line.Text("source")), "ten": docx.Text(line.Text("title")), "don_vi": docx.Text(line.Text("unit")), "luot": count(line.Int("adoptions")),
			"so_don_vi": count(line.Int("adoptingUnits")), "do_phu": count(line.Int("coverage")), "co_the": count(line.Int("possible")),
		})
	}
	return all
}

func comparisonRows(r report.Report) []docx.Data {
	var all []docx.Data
	for _, line := range r.Table(report.TableComparison).Rows {
		d, _ := ledger.Define(ledger.Figure(line.Text("figure")))
		all = append(all, docx.Data{
			"ten": docx.Text(i18n.Vi.T(d.Label)), "truoc": count(line.Int("previous")), "nay": count(line.Int("current")), "chenh": count(line.Int("difference")),
		})
	}
	return all
}

func entryRows(r report.Report) []docx.Data {
	var all []docx.Data
	for _, line := range r.Table(report.TableEntries).Rows {
		kind, _ := ledger.Parse(ledger.SubjectKinds(), line.Text("kind"))
		field, _ := ledger.Parse(ledger.Fields(), line.Text("field"))
		origin, _ := ledger.Parse(ledger.Origins(), line.Text("origin"))
		all = append(all, docx.Data{
			"ma": docx.Text(line.Text("code")), "ten": docx.Text(line.Text("title")), "don_vi": docx.Text(line.Text("unit")),
			"loai": docx.Text(i18n.Vi.T(kind.Label())), "linh_vuc": docx.Text(i18n.Vi.T(field.Label())), "nguon": docx.Text(i18n.Vi.T(origin.Label())),
			"ngay_dang_ky": docx.Optional(short(line.Text("registeredOn"))), "ngay_cong_nhan": docx.Optional(short(line.Text("recognisedOn"))),
		})
	}
	return all
}

// short is a day as tables write it; "" where there is none.
func short(s string) string {
	d, err := clock.ParseDate(s)
	if err != nil || d == 0 {
		return ""
	}
	return i18n.Vi.Date(d)
}
