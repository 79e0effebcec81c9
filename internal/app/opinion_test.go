package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// article publishes an article of a unit.
func article(t *testing.T, h *app.House, unit, title string) press.Article {
	t.Helper()
	ctx, who := t.Context(), h.System()
	a, err := h.Press.Create(ctx, who, press.Input{
		Unit: unit, Category: press.News, Title: title, Lead: "Bà con cùng bàn, cùng làm.", Body: "<p>Chuyện kể ở đây.</p>", Author: "Tổ thông tin",
	})
	if err == nil {
		a, err = h.Press.Submit(ctx, who, a.ID, press.Step{Version: a.Version})
	}
	if err == nil {
		a, err = h.Press.Approve(ctx, who, a.ID, press.Step{Version: a.Version})
	}
	if err == nil {
		a, err = h.Press.Publish(ctx, who, a.ID, press.Step{Version: a.Version})
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// said keeps an opinion from a network of its own, and gives the code of its receipt.
func said(t *testing.T, h *app.House, a press.Article, name, text string) string {
	t.Helper()
	code, err := h.Press.Say(t.Context(), press.OpinionInput{Article: a.ID, Name: name, Text: text, Wanted: true, Network: press.NewDevice()})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// waiting are the opinions in a tab, as the system sees them.
func waiting(t *testing.T, h *app.House, tab press.OpinionTab) []press.Queued {
	t.Helper()
	all, _, _, err := h.Press.QueueOfOpinions(t.Context(), h.System(), press.OpinionQueue{Tab: tab, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// talkedAbout puts opinions in every state under a published article, once, where a page
// shows opinions, and gives the code of a new receipt where it asks for one.
func talkedAbout(t *testing.T, h *app.House, id, page string) string {
	t.Helper()
	a := press.Article{ID: id}
	if !strings.Contains(page, "{receipt}") && !strings.Contains(page, "{story}") && !strings.HasPrefix(page, opinionsPage) {
		return ""
	}
	if len(waiting(t, h, press.TabPassed)) < 20 { // the sample has some
		for i := range 23 {
			said(t, h, a, "Thạch Thị Sà Rương", fmt.Sprintf("Xã tôi học mô hình này từ vụ trước, %d hộ theo.\nKhó nhất là thống nhất lịch lấy nước.", i))
		}
		for _, o := range waiting(t, h, press.TabWaiting)[20:] {
			if err := h.Press.AnswerOpinion(t.Context(), h.System(), o.ID, press.OpinionWaiting, "Chào chị, lịch có ở mục Tài liệu."); err != nil {
				t.Fatal(err)
			}
		}
		var ids []string
		for _, o := range waiting(t, h, press.TabWaiting) {
			ids = append(ids, o.ID)
		}
		if err := h.Press.PassOpinions(t.Context(), h.System(), press.OpinionDecision{IDs: ids, Seen: press.OpinionWaiting}); err != nil {
			t.Fatal(err)
		}
		said(t, h, a, "Nguyễn Thị Lành", "Cách làm hay quá, mong được chia sẻ thêm.")
		said(t, h, a, "Trần Văn Bảy", "Ở chỗ tôi chưa làm được như vậy.")
		said(t, h, a, "Trần Văn Tám", "Ở chỗ tôi chưa làm được như vậy.")
		if err := h.Press.BlockWord(t.Context(), h.System(), "vay nóng", "Quảng cáo"); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(page, "{receipt}") {
		return ""
	}
	return said(t, h, a, "Lê Thị Mận", "Xin hỏi thêm về cách góp công, mã "+press.NewDevice())
}

const opinionsPage = "/admin/opinions"

// TestAnOpinionGoesItsWay sends one through the pages, by two people without a script.
func TestAnOpinionGoesItsWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ")
		account(t, s, "canbo", app.RoleOfficer, "D")
		site := apptest.Serve(t, s.House)
		reader, other, officer := apptest.Visitor(t, site), apptest.Visitor(t, site), apptest.As(t, site, "canbo")
		bad := reader.Post(a.Path()+"/opinions", fields("name", "A", "text", "Hay <b>", "wanted", "1", "email", "x"))
		if bad.Status != http.StatusUnprocessableEntity || !strings.Contains(bad.Body, `value="A"`) || !strings.Contains(bad.Body, "Hay &lt;b&gt;") ||
			!strings.Contains(bad.Body, `href="#f-text"`) || !strings.Contains(bad.Body, `aria-invalid="true"`) {
			t.Errorf("a bad one: %d %s", bad.Status, bad.Body)
		}
		const text, email = "Cách làm này ngõ tôi theo được.", "lanh@example.vn"
		sent := reader.Post(a.Path()+"/opinions", fields("name", "Nguyễn Thị Lành", "text", text, "wanted", "1", "email", email))
		if sent.Status != http.StatusSeeOther || !regexp.MustCompile(`^/opinions/[A-Z2-7]{26}\?sent=1$`).MatchString(sent.Location) {
			t.Fatalf("it leads to %d %s", sent.Status, sent.Location)
		}
		path, _, _ := strings.Cut(sent.Location, "?")
		receipt := reader.Get(sent.Location)
		if receipt.Header.Get("Cache-Control") != "no-store" || receipt.Header.Get("X-Robots-Tag") != "noindex" || !strings.Contains(receipt.Body, "Chờ duyệt") ||
			!strings.Contains(receipt.Body, "<code>"+strings.TrimPrefix(path, "/opinions/")) || strings.Contains(reader.Get(path).Body, "<code>") {
			t.Errorf("the receipt: %v %s", receipt.Header, receipt.Body)
		}
		if before := other.Get(a.Path()); before.Status != http.StatusOK || strings.Contains(before.Body, text) || before.Header.Get("Etag") == "" {
			t.Errorf("before it is passed: %d %v", before.Status, before.Header)
		}
		queue := officer.Get("/admin/opinions")
		if !strings.Contains(queue.Body, text) || strings.Contains(queue.Body, email) || !strings.Contains(queue.Body, `<span class="n">1</span>`) {
			t.Errorf("the queue: %s", queue.Body)
		}
		one := waiting(t, s.House, press.TabWaiting)[0]
		form := url.Values{"id": {one.ID}, "seen": {"waiting"}, "back": {"/admin/opinions?tab=waiting"}}
		if got := officer.Post("/admin/opinions/pass", form); got.Status != http.StatusSeeOther || got.Location != "/admin/opinions?tab=waiting" {
			t.Errorf("passed: %d %s", got.Status, got.Location)
		}
		after := other.Get(a.Path()) // from the shelf, were it stale
		if !strings.Contains(after.Body, text) || strings.Contains(after.Body, email) || !strings.Contains(after.Body, "Ý kiến bạn đọc (1)") {
			t.Errorf("after it was passed: %s", after.Body)
		}
		if got := officer.Post("/admin/opinions/pass", form); got.Status != http.StatusConflict {
			t.Errorf("passed twice: %d", got.Status)
		}
		form.Set("seen", "passed")
		if got := officer.Post("/admin/opinions/answer", form); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("an answer without words: %d", got.Status)
		}
		form.Set("answer", "Phường cảm ơn chị.")
		officer.Post("/admin/opinions/answer", form)
		if got := other.Get(a.Path()).Body; !strings.Contains(got, "Phường cảm ơn chị.") || !strings.Contains(got, "Đơn vị trả lời") {
			t.Errorf("the answer: %s", got)
		}
		report := other.Post(a.Path()+"/opinions/"+one.ID+"/report", nil)
		if report.Status != http.StatusSeeOther || !strings.Contains(other.Get(report.Location).Body, "Người duyệt sẽ xem lại") {
			t.Errorf("reported: %d %s", report.Status, report.Location)
		}
		if got := officer.Get("/admin/opinions?tab=reported").Body; !strings.Contains(got, "1 lượt báo xấu") {
			t.Errorf("the reported: %s", got)
		}
		if got := reader.Post(path+"/withdraw", nil); got.Status != http.StatusSeeOther || got.Location != path {
			t.Errorf("withdrawn: %d %s", got.Status, got.Location)
		}
		if got := other.Get(a.Path()).Body; strings.Contains(got, text) {
			t.Error("readers see what was withdrawn")
		}
		if got := reader.Get(path).Body; strings.Contains(got, text) || !strings.Contains(got, "Bạn đã rút") {
			t.Errorf("the receipt of what was withdrawn: %s", got)
		}
	})
}

// TestARatingIsSeenAtOnce: the shelf asks how an article is rated, too.
func TestARatingIsSeenAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ")
		site := apptest.Serve(t, s.House)
		reader, other := apptest.Visitor(t, site), apptest.Visitor(t, site)
		before := other.Get(a.Path()).Body
		if got := reader.Post(a.Path()+"/rate", fields("score", "5")); got.Status != http.StatusSeeOther {
			t.Fatalf("rated: %d", got.Status)
		}
		if other.Get(a.Path()).Body == before {
			t.Error("the page is stale")
		}
	})
}

