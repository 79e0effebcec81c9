package parcel_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// house is the small house with two more wards, W3 and W4.
type house struct {
	apptest.Small
	t *testing.T
}

func newHouse(t *testing.T, d *db.DB) house {
	t.Helper()
	h := house{apptest.NewSmall(t, d), t}
	tree, err := h.Org.Current(t.Context())
	h.Must(err)
	top, _ := tree.ByCode("D")
	for code, name := range map[string]string{"W3": "Phường Ba", "W4": "Phường Bốn"} {
		_, err := h.Org.Create(t.Context(), h.System(), org.Input{
			Code: code, Name: name, Kind: "commune", Level: org.Commune, From: apptest.Day("2010-01-01"),
			Parents: []org.ParentInput{{Unit: top.ID, Tree: org.State, Counts: true}},
		})
		h.Must(err)
	}
	return h
}

// ward is the house of a ward, with some entries of its own: all wards count their codes from 1.
func ward(t *testing.T, unit string, entries int) house {
	t.Helper()
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	for range entries {
		h.add(unit)
	}
	return h
}

func (h house) add(unit string) {
	h.t.Helper()
	in := apptest.Registration()
	in.Unit, in.Title, in.Subject = unit, "Mô hình của "+unit, "Tập thể của "+unit
	h.Register(in)
}

func asOf(unit, day string) report.Query {
	return report.Query{Movement: "M-2024", AsOf: apptest.Day(day), Scope: unit}
}

// freeze freezes the report of a unit.
func (h house) freeze(unit, day string) report.Snapshot {
	h.t.Helper()
	one, err := h.Reports.Freeze(h.t.Context(), h.System(), asOf(unit, day))
	h.Must(err)
	return one
}

// pack freezes the report of a unit and makes its package.
func (h house) pack(unit, day string) []byte {
	h.t.Helper()
	var b bytes.Buffer
	_, err := h.Parcels.Write(h.t.Context(), h.System(), h.freeze(unit, day).ID, &b)
	h.Must(err)
	return b.Bytes()
}

func (h house) receive(raw []byte) parcel.Received {
	h.t.Helper()
	r, err := h.Parcels.Receive(h.t.Context(), h.System(), bytes.NewReader(raw), int64(len(raw)))
	h.Must(err)
	return r
}

// confirm compares the fingerprint as the sender reads it out.
func (h house) confirm(id string, sender house) {
	h.t.Helper()
	k, err := sender.Parcels.Key(h.t.Context(), sender.System())
	h.Must(err)
	h.Must(h.Parcels.Confirm(h.t.Context(), h.System(), id, parcel.Confirmation{Fingerprint: k.Key.Fingerprint(), ToldBy: "Chị Lan, văn phòng"}))
}

func (h house) accept(id string) error {
	h.t.Helper()
	return h.Parcels.Accept(h.t.Context(), h.System(), id, parcel.Acceptance{Movement: "M-2024", Period: 1})
}

// key is the message of an error.
func key(err error) i18n.Key {
	if all := errs.All(err); len(all) > 0 {
		return all[0].Key
	}
	return 0
}

