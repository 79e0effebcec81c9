package blob

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/webp"
)

// Kind is what a file is, by its content.
type Kind string

// The kinds that are taken.
const (
	PDF  Kind = "pdf"
	DOCX Kind = "docx"
	XLSX Kind = "xlsx"
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
	WebP Kind = "webp"
)

// MediaType is the kind as HTTP calls it.
func (k Kind) MediaType() string {
	switch k {
	case PDF:
		return "application/pdf"
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JPEG:
		return "image/jpeg"
	case PNG:
		return "image/png"
	case WebP:
		return "image/webp"
	}
	return "application/octet-stream"
}

// Endings are those that the name of such a file may have, the usual one first.
func (k Kind) Endings() []string {
	if k == JPEG {
		return []string{".jpg", ".jpeg"}
	}
	return []string{"." + string(k)}
}

// ErrKind says that a file is of no kind that is taken.
var ErrKind = errors.New("the file is of no kind that is taken")

// Sniff finds out what a file is from its bytes, whatever its name says. It looks at the
// frame only: a file that begins and ends as it should may be broken in between.
func Sniff(r io.ReaderAt, size int64) (Kind, error) {
	head := make([]byte, min(size, 16))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the beginning of a file: %w", err)
	}
	begins := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	kind := Kind("")
	ok := false
	switch {
	case begins("%PDF-1.") || begins("%PDF-2."):
		kind, ok = PDF, ends(r, size, "%%EOF")
	case begins("\xff\xd8\xff"):
		c, err := jpeg.DecodeConfig(io.NewSectionReader(r, 0, size))
		kind, ok = JPEG, err == nil && c.Width > 0 && c.Height > 0
	case begins("\x89PNG\r\n\x1a\n"):
		c, err := png.DecodeConfig(io.NewSectionReader(r, 0, size))
		kind, ok = PNG, err == nil && c.Width > 0 && c.Height > 0
	case begins("RIFF") && bytes.HasPrefix(head[min(8, len(head)):], []byte("WEBP")):
		c, err := webp.DecodeConfig(io.NewSectionReader(r, 0, size))
		kind, ok = WebP, err == nil && c.Width > 0 && c.Height > 0
	case begins("PK\x03\x04"):
		kind, ok = office(r, size)
	}
	if !ok {
		return "", ErrKind
	}
	return kind, nil
}

// ends tells whether a mark stands in the last kilobyte.
func ends(r io.ReaderAt, size int64, mark string) bool {
	return bytes.Contains(tail(r, size, 1024), []byte(mark))
}

func tail(r io.ReaderAt, size, most int64) []byte {
	last := make([]byte, min(size, most))
	n, err := r.ReadAt(last, size-int64(len(last)))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil
	}
	return last[:n]
}

// maxDirectory is how long the list of entries of an office file may be, in bytes; reading
// a longer one would cost many times its size in memory.
const maxDirectory = 1 << 20

// maxUnpacked is how much an office file may say that it holds, in bytes: tables of some
// twenty megabytes unpack to twenty times that. One that says more is made to fill the
// memory of whoever opens it.
const maxUnpacked = 512 << 20

// office tells a text from a table by the entries of the zip. One with macros is neither.
func office(r io.ReaderAt, size int64) (Kind, bool) {
	if !plainDirectory(r, size) {
		return "", false
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "", false
	}
	kind, typed, unpacked := Kind(""), false, uint64(0)
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		unpacked += f.UncompressedSize64 // without Zip64 it has 32 bits, and cannot overflow
		switch {
		case unpacked > maxUnpacked:
			return "", false
		case strings.HasSuffix(name, "vbaproject.bin") || f.Flags&1 != 0:
			return "", false
		case name == "[content_types].xml":
			typed = true
		case kind == "" && name == "word/document.xml":
			kind = DOCX
		case kind == "" && name == "xl/workbook.xml":
			kind = XLSX
		}
	}
	return kind, typed && kind != ""
}

// plainDirectory looks at the end of a zip (APPNOTE 4.3.16): a list of entries that is
// short and stands where it should. Zip64, which such files do not need, is not taken.
func plainDirectory(r io.ReaderAt, size int64) bool {
	const record = 22
	last := tail(r, size, record+1<<16)
	at := bytes.LastIndex(last, []byte("PK\x05\x06"))
	if at < 0 || len(last)-at < record {
		return false
	}
	end := last[at:]
	length, offset := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	comment := int(binary.LittleEndian.Uint16(end[20:]))
	return length <= maxDirectory && offset+length == size-int64(len(end)) && comment == len(end)-record
}
