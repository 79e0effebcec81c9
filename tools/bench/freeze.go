package main

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// fiveTables counts the report of a random year as of a random day, without the list of its
// entries.
func (d *draws) fiveTables(h *app.House) func() error {
	ctx, who := context.Background(), h.System()
	return func() error {
		year := d.rnd.IntN(d.size.Years)
		on := clock.NewDate(2021+year, 1, 1) + clock.Date(150+d.rnd.IntN(200))
		_, err := h.Reports.Report(ctx, who, report.Query{Movement: sample.BenchMovement(year), AsOf: on})
		return err
	}
}

// freezeOne freezes the report of a random year as of one of two days. Only the first of a
// year and a day is written, so that the database does not grow with each draw: from then on
// all is drawn up, summed and packed, and found to be there.
func (d *draws) freezeOne(h *app.House) func() error {
	ctx, who := context.Background(), h.System()
	return func() error {
		year := d.rnd.IntN(d.size.Years)
		on := clock.NewDate(2021+year, 6, 15) + clock.Date(d.rnd.IntN(2)*150)
		_, err := h.Reports.Freeze(ctx, who, report.Query{Movement: sample.BenchMovement(year), AsOf: on})
		return err
	}
}