// TestAProvinceReceivesFromThreeWards: what they hold is summed beside what the house holds
// itself; the one that is missing is named, with its day; a new version takes the place of the
// old one, which stays to be read; the same package once more changes nothing.
func TestAProvinceReceivesFromThreeWards(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.add("D")
		h.Must(h.Parcels.Expect(t.Context(), h.System(), parcel.Expectation{Movement: "M-2024", Period: 1, Due: apptest.Day("2024-10-05")}))
		wards := map[string]house{}
		for unit, n := range map[string]int{"W1": 2, "W2": 3, "W3": 4} {
			wards[unit] = ward(t, unit, n)
			r := h.receive(wards[unit].pack(unit, "2024-09-30"))
			h.confirm(r.ID, wards[unit])
			h.Must(h.accept(r.ID))
		}
		sum, err := h.Parcels.Sum(t.Context(), h.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-09-30")})
		h.Must(err)
		if got := sum.Total.Get(ledger.FigureRegistered); got.Total != 10 || got.Collective != 10 || sum.Own.Get(ledger.FigureRegistered).Total != 1 {
			t.Errorf("the sum: %+v, of its own %+v", got, sum.Own.Get(ledger.FigureRegistered))
		}
		if sum.Missing != 1 || len(sum.Senders) != 4 || sum.Senders[3].Unit.Code != "W4" || sum.Senders[3].Sent || !sum.Senders[3].Late || sum.Senders[3].Due != apptest.Day("2024-10-05") {
			t.Errorf("missing: %d, %+v", sum.Missing, sum.Senders)
		}
		wards["W1"].add("W1")
		again := wards["W1"].pack("W1", "2024-09-30")
		second := h.receive(again)
		looked, err := h.Parcels.Look(t.Context(), h.System(), second.ID)
		h.Must(err)
		if d := looked.Difference; d == nil || len(d.Added) != 1 || len(d.Gone) != 0 || d.Figures[0].Was != 2 || d.Figures[0].Is != 3 || looked.Replaces != d.Before.ReportHash || looked.Trust != parcel.Confirmed {
			t.Errorf("what the second has otherwise: %+v", looked.Difference)
		}
		h.Must(h.accept(second.ID))
		all, err := h.Parcels.Inbox(t.Context(), h.System())
		h.Must(err)
		first := slices.IndexFunc(all, func(r parcel.Received) bool { return r.ReplacedBy == second.ID })
		if first < 0 || all[first].State != parcel.Replaced {
			t.Fatalf("nothing was replaced: %+v", all)
		}
		old, err := h.Parcels.Look(t.Context(), h.System(), all[first].ID)
		if err != nil || len(old.Package.Entries) != 2 {
			t.Errorf("the old one: %d entries, %v", len(old.Package.Entries), err)
		}
		if once := h.receive(again); !once.Again || once.ID != second.ID || once.State != parcel.Accepted {
			t.Errorf("the same once more: %+v", once)
		}
		sum, err = h.Parcels.Sum(t.Context(), h.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-09-30")})
		if err != nil || sum.Total.Get(ledger.FigureRegistered).Total != 11 {
			t.Errorf("the sum with the second: %+v, %v", sum.Total, err)
		}
	})
}

// TestAnOlderOneDoesNotComeBack: whoever sends an earlier package once more does not turn
// the figures back.
func TestAnOlderOneDoesNotComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, w := newHouse(t, d), ward(t, "W1", 1)
		early := w.pack("W1", "2024-06-15")
		late := h.receive(w.pack("W1", "2024-09-30"))
		h.confirm(late.ID, w)
		h.Must(h.accept(late.ID))
		if err := h.accept(h.receive(early).ID); key(err) != i18n.ParcelOlder {
			t.Errorf("the earlier one: %v", err)
		}
		sum, err := h.Parcels.Sum(t.Context(), h.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-07-01")})
		if err != nil || sum.Total.Get(ledger.FigureRegistered).Total != 0 {
			t.Errorf("what was sent as of September counts in July: %+v, %v", sum.Total, err)
		}
	})
}

// TestTrustIsConfirmed: nothing is accepted before somebody compared the fingerprint; another
// key of the same sender is told and must be compared anew; one that was withdrawn is of no
// use any more.
func TestTrustIsConfirmed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		h, w, stranger := newHouse(t, d), ward(t, "W1", 1), ward(t, "W1", 7)
		r := h.receive(w.pack("W1", "2024-06-15"))
		if err := h.accept(r.ID); key(err) != i18n.ParcelKeyUnknown {
			t.Errorf("accepted on first use: %v", err)
		}
		wrong, err := stranger.Parcels.Key(ctx, stranger.System())
		h.Must(err)
		for typed, want := range map[string]i18n.Key{"12345": i18n.ParcelFingerprintForm, wrong.Key.Fingerprint(): i18n.ParcelFingerprintWrong, "": i18n.ErrsRequired} {
			if err := h.Parcels.Confirm(ctx, h.System(), r.ID, parcel.Confirmation{Fingerprint: typed, ToldBy: "Lan"}); key(err) != want {
				t.Errorf("fingerprint %q: %v", typed, err)
			}
		}
		h.confirm(r.ID, w)
		h.confirm(r.ID, w) // pressed twice
		h.Must(h.accept(r.ID))
		forged := h.receive(stranger.pack("W1", "2024-09-30"))
		if err := h.accept(forged.ID); key(err) != i18n.ParcelKeyChanged {
			t.Errorf("another key: %v", err)
		}
		_, err = w.Parcels.RenewKey(ctx, w.System())
		h.Must(err)
		w.add("W1")
		renewed := h.receive(w.pack("W1", "2024-09-30"))
		h.confirm(renewed.ID, w)
		h.Must(h.accept(renewed.ID))
		keys, err := h.Parcels.Senders(ctx, h.System())
		h.Must(err)
		if len(keys) != 2 || !keys[0].WithdrawnAt.IsZero() || keys[1].WithdrawnAt.IsZero() || keys[0].ToldBy == "" {
			t.Errorf("the keys: %+v", keys)
		}
		h.Must(h.Parcels.Withdraw(ctx, h.System(), keys[0].ID, "Máy bị mất"))
		w.add("W1")
		if err := h.accept(h.receive(w.pack("W1", "2024-10-30")).ID); key(err) != i18n.ParcelKeyWithdrawn {
			t.Errorf("a key that was withdrawn: %v", err)
		}
	})
}

