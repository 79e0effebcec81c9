// Package mail sends letters by SMTP: plain text, one recipient each. It takes nothing
// that could become a header of its own, and tells a refusal for good from one that may
// pass.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// Letter is what is sent.
type Letter struct {
	// ID names the letter: sent twice, it has the same Message-ID both times, by which
	// mailboxes know a double.
	ID      string
	To      string // one address, without a name
	Subject string
	Text    string
	At      time.Time // when it was written
}

// Bounds of a letter, in characters; of an address, in bytes (RFC 5321, 4.5.3.1.3).
const (
	MaxSubject = 200
	MaxText    = 20_000
	MaxAddress = 254
)

// Errors of [Letter.Check] and [Sender.Send].
var (
	// ErrBad says that a letter cannot be sent as it is.
	ErrBad = errors.New("the letter cannot be sent")
	// ErrRefused says that the server refused a letter for good.
	ErrRefused = errors.New("the mail server refused the letter")
)

// Check tells what is wrong with a letter before anything of it reaches a server.
func (l Letter) Check() error {
	switch {
	case !Address(l.To):
		return fmt.Errorf("%w: its address is none", ErrBad)
	case l.ID == "" || strings.IndexFunc(l.ID, func(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsLetter(r) && r != '-' }) >= 0:
		return fmt.Errorf("%w: its name", ErrBad)
	case l.Subject == "" || !plain(l.Subject, "") || utf8.RuneCountInString(l.Subject) > MaxSubject:
		return fmt.Errorf("%w: its subject", ErrBad)
	case l.Text == "" || !plain(l.Text, "\n\t") || utf8.RuneCountInString(l.Text) > MaxText:
		return fmt.Errorf("%w: its text", ErrBad)
	}
	return nil
}

// Address tells whether s is one address of mail, without a name or anything around it.
func Address(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s && len(s) <= MaxAddress && plain(s, "") && !strings.ContainsAny(s, ",;<>\" ")
}

// plain tells whether a text has no control characters but those that are allowed.
func plain(s, but string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return (unicode.IsControl(r) || r == '\u2028' || r == '\u2029') && !strings.ContainsRune(but, r)
	}) < 0
}

// The ways to a server.
const (
	StartTLS = "starttls" // in the open first, encrypted before anything is said
	TLS      = "tls"      // encrypted from the beginning
	NoTLS    = "none"     // in the open: for a server on the same machine
)

// Config is how a server is reached.
type Config struct {
	Host     string
	Port     int
	User     string // "" signs in nowhere
	Password string
	From     string // an address, with a name or without
	TLS      string // one of the ways
	// Roots says whose certificates are believed; nil is whom the system believes.
	Roots *tls.Config
}

// Sender sends letters by one server.
type Sender struct {
	cfg    Config
	from   *mail.Address
	client []gomail.Option
}

// timeout bounds each step of a conversation with a server.
const timeout = 20 * time.Second

// New makes a sender. It speaks to nobody yet.
func New(cfg Config) (*Sender, error) {
	from, err := mail.ParseAddress(cfg.From)
	if err != nil || !Address(from.Address) || !plain(from.Name, "") {
		return nil, errors.New("make a sender of mail: the address that it comes from is none")
	}
	options := []gomail.Option{gomail.WithPort(cfg.Port), gomail.WithTimeout(timeout)}
	switch cfg.TLS {
	case TLS:
		options = append(options, gomail.WithSSL())
	case NoTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		return nil, fmt.Errorf("make a sender of mail: %q is no way to a server", cfg.TLS)
	}
	if cfg.Roots != nil {
		options = append(options, gomail.WithTLSConfig(cfg.Roots))
	}
	if cfg.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(cfg.User), gomail.WithPassword(cfg.Password))
	}
	if _, err := gomail.NewClient(cfg.Host, options...); err != nil {
		return nil, fmt.Errorf("make a sender of mail: %w", err)
	}
	return &Sender{cfg: cfg, from: from, client: options}, nil
}

// From is the address that letters come from, as a letter shows it.
func (s *Sender) From() string {
	if s.from.Name == "" {
		return s.from.Address
	}
	return s.from.Name + " <" + s.from.Address + ">"
}

// Send gives a letter to the server. An error that is [ErrBad] or [ErrRefused] will not
// pass; any other may. Where the connection breaks just after the server took the letter,
// it is sent though the error says that it was not: whoever sends it again sends it twice.
func (s *Sender) Send(ctx context.Context, l Letter) error {
	m, err := s.compose(l)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.cfg.Host, s.client...)
	if err != nil {
		return fmt.Errorf("send a letter: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() { // a server that has taken a letter may end the conversation as it likes
		return nil
	}
	return s.failure(err, l.To)
}

// failure says what went wrong in words in which nobody's address stands: they are kept.
func (s *Sender) failure(err error, to string) error {
	var refused *gomail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %d %s", ErrRefused, refused.ErrorCode(), refused.EnhancedStatusCode())
	}
	if refused != nil && refused.ErrorCode() > 0 {
		return fmt.Errorf("send a letter: the server answered %d %s", refused.ErrorCode(), refused.EnhancedStatusCode())
	}
	return errors.New("send a letter: " + strings.ReplaceAll(err.Error(), to, "…"))
}

// compose makes the message of a letter.
func (s *Sender) compose(l Letter) (*gomail.Msg, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	if err := m.To(l.To); err != nil {
		return nil, fmt.Errorf("%w: its address", ErrBad)
	}
	_, domain, _ := strings.Cut(s.from.Address, "@")
	m.SetMessageIDWithValue(l.ID + "@" + domain)
	m.SetDateWithValue(l.At)
	m.Subject(l.Subject)
	m.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated") // RFC 3834: no robot answers it
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	return m, nil
}
