package steering

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) calendarRoutes() []webkit.Route {
	const phase, duty = one + "/phases/{phase}", one + "/duties/{duty}"
	return []webkit.Route{
		desk.Get(one+"/calendar", movement.RightRead, f.calendar),
		desk.Get(one+"/calendar.ics", movement.RightRead, f.calendarFile),
		desk.Get(one+"/phases/new", movement.RightManage, f.phaseNew),
		desk.Post(one+"/phases/new", movement.RightManage, f.phaseNew),
		desk.Get(phase, movement.RightManage, f.phaseEdit),
		desk.Post(phase, movement.RightManage, f.phaseEdit),
		desk.Get(phase+"/reopen", movement.RightManage, f.phaseReopen),
		desk.Post(phase+"/reopen", movement.RightManage, f.phaseReopen),
		desk.Get(phase+"/remove", movement.RightManage, f.phaseRemove),
		desk.Post(phase+"/remove", movement.RightManage, f.phaseRemove),
		desk.Get(one+"/duties/new", movement.RightManage, f.dutyNew),
		desk.Post(one+"/duties/new", movement.RightManage, f.dutyNew),
		desk.Get(duty, movement.RightManage, f.dutyEdit),
		desk.Post(duty, movement.RightManage, f.dutyEdit),
		desk.Post(duty+"/done", movement.RightRead, f.dutyDone),
		desk.Post(duty+"/undone", movement.RightRead, f.dutyUndone),
		desk.Get(duty+"/remove", movement.RightManage, f.dutyRemove),
		desk.Post(duty+"/remove", movement.RightManage, f.dutyRemove),
	}
}

// calendarOf is the calendar of the period that is asked for.
type calendarOf struct {
	asked
	movement.Calendar
	today  clock.Date
	owners map[string]string // names of accounts
}

func (f *Face) calendarAsked(r *http.Request) (calendarOf, error) {
	a, err := f.asked(r)
	if err != nil {
		return calendarOf{}, err
	}
	c := calendarOf{asked: a, today: f.Now.Today()}
	if c.Calendar, err = f.Movements.Calendar(r.Context(), webkit.Actor(r), a.movement.Code, a.period.No); err != nil {
		return c, err
	}
	var accounts []string
	for _, d := range c.Duties {
		accounts = append(accounts, d.Account, d.DoneBy)
	}
	for _, p := range c.Phases {
		accounts = append(accounts, p.ReopenedBy)
	}
	c.owners, err = f.NamesOf(r, accounts)
	return c, err
}

// owner is whose a duty is.
func (c calendarOf) owner(lang i18n.Lang, d movement.Duty) string {
	switch {
	case d.Account != "":
		return desk.OrDash(c.owners[d.Account])
	case d.Unit != "":
		return c.unitName(d.Unit)
	default:
		return lang.T(i18n.SteeringNobody)
	}
}

// calendarView is the calendar of a period.
type calendarView struct {
	calendarOf
	tabs, periods []ui.Tab
	overdue, soon ui.Table
	phases        ui.Table
	months        []ui.Table
	buttons       []ui.Btn
	sample        bool
}

// soonDays is how far ahead a duty is coming soon.
const soonDays = 14

