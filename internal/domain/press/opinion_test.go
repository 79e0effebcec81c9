package press_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// opinion is a sound one from a network of its own.
func opinion(article, text string) press.OpinionInput {
	return press.OpinionInput{Article: article, Name: "Nguyễn Thị Lành", Text: text, Network: press.NewDevice()}
}

// tab is a tab of the queue as an actor sees it.
func tab(s apptest.Small, t *testing.T, who actor.Actor, tab press.OpinionTab) ([]press.Queued, map[press.OpinionTab]int) {
	t.Helper()
	all, counts, _, err := s.Press.QueueOfOpinions(t.Context(), who, press.OpinionQueue{Tab: tab, Limit: 100})
	s.Must(err)
	return all, counts
}

func ids(all []press.Queued) []string {
	var out []string
	for _, o := range all {
		out = append(out, o.ID)
	}
	return out
}

func TestWhatAnOpinionMayHold(t *testing.T) {
	for _, c := range []struct {
		name, text, email string
		field             string
		key               i18n.Key
	}{
		{"An", "Cách làm hay.", "", "", 0},
		{"Hà", "Nhiệt độ < 30 độ, a<5 và 3 > 2.", "", "", 0},
		{"Bà Sáu", "Xem https://a.vn và www.b.vn", "", "", 0},
		{"A", "Cách làm hay.", "", "name", i18n.OpinionTooShort},
		{"", "Cách làm hay.", "", "name", i18n.ErrsRequired},
		{strings.Repeat("ă", 61), "Cách làm hay.", "", "name", i18n.ErrsTooLong},
		{"http://a.vn", "Cách làm hay.", "", "name", i18n.OpinionBadName},
		{"12345", "Cách làm hay.", "", "name", i18n.OpinionBadName},
		{"An", "Hay\u200b\u200b\u200b", "", "text", i18n.OpinionTooShort},
		{"An", strings.Repeat("ă", 2001), "", "text", i18n.ErrsTooLong},
		{"An", "Hay <b>lắm</b>", "", "text", i18n.OpinionNoHtml},
		{"An", "a http://x b https://y c www.z.vn", "", "text", i18n.OpinionTooManyLinks},
		{"An", "Cách làm hay.", "không phải thư", "email", i18n.OpinionBadEmail},
		{"An", "Cách làm hay.", "An <an@a.vn>", "email", i18n.OpinionBadEmail},
		{"An", "Cách làm hay.", "a\u2028n@a.vn", "email", i18n.OpinionBadEmail}, // no letter could go there, and no answer be written
	} {
		in := press.OpinionInput{Name: c.name, Text: c.text, Email: c.email, Wanted: true}
		all := errs.All(in.Check())
		if c.field == "" {
			if len(all) > 0 {
				t.Errorf("%q %q: %v", c.name, c.text, all[0])
			}
			continue
		}
		if len(all) != 1 || all[0].Field != c.field || all[0].Key != c.key {
			t.Errorf("%q %q %q gives %v", c.name, c.text, c.email, all)
		}
	}
	in := press.OpinionInput{Name: "An", Text: "Cách làm hay.", Email: "an@a.vn"}
	if err := in.Check(); err != nil || in.Email != "" {
		t.Errorf("an address is kept though no answer is wanted: %q, %v", in.Email, err)
	}
}

