package picture

import (
	"encoding/binary"
	"io"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
)

// The memory of the decoders of WebP, in quarters of a byte for each pixel: the frame with
// the window that the decoder keeps, and, where there is one, the canvas of the alpha.
const (
	quartersLossy    = 4 * 2
	quartersLossless = 4 * 9
	quartersAlpha    = 4 * 11
)

// lookWebP walks the chunks of the container up to the first frame (RFC 9649, 2.3). One
// that moves is not taken.
func lookWebP(r io.ReaderAt, size int64) (Header, error) {
	canvas := Header{Kind: blob.WebP}
	at := int64(12)  // behind "RIFF", the length and "WEBP"
	for range 1000 { // an encoder writes a handful
		var b [18]byte // name, length, and the beginning of what is in it
		if n, err := r.ReadAt(b[:], at); n < len(b) && err != nil {
			return Header{}, ErrDamaged
		}
		switch string(b[:4]) {
		case "VP8X":
			if b[8]&0x02 != 0 {
				return Header{}, ErrKind
			}
			canvas.Width, canvas.Height = 1+int(triple(b[12:])), 1+int(triple(b[15:]))
			canvas.bytesPerPixel = quartersAlpha
		case "ANIM", "ANMF":
			return Header{}, ErrKind
		case "VP8 ":
			return canvas.framed(lossy(b[8:]), quartersLossy)
		case "VP8L":
			return canvas.framed(lossless(b[8:]), quartersLossless)
		}
		length := int64(binary.LittleEndian.Uint32(b[4:]))
		if at += 8 + length + length&1; at >= size {
			return Header{}, ErrDamaged
		}
	}
	return Header{}, ErrDamaged
}

func triple(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }

// lossy reads the size of a key frame (RFC 6386, 9.1): three bytes of tag, three of start
// code, width and height in fourteen bits each.
func lossy(b []byte) [2]int {
	return [2]int{int(binary.LittleEndian.Uint16(b[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[8:]) & 0x3fff)}
}

// lossless reads the size of a lossless frame (RFC 9649, 3.4): a signature, then fourteen
// bits less one each.
func lossless(b []byte) [2]int {
	bits := binary.LittleEndian.Uint32(b[1:])
	return [2]int{1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)}
}

// framed is the header of a canvas with its frame: a frame of another size than its canvas
// is none that an encoder writes.
func (h Header) framed(size [2]int, quarters int64) (Header, error) {
	if h.Width != 0 && (h.Width != size[0] || h.Height != size[1]) {
		return Header{}, ErrDamaged
	}
	h.Width, h.Height, h.bytesPerPixel = size[0], size[1], max(h.bytesPerPixel, quarters)
	return h, nil
}
