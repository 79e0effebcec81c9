// Package picture makes photos fit for public pages: upright, in three sizes, as plain
// JPEG without anything that the camera wrote beside the picture, above all the place
// where it was taken.
//
// A photo comes from outside. What it says of itself is read and held against bounds
// before a single pixel is decoded, and one photo is decoded at a time, so that the memory
// of a decoding is that of one photo, whatever is sent. A profile of colours is dropped
// with the rest: a photo in wide colours is shown as if it were in sRGB.
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
)

// The bounds of a photo.
const (
	MaxBytes  = 20 << 20
	MaxPixels = 50_000_000
	// maxMemory is what the decoded photo may take, in bytes, by [Header.memory]: a
	// progressive JPEG takes five times a plain one of as many pixels.
	maxMemory = 400 << 20
)

// What can be wrong with a photo.
var (
	ErrKind     = errors.New("the photo is neither JPEG nor PNG nor WebP")
	ErrTooLarge = errors.New("the photo is larger than it may be")
	ErrDamaged  = errors.New("the photo is damaged")
)

// qualityOf is that of a JPEG by its longest side: at 82 a face shows no blocks at twice the size.
// The smallest is for telephones, whose fine screens hide what 62 leaves out; it weighs
// half as much.
func qualityOf(side int) int {
	if side <= Sizes()[len(Sizes())-1] {
		return 62
	}
	return 82
}

// phoneBytes is what the smallest rendition may weigh, with which the first view of an
// article stays below 100 kB, as long as leastQuality is enough for it.
const (
	phoneBytes   = 30_000
	leastQuality = 30
)

// Kinds are those of the photos that are taken.
func Kinds() []blob.Kind { return []blob.Kind{blob.JPEG, blob.PNG, blob.WebP} }

// Sizes are the longest sides of what is made, in pixels.
func Sizes() []int { return []int{1600, 960, 480} }

// Rendition is a photo in one size.
type Rendition struct {
	Width, Height int
	JPEG          []byte
}

// Maker makes renditions, one photo at a time.
type Maker struct{ turn chan struct{} }

// New makes a maker. One is enough for a process: its bound on memory is that of one
// maker.
func New() *Maker { return &Maker{turn: make(chan struct{}, 1)} }

// Make decodes a photo of so many bytes and gives it in each of the [Sizes], the largest
// first. It is never enlarged: a small photo has fewer renditions, and always one.
func (m *Maker) Make(ctx context.Context, r io.ReaderAt, size int64) ([]Rendition, error) {
	h, err := Look(r, size)
	if err != nil {
		return nil, err
	}
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	img, err := decode(h, io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if b := img.Bounds(); b.Dx() != h.Width || b.Dy() != h.Height {
		return nil, ErrDamaged // what was held against the bounds is not what was decoded
	}
	return renditions(ctx, img, h.Orientation)
}

func decode(h Header, r io.Reader) (image.Image, error) {
	switch h.Kind {
	case blob.PNG:
		return png.Decode(r)
	case blob.WebP:
		return webp.Decode(r)
	default:
		return jpeg.Decode(r)
	}
}

// renditions goes from each size to the next: a small one is made of few pixels.
func renditions(ctx context.Context, img image.Image, o Orientation) ([]Rendition, error) {
	var all []Rendition
	longest := max(img.Bounds().Dx(), img.Bounds().Dy())
	for i, side := range Sizes() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if i > 0 && longest <= side { // the one before has its very size
			continue
		}
		small := fit(img, side)
		upright := o.turn(small)
		packed, err := pack(upright, side)
		if err != nil {
			return nil, fmt.Errorf("write a rendition: %w", err)
		}
		all = append(all, Rendition{Width: upright.Rect.Dx(), Height: upright.Rect.Dy(), JPEG: packed})
		img = small
	}
	return all, nil
}

// pack writes a rendition; that for telephones with ever less of its detail, until a weak
// line brings it at once.
func pack(img image.Image, side int) ([]byte, error) {
	smallest := side <= Sizes()[len(Sizes())-1]
	for quality := qualityOf(side); ; quality -= 8 {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if !smallest || out.Len() <= phoneBytes || quality <= leastQuality {
			return out.Bytes(), nil
		}
	}
}

// fit scales a photo so that its longest side is at most so long.
func fit(img image.Image, side int) *image.RGBA {
	b := img.Bounds()
	longest := max(b.Dx(), b.Dy())
	plain := reduce(img, max(1, longest/side))
	w, h := b.Dx(), b.Dy()
	if longest > side {
		w, h = max(1, (w*side+longest/2)/longest), max(1, (h*side+longest/2)/longest)
	}
	if plain.Rect.Dx() == w && plain.Rect.Dy() == h {
		return plain
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(out, out.Rect, plain, plain.Rect, draw.Src, nil)
	return out
}

// reduce averages squares of n by n pixels, on white where the photo lets light through.
// What is left to scale is less than two to one, for which four pixels about each are
// enough; a wider kernel would keep 32 bytes for each column of the result in every row.
// It works on bands of n rows, so that the whole photo is never there twice.
func reduce(img image.Image, n int) *image.RGBA {
	b := img.Bounds()
	n = min(n, b.Dx(), b.Dy())
	w, h := b.Dx()/n, b.Dy()/n
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	band := image.NewRGBA(image.Rect(0, 0, b.Dx(), n))
	white := image.NewUniform(color.White)
	for y := range h {
		draw.Draw(band, band.Rect, white, image.Point{}, draw.Src)
		draw.Draw(band, band.Rect, img, image.Pt(b.Min.X, b.Min.Y+y*n), draw.Over)
		average(out.Pix[y*out.Stride:][:4*w], band, n)
	}
	return out
}

func average(row []uint8, band *image.RGBA, n int) {
	count := uint32(n * n)
	for x := 0; x < len(row); x += 4 {
		var red, green, blue uint32
		for dy := range n {
			at := band.Pix[dy*band.Stride+x*n:][:4*n]
			for i := 0; i < len(at); i += 4 {
				red, green, blue = red+uint32(at[i]), green+uint32(at[i+1]), blue+uint32(at[i+2])
			}
		}
		row[x], row[x+1], row[x+2], row[x+3] = uint8(red/count), uint8(green/count), uint8(blue/count), 0xff
	}
}
