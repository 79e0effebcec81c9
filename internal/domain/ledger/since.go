package ledger

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Mark is the identity of the act that was recorded last, or "" in an empty book. Writes
// take turns, so that it tells what was known from what was recorded since.
func Mark(ctx context.Context, q db.Querier) (string, error) { return lastAct(ctx, q) }

// Share is what one entry, subject or item adds to the answer to a question. It is the zero
// value where it adds nothing.
type Share struct {
	Cell   Cell // with the whole path
	Counts Counts
	Item   ItemCell // of an award, a praise or an adoption
	Unit   string
	Whose  string // the subject
}

// Step is an act that was recorded since a mark and changed a share.
type Step struct {
	Act     Act
	Was, Is Share
}

// Story is what became of one thing since a mark: its share then and now, and the acts that
// made the difference.
type Story struct {
	Entry, Subject, Item string // one of them
	Was, Is              Share
	Steps                []Step
}

// Since tells of every entry, subject and item whose share in the answer to a question has
// changed since a mark, by acts of whatever day. It reads the acts since then, and all acts
// of the things that they are about, and nothing else.
func Since(ctx context.Context, q db.Querier, ask Question, mark string) ([]Story, error) {
	later, err := actsSince(ctx, q, ask, mark)
	if err != nil {
		return nil, err
	}
	entries, subjects, items := touched(later)
	var all []Story
	byEntry, err := actsWhere(ctx, q, "entry_id", entries)
	if err != nil {
		return nil, err
	}
	of := group(byEntry, func(a Act) string { return a.Entry })
	for _, id := range entries {
		if periodOf(of[id]) == ask.Period {
			all = append(all, told(Story{Entry: id}, of[id], mark, ask.ofEntry))
		}
	}
	ids := set[string]{}
	for _, key := range subjects {
		ids.add(key.subject)
	}
	bySubject, err := actsWhere(ctx, q, "subject_id", ids.all)
	if err != nil {
		return nil, err
	}
	ofKey := group(bySubject, func(a Act) subjectKey { return subjectKey{a.Subject, a.Period} })
	for _, key := range subjects {
		if key.period == ask.Period {
			all = append(all, told(Story{Subject: key.subject}, ofKey[key], mark, ask.ofSubject))
		}
	}
	byItem, err := actsWhere(ctx, q, "item_id", items)
	if err != nil {
		return nil, err
	}
	of = group(byItem, func(a Act) string { return a.Item })
	for _, id := range items {
		if len(of[id]) > 0 && of[id][0].Period == ask.Period {
			all = append(all, told(Story{Item: id}, of[id], mark, ask.ofItem))
		}
	}
	return slices.DeleteFunc(all, func(s Story) bool { return s.Was == s.Is }), nil
}

// told replays the acts on one thing that were recorded since a mark, one after the other.
func told(s Story, acts []Act, mark string, share func([]Act) Share) Story {
	n, _ := slices.BinarySearchFunc(acts, mark, func(a Act, mark string) int {
		if a.ID <= mark {
			return -1
		}
		return 1
	})
	s.Was = share(acts[:n])
	s.Is = s.Was
	for i := n; i < len(acts); i++ {
		if now := share(acts[:i+1]); now != s.Is {
			s.Steps = append(s.Steps, Step{Act: acts[i], Was: s.Is, Is: now})
			s.Is = now
		}
	}
	return s
}

func (ask Question) ofEntry(acts []Act) Share {
	return ask.share(fold(acts), marksBetween(0, entryMarks))
}

func (ask Question) ofSubject(acts []Act) Share {
	return ask.share(fold(acts), marksBetween(mFound, mBegun))
}

func (ask Question) share(t timeline, marks []mark) Share {
	var s Share
	if len(t.attrs) == 0 {
		return s
	}
	day := dayNo(ask.On)
	attr := t.attrOn(day)
	if !ask.Area.Covers(attr.Path) {
		return s
	}
	for _, m := range marks {
		if t.has(m, day) {
			s.Counts[m] = 1
		}
	}
	if s.Counts == (Counts{}) {
		return Share{}
	}
	s.Cell = Cell{Path: attr.Path, Kind: attr.Kind, Field: attr.Field, Origin: attr.Origin}
	s.Unit, s.Whose = attr.Unit, attr.Subject
	return s
}

func (ask Question) ofItem(acts []Act) Share {
	begun, off := itemSpan(living(acts))
	day := dayNo(ask.On)
	if begun == nil || day < dayNo(begun.On) || off <= day || !ask.Area.Covers(begun.Attr.Path) {
		return Share{}
	}
	a := begun.Attr
	s := Share{
		Item: ItemCell{Item: itemKind(begun.Kind), Path: a.Path, Kind: a.Kind, Field: a.Field, Form: begun.Form, Level: begun.Level},
		Unit: a.Unit, Whose: a.Subject,
	}
	if s.Item.Item == Adoption {
		s.Cell = Cell{Path: a.Path, Kind: a.Kind, Field: a.Field}
		s.Counts[mBegun] = 1
	}
	return s
}

// actsSince reads the acts recorded since a mark that may change an answer: those that take
// effect by its day, those that void, whatever the day, and those that say anew what a thing
// is, as that holds from the beginning. An adoption belongs to the period of who adopts and
// may make an entry of an earlier one replicated.
func actsSince(ctx context.Context, q db.Querier, ask Question, mark string) ([]Act, error) {
	all, err := db.All(ctx, q, scanAct, `SELECT `+actColumns+` FROM ledger_act
		WHERE id > $1 AND (effective_on <= $2 OR kind = 'voided') AND (period_no = $3 OR (entry_id IS NOT NULL AND item_id IS NOT NULL))
		ORDER BY id`, mark, db.Date(ask.On), ask.Period)
	if err != nil {
		return nil, err
	}
	for _, owner := range []string{"entry_id", "subject_id"} {
		anew, err := db.All(ctx, q, scanAct, `SELECT `+actColumns+` FROM ledger_act a
			WHERE id > $1 AND effective_on > $2 AND period_no = $3 AND kind NOT IN ('reclassified', 'adopted', 'voided')
			AND `+owner+` IS NOT NULL AND unit_id IS NOT NULL
			AND EXISTS (SELECT 1 FROM ledger_act b WHERE b.`+owner+` = a.`+owner+` AND b.period_no = a.period_no AND b.unit_id IS NOT NULL
				AND (b.path <> a.path OR b.subject_kind <> a.subject_kind OR b.field <> a.field OR b.origin <> a.origin
					OR b.attr_subject <> a.attr_subject))
			ORDER BY id`, mark, db.Date(ask.On), ask.Period)
		if err != nil {
			return nil, err
		}
		all = append(all, anew...)
	}
	return all, nil
}
