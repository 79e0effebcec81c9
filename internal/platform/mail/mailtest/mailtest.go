// Package mailtest is a mail server for tests: it speaks SMTP on the loopback, keeps what
// it is given, and can refuse.
package mailtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Received is a letter that the server took.
type Received struct {
	From, To string
	Data     string // headers and body, with lines that end in "\n"
	Secure   bool   // it came over TLS
	User     string // who had signed in
}

// Server is a mail server on the loopback.
type Server struct {
	Host string
	Port int
	// Roots believes the certificate of the server.
	Roots *tls.Config

	secret string // of any user; "" asks for none
	cert   tls.Certificate
	tb     testing.TB

	mu      sync.Mutex
	all     []Received
	answers map[string][]string
	hangUp  bool
}

// Start starts a server that speaks TLS after STARTTLS, and asks for a password where one
// is given.
func Start(tb testing.TB, password string) *Server {
	tb.Helper()
	l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { l.Close() })                                                                                              //nolint:errcheck // nobody waits for it
	s := &Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, secret: password, tb: tb, answers: map[string][]string{}} //nolint:forcetypeassert // it is one of TCP
	s.certify()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(conn)
		}
	}()
	return s
}

func (s *Server) certify() {
	s.tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.tb.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.ParseIP(s.Host)}, IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		s.tb.Fatal(err)
	}
	s.cert = tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		s.tb.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	s.Roots = &tls.Config{RootCAs: roots, ServerName: s.Host, MinVersion: tls.VersionTLS12}
}

// Answer lets the server answer the next commands with a verb in its own way, one after
// the other: "451 4.3.0 later".
func (s *Server) Answer(verb string, answers ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[verb] = append(s.answers[verb], answers...)
}

// HangUp lets the server break the connection when it has taken a letter, before it says so.
func (s *Server) HangUp(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangUp = on
}

// Letters are those that the server took.
func (s *Server) Letters() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.all...)
}

func (s *Server) special(verb string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.answers[verb]
	if len(all) == 0 {
		return ""
	}
	s.answers[verb] = all[1:]
	return all[0]
}

// talk is one conversation.
func (s *Server) talk(conn net.Conn) {
	defer func() { conn.Close() }() //nolint:errcheck // nobody waits for it
	in := bufio.NewReader(conn)
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) } //nolint:errcheck // the client has gone
	say("220 loopback ESMTP")
	var now Received
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		verb = strings.ToUpper(verb)
		if answer := s.special(verb); answer != "" {
			say(answer)
			continue
		}
		switch verb {
		case "EHLO":
			s.greet(say, now.Secure)
		case "STARTTLS":
			say("220 go on")
			safe := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}, MinVersion: tls.VersionTLS12})
			conn, in, now.Secure = safe, bufio.NewReader(safe), true
		case "DATA":
			say("354 go on")
			if now.Data, err = body(in); err != nil || s.taken(now, say) {
				return
			}
		case "QUIT":
			say("221 2.0.0 bye")
			return
		default:
			say(s.answer(verb, rest, &now))
		}
	}
}

// answer does what a short command says.
func (s *Server) answer(verb, rest string, now *Received) string {
	switch verb {
	case "AUTH":
		if now.User = s.signIn(rest); now.User == "" {
			return "535 5.7.8 no"
		}
		return "235 2.7.0 welcome"
	case "MAIL":
		if s.secret != "" && now.User == "" {
			return "530 5.7.0 sign in"
		}
		now.From = address(rest)
	case "RCPT":
		now.To = address(rest)
	}
	return "250 2.0.0 ok"
}

// taken keeps a letter and says so, unless it is told to do otherwise; it tells whether to
// hang up.
func (s *Server) taken(r Received, say func(string)) (hangUp bool) {
	if answer := s.special("BODY"); answer != "" {
		say(answer)
		return false
	}
	if s.keep(r) {
		return true
	}
	say("250 2.0.0 taken")
	return false
}

func (s *Server) greet(say func(string), secure bool) {
	say("250-loopback")
	if s.secret != "" && secure {
		say("250-AUTH PLAIN")
	}
	if !secure {
		say("250-STARTTLS")
	}
	say("250-8BITMIME")
	say("250 ENHANCEDSTATUSCODES")
}

// signIn gives who signs in by AUTH PLAIN, or "".
func (s *Server) signIn(rest string) string {
	_, encoded, _ := strings.Cut(rest, " ")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	parts := strings.Split(string(raw), "\x00")
	if err != nil || len(parts) != 3 || parts[2] != s.secret {
		return ""
	}
	return parts[1]
}

func (s *Server) keep(r Received) (hangUp bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, r)
	return s.hangUp
}

// address is what stands in the angle brackets.
func address(rest string) string {
	_, rest, _ = strings.Cut(rest, "<")
	rest, _, _ = strings.Cut(rest, ">")
	return rest
}

// body reads until a line with a dot alone.
func body(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "." {
			return b.String(), nil
		}
		b.WriteString(strings.TrimPrefix(line, ".") + "\n")
	}
}
