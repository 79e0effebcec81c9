package privacy_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
)

// man is somebody who stands in few places.
func man() privacy.Needle { return privacy.Needle{Name: "Trương Thị Mận"} }

// TestAPhotoNamesNobodyAfterwards: one to which the person agreed is withdrawn, and its
// words and the name of its file lose them, as do those of one that was withdrawn before.
// Who agreed stays, and so does who noted it; that is not counted as erased again.
func TestAPhotoNamesNobodyAfterwards(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		ctx := t.Context()
		var raw bytes.Buffer
		h.Must(png.Encode(&raw, image.NewRGBA(image.Rect(0, 0, 64, 48))))
		words := photo.Words{
			Credit: "Ảnh: Trương Thị Mận", Alt: "Bà Trương Thị Mận nấu cháo", Caption: "Trương Thị Mận, tổ 5", People: photo.PeopleAgreed,
			ConsentOf: "Trương Thị Mận", ConsentOn: apptest.Day("2024-02-01"),
		}
		for range 2 {
			_, err := h.Practices.AddPhoto(ctx, h.At(app.RoleOfficer, "W1"), h.entry.ID, words, &photo.File{Name: "truong-thi-man.png", Content: bytes.NewReader(raw.Bytes()), Size: int64(raw.Len())})
			h.Must(err)
			raw.Reset()
			h.Must(png.Encode(&raw, image.NewRGBA(image.Rect(0, 0, 48, 64))))
		}
		before, err := h.Practices.Photos(ctx, h.System(), h.entry.Code)
		h.Must(err)
		h.Must(h.Practices.WithdrawPhoto(ctx, h.System(), h.entry.ID, before[0].ID, "Bà Trương Thị Mận đổi ý"))
		chosen := []string{"photo." + before[0].ID, "photo." + before[1].ID}
		done, err := h.Privacy.Forget(ctx, h.admin, man(), chosen, "Đơn")
		if err != nil || done.Erased != 2 {
			t.Fatalf("forgotten: %+v, %v", done, err)
		}
		all, err := h.Practices.Photos(ctx, h.System(), h.entry.Code)
		h.Must(err)
		for i, p := range all {
			if p.People != photo.PeopleWithdrawn || strings.Contains(p.Alt+p.Caption+p.Credit+p.WithdrawnNote, "Mận") || strings.Contains(p.Name, "man") ||
				p.ConsentOf != "Trương Thị Mận" || p.ConsentBy != before[i].ConsentBy {
				t.Errorf("a photo: %+v", p)
			}
		}
		if _, err := h.Privacy.Forget(ctx, h.admin, man(), chosen, "Đơn"); err == nil {
			t.Error("they are counted as erased again")
		}
		if left := h.find(t, h.admin, man())[privacy.KindPhoto]; left.Treatment != privacy.Kept || len(left.Fields) != 1 {
			t.Errorf("what stays: %+v", left)
		}
	})
}

// TestAViewIsForgotten: what it is called, and what it filters by where that names them.
func TestAViewIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		ctx := t.Context()
		tree, err := h.Org.Current(ctx)
		h.Must(err)
		unit, _ := tree.ByCode("W1")
		a, err := h.Identity.Create(ctx, h.System(), identity.Input{Login: "canbo9", Name: "Cán Bộ", Unit: unit.ID})
		h.Must(err)
		officer := h.At(app.RoleOfficer, "W1")
		officer.Account = a.ID
		v, err := h.Worklist.SaveView(ctx, officer, worklist.ViewInput{Name: "Của bà Trương Thị Mận", Query: "q=tr%C6%B0%C6%A1ng+th%E1%BB%8B+m%E1%BA%ADn&tab=all"})
		h.Must(err)
		trace := h.find(t, h.admin, man())[privacy.KindView]
		if trace.ID != v.ID || len(trace.Fields) != 2 {
			t.Fatalf("found: %+v", trace)
		}
		_, err = h.Privacy.Forget(ctx, h.admin, man(), []string{trace.Ref()}, "Đơn")
		h.Must(err)
		got, err := h.Worklist.View(ctx, officer, v.ID)
		if err != nil || got.Name != "Của bà […]" || got.Query != "tab=all" || got.Version == v.Version {
			t.Errorf("the view: %+v, %v", got, err)
		}
	})
}

