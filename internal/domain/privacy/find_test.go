package privacy_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// TestAPersonIsFoundHoweverTyped: with words of address, a number beside other digits and
// grouped in any way, the same address twice. What is beside it stays.
func TestAPersonIsFoundHoweverTyped(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		for i, c := range []struct {
			n          privacy.Needle
			text, want string // want is the text itself where nobody is named
		}{
			{privacy.Needle{Name: "Gia đình ông Lê Văn Ân"}, "Nhờ ông Lê Văn Ân cho mượn sân.", "Nhờ ông […] cho mượn sân."},
			{privacy.Needle{Name: "Hộ ông Phan Văn Ổn và bà Vũ Thị Ấm"}, "Bà Vũ Thị Ấm góp gạo.", "Bà […] góp gạo."},
			{privacy.Needle{Phone: "0912345678"}, "Gọi 0912345678. 15 hộ", "Gọi […]. 15 hộ"},
			{privacy.Needle{Phone: "0912345678"}, "0912345678 - 0987654321", "[…] - 0987654321"},
			{privacy.Needle{Phone: "+84 (0) 912 345 678"}, "5. 0912.345.678 (84912345678) 0084 912 345 678", "5. […] ([…]) […]"},
			{privacy.Needle{Phone: "0912345678"}, "Tài khoản 10912345678, 09123456789", "Tài khoản 10912345678, 09123456789"},
			{privacy.Needle{Phone: "0912345678"}, "840912345678 1 0912345678", "840912345678 1 […]"},
			{privacy.Needle{Phone: "1900 1234"}, "Đường dây 19001234", "Đường dây […]"},
			{privacy.Needle{Email: "an@example.vn"}, "an@example.vn AN@example.vn,an@example.vn", "[…] […],[…]"},
			{privacy.Needle{Email: "an@example.vn"}, "lan@example.vn, x.an@example.vn, an@example.vn-x", "lan@example.vn, x.an@example.vn, an@example.vn-x"},
		} {
			in := apptest.Registration()
			in.Title, in.Parts.Goals = "Mô hình số "+string(rune('a'+i)), c.text
			e := h.Register(in)
			found, err := h.Privacy.Find(t.Context(), h.admin, c.n)
			h.Must(err)
			ref := "entry." + e.ID
			if is := slices.ContainsFunc(found.Traces, func(x privacy.Trace) bool { return x.Ref() == ref }); is != (c.want != c.text) {
				t.Errorf("%+v in %q: found is %v", c.n, c.text, is)
				continue
			}
			if c.want == c.text {
				continue
			}
			_, err = h.Privacy.Forget(t.Context(), h.admin, c.n, []string{ref}, "Đơn")
			h.Must(err)
			if got, err := h.Practices.Get(t.Context(), h.admin, e.Code); err != nil || got.Parts.Goals != c.want {
				t.Errorf("%+v: %q is left, not %q, %v", c.n, got.Parts.Goals, c.want, err)
			}
		}
	})
}

// TestANameAtTheStartOfALineIsFound in what is kept as JSON: a round, a draft, a notice.
func TestANameAtTheStartOfALineIsFound(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		ctx := t.Context()
		const lines = "Người giữ sổ:\nTrương Thị Nụ\nnu@example.vn"
		nu := privacy.Needle{Name: "Trương Thị Nụ"}
		in := apptest.Registration()
		in.Title, in.Parts.Forces = "Bếp cháo", lines
		e := h.Register(in)
		h.Must(h.Practices.SendBack(ctx, h.System(), practice.SentBack{
			Step: practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01"), Reason: "Bổ sung"}, Reasons: []practice.ReturnReason{practice.Unclear},
			Flags: []practice.Flag{{Part: "goals", Note: "Ghi rõ mục tiêu"}},
		}))
		tree, err := h.Org.Current(ctx)
		h.Must(err)
		unit, _ := tree.ByCode("W1")
		a, err := h.Identity.Create(ctx, h.System(), identity.Input{Login: "canbo9", Name: "Cán Bộ", Unit: unit.ID})
		h.Must(err)
		typist := h.At(app.RoleReporter, "W1")
		typist.Account = a.ID
		d, err := h.Drafts.Save(ctx, typist, "0000-0001", 0, draft.Input{Movement: "M-2024", Form: draft.Form{"title": {"Bếp"}, "forces": {lines}}})
		h.Must(err)
		h.Must(h.DB.Write(ctx, func(tx *db.Tx) error {
			return h.Identity.Notify(ctx, tx, identity.Notice{Account: a.ID, Key: i18n.ErrsTooLong, Args: []any{lines}})
		}))
		for _, n := range []privacy.Needle{nu, {Email: "nu@example.vn"}} {
			found := h.find(t, h.admin, n)
			for _, k := range []privacy.Kind{privacy.KindReturn, privacy.KindDraft, privacy.KindNotice} {
				if found[k].ID == "" {
					t.Errorf("%+v: no %s", n, k)
				}
			}
			if fields := found[privacy.KindReturn].Fields; len(fields) != 1 || fields[0].Text != lines {
				t.Errorf("of the round is shown %+v", fields)
			}
		}
		_, err = h.Privacy.Forget(ctx, h.admin, nu, refs(h.find(t, h.admin, nu)), "Đơn")
		h.Must(err)
		if left := h.find(t, h.admin, nu); len(left) != 0 {
			t.Errorf("left: %+v", left)
		}
		got, err := h.Drafts.Get(ctx, typist, d.ID)
		if err != nil || got.Form.Text("forces") != "Người giữ sổ:\n[…]\nnu@example.vn" {
			t.Errorf("the draft: %q, %v", got.Form.Text("forces"), err)
		}
	})
}

// TestAFileOfADraftIsForgotten with the draft: what it is called.
func TestAFileOfADraftIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		ctx := t.Context()
		tree, err := h.Org.Current(ctx)
		h.Must(err)
		unit, _ := tree.ByCode("W1")
		a, err := h.Identity.Create(ctx, h.System(), identity.Input{Login: "canbo9", Name: "Cán Bộ", Unit: unit.ID})
		h.Must(err)
		typist := h.At(app.RoleReporter, "W1")
		typist.Account = a.ID
		d, err := h.Drafts.Save(ctx, typist, "0000-0001", 0, draft.Input{Movement: "M-2024", Form: draft.Form{"title": {"Bếp"}}})
		h.Must(err)
		const pdf = "%PDF-1.4\n%%EOF\n"
		_, err = h.Drafts.Attach(ctx, typist, d.ID, practice.Evidence, &practice.File{Name: "don ba Truong Thi Nu.pdf", Content: bytes.NewReader([]byte(pdf)), Size: int64(len(pdf))})
		h.Must(err)
		nu := privacy.Needle{Name: "Trương Thị Nụ"}
		trace := h.find(t, h.admin, nu)[privacy.KindDraft]
		if trace.ID != d.ID {
			t.Fatalf("found: %+v", trace)
		}
		_, err = h.Privacy.Forget(ctx, h.admin, nu, []string{trace.Ref()}, "Đơn")
		h.Must(err)
		got, err := h.Drafts.Get(ctx, typist, d.ID)
		if err != nil || len(got.Files) != 1 || strings.Contains(got.Files[0].FileName+got.Files[0].Title, "Truong") || !strings.Contains(got.Files[0].FileName, ".pdf") {
			t.Errorf("the files: %+v, %v", got.Files, err)
		}
	})
}
