package app_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/blob/blobtest"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// whatIsSaid plants a word of its own into everything that can be said of a practice; which
// agreement lets readers see it stands beside it.
type whatIsSaid struct {
	word string
	seen func(practice.Agreement) bool
}

func sayings() []whatIsSaid {
	agreed := func(a practice.Agreement) bool { return a.Agreed }
	named := func(a practice.Agreement) bool { return a.Agreed && a.Named }
	detail := func(a practice.Agreement) bool { return a.Agreed && a.Detail }
	both := func(a practice.Agreement) bool { return a.Agreed && a.Named && a.Detail }
	return []whatIsSaid{
		{"Trần Thị Kín", named},
		{"Chỉ số mở", agreed},
		{"777,5", agreed},
		{"Nguồn kín", detail},
		{"Hiện vật kín", detail},
		{"Địa bàn kín", detail},
		{"Chú thích mở", agreed},
		{"Người chụp mở", agreed},
		{"Tài liệu mở", both},
		{"Đính chính mở", agreed},
		{"tệp kín", func(practice.Agreement) bool { return false }},
		{"Tài liệu kín", func(practice.Agreement) bool { return false }},
		{"Người đồng ý kín", func(practice.Agreement) bool { return false }},
		{"ảnh-kín", func(practice.Agreement) bool { return false }},
	}
}

