package press

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Refusal is why an opinion was refused. Its writer reads it.
type Refusal string

// The reasons.
const (
	RefusedOffTopic   Refusal = "topic"      // not about the article
	RefusedInsult     Refusal = "insult"     // insults or incites
	RefusedPrivate    Refusal = "private"    // tells what is private of somebody
	RefusedAdvert     Refusal = "advert"     // advertises
	RefusedUnverified Refusal = "unverified" // accuses without ground
	RefusedOther      Refusal = "other"      // as the text says
)

// Refusals lists the reasons in the order of forms.
func Refusals() []Refusal {
	return []Refusal{RefusedOffTopic, RefusedInsult, RefusedPrivate, RefusedAdvert, RefusedUnverified, RefusedOther}
}

// OpinionTab is a part of the moderators' queue.
type OpinionTab string

// The tabs.
const (
	TabWaiting  OpinionTab = "waiting"
	TabAside    OpinionTab = "aside"    // waiting, with a doubt
	TabReported OpinionTab = "reported" // passed, and readers find it bad
	TabPassed   OpinionTab = "passed"
	TabRefused  OpinionTab = "refused"
)

// OpinionTabs lists them in their order.
func OpinionTabs() []OpinionTab {
	return []OpinionTab{TabWaiting, TabAside, TabReported, TabPassed, TabRefused}
}

// String is the code of the tab.
func (t OpinionTab) String() string { return string(t) }

// OpinionQueue asks for a part of the queue.
type OpinionQueue struct {
	Tab    OpinionTab
	Cursor string
	Limit  int
}

// Queued is an opinion in the queue, with its article.
type Queued struct {
	Opinion
	On Headline
}

// QueueOfOpinions gives the opinions on articles of units within the actor's scope: those
// that wait in the order in which they came, the others the newest first; with how many
// are in each tab, and the cursor of the next part.
func (s *Service) QueueOfOpinions(ctx context.Context, who actor.Actor, in OpinionQueue) (all []Queued, counts map[OpinionTab]int, next string, err error) {
	if !who.Can(RightModerate) {
		return nil, nil, "", forbidden()
	}
	in.Limit = max(1, min(in.Limit, MaxPage))
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		scope, args, err := s.within(ctx, q, who)
		if err != nil {
			return err
		}
		if counts, err = countTabs(ctx, q, scope, args); err != nil {
			return err
		}
		all, err = queuedOpinions(ctx, q, in, scope, args)
		return err
	})
	if err == nil && len(all) > in.Limit {
		all = all[:in.Limit]
		next = opinionCursor(all[in.Limit-1].Opinion)
	}
	return all, counts, next, err
}

// WaitingOpinions is how many opinions wait for the actor.
func (s *Service) WaitingOpinions(ctx context.Context, who actor.Actor) (int, error) {
	if !who.Can(RightModerate) {
		return 0, forbidden()
	}
	sum := 0
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		byUnit, err := waitingByUnit(ctx, q)
		if err != nil || len(byUnit) == 0 {
			return err
		}
		tree, err := s.rooms.Org.Tree(ctx, q)
		if err != nil {
			return err
		}
		for unit, n := range byUnit {
			if tree.InScope(who.Scope, unit) {
				sum += n
			}
		}
		return nil
	})
	return sum, err
}

// OpinionDecision says what is decided of which opinions.
type OpinionDecision struct {
	IDs    []string
	Seen   OpinionState // in which the moderator saw them; another means that somebody was faster
	Reason Refusal      // of a refusal
	Text   string       // what the writer is told beside the reason
}

// PassOpinions puts opinions before readers. Passing what is passed already says that
// reports of it were looked at.
func (s *Service) PassOpinions(ctx context.Context, who actor.Actor, in OpinionDecision) error {
	if !who.Can(RightModerate) {
		return forbidden()
	}
	in.Reason, in.Text = "", ""
	return s.decide(ctx, who, in, OpinionPassed)
}

// RefuseOpinions keeps opinions from readers and tells their writers why.
func (s *Service) RefuseOpinions(ctx context.Context, who actor.Actor, in OpinionDecision) error {
	if !who.Can(RightModerate) {
		return forbidden()
	}
	in.Text = strings.TrimSpace(viet.NFC(in.Text))
	var l errs.List
	if !slices.Contains(Refusals(), in.Reason) {
		l.Add("reason", i18n.OpinionReasonNeeded)
	}
	l.Text("reasonText", in.Text, maxNote, in.Reason == RefusedOther)
	if err := l.Err(); err != nil {
		return err
	}
	return s.decide(ctx, who, in, OpinionRefused)
}

// decide is all or nothing.
func (s *Service) decide(ctx context.Context, who actor.Actor, in OpinionDecision, to OpinionState) error {
	if len(in.IDs) == 0 || len(in.IDs) > MaxPage {
		return errs.New(errs.Invalid, i18n.OpinionNoneChosen, MaxPage).On("id")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, id := range in.IDs {
			o, _, err := s.moderated(ctx, tx, who, id, in.Seen)
			if err != nil {
				return err
			}
			if o.State == OpinionWithdrawn || (o.State == OpinionRefused && to == OpinionRefused) {
				return errs.New(errs.Conflict, i18n.OpinionDecided)
			}
			if err := s.settle(ctx, tx, who, o, to, in); err != nil {
				return err
			}
		}
		return nil
	})
}

