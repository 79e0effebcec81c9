package press

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

const columns = `a.id, a.no, a.state, a.unit_id, a.category, a.title, a.slug, a.lead, a.body, a.author, a.source_name, a.source_url,
	a.event, a.event_on, a.tags, a.publish_at, a.published_at, a.corrected_at, a.correction, a.archived_on, a.archive_note,
	a.version, a.created_at, a.created_by, a.updated_at, a.updated_by`

func scan(row db.Row) (Article, error) {
	var a Article
	var tags string
	err := row.Scan(&a.ID, &a.No, &a.State, &a.Unit, &a.Category, &a.Title, &a.Slug, &a.Lead, &a.Body, &a.Author, &a.SourceName, &a.SourceURL,
		&a.Event, db.DateTo(&a.EventOn), &tags, db.TimeTo(&a.PublishAt), db.TimeTo(&a.PublishedAt), db.TimeTo(&a.CorrectedAt), &a.Correction,
		db.DateTo(&a.ArchivedOn), &a.ArchiveNote, &a.Version, db.TimeTo(&a.CreatedAt), &a.CreatedBy, db.TimeTo(&a.UpdatedAt), &a.UpdatedBy)
	if tags != "" {
		a.Tags = strings.Split(tags, "\n")
	}
	return a, err
}

// find reads an article by its identity, without its links.
func find(ctx context.Context, q db.Querier, id string) (Article, error) {
	return orMissing(db.One(ctx, q, scan, `SELECT `+columns+` FROM press_article a WHERE a.id = $1`, id))
}

// findNo reads an article by its number.
func findNo(ctx context.Context, q db.Querier, no int) (Article, error) {
	return orMissing(db.One(ctx, q, scan, `SELECT `+columns+` FROM press_article a WHERE a.no = $1`, no))
}

// unitsOfPublished gives the units of those among some articles that are published.
func unitsOfPublished(ctx context.Context, q db.Querier, ids map[string]bool) (map[string]string, error) {
	found := make(map[string]string, len(ids))
	err := db.Chunks(slices.Sorted(maps.Keys(ids)), func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var id, unit string
			err := row.Scan(&id, &unit)
			found[id] = unit
			return err
		}, `SELECT id, unit_id FROM press_article WHERE state = 'published' AND id IN `+db.In(1, len(part)), part...)
	})
	return found, err
}

func orMissing(a Article, err error) (Article, error) {
	if errors.Is(err, db.ErrNoRow) {
		return Article{}, errs.New(errs.NotFound, i18n.PressNotFound)
	}
	return a, err
}

// nextNo takes the next numbers of the house's articles, n of them, and gives the last.
func nextNo(ctx context.Context, tx *db.Tx, n int) (int, error) {
	return db.OneWrite(ctx, tx, db.Int, `INSERT INTO press_counter (scope, last) VALUES ('article', $1)
		ON CONFLICT (scope) DO UPDATE SET last = press_counter.last + $1 RETURNING last`, n)
}

// folded is what the plain search of the site looks in. The body is left out: without an
// index of words each search reads all of it.
func folded(a Article) string {
	return viet.Fold(a.Title + " " + strings.Join(a.Tags, " ") + " " + a.Lead)
}

