package app_test

import (
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// year is a ward's year, told by the pages alone.
type year struct {
	t                                *testing.T
	clock                            *movable
	house                            *app.House
	site                             *httptest.Server
	admin, officer, reporter, leader *person
	decision                         string
}

// TestTheYearOfAWard goes from an empty folder to the last signature and on to the next
// year, by nothing but what the pages offer.
func TestTheYearOfAWard(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		y := &year{t: t, clock: &movable{}}
		y.clock.set("2026-01-05")
		y.house = apptest.EmptyAt(t, d, apptest.Files(t), y.clock.now)
		y.site = apptest.Serve(t, y.house)
		y.start()
		y.plan()
		y.register()
		y.carryOut()
		y.recognise()
		y.conferAndPublish()
		y.nextYear()
	})
}

// start sets the house up, as who installs it does.
func (y *year) start() {
	code, err := y.house.Setup.Code() // printed where the program was started
	if err != nil {
		y.t.Fatal(err)
	}
	y.admin = newPerson(y.t, y.site)
	y.admin.open("/login").press("/start", url.Values{"code": {code}})
	y.admin.press("/start/place", url.Values{"q": {"hoan kiem"}})
	y.admin.open(y.admin.link("place=00070"))
	y.admin.press("/start/office", url.Values{
		"standingBody": {"Ban Xây dựng Đảng Đảng ủy phường Hoàn Kiếm"}, "movement": {"1"}, "year": {"2026"},
		"name": {"Nguyễn Quản Trị"}, "login": {"quantri"}, "password": {"mot ngay dep troi"},
		"name0": {"Trần Cán Bộ"}, "login0": {"canbo"}, "name1": {"Lê Phóng Viên"}, "login1": {"phongvien"}, "name2": {"Phạm Lãnh Đạo"}, "login2": {"lanhdao"},
	})
	handed := y.admin
	y.officer, y.reporter, y.leader = y.first(handed, "canbo"), y.first(handed, "phongvien"), y.first(handed, "lanhdao")
	y.admin.open("/login").press("/login", url.Values{"login": {"quantri"}, "password": {"mot ngay dep troi"}})
}

// first is the first sign-in of somebody with the password that stands on a page.
func (y *year) first(page *person, login string) *person {
	y.t.Helper()
	found := regexp.MustCompile(login + ` ([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})`).FindStringSubmatch(page.text())
	if found == nil {
		y.t.Fatalf("no password of %s on %s: %s", login, page.at, page.text())
	}
	p := newPerson(y.t, y.site)
	p.open("/login").press("/login", url.Values{"login": {login}, "password": {found[1]}})
	p.press("/admin/password", url.Values{"old": {found[1]}, "password": {"mat khau cua " + login}})
	return p
}

// plan is what the officer lays down before anybody registers.
func (y *year) plan() {
	o := y.officer
	for code, name := range map[string]string{"HK.T1": "Tổ dân phố số 1", "HK.T2": "Tổ dân phố số 2", "HK.T3": "Tổ dân phố số 3"} {
		o.open("/admin/units/new").press("/admin/units/new", url.Values{
			"name": {name}, "code": {code}, "kind": {"Tổ dân phố"}, "from": {"2026-01-01"}, "parentState": {"Phường Hoàn Kiếm"}, "counting": {"Nhà nước"},
		}).sees(name)
	}
	o.open("/admin/movements").open(o.link("DVK-2026")).open(o.link("criteria"))
	o.open(o.link("collective/enforce")).press("collective/enforce", nil).sees("Phiên bản 1")
	o.open("/admin/movements/DVK-2026/targets").open(o.link("targets/edit"))
	o.press("targets/edit", url.Values{"f.1.registered": {"2"}, "f.1.recognised": {"1"}}).sees("Còn thiếu 2")
	o.open("/admin/movements/DVK-2026/calendar").open(o.link("Ban hành kế hoạch"))
	o.press("Lưu", url.Values{"account": {"Trần Cán Bộ (canbo)"}}).open("/admin/movements/DVK-2026/calendar").sees("Trần Cán Bộ")
}

// whole are the nine parts of a registration and what belongs to them.
func whole(title, unit, field string) url.Values {
	return url.Values{
		"title": {title}, "unit": {unit}, "field": {field}, "origin": {"Mới"}, "subject": {"Tập thể " + title}, "address": {"Ngõ 12 phố Hàng Bông"},
		"rationale": {"Rác để lẫn, ngõ mất vệ sinh."}, "goals": {"Mười phần mười hộ phân loại rác."}, "approach": {"Họp dân, phân công từng tổ, cùng làm mỗi sáng thứ bảy."},
		"area": {"Bốn ngõ, 120 hộ."}, "forces": {"Chi bộ, Mặt trận, đoàn thể."}, "resources": {"Từ tháng 2, người dân góp công."}, "outputs": {"Ngõ sạch, có điểm thu gom."},
		"sustainability":   {"Có quy ước, tổ khác làm theo được."},
		"indicator.0.name": {"Hộ phân loại rác"}, "indicator.0.unit": {"hộ"}, "indicator.0.baseline": {"20"}, "indicator.0.target": {"120"}, "indicator.0.source": {"Tổ dân phố"},
	}
}

