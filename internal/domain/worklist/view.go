package worklist

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// View is a way to look at the register that was kept under a name: the part of its
// address that says what is shown, in which order and columns.
type View struct {
	ID        string
	Account   string // whose it is
	Unit      string // whose people see it too; "" is nobody's
	Name      string
	Query     string
	Version   int
	RemovedAt time.Time // zero while it is there
	First     bool      // the register opens with it, for whoever asks
	key       string
}

// Shared tells whether those who work at the same unit see the view.
func (v View) Shared() bool { return v.Unit != "" }

// Removed tells whether the view was deleted; for a while it can be had back.
func (v View) Removed() bool { return !v.RemovedAt.IsZero() }

// ViewInput is what a view is kept with.
type ViewInput struct {
	Name   string
	Query  string
	Shared bool // with those who work at the same unit
	First  bool // the register opens with it
}

// Bounds of views: of one account, of a name in characters, of a query in bytes; and how
// long one that was deleted is kept.
const (
	MaxViews    = 30
	MaxViewName = 80
	maxQuery    = 2000
	ViewKept    = 7 * 24 * time.Hour
)

// kept are the parameters of the register that a view keeps: not where in the list one is.
func kept() []string {
	return []string{"movement", "period", "tab", "unit", "kind", "field", "origin", "from", "to", "q", "tag", "late", "sort", "cols"}
}

// ViewQuery is the part of an address of the register that a view keeps.
func ViewQuery(raw string) (string, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return "", errs.New(errs.Invalid, i18n.ErrsBadChoice).Because(err).On("query")
	}
	for name, all := range values {
		if !slices.Contains(kept(), name) || strings.Join(all, "") == "" {
			values.Del(name)
		}
	}
	if values.Has("cols") { // by name and once, and not at all where they are the usual ones
		values.Set("cols", WriteColumns(ReadColumns(values.Get("cols"))))
		if values.Get("cols") == "" {
			values.Del("cols")
		}
	}
	out := values.Encode()
	if len(out) > maxQuery || !utf8.ValidString(out) {
		return "", errs.New(errs.Invalid, i18n.ErrsTooLong, maxQuery).On("query")
	}
	return out, nil
}

// check gathers everything that is wrong with the input, the right to share left aside.
func (in *ViewInput) check() error {
	var l errs.List
	in.Name = strings.Join(strings.Fields(in.Name), " ")
	switch {
	case in.Name == "":
		l.Add("name", i18n.ErrsRequired)
	case utf8.RuneCountInString(in.Name) > MaxViewName:
		l.Add("name", i18n.ErrsTooLong, MaxViewName)
	}
	query, err := ViewQuery(in.Query)
	if err != nil {
		l = append(l, errs.All(err)...)
	}
	in.Query = query
	return l.Err()
}

// Views lists the actor's own views, those that were deleted of late among them, and those
// that are shared where the actor works, in the order of their names.
func (s *Service) Views(ctx context.Context, who actor.Actor) ([]View, error) {
	if !who.Can(practice.RightRead) {
		return nil, forbidden()
	}
	return s.views(ctx, s.db, who)
}

func (s *Service) views(ctx context.Context, q db.Querier, who actor.Actor) ([]View, error) {
	unit, err := unitOf(ctx, q, who.Account)
	if err != nil {
		return nil, err
	}
	all, err := viewsFor(ctx, q, who.Account, unit)
	return slices.DeleteFunc(all, func(v View) bool {
		return v.Removed() && (v.Account != who.Account || s.now().Sub(v.RemovedAt) > ViewKept)
	}), err
}

// View finds a view that the actor sees.
func (s *Service) View(ctx context.Context, who actor.Actor, id string) (View, error) {
	if !who.Can(practice.RightRead) {
		return View{}, forbidden()
	}
	return s.view(ctx, s.db, who, id)
}

func (s *Service) view(ctx context.Context, q db.Querier, who actor.Actor, id string) (View, error) {
	all, err := s.views(ctx, q, who)
	if err != nil {
		return View{}, err
	}
	i := slices.IndexFunc(all, func(v View) bool { return v.ID == id })
	if i < 0 {
		return View{}, errs.New(errs.NotFound, i18n.WorklistViewNotFound)
	}
	return all[i], nil
}

// SaveView keeps a way to look at the register under a name.
func (s *Service) SaveView(ctx context.Context, who actor.Actor, in ViewInput) (View, error) {
	if !who.Can(practice.RightRead) || in.Shared && !who.Can(practice.RightReceive) {
		return View{}, forbidden()
	}
	if err := in.check(); err != nil {
		return View{}, err
	}
	v := View{ID: s.newID(), Account: who.Account}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.fill(ctx, tx, who, &v, in); err != nil {
			return err
		}
		if err := insertView(ctx, tx, v); err != nil {
			return err
		}
		return s.settle(ctx, tx, who, v, "worklist.saveView")
	})
	return v, err
}

