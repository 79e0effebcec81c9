package cli

import (
	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// unitCmd keeps the units.
type unitCmd struct {
	List   unitList   `cmd:"" help:"${cli_unit_list}"`
	Create unitCreate `cmd:"" help:"${cli_unit_create}"`
	Rename unitRename `cmd:"" help:"${cli_unit_rename}"`
	Move   unitMove   `cmd:"" help:"${cli_unit_move}"`
	Follow unitFollow `cmd:"" help:"${cli_unit_follow}"`
}

type unitList struct {
	On clock.Date `placeholder:"YYYY-MM-DD" help:"${cli_on}"`
}

// Run lists the units that were valid on a day.
func (u unitList) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		if u.On == 0 {
			u.On = h.Now.Today()
		}
		units, err := h.Org.List(c.ctx, who, u.On)
		if err != nil {
			return err
		}
		t := newTable(c, c.lang.T(i18n.CliCode), c.lang.T(i18n.CliName))
		for _, one := range units {
			t.row(one.Code, one.NameOn(u.On))
		}
		t.flush()
		return nil
	})
}

type unitCreate struct {
	Code   string     `required:"" help:"${cli_code}"`
	Name   string     `required:"" help:"${cli_name}"`
	Kind   string     `required:"" help:"${cli_unit_kind}"`
	Level  string     `help:"${cli_level}"`
	From   clock.Date `required:"" help:"${cli_from}"`
	Parent string     `help:"${cli_unit_parent}"`
	Party  string     `help:"${cli_unit_party}"`
	Sector string     `help:"${cli_unit_sector}"`
}

// Run sets up a unit.
func (u unitCreate) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		in := org.Input{Code: u.Code, Name: u.Name, Kind: org.Kind(u.Kind), Level: org.Level(u.Level), From: u.From}
		for _, up := range []struct {
			code   string
			tree   org.TreeKind
			counts bool
		}{{u.Parent, org.State, true}, {u.Party, org.Party, false}, {u.Sector, org.Sector, false}} {
			if up.code == "" {
				continue
			}
			parent, err := h.Org.Get(c.ctx, who, up.code)
			if err != nil {
				return err
			}
			in.Parents = append(in.Parents, org.ParentInput{Unit: parent.ID, Tree: up.tree, Counts: up.counts})
		}
		made, err := h.Org.Create(c.ctx, who, in)
		if err == nil {
			c.say(i18n.CliDone, made.Code)
		}
		return err
	})
}

type unitRename struct {
	Code  string     `arg:"" help:"${cli_code}"`
	Name  string     `required:"" help:"${cli_name}"`
	Level string     `help:"${cli_level}"`
	On    clock.Date `required:"" help:"${cli_on}"`
}

// Run renames a unit from a day on.
func (u unitRename) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		return h.Org.RenameTo(c.ctx, who, u.Code, u.Name, org.Level(u.Level), u.On)
	})
}

type unitMove struct {
	Code   string     `arg:"" help:"${cli_code}"`
	Parent string     `required:"" help:"${cli_unit_parent}"`
	On     clock.Date `required:"" help:"${cli_on}"`
}

// Run hangs a unit under another one from a day on.
func (u unitMove) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		return h.Org.MoveTo(c.ctx, who, u.Code, u.Parent, org.State, u.On)
	})
}

type unitFollow struct {
	From     []string   `required:"" help:"${cli_unit_follow_from}"`
	To       []string   `required:"" help:"${cli_unit_follow_to}"`
	Kind     string     `enum:"merge,split,abolish" default:"merge" help:"${cli_unit_follow_kind}"`
	Part     bool       `help:"${cli_unit_follow_part}"`
	On       clock.Date `required:"" help:"${cli_on}"`
	Decision string     `help:"${cli_paper}"`
}

// Run records that units ended and which took them over.
func (u unitFollow) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		e := org.Event{Kind: org.EventKind(u.Kind), On: u.On, Decision: u.Decision}
		for _, from := range u.From {
			for _, to := range u.To {
				a, err := h.Org.Get(c.ctx, who, from)
				if err != nil {
					return err
				}
				b, err := h.Org.Get(c.ctx, who, to)
				if err != nil {
					return err
				}
				e.Successions = append(e.Successions, org.Succession{From: a.ID, To: b.ID, Whole: !u.Part})
			}
		}
		return h.Org.Reorganise(c.ctx, who, e)
	})
}
