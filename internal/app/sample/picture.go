package sample

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strings"

	"golang.org/x/image/vector"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
)

// The size of the drawn pictures.
const (
	drawnWidth  = 960
	drawnHeight = 600
)

// canvas is a picture in the making: flat shapes, one over the other.
type canvas struct {
	img *image.RGBA
}

// hue is a colour by its red, green and blue.
func hue(rgb uint32) color.RGBA {
	return color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 255}
}

// newCanvas begins with a sky that grows lighter towards the ground.
func newCanvas(top, bottom uint32) canvas {
	c := canvas{image.NewRGBA(image.Rect(0, 0, drawnWidth, drawnHeight))}
	from, to := hue(top), hue(bottom)
	mix := func(a, b uint8, y int) uint8 { return uint8((int(a)*(drawnHeight-y) + int(b)*y) / drawnHeight) }
	for y := range drawnHeight {
		row := color.RGBA{mix(from.R, to.R, y), mix(from.G, to.G, y), mix(from.B, to.B, y), 255}
		draw.Draw(c.img, image.Rect(0, y, drawnWidth, y+1), image.NewUniform(row), image.Point{}, draw.Src)
	}
	return c
}

// shape fills a polygon, given as x and y in turn.
func (c canvas) shape(rgb uint32, points ...float32) {
	r := vector.NewRasterizer(drawnWidth, drawnHeight)
	r.MoveTo(points[0], points[1])
	for i := 2; i+1 < len(points); i += 2 {
		r.LineTo(points[i], points[i+1])
	}
	r.ClosePath()
	r.Draw(c.img, c.img.Bounds(), image.NewUniform(hue(rgb)), image.Point{})
}

func (c canvas) box(rgb uint32, x, y, w, h float32) { c.shape(rgb, x, y, x+w, y, x+w, y+h, x, y+h) }

func (c canvas) disc(rgb uint32, x, y, radius float32) {
	const corners = 48
	var points []float32
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points = append(points, x+radius*float32(cos), y+radius*float32(sin))
	}
	c.shape(rgb, points...)
}

// person is a figure under a conical hat: nobody can be recognised.
func (c canvas) person(rgb uint32, x, foot, height float32) {
	w := height * .3
	c.shape(rgb, x-w*.35, foot-height*.68, x+w*.35, foot-height*.68, x+w*.6, foot, x-w*.6, foot)
	c.disc(0xd9a577, x, foot-height*.77, height*.09)
	c.shape(0xe9d8a6, x-w*.65, foot-height*.78, x, foot-height, x+w*.65, foot-height*.78)
}

// house is one of the narrow ones of the old streets.
func (c canvas) house(wall, roof uint32, x, foot, h float32) {
	const w = float32(136)
	c.box(wall, x, foot-h, w, h)
	c.shape(roof, x-8, foot-h, x+w/2, foot-h-w*.35, x+w+8, foot-h)
	for i := range 2 {
		c.box(0x6b4f3a, x+w*.18+float32(i)*w*.4, foot-h*.75, w*.24, h*.22)
	}
	c.box(0x4a3527, x+w*.34, foot-h*.38, w*.32, h*.38)
}

// file is the picture as a camera would send it.
func (c canvas) file(name string) (*photo.File, error) {
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, c.img); err != nil {
		return nil, fmt.Errorf("draw %s: %w", name, err)
	}
	return &photo.File{Name: name + ".png", Content: bytes.NewReader(out.Bytes()), Size: int64(out.Len())}, nil
}

// conference is a hall with a stage and its guests.
func conference() canvas {
	c := newCanvas(0x7d1f1a, 0xa8372d)
	c.box(0xf3d27a, 0, 90, drawnWidth, 10)
	c.box(0xc9443a, 180, 120, 600, 250)
	c.disc(0xf3d27a, 480, 215, 62)
	c.box(0x8a5a34, 0, 370, drawnWidth, 230)
	c.box(0x5d3a20, 380, 320, 200, 90)
	for i := range 3 {
		c.person(0x2d4a86, 230+float32(i)*40, 400, 130)
	}
	for row := range 3 {
		for i := range 13 {
			c.disc(0x23262f, 40+float32(i)*74+float32(row%2)*36, 470+float32(row)*52, 24)
		}
	}
	return c
}

// street is an old street whose people sweep it.
func street() canvas {
	c := newCanvas(0x9cc7e6, 0xf4efe2)
	c.disc(0xfbe6a2, 820, 110, 48)
	walls := []uint32{0xf2c879, 0xe7e0cf, 0xd98f6c, 0xf0d9a8, 0xcfd8c0, 0xe8b07e}
	for i, wall := range walls {
		c.house(wall, 0xa2452f, 20+float32(i)*158, 440, 170+float32(i%3)*38)
	}
	c.box(0x9a9488, 0, 440, drawnWidth, 160)
	for i := range 4 {
		x := 150 + float32(i)*210
		c.person([]uint32{0x2d6a4f, 0x7a2e5d, 0x2d4a86, 0x8a5a2b}[i], x, 560, 150)
		c.shape(0x6b4f2a, x+26, 470, x+31, 468, x+74, 556, x+66, 558)
		c.shape(0xc7a35a, x+62, 550, x+80, 546, x+92, 574, x+60, 574)
	}
	return c
}

