package privacy_test

import (
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// sen is the person of the tests: she stands in many places of the first ward.
func sen() privacy.Needle {
	return privacy.Needle{Name: "Lê Thị Sen", Phone: "0900 000 001", Email: "sen@example.vn"}
}

type house struct {
	apptest.Small
	admin, other actor.Actor
	exemplar     string
	entry        practice.Entry
	introduction string
}

func each(t *testing.T, fn func(t *testing.T, h house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house{Small: apptest.NewSmall(t, d)}
		_, err := h.Identity.Bootstrap(t.Context(), "quantri", "Quản Trị", "một mật khẩu dài 1")
		h.Must(err)
		h.admin, h.other = h.At(app.RoleAdministrator, "W1"), h.At(app.RoleAdministrator, "W2")
		h.admin.Account, h.other.Account = "a1", "a2"
		in := apptest.Registration()
		in.Subject, in.Kind, in.Parts.Forces = "Bà Lê Thị Sen", ledger.Individual, "Bà LÊ THỊ SEN, điện thoại +84 900.000.001, và 12 hội viên."
		h.entry = h.Register(in)
		h.exemplar = h.entry.Exemplar
		code, err := h.Nurture.Tell(t.Context(), nurture.Input{
			Name: "Ông Khác", Kind: ledger.Individual, Unit: "W1.G", Doing: "Nấu cháo sáng cho người bệnh nghèo từ năm 2019.",
			ByName: "Lê Thị Sen", ByContact: "SEN@example.vn", Agreed: true, Network: "n1",
		})
		h.Must(err)
		told, err := h.Nurture.Receipt(t.Context(), code)
		h.Must(err)
		h.introduction = told.ID
		fn(t, h)
	})
}

func (h house) find(t *testing.T, who actor.Actor, n privacy.Needle) map[privacy.Kind]privacy.Trace {
	t.Helper()
	found, err := h.Privacy.Find(t.Context(), who, n)
	h.Must(err)
	all := map[privacy.Kind]privacy.Trace{}
	for _, x := range found.Traces {
		all[x.Kind] = x
	}
	return all
}

func refs(all map[privacy.Kind]privacy.Trace) []string {
	var out []string
	for _, x := range all {
		out = append(out, x.Ref())
	}
	return out
}

// TestEveryTableIsLookedThrough: a table that somebody adds is read for persons, or it is
// said why not.
func TestEveryTableIsLookedThrough(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tables, err := db.Tables(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		names := make([]string, len(tables))
		there := map[string]bool{}
		for i, table := range tables {
			names[i] = table.Name
			there[table.Name] = true
		}
		if unread := privacy.Unread(names); len(unread) > 0 {
			t.Errorf("a person could stand in %v, which no place of internal/domain/privacy reads and Without() does not excuse", unread)
		}
		for name := range privacy.Without() {
			if !there[name] {
				t.Errorf("Without() excuses %s, which is no table", name)
			}
		}
	})
}

// TestAPersonIsFoundAndForgotten in the register, the introductions and the drafts; what is
// left names nobody, and nothing of it comes back by the audit of the request.
func TestAPersonIsFoundAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		ctx := t.Context()
		found := h.find(t, h.admin, sen())
		for _, k := range []privacy.Kind{privacy.KindExemplar, privacy.KindEntry, privacy.KindIntroduction} {
			if found[k].Treatment != privacy.Erased || len(found[k].Fields) == 0 {
				t.Errorf("%s: %+v", k, found[k])
			}
		}
		if by := h.find(t, h.admin, privacy.Needle{Phone: "(090) 000-0001"}); len(by) != 1 || len(by[privacy.KindEntry].Fields) != 1 {
			t.Errorf("by the telephone: %+v", by)
		}
		if by := h.find(t, h.admin, privacy.Needle{Name: "le thi sen"}); len(by) != len(found) {
			t.Errorf("without diacritics: %d of %d", len(by), len(found))
		}
		if _, err := h.Privacy.Forget(ctx, h.admin, sen(), refs(found), " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := h.Privacy.Forget(ctx, h.admin, sen(), []string{found[privacy.KindExemplar].Ref()}, "Đơn"); !errs.Is(err, errs.Invalid) {
			t.Errorf("an exemplar loses its name, and the texts that name it stay: %v", err)
		}
		done, err := h.Privacy.Forget(ctx, h.admin, sen(), refs(found), "Đơn của bà Lê Thị Sen ngày 12/6")
		if err != nil || done.Erased != len(found) {
			t.Fatalf("forgotten: %+v, %v", done, err)
		}
		if left := h.find(t, h.admin, sen()); len(left) != 0 {
			t.Errorf("left: %+v", left)
		}
		x, _, err := h.Practices.Exemplar(ctx, h.admin, h.exemplar)
		if err != nil || strings.Contains(x.Name, "Sen") || !strings.Contains(x.Name, "ẩn danh") {
			t.Errorf("the exemplar is called %q, %v", x.Name, err)
		}
		e, err := h.Practices.Get(ctx, h.admin, h.entry.Code)
		if err != nil || strings.Contains(e.Parts.Forces, "900") || !strings.Contains(e.Parts.Forces, "12 hội viên") {
			t.Errorf("the part: %q, %v", e.Parts.Forces, err)
		}
		told, _, err := h.Nurture.Get(ctx, h.admin, h.introduction)
		if err != nil || told.ByContact != "" || told.Name != "Ông Khác" {
			t.Errorf("the introduction: %+v, %v", told, err)
		}
		all, err := h.Privacy.Requests(ctx, h.admin)
		if err != nil || len(all) != 1 || all[0].Total() != len(found) || strings.Contains(all[0].Reason, "Sen") {
			t.Errorf("the request: %+v, %v", all, err)
		}
		h.Must(audit.Export(ctx, h.DB, func(r audit.Record) error {
			if strings.HasPrefix(r.Action, "privacy.") && strings.Contains(string(r.Detail), "Sen") {
				t.Errorf("the audit names her: %s", r.Detail)
			}
			return nil
		}))
		if stale, err := ledger.Stale(ctx, h.DB); err != nil || len(stale) != 0 {
			t.Errorf("the facts: %v, %v", stale, err)
		}
	})
}

