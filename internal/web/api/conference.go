package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// conferenceDoc is a conference as programs see it: without who is invited.
type conferenceDoc struct {
	ID        string          `json:"id" doc:"Identity of the conference."`
	Movement  string          `json:"movement" doc:"Code of its movement." example:"HK-2024"`
	Period    int             `json:"period" doc:"Number of its period."`
	Kind      meetingCode     `json:"kind" doc:"What it is for."`
	State     meetingState    `json:"state" doc:"Where it stands."`
	Title     string          `json:"title" doc:"Its name."`
	On        clock.Date      `json:"on" doc:"The day."`
	Begins    string          `json:"begins,omitempty" doc:"The hour in Việt Nam." example:"08:00"`
	Place     string          `json:"place" doc:"Where it is held."`
	Occasion  string          `json:"occasion,omitempty" doc:"The occasion that it honours."`
	AsOf      clock.Date      `json:"asOf,omitempty" doc:"The day of the figures of its report, where it has one."`
	Programme []programmeItem `json:"programme,omitempty" doc:"The programme in its order; not in lists."`
}

type programmeItem struct {
	Begins string `json:"begins,omitempty" doc:"The hour."`
	What   string `json:"what" doc:"What is done."`
	Who    string `json:"who,omitempty" doc:"By whom."`
}

type conferenceList struct {
	Conferences []conferenceDoc `json:"conferences" doc:"The conferences, the latest first."`
	Next        string          `json:"next,omitempty" doc:"The cursor of the next page; missing on the last."`
}

type (
	meetingCode  string
	meetingState string
)

// Schema lists the kinds of conference.
func (meetingCode) Schema(huma.Registry) *huma.Schema { return oneOf(conference.Kinds()) }

// Schema lists the states of a conference.
func (meetingState) Schema(huma.Registry) *huma.Schema {
	return oneOf([]conference.State{conference.Planned, conference.Held, conference.Cancelled})
}

func (f *Face) conferenceOperations() {
	read(f, operation{
		id: "listConferences", path: "/conferences", right: conference.RightRead, summary: "List the conferences",
		about: "Those of the movements that the token sees, without their programmes.", answer: "A page of conferences.",
		params: append([]*huma.Param{aText("movement", "Code of the movement; every one without it.")}, paging()...),
	}, f.conferenceList)
	read(f, operation{
		id: "getConference", path: "/conferences/{conference}", right: conference.RightRead, summary: "Find a conference",
		answer: "The conference with its programme.", params: []*huma.Param{inTheAddress("conference", "Identity of the conference.")},
	}, f.conference)
}

func (f *Face) conferenceList(r *http.Request, q *webkit.FormReader) (conferenceList, error) {
	in := conference.Query{Movement: q.Text("movement", 64), Cursor: q.Text("cursor", 80), Limit: limitOf(q)}
	if err := q.Err(); err != nil {
		return conferenceList{}, err
	}
	all, next, err := f.Conferences.List(r.Context(), webkit.Actor(r), in)
	out := conferenceList{Conferences: make([]conferenceDoc, 0, len(all)), Next: next}
	for _, c := range all {
		out.Conferences = append(out.Conferences, conferenceOf(c))
	}
	return out, err
}

func (f *Face) conference(r *http.Request, _ *webkit.FormReader) (conferenceDoc, error) {
	c, err := f.Conferences.Get(r.Context(), webkit.Actor(r), r.PathValue("conference"))
	return conferenceOf(c), err
}

func conferenceOf(c conference.Conference) conferenceDoc {
	out := conferenceDoc{
		ID: c.ID, Movement: c.Movement, Period: c.Period, Kind: meetingCode(c.Kind), State: meetingState(c.State), Title: c.Title, On: c.On,
		Begins: c.Begins, Place: c.Place, Occasion: c.Occasion, AsOf: c.AsOf,
	}
	for _, it := range c.Programme {
		out.Programme = append(out.Programme, programmeItem(it))
	}
	return out
}
