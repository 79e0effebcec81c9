package parcel

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// ownKey is a key by which this house signs.
type ownKey struct {
	OwnKey
	private ed25519.PrivateKey
}

func scanOwnKey(row db.Row) (ownKey, error) {
	var k ownKey
	var public string
	var seed []byte
	if err := row.Scan(&k.ID, &public, &seed, db.TimeTo(&k.MadeAt), &k.MadeBy, db.TimeTo(&k.RetiredAt)); err != nil {
		return k, err
	}
	var err error
	if k.Key, err = readKey(public); err != nil || len(seed) != ed25519.SeedSize {
		return k, fmt.Errorf("the key %s of the house is damaged: %w", k.ID, err)
	}
	k.private = ed25519.NewKeyFromSeed(seed)
	return k, nil
}

const ofOwnKeys = `SELECT id, public_key, private_key, made_at, made_by, retired_at FROM parcel_key `

func activeKey(ctx context.Context, q db.Querier) (ownKey, error) {
	return db.One(ctx, q, scanOwnKey, ofOwnKeys+`WHERE retired_at IS NULL ORDER BY made_at DESC, id LIMIT 1`)
}

func ownKeys(ctx context.Context, q db.Querier) ([]ownKey, error) {
	return db.All(ctx, q, scanOwnKey, ofOwnKeys+`ORDER BY made_at DESC, id LIMIT `+strconv.Itoa(mostRows))
}

func insertKey(ctx context.Context, tx *db.Tx, k ownKey) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO parcel_key (id, public_key, private_key, made_at, made_by, retired_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		k.ID, k.Key.text(), k.private.Seed(), db.Time(k.MadeAt), k.MadeBy, db.Time(time.Time{}))
	return err
}

