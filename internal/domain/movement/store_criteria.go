package movement

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const criteriaColumns = `c.id, m.code, c.kind, c.no, c.in_force_on, c.bonus_cap, c.reason, c.sample, c.used, c.version, c.updated_at, c.updated_by`

const criteriaFrom = ` FROM movement_criteria c JOIN movement_movement m ON m.id = c.movement_id`

func scanCriteria(row db.Row) (CriteriaSet, error) {
	var c CriteriaSet
	err := row.Scan(&c.ID, &c.Movement, &c.Kind, &c.No, db.DateTo(&c.On), &c.BonusCap, &c.Reason, &c.Sample, &c.Used, &c.Version,
		db.TimeTo(&c.UpdatedAt), &c.UpdatedBy)
	return c, err
}

// criteriaOf reads every version of a movement's criteria, the newest of each kind first.
func criteriaOf(ctx context.Context, q db.Querier, movement string) ([]CriteriaSet, error) {
	all, err := db.All(ctx, q, scanCriteria, `SELECT `+criteriaColumns+criteriaFrom+` WHERE c.movement_id = $1 ORDER BY c.kind, c.no DESC`, movement)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := loadCriteria(ctx, q, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func criteriaInForce(ctx context.Context, q db.Querier, movement string, kind ledger.SubjectKind, on clock.Date) (CriteriaSet, error) {
	set, err := db.One(ctx, q, scanCriteria, `SELECT `+criteriaColumns+criteriaFrom+`
		WHERE c.movement_id = $1 AND c.kind = $2 AND c.in_force_on <= $3 ORDER BY c.in_force_on DESC, c.no DESC LIMIT 1`, movement, int(kind), db.Date(on))
	if err != nil {
		return set, err
	}
	err = loadCriteria(ctx, q, &set)
	return set, err
}

func criteriaByID(ctx context.Context, q db.Querier, id string) (CriteriaSet, error) {
	set, err := db.One(ctx, q, scanCriteria, `SELECT `+criteriaColumns+criteriaFrom+` WHERE c.id = $1`, id)
	if err != nil {
		return set, err
	}
	err = loadCriteria(ctx, q, &set)
	return set, err
}

func loadCriteria(ctx context.Context, q db.Querier, set *CriteriaSet) error {
	var err error
	if set.Groups, err = db.All(ctx, q, func(row db.Row) (CriteriaGroup, error) {
		var g CriteriaGroup
		return g, row.Scan(&g.Name, &g.Cap)
	}, `SELECT name, cap FROM movement_criteria_group WHERE criteria_id = $1 ORDER BY place`, set.ID); err != nil {
		return err
	}
	return db.Each(ctx, q, func(row db.Row) error {
		var c Criterion
		var group int
		if err := row.Scan(&group, &c.ID, &c.Name, &c.Help, &c.Most, &c.Weight, &c.Bonus, &c.Mandatory, &c.Evidence); err != nil {
			return err
		}
		set.Groups[group].Criteria = append(set.Groups[group].Criteria, c)
		return nil
	}, `SELECT group_place, id, name, help, most, weight, bonus, mandatory, evidence FROM movement_criterion
		WHERE criteria_id = $1 ORDER BY group_place, place`, set.ID)
}

// putCriteria writes a version with all its parts.
func putCriteria(ctx context.Context, tx *db.Tx, movement string, set CriteriaSet) error {
	if _, err := db.Exec(ctx, tx, `INSERT INTO movement_criteria
		(id, movement_id, kind, no, in_force_on, bonus_cap, reason, sample, used, version, updated_at, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET in_force_on = excluded.in_force_on, bonus_cap = excluded.bonus_cap, reason = excluded.reason,
		sample = excluded.sample, version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
		set.ID, movement, int(set.Kind), set.No, db.Date(set.On), set.BonusCap, set.Reason, set.Sample, set.Used, set.Version,
		db.Time(set.UpdatedAt), set.UpdatedBy); err != nil {
		return err
	}
	if err := removeCriteriaParts(ctx, tx, set.ID); err != nil {
		return err
	}
	var groups, rows [][]any
	for i, g := range set.Groups {
		groups = append(groups, []any{set.ID, i, g.Name, g.Cap})
		for j, c := range g.Criteria {
			rows = append(rows, []any{set.ID, c.ID, i, j, c.Name, c.Help, c.Most, c.Weight, c.Bonus, c.Mandatory, string(c.Evidence)})
		}
	}
	if err := db.InsertAll(ctx, tx, `INSERT INTO movement_criteria_group (criteria_id, place, name, cap) VALUES `, "", groups); err != nil {
		return err
	}
	return db.InsertAll(ctx, tx, `INSERT INTO movement_criterion
		(criteria_id, id, group_place, place, name, help, most, weight, bonus, mandatory, evidence) VALUES `, "", rows)
}

func removeCriteriaParts(ctx context.Context, tx *db.Tx, set string) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM movement_criterion WHERE criteria_id = $1`, set); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM movement_criteria_group WHERE criteria_id = $1`, set)
	return err
}

func removeCriteria(ctx context.Context, tx *db.Tx, set string) error {
	if err := removeCriteriaParts(ctx, tx, set); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM movement_criteria WHERE id = $1`, set)
	return err
}

func markUsed(ctx context.Context, tx *db.Tx, set string) error {
	_, err := db.Exec(ctx, tx, `UPDATE movement_criteria SET used = TRUE WHERE id = $1`, set)
	return err
}
