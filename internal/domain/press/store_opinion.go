package press

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

const opinionColumns = `o.id, o.article_id, o.state, o.doubt, o.doubt_word, o.name, o.body, o.wanted, o.at, o.decided_at, o.reason, o.reason_text,
	o.answer, o.answered_at, o.reports - o.reports_seen, o.network`

func (o *Opinion) fields() []any {
	return []any{
		&o.ID, &o.Article, &o.State, &o.Doubt, &o.DoubtWord, &o.Name, &o.Text, &o.Wanted, db.TimeTo(&o.At), db.TimeTo(&o.DecidedAt), &o.Reason,
		&o.ReasonText, &o.Answer, db.TimeTo(&o.AnsweredAt), &o.Reports, &o.network,
	}
}

func scanOpinion(row db.Row) (Opinion, error) {
	var o Opinion
	err := row.Scan(o.fields()...)
	return o, err
}

func opinion(ctx context.Context, q db.Querier, id string) (Opinion, error) {
	return opinionOrMissing(db.One(ctx, q, scanOpinion, `SELECT `+opinionColumns+` FROM press_opinion o WHERE o.id = $1`, id))
}

func opinionByReceipt(ctx context.Context, q db.Querier, receipt string) (Opinion, error) {
	return opinionOrMissing(db.One(ctx, q, scanOpinion, `SELECT `+opinionColumns+` FROM press_opinion o WHERE o.receipt = $1`, receipt))
}

func opinionOrMissing(o Opinion, err error) (Opinion, error) {
	if errors.Is(err, db.ErrNoRow) {
		return Opinion{}, errs.New(errs.NotFound, i18n.OpinionNotFound)
	}
	return o, err
}

func insertOpinion(ctx context.Context, tx *db.Tx, o Opinion, email, receipt string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO press_opinion (id, article_id, state, doubt, doubt_word, name, body, digest, email, wanted, network,
		receipt, at, decided_by, reason, reason_text, answer, answered_by, reports, reports_seen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', '', '', '', 0, 0)`,
		o.ID, o.Article, o.State, o.Doubt, o.DoubtWord, o.Name, o.Text, digest(o.Text), email, o.Wanted, o.network, receipt, db.Time(o.At))
	return err
}

// insertBrought writes opinions that were passed before.
func insertBrought(ctx context.Context, tx *db.Tx, all []Opinion, receipts []string, by string) error {
	rows := make([][]any, len(all))
	for i, o := range all {
		answeredBy := ""
		if o.Answer != "" {
			answeredBy = by
		}
		rows[i] = []any{
			o.ID, o.Article, o.State, "", "", o.Name, o.Text, digest(o.Text), "", false, "", receipts[i], db.Time(o.At), db.Time(o.DecidedAt), by, "", "",
			o.Answer, db.Time(o.AnsweredAt), answeredBy, 0, 0,
		}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO press_opinion (id, article_id, state, doubt, doubt_word, name, body, digest, email, wanted, network,
		receipt, at, decided_at, decided_by, reason, reason_text, answer, answered_at, answered_by, reports, reports_seen) VALUES `, "", rows)
}

// opinionsSince counts what a network has sent since a time.
func opinionsSince(ctx context.Context, q db.Querier, network string, since time.Time) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM press_opinion WHERE network = $1 AND at > $2`, network, db.Time(since))
}

