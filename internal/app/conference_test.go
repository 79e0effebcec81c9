package app_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/blob/blobtest"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// meeting is a small house with the wrap-up conference of M-2024, an officer of the
// district (quan), one of ward W1 (phuong1) and a reporter there (to1), and an officer of
// another district (xa).
type meeting struct {
	apptest.Small
	t    *testing.T
	site *httptest.Server
	quan *apptest.Client
	id   string
	at   string // its page
	// an entry of each ward: the first may be shown with its name, the second not at all
	open, shut practice.Entry
}

// Words that no reader may ever see.
const (
	guestName   = "Khách Mời Riêng"
	chairName   = "Người Chủ Trì Riêng"
	speakerName = "Người Phát Biểu Riêng"
)

func newMeeting(t *testing.T, d *db.DB) *meeting {
	t.Helper()
	s := apptest.NewSmall(t, d)
	other, err := s.Org.Create(t.Context(), s.System(), org.Input{Code: "X", Name: "Quận X", Kind: "district", Level: org.District, From: apptest.Day("2010-01-01")})
	s.Must(err)
	for name, at := range map[string][2]string{
		"quan": {app.RoleOfficer, "D"}, "phuong1": {app.RoleOfficer, "W1"}, "to1": {app.RoleReporter, "W1"}, "xa": {app.RoleOfficer, other.Code},
	} {
		login(t, s, name, at[0], at[1])
	}
	m := &meeting{Small: s, t: t, site: apptest.Serve(t, s.House)}
	m.quan = apptest.As(t, m.site, "quan")
	m.open = m.Recognised(apptest.Registration(), "1-QĐ")
	in := apptest.Registration()
	in.Unit, in.Subject, in.Title = "W2.G", "Tổ giấu tên", "Mô hình chưa cho xem"
	m.shut = m.Recognised(in, "2-QĐ")
	m.Must(m.Practices.Consent(t.Context(), m.System(), m.open.ID, practice.Agreement{Agreed: true, Named: true, Detail: true, Note: "Đồng ý."}))
	a := m.quan.Post("/admin/conferences/new", planned())
	if a.Status != http.StatusSeeOther {
		t.Fatalf("plan: %d\n%s", a.Status, a.Body)
	}
	m.at, m.id = a.Location, a.Location[strings.LastIndexByte(a.Location, '/')+1:]
	return m
}

func planned() url.Values {
	return url.Values{
		"movement": {"M-2024"}, "kind": {"finalReview"}, "title": {"Hội nghị tổng kết năm 2024"}, "on": {"2024-10-16"}, "begins": {"8h"},
		"place": {"Hội trường quận D"}, "occasion": {"Kỷ niệm 94 năm"}, "presiding": {chairName}, "asOf": {"2024-09-30"},
	}
}

// post sends a form about the conference that must be taken.
func (m *meeting) post(path string, form url.Values) {
	m.t.Helper()
	if form.Get("version") == "" {
		form.Set("version", strconv.Itoa(m.now().Version))
	}
	if a := m.quan.Post(m.at+path, form); a.Status != http.StatusSeeOther {
		m.t.Fatalf("%s: %d\n%s", path, a.Status, a.Body)
	}
}

func (m *meeting) now() conference.Conference {
	m.t.Helper()
	c, err := m.Conferences.Get(m.t.Context(), m.System(), m.id)
	m.Must(err)
	return c
}

// filled gives the conference its programme, speeches, honours and invitations.
func (m *meeting) filled() {
	m.t.Helper()
	m.post("/programme", url.Values{
		"no0": {"2"}, "begins0": {"9:00"}, "what0": {"Khen thưởng"}, "no1": {"1"}, "begins1": {"8 giờ 30"}, "what1": {"Báo cáo"}, "who1": {chairName}, "what4": {"Bế mạc"},
	})
	m.post("/speeches", url.Values{
		"title0": {"Kể về ngõ phố"}, "speaker0": {speakerName}, "about0": {m.open.Code}, "title1": {"Chuyện của " + speakerName}, "about1": {m.shut.Code},
		"title2": {"Sau cơn bão"}, "speaker2": {speakerName},
	})
	d := m.Decide("3-QĐ", "2024-10-16")
	for _, kind := range []award.Kind{award.Praise, award.Given} {
		in := award.Input{Kind: kind, Movement: "M-2024", Decision: d.ID, Recipients: []award.Recipient{
			{Exemplar: m.open.Exemplar, Entry: m.open.ID}, {Exemplar: m.shut.Exemplar, Entry: m.shut.ID},
		}}
		if kind == award.Given {
			in.Track, in.Form = "state", "giayKhen"
		}
		_, err := m.Awards.Give(m.t.Context(), m.System(), in)
		m.Must(err)
	}
	m.post("/honoured", url.Values{"decision": {d.ID}})
	m.post("/invitations/new", url.Values{"guest": {guestName}, "seats": {"3"}, "note": {"Số 0912345678"}})
	m.post("/invitations/units", url.Values{"group": {"below"}, "seats": {"2"}, "sure": {"1"}})
}

