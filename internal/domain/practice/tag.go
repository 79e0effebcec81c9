package practice

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Tag runs across the fields of a movement: a task that came up, an occasion, a campaign.
type Tag struct {
	ID       string
	Movement string // identity
	Kind     TagKind
	Name     string
	From, To clock.Date // either may be open
	Version  int
	Used     int // entries that have it
}

// TagKind says what a tag stands for.
type TagKind string

// The kinds of a tag.
const (
	UrgentTask TagKind = "urgentTask" // nhiệm vụ đột xuất
	Occasion   TagKind = "occasion"   // chào mừng, kỷ niệm
	Campaign   TagKind = "campaign"   // đợt thi đua, chiến dịch
)

// TagKinds lists them in the order of forms.
func TagKinds() []TagKind { return []TagKind{UrgentTask, Occasion, Campaign} }

// Label is the word for the kind.
func (k TagKind) Label() i18n.Key {
	switch k {
	case Occasion:
		return i18n.PracticeTagOccasion
	case Campaign:
		return i18n.PracticeTagCampaign
	default:
		return i18n.PracticeTagUrgent
	}
}

// Focused stands in a [Query] for the entries that are followed closely, in the place of a
// tag.
const Focused = "focus"

// maxMovementTags bounds the tags of a movement.
const maxMovementTags = 100

// TagInput is what is written of a tag.
type TagInput struct {
	Kind     TagKind
	Name     string
	From, To clock.Date
}

// Check gathers everything that is wrong with the input.
func (in *TagInput) Check() error {
	var l errs.List
	in.Name = viet.Line(in.Name)
	l.Text("name", in.Name, maxSubject, true)
	if in.Kind != UrgentTask && in.Kind != Occasion && in.Kind != Campaign {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if in.From != 0 && in.To != 0 && in.To < in.From {
		l.Add("to", i18n.MovementPeriodTurned)
	}
	return l.Err()
}

// Tags lists the tags of a movement by their kinds and names.
func (s *Service) Tags(ctx context.Context, who actor.Actor, code string) ([]Tag, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	m, err := s.movements.GetIn(ctx, s.db, who, code)
	if err != nil {
		return nil, err
	}
	return tags(ctx, s.db, m.ID)
}

// AddTag adds a tag to a movement.
func (s *Service) AddTag(ctx context.Context, who actor.Actor, code string, in TagInput) (Tag, error) {
	if !who.Can(RightReceive) {
		return Tag{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Tag{}, err
	}
	var t Tag
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.keeps(ctx, tx, who, code)
		if err != nil {
			return err
		}
		all, err := tags(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		if len(all) >= maxMovementTags {
			return errs.New(errs.Invalid, i18n.PracticeTooManyTags, maxMovementTags).On("name")
		}
		t = Tag{ID: s.newID(), Movement: m.ID, Kind: in.Kind, Name: in.Name, From: in.From, To: in.To, Version: 1}
		if err := insertTag(ctx, tx, t); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice.tag.add", audit.Object{Kind: "tag", ID: t.ID}, in)
	})
	return t, err
}

// EditTag rewrites a tag over the version that the writer read.
func (s *Service) EditTag(ctx context.Context, who actor.Actor, id string, version int, in TagInput) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	if err := in.Check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := s.tag(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if t.Version != version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		t.Kind, t.Name, t.From, t.To = in.Kind, in.Name, in.From, in.To
		if err := updateTag(ctx, tx, t); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice.tag.edit", audit.Object{Kind: "tag", ID: id}, in)
	})
}

// RemoveTag removes a tag that no entry has. One that is in use is ended by its last day.
func (s *Service) RemoveTag(ctx context.Context, who actor.Actor, id string) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := s.tag(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if t.Used > 0 {
			return errs.New(errs.Conflict, i18n.PracticeTagUsed, t.Used)
		}
		if err := deleteTag(ctx, tx, id); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice.tag.remove", audit.Object{Kind: "tag", ID: id}, map[string]any{"name": t.Name})
	})
}

// tag finds a tag of a movement that the actor keeps.
func (s *Service) tag(ctx context.Context, q db.Querier, who actor.Actor, id string) (Tag, error) {
	gone := errs.New(errs.NotFound, i18n.PracticeTagNotFound)
	t, code, err := findTag(ctx, q, id)
	if errors.Is(err, db.ErrNoRow) {
		return Tag{}, gone
	}
	if err != nil {
		return Tag{}, err
	}
	if _, err := s.keeps(ctx, q, who, code); errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
		return Tag{}, gone
	} else if err != nil {
		return Tag{}, err
	}
	return t, nil
}

// keeps finds a movement of whose area the actor keeps the whole.
func (s *Service) keeps(ctx context.Context, q db.Querier, who actor.Actor, code string) (movement.Movement, error) {
	m, err := s.movements.GetIn(ctx, q, who, code)
	if err != nil {
		return m, err
	}
	tree, err := s.org.Tree(ctx, q)
	if err == nil && !tree.InScope(who.Scope, m.Unit) {
		err = errs.New(errs.Forbidden, i18n.MovementOutOfScope)
	}
	return m, err
}

// knownTags refuses tags that the movement does not have.
func knownTags(known map[string]Tag, ids []string) error {
	for _, id := range ids {
		if _, ok := known[id]; !ok {
			return errs.New(errs.Invalid, i18n.PracticeTagNotFound).On("tags")
		}
	}
	return nil
}

// ruleOnTags refuses tags of an entry that its movement does not have.
func (s *Service) ruleOnTags(ctx context.Context, q db.Querier, movement string, e Entry) error {
	if len(e.Tags) == 0 {
		return nil
	}
	known, err := tagsByID(ctx, q, movement)
	if err != nil {
		return err
	}
	return knownTags(known, e.Tags)
}

// SetFocus says whether an entry is followed closely (mô hình điểm), from now on.
func (s *Service) SetFocus(ctx context.Context, who actor.Actor, key string, on bool) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.get(ctx, tx, who, key)
		if err != nil || on == !e.FocusAt.IsZero() { // it is so already
			return err
		}
		if on && !slices.Contains(going(), e.Standing.Status()) {
			return errs.New(errs.Conflict, i18n.PracticeNotYet, i18n.LedgerReceived, s.now.Today())
		}
		e.FocusAt, e.FocusBy = time.Time{}, ""
		if on {
			e.FocusAt, e.FocusBy = s.now(), who.Account
		}
		if err := update(ctx, tx, e); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice.focus", audit.Object{Kind: "entry", ID: e.ID}, map[string]any{"focus": on})
	})
}

// among narrows a list to the entries of a tag, or to those that are followed closely.
func (in Query) among() []ledger.Among {
	var all []ledger.Among
	if in.Late {
		all = append(all, ledger.Among{Select: `SELECT id FROM practice_entry WHERE late AND period_no = `, Value: in.Period})
	}
	switch in.Tag {
	case "":
		return all
	case Focused:
		return append(all, ledger.Among{Select: `SELECT id FROM practice_entry WHERE focus_at IS NOT NULL AND period_no = `, Value: in.Period})
	default:
		return append(all, ledger.Among{Select: `SELECT entry_id FROM practice_entry_tag WHERE tag_id = `, Value: in.Tag})
	}
}