// register is how practices come in: one typed by its unit over days, two by the officer
// for units that send paper; one is sent back with two parts flagged and mended.
func (y *year) register() {
	r, o := y.reporter, y.officer
	y.clock.set("2026-02-10")
	r.open("/admin").open(r.link("Đăng ký mô hình")).press("Lưu nháp", url.Values{"title": {"Ngõ sạch"}, "rationale": {"Rác để lẫn."}})
	y.clock.set("2026-02-12")
	r.open("/admin").sees("Ngõ sạch").open(r.link("/admin/drafts/"))
	r.press("Đăng ký", whole("Ngõ sạch, nhà xanh", "Tổ dân phố số 1, Phường Hoàn Kiếm", "Kinh tế")).sees("Ngõ sạch, nhà xanh")
	for _, n := range []string{"2", "3"} {
		typed := whole("Tổ "+n+" không rác", "Tổ dân phố số "+n+", Phường Hoàn Kiếm", "Văn hóa - xã hội")
		typed.Set("declaredBy", "Bà Mẫu, tổ trưởng")
		o.open("/admin/entries/new").press("Đăng ký", typed)
	}
	at := r.at
	o.open(at).open(o.link("/return")).press("Yêu cầu bổ sung", url.Values{
		"reasons": {"incomplete"}, "part.goals": {"1"}, "part.outputs": {"1"}, "note.goals": {"Nêu rõ số hộ."}, "note.outputs": {"Kể tên sản phẩm."},
	})
	y.clock.set("2026-02-16")
	r.open("/admin").open(r.link(at))
	r.sees("Nêu rõ số hộ.").open(r.link(at+"/edit")).press(at+"/edit", url.Values{"goals": {"120 trên 120 hộ phân loại rác."}, "outputs": {"Hai điểm thu gom, một quy ước."}})
	r.open(r.link("/resubmit")).press("/resubmit", nil)
	o.open("/admin").open(o.link(at)).sees("120 trên 120 hộ")
	o.open("/admin/entries?tab=waiting")
	o.press("Tiếp nhận", url.Values{"id": {every}})
	o.sees("Đã thực hiện “Tiếp nhận” cho 3 mô hình")
}

// carryOut is the year's work: what is done, seen and agreed to.
func (y *year) carryOut() {
	o := y.officer
	y.clock.set("2026-04-10")
	o.open("/admin/entries?tab=inProgress").press("Bắt đầu triển khai", url.Values{"id": {every}}).sees("cho 3 mô hình")
	for _, code := range []string{"DVK-0001", "DVK-0002"} {
		o.open("/admin/entries/"+code+"/find").press("/find", nil)
		o.open("/admin/entries/"+code+"/consent").press("/consent", url.Values{"agreed": {"1"}, "detail": {"1"}, "note": {"Tổ trưởng ký ngày 10/4/2026"}})
		o.open("/admin/entries/"+code+"/files").press("/photos/new", url.Values{
			"alt": {"Một ngõ sạch có hai thùng rác."}, "credit": {"Tổ dân phố"}, "people": {"none"},
		}, apptest.Upload{Field: "photo", Name: "ngo.jpg", Content: jpegOf(y.t, scene(1200, 800))})
	}
}

// appraise is what goes before a recognition: reports, a visit, points, papers.
func (y *year) appraise() {
	r, o := y.reporter, y.officer
	y.clock.set("2026-09-08")
	for _, code := range []string{"DVK-0001", "DVK-0002", "DVK-0003"} {
		r.open("/admin/appraisals/entries/" + code).open(r.link("/note"))
		r.press("/note", url.Values{"kind": {"result"}, "text": {"Làm xong theo đăng ký."}, "outputs": {"Hai điểm thu gom."}, "actual0": {"118"}})
	}
	r.open("/admin/appraisals/entries/DVK-0001").open(r.link("by=self"))
	r.press("Lưu", r.rows("/score", "points.", "5")).sees("Tự chấm")
	for range 3 {
		o.open("/admin/appraisals/notes").open(o.link("/admin/appraisals/notes/"))
		o.press("Chấp nhận", nil)
	}
	o.open("/admin/appraisals").press("Lên lịch kiểm tra", url.Values{"entry": {every}})
	o.press("Lên lịch kiểm tra", url.Values{"unit": {"Ban Xây dựng Đảng Đảng ủy phường Hoàn Kiếm"}, "goers": {"Trần Cán Bộ"}})
	o.open(o.link("/sheets/DVK-0001")).press("Gửi phiếu", url.Values{"people": {"Bà Mẫu, tổ trưởng"}, "indicator.0": {"118"}, "conclusion": {"Đúng như báo cáo."}})
	for _, code := range []string{"DVK-0001", "DVK-0002", "DVK-0003"} {
		o.open("/admin/appraisals/entries/" + code).open(o.link("by=verified"))
		o.press("Lưu", o.rows("/score", "points.", "6"))
	}
	o.open("/admin/appraisals/entries/DVK-0001").open(o.link("/verdict"))
	o.press("Lưu", url.Values{"verdict": {"typical"}, "reason": {"Đạt cả ba chỉ số."}}).sees("Đề nghị")
	o.open("/admin/appraisals").press("Kết luận thẩm định", url.Values{"entry": {"DVK-0002", "DVK-0003"}})
	o.press("Lưu", url.Values{"verdict": {"recognise"}})
	for button, kind := range map[string]string{"Biên bản thẩm định": "appraisal", "Tờ trình": "submission"} {
		o.open("/admin/appraisals").press(button, url.Values{"entry": {every}})
		o.press("Lập văn bản", url.Values{"unit": {"Ban Xây dựng Đảng Đảng ủy phường Hoàn Kiếm"}, "level": {"Cấp xã"}, "chair": {"Ông Mẫu"}, "number": {"12/" + kind}}).sees("Tổ 3 không rác")
	}
}

