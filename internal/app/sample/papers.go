package sample

import (
	"context"
	"fmt"
	"slices"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
)

// Chain is entries that a decision is to recognise, and what is said of their results.
type Chain struct {
	Decision ledger.Decision
	Entries  []string
	Text     string
	Paper    appraisal.PaperInput // place, chair and so on; the rest follows from the decision
}

// Papers makes what stands between reception and recognition: reports of results, accepted,
// minutes of the appraisal, and a letter of submission, on the decision's level and its day.
func Papers(ctx context.Context, h *app.House, who actor.Actor, c Chain) error {
	tree, err := h.Org.Current(ctx)
	if err != nil {
		return err
	}
	authority, _ := tree.Unit(c.Decision.Authority)
	on := min(c.Decision.SignedOn, h.Now.Today())
	results := make([]appraisal.NoteInput, len(c.Entries))
	named := make([]appraisal.PaperEntry, len(c.Entries)) // what papers say of them is the verdict on record
	for i, e := range c.Entries {
		results[i] = appraisal.NoteInput{Entry: e, Kind: appraisal.Result, On: on, Text: c.Text, Outputs: c.Text}
		named[i] = appraisal.PaperEntry{Entry: e}
	}
	notes, err := h.Appraisals.ReportAll(ctx, who, results)
	if err != nil {
		return fmt.Errorf("report the results: %w", err)
	}
	ids := make([]string, len(notes))
	for i, n := range notes {
		ids[i] = n.ID
	}
	if err := h.Appraisals.Accept(ctx, who, ids...); err != nil {
		return fmt.Errorf("accept the results: %w", err)
	}
	if err := judge(ctx, h, who, c); err != nil {
		return fmt.Errorf("give the verdicts: %w", err)
	}
	for _, kind := range []appraisal.PaperKind{appraisal.AppraisalMinutes, appraisal.Submission} {
		in := c.Paper
		in.Kind, in.Unit, in.Level, in.On, in.Entries = kind, authority.Code, c.Decision.Level, on, named
		if _, err := h.Appraisals.Record(ctx, who, in); err != nil {
			return fmt.Errorf("make the paper %s: %w", kind, err)
		}
	}
	return nil
}

