package press_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// near lists the titles of what stands beside an article.
func near(t *testing.T, s apptest.Small, a press.Article) []string {
	t.Helper()
	shown, err := s.Press.Show(t.Context(), a.No)
	s.Must(err)
	var all []string
	for _, h := range shown.Related {
		all = append(all, h.Title)
	}
	return all
}

// told is a published article with a title and a lead of its own, and no tags.
func told(t *testing.T, s apptest.Small, title, lead string, change ...func(*press.Input)) press.Article {
	t.Helper()
	in := story(title)
	in.Lead, in.Tags = lead, nil
	for _, f := range change {
		f(&in)
	}
	return published(t, s, in)
}

func TestArticlesAreNearByTheirWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		tagged := func(in *press.Input) { in.Tags = []string{"ghế đá"} }
		a := told(t, s, "Hiến tạng cứu người ở Hàng Bạc", "Bác sĩ trẻ đăng ký hiến tạng.", tagged)
		byTag := told(t, s, "Một chuyện khác hẳn", "Không chung chữ nào.", tagged)
		most := told(t, s, "Phố Hàng Bạc: thêm người đăng ký HIẾN TẠNG", "Chuyện của các bác sĩ.", tagged)
		plain := told(t, s, "hien tang, dang ky o hang bac", "Viết không dấu.")
		once := told(t, s, "Chợ Hàng Bạc", "Chỉ chung một cặp chữ.")
		crossed := told(t, s, "Đoàn sĩ, trẻ; hiến. tạng", "Dấu câu chia các chữ.")
		want := []string{most.Title, plain.Title, byTag.Title} // of two that are equally near the newer one first
		if got := near(t, s, a); !slices.Equal(got, want) {
			t.Errorf("beside it stand %v", got)
		}
		if got := near(t, s, once); len(got) != 0 {
			t.Errorf("one pair of words is enough for %v", got)
		}
		if got := near(t, s, crossed); len(got) != 0 {
			t.Errorf("words on two sides of a sign are a pair for %v", got)
		}
		_, err := s.Press.Archive(t.Context(), s.System(), plain.ID, press.Step{Version: plain.Version, Note: "Gỡ."})
		s.Must(err)
		in := story("Chuyện đã sửa")
		in.Lead, in.Tags = "Không còn chữ chung.", nil
		_, err = s.Press.Edit(t.Context(), s.System(), most.ID, most.Version, in, "Sửa hết.")
		s.Must(err)
		if got := near(t, s, a); !slices.Equal(got, []string{byTag.Title}) {
			t.Errorf("after one was taken down and one corrected stand %v", got)
		}
	})
}

// TestADraftSeesWhatWillStandBesideIt, and is itself beside nothing.
func TestADraftSeesWhatWillStandBesideIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := told(t, s, "Hiến tạng cứu người ở Hàng Bạc", "Bác sĩ trẻ.")
		in := story("Đăng ký hiến tạng ở Hàng Bạc")
		in.Tags = nil
		draft, err := s.Press.Create(t.Context(), s.System(), in)
		s.Must(err)
		shown, err := s.Press.Preview(t.Context(), s.At(app.RoleReporter, "W1"), draft.ID)
		s.Must(err)
		if len(shown.Related) != 1 || shown.Related[0].ID != a.ID {
			t.Errorf("beside the draft: %+v", shown.Related)
		}
		if got := near(t, s, a); len(got) != 0 {
			t.Errorf("readers are told of a draft: %v", got)
		}
	})
}

// TestCommonWordsDoNotCount: what more than a hundred articles say of themselves, or more
// than a tenth of all, tells nothing.
func TestCommonWordsDoNotCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		all := make([]press.Brought, 120)
		for i := range all {
			all[i].Input = story(fmt.Sprintf("Mô hình thắp sáng đường quê %d", i))
			all[i].Lead, all[i].Tags, all[i].PublishedAt = "", nil, s.Now().AddDate(0, 0, -i-1)
			all[i].Lead = "Tin ngắn."
		}
		brought, err := s.Press.Bring(t.Context(), s.System(), all)
		s.Must(err)
		if got := near(t, s, brought[5]); len(got) != 0 {
			t.Errorf("all are near: %v", got)
		}
		rare := told(t, s, "Thắp sáng đường quê bằng ống nứa già", "Ông Mẫu làm.")
		other := told(t, s, "Ống nứa già hóa đèn", "Thắp sáng đường quê.")
		if got := near(t, s, rare); !slices.Equal(got, []string{other.Title}) {
			t.Errorf("beside it stand %v", got)
		}
	})
}

// TestWordsOfOldArticlesAreTaken at the start of a program that takes them, once.
func TestWordsOfOldArticlesAreTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := told(t, s, "Hiến tạng cứu người ở Hàng Bạc", "Bác sĩ trẻ.")
		b := told(t, s, "Đăng ký hiến tạng ở Hàng Bạc", "Thêm người.")
		empty := told(t, s, "Và", "Của các.") // which has no pair
		s.Must(d.Write(t.Context(), func(tx *db.Tx) error {
			for _, sql := range []string{`DELETE FROM press_word`, `UPDATE press_article SET words = 0`} {
				if _, err := db.Exec(t.Context(), tx, sql); err != nil {
					return err
				}
			}
			return nil
		}))
		s.Must(press.Renew(t.Context(), d))
		s.Must(press.Renew(t.Context(), d))
		if got := near(t, s, a); !slices.Equal(got, []string{b.Title}) || len(near(t, s, empty)) != 0 {
			t.Errorf("beside it stand %v", got)
		}
	})
}
