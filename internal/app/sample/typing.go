package sample

import (
	"context"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
)

// typing shows what stands around the form: tags, entries that were sent back part by part,
// some that are followed closely, and drafts that are not handed in yet.
func (l *loader) typing(ctx context.Context) error {
	tags, err := l.tags(ctx)
	if err != nil {
		return err
	}
	m, err := l.house.Movements.Get(ctx, l.who, Movement)
	if err != nil {
		return err
	}
	period := m.Periods[0].No
	list, err := l.house.Practices.List(ctx, l.who, practice.Query{Period: period, Tab: practice.TabWaiting, Slice: ledger.Slice{Sort: ledger.ByName, Limit: 3}})
	if err != nil {
		return err
	}
	for i, row := range list.Rows[:min(len(list.Rows), 2)] {
		if err := l.sendBack(ctx, row, i == 1, tags); err != nil {
			return err
		}
	}
	known, err := l.house.Practices.List(ctx, l.who, practice.Query{Period: period, Tab: practice.TabRecognised, Slice: ledger.Slice{Sort: ledger.ByName, Limit: 3}})
	if err != nil {
		return err
	}
	for _, row := range known.Rows {
		if err := l.house.Practices.SetFocus(ctx, l.who, row.Entry, true); err != nil {
			return err
		}
	}
	return l.drafts(ctx, tags)
}

// tags are those of the movement.
func (l *loader) tags(ctx context.Context) ([]practice.Tag, error) {
	var all []practice.Tag
	for _, in := range []practice.TagInput{
		{Kind: practice.UrgentTask, Name: "Khắc phục hậu quả bão số 3", From: day("2024-09-07"), To: day("2024-10-15")},
		{Kind: practice.Occasion, Name: "Kỷ niệm 70 năm Ngày Giải phóng Thủ đô", From: day("2024-08-01"), To: day("2024-10-10")},
		{Kind: practice.Campaign, Name: "Sáng, xanh, sạch, đẹp ngõ phố", From: day("2024-03-01")},
	} {
		t, err := l.house.Practices.AddTag(ctx, l.who, Movement, in)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// sendBack returns two parts of an entry; mended, it came in again since.
func (l *loader) sendBack(ctx context.Context, row ledger.EntryRow, mended bool, tags []practice.Tag) error {
	officer, err := l.house.Identity.ActorByLogin(ctx, "canbo", actor.CommandLine, "")
	if err != nil {
		return fmt.Errorf("find the officer: %w", err)
	}
	step := practice.Step{Entries: []string{row.Entry}, On: row.RegisteredOn + 3}
	if err := l.house.Practices.SendBack(ctx, officer, practice.SentBack{
		Step: step, Reasons: []practice.ReturnReason{practice.Unclear, practice.NotCredible},
		Flags: []practice.Flag{
			{Part: "goals", Note: "Nêu con số cần đạt và thời hạn."},
			{Part: "outputs", Note: "Số liệu lấy từ sổ nào, ai xác nhận?"},
		},
	}); err != nil || !mended {
		return err
	}
	e, err := l.house.Practices.Get(ctx, l.who, row.Entry)
	if err != nil {
		return err
	}
	tree, err := l.house.Org.Current(ctx)
	if err != nil {
		return err
	}
	unit, _ := tree.Unit(e.Unit)
	in := practice.Input{
		Unit: unit.Code, Kind: e.Kind, Subject: e.Subject, Field: e.Field, Origin: e.Origin, Running: e.Running, Title: e.Title, Parts: e.Parts,
		Indicators: e.Indicators, Means: e.Means, DeclaredBy: e.DeclaredBy, Address: "Nhà sinh hoạt cộng đồng của tổ", Tags: []string{tags[2].ID},
	}
	for _, id := range e.Partners {
		partner, _ := tree.Unit(id)
		in.Partners = append(in.Partners, partner.Code)
	}
	in.Parts.Goals += " Phấn đấu 95% số hộ tham gia trước ngày 30/9."
	in.Parts.Outputs += " Số liệu theo sổ theo dõi của tổ, có chữ ký tổ trưởng (số liệu mẫu)."
	if _, err := l.house.Practices.Edit(ctx, l.who, e.ID, e.Version, in); err != nil {
		return err
	}
	step.On += 2
	return l.house.Practices.Resubmit(ctx, l.who, step)
}

// sampleDrafts are the identities of the drafts of the sample, by who types them.
func sampleDrafts() map[string]string {
	return map[string]string{"phuong": "00000000-0001", "canbo": "00000000-0002"}
}

// drafts are what two people are typing.
func (l *loader) drafts(ctx context.Context, tags []practice.Tag) error {
	for login, form := range map[string]draft.Form{
		"phuong": {
			"title": {"Góc đọc sách của ngõ"}, "unit": {CodeWard}, "kind": {"collective"}, "subject": {"Chi hội Phụ nữ số 4"}, "field": {"cultureSociety"},
			"origin": {"new"}, "rationale": {"Trẻ em trong ngõ ít chỗ chơi, sách cũ các nhà để không."}, "goals": {"300 cuốn sách, mở cửa ba buổi một tuần."},
			"approach": {"Vận động các hộ góp sách; phân công người trực."}, "tags": {tags[2].ID},
		},
		"canbo": {
			"title": {"Tổ tự quản an toàn phòng cháy"}, "kind": {"collective"}, "field": {"defenceSecurity"}, "origin": {"new"}, "declaredBy": {"Ông Nguyễn Văn Bình, tổ trưởng"},
			"rationale": {"Nhà trong ngõ liền nhau, xe chữa cháy khó vào."},
		},
	} {
		who, err := l.house.Identity.ActorByLogin(ctx, login, actor.CommandLine, "")
		if err != nil {
			return fmt.Errorf("find %s: %w", login, err)
		}
		if _, err := l.house.Drafts.Save(ctx, who, sampleDrafts()[login], 0, draft.Input{Movement: Movement, Form: form}); err != nil {
			return err
		}
	}
	return nil
}
