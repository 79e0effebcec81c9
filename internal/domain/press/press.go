// Package press tells the public what the movement has come to: articles, how readers
// rate them and what they say of them.
//
// An article (tin, bài) is drafted, put to review, approved, and published at once or at a
// set time. Who writes need not be who approves. Published wording changes only by a
// correction that stays visible, and an article that is taken down leaves a dated note at
// its address: what the public has read does not vanish without a word.
//
// An article is about records of the register: practices, exemplars, decisions, movements,
// conferences.
// Figures in its text are references (see [Figure]) and tell when the register says
// something else since.
package press

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/markup"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// The rights of this capability.
const (
	RightRead     actor.Right = "press.read"     // see drafts
	RightWrite    actor.Right = "press.write"    // draft, edit drafts, put to review
	RightPublish  actor.Right = "press.publish"  // return, approve, schedule, publish, correct, archive
	RightModerate actor.Right = "press.moderate" // pass and refuse opinions, answer, block
)

// State is where an article stands.
type State string

// The states, in the order of an article's life.
const (
	Draft     State = "draft"
	Review    State = "review"
	Approved  State = "approved"
	Scheduled State = "scheduled"
	Published State = "published"
	Archived  State = "archived"
)

// States lists them in the order of tabs.
func States() []State { return []State{Draft, Review, Approved, Scheduled, Published, Archived} }

// String is the code of the state.
func (s State) String() string { return string(s) }

// Category is a heading of the public site.
type Category string

// The categories.
const (
	News     Category = "news"     // tin tức, hoạt động
	Model    Category = "practice" // mô hình hay, cách làm hay
	Person   Category = "exemplar" // gương người tốt, việc tốt
	Honour   Category = "award"    // biểu dương, khen thưởng
	Guidance Category = "guidance" // văn bản, hướng dẫn
)

// Categories lists them in the order of menus.
func Categories() []Category { return []Category{News, Model, Person, Honour, Guidance} }

// String is the code of the category.
func (c Category) String() string { return string(c) }

// Label is the word for the category.
func (c Category) Label() i18n.Key {
	switch c {
	case Model:
		return i18n.PressCategoryPractice
	case Person:
		return i18n.PressCategoryExemplar
	case Honour:
		return i18n.PressCategoryAward
	case Guidance:
		return i18n.PressCategoryGuidance
	default:
		return i18n.PressCategoryNews
	}
}

// LinkKind says what sort of record an article is about.
type LinkKind string

// The kinds of record.
const (
	ToPractice   LinkKind = "practice" // an entry of the register
	ToExemplar   LinkKind = "exemplar"
	ToDecision   LinkKind = "decision"
	ToMovement   LinkKind = "movement"
	ToConference LinkKind = "conference"
)

// Link names a record that an article is about.
type Link struct {
	Kind LinkKind
	ID   string
}

// Article is an article with its newest wording.
type Article struct {
	ID          string
	No          int // part of the address, kept for ever
	State       State
	Unit        string
	Category    Category
	Title       string
	Slug        string
	Lead        string
	Body        string // clean HTML
	Author      string
	SourceName  string
	SourceURL   string
	Event       string // what it was written on the occasion of
	EventOn     clock.Date
	Tags        []string
	Links       []Link
	PublishAt   time.Time
	PublishedAt time.Time
	CorrectedAt time.Time
	Correction  string // what was corrected, for readers
	ArchivedOn  clock.Date
	ArchiveNote string // why it was taken down, for readers
	Version     int
	CreatedAt   time.Time
	CreatedBy   string
	UpdatedAt   time.Time
	UpdatedBy   string
}

// Input is what is written of an article.
type Input struct {
	Unit       string // code of the unit that speaks
	Category   Category
	Title      string
	Lead       string
	Body       string // HTML as an editor sends it; cleaned by Check
	Author     string
	SourceName string
	SourceURL  string
	Event      string
	EventOn    clock.Date
	Tags       []string
	Links      []Link
}

// Bounds of texts, in characters.
const (
	maxTitle = 300
	maxLead  = 1000
	maxBody  = 200_000
	maxLine  = 300
	maxURL   = 2000
	maxTags  = 20
	maxTag   = 60
	maxLinks = 50
	maxNote  = 2000
)

