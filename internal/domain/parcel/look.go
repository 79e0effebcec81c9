package parcel

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/report"
)

// Looked is a package that came in with all that is in it, and what is known of it here.
type Looked struct {
	Received
	Package    Package
	Trust      Trust
	Overlaps   []Overlap // entries that are here already
	Difference *Difference
}

// Difference is what a package has otherwise than the one before it.
type Difference struct {
	Before  Received
	Figures []Change
	Added   []report.ListedEntry
	Gone    []report.ListedEntry
	Changed []report.ListedEntry // as they are now
}

// Change is a figure, or a kind of it, that is another number.
type Change struct {
	Figure  ledger.Figure
	Column  string // total or a kind of subject
	Was, Is int
}

// Look opens a package that came in: what is in it, what is known of its key, which of its
// entries are here already, and what it has otherwise than the one before.
func (s *Service) Look(ctx context.Context, who actor.Actor, id string) (Looked, error) {
	if !who.Can(RightRead) {
		return Looked{}, forbidden()
	}
	r, err := s.find(ctx, s.db, who, id)
	if err != nil {
		return Looked{}, err
	}
	out := Looked{Received: r}
	if out.Package, err = s.read(ctx, r); err != nil {
		return out, err
	}
	if out.Trust, err = s.trust(ctx, s.db, r); err != nil {
		return out, err
	}
	if r.State == Waiting {
		if out.Overlaps, err = s.overlaps(ctx, s.db, r, out.Package); err != nil {
			return out, err
		}
	}
	before, err := s.before(ctx, r)
	if err != nil || before == nil {
		return out, err
	}
	old, err := s.read(ctx, *before)
	if err != nil {
		return out, err
	}
	d := difference(old, out.Package)
	d.Before = *before
	out.Difference = &d
	return out, nil
}

// before is the package of the same sender that one is compared with: the one that it
// replaced or would replace; none where it is the first.
func (s *Service) before(ctx context.Context, r Received) (*Received, error) {
	all, err := accepted(ctx, s.db, r)
	for _, one := range all {
		if one.ReplacedBy == r.ID || r.State == Waiting && one.State == Accepted || r.ReplacedBy == "" && r.State == Returned && one.State == Accepted {
			one.Unit = r.Unit
			return &one, err
		}
	}
	return nil, err
}

// difference compares two packages of one sender.
func difference(old, now Package) Difference {
	var d Difference
	for _, def := range ledger.Definitions() {
		was, is := old.Report.Figures.Get(def.Figure), now.Report.Figures.Get(def.Figure)
		add := func(column string, was, is int) {
			if was != is {
				d.Figures = append(d.Figures, Change{def.Figure, column, was, is})
			}
		}
		add("total", was.Total, is.Total)
		for _, k := range ledger.SubjectKinds() {
			add(k.String(), was.Of(k), is.Of(k))
		}
	}
	before := map[string]report.ListedEntry{}
	for _, e := range old.Entries {
		before[e.Entry] = e
	}
	for _, e := range now.Entries {
		was, ok := before[e.Entry]
		switch {
		case !ok:
			d.Added = append(d.Added, e)
		case !alikeEntries(was, e):
			d.Changed = append(d.Changed, e)
		}
		delete(before, e.Entry)
	}
	d.Gone = slices.SortedFunc(maps.Values(before), func(a, b report.ListedEntry) int { return cmp.Compare(a.Code, b.Code) })
	return d
}

func alikeEntries(a, b report.ListedEntry) bool {
	return a.Title == b.Title && a.Unit == b.Unit && a.Kind == b.Kind && a.Field == b.Field && a.Origin == b.Origin && a.RegisteredOn == b.RegisteredOn &&
		a.RecognisedOn == b.RecognisedOn && slices.Equal(a.Counted, b.Counted)
}