// sameSince counts the opinions with the same text since a time.
func sameSince(ctx context.Context, q db.Querier, digest string, since time.Time) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM press_opinion WHERE digest = $1 AND at > $2`, digest, db.Time(since))
}

// passedOpinions reads one more than a page shows.
func passedOpinions(ctx context.Context, q db.Querier, article, cursor string) ([]Opinion, error) {
	where, args := "", []any{article}
	if at, id, ok := readOpinionCursor(cursor); ok {
		where, args = " AND (o.at, o.id) < ($2, $3)", append(args, db.Time(at), id)
	}
	return db.All(ctx, q, scanOpinion, `SELECT `+opinionColumns+` FROM press_opinion o WHERE o.article_id = $1 AND o.state = 'passed'`+where+
		` ORDER BY o.at DESC, o.id DESC LIMIT `+strconv.Itoa(OpinionsPerPage+1), args...)
}

func opinionCursor(o Opinion) string { return strconv.FormatInt(o.At.UnixMicro(), 36) + "." + o.ID }

func readOpinionCursor(s string) (at time.Time, id string, ok bool) {
	micros, id, found := strings.Cut(s, ".")
	t, err := strconv.ParseInt(micros, 36, 64)
	const farthest = 1 << 53 // microseconds: some centuries, which both engines hold
	return time.UnixMicro(t).UTC(), id, found && err == nil && t > 0 && t < farthest && len(id) <= 64
}

func decideOpinion(ctx context.Context, tx *db.Tx, o Opinion, by string) error {
	_, err := db.Exec(ctx, tx, `UPDATE press_opinion SET state = $2, decided_at = $3, decided_by = $4, reason = $5, reason_text = $6,
		reports_seen = reports, email = CASE WHEN $2 = 'refused' THEN '' ELSE email END WHERE id = $1`,
		o.ID, o.State, db.Time(o.DecidedAt), by, o.Reason, o.ReasonText)
	return err
}

func answerOpinion(ctx context.Context, tx *db.Tx, o Opinion, by string) error {
	_, err := db.Exec(ctx, tx, `UPDATE press_opinion SET answer = $2, answered_at = $3, answered_by = $4 WHERE id = $1`,
		o.ID, o.Answer, db.Time(o.AnsweredAt), by)
	return err
}

// takeEmail gives the address for the answer to an opinion, and erases it there.
func takeEmail(ctx context.Context, tx *db.Tx, id string) (string, error) {
	email, err := db.One(ctx, tx, db.Text, `SELECT email FROM press_opinion WHERE id = $1`, id)
	if err == nil && email != "" {
		_, err = db.Exec(ctx, tx, `UPDATE press_opinion SET email = '' WHERE id = $1`, id)
	}
	return email, err
}

func forgetEmails(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE press_opinion SET email = '' WHERE email <> '' AND at < $1`, db.Time(before))
	return err
}

// eraseOpinion keeps that there was an opinion, and nothing that it said.
func eraseOpinion(ctx context.Context, tx *db.Tx, id string, now time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE press_opinion SET state = 'withdrawn', decided_at = $2, name = '', body = '', digest = '', email = '',
		doubt_word = '', answer = '', reason_text = '' WHERE id = $1`, id, db.Time(now))
	return err
}

// reported tells whether the device has reported the opinion before.
func reported(ctx context.Context, q db.Querier, in Report) (bool, error) {
	n, err := db.One(ctx, q, db.Int, `SELECT count(*) FROM press_report WHERE opinion_id = $1 AND device = $2`, in.Opinion, in.Device)
	return n > 0, err
}

// reportsSince counts what a network has reported since a time.
func reportsSince(ctx context.Context, q db.Querier, network string, since time.Time) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM press_report WHERE network = $1 AND at > $2`, network, db.Time(since))
}

func insertReport(ctx context.Context, tx *db.Tx, in Report, now time.Time) error {
	n, err := db.Exec(ctx, tx, `INSERT INTO press_report (opinion_id, device, at, network) VALUES ($1, $2, $3, $4)
		ON CONFLICT (opinion_id, device) DO NOTHING`, in.Opinion, in.Device, db.Time(now), in.Network)
	if err != nil || n == 0 {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE press_opinion SET reports = reports + 1 WHERE id = $1`, in.Opinion)
	return err
}

func scanBlock(row db.Row) (Block, error) {
	var b Block
	err := row.Scan(&b.ID, &b.Kind, &b.Value, &b.Note, db.TimeTo(&b.At))
	return b, err
}

func blocks(ctx context.Context, q db.Querier) ([]Block, error) {
	return db.All(ctx, q, scanBlock, `SELECT id, kind, value, note, at FROM press_block ORDER BY kind, value`)
}

func block(ctx context.Context, q db.Querier, id string) (Block, error) {
	b, err := db.One(ctx, q, scanBlock, `SELECT id, kind, value, note, at FROM press_block WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return Block{}, errs.New(errs.NotFound, i18n.OpinionBlockNotFound)
	}
	return b, err
}