// TestAnotherUnitsPersonIsNotFound by an administrator of another ward, by no verb.
func TestAnotherUnitsPersonIsNotFound(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		ctx := t.Context()
		theirs := refs(h.find(t, h.admin, sen()))
		if mine := h.find(t, h.other, sen()); len(mine) != 0 {
			t.Errorf("another ward finds %+v", mine)
		}
		if _, err := h.Privacy.Chosen(ctx, h.other, sen(), theirs[:1]); !errs.Is(err, errs.NotFound) {
			t.Errorf("chosen: %v", err)
		}
		if _, err := h.Privacy.GiveOut(ctx, h.other, sen(), theirs[:1]); !errs.Is(err, errs.NotFound) {
			t.Errorf("given out: %v", err)
		}
		if _, err := h.Privacy.Forget(ctx, h.other, sen(), theirs[:1], "Lý do"); !errs.Is(err, errs.NotFound) {
			t.Errorf("forgotten: %v", err)
		}
		if _, err := h.Privacy.Consents(ctx, h.other, h.exemplar); !errs.Is(err, errs.NotFound) {
			t.Errorf("consents: %v", err)
		}
		if _, err := h.Privacy.Forget(ctx, h.admin, sen(), append(theirs, "entry.nothing"), "Lý do"); !errs.Is(err, errs.NotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		officer := h.At(app.RoleOfficer, "W1")
		if _, err := h.Privacy.Find(ctx, officer, sen()); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an officer: %v", err)
		}
		if all, err := h.Privacy.Requests(ctx, h.other); err != nil || len(all) != 0 {
			t.Errorf("requests: %v, %v", all, err)
		}
	})
}

// TestWhatADecisionListsStays: the name of who was given an award, and the award.
func TestWhatADecisionListsStays(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		in := apptest.Registration()
		in.Title, in.Subject, in.Kind, in.Parts.Forces = "Bếp cháo", "Bà Lê Thị Sen", ledger.Individual, "Bà Lê Thị Sen"
		e := h.Recognised(in, "09/QĐ-1")
		decision := h.Decide("10/QĐ-1", "2024-09-12").ID
		_, err := h.Awards.Give(t.Context(), h.System(), award.Input{
			Kind: award.Given, Movement: "M-2024", Decision: decision, Track: "state", Form: "giayKhen",
			Recipients: []award.Recipient{{Exemplar: e.Exemplar, Entry: e.ID, Achievement: "Nấu cháo"}},
		})
		h.Must(err)
		found := h.find(t, h.admin, sen())
		if found[privacy.KindAward].Treatment != privacy.Kept || found[privacy.KindExemplar].Why == 0 {
			t.Errorf("found: %+v", found)
		}
		done, err := h.Privacy.Forget(t.Context(), h.admin, sen(), refs(found), "Đơn")
		if err != nil || done.Kept == 0 {
			t.Fatalf("forgotten: %+v, %v", done, err)
		}
		x, _, err := h.Practices.Exemplar(t.Context(), h.admin, e.Exemplar)
		if err != nil || x.Name != "Bà Lê Thị Sen" {
			t.Errorf("the name is %q, %v", x.Name, err)
		}
		got, err := h.Practices.Get(t.Context(), h.admin, e.Code)
		if err != nil || strings.Contains(got.Parts.Forces, "Sen") {
			t.Errorf("the part is %q, %v", got.Parts.Forces, err)
		}
	})
}

