package parcel_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// TestKeptPackage: the packages that the fuzz test begins with can still be read: what this
// house made once, every later one must read. One is written anew by NHANRONG_KEEP=1.
func TestKeptPackage(t *testing.T) {
	t.Parallel()
	const name = "testdata/ward.nhanrong.zip"
	if os.Getenv("NHANRONG_KEEP") != "" {
		if err := os.WriteFile(name, sound(t), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := read(raw); err != nil || p.Unit.Code != "W1" || len(p.Entries) != 4 {
		t.Errorf("a package that was kept: %+v, %v", p.Manifest, err)
	}
}

// part is a part of a package that somebody makes by hand.
type part struct {
	name string
	raw  []byte
}

// forgery is a package taken apart, to be put together again in another way.
type forgery struct {
	t     testing.TB
	parts []part
}

func takeApart(t testing.TB, raw []byte) *forgery {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	f := &forgery{t: t}
	for _, one := range z.File {
		in, err := one.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		f.parts = append(f.parts, part{one.Name, content})
	}
	return f
}

func (f *forgery) get(name string) *part {
	return &f.parts[slices.IndexFunc(f.parts, func(p part) bool { return p.name == name })]
}

func (f *forgery) zip() []byte {
	f.t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range f.parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write(p.raw)
		}
		if err != nil {
			f.t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.t.Fatal(err)
	}
	return b.Bytes()
}

// sign signs anew, with a key of the forger's own, after the manifest was made to fit the
// parts and then changed.
func (f *forgery) sign(change func(*parcel.Manifest)) *forgery {
	f.t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	var m parcel.Manifest
	if err := json.Unmarshal(f.get("manifest.json").raw, &m); err != nil {
		f.t.Fatal(err)
	}
	for i, p := range m.Parts {
		m.Parts[i].Size, m.Parts[i].SHA256 = int64(len(f.get(p.Name).raw)), sum(f.get(p.Name).raw)
	}
	m.SHA256 = sum(f.get("report.json").raw)
	m.PublicKey = base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	if change != nil {
		change(&m)
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		f.t.Fatal(err)
	}
	return f.signRaw(append(raw, '\n'))
}

func (f *forgery) signRaw(manifest []byte) *forgery {
	f.get("manifest.json").raw = manifest
	f.get("manifest.sig").raw = ed25519.Sign(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), manifest)
	return f
}

func (f *forgery) replace(name, old, text string) *forgery {
	f.t.Helper()
	p := f.get(name)
	if !bytes.Contains(p.raw, []byte(old)) {
		f.t.Fatalf("%s has no %s", name, old)
	}
	p.raw = bytes.Replace(p.raw, []byte(old), []byte(text), 1)
	return f
}

func sum(raw []byte) string {
	s := sha256.Sum256(raw)
	return hex.EncodeToString(s[:])
}

func read(raw []byte) (parcel.Package, error) {
	return parcel.Read(bytes.NewReader(raw), int64(len(raw)))
}

// sound is a sound package with four entries, one of them received.
func sound(t *testing.T) []byte {
	t.Helper()
	h := ward(t, "W1", 3)
	in := apptest.Registration()
	in.Unit, in.Title = "W1", "Bếp ăn tình thương"
	e := h.Register(in)
	h.Must(h.Practices.Receive(t.Context(), h.System(), practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}))
	return h.pack("W1", "2024-09-30")
}

// TestAttacks: each has a message of its own.
func TestAttacks(t *testing.T) {
	t.Parallel()
	raw := sound(t)
	if p, err := read(raw); err != nil || len(p.Entries) != 4 || p.Unit.Code != "W1" || p.Version != 1 {
		t.Fatalf("a sound package: %+v, %v", p.Manifest, err)
	}
	if again := takeApart(t, raw).sign(nil).zip(); again != nil {
		if _, err := read(again); err != nil {
			t.Fatalf("signed anew it is sound, too: %v", err)
		}
	}
	for name, one := range frameAttacks(t, raw) {
		refused(t, name, one.raw, one.want)
	}
	for name, one := range insideAttacks(t, raw) {
		refused(t, name, one.raw, one.want)
	}
}

type attack struct {
	raw  []byte
	want i18n.Key
}

func refused(t *testing.T, name string, raw []byte, want i18n.Key) {
	t.Helper()
	if _, err := read(raw); key(err) != want {
		t.Errorf("%s: %v, want %s", name, err, want)
	}
}