func TestAConferenceIsWrittenDown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := newMeeting(t, d)
		m.filled()
		c := m.now()
		if c.Begins != "08:00" || c.Period != 1 || c.State != conference.Planned {
			t.Errorf("%+v", c)
		}
		want := []conference.Item{{Begins: "08:30", What: "Báo cáo", Who: chairName}, {Begins: "09:00", What: "Khen thưởng"}, {What: "Bế mạc"}}
		if len(c.Programme) != 3 || c.Programme[0] != want[0] || c.Programme[1] != want[1] || c.Programme[2] != want[2] {
			t.Errorf("the programme is %+v", c.Programme)
		}
		if len(c.Speeches) != 3 || c.Speeches[0].Entry != m.open.ID || c.Speeches[1].Entry != m.shut.ID || len(c.Decisions) != 1 {
			t.Errorf("%+v, %v", c.Speeches, c.Decisions)
		}
		page := m.quan.Get(m.at).Body
		for _, want := range []string{
			"08:30", "Bế mạc", speakerName, m.shut.Title, "Tổ giấu tên", "3-QĐ", "/admin/figures?movement=M-2024&amp;asOf=2024-09-30", "/admin/articles/new?conference=" + m.id,
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		if list := m.quan.Get("/admin/conferences?movement=M-2024").Body; !strings.Contains(list, m.at) {
			t.Error("it is not listed under its movement")
		}
		if sheet := m.quan.Get(m.at + "/sheet").Body; !strings.Contains(sheet, "Bế mạc") || strings.Contains(sheet, guestName) {
			t.Error("the sheet lacks the programme or names a guest")
		}
		log, err := audit.History(t.Context(), d, audit.Object{Kind: "conference", ID: m.id})
		m.Must(err)
		var actions []string
		for _, r := range log {
			actions = append(actions, r.Action)
		}
		if got := strings.Join(actions, " "); got != "conference.plan conference.programme conference.speeches conference.honoured conference.invite conference.invite" {
			t.Errorf("the audit says %s", got)
		}
	})
}

func TestUnitsAreInvitedInOnePress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := newMeeting(t, d)
		asked := m.quan.Post(m.at+"/invitations/units", url.Values{"group": {"listed"}, "seats": {"3"}})
		if asked.Status != http.StatusOK || !strings.Contains(asked.Body, "Tổ dân phố 1 phường Hai") || !strings.Contains(html.UnescapeString(asked.Body), "tất cả 6 chỗ") {
			t.Fatalf("it is not asked first: %d\n%s", asked.Status, asked.Body)
		}
		if n := m.tally().Invited; n != 0 {
			t.Fatalf("%d are invited before it was confirmed", n)
		}
		m.post("/invitations/units", url.Values{"group": {"listed"}, "seats": {"3"}, "sure": {"1"}})
		again := m.quan.Post(m.at+"/invitations/units", url.Values{"group": {"listed"}, "seats": {"3"}, "sure": {"1"}})
		if again.Status != http.StatusUnprocessableEntity || m.tally() != (conference.Tally{Invited: 2, Seats: 6, Pending: 2, SeatsPending: 6}) {
			t.Errorf("once more: %d, %+v", again.Status, m.tally())
		}
		twice := m.quan.Post(m.at+"/invitations/new", url.Values{"unit": {"W1.G"}, "seats": {"1"}})
		if twice.Status != http.StatusUnprocessableEntity || !strings.Contains(twice.Body, "đã có giấy mời") {
			t.Errorf("a unit is invited twice: %d", twice.Status)
		}
		ids := m.invited("quan")
		m.post("/invitations/answer", url.Values{"id": ids, "answer": {"yes"}})
		m.post("/invitations/"+ids[0], url.Values{"seats": {"5"}, "answer": {"yes"}, "coming": {"4"}, "note": {"Đi xe chung"}})
		if got := m.tally(); got != (conference.Tally{Invited: 2, Seats: 8, Yes: 2, Coming: 7}) {
			t.Errorf("after the answers: %+v", got)
		}
		if a := m.quan.Post(m.at+"/invitations/remove", url.Values{"id": ids[:1]}); a.Status != http.StatusOK || m.tally().Invited != 2 {
			t.Errorf("it is not asked before one is taken back: %d", a.Status)
		}
		m.post("/invitations/remove", url.Values{"id": ids[:1], "sure": {"1"}})
		if n := m.tally().Invited; n != 1 {
			t.Errorf("%d are left", n)
		}
	})
}