// TestAnAccountIsForgottenOnceItIsClosed, with its sessions and notices.
func TestAnAccountIsForgottenOnceItIsClosed(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		ctx := t.Context()
		tree, err := h.Org.Current(ctx)
		h.Must(err)
		unit, _ := tree.ByCode("W1")
		a, err := h.Identity.Create(ctx, h.System(), identity.Input{Login: "senlt", Name: "Lê Thị Sen", Unit: unit.ID, Email: "sen@example.vn"})
		h.Must(err)
		trace := h.find(t, h.admin, sen())[privacy.KindAccount]
		if trace.Treatment != privacy.ByHand || trace.Why == 0 {
			t.Errorf("an open account: %+v", trace)
		}
		if _, err := h.Privacy.Forget(ctx, h.admin, sen(), []string{trace.Ref()}, "Đơn"); !errs.Is(err, errs.Invalid) {
			t.Errorf("an open account is forgotten: %v", err)
		}
		h.Must(h.Identity.Disable(ctx, h.System(), a.ID))
		if _, err := h.Privacy.Forget(ctx, h.admin, sen(), []string{trace.Ref()}, "Đơn"); err != nil {
			t.Fatal(err)
		}
		got, err := h.Identity.Get(ctx, h.System(), a.ID)
		if err != nil || got.Email != "" || strings.Contains(got.Name+got.Login, "en") && strings.Contains(got.Login, "sen") {
			t.Errorf("the account: %+v, %v", got, err)
		}
	})
}

// TestAConsentIsNotedAndTakenBack once.
func TestAConsentIsNotedAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		ctx := t.Context()
		today := h.Now.Today()
		for _, wrong := range []privacy.ConsentInput{{}, {Purpose: privacy.ForPhoto, How: privacy.Spoken}, {Purpose: privacy.ForPhoto, How: privacy.Spoken, On: today + 1}} {
			if _, err := h.Privacy.Agree(ctx, h.admin, h.exemplar, wrong); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v is kept: %v", wrong, err)
			}
		}
		c, err := h.Privacy.Agree(ctx, h.admin, h.exemplar, privacy.ConsentInput{Purpose: privacy.ForPublish, How: privacy.OnPaper, On: today, Note: "Tủ 3"})
		h.Must(err)
		if _, err := h.Privacy.TakeBack(ctx, h.other, c.ID, "Không muốn"); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward: %v", err)
		}
		if _, err := h.Privacy.TakeBack(ctx, h.admin, c.ID, "Không muốn nữa"); err != nil {
			t.Error(err)
		}
		if _, err := h.Privacy.TakeBack(ctx, h.admin, c.ID, "Không muốn nữa"); !errs.Is(err, errs.Conflict) {
			t.Errorf("twice: %v", err)
		}
		all, err := h.Privacy.Consents(ctx, h.admin, h.exemplar)
		if err != nil || len(all) != 1 || all[0].Holds() || all[0].Note != "Tủ 3" {
			t.Errorf("consents: %+v, %v", all, err)
		}
	})
}

// TestANameInARoundIsFound wherever in it: in the second of two notes, and in the texts as
// they stood before.
func TestANameInARoundIsFound(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.Must(h.Practices.SendBack(t.Context(), h.System(), practice.SentBack{
			Step: practice.Step{Entries: []string{h.entry.ID}, On: apptest.Day("2024-03-01"), Reason: "Bổ sung"}, Reasons: []practice.ReturnReason{practice.Unclear},
			Flags: []practice.Flag{{Part: "goals", Note: "Ghi rõ mục tiêu"}, {Part: "outputs", Note: "Hỏi lại bà Trần Thị Cúc"}},
		}))
		cuc := privacy.Needle{Name: "Trần Thị Cúc"}
		trace := h.find(t, h.admin, cuc)[privacy.KindReturn]
		if trace.ID == "" || h.find(t, h.admin, sen())[privacy.KindReturn].ID != trace.ID {
			t.Fatalf("the round is not found: %+v", trace)
		}
		for _, n := range []privacy.Needle{cuc, sen()} {
			if _, err := h.Privacy.Forget(t.Context(), h.admin, n, []string{trace.Ref()}, "Đơn"); err != nil {
				t.Fatal(err)
			}
			if left := h.find(t, h.admin, n)[privacy.KindReturn]; left.ID != "" {
				t.Errorf("left: %+v", left)
			}
		}
		all, err := h.Practices.Returns(t.Context(), h.System(), h.entry.Code)
		if err != nil || len(all) != 1 || len(all[0].Flags) != 2 || !strings.Contains(all[0].Flags[1].Note, "Hỏi lại") || !strings.Contains(all[0].Before["forces"], "12 hội viên") {
			t.Errorf("the round: %+v, %v", all, err)
		}
	})
}
