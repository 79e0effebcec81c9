package app_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/picture"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// newsroom is a small house with an officer of the district, a reporter of the first ward
// and its draft.
type newsroom struct {
	apptest.Small
	officer, writer, citizen *apptest.Client
	draft                    press.Article
	photos                   string // address of the form for a photo
}

func openNewsroom(t *testing.T, d *db.DB) newsroom {
	t.Helper()
	s := apptest.NewSmall(t, d)
	login(t, s, "quan", app.RoleOfficer, "D")
	login(t, s, "phuongmot", app.RoleReporter, "W1")
	site := apptest.Serve(t, s.House)
	n := newsroom{Small: s, officer: apptest.As(t, site, "quan"), writer: apptest.As(t, site, "phuongmot"), citizen: apptest.Visitor(t, site)}
	n.draft = n.write(t, "Chợ quê buổi sớm")
	n.photos = "/admin/articles/" + n.draft.ID + "/photos/new"
	return n
}

func (n newsroom) write(t *testing.T, title string) press.Article {
	t.Helper()
	a, err := n.Press.Create(t.Context(), n.System(), press.Input{
		Unit: "W1", Category: press.News, Title: title, Lead: "Chợ họp từ tờ mờ.", Body: "<p>Chuyện chợ.</p>", Author: "Tổ thông tin",
	})
	n.Must(err)
	return a
}

// publish takes the draft the whole way.
func (n newsroom) publish(t *testing.T) press.Article {
	t.Helper()
	a := n.draft
	for _, verb := range []func() (press.Article, error){
		func() (press.Article, error) {
			return n.Press.Submit(t.Context(), n.System(), a.ID, press.Step{Version: a.Version})
		},
		func() (press.Article, error) {
			return n.Press.Approve(t.Context(), n.System(), a.ID, press.Step{Version: a.Version})
		},
		func() (press.Article, error) {
			return n.Press.Publish(t.Context(), n.System(), a.ID, press.Step{Version: a.Version})
		},
	} {
		var err error
		a, err = verb()
		n.Must(err)
	}
	return a
}

// photoWords is a form about a photo in which nothing is missing.
func photoWords() url.Values {
	return url.Values{"credit": {"Lê Văn Mẫu"}, "alt": {"Người bán rau bày hàng trên hè"}, "caption": {"Chợ lúc sáu giờ"}, "people": {"none"}}
}

func uploadOf(raw []byte) apptest.Upload {
	return apptest.Upload{Field: "photo", Name: "cho.jpg", Content: raw}
}

// scene is a photo of some colours.
func scene(w, h int) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for y := range h {
		for x := range w {
			img.Y[img.YOffset(x, y)] = uint8(x * 255 / w)
		}
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = uint8(i), 120
	}
	return img
}

func jpegOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withPlace puts an EXIF segment into a JPEG that says where it was taken, and by whom.
func withPlace(raw []byte) []byte {
	le := binary.LittleEndian
	tiff := append([]byte{}, "II*\x00\x08\x00\x00\x00"...)
	entry := func(tag, kind uint16, count, value uint32) {
		tiff = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(tiff, tag), kind), count), value)
	}
	tiff = le.AppendUint16(tiff, 2)
	entry(0x013b, 2, 15, 38) // the artist
	entry(0x8825, 4, 1, 54)  // where the place is
	tiff = append(le.AppendUint32(tiff, 0), "Nguyen Van Mau\x00\x00"...)
	tiff = le.AppendUint16(tiff, 2)
	entry(1, 2, 2, 'N')
	entry(2, 5, 3, 84)
	tiff = le.AppendUint32(tiff, 0)
	for _, v := range []uint32{21, 1, 2, 1, 0, 1} {
		tiff = le.AppendUint32(tiff, v)
	}
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, raw[:2]...)
	out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xe1), uint16(len(body)+2))
	return append(append(out, body...), raw[2:]...)
}

var mediaLink = regexp.MustCompile(`/media/[0-9a-f]{64}/[0-9]+\.jpg`)

