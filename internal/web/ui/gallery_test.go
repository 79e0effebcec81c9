package ui_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// with puts children into a component, as { … } does in templ.
func with(parent templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func text(s string) templ.Component {
	return templ.Raw("<p>" + templ.EscapeString(s) + "</p>")
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// galleries is every component in its layout, in both languages. The names are made up.
func galleries() map[string]templ.Component {
	all := map[string]templ.Component{}
	for _, lang := range []i18n.Lang{i18n.Vi, i18n.En} {
		all["desk-list-"+lang.Code()] = deskList(lang)
		all["desk-record-"+lang.Code()] = deskRecord(lang)
		all["portal-"+lang.Code()] = portal(lang)
		all["plain-"+lang.Code()] = plain(lang)
	}
	return all
}

func deskPage(lang i18n.Lang) ui.Page {
	return ui.Page{
		Lang: lang, Title: "Sổ đăng ký mô hình", Site: "Dân vận khéo", Place: "Phường Sông Mới", Path: "/admin/entries?tab=all",
		User: &ui.User{
			Login: "ha.tt", Name: "Trần Thu Hà", Unit: "Ban Tuyên giáo và Dân vận Đảng ủy",
			Links: []ui.Link{{Text: "Đổi mật khẩu", Href: "/admin/password"}},
		},
		Menu: []ui.MenuItem{
			{Label: "Bàn làm việc", Href: "/admin", Icon: ui.IconHouse},
			{Label: "Phong trào, chỉ tiêu", Href: "/admin/movements", Icon: ui.IconFlag, Group: "Nghiệp vụ"},
			{Label: "Sổ đăng ký", Href: "/admin/entries", Icon: ui.IconClipboardList, Current: true, Count: 453, Group: "Nghiệp vụ"},
			{Label: "Chờ tôi xử lý", Href: "/admin/inbox", Icon: ui.IconInbox, Count: 12, Group: "Nghiệp vụ"},
			{Label: "Hội đồng", Href: "/admin/councils", Icon: ui.IconScale, Count: 24, Group: "Nghiệp vụ"},
			{Label: "Nhân rộng", Href: "/admin/replication", Icon: ui.IconNetwork, Group: "Nghiệp vụ"},
			{Label: "Khen thưởng", Href: "/admin/awards", Icon: ui.IconAward, Group: "Nghiệp vụ"},
			{Label: "Tin bài", Href: "/admin/articles", Icon: ui.IconNewspaper, Group: "Nội dung"},
			{Label: "Ý kiến chờ duyệt", Href: "/admin/comments", Icon: ui.IconMessageCircle, Count: 7, Group: "Nội dung"},
			{Label: "Số liệu", Href: "/admin/figures", Icon: ui.IconChartColumn, Group: "Báo cáo"},
			{Label: "Báo cáo kỳ", Href: "/admin/reports", Icon: ui.IconFileText, Group: "Báo cáo"},
			{Label: "Người dùng, đơn vị", Href: "/admin/users", Icon: ui.IconUsers, Group: "Hệ thống"},
			{Label: "Cấu hình", Href: "/admin/settings", Icon: ui.IconSettings, Group: "Hệ thống"},
		},
		Crumbs:    []ui.Link{{Text: "Nghiệp vụ", Href: "/admin"}, {Text: "Sổ đăng ký mô hình"}},
		Search:    &ui.SearchSlot{Action: "/admin/search"},
		RequestID: "8F3A1C0",
	}
}

func deskList(lang i18n.Lang) templ.Component {
	p := deskPage(lang)
	p.Sample = true
	p.Flash = &ui.Flash{Kind: ui.OK, Text: "Đã tiếp nhận 3 mô hình vào danh mục."}
	return with(ui.Desk(p),
		ui.PageHead("Sổ đăng ký mô hình", "453 mô hình đăng ký năm 2026, tính đến ngày 24/11/2026",
			ui.LinkButton(ui.Btn{Text: "Xuất Excel", Icon: ui.IconFileSpreadsheet, Href: "/admin/entries.xlsx"}),
			ui.LinkButton(ui.Btn{Text: "Đăng ký mới", Icon: ui.IconPlus, Kind: ui.Primary, Href: "/admin/entries/new"})),
		ui.Tabs(p, "Trạng thái", []ui.Tab{
			{Text: "Tất cả", Href: "?tab=all", Count: 453, Current: true},
			{Text: "Mới đăng ký", Href: "?tab=new", Count: 31},
			{Text: "Chờ thẩm định", Href: "?tab=appraisal", Count: 86},
			{Text: "Hội đồng chấm", Href: "?tab=council", Count: 24},
			{Text: "Đã công nhận", Href: "?tab=recognised", Count: 287},
			{Text: "Trả lại, yêu cầu bổ sung", Href: "?tab=returned", Count: 25},
		}),
		with(ui.FilterBar(p, ui.Filter{
			Action: "/admin/entries",
			Search: &ui.Field{Name: "q", Label: "Tìm theo tên, mã, đơn vị", Placeholder: "Ví dụ: bữa cơm nghĩa tình"},
			Chips:  []ui.Chip{{Text: "Hạn xử lý: 30 ngày tới", Remove: "?"}, {Text: "Cấp: xã", Remove: "?"}},
			Clear:  "/admin/entries", Keep: []ui.Hidden{{Name: "tab", Value: "all"}},
		}),
			ui.SelectField(p, ui.Field{Name: "unit", Label: "Đơn vị"}, ui.Options(ui.Option{Value: "", Text: "Tất cả 54 đơn vị"}, ui.Option{Value: "1", Text: "Tổ dân phố số 7"})),
			ui.SelectField(p, ui.Field{Name: "field", Label: "Lĩnh vực"}, ui.Options(ui.Option{Value: "", Text: "Tất cả"})),
			ui.DateField(p, ui.Field{Name: "asof", Label: "Tính đến ngày", Value: "2026-11-24"}),
			ui.SelectField(p, ui.Field{Name: "year", Label: "Năm thi đua"}, ui.Options(ui.Option{Value: "2026", Text: "2026"})),
		),
		with(ui.DataTable(p, registerTable()), ui.Pager(p, ui.Paging{Prev: "?before=x", Next: "?after=y", Shown: 6, Total: 453})),
		with(ui.DataTable(p, reportTable())),
		with(ui.DataTable(p, ui.Table{Caption: "Danh sách trống", Columns: []ui.Column{{Label: "Tên"}}, Empty: ui.EmptyState(ui.IconInbox, "Chưa có mô hình nào chờ xử lý",
			"Mô hình được gửi đến sẽ hiện ở đây, kèm hạn xử lý.", ui.LinkButton(ui.Btn{Text: "Xem sổ đăng ký", Href: "/admin/entries"}))})),
	)
}

func registerTable() ui.Table {
	row := func(id, name, unit, field, state string, tone ui.Tone, done int, score, due ui.Cell) ui.Row {
		return ui.Row{ID: id, Label: id, Checked: done == 4, Cells: []ui.Cell{
			{Text: id},
			{Text: name, Href: "/admin/entries/" + id},
			{Text: unit, Sub: field},
			{Text: state, Tone: tone, Done: done, Of: 5},
			score, due,
			{Body: ui.LinkButton(ui.Btn{Text: "Mở " + id, Icon: ui.IconEllipsis, Kind: ui.Quiet, Small: true, Bare: true, Href: "/admin/entries/" + id})},
		}}
	}
	none := ui.Cell{Text: "–"}
	return ui.Table{
		Caption: "Sổ đăng ký mô hình",
		Columns: []ui.Column{
			{Label: "Mã số", Kind: ui.ColCode, Sort: "?sort=code"},
			{Label: "Tên mô hình", Kind: ui.ColTitle},
			{Label: "Đơn vị, lĩnh vực"},
			{Label: "Trạng thái", Kind: ui.ColStatus},
			{Label: "Điểm", Kind: ui.ColNumber, Sort: "?sort=score"},
			{Label: "Hạn xử lý", Sort: "?sort=due", State: ui.Ascending},
			{Kind: ui.ColAction},
		},
		Rows: []ui.Row{
			row("SM-0412", "Bữa cơm nghĩa tình tại bệnh viện", "Hội Chữ thập đỏ phường", "Văn hóa - xã hội", "Đã công nhận", ui.OK, 5, ui.Cell{Text: "92,5"}, none),
			row("SM-0431", "Tuyến phố văn minh, cửa hàng không lấn vỉa hè “Sáng – Xanh – Sạch – Đẹp” do Nhân dân tự quản", "Tổ dân phố số 7", "Quốc phòng - an ninh", "Hội đồng chấm", ui.Info, 4, ui.Cell{Text: "88,0"}, ui.Cell{Text: "28/11/2026"}),
			row("SM-0437", "Phố nghề gắn với di tích", "Hội Liên hiệp Phụ nữ phường", "Kinh tế", "Chờ thẩm định", ui.Wait, 2, none, ui.Cell{Text: "26/11/2026"}),
			row("SM-0442", "Vận động đăng ký hiến tạng cứu người", "Trạm Y tế phường", "Văn hóa - xã hội", "Trả lại, yêu cầu bổ sung", ui.Bad, 2, none, ui.Cell{Text: "Quá hạn 3 ngày", Tone: ui.Bad}),
			row("SM-0445", "Camera an ninh xã hội hóa và tổ Nhân dân tự quản", "Công an phường", "Quốc phòng - an ninh", "Lấy ý kiến Nhân dân", ui.Info, 3, none, ui.Cell{Text: "30/11/2026"}),
			row("SM-0450", "Mỗi tuần một việc tốt vì Nhân dân của công chức trẻ", "Đoàn Thanh niên phường", "Xây dựng hệ thống chính trị", "Mới đăng ký", ui.Neutral, 1, none, ui.Cell{Text: "12/12/2026"}),
		},
		Pick: &ui.Pick{Action: "/admin/entries/bulk", Hidden: []ui.Hidden{{Name: "tab", Value: "all"}}, Buttons: []ui.Btn{
			{Text: "Giao thẩm định", Icon: ui.IconUserCheck, Small: true, Name: "verb", Value: "appraise"},
			{Text: "Chuyển hội đồng", Icon: ui.IconScale, Small: true, Name: "verb", Value: "council"},
			{Text: "Xóa khỏi danh mục", Icon: ui.IconTrash2, Small: true, Kind: ui.Danger, Name: "verb", Value: "strike", Confirm: "Xóa các mô hình đã chọn khỏi danh mục?"},
		}},
	}
}

func reportTable() ui.Table {
	n := func(s string) ui.Cell { return ui.Cell{Text: s} }
	return ui.Table{
		Caption: "Biểu 1. Đăng ký, thực hiện, công nhận theo đơn vị", ShowCaption: true, Pan: true,
		Groups: []ui.ColumnGroup{{Span: 1}, {Label: "Đăng ký", Span: 3}, {Label: "Công nhận", Span: 2}},
		Columns: []ui.Column{
			{Label: "Đơn vị", Kind: ui.ColTitle},
			{Label: "Tổng số", Kind: ui.ColNumber},
			{Label: "Tập thể", Kind: ui.ColNumber},
			{Label: "Cá nhân", Kind: ui.ColNumber},
			{Label: "Cấp xã", Kind: ui.ColNumber},
			{Label: "Cấp tỉnh", Kind: ui.ColNumber},
		},
		Rows: []ui.Row{
			{Cells: []ui.Cell{{Text: "Tổ dân phố số 7"}, {Text: "12", Href: "?unit=7"}, n("8"), n("4"), n("9"), n("1")}},
			{Cells: []ui.Cell{{Text: "Trường Tiểu học Sông Mới"}, n("6"), n("5"), n("1"), n("4"), n("–")}},
		},
		Foot: []ui.Row{{Cells: []ui.Cell{{Text: "Tổng cộng"}, n("18"), n("13"), n("5"), n("13"), n("1")}}},
	}
}

func deskRecord(lang i18n.Lang) templ.Component {
	p := deskPage(lang)
	p.Title = "Phố nghề gắn với di tích"
	p.Crumbs = []ui.Link{{Text: "Nghiệp vụ", Href: "/admin"}, {Text: "Sổ đăng ký", Href: "/admin/entries"}, {Text: "SM-0437"}}
	at := time.Date(2026, 11, 3, 2, 15, 0, 0, time.UTC)
	side := templ.Join(
		with(ui.Card("Lịch sử"), ui.Timeline(p, []ui.TimelineEvent{
			{At: at, Title: "Trả lại, yêu cầu bổ sung", By: "Trần Thu Hà", Text: "Bổ sung chỉ số đầu kỳ ở phần Mục tiêu.", Tone: ui.Wait, Icon: ui.IconUndo2},
			{On: clock.NewDate(2026, 9, 30), Title: "Tiếp nhận vào danh mục", By: "Ban Tuyên giáo và Dân vận Đảng ủy", Tone: ui.OK},
			{On: clock.NewDate(2026, 9, 28), Title: "Gửi đăng ký", By: "Hội Liên hiệp Phụ nữ phường", Tone: ui.Info, Icon: ui.IconSend, Href: "/admin/entries/1/history"},
			{On: clock.NewDate(2026, 9, 20), Title: "Lập bản nháp"},
		})),
		with(ui.Card("Tiến độ"), ui.ProgressBar(p, ui.Progress{Label: "Chỉ tiêu năm", Value: 86, Max: 120, Unit: "mô hình"}), ui.ProgressBar(p, ui.Progress{Label: "Công nhận", Value: 0, Max: 0})),
	)
	return with(ui.Desk(p),
		ui.PageHead("Phố nghề gắn với di tích", "Hội Liên hiệp Phụ nữ phường · đăng ký năm 2026",
			ui.Button(ui.Btn{Text: "In phiếu đăng ký", Icon: ui.IconPrinter, Print: true})),
		with(ui.StatTiles(),
			ui.StatTile(ui.Stat{Label: "Đăng ký", Value: "397", Unit: "mô hình", Note: "Tập thể 240, cá nhân 157", Href: "/a", Icon: ui.IconClipboardList}),
			ui.StatTile(ui.Stat{Label: "Được công nhận", Value: "287", Note: "72% số đăng ký", Href: "/b", Icon: ui.IconShieldCheck, Tone: ui.OK}),
			ui.StatTile(ui.Stat{Label: "Quá hạn xử lý", Value: "3", Note: "Lâu nhất 9 ngày", Href: "/c", Icon: ui.IconClock, Tone: ui.Bad}),
			ui.StatTile(ui.Stat{Label: "Đơn vị chưa đăng ký", Value: "5", Note: "trên 54 đơn vị", Icon: ui.IconBuilding2})),
		with(ui.Card("Từ đăng ký đến khen thưởng"), ui.FunnelChart(p, funnel())),
		with(ui.Columns(),
			with(ui.Card(""), ui.BarChart(p, ui.Bars{Title: "Đăng ký theo lĩnh vực", Caption: "Năm 2026, tính đến 24/11/2026", Items: []ui.Bar{
				{Label: "Kinh tế", Href: "?f=1", Value: 96, Target: 80},
				{Label: "Văn hóa - xã hội", Href: "?f=2", Value: 171, Target: 150},
				{Label: "Quốc phòng - an ninh", Value: 62, Target: 90},
				{Label: "Xây dựng hệ thống chính trị", Value: 68},
			}})),
			with(ui.Card(""), ui.LineChart(p, ui.Line{Title: "Đơn vị nhân rộng", Unit: "đơn vị", Points: []ui.Point{
				{Label: "2022", Value: 0}, {Label: "2023", Value: 4}, {Label: "2024", Value: 11}, {Label: "2025", Value: 23}, {Label: "2026", Value: 31}, {Label: "2027", Value: 36, Ahead: true},
			}}))),
		with(ui.Split(side),
			ui.ErrorSummary(p, []ui.FieldError{{Field: "name", Text: "Tên mô hình: Cần nhập mục này."}, {Field: "kind", Text: "Loại chủ thể: Cần chọn một mục."}, {Text: "Kỳ đăng ký đã đóng."}}),
			with(ui.Callout(ui.Info, "Đang sửa theo yêu cầu bổ sung"), text("Chỉ phần được đánh dấu mở lại; các phần khác giữ nguyên.")),
			with(ui.Callout(ui.Bad, ""), text("Không thể công nhận khi chưa có biên bản thẩm định.")),
			with(ui.Card("Phiếu đăng ký", ui.LinkButton(ui.Btn{Text: "Xem bản in", Icon: ui.IconEye, Kind: ui.Quiet, Small: true, Href: "/print"})), registrationForm(p)),
			with(ui.Card("Thông tin chung"), ui.KeyValues(definitions()), ui.DefinitionList(definitions())),
			with(ui.ConfirmForm(p, ui.Confirm{
				Action: "/admin/entries/bulk", Title: "Giao thẩm định", Text: "Các mô hình dưới đây sẽ được giao cho tổ thẩm định số 2.", Count: 3,
				Items:  []string{"SM-0412 Bữa cơm nghĩa tình tại bệnh viện", "SM-0431 Tuyến phố văn minh", "SM-0437 Phố nghề gắn với di tích"},
				Submit: ui.Btn{Text: "Giao thẩm định", Kind: ui.Primary}, Cancel: "/admin/entries", Hidden: []ui.Hidden{{Name: "id", Value: "1"}},
			}), ui.TextArea(p, ui.Field{Name: "reason", Label: "Ghi chú", Rows: 2}))))
}

func registrationForm(p ui.Page) templ.Component {
	return with(ui.Form(ui.FormOptions{Action: "/admin/entries/1", Guard: true, Files: true, ID: "registration"}),
		with(ui.FormPart("1. Tên mô hình và chủ thể"),
			ui.TextField(p, ui.Field{Name: "name", Label: "Tên mô hình", Hint: "Ngắn gọn, nói được việc làm và nơi làm.", Error: "Cần nhập mục này.", Required: true, MaxLength: 200}),
			ui.RadioGroup(p, ui.Field{Name: "kind", Label: "Loại chủ thể", Required: true, Error: "Cần chọn một mục.", Across: true},
				[]ui.Option{{Value: "collective", Text: "Tập thể"}, {Value: "individual", Text: "Cá nhân"}, {Value: "household", Text: "Hộ gia đình", Hint: "Ghi tên chủ hộ"}}),
			with(ui.FormGrid(),
				ui.SelectField(p, ui.Field{Name: "lead", Label: "Đơn vị đăng ký", Value: "2", Required: true}, []ui.OptionGroup{
					{Label: "Tổ dân phố", Options: []ui.Option{{Value: "1", Text: "Tổ dân phố số 7"}}},
					{Label: "Hội, đoàn thể", Options: []ui.Option{{Value: "2", Text: "Hội Liên hiệp Phụ nữ phường"}}},
				}),
				ui.DateField(p, ui.Field{Name: "from", Label: "Bắt đầu từ ngày", Value: "2026-01-15", Min: "2025-10-01"}))),
		ui.TextArea(p, ui.Field{Name: "approach", Label: "Nội dung, cách làm", Hint: "Làm gì, ai làm, làm thế nào.", Value: "Hội viên giữ vỉa hè trước cửa hàng, kể chuyện nghề cho khách.", MaxLength: 4000}),
		ui.CheckGroup(p, ui.Field{Name: "tags", Label: "Gắn với nhiệm vụ"}, []ui.Option{{Value: "storm", Text: "Khắc phục hậu quả bão", On: true}, {Value: "digital", Text: "Chuyển đổi số"}}),
		ui.FileField(p, ui.Field{Name: "paper", Label: "Phiếu có chữ ký", Accept: ".pdf,.jpg", Multiple: true}),
		ui.TextField(p, ui.Field{Name: "code", Label: "Mã số", Value: "SM-0437", ReadOnly: true}),
		ui.CheckField(p, ui.Field{Name: "consent", Label: "Đồng ý công khai trên cổng thông tin khi được công nhận", Hint: "Có thể rút lại bất cứ lúc nào."}, true),
		ui.HiddenField("version", "3"),
		with(ui.FormActions(),
			ui.Button(ui.Btn{Text: "Gửi đăng ký", Icon: ui.IconSend, Kind: ui.Primary}),
			ui.Button(ui.Btn{Text: "Lưu nháp", Icon: ui.IconSave, Name: "draft", Value: "1"}),
			ui.Button(ui.Btn{Text: "Rút đăng ký", Kind: ui.Danger, Confirm: "Rút đăng ký này?", Action: "/admin/entries/1/withdraw"}),
			ui.Button(ui.Btn{Text: "Khóa", Off: true})))
}

func definitions() []ui.Definition {
	return []ui.Definition{
		{Term: "Đơn vị phối hợp", Text: "Ban Quản lý phố cổ; Hội Cựu chiến binh phường; Trường Tiểu học Sông Mới"},
		{Term: "Lĩnh vực", Body: ui.Badge("Kinh tế", ui.Info)},
		{Term: "Nguồn gốc", Text: "Nâng cao chất lượng"},
		{Term: "Người khai", Text: "Nguyễn Thị Lành"},
	}
}

func funnel() ui.Funnel {
	return ui.Funnel{Title: "Kết quả phong trào năm 2026", Caption: "Từ 1/1/2026, tính đến ngày 24/11/2026", Steps: []ui.FunnelStep{
		{Label: "Đăng ký", Note: "mô hình", Href: "?s=1", Total: 1397, Collective: 1040, Individual: 345, Household: 12},
		{Label: "Được tiếp nhận", Href: "?s=2", Total: 1361, Collective: 1012, Individual: 337, Household: 12},
		{Label: "Triển khai thực hiện", Href: "?s=3", Total: 1240, Collective: 950, Individual: 280, Household: 10},
		{Label: "Được công nhận", Href: "?s=4", Total: 987, Collective: 760, Individual: 220, Household: 7},
		{Label: "Tiêu biểu", Href: "?s=5", Total: 120, Collective: 90, Individual: 30},
		{Label: "Được nhân rộng", Total: 66, Collective: 60, Individual: 6},
		{Label: "Biểu dương, khen thưởng", Note: "tập thể, cá nhân", Href: "?s=7", Total: 30, Collective: 21, Individual: 9},
		{Label: "Chưa rõ thành phần", Total: 4},
	}}
}

func portal(lang i18n.Lang) templ.Component {
	p := ui.Page{
		Lang: lang, Title: "Bữa cơm nghĩa tình tại bệnh viện", Site: "Cổng Dân vận khéo", Place: "Phường Sông Mới", Path: "/practices/1", Sample: true,
		Menu: []ui.MenuItem{
			{Label: "Thư viện mô hình", Href: "/practices", Current: true},
			{Label: "Bản đồ nhân rộng", Href: "/map"},
			{Label: "Tin tức", Href: "/news"},
			{Label: "Giới thiệu điển hình", Href: "/introduce"},
			{Label: "Khen thưởng", Href: "/awards"},
			{Label: "Dữ liệu mở", Href: "/data"},
		},
		Crumbs: []ui.Link{{Text: "Trang chủ", Href: "/"}, {Text: "Thư viện mô hình", Href: "/practices"}, {Text: "Bữa cơm nghĩa tình tại bệnh viện"}},
		Search: &ui.SearchSlot{Action: "/search", Label: "Tìm mô hình, tin tức"},
		Foot: ui.Foot{
			Lines: []string{"Cơ quan thường trực: Ban Tuyên giáo và Dân vận Đảng ủy phường Sông Mới", "Đường dây hỗ trợ: 0000 000 000"},
			Links: []ui.Link{{Text: "Hỗ trợ tiếp cận", Href: "/a11y"}, {Text: "Bảo vệ dữ liệu cá nhân", Href: "/privacy"}},
		},
	}
	tile := func(title, unit, field string, cover, adopted int) templ.Component {
		return ui.PracticeCard(p, ui.PracticeTile{
			Title: title, Href: "/practices/2", Unit: unit, Field: field, Cover: cover, Adopted: adopted,
			Summary: "Mỗi sáng thứ Năm, hội viên nấu ba trăm suất cơm cho người bệnh nghèo.", Badge: "Công nhận cấp xã 2026", Tone: ui.OK,
		})
	}
	return with(ui.Portal(p),
		ui.IconBadge("Công nhận cấp xã 2026", ui.OK, ui.IconCircleCheck),
		ui.PageHead("Bữa cơm nghĩa tình tại bệnh viện", "Từ một nồi cháo của tổ phụ nữ, 36 hộ phố nghề cùng góp gạo, góp công để người bệnh nghèo có bữa ăn nóng.",
			ui.LinkButton(ui.Btn{Text: "Đăng ký nhân rộng", Icon: ui.IconNetwork, Kind: ui.Primary, Href: "/adopt"}),
			ui.LinkButton(ui.Btn{Text: "Chia sẻ", Icon: ui.IconShare2, Href: "/share"})),
		ui.MetaLine(ui.MetaItem{Icon: ui.IconMapPin, Text: "Hội Chữ thập đỏ phường"}, ui.MetaItem{Icon: ui.IconHandHeart, Text: "Văn hóa - xã hội"}, ui.MetaItem{Icon: ui.IconCalendar, Text: "Thực hiện từ 2023"}),
		ui.FactStrip([]ui.Definition{{Term: "Suất ăn mỗi tuần", Text: "320"}, {Term: "Hộ tham gia", Text: "36", Unit: "hộ"}, {Term: "Kinh phí xã hội hóa", Text: "412", Unit: "triệu đồng/năm"}, {Term: "Đơn vị nhân rộng", Text: "7"}}),
		with(ui.Split(with(ui.Card("Lan tỏa"), ui.LineChart(p, ui.Line{Title: "Đơn vị nhân rộng", Unit: "đơn vị", Points: []ui.Point{{Label: "2023", Value: 1}, {Label: "2024", Value: 3}, {Label: "2025", Value: 5}, {Label: "2026", Value: 7}}}))),
			with(ui.Prose(), templ.Raw(`<h2>Vì sao làm</h2><p>Bệnh viện tuyến trên đông người bệnh nghèo từ xa đến; bữa ăn thường bị cắt đầu tiên.</p><h2>Cách làm</h2><ol><li><b>Dân bàn trước:</b> quy ước góp gạo theo lượt, ai bận thì đổi lượt.</li><li><b>Một bếp chung:</b> trường học cho mượn bếp ngày nghỉ.</li></ol><blockquote>Góp một nắm gạo thì ai cũng góp được.<cite>Bà Nguyễn Thị Lành, tổ trưởng tổ phụ nữ</cite></blockquote>`))),
		templ.Raw(`<h2>Mô hình cùng nhóm</h2>`),
		with(ui.Tiles(),
			tile("Phố nghề gắn với di tích", "Hội Liên hiệp Phụ nữ phường", "Kinh tế", 1, 3),
			tile("Vận động đăng ký hiến tạng cứu người", "Trạm Y tế phường", "Văn hóa - xã hội", 2, 12),
			tile("Camera an ninh xã hội hóa và tổ Nhân dân tự quản", "Công an phường", "Quốc phòng - an ninh", 3, 0),
			tile("Mỗi tuần một việc tốt vì Nhân dân của công chức trẻ", "Đoàn Thanh niên phường", "Xây dựng hệ thống chính trị", 4, 1)))
}

func plain(lang i18n.Lang) templ.Component {
	p := ui.Page{
		Lang: lang, Title: "Đăng nhập", Site: "Dân vận khéo", Place: "Phường Sông Mới", Path: "/login", Sample: true, RequestID: "8F3A1C0",
		Flash: &ui.Flash{Kind: ui.Bad, Text: "Tên đăng nhập hoặc mật khẩu không đúng."},
	}
	return with(ui.Plain(p), with(ui.Form(ui.FormOptions{Action: "/login"}),
		ui.TextField(p, ui.Field{Name: "login", Label: "Tên đăng nhập", Autocomplete: "username", Required: true}),
		ui.TextField(p, ui.Field{Name: "password", Label: "Mật khẩu", Type: "password", Autocomplete: "current-password", Required: true}),
		with(ui.FormActions(), ui.Button(ui.Btn{Text: "Đăng nhập", Icon: ui.IconLogIn, Kind: ui.Primary}))))
}