// said registers a practice of a person, named in every text, and recognises it by a
// decision whose title names the person, too.
func (w ward) said() (e practice.Entry, paper ledger.Decision) {
	w.t.Helper()
	ctx, who := w.t.Context(), w.System()
	const name = "Trần Thị Kín"
	in := apptest.Registration()
	in.Kind, in.Subject, in.Title = ledger.Individual, name, "Vườn rau của bà "+name
	in.Parts = practice.Parts{Approach: "Bà " + name + " trồng.", Area: "Địa bàn kín"}
	in.Indicators = []practice.Indicator{{
		Name: "Chỉ số mở của " + name, Unit: "kg", Baseline: viet.Whole(1), Actual: viet.Tenths(7775), Source: "Nguồn kín", Beneficiary: practice.Households,
	}}
	in.Means = []practice.Resource{{Kind: practice.InKind, Amount: viet.Whole(3), Text: "Hiện vật kín", Funding: practice.Socialised}}
	e = w.Register(in)
	w.Must(w.Practices.Receive(ctx, who, practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}))
	w.Must(w.Practices.Start(ctx, who, practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-04-01")}))
	paper, err := w.Movements.Decide(ctx, who, movement.DecisionInput{
		Paper: ledger.PaperDecision, Number: "9/QĐ", Authority: "D", Level: org.District, SignedOn: apptest.Day("2024-09-01"), Title: "Công nhận vườn rau của TRAN THI KIN",
	})
	w.Must(err)
	w.Papers(paper, e.ID)
	w.Must(w.Practices.Recognise(ctx, who, paper.ID, []string{e.ID}))
	_, err = w.Awards.Give(ctx, who, award.Input{
		Kind: award.Praise, Movement: "M-2024", Decision: paper.ID, Recipients: []award.Recipient{{Exemplar: e.Exemplar, Entry: e.ID}},
	})
	w.Must(err)
	raw := jpegOf(w.t, scene(320, 200))
	_, err = w.Practices.AddPhoto(ctx, who, e.ID, photo.Words{
		Credit: "Người chụp mở", Alt: name + " bên luống rau", Caption: "Chú thích mở: " + name, People: photo.PeopleAgreed, ConsentOf: "Người đồng ý kín",
		ConsentOn: apptest.Day("2024-05-01"),
	}, &photo.File{Name: "ảnh-kín.jpg", Content: bytes.NewReader(raw), Size: int64(len(raw))})
	w.Must(err)
	for _, title := range []string{"Tài liệu mở " + name, "Tài liệu kín"} {
		raw := blobtest.PDF(title)
		d, err := w.Practices.AddDocument(ctx, who, e.ID, title, &practice.File{Name: "tệp kín.pdf", Content: bytes.NewReader(raw), Size: int64(len(raw))})
		w.Must(err)
		w.Must(w.Practices.ShareDocument(ctx, who, e.ID, d.ID, strings.Contains(title, "mở")))
	}
	w.agree(e, practice.Agreement{Agreed: true, Note: "phiếu"})
	e, err = w.Practices.Get(ctx, who, e.ID)
	w.Must(err)
	in.Correction = "Đính chính mở: số của " + name + " đã sửa."
	in.Parts.Approach += " Rồi bán."
	e, err = w.Practices.Edit(ctx, who, e.ID, e.Version, in)
	w.Must(err)
	return e, paper
}

// share shares the open document once more where that is asked for: it is taken back with
// the agreement.
func (w ward) share(e practice.Entry, share bool) {
	w.t.Helper()
	all, err := w.Practices.Documents(w.t.Context(), w.System(), e.ID)
	w.Must(err)
	for _, d := range all {
		if share && strings.Contains(d.Title, "mở") {
			w.Must(w.Practices.ShareDocument(w.t.Context(), w.System(), e.ID, d.ID, true))
		}
	}
}

// TestWhatIsNotAgreedNeverAppears walks every agreement and every public page, feed, card
// and cursor: each thing that is said of a practice is seen where its agreement lets it be
// seen, and nowhere else.
func TestWhatIsNotAgreedNeverAppears(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWard(t, d)
		e, paper := w.said()
		other := apptest.Registration() // so that lists have a second page, with a cursor
		other.Title = "Yên bình"
		w.agree(w.Recognised(other, "2/QĐ"), practice.Agreement{Agreed: true, Note: "phiếu"})
		for bits := range 8 {
			a := practice.Agreement{Agreed: bits&1 != 0, Named: bits&2 != 0, Detail: bits&4 != 0, Note: "phiếu"}
			w.agree(e, a)
			w.share(e, a.Agreed && a.Detail)
			page := w.reader.Get("/practices/" + e.Code)
			at := "/practices/" + e.Code
			if page.Status == http.StatusMovedPermanently {
				at = page.Location
			}
			all := append(everywhere(), at, "/awards/"+paper.ID, at+"/card.png", "/practices/"+e.Code+"/card.png", "/practices?q=vuon")
			for _, s := range sayings() {
				on := w.shows(s.word, all...)
				if len(on) > 0 && !s.seen(a) {
					t.Errorf("%+v: %q stands on %v", a, s.word, on)
				}
				if s.seen(a) && !slices.Contains(on, at) {
					t.Errorf("%+v: %q does not stand on %s", a, s.word, at)
				}
			}
			if !a.Agreed || !a.Named {
				for _, hidden := range []string{"Kín bên", "TRAN THI KIN", "tran-thi-kin", "thi%20kin"} {
					if on := w.shows(hidden, all...); len(on) > 0 {
						t.Errorf("%+v: %q stands on %v", a, hidden, on)
					}
				}
				w.noCursorTells(e)
			}
			w.filesFollow(e, a)
		}
	})
}

// noCursorTells reads the lists one by one through the service, as a reader's cursors do.
func (w ward) noCursorTells(e practice.Entry) {
	w.t.Helper()
	for _, sort := range []ledger.Sort{ledger.ByDay, ledger.ByName} {
		in := practice.PublicQuery{Sort: sort, Limit: 1}
		for {
			page, err := w.Practices.Published(w.t.Context(), in)
			w.Must(err)
			for _, r := range page.Rows {
				if r.Entry == e.ID && (r.Subject != "" || strings.Contains(r.Title+r.Summary+r.Photo.Alt+r.Photo.Caption, "Kín")) {
					w.t.Errorf("a list tells the name: %+v", r)
				}
			}
			if in.Cursor = page.Next; in.Cursor == "" {
				break
			}
			if strings.Contains(strings.ToLower(in.Cursor), "6b696e") { // "kin" in hexadecimal
				w.t.Errorf("a cursor tells the name: %s", in.Cursor)
			}
		}
	}
}

