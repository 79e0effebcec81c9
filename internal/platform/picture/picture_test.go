package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/blob/blobtest"
	"github.com/nhanrong/nhanrong/internal/platform/picture"
)

// photo is a photo of four quarters: red and green above, blue and white below.
func photo(w, h int) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 0, 0, 255}
			switch right, below := x >= w/2, y >= h/2; {
			case right && below:
				c = color.RGBA{255, 255, 255, 255}
			case right:
				c = color.RGBA{0, 255, 0, 255}
			case below:
				c = color.RGBA{0, 0, 255, 255}
			}
			yy, cb, cr := color.RGBToYCbCr(c.R, c.G, c.B)
			img.Y[img.YOffset(x, y)], img.Cb[img.COffset(x, y)], img.Cr[img.COffset(x, y)] = yy, cb, cr
		}
	}
	return img
}

func asJPEG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 90}); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// withExif puts what a telephone writes before a JPEG: how it was held, by whom, and where
// (21°02′ N, 105°51′ E: Hoàn Kiếm lake).
func withExif(raw []byte, orientation uint16) []byte {
	le := binary.LittleEndian
	var tiff []byte
	entry := func(tag, kind uint16, count, value uint32) {
		tiff = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(tiff, tag), kind), count), value)
	}
	tiff = append(tiff, "II*\x00\x08\x00\x00\x00"...)
	tiff = le.AppendUint16(tiff, 3)
	const artistAt, gpsAt, latAt, lonAt = 50, 66, 120, 144
	entry(0x0112, 3, 1, uint32(orientation))
	entry(0x013b, 2, 15, artistAt)
	entry(0x8825, 4, 1, gpsAt)
	tiff = le.AppendUint32(tiff, 0)
	tiff = append(tiff, "Nguyen Van Mau\x00\x00"...)
	tiff = le.AppendUint16(tiff, 4)
	entry(1, 2, 2, 'N')
	entry(2, 5, 3, latAt)
	entry(3, 2, 2, 'E')
	entry(4, 5, 3, lonAt)
	tiff = le.AppendUint32(tiff, 0)
	for _, v := range []uint32{21, 1, 2, 1, 0, 1, 105, 1, 51, 1, 0, 1} {
		tiff = le.AppendUint32(tiff, v)
	}
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, raw[:2]...)
	out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xe1), uint16(len(body)+2))
	out = append(out, body...)
	comment := "chụp tại nhà riêng"
	out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xfe), uint16(len(comment)+2))
	return append(append(out, comment...), raw[2:]...)
}

func render(t *testing.T, raw []byte) ([]picture.Rendition, error) {
	t.Helper()
	return picture.New().Make(t.Context(), bytes.NewReader(raw), int64(len(raw)))
}

func sizes(t *testing.T, raw []byte) [][2]int {
	t.Helper()
	all, err := render(t, raw)
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]int
	for _, r := range all {
		c, err := jpeg.DecodeConfig(bytes.NewReader(r.JPEG))
		if err != nil || c.Width != r.Width || c.Height != r.Height {
			t.Errorf("%dx%d is %dx%d, %v", r.Width, r.Height, c.Width, c.Height, err)
		}
		got = append(got, [2]int{r.Width, r.Height})
	}
	return got
}

func TestSizes(t *testing.T) {
	glass := image.NewNRGBA(image.Rect(0, 0, 1000, 500)) // lets all light through
	for _, c := range []struct {
		name string
		raw  []byte
		want [][2]int
	}{
		{"large", asJPEG(t, photo(2400, 1800)), [][2]int{{1600, 1200}, {960, 720}, {480, 360}}},
		{"between", asJPEG(t, photo(700, 900)), [][2]int{{700, 900}, {373, 480}}},
		{"small", asJPEG(t, photo(90, 60)), [][2]int{{90, 60}}},
		{"one pixel", asPNG(t, photo(1, 1)), [][2]int{{1, 1}}},
		{"a long strip", asPNG(t, photo(5000, 3)), [][2]int{{1600, 1}, {960, 1}, {480, 1}}},
		{"grey", asJPEG(t, image.NewGray(image.Rect(0, 0, 500, 400))), [][2]int{{500, 400}, {480, 384}}},
		{"16 bits", asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 500, 400))), [][2]int{{500, 400}, {480, 384}}},
		{"clear", asPNG(t, glass), [][2]int{{1000, 500}, {960, 480}, {480, 240}}},
	} {
		got := sizes(t, c.raw)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	}
	all, err := render(t, asPNG(t, glass))
	if err != nil {
		t.Fatal(err)
	}
	if c := corners(t, all[0].JPEG); c != "wwww" {
		t.Errorf("what lets light through is %s, not white", c)
	}
}

