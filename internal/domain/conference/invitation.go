package conference

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Answer is what the invited say.
type Answer string

// The answers.
const (
	Pending Answer = "pending"
	Yes     Answer = "yes"
	No      Answer = "no"
)

// Answers lists them in the order of forms.
func Answers() []Answer { return []Answer{Pending, Yes, No} }

// Label is the word for the answer.
func (a Answer) Label() i18n.Key {
	switch a {
	case Yes:
		return i18n.ConferenceAnswerYes
	case No:
		return i18n.ConferenceAnswerNo
	default:
		return i18n.ConferenceAnswerPending
	}
}

// Invitation asks a unit, or a guest by name, to come, with some seats.
type Invitation struct {
	ID         string
	Conference string
	Unit       string // identity; "" for a guest
	Guest      string // as the invitation names them
	Seats      int
	Answer     Answer
	Coming     int // how many come; 0 unless the answer is yes
	Note       string
	UpdatedAt  time.Time
	UpdatedBy  string
	key        string // in the order of which lists are read
}

// Invited is a unit by its code, or a guest by name, with seats.
type Invited struct {
	Unit  string
	Guest string
	Seats int
	Note  string
}

// Group is a set of units that can be invited in one press.
type Group string

// The groups.
const (
	Listed Group = "listed" // that have a practice received into the list of the period
	Below  Group = "below"  // directly below the unit whose area the movement covers
)

// Groups lists them in the order of forms.
func Groups() []Group { return []Group{Listed, Below} }

// Bounds of invitations.
const (
	MaxSeats       = 500
	maxInvitations = 5000
)