// filesFollow asks for the photo and the documents by their addresses.
func (w ward) filesFollow(e practice.Entry, a practice.Agreement) {
	w.t.Helper()
	photos, err := w.Practices.Photos(w.t.Context(), w.System(), e.ID)
	w.Must(err)
	want := http.StatusNotFound
	if a.Agreed {
		want = http.StatusOK
	}
	if got := w.reader.Get(photos[0].Sizes[0].Path()); got.Status != want {
		w.t.Errorf("%+v: the photo is answered %d", a, got.Status)
	}
	documents, err := w.Practices.Documents(w.t.Context(), w.System(), e.ID)
	w.Must(err)
	for _, d := range documents {
		want := http.StatusNotFound
		if d.Shared && a.Agreed && a.Named && a.Detail {
			want = http.StatusOK
		}
		if got := w.reader.Get("/practices/" + e.Code + "/documents/" + d.ID); got.Status != want {
			w.t.Errorf("%+v: %s is answered %d", a, d.Title, got.Status)
		} else if strings.Contains(got.Header.Get("Content-Disposition"), "k%C3%ADn") {
			w.t.Errorf("the name of the file goes out: %s", got.Header.Get("Content-Disposition"))
		}
	}
}

// TestTheVeryPhotoLeavesArticlesAndPracticesAtOnce: one photo on a practice and in an
// article; consent is withdrawn at the practice, and it is gone from both.
func TestTheVeryPhotoLeavesArticlesAndPracticesAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		e := n.Recognised(apptest.Registration(), "1/QĐ")
		n.Must(n.Practices.Consent(t.Context(), n.System(), e.ID, practice.Agreement{Agreed: true, Note: "phiếu"}))
		form := photoWords()
		form.Set("people", "agreed")
		form.Set("consentOf", "Bà Mẫu")
		form.Set("consentOn", "2024-05-02")
		raw := uploadOf(jpegOf(t, scene(640, 480)))
		at := "/admin/entries/" + e.Code
		for _, path := range []string{n.photos, at + "/photos/new"} {
			if a := n.officer.PostFiles(path, form, raw); a.Status != http.StatusSeeOther {
				t.Fatalf("%s: %d\n%s", path, a.Status, a.Body)
			}
		}
		article := n.publish(t)
		all, err := n.Practices.Photos(t.Context(), n.System(), e.ID)
		n.Must(err)
		pages := []string{article.Path(), address(e, e.Title), "/practices", "/articles"}
		for _, path := range pages {
			if a := n.citizen.Get(path); !mediaLink.MatchString(a.Body) {
				t.Errorf("%s does not show the photo (%d)", path, a.Status)
			}
		}
		if a := n.officer.Post(at+"/photos/"+all[0].ID+"/withdraw", url.Values{"note": {"Bà Mẫu gọi điện."}}); a.Status != http.StatusSeeOther {
			t.Fatalf("withdraw: %d\n%s", a.Status, a.Body)
		}
		for _, path := range pages {
			if a := n.citizen.Get(path); a.Status != http.StatusOK || mediaLink.MatchString(a.Body) {
				t.Errorf("%s still shows it (%d)", path, a.Status)
			}
		}
		if a := n.citizen.Get(all[0].Sizes[0].Path()); a.Status != http.StatusNotFound {
			t.Errorf("it is still served: %d", a.Status)
		}
		if page := n.officer.Get(at + "/files").Body; !strings.Contains(page, "Bà Mẫu gọi điện.") {
			t.Error("the desk does not tell that consent was withdrawn")
		}
		if kept, err := photo.KeptFiles(t.Context(), n.DB, []string{all[0].Sizes[0].SHA256}); err != nil || len(kept) != 0 {
			t.Errorf("its files are kept: %v, %v", kept, err)
		}
	})
}

