package cli

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// entryCmd works on the register.
type entryCmd struct {
	List     entryList     `cmd:"" help:"${cli_entry_list}"`
	Show     entryShow     `cmd:"" help:"${cli_entry_show}"`
	Register entryRegister `cmd:"" help:"${cli_entry_register}"`
	Step     entryStep     `cmd:"" help:"${cli_entry_step}"`
	Adopt    entryAdopt    `cmd:"" help:"${cli_entry_adopt}"`
}

type entryList struct {
	Movement string     `required:"" help:"${cli_report_movement}"`
	Tab      string     `enum:"all,waiting,returned,inProgress,recognised,typical,stopped" default:"all" help:"${cli_tab}"`
	Unit     string     `help:"${cli_unit_code}"`
	Name     string     `help:"${cli_entry_name}"`
	Behind   string     `help:"${cli_behind}"`
	AsOf     clock.Date `name:"as-of" help:"${cli_report_as_of}"`
	Limit    int        `default:"50" help:"${cli_limit}"`
	Cursor   string     `help:"${cli_cursor}"`
	JSON     bool       `name:"json" help:"${cli_json}"`
}

// Run lists entries of the register, or those behind a figure.
func (e entryList) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		m, err := h.Movements.Get(c.ctx, who, e.Movement)
		if err != nil {
			return err
		}
		day := e.AsOf
		if day == 0 {
			day = h.Now.Today()
		}
		p, _ := m.PeriodOn(day)
		q := practice.Query{
			Period: p.No, Tab: practice.Tab(e.Tab), Unit: e.Unit, Name: e.Name,
			Slice: ledger.Slice{Sort: ledger.ByName, Cursor: e.Cursor, Limit: e.Limit},
		}
		if e.Behind != "" {
			q.Behind = &ledger.Behind{Figure: ledger.Figure(e.Behind), On: day}
		}
		list, err := h.Practices.List(c.ctx, who, q)
		if err != nil {
			return err
		}
		if e.JSON {
			return c.json(list)
		}
		t := newTable(c, c.lang.T(i18n.CliCode), c.lang.T(i18n.CliStatus), c.lang.T(i18n.CliDay), c.lang.T(i18n.CliName))
		for _, r := range list.Rows {
			t.row(r.Code, c.lang.T(practice.StatusKey(r.Status)), c.lang.Date(r.RegisteredOn), r.Title)
		}
		t.flush()
		c.say(i18n.CliOf, len(list.Rows), list.Total)
		if list.Next != "" {
			c.say(i18n.CliNext, list.Next)
		}
		return nil
	})
}

type entryShow struct {
	Code string `arg:"" help:"${cli_entry_code}"`
}

// Run prints an entry with its history.
func (e entryShow) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		one, err := h.Practices.Get(c.ctx, who, e.Code)
		if err != nil {
			return err
		}
		return c.json(one)
	})
}

type entryRegister struct {
	Movement string     `required:"" help:"${cli_report_movement}"`
	Unit     string     `required:"" help:"${cli_unit_code}"`
	Kind     string     `required:"" enum:"collective,individual,household" help:"${cli_kind}"`
	Subject  string     `required:"" help:"${cli_subject}"`
	Field    string     `required:"" help:"${cli_field}"`
	Origin   string     `enum:"new,continued,replicated,upgraded" default:"new" help:"${cli_origin}"`
	Continue string     `placeholder:"CODE" help:"${cli_continue}"`
	Title    string     `required:"" help:"${cli_title}"`
	On       clock.Date `help:"${cli_on}"`
	Partner  []string   `help:"${cli_partner}"`
	Approach string     `help:"${cli_approach}"`
	Declared string     `help:"${cli_declared}"`
}

// Run registers a practice and prints its code.
func (e entryRegister) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		kind, _ := ledger.Parse(ledger.SubjectKinds(), e.Kind)
		origin, _ := ledger.Parse(ledger.Origins(), e.Origin)
		in := practice.Input{
			Movement: e.Movement, On: e.On, Unit: e.Unit, Partners: e.Partner, Kind: kind, Subject: e.Subject, Field: e.Field,
			Origin: origin, Title: e.Title, Parts: practice.Parts{Approach: e.Approach}, DeclaredBy: e.Declared,
		}
		if e.Continue != "" {
			old, err := h.Practices.Get(c.ctx, who, e.Continue)
			if err != nil {
				return err
			}
			in.Practice = old.Practice
		}
		made, err := h.Practices.Register(c.ctx, who, in)
		if err == nil {
			c.say(i18n.CliDone, made.Code)
		}
		return err
	})
}

