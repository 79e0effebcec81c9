package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/mail/mailtest"
)

// keptEmails counts what the database still knows of an address.
func keptEmails(t *testing.T, d *db.DB, email string) int {
	t.Helper()
	n, err := db.One(t.Context(), d, db.Int, `SELECT (SELECT count(*) FROM press_opinion WHERE email = $1) + (SELECT count(*) FROM outbox_letter WHERE recipient = $1)`, email)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAnAnswerGoesByMail sends an opinion with an address, answers it at the desk, and reads
// what a mail server got.
func TestAnAnswerGoesByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ\x01\u2028Bcc: evil@example.vn "+strings.Repeat("nở hoa ", 30))
		account(t, s, "canbo", app.RoleOfficer, "D")
		server := mailtest.Start(t, "")
		cfg := apptest.Config(t)
		cfg.MailHost, cfg.MailPort, cfg.MailTLS, cfg.MailFrom, cfg.BaseURL = server.Host, server.Port, "none", "thidua@example.vn", "http://thidua.example.vn"
		web, err := s.Web(cfg, nil)
		s.Must(err)
		site := httptest.NewServer(web.Handler)
		t.Cleanup(site.Close)
		reader, officer := apptest.Visitor(t, site), apptest.As(t, site, "canbo")
		const email = "lanh@example.vn"
		sent := reader.Post(a.Path()+"/opinions", fields("name", "Nguyễn Thị Lành", "text", "Ngõ tôi theo được không?", "wanted", "1", "email", email))
		if sent.Status != http.StatusSeeOther || keptEmails(t, d, email) != 1 {
			t.Fatalf("sent: %d", sent.Status)
		}
		one := waiting(t, s.House, press.TabWaiting)[0]
		if got := officer.Post("/admin/opinions/answer", url.Values{"id": {one.ID}, "seen": {"waiting"}, "answer": {"Được, mời chị gặp tổ trưởng.\rBcc: evil@example.vn"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("answered: %d %s", got.Status, got.Body)
		}
		list := officer.Get("/admin/outbox?state=waiting")
		link := regexp.MustCompile(`/admin/outbox/[0-9a-f-]{36}`).FindString(list.Body)
		page := officer.Get(link)
		if strings.Contains(list.Body+page.Body, email) || !strings.Contains(page.Body, "Được, mời chị gặp tổ trưởng.") || !strings.Contains(page.Body, "http://thidua.example.vn"+a.Path()+"#o-"+one.ID) {
			t.Errorf("the outbox: %s", page.Body)
		}
		server.Answer("RCPT", "451 4.3.0 later")
		_, err = s.Queue.RunOnce(t.Context())
		s.Must(err)
		if got := officer.Get(link).Body; !strings.Contains(got, "451") || len(server.Letters()) != 0 {
			t.Errorf("after a trouble: %s", got)
		}
		if got := officer.Post(link+"/retry", nil); got.Status != http.StatusSeeOther {
			t.Errorf("tried again: %d", got.Status)
		}
		_, err = s.Queue.RunOnce(t.Context())
		s.Must(err)
		letters := server.Letters()
		if len(letters) != 1 || letters[0].To != email || regexp.MustCompile(`(?im)^bcc:`).MatchString(letters[0].Data) || strings.Contains(letters[0].Data, "Lành") {
			t.Fatalf("the server got %+v", letters)
		}
		if keptEmails(t, d, email) != 0 || !strings.Contains(officer.Get(link).Body, "địa chỉ đã xóa") {
			t.Error("the address is still known")
		}
		if got := officer.Post(link+"/cancel", nil); got.Status != http.StatusConflict {
			t.Errorf("cancelled when it was sent: %d", got.Status)
		}
		reader.Post(strings.TrimSuffix(sent.Location, "?sent=1")+"/withdraw", nil)
		if got := officer.Get(link); got.Status != http.StatusOK || strings.Contains(got.Body, "Được, mời chị") {
			t.Errorf("the letter about what was withdrawn: %d", got.Status)
		}
	})
}