func retireKeys(ctx context.Context, tx *db.Tx, at time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE parcel_key SET retired_at = $1 WHERE retired_at IS NULL`, db.Time(at))
	return err
}

const ofSent = `SELECT p.id, p.snapshot_id, p.key_id, p.manifest, p.signature, p.made_at, p.made_by FROM parcel_sent p `

func scanSent(row db.Row) (Sent, error) {
	var s Sent
	err := row.Scan(&s.ID, &s.Snapshot, &s.KeyID, &s.sealed.manifest, &s.sealed.signature, db.TimeTo(&s.MadeAt), &s.MadeBy)
	s.Digest = hash(s.sealed.manifest)
	return s, err
}

func sentOf(ctx context.Context, q db.Querier, snapshot, key string) (Sent, error) {
	return db.One(ctx, q, scanSent, ofSent+`WHERE p.snapshot_id = $1 AND p.key_id = $2`, snapshot, key)
}

func listSent(ctx context.Context, q db.Querier) ([]Sent, error) {
	return db.All(ctx, q, scanSent, ofSent+`ORDER BY p.made_at DESC, p.id LIMIT `+strconv.Itoa(mostRows))
}

// sentBefore is the hash of the report of the same unit and period that was sent last; "" is
// none.
func sentBefore(ctx context.Context, q db.Querier, snapshot string) (string, error) {
	all, err := db.All(ctx, q, db.Text, `SELECT o.document_sha256 FROM parcel_sent p JOIN report_snapshot o ON o.id = p.snapshot_id
		JOIN report_snapshot s ON s.movement_id = o.movement_id AND s.period_no = o.period_no AND s.unit_id = o.unit_id
		WHERE s.id = $1 AND o.id <> $1 ORDER BY p.made_at DESC, p.id DESC LIMIT 1`, snapshot)
	if len(all) == 0 {
		return "", err
	}
	return all[0], err
}

func insertSent(ctx context.Context, tx *db.Tx, s Sent) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO parcel_sent (id, snapshot_id, key_id, manifest, signature, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.ID, s.Snapshot, s.KeyID, s.sealed.manifest, s.sealed.signature, db.Time(s.MadeAt), s.MadeBy)
	return err
}

const ofSenders = `SELECT id, unit_id, public_key, told_by, confirmed_at, confirmed_by, withdrawn_at, withdrawn_by, reason FROM parcel_sender `

func scanSender(row db.Row) (Sender, error) {
	var s Sender
	var public string
	err := row.Scan(&s.ID, &s.UnitID, &public, &s.ToldBy, db.TimeTo(&s.ConfirmedAt), &s.ConfirmedBy, db.TimeTo(&s.WithdrawnAt), &s.WithdrawnBy, &s.Reason)
	if err == nil {
		s.Key, err = readKey(public)
	}
	return s, err
}

func sendersOf(ctx context.Context, q db.Querier, unit string) ([]Sender, error) {
	return db.All(ctx, q, scanSender, ofSenders+`WHERE unit_id = $1 ORDER BY confirmed_at DESC, id LIMIT `+strconv.Itoa(mostRows), unit)
}

func listSenders(ctx context.Context, q db.Querier) ([]Sender, error) {
	return db.All(ctx, q, scanSender, ofSenders+`ORDER BY confirmed_at DESC, id LIMIT `+strconv.Itoa(mostRows))
}

func insertSender(ctx context.Context, tx *db.Tx, s Sender) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO parcel_sender (id, unit_id, public_key, told_by, confirmed_at, confirmed_by, withdrawn_at, withdrawn_by, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.ID, s.UnitID, s.Key.text(), s.ToldBy, db.Time(s.ConfirmedAt), s.ConfirmedBy, db.Time(s.WithdrawnAt), s.WithdrawnBy, s.Reason)
	return err
}

func withdraw(ctx context.Context, tx *db.Tx, s Sender) error {
	_, err := db.Exec(ctx, tx, `UPDATE parcel_sender SET withdrawn_at = $1, withdrawn_by = $2, reason = $3 WHERE id = $4`, db.Time(s.WithdrawnAt), s.WithdrawnBy, s.Reason, s.ID)
	return err
}

const packageColumns = `id, unit_id, digest, file_hash, file_size, public_key, report_hash, replaces, movement_code, movement_name, period_no, period_name, as_of, version,
	made_at, entries, figures, received_at, received_by, state, movement_id, into_period, settled_at, settled_by, reason, replaced_by`

func scanReceived(row db.Row) (Received, error) {
	var r Received
	var public, figures string
	err := row.Scan(&r.ID, &r.UnitID, &r.Digest, &r.file.SHA256, &r.file.Size, &public, &r.ReportHash, &r.Replaces, &r.Movement.Code, &r.Movement.Name, &r.PeriodNo, &r.PeriodName,
		db.DateTo(&r.AsOf), &r.Version, db.TimeTo(&r.MadeAt), &r.Entries, &figures, db.TimeTo(&r.ReceivedAt), &r.ReceivedBy, db.TextTo(&r.State), db.TextTo(&r.movement), &r.IntoPeriod,
		db.TimeTo(&r.SettledAt), &r.SettledBy, &r.Reason, &r.ReplacedBy)
	if err != nil {
		return r, err
	}
	if r.Key, err = readKey(public); err != nil {
		return r, fmt.Errorf("the key of package %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(figures), &r.Figures); err != nil {
		return r, fmt.Errorf("the figures of package %s: %w", r.ID, err)
	}
	return r, nil
}

func findReceived(ctx context.Context, q db.Querier, column, value string) (Received, error) {
	return db.One(ctx, q, scanReceived, `SELECT `+packageColumns+` FROM parcel_package WHERE `+column+` = $1`, value)
}

func listReceived(ctx context.Context, q db.Querier) ([]Received, error) {
	return db.All(ctx, q, scanReceived, `SELECT `+packageColumns+` FROM parcel_package ORDER BY received_at DESC, id DESC LIMIT `+strconv.Itoa(mostRows))
}

// summed are the packages that were accepted into a period, the later ones first, those that
// were replaced among them.
func summed(ctx context.Context, q db.Querier, movement string, period int, until clock.Date) ([]Received, error) {
	return db.All(ctx, q, scanReceived, `SELECT `+packageColumns+` FROM parcel_package WHERE movement_id = $1 AND into_period = $2 AND state IN ('accepted', 'replaced') AND as_of <= $3
		ORDER BY as_of DESC, version DESC, made_at DESC, id DESC`, movement, period, db.Date(until))
}

// standing is the package of a unit that counts in a period.
func standing(ctx context.Context, q db.Querier, unit, movement string, period int) ([]Received, error) {
	return db.All(ctx, q, scanReceived, `SELECT `+packageColumns+` FROM parcel_package WHERE unit_id = $1 AND movement_id = $2 AND into_period = $3 AND state = 'accepted' ORDER BY id`,
		unit, movement, period)
}

// accepted are the packages of a unit about the same period of its own movement that were
// accepted, the latest first.
func accepted(ctx context.Context, q db.Querier, r Received) ([]Received, error) {
	return db.All(ctx, q, scanReceived, `SELECT `+packageColumns+` FROM parcel_package WHERE unit_id = $1 AND movement_code = $2 AND period_no = $3 AND id <> $4
		AND state IN ('accepted', 'replaced') ORDER BY settled_at DESC, id DESC LIMIT `+strconv.Itoa(mostRows), r.UnitID, r.Movement.Code, r.PeriodNo, r.ID)
}

func insertReceived(ctx context.Context, tx *db.Tx, r Received) error {
	figures, err := json.Marshal(r.Figures)
	if err != nil {
		return fmt.Errorf("keep the figures of a package: %w", err)
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO parcel_package (`+packageColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`,
		r.ID, r.UnitID, r.Digest, r.file.SHA256, r.file.Size, r.Key.text(), r.ReportHash, r.Replaces, r.Movement.Code, r.Movement.Name, r.PeriodNo, r.PeriodName,
		db.Date(r.AsOf), r.Version, db.Time(r.MadeAt), r.Entries, string(figures), db.Time(r.ReceivedAt), r.ReceivedBy, string(r.State), db.Null(r.movement), r.IntoPeriod,
		db.Time(r.SettledAt), r.SettledBy, r.Reason, r.ReplacedBy)
	return err
}

func settle(ctx context.Context, tx *db.Tx, r Received) error {
	_, err := db.Exec(ctx, tx, `UPDATE parcel_package SET state = $1, movement_id = $2, into_period = $3, settled_at = $4, settled_by = $5, reason = $6, replaced_by = $7 WHERE id = $8`,
		string(r.State), db.Null(r.movement), r.IntoPeriod, db.Time(r.SettledAt), r.SettledBy, r.Reason, r.ReplacedBy, r.ID)
	return err
}

func insertEntries(ctx context.Context, tx *db.Tx, id string, p Package) error {
	rows := make([][]any, len(p.Entries))
	for i, e := range p.Entries {
		rows[i] = []any{id, e.Entry, e.Code, e.Title}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO parcel_entry (package_id, entry_id, code, title) VALUES `, ``, rows)
}

