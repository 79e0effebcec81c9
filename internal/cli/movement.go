package cli

import (
	"fmt"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// movementCmd keeps the movements.
type movementCmd struct {
	List     movementList     `cmd:"" help:"${cli_movement_list}"`
	Launch   movementLaunch   `cmd:"" help:"${cli_movement_launch}"`
	Update   movementUpdate   `cmd:"" help:"${cli_movement_update}"`
	Period   movementPeriod   `cmd:"" help:"${cli_movement_period}"`
	Paper    movementPaperCmd `cmd:"" help:"${cli_movement_paper}"`
	Clone    movementClone    `cmd:"" help:"${cli_movement_clone}"`
	Calendar movementCalendar `cmd:"" help:"${cli_movement_calendar}"`
}

type movementList struct{}

// Run lists the movements with their periods.
func (movementList) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		all, err := h.Movements.List(c.ctx, who)
		if err != nil {
			return err
		}
		t := newTable(c, c.lang.T(i18n.CliCode), c.lang.T(i18n.CliName), c.lang.T(i18n.CliPeriod))
		for _, m := range all {
			for _, p := range m.Periods {
				t.row(m.Code, m.Name, fmt.Sprintf("%s – %s", c.lang.Date(p.From), c.lang.Date(p.To)))
			}
		}
		t.flush()
		return nil
	})
}

type movementLaunch struct {
	Code         string     `required:"" help:"${cli_code}"`
	Name         string     `required:"" help:"${cli_name}"`
	Slogan       string     `help:"${cli_slogan}"`
	Occasion     string     `help:"${cli_occasion}"`
	Level        string     `required:"" enum:"commune,district,province,central" help:"${cli_level}"`
	Unit         string     `required:"" help:"${cli_unit_code}"`
	StandingBody string     `required:"" help:"${cli_standing_body}"`
	Upper        string     `help:"${cli_upper}"`
	Follows      string     `help:"${cli_follows}"`
	On           clock.Date `required:"" help:"${cli_on}"`
	PeriodName   string     `required:"" help:"${cli_period_name}"`
	From         clock.Date `required:"" help:"${cli_from}"`
	To           clock.Date `required:"" help:"${cli_to}"`
}

// Run launches a movement.
func (m movementLaunch) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		made, err := h.Movements.Launch(c.ctx, who, movement.Input{
			Code: m.Code, Name: m.Name, Slogan: m.Slogan, Occasion: m.Occasion, Level: org.Level(m.Level), Unit: m.Unit,
			StandingBody: m.StandingBody, Upper: m.Upper, Follows: m.Follows, LaunchedOn: m.On,
			Period: movement.PeriodInput{Name: m.PeriodName, From: m.From, To: m.To},
		})
		if err == nil {
			c.say(i18n.CliDone, made.Code)
		}
		return err
	})
}

// movementUpdate names what is changed; what is given as nothing is emptied.
type movementUpdate struct {
	Code         string      `arg:"" help:"${cli_code}"`
	Name         *string     `help:"${cli_name}"`
	Slogan       *string     `help:"${cli_slogan}"`
	Occasion     *string     `help:"${cli_occasion}"`
	Level        *string     `enum:"commune,district,province,central" help:"${cli_level}"`
	Unit         *string     `help:"${cli_unit_code}"`
	StandingBody *string     `help:"${cli_standing_body}"`
	Upper        *string     `help:"${cli_upper}"`
	Follows      *string     `help:"${cli_follows}"`
	On           *clock.Date `help:"${cli_on}"`
}

// Run changes what a movement says of itself, over the version that it has read.
func (m movementUpdate) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		in, version, err := h.Movements.Draft(c.ctx, who, m.Code)
		if err != nil {
			return err
		}
		given(&in.Name, m.Name)
		given(&in.Slogan, m.Slogan)
		given(&in.Occasion, m.Occasion)
		given(&in.Level, (*org.Level)(m.Level))
		given(&in.Unit, m.Unit)
		given(&in.StandingBody, m.StandingBody)
		given(&in.Upper, m.Upper)
		given(&in.Follows, m.Follows)
		given(&in.LaunchedOn, m.On)
		if err := h.Movements.Update(c.ctx, who, in.Code, version, in); err != nil {
			return err
		}
		c.say(i18n.CliDone, in.Code)
		return nil
	})
}

// given sets what a flag says, where it was given.
func given[T any](to, flag *T) {
	if flag != nil {
		*to = *flag
	}
}