// TestTheSameEntryTwice: one that the register holds itself, or that another sender sent, is
// refused by name; codes that meet by chance are not.
func TestTheSameEntryTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, w := newHouse(t, d), ward(t, "W1", 2)
		first := h.receive(w.pack("W1", "2024-09-30"))
		h.confirm(first.ID, w)
		h.Must(h.accept(first.ID))
		both := h.receive(w.pack("D", "2024-09-30")) // the house of the ward sends for the district
		h.confirm(both.ID, w)
		if err := h.accept(both.ID); key(err) != i18n.ParcelOverlap || !strings.Contains(i18n.Vi.T(errs.All(err)[0].Key, errs.All(err)[0].Args...), "M-0001 Mô hình của W1") {
			t.Errorf("from two senders: %v", err)
		}
		looked, err := h.Parcels.Look(t.Context(), h.System(), both.ID)
		if err != nil || len(looked.Overlaps) != 2 || looked.Overlaps[0].Unit != "Phường Một" {
			t.Errorf("the list of them: %+v, %v", looked.Overlaps, err)
		}
		own := ward(t, "W2", 1)
		h.add("W2") // the officer typed it in, the ward sends it too
		r := h.receive(own.pack("W2", "2024-09-30"))
		h.confirm(r.ID, own)
		if err := h.accept(r.ID); key(err) != i18n.ParcelOverlap {
			t.Errorf("one that the register holds: %v", err)
		}
		h.Must(h.Parcels.Return(t.Context(), h.System(), r.ID, "Mô hình đã có trong danh mục."))
		if err := h.accept(r.ID); key(err) != i18n.ParcelSettled {
			t.Errorf("after it was returned: %v", err)
		}
		if err := h.Parcels.Return(t.Context(), h.System(), both.ID, " "); key(err) != i18n.ErrsRequired {
			t.Errorf("without a reason: %v", err)
		}
	})
}

// TestOfOthersNothingIsFound: a package of a unit that the actor does not look after is not
// found, whether it comes in or lies there.
func TestOfOthersNothingIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		h, w := newHouse(t, d), ward(t, "W1", 1)
		raw := w.pack("W1", "2024-09-30")
		other, mine := h.At(app.RoleOfficer, "W2"), h.At(app.RoleOfficer, "W1")
		if _, err := h.Parcels.Receive(ctx, other, bytes.NewReader(raw), int64(len(raw))); !errs.Is(err, errs.NotFound) {
			t.Errorf("taken in: %v", err)
		}
		r := h.receive(raw)
		_, err := h.Parcels.Get(ctx, other, r.ID)
		_, lookErr := h.Parcels.Look(ctx, other, r.ID)
		_, _, openErr := h.Parcels.Open(ctx, other, r.ID)
		for name, err := range map[string]error{
			"get": err, "look": lookErr, "open": openErr, "return": h.Parcels.Return(ctx, other, r.ID, "Không"),
			"confirm": h.Parcels.Confirm(ctx, other, r.ID, parcel.Confirmation{Fingerprint: r.Key.Fingerprint(), ToldBy: "x"}),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s of another's: %v", name, err)
			}
		}
		if all, err := h.Parcels.Inbox(ctx, other); err != nil || len(all) != 0 {
			t.Errorf("the list: %+v, %v", all, err)
		}
		if _, content, err := h.Parcels.Open(ctx, mine, r.ID); err != nil {
			t.Errorf("one's own: %v", err)
		} else if got, err := io.ReadAll(content); errors.Join(err, content.Close()) != nil || !bytes.Equal(got, raw) {
			t.Errorf("the file is another: %v", err)
		}
		lost := newHouse(t, dbtest.Open(t, db.SQLite))
		_, err = lost.Movements.Launch(ctx, lost.System(), movement.Input{
			Code: "N-2024", Name: "Khác", Level: org.District, Unit: "D", StandingBody: "D.B", LaunchedOn: apptest.Day("2024-01-02"),
			Period: movement.PeriodInput{Name: "Năm 2024", From: apptest.Day("2024-01-01"), To: apptest.Day("2024-12-31")},
		})
		h.Must(err)
		h.confirm(r.ID, w)
		if err := h.Parcels.Accept(ctx, h.System(), r.ID, parcel.Acceptance{Movement: "N-2024", Period: 1}); key(err) != i18n.ParcelChooseMovement {
			t.Errorf("into a movement that there is not: %v", err)
		}
	})
}

