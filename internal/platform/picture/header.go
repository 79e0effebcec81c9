package picture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"

	"github.com/bep/imagemeta"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
)

// Header is what a photo says of itself, before it is decoded.
type Header struct {
	Kind          blob.Kind // one of Kinds
	Width, Height int       // as the pixels lie in the file, not yet turned
	Orientation   Orientation
	bytesPerPixel int64 // of the decoder, in quarters of a byte
}

// memory is about what the decoder will take, in bytes.
func (h Header) memory() int64 { return int64(h.Width) * int64(h.Height) * h.bytesPerPixel / 4 }

// Look reads the header of a photo and holds it against the bounds.
func Look(r io.ReaderAt, size int64) (Header, error) {
	if size > MaxBytes {
		return Header{}, ErrTooLarge
	}
	var first [12]byte
	if n, err := r.ReadAt(first[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return Header{}, fmt.Errorf("read a photo: %w", err)
	} else if n < 8 {
		return Header{}, ErrKind
	}
	var h Header
	var err error
	switch {
	case string(first[:8]) == "\x89PNG\r\n\x1a\n":
		h, err = lookPNG(r)
	case string(first[:4]) == "RIFF" && string(first[8:]) == "WEBP":
		h, err = lookWebP(r, size)
	case string(first[:3]) == "\xff\xd8\xff":
		h, err = lookJPEG(r, size)
	default:
		return Header{}, ErrKind
	}
	switch {
	case err != nil:
		return Header{}, err
	case h.Width == 0 || h.Height == 0:
		return Header{}, ErrDamaged
	case int64(h.Width)*int64(h.Height) > MaxPixels || h.memory() > maxMemory:
		return Header{}, ErrTooLarge
	}
	h.Orientation = orientation(h.Kind, io.NewSectionReader(r, 0, size))
	return h, nil
}

// lookPNG reads the first chunk, which must be IHDR (PNG 11.2.1).
func lookPNG(r io.ReaderAt) (Header, error) {
	var b [18]byte // length, "IHDR", width, height, depth, colour
	if _, err := r.ReadAt(b[:], 8); err != nil {
		return Header{}, ErrDamaged
	}
	if string(b[4:8]) != "IHDR" {
		return Header{}, ErrDamaged
	}
	w, h := binary.BigEndian.Uint32(b[8:]), binary.BigEndian.Uint32(b[12:])
	if w > 1<<31-1 || h > 1<<31-1 || uint64(w)*uint64(h) > MaxPixels {
		return Header{}, ErrTooLarge
	}
	quarters := int64(4 * 4)
	if b[16] == 16 {
		quarters *= 2
	}
	return Header{Kind: blob.PNG, Width: int(w), Height: int(h), bytesPerPixel: quarters}, nil
}

// lookJPEG walks the segments up to the frame header (T.81, B.2.2).
func lookJPEG(r io.ReaderAt, size int64) (Header, error) {
	at := int64(2)
	var b [10]byte
	for range 1000 { // cameras write a dozen
		if _, err := r.ReadAt(b[:4], at); err != nil || b[0] != 0xff {
			return Header{}, ErrDamaged
		}
		switch marker := b[1]; {
		case marker == 0xff: // filling
			at++
			continue
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd7: // without a length
			at += 2
			continue
		case marker == 0xd8 || marker == 0xd9 || marker == 0xda:
			return Header{}, ErrDamaged
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			if _, err := r.ReadAt(b[:], at); err != nil {
				return Header{}, ErrDamaged
			}
			return frame(b)
		}
		length := int64(binary.BigEndian.Uint16(b[2:4]))
		if at += 2 + length; length < 2 || at >= size {
			return Header{}, ErrDamaged
		}
	}
	return Header{}, ErrDamaged
}

// frame reads a frame header: marker, length, depth, height, width, components. A plain
// decoder keeps a byte for each sample, a progressive one four more for its coefficient,
// and the colours are taken as if they were not thinned out.
func frame(b [10]byte) (Header, error) {
	marker, components := b[1], int64(b[9])
	if marker > 0xc2 {
		return Header{}, ErrKind // lossless, arithmetic and the like: no camera writes them
	}
	h := Header{
		Kind: blob.JPEG, Height: int(binary.BigEndian.Uint16(b[5:7])), Width: int(binary.BigEndian.Uint16(b[7:9])),
		bytesPerPixel: 4 * components,
	}
	if marker == 0xc2 {
		h.bytesPerPixel *= 5
	}
	return h, nil
}

// Orientation is how a photo has to be turned to stand upright: 1 to 8 (Exif 4.6.4,
// tag 0x0112).
type Orientation uint8

// orientation reads the tag; a photo without one, or with a broken one, stands as it is.
func orientation(kind blob.Kind, r io.ReadSeeker) (found Orientation) {
	format := imagemeta.JPEG
	switch kind {
	case blob.PNG:
		format = imagemeta.PNG
	case blob.WebP:
		format = imagemeta.WebP
	}
	found = 1
	_, err := imagemeta.Decode(imagemeta.Options{
		R: r, ImageFormat: format, Sources: imagemeta.EXIF, LimitNumTags: 1000,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if v, ok := tag.Value.(uint16); ok && v >= 1 && v <= 8 {
				found = Orientation(v)
			}
			return nil
		},
	})
	if err != nil {
		return 1
	}
	return found
}

// turn gives the photo upright.
func (o Orientation) turn(img *image.RGBA) *image.RGBA {
	if o <= 1 || o > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := image.Pt(w, h)
	if o >= 5 {
		size = image.Pt(h, w)
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			fromX, fromY := o.from(x, y, w, h)
			copy(out.Pix[y*out.Stride+4*x:][:4], img.Pix[fromY*img.Stride+4*fromX:][:4])
		}
	}
	return out
}

// from is where the pixel of the upright photo lies in one of w by h.
func (o Orientation) from(x, y, w, h int) (fromX, fromY int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}
