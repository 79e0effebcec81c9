package photo

import (
	"context"
	"errors"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const columns = `p.id, p.owner_kind, p.owner_id, p.place, p.name, p.credit, p.alt, p.caption, p.people, p.consent_of, p.consent_on, p.consent_by,
	p.withdrawn_on, p.withdrawn_note`

func scan(row db.Row) (Photo, error) {
	var p Photo
	err := row.Scan(&p.ID, &p.Owner.Kind, &p.Owner.ID, &p.Place, &p.Name, &p.Credit, &p.Alt, &p.Caption, &p.People, &p.ConsentOf,
		db.DateTo(&p.ConsentOn), &p.ConsentBy, db.DateTo(&p.WithdrawnOn), &p.WithdrawnNote)
	return p, err
}

// Of lists the photos of an owner with their sizes, in their order.
func Of(ctx context.Context, q db.Querier, owner string) ([]Photo, error) {
	all, err := OfAll(ctx, q, []string{owner})
	return all[owner], err
}

// OfAll lists the photos of owners with their sizes, in their order.
func OfAll(ctx context.Context, q db.Querier, owners []string) (map[string][]Photo, error) {
	all := map[string][]Photo{}
	err := db.Chunks(owners, func(part []any) error {
		sizes := map[string][]Size{}
		in := db.In(1, len(part))
		if err := db.Each(ctx, q, func(row db.Row) error {
			var photo string
			var z Size
			err := row.Scan(&photo, &z.Width, &z.Height, &z.SHA256, &z.Bytes)
			sizes[photo] = append(sizes[photo], z)
			return err
		}, `SELECT z.photo_id, z.width, z.height, z.sha256, z.size FROM photo_photo p JOIN photo_size z ON z.photo_id = p.id
			WHERE p.owner_id IN `+in+` ORDER BY z.width DESC`, part...); err != nil {
			return err
		}
		found, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM photo_photo p WHERE p.owner_id IN `+in+` ORDER BY p.place, p.id`, part...)
		for _, p := range found {
			p.Sizes = sizes[p.ID]
			all[p.Owner.ID] = append(all[p.Owner.ID], p)
		}
		return err
	})
	return all, err
}

// Leads gives the lead photo of each of some owners, of those that have one that readers
// may see.
func Leads(ctx context.Context, q db.Querier, owners []string) (map[string]Photo, error) {
	all, err := OfAll(ctx, q, owners)
	leads := map[string]Photo{}
	for owner, photos := range all {
		if seen := Shown(photos); len(seen) > 0 {
			leads[owner] = seen[0]
		}
	}
	return leads, err
}

// Find finds a photo of an owner.
func Find(ctx context.Context, q db.Querier, owner, photo string) (Photo, error) {
	p, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM photo_photo p WHERE p.id = $1 AND p.owner_id = $2`, photo, owner)
	if errors.Is(err, db.ErrNoRow) {
		return Photo{}, NotFound()
	}
	if err != nil {
		return Photo{}, err
	}
	p.Sizes, err = db.All(ctx, q, scanSize, `SELECT width, height, sha256, size FROM photo_size WHERE photo_id = $1 ORDER BY width DESC`, photo)
	return p, err
}

func scanSize(row db.Row) (Size, error) {
	var z Size
	err := row.Scan(&z.Width, &z.Height, &z.SHA256, &z.Bytes)
	return z, err
}

// Holder is an owner of a photo that may be shown, in the size that was asked for.
type Holder struct {
	Size
	Owner Owner
}

// Holders lists who owns a photo, by the hash and the width of one of its sizes, that
// readers of a published page see. The conditions are those of [Photo.Shown].
func Holders(ctx context.Context, q db.Querier, sha string, width int) ([]Holder, error) {
	return db.All(ctx, q, func(row db.Row) (Holder, error) {
		var h Holder
		err := row.Scan(&h.Width, &h.Height, &h.SHA256, &h.Bytes, &h.Owner.Kind, &h.Owner.ID)
		return h, err
	}, `SELECT z.width, z.height, z.sha256, z.size, p.owner_kind, p.owner_id FROM photo_size z JOIN photo_photo p ON p.id = z.photo_id
		WHERE z.sha256 = $1 AND z.width = $2 AND p.people IN ('none', 'agreed') AND p.credit <> '' AND p.alt <> ''`, sha, width)
}

func insert(ctx context.Context, tx *db.Tx, p Photo, at time.Time) error {
	if _, err := db.Exec(ctx, tx, `INSERT INTO photo_photo (id, owner_kind, owner_id, place, name, credit, alt, caption, people, consent_of,
		consent_on, consent_by, withdrawn_on, withdrawn_note, added_at, added_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, '', $13, $12)`,
		p.ID, p.Owner.Kind, p.Owner.ID, p.Place, p.Name, p.Credit, p.Alt, p.Caption, p.People, p.ConsentOf, db.Date(p.ConsentOn), p.ConsentBy,
		db.Time(at)); err != nil {
		return err
	}
	rows := make([][]any, len(p.Sizes))
	for i, z := range p.Sizes {
		rows[i] = []any{p.ID, z.Width, z.Height, z.SHA256, z.Bytes}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO photo_size (photo_id, width, height, sha256, size) VALUES `, ``, rows)
}

func update(ctx context.Context, tx *db.Tx, p Photo) error {
	_, err := db.Exec(ctx, tx, `UPDATE photo_photo SET credit = $2, alt = $3, caption = $4, people = $5, consent_of = $6, consent_on = $7,
		consent_by = $8, withdrawn_on = $9, withdrawn_note = $10 WHERE id = $1`, p.ID, p.Credit, p.Alt, p.Caption, p.People, p.ConsentOf,
		db.Date(p.ConsentOn), p.ConsentBy, db.Date(p.WithdrawnOn), p.WithdrawnNote)
	return err
}

func rename(ctx context.Context, tx *db.Tx, p Photo) error {
	_, err := db.Exec(ctx, tx, `UPDATE photo_photo SET name = $2 WHERE id = $1`, p.ID, p.Name)
	return err
}

// placeInOrder writes the places of photos as they stand in the list.
func placeInOrder(ctx context.Context, tx *db.Tx, all []Photo) error {
	for i, p := range all {
		if _, err := db.Exec(ctx, tx, `UPDATE photo_photo SET place = $2 WHERE id = $1`, p.ID, i+1); err != nil {
			return err
		}
	}
	return nil
}

// twinsOf lists the other photos whose files are the very same.
func twinsOf(ctx context.Context, q db.Querier, photo string) ([]Photo, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM photo_photo p WHERE p.id IN (SELECT o.photo_id FROM photo_size z
		JOIN photo_size o ON o.sha256 = z.sha256 WHERE z.photo_id = $1 AND o.photo_id <> $1) ORDER BY p.id`, photo)
}

func deleteSizes(ctx context.Context, tx *db.Tx, photo string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM photo_size WHERE photo_id = $1`, photo)
	return err
}

func remove(ctx context.Context, tx *db.Tx, photo string) error {
	if err := deleteSizes(ctx, tx, photo); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM photo_photo WHERE id = $1`, photo)
	return err
}

// keptFiles tells which of some files a photo has.
func keptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	kept := map[string]bool{}
	err := db.Chunks(hashes, func(part []any) error {
		found, err := db.All(ctx, q, db.Text, `SELECT DISTINCT sha256 FROM photo_size WHERE sha256 IN `+db.In(1, len(part)), part...)
		for _, sha := range found {
			kept[sha] = true
		}
		return err
	})
	return kept, err
}
