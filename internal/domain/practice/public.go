package practice

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Agreement is what those concerned agreed to. Without more, a published practice names
// no person and leaves out the parts of the form in which people are named: whom it
// serves, who took part, who gave.
type Agreement struct {
	Agreed bool   // the practice may be published
	Named  bool   // so may the name of the person or household behind it
	Detail bool   // so may the parts on the area, the forces and the resources
	Note   string // how this is known; for the office
	Reason string // why a published practice is taken down; for readers
}

// Consent notes what those concerned agree to, and how that is known. A practice that was
// public leaves a dated note at its address when the agreement is taken back.
func (s *Service) Consent(ctx context.Context, who actor.Actor, key string, in Agreement) error {
	if !who.Can(RightPublish) {
		return forbidden()
	}
	in.Note, in.Reason = strings.TrimSpace(in.Note), strings.TrimSpace(in.Reason)
	var l errs.List
	l.Text("note", in.Note, maxReason, in.Agreed)
	l.Text("reason", in.Reason, maxReason, false)
	if l.Err() != nil {
		return l.Err()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.get(ctx, tx, who, key)
		if err != nil {
			return err
		}
		e.agree(in, s.now.Today())
		e.UpdatedAt, e.UpdatedBy = s.now(), who.Account
		if err := update(ctx, tx, e); err != nil {
			return err
		}
		if !e.Detail { // a later agreement is not one to what was shared under this one
			if err := unshareDocuments(ctx, tx, e.ID); err != nil {
				return err
			}
		}
		return s.log.Add(ctx, tx, who, "practice.consent", audit.Object{Kind: "entry", ID: e.ID}, in)
	})
}

// agree notes an agreement on a day.
func (e *Entry) agree(in Agreement, today clock.Date) {
	switch {
	case in.Agreed:
		e.TakenDownOn, e.TakenDownNote = 0, ""
	case e.Consent && e.wasRecognised(today):
		e.TakenDownOn, e.TakenDownNote = today, in.Reason
	}
	e.Consent, e.ConsentNote = in.Agreed, in.Note
	e.Named, e.Detail = in.Agreed && in.Named, in.Agreed && in.Detail
}

// wasRecognised tells whether a recognition has ever taken effect by the day, even one
// that was taken back since.
func (e Entry) wasRecognised(on clock.Date) bool {
	return slices.ContainsFunc(e.Standing.Acts, func(a ledger.Act) bool { return a.Kind == ledger.Recognised && a.On <= on })
}

// PublicQuery asks for a part of the published practices. Zero values do not narrow.
type PublicQuery struct {
	Field    ledger.Field
	Kind     ledger.SubjectKind
	Unit     string // code: its whole subtree
	Movement string // code
	Practice string // identity: its years
	// Figure keeps to those that a figure counts today: [ledger.FigureTypical] or
	// [ledger.FigureReplicated], or "" for all.
	Figure ledger.Figure
	Words  string // in the title, without regard to diacritics
	Sort   ledger.Sort
	Cursor string // as the page before gave it
	Limit  int
	// Uncounted leaves out how many there are: for those who walk through all.
	Uncounted bool
	Plain     bool // without photos
}

// ReadPublic reads field, kind, unit, movement, figure, q, sort and cursor.
func ReadPublic(p Parameters) PublicQuery {
	q := ReadQuery(p)
	return PublicQuery{
		Field: q.Field, Kind: q.Kind, Unit: q.Unit, Movement: p.Text("movement", maxPlace),
		Figure: ledger.Figure(p.Choice("figure", string(ledger.FigureTypical), string(ledger.FigureReplicated))), Words: q.Name, Sort: q.Slice.Sort, Cursor: q.Slice.Cursor,
	}
}

// PublicRow is a published practice in a list: nothing in it names anybody who has not
// agreed to it.
type PublicRow struct {
	Entry, Code, Title, Unit string
	Subject                  string // "" where the name is not shown
	Summary                  string // what came of it
	Kind                     ledger.SubjectKind
	Field                    ledger.Field
	RecognisedOn             clock.Date
	Photo                    photo.Photo // the lead photo; without sizes where there is none
	key                      string
	hide                     func(string) string // what readers may not see
}

// PublicPage is a part of the published practices.
type PublicPage struct {
	Rows    []PublicRow
	Next    string               // cursor
	ByField map[ledger.Field]int // all that match, whatever their field
	Total   int                  // all that match
	Units   map[string]int       // all that match, by lead unit
}

// MaxPublic bounds a page of published practices.
const MaxPublic = 100