// TestAPhotoFromTheDraftToItsReaders adds a photo to a draft, publishes it, reads it in
// every place where it stands, and takes it off again.
func TestAPhotoFromTheDraftToItsReaders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		if a := n.writer.PostFiles(n.photos, photoWords(), uploadOf(withPlace(jpegOf(t, scene(2000, 1200))))); a.Status != http.StatusSeeOther {
			t.Fatalf("add: %d\n%s", a.Status, a.Body)
		}
		all, err := n.Press.Photos(t.Context(), n.System(), n.draft.ID)
		n.Must(err)
		if len(all) != 1 || len(all[0].Sizes) != 3 || all[0].Sizes[0].Width != 1600 || all[0].Sizes[2].Height != 288 {
			t.Fatalf("%+v", all)
		}
		public := all[0].Sizes[1].Path()
		draft := fmt.Sprintf("/admin/articles/%s/photos/%s/file/960", n.draft.ID, all[0].ID)
		if a := n.citizen.Get(public); a.Status != http.StatusNotFound {
			t.Errorf("a citizen sees the photo of a draft: %d", a.Status)
		}
		if a := n.citizen.Get(draft); a.Status != http.StatusSeeOther {
			t.Errorf("a citizen gets %d from the desk", a.Status)
		}
		if a := n.writer.Get(draft); a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("its writer gets %d, %v", a.Status, a.Header)
		}
		if page := n.writer.Get("/preview/articles/" + n.draft.ID).Body; !strings.Contains(page, draft) || strings.Contains(page, `action="/articles/`) {
			t.Error("the preview does not show the photo, or lets it be rated")
		}
		a := n.publish(t)
		n.readEverywhere(t, a, all[0])
		if got := n.citizen.Get(public); got.Status != http.StatusOK || strings.Contains(got.Body, "Exif") || strings.Contains(got.Body, "Nguyen Van Mau") ||
			!strings.Contains(got.Header.Get("Cache-Control"), "immutable") || got.Header.Get("Content-Type") != "image/jpeg" ||
			got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox; frame-ancestors 'none'" {
			t.Errorf("what is served: %d, %v", got.Status, got.Header)
		}
		if got := n.citizen.Get(strings.Replace(public, "960", "961", 1)); got.Status != http.StatusNotFound {
			t.Errorf("another width: %d", got.Status)
		}
		if got := n.officer.Post(strings.TrimSuffix(draft, "/file/960")+"/remove", nil); got.Status != http.StatusSeeOther {
			t.Fatalf("remove: %d", got.Status)
		}
		n.gone(t, a, public)
		kept, err := photo.KeptFiles(t.Context(), n.DB, []string{all[0].Sizes[1].SHA256})
		if err != nil || len(kept) != 0 {
			t.Errorf("the files are kept: %v, %v", kept, err)
		}
	})
}

// readEverywhere looks for a photo on the page of its article, on cards and in feeds.
func (n newsroom) readEverywhere(t *testing.T, a press.Article, photo photo.Photo) {
	t.Helper()
	page := n.citizen.Get(a.Path()).Body
	for _, want := range []string{
		`width="960" height="576"`, `fetchpriority="high"`, photo.Sizes[0].Path() + " 1600w", `property="og:image" content="`, `"ImageObject"`, "Chợ lúc sáu giờ",
		"Ảnh: Lê Văn Mẫu", `alt="Người bán rau bày hàng trên hè"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the article lacks %s", want)
		}
	}
	for path, want := range map[string]string{
		"/articles": `loading="lazy"`, "/feed.rss": "<enclosure url=", "/feed.atom": `rel="enclosure"`, "/feed.json": `"image":"http`,
	} {
		if got := n.citizen.Get(path).Body; !strings.Contains(got, want) || !mediaLink.MatchString(got) {
			t.Errorf("%s does not show the photo", path)
		}
	}
}

// gone fails where a photo is still to be seen anywhere.
func (n newsroom) gone(t *testing.T, a press.Article, public string) {
	t.Helper()
	if got := n.citizen.Get(public); got.Status != http.StatusNotFound {
		t.Errorf("the photo is still served: %d", got.Status)
	}
	for _, path := range []string{a.Path(), "/articles", "/feed.rss", "/feed.atom", "/feed.json"} {
		if got := n.citizen.Get(path); got.Status != http.StatusOK || mediaLink.MatchString(got.Body) {
			t.Errorf("%s still shows it (%d)", path, got.Status)
		}
	}
}

