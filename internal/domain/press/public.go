package press

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Headline is an article in a list: all but its text.
type Headline struct {
	ID          string
	No          int
	Slug        string
	Category    Category
	Title       string
	Lead        string
	State       State
	Unit        string
	PublishedAt time.Time
	PublishAt   time.Time
	UpdatedAt   time.Time
	Photo       photo.Photo // the lead photo as readers see it; without sizes where there is none
}

// Path is the address of a published article. The words may change with the title; the
// number finds it.
func (h Headline) Path() string { return path(h.Slug, h.No) }

// Path is the address of the article.
func (a Article) Path() string { return path(a.Slug, a.No) }

func path(slug string, no int) string {
	if slug == "" {
		slug = "bai"
	}
	return "/articles/" + slug + "-" + strconv.Itoa(no)
}

// NoOf reads the number out of the last part of an article's address; 0 where it holds
// none.
func NoOf(name string) int {
	no, err := strconv.Atoi(name[strings.LastIndexByte(name, '-')+1:])
	if err != nil || no < 0 {
		return 0
	}
	return no
}

const headlineColumns = `a.id, a.no, a.slug, a.category, a.title, a.lead, a.state, a.unit_id, a.published_at, a.publish_at, a.updated_at`

func scanHeadline(row db.Row) (Headline, error) {
	var h Headline
	err := row.Scan(&h.ID, &h.No, &h.Slug, &h.Category, &h.Title, &h.Lead, &h.State, &h.Unit, db.TimeTo(&h.PublishedAt), db.TimeTo(&h.PublishAt),
		db.TimeTo(&h.UpdatedAt))
	return h, err
}

// Page asks for a part of the published articles, the newest first.
type Page struct {
	Category Category // "" is every
	Tag      string
	Words    string // found in title, lead and tags, without regard to diacritics
	Link     Link   // articles about this record
	Unit     string // identity of the unit that speaks
	Cursor   string // as the page before gave it
	Limit    int
}

// MaxPage bounds a page of headlines.
const MaxPage = 100

