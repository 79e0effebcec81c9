// Package card draws the picture that stands for a page where its address is shared: the
// name of the site, a title, a line below, and the rings of a bronze drum. Nothing is asked
// of anybody for it: the fonts are in the program.
package card

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
	"golang.org/x/text/unicode/norm"
)

// The size of a card in pixels, as those who show them ask for (Open Graph).
const (
	Width  = 1200
	Height = 630
)

// Card is what is written on a picture.
type Card struct {
	Site  string
	Title string
	Below string
}

//go:embed fonts
var files embed.FS

// fonts are read once; they never change after.
var fonts = sync.OnceValues(func() (map[string]*opentype.Font, error) {
	all := map[string]*opentype.Font{}
	for _, weight := range []string{"400", "700"} {
		raw, err := files.ReadFile("fonts/be-vietnam-pro-" + weight + ".ttf")
		if err != nil {
			return nil, fmt.Errorf("read a font: %w", err)
		}
		if all[weight], err = opentype.Parse(raw); err != nil {
			return nil, fmt.Errorf("read a font: %w", err)
		}
	}
	return all, nil
})

// Where things stand, in pixels.
const (
	margin    = 72
	textRight = 790 // the drum begins right of it
	titleTop  = 170
	titleMost = 4 // lines
	belowMost = 2
)

// PNG draws the card. The same words give the same bytes.
func (c Card) PNG() ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	draw.Draw(img, img.Rect, image.NewUniform(lacquer()), image.Point{}, draw.Src)
	drum(img, Width-100, Height/2)
	for _, part := range []block{
		{c.Site, "400", 30, margin, 1, brass()},
		{c.Title, "700", c.titleSize(), titleTop, titleMost, color.White},
		{c.Below, "400", 30, Height - margin - 84, belowMost, cream()},
	} {
		if err := part.write(img); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, few(img))
	return b.Bytes(), err
}

// few gives a picture in the colours of the palette; each colour is looked for once.
func few(img *image.RGBA) *image.Paletted {
	to := image.NewPaletted(img.Rect, palette())
	last, index := color.RGBA{}, uint8(0) // no pixel is without colour
	known := map[color.RGBA]uint8{}
	for i := range to.Pix {
		c := color.RGBA{img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2], img.Pix[4*i+3]}
		if c != last {
			if _, met := known[c]; !met {
				known[c] = uint8(to.Palette.Index(c)) // of fewer than 256
			}
			index = known[c]
			last = c
		}
		to.Pix[i] = index
	}
	return to
}

// titleSize is smaller for a long title.
func (c Card) titleSize() float64 {
	if len([]rune(c.Title)) > 70 {
		return 46
	}
	return 58
}

func lacquer() color.RGBA { return color.RGBA{0x5f, 0x0f, 0x12, 0xff} }
func brass() color.RGBA   { return color.RGBA{0xe0, 0xb3, 0x5a, 0xff} }
func cream() color.RGBA   { return color.RGBA{0xf4, 0xe9, 0xd8, 0xff} }

// palette holds the ways from the ground to each ink: few colours make a small file.
func palette() color.Palette {
	const steps = 32
	p := make(color.Palette, 0, 3*steps)
	for _, ink := range []color.RGBA{brass(), cream(), {0xff, 0xff, 0xff, 0xff}} {
		for i := range steps {
			p = append(p, blend(lacquer(), ink, float64(i)/(steps-1)))
		}
	}
	return p
}

func blend(a, b color.RGBA, t float64) color.RGBA {
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + t*(float64(y)-float64(x)))) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}

// block is a text in lines from a top edge down; what does not fit ends in "…".
type block struct {
	text, weight string
	size         float64
	top, most    int
	ink          color.Color
}

func (t block) write(img draw.Image) error {
	all, err := fonts()
	if err != nil {
		return err
	}
	face, err := opentype.NewFace(all[t.weight], &opentype.FaceOptions{Size: t.size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return fmt.Errorf("set a font: %w", err)
	}
	d := font.Drawer{Dst: img, Src: image.NewUniform(t.ink), Face: face}
	leading := int(t.size * 1.32)
	for i, line := range lines(&d, norm.NFC.String(t.text), t.most) {
		d.Dot = fixed.P(margin, t.top+int(t.size)+i*leading)
		d.DrawString(line)
	}
	return face.Close()
}

// lines breaks a text between words, so that each line fits.
func lines(d *font.Drawer, text string, most int) []string {
	width := fixed.I(textRight - margin)
	var all []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line == "" || d.MeasureString(longer) <= width {
			line = longer
			continue
		}
		if len(all) == most-1 {
			return append(all, cut(d, line+" …", width))
		}
		all, line = append(all, cut(d, line, width)), word
	}
	if line != "" {
		all = append(all, cut(d, line, width))
	}
	return all
}

// cut takes letters off a line that is one long word.
func cut(d *font.Drawer, line string, width fixed.Int26_6) string {
	letters := []rune(line)
	for len(letters) > 1 && d.MeasureString(string(letters)) > width {
		letters = append(letters[:len(letters)-2], '…')
	}
	return string(letters)
}

// drum draws the star and the rings of a bronze drum around a point.
func drum(img draw.Image, x, y float64) {
	p := pen{z: vector.NewRasterizer(Width, Height), x: x, y: y}
	p.star(14, 22, 64)
	for _, ring := range []struct {
		radius, width float64
		ticks         int // 0 is a line
	}{{78, 2, 0}, {96, 18, 48}, {116, 2, 0}, {140, 24, 60}, {164, 2, 0}, {196, 30, 72}, {226, 2, 0}, {262, 34, 90}, {296, 2, 0}} {
		if ring.ticks == 0 {
			p.circle(ring.radius, ring.width)
		}
		for i := range ring.ticks {
			p.tick(2*math.Pi*float64(i)/float64(ring.ticks), ring.radius, ring.width)
		}
	}
	p.z.Draw(img, img.Bounds(), image.NewUniform(blend(lacquer(), brass(), .62)), image.Point{})
}

// pen draws around a point.
type pen struct {
	z    *vector.Rasterizer
	x, y float64
}

// shape is a closed line through points by their angle and their distance.
func (p pen) shape(n int, point func(int) (angle, r float64)) {
	for i := range n {
		angle, r := point(i)
		x, y := float32(p.x+r*math.Cos(angle)), float32(p.y+r*math.Sin(angle))
		if i == 0 {
			p.z.MoveTo(x, y)
		} else {
			p.z.LineTo(x, y)
		}
	}
	p.z.ClosePath()
}

func (p pen) star(points int, in, out float64) {
	p.shape(2*points, func(i int) (float64, float64) {
		if i%2 == 1 {
			return math.Pi * float64(i) / float64(points), in
		}
		return math.Pi * float64(i) / float64(points), out
	})
}

// tick is a triangle that points outwards.
func (p pen) tick(angle, r, length float64) {
	const half = 3
	p.shape(3, func(i int) (float64, float64) {
		if i == 1 {
			return angle, r + length/2
		}
		return angle + float64(i-1)*half/r, r - length/2
	})
}

// circle is the area between two rounds, the inner one walked backwards.
func (p pen) circle(r, width float64) {
	const steps = 180
	p.shape(2*(steps+1), func(i int) (float64, float64) {
		if i <= steps {
			return 2 * math.Pi * float64(i) / steps, r + width/2
		}
		return -2 * math.Pi * float64(i-steps-1) / steps, r - width/2
	})
}
