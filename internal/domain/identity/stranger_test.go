package identity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// strangers counts the sessions without an account, and their bytes.
func (h *house) strangers() (count, bytes int) {
	h.t.Helper()
	err := db.Each(h.ctx, h.DB, func(row db.Row) error { return row.Scan(&count, &bytes) },
		`SELECT count(*), coalesce(sum(bytes), 0) FROM identity_session WHERE account_id IS NULL`)
	must(h.t, err)
	return count, bytes
}

// leave keeps a form of somebody without an account, as the session manager would.
func (h *house) leave(address, token, form string) {
	h.t.Helper()
	ctx := identity.WithVisitor(h.ctx, &identity.Visitor{Address: address})
	must(h.t, h.SessionStore().CommitCtx(ctx, token, []byte(form), h.now.Add(12*time.Hour)))
	*h.now = h.now.Add(time.Second)
}

func (h *house) left(token string) bool {
	h.t.Helper()
	_, ok, err := h.SessionStore().FindCtx(h.ctx, token)
	must(h.t, err)
	return ok
}

// TestAFloodOfStrangersIsBounded lets one network, and then a thousand, leave forms: few
// are kept, the oldest give way, and no account loses its session.
func TestAFloodOfStrangersIsBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.open(h.adminID, "admin")
		h.leave("192.0.2.1", "honest", "Mô hình ghế đá")
		for i := range 60 {
			h.leave(fmt.Sprintf("10.0.0.%d", i), fmt.Sprint("near ", i), "x")
		}
		if n, _ := h.strangers(); n != 21 || !h.left("honest") || h.left("near 39") || !h.left("near 40") {
			t.Errorf("after many of one network there are %d", n)
		}
		for i := range 20 {
			h.leave("10.0.0.1", fmt.Sprint("large ", i), strings.Repeat("x", 60<<10))
		}
		if n, bytes := h.strangers(); bytes > 512<<10+100 || !h.left("honest") {
			t.Errorf("after large ones of one network there are %d of %d bytes", n, bytes)
		}
		for i := range 600 {
			h.leave(fmt.Sprintf("2001:db8:%x::1", i), fmt.Sprint("far ", i), "x")
		}
		if n, _ := h.strangers(); n != 500 || h.left("honest") || h.left("far 99") || !h.left("far 100") {
			t.Errorf("after many networks there are %d", n)
		}
		for i := range 150 {
			h.leave(fmt.Sprintf("2001:db8:%x::1", i), fmt.Sprint("heavy ", i), strings.Repeat("x", 64<<10))
		}
		if n, bytes := h.strangers(); bytes > 8<<20 {
			t.Errorf("after large ones of many networks there are %d of %d bytes", n, bytes)
		}
		if !h.left("admin") {
			t.Error("an account has lost its session")
		}
	})
}

// TestAStrangersFormRunsOutSoon, whatever the session manager asks for, and grows nowhere.
func TestAStrangersFormRunsOutSoon(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.leave("192.0.2.1", "one", "x")
		h.leave("192.0.2.1", "one", strings.Repeat("x", 1000))
		if n, bytes := h.strangers(); n != 1 || bytes != 1000 {
			t.Errorf("%d sessions of %d bytes", n, bytes)
		}
		*h.now = h.now.Add(31 * time.Minute)
		if h.left("one") {
			t.Error("it is still there")
		}
	})
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.77": "192.0.2.0/24", "::ffff:192.0.2.77": "192.0.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48",
		"nowhere": "nowhere", "": "",
	} {
		if got := identity.Network(address); got != want {
			t.Errorf("%s lies in %s, not %s", address, got, want)
		}
	}
}