// Published lists published articles, the newest first, and the cursor of the next page.
func (s *Service) Published(ctx context.Context, in Page) ([]Headline, string, error) {
	if len([]rune(in.Words)) > maxLine || len(in.Tag) > 4*maxTag {
		return nil, "", errs.New(errs.Invalid, i18n.ErrsTooLong, maxLine).On("q")
	}
	limit := max(1, min(in.Limit, MaxPage))
	where, args := []string{"a.state = 'published'"}, []any{}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if in.Category != "" {
		where = append(where, "a.category = "+arg(in.Category))
	}
	if in.Tag != "" {
		where = append(where, "a.id IN (SELECT article_id FROM press_tag WHERE tag = "+arg(viet.Fold(in.Tag))+")")
	}
	if in.Link.ID != "" {
		where = append(where, about(in.Link, arg))
	}
	if in.Unit != "" {
		where = append(where, "a.unit_id = "+arg(in.Unit))
	}
	where = append(where, worded(in.Words, arg)...)
	if at, no, ok := readCursor(in.Cursor); ok {
		where = append(where, "(a.published_at, a.no) < ("+arg(db.Time(at))+", "+arg(no)+")")
	}
	index := ""
	if in.Category == "" && in.Tag == "" && in.Link.ID == "" {
		index = byDay(s.db)
	}
	all, err := db.All(ctx, s.db, scanHeadline, `SELECT `+headlineColumns+` FROM press_article a`+index+` WHERE `+strings.Join(where, " AND ")+
		` ORDER BY a.published_at DESC, a.no DESC LIMIT `+strconv.Itoa(limit+1), args...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(all) > limit {
		all = all[:limit]
		next = cursorOf(all[limit-1])
	}
	return all, next, illustrate(ctx, s.db, all)
}

// byDay makes SQLite read what is published in the order of the days. It would rather hop
// through the index by category, five times, and sort all that it finds.
func byDay(q db.Querier) string { return db.By(q.Engine(), "press_article_published") }

// about is the condition that an article is about a record.
func about(l Link, arg func(any) string) string {
	return "a.id IN (SELECT article_id FROM press_link WHERE kind = " + arg(l.Kind) + " AND target_id = " + arg(l.ID) + ")"
}

// worded adds the conditions that each of some words stands in the folded text. A sign
// that LIKE reads in its own way stands for itself.
func worded(words string, arg func(any) string) []string {
	escape := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	var all []string
	for word := range strings.FieldsSeq(viet.Fold(words)) {
		all = append(all, `a.folded LIKE `+arg("%"+escape.Replace(word)+"%")+` ESCAPE '\'`)
	}
	return all
}

func cursorOf(h Headline) string {
	return strconv.FormatInt(h.PublishedAt.UnixMicro(), 36) + "." + strconv.Itoa(h.No)
}

func readCursor(s string) (at time.Time, no int, ok bool) {
	micros, rest, found := strings.Cut(s, ".")
	t, err := strconv.ParseInt(micros, 36, 64)
	n, err2 := strconv.Atoi(rest)
	return time.UnixMicro(t).UTC(), n, found && err == nil && err2 == nil
}

// Headline finds a published article by its number, without its text.
func (s *Service) Headline(ctx context.Context, no int) (Headline, error) {
	h, err := db.One(ctx, s.db, scanHeadline, `SELECT `+headlineColumns+` FROM press_article a WHERE a.no = $1 AND a.state = 'published'`, no)
	if errors.Is(err, db.ErrNoRow) {
		err = errs.New(errs.NotFound, i18n.PressNotFound)
	}
	return h, err
}

// Shown is a published article with what stands around it.
type Shown struct {
	Article
	Photos       []photo.Photo      // that readers may see; the first is the lead photo
	Newer, Older Headline           // by the day of publication; without a number where there is none
	Related      []Headline         // about the same records or with the same tags or words, the nearest first
	Others       []Headline         // the newest of the same category
	Events       []conference.Event // that it is about, among those that were held
}

// Show finds an article for a reader, by its number. One that was taken down is given
// without its title and its text: its page says when and why.
func (s *Service) Show(ctx context.Context, no int) (Shown, error) {
	head, err := s.Head(ctx, no)
	if err != nil {
		return Shown{}, err
	}
	if out, ok := s.shown.get(head, no); ok {
		return out, nil
	}
	out, err := s.readShown(ctx, no)
	if err == nil && len(out.Body) <= longestUnmoved {
		s.shown.put(head, no, out)
	}
	return out, err
}

func (s *Service) readShown(ctx context.Context, no int) (Shown, error) {
	var out Shown
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		a, err := findNo(ctx, q, no)
		if err != nil {
			return err
		}
		switch a.State {
		case Archived:
			out.Article = Article{ID: a.ID, No: a.No, State: a.State, ArchivedOn: a.ArchivedOn, ArchiveNote: a.ArchiveNote}
			return nil
		case Published:
		default:
			return errs.New(errs.NotFound, i18n.PressNotFound)
		}
		return out.gather(ctx, q, a)
	})
	return out, err
}

// Preview shows an article that is not published to those who may see it, with what would
// stand around it.
func (s *Service) Preview(ctx context.Context, who actor.Actor, id string) (Shown, error) {
	if !who.Can(RightRead) {
		return Shown{}, forbidden()
	}
	var out Shown
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		a, err := s.mine(ctx, q, who, id)
		if err != nil {
			return err
		}
		if a.PublishedAt.IsZero() {
			a.PublishedAt = s.now()
		}
		return out.gather(ctx, q, a)
	})
	return out, err
}

// gather puts an article together with what stands in and around it.
func (out *Shown) gather(ctx context.Context, q db.Querier, a Article) error {
	var err error
	if a.Links, err = links(ctx, q, a.ID); err != nil {
		return err
	}
	all, err := photo.Of(ctx, q, a.ID)
	if err != nil {
		return err
	}
	out.Article, out.Photos = a, photo.Shown(all)
	var meetings []string
	for _, l := range a.Links {
		if l.Kind == ToConference {
			meetings = append(meetings, l.ID)
		}
	}
	if out.Events, err = conference.Events(ctx, q, meetings); err != nil {
		return err
	}
	return out.surround(ctx, q)
}

// Around is how many articles stand beside one.
const around = 5

