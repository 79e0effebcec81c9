package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

const routeColumns = `id, name, purpose, movement, unit_id, overseer_id, active_no, version, updated_at, updated_by`

func scanRoute(row db.Row) (Route, error) {
	var r Route
	err := row.Scan(&r.ID, &r.Name, &r.Purpose, &r.Movement, db.TextTo(&r.Unit), db.TextTo(&r.Overseer), &r.Active, &r.Version,
		db.TimeTo(&r.UpdatedAt), &r.UpdatedBy)
	return r, err
}

// findRoute reads a route with its versions.
func findRoute(ctx context.Context, q db.Querier, id string) (Route, error) {
	r, err := db.One(ctx, q, scanRoute, `SELECT `+routeColumns+` FROM review_route WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return r, errs.New(errs.NotFound, i18n.ReviewRouteNotFound)
	}
	if err != nil {
		return r, err
	}
	all := []Route{r}
	err = withVersions(ctx, q, all)
	return all[0], err
}

// withVersions reads the versions of routes, with the number of their cases on the way.
func withVersions(ctx context.Context, q db.Querier, all []Route) error {
	for i := range all {
		var err error
		if all[i].Versions, err = db.All(ctx, q, scanVersion, `SELECT v.no, v.plan, v.switched_on_at, v.updated_at, v.updated_by,
			(SELECT count(*) FROM review_case c WHERE c.route_id = v.route_id AND c.version_no = v.no AND c.phase IN ('open', 'registrant'))
			FROM review_version v WHERE v.route_id = $1 ORDER BY v.no DESC`, all[i].ID); err != nil {
			return err
		}
	}
	return nil
}

func scanVersion(row db.Row) (Version, error) {
	var v Version
	var plan string
	if err := row.Scan(&v.No, &plan, db.TimeTo(&v.SwitchedOn), db.TimeTo(&v.UpdatedAt), &v.UpdatedBy, &v.Running); err != nil {
		return v, err
	}
	err := decode(plan, &v.Plan)
	return v, err
}

func decode(raw string, into any) error {
	if err := json.Unmarshal([]byte(raw), into); err != nil {
		return fmt.Errorf("decode what a route keeps: %w", err)
	}
	return nil
}

func encode(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode what a route keeps: %w", err)
	}
	return string(raw), nil
}

func routes(ctx context.Context, q db.Querier) ([]Route, error) {
	all, err := db.All(ctx, q, scanRoute, `SELECT `+routeColumns+` FROM review_route ORDER BY id`)
	if err != nil {
		return nil, err
	}
	return all, withVersions(ctx, q, all)
}

// active reads the routes of a purpose that are switched on, without their versions.
func active(ctx context.Context, q db.Querier, purpose Purpose) ([]Route, error) {
	return db.All(ctx, q, scanRoute, `SELECT `+routeColumns+` FROM review_route WHERE purpose = $1 AND active_no > 0 ORDER BY id`, purpose)
}

func planOf(ctx context.Context, q db.Querier, route string, no int) (Plan, error) {
	raw, err := db.One(ctx, q, db.Text, `SELECT plan FROM review_version WHERE route_id = $1 AND no = $2`, route, no)
	if err != nil {
		return Plan{}, err
	}
	var p Plan
	err = decode(raw, &p)
	return p, err
}

func insertRoute(ctx context.Context, tx *db.Tx, r Route) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO review_route (`+routeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.ID, r.Name, r.Purpose, r.Movement, db.Null(r.Unit), db.Null(r.Overseer), r.Active, r.Version, db.Time(r.UpdatedAt), r.UpdatedBy)
	return err
}

// updateRoute writes a route over the version that was read.
func updateRoute(ctx context.Context, tx *db.Tx, r Route) error {
	n, err := db.Exec(ctx, tx, `UPDATE review_route SET name = $3, purpose = $4, movement = $5, unit_id = $6, overseer_id = $7, active_no = $8,
		version = version + 1, updated_at = $9, updated_by = $10 WHERE id = $1 AND version = $2`,
		r.ID, r.Version, r.Name, r.Purpose, r.Movement, db.Null(r.Unit), db.Null(r.Overseer), r.Active, db.Time(r.UpdatedAt), r.UpdatedBy)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return err
}

// putVersion writes a draft; a version that was switched on stays as it is.
func putVersion(ctx context.Context, tx *db.Tx, route string, v Version) error {
	plan, err := encode(v.Plan)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO review_version (route_id, no, plan, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (route_id, no) DO UPDATE SET plan = excluded.plan, updated_at = excluded.updated_at, updated_by = excluded.updated_by
		WHERE review_version.switched_on_at IS NULL`, route, v.No, plan, db.Time(v.UpdatedAt), v.UpdatedBy)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return err
}

func switchedOn(ctx context.Context, tx *db.Tx, route string, no int, at time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE review_version SET switched_on_at = $3 WHERE route_id = $1 AND no = $2 AND switched_on_at IS NULL`,
		route, no, db.Time(at))
	return err
}