// insertBlock tells whether the block is new.
func insertBlock(ctx context.Context, tx *db.Tx, b Block, by string) (bool, error) {
	n, err := db.Exec(ctx, tx, `INSERT INTO press_block (id, kind, value, note, at, by_account) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (kind, value) DO NOTHING`, b.ID, b.Kind, b.Value, b.Note, db.Time(b.At), by)
	return n > 0, err
}

func deleteBlock(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM press_block WHERE id = $1`, id)
	return err
}

// where is the condition of a tab.
func (t OpinionTab) where() string {
	switch t {
	case TabAside:
		return "o.state = 'waiting' AND o.doubt <> ''"
	case TabReported:
		return "o.state = 'passed' AND o.reports > o.reports_seen"
	case TabPassed:
		return "o.state = 'passed'"
	case TabRefused:
		return "o.state = 'refused'"
	default:
		return "o.state = 'waiting' AND o.doubt = ''"
	}
}

func scanQueued(row db.Row) (Queued, error) {
	var q Queued
	err := row.Scan(append(q.fields(), &q.On.No, &q.On.Slug, &q.On.Title, &q.On.Unit)...)
	return q, err
}

// queuedOpinions reads one more than is asked for.
func queuedOpinions(ctx context.Context, q db.Querier, in OpinionQueue, scope string, args []any) ([]Queued, error) {
	sign, order := "<", "DESC"
	if in.Tab == TabWaiting || in.Tab == TabAside { // who came first is read first
		sign, order = ">", "ASC"
	}
	scope += " AND " + in.Tab.where()
	if at, id, ok := readOpinionCursor(in.Cursor); ok {
		args = append(args, db.Time(at), id)
		scope += " AND (o.at, o.id) " + sign + " ($" + strconv.Itoa(len(args)-1) + ", $" + strconv.Itoa(len(args)) + ")"
	}
	return db.All(ctx, q, scanQueued, `SELECT `+opinionColumns+`, a.no, a.slug, a.title, a.unit_id FROM press_opinion o
		JOIN press_article a ON a.id = o.article_id WHERE `+scope+` ORDER BY o.at `+order+`, o.id `+order+` LIMIT `+strconv.Itoa(in.Limit+1), args...)
}

func countTabs(ctx context.Context, q db.Querier, scope string, args []any) (map[OpinionTab]int, error) {
	counts := map[OpinionTab]int{}
	filters := make([]string, len(OpinionTabs()))
	for i, t := range OpinionTabs() {
		filters[i] = "count(*) FILTER (WHERE " + t.where() + ")"
	}
	err := db.Each(ctx, q, func(row db.Row) error {
		n := make([]int, len(filters))
		to := make([]any, len(filters))
		for i := range n {
			to[i] = &n[i]
		}
		err := row.Scan(to...)
		for i, t := range OpinionTabs() {
			counts[t] = n[i]
		}
		return err
	}, `SELECT `+strings.Join(filters, ", ")+` FROM press_opinion o JOIN press_article a ON a.id = o.article_id WHERE `+scope, args...)
	return counts, err
}

// waitingByUnit counts the opinions that wait, by the unit of the article.
func waitingByUnit(ctx context.Context, q db.Querier) (map[string]int, error) {
	counts := map[string]int{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var unit string
		var n int
		err := row.Scan(&unit, &n)
		counts[unit] = n
		return err
	}, `SELECT a.unit_id, count(*) FROM press_opinion o JOIN press_article a ON a.id = o.article_id
		WHERE o.state = 'waiting' AND o.doubt = '' GROUP BY a.unit_id`)
	return counts, err
}