func (out *Shown) surround(ctx context.Context, q db.Querier) error {
	a := out.Article
	var err error
	for _, side := range []struct {
		to    *Headline
		op    string
		order string
	}{{&out.Newer, ">", "ASC"}, {&out.Older, "<", "DESC"}} {
		all, err := db.All(ctx, q, scanHeadline, `SELECT `+headlineColumns+` FROM press_article a`+byDay(q)+` WHERE a.state = 'published'
			AND (a.published_at, a.no) `+side.op+` ($1, $2) ORDER BY a.published_at `+side.order+`, a.no `+side.order+` LIMIT 1`, db.Time(a.PublishedAt), a.No)
		if err != nil {
			return err
		}
		if len(all) > 0 {
			*side.to = all[0]
		}
	}
	if out.Related, err = related(ctx, q, a); err != nil {
		return err
	}
	out.Others, err = db.All(ctx, q, scanHeadline, `SELECT `+headlineColumns+` FROM press_article a WHERE a.state = 'published'
		AND a.category = $1 AND a.id <> $2 ORDER BY a.published_at DESC, a.no DESC LIMIT `+strconv.Itoa(around), a.Category, a.ID)
	return err
}

// Desk asks for a part of the articles as those who write them see them.
type Desk struct {
	State  State // "" is every
	Words  string
	Link   Link // articles about this record
	Cursor string
	Limit  int
}

// List gives the articles of units within the actor's scope, the last changed first, with
// how many there are in each state.
func (s *Service) List(ctx context.Context, who actor.Actor, in Desk) (all []Headline, counts map[State]int, next string, err error) {
	if !who.Can(RightRead) {
		return nil, nil, "", forbidden()
	}
	limit := max(1, min(in.Limit, MaxPage))
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		scope, args, err := s.within(ctx, q, who)
		if err != nil {
			return err
		}
		if counts, err = countStates(ctx, q, scope, args); err != nil {
			return err
		}
		arg := func(v any) string {
			args = append(args, v)
			return "$" + strconv.Itoa(len(args))
		}
		if in.State != "" {
			scope += " AND a.state = " + arg(in.State)
		}
		if in.Link.ID != "" {
			scope += " AND " + about(in.Link, arg)
		}
		scope = strings.Join(append([]string{scope}, worded(in.Words, arg)...), " AND ")
		if at, no, ok := readCursor(in.Cursor); ok {
			scope += " AND (a.updated_at, a.no) < (" + arg(db.Time(at)) + ", " + arg(no) + ")"
		}
		all, err = db.All(ctx, q, scanHeadline, `SELECT `+headlineColumns+` FROM press_article a WHERE `+scope+
			` ORDER BY a.updated_at DESC, a.no DESC LIMIT `+strconv.Itoa(limit+1), args...)
		return err
	})
	if err == nil && len(all) > limit {
		all = all[:limit]
		last := all[limit-1]
		next = cursorOf(Headline{PublishedAt: last.UpdatedAt, No: last.No})
	}
	return all, counts, next, err
}

// within is the condition that an article's unit lies in the actor's scope.
func (s *Service) within(ctx context.Context, q db.Querier, who actor.Actor) (string, []any, error) {
	if who.Scope.All {
		return "1 = 1", nil, nil
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return "", nil, err
	}
	units, err := db.All(ctx, q, db.Text, `SELECT DISTINCT unit_id FROM press_article`)
	if err != nil {
		return "", nil, err
	}
	units = slices.DeleteFunc(units, func(id string) bool { return !tree.InScope(who.Scope, id) })
	if len(units) == 0 {
		return "1 = 0", nil, nil
	}
	args := make([]any, len(units))
	for i, u := range units {
		args[i] = u
	}
	return "a.unit_id IN " + db.In(1, len(units)), args, nil
}

func countStates(ctx context.Context, q db.Querier, where string, args []any) (map[State]int, error) {
	counts := map[State]int{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var st State
		var n int
		err := row.Scan(&st, &n)
		counts[st] = n
		return err
	}, `SELECT a.state, count(*) FROM press_article a WHERE `+where+` GROUP BY a.state`, args...)
	return counts, err
}

// PublishedOn is the day in Việt Nam on which an article was published.
func (h Headline) PublishedOn() clock.Date { return clock.DateOf(h.PublishedAt) }
