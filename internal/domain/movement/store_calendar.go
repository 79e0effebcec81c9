package movement

import (
	"context"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const phaseColumns = `id, period_no, kind, name, opens_on, closes_on, grace, rolls, reopened_until, reopened_reason, reopened_by, sample, version`

func scanPhase(row db.Row) (Phase, error) {
	var p Phase
	err := row.Scan(&p.ID, &p.Period, &p.Kind, &p.Name, db.DateTo(&p.Opens), db.DateTo(&p.Closes), &p.Grace, &p.Rolls,
		db.DateTo(&p.ReopenedUntil), &p.ReopenedReason, &p.ReopenedBy, &p.Sample, &p.Version)
	return p, err
}

func phasesOf(ctx context.Context, q db.Querier, period int) ([]Phase, error) {
	return db.All(ctx, q, scanPhase, `SELECT `+phaseColumns+` FROM movement_phase WHERE period_no = $1 ORDER BY opens_on, closes_on, id`, period)
}

func phaseByID(ctx context.Context, q db.Querier, id string) (Phase, error) {
	return db.One(ctx, q, scanPhase, `SELECT `+phaseColumns+` FROM movement_phase WHERE id = $1`, id)
}

func insertPhase(ctx context.Context, tx *db.Tx, p Phase) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO movement_phase (`+phaseColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		p.ID, p.Period, string(p.Kind), p.Name, db.Date(p.Opens), db.Date(p.Closes), p.Grace, p.Rolls, db.Date(p.ReopenedUntil),
		p.ReopenedReason, p.ReopenedBy, p.Sample, p.Version)
	return err
}

func updatePhase(ctx context.Context, tx *db.Tx, p Phase) error {
	_, err := db.Exec(ctx, tx, `UPDATE movement_phase SET kind = $1, name = $2, opens_on = $3, closes_on = $4, grace = $5, rolls = $6,
		reopened_until = $7, reopened_reason = $8, reopened_by = $9, sample = $10, version = $11 WHERE id = $12`,
		string(p.Kind), p.Name, db.Date(p.Opens), db.Date(p.Closes), p.Grace, p.Rolls, db.Date(p.ReopenedUntil), p.ReopenedReason, p.ReopenedBy,
		p.Sample, p.Version, p.ID)
	return err
}

func deletePhase(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := db.Exec(ctx, tx, `UPDATE movement_duty SET phase_id = NULL, version = version + 1 WHERE phase_id = $1`, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM movement_phase WHERE id = $1`, id)
	return err
}

func codeOfPeriod(ctx context.Context, q db.Querier, period int) (string, error) {
	return db.One(ctx, q, db.Text, `SELECT m.code FROM movement_movement m JOIN movement_period p ON p.movement_id = m.id WHERE p.no = $1`, period)
}

const dutyColumns = `id, period_no, phase_id, title, unit_id, account_id, due_on, note, done_at, done_by, sample, version`

func scanDuty(row db.Row) (Duty, error) {
	var d Duty
	err := row.Scan(&d.ID, &d.Period, db.TextTo(&d.Phase), &d.Title, db.TextTo(&d.Unit), db.TextTo(&d.Account), db.DateTo(&d.Due), &d.Note,
		db.TimeTo(&d.DoneAt), &d.DoneBy, &d.Sample, &d.Version)
	return d, err
}

func dutiesOf(ctx context.Context, q db.Querier, period int) ([]Duty, error) {
	return db.All(ctx, q, scanDuty, `SELECT `+dutyColumns+` FROM movement_duty WHERE period_no = $1 ORDER BY due_on, id`, period)
}

func dutyByID(ctx context.Context, q db.Querier, id string) (Duty, error) {
	return db.One(ctx, q, scanDuty, `SELECT `+dutyColumns+` FROM movement_duty WHERE id = $1`, id)
}

// openDuties are those that are not done and due within some days.
func openDuties(ctx context.Context, q db.Querier, from, to clock.Date) ([]Duty, error) {
	return db.All(ctx, q, scanDuty, `SELECT `+dutyColumns+` FROM movement_duty WHERE done_at IS NULL AND due_on >= $1 AND due_on <= $2
		ORDER BY due_on, id`, db.Date(from), db.Date(to))
}

func insertDuty(ctx context.Context, tx *db.Tx, d Duty) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO movement_duty (`+dutyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		d.ID, d.Period, db.Null(d.Phase), d.Title, db.Null(d.Unit), db.Null(d.Account), db.Date(d.Due), d.Note, db.Time(d.DoneAt), d.DoneBy,
		d.Sample, d.Version)
	return err
}

func updateDuty(ctx context.Context, tx *db.Tx, d Duty) error {
	_, err := db.Exec(ctx, tx, `UPDATE movement_duty SET phase_id = $1, title = $2, unit_id = $3, account_id = $4, due_on = $5, note = $6,
		done_at = $7, done_by = $8, sample = $9, version = $10 WHERE id = $11`,
		db.Null(d.Phase), d.Title, db.Null(d.Unit), db.Null(d.Account), db.Date(d.Due), d.Note, db.Time(d.DoneAt), d.DoneBy, d.Sample, d.Version, d.ID)
	return err
}

func deleteDuty(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM movement_reminder WHERE duty_id = $1`, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM movement_duty WHERE id = $1`, id)
	return err
}

// unitOfAccount is where an account works that is not disabled; "" is nowhere.
func unitOfAccount(ctx context.Context, q db.Querier, account string) (string, error) {
	return db.One(ctx, q, func(row db.Row) (string, error) {
		var unit string
		err := row.Scan(db.TextTo(&unit))
		return unit, err
	}, `SELECT unit_id FROM identity_account WHERE id = $1 AND NOT disabled`, account)
}

func holidaysIn(ctx context.Context, q db.Querier, from, to clock.Date) ([]Holiday, error) {
	return db.All(ctx, q, func(row db.Row) (Holiday, error) {
		var h Holiday
		return h, row.Scan(db.DateTo(&h.Day), &h.Name)
	}, `SELECT day, name FROM movement_holiday WHERE day >= $1 AND day <= $2 ORDER BY day`, db.Date(from), db.Date(to))
}

// holidaysFor reads every day off that was entered: some dozen a year.
func holidaysFor(ctx context.Context, q db.Querier) (Holidays, error) {
	off := Holidays{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var h Holiday
		err := row.Scan(db.DateTo(&h.Day), &h.Name)
		off[h.Day] = h.Name
		return err
	}, `SELECT day, name FROM movement_holiday`)
	return off, err
}

func putHolidays(ctx context.Context, tx *db.Tx, year int, all []Holiday) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM movement_holiday WHERE day >= $1 AND day <= $2`,
		db.Date(clock.NewDate(year, time.January, 1)), db.Date(clock.NewDate(year, time.December, 31))); err != nil {
		return err
	}
	rows := make([][]any, len(all))
	for i, h := range all {
		rows[i] = []any{db.Date(h.Day), h.Name}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO movement_holiday (day, name) VALUES `, "", rows)
}

// noteReminder notes that a reminder goes out; false where it did before.
func noteReminder(ctx context.Context, tx *db.Tx, d Duty, step string, told int, at time.Time) (bool, error) {
	n, err := db.Exec(ctx, tx, `INSERT INTO movement_reminder (duty_id, step, due_on, told, sent_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, d.ID, step, db.Date(d.Due), told, db.Time(at))
	return n > 0, err
}