// TestPhotosOfAPracticeByWhomeverMay: a reporter adds photos until the practice is public;
// then those who publish do, without gaps; another ward never.
func TestPhotosOfAPracticeByWhomeverMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		login(t, n.Small, "phuonghai", app.RoleReporter, "W2")
		foreign := apptest.As(t, apptest.Serve(t, n.House), "phuonghai")
		e := n.Recognised(apptest.Registration(), "1/QĐ")
		at := "/admin/entries/" + e.Code
		raw := uploadOf(jpegOf(t, scene(320, 200)))
		if a := n.writer.PostFiles(at+"/photos/new", url.Values{}, raw); a.Status != http.StatusSeeOther {
			t.Fatalf("a photo with gaps before it is public: %d\n%s", a.Status, a.Body)
		}
		n.Must(n.Practices.Consent(t.Context(), n.System(), e.ID, practice.Agreement{Agreed: true, Note: "phiếu"}))
		if a := n.citizen.Get(address(e, e.Title)); mediaLink.MatchString(a.Body) {
			t.Error("readers see a photo of which nothing is said")
		}
		if a := n.writer.PostFiles(at+"/photos/new", photoWords(), raw); a.Status != http.StatusConflict {
			t.Errorf("a reporter adds to what is public: %d", a.Status)
		}
		if a := n.officer.PostFiles(at+"/photos/new", url.Values{}, raw); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("an officer adds one with gaps: %d", a.Status)
		}
		all, err := n.Practices.Photos(t.Context(), n.System(), e.ID)
		n.Must(err)
		one := at + "/photos/" + all[0].ID
		if a := n.officer.Post(one, photoWords()); a.Status != http.StatusSeeOther {
			t.Errorf("describe: %d\n%s", a.Status, a.Body)
		}
		for _, path := range []string{one, one + "/file/320", at + "/photos/new", at + "/files"} {
			if a := foreign.Get(path); a.Status != http.StatusNotFound {
				t.Errorf("another ward gets %d for %s", a.Status, path)
			}
		}
		if a := foreign.Post(one+"/remove", nil); a.Status != http.StatusNotFound {
			t.Errorf("another ward removes it: %d", a.Status)
		}
		if a := n.writer.Post(one+"/remove", nil); a.Status != http.StatusSeeOther {
			t.Errorf("who registered takes it off: %d", a.Status)
		}
		if a := n.citizen.Get(all[0].Sizes[0].Path()); a.Status != http.StatusNotFound {
			t.Errorf("it is still served: %d", a.Status)
		}
	})
}

