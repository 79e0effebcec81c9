package paper

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// minutesKind is the sort of paper that minutes or a letter of submission become.
func minutesKind(k appraisal.PaperKind) Kind {
	return map[appraisal.PaperKind]Kind{
		appraisal.SelectionMinutes: SelectionMinutes, appraisal.AppraisalMinutes: AppraisalMinutes, appraisal.Submission: Submission,
	}[k]
}

func (s *Service) ofMinutes(ctx context.Context, who actor.Actor, about About) (facts, error) {
	p, err := s.appraisals.Paper(ctx, who, about.ID)
	if err != nil {
		return facts{}, err
	}
	if minutesKind(p.Kind) != about.Kind {
		return facts{}, errs.New(errs.NotFound, i18n.PaperOtherKind)
	}
	m, err := s.movements.ByPeriod(ctx, who, p.Period)
	if err != nil {
		return facts{}, err
	}
	data, _, _, err := s.movementFacts(ctx, m, p.Period)
	if err != nil {
		return facts{}, err
	}
	f := facts{title: m.Name, unit: p.Unit, own: true, number: p.Number, dated: p.On, data: data, of: m}
	f.data["dia_diem"], f.data["chu_tri"], f.data["thu_ky"] = docx.Text(p.Place), docx.Text(p.Chair), docx.Text(p.Secretary)
	f.data["kinh_gui"] = docx.Text(p.Addressee)
	f.data["co_mat"], f.data["vang_mat"] = paragraphs(strings.Join(p.Present, "\n"), false), paragraphs(strings.Join(p.Absent, "\n"), true)
	f.data["so_co_mat"], f.data["so_mo_hinh"] = docx.Text(""), count(len(p.Entries))
	if len(p.Present) > 0 {
		f.data["so_co_mat"] = count(len(p.Present))
	}
	f.data["ket_luan"] = paragraphs(p.Conclusions, about.Kind == Submission)
	judged, sums := judgedRows(p.Entries)
	f.data["mo_hinh"], f.data["tong_hop"] = rows(judged), rows(sums)
	f.lists = []listing{{
		title: i18n.Vi.T(about.Kind.Label()), notes: []string{m.Name}, rows: judged,
		columns: append(practiceColumns()[:3], listColumn{i18n.FieldworkColVerdict, "ket_qua", 36, table.Words}, listColumn{i18n.FieldworkColPoints, "diem", 16, table.Short}, listColumn{i18n.FieldworkVotes, "phieu", 18, table.Short}),
	}}
	return f, nil
}

// judgedRows are entries with what was made of them, and how many came to what.
func judgedRows(entries []appraisal.PaperEntry) (judged, sums []record) {
	count := map[appraisal.Verdict]int{}
	for _, e := range entries {
		count[e.Verdict]++
		row := record{"ma": e.Code, "ten": e.Title, "don_vi": e.Unit, "ket_qua": "", "ly_do?": e.Reason, "diem?": "", "phieu?": ""}
		if e.Verdict != appraisal.NoVerdict {
			row["ket_qua"] = i18n.Vi.T(e.Verdict.Label())
		}
		if e.Points > 0 {
			row["diem?"] = appraisal.Points(e.Points)
		}
		if e.Of > 0 {
			row["phieu?"] = strconv.Itoa(e.For) + "/" + strconv.Itoa(e.Of)
		}
		judged = append(judged, row)
	}
	for _, v := range appraisal.Verdicts() {
		if n := count[v]; n > 0 {
			sums = append(sums, record{"ten": i18n.Vi.T(v.Label()), "so": i18n.Vi.Number(n)})
		}
	}
	return judged, sums
}

func (s *Service) ofDecision(ctx context.Context, who actor.Actor, about About) (facts, error) {
	d, err := s.movements.Decision(ctx, who, about.ID)
	if err != nil {
		return facts{}, err
	}
	tree, err := s.org.Current(ctx)
	if err != nil {
		return facts{}, err
	}
	f := facts{title: d.Title, unit: d.Authority, own: true, number: d.Number, dated: d.SignedOn, signer: d.Signer, data: docx.Data{}}
	if d.Paper != ledger.PaperDecision {
		return f, errs.New(errs.NotFound, i18n.PaperOtherKind)
	}
	under, err := s.practices.Under(ctx, who, d.ID)
	if err != nil {
		return f, err
	}
	given, err := s.awards.Under(ctx, who, d.ID)
	if err != nil {
		return f, err
	}
	period := periodOf(given)
	if about.Kind == RecognitionDecision {
		if period, err = s.recognised(ctx, who, &f, tree, d, under); err != nil {
			return f, err
		}
	} else if err := s.awarded(ctx, who, &f, tree, []ledger.Decision{d}); err != nil {
		return f, err
	}
	f.data["trich_yeu"], f.data["hieu_luc"] = docx.Text(aboutOf(d.Title)), docx.Text(dated(d.On))
	if period == 0 {
		for _, name := range []string{"phong_trao", "phong_trao_ky", "ky"} {
			f.data[name] = docx.Text("")
		}
		return f, nil
	}
	m, err := s.movements.ByPeriod(ctx, who, period)
	if err != nil {
		return f, err
	}
	err = s.addMovement(ctx, &f, m, period)
	return f, err
}

func (s *Service) addMovement(ctx context.Context, f *facts, m movement.Movement, period int) error {
	data, _, _, err := s.movementFacts(ctx, m, period)
	for name, v := range data {
		if _, there := f.data[name]; !there {
			f.data[name] = v
		}
	}
	f.of = m
	for i := range f.lists {
		f.lists[i].notes = append(f.lists[i].notes, m.Name)
	}
	return err
}