// settle brings one opinion into a state, with its record.
func (s *Service) settle(ctx context.Context, tx *db.Tx, who actor.Actor, o Opinion, to OpinionState, in OpinionDecision) error {
	detail := map[string]any{"from": o.State, "reports": o.Reports}
	action := "press.opinion.pass"
	if to == OpinionRefused {
		action, detail["reason"] = "press.opinion.refuse", in.Reason
		if err := s.rooms.Outbox.Cancel(ctx, tx, letterAbout(o)); err != nil {
			return err
		}
	}
	o.State, o.DecidedAt, o.Reason, o.ReasonText = to, s.now(), in.Reason, in.Text
	if err := decideOpinion(ctx, tx, o, who.Account); err != nil {
		return err
	}
	return s.auditOpinion(ctx, tx, who, action, o, detail)
}

// moderated finds an opinion on an article of a unit in the actor's scope, in the state in
// which the actor saw it, and the article.
func (s *Service) moderated(ctx context.Context, tx *db.Tx, who actor.Actor, id string, seen OpinionState) (Opinion, Article, error) {
	o, err := opinion(ctx, tx, id)
	if err != nil {
		return o, Article{}, err
	}
	on, err := s.mine(ctx, tx, who, o.Article)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, i18n.OpinionNotFound)
	}
	if err == nil && o.State != seen {
		err = errs.New(errs.Conflict, i18n.OpinionDecided)
	}
	return o, on, err
}

// AnswerOpinion gives the answer of the unit whose article it is, or words it anew; an
// opinion that waits is passed with it.
func (s *Service) AnswerOpinion(ctx context.Context, who actor.Actor, id string, seen OpinionState, answer string) error {
	if !who.Can(RightModerate) {
		return forbidden()
	}
	answer = strings.TrimSpace(viet.NFC(answer))
	var l errs.List
	l.Text("answer", answer, MaxOpinion, true)
	if err := l.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		o, on, err := s.moderated(ctx, tx, who, id, seen)
		if err != nil {
			return err
		}
		switch o.State {
		case OpinionWaiting:
			if err := s.settle(ctx, tx, who, o, OpinionPassed, OpinionDecision{}); err != nil {
				return err
			}
		case OpinionPassed:
		default:
			return errs.New(errs.Conflict, i18n.OpinionDecided)
		}
		o.Answer, o.AnsweredAt = answer, s.now()
		if err := answerOpinion(ctx, tx, o, who.Account); err != nil {
			return err
		}
		if err := s.writeTo(ctx, tx, who.Account, o, on); err != nil {
			return err
		}
		return s.auditOpinion(ctx, tx, who, "press.opinion.answer", o, nil)
	})
}

// BlockKind is what a block is about.
type BlockKind string

// The kinds of block.
const (
	BlockedWord    BlockKind = "word"    // a word or some words in a row, with their diacritics
	BlockedNetwork BlockKind = "network" // as NetworkOf gives it
)

// Block lets opinions with a word, or from a network, be set aside. The list is one for
// the whole house.
type Block struct {
	ID    string
	Kind  BlockKind
	Value string
	Note  string
	At    time.Time
}

// Blocks lists the block list.
func (s *Service) Blocks(ctx context.Context, who actor.Actor) ([]Block, error) {
	if !who.Can(RightModerate) {
		return nil, forbidden()
	}
	return blocks(ctx, s.db)
}

// BlockWord puts a word, or some in a row, on the block list.
func (s *Service) BlockWord(ctx context.Context, who actor.Actor, word, note string) error {
	if !who.Can(RightModerate) {
		return forbidden()
	}
	word, note = plainWords(word), viet.Line(note)
	var l errs.List
	l.Text("word", word, MaxOpinionName, true)
	l.Text("note", note, maxLine, false)
	if err := l.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.block(ctx, tx, who, Block{Kind: BlockedWord, Value: word, Note: note}) })
}

// BlockNetworkOf puts the network from which an opinion came on the block list.
func (s *Service) BlockNetworkOf(ctx context.Context, who actor.Actor, id string, seen OpinionState) error {
	if !who.Can(RightModerate) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		o, _, err := s.moderated(ctx, tx, who, id, seen)
		if err != nil {
			return err
		}
		return s.block(ctx, tx, who, Block{Kind: BlockedNetwork, Value: o.network})
	})
}

// block is done once: what is blocked already stays as it is.
func (s *Service) block(ctx context.Context, tx *db.Tx, who actor.Actor, b Block) error {
	b.ID, b.At = s.newID(), s.now()
	fresh, err := insertBlock(ctx, tx, b, who.Account)
	if err != nil || !fresh {
		return err
	}
	return s.rooms.Log.Add(ctx, tx, who, "press.block", audit.Object{Kind: "block", ID: b.ID}, map[string]any{"kind": b.Kind, "value": b.Value})
}

// Unblock takes a word or a network off the block list. What was set aside stays so.
func (s *Service) Unblock(ctx context.Context, who actor.Actor, id string) error {
	if !who.Can(RightModerate) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		b, err := block(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := deleteBlock(ctx, tx, id); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "press.unblock", audit.Object{Kind: "block", ID: b.ID}, map[string]any{"kind": b.Kind, "value": b.Value})
	})
}
