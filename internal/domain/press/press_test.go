package press_test

import (
	"slices"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// story is a sound input for an article of the first ward.
func story(title string) press.Input {
	return press.Input{
		Unit: "W1", Category: press.News, Title: title, Lead: "Bà con cùng bàn, cùng làm.", Body: "<p>Chuyện kể ở đây.</p>",
		Author: "Tổ thông tin", Tags: []string{"Môi trường"},
	}
}

// published is an article that has gone the whole way.
func published(t *testing.T, s apptest.Small, in press.Input) press.Article {
	t.Helper()
	ctx, who := t.Context(), s.System()
	a, err := s.Press.Create(ctx, who, in)
	s.Must(err)
	for _, verb := range []func() (press.Article, error){
		func() (press.Article, error) { return s.Press.Submit(ctx, who, a.ID, press.Step{Version: a.Version}) },
		func() (press.Article, error) { return s.Press.Approve(ctx, who, a.ID, press.Step{Version: a.Version}) },
		func() (press.Article, error) { return s.Press.Publish(ctx, who, a.ID, press.Step{Version: a.Version}) },
	} {
		a, err = verb()
		s.Must(err)
	}
	return a
}

func TestLifeOfAnArticle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, writer, officer := t.Context(), s.At(app.RoleReporter, "W1"), s.At(app.RoleOfficer, "D")
		a, err := s.Press.Create(ctx, writer, story("Ngõ nhỏ, phố nhỏ"))
		s.Must(err)
		if a.State != press.Draft || a.Path() != "/articles/ngo-nho-pho-nho-1" {
			t.Errorf("a new article: %s at %s", a.State, a.Path())
		}
		if _, err := s.Press.Publish(ctx, writer, a.ID, press.Step{Version: a.Version}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a writer publishes: %v", err)
		}
		if _, err := s.Press.Publish(ctx, officer, a.ID, press.Step{Version: a.Version}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a draft is published: %v", err)
		}
		a, err = s.Press.Submit(ctx, writer, a.ID, press.Step{Version: a.Version})
		s.Must(err)
		if _, err := s.Press.Return(ctx, officer, a.ID, press.Step{Version: a.Version}); !errs.Is(err, errs.Invalid) {
			t.Errorf("returned without a reason: %v", err)
		}
		if _, err := s.Press.Approve(ctx, officer, a.ID, press.Step{Version: a.Version - 1}); !errs.Is(err, errs.Conflict) {
			t.Errorf("approved what was not read: %v", err)
		}
		a, err = s.Press.Approve(ctx, officer, a.ID, press.Step{Version: a.Version})
		s.Must(err)
		if _, err := s.Press.Edit(ctx, writer, a.ID, a.Version, story("Khác"), ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("a writer edits what is approved: %v", err)
		}
		if _, err := s.Press.Show(ctx, a.No); !errs.Is(err, errs.NotFound) {
			t.Errorf("readers see it before it is published: %v", err)
		}
		a, err = s.Press.Publish(ctx, officer, a.ID, press.Step{Version: a.Version})
		s.Must(err)
		if _, err := s.Press.Edit(ctx, officer, a.ID, a.Version, story("Ngõ nhỏ, phố lớn"), " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("corrected without a word to readers: %v", err)
		}
		a, err = s.Press.Edit(ctx, officer, a.ID, a.Version, story("Ngõ nhỏ, phố lớn"), "Sửa tên phố.")
		s.Must(err)
		shown, err := s.Press.Show(ctx, a.No)
		s.Must(err)
		if shown.Title != "Ngõ nhỏ, phố lớn" || shown.Correction != "Sửa tên phố." || shown.PublishedAt.IsZero() {
			t.Errorf("readers see %+v", shown.Article)
		}
		_, err = s.Press.Archive(ctx, officer, a.ID, press.Step{Version: a.Version, Note: "Gỡ theo đề nghị của gia đình."})
		s.Must(err)
		shown, err = s.Press.Show(ctx, a.No)
		s.Must(err)
		if shown.Body != "" || shown.ArchiveNote == "" || shown.ArchivedOn == 0 {
			t.Errorf("what was taken down shows %+v", shown.Article)
		}
		history, err := s.Press.History(ctx, officer, a.ID)
		s.Must(err)
		if len(history) != 6 || history[0].Note != "Gỡ theo đề nghị của gia đình." || history[5].Title != "Ngõ nhỏ, phố nhỏ" {
			t.Errorf("the history: %+v", history)
		}
	})
}

func TestAnArticleStaysInItsScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := published(t, s, story("Của phường Một"))
		other := s.At(app.RoleReporter, "W2")
		if _, err := s.Press.Get(t.Context(), other, a.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward reads the desk's article: %v", err)
		}
		if _, err := s.Press.Create(t.Context(), other, story("Nhân danh phường Một")); !errs.Is(err, errs.Invalid) {
			t.Errorf("a ward writes in the name of another: %v", err)
		}
		all, counts, _, err := s.Press.List(t.Context(), other, press.Desk{Limit: 10})
		s.Must(err)
		if len(all) != 0 || len(counts) != 0 {
			t.Errorf("another ward's list: %v, %v", all, counts)
		}
	})
}

func TestScheduledIsPublishedInTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		a, err := s.Press.Create(ctx, who, story("Hẹn giờ"))
		s.Must(err)
		a, err = s.Press.Submit(ctx, who, a.ID, press.Step{Version: a.Version})
		s.Must(err)
		a, err = s.Press.Approve(ctx, who, a.ID, press.Step{Version: a.Version})
		s.Must(err)
		if _, err := s.Press.Schedule(ctx, who, a.ID, press.Step{Version: a.Version, At: s.Now().Add(-time.Hour)}); !errs.Is(err, errs.Invalid) {
			t.Errorf("scheduled for the past: %v", err)
		}
		_, err = s.Press.Schedule(ctx, who, a.ID, press.Step{Version: a.Version, At: s.Now().Add(30 * time.Millisecond)})
		s.Must(err)
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
			s.Must(s.Press.PublishDue(ctx, who))
			if _, err = s.Press.Show(ctx, a.No); err == nil {
				break
			}
		}
		s.Must(err)
	})
}

func TestPublishedPagesAndNeighbours(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		var nos []int
		for _, title := range []string{"Một", "Hai", "Ba", "Bốn", "Năm"} {
			nos = append(nos, published(t, s, story("Chuyện số "+title)).No)
		}
		slices.Reverse(nos)
		var got []int
		cursor := ""
		for {
			page, next, err := s.Press.Published(t.Context(), press.Page{Limit: 2, Cursor: cursor})
			s.Must(err)
			for _, h := range page {
				got = append(got, h.No)
			}
			if cursor = next; cursor == "" {
				break
			}
		}
		if !slices.Equal(got, nos) {
			t.Errorf("page by page: %v, want %v", got, nos)
		}
		shown, err := s.Press.Show(t.Context(), nos[2])
		s.Must(err)
		if shown.Newer.No != nos[1] || shown.Older.No != nos[3] || len(shown.Related) != 4 {
			t.Errorf("around %d: newer %d, older %d, related %d", nos[2], shown.Newer.No, shown.Older.No, len(shown.Related))
		}
		found, _, err := s.Press.Published(t.Context(), press.Page{Limit: 10, Words: "chuyen SO bon"})
		s.Must(err)
		if len(found) != 1 || found[0].Title != "Chuyện số Bốn" {
			t.Errorf("found %v", found)
		}
		if found, _, err = s.Press.Published(t.Context(), press.Page{Limit: 10, Words: "100%_"}); err != nil || len(found) != 0 {
			t.Errorf("signs of LIKE find %v, %v", found, err)
		}
	})
}
