package review

import (
	"context"
	"errors"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

const caseColumns = `c.id, c.route_id, c.version_no, c.subject_kind, c.subject_id, c.code, c.title, c.unit_id, c.movement, c.kind, c.field,
	c.registrant, c.phase, c.step, c.started_at, c.updated_at`

func scanCase(row db.Row) (Case, error) {
	var c Case
	x := &c.Subject
	err := row.Scan(&c.ID, &c.Route, &c.No, &x.Kind, &x.ID, &x.Code, &x.Title, &x.Unit, &x.Movement, &x.SubjectKind, &x.Field, &x.By,
		&c.Phase, &c.At, db.TimeTo(&c.StartedAt), db.TimeTo(&c.UpdatedAt))
	return c, err
}

// findCase reads a case with its events and works out where it stands.
func findCase(ctx context.Context, q db.Querier, where string, args ...any) (Case, error) {
	c, err := db.One(ctx, q, scanCase, `SELECT `+caseColumns+` FROM review_case c WHERE `+where+` ORDER BY c.started_at DESC, c.id DESC LIMIT 1`, args...)
	if errors.Is(err, db.ErrNoRow) {
		return c, errs.New(errs.NotFound, i18n.ReviewCaseNotFound)
	}
	if err != nil {
		return c, err
	}
	plan, err := planOf(ctx, q, c.Route, c.No)
	if err != nil {
		return c, err
	}
	if c.RouteName, err = db.One(ctx, q, db.Text, `SELECT name FROM review_route WHERE id = $1`, c.Route); err != nil {
		return c, err
	}
	if c.Events, err = db.All(ctx, q, scanEvent, `SELECT seq, kind, step, grp, by_account, for_account, at, detail FROM review_event
		WHERE case_id = $1 ORDER BY seq`, c.ID); err != nil {
		return c, err
	}
	c.State, err = Advance(plan, c.Events)
	return c, err
}

func scanEvent(row db.Row) (Event, error) {
	var e Event
	var detail string
	if err := row.Scan(&e.Seq, &e.Kind, &e.Step, &e.Group, &e.By, &e.For, db.TimeTo(&e.At), &detail); err != nil {
		return e, err
	}
	err := decode(detail, &e.Detail)
	return e, err
}

func insertCase(ctx context.Context, tx *db.Tx, c Case) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO review_case (id, route_id, version_no, subject_kind, subject_id, code, title, unit_id, movement, kind,
		field, registrant, phase, step, started_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', 0, $13, $13)`,
		c.ID, c.Route, c.No, c.Subject.Kind, c.Subject.ID, c.Subject.Code, c.Subject.Title, c.Subject.Unit, c.Subject.Movement,
		c.Subject.SubjectKind, c.Subject.Field, c.Subject.By, db.Time(c.StartedAt))
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.ReviewRunning).Because(err)
	}
	return err
}

func insertEvent(ctx context.Context, tx *db.Tx, id string, e Event) error {
	detail, err := encode(e.Detail)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO review_event (case_id, seq, kind, step, grp, by_account, for_account, at, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, e.Seq, e.Kind, e.Step, e.Group, e.By, e.For, db.Time(e.At), detail)
	return err
}