func TestLifeOfAnOpinion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who, a := t.Context(), s.At(app.RoleOfficer, "D"), published(t, s, story("Có ý kiến"))
		in := opinion(a.ID, "Cách làm hay, mong nhân rộng.")
		in.Wanted, in.Email = true, "lanh@example.vn"
		code, err := s.Press.Say(ctx, in)
		s.Must(err)
		if len(code) < 16 { // of 5 bits each
			t.Errorf("a code of %d signs can be guessed", len(code))
		}
		if all, n, _, err := s.Press.Opinions(ctx, a.ID, ""); err != nil || n != 0 || len(all) != 0 {
			t.Errorf("readers see what waits: %v, %v", all, err)
		}
		waiting, counts := tab(s, t, who, press.TabWaiting)
		if n, err := s.Press.WaitingOpinions(ctx, who); err != nil || n != 1 || len(waiting) != 1 || counts[press.TabWaiting] != 1 {
			t.Fatalf("the queue: %v, %v, %d", waiting, counts, n)
		}
		one := press.OpinionDecision{IDs: ids(waiting), Seen: press.OpinionWaiting}
		if err := s.Press.RefuseOpinions(ctx, who, one); !errs.Is(err, errs.Invalid) {
			t.Errorf("refused without a reason: %v", err)
		}
		s.Must(s.Press.PassOpinions(ctx, who, one))
		if err := s.Press.PassOpinions(ctx, who, one); !errs.Is(err, errs.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		s.Must(s.Press.AnswerOpinion(ctx, who, waiting[0].ID, press.OpinionPassed, "Cảm ơn chị Lành."))
		all, n, _, err := s.Press.Opinions(ctx, a.ID, "")
		s.Must(err)
		if n != 1 || len(all) != 1 || all[0].Answer != "Cảm ơn chị Lành." || all[0].Text != in.Text {
			t.Errorf("readers see %d %+v", n, all)
		}
		r, err := s.Press.Receipt(ctx, strings.ToLower(code))
		s.Must(err)
		if r.State != press.OpinionPassed || r.On.Title != a.Title {
			t.Errorf("the receipt: %+v", r)
		}
		s.Must(s.Press.WithdrawOpinion(ctx, code))
		s.Must(s.Press.WithdrawOpinion(ctx, code))
		if all, n, _, err = s.Press.Opinions(ctx, a.ID, ""); err != nil || n != 0 || len(all) != 0 {
			t.Errorf("readers see what was withdrawn: %v, %v", all, err)
		}
		left, err := db.One(ctx, d, db.Text, `SELECT name || body || email || answer || digest FROM press_opinion`)
		if err != nil || left != "" {
			t.Errorf("of what was withdrawn there is left %q, %v", left, err)
		}
		history, err := audit.History(ctx, d, audit.Object{Kind: "opinion", ID: waiting[0].ID})
		s.Must(err)
		var acts []string
		for _, h := range history {
			acts = append(acts, h.Action)
			if strings.Contains(string(h.Detail), "nhân rộng") || strings.Contains(string(h.Detail), "Lành") {
				t.Errorf("the audit keeps what must be erasable: %s", h.Detail)
			}
		}
		if got := fmt.Sprint(acts); got != "[press.opinion.pass press.opinion.answer press.opinion.withdraw]" {
			t.Errorf("the audit: %s", got)
		}
	})
}

func TestReceiptsAreNotGuessed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := published(t, s, story("Có mã"))
		code, err := s.Press.Say(t.Context(), opinion(a.ID, "Ý kiến có mã theo dõi."))
		s.Must(err)
		stored, err := db.One(t.Context(), d, db.Text, `SELECT receipt FROM press_opinion`)
		if err != nil || strings.Contains(strings.ToUpper(stored), code) {
			t.Errorf("the code stands in the database: %s, %v", stored, err)
		}
		for _, guess := range []string{"", "A", code[1:], code + "A", stored, strings.Repeat("A", len(code))} {
			if _, err := s.Press.Receipt(t.Context(), guess); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q opens something: %v", guess, err)
			}
			if err := s.Press.WithdrawOpinion(t.Context(), guess); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q withdraws something: %v", guess, err)
			}
		}
	})
}

func TestOpinionsOfOneNetworkAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := published(t, s, story("Đông ý kiến"))
		hours := 0
		h := app.Build(d, apptest.Files(t), func() time.Time { return s.Now().Add(time.Duration(hours) * 61 * time.Minute) }, s.Logger)
		say := func(network string, i int) error {
			in := opinion(a.ID, fmt.Sprintf("Ý kiến thứ %d", i))
			in.Network = network
			_, err := h.Press.Say(t.Context(), in)
			return err
		}
		for i := range 20 {
			s.Must(say("one", i))
			if i%5 == 4 {
				if err := say("one", 100+i); !errs.Is(err, errs.Conflict) {
					t.Errorf("the sixth within an hour: %v", err)
				}
				s.Must(say("other", 200+i))
				hours++
			}
		}
		if err := say("one", 300); !errs.Is(err, errs.Conflict) {
			t.Errorf("the 21st within a day: %v", err)
		}
		hours = 25
		s.Must(say("one", 301))
	})
}