// recognise is the autumn: the decision, the best of them, an award.
func (y *year) recognise() {
	o := y.officer
	y.appraise()
	y.clock.set("2026-09-20")
	o.open("/admin/decisions/new").press("Nhập văn bản", url.Values{
		"paper": {"Quyết định"}, "number": {"215/QĐ-UBND"}, "authority": {"Phường Hoàn Kiếm"}, "signedOn": {"2026-09-18"}, "signer": {"Chủ tịch"},
		"title": {"Công nhận mô hình “Dân vận khéo” năm 2026"},
	})
	decision := o.at
	o.open(o.link("/recognise"))
	o.press("/recognise", url.Values{"entry": {every}}).sees("Đã ghi nhận 3 mô hình")
	o.open(decision+"/typical").press("/typical", url.Values{"codes": {"DVK-0001"}}).sees("Mô hình tiêu biểu (1)")
	o.open(decision+"/give").press("/give", url.Values{"codes": {"DVK-0001"}, "form": {"Biểu dương"}, "achievement": {"Ngõ sạch, nhà xanh"}})
	y.decision = decision
}

// conferAndPublish holds the wrap-up and tells the public, who answer.
func (y *year) conferAndPublish() {
	o := y.officer
	y.clock.set("2026-10-15")
	o.open("/admin/conferences/new?movement=DVK-2026").press("Lưu", url.Values{
		"kind": {"Hội nghị tổng kết"}, "title": {"Hội nghị tổng kết năm 2026"}, "on": {"2026-10-15"}, "place": {"Hội trường phường"}, "asOf": {"2026-10-01"},
	})
	meeting := o.at
	o.open(o.link("/move/hold")).press("/move/hold", nil)
	o.open(meeting).open(o.link("articles/new?conference=")).press("Lưu", nil).sees("Đăng ký: 3", "Công nhận: 3")
	o.open(y.decision).open(o.link("articles/new?decision=")).press("Lưu", url.Values{
		"lead": {"Ba mô hình của phường được công nhận."}, "author": {"Tổ tin tức"},
	}).sees("Ngoài ra còn 1") // who did not agree is not named
	article := o.at
	o.open(article+"/submit").press("/submit", nil)
	o.open(article).open(o.link("/approve")).press("/approve", nil)
	o.open(article).open(o.link("/publish")).press("/publish", nil)
	c := newPerson(y.t, y.site)
	c.open("/").sees("Công nhận mô hình").open(c.link("/articles/")).sees("Ngõ sạch, nhà xanh")
	at := c.at
	c.press("/rate", url.Values{"score": {"5"}}).sees("5 trong 1 đánh giá")
	c.open(at).press("/opinions", url.Values{"name": {"Bà Mẫu"}, "text": {"Ngõ nhà tôi sạch hẳn."}})
	o.open("/admin/opinions").sees("Ngõ nhà tôi sạch hẳn.").press("/pass", nil)
	c.open(at).sees("Ngõ nhà tôi sạch hẳn.")
	c.open("/practices").sees("Ngõ sạch, nhà xanh", "Tổ 2 không rác").open(c.link("Ngõ sạch")).sees("120 trên 120 hộ")
	if strings.Contains(c.open("/practices").text(), "Tổ 3") {
		y.t.Error("the public sees a model whose people did not agree")
	}
}

// nextYear looks back, and on.
func (y *year) nextYear() {
	y.clock.set("2026-11-15")
	y.leader.open("/admin/overview").sees("Công nhận", "Được nhân rộng")
	o := y.officer
	o.open("/admin/figures?movement=DVK-2026&asOf=2026-11-01").open(o.link("/admin/figures/recognised?")).sees("DVK-0001", "DVK-0002", "DVK-0003")
	o.open("/admin/movements/DVK-2026").open(o.link("/clone")).press("/clone", nil).sees("năm 2027")
	o.open("/admin/movements/DVK-2027/criteria").sees("Bản thảo")
}