// judge puts entries forward that have no verdict yet; where criteria are in force it gives
// them their points first.
func judge(ctx context.Context, h *app.House, who actor.Actor, c Chain) error {
	had, err := h.Appraisals.Standings(ctx, who, c.Decision.Level, c.Decision.On, c.Entries)
	if err != nil {
		return err
	}
	var left []string
	for _, e := range c.Entries {
		if had[e].Verdict != appraisal.NoVerdict {
			continue
		}
		left = append(left, e)
		x, err := h.Appraisals.Sheet(ctx, who, appraisal.At{Entry: e})
		if err != nil {
			return err
		}
		if x.Set.ID == "" {
			continue
		}
		in := appraisal.ScoresInput{By: appraisal.ByVerified, Criteria: x.Set.ID, Version: x.Version}
		for _, criterion := range x.Set.All() {
			in.Lines = append(in.Lines, appraisal.ScoreInput{Criterion: criterion.ID, Points: criterion.Most})
		}
		if _, err := h.Appraisals.PutScores(ctx, who, appraisal.At{Entry: e}, in); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(left, appraisal.MaxJudged) {
		if err := h.Appraisals.JudgeAll(ctx, who, part, appraisal.VerdictInput{Verdict: appraisal.Recognise}); err != nil {
			return err
		}
	}
	return nil
}

// papers is how the sample's entries came to a decision.
func (l *loader) papers(ctx context.Context, d ledger.Decision, roles []role) error {
	return Papers(ctx, l.house, l.who, Chain{
		Decision: d, Entries: ids(roles), Text: "Mô hình được duy trì, có kết quả rõ và được Nhân dân đồng tình (số liệu mẫu).",
		Paper: appraisal.PaperInput{ //nolint:gosec // “Secretary” is a person
			Place: "Hội trường Quận ủy (số liệu mẫu)", Addressee: "Ban Thường vụ Quận ủy (số liệu mẫu)", Chair: "Trưởng ban (số liệu mẫu)", Secretary: "Thư ký (số liệu mẫu)",
			Present:     []string{"Trưởng ban (số liệu mẫu)", "Phó Trưởng ban (số liệu mẫu)", "Thành viên (số liệu mẫu)"},
			Conclusions: "Thống nhất đề nghị công nhận các mô hình trong danh sách (số liệu mẫu).",
		},
	})
}

// fieldwork shows what lies before a decision: notes of units that wait and that were
// accepted, a score, a verdict, and a visit that was filled in.
func (l *loader) fieldwork(ctx context.Context) error {
	m, err := l.house.Movements.Get(ctx, l.who, Movement)
	if err != nil {
		return err
	}
	list, err := l.house.Practices.List(ctx, l.who, practice.Query{
		Period: m.Periods[0].No, Tab: practice.TabInProgress, Slice: ledger.Slice{Sort: ledger.ByName, Limit: 40},
	})
	if err != nil {
		return err
	}
	rows := slices.DeleteFunc(list.Rows, func(row ledger.EntryRow) bool { return row.Status != ledger.StatusStarted })
	rows = rows[:min(len(rows), 3)]
	visited := make([]string, len(rows))
	for i, row := range rows {
		visited[i] = row.Entry
		if _, err := l.house.Appraisals.Report(ctx, l.who, appraisal.NoteInput{
			Entry: row.Entry, Kind: appraisal.Kinds()[i], On: day("2024-09-12"), Text: "Đã họp dân và phân công người phụ trách (số liệu mẫu).",
			Outputs: "Ngõ phố sạch hơn, người dân tham gia đều (số liệu mẫu).", Evidence: "Ảnh và danh sách trong hồ sơ mô hình (số liệu mẫu).",
		}); err != nil {
			return err
		}
	}
	v, err := l.house.Appraisals.Plan(ctx, l.who, appraisal.VisitInput{
		Unit: CodeBoard, On: day("2024-09-18"), Goers: "Trưởng đoàn (số liệu mẫu)\nThành viên (số liệu mẫu)",
		Purpose: "Kiểm tra kết quả thực hiện trước khi thẩm định (số liệu mẫu).", Entries: visited,
	})
	if err != nil {
		return err
	}
	_, err = l.house.Appraisals.Fill(ctx, l.who, v.ID, rows[0].Code, appraisal.Sending{ID: "sample-sheet-1", Form: map[string]string{
		"people": "Tổ trưởng tổ dân phố (số liệu mẫu)", "conclusion": "Kết quả đúng như đơn vị báo cáo (số liệu mẫu).",
	}})
	if err != nil {
		return err
	}
	_, err = l.house.Appraisals.Record(ctx, l.who, appraisal.PaperInput{
		Kind: appraisal.SelectionMinutes, Unit: CodeBoard, On: day("2024-09-16"), Place: "Nhà văn hóa (số liệu mẫu)",
		Entries: []appraisal.PaperEntry{{Entry: rows[0].Entry, Verdict: appraisal.Recognise, For: 27, Of: 30}},
	})
	return err
}

// scoring gives points by the criteria in force: one model by its unit, by the appraisers and
// finally, and one by its unit alone. All of it is made up.
func (l *loader) scoring(ctx context.Context) error {
	m, err := l.house.Movements.Get(ctx, l.who, Movement)
	if err != nil {
		return err
	}
	list, err := l.house.Practices.List(ctx, l.who, practice.Query{
		Period: m.Periods[0].No, Tab: practice.TabInProgress, Kind: ledger.Collective, Slice: ledger.Slice{Sort: ledger.ByName, Limit: 2},
	})
	if err != nil {
		return err
	}
	for i, row := range list.Rows {
		hands := appraisal.Hands()
		if i > 0 {
			hands = hands[:1]
		}
		for less, by := range hands {
			at := appraisal.At{Entry: row.Entry}
			x, err := l.house.Appraisals.Sheet(ctx, l.who, at)
			if err != nil {
				return err
			}
			in := appraisal.ScoresInput{By: by, Criteria: x.Set.ID, Version: x.Version}
			for j, c := range x.Set.All() {
				in.Lines = append(in.Lines, appraisal.ScoreInput{Criterion: c.ID, Points: max(c.Most-100*((less+j)%3), 0), Evidence: "Hồ sơ mô hình (số liệu mẫu)"})
			}
			if _, err := l.house.Appraisals.PutScores(ctx, l.who, at, in); err != nil {
				return fmt.Errorf("score %s: %w", row.Code, err)
			}
		}
	}
	return nil
}