// Uninvited lists the units of a group that are not invited yet, in the order of their
// codes: those whom [Service.Invite] would ask.
func (s *Service) Uninvited(ctx context.Context, who actor.Actor, id string, g Group) ([]org.Unit, error) {
	if !who.Can(RightManage) {
		return nil, forbidden()
	}
	c, m, err := s.mine(ctx, s.db, who, id)
	if err != nil {
		return nil, err
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	units := tree.Children(m.Unit, c.On)
	if g == Listed {
		if units, err = s.listed(ctx, who, tree, c, m); err != nil {
			return nil, err
		}
	}
	asked, err := invitedUnits(ctx, s.db, c.ID)
	return slices.DeleteFunc(units, func(u org.Unit) bool { return asked[u.ID] || !u.On(c.On) }), err
}

// listed are the units that have a practice in the list of the period.
func (s *Service) listed(ctx context.Context, who actor.Actor, tree *org.Tree, c Conference, m movement.Movement) ([]org.Unit, error) {
	const whole = 16 // steps, as deep as a tree can be
	period, _ := m.Period(c.Period)
	on := min(s.now.Today(), period.To)
	cube, err := ledger.Figures(ctx, s.db, ledger.Question{Period: period.No, On: on, Area: ledger.Area{Scope: who.Scope}, Depth: whole})
	if err != nil {
		return nil, err
	}
	seen := map[string]org.Unit{}
	for cell, counts := range cube.Cells {
		if u, ok := tree.AtPath(cell.Path); ok && counts.Of(ledger.FigureReceived) > 0 {
			seen[u.ID] = u
		}
	}
	units := make([]org.Unit, 0, len(seen))
	for _, u := range seen {
		units = append(units, u)
	}
	slices.SortFunc(units, func(a, b org.Unit) int { return strings.Compare(a.Code, b.Code) })
	return units, nil
}

// Invite asks units and guests to come, all or none. A unit is asked once.
func (s *Service) Invite(ctx context.Context, who actor.Actor, id string, all []Invited) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	if len(all) == 0 || len(all) > maxInvitations {
		return errs.New(errs.Invalid, i18n.ConferenceNobody, maxInvitations).On("unit")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, _, err := s.mine(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if c.State == Cancelled {
			return errs.New(errs.Conflict, i18n.ConferenceNotNow)
		}
		tree, err := s.rooms.Org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		asked, err := invitedUnits(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		rows := make([]Invitation, len(all))
		for i, in := range all {
			if rows[i], err = s.invitation(who, tree, c, in, asked); err != nil {
				return err
			}
		}
		there, err := countInvitations(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if there+len(rows) > maxInvitations {
			return errs.New(errs.Invalid, i18n.ConferenceTooMany, maxInvitations).On("unit")
		}
		if err := insertInvitations(ctx, tx, rows); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "conference.invite", c.ID, map[string]any{"count": len(rows)})
	})
}

// invitation makes one of an input; asked are the units that have one, this one added.
func (s *Service) invitation(who actor.Actor, tree *org.Tree, c Conference, in Invited, asked map[string]bool) (Invitation, error) {
	in.Guest, in.Note = viet.Line(in.Guest), viet.Line(in.Note)
	v := Invitation{
		ID: s.newID(), Conference: c.ID, Guest: in.Guest, Seats: in.Seats, Answer: Pending, Note: in.Note, UpdatedAt: s.now(), UpdatedBy: who.Account,
	}
	var l errs.List
	l.Text("guest", in.Guest, maxLine, false)
	l.Text("note", in.Note, maxText, false)
	if in.Seats < 1 || in.Seats > MaxSeats {
		l.Add("seats", i18n.ConferenceBadSeats, MaxSeats)
	}
	name := in.Guest
	switch unit, ok := tree.ByCode(in.Unit); {
	case (in.Unit == "") == (in.Guest == ""):
		l.Add("unit", i18n.ConferenceUnitOrGuest)
	case in.Unit == "":
	case !ok || !tree.InScope(who.Scope, unit.ID):
		l.Add("unit", i18n.OrgNotFound)
	case !unit.On(c.On):
		l.Add("unit", i18n.OrgNotValidOn, unit.NameOn(c.On), c.On)
	case asked[unit.ID]:
		l.Add("unit", i18n.ConferenceInvitedAlready, unit.NameOn(c.On))
	default:
		v.Unit, name = unit.ID, unit.NameOn(c.On)
		asked[unit.ID] = true
	}
	v.key = viet.SortKey(name)
	return v, l.Err()
}

// Reply is an answer as it is written down.
type Reply struct {
	Answer Answer
	Seats  int // 0 leaves them as they are; only who invites may change them
	Coming int // 0 with a yes is all seats
	Note   *string
}

// Reply writes down what some of those who are invited say: for one's own units, or, by
// who keeps the movement, for anybody. All or none.
func (s *Service) Reply(ctx context.Context, who actor.Actor, id string, invitations []string, in Reply) error {
	if !who.Can(RightAnswer) {
		return forbidden()
	}
	var l errs.List
	if !slices.Contains(Answers(), in.Answer) {
		l.Add("answer", i18n.ErrsBadChoice)
	}
	if in.Note != nil {
		l.Text("note", *in.Note, maxText, false)
	}
	if len(invitations) == 0 || len(invitations) > maxInvitations {
		l.Add("", i18n.ConferenceNobodyChosen)
	}
	if in.Seats < 0 || in.Seats > MaxSeats {
		l.Add("seats", i18n.ConferenceBadSeats, MaxSeats)
	}
	if l.Err() != nil {
		return l.Err()
	}
	return s.onInvitations(ctx, who, invitations, target{id, 0, "conference.answer"}, func(tx *db.Tx, c Conference, rows []Invitation, keeps bool) error {
		if c.State == Cancelled {
			return errs.New(errs.Conflict, i18n.ConferenceNotNow)
		}
		for _, v := range rows {
			if v.Unit == "" && !keeps {
				return errs.New(errs.Forbidden, i18n.MovementOutOfScope)
			}
			v, err := v.replied(in, keeps)
			if err != nil {
				return err
			}
			v.UpdatedAt, v.UpdatedBy = s.now(), who.Account
			if err := updateInvitation(ctx, tx, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// replied is the invitation with an answer.
func (v Invitation) replied(in Reply, keeps bool) (Invitation, error) {
	if keeps && in.Seats != 0 {
		v.Seats = in.Seats
	}
	if in.Note != nil {
		v.Note = viet.Line(*in.Note)
	}
	v.Answer, v.Coming = in.Answer, 0
	if in.Answer == Yes {
		if v.Coming = in.Coming; v.Coming == 0 {
			v.Coming = v.Seats
		}
	}
	if v.Coming < 0 || v.Coming > v.Seats {
		return v, errs.New(errs.Invalid, i18n.ConferenceBadComing, v.Seats).On("coming")
	}
	return v, nil
}

// Uninvite takes invitations back, all or none.
func (s *Service) Uninvite(ctx context.Context, who actor.Actor, id string, invitations []string) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	if len(invitations) == 0 || len(invitations) > maxInvitations {
		return errs.New(errs.Invalid, i18n.ConferenceNobodyChosen)
	}
	return s.onInvitations(ctx, who, invitations, target{id, 0, "conference.uninvite"}, func(tx *db.Tx, _ Conference, rows []Invitation, keeps bool) error {
		if !keeps {
			return errs.New(errs.Forbidden, i18n.MovementOutOfScope)
		}
		return deleteInvitations(ctx, tx, rows)
	})
}

// onInvitations finds some invitations, each of which the actor must see, and does
// something to them. The record of it holds them as they were, and what is new.
func (s *Service) onInvitations(ctx context.Context, who actor.Actor, ids []string, at target, do func(*db.Tx, Conference, []Invitation, bool) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.seen(ctx, tx, who, at.id)
		if err != nil {
			return err
		}
		within, keeps, err := s.within(ctx, tx, who, c)
		if err != nil {
			return err
		}
		rows, err := someInvitations(ctx, tx, c.ID, ids)
		if err != nil {
			return err
		}
		if rows = slices.DeleteFunc(rows, func(v Invitation) bool { return !within(v) }); len(rows) != len(distinct(ids)) {
			return errs.New(errs.NotFound, i18n.ConferenceInvitationNotFound)
		}
		if err := do(tx, c, rows, keeps); err != nil {
			return err
		}
		now, err := someInvitations(ctx, tx, c.ID, ids)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, who, at.action, c.ID, map[string]any{"before": rows, "after": now})
	})
}

func distinct(ids []string) []string { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// within tells which invitations the actor sees: all, for whom the movement's area lies
// within the scope, else those of the actor's own units; and whether the actor keeps them.
func (s *Service) within(ctx context.Context, q db.Querier, who actor.Actor, c Conference) (func(Invitation) bool, bool, error) {
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return nil, false, err
	}
	m, err := s.rooms.Movements.GetIn(ctx, q, who, c.Movement)
	if err != nil {
		return nil, false, err
	}
	all := tree.InScope(who.Scope, m.Unit)
	return func(v Invitation) bool { return all || (v.Unit != "" && tree.InScope(who.Scope, v.Unit)) }, all && who.Can(RightManage), nil
}

// Tally counts the invitations that an actor sees, and their seats.
type Tally struct {
	Invited, Seats                int
	Yes, No, Pending              int // invitations
	Coming, SeatsNo, SeatsPending int // seats
}

func (t *Tally) add(v Invitation) {
	t.Invited, t.Seats = t.Invited+1, t.Seats+v.Seats
	switch v.Answer {
	case Yes:
		t.Yes, t.Coming = t.Yes+1, t.Coming+v.Coming
	case No:
		t.No, t.SeatsNo = t.No+1, t.SeatsNo+v.Seats
	case Pending:
		t.Pending, t.SeatsPending = t.Pending+1, t.SeatsPending+v.Seats
	}
}

// InvitationQuery asks for a part of the invitations of a conference.
type InvitationQuery struct {
	Conference string
	Answer     Answer // "" is every
	After      string // identity of the last invitation of the page before
	Limit      int
}

// Invitations gives the invitations that the actor sees in the order of their names, the
// count of all of them, and the cursor of the next page.
func (s *Service) Invitations(ctx context.Context, who actor.Actor, in InvitationQuery) (page []Invitation, t Tally, next string, err error) {
	if !who.Can(RightRead) {
		return nil, t, "", forbidden()
	}
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		c, err := s.seen(ctx, q, who, in.Conference)
		if err != nil {
			return err
		}
		within, _, err := s.within(ctx, q, who, c)
		if err != nil {
			return err
		}
		all, err := invitations(ctx, q, c.ID)
		if err != nil {
			return err
		}
		for _, v := range all {
			if !within(v) {
				continue
			}
			t.add(v)
			if in.Answer == "" || v.Answer == in.Answer {
				page = append(page, v)
			}
		}
		limit := max(1, min(in.Limit, MaxPage))
		page = page[slices.IndexFunc(page, func(v Invitation) bool { return v.ID == in.After })+1:]
		if len(page) > limit {
			page = page[:limit]
			next = page[limit-1].ID
		}
		return nil
	})
	return page, t, next, err
}

// Invitation finds one invitation that the actor sees.
func (s *Service) Invitation(ctx context.Context, who actor.Actor, id, invitation string) (Conference, Invitation, error) {
	if !who.Can(RightRead) {
		return Conference{}, Invitation{}, forbidden()
	}
	c, err := s.seen(ctx, s.db, who, id)
	if err != nil {
		return c, Invitation{}, err
	}
	within, _, err := s.within(ctx, s.db, who, c)
	if err != nil {
		return c, Invitation{}, err
	}
	rows, err := someInvitations(ctx, s.db, c.ID, []string{invitation})
	if err == nil && (len(rows) == 0 || !within(rows[0])) {
		return c, Invitation{}, errs.New(errs.NotFound, i18n.ConferenceInvitationNotFound)
	}
	if err != nil {
		return c, Invitation{}, err
	}
	return c, rows[0], nil
}