func (f *Face) calendar(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, err := f.calendarAsked(r)
	if err != nil {
		return err
	}
	v := calendarView{calendarOf: c, tabs: c.tabs(lang, "/calendar"), periods: c.periods("/calendar"), phases: phaseTable(lang, c)}
	v.overdue = dutyTable(lang, c, i18n.SteeringOverdue, func(d movement.Duty) bool { return d.Overdue(c.today) })
	v.soon = dutyTable(lang, c, i18n.SteeringSoon, func(d movement.Duty) bool {
		return !d.Done() && d.Due >= c.today && d.Due <= c.today+soonDays
	})
	v.months = monthTables(lang, c)
	if c.keeps {
		v.buttons = append(v.buttons,
			ui.Btn{Text: lang.T(i18n.SteeringPhaseNew), Icon: ui.IconPlus, Href: c.in("/phases/new")},
			ui.Btn{Text: lang.T(i18n.SteeringDutyNew), Icon: ui.IconPlus, Href: c.in("/duties/new")})
	}
	v.buttons = append(v.buttons,
		ui.Btn{Text: lang.T(i18n.SteeringIcs), Icon: ui.IconDownload, Href: c.in("/calendar.ics")},
		ui.Btn{Text: lang.T(i18n.SteeringHolidays), Icon: ui.IconSun, Href: fmt.Sprintf("%s?year=%d", holidaysPath, c.period.From.Year())})
	v.sample = slices.ContainsFunc(c.Phases, func(p movement.Phase) bool { return p.Sample }) ||
		slices.ContainsFunc(c.Duties, func(d movement.Duty) bool { return d.Sample })
	p, err := f.Page(r, lang.T(i18n.SteeringCalendar), c.crumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, calendarPage(p, v))
}

func phaseTone(s movement.PhaseState) ui.Tone {
	return map[movement.PhaseState]ui.Tone{
		movement.PhaseOpen: ui.OK, movement.PhaseGrace: ui.Wait, movement.PhaseReopened: ui.Wait,
	}[s]
}