// held is an entry that is here already: in the register, or in a package of another sender.
type held struct{ entry, code, title, unit string }

func scanHeld(row db.Row) (held, error) {
	var h held
	err := row.Scan(&h.entry, &h.code, &h.title, &h.unit)
	return h, err
}

// alike are the entries here that have the identity or the code of one of the given, the
// register's own first. Packages of the unit itself are left out: a new one replaces them.
func alike(ctx context.Context, q db.Querier, p Package, unit string) ([]held, error) {
	var all []held
	find := func(column string, values []string) error {
		return db.Chunks(values, func(part []any) error {
			own, err := db.All(ctx, q, scanHeld, `SELECT id, code, title, '' FROM practice_entry WHERE `+strings.TrimPrefix(column, "entry_")+` IN `+db.In(1, len(part)), part...)
			if err != nil {
				return err
			}
			others, err := db.All(ctx, q, scanHeld, `SELECT e.entry_id, e.code, e.title, p.unit_id FROM parcel_entry e JOIN parcel_package p ON p.id = e.package_id
				WHERE p.state = 'accepted' AND p.unit_id <> $1 AND e.`+column+` IN `+db.In(2, len(part)), append([]any{unit}, part...)...)
			all = append(append(all, own...), others...)
			return err
		})
	}
	ids, codes := make([]string, len(p.Entries)), make([]string, len(p.Entries))
	for i, e := range p.Entries {
		ids[i], codes[i] = e.Entry, e.Code
	}
	if err := find("entry_id", ids); err != nil {
		return nil, err
	}
	return all, find("code", codes)
}

func expectedOf(ctx context.Context, q db.Querier, movement string, period int) (map[string]clock.Date, error) {
	all := map[string]clock.Date{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var unit string
		var due clock.Date
		err := row.Scan(&unit, db.DateTo(&due))
		all[unit] = due
		return err
	}, `SELECT unit_id, due_on FROM parcel_expected WHERE movement_id = $1 AND period_no = $2`, movement, period)
	return all, err
}

func forgetExpected(ctx context.Context, tx *db.Tx, movement string, period int, unit string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM parcel_expected WHERE movement_id = $1 AND period_no = $2 AND unit_id = $3`, movement, period, unit)
	return err
}

func insertExpected(ctx context.Context, tx *db.Tx, movement string, period int, unit string, due clock.Date) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO parcel_expected (movement_id, period_no, unit_id, due_on) VALUES ($1, $2, $3, $4)`, movement, period, unit, db.Date(due))
	return err
}

func keptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	kept := map[string]bool{}
	err := db.Chunks(hashes, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			sha, err := db.Text(row)
			kept[sha] = true
			return err
		}, `SELECT DISTINCT file_hash FROM parcel_package WHERE file_hash IN `+db.In(1, len(part)), part...)
	})
	return kept, err
}

// mostRows bounds lists that are shown.
const mostRows = 2000
