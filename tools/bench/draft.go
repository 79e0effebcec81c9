package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// partText is what stands in one of the eight parts.
func partText() string {
	return strings.Repeat("Họp dân, phân công, cùng làm, thông báo công khai tại nhà sinh hoạt cộng đồng. ", 6)
}

// wordy is what stands in all of them.
func wordy() string { return strings.Repeat(partText(), 8) }

// saveDraft saves a draft again and again, as somebody types it: each text differs from the
// one before.
func (d *draws) saveDraft(h *app.House) func() error {
	ctx, who := context.Background(), h.System()
	at, n := draft.Draft{ID: id.Random()}, 0
	return func() error {
		n++
		form := draft.Form{"title": {fmt.Sprintf("Mô hình đang viết %d", n)}}
		for _, part := range (&practice.Parts{}).All() {
			form[part.Field] = []string{partText()}
		}
		var err error
		at, err = h.Drafts.Save(ctx, who, at.ID, at.Version, draft.Input{Movement: sample.BenchMovement(d.size.Years - 1), Form: form})
		return err
	}
}

// submitDraft saves a draft and hands it in.
func (d *draws) submitDraft(h *app.House) func() error {
	ctx, who := context.Background(), h.System()
	year := d.size.Years - 1
	return func() error {
		unit, n := d.units[d.rnd.IntN(len(d.units))], d.rnd.IntN(1<<30)
		in := practice.Input{
			Movement: sample.BenchMovement(year), On: clock.NewDate(2021+year, 11, 1), Unit: unit.Code, Kind: ledger.Collective,
			Subject: fmt.Sprintf("Tổ tự quản nháp %d", n), Field: "economy", Origin: ledger.OriginNew, Title: fmt.Sprintf("Mô hình từ bản nháp %d", n),
		}
		form := draft.Form{"title": {in.Title}}
		for _, part := range in.Parts.All() {
			*part.Text = partText()
			form[part.Field] = []string{partText()}
		}
		kept, err := h.Drafts.Save(ctx, who, id.Random(), 0, draft.Input{Movement: in.Movement, Form: form})
		if err != nil {
			return err
		}
		_, err = h.Drafts.Submit(ctx, who, kept.ID, kept.Version, in)
		return err
	}
}
