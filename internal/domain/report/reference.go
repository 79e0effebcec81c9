package report

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Name is what templates and narratives call a figure or a column.
type Name struct{ Name, Of string }

// FigureNames are the ten figures as templates and narratives call them, in the order of
// the funnel.
func FigureNames() []Name {
	return []Name{
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

// UnitNames are the columns of the table by unit as templates and narratives call them.
func UnitNames() []Name {
	all := []Name{
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
		all = append(all, Name{name, OriginColumn(ledger.Origins()[i])})
	}
	for i, name := range []string{"kinh_te", "van_hoa", "quoc_phong", "he_thong"} {
		all = append(all, Name{name, ledger.Fields()[i].String()})
	}
	return all
}

// Reference is a name that a narrative may use, and the number that it stands for.
type Reference struct {
	Name  string
	Cell  Cell
	Value int
}

// References are all names that the narrative of a report may use for numbers: first the
// figures, then sums, fields, the comparison, and at last the rows of the tables.
func (r Report) References() []Reference {
	var all []Reference
	add := func(name, table, row, column string, value int) {
		all = append(all, Reference{name, Cell{table, row, column}, value})
	}
	kinds := []Name{{"_tap_the", ledger.Collective.String()}, {"_ca_nhan", ledger.Individual.String()}, {"_ho", ledger.Household.String()}}
	for _, n := range FigureNames() {
		f := r.Figures.Get(ledger.Figure(n.Of))
		add(n.Name, TableFigures, n.Of, "total", f.Total)
		for i, k := range ledger.SubjectKinds() {
			add(n.Name+kinds[i].Name, TableFigures, n.Of, k.String(), f.Of(k))
		}
		add(n.Name+"_chu_the", TableFigures, n.Of, "subjects", f.Subjects)
	}
	units := r.Table(TableByUnit)
	for _, n := range UnitNames() {
		add("tong_"+n.Name, TableByUnit, "", n.Of, units.Totals[n.Of])
	}
	fields := UnitNames()[len(UnitNames())-len(ledger.Fields()):]
	byField := r.ByField()
	for _, field := range fields {
		row, _ := byField.Find(Cell{Row: field.Of})
		for _, n := range FigureNames()[:len(fieldFigures())] {
			add("linh_vuc."+field.Name+"."+n.Name, TableByField, field.Of, n.Of, row.Int(n.Of))
		}
	}
	comparison := r.Table(TableComparison)
	for _, n := range FigureNames() {
		if row, ok := comparison.Find(Cell{Row: n.Of}); ok {
			for _, c := range []Name{{"truoc", "previous"}, {"nay", "current"}, {"chenh", "difference"}} {
				add("bang_so_sanh."+n.Name+"."+c.Name, TableComparison, n.Of, c.Of, row.Int(c.Of))
			}
		}
	}
	for _, row := range units.Rows {
		for _, n := range UnitNames() {
			add("bang_don_vi."+row.Text("unit")+"."+n.Name, TableByUnit, row.Text("unit"), n.Of, row.Int(n.Of))
		}
	}
	for _, row := range r.Table(TableReplication).Rows {
		for _, c := range []Name{{"luot", "adoptions"}, {"so_don_vi", "adoptingUnits"}, {"do_phu", "coverage"}} {
			if code := row.Text("source"); code != "" {
				add("bang_nhan_rong."+code+"."+c.Name, TableReplication, code, c.Of, row.Int(c.Of))
			}
		}
	}
	return all
}

// phrases are the names that stand for words.
func (r Report) phrases() map[string]string {
	p, _ := r.Of.Period(r.PeriodNo)
	return map[string]string{
		"phong_trao": InSentence(r.Of.Name), "ky": InSentence(p.Name), "don_vi": r.Scope.Name, "pham_vi": r.ScopeInSentence(), "den_het_ngay": i18n.PaperDay(r.AsOf),
	}
}

// InSentence is a name as it stands inside of a sentence: "Phường An Hòa" is "phường An Hòa",
// "Đảng ủy" and "UBND" stay.
func InSentence(s string) string {
	first, rest, ok := strings.Cut(s, " ")
	common := []string{"Phong", "Phường", "Xã", "Quận", "Huyện", "Thị", "Thành", "Tỉnh", "Đặc", "Năm", "Quý", "Kỳ", "Giai", "Tổ", "Thôn", "Ấp", "Khu", "Đợt"}
	if !ok || !slices.Contains(common, first) {
		return s
	}
	return strings.ToLower(first) + " " + rest
}

// ScopeInSentence is what a report is about, as it stands inside of a sentence.
func (r Report) ScopeInSentence() string {
	if r.Scope.Code == "" {
		return "các đơn vị " + r.Scope.Name
	}
	return "toàn " + InSentence(r.Scope.Name)
}

// book is what the marks of a narrative mean in a report.
type book struct {
	all     []Reference
	byName  map[string]Reference
	phrases map[string]string
}

func (r Report) book() book {
	b := book{all: r.References(), byName: map[string]Reference{}, phrases: r.phrases()}
	for _, one := range b.all {
		b.byName[one.Name] = one
	}
	return b
}

// nearest is the known name that is fewest letters away, where few are.
func (b book) nearest(name string) string {
	best, least := "", max(1, len(name)/3)+1
	look := func(known string) {
		if d := viet.Distance(name, known); d < least {
			best, least = known, d
		}
	}
	for _, one := range b.all {
		if n := len(one.Name) - len(name); n < least && -n < least {
			look(one.Name)
		}
	}
	for _, phrase := range []string{"phong_trao", "ky", "don_vi", "pham_vi", "den_het_ngay"} {
		look(phrase)
	}
	return best
}

// Piece is a piece of a narrative: words, or a figure with the cell in which it stands.
type Piece struct {
	Text    string
	Name    string // of the reference; "" is plain words
	Cell    Cell
	Unknown bool   // the report has no such name
	Meant   string // the name that is likely meant by an unknown one; "" where none is near
}

// Figure tells whether the piece is a figure of the report.
func (p Piece) Figure() bool { return p.Cell.Table != "" }

var mark = regexp.MustCompile(`\{\{\s*([^{}\s]*)\s*\}\}`)

// pieces reads a text.
func (b book) pieces(text string) []Piece {
	var all []Piece
	at := 0
	for _, m := range mark.FindAllStringSubmatchIndex(text, -1) {
		if m[0] > at {
			all = append(all, Piece{Text: text[at:m[0]]})
		}
		at = m[1]
		name := text[m[2]:m[3]]
		p := Piece{Text: text[m[0]:m[1]], Name: name}
		if ref, ok := b.byName[name]; ok {
			p.Text, p.Cell = i18n.Vi.Number(ref.Value), ref.Cell
		} else if words, ok := b.phrases[name]; ok {
			p.Text = words
		} else {
			p.Unknown, p.Meant = true, b.nearest(name)
		}
		all = append(all, p)
	}
	if at < len(text) {
		all = append(all, Piece{Text: text[at:]})
	}
	return all
}

// Pieces reads a text of a narrative, its figures filled in.
func (r Report) Pieces(text string) []Piece { return r.book().pieces(text) }

// fill is a text with its figures; unknown names stay as they stand.
func (b book) fill(text string) string {
	var out strings.Builder
	for _, p := range b.pieces(text) {
		out.WriteString(p.Text)
	}
	return out.String()
}

// Typed is a number that was typed by hand where figures of the report say the same, or
// where it counts what the report counts and no figure says so.
type Typed struct {
	Section Section
	Number  string
	Around  string      // a few words on both sides
	Offers  []Reference // that say the same, the nearest at hand first; none where no figure does
}

// mostOffers bounds the references that are offered for a number.
const mostOffers = 6

var (
	number = regexp.MustCompile(`\d{1,3}(?:\.\d{3})+|\d+`)
	// notCounted comes before a number that counts nothing: of a day, a year, an article.
	notCounted = regexp.MustCompile(`(?i)(ngày|tháng|năm|quý|số|điều|khoản|điểm|lần thứ|thứ|khóa|giờ|phụ lục|biểu|nghị quyết|kế hoạch|quyết định|giai đoạn)[\s:]*$`)
	counts     = regexp.MustCompile(`(?i)^\s+(lượt |tổng số )?(mô hình|điển hình|tập thể|cá nhân|hộ)`)
)

// typed finds the numbers in a text that stand there by hand.
func (b book) typed(section Section, text string) []Typed {
	plain := mark.ReplaceAllStringFunc(text, func(m string) string { return strings.Repeat("\x00", len(m)) })
	var all []Typed
	for _, at := range number.FindAllStringIndex(plain, -1) {
		before, after := plain[:at[0]], plain[at[1]:]
		if notCounted.MatchString(before) || touches(before, after) {
			continue
		}
		n, err := strconv.Atoi(strings.ReplaceAll(plain[at[0]:at[1]], ".", ""))
		if err != nil {
			continue // longer than any count
		}
		one := Typed{Section: section, Number: plain[at[0]:at[1]], Around: around(text, at)}
		for _, ref := range b.all {
			if ref.Value == n && n > 0 && len(one.Offers) < mostOffers {
				one.Offers = append(one.Offers, ref)
			}
		}
		if len(one.Offers) > 0 || counts.MatchString(after) {
			all = append(all, one)
		}
	}
	return all
}

// touches tells whether a number is a part of a day, of the number of a paper or of a word.
func touches(before, after string) bool {
	const joined = "/-,.:%"
	last, next := strings.TrimRight(before, joined), strings.TrimLeft(after, joined)
	beside := func(s string, cut bool) bool { return s != "" && cut }
	if beside(last, len(last) < len(before)) && last[len(last)-1] >= '0' && last[len(last)-1] <= '9' {
		return true
	}
	if beside(next, len(next) < len(after)) && next[0] >= '0' && next[0] <= '9' {
		return true
	}
	return strings.HasPrefix(after, "/") || strings.HasPrefix(after, "%") || strings.HasPrefix(after, "-") || letter(before, after)
}

// letter tells whether a number touches a letter: "T2", "3a".
func letter(before, after string) bool {
	is := func(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80 }
	return before != "" && is(before[len(before)-1]) || after != "" && is(after[0])
}

// around is a number with a few letters on both sides.
func around(text string, at []int) string {
	const most = 40
	before, after := []rune(text[:at[0]]), []rune(text[at[1]:])
	return strings.TrimSpace(string(before[max(0, len(before)-most):]) + text[at[0]:at[1]] + string(after[:min(len(after), most)]))
}
