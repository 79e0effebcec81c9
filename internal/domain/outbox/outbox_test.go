package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/mail"
)

// post is a sender that keeps what it is given, and fails as it is told.
type post struct {
	sent []mail.Letter
	fail []error
	call func()
}

func (p *post) From() string { return "thidua@example.vn" }

func (p *post) Send(_ context.Context, l mail.Letter) error {
	if p.call != nil {
		p.call()
	}
	if len(p.fail) > 0 {
		err := p.fail[0]
		if p.fail = p.fail[1:]; err != nil {
			return err
		}
	}
	p.sent = append(p.sent, l)
	return nil
}

// house is a small one with a clock of its own and a post.
type house struct {
	apptest.Small
	t    *testing.T
	now  time.Time
	post *post
	out  *outbox.Service
	unit string
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{Small: apptest.NewSmall(t, d), t: t, post: &post{}}
	h.now = h.Now()
	built := app.Build(d, apptest.Files(t), func() time.Time { return h.now }, slog.New(slog.DiscardHandler))
	h.out = built.Outbox
	h.out.SendBy(h.post, "https://thidua.example.vn/")
	tree, err := h.Org.Current(t.Context())
	h.Must(err)
	unit, _ := tree.ByCode("W1")
	h.unit = unit.ID
	return h
}

func (h *house) queue(about, to string, private bool) outbox.Letter {
	h.t.Helper()
	l := outbox.Letter{
		Unit: h.unit, About: outbox.About{Kind: "opinion", ID: about}, To: to, Private: private, Subject: "Trả lời", Text: "Kính gửi bạn đọc.", Link: "/articles/x-1",
		CreatedBy: "canbo",
	}
	h.Must(h.DB.Write(h.t.Context(), func(tx *db.Tx) (err error) {
		l, err = h.out.Queue(h.t.Context(), tx, l)
		return err
	}))
	return l
}

func (h *house) send() { h.t.Helper(); h.Must(h.out.SendDue(h.t.Context())) }

func (h *house) show(id string) outbox.Preview {
	h.t.Helper()
	p, err := h.out.Show(h.t.Context(), h.System(), id)
	h.Must(err)
	return p
}

func TestALetterGoesOutOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		l := h.queue("a", "lanh@example.vn", true)
		if p := h.show(l.ID); p.State != outbox.Waiting || p.To != "" || p.Erased || p.From != "thidua@example.vn" || p.Whole != "Kính gửi bạn đọc.\n\nhttps://thidua.example.vn/articles/x-1" {
			t.Errorf("before: %+v", p)
		}
		h.send()
		h.send()
		if len(h.post.sent) != 1 || h.post.sent[0].To != "lanh@example.vn" || h.post.sent[0].ID != l.ID || h.post.sent[0].Text != h.show(l.ID).Whole {
			t.Fatalf("sent: %+v", h.post.sent)
		}
		if p := h.show(l.ID); p.State != outbox.Sent || !p.Erased || p.MayRetry || p.MayCancel || p.SettledAt.IsZero() {
			t.Errorf("after: %+v", p)
		}
		if err := h.out.Retry(t.Context(), h.System(), l.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("sent again: %v", err)
		}
		open := h.queue("b", "phuong@example.vn", false)
		h.send()
		if p := h.show(open.ID); p.To != "phuong@example.vn" || p.State != outbox.Sent {
			t.Errorf("to a unit: %+v", p)
		}
	})
}

func TestALetterThatFailsIsTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		trouble := errors.New("nobody there")
		h.post.fail = slices.Repeat([]error{trouble}, 8)
		l := h.queue("a", "lanh@example.vn", true)
		var waits []time.Duration
		for h.show(l.ID).State == outbox.Waiting {
			h.send()
			p := h.show(l.ID)
			if p.LastError != trouble.Error() {
				t.Fatalf("what went wrong is %q", p.LastError)
			}
			h.send() // not due yet
			waits = append(waits, p.DueAt.Sub(h.now))
			h.now = p.DueAt
		}
		if p := h.show(l.ID); p.State != outbox.Failed || p.Attempts != 8 || p.Erased || !p.MayRetry || len(h.post.fail) != 0 {
			t.Errorf("after eight tries: %+v, %v", p, waits)
		}
		if waits[0] != time.Minute || waits[1] != 4*time.Minute || waits[6] != 24*time.Hour {
			t.Errorf("the waits: %v", waits)
		}
		h.Must(h.out.Retry(t.Context(), h.System(), l.ID))
		h.send()
		if p := h.show(l.ID); p.State != outbox.Sent || p.LastError != "" || len(h.post.sent) != 1 {
			t.Errorf("tried by hand: %+v", p)
		}
		h.post.fail = []error{fmt.Errorf("%w: 550", mail.ErrRefused)}
		refused := h.queue("b", "b@example.vn", true)
		h.send()
		if p := h.show(refused.ID); p.State != outbox.Failed || p.Attempts != 1 {
			t.Errorf("refused for good: %+v", p)
		}
	})
}