// TestOneOfManyAccepts: of six who accept the same package at one time one does, and it is
// counted once.
func TestOneOfManyAccepts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, w := newHouse(t, d), ward(t, "W1", 3)
		raw := w.pack("W1", "2024-09-30")
		var all sync.WaitGroup
		ids, results := make([]string, 6), make([]error, 6)
		for i := range ids {
			all.Go(func() {
				r, err := h.Parcels.Receive(t.Context(), h.System(), bytes.NewReader(raw), int64(len(raw)))
				h.Must(err)
				ids[i] = r.ID
			})
		}
		all.Wait()
		if len(slices.Compact(ids)) != 1 {
			t.Fatalf("taken in as %v", ids)
		}
		h.confirm(ids[0], w)
		for i := range results {
			all.Go(func() { results[i] = h.accept(ids[0]) })
		}
		all.Wait()
		done := 0
		for _, err := range results {
			if err == nil {
				done++
			} else if key(err) != i18n.ParcelSettled {
				t.Errorf("one of them: %v", err)
			}
		}
		sum, err := h.Parcels.Sum(t.Context(), h.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-09-30")})
		if err != nil || done != 1 || sum.Total.Get(ledger.FigureRegistered).Total != 3 {
			t.Errorf("%d accepted, %+v, %v", done, sum.Total, err)
		}
	})
}

// TestMadeAgainItIsTheSame: to the last byte, also where many make it at one time; with a new
// key it is another package of the same report.
func TestMadeAgainItIsTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.add("W1")
		snapshot := h.freeze("W1", "2024-09-30")
		made := make([]bytes.Buffer, 6)
		var all sync.WaitGroup
		for i := range made {
			all.Go(func() {
				_, err := h.Parcels.Write(t.Context(), h.System(), snapshot.ID, &made[i])
				h.Must(err)
			})
		}
		all.Wait()
		for _, one := range made {
			if !bytes.Equal(one.Bytes(), made[0].Bytes()) {
				t.Error("two packages of one report differ")
			}
		}
		before, err := parcel.Read(bytes.NewReader(made[0].Bytes()), int64(made[0].Len()))
		h.Must(err)
		if _, err := h.Parcels.RenewKey(t.Context(), h.At(app.RoleOfficer, "D")); !errs.Is(err, errs.Forbidden) {
			t.Errorf("renewed by who does not look after the whole house: %v", err)
		}
		k, err := h.Parcels.RenewKey(t.Context(), h.System())
		h.Must(err)
		var again bytes.Buffer
		_, err = h.Parcels.Write(t.Context(), h.System(), snapshot.ID, &again)
		h.Must(err)
		after, err := parcel.Read(bytes.NewReader(again.Bytes()), int64(again.Len()))
		h.Must(err)
		if after.SHA256 != before.SHA256 || after.Digest == before.Digest || after.Key.Fingerprint() != k.Key.Fingerprint() || before.Trusts(k.Key.Fingerprint()) == nil || after.Trusts(k.Key.Fingerprint()) != nil {
			t.Errorf("after renewing: %+v", after.Manifest)
		}
		sent, err := h.Parcels.Sendables(t.Context(), h.System())
		if err != nil || len(sent) != 1 || sent[0].Sent.Digest != after.Digest {
			t.Errorf("the list: %+v, %v", sent, err)
		}
	})
}
