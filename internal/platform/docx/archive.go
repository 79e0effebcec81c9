package docx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
)

// Bounds of a template: papers of an office, letterhead picture included, are far below.
const (
	maxFiles    = 1000
	maxUnpacked = 64 << 20 // of all parts together, in bytes
	maxPart     = 8 << 20  // of a part that is read for marks
	maxFilled   = 64 << 20 // of one part when filled
)

// file is one part of the archive: carried over as it is, or compiled.
type file struct {
	name    string
	content []byte
	nodes   []node
}

// part is the name as people are told it: "document", "header1".
func (f file) part() string { return strings.TrimSuffix(path.Base(f.name), ".xml") }

// marked tells whether marks are looked for in the part.
func (f file) marked() bool {
	dir, base := path.Split(strings.ToLower(f.name))
	if dir != "word/" || !strings.HasSuffix(base, ".xml") {
		return false
	}
	for _, kind := range []string{"document", "header", "footer", "footnotes", "endnotes"} {
		if rest, ok := strings.CutPrefix(strings.TrimSuffix(base, ".xml"), kind); ok && strings.Trim(rest, "0123456789") == "" {
			return true
		}
	}
	return false
}

// unpack reads the parts of the archive within the bounds.
func unpack(r io.ReaderAt, size int64) ([]file, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errors.Join(ErrNotDocument, err)
	}
	if len(z.File) > maxFiles {
		return nil, ErrTooLarge
	}
	var files []file
	seen := map[string]bool{}
	left, main := int64(maxUnpacked), false
	for _, entry := range z.File {
		if strings.HasSuffix(entry.Name, "/") {
			continue
		}
		f := file{name: entry.Name}
		key := strings.ToLower(f.name)
		if seen[key] || !localName(f.name) {
			return nil, fmt.Errorf("%w: part %q", ErrNotDocument, f.name)
		}
		seen[key] = true
		if f.content, err = read(entry, left); err != nil {
			return nil, err
		}
		left -= int64(len(f.content))
		if f.marked() && len(f.content) > maxPart {
			return nil, ErrTooLarge
		}
		main = main || f.marked() && strings.HasPrefix(f.part(), "document") // "document2" of Word on the web
		if err := passive(f); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	if !main || !seen["[content_types].xml"] {
		return nil, ErrNotDocument
	}
	return files, nil
}

// localName tells whether a part's name stays inside the archive.
func localName(name string) bool {
	return !strings.HasPrefix(name, "/") && !strings.Contains(name, "\\") && path.Clean(name) == name && name != ".." && !strings.HasPrefix(name, "../")
}

func read(entry *zip.File, most int64) ([]byte, error) {
	if entry.UncompressedSize64 > uint64(most) {
		return nil, ErrTooLarge
	}
	r, err := entry.Open()
	if err != nil {
		return nil, errors.Join(ErrNotDocument, err)
	}
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, errors.Join(ErrNotDocument, err)
	}
	if int64(len(content)) > most {
		return nil, ErrTooLarge
	}
	return content, nil
}

// passive refuses macros and whatever Word would fetch from elsewhere on opening. Links that
// a reader may follow are left.
func passive(f file) error {
	name := strings.ToLower(f.name)
	switch {
	case strings.HasSuffix(name, "vbaproject.bin"), strings.Contains(name, "/activex/"), strings.Contains(name, "afchunk"):
		return ErrActive
	case name == "[content_types].xml":
		if bytes.Contains(f.content, []byte("macroEnabled")) {
			return ErrActive
		}
	case strings.HasSuffix(name, ".rels"):
		return passiveRelations(f)
	}
	return nil
}

func passiveRelations(f file) error {
	doc, err := parse(f.content)
	if err != nil {
		return err
	}
	for _, relation := range doc.Root().ChildElements() {
		external := strings.EqualFold(relation.SelectAttrValue("TargetMode", ""), "External")
		if external && !strings.HasSuffix(relation.SelectAttrValue("Type", ""), "/hyperlink") {
			return ErrActive
		}
	}
	return nil
}

// pack writes the archive: the same parts in the same order, and the same bytes for the same data.
func pack(w io.Writer, files []file, f *filler) error {
	z := zip.NewWriter(w)
	for _, part := range files {
		content := part.content
		if part.nodes != nil {
			f.out.Reset()
			if err := f.write(part.nodes); err != nil {
				return err
			}
			content = f.out.Bytes()
		}
		to, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: firstDay()})
		if err != nil {
			return fmt.Errorf("docx: add part %s: %w", part.name, err)
		}
		if _, err := to.Write(content); err != nil {
			return fmt.Errorf("docx: write part %s: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("docx: end the archive: %w", err)
	}
	return nil
}

// firstDay is the first that a zip can write (APPNOTE 4.4.6): the bytes of a paper do not
// depend on when it was made.
func firstDay() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }
