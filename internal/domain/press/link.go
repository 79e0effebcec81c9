package press

import (
	"context"
	"net/url"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Label is the word for the kind of record.
func (k LinkKind) Label() i18n.Key {
	switch k {
	case ToExemplar:
		return i18n.PressLinkExemplar
	case ToDecision:
		return i18n.PressLinkDecision
	case ToMovement:
		return i18n.PressLinkMovement
	case ToConference:
		return i18n.PressLinkConference
	default:
		return i18n.PressLinkPractice
	}
}

// Linked is a record that an article is about, with its name.
type Linked struct {
	Link
	Code  string // of an entry or a movement, number of a decision
	Title string // "" where the actor may not see the record
}

// Value is the link as a form carries it.
func (l Link) Value() string { return string(l.Kind) + ":" + l.ID }

// Named puts names to links, in their order. A record that the actor may not see keeps its
// place and has no name.
func (s *Service) Named(ctx context.Context, who actor.Actor, links []Link) ([]Linked, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	all := make([]Linked, len(links))
	for i, l := range links {
		one, err := s.named(ctx, who, l)
		if err != nil && !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Forbidden) {
			return nil, err
		}
		one.Link = l
		all[i] = one
	}
	return all, nil
}

func (s *Service) named(ctx context.Context, who actor.Actor, l Link) (Linked, error) {
	switch l.Kind {
	case ToExemplar:
		x, _, err := s.rooms.Practices.Exemplar(ctx, who, l.ID)
		return Linked{Title: x.Name}, err
	case ToDecision:
		d, err := s.rooms.Movements.Decision(ctx, who, l.ID)
		return Linked{Code: d.Number, Title: d.Title}, err
	case ToMovement:
		m, err := s.rooms.Movements.Get(ctx, who, l.ID)
		return Linked{Code: m.Code, Title: m.Name}, err
	case ToConference:
		c, err := s.rooms.Conferences.Get(ctx, who, l.ID)
		return Linked{Title: c.Title}, err
	default:
		e, err := s.rooms.Practices.Get(ctx, who, l.ID)
		return Linked{Code: e.Code, Title: e.Title}, err
	}
}

// Resolve finds the records that a writer names: an entry by its code, and each sort of
// record by the address of its page at the desk.
func (s *Service) Resolve(ctx context.Context, who actor.Actor, names []string) ([]Link, error) {
	if !who.Can(RightWrite) {
		return nil, forbidden()
	}
	var links []Link
	var l errs.List
	for _, name := range names {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		link, err := s.resolve(ctx, who, name)
		switch {
		case errs.Is(err, errs.NotFound), errs.Is(err, errs.Forbidden):
			l.Add("addLinks", i18n.PressLinkNotFound, name)
		case err != nil:
			return nil, err
		default:
			links = append(links, link)
		}
	}
	return unique(links), l.Err()
}

func (s *Service) resolve(ctx context.Context, who actor.Actor, name string) (Link, error) {
	kind, id := ToPractice, name
	if u, err := url.Parse(name); err == nil && strings.HasPrefix(u.Path, "/admin/") {
		parts := strings.Split(u.Path, "/")
		kinds := map[string]LinkKind{
			"entries": ToPractice, "exemplars": ToExemplar, "decisions": ToDecision, "movements": ToMovement, "conferences": ToConference,
		}
		if len(parts) < 4 || kinds[parts[2]] == "" {
			return Link{}, errs.New(errs.NotFound, i18n.PressLinkNotFound, name)
		}
		kind, id = kinds[parts[2]], parts[3]
	}
	if kind == ToPractice {
		e, err := s.rooms.Practices.Get(ctx, who, id)
		return Link{kind, e.ID}, err
	}
	_, err := s.named(ctx, who, Link{kind, id})
	return Link{kind, id}, err
}

// maxAbout bounds how many articles about one record are listed.
const maxAbout = 100

// About lists the articles that are about a record, the last changed first: those within
// the actor's scope in any state, and of other units those that everybody reads.
func (s *Service) About(ctx context.Context, who actor.Actor, l Link) ([]Headline, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	var all []Headline
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		scope, args, err := s.within(ctx, q, who)
		if err != nil {
			return err
		}
		all, err = headlinesAbout(ctx, q, l, scope, args)
		return err
	})
	return all, err
}

// ReadLink reads [Link.Value].
func ReadLink(value string) (Link, bool) {
	kind, id, ok := strings.Cut(value, ":")
	l := Link{LinkKind(kind), id}
	switch l.Kind {
	case ToPractice, ToExemplar, ToDecision, ToMovement, ToConference:
		return l, ok && id != "" && len(id) <= 64
	}
	return Link{}, false
}
