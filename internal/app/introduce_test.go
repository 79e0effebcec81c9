package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func told(pairs ...string) url.Values {
	v := url.Values{
		"name": {"Bà Lê Thị Sen"}, "kind": {"individual"}, "unit": {"W1.G"}, "doing": {"Nấu cháo sáng cho người bệnh nghèo từ năm 2019."},
		"byName": {"Người Kể"}, "byContact": {"0900 000 001"}, "agreed": {"1"},
	}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// TestAnybodyIntroducesAnExemplar tells of one without an account, twice, and follows it
// until it is found: it counts once, and only then.
func TestAnybodyIntroducesAnExemplar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		visitor := apptest.Visitor(t, w.site)
		if a := visitor.Get("/introduce"); a.Status != http.StatusOK || !strings.Contains(a.Body, "W1.G") {
			t.Fatalf("the form: %d", a.Status)
		}
		for _, wrong := range []url.Values{told("doing", "ngắn"), told("agreed", ""), told("unit", "W9"), told("kind", "x"), told("name", "<b>Sen</b>"), told("doing", strings.Repeat("x", 4000))} {
			if a := visitor.Post("/introduce", wrong); a.Status != http.StatusUnprocessableEntity || strings.Contains(a.Body, "<b>Sen</b>") {
				t.Errorf("%v is answered %d", wrong, a.Status)
			}
		}
		first := visitor.Post("/introduce", told())
		visitor.Post("/introduce", told("name", "bà  LÊ THỊ SEN"))
		if first.Status != http.StatusSeeOther {
			t.Fatalf("it is not taken: %d", first.Status)
		}
		receipt := visitor.Get(first.Location)
		if receipt.Status != http.StatusOK || strings.Contains(receipt.Body, "Người Kể") || strings.Contains(receipt.Body, "0900") {
			t.Errorf("the receipt: %d", receipt.Status)
		}
		queue, err := w.Nurture.Queue(t.Context(), w.At("officer", "W1"), nurture.Waiting)
		w.Must(err)
		if len(queue) != 2 || queue[0].Same != 1 {
			t.Fatalf("the queue: %+v", queue)
		}
		if other, err := w.Nurture.Queue(t.Context(), w.At("officer", "W2"), nurture.Waiting); err != nil || len(other) != 0 {
			t.Errorf("another ward sees %d, %v", len(other), err)
		}
		found := func() int {
			got, err := w.Reports.Report(t.Context(), w.At("officer", "W1"), report.Query{Movement: "M-2024"})
			w.Must(err)
			return got.Figures.Get(ledger.FigureFound).Total
		}
		before := found()
		officer := apptest.As(t, w.site, "canbo1")
		if a := apptest.As(t, w.site, "phuong1").Post("/admin/introductions/"+queue[0].ID, url.Values{}); a.Status != http.StatusForbidden {
			t.Errorf("a reporter screens: %d", a.Status)
		}
		accept := url.Values{"movement": {"M-2024"}, "field": {"economy"}, "on": {"2024-09-20"}}
		if a := officer.Post("/admin/introductions/"+queue[0].ID, accept); a.Status != http.StatusSeeOther {
			t.Fatalf("it is not accepted: %d %s", a.Status, a.Body)
		}
		if after := found(); after != before+1 {
			t.Errorf("found %d, before %d", after, before)
		}
		if rest, err := w.Nurture.Queue(t.Context(), w.At("officer", "W1"), nurture.Waiting); err != nil || len(rest) != 0 {
			t.Errorf("the other of the same name still waits: %d, %v", len(rest), err)
		}
		x, _, err := w.Nurture.Get(t.Context(), w.At("officer", "W1"), queue[0].ID)
		w.Must(err)
		if a := officer.Post("/admin/nurture/"+x.Exemplar, url.Values{"on": {"2024-09-21"}, "done": {"Đến thăm"}, "next": {"Viết bài"}, "nextOn": {"2024-09-30"}}); a.Status != http.StatusSeeOther {
			t.Errorf("a note: %d", a.Status)
		}
		if a := officer.Get("/admin/nurture"); !strings.Contains(a.Body, "Viết bài") || !strings.Contains(a.Body, "Bà Lê Thị Sen") {
			t.Error("the list of the nurtured does not show it")
		}
	})
}

// TestAFloodOfIntroductionsIsStopped sends more than a network may, and fills the field
// that people do not see.
func TestAFloodOfIntroductionsIsStopped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		visitor := apptest.Visitor(t, w.site)
		taken, stopped := 0, 0
		for range 10 {
			switch a := visitor.Post("/introduce", told("website", "http://x")); a.Status {
			case http.StatusSeeOther:
				taken++
			case http.StatusTooManyRequests:
				stopped++
				if !strings.Contains(a.Body, "Nấu cháo sáng") {
					t.Error("what was typed is lost")
				}
			default:
				t.Errorf("answered %d", a.Status)
			}
		}
		if taken != 4 || stopped != 6 {
			t.Errorf("%d taken, %d stopped", taken, stopped)
		}
		queue, err := w.Nurture.Queue(t.Context(), w.System(), nurture.Waiting)
		w.Must(err)
		if len(queue) == 0 || !queue[0].Robot {
			t.Error("a filled trap is not marked")
		}
		if err := w.Nurture.Refuse(t.Context(), w.At("officer", "W1"), queue[0].ID, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("refused without a reason: %v", err)
		}
		w.Must(w.Nurture.Refuse(t.Context(), w.At("officer", "W1"), queue[0].ID, "Tin rác"))
		if err := w.Nurture.Refuse(t.Context(), w.At("officer", "W1"), queue[0].ID, "Tin rác"); !errs.Is(err, errs.Conflict) {
			t.Errorf("refused twice: %v", err)
		}
	})
}
