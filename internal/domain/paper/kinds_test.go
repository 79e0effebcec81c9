package paper_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/papertest"
)

// records are what the papers of the sample are about: one of each sort that has something to say.
func records(tb testing.TB, h *app.House) map[paper.Kind]paper.About {
	tb.Helper()
	who := h.System()
	all := map[paper.Kind]paper.About{}
	for _, k := range paper.Kinds() {
		list, err := h.Papers.Candidates(tb.Context(), who, k)
		if err != nil || len(list) == 0 {
			tb.Fatalf("no record for %s: %v", k, err)
		}
		for _, c := range list {
			a := c.About
			if k.Of() == paper.OfMovement && a.ID != sample.Movement {
				continue
			}
			switch k {
			case paper.RegistrationList, paper.InterimReport, paper.FinalReport:
				a.Part = "2024-10-15"
			case paper.AwardDecision:
				if given, err := h.Awards.Under(tb.Context(), who, a.ID); err != nil || !slices.ContainsFunc(given, func(x award.Award) bool { return x.Kind == award.Given }) {
					continue
				}
			case paper.RecognitionDecision:
				if under, err := h.Practices.Under(tb.Context(), who, a.ID); err != nil || len(under[ledger.Recognised]) < 3 {
					continue
				}
			}
			if _, err := h.Papers.Prepare(tb.Context(), who, a); err != nil {
				if errs.Is(err, errs.NotFound) && k.Of() == paper.OfMinutes {
					continue
				}
				tb.Fatalf("%s of %s: %v", k, a.ID, err)
			}
			all[k] = a
			break
		}
		if _, ok := all[k]; !ok {
			tb.Fatalf("no record for %s", k)
		}
	}
	return all
}

func paperOf(tb testing.TB, h *app.House, about paper.About, format paper.Format) ([]byte, paper.Made) {
	tb.Helper()
	var b bytes.Buffer
	made, err := h.Papers.Make(tb.Context(), h.System(), about, format, &b)
	if err != nil {
		tb.Fatalf("%s: %v", about.Kind, err)
	}
	return b.Bytes(), made
}

// laidOut saves the sheet of a paper with a profile and a day, and what else an officer fills in.
func laidOut(tb testing.TB, h *app.House, about paper.About, profile rulebook.Profile, on string) {
	tb.Helper()
	p, err := h.Papers.Prepare(tb.Context(), h.System(), about)
	if err != nil {
		tb.Fatal(err)
	}
	unit := sample.CodeDistrict
	if profile == rulebook.PartyProfile {
		unit = sample.CodeBoard
	}
	in := paper.SheetInput{Unit: unit, Profile: profile, Dated: apptest.Day(on), Recipients: []string{"Như trên", "Thường trực Quận ủy", "Các đơn vị trực thuộc"}, Texts: map[string]string{}}
	for _, n := range p.Typed {
		in.Texts[n.Name] = "Đoạn thứ nhất của mục “" + n.Meaning + "”, dài hơn một dòng để thấy lề trái, lề phải và chỗ thụt đầu dòng của văn bản.\nĐoạn thứ hai."
	}
	if _, err := h.Papers.Save(tb.Context(), h.System(), about, p.Sheet.Version, in); err != nil {
		tb.Fatalf("%s: %v", about.Kind, err)
	}
}

// TestEveryPaperOnItsPage makes every paper in every layout, has LibreOffice open it, and measures
// where its text stands.
func TestEveryPaperOnItsPage(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		abouts := records(t, h)
		for _, l := range []struct {
			name    string
			profile rulebook.Profile
			on      string
		}{
			{"state", rulebook.StateProfile, "2024-10-16"},
			{"party", rulebook.PartyProfile, "2024-10-16"},
			{"party-new", rulebook.PartyProfile, "2026-06-01"},
			{"front", rulebook.FrontProfile, "2024-10-16"},
			{"youth", rulebook.YouthProfile, "2024-10-16"},
		} {
			var files []string
			for _, k := range paper.Kinds() {
				laidOut(t, h, abouts[k], l.profile, l.on)
				content, made := paperOf(t, h, abouts[k], paper.DOCX)
				if text := strings.Join(document(t, content), "\n"); strings.Contains(text, "{{") {
					t.Errorf("%s %s: a mark stands on it", l.name, k)
				}
				if made.Layout.Profile != l.profile {
					t.Errorf("%s %s is laid out by %s", l.name, k, made.Layout.Profile)
				}
				files = append(files, papertest.Keep(t, l.name+"-"+string(k)+".docx", content))
			}
			for i, pdf := range papertest.ConvertAll(t, files, "pdf") {
				keepPages(t, pdf)
				name := l.name + " " + string(paper.Kinds()[i])
				onItsPage(t, name, papertest.Pages(t, pdf))
				if text := strings.Join(strings.Fields(papertest.Text(t, pdf)), ""); !strings.Contains(text, country(l.profile)) {
					t.Errorf("%s: its head is of another track", name)
				}
			}
		}
	})
}