func TestNoPublicationWithoutCreditWordsAndConsent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		raw := jpegOf(t, scene(640, 480))
		bare := url.Values{"alt": {"Sân đình"}}
		if a := n.writer.PostFiles(n.photos, bare, uploadOf(raw)); a.Status != http.StatusSeeOther {
			t.Fatalf("a draft may have gaps: %d\n%s", a.Status, a.Body)
		}
		submit := "/admin/articles/" + n.draft.ID + "/submit"
		if a := n.writer.Post(submit, url.Values{"version": {"1"}}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Ảnh 1 còn thiếu") {
			t.Errorf("put to review with gaps: %d", a.Status)
		}
		all, err := n.Press.Photos(t.Context(), n.System(), n.draft.ID)
		n.Must(err)
		at := "/admin/articles/" + n.draft.ID + "/photos/" + all[0].ID
		form := photoWords()
		form.Set("people", "agreed")
		if a := n.writer.Post(at, form); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `href="#f-consentOf"`) {
			t.Errorf("consent of nobody: %d", a.Status)
		}
		form.Set("consentOf", "Bà Trần Thị Mẫu")
		form.Set("consentOn", "2999-01-01")
		if a := n.writer.Post(at, form); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `href="#f-consentOn"`) {
			t.Errorf("consent that lies ahead: %d", a.Status)
		}
		form.Set("consentOn", "2024-05-02")
		if a := n.writer.Post(at, form); a.Status != http.StatusSeeOther {
			t.Fatalf("describe: %d\n%s", a.Status, a.Body)
		}
		other := n.write(t, "Chợ quê, lần nữa") // with the very same photo
		if a := n.writer.PostFiles("/admin/articles/"+other.ID+"/photos/new", form, uploadOf(raw)); a.Status != http.StatusSeeOther {
			t.Fatalf("the same photo in another article: %d\n%s", a.Status, a.Body)
		}
		published := n.publish(t)
		if a := n.officer.PostFiles(n.photos, bare, uploadOf(raw)); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a photo with gaps on a published article: %d", a.Status)
		}
		if a := n.writer.PostFiles(n.photos, photoWords(), uploadOf(raw)); a.Status != http.StatusConflict && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a writer adds a photo to what is published: %d", a.Status)
		}
		if a := n.officer.Post(at+"/withdraw", url.Values{"note": {" "}}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("withdrawn without a reason: %d", a.Status)
		}
		if a := n.officer.Post(at+"/withdraw", url.Values{"note": {"Bà Mẫu gọi điện."}}); a.Status != http.StatusSeeOther {
			t.Fatalf("withdraw: %d\n%s", a.Status, a.Body)
		}
		n.gone(t, published, all[0].Sizes[0].Path())
		if page := n.officer.Get("/admin/articles/" + n.draft.ID + "/edit").Body; !strings.Contains(page, "Bà Mẫu gọi điện.") {
			t.Error("the desk does not tell that consent was withdrawn")
		}
		if same, err := n.Press.Photos(t.Context(), n.System(), other.ID); err != nil || len(same) != 1 || same[0].People != photo.PeopleWithdrawn || len(same[0].Sizes) != 0 {
			t.Errorf("the same photo in another article: %+v, %v", same, err)
		}
	})
}

func TestPhotosKeepTheirOrderAndScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		login(t, n.Small, "phuonghai", app.RoleReporter, "W2")
		for i := range 3 {
			form := photoWords()
			form.Set("alt", fmt.Sprintf("Ảnh số %d", i+1))
			if a := n.writer.PostFiles(n.photos, form, uploadOf(jpegOf(t, scene(200+i, 200)))); a.Status != http.StatusSeeOther {
				t.Fatalf("add: %d\n%s", a.Status, a.Body)
			}
		}
		order := func() (words []string, all []photo.Photo) {
			all, err := n.Press.Photos(t.Context(), n.System(), n.draft.ID)
			n.Must(err)
			for i, p := range all {
				words = append(words, p.Alt)
				if p.Place != i+1 {
					t.Errorf("%s stands at %d", p.Alt, p.Place)
				}
			}
			return words, all
		}
		_, all := order()
		at := "/admin/articles/" + n.draft.ID + "/photos/"
		n.writer.Post(at+all[2].ID+"/place", url.Values{"place": {"1"}})
		n.writer.Post(at+all[0].ID+"/remove", nil)
		if words, _ := order(); strings.Join(words, ",") != "Ảnh số 3,Ảnh số 2" {
			t.Errorf("the order is %v", words)
		}
		foreign := apptest.As(t, apptest.Serve(t, n.House), "phuonghai")
		for _, path := range []string{all[1].ID, all[1].ID + "/file/200", "new"} {
			if a := foreign.Get(at + path); a.Status != http.StatusNotFound {
				t.Errorf("another ward gets %d for %s", a.Status, path)
			}
		}
		if a := foreign.Post(at+all[1].ID+"/remove", nil); a.Status != http.StatusNotFound {
			t.Errorf("another ward removes it: %d", a.Status)
		}
		other := n.write(t, "Bài khác")
		if a := n.writer.Post("/admin/articles/"+other.ID+"/photos/"+all[1].ID+"/remove", nil); a.Status != http.StatusNotFound {
			t.Errorf("the photo of one article is removed by way of another: %d", a.Status)
		}
	})
}

