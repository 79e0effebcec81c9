package steering_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

const at = "/admin/movements/M-2024"

// house is the small house with its pages, an officer of the district and a reporter of
// each ward.
type house struct {
	apptest.Small
	t                        *testing.T
	officer, ward, elsewhere *apptest.Client
	period                   int
}

func each(t *testing.T, fn func(t *testing.T, h house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house{Small: apptest.NewSmall(t, d), t: t}
		site := apptest.Serve(t, h.House)
		as := func(login, role, unit string) *apptest.Client {
			u, err := h.Org.Get(t.Context(), h.System(), unit)
			h.Must(err)
			_, err = h.Identity.Create(t.Context(), h.System(), identity.Input{
				Login: login, Name: login, Unit: u.ID, Password: sample.Password, Settled: true, Grants: []identity.GrantInput{{Role: role, Unit: u.ID}},
			})
			h.Must(err)
			return apptest.As(t, site, login)
		}
		h.officer, h.ward, h.elsewhere = as("canbo", app.RoleOfficer, "D"), as("phuongmot", app.RoleReporter, "W1"), as("phuonghai", app.RoleReporter, "W2")
		m, err := h.Movements.Get(t.Context(), h.System(), "M-2024")
		h.Must(err)
		h.period = m.Periods[0].No
		fn(t, h)
	})
}

func (h house) wants(a apptest.Answer, status int, has ...string) {
	h.t.Helper()
	if a.Status != status {
		h.t.Fatalf("%d, not %d: %s", a.Status, status, a.Body)
	}
	for _, text := range has {
		if !strings.Contains(a.Body, text) {
			h.t.Errorf("the page lacks %q", text)
		}
	}
}

func criteriaForm() url.Values {
	return url.Values{
		"version": {"0"}, "group0": {"Kết quả"}, "cap0": {"30"}, "bonusCap": {"5"},
		"name0": {"Dân đồng thuận"}, "of0": {"Kết quả"}, "most0": {"12,5"}, "no0": {"2"}, "mandatory0": {"1"},
		"name1": {"Có kế hoạch"}, "of1": {"Xây dựng"}, "most1": {"10"}, "weight1": {"1,5"}, "no1": {"1"}, "evidence1": {"document"},
	}
}

func TestCriteriaThroughThePages(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		edit := at + "/criteria/collective/edit"
		bad := criteriaForm()
		bad.Set("most0", "mười")
		h.wants(h.officer.Post(edit, bad), http.StatusUnprocessableEntity, "mười", "Dân đồng thuận", `aria-invalid="true"`)
		more := criteriaForm()
		more.Set("more", "1")
		h.wants(h.officer.Post(edit, more), http.StatusOK, `name="name5"`, "12,5")
		h.wants(h.officer.Post(edit, criteriaForm()), http.StatusSeeOther)
		h.wants(h.officer.Get(at+"/criteria"), http.StatusOK, "Bản thảo", "Dân đồng thuận", "12,5", "× 1,5")
		h.wants(h.officer.Post(edit, criteriaForm()), http.StatusConflict, "Có người vừa lưu", "Dân đồng thuận")
		h.wants(h.officer.Post(at+"/criteria/collective/enforce", url.Values{"version": {"1"}, "on": {"2024-02-01"}}), http.StatusSeeOther)
		h.wants(h.officer.Get(at+"/criteria/collective/sheet"), http.StatusOK, "Phiếu chấm điểm", "Văn bản, biên bản")
		h.wants(h.ward.Get(at+"/criteria"), http.StatusOK, "Áp dụng từ 1/2/2024")
		h.wants(h.ward.Get(edit), http.StatusForbidden)

		change := criteriaForm()
		change.Set("most0", "15")
		h.wants(h.officer.Post(edit, change), http.StatusSeeOther)
		h.wants(h.officer.Get(at+"/criteria/collective/compare"), http.StatusOK, "12,5")
		h.wants(h.officer.Post(at+"/criteria/collective/drop", url.Values{"version": {"1"}}), http.StatusOK, "Có kế hoạch")
		h.wants(h.officer.Post(at+"/criteria/collective/drop", url.Values{"version": {"1"}, "sure": {"1"}}), http.StatusSeeOther)
		if a := h.officer.Get(at + "/criteria"); strings.Contains(a.Body, "Bản thảo") {
			t.Error("the draft is still there")
		}
		h.wants(h.officer.Get(at+"/criteria/nobody/sheet"), http.StatusNotFound)
	})
}

func TestTargetsThroughThePages(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.Recognised(apptest.Registration(), "1-QĐ")
		w1, err := h.Org.Get(t.Context(), h.System(), "W1")
		h.Must(err)
		edit := at + "/targets/edit"
		name := movement.Target{Unit: w1.ID, Figure: ledger.FigureRegistered}.Name()
		form := url.Values{"version": {"0"}, "more": {"1"}, "paste": {"Phường Một\t3\t2\nKhông có\t9"}}
		h.wants(h.officer.Post(edit, form), http.StatusOK, `name="`+name+`" value="3"`, "Không có")
		h.wants(h.officer.Post(edit, url.Values{"version": {"0"}, name: {"x"}}), http.StatusUnprocessableEntity, `value="x"`)
		h.wants(h.officer.Post(edit, url.Values{"version": {"0"}, name: {"3"}}), http.StatusSeeOther)
		h.wants(h.officer.Get(at+"/targets"), http.StatusOK, "1/3", "Còn thiếu 2", "Phường Một")
		h.wants(h.ward.Get(at+"/targets"), http.StatusOK, "1/3")
		if a := h.elsewhere.Get(at + "/targets"); strings.Contains(a.Body, "1/3") || strings.Contains(a.Body, "Phường Một") {
			t.Error("another ward sees it")
		}
		h.wants(h.officer.Post(edit, url.Values{"version": {"0"}, name: {"4"}}), http.StatusConflict, "Phường Một, ")
	})
}

