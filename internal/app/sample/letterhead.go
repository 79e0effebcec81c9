package sample

import (
	"context"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/org"
)

// letterheads are what the papers of the district, of its board and of a ward carry. Who
// signs is made up.
func (l *loader) letterheads(ctx context.Context) error {
	for _, one := range []struct {
		unit string
		org.Letterhead
	}{
		{CodeDistrict, org.Letterhead{
			Track: org.StateTrack, Above: "Ủy ban nhân dân thành phố Hà Nội", Own: "Ủy ban nhân dân quận Hoàn Kiếm", Place: "Hoàn Kiếm",
			Signing: org.SignOnBehalf, For: "Ủy ban nhân dân", Title: "Chủ tịch", Signer: "Nguyễn Văn Mẫu",
		}},
		{CodeBoard, org.Letterhead{
			Track: org.PartyTrack, Above: "Quận ủy Hoàn Kiếm", Own: "Ban Dân vận", Place: "Hoàn Kiếm",
			Signing: org.SignInPlace, For: "Trưởng ban", Title: "Phó Trưởng ban", Signer: "Trần Thị Mẫu",
		}},
		{CodeWard, org.Letterhead{
			Track: org.StateTrack, Above: "Ủy ban nhân dân quận Hoàn Kiếm", Own: "Ủy ban nhân dân phường Hàng Buồm", Place: "Hàng Buồm",
			Signing: org.SignInPlace, For: "Chủ tịch", Title: "Phó Chủ tịch", Signer: "Lê Văn Mẫu",
		}},
	} {
		one.From = before()
		if err := l.house.Org.SetLetterhead(ctx, l.who, one.unit, one.Letterhead, 0); err != nil {
			return fmt.Errorf("set the letterhead of %s: %w", one.unit, err)
		}
	}
	return nil
}
