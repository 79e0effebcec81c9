package app

import (
	"fmt"
	"os"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/mail"
)

// mailSender is the server by which letters go, or nil where the settings name none.
func mailSender(cfg *config.Config) (outbox.Sender, error) {
	if cfg.MailHost == "" {
		return nil, nil //nolint:nilnil // none is a setting like any other
	}
	password := ""
	if cfg.MailPasswordFile != "" {
		raw, err := os.ReadFile(cfg.MailPasswordFile)
		if err != nil {
			return nil, fmt.Errorf("read the password of the mail server: %w", err)
		}
		password = strings.TrimRight(string(raw), "\r\n")
	}
	return mail.New(mail.Config{
		Host: cfg.MailHost, Port: cfg.MailPort, User: cfg.MailUser, Password: password, From: cfg.MailFrom, TLS: cfg.MailTLS,
	})
}