// TestADocumentGoesItsWay adds evidence of each kind, shares it, takes it off, puts it back
// and deletes it.
func TestADocumentGoesItsWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		e := n.Recognised(apptest.Registration(), "1/QĐ")
		n.Must(n.Practices.Consent(t.Context(), n.System(), e.ID, practice.Agreement{Agreed: true, Detail: true, Note: "phiếu"}))
		at := "/admin/entries/" + e.Code
		for _, kind := range practice.FileKinds() {
			up := apptest.Upload{Field: "document", Name: "../../Báo cáo" + kind.Endings()[0], Content: blobtest.File(t, kind)}
			if a := n.writer.PostFiles(at+"/files", url.Values{}, up); a.Status != http.StatusSeeOther {
				t.Fatalf("%s: %d\n%s", kind, a.Status, a.Body)
			}
		}
		for says, up := range map[string]apptest.Upload{
			"dù tên tệp là gì": {Field: "document", Name: "x.pdf", Content: []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00")}, "Cần nhập mục này": {Field: "document"},
		} {
			if a := n.writer.PostFiles(at+"/files", url.Values{"documentTitle": {"Giữ lại tên"}}, up); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, says) ||
				!strings.Contains(a.Body, "Giữ lại tên") || !strings.Contains(a.Body, `href="#f-document"`) {
				t.Errorf("%s: %d\n%s", says, a.Status, a.Body)
			}
		}
		all, err := n.Practices.Documents(t.Context(), n.System(), e.ID)
		n.Must(err)
		if len(all) != len(practice.FileKinds()) || all[0].Title != "Báo cáo" {
			t.Fatalf("%+v", all)
		}
		doc := at + "/documents/" + all[0].ID
		public := "/practices/" + e.Code + "/documents/" + all[0].ID
		if a := n.writer.Get(doc + "/file"); a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("download: %d %v", a.Status, a.Header)
		}
		if a := n.citizen.Get(public); a.Status != http.StatusNotFound {
			t.Errorf("what nobody shared: %d", a.Status)
		}
		if a := n.writer.Post(doc+"/share", url.Values{"shared": {"1"}}); a.Status != http.StatusForbidden {
			t.Errorf("a reporter shares it: %d", a.Status)
		}
		n.officer.Post(doc+"/share", url.Values{"shared": {"1"}})
		if a := n.citizen.Get(public); a.Status != http.StatusOK || a.Body != string(blobtest.File(t, all[0].FileKind)) || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("shared: %d %v", a.Status, a.Header)
		}
		if a := n.citizen.Get(address(e, e.Title)); !strings.Contains(a.Body, public) || !strings.Contains(a.Body, "PDF, 1 KB") {
			t.Error("its page does not lead to it")
		}
		for _, agreed := range []bool{false, true} { // it was shared under an agreement that is over
			n.Must(n.Practices.Consent(t.Context(), n.System(), e.ID, practice.Agreement{Agreed: agreed, Detail: agreed, Note: "phiếu mới"}))
			if a := n.citizen.Get(public); a.Status == http.StatusOK {
				t.Errorf("with the agreement taken back or given anew (%t) it is still shared", agreed)
			}
		}
		n.officer.Post(doc+"/share", url.Values{"shared": {"1"}})
		if a := n.citizen.Get(public); a.Status != http.StatusOK {
			t.Errorf("shared anew: %d", a.Status)
		}
		if a := n.writer.Post(doc+"/remove", nil); a.Status != http.StatusForbidden {
			t.Errorf("a reporter takes off what was received: %d", a.Status)
		}
		n.officer.Post(doc+"/remove", nil)
		if a := n.citizen.Get(public); a.Status != http.StatusNotFound {
			t.Errorf("taken off: %d", a.Status)
		}
		if page := n.officer.Get(at + "/files").Body; !strings.Contains(page, "Đã gỡ (1)") {
			t.Error("the desk does not offer it back")
		}
		n.officer.Post(doc+"/restore", nil)
		if a := n.citizen.Get(public); a.Status != http.StatusNotFound {
			t.Errorf("put back, it is shared without anybody saying so: %d", a.Status)
		}
		if a := n.officer.Post(doc+"/delete", url.Values{"sure": {"1"}}); a.Status != http.StatusConflict {
			t.Errorf("deleted while it is there: %d", a.Status)
		}
		n.officer.Post(doc+"/remove", nil)
		if a := n.officer.Post(doc+"/delete", nil); a.Status != http.StatusOK || !strings.Contains(a.Body, "không khôi phục được") {
			t.Errorf("it is not asked first: %d", a.Status)
		}
		if a := n.officer.Post(doc+"/delete", url.Values{"sure": {"1"}}); a.Status != http.StatusSeeOther {
			t.Errorf("delete: %d\n%s", a.Status, a.Body)
		}
		kept, err := n.Practices.KeptFiles(t.Context(), []string{all[0].FileHash, all[1].FileHash})
		if err != nil || kept[all[0].FileHash] || !kept[all[1].FileHash] {
			t.Errorf("kept: %v, %v", kept, err)
		}
	})
}