// keepState writes what lists read of where a case stands.
func keepState(ctx context.Context, tx *db.Tx, c Case) error {
	if _, err := db.Exec(ctx, tx, `UPDATE review_case SET phase = $2, step = $3, updated_at = $4 WHERE id = $1`,
		c.ID, c.State.Phase, c.State.Step, db.Time(c.UpdatedAt)); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM review_seat WHERE case_id = $1`, c.ID); err != nil {
		return err
	}
	var rows [][]any
	for _, x := range c.State.Awaited() {
		rows = append(rows, []any{c.ID, x.Step, x.Group, x.Account, db.Date(x.Since), c.State.Plan.Steps[x.Step].Days})
	}
	return db.InsertAll(ctx, tx, `INSERT INTO review_seat (case_id, step, grp, account_id, since, days) VALUES `, "", rows)
}

// maxSeats bounds for how many votes one person can be waited for.
const maxSeats = 50_000

// seatsOf reads the seats of some accounts whose votes are awaited, without their cases.
func seatsOf(ctx context.Context, q db.Querier, accounts []string) ([]Waiting, error) {
	var all []Waiting
	err := db.Chunks(accounts, func(part []any) error {
		found, err := db.All(ctx, q, func(row db.Row) (Waiting, error) {
			var w Waiting
			err := row.Scan(&w.Case, &w.Seat.Step, &w.Seat.Group, &w.Seat.Account, db.DateTo(&w.Seat.Since), &w.days)
			return w, err
		}, `SELECT case_id, step, grp, account_id, since, days FROM review_seat WHERE account_id IN `+db.In(1, len(part))+
			` ORDER BY since, case_id LIMIT `+strconv.Itoa(maxSeats), part...)
		all = append(all, found...)
		return err
	})
	return all, err
}

// fillCases fills in the cases of seats.
func fillCases(ctx context.Context, q db.Querier, seats []Waiting) error {
	ids := make([]string, len(seats))
	for i, w := range seats {
		ids[i] = w.Case
	}
	type known struct {
		subject Subject
		route   string
		plan    Plan
	}
	cases := map[string]known{}
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var id, plan string
			var k known
			x := &k.subject
			if err := row.Scan(&id, &x.Kind, &x.ID, &x.Code, &x.Title, &x.Unit, &x.Movement, &k.route, &plan); err != nil {
				return err
			}
			err := decode(plan, &k.plan)
			cases[id] = k
			return err
		}, `SELECT c.id, c.subject_kind, c.subject_id, c.code, c.title, c.unit_id, c.movement, r.name, v.plan
			FROM review_case c JOIN review_route r ON r.id = c.route_id JOIN review_version v ON v.route_id = c.route_id AND v.no = c.version_no
			WHERE c.id IN `+db.In(1, len(part)), part...)
	})
	if err != nil {
		return err
	}
	for i := range seats {
		w := &seats[i]
		k := cases[w.Case]
		w.Subject, w.RouteName = k.subject, k.route
		if w.Seat.Step < len(k.plan.Steps) {
			w.StepName = k.plan.Steps[w.Seat.Step].Name
		}
	}
	return nil
}

// openCases lists the cases that wait for reviewers.
func openCases(ctx context.Context, q db.Querier) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT id FROM review_case WHERE phase = 'open' ORDER BY id`)
}

// runningOf tells which of some subjects have a case on its way.
func runningOf(ctx context.Context, q db.Querier, kind string, subjects []string) (map[string]string, error) {
	found := map[string]string{}
	err := db.Chunks(subjects, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var subject, id string
			err := row.Scan(&subject, &id)
			found[subject] = id
			return err
		}, `SELECT subject_id, id FROM review_case WHERE phase IN ('open', 'registrant') AND subject_kind = $`+strconv.Itoa(len(part)+1)+
			` AND subject_id IN `+db.In(1, len(part)), append(part, kind)...)
	})
	return found, err
}

const awayColumns = `id, account_id, stand_in_id, from_day, to_day, created_by`

func scanAway(row db.Row) (Away, error) {
	var a Away
	err := row.Scan(&a.ID, &a.Account, &a.StandIn, db.DateTo(&a.From), db.DateTo(&a.To), &a.By)
	return a, err
}

// standsInFor lists the accounts in whose place one votes on a day.
func standsInFor(ctx context.Context, q db.Querier, account string, on clock.Date) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT DISTINCT account_id FROM review_away WHERE stand_in_id = $1 AND from_day <= $2 AND to_day >= $2
		ORDER BY account_id`, account, db.Date(on))
}

// aways lists who is away, of one account or of all, from a day on.
func aways(ctx context.Context, q db.Querier, account string, from clock.Date) ([]Away, error) {
	return db.All(ctx, q, scanAway, `SELECT `+awayColumns+` FROM review_away WHERE account_id = $1 AND to_day >= $2 ORDER BY from_day, id`,
		account, db.Date(from))
}

func findAway(ctx context.Context, q db.Querier, id string) (Away, error) {
	a, err := db.One(ctx, q, scanAway, `SELECT `+awayColumns+` FROM review_away WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return a, errs.New(errs.NotFound, i18n.ReviewAwayNotFound)
	}
	return a, err
}