func (m *meeting) tally() conference.Tally {
	m.t.Helper()
	_, tally, _, err := m.Conferences.Invitations(m.t.Context(), m.System(), conference.InvitationQuery{Conference: m.id, Limit: 100})
	m.Must(err)
	return tally
}

// invited are the invitations that the list of an account leads to.
func (m *meeting) invited(login string) []string {
	m.t.Helper()
	var ids []string
	for _, found := range regexp.MustCompile(`/invitations/([0-9a-f-]{36})"`).FindAllStringSubmatch(apptest.As(m.t, m.site, login).Get(m.at+"/invitations").Body, -1) {
		ids = append(ids, found[1])
	}
	return ids
}

// TestAWardKeepsToItsOwnInvitation: who keeps a part of a movement's area sees the
// conference and its own invitation, answers it, and does nothing else; who keeps none
// finds nothing at all.
func TestAWardKeepsToItsOwnInvitation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := newMeeting(t, d)
		m.filled()
		all, _, _, err := m.Conferences.Invitations(t.Context(), m.System(), conference.InvitationQuery{Conference: m.id, Limit: 100})
		m.Must(err)
		tree, err := m.Org.Current(t.Context())
		m.Must(err)
		mine, theirs := "", ""
		for _, v := range all {
			switch u, _ := tree.Unit(v.Unit); u.Code {
			case "W1":
				mine = v.ID
			case "W2":
				theirs = v.ID
			}
		}
		for _, name := range []string{"phuong1", "to1"} {
			ward := apptest.As(t, m.site, name)
			if got := m.invited(name); len(got) != 1 || got[0] != mine {
				t.Errorf("%s sees the invitations %v", name, got)
			}
			for _, path := range []string{m.at, m.at + "/invitations", "/admin/conferences", m.at + "/invitations/" + mine} {
				if a := ward.Get(path); a.Status != http.StatusOK || strings.Contains(a.Body, guestName) || strings.Contains(a.Body, "Phường Hai") || strings.Contains(a.Body, "Tổ giấu tên") {
					t.Errorf("%s gets %d for %s, or reads what is not for a ward", name, a.Status, path)
				}
			}
			before := records(t, d)
			for _, path := range []string{"/edit", "/programme", "/speeches", "/honoured", "/move/hold", "/papers/new", "/invitations/new", "/invitations/units"} {
				form := planned()
				form.Set("version", strconv.Itoa(m.now().Version))
				form.Set("sure", "1")
				if got, sent := ward.Get(m.at+path).Status, ward.Post(m.at+path, form).Status; got != http.StatusForbidden || sent != http.StatusForbidden {
					t.Errorf("%s: %s answers %d and %d", name, path, got, sent)
				}
			}
			for path, form := range map[string]url.Values{
				"/invitations/answer": {"id": {mine, theirs}, "answer": {"no"}}, "/invitations/" + theirs: {"answer": {"no"}},
			} {
				if a := ward.Post(m.at+path, form); a.Status != http.StatusNotFound {
					t.Errorf("%s answers for another ward: %d", name, a.Status)
				}
			}
			if a := ward.Post(m.at+"/invitations/remove", url.Values{"id": {mine}, "sure": {"1"}}); a.Status != http.StatusForbidden {
				t.Errorf("%s takes an invitation back: %d", name, a.Status)
			}
			if n := records(t, d) - before; n != 0 {
				t.Errorf("%s wrote %d times", name, n)
			}
			if a := ward.Post(m.at+"/invitations/"+mine, url.Values{"answer": {"yes"}, "seats": {"400"}, "coming": {"1"}}); a.Status != http.StatusSeeOther {
				t.Errorf("%s cannot answer: %d\n%s", name, a.Status, a.Body)
			}
		}
		if got := m.tally(); got.Yes != 1 || got.Coming != 1 || got.Seats != 3+2*3 {
			t.Errorf("after the ward's answer: %+v", got)
		}
		stranger := apptest.As(t, m.site, "xa")
		for _, path := range []string{"", "/sheet", "/edit", "/programme", "/invitations", "/invitations/" + mine, "/move/cancel", "/papers/new"} {
			if a := stranger.Get(m.at + path); a.Status != http.StatusNotFound || strings.Contains(a.Body, "Hội trường quận D") {
				t.Errorf("an officer of another district gets %d for %q", a.Status, path)
			}
		}
		if a := stranger.Get("/admin/articles/new?conference=" + m.id); a.Status != http.StatusNotFound {
			t.Errorf("… and %d for a draft", a.Status)
		}
		if a := stranger.Post("/admin/conferences/new", planned()); a.Status == http.StatusSeeOther {
			t.Error("… and plans one in a movement of others")
		}
	})
}

