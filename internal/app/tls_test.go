package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// writePair writes a certificate with a serial number, and its key, aged so many seconds.
func writePair(t *testing.T, dir string, serial int64, age time.Duration) (cert, key string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
	}
	raw, err := x509.CreateCertificate(rand.Reader, form, form, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: raw}, key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(1_800_000_000, 0).Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// TestACertificateIsReplacedWhileItServes: a new pair is served without a restart, and as
// long as only half of it is there, or none, the old one.
func TestACertificateIsReplacedWhileItServes(t *testing.T) {
	dir := t.TempDir()
	cert, key := writePair(t, dir, 1, time.Hour)
	c, err := serverTLS(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		pair, err := c.GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(pair.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return leaf.SerialNumber.Int64()
	}
	if serial() != 1 {
		t.Error("the first certificate is not served")
	}
	newCert, newKey := writePair(t, t.TempDir(), 2, time.Minute)
	if err := os.Rename(newCert, cert); err != nil {
		t.Fatal(err)
	}
	if serial() != 1 {
		t.Error("half of a new pair is served")
	}
	if err := os.Rename(newKey, key); err != nil {
		t.Fatal(err)
	}
	if serial() != 2 {
		t.Error("the new certificate is not served")
	}
	if err := os.Remove(cert); err != nil {
		t.Fatal(err)
	}
	if serial() != 2 {
		t.Error("a certificate whose file is gone is served no more")
	}
	if _, err := serverTLS(cert, key); err == nil {
		t.Error("a start without the file succeeds")
	}
	if c, err := serverTLS("", ""); c != nil || err != nil {
		t.Errorf("without a certificate: %v, %v", c, err)
	}
}
