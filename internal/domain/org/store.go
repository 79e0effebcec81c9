package org

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

func revision(ctx context.Context, q db.Querier) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT revision FROM org_revision WHERE id = 1`)
}

func bump(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE org_revision SET revision = revision + 1 WHERE id = 1`)
	return err
}

// load reads every unit with its names and parents: three passes, joined in Go.
func load(ctx context.Context, q db.Querier, revision int) (*Tree, error) {
	units, err := db.All(ctx, q, scanUnit, `SELECT id, code, step, kind, valid_from, valid_to, version FROM org_unit ORDER BY step`)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*Unit, len(units))
	for _, u := range units {
		byID[u.ID] = u
	}
	err = db.Each(ctx, q, func(r db.Row) error {
		var unit string
		var n Name
		err := r.Scan(&unit, &n.Name, &n.Level, db.DateTo(&n.From), db.DateTo(&n.To))
		byID[unit].Names = append(byID[unit].Names, n)
		return err
	}, `SELECT unit_id, name, level, valid_from, valid_to FROM org_name ORDER BY unit_id, valid_from`)
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, q, func(r db.Row) error {
		var unit string
		var p Parent
		err := r.Scan(&unit, &p.Unit, &p.Tree, &p.Counts, db.DateTo(&p.From), db.DateTo(&p.To))
		byID[unit].Parents = append(byID[unit].Parents, p)
		return err
	}, `SELECT unit_id, parent_id, tree, counts, valid_from, valid_to FROM org_parent ORDER BY unit_id, valid_from, tree`)
	if err != nil {
		return nil, err
	}
	return newTree(revision, units), nil
}

func scanUnit(r db.Row) (*Unit, error) {
	u := &Unit{}
	return u, r.Scan(&u.ID, &u.Code, &u.step, &u.Kind, db.DateTo(&u.From), db.DateTo(&u.To), &u.Version)
}

func insert(ctx context.Context, tx *db.Tx, u Unit) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO org_unit (id, code, step, kind, valid_from, valid_to, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, u.ID, u.Code, u.step, string(u.Kind), db.Date(u.From), db.Date(u.To), u.Version)
	if err != nil {
		return err
	}
	for _, n := range u.Names {
		if err := insertName(ctx, tx, u.ID, n); err != nil {
			return err
		}
	}
	for _, p := range u.Parents {
		if err := insertParent(ctx, tx, u.ID, p); err != nil {
			return err
		}
	}
	return nil
}

// insertName ends the name that held before and begins the new one.
func insertName(ctx context.Context, tx *db.Tx, unit string, n Name) error {
	if _, err := db.Exec(ctx, tx, `UPDATE org_name SET valid_to = $1 WHERE unit_id = $2 AND valid_to IS NULL`,
		db.Date(n.From), unit); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO org_name (unit_id, name, level, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)`,
		unit, n.Name, string(n.Level), db.Date(n.From), db.Date(n.To))
	return err
}

func insertParent(ctx context.Context, tx *db.Tx, unit string, p Parent) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO org_parent (unit_id, parent_id, tree, counts, valid_from, valid_to)
		VALUES ($1, $2, $3, $4, $5, $6)`, unit, p.Unit, string(p.Tree), p.Counts, db.Date(p.From), db.Date(p.To))
	return err
}

// replaceParent ends the link in the same tree, and the one that counts, and begins the
// new one.
func replaceParent(ctx context.Context, tx *db.Tx, unit string, p Parent) error {
	if _, err := db.Exec(ctx, tx, `UPDATE org_parent SET valid_to = $1
		WHERE unit_id = $2 AND valid_to IS NULL AND (counts OR tree = $3)`, db.Date(p.From), unit, string(p.Tree)); err != nil {
		return err
	}
	return insertParent(ctx, tx, unit, p)
}

func end(ctx context.Context, tx *db.Tx, unit string, on clock.Date) error {
	_, err := db.Exec(ctx, tx, `UPDATE org_unit SET valid_to = $1, version = version + 1 WHERE id = $2`, db.Date(on), unit)
	return err
}

func insertEvent(ctx context.Context, tx *db.Tx, e Event) error {
	if _, err := db.Exec(ctx, tx, `INSERT INTO org_event (id, kind, effective_on, decision, note) VALUES ($1, $2, $3, $4, $5)`,
		e.ID, string(e.Kind), db.Date(e.On), e.Decision, e.Note); err != nil {
		return err
	}
	for _, x := range e.Successions {
		if _, err := db.Exec(ctx, tx, `INSERT INTO org_succession (event_id, from_unit, to_unit, whole) VALUES ($1, $2, $3, $4)`,
			e.ID, x.From, x.To, x.Whole); err != nil {
			return err
		}
	}
	return nil
}

func eventsOf(ctx context.Context, q db.Querier, unit string) ([]Event, error) {
	events, err := db.All(ctx, q, func(r db.Row) (Event, error) {
		var e Event
		err := r.Scan(&e.ID, &e.Kind, db.DateTo(&e.On), &e.Decision, &e.Note)
		return e, err
	}, `SELECT id, kind, effective_on, decision, note FROM org_event e
		WHERE EXISTS (SELECT 1 FROM org_succession s WHERE s.event_id = e.id AND (s.from_unit = $1 OR s.to_unit = $1))
		ORDER BY effective_on, id`, unit)
	if err != nil {
		return nil, err
	}
	for i := range events {
		events[i].Successions, err = db.All(ctx, q, func(r db.Row) (Succession, error) {
			var x Succession
			err := r.Scan(&x.From, &x.To, &x.Whole)
			return x, err
		}, `SELECT from_unit, to_unit, whole FROM org_succession WHERE event_id = $1 ORDER BY from_unit, to_unit`, events[i].ID)
		if err != nil {
			return nil, err
		}
	}
	return events, nil
}

// Since reads what happened to units after one day and up to another, in the order of days:
// what a comparison of two years must know.
func Since(ctx context.Context, q db.Querier, after, upTo clock.Date) ([]Event, error) {
	byID := map[string]*Event{}
	var order []*Event
	err := db.Each(ctx, q, func(r db.Row) error {
		var e Event
		var x Succession
		if err := r.Scan(&e.ID, &e.Kind, db.DateTo(&e.On), &e.Decision, &x.From, &x.To, &x.Whole); err != nil {
			return err
		}
		if byID[e.ID] == nil {
			byID[e.ID] = &e
			order = append(order, &e)
		}
		byID[e.ID].Successions = append(byID[e.ID].Successions, x)
		return nil
	}, `SELECT e.id, e.kind, e.effective_on, e.decision, s.from_unit, s.to_unit, s.whole FROM org_event e
		JOIN org_succession s ON s.event_id = e.id WHERE e.effective_on > $1 AND e.effective_on <= $2
		ORDER BY e.effective_on, e.id, s.from_unit, s.to_unit`, db.Date(after), db.Date(upTo))
	all := make([]Event, len(order))
	for i, e := range order {
		all[i] = *e
	}
	return all, err
}