// Check cleans the input and gathers everything that is wrong with it.
func (in *Input) Check() error {
	var l errs.List
	in.Title, in.Author, in.SourceName, in.Event = viet.Line(in.Title), viet.Line(in.Author), viet.Line(in.SourceName), viet.Line(in.Event)
	in.Lead = strings.TrimSpace(viet.NFC(in.Lead))
	l.Text("title", in.Title, maxTitle, true)
	l.Text("lead", in.Lead, maxLead, false)
	l.Text("body", in.Body, maxBody, false)
	l.Text("author", in.Author, maxLine, false)
	l.Text("sourceName", in.SourceName, maxLine, false)
	l.Text("event", in.Event, maxLine, false)
	in.Body = markup.Clean(viet.NFC(in.Body))
	if in.Unit == "" {
		l.Add("unit", i18n.ErrsRequired)
	}
	if !slices.Contains(Categories(), in.Category) {
		l.Add("category", i18n.ErrsBadChoice)
	}
	if in.SourceURL = strings.TrimSpace(in.SourceURL); in.SourceURL != "" && !webAddress(in.SourceURL) {
		l.Add("sourceURL", i18n.PressBadAddress)
	}
	in.checkTags(&l)
	if len(in.Links) > maxLinks {
		l.Add("links", i18n.PressTooMany, maxLinks)
	}
	return l.Err()
}

func (in *Input) checkTags(l *errs.List) {
	var tags []string
	for _, t := range in.Tags {
		if t = viet.Line(t); t != "" && !slices.Contains(tags, t) {
			l.Text("tags", t, maxTag, false)
			tags = append(tags, t)
		}
	}
	if in.Tags = tags; len(tags) > maxTags {
		l.Add("tags", i18n.PressTooMany, maxTags)
	}
}

// webAddress tells whether s is an address that a reader may be sent to.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= maxURL
}

// viet.Line brings a line to one form: composed, without doubled spaces.

// missing gathers what an article lacks before it may be put before readers.
func (a Article) missing() errs.List {
	var l errs.List
	l.Text("lead", a.Lead, maxLead, false)
	if a.Lead == "" { // named in words: it is told on the page of the step, far from the form
		l.Add("lead", i18n.PressNoLead)
	}
	if markup.Text(a.Body) == "" {
		l.Add("body", i18n.PressNoBody)
	}
	if call := photoCall.FindStringSubmatch(a.Body); call != nil {
		l.Add("body", i18n.PressPhotoUncalled, call[1])
	}
	if a.Author == "" && a.SourceName == "" {
		l.Add("author", i18n.PressNoAuthor)
	}
	return l
}

// step is one change of an article's state.
type step struct {
	from  []State
	to    State
	right actor.Right
}

// The steps of an article's life, by the verb that takes them.
func steps() map[string]step {
	return map[string]step{
		"submit":   {from: []State{Draft}, to: Review, right: RightWrite},
		"return":   {from: []State{Review, Approved}, to: Draft, right: RightPublish},
		"approve":  {from: []State{Review}, to: Approved, right: RightPublish},
		"schedule": {from: []State{Approved, Scheduled}, to: Scheduled, right: RightPublish},
		"recall":   {from: []State{Scheduled}, to: Approved, right: RightPublish},
		"publish":  {from: []State{Approved, Scheduled, Archived}, to: Published, right: RightPublish},
		"archive":  {from: []State{Published}, to: Archived, right: RightPublish},
	}
}

// Possible lists the verbs that an actor may use on an article in a state.
func Possible(who actor.Actor, s State) []string {
	var verbs []string
	for _, verb := range []string{"submit", "return", "approve", "publish", "schedule", "recall", "archive"} {
		if st := steps()[verb]; who.Can(st.right) && slices.Contains(st.from, s) {
			verbs = append(verbs, verb)
		}
	}
	return verbs
}

// Editable tells whether an actor may change the wording in a state: writers until it is
// approved, those who publish always; of a published article that is a correction.
func Editable(who actor.Actor, s State) bool {
	if who.Can(RightPublish) {
		return s != Archived
	}
	return who.Can(RightWrite) && (s == Draft || s == Review)
}