func TestDoubtfulOpinionsAreSetAsideAndKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who, a := t.Context(), s.At(app.RoleOfficer, "D"), published(t, s, story("Bị nghi"))
		say := func(text string, change func(*press.OpinionInput)) {
			t.Helper()
			in := opinion(a.ID, text)
			change(&in)
			_, err := s.Press.Say(ctx, in)
			s.Must(err)
		}
		same := func(*press.OpinionInput) {}
		s.Must(s.Press.BlockWord(ctx, who, " Vay  NÓNG ", "quảng cáo"))
		s.Must(s.Press.BlockWord(ctx, who, "vay nóng", "lần nữa"))
		say("Đọc xong thấy rất vui.", func(in *press.OpinionInput) { in.Network = "bad" })
		waiting, _ := tab(s, t, who, press.TabWaiting)
		s.Must(s.Press.BlockNetworkOf(ctx, who, waiting[0].ID, press.OpinionWaiting))
		say("Ai cần VAY NÓNG thì gọi", same)
		say("Vay nong không dấu thì khác, vạy nóngg cũng thế", same)
		say("doc xong thay RAT vui!!", same)
		say("Máy viết ra đây", func(in *press.OpinionInput) { in.Robot = true })
		say("Lại là mạng ấy", func(in *press.OpinionInput) { in.Network = "bad" })
		aside, counts := tab(s, t, who, press.TabAside)
		var doubts []string
		for _, o := range aside {
			doubts = append(doubts, string(o.Doubt)+o.DoubtWord)
		}
		if got := fmt.Sprint(doubts); got != "[wordvay nóng repeat robot network]" || counts[press.TabWaiting] != 2 || counts[press.TabAside] != 4 {
			t.Errorf("set aside: %s, %v", got, counts)
		}
		s.Must(s.Press.PassOpinions(ctx, who, press.OpinionDecision{IDs: ids(aside), Seen: press.OpinionWaiting}))
		list, err := s.Press.Blocks(ctx, who)
		s.Must(err)
		if len(list) != 2 {
			t.Fatalf("the block list: %v", list)
		}
		for _, b := range list {
			s.Must(s.Press.Unblock(ctx, who, b.ID))
			history, err := audit.History(ctx, d, audit.Object{Kind: "block", ID: b.ID})
			s.Must(err)
			if len(history) != 2 || history[0].Action != "press.block" || history[1].Action != "press.unblock" {
				t.Errorf("the audit of a block: %v", history)
			}
		}
		say("Ai cần vay nóng nữa thì gọi", same)
		if _, counts = tab(s, t, who, press.TabAside); counts[press.TabAside] != 0 || counts[press.TabPassed] != 4 {
			t.Errorf("after all: %v", counts)
		}
	})
}

// TestReportsOfANetworkAreBounded: others may go on, and so may it when the hour is over.
func TestReportsOfANetworkAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who, a := t.Context(), s.At(app.RoleOfficer, "D"), published(t, s, story("Bị báo"))
		_, err := s.Press.Say(ctx, opinion(a.ID, "Một ý kiến gây tranh cãi."))
		s.Must(err)
		waiting, _ := tab(s, t, who, press.TabWaiting)
		s.Must(s.Press.PassOpinions(ctx, who, press.OpinionDecision{IDs: ids(waiting), Seen: press.OpinionWaiting}))
		report := func(device, network string) error {
			return s.Press.ReportOpinion(ctx, press.Report{Article: a.ID, Opinion: waiting[0].ID, Device: device, Network: network})
		}
		for i := range 10 {
			s.Must(report(fmt.Sprint(i), "crowd"))
		}
		if err := report("another", "crowd"); errs.All(err)[0].Key != i18n.OpinionReportLimitHour {
			t.Errorf("the eleventh: %v", err)
		}
		s.Must(report("3", "crowd")) // it counted before
		s.Must(report("another", "elsewhere"))
		if reported, _ := tab(s, t, who, press.TabReported); reported[0].Reports != 11 {
			t.Errorf("%d reports count", reported[0].Reports)
		}
		if err := report("x", ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("from nowhere: %v", err)
		}
	})
}