type movementPeriod struct {
	Code string     `arg:"" help:"${cli_code}"`
	Name string     `required:"" help:"${cli_period_name}"`
	From clock.Date `required:"" help:"${cli_from}"`
	To   clock.Date `required:"" help:"${cli_to}"`
}

// Run opens a further period.
func (p movementPeriod) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		_, err := h.Movements.OpenPeriod(c.ctx, who, p.Code, movement.PeriodInput{Name: p.Name, From: p.From, To: p.To})
		return err
	})
}

// decisionCmd enters decisions and what rests on them.
type decisionCmd struct {
	List      decisionList      `cmd:"" help:"${cli_decision_list}"`
	Enter     decisionEnter     `cmd:"" help:"${cli_decision_enter}"`
	Recognise decisionRecognise `cmd:"" help:"${cli_decision_recognise}"`
	Typical   decisionTypical   `cmd:"" help:"${cli_decision_typical}"`
	Give      decisionGive      `cmd:"" help:"${cli_decision_give}"`
}

type decisionList struct{}

// Run lists the latest decisions.
func (decisionList) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		all, err := h.Movements.Decisions(c.ctx, who, 0, 100)
		if err != nil {
			return err
		}
		t := newTable(c, "ID", c.lang.T(i18n.CliNumber), c.lang.T(i18n.CliDay), c.lang.T(i18n.CliName))
		for _, d := range all {
			t.row(d.ID, d.Number, c.lang.Date(d.SignedOn), d.Title)
		}
		t.flush()
		return nil
	})
}

type decisionEnter struct {
	Number    string     `help:"${cli_number}"`
	Minutes   bool       `help:"${cli_minutes}"`
	Authority string     `required:"" help:"${cli_authority}"`
	Level     string     `help:"${cli_level}"`
	SignedOn  clock.Date `required:"" help:"${cli_signed_on}"`
	On        clock.Date `help:"${cli_effective_on}"`
	Signer    string     `help:"${cli_signer}"`
	Title     string     `required:"" help:"${cli_title}"`
}

// Run enters a decision or minutes and prints its identity.
func (d decisionEnter) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		paper := ledger.PaperDecision
		if d.Minutes {
			paper = ledger.PaperMinutes
		}
		made, err := h.Movements.Decide(c.ctx, who, movement.DecisionInput{
			Paper: paper, Number: d.Number, Authority: d.Authority, Level: org.Level(d.Level), SignedOn: d.SignedOn, On: d.On,
			Signer: d.Signer, Title: d.Title,
		})
		if err == nil {
			c.say(i18n.CliDone, made.ID)
		}
		return err
	})
}

type decisionRecognise struct {
	Decision string   `arg:"" help:"${cli_decision_id}"`
	Entries  []string `arg:"" help:"${cli_entries}"`
}

// Run recognises entries by a decision.
func (d decisionRecognise) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		ids, err := entryIDs(c, h, who, d.Entries)
		if err != nil {
			return err
		}
		return h.Practices.Recognise(c.ctx, who, d.Decision, ids)
	})
}

type decisionTypical struct {
	Decision string   `arg:"" help:"${cli_decision_id}"`
	Entries  []string `arg:"" help:"${cli_entries}"`
}

// Run names entries typical by a decision or minutes.
func (d decisionTypical) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		ids, err := entryIDs(c, h, who, d.Entries)
		if err != nil {
			return err
		}
		return h.Practices.NameTypical(c.ctx, who, d.Decision, ids)
	})
}

type decisionGive struct {
	Decision    string   `arg:"" help:"${cli_decision_id}"`
	Entries     []string `arg:"" help:"${cli_entries}"`
	Movement    string   `required:"" help:"${cli_report_movement}"`
	Praise      bool     `help:"${cli_praise}"`
	Form        string   `help:"${cli_form}"`
	Track       string   `enum:"state,party,front" default:"state" help:"${cli_track}"`
	Achievement string   `help:"${cli_achievement}"`
}

// Run praises or awards those behind entries under a decision.
func (d decisionGive) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		in := award.Input{Kind: award.Given, Movement: d.Movement, Decision: d.Decision, Track: rulebook.Track(d.Track), Form: d.Form}
		if d.Praise {
			in.Kind, in.Track, in.Form = award.Praise, "", ""
		}
		for _, code := range d.Entries {
			e, err := h.Practices.Get(c.ctx, who, code)
			if err != nil {
				return err
			}
			in.Recipients = append(in.Recipients, award.Recipient{Exemplar: e.Exemplar, Entry: e.ID, Achievement: d.Achievement})
		}
		_, err := h.Awards.Give(c.ctx, who, in)
		return err
	})
}