func records(t *testing.T, d *db.DB) int {
	t.Helper()
	n, err := audit.Head(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatIsWrongWithAConferenceIsSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := newMeeting(t, d)
		before := records(t, d)
		refused := func(path string, form url.Values, says string) {
			t.Helper()
			form.Set("version", strconv.Itoa(m.now().Version))
			a := m.quan.Post(path, form)
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(a.Body), says) {
				t.Errorf("%s %v: %d, want %q", path, form, a.Status, says)
			}
			for name, kept := range form {
				if v := kept[0]; name != "movement" && name != "decision" && len(v) > 3 && len(v) < 80 && !strings.Contains(html.UnescapeString(a.Body), v) {
					t.Errorf("%s: %q, which was typed, is lost", path, v)
				}
			}
		}
		with := func(name, value string) url.Values {
			f := planned()
			f.Set(name, value)
			return f
		}
		refused("/admin/conferences/new", with("begins", "25:00"), "08:00")
		refused("/admin/conferences/new", with("title", ""), "Tên hội nghị")
		refused("/admin/conferences/new", with("title", strings.Repeat("a", 301)), "300")
		refused("/admin/conferences/new", with("asOf", "2024-10-17"), "sau ngày hội nghị")
		refused("/admin/conferences/new", with("asOf", "2023-10-17"), "trong kỳ")
		refused(m.at+"/edit", with("on", "16/13/2024"), "16/13/2024")
		refused(m.at+"/programme", url.Values{"what0": {"Báo cáo"}, "begins0": {"chín giờ"}}, "08:00")
		refused(m.at+"/programme", url.Values{"begins0": {"09:00"}, "who0": {"Một người"}}, "Nội dung")
		refused(m.at+"/speeches", url.Values{"title0": {"Tham luận"}, "about0": {"M-9999"}}, "Không tìm thấy mô hình")
		refused(m.at+"/honoured", url.Values{"decision": {"khong-co"}}, "Không tìm thấy")
		refused(m.at+"/invitations/new", url.Values{"unit": {"W1"}, "guest": {"Một khách"}, "seats": {"1"}}, "không cả hai")
		refused(m.at+"/invitations/new", url.Values{"guest": {"Một khách"}, "seats": {"501"}}, "500")
		refused(m.at+"/move/cancel", url.Values{"reason": {" "}}, "Lý do")
		many := url.Values{}
		for i := range conference.MaxItems + 1 {
			many.Set("what"+strconv.Itoa(i), "Mục thứ "+strconv.Itoa(i))
		}
		refused(m.at+"/programme", many, "60")
		for i := range 20_000 {
			many.Set("what"+strconv.Itoa(i), "x")
		}
		if a := m.quan.Post(m.at+"/programme", many); a.Status < 400 || a.Status >= 500 {
			t.Errorf("twenty thousand rows: %d", a.Status)
		}
		file := apptest.Upload{Field: "file", Name: "bao-cao.pdf", Content: []byte("<script>alert(1)</script>")}
		if a := m.quan.PostFiles(m.at+"/papers/new", url.Values{"kind": {"report"}, "title": {"Báo cáo"}}, file); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "PDF, Word") {
			t.Errorf("a page called PDF: %d", a.Status)
		}
		if n := records(t, d) - before; n != 0 {
			t.Errorf("%d records of what was refused", n)
		}
	})
}