func TestReceiptsByGuessing(t *testing.T) {
	s := apptest.NewSmall(t, apptest.Open(t, db.SQLite))
	site := apptest.Serve(t, s.House)
	reader := apptest.Visitor(t, site)
	bodies, limited := map[string]bool{}, 0
	hidden := regexp.MustCompile(`[A-Z2-7]{26}|\b[0-9a-f]{8}[0-9a-f-]+\b`)
	for i := range 130 {
		code := press.NewDevice()
		got := reader.Get("/opinions/" + code)
		switch got.Status {
		case http.StatusNotFound:
			if got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("an unknown code may be kept: %v", got.Header)
			}
			bodies[hidden.ReplaceAllString(got.Body, "")] = true
		case http.StatusTooManyRequests:
			limited++
		default:
			t.Errorf("guess %d: %d", i, got.Status)
		}
	}
	if len(bodies) != 1 || limited == 0 {
		t.Errorf("%d kinds of answer, %d refused for their number", len(bodies), limited)
	}
}

// TestRobotsAndCrowdsAtTheForm fills the trap, and sends more than a network may.
func TestRobotsAndCrowdsAtTheForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ")
		site := apptest.Serve(t, s.House)
		reader := apptest.Visitor(t, site)
		if got := reader.Post(a.Path()+"/opinions", fields("name", "Máy", "text", "Mua hàng ở đây nhé", "website", "http://x")); got.Status != http.StatusSeeOther {
			t.Errorf("a robot is told: %d", got.Status)
		}
		for i := range 4 {
			if got := reader.Post(a.Path()+"/opinions", fields("name", "Người", "text", "Ý kiến số "+strconv.Itoa(i))); got.Status != http.StatusSeeOther {
				t.Errorf("opinion %d: %d", i, got.Status)
			}
		}
		sixth := reader.Post(a.Path()+"/opinions", fields("name", "Người", "text", "Ý kiến thứ sáu"))
		if sixth.Status != http.StatusTooManyRequests || !strings.Contains(sixth.Body, "Ý kiến thứ sáu</textarea>") {
			t.Errorf("the sixth: %d", sixth.Status)
		}
		if aside := waiting(t, s.House, press.TabAside); len(aside) != 1 || aside[0].Doubt != press.DoubtOfRobot {
			t.Errorf("set aside: %v", aside)
		}
	})
}

