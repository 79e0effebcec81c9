package parcel

import (
	"archive/zip"
	"bufio"
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// sealed is a manifest with its signature.
type sealed struct{ manifest, signature []byte }

// lists are the lists behind a report as files for people: what stands in the report, once
// more. A reader writes them anew and holds them against those that came.
type lists struct {
	entries  []report.ListedEntry
	subjects []report.ListedSubject
	items    []report.ListedItem
}

func listsOf(f report.Frozen) (l lists, err error) {
	if l.entries, err = f.Entries(); err != nil {
		return l, err
	}
	if l.subjects, err = f.Subjects(); err != nil {
		return l, err
	}
	l.items, err = f.Items()
	return l, err
}

// write writes one of the lists.
func (l lists) write(part string, w io.Writer) error {
	buffered := bufio.NewWriterSize(w, 64<<10)
	buffered.WriteString("\uFEFF") //nolint:errcheck // the first error stays and comes at the end
	out := csv.NewWriter(buffered)
	out.UseCRLF = true
	put := func(cells ...string) {
		for i, c := range cells {
			cells[i] = table.Plain(c)
		}
		out.Write(cells) //nolint:errcheck // as above
	}
	switch part {
	case partEntries:
		put("code", "title", "unit", "unitName", "kind", "field", "origin", "registeredOn", "recognisedOn", "counted", "entry")
		for _, e := range l.entries {
			put(e.Code, e.Title, e.Unit, e.UnitName, e.Kind, e.Field, e.Origin, e.RegisteredOn, e.RecognisedOn, strings.Join(e.Counted, " "), e.Entry)
		}
	case partSubjects:
		put("title", "unit", "unitName", "kind", "field", "counted", "subject")
		for _, s := range l.subjects {
			put(s.Title, s.Unit, s.UnitName, s.Kind, s.Field, strings.Join(s.Counted, " "), s.Subject)
		}
	default:
		put("what", "unit", "unitName", "kind", "form", "level", "on", "source", "sourceTitle", "subject", "item")
		for _, i := range l.items {
			put(i.What, i.Unit, i.UnitName, i.Kind, i.Form, i.Level, i.On, i.Source, i.SourceTitle, i.Subject, i.Item)
		}
	}
	out.Flush()
	if err := cmp.Or(out.Error(), buffered.Flush()); err != nil {
		return fmt.Errorf("write %s: %w", part, err)
	}
	return nil
}

// putPart writes a part that is signed.
func putPart(w io.Writer, part string, f report.Frozen, l lists) error {
	if part != partReport {
		return l.write(part, w)
	}
	if _, err := w.Write(f.Bytes); err != nil {
		return fmt.Errorf("write %s: %w", part, err)
	}
	return nil
}

// counter counts and hashes what is written.
type counter struct {
	n   int64
	sum interface{ Sum([]byte) []byte }
	w   io.Writer
}

func newCounter() *counter {
	sum := sha256.New()
	return &counter{sum: sum, w: sum}
}

// Write takes bytes in.
func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return c.w.Write(p) //nolint:wrapcheck // a hash takes everything
}

func (c *counter) hash() string { return hex.EncodeToString(c.sum.Sum(nil)) }

// seal writes the manifest of a frozen report and signs it. What it says of the sender and
// the report comes from the report itself.
func seal(f report.Frozen, replaces string, at time.Time, key ed25519.PrivateKey) (sealed, error) {
	r, err := f.Report()
	if err != nil {
		return sealed{}, err
	}
	l, err := listsOf(f)
	if err != nil {
		return sealed{}, err
	}
	public, _ := key.Public().(ed25519.PublicKey)
	p, _ := r.Of.Period(r.PeriodNo)
	m := Manifest{
		Format: Format, Unit: Named{r.Scope.Code, r.Scope.Name}, Movement: Named{r.Of.Code, r.Of.Name}, Period: Period{p.No, p.Name, p.From, p.To},
		AsOf: r.AsOf, Version: f.Version, SHA256: f.SHA256, Replaces: replaces, FrozenAt: f.FrozenAt.UTC(), MadeAt: at.UTC(), PublicKey: Key(public).text(),
	}
	for _, name := range signedParts() {
		c := newCounter()
		if err := putPart(c, name, f, l); err != nil {
			return sealed{}, err
		}
		m.Parts = append(m.Parts, Part{name, c.n, c.hash()})
	}
	raw, err := m.bytes()
	if err != nil {
		return sealed{}, err
	}
	return sealed{raw, ed25519.Sign(key, raw)}, nil
}

// pack writes a package. The same manifest makes the same bytes, whenever it is written.
func pack(w io.Writer, s sealed, f report.Frozen) error {
	l, err := listsOf(f)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, name := range append([]string{partManifest, partSignature}, signedParts()...) {
		out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("begin %s: %w", name, err)
		}
		switch name {
		case partManifest:
			_, err = out.Write(s.manifest)
		case partSignature:
			_, err = out.Write(s.signature)
		default:
			err = putPart(out, name, f, l)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("end a package: %w", err)
	}
	return nil
}
