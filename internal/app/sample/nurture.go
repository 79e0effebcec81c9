package sample

import (
	"context"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// introductions are two of whom somebody told and whom nobody has looked at yet. All are
// made up.
func (l *loader) introductions(ctx context.Context) error {
	for _, in := range []nurture.Input{
		{
			Name: "Bà Nguyễn Thị Mẫu", Kind: ledger.Individual, Unit: CodeWard, ByName: "Một người dân",
			Doing: "Mỗi sáng thứ bảy bà cùng con cháu nấu cháo mang tới bệnh viện cho người bệnh nghèo, đã làm được nhiều năm nay.",
		},
		{
			Name: "Tổ tự quản ngõ Mẫu", Kind: ledger.Collective, Unit: CodeWard, ByName: "Một cán bộ hưu trí",
			Doing: "Các hộ trong ngõ thay nhau dọn rác, trồng hoa và nhắc nhau không để xe lấn lối đi chung.",
		},
	} {
		in.Agreed, in.Network = true, "sample"
		if _, err := l.house.Nurture.Tell(ctx, in); err != nil {
			return fmt.Errorf("tell of an exemplar: %w", err)
		}
	}
	return l.nurtured(ctx)
}

// nurtured is one exemplar of the ward that is looked after, with what comes next.
func (l *loader) nurtured(ctx context.Context) error {
	known, err := practice.ExemplarsAt(ctx, l.house.DB, l.unitID[CodeWard])
	if err != nil || len(known) == 0 {
		return err
	}
	on := min(clock.MustDate("2024-11-20"), l.house.Now.Today())
	_, err = l.house.Nurture.Write(ctx, l.who, known[0].ID, nurture.NoteInput{
		On: on, Done: "Cán bộ phường đến gặp, nghe cách làm và ghi lại số liệu ba tháng gần nhất.",
		Next: "Mời báo cáo kinh nghiệm tại buổi sinh hoạt chuyên đề của phường.", NextOn: on + 25,
	})
	if err != nil {
		return fmt.Errorf("write of one that is nurtured: %w", err)
	}
	return l.agreed(ctx, known[0].ID, on)
}

// agreed is what the exemplar that is looked after agreed to, and what it took back.
func (l *loader) agreed(ctx context.Context, exemplar string, on clock.Date) error {
	for _, in := range []privacy.ConsentInput{
		{Purpose: privacy.ForRecord, How: privacy.OnPaper, On: on - 40, Note: "Phiếu đồng ý lưu tại hồ sơ của phường, tập 3."},
		{Purpose: privacy.ForPhoto, How: privacy.Spoken, On: on - 12, Note: "Nói trực tiếp với cán bộ phường trong buổi gặp."},
	} {
		c, err := l.house.Privacy.Agree(ctx, l.who, exemplar, in)
		if err == nil && in.Purpose == privacy.ForPhoto {
			_, err = l.house.Privacy.TakeBack(ctx, l.who, c.ID, "Chỉ muốn nêu tên, không dùng ảnh.")
		}
		if err != nil {
			return fmt.Errorf("note what an exemplar agreed to: %w", err)
		}
	}
	return nil
}
