package conference

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const invitationColumns = `id, conference_id, unit_id, guest, name_key, seats, answer, coming, note, updated_at, updated_by`

func scanInvitation(row db.Row) (Invitation, error) {
	var v Invitation
	err := row.Scan(&v.ID, &v.Conference, db.TextTo(&v.Unit), &v.Guest, &v.key, &v.Seats, &v.Answer, &v.Coming, &v.Note, db.TimeTo(&v.UpdatedAt), &v.UpdatedBy)
	return v, err
}

const invitationsOf = `SELECT ` + invitationColumns + ` FROM conference_invitation WHERE conference_id = $1`

// invitations reads those of a conference in the order of their names.
func invitations(ctx context.Context, q db.Querier, conference string) ([]Invitation, error) {
	return db.All(ctx, q, scanInvitation, invitationsOf+` ORDER BY name_key, id`, conference)
}

// someInvitations reads those of a conference with some identities, each once.
func someInvitations(ctx context.Context, q db.Querier, conference string, ids []string) ([]Invitation, error) {
	var all []Invitation
	err := db.Chunks(distinct(ids), func(part []any) error {
		some, err := db.All(ctx, q, scanInvitation, invitationsOf+` AND id IN `+db.In(2, len(part))+` ORDER BY name_key, id`, append([]any{conference}, part...)...)
		all = append(all, some...)
		return err
	})
	return all, err
}

func countInvitations(ctx context.Context, q db.Querier, conference string) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM conference_invitation WHERE conference_id = $1`, conference)
}

func invitedUnits(ctx context.Context, q db.Querier, conference string) (map[string]bool, error) {
	asked := map[string]bool{}
	err := db.Each(ctx, q, func(row db.Row) error {
		unit, err := db.Text(row)
		asked[unit] = true
		return err
	}, `SELECT unit_id FROM conference_invitation WHERE conference_id = $1 AND unit_id IS NOT NULL`, conference)
	return asked, err
}

func insertInvitations(ctx context.Context, tx *db.Tx, all []Invitation) error {
	rows := make([][]any, len(all))
	for i, v := range all {
		rows[i] = []any{v.ID, v.Conference, db.Null(v.Unit), v.Guest, v.key, v.Seats, v.Answer, v.Coming, v.Note, db.Time(v.UpdatedAt), v.UpdatedBy}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO conference_invitation (`+invitationColumns+`) VALUES `, "", rows)
}

func updateInvitation(ctx context.Context, tx *db.Tx, v Invitation) error {
	_, err := db.Exec(ctx, tx, `UPDATE conference_invitation SET seats = $2, answer = $3, coming = $4, note = $5, updated_at = $6, updated_by = $7
		WHERE id = $1`, v.ID, v.Seats, v.Answer, v.Coming, v.Note, db.Time(v.UpdatedAt), v.UpdatedBy)
	return err
}

func deleteInvitations(ctx context.Context, tx *db.Tx, all []Invitation) error {
	ids := make([]string, len(all))
	for i, v := range all {
		ids[i] = v.ID
	}
	return db.Chunks(ids, func(part []any) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM conference_invitation WHERE id IN `+db.In(1, len(part)), part...)
		return err
	})
}
