package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/picture"
)

// The smallest WebPs there are: one pixel, with and without loss.
const (
	lossyPixel    = "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA="
	losslessPixel = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func decoded(tb testing.TB, text string) []byte {
	tb.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// onCanvas puts a frame on a canvas that says a size of its own.
func onCanvas(frame []byte, w, h int, flags byte) []byte {
	chunk := []byte("VP8X\x0a\x00\x00\x00")
	chunk = append(chunk, flags, 0, 0, 0)
	for _, n := range []int{w - 1, h - 1} {
		chunk = append(chunk, byte(n), byte(n>>8), byte(n>>16))
	}
	out := append([]byte("RIFF\x00\x00\x00\x00WEBP"), chunk...)
	out = append(out, frame[12:]...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func TestWebP(t *testing.T) {
	lossy, lossless := decoded(t, lossyPixel), decoded(t, losslessPixel)
	for name, raw := range map[string][]byte{
		"lossy": lossy, "lossless": lossless, "on a canvas": onCanvas(lossy, 1, 1, 0), "lossless on a canvas": onCanvas(lossless, 1, 1, 0),
	} {
		if got := sizes(t, raw); len(got) != 1 || got[0] != [2]int{1, 1} {
			t.Errorf("%s: %v", name, got)
		}
	}
	huge := bytes.Clone(lossy)
	binary.LittleEndian.PutUint16(huge[26:], 0x3fff)
	binary.LittleEndian.PutUint16(huge[28:], 0x3fff)
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"a frame of another size than its canvas": {onCanvas(lossy, 900, 700, 0), picture.ErrDamaged},
		"a huge frame on a small canvas":          {onCanvas(huge, 1, 1, 0), picture.ErrDamaged},
		"268 megapixels":                          {huge, picture.ErrTooLarge},
		"one that moves":                          {onCanvas(lossy, 1, 1, 0x02), picture.ErrKind},
		"no frame at all":                         {append([]byte("RIFF\x10\x00\x00\x00WEBP"), "EXIF\x04\x00\x00\x00abcd"...), picture.ErrDamaged},
		"half a frame":                            {lossy[:30], picture.ErrDamaged},
	} {
		if got, err := render(t, c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s: %d renditions, %v, want %v", name, len(got), err, c.want)
		}
	}
}
