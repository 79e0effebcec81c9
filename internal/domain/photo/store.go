package press

import (
	"context"
	"errors"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const photoColumns = `p.id, p.article_id, p.place, p.name, p.credit, p.alt, p.caption, p.people, p.consent_of, p.consent_on, p.consent_by,
	p.withdrawn_on, p.withdrawn_note`

func scanPhoto(row db.Row) (Photo, error) {
	var p Photo
	err := row.Scan(&p.ID, &p.Article, &p.Place, &p.Name, &p.Credit, &p.Alt, &p.Caption, &p.People, &p.ConsentOf, db.DateTo(&p.ConsentOn),
		&p.ConsentBy, db.DateTo(&p.WithdrawnOn), &p.WithdrawnNote)
	return p, err
}

// photos lists the photos of an article with their sizes.
func photos(ctx context.Context, q db.Querier, article string) ([]Photo, error) {
	all, err := photosOf(ctx, q, []string{article})
	return all[article], err
}

// photosOf lists the photos of articles with their sizes, in their order.
func photosOf(ctx context.Context, q db.Querier, articles []string) (map[string][]Photo, error) {
	all := map[string][]Photo{}
	err := db.Chunks(articles, func(part []any) error {
		sizes := map[string][]Size{}
		in := db.In(1, len(part))
		if err := db.Each(ctx, q, func(row db.Row) error {
			var photo string
			var z Size
			err := row.Scan(&photo, &z.Width, &z.Height, &z.SHA256, &z.Bytes)
			sizes[photo] = append(sizes[photo], z)
			return err
		}, `SELECT r.photo_id, r.width, r.height, r.sha256, r.size FROM press_photo p JOIN press_rendition r ON r.photo_id = p.id
			WHERE p.article_id IN `+in+` ORDER BY r.width DESC`, part...); err != nil {
			return err
		}
		found, err := db.All(ctx, q, scanPhoto, `SELECT `+photoColumns+` FROM press_photo p WHERE p.article_id IN `+in+` ORDER BY p.place, p.id`, part...)
		for _, p := range found {
			p.Sizes = sizes[p.ID]
			all[p.Article] = append(all[p.Article], p)
		}
		return err
	})
	return all, err
}

// illustrate gives headlines their lead photos: of each article the first that readers
// may see.
func illustrate(ctx context.Context, q db.Querier, all []Headline) error {
	ids := make([]string, len(all))
	for i, h := range all {
		ids[i] = h.ID
	}
	found, err := photosOf(ctx, q, ids)
	for i := range all {
		if seen := shown(found[all[i].ID]); len(seen) > 0 {
			all[i].Photo = seen[0]
		}
	}
	return err
}

// photoOf finds a photo of an article.
func photoOf(ctx context.Context, q db.Querier, article, photo string) (Photo, error) {
	p, err := db.One(ctx, q, scanPhoto, `SELECT `+photoColumns+` FROM press_photo p WHERE p.id = $1 AND p.article_id = $2`, photo, article)
	if errors.Is(err, db.ErrNoRow) {
		return Photo{}, noPhoto()
	}
	if err != nil {
		return Photo{}, err
	}
	p.Sizes, err = db.All(ctx, q, scanSize, `SELECT width, height, sha256, size FROM press_rendition WHERE photo_id = $1 ORDER BY width DESC`, photo)
	return p, err
}

func scanSize(row db.Row) (Size, error) {
	var z Size
	err := row.Scan(&z.Width, &z.Height, &z.SHA256, &z.Bytes)
	return z, err
}

// publicSize finds a size that a published article shows. The conditions are those of
// [Photo.Shown].
func publicSize(ctx context.Context, q db.Querier, sha string, width int) (Size, error) {
	return db.One(ctx, q, scanSize, `SELECT r.width, r.height, r.sha256, r.size FROM press_rendition r
		JOIN press_photo p ON p.id = r.photo_id JOIN press_article a ON a.id = p.article_id
		WHERE r.sha256 = $1 AND r.width = $2 AND a.state = 'published' AND p.people IN ('none', 'agreed') AND p.credit <> '' AND p.alt <> '' LIMIT 1`, sha, width)
}

func insertPhoto(ctx context.Context, tx *db.Tx, p Photo, at time.Time) error {
	if _, err := db.Exec(ctx, tx, `INSERT INTO press_photo (id, article_id, place, name, credit, alt, caption, people, consent_of, consent_on,
		consent_by, withdrawn_on, withdrawn_note, added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, '', $12, $11)`,
		p.ID, p.Article, p.Place, p.Name, p.Credit, p.Alt, p.Caption, p.People, p.ConsentOf, db.Date(p.ConsentOn), p.ConsentBy, db.Time(at)); err != nil {
		return err
	}
	rows := make([][]any, len(p.Sizes))
	for i, z := range p.Sizes {
		rows[i] = []any{p.ID, z.Width, z.Height, z.SHA256, z.Bytes}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO press_rendition (photo_id, width, height, sha256, size) VALUES `, ``, rows)
}

func updatePhoto(ctx context.Context, tx *db.Tx, p Photo) error {
	_, err := db.Exec(ctx, tx, `UPDATE press_photo SET credit = $2, alt = $3, caption = $4, people = $5, consent_of = $6, consent_on = $7,
		consent_by = $8, withdrawn_on = $9, withdrawn_note = $10 WHERE id = $1`, p.ID, p.Credit, p.Alt, p.Caption, p.People, p.ConsentOf,
		db.Date(p.ConsentOn), p.ConsentBy, db.Date(p.WithdrawnOn), p.WithdrawnNote)
	return err
}

// placeInOrder writes the places of photos as they stand in the list.
func placeInOrder(ctx context.Context, tx *db.Tx, all []Photo) error {
	for i, p := range all {
		if _, err := db.Exec(ctx, tx, `UPDATE press_photo SET place = $2 WHERE id = $1`, p.ID, i+1); err != nil {
			return err
		}
	}
	return nil
}

// twinsOf lists the other photos whose files are the very same.
func twinsOf(ctx context.Context, q db.Querier, photo string) ([]Photo, error) {
	return db.All(ctx, q, scanPhoto, `SELECT `+photoColumns+` FROM press_photo p WHERE p.id IN (SELECT o.photo_id FROM press_rendition r
		JOIN press_rendition o ON o.sha256 = r.sha256 WHERE r.photo_id = $1 AND o.photo_id <> $1) ORDER BY p.id`, photo)
}

func deleteSizes(ctx context.Context, tx *db.Tx, photo string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM press_rendition WHERE photo_id = $1`, photo)
	return err
}

func deletePhoto(ctx context.Context, tx *db.Tx, photo string) error {
	if err := deleteSizes(ctx, tx, photo); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM press_photo WHERE id = $1`, photo)
	return err
}

// keptFiles tells which of some files a photo has.
func keptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	kept := map[string]bool{}
	err := db.Chunks(hashes, func(part []any) error {
		found, err := db.All(ctx, q, db.Text, `SELECT DISTINCT sha256 FROM press_rendition WHERE sha256 IN `+db.In(1, len(part)), part...)
		for _, sha := range found {
			kept[sha] = true
		}
		return err
	})
	return kept, err
}