// TestAnAddressIsForgotten where it is not wanted any more, whatever becomes of the opinion.
func TestAnAddressIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ")
		ctx, who := t.Context(), s.System()
		const email = "lanh@example.vn"
		say := func(text string) (string, press.Queued) {
			t.Helper()
			code, err := s.Press.Say(ctx, press.OpinionInput{Article: a.ID, Name: "Lành", Text: text, Wanted: true, Email: email, Network: press.NewDevice()})
			s.Must(err)
			all := waiting(t, s.House, press.TabWaiting) //nolint:contextcheck // it takes the test's own
			return code, all[len(all)-1]
		}
		_, refused := say("Một ý kiến thứ nhất")
		s.Must(s.Press.RefuseOpinions(ctx, who, press.OpinionDecision{IDs: []string{refused.ID}, Seen: press.OpinionWaiting, Reason: press.RefusedAdvert}))
		withdrawn, _ := say("Một ý kiến thứ hai")
		s.Must(s.Press.WithdrawOpinion(ctx, withdrawn))
		_, answered := say("Một ý kiến thứ ba")
		s.Must(s.Press.AnswerOpinion(ctx, who, answered.ID, press.OpinionWaiting, "Cảm ơn bạn."))
		s.Must(s.Press.RefuseOpinions(ctx, who, press.OpinionDecision{IDs: []string{answered.ID}, Seen: press.OpinionPassed, Reason: press.RefusedAdvert}))
		code, late := say("Một ý kiến thứ tư")
		s.Must(s.Press.AnswerOpinion(ctx, who, late.ID, press.OpinionWaiting, "Cảm ơn bạn."))
		s.Must(s.Press.WithdrawOpinion(ctx, code))
		if n := keptEmails(t, d, email); n != 0 {
			t.Errorf("the address is kept %d times", n)
		}
		say("Một ý kiến thứ năm")
		s.Must(d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE press_opinion SET at = $1`, db.Time(s.Now().AddDate(0, 0, -59)))
			return err
		}))
		s.Must(s.Press.ForgetEmails(ctx))
		if n := keptEmails(t, d, email); n != 1 {
			t.Errorf("after 59 days it is kept %d times", n)
		}
		s.Must(d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE press_opinion SET at = $1`, db.Time(s.Now().AddDate(0, 0, -61)))
			return err
		}))
		s.Must(s.Press.ForgetEmails(ctx))
		if n := keptEmails(t, d, email); n != 0 {
			t.Errorf("after 61 days it is kept %d times", n)
		}
	})
}

// TestTheMailServerOfTheSettings: a password is read from its file, and what is wrong stops
// the start.
func TestTheMailServerOfTheSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("bí mật\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	set := map[string]string{
		"NHANRONG_DATA": t.TempDir(), "NHANRONG_MAIL_HOST": "mail.example.vn", "NHANRONG_MAIL_FROM": "Thi đua <thidua@example.vn>", "NHANRONG_MAIL_USER": "thidua",
		"NHANRONG_MAIL_PASSWORD_FILE": file,
	}
	parse := func() (*config.Config, error) {
		return config.Parse(nil, func(name string) string { return set[name] })
	}
	cfg, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	h := apptest.Empty(t, apptest.Open(t, db.SQLite))
	if _, err := h.Web(cfg, nil); err != nil || !h.Outbox.Sending() {
		t.Errorf("set: %v", err)
	}
	cfg.MailPasswordFile = file + "x"
	if _, err := h.Web(cfg, nil); err == nil {
		t.Error("a password that is not there is none")
	}
	for name, bad := range map[string]string{
		"NHANRONG_MAIL_FROM": "thidua", "NHANRONG_MAIL_HOST": "smtp://mail.example.vn", "NHANRONG_MAIL_TLS": "none", "NHANRONG_MAIL_PASSWORD_FILE": "", "NHANRONG_MAIL_PORT": "0",
	} {
		before := set[name]
		set[name] = bad
		if _, err := parse(); err == nil || !strings.Contains(err.Error(), "mail-") {
			t.Errorf("%s=%q: %v", name, bad, err)
		}
		set[name] = before
	}
}
