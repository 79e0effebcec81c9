package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestRatingsThatStandAsideAreCounted walks a moderator's way without a script: the list,
// the article, the question, and what readers see then.
func TestRatingsThatStandAsideAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ nở hoa")
		for login, of := range map[string][2]string{"canbo": {app.RoleOfficer, "D"}, "phuonghai": {app.RoleOfficer, "W2"}, "baocao": {app.RoleReporter, "W1"}} {
			account(t, s, login, of[0], of[1])
		}
		site := apptest.Serve(t, s.House)
		officer, reader := apptest.As(t, site, "canbo"), apptest.Visitor(t, site)
		if got := officer.Get("/admin/ratings"); !strings.Contains(got.Body, "Không có đánh giá nào để riêng") {
			t.Errorf("with nothing there: %d %s", got.Status, got.Body)
		}
		for i := range 23 { // three more than a network may give
			s.Must(s.Press.Rate(t.Context(), press.Vote{Article: a.ID, Device: fmt.Sprint(i), Network: "one", Score: 1}))
		}
		s.Must(s.Press.Rate(t.Context(), press.Vote{Article: a.ID, Device: "bot", Network: "two", Score: 5, Robot: true}))
		page := "/admin/ratings/" + a.ID
		if got := officer.Get("/admin/ratings").Body; strings.Count(got, `href="`+page+`"`) != 2 || !strings.Contains(got, "Dồn dập từ một mạng") {
			t.Errorf("the list: %s", got)
		}
		if got := officer.Get("/admin/ratings?reason=robot").Body; strings.Count(got, `href="`+page+`"`) != 1 {
			t.Errorf("robots alone: %s", got)
		}
		if got := officer.Get("/admin/articles/" + a.ID).Body; !strings.Contains(got, `href="`+page+`"`) {
			t.Error("the article does not lead to its ratings")
		}
		if got := officer.Get(page).Body; !strings.Contains(got, "Tính 3 đánh giá này") || !strings.Contains(got, "1,0 trên 5, từ 20 đánh giá") {
			t.Errorf("the article's: %s", got)
		}
		before := reader.Get(a.Path()).Body
		form := url.Values{"reason": {"flood"}}
		if got := officer.Post(page, form); got.Status != http.StatusOK || !strings.Contains(got.Body, `name="sure"`) || reader.Get(a.Path()).Body != before {
			t.Errorf("it is not asked first: %d", got.Status)
		}
		form.Set("sure", "1")
		if got := apptest.As(t, site, "phuonghai").Post(page, form); got.Status != http.StatusNotFound {
			t.Errorf("another ward: %d", got.Status)
		}
		if got := apptest.As(t, site, "baocao").Post(page, form); got.Status != http.StatusForbidden {
			t.Errorf("without the right: %d", got.Status)
		}
		if got := officer.Post(page, form); got.Status != http.StatusSeeOther || got.Location != page {
			t.Fatalf("counted: %d %s", got.Status, got.Location)
		}
		if got := reader.Get(a.Path()).Body; !strings.Contains(got, "23 trong 23 đánh giá") {
			t.Error("readers do not see it at once")
		}
		if got := officer.Post(page, form); got.Status != http.StatusConflict {
			t.Errorf("counted twice: %d", got.Status)
		}
		records, err := audit.History(t.Context(), d, audit.Object{Kind: "article", ID: a.ID})
		s.Must(err)
		if last := records[len(records)-1]; last.Action != "press.count_aside" || last.Login != "canbo" || !strings.Contains(string(last.Detail), `"count":3`) {
			t.Errorf("the record: %+v", last)
		}
	})
}