// chunk is a chunk of a PNG.
func chunk(kind string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// TestPhotosThatLie sends what is no photo, or more than one thing at once.
func TestPhotosThatLie(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		script := "<script>alert('planted')</script>"
		good := jpegOf(t, scene(320, 200))
		small := pngOf(t, scene(320, 200))
		for name, c := range map[string]struct {
			content []byte
			says    string
		}{
			"a page called JPEG":       {[]byte("<!doctype html>" + script), "JPEG, PNG hoặc WebP"},
			"a program":                {[]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00"), "JPEG, PNG hoặc WebP"},
			"a drawing with a script":  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">` + script + `</svg>`), "JPEG, PNG hoặc WebP"},
			"a moving GIF":             {[]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00"), "JPEG, PNG hoặc WebP"},
			"a beginning without more": {good[:60], "bị hỏng"},
			"a film called WebP":       {[]byte("RIFF\x24\x00\x00\x00AVI LIST\x10\x00\x00\x00hdrlavih\x00\x00\x00\x00"), "JPEG, PNG hoặc WebP"},
			"a WebP that moves":        {[]byte("RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x0f\x00\x00\x0f\x00\x00"), "JPEG, PNG hoặc WebP"},
			"a WebP of 268 megapixels": {[]byte("RIFF\x1e\x00\x00\x00WEBPVP8L\x12\x00\x00\x00\x2f\xff\xff\xff\x0f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "Ảnh quá lớn"},
			"a PNG of 10¹⁸ pixels":     {append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", []byte("\x3f\xff\xff\xff\x3f\xff\xff\xff\x08\x02\x00\x00\x00"))...), "Ảnh quá lớn"},
			"nothing":                  {nil, "bắt buộc"},
		} {
			a := n.writer.PostFiles(n.photos, photoWords(), uploadOf(c.content))
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, c.says) || !strings.Contains(a.Body, `href="#f-photo"`) {
				t.Errorf("%s: %d, says %q: %v", name, a.Status, c.says, strings.Contains(a.Body, c.says))
			}
		}
		for name, raw := range map[string][]byte{
			"a photo with a page behind it": append(append([]byte{}, good...), ("<html>" + script)...),
			"a photo with a zip behind it":  append(append([]byte{}, good...), "PK\x03\x04planted"...),
			"a photo with a text chunk":     append(append(append([]byte{}, small[:33]...), chunk("tEXt", []byte("Comment\x00"+script))...), small[33:]...),
		} {
			if a := n.writer.PostFiles(n.photos, photoWords(), uploadOf(raw)); a.Status != http.StatusSeeOther {
				t.Errorf("%s: %d\n%s", name, a.Status, a.Body)
			}
		}
		all, err := n.Press.Photos(t.Context(), n.System(), n.draft.ID)
		n.Must(err)
		for _, p := range all {
			for _, z := range p.Sizes {
				a := n.writer.Get(fmt.Sprintf("/admin/articles/%s/photos/%s/file/%d", n.draft.ID, p.ID, z.Width))
				c, err := jpeg.DecodeConfig(strings.NewReader(a.Body))
				if err != nil || c.Width != z.Width || strings.Contains(a.Body, "planted") || a.Header.Get("Content-Type") != "image/jpeg" {
					t.Errorf("%d wide: %d, %v", z.Width, a.Status, err)
				}
			}
		}
		n.nameIsAText(t, good)
	})
}

// nameIsAText sends a photo under a name that leads elsewhere.
func (n newsroom) nameIsAText(t *testing.T, raw []byte) {
	t.Helper()
	up := apptest.Upload{Field: "photo", Name: `../../../etc/passwd%00<script>alert(1)</script>.jpg`, Content: raw}
	if a := n.writer.PostFiles(n.photos, url.Values{}, up); a.Status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.Status, a.Body)
	}
	page := n.writer.Get("/admin/articles/" + n.draft.ID + "/edit").Body
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "etc/passwd") {
		t.Error("the name stands on the page as it came")
	}
	if a := n.citizen.Get("/media/..%2f..%2f..%2fetc%2fpasswd/960.jpg"); a.Status != http.StatusNotFound {
		t.Errorf("a way out: %d", a.Status)
	}
}

// endless is a body that goes on for two gigabytes.
type endless struct{ left int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.left)
	e.left -= n
	return int(n), nil
}