// TestAClaimOfTheDeadRunsOut: a program that died between the server's yes and its note
// sends the letter again, under the same name, and nobody does before.
func TestAClaimOfTheDeadRunsOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		l := h.queue("a", "lanh@example.vn", true)
		other := app.Build(d, apptest.Files(t), func() time.Time { return h.now }, slog.New(slog.DiscardHandler)).Outbox
		second := &post{}
		other.SendBy(second, "")
		ctx, die := context.WithCancel(t.Context())
		h.post.call = func() {
			h.Must(other.SendDue(t.Context())) // another process looks just now
			die()
		}
		h.post.fail = []error{context.Canceled}
		if err := h.out.SendDue(ctx); err == nil || len(second.sent) != 0 {
			t.Errorf("the dying one: %v; the other sent %v", err, second.sent)
		}
		h.now = h.now.Add(9 * time.Minute)
		h.Must(other.SendDue(t.Context()))
		if len(second.sent) != 0 {
			t.Error("its claim was not kept")
		}
		h.now = h.now.Add(2 * time.Minute)
		h.Must(other.SendDue(t.Context()))
		if len(second.sent) != 1 || second.sent[0].ID != l.ID {
			t.Errorf("after the claim: %v", second.sent)
		}
	})
}

// TestALetterOnItsWayIsLeftAlone: while one is being sent nobody has it sent a second time.
func TestALetterOnItsWayIsLeftAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		l := h.queue("a", "lanh@example.vn", true)
		other := app.Build(d, apptest.Files(t), func() time.Time { return h.now }, slog.New(slog.DiscardHandler)).Outbox
		second := &post{}
		other.SendBy(second, "")
		h.post.fail = []error{errors.New("nobody there")}
		h.post.call = func() {
			if p := h.show(l.ID); p.MayRetry {
				t.Error("a letter on its way is offered to be sent")
			}
			if err := h.out.Retry(t.Context(), h.System(), l.ID); !errs.Is(err, errs.Conflict) {
				t.Errorf("a letter on its way is tried anew: %v", err)
			}
			h.Must(other.SendDue(t.Context()))
		}
		h.send()
		if h.post.call = nil; len(second.sent) != 0 {
			t.Errorf("it was sent beside: %+v", second.sent)
		}
		h.Must(h.out.Retry(t.Context(), h.System(), l.ID)) // now it rests
		h.send()
		if len(h.post.sent) != 1 {
			t.Errorf("sent: %+v", h.post.sent)
		}
	})
}

// TestALetterThatCouldNotGoIsReworded: an answer that was mended while no server took it
// goes out mended.
func TestALetterThatCouldNotGoIsReworded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		l := h.queue("a", "lanh@example.vn", true)
		h.post.fail = []error{errors.New("nobody there")}
		reword := func(text string) {
			h.Must(h.DB.Write(t.Context(), func(tx *db.Tx) error { return h.out.Reword(t.Context(), tx, l.About, text) }))
		}
		h.post.call = func() { reword("Lời giữa chừng.") } // what is going out stays on record as it goes
		h.send()
		if p := h.show(l.ID); p.Text != "Kính gửi bạn đọc." {
			t.Errorf("the letter on its way says %q", p.Text)
		}
		h.post.call = nil
		reword("Lời đã sửa.")
		h.now = h.show(l.ID).DueAt
		h.send()
		if len(h.post.sent) != 1 || !strings.HasPrefix(h.post.sent[0].Text, "Lời đã sửa.") {
			t.Errorf("sent: %+v", h.post.sent)
		}
	})
}

func TestWithoutAServerLettersWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.out.SendBy(nil, "")
		l := h.queue("a", "lanh@example.vn", true)
		h.send()
		if p := h.show(l.ID); p.State != outbox.Waiting || p.Attempts != 0 || p.From != "" || h.out.Sending() {
			t.Errorf("%+v", p)
		}
		h.now = h.now.AddDate(0, 0, 29)
		h.Must(h.out.Sweep(t.Context()))
		if p := h.show(l.ID); p.State != outbox.Waiting || p.Erased {
			t.Errorf("given up too soon: %+v", p)
		}
		unit := h.queue("b", "phuong@example.vn", false)
		h.now = h.now.AddDate(0, 0, 40)
		h.Must(h.out.Sweep(t.Context()))
		if p := h.show(l.ID); p.State != outbox.Expired || !p.Erased || p.MayRetry {
			t.Errorf("an address is kept without end: %+v", p)
		}
		if p := h.show(unit.ID); p.State != outbox.Waiting || p.To == "" {
			t.Errorf("a letter to a unit: %+v", p)
		}
		h.out.SendBy(h.post, "")
		h.send()
		if len(h.post.sent) != 1 || h.post.sent[0].To != "phuong@example.vn" {
			t.Errorf("sent: %+v", h.post.sent)
		}
	})
}

