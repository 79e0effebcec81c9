package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// question is something that is measured beside its floor.
type question struct {
	name           string
	bar, barBeside float64
	ask, floor     func() error
	floorNamed     string
}

func questions(at site, d *draws) []question {
	ctx := context.Background()
	q := at.house.DB
	bare := func(text string, args ...any) func() error {
		return func() error {
			return db.Each(ctx, q, func(db.Row) error { return nil }, text, args...)
		}
	}
	page := func(draw func() string) func() error { return func() error { return at.get(draw()) } }
	period := func() int { return 1 + d.rnd.IntN(d.size.Years) }
	reads := []question{
		{
			"register page", 60, 0, page(d.register), func() error {
				return bare(`SELECT entry_id, title FROM ledger_entry_fact WHERE period_no = $1 ORDER BY name_key, entry_id LIMIT 50`, period())()
			}, "the first page by the index alone, no filter, no counts",
		},
		{
			"funnel with its tables", 200, 0, page(d.funnel), func() error {
				return bare(`SELECT subject_kind, field, count(*), sum(CASE WHEN recognised_on <= 9000 AND recognised_off > 9000 THEN 1 ELSE 0 END)
					FROM ledger_entry_fact WHERE period_no = $1 GROUP BY 1, 2`, period())()
			}, "one grouped pass with one figure",
		},
		{
			"dashboard", 100, 0, page(d.dashboard), func() error {
				return bare(`SELECT path, string_agg(days, ';') FROM ledger_entry_fact WHERE period_no = $1 GROUP BY path`, period())()
			}, "the packed days of one period by unit, read alone",
		},
		{
			"report with five tables", 350, 0, d.fiveTables(at.house), func() error {
				return bare(`SELECT subject_kind, field, count(*), sum(CASE WHEN recognised_on <= 9000 AND recognised_off > 9000 THEN 1 ELSE 0 END)
					FROM ledger_entry_fact WHERE period_no = $1 GROUP BY 1, 2`, period())()
			}, "one grouped pass with one figure; the list of all entries apart",
		},
		{
			"freeze a report", 1000, 0, d.freezeOne(at.house), func() error {
				return bare(`SELECT code, title, days FROM ledger_entry_fact WHERE period_no = $1`, period())()
			}, "the rows of the list alone",
		},
		{
			"drill list", 60, 0, page(d.drill), func() error {
				return bare(`SELECT entry_id, title FROM ledger_entry_fact WHERE period_no = $1 ORDER BY name_key, entry_id LIMIT 50`, period())()
			}, "the first page by the index alone",
		},
		{
			"entry page", 10, 0, page(d.entry), func() error {
				return bare(`SELECT * FROM practice_entry WHERE code = $1`, d.code())()
			}, "the row by its code",
		},
		{
			"work list", 40, 0, page(func() string { return "/admin?movement=" + sample.BenchMovement(d.size.Years-1) }), func() error {
				return bare(`SELECT count(*) FROM ledger_entry_fact WHERE period_no = $1 AND received_on > 9000`, d.size.Years)()
			}, "the count of what waits, by the index",
		},
	}
	return append(reads, writes(at, d)...)
}

// writes are the questions that change something.
func writes(at site, d *draws) []question {
	ctx := context.Background()
	q := at.house.DB
	return []question{
		{
			"register an entry", 5, 40, d.registerOne(at.house), func() error {
				return q.Write(ctx, func(tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, `INSERT INTO bench_floor (id, text) VALUES ($1, $2)`, id.Random(), "một dòng")
					return err
				})
			}, "one insert in a durable transaction",
		},
		{
			"save of a draft", 15, 40, d.saveDraft(at.house), func() error {
				return q.Write(ctx, func(tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, `INSERT INTO bench_floor (id, text) VALUES ($1, $2)`, id.Random(), wordy())
					return err
				})
			}, "one insert of the same texts in a durable transaction",
		},
		{
			"submit a draft", 20, 60, d.submitDraft(at.house), func() error {
				return q.Write(ctx, func(tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, `INSERT INTO bench_floor (id, text) VALUES ($1, $2)`, id.Random(), "một dòng")
					return err
				})
			}, "one insert in a durable transaction; before it is handed in, the draft is saved",
		},
	}
}

func prepareFloor(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `CREATE TABLE IF NOT EXISTS bench_floor (id TEXT PRIMARY KEY, text TEXT NOT NULL)`)
		return err
	})
}

// draws makes random questions.
type draws struct {
	rnd   *rand.Rand
	size  sample.Size
	units []org.Unit
	codes []string
}

