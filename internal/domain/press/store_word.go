package press

import (
	"context"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// unpaired reads some of the published articles whose pairs of words were not taken yet:
// their numbers and what the pairs are taken from.
func unpaired(ctx context.Context, q db.Querier) ([]Article, error) {
	return db.All(ctx, q, func(row db.Row) (a Article, err error) {
		a.State = Published
		err = row.Scan(&a.No, &a.Title, &a.Lead)
		return a, err
	}, `SELECT no, title, lead FROM press_article WHERE state = 'published' AND words = 0 ORDER BY no LIMIT 500`)
}

// replaceWords takes the pairs of words of articles anew; only those of published ones are
// kept.
func replaceWords(ctx context.Context, tx *db.Tx, all []Article) error {
	var pairs [][]any
	nos := make([]int, len(all))
	for i, a := range all {
		if nos[i] = a.No; a.State != Published {
			continue
		}
		for _, pair := range wordPairs(a.Title, a.Lead) {
			pairs = append(pairs, []any{pair, a.No})
		}
	}
	if err := db.Chunks(nos, func(part []any) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM press_word WHERE no IN `+db.In(1, len(part)), part...); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `UPDATE press_article SET words = 1 WHERE words <> 1 AND no IN `+db.In(1, len(part)), part...)
		return err
	}); err != nil {
		return err
	}
	return db.InsertAll(ctx, tx, `INSERT INTO press_word (pair, no) VALUES `, ` ON CONFLICT DO NOTHING`, pairs)
}

// uncommon leaves those of some pairs that few articles share: so few as count, and in a
// young house no more than a tenth of all.
func uncommon(ctx context.Context, q db.Querier, pairs []int64) ([]any, error) {
	if len(pairs) == 0 {
		return nil, nil
	}
	written, err := db.One(ctx, q, db.Int, `SELECT last FROM press_counter WHERE scope = 'article'`)
	if err != nil {
		return nil, err
	}
	values, args := make([]string, len(pairs)), make([]any, len(pairs))
	for i, pair := range pairs {
		values[i], args[i] = "(CAST($"+strconv.Itoa(i+1)+" AS BIGINT))", pair
	}
	most := strconv.Itoa(max(5, min(written/10, mostShared)))
	return db.All(ctx, q, func(row db.Row) (any, error) {
		var pair int64
		err := row.Scan(&pair)
		return pair, err
	}, `SELECT p.column1 FROM (VALUES `+strings.Join(values, ", ")+`) p
		WHERE (SELECT count(*) FROM (SELECT 1 FROM press_word w WHERE w.pair = p.column1 LIMIT `+most+` + 1) u) BETWEEN 1 AND `+most, args...)
}

// related finds published articles that share records, tags or uncommon pairs of words
// with an article, the nearest first. By CROSS JOIN SQLite finds each by its number; it
// would rather read all articles and look for each among the near ones.
func related(ctx context.Context, q db.Querier, a Article) ([]Headline, error) {
	pairs, err := uncommon(ctx, q, wordPairs(a.Title, a.Lead))
	if err != nil {
		return nil, err
	}
	shared := ""
	if len(pairs) > 0 {
		shared = ` UNION ALL SELECT no, ` + strconv.Itoa(nearByPair) + ` FROM press_word WHERE pair IN ` + db.In(3, len(pairs))
	}
	most := strconv.Itoa(mostShared)
	return db.All(ctx, q, scanHeadline, `SELECT `+headlineColumns+` FROM (
			SELECT no, sum(points) AS points FROM (
				SELECT b.no, `+strconv.Itoa(nearByLink)+` AS points FROM press_link l JOIN press_link o ON o.kind = l.kind AND o.target_id = l.target_id
					JOIN press_article b ON b.id = o.article_id WHERE l.article_id = $1 AND l.kind <> 'movement'
				UNION ALL
				SELECT b.no, `+strconv.Itoa(nearByTag)+` FROM press_tag t JOIN press_tag n ON n.tag = t.tag JOIN press_article b ON b.id = n.article_id
					WHERE t.article_id = $1
					AND (SELECT count(*) FROM (SELECT 1 FROM press_tag s WHERE s.tag = t.tag LIMIT `+most+` + 1) u) <= `+most+shared+`
			) s WHERE no <> $2 GROUP BY no HAVING sum(points) >= `+strconv.Itoa(leastNear)+`
		) r CROSS JOIN press_article a WHERE a.no = r.no AND a.state = 'published'
		ORDER BY r.points DESC, a.published_at DESC, a.no DESC LIMIT `+strconv.Itoa(around), append([]any{a.ID, a.No}, pairs...)...)
}
