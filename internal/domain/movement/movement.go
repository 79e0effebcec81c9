// Package movement holds the emulation movements: who launched one, on which papers,
// for whom, in which periods and fields.
//
// A movement (phong trào thi đua) is launched by a Party committee, a People's
// Committee or the Fatherland Front of a locality, on a plan and a guidance, often to
// honour an occasion. Its scope is a unit and all that lies below; its standing body is
// the unit that receives registrations and keeps the list. It may answer a movement of
// the level above. A period is a stretch of days with figures of its own, a year as a
// rule; it need not be the year of the calendar. Local fields each map to one of the
// four national ones, so that figures of many localities can be added.
//
// Decisions and minutes, on which recognitions and awards rest, are entered here too.
package movement

import (
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The rights of this capability.
const (
	RightRead   actor.Right = "movement.read"
	RightManage actor.Right = "movement.manage"
	RightDecide actor.Right = "movement.decide"
	// RightDecideAbove allows entering a paper of an authority above the actor's own units:
	// that by which a province recognises the models of a ward.
	RightDecideAbove actor.Right = "movement.decideAbove"
)

// Movement is one movement with its periods, fields and papers.
type Movement struct {
	ID           string
	Code         string
	Name         string
	Slogan       string
	Occasion     string
	Level        org.Level
	Unit         string // whose area it covers
	StandingBody string // unit
	Upper        string // the movement of the level above that it answers
	Follows      string // the movement of the year before, with which its figures are compared
	LaunchedOn   clock.Date
	Version      int
	Periods      []Period // by their first day
	Fields       []Field
	Papers       []Paper
}

// Period is a stretch of days with figures of its own: from the first day to the last,
// both within.
type Period struct {
	No       int
	Name     string
	From, To clock.Date
}

// Field is a local field under a national one.
type Field struct {
	Code     string
	Name     string
	National ledger.Field
}

// Period finds a period by its number.
func (m Movement) Period(no int) (Period, bool) {
	i := slices.IndexFunc(m.Periods, func(p Period) bool { return p.No == no })
	if i < 0 {
		return Period{}, false
	}
	return m.Periods[i], true
}

// PeriodNos are the numbers of its periods.
func (m Movement) PeriodNos() []int {
	all := make([]int, len(m.Periods))
	for i, p := range m.Periods {
		all[i] = p.No
	}
	return all
}

// PeriodOn is the period that a day is asked about: the one in which it lies, else the
// last one begun before it, else the first.
func (m Movement) PeriodOn(d clock.Date) (Period, bool) {
	if len(m.Periods) == 0 {
		return Period{}, false
	}
	last := m.Periods[0]
	for _, p := range m.Periods {
		if p.From <= d {
			last = p
		}
	}
	return last, true
}

// CutOff is the day as of which is counted where one is asked for, and its period: with no
// day that is today, or the last day of a period that is over.
func (m Movement) CutOff(asked, today clock.Date) (Period, clock.Date, bool) {
	day := asked
	if day == 0 {
		day = today
	}
	p, ok := m.PeriodOn(day)
	if asked == 0 {
		day = min(day, p.To)
	}
	return p, day, ok
}

// Field finds a field by its code.
func (m Movement) Field(code string) (Field, bool) {
	i := slices.IndexFunc(m.Fields, func(f Field) bool { return f.Code == code })
	if i < 0 {
		return Field{}, false
	}
	return m.Fields[i], true
}

// Input is what is needed to launch a movement.
type Input struct {
	Code         string
	Name         string
	Slogan       string
	Occasion     string
	Level        org.Level
	Unit         string // code
	StandingBody string // code
	Upper        string // code of a movement, or ""
	Follows      string // code of the movement of the year before, or ""
	LaunchedOn   clock.Date
	Period       PeriodInput
	Fields       []Field
	Papers       []PaperInput
}

// PeriodInput is a period that is to be opened.
type PeriodInput struct {
	Name     string
	From, To clock.Date
}

// Bounds of texts, in characters.
const (
	maxCode = 24
	maxName = 300
	maxText = 500
)

// Check gathers everything that is wrong with the input.
func (in *Input) Check() error {
	var l errs.List
	in.Code, in.Name = strings.ToUpper(strings.TrimSpace(in.Code)), strings.TrimSpace(in.Name)
	l.Text("code", in.Code, maxCode, true)
	l.Text("name", in.Name, maxName, true)
	l.Text("slogan", in.Slogan, maxText, false)
	l.Text("occasion", in.Occasion, maxText, false)
	if strings.ContainsFunc(in.Code, notCode) {
		l.Add("code", i18n.MovementCodeForm)
	}
	if !slices.Contains(org.Levels(), in.Level) {
		l.Add("level", i18n.ErrsBadChoice)
	}
	if in.LaunchedOn == 0 {
		l.Add("launchedOn", i18n.ErrsRequired)
	}
	if in.LaunchedOn >= org.DistrictEnd() && in.Level == org.District {
		l.Add("level", i18n.MovementNoDistrict, org.DistrictEnd())
	}
	in.Period.check(&l)
	checkFields(&l, in.Fields)
	checkPapers(&l, in.Papers)
	return l.Err()
}

// Check gathers everything that is wrong with the period.
func (in *PeriodInput) Check() error {
	var l errs.List
	in.check(&l)
	return l.Err()
}

func (in *PeriodInput) check(l *errs.List) {
	in.Name = strings.TrimSpace(in.Name)
	l.Text("periodName", in.Name, maxName, true)
	switch {
	case in.From == 0:
		l.Add("from", i18n.ErrsRequired)
	case in.To == 0:
		l.Add("to", i18n.ErrsRequired)
	case in.To < in.From:
		l.Add("to", i18n.MovementPeriodTurned)
	case in.To-in.From > 5*366:
		l.Add("to", i18n.MovementPeriodLong)
	}
}

func checkFields(l *errs.List, fields []Field) {
	seen := map[string]bool{}
	for _, f := range fields {
		l.Text("fields", f.Name, maxName, true)
		if f.Code == "" || strings.ContainsFunc(f.Code, notCode) || len(f.Code) > maxCode || seen[f.Code] {
			l.Add("fields", i18n.MovementFieldCode, f.Code)
		}
		if !slices.Contains(ledger.Fields(), f.National) {
			l.Add("fields", i18n.MovementFieldNational, f.Name)
		}
		seen[f.Code] = true
	}
	if len(fields) > 100 {
		l.Add("fields", i18n.MovementTooMany, 100)
	}
}

// notCode finds what may not stand in a code: it is part of addresses.
func notCode(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.'
}

// national is the list of fields of a movement that has none of its own.
func national() []Field {
	names := map[ledger.Field]string{
		ledger.Economy: "Kinh tế", ledger.CultureSociety: "Văn hóa - xã hội",
		ledger.DefenceSecurity: "Quốc phòng - an ninh", ledger.PoliticalSystem: "Xây dựng hệ thống chính trị",
	}
	var all []Field
	for _, f := range ledger.Fields() {
		all = append(all, Field{Code: f.String(), Name: names[f], National: f})
	}
	return all
}