// frameAttacks are those on the ZIP.
func frameAttacks(t *testing.T, raw []byte) map[string]attack {
	t.Helper()
	with := func(more ...part) []byte {
		f := takeApart(t, raw)
		f.parts = append(f.parts, more...)
		return f.zip()
	}
	without := func(name string) []byte {
		f := takeApart(t, raw)
		f.parts = slices.DeleteFunc(f.parts, func(p part) bool { return p.name == name })
		return f.zip()
	}
	many := make([]part, 40)
	for i := range many {
		many[i] = part{strings.Repeat("x", i+1), nil}
	}
	flipped := bytes.Clone(raw)
	const sumBefore = 30 // a directory of a ZIP has the sum of a part 30 bytes before its name
	flipped[bytes.LastIndex(flipped, []byte("report.json"))-sumBefore] ^= 0x40
	foreign := &forgery{t: t, parts: []part{{"[Content_Types].xml", []byte("<x/>")}}}
	return map[string]attack{
		"nothing":               {nil, i18n.ParcelNone},
		"a text":                {[]byte("Kính gửi"), i18n.ParcelNone},
		"another ZIP":           {foreign.zip(), i18n.ParcelUnknownPart},
		"cut in half":           {raw[:len(raw)/2], i18n.ParcelCut},
		"cut by one byte":       {raw[:len(raw)-1], i18n.ParcelCut},
		"cut in the middle":     {append(bytes.Clone(raw[:len(raw)/3]), raw[len(raw)/2:]...), i18n.ParcelCut},
		"something behind":      {append(bytes.Clone(raw), "<script>"...), i18n.ParcelBehind},
		"too large":             {append(bytes.Clone(raw), make([]byte, parcel.MaxSize)...), i18n.ParcelTooLarge},
		"a flipped bit":         {flipped, i18n.ParcelAltered},
		"a path upwards":        {with(part{"../../etc/cron.d/x", []byte("x")}), i18n.ParcelPath},
		"a path from the root":  {with(part{"/etc/passwd", []byte("x")}), i18n.ParcelPath},
		"a path of Windows":     {with(part{`C:\x`, []byte("x")}), i18n.ParcelPath},
		"a name twice":          {with(part{"report.json", []byte("{}")}), i18n.ParcelTwice},
		"a stranger":            {with(part{"setup.exe", []byte("MZ")}), i18n.ParcelUnknownPart},
		"many parts":            {with(many...), i18n.ParcelManyParts},
		"without its list":      {without("entries.csv"), i18n.ParcelNoPart},
		"without its signature": {without("manifest.sig"), i18n.ParcelNoPart},
		"a bomb that says so":   {bomb(t, raw, true), i18n.ParcelBomb},
		"a bomb that lies":      {bomb(t, raw, false), i18n.ParcelLies},
		"a manifest of a bomb":  {manifestBomb(t, raw), i18n.ParcelBomb},
		"a signature of a bomb": {func() []byte { f := takeApart(t, raw); f.get("manifest.sig").raw = make([]byte, 1<<20); return f.zip() }(), i18n.ParcelBomb},
		"half a signature":      {func() []byte { f := takeApart(t, raw); p := f.get("manifest.sig"); p.raw = p.raw[:32]; return f.zip() }(), i18n.ParcelSignature},
	}
}

