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
)

// voteKey is what a device has one rating for.
type voteKey struct{ article, device string }

// crowdKey is where ratings of an article come from.
type crowdKey struct{ article, network string }

func scanVote(row db.Row) (Vote, error) {
	var v Vote
	err := row.Scan(&v.Article, &v.Device, &v.Score, &v.Network, &v.aside, db.TimeTo(&v.at))
	return v, err
}

const voteColumns = `article_id, device, score, network, aside, at`

// articlesOf lists the articles that votes are about, each once.
func articlesOf(all []Vote) map[string]bool {
	ids := map[string]bool{}
	for _, v := range all {
		ids[v.Article] = true
	}
	return ids
}

// pairs calls fn with the values two by two, in parts that fit one statement.
func pairs[K comparable](keys map[K]bool, of func(K) (string, string), fn func(placeholders string, args []any) error) error {
	const most = 100
	args := make([]any, 0, 2*most)
	left := len(keys)
	for key := range keys {
		a, b := of(key)
		args, left = append(args, a, b), left-1
		if len(args) < 2*most && left > 0 {
			continue
		}
		if err := fn(db.Rows(len(args)/2, 2), args); err != nil {
			return err
		}
		args = args[:0]
	}
	return nil
}

// earlierVotes reads what the devices of new votes have given before.
func earlierVotes(ctx context.Context, q db.Querier, all []Vote) (map[voteKey]Vote, error) {
	asked := map[voteKey]bool{}
	for _, v := range all {
		asked[voteKey{v.Article, v.Device}] = true
	}
	found := map[voteKey]Vote{}
	err := pairs(asked, func(k voteKey) (string, string) { return k.article, k.device }, func(in string, args []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			v, err := scanVote(row)
			found[voteKey{v.Article, v.Device}] = v
			return err
		}, `SELECT `+voteColumns+` FROM press_vote WHERE (article_id, device) IN (VALUES `+in+`)`, args...)
	})
	return found, err
}

func votesOn(ctx context.Context, q db.Querier, article string) ([]Vote, error) {
	return db.All(ctx, q, scanVote, `SELECT `+voteColumns+` FROM press_vote WHERE article_id = $1`, article)
}

func scoreOf(ctx context.Context, q db.Querier, article, device string) (int, error) {
	n, err := db.One(ctx, q, db.Int, `SELECT score FROM press_vote WHERE article_id = $1 AND device = $2`, article, device)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	return n, err
}

// networkCrowds counts the ratings since a time by article and network, for the networks
// of new votes.
func networkCrowds(ctx context.Context, q db.Querier, all []Vote, since time.Time) (map[crowdKey]int, error) {
	asked := map[crowdKey]bool{}
	for _, v := range all {
		asked[crowdKey{v.Article, v.Network}] = true
	}
	crowds := map[crowdKey]int{}
	err := pairs(asked, func(k crowdKey) (string, string) { return k.article, k.network }, func(in string, args []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var k crowdKey
			var n int
			err := row.Scan(&k.article, &k.network, &n)
			crowds[k] = n
			return err
		}, `SELECT article_id, network, count(*) FROM press_vote WHERE (article_id, network) IN (VALUES `+in+`) AND at > $`+
			strconv.Itoa(len(args)+1)+` GROUP BY article_id, network`, append(args, db.Time(since))...)
	})
	return crowds, err
}

// crowd is a burst of ratings of one article.
type crowd struct {
	article string
	score   int
}

// brigades finds the articles whose counted ratings since a time are many and nearly all
// the same extreme.
func brigades(ctx context.Context, q db.Querier, since time.Time) ([]crowd, error) {
	var all []crowd
	err := db.Each(ctx, q, func(row db.Row) error {
		var article string
		var n, low, high int
		if err := row.Scan(&article, &n, &low, &high); err != nil {
			return err
		}
		for _, extreme := range []struct{ score, n int }{{1, low}, {5, high}} {
			if n >= brigadeLeast && 100*extreme.n >= brigadeShare*n {
				all = append(all, crowd{article, extreme.score})
			}
		}
		return nil
	}, `SELECT article_id, count(*), count(*) FILTER (WHERE score = 1), count(*) FILTER (WHERE score = 5) FROM press_vote
		WHERE at > $1 AND aside = '' GROUP BY article_id`, db.Time(since))
	return all, err
}

func countAsides(ctx context.Context, q db.Querier, scope string, args []any) (map[Aside]int, error) {
	counts := map[Aside]int{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var reason Aside
		var n int
		err := row.Scan(&reason, &n)
		counts[reason] = n
		return err
	}, `SELECT v.aside, count(DISTINCT v.article_id) FROM press_vote v JOIN press_article a ON a.id = v.article_id WHERE v.aside <> '' AND `+scope+
		` GROUP BY v.aside`, args...)
	return counts, err
}