// Published lists the practices that everybody may see: recognised on the day, with
// consent to publication; the latest recognised first, or by name.
func (s *Service) Published(ctx context.Context, in PublicQuery) (PublicPage, error) {
	var l errs.List
	if l.Text("q", in.Words, maxSubject, false); l.Err() != nil {
		return PublicPage{}, l.Err()
	}
	in.Limit = max(1, min(in.Limit, MaxPublic))
	var page PublicPage
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		t, err := s.publicTerms(ctx, q, in)
		if err != nil {
			return err
		}
		if !in.Uncounted {
			if err := page.count(ctx, q, t, in.Field); err != nil {
				return err
			}
		}
		if in.Field != 0 {
			t.add("f.field = %s", int(in.Field))
		}
		if page.Rows, page.Next, err = listPublic(ctx, q, t, in); err != nil {
			return err
		}
		if in.Plain {
			return nil
		}
		return illustrate(ctx, q, page.Rows)
	})
	return page, err
}

// count counts all that match.
func (page *PublicPage) count(ctx context.Context, q db.Querier, t *terms, field ledger.Field) error {
	var err error
	page.ByField, page.Units, err = countPublic(ctx, q, t, field)
	for of, n := range page.ByField {
		if field == 0 || of == field {
			page.Total += n
		}
	}
	return err
}

// publicTerms are the conditions of a query, its field left aside.
func (s *Service) publicTerms(ctx context.Context, q db.Querier, in PublicQuery) (*terms, error) {
	t := &terms{}
	t.add("e.consent")
	t.add("f.status = %s", int(ledger.StatusRecognised))
	today := s.now.Today()
	t.add("f.recognised_on <= %s AND (f.irregular OR f.recognised_off > %s)", ledger.FactDay(today), ledger.FactDay(today))
	gone, err := ledger.IrregularWithout(ctx, q, ledger.FigureRecognised, today)
	if err != nil {
		return nil, err
	}
	t.out("f.entry_id", gone)
	if err := s.publicFigure(ctx, q, t, in.Figure); err != nil {
		return nil, err
	}
	if in.Kind != 0 {
		t.add("f.subject_kind = %s", int(in.Kind))
	}
	if in.Practice != "" {
		t.add("e.practice_id = %s", in.Practice)
	}
	if in.Unit != "" {
		tree, err := s.org.Tree(ctx, q)
		if err != nil {
			return nil, err
		}
		unit, ok := tree.ByCode(in.Unit)
		if !ok {
			return nil, errs.New(errs.NotFound, i18n.OrgNotFound).On("unit")
		}
		t.under(tree.Paths(unit.ID))
	}
	if in.Movement != "" {
		m, err := movement.Launched(ctx, q, in.Movement, s.now.Today())
		if err != nil {
			return nil, err
		}
		t.in("e.period_no", m.PeriodNos())
	}
	for word := range strings.FieldsSeq(viet.Fold(in.Words)) {
		t.worded(word)
	}
	return t, nil
}

// publicFigure keeps to what a figure counts today.
func (s *Service) publicFigure(ctx context.Context, q db.Querier, t *terms, figure ledger.Figure) error {
	today := s.now.Today()
	switch figure {
	case ledger.FigureTypical:
		t.add("f.typical_on <= %s AND (f.irregular OR f.typical_off > %s)", ledger.FactDay(today), ledger.FactDay(today))
	case ledger.FigureReplicated:
		t.add("f.replicated_on <= %s", ledger.FactDay(today))
	default:
		return nil
	}
	without, err := ledger.IrregularWithout(ctx, q, figure, today)
	t.out("f.entry_id", without)
	return err
}

// PublishedEntry is one of [Service.Published], by its code, with what everybody may read
// of it.
func (s *Service) PublishedEntry(ctx context.Context, code string) (Entry, error) {
	e, err := s.public(ctx, s.db, code)
	return e.ForReaders(), err
}

// Shown is a published practice with all that readers see of it.
type Shown struct {
	Entry
	Papers    []ledger.Decision // on which its recognition rests
	Photos    []photo.Photo     // the first is the lead photo
	Documents []Document
}

// Show gives a published practice, by its code, with all that readers see of it.
func (s *Service) Show(ctx context.Context, code string) (Shown, error) {
	var out Shown
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		e, err := s.public(ctx, q, code)
		if err != nil {
			return err
		}
		if out.Papers, err = s.papers(ctx, q, e); err != nil {
			return err
		}
		if out.Photos, err = photosForReaders(ctx, q, e); err != nil {
			return err
		}
		out.Documents, err = documentsForReaders(ctx, q, e)
		out.Entry = e.ForReaders()
		return err
	})
	return out, err
}

