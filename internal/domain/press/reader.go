package press

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// NewDevice makes what a reader's browser keeps, so that it has one rating of an article.
// It says nothing about the reader.
func NewDevice() string { return rand.Text() }

// DeviceOf is how a browser's secret stands in the database.
func DeviceOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:16])
}

// NetworkOf is how the network of an address stands in the database: its first 24 bits
// (IPv4) or 48 (IPv6), hashed with a key of this house, so that a crowd of one network can
// be seen and no address can be read back.
func (s *Service) NetworkOf(ctx context.Context, address string) (string, error) {
	key, err := s.networkKey(ctx)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(identity.Network(address)))
	return hex.EncodeToString(mac.Sum(nil)[:16]), nil
}

// networkKey reads the key of this house, and makes it at the first call of all.
func (s *Service) networkKey(ctx context.Context) ([]byte, error) {
	if key := s.key.Load(); key != nil {
		return *key, nil
	}
	text, err := readKey(ctx, s.db)
	if errors.Is(err, db.ErrNoRow) {
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			if err := insertKey(ctx, tx, rand.Text()+rand.Text()); err != nil {
				return err
			}
			text, err = readKey(ctx, tx)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("the key for networks: %w", err)
	}
	key := []byte(text)
	s.key.Store(&key)
	return key, nil
}

// LooksLikeRobot tells whether a client names itself as a program. It is a hint: what it
// finds is set aside, not refused.
func LooksLikeRobot(agent string) bool {
	agent = strings.ToLower(agent)
	for _, word := range []string{"bot", "crawl", "spider", "curl/", "wget/", "python", "go-http-client", "headless", "httpclient"} {
		if strings.Contains(agent, word) {
			return true
		}
	}
	return agent == ""
}