func phaseTable(lang i18n.Lang, c calendarOf) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.SteeringPhases), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.SteeringPhase, i18n.SteeringState, i18n.SteeringOpens, i18n.SteeringDeadline, i18n.SteeringLast), ui.ColTitle, ui.ColStatus),
		Empty:   ui.EmptyState(ui.IconCalendar, lang.T(i18n.SteeringNoPhases), lang.T(i18n.SteeringNoPhasesText), nil),
	}
	if c.keeps {
		t.Columns = append(t.Columns, ui.Column{Label: lang.T(i18n.SteeringActions), Kind: ui.ColAction})
	}
	for _, p := range c.Phases {
		state, deadline := p.StateOn(c.today, c.Off), ui.Cell{Text: lang.Date(p.Deadline(c.Off))}
		if p.Deadline(c.Off) != p.Closes {
			deadline.Sub = lang.T(i18n.SteeringRolled, p.Closes)
		}
		last := ui.Cell{Text: lang.Date(p.Last(c.Off))}
		if p.ReopenedUntil != 0 {
			last.Sub = lang.T(i18n.SteeringReopenedBy, c.owners[p.ReopenedBy], p.ReopenedReason)
		} else if p.Grace > 0 {
			last.Sub = lang.T(i18n.SteeringGraceOf, p.Grace)
		}
		title := ui.Cell{Text: p.Name, Sub: lang.T(p.Kind.Label())}
		if p.Sample {
			title.Sub += " · " + lang.T(i18n.SteeringSampleMark)
		}
		row := ui.Row{ID: p.ID, Cells: []ui.Cell{title, {Text: lang.T(state.Label()), Tone: phaseTone(state)}, {Text: lang.Date(p.Opens)}, deadline, last}}
		if c.keeps {
			at := c.at + "/phases/" + p.ID
			query := strings.TrimPrefix(c.in(""), c.at)
			row.Cells = append(row.Cells, ui.Cell{Body: smallButtons([]ui.Btn{
				{Text: lang.T(i18n.SteeringEdit), Href: at + query, Small: true},
				{Text: lang.T(i18n.SteeringReopen), Href: at + "/reopen" + query, Small: true},
				{Text: lang.T(i18n.SteeringRemove), Href: at + "/remove" + query, Small: true, Kind: ui.Danger},
			})})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// dutyState is where a duty stands, and its colour.
func dutyState(lang i18n.Lang, c calendarOf, d movement.Duty) ui.Cell {
	switch {
	case d.Done():
		return ui.Cell{Text: lang.T(i18n.SteeringDone), Tone: ui.OK, Sub: lang.T(i18n.SteeringDoneBy, c.owners[d.DoneBy], d.DoneAt)}
	case d.Overdue(c.today):
		return ui.Cell{Text: lang.T(i18n.SteeringOverdueBy, int(c.today-d.Due)), Tone: ui.Bad}
	case d.Due <= c.today+soonDays:
		return ui.Cell{Text: lang.T(i18n.SteeringDueIn, int(d.Due-c.today)), Tone: ui.Wait}
	default:
		return ui.Cell{Text: lang.T(i18n.SteeringOpen)}
	}
}

func dutyColumns(lang i18n.Lang) []ui.Column {
	return desk.Kinds(desk.Columns(lang, i18n.SteeringDay, i18n.SteeringWhat, i18n.SteeringState, i18n.SteeringOwner, i18n.SteeringActions),
		ui.ColData, ui.ColTitle, ui.ColStatus, ui.ColData, ui.ColAction)
}

func dutyTable(lang i18n.Lang, c calendarOf, caption i18n.Key, take func(movement.Duty) bool) ui.Table {
	t := ui.Table{Columns: dutyColumns(lang), ShowCaption: true}
	for _, d := range c.Duties {
		if take(d) {
			t.Rows = append(t.Rows, dutyRow(lang, c, d))
		}
	}
	t.Caption = lang.T(caption, len(t.Rows))
	return t
}

func dutyRow(lang i18n.Lang, c calendarOf, d movement.Duty) ui.Row {
	title := ui.Cell{Text: d.Title, Sub: d.Note}
	if p, ok := c.Phase(d.Phase); ok {
		title.Sub = strings.TrimPrefix(title.Sub+" · "+p.Name, " · ")
	}
	if d.Sample {
		title.Sub = strings.TrimPrefix(title.Sub+" · "+lang.T(i18n.SteeringSampleMark), " · ")
	}
	if c.keeps {
		title.Href = c.in("/duties/" + d.ID)
	}
	return ui.Row{ID: d.ID, Cells: []ui.Cell{
		{Text: lang.Date(d.Due)}, title, dutyState(lang, c, d), {Text: c.owner(lang, d)}, {Body: dutyButtons(lang, c, d)},
	}}
}

// monthTables are the days of a period on which something begins, ends or is due, month by
// month.
func monthTables(lang i18n.Lang, c calendarOf) []ui.Table {
	type item struct {
		day clock.Date
		row ui.Row
	}
	var items []item
	for _, p := range c.Phases {
		opens := ui.Row{ID: p.ID + "-a", Cells: []ui.Cell{
			{Text: lang.Date(p.Opens)}, {Text: lang.T(i18n.SteeringPhaseOpens, p.Name)}, {Text: lang.T(p.Kind.Label())}, {Text: "–"}, {},
		}}
		deadline := p.Deadline(c.Off)
		closes := ui.Row{ID: p.ID + "-z", Cells: []ui.Cell{
			{Text: lang.Date(deadline)}, {Text: lang.T(i18n.SteeringPhaseCloses, p.Name)}, {Text: lang.T(p.Kind.Label())}, {Text: "–"}, {},
		}}
		items = append(items, item{p.Opens, opens}, item{deadline, closes})
	}
	for _, d := range c.Duties {
		items = append(items, item{d.Due, dutyRow(lang, c, d)})
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.day, b.day) })
	var all []ui.Table
	month := ""
	for _, it := range items {
		if name := lang.T(i18n.SteeringMonth, int(it.day.Month()), strconv.Itoa(it.day.Year())); name != month {
			month = name
			all = append(all, ui.Table{Caption: name, ShowCaption: true, Columns: dutyColumns(lang)})
		}
		all[len(all)-1].Rows = append(all[len(all)-1].Rows, it.row)
	}
	return all
}

// calendarFile sends the calendar as programs read it.
func (f *Face) calendarFile(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, err := f.calendarAsked(r)
	if err != nil {
		return err
	}
	text := iCalendar(lang, c, f.Now())
	return webkit.Download(w, r, webkit.Attachment{
		Name: strings.ToLower(c.movement.Code) + ".ics", Type: "text/calendar; charset=utf-8", Endings: []string{".ics"},
		Size: int64(len(text)), Content: strings.NewReader(text),
	})
}
