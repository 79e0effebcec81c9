package appraisal

import (
	"context"
	"slices"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Proposal puts recognised entries before the level above, with a letter of submission.
type Proposal struct {
	ID       string
	Period   int
	From, To string // units
	FromPath string
	ToPath   string
	Level    org.Level // of the unit above
	Paper    string    // the letter
	Note     string
	SentAt   time.Time
	SentBy   string
	Entries  []Proposed
	Count    int // of its entries, in lists
}

// Proposed is an entry of a proposal.
type Proposed struct {
	Entry     ledger.EntryRow
	Returned  bool
	Reason    string
	DecidedAt time.Time
	DecidedBy string
	Appraisal Appraisal // of the level above
}

// ProposalInput is a proposal as a form has it; the entries are those of the letter.
type ProposalInput struct {
	To    string // code
	Paper string // a letter of submission
	Note  string
}

// Propose puts the entries of a letter of submission before the level above. Each must be
// recognised, and the letter must be about a recognition by that level.
func (s *Service) Propose(ctx context.Context, who actor.Actor, in ProposalInput) (Proposal, error) {
	if !who.Can(RightAppraise) {
		return Proposal{}, forbidden()
	}
	var l errs.List
	in.Note = tidy(in.Note)
	l.Text("note", in.Note, MaxReason, false)
	if in.To == "" {
		l.Add("to", i18n.ErrsRequired)
	}
	if l.Err() != nil {
		return Proposal{}, l.Err()
	}
	p := Proposal{ID: s.newID(), Paper: in.Paper, Note: in.Note, SentAt: s.now(), SentBy: who.Account}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		letter, err := myPaper(ctx, tx, who, in.Paper)
		if err != nil {
			return err
		}
		tree, err := s.org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		if err := p.between(tree, letter, in.To); err != nil {
			return err
		}
		if err := p.take(ctx, tx, who, letter); err != nil {
			return err
		}
		if err := insertProposal(ctx, tx, p); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "appraisal.propose", audit.Object{Kind: "proposal", ID: p.ID},
			map[string]any{"to": in.To, "letter": in.Paper, "entries": len(p.Entries)})
	})
	return p, err
}

// between puts in who proposes to whom: to a unit above, or an organ of one.
func (p *Proposal) between(tree *org.Tree, letter Paper, code string) error {
	to, ok := tree.ByCode(code)
	below := actor.Scope{Paths: tree.Paths(letter.Unit)}
	ok = ok && slices.ContainsFunc(movement.Above(tree, below, letter.On), func(u org.Unit) bool { return u.ID == to.ID })
	switch {
	case !ok:
		return errs.New(errs.Invalid, i18n.AppraisalNotAbove).On("to")
	case letter.Kind != Submission || letter.Voided():
		return errs.New(errs.Invalid, i18n.AppraisalLetterNeeded).On("paper")
	case letter.Level != to.LevelOn(letter.On):
		return errs.New(errs.Invalid, i18n.AppraisalLetterLevel, to.NameOn(letter.On)).On("paper")
	}
	p.Period, p.From, p.FromPath, p.Level = letter.Period, letter.Unit, letter.Path, letter.Level
	p.To, p.ToPath = to.ID, tree.PathOn(to.ID, letter.On)
	return nil
}

// take puts in the entries of the letter.
func (p *Proposal) take(ctx context.Context, q db.Querier, who actor.Actor, letter Paper) error {
	ids := make([]string, len(letter.Entries))
	for i, e := range letter.Entries {
		ids[i] = e.Entry
	}
	rows, err := mine(ctx, q, who, ids)
	if err != nil {
		return err
	}
	open, err := openlyProposed(ctx, q, ids, p.Level)
	if err != nil {
		return err
	}
	var l errs.List
	for _, id := range ids {
		row := rows[id]
		if row.Status != ledger.StatusRecognised {
			l.Add("paper", i18n.AppraisalNotRecognised, row.Code)
		}
		if open[id] {
			l.Add("paper", i18n.AppraisalProposedAlready, row.Code)
		}
		p.Entries = append(p.Entries, Proposed{Entry: row})
	}
	p.Count = len(p.Entries)
	return l.Err()
}

// Proposals lists the proposals of a period that the actor sent or received, the latest first,
// without their entries.
func (s *Service) Proposals(ctx context.Context, who actor.Actor, x Page) (all []Proposal, next string, err error) {
	if !who.Can(RightRead) {
		return nil, "", forbidden()
	}
	all, err = proposals(ctx, s.db, who.Scope, x)
	if len(all) > perPage {
		all = all[:perPage]
		next = all[perPage-1].ID
	}
	return slices.DeleteFunc(all, func(p Proposal) bool { return !p.seenBy(who) }), next, err
}

func (p Proposal) seenBy(who actor.Actor) bool {
	return who.Scope.Covers(p.FromPath) || p.ReceivedBy(who)
}

// ReceivedBy tells whether the actor is of the level that the proposal went to.
func (p Proposal) ReceivedBy(who actor.Actor) bool { return who.Scope.Covers(p.ToPath) }

// Proposal finds a proposal with its entries and what the level above made of them.
func (s *Service) Proposal(ctx context.Context, who actor.Actor, id string) (Proposal, error) {
	if !who.Can(RightRead) {
		return Proposal{}, forbidden()
	}
	var p Proposal
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		var err error
		p, err = myProposal(ctx, q, who, id)
		return err
	})
	return p, err
}

// GiveBack returns an entry of a proposal to the level below, with a reason.
func (s *Service) GiveBack(ctx context.Context, who actor.Actor, id, entry, reason string) error {
	if !who.Can(RightAppraise) {
		return forbidden()
	}
	var l errs.List
	reason = tidy(reason)
	if l.Text("reason", reason, MaxReason, true); l.Err() != nil {
		return l.Err()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := myProposal(ctx, tx, who, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(p.Entries, func(x Proposed) bool { return x.Entry.Entry == entry || x.Entry.Code == entry })
		switch {
		case i < 0:
			return noProposal()
		case !p.ReceivedBy(who):
			return errs.New(errs.Forbidden, i18n.AppraisalOtherLevel)
		case p.Entries[i].Returned:
			return errs.New(errs.Conflict, i18n.AppraisalGivenBack)
		}
		x := p.Entries[i]
		x.Returned, x.Reason, x.DecidedAt, x.DecidedBy = true, reason, s.now(), who.Account
		if err := updateProposed(ctx, tx, id, x); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "appraisal.giveBack", audit.Object{Kind: "proposal", ID: id}, map[string]any{"entry": x.Entry.Entry, "reason": reason})
	})
}

// proposed tells whether an appraisal is one of a level above that the actor may see.
func (s *Service) proposed(ctx context.Context, q db.Querier, who actor.Actor, at At) error {
	p, err := myProposal(ctx, q, who, at.Proposal)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(p.Entries, func(x Proposed) bool { return x.Entry.Entry == at.Entry }) {
		return noProposal()
	}
	return nil
}

// above tells whether the actor may judge for the level that a proposal went to.
func above(ctx context.Context, q db.Querier, who actor.Actor, at At) error {
	p, err := myProposal(ctx, q, who, at.Proposal)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(p.Entries, func(x Proposed) bool { return x.Entry.Entry == at.Entry })
	switch {
	case !p.ReceivedBy(who):
		return errs.New(errs.Forbidden, i18n.AppraisalOtherLevel)
	case p.Entries[i].Returned:
		return errs.New(errs.Conflict, i18n.AppraisalGivenBack)
	}
	return nil
}

func noProposal() error { return errs.New(errs.NotFound, i18n.AppraisalNoProposal) }