func TestTwoWhoChangeAConferenceAreCompared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := newMeeting(t, d)
		first := planned()
		first.Set("place", "Nhà văn hóa")
		m.post("/edit", first)
		for path, form := range map[string]url.Values{"/edit": planned(), "/programme": {"what0": {"Khai mạc"}}, "/speeches": {"title0": {"Tham luận"}}} {
			form.Set("version", "1")
			a := m.quan.Post(m.at+path, form)
			if a.Status != http.StatusConflict {
				t.Errorf("%s over an old version: %d", path, a.Status)
			}
			if path == "/edit" && (!strings.Contains(a.Body, "Nhà văn hóa") || !strings.Contains(a.Body, "Hội trường quận D") || !strings.Contains(a.Body, `name="version" value="2"`)) {
				t.Errorf("the two are not set beside each other:\n%s", a.Body)
			}
		}
		if c := m.now(); c.Place != "Nhà văn hóa" || c.Version != 2 || len(c.Programme) != 0 {
			t.Errorf("%+v", c)
		}
	})
}

func TestAConferenceIsCancelledAndTakenUpAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := newMeeting(t, d)
		m.post("/move/cancel", url.Values{"reason": {"Bão vào đất liền"}})
		if page := m.quan.Get(m.at).Body; !strings.Contains(page, "Bão vào đất liền") || strings.Contains(page, m.at+"/edit") {
			t.Error("the page does not say why, or still offers to change it")
		}
		form := planned()
		form.Set("version", strconv.Itoa(m.now().Version))
		if a := m.quan.Post(m.at+"/edit", form); a.Status != http.StatusConflict {
			t.Errorf("a cancelled one is changed: %d", a.Status)
		}
		m.post("/move/reopen", url.Values{})
		ahead := planned()
		ahead.Set("on", "2099-01-01")
		m.post("/edit", ahead)
		if a := m.quan.Post(m.at+"/move/hold", url.Values{"version": {strconv.Itoa(m.now().Version)}}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("one that lies ahead was held: %d", a.Status)
		}
		m.post("/edit", planned())
		m.post("/move/hold", url.Values{})
		if c := m.now(); c.State != conference.Held || c.Reason != "" {
			t.Errorf("%+v", c)
		}
	})
}

func TestAPaperOfAConferenceKeepsItsFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := newMeeting(t, d)
		raw := blobtest.PDF("báo cáo")
		a := m.quan.PostFiles(m.at+"/papers/new", url.Values{"kind": {"report"}, "title": {"Báo cáo tổng kết"}}, apptest.Upload{Field: "file", Name: "bc.pdf", Content: raw})
		if a.Status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", a.Status, a.Body)
		}
		p := m.now().Papers[0]
		if got := m.quan.Get(m.at + "/papers/" + p.ID + "/file"); got.Body != string(raw) || !strings.Contains(got.Header.Get("Content-Disposition"), "bc.pdf") {
			t.Errorf("it comes back as %d bytes, %v", len(got.Body), got.Header)
		}
		if a := apptest.Visitor(t, m.site).Get(m.at + "/papers/" + p.ID + "/file"); a.Status != http.StatusSeeOther {
			t.Errorf("a visitor gets %d", a.Status)
		}
		kept, err := m.Conferences.KeptFiles(t.Context(), []string{p.FileHash, strings.Repeat("0", 64)})
		m.Must(err)
		if len(kept) != 1 || !kept[p.FileHash] {
			t.Errorf("kept are %v", kept)
		}
		m.post("/papers/"+p.ID+"/remove", url.Values{"sure": {"1"}})
		if n := len(m.now().Papers); n != 0 {
			t.Errorf("%d papers are left", n)
		}
	})
}

