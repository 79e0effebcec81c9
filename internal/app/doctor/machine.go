package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/blob/scan"
	"github.com/nhanrong/nhanrong/internal/platform/disk"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// What is too little or too old. They are choices of ours: a year of a ward takes tens of
// megabytes, its photos a gigabyte.
const (
	leastRoom = 1 << 30 // bytes; a backup needs as much as the data take
	noRoom    = 100 << 20
	oldBackup = 7 * 24 * time.Hour
)

// folder looks whether the data folder can be written, and by whom it can be read.
func (e *examination) folder() {
	part, at := i18n.DoctorFolder, e.Config.Data
	info, err := os.Stat(at)
	switch {
	case os.IsNotExist(err):
		e.warn(part, say(i18n.DoctorFolderNone, at), say(i18n.DoctorFolderNoneMend))
		return
	case err != nil:
		e.failed(part, err)
		return
	case !info.IsDir():
		e.fault(part, say(i18n.DoctorFolderFile, at), say(i18n.DoctorFolderFileMend))
		return
	}
	probe, err := os.CreateTemp(at, ".doctor-")
	if err == nil {
		err = closeAndRemove(probe)
	}
	switch {
	case err != nil:
		e.fault(part, say(i18n.DoctorFolderLocked, at, err.Error()), say(i18n.DoctorFolderLockedMend))
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0:
		e.warn(part, say(i18n.DoctorFolderOpen, at, info.Mode().Perm().String()), say(i18n.DoctorFolderOpenMend, at))
	default:
		e.sound(part, say(i18n.DoctorFolderSound, at))
	}
}

func closeAndRemove(f *os.File) error {
	if err := f.Close(); err != nil {
		return err
	}
	return os.Remove(f.Name())
}

// room looks how much can still be written.
func (e *examination) room() {
	at := e.Config.Data
	for _, err := os.Stat(at); err != nil && at != filepath.Dir(at); _, err = os.Stat(at) {
		at = filepath.Dir(at)
	}
	left, err := disk.Free(at)
	switch {
	case err != nil:
		e.failed(i18n.DoctorDisk, err)
	case left < noRoom:
		e.fault(i18n.DoctorDisk, say(i18n.DoctorDiskLeft, megabytes(left)), say(i18n.DoctorDiskFullMend))
	case left < leastRoom:
		e.warn(i18n.DoctorDisk, say(i18n.DoctorDiskLeft, megabytes(left)), say(i18n.DoctorDiskLowMend))
	default:
		e.sound(i18n.DoctorDisk, say(i18n.DoctorDiskLeft, megabytes(left)))
	}
}

func megabytes(n int64) int { return int(n >> 20) }

// address looks whether the address of the pages is free, or ours, or another's.
func (e *examination) address(ctx context.Context) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", e.Config.Addr)
	if err == nil {
		if err := l.Close(); err != nil {
			e.failed(i18n.DoctorAddress, err)
			return
		}
		e.sound(i18n.DoctorAddress, say(i18n.DoctorAddressFree, e.Config.Addr))
		return
	}
	if e.answers(ctx) {
		e.sound(i18n.DoctorAddress, say(i18n.DoctorAddressOurs, e.Config.Addr))
		return
	}
	e.fault(i18n.DoctorAddress, say(i18n.DoctorAddressTaken, e.Config.Addr, err.Error()), say(i18n.DoctorAddressTakenMend))
}

// answers tells whether this program answers at its address.
func (e *examination) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, probe)
	defer cancel()
	scheme := "http://"
	if e.Config.TLSCert != "" {
		scheme = "https://"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+e.Config.Addr+"/healthz", nil)
	if err != nil {
		return false
	}
	// The certificate names the office and not the address; nothing is believed but that it is us.
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // see above
	defer client.CloseIdleConnections()
	res, err := client.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	var state struct {
		OK *bool `json:"ok"`
	}
	return json.NewDecoder(io.LimitReader(res.Body, 1<<16)).Decode(&state) == nil && state.OK != nil
}

// probe is how long an address may take to answer.
const probe = 5 * time.Second