// TestMinutesAndVerdictsAreFound with what they list and why, and stay as they are.
func TestMinutesAndVerdictsAreFound(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		in := apptest.Registration()
		in.Title = "Bếp cháo bà Trương Thị Mận"
		e := h.Recognised(in, "09/QĐ-1")
		listed := func(k privacy.Kind) []privacy.Trace {
			found, err := h.Privacy.Find(t.Context(), h.System(), man())
			h.Must(err)
			return slices.DeleteFunc(found.Traces, func(x privacy.Trace) bool { return x.Kind != k })
		}
		minutes := listed(privacy.KindMinutes)
		if len(minutes) == 0 || minutes[0].Treatment != privacy.Kept || minutes[0].Why == 0 || !strings.HasSuffix(minutes[0].ID, "."+e.ID) {
			t.Errorf("the minutes: %+v", minutes)
		}
		in.Title = "Tủ sách"
		other := h.Register(in)
		step := practice.Step{Entries: []string{other.ID}, On: apptest.Day("2024-03-01")}
		h.Must(h.Practices.Receive(t.Context(), h.System(), step))
		h.Must(h.Practices.Start(t.Context(), h.System(), step))
		h.Must(h.Appraisals.JudgeAll(t.Context(), h.System(), []string{other.ID}, appraisal.VerdictInput{Verdict: appraisal.Failed, Reason: "Bà Trương Thị Mận chưa đồng ý"}))
		if verdicts := listed(privacy.KindScore); len(verdicts) != 1 || verdicts[0].Treatment != privacy.Kept {
			t.Errorf("the verdict without scores: %+v", verdicts)
		}
	})
}

// TestReadersAreToldOfWhatTheySee and of nothing else: a correction stands where a text that
// they see has changed, be it a part or an indicator, once; and the entry has a new version.
func TestReadersAreToldOfWhatTheySee(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		ctx := t.Context()
		published := func(title string, change func(*practice.Input)) practice.Entry {
			in := apptest.Registration()
			in.Title = title
			change(&in)
			e := h.Recognised(in, "QĐ-"+title)
			h.Must(h.Practices.Consent(ctx, h.System(), e.ID, practice.Agreement{Agreed: true, Note: "phiếu"}))
			return e
		}
		measure := practice.Indicator{Name: "Suất cháo của bà Trương Thị Mận", Unit: "suất"}
		for _, c := range []struct {
			title string
			in    func(*practice.Input)
			want  int
		}{
			{"Một", func(in *practice.Input) { in.DeclaredBy = "Trương Thị Mận" }, 0}, // for the office alone
			{"Hai", func(in *practice.Input) { in.Parts.Forces = "Bà Trương Thị Mận" }, 0},
			{"Ba", func(in *practice.Input) { in.Indicators = []practice.Indicator{measure} }, 1},
			{"Bốn", func(in *practice.Input) { in.Parts.Outputs = "Bà Trương Thị Mận nấu cháo" }, 1},
			{"Năm", func(in *practice.Input) {
				in.Parts.Outputs, in.Indicators = "Bà Trương Thị Mận nấu cháo", []practice.Indicator{measure}
			}, 1},
		} {
			e := published(c.title, c.in)
			before, err := h.Practices.Get(ctx, h.System(), e.ID)
			h.Must(err)
			var chosen []string
			found, err := h.Privacy.Find(ctx, h.admin, man())
			h.Must(err)
			for _, x := range found.Traces {
				if x.ID == e.ID {
					chosen = append(chosen, x.Ref())
				}
			}
			_, err = h.Privacy.Forget(ctx, h.admin, man(), chosen, "Đơn")
			h.Must(err)
			after, err := h.Practices.Get(ctx, h.System(), e.ID)
			if err != nil || len(after.Corrections) != c.want || after.Version <= before.Version {
				t.Errorf("%s: %d corrections, version %d after %d, %v", c.title, len(after.Corrections), after.Version, before.Version, err)
			}
		}
	})
}
