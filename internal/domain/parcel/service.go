package parcel

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Service is the capability.
type Service struct {
	db     *db.DB
	rooms  Rooms
	now    clock.Clock
	newID  id.Source
	random io.Reader
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log       *audit.Log
	Org       *org.Service
	Movements *movement.Service
	Reports   *report.Service
	Files     blob.Store
	Random    io.Reader // for keys
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{db: d, rooms: rooms, now: now, newID: newID, random: rooms.Random}
}

// OwnKey is a key by which this house signs, without its private half.
type OwnKey struct {
	ID        string
	Key       Key
	MadeAt    time.Time
	MadeBy    string
	RetiredAt time.Time // zero: it signs
}

// Sent is a package that was made.
type Sent struct {
	ID       string
	Snapshot string
	KeyID    string
	Digest   string // names the package on both ends
	MadeAt   time.Time
	MadeBy   string

	sealed sealed
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }

// Key is the key by which this house signs; it is made when it is asked for first.
func (s *Service) Key(ctx context.Context, who actor.Actor) (OwnKey, error) {
	if !who.Can(RightSend) {
		return OwnKey{}, forbidden()
	}
	k, err := s.signing(ctx, who)
	return k.OwnKey, err
}

// signing reads the key that signs, and makes it at the first call of all.
func (s *Service) signing(ctx context.Context, who actor.Actor) (ownKey, error) {
	k, err := activeKey(ctx, s.db)
	if !errors.Is(err, db.ErrNoRow) {
		return k, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if k, err = activeKey(ctx, tx); !errors.Is(err, db.ErrNoRow) {
			return err
		}
		k, err = s.makeKey(ctx, tx, who)
		return err
	})
	return k, err
}

func (s *Service) makeKey(ctx context.Context, tx *db.Tx, who actor.Actor) (ownKey, error) {
	public, private, err := ed25519.GenerateKey(s.random)
	if err != nil {
		return ownKey{}, fmt.Errorf("make a key: %w", err)
	}
	k := ownKey{OwnKey{ID: s.newID(), Key: Key(public), MadeAt: s.now(), MadeBy: who.Account}, private}
	if err := insertKey(ctx, tx, k); err != nil {
		return k, err
	}
	return k, s.audit(ctx, tx, who, "parcel.key", audit.Object{Kind: "key", ID: k.ID}, map[string]any{"fingerprint": k.Key.Fingerprint()})
}

// RenewKey retires the key of the house and makes another: for one that may have become
// known. Every receiver has to compare the new fingerprint.
func (s *Service) RenewKey(ctx context.Context, who actor.Actor) (OwnKey, error) {
	if !who.Can(RightSend) || !who.Scope.All {
		return OwnKey{}, forbidden()
	}
	var k ownKey
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if err := retireKeys(ctx, tx, s.now()); err != nil {
			return err
		}
		k, err = s.makeKey(ctx, tx, who)
		return err
	})
	return k.OwnKey, err
}

// OwnKeys lists the keys of this house, the one that signs first.
func (s *Service) OwnKeys(ctx context.Context, who actor.Actor) ([]OwnKey, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	all, err := ownKeys(ctx, s.db)
	out := make([]OwnKey, len(all))
	for i, k := range all {
		out[i] = k.OwnKey
	}
	slices.SortStableFunc(out, func(a, b OwnKey) int {
		switch {
		case a.RetiredAt.IsZero() == b.RetiredAt.IsZero():
			return 0
		case a.RetiredAt.IsZero():
			return -1
		default:
			return 1
		}
	})
	return out, err
}

// Make makes the package of a frozen report. Made again, it is the same to the last byte,
// as long as the house signs with the same key.
func (s *Service) Make(ctx context.Context, who actor.Actor, snapshot string) (Sent, error) {
	if !who.Can(RightSend) {
		return Sent{}, forbidden()
	}
	f, err := s.rooms.Reports.Snapshot(ctx, who, snapshot)
	if err != nil {
		return Sent{}, err
	}
	if f.Size > maxPart || f.Scope == "" {
		return Sent{}, errs.New(errs.Invalid, i18n.ParcelTooLarge, maxPart>>20).On("snapshot")
	}
	key, err := s.signing(ctx, who)
	if err != nil {
		return Sent{}, err
	}
	made, err := sentOf(ctx, s.db, f.ID, key.ID)
	if !errors.Is(err, db.ErrNoRow) {
		return made, err
	}
	before, err := sentBefore(ctx, s.db, f.ID)
	if err != nil {
		return Sent{}, err
	}
	made = Sent{ID: s.newID(), Snapshot: f.ID, KeyID: key.ID, MadeAt: s.now(), MadeBy: who.Account}
	if made.sealed, err = seal(f, before, made.MadeAt, key.private); err != nil {
		return Sent{}, err
	}
	made.Digest = hash(made.sealed.manifest)
	return made, s.db.Write(ctx, func(tx *db.Tx) error {
		if first, err := sentOf(ctx, tx, f.ID, key.ID); !errors.Is(err, db.ErrNoRow) {
			made = first // somebody else pressed first
			return err
		}
		if err := insertSent(ctx, tx, made); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "parcel.make", audit.Object{Kind: "package", ID: made.ID}, map[string]any{"snapshot": f.ID, "digest": made.Digest, "sha256": f.SHA256})
	})
}

// Write makes the package of a frozen report and writes its bytes; it gives a name for the
// file, without its ending.
func (s *Service) Write(ctx context.Context, who actor.Actor, snapshot string, w io.Writer) (string, error) {
	made, err := s.Make(ctx, who, snapshot)
	if err != nil {
		return "", err
	}
	f, err := s.rooms.Reports.Snapshot(ctx, who, snapshot)
	if err != nil {
		return "", err
	}
	m, err := readManifest(made.sealed.manifest)
	if err != nil {
		return "", err
	}
	return blob.Name(m.Name()), pack(w, made.sealed, f)
}

// Sendable is a frozen report with the package that was made of it, where there is one.
type Sendable struct {
	report.Snapshot
	Sent Sent
}

// Sendables lists the frozen reports that the actor sees, the latest first, and what was made of them.
func (s *Service) Sendables(ctx context.Context, who actor.Actor) ([]Sendable, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	snapshots, err := s.rooms.Reports.Snapshots(ctx, who, "")
	if err != nil {
		return nil, err
	}
	made, err := listSent(ctx, s.db)
	if err != nil {
		return nil, err
	}
	latest := map[string]Sent{}
	for _, m := range slices.Backward(made) {
		latest[m.Snapshot] = m
	}
	all := make([]Sendable, len(snapshots))
	for i, one := range snapshots {
		all[i] = Sendable{one, latest[one.ID]}
	}
	return all, nil
}

// KeptFiles tells which of some files belong to a package.
func (s *Service) KeptFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	return keptFiles(ctx, s.db, hashes)
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, who actor.Actor, action string, on audit.Object, detail any) error {
	return s.rooms.Log.Add(ctx, tx, who, action, on, detail)
}

// clean takes the white space around a text away.
func clean(text string) string { return strings.TrimSpace(text) }