// TestAPhotoOfTwoGigabytes sends one that says how long it is, and one that does not.
func TestAPhotoOfTwoGigabytes(t *testing.T) {
	n := openNewsroom(t, apptest.Open(t, db.SQLite))
	for _, declared := range []bool{true, false} {
		body := &endless{left: 2 << 30}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, n.writer.Base()+n.photos, io.MultiReader(
			strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"x.jpg\"\r\n\r\n\xff\xd8\xff"), body))
		n.Must(err)
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		r.ContentLength = -1
		if declared {
			r.ContentLength = 2 << 30
		}
		r.Header.Set("User-Agent", "Mozilla/5.0")
		for _, c := range n.writer.Jar().Cookies(r.URL) {
			r.AddCookie(c)
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err == nil { // else the line was cut while we were still sending
			if res.Body.Close(); res.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("declared %v: %d", declared, res.StatusCode)
			}
		}
		if sent := int64(2<<30) - body.left; sent > 100<<20 {
			t.Errorf("declared %v: %d bytes were taken before it was refused", declared, sent)
		}
	}
	if all, err := n.Press.Photos(t.Context(), n.System(), n.draft.ID); err != nil || len(all) != 0 {
		t.Errorf("%d photos, %v", len(all), err)
	}
}

// peak is the most memory that the heap had in use while something was done.
func peak(do func()) uint64 {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	most, done, told := uint64(0), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(told)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapInuse)
			}
		}
	}()
	do()
	close(done)
	<-told
	return most - min(most, before.HeapInuse)
}

// TestPhotosOfFortyMegapixelsAtOnce sends four of the largest photos at the same time: all
// are taken, one after the other, and the heap grows by no more than one of them takes.
func TestPhotosOfFortyMegapixelsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	n := openNewsroom(t, apptest.Open(t, db.SQLite))
	grey := image.NewGray(image.Rect(0, 0, 7300, 5480))
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i / 7300)
	}
	raw := jpegOf(t, recoloured{grey})
	statuses := make(chan int, 4)
	used := peak(func() {
		for range cap(statuses) {
			go func() { statuses <- n.writer.PostFiles(n.photos, photoWords(), uploadOf(raw)).Status }()
		}
		for range cap(statuses) {
			if got := <-statuses; got != http.StatusSeeOther {
				t.Errorf("a photo of forty megapixels: %d", got)
			}
		}
	})
	t.Logf("four photos of %d bytes: the heap grew by %d MB at its height", len(raw), used>>20)
	if used > 400<<20 {
		t.Errorf("the heap grew by %d MB", used>>20)
	}
	if a := n.writer.PostFiles(n.photos, photoWords(), uploadOf(append(raw, make([]byte, picture.MaxBytes)...))); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "20 MB") {
		t.Errorf("more than twenty megabytes: %d", a.Status)
	}
}

// recoloured is a grey picture that says that it has colours: its JPEG has three components.
type recoloured struct{ *image.Gray }

func (r recoloured) ColorModel() color.Model { return color.RGBAModel }
func (r recoloured) At(x, y int) color.Color { v := r.GrayAt(x, y).Y; return color.RGBA{v, v, v, 255} }

// TestTheFirstViewIsLight opens an article with a photo full of detail on a telephone, with
// nothing kept from before: all that comes over the wire, with headers, stays below 100 kB,
// and below 60 kB without the letters.
func TestTheFirstViewIsLight(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	b := browsertest.Open(t)
	n := openNewsroom(t, apptest.Open(t, db.SQLite))
	rough := scene(1600, 1200)
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range rough.Y {
		rough.Y[i] = uint8(int(rough.Y[i])/2 + rnd.IntN(128))
	}
	if got := n.writer.PostFiles(n.photos, photoWords(), uploadOf(jpegOf(t, rough))); got.Status != http.StatusSeeOther {
		t.Fatalf("the photo: %d %s", got.Status, got.Body)
	}
	current, err := n.Press.Get(t.Context(), n.System(), n.draft.ID)
	n.Must(err)
	n.draft = current
	site := apptest.Serve(t, n.House)
	b.Go(t, site.URL+n.publish(t).Path(), 390)
	b.Until(t, `document.readyState === 'complete' && [...document.images].some((i) => i.currentSrc.includes('/media/') && i.complete)`)
	weight := func(of string) int {
		return browsertest.Value[int](t, b, `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter((e) => `+of+`).reduce((sum, e) => sum + e.transferSize, 0)`)
	}
	all, letters := weight("true"), weight("e.name.endsWith('.woff2')")
	t.Logf("%d bytes, %d of them letters", all, letters)
	if letters == 0 || all > 100_000 || all-letters > 60_000 {
		t.Errorf("the first view takes %d bytes, %d of them letters", all, letters)
	}
}