// certificate looks how long the certificate of the pages is good for.
func (e *examination) certificate() {
	if e.Config.TLSCert == "" {
		return
	}
	pair, err := tls.LoadX509KeyPair(e.Config.TLSCert, e.Config.TLSKey)
	if err == nil && pair.Leaf == nil {
		pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0])
	}
	if err != nil {
		e.fault(i18n.DoctorCertificate, say(i18n.DoctorCertificateBad, err.Error()), say(i18n.DoctorCertificateMend))
		return
	}
	const soon = 14 * 24 * time.Hour
	switch ends := pair.Leaf.NotAfter; {
	case ends.Before(e.Now()):
		e.fault(i18n.DoctorCertificate, say(i18n.DoctorCertificateUntil, ends), say(i18n.DoctorCertificateMend))
	case ends.Before(e.Now().Add(soon)):
		e.warn(i18n.DoctorCertificate, say(i18n.DoctorCertificateUntil, ends), say(i18n.DoctorCertificateMend))
	default:
		e.sound(i18n.DoctorCertificate, say(i18n.DoctorCertificateUntil, ends))
	}
}

// mail looks whether the mail server answers. It sends nothing.
func (e *examination) mail(ctx context.Context) {
	if e.Config.MailHost == "" {
		e.sound(i18n.DoctorMail, say(i18n.DoctorMailNone))
		return
	}
	at := net.JoinHostPort(e.Config.MailHost, strconv.Itoa(e.Config.MailPort))
	conn, err := (&net.Dialer{Timeout: probe}).DialContext(ctx, "tcp", at)
	if err != nil {
		e.warn(i18n.DoctorMail, say(i18n.DoctorMailDumb, at, err.Error()), say(i18n.DoctorMailMend))
		return
	}
	if err := conn.Close(); err != nil {
		e.failed(i18n.DoctorMail, err)
		return
	}
	e.sound(i18n.DoctorMail, say(i18n.DoctorMailSound, at))
}

// scanner has the virus scanner look at a file that holds nothing.
func (e *examination) scanner(ctx context.Context) {
	if e.Config.ScanCommand == "" {
		e.sound(i18n.DoctorScanner, say(i18n.DoctorScannerNone))
		return
	}
	scanner, err := scan.New(e.Config.ScanCommand)
	if err == nil {
		err = lookAtNothing(ctx, scanner)
	}
	if err != nil {
		e.fault(i18n.DoctorScanner, say(i18n.DoctorScannerDumb, err.Error()), say(i18n.DoctorScannerMend))
		return
	}
	e.sound(i18n.DoctorScanner, say(i18n.DoctorScannerSound))
}

func lookAtNothing(ctx context.Context, scanner scan.Scanner) error {
	f, err := os.CreateTemp("", "nhanrong-doctor-*")
	if err != nil {
		return fmt.Errorf("make a file for the virus scanner: %w", err)
	}
	return errors.Join(f.Close(), scanner.Look(ctx, f.Name()), os.Remove(f.Name()))
}

// backups looks how old the last backup in the data folder is.
func (e *examination) backups() {
	all, err := filepath.Glob(filepath.Join(e.Config.Data, "backups", "*.zip"))
	if err != nil {
		e.failed(i18n.DoctorBackup, err)
		return
	}
	var last time.Time
	name := ""
	for _, path := range all {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(last) {
			last, name = info.ModTime(), path
		}
	}
	switch age := e.Now().Sub(last); {
	case name == "":
		e.warn(i18n.DoctorBackup, say(i18n.DoctorBackupNone, filepath.Join(e.Config.Data, "backups")), say(i18n.DoctorBackupMend))
	case age > oldBackup:
		e.warn(i18n.DoctorBackup, say(i18n.DoctorBackupAged, name, int(age.Hours()/24)), say(i18n.DoctorBackupMend))
	default:
		e.sound(i18n.DoctorBackup, say(i18n.DoctorBackupSound, name))
	}
}

// local tells whether an address is reached from this machine alone.
func local(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// some shows the first lines of many.
func some(lines []string) string {
	const most = 3
	text := strings.Join(lines[:min(most, len(lines))], "; ")
	if len(lines) > most {
		text += "; …"
	}
	return text
}

// sorted is a copy in order.
func sorted(lines []string) []string { return slices.Sorted(slices.Values(lines)) }