func insert(ctx context.Context, tx *db.Tx, all []Article) error {
	rows := make([][]any, len(all))
	for i, a := range all {
		rows[i] = []any{
			a.ID, a.No, a.State, a.Unit, a.Category, a.Title, a.Slug, a.Lead, a.Body, a.Author, a.SourceName, a.SourceURL, a.Event,
			db.Date(a.EventOn), strings.Join(a.Tags, "\n"), folded(a), db.Time(a.PublishAt), db.Time(a.PublishedAt), db.Time(a.CorrectedAt),
			a.Correction, db.Date(a.ArchivedOn), a.ArchiveNote, a.Version, db.Time(a.CreatedAt), a.CreatedBy, db.Time(a.UpdatedAt), a.UpdatedBy,
		}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO press_article (id, no, state, unit_id, category, title, slug, lead, body, author, source_name,
		source_url, event, event_on, tags, folded, publish_at, published_at, corrected_at, correction, archived_on, archive_note, version,
		created_at, created_by, updated_at, updated_by) VALUES `, ``, rows)
}

// update writes the newest wording and state over the version that was read.
func update(ctx context.Context, tx *db.Tx, a Article) error {
	n, err := db.Exec(ctx, tx, `UPDATE press_article SET state = $3, unit_id = $4, category = $5, title = $6, slug = $7, lead = $8, body = $9,
		author = $10, source_name = $11, source_url = $12, event = $13, event_on = $14, tags = $15, folded = $16, publish_at = $17,
		published_at = $18, corrected_at = $19, correction = $20, archived_on = $21, archive_note = $22, version = $2 + 1,
		updated_at = $23, updated_by = $24 WHERE id = $1 AND version = $2`,
		a.ID, a.Version, a.State, a.Unit, a.Category, a.Title, a.Slug, a.Lead, a.Body, a.Author, a.SourceName, a.SourceURL, a.Event,
		db.Date(a.EventOn), strings.Join(a.Tags, "\n"), folded(a), db.Time(a.PublishAt), db.Time(a.PublishedAt), db.Time(a.CorrectedAt),
		a.Correction, db.Date(a.ArchivedOn), a.ArchiveNote, db.Time(a.UpdatedAt), a.UpdatedBy)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return err
}

// Version is one wording that an article has had.
type Version struct {
	No    int
	State State
	Title string
	Lead  string
	Body  string
	Note  string
	At    time.Time
	By    string
}

func insertVersions(ctx context.Context, tx *db.Tx, all []Article, note string) error {
	rows := make([][]any, len(all))
	for i, a := range all {
		rows[i] = []any{a.ID, a.Version, a.State, a.Title, a.Lead, a.Body, note, db.Time(a.UpdatedAt), a.UpdatedBy}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO press_version (article_id, version, state, title, lead, body, note, at, by_account) VALUES `, ``, rows)
}

func versions(ctx context.Context, q db.Querier, id string) ([]Version, error) {
	return db.All(ctx, q, func(row db.Row) (Version, error) {
		var v Version
		err := row.Scan(&v.No, &v.State, &v.Title, &v.Lead, &v.Body, &v.Note, db.TimeTo(&v.At), &v.By)
		return v, err
	}, `SELECT version, state, title, lead, body, note, at, by_account FROM press_version WHERE article_id = $1 ORDER BY version DESC`, id)
}

// replaceParts writes the tags and links of articles anew.
func replaceParts(ctx context.Context, tx *db.Tx, all []Article) error {
	var tags, links [][]any
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.ID
		for _, t := range a.Tags {
			tags = append(tags, []any{viet.Fold(t), a.ID})
		}
		for _, l := range a.Links {
			links = append(links, []any{a.ID, l.Kind, l.ID})
		}
	}
	if err := db.Chunks(ids, func(part []any) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM press_tag WHERE article_id IN `+db.In(1, len(part)), part...); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM press_link WHERE article_id IN `+db.In(1, len(part)), part...)
		return err
	}); err != nil {
		return err
	}
	if err := db.InsertAll(ctx, tx, `INSERT INTO press_tag (tag, article_id) VALUES `, ` ON CONFLICT DO NOTHING`, tags); err != nil {
		return err
	}
	return db.InsertAll(ctx, tx, `INSERT INTO press_link (article_id, kind, target_id) VALUES `, ` ON CONFLICT DO NOTHING`, links)
}

func links(ctx context.Context, q db.Querier, id string) ([]Link, error) {
	return db.All(ctx, q, func(row db.Row) (Link, error) {
		var l Link
		err := row.Scan(&l.Kind, &l.ID)
		return l, err
	}, `SELECT kind, target_id FROM press_link WHERE article_id = $1 ORDER BY kind, target_id`, id)
}

// due lists the scheduled articles whose time has come.
func due(ctx context.Context, q db.Querier, now time.Time) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT id FROM press_article WHERE state = 'scheduled' AND publish_at <= $1 ORDER BY publish_at, id LIMIT 100`, db.Time(now))
}

// headlinesAbout lists the articles about a record that are published or meet a condition.
func headlinesAbout(ctx context.Context, q db.Querier, l Link, scope string, args []any) ([]Headline, error) {
	n := len(args)
	return db.All(ctx, q, scanHeadline, `SELECT `+headlineColumns+` FROM press_article a JOIN press_link l ON l.article_id = a.id
		WHERE (a.state = 'published' OR `+scope+`) AND l.kind = $`+strconv.Itoa(n+1)+` AND l.target_id = $`+strconv.Itoa(n+2)+`
		ORDER BY a.updated_at DESC, a.no DESC LIMIT `+strconv.Itoa(maxAbout), append(args, l.Kind, l.ID)...)
}
