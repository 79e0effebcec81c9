package mail_test

import (
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/mail"
	"github.com/nhanrong/nhanrong/internal/platform/mail/mailtest"
)

func letter() mail.Letter {
	return mail.Letter{
		ID: "0192-letter", To: "lanh@example.vn", Subject: "Trả lời ý kiến của bạn", Text: "Kính gửi chị Lành,\n\n.một dòng bắt đầu bằng dấu chấm\nHết.",
		At: time.Date(2024, 9, 30, 8, 0, 0, 0, time.UTC),
	}
}

func sender(t *testing.T, s *mailtest.Server, change ...func(*mail.Config)) *mail.Sender {
	t.Helper()
	cfg := mail.Config{Host: s.Host, Port: s.Port, From: "Ban Thường trực <thidua@example.vn>", TLS: mail.StartTLS, Roots: s.Roots}
	for _, f := range change {
		f(&cfg)
	}
	made, err := mail.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestALetterArrivesAsItWasWritten reads what a server got as a mailbox would.
func TestALetterArrivesAsItWasWritten(t *testing.T) {
	server := mailtest.Start(t, "bí mật")
	s := sender(t, server, func(c *mail.Config) { c.User, c.Password = "thidua", "bí mật" })
	if err := s.Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	got := server.Letters()
	if len(got) != 1 || !got[0].Secure || got[0].User != "thidua" || got[0].From != "thidua@example.vn" || got[0].To != "lanh@example.vn" {
		t.Fatalf("the server got %+v", got)
	}
	m, err := netmail.ReadMessage(strings.NewReader(got[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != letter().Subject {
		t.Errorf("its subject is %q, %v", subject, err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")) != letter().Text {
		t.Errorf("its text is %q, %v", text, err)
	}
	for name, want := range map[string]string{
		"Message-Id": "<0192-letter@example.vn>", "To": "<lanh@example.vn>", "Auto-Submitted": "auto-generated", "Date": "Mon, 30 Sep 2024 08:00:00 +0000",
	} {
		if m.Header.Get(name) != want {
			t.Errorf("%s is %q, not %q", name, m.Header.Get(name), want)
		}
	}
	if len(m.Header["To"]) != 1 || m.Header.Get("Cc") != "" || m.Header.Get("Bcc") != "" {
		t.Errorf("its headers: %v", m.Header)
	}
}

// TestNothingBecomesAHeader: what somebody typed stays within its own header, or is not
// sent at all.
func TestNothingBecomesAHeader(t *testing.T) {
	server := mailtest.Start(t, "")
	s := sender(t, server)
	for _, evil := range []string{
		"x\r\nBcc: evil@example.vn", "x\nBcc: evil@example.vn", "x\rBcc: evil@example.vn", "x\x00", "x\u2028Bcc: evil@example.vn", "x\u0085y", "\xff",
	} {
		for name, change := range map[string]func(*mail.Letter){
			"subject": func(l *mail.Letter) { l.Subject = evil },
			"address": func(l *mail.Letter) { l.To = "a@example.vn" + evil },
			"name":    func(l *mail.Letter) { l.ID = evil },
		} {
			l := letter()
			change(&l)
			if err := s.Send(t.Context(), l); !errors.Is(err, mail.ErrBad) {
				t.Errorf("%q as %s: %v", evil, name, err)
			}
		}
	}
	for _, to := range []string{"", "lanh", "Lành <lanh@example.vn>", "a@example.vn, b@example.vn", "a@example.vn;b@example.vn", "<a@example.vn>", `"a b"@example.vn`, strings.Repeat("a", 250) + "@example.vn"} {
		l := letter()
		if l.To = to; !errors.Is(s.Send(t.Context(), l), mail.ErrBad) {
			t.Errorf("sent to %q", to)
		}
	}
	l := letter()
	l.Text = "x\n\nBcc: evil@example.vn\n.\nMAIL FROM:<evil@example.vn>\nRCPT TO:<evil@example.vn>\nDATA\n"
	if err := s.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	got := server.Letters()
	if len(got) != 1 || got[0].To != "lanh@example.vn" || !strings.Contains(got[0].Data, "RCPT TO") {
		t.Errorf("a text that speaks SMTP: %+v", got)
	}
}

func TestARefusalIsToldFromATrouble(t *testing.T) {
	server := mailtest.Start(t, "")
	s := sender(t, server)
	server.Answer("RCPT", "550 5.1.1 no such person lanh@example.vn")
	if err := s.Send(t.Context(), letter()); !errors.Is(err, mail.ErrRefused) || strings.Contains(err.Error(), "lanh") {
		t.Errorf("refused for good: %v", err)
	}
	server.Answer("RCPT", "451 4.3.0 later")
	if err := s.Send(t.Context(), letter()); err == nil || errors.Is(err, mail.ErrRefused) || strings.Contains(err.Error(), "lanh") {
		t.Errorf("refused for now: %v", err)
	}
	server.Answer("QUIT", "500 what")
	if err := s.Send(t.Context(), letter()); err != nil || len(server.Letters()) != 1 {
		t.Errorf("taken, and then rude: %v", err)
	}
	closed := sender(t, server, func(c *mail.Config) { c.Port = 1 })
	if err := closed.Send(t.Context(), letter()); err == nil || errors.Is(err, mail.ErrRefused) {
		t.Errorf("nobody there: %v", err)
	}
}

// TestNothingGoesInTheOpen where the settings ask for encryption.
func TestNothingGoesInTheOpen(t *testing.T) {
	server := mailtest.Start(t, "")
	unknown := sender(t, server, func(c *mail.Config) { c.Roots = nil })
	if err := unknown.Send(t.Context(), letter()); err == nil || len(server.Letters()) != 0 {
		t.Errorf("sent to a server whose certificate nobody believes: %v", err)
	}
	server.Answer("STARTTLS", "454 4.7.0 not today")
	if err := sender(t, server).Send(t.Context(), letter()); err == nil || len(server.Letters()) != 0 {
		t.Errorf("sent in the open: %v", err)
	}
	open := sender(t, server, func(c *mail.Config) { c.TLS = mail.NoTLS })
	if err := open.Send(t.Context(), letter()); err != nil || len(server.Letters()) != 1 || server.Letters()[0].Secure {
		t.Errorf("asked to send in the open: %v", err)
	}
	for _, cfg := range []mail.Config{{From: "x"}, {From: "a@b.vn", TLS: "perhaps"}, {From: "a@b.vn", TLS: mail.TLS, Host: ""}} {
		if _, err := mail.New(cfg); err == nil {
			t.Errorf("made of %+v", cfg)
		}
	}
}
