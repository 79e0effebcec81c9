package steering

import (
	"net/http"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// holidaysPath is the address of the days off.
const holidaysPath = "/admin/holidays"

func (f *Face) holidayRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(holidaysPath, movement.RightRead, f.holidays),
		desk.Post(holidaysPath, rulebook.RightManage, f.holidays),
	}
}

// holidayForm is the days off of a year.
type holidayForm struct {
	years          []ui.Tab
	fixed, entered ui.Table
	mayChange      bool
}

// holidays shows the days off of a year and, to who may, lets them be written.
func (f *Face) holidays(w http.ResponseWriter, r *http.Request) error {
	lang, who, q := webkit.Lang(r), webkit.Actor(r), webkit.Query(r)
	this := f.Now.Today().Year()
	year := this
	if q.Values.Has("year") {
		year = q.Int("year", 2000, 2100)
	}
	if err := q.Err(); err != nil {
		return err
	}
	saved, err := f.Movements.Holidays(r.Context(), who, year)
	if err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	v := formView{Filled: fill, back: "/admin/movements"}
	for i, h := range saved {
		v.Start(numbered("day", i), desk.Day(h.Day), numbered("name", i), h.Name)
	}
	n := squeeze(v.Values, movement.MaxHolidays+4, "day", "name")
	v.rows = v.shown(n, movement.MaxHolidays)
	status := http.StatusOK
	if v.Sent(r) {
		var all []movement.Holiday
		var names []string
		for i := range n {
			all = append(all, movement.Holiday{Day: form.Date(numbered("day", i)), Name: form.Text(numbered("name", i), 400)})
			names = append(names, numbered("day", i), numbered("name", i))
		}
		err := form.Err()
		if err == nil {
			err = f.Movements.SetHolidays(r.Context(), who, year, all)
		}
		if err == nil {
			return desk.Done(w, r, holidaysPath+"?year="+strconv.Itoa(year), i18n.SteeringHolidaysSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, names...); !ok {
			return err
		}
	}
	h := holidayForm{mayChange: who.Can(rulebook.RightManage)}
	h.fixed = holidayTable(lang, i18n.SteeringFixed, movement.FixedHolidays(year))
	h.entered = holidayTable(lang, i18n.SteeringEntered, saved)
	for y := min(year, this-1); y <= max(year, this+1); y++ {
		h.years = append(h.years, ui.Tab{Text: strconv.Itoa(y), Href: holidaysPath + "?year=" + strconv.Itoa(y), NoCount: true, Current: y == year})
	}
	p, err := f.Page(r, lang.T(i18n.SteeringHolidays), ui.Link{Text: lang.T(i18n.AdminMovements), Href: "/admin/movements"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, holidayPage(p, v, h))
}

func holidayTable(lang i18n.Lang, caption i18n.Key, all []movement.Holiday) ui.Table {
	t := ui.Table{
		Caption: lang.T(caption), ShowCaption: true, Columns: desk.Kinds(desk.Columns(lang, i18n.SteeringHoliday, i18n.SteeringDay), ui.ColTitle),
		Empty: ui.EmptyState(ui.IconSun, lang.T(i18n.SteeringNoHolidays), lang.T(i18n.SteeringNoHolidaysText), nil),
	}
	for _, h := range all {
		t.Rows = append(t.Rows, ui.Row{ID: h.Day.String(), Cells: []ui.Cell{{Text: h.Name}, {Text: lang.Date(h.Day)}}})
	}
	return t
}
