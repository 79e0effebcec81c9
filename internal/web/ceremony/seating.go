package ceremony

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// seatingView is who sits where.
type seatingView struct {
	desk.Filled
	conference.SeatingPlan
	lang      i18n.Lang
	rows      []hallRow
	conflicts []string
	table     ui.Table
	lines     int // of the form
	people    int
}

// hallRow is a row of the plan.
type hallRow struct {
	name  string
	seats []hallSeat
}

// hallSeat is a seat of the plan: the number of who sits there in the table; an aisle is none.
type hallSeat struct {
	text, class string
	aisle       bool
}

func (f *Face) seatingOf(r *http.Request) (seatingView, error) {
	state, _ := desk.FilledFrom(r)
	v := seatingView{Filled: state, lang: webkit.Lang(r)}
	var err error
	if v.SeatingPlan, err = f.conferences.Seating(r.Context(), webkit.Actor(r), r.PathValue("conference")); err != nil {
		return v, err
	}
	for _, p := range v.Parties {
		v.people += p.People
	}
	for _, c := range v.Conflicts {
		v.conflicts = append(v.conflicts, conflictText(v.lang, c))
	}
	v.rows, v.table = v.drawn(), v.tableOf()
	return v, nil
}

func conflictText(lang i18n.Lang, c conference.SeatConflict) string {
	what, row := lang.T(c.Kind.Label()), conference.RowName(max(c.Row, 1))
	switch c.Kind {
	case conference.SeatTwice:
		return lang.T(i18n.CeremonyConflictTwice, what, c.Party, c.Other, row, c.Number)
	case conference.SeatOutside:
		return lang.T(i18n.CeremonyConflictOutside, what, c.Party, row, c.Number)
	case conference.SeatGone:
		return lang.T(i18n.CeremonyConflictGone, what, row, c.Number)
	default:
		return lang.T(i18n.CeremonyConflictCount, what, c.Party, c.Number)
	}
}

// drawn is the plan of the hall, with the number of each party in its seats.
func (v seatingView) drawn() []hallRow {
	number := map[string]int{}
	for i, p := range v.Parties {
		number[p.Invitation] = i + 1
	}
	type seat struct{ row, at int }
	at := map[seat][]string{}
	for _, s := range v.Seated {
		text := "?"
		if n := number[s.Invitation]; n > 0 {
			text = strconv.Itoa(n)
		}
		for n := s.From; n < s.From+s.Seats && n <= v.Hall.Width(); n++ {
			at[seat{s.Row, n}] = append(at[seat{s.Row, n}], text)
		}
	}
	rows := make([]hallRow, 0, v.Hall.Rows)
	for row := 1; row <= v.Hall.Rows; row++ {
		h := hallRow{name: conference.RowName(row)}
		for n := 1; n <= v.Hall.Width(); n++ {
			if n > 1 && (n-1)%v.Hall.Seats == 0 {
				h.seats = append(h.seats, hallSeat{aisle: true})
			}
			here := at[seat{row, n}]
			one := hallSeat{text: strings.Join(here, "!")}
			switch {
			case len(here) == 0:
				one = hallSeat{text: "·", class: "free"}
			case len(here) > 1:
				one.class = "twice"
			}
			h.seats = append(h.seats, one)
		}
		rows = append(rows, h)
	}
	return rows
}

// tableOf lists the parties with their places.
func (v seatingView) tableOf() ui.Table {
	where := map[string][]string{}
	for _, s := range v.Seated {
		text := v.lang.T(i18n.CeremonySeatsText, conference.RowName(s.Row), s.From, s.From+s.Seats-1)
		if s.Seats == 1 {
			text = v.lang.T(i18n.CeremonySeatText, conference.RowName(s.Row), s.From)
		}
		where[s.Invitation] = append(where[s.Invitation], text)
	}
	t := ui.Table{
		Caption: v.lang.T(i18n.CeremonySeating),
		Columns: desk.Kinds(desk.Columns(v.lang, i18n.DashboardNo, i18n.CeremonyParty, i18n.CeremonyPeople, i18n.CeremonyWhere), ui.ColNumber, ui.ColTitle, ui.ColNumber),
		Empty:   ui.EmptyState(ui.IconUsers, v.lang.T(i18n.CeremonySeatingNone), v.lang.T(i18n.CeremonySeatingNoneText), nil),
	}
	for i, p := range v.Parties {
		text := strings.Join(where[p.Invitation], "; ")
		if text == "" {
			text = v.lang.T(i18n.CeremonyNoSeat)
		}
		t.Rows = append(t.Rows, ui.Row{ID: p.Invitation, Cells: []ui.Cell{{Text: strconv.Itoa(i + 1)}, {Text: p.Name}, {Text: v.lang.Number(p.People)}, {Text: text}}})
	}
	return t
}

