package app

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// certificate is that of the pages, read anew where its file has changed: it is replaced
// every few months, and nobody should have to stop the program for it.
type certificate struct {
	cert, key string

	mu   sync.Mutex
	made time.Time // of the file that was read
	pair *tls.Certificate
}

// serverTLS is how the pages are served over TLS, or nil where no certificate is named. One
// that cannot be read is told at the start, not to the first visitor.
func serverTLS(cert, key string) (*tls.Config, error) {
	if cert == "" {
		return nil, nil //nolint:nilnil // no TLS is no fault
	}
	c := &certificate{cert: cert, key: key}
	if _, err := c.get(nil); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}, nil
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.cert)
	if err == nil && c.pair != nil && info.ModTime().Equal(c.made) {
		return c.pair, nil
	}
	var pair tls.Certificate
	if err == nil {
		pair, err = tls.LoadX509KeyPair(c.cert, c.key)
	}
	switch {
	case err == nil:
		c.pair, c.made = &pair, info.ModTime()
	case c.pair == nil:
		return nil, fmt.Errorf("read the TLS certificate: %w", err)
	} // else a pair is being replaced, one file after the other: the old one serves so long
	return c.pair, nil
}