// corners reads the colours of the quarters: above left and right, below left and right.
func corners(t *testing.T, raw []byte) string {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	var b strings.Builder
	for _, at := range []image.Point{{w / 4, h / 4}, {3 * w / 4, h / 4}, {w / 4, 3 * h / 4}, {3 * w / 4, 3 * h / 4}} {
		r, g, bl, _ := img.At(at.X, at.Y).RGBA()
		switch high := func(v uint32) bool { return v > 0xc000 }; {
		case high(r) && high(g) && high(bl):
			b.WriteByte('w')
		case high(r):
			b.WriteByte('r')
		case high(g):
			b.WriteByte('g')
		case high(bl):
			b.WriteByte('b')
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

func TestAPhotoStandsUprightAndSaysNothingMore(t *testing.T) {
	raw := asJPEG(t, photo(800, 600))
	for o, want := range map[uint16]string{
		0: "rgbw", 1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb", 9: "rgbw",
	} {
		held := withExif(raw, o)
		all, err := render(t, held)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			if got := corners(t, r.JPEG); got != want {
				t.Errorf("orientation %d stands as %s, want %s", o, got, want)
			}
			if wide := r.Width > r.Height; wide != (o < 5 || o > 8) {
				t.Errorf("orientation %d is %dx%d", o, r.Width, r.Height)
			}
			for _, secret := range []string{"Exif", "Nguyen", "nhà riêng", "II*\x00"} {
				if !bytes.Contains(held, []byte(secret)) {
					t.Fatalf("the test's own photo lacks %q", secret)
				}
				if bytes.Contains(r.JPEG, []byte(secret)) {
					t.Errorf("%q went out with the photo", secret)
				}
			}
			if bytes.Contains(r.JPEG, []byte{0xff, 0xe1}) || bytes.Contains(r.JPEG, []byte{0xff, 0xfe}) {
				t.Error("a segment that is no picture went out")
			}
		}
	}
}

func TestWhatIsNoPhotoIsRefused(t *testing.T) {
	good := asJPEG(t, photo(400, 300))
	arithmetic := bytes.Replace(good, []byte{0xff, 0xc0}, []byte{0xff, 0xc9}, 1)
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"nothing":                    {nil, picture.ErrKind},
		"text called a photo":        {[]byte("đây không phải là ảnh"), picture.ErrKind},
		"a drawing with a script":    {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), picture.ErrKind},
		"a zip":                      {blobtest.Zip(t, "a.jpg"), picture.ErrKind},
		"a PDF":                      {blobtest.PDF("ảnh"), picture.ErrKind},
		"a GIF":                      {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), picture.ErrKind},
		"a frame no camera writes":   {arithmetic, picture.ErrKind},
		"a beginning and a script":   {[]byte("\xff\xd8\xff\xe0<script>alert(1)</script>"), picture.ErrDamaged},
		"half a JPEG":                {good[:len(good)/2], picture.ErrDamaged},
		"a JPEG without its picture": {good[:200], picture.ErrDamaged},
		"half a PNG":                 {asPNG(t, photo(400, 300))[:200], picture.ErrDamaged},
		"51 megapixels":              {sized(asPNG(t, photo(1, 1)), 10_200, 5_000), picture.ErrTooLarge},
		"a bomb":                     {sized(asPNG(t, photo(1, 1)), 1<<31-1, 1<<31-1), picture.ErrTooLarge},
		"no pixels":                  {sized(asPNG(t, photo(1, 1)), 0, 7), picture.ErrDamaged},
		"twenty megabytes":           {append(asJPEG(t, photo(10, 10)), make([]byte, picture.MaxBytes)...), picture.ErrTooLarge},
	} {
		if got, err := render(t, c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s: %d renditions, %v, want %v", name, len(got), err, c.want)
		}
	}
}

// sized says another size in a PNG's first chunk.
func sized(raw []byte, w, h uint32) []byte {
	raw = bytes.Clone(raw)
	binary.BigEndian.PutUint32(raw[16:], w)
	binary.BigEndian.PutUint32(raw[20:], h)
	return raw
}

func TestAProgressivePhotoIsBoundedByItsMemory(t *testing.T) {
	raw := asJPEG(t, photo(64, 64))
	at := bytes.Index(raw, []byte{0xff, 0xc0})
	raw[at+1] = 0xc2
	binary.BigEndian.PutUint16(raw[at+5:], 6000)
	binary.BigEndian.PutUint16(raw[at+7:], 7000)
	if _, err := picture.Look(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, picture.ErrTooLarge) {
		t.Errorf("a progressive photo of 42 megapixels: %v", err)
	}
	raw[at+1] = 0xc0
	if h, err := picture.Look(bytes.NewReader(raw), int64(len(raw))); err != nil || h.Width != 7000 {
		t.Errorf("a plain one: %+v, %v", h, err)
	}
}

func TestAPhotoOfFortyMegapixels(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds and half a gigabyte")
	}
	if got := sizes(t, asJPEG(t, photo(7300, 5480))); len(got) != 3 || got[0] != [2]int{1600, 1201} {
		t.Errorf("%v", got)
	}
}

func TestOneWaitsForTheOther(t *testing.T) {
	m := picture.New()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	raw := asJPEG(t, photo(100, 100))
	if _, err := m.Make(gone, bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits: %v", err)
	}
	done := make(chan error)
	for range 4 {
		go func() {
			_, err := m.Make(t.Context(), bytes.NewReader(raw), int64(len(raw)))
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// FuzzLook holds the reader of headers against the decoder of the standard library: what
// it lets through is of the size that it says.
func FuzzLook(f *testing.F) {
	raw := asJPEG(f, photo(20, 10))
	f.Add(raw)
	f.Add(withExif(raw, 6))
	f.Add(asPNG(f, photo(3, 2)))
	f.Add(decoded(f, lossyPixel))
	f.Add(onCanvas(decoded(f, losslessPixel), 1, 1, 0))
	f.Add([]byte("\xff\xd8\xff\xff\xff\xff\xe0\x00\x02\xff\xc0\x00\x08"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, err := picture.Look(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		if h.Orientation < 1 || h.Orientation > 8 || h.Width*h.Height > picture.MaxPixels {
			t.Errorf("%+v", h)
		}
		c, _, err := image.DecodeConfig(bytes.NewReader(raw))
		if err == nil && (c.Width != h.Width || c.Height != h.Height) {
			t.Errorf("%dx%d, and the decoder says %dx%d", h.Width, h.Height, c.Width, c.Height)
		}
	})
}

func BenchmarkMake12MP(b *testing.B) {
	raw := asJPEG(b, photo(4000, 3000))
	m := picture.New()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Make(b.Context(), bytes.NewReader(raw), int64(len(raw))); err != nil {
			b.Fatal(err)
		}
	}
}
