package sample

import (
	"context"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/paper"
)

// sheets are what offices say of their papers: how they sign their numbers, and the letters of
// invitation to the wrap-up, with their number. All of it is made up.
func (l *loader) sheets(ctx context.Context) error {
	for unit, o := range map[string]paper.Office{
		CodeDistrict: {Letters: "UBND"}, CodeWard: {Letters: "UBND"}, CodeBoard: {Letters: "BDV", Term: "2020-2025"},
	} {
		o.From = before()
		if err := l.house.Papers.SetOffice(ctx, l.who, unit, o); err != nil {
			return fmt.Errorf("set the letters of %s: %w", unit, err)
		}
	}
	about := paper.About{Kind: paper.Invitation, ID: l.wrapUp2024}
	sheet, err := l.house.Papers.Save(ctx, l.who, about, 0, paper.SheetInput{
		Dated: day("2024-10-08"), Recipients: []string{"Như trên", "Thường trực Quận ủy (để báo cáo)"},
		Texts: map[string]string{"lien_he": "Đại biểu xác nhận tham dự với Ban Dân vận trước ngày 14/10/2024 (dữ liệu mẫu)."},
	})
	if err != nil {
		return fmt.Errorf("prepare the letters of invitation: %w", err)
	}
	if _, err := l.house.Papers.Reserve(ctx, l.who, about, sheet.Version); err != nil {
		return fmt.Errorf("number the letters of invitation: %w", err)
	}
	return nil
}