// TestWithdrawingAnAgreementTellsTheArticles: the page on which it is withdrawn lists what
// is written about the model, and so does the page of the model afterwards.
func TestWithdrawingAnAgreementTellsTheArticles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		e := n.Recognised(apptest.Registration(), "1/QĐ")
		at := "/admin/entries/" + e.Code
		mentioned := func() bool {
			page := n.officer.Get(at + "/consent").Body
			return strings.Contains(page, "1 bài viết nhắc đến mô hình này") && strings.Contains(page, `href="/admin/articles/`+n.draft.ID+`"`)
		}
		n.Must(n.Practices.Consent(t.Context(), n.System(), e.ID, practice.Agreement{Agreed: true, Note: "phiếu"}))
		if mentioned() {
			t.Error("an article is listed that is about something else")
		}
		in := press.Input{
			Unit: "W1", Category: press.News, Title: n.draft.Title, Lead: "Chợ họp từ tờ mờ.", Body: "<p>Chuyện chợ.</p>", Author: "Tổ thông tin",
			Links: []press.Link{{Kind: press.ToPractice, ID: e.ID}},
		}
		a, err := n.Press.Edit(t.Context(), n.System(), n.draft.ID, n.draft.Version, in, "")
		n.Must(err)
		n.draft = a
		if !mentioned() {
			t.Error("the article about it is not listed")
		}
		n.publish(t)
		if page := n.officer.Get(at).Body; strings.Contains(page, "vẫn còn bài viết") {
			t.Error("the desk warns while all is agreed to")
		}
		if a := n.officer.Post(at+"/consent", url.Values{"reason": {"Gia đình đề nghị."}}); a.Status != http.StatusSeeOther {
			t.Fatalf("withdraw: %d\n%s", a.Status, a.Body)
		}
		if page := n.officer.Get(at).Body; !strings.Contains(page, "vẫn còn bài viết") || !strings.Contains(page, `href="/admin/articles/`+n.draft.ID+`"`) {
			t.Error("afterwards the desk does not tell what is left")
		}
		tree, err := n.Org.Current(t.Context())
		n.Must(err)
		w2, _ := tree.ByCode("W2")
		all, err := n.Press.About(t.Context(), n.At(app.RoleOfficer, "W2"), press.Link{Kind: press.ToPractice, ID: e.ID})
		if err != nil || len(all) != 1 || all[0].Unit == w2.ID {
			t.Errorf("of another ward: %v, %v", all, err)
		}
	})
}

// TestTheHintOnADecision tells whoever types the title that readers see it.
func TestTheHintOnADecision(t *testing.T) {
	_, officer := smallWithOfficer(t, apptest.Open(t, db.SQLite))
	if page := officer.Get("/admin/decisions/new").Body; !strings.Contains(page, "Người đọc cổng công khai thấy nguyên văn trích yếu này") || !strings.Contains(page, `aria-describedby="f-title-hint"`) {
		t.Error("there is no hint beside the title")
	}
}

// TestADecisionNamesNobodyBesideAHiddenName: whoever agreed to be named for one model and
// not for another is not told on the page of the other by the title of its decision.
func TestADecisionNamesNobodyBesideAHiddenName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWard(t, d)
		e, paper := w.said()
		w.agree(e, practice.Agreement{Agreed: true, Note: "phiếu"})
		in := apptest.Registration()
		in.Kind, in.Subject, in.Exemplar, in.Title = ledger.Individual, e.Subject, e.Exemplar, "Lớp dạy nghề"
		w.agree(w.Recognised(in, "3/QĐ"), practice.Agreement{Agreed: true, Named: true, Note: "phiếu"})
		page := w.reader.Get("/practices/" + e.Code).Location
		if on := w.shows("TRAN THI KIN", page, "/awards/"+paper.ID); !slices.Equal(on, []string{"/awards/" + paper.ID}) {
			t.Errorf("the name stands on %v", on)
		}
		if on := w.shows("Công nhận vườn rau của […]", page); len(on) == 0 {
			t.Error("the page does not show the decision")
		}
	})
}