type entryStep struct {
	Verb    string     `arg:"" enum:"receive,return,resubmit,refuse,withdraw,strikeOff,start,suspend,resume,end" help:"${cli_verb}"`
	Entries []string   `arg:"" help:"${cli_entries}"`
	On      clock.Date `help:"${cli_on}"`
	Reason  string     `help:"${cli_reason}"`
}

// Run takes entries through one step.
func (e entryStep) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		p := h.Practices
		verb := map[string]func(context.Context, actor.Actor, practice.Step) error{
			"receive": p.Receive, "return": p.Return, "resubmit": p.Resubmit, "refuse": p.Refuse, "withdraw": p.Withdraw,
			"strikeOff": p.StrikeOff, "start": p.Start, "suspend": p.Suspend, "resume": p.Resume, "end": p.End,
		}[e.Verb]
		ids, err := entryIDs(c, h, who, e.Entries)
		if err != nil {
			return err
		}
		if e.On == 0 {
			e.On = h.Now.Today()
		}
		return verb(c.ctx, who, practice.Step{Entries: ids, On: e.On, Reason: e.Reason})
	})
}

// entryIDs finds the identities of entries by their codes.
func entryIDs(c *call, h *app.House, who actor.Actor, codes []string) ([]string, error) {
	ids := make([]string, len(codes))
	for i, code := range codes {
		e, err := h.Practices.Get(c.ctx, who, code)
		if err != nil {
			return nil, err
		}
		ids[i] = e.ID
	}
	return ids, nil
}

type entryAdopt struct {
	Entry  string     `arg:"" help:"${cli_entry_code}"`
	Source string     `help:"${cli_source}"`
	Text   string     `help:"${cli_source_text}"`
	Place  string     `help:"${cli_source_place}"`
	Mode   string     `enum:"exact,adapted,extended" default:"adapted" help:"${cli_mode}"`
	On     clock.Date `required:"" help:"${cli_on}"`
}

// Run records that an entry took up a practice from elsewhere.
func (e entryAdopt) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		_, err := h.Replication.Adopt(c.ctx, who, replication.Input{
			Source: e.Source, SourceText: e.Text, SourcePlace: e.Place, AdoptingEntry: e.Entry, Mode: replication.Mode(e.Mode), StartedOn: e.On,
		})
		return err
	})
}

// exemplarCmd notes exemplars.
type exemplarCmd struct {
	Find exemplarFind `cmd:"" help:"${cli_exemplar_find}"`
}

type exemplarFind struct {
	Movement   string     `required:"" help:"${cli_report_movement}"`
	Entry      string     `help:"${cli_entry_code}"`
	Name       string     `help:"${cli_subject}"`
	Kind       string     `enum:"collective,individual,household" default:"collective" help:"${cli_kind}"`
	Unit       string     `help:"${cli_unit_code}"`
	Field      string     `required:"" help:"${cli_field}"`
	On         clock.Date `required:"" help:"${cli_on}"`
	Introduced string     `help:"${cli_introduced}"`
}

// Run notes that an exemplar was found: the one behind an entry, or one by name.
func (e exemplarFind) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		kind, _ := ledger.Parse(ledger.SubjectKinds(), e.Kind)
		in := practice.ExemplarInput{
			Movement: e.Movement, On: e.On, Name: e.Name, Kind: kind, Unit: e.Unit, Field: e.Field, IntroducedBy: e.Introduced,
		}
		if e.Entry != "" {
			entry, err := h.Practices.Get(c.ctx, who, e.Entry)
			if err != nil {
				return err
			}
			in.Exemplar = entry.Exemplar
		} else if e.Name == "" {
			return errs.New(errs.Invalid, i18n.ErrsRequired).On("name")
		}
		x, err := h.Practices.Find(c.ctx, who, in)
		if err == nil {
			c.say(i18n.CliDone, x.ID)
		}
		return err
	})
}