// fill gives a view what it is kept with, where the names and the number of the actor's
// views allow it.
func (s *Service) fill(ctx context.Context, tx *db.Tx, who actor.Actor, v *View, in ViewInput) error {
	all, err := s.views(ctx, tx, who)
	if err != nil {
		return err
	}
	mine := slices.DeleteFunc(all, func(o View) bool { return o.Account != who.Account || o.Removed() || o.ID == v.ID })
	key := viet.SortKey(in.Name)
	if slices.ContainsFunc(mine, func(o View) bool { return o.key == key }) {
		return errs.New(errs.Invalid, i18n.WorklistViewTaken).On("name")
	}
	if len(mine) >= MaxViews {
		return errs.New(errs.Invalid, i18n.WorklistViewTooMany, MaxViews)
	}
	v.Name, v.key, v.Query, v.First, v.Unit = in.Name, key, in.Query, in.First, ""
	if !in.Shared {
		return nil
	}
	if v.Unit, err = unitOf(ctx, tx, who.Account); err == nil && v.Unit == "" {
		err = errs.New(errs.Invalid, i18n.WorklistViewNowhere).On("shared")
	}
	return err
}

// settle notes with which view the actor begins, and records what others see.
func (s *Service) settle(ctx context.Context, tx *db.Tx, who actor.Actor, v View, verb string) error {
	var err error
	if v.First {
		err = setDefault(ctx, tx, who.Account, v.ID)
	} else {
		err = dropDefault(ctx, tx, who.Account, v.ID)
	}
	if err != nil || !v.Shared() {
		return err
	}
	return s.rooms.Log.Add(ctx, tx, who, verb, audit.Object{Kind: "view", ID: v.ID}, map[string]any{"name": v.Name, "unit": v.Unit, "query": v.Query})
}

// ChangeView renames a view of the actor's own, and says who sees it and whether the
// register opens with it.
func (s *Service) ChangeView(ctx context.Context, who actor.Actor, id string, version int, in ViewInput) error {
	if !who.Can(practice.RightRead) || in.Shared && !who.Can(practice.RightReceive) {
		return forbidden()
	}
	return s.change(ctx, who, id, func(tx *db.Tx, v *View) error {
		if in.Query == "" {
			in.Query = v.Query
		}
		switch err := in.check(); {
		case err != nil:
			return err
		case v.Removed():
			return errs.New(errs.NotFound, i18n.WorklistViewNotFound)
		case v.Version != version:
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		return s.fill(ctx, tx, who, v, in)
	})
}

// change finds a view of the actor's own and changes it.
func (s *Service) change(ctx context.Context, who actor.Actor, id string, do func(*db.Tx, *View) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		v, err := s.view(ctx, tx, who, id)
		if err == nil && v.Account != who.Account {
			err = errs.New(errs.NotFound, i18n.WorklistViewNotFound)
		}
		if err != nil {
			return err
		}
		before := v.Unit
		if err := do(tx, &v); err != nil {
			return err
		}
		v.Version++
		if err := updateView(ctx, tx, v); err != nil {
			return err
		}
		v.Unit = cmp.Or(v.Unit, before) // what others saw until now is recorded too
		return s.settle(ctx, tx, who, v, "worklist.changeView")
	})
}

// RemoveView deletes a view of the actor's own. For a while it can be had back.
func (s *Service) RemoveView(ctx context.Context, who actor.Actor, id string) error {
	if !who.Can(practice.RightRead) {
		return forbidden()
	}
	return s.change(ctx, who, id, func(_ *db.Tx, v *View) error {
		if !v.Removed() {
			v.RemovedAt = s.now()
		}
		return nil
	})
}

// RestoreView takes back a view that was deleted.
func (s *Service) RestoreView(ctx context.Context, who actor.Actor, id string) error {
	if !who.Can(practice.RightRead) {
		return forbidden()
	}
	return s.change(ctx, who, id, func(tx *db.Tx, v *View) error {
		if !v.Removed() {
			return nil
		}
		v.RemovedAt = time.Time{}
		return s.fill(ctx, tx, who, v, ViewInput{Name: v.Name, Query: v.Query, Shared: v.Shared(), First: v.First})
	})
}

// BeginWith says with which view the register opens for the actor: one's own or a shared
// one, or with none where it does so already.
func (s *Service) BeginWith(ctx context.Context, who actor.Actor, id string) (View, error) {
	if !who.Can(practice.RightRead) {
		return View{}, forbidden()
	}
	var v View
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if v, err = s.view(ctx, tx, who, id); err != nil {
			return err
		}
		if v.First = !v.First; v.First {
			return setDefault(ctx, tx, who.Account, v.ID)
		}
		return dropDefault(ctx, tx, who.Account, v.ID)
	})
	return v, err
}

// Sweep forgets views that were deleted long ago.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return forgetViews(ctx, tx, s.now().Add(-ViewKept)) })
}
