package paper

import (
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// figureNames are the ten figures as templates call them, in the order of the funnel.
func figureNames() []named {
	return []named{
		{"dang_ky", string(ledger.FigureRegistered)},
		{"tiep_nhan", string(ledger.FigureReceived)},
		{"trien_khai", string(ledger.FigureCarriedOut)},
		{"cong_nhan", string(ledger.FigureRecognised)},
		{"dien_hinh", string(ledger.FigureTypical)},
		{"nhan_rong", string(ledger.FigureReplicated)},
		{"luot_ap_dung", string(ledger.FigureAdoptions)},
		{"phat_hien", string(ledger.FigureFound)},
		{"bieu_duong", string(ledger.FigurePraised)},
		{"khen_thuong", string(ledger.FigureAwarded)},
	}
}

// named is a name of a template and the column or figure that it stands for.
type named struct{ name, of string }

// unitNames are the columns of the table by unit as templates call them.
func unitNames() []named {
	all := []named{
		{"dang_ky", "registered"},
		{"tap_the", ledger.Collective.String()},
		{"ca_nhan", ledger.Individual.String()},
		{"ho", ledger.Household.String()},
		{"tiep_nhan", "received"},
		{"trien_khai", "carriedOut"},
		{"cong_nhan", "recognised"},
		{"cap_xa", "recognisedCommune"},
		{"cap_huyen", "recognisedDistrict"},
		{"cap_tinh", "recognisedProvince"},
		{"cap_trung_uong", "recognisedCentral"},
		{"dien_hinh", "typical"},
		{"nhan_rong", "replicated"},
		{"tam_dung", "suspended"},
		{"ket_thuc", "ended"},
	}
	for i, name := range []string{"moi", "duy_tri", "nguon_nhan_rong", "nang_chat"} {
		all = append(all, named{name, report.OriginColumn(ledger.Origins()[i])})
	}
	for i, name := range []string{"kinh_te", "van_hoa", "quoc_phong", "he_thong"} {
		all = append(all, named{name, ledger.Fields()[i].String()})
	}
	return all
}

func count(n int) docx.Value { return docx.Text(i18n.Vi.Number(n)) }

// reportData is a report as its templates read it.
func reportData(r report.Report) docx.Data {
	p, _ := r.Of.Period(r.PeriodNo)
	d := docx.Data{
		"phong_trao": docx.Text(inSentence(r.Of.Name)), "phong_trao_ky": docx.Text(withPeriod(r.Of, p)), "ky": docx.Text(inSentence(p.Name)), "pham_vi": docx.Text(scope(r)), "don_vi": docx.Text(r.Scope.Name),
		"giua_ky": docx.Optional(""), "ngay_ky_truoc": docx.Optional(earlier(r)),
		"den_het_ngay": docx.Text(dated(r.AsOf)), "tu_ngay": docx.Text(dated(p.From)), "den_ngay": docx.Text(dated(p.To)),
		"can_cu": docx.Optional(basis(r.Of)), "cong_tac_lanh_dao": docx.Text(""), "han_che": docx.Text(""), "phuong_huong": docx.Text(""),
		"linh_vuc": docx.Rows(fieldRows(r)), "bang_don_vi": docx.Rows(unitRows(r)), "bang_khen_thuong": docx.Rows(awardRows(r)),
		"bang_nhan_rong": docx.Rows(spreadRows(r)), "bang_so_sanh": docx.Rows(comparisonRows(r)), "danh_sach": docx.Rows(entryRows(r)),
	}
	for _, f := range figureNames() {
		one := r.Figures.Get(ledger.Figure(f.of))
		d[f.name], d[f.name+"_tap_the"], d[f.name+"_ca_nhan"] = count(one.Total), count(one.Collective), count(one.Individual)
		d[f.name+"_ho"], d[f.name+"_chu_the"] = count(one.Household), count(one.Subjects)
	}
	totals := r.Table(report.TableByUnit).Totals
	for _, c := range unitNames() {
		d["tong_"+c.name] = count(totals[c.of])
	}
	return d
}

// inSentence is a name as it stands inside of a sentence: "Phường An Hòa" is "phường An Hòa",
// "Đảng ủy" and "UBND" stay.
func inSentence(s string) string {
	first, rest, ok := strings.Cut(s, " ")
	common := []string{"Phong", "Phường", "Xã", "Quận", "Huyện", "Thị", "Thành", "Tỉnh", "Đặc", "Năm", "Quý", "Kỳ", "Giai", "Tổ", "Thôn", "Ấp", "Khu", "Đợt"}
	if !ok || !slices.Contains(common, first) {
		return s
	}
	return strings.ToLower(first) + " " + rest
}

// scope is what a report is about, as it stands inside of a sentence.
func scope(r report.Report) string {
	if r.Scope.Code == "" {
		return "các đơn vị " + r.Scope.Name
	}
	return "toàn " + inSentence(r.Scope.Name)
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
	for _, field := range ledger.Fields() {
		counts := r.Cube.Total(func(cell ledger.Cell) bool { return cell.Field == field })
		row := docx.Data{"ten": docx.Text(i18n.Vi.T(field.Label()))}
		for _, f := range figureNames()[:6] {
			row[f.name] = count(counts.Of(ledger.Figure(f.of)))
		}
		all = append(all, row)
	}
	return all
}

func unitRows(r report.Report) []docx.Data {
	var all []docx.Data
	for _, line := range r.Table(report.TableByUnit).Rows {
		row := docx.Data{"ma": docx.Text(line.Text("unit")), "ten": docx.Text(line.Text("name"))}
		for _, c := range unitNames() {
			row[c.name] = count(line.Int(c.of))
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