// keepPages puts pages where PAPER_SHOTS says, for eyes.
func keepPages(tb testing.TB, pdf string) {
	tb.Helper()
	if os.Getenv("PAPER_SHOTS") == "" {
		return
	}
	raw, err := os.ReadFile(pdf)
	if err != nil {
		tb.Fatal(err)
	}
	papertest.Keep(tb, pdf[strings.LastIndex(pdf, "/")+1:], raw)
}

// country is what stands on the right of the head of a track, without spaces.
func country(p rulebook.Profile) string {
	switch p {
	case rulebook.PartyProfile:
		return "ĐẢNGCỘNGSẢNVIỆTNAM"
	case rulebook.YouthProfile:
		return "ĐOÀNTNCSHỒCHÍMINH"
	default:
		return "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM"
	}
}

// onItsPage holds the margins against those of papers of a track: State 20–25 above and below,
// 30–35 left, 15–20 right; Party 20, 20, 30, 15.
func onItsPage(t *testing.T, name string, pages []papertest.Page) {
	t.Helper()
	if len(pages) == 0 {
		t.Errorf("%s has no page", name)
	}
	for i, page := range pages {
		left, right, top, bottom := page.Margins()
		numbered := i > 0
		if left < 29.5 || right < 14.5 || !numbered && top < 19 || bottom < 19 {
			t.Errorf("%s, page %d: %.1f left, %.1f right, %.1f above, %.1f below", name, i+1, left, right, top, bottom)
		}
		if len(page.Words) == 0 {
			t.Errorf("%s, page %d is empty", name, i+1)
		}
		if text := joined(page); strings.Contains(text, " T T ") {
			t.Errorf("%s, page %d: a column is too narrow for its head", name, i+1)
		}
	}
}

func joined(p papertest.Page) string {
	var b strings.Builder
	for _, w := range p.Words {
		b.WriteString(" " + w.Text)
	}
	return b.String() + " "
}

// TestLongLists: the list of the sample fills many pages, each with its head, and every practice
// stands on it once; the movement with a handful fits on few.
func TestLongLists(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		content, _ := paperOf(t, h, paper.About{Kind: paper.RegistrationList, ID: sample.Movement, Part: "2024-10-15"}, paper.DOCX)
		pages := papertest.Pages(t, papertest.Convert(t, papertest.Keep(t, "list.docx", content), "pdf"))
		rows := 0
		for i, page := range pages {
			text := joined(page)
			rows += strings.Count(text, " HK-")
			if i < len(pages)-1 && !strings.Contains(text, " TT ") {
				t.Errorf("page %d of %d has no head", i+1, len(pages))
			}
		}
		r, err := h.Reports.Report(t.Context(), h.System(), report.Query{Movement: sample.Movement, AsOf: apptest.Day("2024-10-15")})
		if err != nil {
			t.Fatal(err)
		}
		if want := r.Figures.Get(ledger.FigureRegistered).Total; len(pages) < 10 || rows < 300 || rows != want {
			t.Errorf("%d rows on %d pages, %d are registered", rows, len(pages), want)
		}
		for _, format := range []paper.Format{paper.XLSX, paper.Pages} {
			if content, _ := paperOf(t, h, paper.About{Kind: paper.RegistrationList, ID: sample.Movement, Part: "2024-10-15"}, format); len(content) < 10_000 {
				t.Errorf("%s has %d bytes", format, len(content))
			}
		}
	})
}