// bomb is a package whose report unpacks to more than a part may, from little.
func bomb(t *testing.T, raw []byte, honest bool) []byte {
	t.Helper()
	const size = 65 << 20
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	for range size >> 20 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range takeApart(t, raw).parts {
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate}
		if p.name != "report.json" {
			out, err := z.CreateHeader(h)
			if err == nil {
				_, err = out.Write(p.raw)
			}
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		h.CompressedSize64, h.UncompressedSize64 = uint64(packed.Len()), 100
		if honest {
			h.UncompressedSize64 = size
		}
		out, err := z.CreateRaw(h)
		if err == nil {
			_, err = out.Write(packed.Bytes())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func manifestBomb(t *testing.T, raw []byte) []byte {
	f := takeApart(t, raw)
	f.get("manifest.json").raw = bytes.Repeat([]byte(" "), 1<<20)
	return f.zip()
}

// insideAttacks are those of somebody who can put a ZIP together, and sign it.
func insideAttacks(t *testing.T, raw []byte) map[string]attack {
	t.Helper()
	f := func() *forgery { return takeApart(t, raw) }
	deep := strings.Repeat("[", 50) + strings.Repeat("]", 50)
	deepManifest := f().signRaw([]byte(`{"format":` + deep + `}`))
	deepReport := f().replace("report.json", `"format":"nhanrong-report/1"`, `"x":`+deep+`,"format":"nhanrong-report/1"`)
	twice := f().replace("manifest.json", `"version": 1`, `"version": 2,`+"\n  "+`"version": 1`)
	longer := f().replace("entries.csv", "M-0001", "M-9001")
	return map[string]attack{
		"a changed manifest":             {f().replace("manifest.json", "Phường Một", "Phường Hai").zip(), i18n.ParcelSignature},
		"signed by another key":          {f().signRaw(f().get("manifest.json").raw).zip(), i18n.ParcelSignature},
		"a changed report":               {f().replace("report.json", `"total":4`, `"total":5`).zip(), i18n.ParcelAltered},
		"a changed list":                 {longer.zip(), i18n.ParcelAltered},
		"an unknown version":             {f().sign(func(m *parcel.Manifest) { m.Format = "nhanrong-package/2" }).zip(), i18n.ParcelFormat},
		"no version":                     {f().signRaw([]byte("{}")).zip(), i18n.ParcelFormat},
		"no JSON":                        {f().signRaw([]byte("{")).zip(), i18n.ParcelManifest},
		"a key twice":                    {twice.signRaw(twice.get("manifest.json").raw).zip(), i18n.ParcelManifest},
		"a key that is none":             {f().sign(func(m *parcel.Manifest) { m.PublicKey = "AAAA" }).zip(), i18n.ParcelManifest},
		"no unit":                        {f().sign(func(m *parcel.Manifest) { m.Unit.Code = "" }).zip(), i18n.ParcelManifest},
		"a part too few":                 {f().sign(func(m *parcel.Manifest) { m.Parts = m.Parts[1:] }).zip(), i18n.ParcelManifest},
		"a deep manifest":                {deepManifest.zip(), i18n.ParcelDeep},
		"a deep report":                  {deepReport.sign(nil).zip(), i18n.ParcelDeep},
		"a report that is none":          {func() []byte { g := f(); g.get("report.json").raw = []byte("[]"); return g.sign(nil).zip() }(), i18n.ParcelBadReport},
		"the hash of another report":     {f().sign(func(m *parcel.Manifest) { m.SHA256 = strings.Repeat("0", 64) }).zip(), i18n.ParcelOtherReport},
		"the name of another unit":       {f().sign(func(m *parcel.Manifest) { m.Unit = parcel.Named{Code: "W2", Name: "Phường Hai"} }).zip(), i18n.ParcelDiffers},
		"another day":                    {f().sign(func(m *parcel.Manifest) { m.AsOf++ }).zip(), i18n.ParcelDiffers},
		"a list that says more":          {longer.sign(nil).zip(), i18n.ParcelDiffers},
		"kinds that do not sum":          {f().replace("report.json", `"collective":4`, `"collective":3`).sign(nil).zip(), i18n.ParcelIdentity},
		"one more, of one kind":          {f().replace("report.json", `"registered":{"total":4,"collective":4`, `"registered":{"total":5,"collective":5`).sign(nil).zip(), i18n.ParcelIdentity},
		"an identity that is admitted":   {f().replace("report.json", `"holds":true`, `"holds":false`).sign(nil).zip(), i18n.ParcelIdentity},
		"an entry twice":                 {twin(f()).sign(nil).zip(), i18n.ParcelEntryTwice},
		"a table without its column":     {f().replace("report.json", `["field","registered",`, `["field",`).sign(nil).zip(), i18n.ParcelIdentity},
		"received, and never registered": {f().replace("report.json", `"","registered","received"]`, `"","received"]`).sign(nil).zip(), i18n.ParcelDiffers},
	}
}

// twin gives two entries of the list one code.
func twin(f *forgery) *forgery {
	f.replace("report.json", `"M-0002"`, `"M-0001"`)
	return f.replace("entries.csv", "M-0002", "M-0001")
}

// TestIdentitiesAreCountedAnew: what a signed report says of itself is not believed.
func TestIdentitiesAreCountedAnew(t *testing.T) {
	t.Parallel()
	raw := sound(t)
	never := takeApart(t, raw).replace("report.json", `"","registered","received"]`, `"","received"]`).replace("entries.csv", "registered received", "received")
	_, err := read(never.sign(nil).zip())
	if key(err) != i18n.ParcelIdentity {
		t.Errorf("received and never registered: %v", err)
	}
	gone := takeApart(t, raw).replace("report.json", `"","registered","received"]`, `"","registered"]`).replace("entries.csv", "registered received", "registered")
	if _, err := read(gone.sign(nil).zip()); key(err) != i18n.ParcelListLength {
		t.Errorf("a list that is shorter than its figure: %v", err)
	}
}

// FuzzRead: whatever comes in, the reader ends, takes no more memory than its bounds, and what it
// lets through says the same in manifest, report and lists.
func FuzzRead(f *testing.F) {
	for _, name := range corpus(f) {
		raw, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
		f.Add(raw[:len(raw)/2])
		for _, p := range takeApart(f, raw).parts {
			f.Add(p.raw)
		}
	}
	kept, err := os.ReadFile(corpus(f)[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, name := range []string{"report.json", "manifest.json"} { // as somebody would sign it
			signed := takeApart(t, kept)
			signed.get(name).raw = raw
			if name == "report.json" {
				signed.sign(nil)
			} else {
				signed.signRaw(raw)
			}
			if _, err := read(signed.zip()); err != nil && key(err) == 0 {
				t.Errorf("an answer without words: %v", err)
			}
		}
		p, err := read(raw)
		if err != nil {
			if key(err) == 0 {
				t.Errorf("an answer without words: %v", err)
			}
			return
		}
		if p.Report.Scope.Code != p.Unit.Code || len(p.Digest) != 64 || p.Report.Seal != p.SHA256 {
			t.Errorf("let through: %+v", p.Manifest)
		}
	})
}

// corpus are the kept packages that the fuzz test begins with.
func corpus(f *testing.F) []string {
	f.Helper()
	all, err := filepath.Glob("testdata/*.nhanrong.zip")
	if err != nil || len(all) == 0 {
		f.Fatalf("no packages to begin with: %v", err)
	}
	return all
}
