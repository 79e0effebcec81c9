package parcel

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// wrong is what is wrong with a package, each in words of its own.
func wrong(key i18n.Key, args ...any) *errs.Error {
	return errs.New(errs.Invalid, key, args...).On("file")
}

// Read reads a package and checks all that can be known without a database: its bounds, the
// hash of every part, the signature by the key that it names, the identities of the report,
// and that manifest, report and lists say the same. Whether that key is the sender's is for
// [Package.Trusts] and for who received it.
func Read(r io.ReaderAt, size int64) (Package, error) {
	z, err := open(r, size)
	if err != nil {
		return Package{}, err
	}
	parts, err := named(z)
	if err != nil {
		return Package{}, err
	}
	p, err := readSigned(parts)
	if err != nil {
		return Package{}, err
	}
	p.Size = size
	content, err := vouched(parts, p.Manifest)
	if err != nil {
		return Package{}, err
	}
	f, err := readReport(content, p.Manifest)
	if err != nil {
		return Package{}, err
	}
	if p.Report, err = f.Report(); err != nil {
		return Package{}, wrong(i18n.ParcelBadReport).Because(err)
	}
	l, err := listsOf(f)
	if err != nil {
		return Package{}, wrong(i18n.ParcelBadReport).Because(err)
	}
	p.Entries = l.entries
	if err := p.same(l); err != nil {
		return Package{}, err
	}
	return p, holds(p.Report, l)
}

// The record at the end of a ZIP (APPNOTE 4.3.16).
const (
	endRecord = 22
	endMark   = "PK\x05\x06"
	mostParts = 16
	mostIndex = 16 << 10
)

// open looks at the frame of a ZIP before anything is made of it: its index stands where it
// should and is short, so that reading it costs little.
func open(r io.ReaderAt, size int64) (*zip.Reader, error) {
	head := make([]byte, min(size, 4))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read a package: %w", err)
	}
	switch {
	case string(head) != "PK\x03\x04":
		return nil, wrong(i18n.ParcelNone)
	case size > MaxSize:
		return nil, wrong(i18n.ParcelTooLarge, MaxSize>>20)
	}
	last := make([]byte, min(size, endRecord+1<<16))
	if _, err := r.ReadAt(last, size-int64(len(last))); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read a package: %w", err)
	}
	at := bytes.LastIndex(last, []byte(endMark))
	if at < 0 || len(last)-at < endRecord {
		return nil, wrong(i18n.ParcelCut)
	}
	end := last[at:]
	if len(end) != endRecord { // something was put behind it
		return nil, wrong(i18n.ParcelBehind)
	}
	count := binary.LittleEndian.Uint16(end[10:])
	length, offset := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	switch {
	case count > mostParts || length > mostIndex:
		return nil, wrong(i18n.ParcelManyParts, mostParts)
	case offset+length != size-endRecord:
		return nil, wrong(i18n.ParcelCut)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, wrong(i18n.ParcelCut).Because(err)
	}
	return z, nil
}

// named gives the parts by their names: each that must be there, once, and no other.
func named(z *zip.Reader) (map[string]*zip.File, error) {
	parts := map[string]*zip.File{}
	known := append(signedParts(), partManifest, partSignature)
	total := uint64(0)
	for _, f := range z.File {
		shown := shown(f.Name)
		switch {
		case strings.Contains(f.Name, "..") || strings.ContainsAny(f.Name, "\\:\x00") || path.IsAbs(f.Name):
			return nil, wrong(i18n.ParcelPath, shown)
		case parts[f.Name] != nil:
			return nil, wrong(i18n.ParcelTwice, shown)
		case !slices.Contains(known, f.Name):
			return nil, wrong(i18n.ParcelUnknownPart, shown)
		case f.UncompressedSize64 > maxPart || total+f.UncompressedSize64 > MaxUnpacked:
			return nil, wrong(i18n.ParcelBomb, MaxUnpacked>>20)
		case f.Flags&1 != 0: // encrypted
			return nil, wrong(i18n.ParcelAltered, shown)
		}
		total += f.UncompressedSize64
		parts[f.Name] = f
	}
	if parts[partManifest] == nil && parts[partSignature] == nil {
		return nil, wrong(i18n.ParcelNone)
	}
	for _, name := range known {
		if parts[name] == nil {
			return nil, wrong(i18n.ParcelNoPart, name)
		}
	}
	return parts, nil
}

// shown is a name as a message may carry it.
func shown(name string) string {
	const most = 80
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
	if r := []rune(name); len(r) > most {
		return string(r[:most]) + "…"
	}
	return name
}

// unpack copies a part, up to a bound, whatever the index says of its size.
func unpack(f *zip.File, most int64, w io.Writer) error {
	in, err := f.Open()
	if err != nil {
		return wrong(i18n.ParcelAltered, f.Name).Because(err)
	}
	defer in.Close() //nolint:errcheck // it was only read
	n, err := io.Copy(w, io.LimitReader(in, most+1))
	switch {
	case n > most:
		return wrong(i18n.ParcelBomb, max(1, most>>20))
	case errors.Is(err, zip.ErrFormat):
		return wrong(i18n.ParcelLies, f.Name).Because(err)
	case err != nil:
		return wrong(i18n.ParcelAltered, f.Name).Because(err)
	}
	return nil
}