func TestCalendarThroughThePages(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		phase := url.Values{"kind": {"registration"}, "name": {"Đăng ký đợt một"}, "opens": {"2024-01-05"}, "closes": {"2024-03-31"}, "grace": {"2"}, "rolls": {"1"}}
		bad := url.Values{"kind": {"registration"}, "name": {"Đăng ký đợt một"}, "opens": {"2024-04-05"}, "closes": {"2024-03-31"}}
		h.wants(h.officer.Post(at+"/phases/new", bad), http.StatusUnprocessableEntity, "Đăng ký đợt một", "2024-04-05")
		h.wants(h.officer.Post(at+"/phases/new", phase), http.StatusSeeOther)
		h.wants(h.officer.Post(at+"/duties/new", url.Values{"title": {"Gửi báo cáo, ảnh; số liệu"}, "due": {"2024-08-20"}, "unit": {"W1"}}), http.StatusSeeOther)
		h.wants(h.officer.Get(at+"/calendar"), http.StatusOK, "1/4/2024", "chuyển từ ngày nghỉ 31/3/2024", "3/4/2024", "Quá hạn")
		h.wants(h.ward.Get(at+"/calendar"), http.StatusOK, "Gửi báo cáo")
		if a := h.elsewhere.Get(at + "/calendar"); strings.Contains(a.Body, "Gửi báo cáo") {
			t.Error("another ward sees it")
		}
		c, err := h.Movements.Calendar(t.Context(), h.System(), "M-2024", h.period)
		h.Must(err)
		done := at + "/duties/" + c.Duties[0].ID + "/done?period=" + strconv.Itoa(h.period)
		h.wants(h.elsewhere.Post(done, url.Values{"version": {"1"}}), http.StatusNotFound)
		h.wants(h.ward.Post(done, url.Values{"version": {"1"}}), http.StatusSeeOther)
		h.wants(h.officer.Get(at+"/calendar"), http.StatusOK, "phuongmot")
		reopen := at + "/phases/" + c.Phases[0].ID + "/reopen"
		h.wants(h.officer.Post(reopen, url.Values{"version": {"1"}, "until": {"2024-05-01"}}), http.StatusUnprocessableEntity, "2024-05-01")
		h.wants(h.officer.Post(reopen, url.Values{"version": {"1"}, "until": {"2024-05-01"}, "reason": {"Mưa bão"}}), http.StatusSeeOther)
		h.wants(h.officer.Get(at+"/calendar"), http.StatusOK, "mở lại: canbo, Mưa bão")

		file := h.officer.Get(at + "/calendar.ics")
		h.wants(file, http.StatusOK, "BEGIN:VCALENDAR\r\n", "DTSTART;VALUE=DATE:20240105\r\n", "DTEND;VALUE=DATE:20240402\r\n", `ảnh\; số liệu`)
		for line := range strings.SplitSeq(file.Body, "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Errorf("a line of %d octets: %q", len(line), line)
			}
		}
	})
}

func TestNextYearThroughThePages(t *testing.T) {
	each(t, func(_ *testing.T, h house) {
		h.wants(h.officer.Get(at+"/criteria"), http.StatusOK, "Bắt đầu từ kế hoạch mẫu")
		h.wants(h.officer.Post(at+"/criteria/sample", nil), http.StatusSeeOther)
		h.wants(h.officer.Get(at+"/calendar"), http.StatusOK, "Kế hoạch mẫu, hãy sửa")
		h.wants(h.officer.Get(at+"/clone"), http.StatusOK, `value="M-2025"`, "3 bộ", "6 giai đoạn", "8 đầu việc")
		h.wants(h.ward.Get(at+"/clone"), http.StatusForbidden)
		form := url.Values{
			"code": {"M-2025"}, "name": {"Phong trào 2025"}, "launchedOn": {"2025-01-02"}, "periodName": {"Năm 2025"}, "from": {"2025-01-01"},
			"to": {"2025-12-31"}, "factor": {"5"}, "criteria": {"1"}, "phases": {"1"},
		}
		h.wants(h.officer.Post(at+"/clone", form), http.StatusUnprocessableEntity, "Phong trào 2025")
		form.Set("factor", "100")
		h.wants(h.officer.Post(at+"/clone", form), http.StatusSeeOther)
		h.wants(h.officer.Get("/admin/movements/M-2025/calendar"), http.StatusOK, "5/1/2025")
		h.wants(h.officer.Get("/admin/holidays?year=2025"), http.StatusOK, "Quốc khánh", "2/9/2025")
		h.wants(h.officer.Post("/admin/holidays?year=2025", url.Values{"day0": {"2025-01-29"}, "name0": {"Tết"}}), http.StatusForbidden)
	})
}
