package card_test

import (
	"bytes"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/card"
)

// TestPNG draws cards with short, long, endless and no words: each is a picture of the
// right size, small, and the same each time. CARD_SHOTS names a folder to look at them.
func TestPNG(t *testing.T) {
	for name, title := range map[string]string{
		"short": "Ngõ phố xanh – sạch – đẹp",
		"long":  "Vận động đăng ký hiến tặng mô, tạng cứu người – Tổ dân phố số 12 phường Hàng Buồm, quận Hoàn Kiếm, thành phố Hà Nội: ưỡn, ẫm, ợ, ỹ, Đ",
		"word":  strings.Repeat("Nghiêng", 40), "empty": "", "odd": "<script>\x00\u202e 漢字",
	} {
		c := card.Card{Site: "Dân vận khéo quận Hoàn Kiếm", Title: title, Below: "Ủy ban Mặt trận Tổ quốc phường Hàng Buồm"}
		raw, err := c.PNG()
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.PNG()
		if err != nil || !bytes.Equal(raw, again) {
			t.Errorf("%s: drawn twice it is another picture: %v", name, err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil || img.Bounds().Dx() != card.Width || img.Bounds().Dy() != card.Height {
			t.Errorf("%s: %v %v", name, img.Bounds(), err)
		}
		if len(raw) > 120_000 {
			t.Errorf("%s takes %d bytes", name, len(raw))
		}
		if dir := os.Getenv("CARD_SHOTS"); dir != "" {
			if err := os.WriteFile(dir+"/card-"+name+".png", raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
