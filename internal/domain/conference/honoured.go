package conference

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/practice/person"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Honoured is somebody who is called to receive what one paper gives them.
type Honoured struct {
	Key      string // of the paper and of who it is
	Decision string // identity
	Number   string // of the paper
	Exemplar string
	Name     string // "" where nobody may be named any more
	Unit     string // as it was called on the day
	Kind     ledger.SubjectKind
	Gets     []Gift
	Citation []string // for what
	Entry    string   // code, where it is for what was done in one
	Photo    *photo.Photo
	sort     string
}

// Gift is what is received: a praise, a form of award, or that a practice is named.
type Gift struct {
	Kind award.Kind  // none where a practice is named
	Form string      // of an award
	Act  ledger.Kind // recognised or typical, where a practice is named
}

// Anonymous tells whether who is honoured was made anonymous: they are not called.
func (h Honoured) Anonymous() bool { return h.Name == "" }

// CallOrder is in which order those honoured are called.
type CallOrder struct {
	Conference Conference
	All        []Honoured
	ByHand     bool // somebody changed what the rule says
	Version    int  // of the last change by hand or undoing; it only grows
}

// Called are those who are called, in their order: without who was made anonymous.
func (o CallOrder) Called() []Honoured {
	return slices.DeleteFunc(slices.Clone(o.All), Honoured.Anonymous)
}

// PhotoConsents tells who among some exemplars agrees, on a day, to be shown on a photo.
type PhotoConsents func(ctx context.Context, q db.Querier, exemplars []string, on clock.Date) (map[string]bool, error)

// AskConsents sets who knows of consents to be shown: the room above that keeps them.
func (s *Service) AskConsents(ask PhotoConsents) { s.consents = ask }

// CallOrder gives those honoured at a conference in the order in which they are called:
// paper by paper, collectives before households and individuals, then by name; unless
// somebody has changed that by hand.
func (s *Service) CallOrder(ctx context.Context, who actor.Actor, id string) (CallOrder, error) {
	if !who.Can(RightRead) || !who.Can(award.RightRead) || !who.Can(practice.RightRead) {
		return CallOrder{}, forbidden()
	}
	c, err := s.seen(ctx, s.db, who, id)
	if err != nil {
		return CallOrder{}, err
	}
	out := CallOrder{Conference: c}
	if out.All, err = s.byRule(ctx, who, c); err != nil {
		return out, err
	}
	var keys []string
	hand, err := standingOrder(ctx, s.db, c.ID, ofCall, &keys)
	if err != nil {
		return out, err
	}
	if out.Version = hand.no; hand.holds > 0 {
		out.All, out.ByHand = inHandOrder(out.All, keys), true
	}
	return out, nil
}

// byRule are those honoured in the order of the rule.
func (s *Service) byRule(ctx context.Context, who actor.Actor, c Conference) ([]Honoured, error) {
	var all []Honoured
	for _, id := range c.Decisions {
		d, err := s.rooms.Movements.Decision(ctx, who, id)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		under, err := s.honouredUnder(ctx, who, c, d)
		if err != nil {
			return nil, err
		}
		all = append(all, under...)
	}
	if err := s.nameAll(ctx, c, all); err != nil {
		return nil, err
	}
	place := map[string]int{}
	for i, id := range c.Decisions {
		place[id] = i
	}
	slices.SortStableFunc(all, func(a, b Honoured) int {
		return cmp.Or(cmp.Compare(place[a.Decision], place[b.Decision]), cmp.Compare(rank(a.Kind), rank(b.Kind)), strings.Compare(a.sort, b.sort), strings.Compare(a.Key, b.Key))
	})
	return all, s.picture(ctx, who, c, all)
}

// rank puts collectives before households, and these before individuals.
func rank(k ledger.SubjectKind) int {
	return slices.Index([]ledger.SubjectKind{ledger.Collective, ledger.Household, ledger.Individual}, k)
}

