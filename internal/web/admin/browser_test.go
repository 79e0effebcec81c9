package admin_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// TestAnswersInABrowser looks at the pages that only a post shows, and at a history in
// which something was taken back: both languages, both widths, light and dark.
func TestAnswersInABrowser(t *testing.T) {
	b := browsertest.Open(t)
	s := newSite(t, dbtest.Open(t, db.SQLite))
	pages := map[string]string{}
	for _, lang := range []string{"vi", "en"} {
		for name, body := range s.answers(lang) {
			pages[name+"-"+lang] = body
		}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", ui.Static())
	mux.HandleFunc("GET /{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err := w.Write([]byte(pages[r.PathValue("name")]))
		s.must(err)
	})
	still := httptest.NewServer(mux)
	t.Cleanup(still.Close)
	for name := range pages {
		for _, width := range browsertest.Widths() {
			t.Run(name+"-"+strconv.FormatInt(width, 10), func(t *testing.T) { b.Look(t, still.URL+"/"+name, width, name) })
		}
	}
	browsertest.Nu(t, pages)
}

// answers are pages as they come back to an officer in a language.
func (s *site) answers(lang string) map[string]string {
	s.t.Helper()
	who := s.as("canbo")
	who.post("/lang", "to", lang, "back", "/").wants(http.StatusSeeOther)
	one, two := s.entry("HK.A.1", "Nuôi tôm lúa hữu cơ kết hợp du lịch cộng đồng"), s.entry("HK.B.1", "Bữa cơm nghĩa tình ở bệnh viện")
	pages := map[string]string{}
	pages["bulk"] = who.post("/admin/entries/steps", "step", "return", "period", "2", "id", one.ID, "id", two.ID, "id", s.started("HK.A", "Đã bắt đầu").ID).body
	pages["again"] = who.post("/admin/entries/new", "movement", "HK-2024", "on", "", "goals", "Đã ghi").wants(http.StatusUnprocessableEntity).body
	page := "/admin/entries/" + one.Code
	form := who.get(page + "/edit").form()
	s.must(s.house.Practices.Consent(s.t.Context(), s.house.System(), one.ID, practice.Agreement{Agreed: true, Note: "Biên bản"}))
	form.Set("goals", "Đoạn một.\nĐoạn hai dài hơn, để xem chữ xuống dòng ra sao khi hai bản đứng cạnh nhau.")
	form.Set("field", "economy")
	pages["conflict"] = who.postForm(page+"/edit", form).wants(http.StatusConflict).body
	who.post(page+"/return", "on", "2024-06-05", "reason", "Nêu rõ mục tiêu và con số.", "sure", "1").wants(http.StatusSeeOther)
	pages["returned"] = who.get(page).body
	e := s.started("HK.A.1", "Phố nghề giữ lửa bên đền")
	s.must(s.house.Practices.Suspend(s.t.Context(), s.house.System(), practice.Step{Entries: []string{e.ID}, On: clock.MustDate("2024-08-01")}))
	all := who.get("/admin/entries/" + e.Code).addresses("/admin/entries/" + e.Code + "/void/[^\"]*")
	last := all[len(all)-1]
	pages["void"] = who.get(last).wants(http.StatusOK).body
	who.post(last, "reason", "Ghi nhầm mô hình").wants(http.StatusSeeOther)
	pages["voided"] = who.get("/admin/entries/" + e.Code).body
	return pages
}