// readSigned reads the manifest and proves that the key which it names has signed it.
func readSigned(parts map[string]*zip.File) (Package, error) {
	var raw, signature bytes.Buffer
	if err := unpack(parts[partManifest], maxManifest, &raw); err != nil {
		return Package{}, err
	}
	if err := unpack(parts[partSignature], ed25519.SignatureSize, &signature); err != nil {
		return Package{}, err
	}
	m, err := readManifest(raw.Bytes())
	if err != nil {
		return Package{}, err
	}
	key, err := readKey(m.PublicKey)
	if err != nil {
		return Package{}, wrong(i18n.ParcelManifest, "publicKey").Because(err)
	}
	if !ed25519.Verify(ed25519.PublicKey(key), raw.Bytes(), signature.Bytes()) {
		return Package{}, wrong(i18n.ParcelSignature)
	}
	return Package{Manifest: m, Digest: hash(raw.Bytes()), Key: key}, nil
}

// readManifest reads a manifest: only one that is written as this house writes it, so that
// nothing in it is read by one program and overlooked by another.
func readManifest(raw []byte) (Manifest, error) {
	if err := shallow(partManifest, raw); err != nil {
		return Manifest{}, err
	}
	var of struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(raw, &of); err != nil {
		return Manifest{}, wrong(i18n.ParcelManifest, "format").Because(err)
	}
	if of.Format != Format {
		return Manifest{}, wrong(i18n.ParcelFormat, shown(of.Format), Format)
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, wrong(i18n.ParcelManifest, "json").Because(err)
	}
	again, err := m.bytes()
	if err != nil || !bytes.Equal(again, raw) {
		return m, wrong(i18n.ParcelManifest, "json").Because(err)
	}
	return m, m.check()
}

// check looks at the bounds of what a manifest says.
func (m Manifest) check() error {
	var l errs.List
	for _, one := range []Named{m.Unit, m.Movement, {m.Period.Name, m.Period.Name}} {
		l.Text("file", one.Code, maxText, true)
		l.Text("file", one.Name, maxText, true)
	}
	bad := l.Err() != nil || m.AsOf == 0 || m.Version < 1 || m.Version > 1<<20 || m.Period.No < 1 || len(m.SHA256) != 64 || len(m.Replaces) != 0 && len(m.Replaces) != 64
	if bad || m.MadeAt.IsZero() || m.FrozenAt.IsZero() || len(m.Parts) != len(signedParts()) {
		return wrong(i18n.ParcelManifest, "bounds")
	}
	for i, name := range signedParts() {
		if m.Parts[i].Name != name || m.Parts[i].Size < 0 || m.Parts[i].Size > maxPart {
			return wrong(i18n.ParcelManifest, name)
		}
	}
	return nil
}

// vouched holds every part against the manifest and gives the bytes of the report.
func vouched(parts map[string]*zip.File, m Manifest) ([]byte, error) {
	var content bytes.Buffer
	for _, part := range m.Parts {
		c := newCounter()
		var w io.Writer = c
		if part.Name == partReport {
			w = io.MultiWriter(c, &content)
		}
		if err := unpack(parts[part.Name], maxPart, w); err != nil {
			return nil, err
		}
		if c.n != part.Size || c.hash() != part.SHA256 {
			return nil, wrong(i18n.ParcelAltered, part.Name)
		}
	}
	return content.Bytes(), nil
}

// readReport reads the report, and proves that it is the one that the manifest speaks of.
func readReport(content []byte, m Manifest) (report.Frozen, error) {
	if err := shallow(partReport, content); err != nil {
		return report.Frozen{}, err
	}
	f, err := report.Read(content)
	if err != nil {
		return f, wrong(i18n.ParcelBadReport).Because(err)
	}
	if f.SHA256 != m.SHA256 {
		return f, wrong(i18n.ParcelOtherReport)
	}
	return f, nil
}

// same proves that the manifest, the report and the lists say the same.
func (p Package) same(l lists) error {
	r := p.Report
	of, _ := r.Of.Period(r.PeriodNo)
	if p.Unit != (Named{r.Scope.Code, r.Scope.Name}) || p.Movement != (Named{r.Of.Code, r.Of.Name}) || p.Period != (Period{r.PeriodNo, of.Name, of.From, of.To}) || p.AsOf != r.AsOf {
		return wrong(i18n.ParcelDiffers, partReport)
	}
	for _, part := range p.Parts[1:] {
		c := newCounter()
		if err := l.write(part.Name, c); err != nil {
			return err
		}
		if c.hash() != part.SHA256 {
			return wrong(i18n.ParcelDiffers, part.Name)
		}
	}
	return nil
}

// shallow refuses JSON that is nested deeper than a report is, before anything is made of it.
func shallow(name string, raw []byte) error {
	depth, quoted, escaped := 0, false, false
	for _, b := range raw {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = b == '\\', b != '"'
		case b == '"':
			quoted = true
		case b == '{' || b == '[':
			if depth++; depth > maxDepth {
				return wrong(i18n.ParcelDeep, name, maxDepth)
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return nil
}