func (f *Face) seating(w http.ResponseWriter, r *http.Request) error {
	v, err := f.seatingOf(r)
	if err != nil {
		return err
	}
	page, err := f.Page(r, v.lang.T(i18n.CeremonySeating), crumbs(v.lang, v.Conference)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, seatingPage(page, v))
}

func (f *Face) seatingUndo(w http.ResponseWriter, r *http.Request) error {
	return f.undone(w, r, "seating", f.conferences.UndoSeating(r.Context(), webkit.Actor(r), r.PathValue("conference"), webkit.Version(r)))
}

// moreLines is how many empty lines the form has behind what is seated.
const moreLines = 5

// seatingEdit is the form of who sits where; it can seat all anew by rule in another hall.
func (f *Face) seatingEdit(w http.ResponseWriter, r *http.Request) error {
	v, err := f.seatingOf(r)
	if err != nil {
		return err
	}
	form := webkit.Form(r)
	form.Values = v.Values
	v.start()
	status := http.StatusOK
	if v.Sent(r) {
		in := v.read(form)
		if err = form.Err(); err == nil {
			if v.Values.Has("arrange") {
				in = conference.SeatByRule(in.Hall, v.Parties)
			}
			if err = f.conferences.SetSeating(r.Context(), webkit.Actor(r), v.Conference.ID, webkit.Version(r), in); err == nil {
				return desk.Done(w, r, desk.ConferenceLink(v.Conference.ID)+"/seating", i18n.CeremonySaved)
			}
		}
		var ok bool
		if status, ok = v.Refuse(v.lang, err, v.fields()...); !ok {
			return err
		}
	}
	v.lines = v.shown()
	page, err := f.Page(r, v.lang.T(i18n.CeremonyEdit), append(crumbs(v.lang, v.Conference), ui.Link{Text: v.lang.T(i18n.CeremonySeating), Href: desk.ConferenceLink(v.Conference.ID) + "/seating"})...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, seatingFormPage(page, v))
}

// start fills the form with what holds.
func (v seatingView) start() {
	v.Start("rows", strconv.Itoa(v.Hall.Rows), "blocks", strconv.Itoa(v.Hall.Blocks), "seats", strconv.Itoa(v.Hall.Seats), webkit.VersionField, strconv.Itoa(v.Version))
	for i, s := range v.Seated {
		n := strconv.Itoa(i)
		v.Start("party"+n, s.Invitation, "row"+n, strconv.Itoa(s.Row), "from"+n, strconv.Itoa(s.From), "count"+n, strconv.Itoa(s.Seats))
	}
}

// last is how many lines of the form hold something.
func (v seatingView) last() int {
	last := 0
	for i := range conference.MaxSeated {
		if n := strconv.Itoa(i); v.Values.Get("party"+n) != "" || v.Values.Get("row"+n) != "" {
			last = i + 1
		}
	}
	return last
}

func (v seatingView) shown() int { return min(v.last()+moreLines, conference.MaxSeated) }

// read takes the lines of the form; one without a party and a row is left out.
func (v seatingView) read(form *webkit.FormReader) conference.Seating {
	in := conference.Seating{Hall: conference.Hall{
		Rows: form.Int("rows", 1, conference.MaxRows), Blocks: form.Int("blocks", 1, conference.MaxBlocks), Seats: form.Int("seats", 1, conference.MaxBlock),
	}}
	for i := range v.last() {
		n := strconv.Itoa(i)
		if v.Values.Get("party"+n) == "" && v.Values.Get("row"+n) == "" {
			continue
		}
		in.Seated = append(in.Seated, conference.Seated{
			Invitation: form.Text("party"+n, 64), Row: form.Int("row"+n, 1, conference.MaxRows),
			From: form.Int("from"+n, 1, conference.MaxBlocks*conference.MaxBlock), Seats: form.Int("count"+n, 1, conference.MaxSeats),
		})
	}
	return in
}

func (v seatingView) fields() []string {
	all := []string{"rows", "blocks", "seats"}
	for i := range v.last() {
		n := strconv.Itoa(i)
		all = append(all, "party"+n, "row"+n, "from"+n, "count"+n)
	}
	return all
}

// number is a field of the form for a whole number.
func (v seatingView) number(p ui.Page, name string, label i18n.Key, most int) ui.Field {
	f := v.Field(p, name, label)
	f.Type, f.Min, f.Max = "number", "1", strconv.Itoa(most)
	return f
}

func (v seatingView) partyOptions() []ui.OptionGroup {
	all := []ui.Option{{Text: "–"}}
	for _, p := range v.Parties {
		all = append(all, ui.Option{Value: p.Invitation, Text: p.Name})
	}
	return ui.Options(all...)
}