// TestMarkupInOpinions plants markup wherever somebody may write, and looks at every page
// that shows it.
func TestMarkupInOpinions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ")
		account(t, s, "canbo", app.RoleOfficer, "D")
		site := apptest.Serve(t, s.House)
		officer, reader := apptest.As(t, site, "canbo"), apptest.Visitor(t, site)
		const quote, mark = `"' onload=x &lt;planted&gt; {{1}} javascript:x`, `</textarea><planted>"'`
		code := said(t, s.House, a, "An "+quote, quote+" < planted > và hơn thế")
		refused := said(t, s.House, a, "Bình "+quote, quote+" bị từ chối")
		all := waiting(t, s.House, press.TabWaiting)
		for _, f := range []struct {
			path string
			form url.Values
		}{
			{"/admin/opinions/answer", url.Values{"id": {all[0].ID}, "seen": {"waiting"}, "answer": {mark}}},
			{"/admin/opinions/refuse", url.Values{"id": {all[1].ID}, "seen": {"waiting"}, "reason": {"other"}, "reasonText": {mark}}},
			{"/admin/opinions/block", url.Values{"id": {all[0].ID}, "seen": {"passed"}, "back": {mark}}},
			{"/admin/opinions/blocks", url.Values{"word": {"từ " + mark}, "note": {mark}}},
		} {
			if got := officer.Post(f.path, f.form); got.Status != http.StatusSeeOther {
				t.Errorf("%s: %d %s", f.path, got.Status, got.Body)
			}
		}
		bodies := map[string]string{
			"form again":  reader.Post(a.Path()+"/opinions", fields("name", mark, "text", mark, "email", mark, "wanted", mark)).Body,
			"queue again": officer.Post("/admin/opinions/refuse", url.Values{"id": {mark}, "seen": {mark}, "reason": {mark}, "reasonText": {mark}, "back": {"/" + mark}}).Body,
			"words again": officer.Post("/admin/opinions/blocks", url.Values{"word": {""}, "note": {mark}}).Body,
		}
		for _, path := range []string{a.Path(), a.Path() + "?opinions=" + url.QueryEscape(mark), "/opinions/" + code, "/opinions/" + refused} {
			bodies[path] = reader.Get(path).Body
		}
		for _, path := range []string{"/admin/opinions?tab=passed", "/admin/opinions?tab=refused", "/admin/opinions/blocks"} {
			bodies[path] = officer.Get(path).Body
		}
		for name, body := range bodies {
			if body == "" {
				t.Errorf("%s shows nothing", name)
			}
			for n := range nodes(t, body) {
				if n.Data == "planted" {
					t.Errorf("%s lets markup through", name)
				}
				for _, at := range n.Attr {
					if at.Key == "onload" || at.Key == "planted" {
						t.Errorf("%s has the attribute %s", name, at.Key)
					}
				}
			}
		}
	})
}