// honouredUnder are those whom a paper praises or awards, each once; where it does neither,
// those whose practices it names typical or, failing that, recognises.
func (s *Service) honouredUnder(ctx context.Context, who actor.Actor, c Conference, d ledger.Decision) ([]Honoured, error) {
	given, err := s.rooms.Awards.Under(ctx, who, d.ID)
	if err != nil {
		return nil, err
	}
	l := listed{decision: d, at: map[string]int{}}
	for _, a := range given {
		if a.Voided || (a.Revoked != "" && a.RevokedOn <= c.On) {
			continue
		}
		l.add(a.Exemplar, Gift{Kind: a.Kind, Form: a.Form}, a.Achievement, a.Entry)
	}
	if len(l.all) > 0 {
		return l.all, nil
	}
	acts, err := s.rooms.Practices.Under(ctx, who, d.ID)
	if err != nil {
		return nil, err
	}
	for _, kind := range []ledger.Kind{ledger.Typical, ledger.Recognised} {
		for _, e := range acts[kind] {
			l.add(e.Subject, Gift{Act: kind}, e.Title, e.Entry)
		}
		if len(l.all) > 0 {
			break
		}
	}
	return l.all, nil
}

// listed gathers those under one paper.
type listed struct {
	decision ledger.Decision
	all      []Honoured
	at       map[string]int
}

func (l *listed) add(exemplar string, gift Gift, citation, entry string) {
	i, ok := l.at[exemplar]
	if !ok {
		i = len(l.all)
		l.at[exemplar] = i
		l.all = append(l.all, Honoured{Key: l.decision.ID + "." + exemplar, Decision: l.decision.ID, Number: l.decision.Number, Exemplar: exemplar, Entry: entry})
	}
	h := &l.all[i]
	if !slices.Contains(h.Gets, gift) {
		h.Gets = append(h.Gets, gift)
	}
	if citation != "" && !slices.Contains(h.Citation, citation) {
		h.Citation = append(h.Citation, citation)
	}
}

// nameAll writes who they are, as of the day of the conference.
func (s *Service) nameAll(ctx context.Context, c Conference, all []Honoured) error {
	ids := make([]string, len(all))
	for i, h := range all {
		ids[i] = h.Exemplar
	}
	people, err := practice.Exemplars(ctx, s.db, ids)
	if err != nil {
		return err
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return err
	}
	for i := range all {
		h, x := &all[i], people[all[i].Exemplar]
		h.Kind, h.Unit = x.Kind, unitOn(tree, x.Unit, c.On)
		if !person.Nameless(x.Name) {
			h.Name = x.Name
			h.sort = viet.SortKey(x.Name)
			if x.Kind == ledger.Individual {
				h.sort = viet.PersonSortKey(x.Name)
			}
		}
	}
	return nil
}

func unitOn(tree *org.Tree, id string, on clock.Date) string {
	u, _ := tree.Unit(id)
	return u.NameOn(on)
}

// picture finds a photo of those who agreed to be shown: the first of the entry on which all
// that must be said is said.
func (s *Service) picture(ctx context.Context, who actor.Actor, c Conference, all []Honoured) error {
	entries := make([]string, 0, len(all))
	people := make([]string, 0, len(all))
	for _, h := range all {
		if h.Entry != "" {
			entries = append(entries, h.Entry)
		}
		if !h.Anonymous() {
			people = append(people, h.Exemplar)
		}
	}
	rows, err := s.rooms.Practices.Rows(ctx, who, entries)
	if err != nil {
		return err
	}
	codes := map[string]string{}
	for _, e := range rows {
		codes[e.Entry] = e.Code
	}
	agreed, err := s.consents(ctx, s.db, people, min(c.On, s.now.Today()))
	if err != nil {
		return err
	}
	for i := range all {
		h := &all[i]
		if h.Entry = codes[h.Entry]; h.Entry == "" || !agreed[h.Exemplar] {
			continue
		}
		photos, err := s.rooms.Practices.Photos(ctx, who, h.Entry)
		if err != nil {
			return err
		}
		if shown := photo.Shown(photos); len(shown) > 0 {
			h.Photo = &shown[0]
		}
	}
	return nil
}

// inHandOrder puts those honoured in an order made by hand; who has come since stands where
// the rule puts them, behind the one before.
func inHandOrder(all []Honoured, keys []string) []Honoured {
	known := map[string]Honoured{}
	for _, h := range all {
		known[h.Key] = h
	}
	var out []Honoured
	placed := map[string]bool{}
	for _, key := range keys {
		if h, ok := known[key]; ok && !placed[key] {
			out, placed[key] = append(out, h), true
		}
	}
	for i, h := range all {
		if placed[h.Key] {
			continue
		}
		at := 0
		if i > 0 {
			at = slices.IndexFunc(out, func(o Honoured) bool { return o.Key == all[i-1].Key }) + 1
		}
		out = slices.Insert(out, at, h)
		placed[h.Key] = true
	}
	return out
}