// aboutOf is what a decision is about, without the word for the paper before it.
func aboutOf(title string) string {
	if rest, ok := strings.CutPrefix(title, "Quyết định "); ok {
		return "Về việc " + rest
	}
	return title
}

func periodOf(given []award.Award) int {
	for _, a := range given {
		return a.Period
	}
	return 0
}

// recognised puts in what a decision recognises, and tells in which period.
func (s *Service) recognised(ctx context.Context, who actor.Actor, f *facts, tree *org.Tree, d ledger.Decision, under map[ledger.Kind][]ledger.EntryRow) (int, error) {
	all, of := practiceRows(tree, d.SignedOn, under[ledger.Recognised])
	typical, _ := practiceRows(tree, d.SignedOn, under[ledger.Typical])
	f.data["danh_sach"], f.data["dien_hinh"] = rows(all), rows(typical)
	f.counts(len(all), of)
	f.lists = []listing{{title: i18n.Vi.T(i18n.PaperRecognised), notes: []string{d.Title}, rows: all, columns: practiceColumns()}}
	f.data["de_nghi"] = docx.Optional("")
	rest := slices.Concat(under[ledger.Recognised], under[ledger.Typical])
	if len(rest) == 0 {
		return 0, nil
	}
	e, err := s.practices.Get(ctx, who, rest[0].Entry)
	if err != nil {
		return 0, err
	}
	papers, err := s.appraisals.PapersOf(ctx, who, e.ID)
	for _, p := range papers {
		if p.Kind == appraisal.Submission && !p.Voided() && p.On <= d.SignedOn && p.Number != "" {
			f.data["de_nghi"] = docx.Optional(i18n.Vi.T(i18n.PaperLetter, p.Number, dated(p.On)))
			break
		}
	}
	return e.Period, err
}

// honoured is who was honoured by a decision: once, whatever it gave.
type honoured struct {
	exemplar string
	kind     ledger.SubjectKind
	row      record
}

func (s *Service) awarded(ctx context.Context, who actor.Actor, f *facts, tree *org.Tree, decisions []ledger.Decision) error {
	var all []honoured
	var forms []string
	for _, d := range decisions {
		more, words, err := s.honouredBy(ctx, who, tree, d)
		if err != nil {
			return err
		}
		all, forms = append(all, more...), append(forms, words...)
	}
	slices.Sort(forms)
	f.data["hinh_thuc"] = docx.Text(strings.Join(slices.Compact(forms), ", "))
	for _, part := range []struct {
		name string
		kind ledger.SubjectKind
	}{{"tap_the", ledger.Collective}, {"ca_nhan", ledger.Individual}, {"ho", ledger.Household}} {
		var of []record
		for _, h := range all {
			if h.kind == part.kind {
				of = append(of, h.row)
			}
		}
		f.data[part.name], f.data["so_"+part.name] = rows(of), count(len(of))
		f.lists = append(f.lists, listing{
			title: i18n.Vi.T(i18n.PaperKindPraiseList), section: section(part.kind), rows: of,
			columns: []listColumn{{i18n.PaperName, "ten", 70, table.Words}, {i18n.PaperUnit, "don_vi", 60, table.Words}, {i18n.PaperForm, "hinh_thuc", 40, table.Words}},
		})
	}
	return nil
}

// section is the heading of a part of a list of those honoured.
func section(k ledger.SubjectKind) string {
	return map[ledger.SubjectKind]string{ledger.Collective: "I. ", ledger.Individual: "II. ", ledger.Household: "III. "}[k] + i18n.Vi.T(k.Label())
}

// honouredBy are those whom a decision praises or awards, in the order of names within a kind.
func (s *Service) honouredBy(ctx context.Context, who actor.Actor, tree *org.Tree, d ledger.Decision) (all []honoured, words []string, err error) {
	given, err := s.awards.Under(ctx, who, d.ID)
	if err != nil {
		return nil, nil, err
	}
	given = slices.DeleteFunc(given, func(a award.Award) bool { return a.Voided || a.Revoked != "" })
	ids := make([]string, len(given))
	for i, a := range given {
		ids[i] = a.Exemplar
	}
	people, err := s.practices.ExemplarsSeen(ctx, who, ids)
	if err != nil {
		return nil, nil, err
	}
	forms, err := s.rules.Forms(ctx, who, d.SignedOn)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range given {
		x, ok := people[a.Exemplar]
		if !ok {
			continue
		}
		word := formWord(forms, a, d.Level)
		words = append(words, word)
		if i := slices.IndexFunc(all, func(h honoured) bool { return h.exemplar == x.ID }); i >= 0 {
			all[i].row["hinh_thuc"] += "; " + word
			continue
		}
		all = append(all, honoured{x.ID, x.Kind, s.honouredRow(tree, d.SignedOn, x, a, word)})
	}
	return all, words, nil
}

func (s *Service) honouredRow(tree *org.Tree, on clock.Date, x practice.Exemplar, a award.Award, form string) record {
	unit, _ := tree.Unit(x.Unit)
	return record{"ten": x.Name, "don_vi": unit.NameOn(on), "hinh_thuc": form, "thanh_tich?": a.Achievement}
}

// formWord is the form of an award as the rules of its day call it.
func formWord(forms []rulebook.Form, a award.Award, level org.Level) string {
	if a.Kind == award.Praise {
		return i18n.Vi.T(i18n.LedgerPraised)
	}
	for _, f := range forms {
		if f.Code == a.Form && f.Track == a.Track && f.Level == level {
			return f.Name(i18n.Vi)
		}
	}
	return a.Form
}