// TestListsOfPraise name collectives before individuals and tell no points.
func TestListsOfPraise(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		about := records(t, h)[paper.PraiseList]
		content, _ := paperOf(t, h, about, paper.DOCX)
		text := strings.Join(document(t, content), "\n")
		first, second := strings.Index(text, "I. TẬP THỂ"), strings.Index(text, "II. CÁ NHÂN")
		if first < 0 || second < first || strings.Contains(strings.ToLower(text), "điểm") {
			t.Errorf("the list of praise: %.400s", text)
		}
		rows := strings.Count(text[first:second], "Tập thể") + strings.Count(text[second:], "Mẫu")
		if rows == 0 {
			t.Error("nobody is praised")
		}
	})
}

// TestLettersOfInvitation: each guest has a page.
func TestLettersOfInvitation(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		about := records(t, h)[paper.Invitation]
		laidOut(t, h, about, rulebook.StateProfile, "2024-10-10")
		content, _ := paperOf(t, h, about, paper.DOCX)
		guests := strings.Count(strings.Join(document(t, content), "\n"), "GIẤY MỜI")
		pages := papertest.Pages(t, papertest.Convert(t, papertest.Keep(t, "letters.docx", content), "pdf"))
		if guests < 5 || len(pages) != guests {
			t.Errorf("%d letters on %d pages", guests, len(pages))
		}
	})
}

// TestNobodyMakesPapersOfWhatTheyMayNotSee: another ward's reporter, and who has no right.
func TestNobodyMakesPapersOfWhatTheyMayNotSee(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		abouts := records(t, h)
		stranger := actor.Actor{Account: "x", Login: "x", Rights: app.Roles()[app.RoleOfficer], Scope: actor.Scope{Paths: []string{"nowhere"}}}
		for _, k := range paper.Kinds() {
			if _, err := h.Papers.Prepare(t.Context(), stranger, abouts[k]); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s to a stranger: %v", k, err)
			}
			if _, err := h.Papers.Save(t.Context(), stranger, abouts[k], 0, paper.SheetInput{}); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s saved by a stranger: %v", k, err)
			}
		}
	})
}

// TestADecisionNamesEachOnce: whom it praises and awards stands on it once, as the case has it.
func TestADecisionNamesEachOnce(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		content, made := paperOf(t, h, records(t, h)[paper.AwardDecision], paper.DOCX)
		text := strings.Join(document(t, content), "\n")
		if !strings.Contains(text, "21 tập thể, 9 cá nhân") || made.Layout.Profile != rulebook.PartyProfile {
			t.Errorf("by the rules of %s: %.1200s", made.Layout.Profile, text)
		}
	})
}

// TestLongNamesAndFewRows: a unit with a name over several lines keeps its head and its tables
// within the margins, with a handful of rows too.
func TestLongNamesAndFewRows(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		const name = "Ủy ban nhân dân phường Hàng Buồm – Trung tâm Phục vụ hành chính công và Cung ứng dịch vụ sự nghiệp công liên phường khu vực phố cổ"
		on := apptest.Day("2024-01-05")
		if err := h.Org.RenameTo(t.Context(), h.System(), sample.CodeWard, name, org.Commune, on); err != nil {
			t.Fatal(err)
		}
		for _, track := range []org.Track{org.StateTrack, org.PartyTrack} {
			letter := org.Letterhead{From: on, Track: track, Above: name, Own: name, Place: "Hàng Buồm", Title: "Chủ tịch", Signer: "Lê Văn Mẫu"}
			all, err := h.Org.Letterheads(t.Context(), h.System(), sample.CodeWard)
			if err != nil {
				t.Fatal(err)
			}
			mark := 0
			for _, one := range all {
				if one.From == on {
					mark = one.Mark()
				}
			}
			if err := h.Org.SetLetterhead(t.Context(), h.System(), sample.CodeWard, letter, mark); err != nil {
				t.Fatal(err)
			}
			var files []string
			for _, k := range []paper.Kind{paper.RegistrationList, paper.FinalReport} {
				content, made := paperOf(t, h, paper.About{Kind: k, ID: sample.Movement, Part: "2024-02-15/" + sample.CodeWard}, paper.DOCX)
				if made.Layout.Profile != rulebook.Profile(track) {
					t.Errorf("%s is laid out by %s", k, made.Layout.Profile)
				}
				files = append(files, papertest.Keep(t, "long-"+string(track)+"-"+string(k)+".docx", content))
			}
			for i, pdf := range papertest.ConvertAll(t, files, "pdf") {
				keepPages(t, pdf)
				onItsPage(t, files[i], papertest.Pages(t, pdf))
			}
		}
	})
}