// TestAConferenceBecomesAnArticle makes a draft in one press, publishes it, and reads as
// everybody: the event stands beside it while it was held, and nothing of the desk ever.
func TestAConferenceBecomesAnArticle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := newMeeting(t, d)
		m.filled()
		page := m.quan.Get("/admin/articles/new?conference=" + m.id).Body
		body := bodyOf(page)
		for _, want := range []string{
			"Hội trường quận D", "Kỷ niệm 94 năm", "<li>08:30 Báo cáo</li>", `<data value="M-2024/2024-09-30/recognised/total">2</data>`,
			`<data value="M-2024/2024-10-16/awarded/collective">2</data>`, "<li>" + m.open.Title + "</li>", "<li>Sau cơn bão</li>", "còn nghe 1 tham luận", "còn 1 tập thể",
			"<li>" + apptest.Registration().Subject + "</li>",
		} {
			if !strings.Contains(body, want) {
				t.Errorf("the draft lacks %q:\n%s", want, body)
			}
		}
		secret := []string{guestName, chairName, speakerName, "0912345678", m.shut.Title, "Tổ giấu tên"}
		for _, never := range secret {
			if strings.Contains(body, never) {
				t.Errorf("the draft tells %q", never)
			}
		}
		form := url.Values{
			"unit": {"D"}, "category": {"news"}, "title": {"Hội nghị tổng kết"}, "lead": {"Sáng 16/10."}, "body": {body}, "author": {"Tổ tin"}, "link": {"conference:" + m.id},
		}
		made := m.quan.Post("/admin/articles/new", form)
		if made.Status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", made.Status, made.Body)
		}
		if desk := m.quan.Get(made.Location).Body; !strings.Contains(desk, m.at) || !strings.Contains(m.quan.Get(m.at).Body, made.Location) {
			t.Error("the article and the conference do not lead to each other")
		}
		article := m.published(made.Location)
		visitor := apptest.Visitor(t, m.site)
		shows := func(want bool) {
			t.Helper()
			got := visitor.Get(article)
			if got.Status != http.StatusOK || strings.Contains(got.Body, ">Sự kiện<") != want {
				t.Errorf("the event is shown: %v, want %v (%d)", !want, want, got.Status)
			}
			for _, never := range secret {
				if strings.Contains(got.Body, never) {
					t.Errorf("everybody reads %q", never)
				}
			}
		}
		shows(false)
		m.post("/move/hold", url.Values{})
		shows(true)
		m.post("/move/reopen", url.Values{})
		shows(false)
	})
}

// published brings a draft before readers and gives its address.
func (m *meeting) published(desk string) string {
	m.t.Helper()
	id := desk[strings.LastIndexByte(desk, '/')+1:]
	version := 1
	for _, step := range []func() (press.Article, error){
		func() (press.Article, error) {
			return m.Press.Submit(m.t.Context(), m.System(), id, press.Step{Version: version})
		},
		func() (press.Article, error) {
			return m.Press.Approve(m.t.Context(), m.System(), id, press.Step{Version: version})
		},
		func() (press.Article, error) {
			return m.Press.Publish(m.t.Context(), m.System(), id, press.Step{Version: version})
		},
	} {
		a, err := step()
		m.Must(err)
		if version = a.Version; a.State == press.Published {
			return a.Path()
		}
	}
	m.t.Fatal("it is not published")
	return ""
}

// TestTheSampleTellsItsWrapUp reads the wrap-up of the reference case: at the desk, in a
// draft, and beside its article.
func TestTheSampleTellsItsWrapUp(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		site := apptest.Serve(t, h)
		officer, visitor := apptest.As(t, site, "canbo"), apptest.Visitor(t, site)
		c, _ := sampleConference(t, h)
		if c.State != conference.Held || c.On != apptest.Day("2024-10-16") || len(c.Decisions) != 1 || len(c.Speeches) < 2 {
			t.Errorf("%+v", c)
		}
		body := bodyOf(officer.Get("/admin/articles/new?conference=" + c.ID).Body)
		for _, want := range []string{
			sample.Movement + `/2024-09-30/found/collective">240<`, sample.Movement + `/2024-09-30/found/individual">157<`,
			sample.Movement + `/2024-10-16/awarded/collective">21<`, sample.Movement + `/2024-10-16/praised/individual">9<`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("the draft lacks %s", want)
			}
		}
		about, _, err := h.Press.Published(t.Context(), press.Page{Link: press.Link{Kind: press.ToConference, ID: c.ID}})
		if err != nil || len(about) != 1 {
			t.Fatalf("%d articles are about it, %v", len(about), err)
		}
		if page := visitor.Get(about[0].Path()).Body; !strings.Contains(page, ">Sự kiện<") || !strings.Contains(page, c.Title) || !strings.Contains(page, c.Place) || strings.Contains(page, "Khách mời mẫu") {
			t.Error("the article does not tell the event, or tells too much of it")
		}
	})
}