// asideRatings groups what was set aside by article and reason.
func asideRatings(ctx context.Context, q db.Querier, in AsideQuery, scope string, args []any) ([]AsideRatings, error) {
	where := []string{scope}
	for _, f := range []struct{ column, value string }{{"v.aside", string(in.Reason)}, {"v.article_id", in.Article}} {
		if f.value != "" {
			args = append(args, f.value)
			where = append(where, f.column+" = $"+strconv.Itoa(len(args)))
		}
	}
	return db.All(ctx, q, func(row db.Row) (AsideRatings, error) {
		var r AsideRatings
		err := row.Scan(&r.Reason, &r.Scores[0], &r.Scores[1], &r.Scores[2], &r.Scores[3], &r.Scores[4], &r.Networks, db.TimeTo(&r.First), db.TimeTo(&r.Last),
			&r.On.ID, &r.On.No, &r.On.Slug, &r.On.Title, &r.On.Unit, &r.On.State)
		return r, err
	}, `SELECT g.aside, g.n1, g.n2, g.n3, g.n4, g.n5, g.networks, g.first_at, g.last_at, a.id, a.no, a.slug, a.title, a.unit_id, a.state FROM (
			SELECT v.article_id, v.aside, count(*) FILTER (WHERE v.score = 1) AS n1, count(*) FILTER (WHERE v.score = 2) AS n2,
				count(*) FILTER (WHERE v.score = 3) AS n3, count(*) FILTER (WHERE v.score = 4) AS n4, count(*) FILTER (WHERE v.score = 5) AS n5,
				count(DISTINCT v.network) AS networks, min(v.at) AS first_at, max(v.at) AS last_at
			FROM press_vote v JOIN press_article a ON a.id = v.article_id WHERE v.aside <> '' AND `+strings.Join(where, " AND ")+` GROUP BY v.article_id, v.aside
		) g JOIN press_article a ON a.id = g.article_id ORDER BY g.last_at DESC, a.no DESC, g.aside LIMIT `+strconv.Itoa(in.Limit+1)+
		` OFFSET `+strconv.Itoa((in.Page-1)*in.Limit), args...)
}

func upsertVotes(ctx context.Context, tx *db.Tx, votes map[voteKey]Vote) error {
	rows := make([][]any, 0, len(votes))
	for _, v := range votes {
		rows = append(rows, []any{v.Article, v.Device, v.Score, v.Network, v.aside, db.Time(v.at)})
	}
	return db.InsertAll(ctx, tx, `INSERT INTO press_vote (`+voteColumns+`) VALUES `, ` ON CONFLICT (article_id, device) DO UPDATE SET
		score = excluded.score, network = excluded.network, aside = excluded.aside, at = excluded.at`, rows)
}

const tallyColumns = `article_id, n1, n2, n3, n4, n5, aside, revision`

func scanTally(row db.Row) (string, Tally, error) {
	var id string
	var t Tally
	err := row.Scan(&id, &t.Scores[0], &t.Scores[1], &t.Scores[2], &t.Scores[3], &t.Scores[4], &t.Aside, &t.Revision)
	return id, t, err
}

func tallies(ctx context.Context, q db.Querier, ids []string) (map[string]Tally, error) {
	found := make(map[string]Tally, len(ids))
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			id, t, err := scanTally(row)
			found[id] = t
			return err
		}, `SELECT `+tallyColumns+` FROM press_tally WHERE article_id IN `+db.In(1, len(part)), part...)
	})
	return found, err
}

// ratingRevisions reads how often the tallies of articles have changed, by the articles'
// numbers.
func ratingRevisions(ctx context.Context, q db.Querier, nos []int) (map[int]int64, error) {
	found := make(map[int]int64, len(nos))
	err := db.Chunks(nos, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var no int
			var revision int64
			err := row.Scan(&no, &revision)
			found[no] = revision
			return err
		}, `SELECT a.no, t.revision FROM press_article a JOIN press_tally t ON t.article_id = a.id WHERE a.no IN `+db.In(1, len(part)), part...)
	})
	return found, err
}

func talliesOf(ctx context.Context, q db.Querier, votes []Vote) (map[string]Tally, error) {
	return tallies(ctx, q, slices.Sorted(maps.Keys(articlesOf(votes))))
}

func oneTally(ctx context.Context, q db.Querier, article string) (Tally, error) {
	found, err := tallies(ctx, q, []string{article})
	return found[article], err
}

func upsertTallies(ctx context.Context, tx *db.Tx, all map[string]Tally) error {
	rows := make([][]any, 0, len(all))
	for id, t := range all {
		rows = append(rows, []any{id, t.Scores[0], t.Scores[1], t.Scores[2], t.Scores[3], t.Scores[4], t.Aside, t.Standing(), t.Revision})
	}
	return db.InsertAll(ctx, tx, `INSERT INTO press_tally (article_id, n1, n2, n3, n4, n5, aside, standing, revision) VALUES `,
		` ON CONFLICT (article_id) DO UPDATE SET n1 = excluded.n1, n2 = excluded.n2, n3 = excluded.n3, n4 = excluded.n4, n5 = excluded.n5,
		aside = excluded.aside, standing = excluded.standing, revision = excluded.revision`, rows)
}

func readKey(ctx context.Context, q db.Querier) (string, error) {
	return db.One(ctx, q, db.Text, `SELECT value FROM press_key WHERE name = 'network'`)
}

// insertKey keeps a key where there is none yet: two processes may come at once.
func insertKey(ctx context.Context, tx *db.Tx, value string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO press_key (name, value) VALUES ('network', $1) ON CONFLICT (name) DO NOTHING`, value)
	return err
}