// TestTheQueueOfAnotherWard posts what a moderator of one ward may not do in another.
func TestTheQueueOfAnotherWard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ")
		said(t, s.House, a, "Nguyễn Thị Lành", "Ý kiến ở phường Một.")
		id := waiting(t, s.House, press.TabWaiting)[0].ID
		account(t, s, "phuonghai", app.RoleOfficer, "W2")
		account(t, s, "baocao", app.RoleReporter, "W1")
		site := apptest.Serve(t, s.House)
		officer, reporter := apptest.As(t, site, "phuonghai"), apptest.As(t, site, "baocao")
		if got := officer.Get("/admin/opinions"); got.Status != http.StatusOK || strings.Contains(got.Body, "phường Một.") {
			t.Errorf("another ward reads: %d", got.Status)
		}
		form := url.Values{"id": {id}, "seen": {"waiting"}, "reason": {"advert"}, "answer": {"Chào"}}
		for _, verb := range []string{"pass", "refuse", "answer", "block"} {
			if got := officer.Post("/admin/opinions/"+verb, form).Status; got != http.StatusNotFound {
				t.Errorf("%s by another ward: %d", verb, got)
			}
			if got := reporter.Post("/admin/opinions/"+verb, form).Status; got != http.StatusForbidden {
				t.Errorf("%s without the right: %d", verb, got)
			}
		}
	})
}