// public reads an entry that everybody may see, as the register has it.
func (s *Service) public(ctx context.Context, q db.Querier, code string) (Entry, error) {
	e, err := consented(ctx, q, code)
	if err != nil {
		return Entry{}, err
	}
	if !e.Public(s.now.Today()) {
		return Entry{}, errs.New(errs.NotFound, i18n.PracticeNotFound)
	}
	if e.Partners, err = partners(ctx, q, e.ID); err != nil {
		return Entry{}, err
	}
	err = measured(ctx, q, &e)
	return e, err
}

// consented reads an entry by its code, with where it stands, for readers.
func consented(ctx context.Context, q db.Querier, code string) (Entry, error) {
	e, err := byCode(ctx, q, code)
	if errors.Is(err, db.ErrNoRow) {
		return Entry{}, errs.New(errs.NotFound, i18n.PracticeNotFound)
	}
	if err != nil {
		return Entry{}, err
	}
	standings, err := ledger.Standings(ctx, q, []string{e.ID})
	e.Standing = standings[e.ID]
	return e, err
}

// ForReaders is the entry without what readers may not see, whether it is published or not.
func (e Entry) ForReaders() Entry {
	e.DeclaredBy, e.TypedBy, e.keeper, e.UpdatedBy, e.ConsentNote, e.Address, e.FocusBy = "", "", "", "", "", "", ""
	if !e.Detail {
		e.Parts.Area, e.Parts.Forces, e.Parts.Resources = "", "", ""
	}
	hide := e.hiding()
	e.Title = hide(e.Title)
	for _, part := range e.Parts.All() {
		*part.Text = hide(*part.Text)
	}
	e.hideMeasures(hide)
	e.Corrections = slices.Clone(e.Corrections)
	for i, c := range e.Corrections {
		e.Corrections[i].Note, e.Corrections[i].By = hide(c.Note), ""
	}
	if hidesName(e.Kind, e.Whose, e.Named) {
		e.Subject = ""
	}
	return e
}

// hiding gives a function that blots out of a text what readers may not see in it.
func (e Entry) hiding() func(string) string {
	if hidesName(e.Kind, e.Whose, e.Named) {
		return viet.Masking(e.Subject)
	}
	return func(text string) string { return text }
}

// hidesName tells whether the name of a subject is kept from readers: that of a person or
// a household that has not agreed to be named, whatever its entry is classified as.
func hidesName(entry, exemplar ledger.SubjectKind, named bool) bool {
	return !named && (entry != ledger.Collective || exemplar != ledger.Collective)
}

// Gone says that a practice was public, and since when and why it is not.
type Gone struct {
	Code string
	On   clock.Date
	Why  ledger.Kind // the act that ended it; none where the agreement was taken back
	Note string      // for readers
}

// Gone finds the note of a practice that is no longer public.
func (s *Service) Gone(ctx context.Context, code string) (Gone, error) {
	e, err := consented(ctx, s.db, code)
	if err != nil {
		return Gone{}, err
	}
	if e.TakenDownOn != 0 {
		return Gone{Code: e.Code, On: e.TakenDownOn, Note: e.TakenDownNote}, nil
	}
	today := s.now.Today()
	if e.Consent && e.wasRecognised(today) {
		for _, a := range slices.Backward(e.Standing.Acts) {
			if a.On <= today && slices.Contains(endings(), a.Kind) {
				return Gone{Code: e.Code, On: a.On, Why: a.Kind}, nil
			}
		}
	}
	return Gone{}, errs.New(errs.NotFound, i18n.PracticeNotFound)
}

// endings are the acts after which a recognised practice is not public.
func endings() []ledger.Kind {
	return []ledger.Kind{ledger.Revoked, ledger.Suspended, ledger.Ended, ledger.StruckOff, ledger.Withdrawn, ledger.Voided}
}

// Nameable tells which of some exemplars may be named to everybody: collectives, and
// whoever agreed to it in a practice that is public now.
func (s *Service) Nameable(ctx context.Context, q db.Querier, exemplars map[string]Exemplar) (map[string]bool, error) {
	may := map[string]bool{}
	var people []string
	for id, x := range exemplars {
		if may[id] = x.Kind == ledger.Collective; !may[id] {
			people = append(people, id)
		}
	}
	t, err := s.publicTerms(ctx, q, PublicQuery{})
	if err != nil {
		return nil, err
	}
	named, err := namedAmong(ctx, q, t, people)
	for _, id := range named {
		may[id] = true
	}
	return may, err
}

// summaryLength is how much of a text stands in a list, in characters.
const summaryLength = 160

// Summary is what a list says of the practice.
func (e Entry) Summary() string {
	return viet.Beginning(summaryLength, e.Parts.Outputs, e.Parts.Goals, e.Parts.Approach)
}