// kitchen is a pot from which meals are given out.
func kitchen() canvas {
	c := newCanvas(0xe9dcc3, 0xf7f0e2)
	c.box(0xb98d5a, 0, 430, drawnWidth, 170)
	c.shape(0x5f6770, 330, 300, 630, 300, 600, 450, 360, 450)
	c.box(0x474e57, 315, 288, 330, 20)
	for i := range 3 {
		x := 400 + float32(i)*70
		c.shape(0xffffff, x, 270, x+14, 210, x+4, 160, x+22, 160, x+32, 210, x+18, 270)
	}
	c.person(0xffffff, 250, 470, 250)
	for i := range 4 {
		c.person([]uint32{0x7a2e5d, 0x2d4a86, 0x2d6a4f, 0x8a3b2b}[i], 720+float32(i)*64, 480, 170)
	}
	for i := range 6 {
		c.disc(0x2f6db0, 90+float32(i)*150, 540, 40)
		c.disc(0xfdfbf4, 90+float32(i)*150, 534, 30)
	}
	return c
}

// drawn is a picture of the sample with its words.
type drawn struct {
	name         string
	picture      func() canvas
	alt, caption string
}

// drawings are the pictures of the sample, for its first article and those behind it.
func drawings() []drawn {
	return []drawn{
		{"hoi-nghi", conference, "Tranh vẽ: hội trường có sân khấu đỏ, người dự ngồi kín các hàng ghế", "Hội nghị tổng kết phong trào (tranh minh họa)."},
		{"pho-co", street, "Tranh vẽ: bốn người đội nón quét dọn một phố cổ", "Người dân cùng dọn phố (tranh minh họa)."},
		{"bua-com", kitchen, "Tranh vẽ: người nấu đứng bên nồi lớn, bốn người chờ nhận suất ăn", "Bữa cơm nghĩa tình (tranh minh họa)."},
	}
}

// illustrate puts the drawings on articles, in turn: two on the first, and one each on
// some notices and on the newest stories.
func (l *loader) illustrate(ctx context.Context, articles []press.Article) error {
	all := drawings()
	for i, n := range []int{0, 0, 3, 7, 28, 29, 30} {
		if n >= len(articles) {
			return nil
		}
		d := all[i%len(all)]
		file, err := d.picture().file(d.name)
		if err != nil {
			return err
		}
		words := photo.Words{Credit: newsroom, Alt: d.alt, Caption: d.caption, People: photo.PeopleNone}
		if _, err := l.house.Press.AddPhoto(ctx, l.who, articles[n].ID, words, file); err != nil {
			return fmt.Errorf("illustrate the news: %w", err)
		}
	}
	return nil
}

// show gives the first few public practices a document, which readers may have where the
// agreement goes so far, and a picture where one of ours fits.
func (l *loader) show(ctx context.Context, r role, i int) error {
	const few = 40
	if i >= few || r.input.Kind != ledger.Collective {
		return nil
	}
	if strings.Contains(r.input.Title, "rác") || strings.Contains(r.input.Title, "hè phố") { // what the drawing shows
		d := drawings()[1]
		file, err := d.picture().file(d.name)
		if err != nil {
			return err
		}
		words := photo.Words{Credit: newsroom, Alt: d.alt, Caption: d.caption, People: photo.PeopleNone}
		if _, err := l.house.Practices.AddPhoto(ctx, l.who, r.entry.ID, words, file); err != nil {
			return fmt.Errorf("illustrate a practice: %w", err)
		}
	}
	paper := samplePaper("Quy ước cộng đồng (mẫu)", "Quy uoc cong dong")
	made, err := l.house.Practices.AddDocument(ctx, l.who, r.entry.ID, "Quy ước cộng đồng (tệp mẫu)", &practice.File{Name: paper.Name, Content: paper.Content, Size: paper.Size})
	if err != nil {
		return fmt.Errorf("give a practice its document: %w", err)
	}
	if err := l.house.Practices.ShareDocument(ctx, l.who, r.entry.ID, made.ID, i%8 == 0); err != nil || i > 0 {
		return err
	}
	return l.correct(ctx, r)
}

// correct mends something that readers have seen of a practice, in their sight.
func (l *loader) correct(ctx context.Context, r role) error {
	e, err := l.house.Practices.Get(ctx, l.who, r.entry.ID)
	if err != nil {
		return err
	}
	in := r.input
	in.Parts.Outputs += " Số liệu được đối chiếu với sổ theo dõi."
	in.Correction = "Bản đăng trước chưa nói số liệu lấy từ đâu; nay bổ sung (số liệu mẫu)."
	_, err = l.house.Practices.Edit(ctx, l.who, e.ID, e.Version, in)
	return err
}