// TestRefusalsNeedTheirReason refuses without a script, one and several at once: what is
// missing is named where it is missing, and a refusal erases the address for an answer.
func TestRefusalsNeedTheirReason(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ")
		account(t, s, "canbo", app.RoleOfficer, "D")
		site := apptest.Serve(t, s.House)
		officer, reader := apptest.As(t, site, "canbo"), apptest.Visitor(t, site)
		sent := reader.Post(a.Path()+"/opinions", fields("name", "Lành", "text", "Mua hàng của tôi nhé", "wanted", "1", "email", "lanh@example.vn"))
		said(t, s.House, a, "Bảy", "Mua hàng của tôi nữa")
		all := waiting(t, s.House, press.TabWaiting)
		one := url.Values{"id": {all[0].ID}, "seen": {"waiting"}, "back": {"/admin/opinions?tab=waiting"}, "reasonText": {"Xin lỗi bạn"}}
		both := url.Values{"id": {all[0].ID, all[1].ID}, "seen": {"waiting"}, "bulk": {"1"}, "reason": {"other"}}
		for field, form := range map[string]url.Values{"f-" + all[0].ID + "-reason": one, "f-bulk-reasonText": both} {
			got := officer.Post("/admin/opinions/refuse", form)
			if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `href="#`+field+`"`) || !strings.Contains(got.Body, `id="`+field+`"`) {
				t.Errorf("%s: %d %s", field, got.Status, got.Body)
			}
		}
		both.Set("reasonText", "Trang này không đăng quảng cáo.")
		if got := officer.Post("/admin/opinions/refuse", both); got.Status != http.StatusSeeOther || len(waiting(t, s.House, press.TabRefused)) != 2 {
			t.Errorf("several at once: %d", got.Status)
		}
		if got := reader.Get(sent.Location).Body; !strings.Contains(got, "Trang này không đăng quảng cáo.") || !strings.Contains(got, "Không đăng") {
			t.Errorf("the writer reads: %s", got)
		}
		if left, err := db.One(t.Context(), d, db.Int, `SELECT count(*) FROM press_opinion WHERE email <> ''`); err != nil || left != 0 {
			t.Errorf("%d addresses are left, %v", left, err)
		}
	})
}

// TestTheQueueByKeys works through the queue with a real keyboard's events: nothing loads
// anew, and the decisions are in the house.
func TestTheQueueByKeys(t *testing.T) {
	b := browsertest.Open(t)
	s := apptest.NewSmall(t, apptest.Open(t, db.SQLite))
	a := article(t, s.House, "W1", "Ngõ nhỏ")
	account(t, s, "canbo", app.RoleOfficer, "D")
	for i := range 5 {
		said(t, s.House, a, "Người thứ "+strconv.Itoa(i), "Ý kiến số "+strconv.Itoa(i))
	}
	site := apptest.Serve(t, s.House)
	b.Cookies(t, apptest.As(t, site, "canbo").Jar(), site.URL)
	b.Go(t, site.URL+"/admin/opinions", 1280)
	browsertest.Value[bool](t, b, `window.stayed = true`)
	b.Keys(t, "j", "j")
	at := `document.activeElement.closest('[data-opinion]').querySelector('.said-text').textContent`
	if got := browsertest.Value[string](t, b, at); got != "Ý kiến số 1" {
		t.Fatalf("after j j: %s", got)
	}
	b.Keys(t, "k", "p")
	b.Until(t, `document.querySelectorAll('[data-opinion]').length === 4`)
	if got := browsertest.Value[string](t, b, at); got != "Ý kiến số 1" {
		t.Errorf("after k p: %s", got)
	}
	b.Keys(t, "r", " ", "\r")
	b.Until(t, `document.querySelectorAll('[data-opinion]').length === 3`)
	b.Keys(t, "a", "p", "j")
	// the protocol sends the character of a key even where its default was prevented
	if got := browsertest.Value[string](t, b, `document.activeElement.value`); strings.TrimPrefix(got, "a") != "pj" {
		t.Errorf("in the answer stands %q", got)
	}
	b.Keys(t, "\x1b", "j", "p")
	b.Until(t, `document.querySelectorAll('[data-opinion]').length === 2`)
	if !browsertest.Value[bool](t, b, `window.stayed`) {
		t.Error("the page was loaded anew")
	}
	browsertest.Value[bool](t, b, `document.querySelector('[data-keys]').click(), document.querySelector('[data-opinion]').focus(), true`)
	b.Keys(t, "p")
	var got []string
	for _, tab := range []press.OpinionTab{press.TabWaiting, press.TabPassed, press.TabRefused} {
		for _, o := range waiting(t, s.House, tab) {
			got = append(got, tab.String()+" "+strings.TrimPrefix(o.Text, "Ý kiến số "))
		}
	}
	if want := "[waiting 2 waiting 4 passed 3 passed 0 refused 1]"; fmt.Sprint(got) != want {
		t.Errorf("in the house: %v, want %s", got, want)
	}
}

// fields is a form of names and values in turn.
func fields(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}
