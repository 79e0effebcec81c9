package paper

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// bundle writes files into one ZIP and keeps what stands in its index. The first error stops
// it.
type bundle struct {
	z     *zip.Writer
	lang  i18n.Lang
	at    time.Time
	index [][]string
	sums  []byte
	err   error
}

// put writes a file; fill gives its bytes.
func (b *bundle) put(name string, what i18n.Key, fill func(io.Writer) error) {
	if b.err != nil {
		return
	}
	f, err := b.z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.at})
	if err != nil {
		b.err = fmt.Errorf("begin %s: %w", name, err)
		return
	}
	sum, n := sha256.New(), &counter{}
	if err := fill(io.MultiWriter(f, sum, n)); err != nil {
		b.err = fmt.Errorf("write %s: %w", name, err)
		return
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	b.index = append(b.index, []string{name, b.lang.T(what), strconv.FormatInt(n.n, 10), hash})
	b.sums = append(b.sums, hash+"  "+name+"\n"...)
}

// counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// close writes the index, for people and for sha256sum, and ends the ZIP.
func (b *bundle) close() error {
	index := append([][]string{b.heads(i18n.PaperFile, i18n.PaperWhat, i18n.PaperBytes, i18n.PaperHash)}, b.index...)
	b.put("muc-luc.csv", i18n.PaperFileIndex, func(w io.Writer) error { return sheetRows(w, index) })
	sums := b.sums
	b.put("SHA256SUMS", i18n.PaperFileIndex, func(w io.Writer) error { return writeAll(w, sums) })
	if b.err != nil {
		return b.err
	}
	if err := b.z.Close(); err != nil {
		return fmt.Errorf("end the bundle: %w", err)
	}
	return nil
}

func (b *bundle) heads(keys ...i18n.Key) []string {
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = b.lang.T(k)
	}
	return all
}

func (b *bundle) word(column, code string) string { return sheets{lang: b.lang}.word(column, code) }
