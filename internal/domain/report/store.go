package report

import (
	"context"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const narrativeColumns = `version, leadership, results, limits, directions, written_at, written_by`

func scanNarrative(row db.Row) (Narrative, error) {
	var n Narrative
	var leadership, results, limits, directions string
	err := row.Scan(&n.Version, &leadership, &results, &limits, &directions, db.TimeTo(&n.WrittenAt), &n.WrittenBy)
	n.Texts = Texts{Leadership: leadership, Results: results, Limits: limits, Directions: directions}
	return n, err
}

const ofNarrative = ` FROM report_narrative WHERE movement_id = $1 AND period_no = $2 AND unit_id = $3`

func findNarrative(ctx context.Context, q db.Querier, of about, version int) (Narrative, error) {
	if version == 0 {
		return db.One(ctx, q, scanNarrative, `SELECT `+narrativeColumns+ofNarrative+` ORDER BY version DESC LIMIT 1`, of.movement, of.period, of.unit)
	}
	return db.One(ctx, q, scanNarrative, `SELECT `+narrativeColumns+ofNarrative+` AND version = $4`, of.movement, of.period, of.unit, version)
}

// mostVersions bounds the list of versions that is shown.
const mostVersions = 200

func narratives(ctx context.Context, q db.Querier, of about) ([]Narrative, error) {
	return db.All(ctx, q, scanNarrative, `SELECT `+narrativeColumns+ofNarrative+` ORDER BY version DESC LIMIT `+strconv.Itoa(mostVersions), of.movement, of.period, of.unit)
}

func insertNarrative(ctx context.Context, tx *db.Tx, of about, n Narrative) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO report_narrative (movement_id, period_no, unit_id, `+narrativeColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		of.movement, of.period, of.unit, n.Version, n.Texts[Leadership], n.Texts[Results], n.Texts[Limits], n.Texts[Directions], db.Time(n.WrittenAt), n.WrittenBy)
	return err
}

const snapshotColumns = `s.id, m.code, s.period_no, s.unit_id, u.code, s.as_of, s.version, s.narrative_version, s.document_sha256, s.document_size, s.last_act,
	s.org_revision, s.frozen_at, s.frozen_by,
	EXISTS (SELECT 1 FROM report_snapshot l WHERE l.movement_id = s.movement_id AND l.period_no = s.period_no AND l.unit_id = s.unit_id
		AND l.as_of = s.as_of AND l.version > s.version)`

const fromSnapshots = ` FROM report_snapshot s JOIN movement_movement m ON m.id = s.movement_id JOIN org_unit u ON u.id = s.unit_id`

func snapshotTo(s *Snapshot) []any {
	return []any{
		&s.ID, &s.Movement, &s.PeriodNo, &s.unit, &s.Scope, db.DateTo(&s.AsOf), &s.Version, &s.Narrative, &s.SHA256, &s.Size, &s.lastAct,
		&s.revision, db.TimeTo(&s.FrozenAt), &s.FrozenBy, &s.Replaced,
	}
}

func scanSnapshot(row db.Row) (Snapshot, error) {
	var s Snapshot
	err := row.Scan(snapshotTo(&s)...)
	return s, err
}

// packedSnapshot is a snapshot with its document as it is kept.
type packedSnapshot struct {
	Snapshot
	document []byte
}

func findSnapshot(ctx context.Context, q db.Querier, id string) (packedSnapshot, error) {
	return db.One(ctx, q, func(row db.Row) (packedSnapshot, error) {
		var p packedSnapshot
		err := row.Scan(append(snapshotTo(&p.Snapshot), &p.document)...)
		return p, err
	}, `SELECT `+snapshotColumns+`, s.document`+fromSnapshots+` WHERE s.id = $1`, id)
}

// lastSnapshot is the latest version of the same movement, period, unit and day.
func lastSnapshot(ctx context.Context, q db.Querier, of about, s Snapshot) (Snapshot, error) {
	return db.One(ctx, q, scanSnapshot, `SELECT `+snapshotColumns+fromSnapshots+`
		WHERE s.movement_id = $1 AND s.period_no = $2 AND s.unit_id = $3 AND s.as_of = $4 ORDER BY s.version DESC LIMIT 1`,
		of.movement, of.period, of.unit, db.Date(s.AsOf))
}

func insertSnapshot(ctx context.Context, tx *db.Tx, of about, p packedSnapshot) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO report_snapshot (id, movement_id, period_no, unit_id, as_of, version, narrative_version, document_sha256, document_size,
		document, last_act, org_revision, frozen_at, frozen_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, of.movement, of.period, of.unit, db.Date(p.AsOf), p.Version, p.Narrative, p.SHA256, p.Size, p.document, p.lastAct, p.revision,
		db.Time(p.FrozenAt), p.FrozenBy)
	return err
}

// listSnapshots reads what is known of the snapshots of a movement, or of all for "", the
// latest first.
func listSnapshots(ctx context.Context, q db.Querier, movement string) ([]Snapshot, error) {
	where, args := "", []any(nil)
	if movement != "" {
		where, args = ` WHERE s.movement_id = $1`, []any{movement}
	}
	return db.All(ctx, q, scanSnapshot, `SELECT `+snapshotColumns+fromSnapshots+where+
		` ORDER BY s.frozen_at DESC, s.id DESC LIMIT `+strconv.Itoa(mostSnapshots), args...)
}

// mostSnapshots bounds the list of snapshots.
const mostSnapshots = 2000