// TestNoLetterIsKeptForEver: neither one that failed nor one that waits for a server.
func TestNoLetterIsKeptForEver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		failed := h.queue("a", "a@example.vn", false)
		h.post.fail = []error{mail.ErrRefused}
		h.send()
		h.out.SendBy(nil, "")
		waits := h.queue("b", "b@example.vn", false)
		if p := h.show(failed.ID); p.State != outbox.Failed {
			t.Fatalf("it did not fail: %+v", p)
		}
		made := h.now
		h.now = h.now.AddDate(1, 0, 0)
		h.Must(h.out.SweepSettled(t.Context(), made))
		for _, l := range []outbox.Letter{failed, waits} {
			if p := h.show(l.ID); p.Text == "" || p.To == "" || p.State == outbox.Expired {
				t.Errorf("erased before the term: %+v", p)
			}
		}
		h.Must(h.out.SweepSettled(t.Context(), made.Add(time.Second)))
		for want, l := range map[outbox.State]outbox.Letter{outbox.Failed: failed, outbox.Expired: waits} {
			if p := h.show(l.ID); p.State != want || p.Text != "" || p.Subject != "" || p.To != "" || p.MayRetry || p.SettledAt.IsZero() {
				t.Errorf("after the term: %+v", p)
			}
		}
		h.out.SendBy(h.post, "")
		h.send()
		if len(h.post.sent) != 0 {
			t.Errorf("sent after all: %+v", h.post.sent)
		}
	})
}

func TestCancelledAndForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		a, b, c := h.queue("a", "a@example.vn", true), h.queue("b", "b@example.vn", true), h.queue("c", "c@example.vn", true)
		h.Must(h.out.CancelLetter(ctx, h.System(), a.ID))
		h.Must(h.DB.Write(ctx, func(tx *db.Tx) error {
			return errors.Join(h.out.Forget(ctx, tx, b.About), h.out.Reword(ctx, tx, c.About, "Lời khác."))
		}))
		h.send()
		if len(h.post.sent) != 1 || !strings.HasPrefix(h.post.sent[0].Text, "Lời khác.") {
			t.Errorf("sent: %+v", h.post.sent)
		}
		if p := h.show(a.ID); p.State != outbox.Cancelled || !p.Erased {
			t.Errorf("cancelled: %+v", p)
		}
		if p := h.show(b.ID); p.State != outbox.Cancelled || !p.Erased || p.Text != "" || p.Subject != "" {
			t.Errorf("forgotten: %+v", p)
		}
		h.Must(h.DB.Write(ctx, func(tx *db.Tx) error { return h.out.Forget(ctx, tx, c.About) }))
		if p := h.show(c.ID); p.State != outbox.Sent || p.Text != "" {
			t.Errorf("what was sent is forgotten as %+v", p)
		}
	})
}

func TestLettersStayInTheirScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		l := h.queue("a", "a@example.vn", true)
		other, mine := h.At(app.RoleOfficer, "W2"), h.At(app.RoleOfficer, "W1")
		for _, err := range []error{
			h.out.Retry(t.Context(), other, l.ID), h.out.CancelLetter(t.Context(), other, l.ID),
			func() error { _, err := h.out.Show(t.Context(), other, l.ID); return err }(),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("of another ward: %v", err)
			}
		}
		all, counts, err := h.out.List(t.Context(), other, outbox.Query{Limit: 10})
		h.Must(err)
		if len(all) != 0 || len(counts) != 0 {
			t.Errorf("another ward lists %v, %v", all, counts)
		}
		all, counts, err = h.out.List(t.Context(), mine, outbox.Query{State: outbox.Waiting, Limit: 10})
		h.Must(err)
		if len(all) != 1 || counts[outbox.Waiting] != 1 || all[0].To != "" {
			t.Errorf("its own ward lists %+v, %v", all, counts)
		}
	})
}

func TestWhatIsNoLetter(t *testing.T) {
	h := newHouse(t, apptest.Open(t, db.SQLite))
	good := outbox.Letter{Unit: h.unit, About: outbox.About{Kind: "x", ID: "y"}, To: "a@example.vn", Subject: "x", Text: "x"}
	for field, change := range map[string]func(*outbox.Letter){
		"to": func(l *outbox.Letter) { l.To = "a@example.vn\r\nBcc: b@example.vn" }, "text": func(l *outbox.Letter) { l.Subject = "x\nBcc: b@example.vn" },
		"about": func(l *outbox.Letter) { l.Unit = "" }, "link": func(l *outbox.Letter) { l.Link = "https://evil.example" },
	} {
		bad := good
		change(&bad)
		if all := errs.All(bad.Check()); len(all) != 1 || all[0].Field != field {
			t.Errorf("%s: %v", field, all)
		}
	}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
}