func newDraws(ctx context.Context, h *app.House, s settings) (*draws, error) {
	d := &draws{rnd: sample.Draw(42), size: s.size()}
	var err error
	if d.units, err = h.Org.List(ctx, h.System(), 0); err != nil {
		return nil, err
	}
	for year := range d.size.Years {
		list, err := h.Practices.List(ctx, h.System(), practice.Query{Period: 1 + year, Tab: practice.TabAll, Slice: ledger.Slice{Limit: 1000}})
		if err != nil {
			return nil, err
		}
		for _, e := range list.Rows {
			d.codes = append(d.codes, e.Code)
		}
	}
	return d, nil
}

// fork is the same with draws of its own, for a reader beside.
func (d *draws) fork(seed uint64) *draws {
	own := *d
	own.rnd = sample.Draw(seed)
	return &own
}

func (d *draws) code() string  { return d.codes[d.rnd.IntN(len(d.codes))] }
func (d *draws) entry() string { return "/admin/entries/" + d.code() }

func (d *draws) chance(percent int) bool { return d.rnd.IntN(100) < percent }

func oneOf[T any](d *draws, all ...T) T { return all[d.rnd.IntN(len(all))] }

// narrowed adds random filters that the register and the lists behind figures share.
func (d *draws) narrowed(q url.Values) {
	if d.chance(50) {
		q.Set("unit", d.units[d.rnd.IntN(len(d.units))].Code)
	}
	if d.chance(40) {
		q.Set("kind", oneOf(d, ledger.SubjectKinds()...).String())
	}
	if d.chance(40) {
		q.Set("field", oneOf(d, ledger.Fields()...).String())
	}
	if d.chance(30) {
		q.Set("origin", oneOf(d, ledger.Origins()...).String())
	}
	if d.chance(40) {
		q.Set("q", oneOf(d, "camera", "ngo pho", "tu quan so 1", "hien tang", "to dan pho so 12", "xa mau 77", "bao so 3", "khong co gi"))
	}
}

// register is the address of a random page of the register.
func (d *draws) register() string {
	year := d.rnd.IntN(d.size.Years)
	q := url.Values{"movement": {sample.BenchMovement(year)}, "period": {strconv.Itoa(1 + year)}, "tab": {string(oneOf(d, practice.Tabs()...))}, "sort": {oneOf(d, "name", "day")}}
	d.narrowed(q)
	if d.chance(30) {
		from := clock.NewDate(2021+year, 1, 1) + clock.Date(d.rnd.IntN(200))
		q.Set("from", from.String())
		q.Set("to", (from + 60).String())
	}
	return "/admin/entries?" + q.Encode()
}

func (d *draws) day(year int) string {
	return (clock.NewDate(2021+year, 1, 1) + clock.Date(d.rnd.IntN(365))).String()
}

// funnel is the address of the funnel of a random year and day: of the province as a
// rule, else of a commune.
func (d *draws) funnel() string {
	year := d.rnd.IntN(d.size.Years)
	q := url.Values{"movement": {sample.BenchMovement(year)}, "asOf": {d.day(year)}}
	if d.chance(30) {
		q.Set("unit", d.units[d.rnd.IntN(len(d.units))].Code)
	}
	return "/admin/figures?" + q.Encode()
}

// dashboard is the address of the pictures of a random figure, year and day.
func (d *draws) dashboard() string {
	year := d.rnd.IntN(d.size.Years)
	q := url.Values{"movement": {sample.BenchMovement(year)}, "asOf": {d.day(year)}, "figure": {string(oneOf(d, ledger.Definitions()...).Figure)}, "pace": {oneOf(d, "month", "week")}}
	if d.chance(30) {
		q.Set("unit", d.units[d.rnd.IntN(len(d.units))].Code)
	}
	return "/admin/dashboard?" + q.Encode()
}

// drill is the address of the list behind a random figure.
func (d *draws) drill() string {
	year := d.rnd.IntN(d.size.Years)
	q := url.Values{"movement": {sample.BenchMovement(year)}, "asOf": {d.day(year)}}
	d.narrowed(q)
	return "/admin/figures/" + string(oneOf(d, ledger.Definitions()...).Figure) + "?" + q.Encode()
}

// registerOne registers a practice in the last year, by the verb that the page calls.
func (d *draws) registerOne(h *app.House) func() error {
	ctx, who := context.Background(), h.System()
	year := d.size.Years - 1
	return func() error {
		unit := d.units[d.rnd.IntN(len(d.units))]
		n := d.rnd.IntN(1 << 30)
		_, err := h.Practices.Register(ctx, who, practice.Input{
			Movement: sample.BenchMovement(year), On: clock.NewDate(2021+year, 11, 1), Unit: unit.Code, Kind: ledger.Collective,
			Subject: fmt.Sprintf("Tổ tự quản thử %d", n), Field: "economy", Origin: ledger.OriginNew, Title: fmt.Sprintf("Mô hình thử %d", n),
			Parts: practice.Parts{Approach: "Họp dân, phân công, cùng làm, thông báo công khai.", Goals: "Chín trên mười hộ hài lòng."},
		})
		return err
	}
}