func TestReportsCountOncePerDevice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who, a := t.Context(), s.At(app.RoleOfficer, "D"), published(t, s, story("Bị báo"))
		_, err := s.Press.Say(ctx, opinion(a.ID, "Một ý kiến gây tranh cãi."))
		s.Must(err)
		waiting, _ := tab(s, t, who, press.TabWaiting)
		id := waiting[0].ID
		if err := s.Press.ReportOpinion(ctx, press.Report{Article: a.ID, Opinion: id, Device: "x", Network: "one"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("what waits is reported: %v", err)
		}
		s.Must(s.Press.PassOpinions(ctx, who, press.OpinionDecision{IDs: ids(waiting), Seen: press.OpinionWaiting}))
		for _, device := range []string{"x", "y", "x"} {
			s.Must(s.Press.ReportOpinion(ctx, press.Report{Article: a.ID, Opinion: id, Device: device, Network: "one"}))
		}
		reported, counts := tab(s, t, who, press.TabReported)
		if len(reported) != 1 || reported[0].Reports != 2 || counts[press.TabReported] != 1 {
			t.Fatalf("reported: %v, %v", reported, counts)
		}
		s.Must(s.Press.PassOpinions(ctx, who, press.OpinionDecision{IDs: ids(reported), Seen: press.OpinionPassed}))
		if _, counts = tab(s, t, who, press.TabReported); counts[press.TabReported] != 0 || counts[press.TabPassed] != 1 {
			t.Errorf("looked at: %v", counts)
		}
		s.Must(s.Press.RefuseOpinions(ctx, who, press.OpinionDecision{IDs: []string{id}, Seen: press.OpinionPassed, Reason: press.RefusedInsult}))
		if _, n, _, err := s.Press.Opinions(ctx, a.ID, ""); err != nil || n != 0 {
			t.Errorf("readers see what was refused: %d, %v", n, err)
		}
	})
}

func TestModeratorsKeepToTheirScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, a, other := t.Context(), published(t, s, story("Của phường Một")), s.At(app.RoleOfficer, "W2")
		_, err := s.Press.Say(ctx, opinion(a.ID, "Ý kiến dưới bài của phường Một."))
		s.Must(err)
		waiting, _ := tab(s, t, s.At(app.RoleOfficer, "W1"), press.TabWaiting)
		id := waiting[0].ID
		if all, counts := tab(s, t, other, press.TabWaiting); len(all) != 0 || counts[press.TabWaiting] != 0 {
			t.Errorf("another ward sees %v, %v", all, counts)
		}
		if n, err := s.Press.WaitingOpinions(ctx, other); err != nil || n != 0 {
			t.Errorf("for another ward wait %d, %v", n, err)
		}
		in := press.OpinionDecision{IDs: []string{id}, Seen: press.OpinionWaiting, Reason: press.RefusedAdvert}
		for name, err := range map[string]error{
			"pass": s.Press.PassOpinions(ctx, other, in), "refuse": s.Press.RefuseOpinions(ctx, other, in),
			"answer": s.Press.AnswerOpinion(ctx, other, id, press.OpinionWaiting, "Chào bạn"),
			"block":  s.Press.BlockNetworkOf(ctx, other, id, press.OpinionWaiting),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s by another ward: %v", name, err)
			}
		}
	})
}

func TestOpinionsPageByPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who, a := t.Context(), s.At(app.RoleOfficer, "D"), published(t, s, story("Nhiều trang"))
		for i := range 45 {
			_, err := s.Press.Say(ctx, opinion(a.ID, fmt.Sprintf("Ý kiến số %d", i)))
			s.Must(err)
		}
		waiting, _ := tab(s, t, who, press.TabWaiting)
		s.Must(s.Press.PassOpinions(ctx, who, press.OpinionDecision{IDs: ids(waiting), Seen: press.OpinionWaiting}))
		seen, cursor := map[string]bool{}, ""
		for _, want := range []int{20, 20, 5} {
			all, n, next, err := s.Press.Opinions(ctx, a.ID, cursor)
			s.Must(err)
			if len(all) != want || n != 45 {
				t.Errorf("a page of %d of %d, want %d", len(all), n, want)
			}
			for i, o := range all {
				seen[o.ID] = true
				if i > 0 && o.At.After(all[i-1].At) {
					t.Errorf("%s stands under an older one", o.Text)
				}
			}
			cursor = next
		}
		if len(seen) != 45 || cursor != "" {
			t.Errorf("%d were seen, then %q", len(seen), cursor)
		}
		for _, bad := range []string{"x", "..", "zzzzzzzzzzzzz.a", "-1.a", "'.'"} {
			if all, _, _, err := s.Press.Opinions(ctx, a.ID, bad); err != nil || len(all) != 20 {
				t.Errorf("the cursor %q gives %d, %v", bad, len(all), err)
			}
		}
	})
}
