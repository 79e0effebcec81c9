package practice

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// JobResubmitted tells whoever sent an entry back that it came in again.
const JobResubmitted = "practice.resubmitted"

// Resubmitted is what the job [JobResubmitted] carries.
type Resubmitted struct {
	Return  string `json:"return"`
	Entry   string `json:"entry"` // code
	AskedBy string `json:"askedBy"`
}

// Return is one round in which an entry was sent back: what was asked for, and what the
// texts were then and when they came in again.
type Return struct {
	ID            string
	Entry         string
	Round         int
	Reasons       []ReturnReason
	Note          string
	Flags         []Flag // the parts that are open again; none is all
	Before, After map[string]string
	AskedAt       time.Time
	AskedBy       string
	AnsweredAt    time.Time // zero while it waits
	AnsweredBy    string
}

// Flag is a part that is sent back, with what is wrong with it.
type Flag struct {
	Part string
	Note string
}

// The parts of an entry that can be sent back beside the name and the eight texts.
const (
	PartTitle      = "title"
	PartUnit       = "unit"  // with the partner units, who declared it and the address
	PartField      = "field" // with the kind of subject, the origin and the tags
	PartIndicators = "indicators"
	PartMeans      = "means"
	PartEvidence   = "evidence"
)

// ReturnPart is a part that can be sent back, with its word and the field of the form at
// which a mistake in it is shown.
type ReturnPart struct {
	Part  string
	Label i18n.Key
	Field string
}

// ReturnParts lists them in the order of the form.
func ReturnParts() []ReturnPart {
	all := []ReturnPart{{PartTitle, i18n.PracticePartTitle, "title"}, {PartUnit, i18n.PracticePartUnit, "unit"}, {PartField, i18n.PracticePartField, "field"}}
	for _, p := range (&Parts{}).All() {
		all = append(all, ReturnPart{p.Field, p.Label, p.Field})
	}
	return append(all, ReturnPart{PartIndicators, i18n.PracticePartIndicators, "indicator.0.name"},
		ReturnPart{PartMeans, i18n.PracticePartMeans, "resource.0.kind"}, ReturnPart{PartEvidence, i18n.PracticePartEvidence, "document"})
}

// ReturnReason says why an entry is sent back.
type ReturnReason string

// The reasons.
const (
	Unclear     ReturnReason = "unclear"
	Incomplete  ReturnReason = "incomplete"
	WrongPlace  ReturnReason = "wrongPlace" // another unit or another field
	NotCredible ReturnReason = "notCredible"
	Duplicate   ReturnReason = "duplicate"
	OtherReason ReturnReason = "other"
)

// ReturnReasons lists them in the order of forms.
func ReturnReasons() []ReturnReason {
	return []ReturnReason{Unclear, Incomplete, WrongPlace, NotCredible, Duplicate, OtherReason}
}

// Label is the word for the reason.
func (r ReturnReason) Label() i18n.Key {
	return map[ReturnReason]i18n.Key{
		Unclear: i18n.PracticeReasonUnclear, Incomplete: i18n.PracticeReasonIncomplete, WrongPlace: i18n.PracticeReasonWrongPlace,
		NotCredible: i18n.PracticeReasonNotCredible, Duplicate: i18n.PracticeReasonDuplicate, OtherReason: i18n.PracticeReasonOther,
	}[r]
}

// Opens tells whether a part may be changed by whom the entry was sent back to.
func (r *Return) Opens(part string) bool {
	return r == nil || len(r.Flags) == 0 || slices.ContainsFunc(r.Flags, func(f Flag) bool { return f.Part == part })
}

// Of is what was said about a part.
func (r *Return) Of(part string) string {
	for i := 0; r != nil && i < len(r.Flags); i++ {
		if r.Flags[i].Part == part {
			return r.Flags[i].Note
		}
	}
	return ""
}

// Changed lists the parts that came back otherwise than they were sent.
func (r *Return) Changed() []ReturnPart {
	return slices.DeleteFunc(ReturnParts(), func(p ReturnPart) bool { return r.Before[p.Part] == r.After[p.Part] })
}

// SentBack is what is asked for when an entry is sent back.
type SentBack struct {
	Step    Step
	Reasons []ReturnReason
	Flags   []Flag
}

// maxFlag bounds what is said of one part, in characters.
const maxFlag = 500

// check gathers everything that is wrong with it.
func (in *SentBack) check() error {
	var l errs.List
	if len(in.Reasons) == 0 {
		l.Add("reasons", i18n.ErrsRequired)
	}
	for _, r := range in.Reasons {
		if !slices.Contains(ReturnReasons(), r) {
			l.Add("reasons", i18n.ErrsBadChoice)
		}
	}
	seen := map[string]bool{}
	for i := range in.Flags {
		f := &in.Flags[i]
		f.Note = viet.Line(f.Note)
		if seen[f.Part] || !slices.ContainsFunc(ReturnParts(), func(p ReturnPart) bool { return p.Part == f.Part }) {
			l.Add("parts", i18n.ErrsBadChoice)
		}
		seen[f.Part] = true
		l.Text("note."+f.Part, f.Note, maxFlag, true)
	}
	if strings.TrimSpace(in.Step.Reason) == "" && len(in.Flags) == 0 {
		l.Add("reason", i18n.PracticeReturnNothing)
	}
	return l.Err()
}

// words is the reason as the ledger keeps it: it must be understood alone.
func (in SentBack) words() string {
	lines := slices.DeleteFunc([]string{in.Step.Reason}, func(s string) bool { return s == "" })
	for _, p := range ReturnParts() {
		for _, f := range in.Flags {
			if f.Part == p.Part {
				lines = append(lines, i18n.Vi.T(p.Label)+": "+f.Note)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// SendBack returns one entry with reasons and the parts that are open again; the others
// stay closed until it comes in again.
func (s *Service) SendBack(ctx context.Context, who actor.Actor, in SentBack) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	if err := in.check(); err != nil {
		return err
	}
	if err := in.Step.check(s.now.Today()); err != nil {
		return err
	}
	if len(in.Step.Entries) != 1 {
		return errs.New(errs.Invalid, i18n.PracticeNothingChosen).On("entries")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		standings, err := s.mine(ctx, tx, who, in.Step.Entries)
		if err != nil {
			return err
		}
		entry := in.Step.Entries[0]
		if err := s.inRoute(ctx, tx, ledger.Returned, in.Step.Entries); err != nil {
			return err
		}
		if err := ruleOf(ledger.Returned).allows(standings[entry], in.Step.On); err != nil {
			return err
		}
		act := in.Step.act(ledger.Returned, entry, who, standings[entry])
		act.Reason = in.words()
		if _, err := s.book.AppendAll(ctx, tx, []ledger.Act{act}); err != nil {
			return err
		}
		if err := s.openRound(ctx, tx, who, in); err != nil {
			return err
		}
		return s.auditAll(ctx, tx, who, "practice."+string(ledger.Returned), Step{Entries: in.Step.Entries, On: in.Step.On, Reason: act.Reason})
	})
}

// openRound begins a round for each entry that is sent back.
func (s *Service) openRound(ctx context.Context, tx *db.Tx, who actor.Actor, in SentBack) error {
	for _, entry := range in.Step.Entries {
		texts, err := s.textsOf(ctx, tx, who, entry)
		if err != nil {
			return err
		}
		if err := insertReturn(ctx, tx, Return{
			ID: s.newID(), Entry: entry, Reasons: in.Reasons, Note: in.Step.Reason, Flags: in.Flags, Before: texts, AskedAt: s.now(), AskedBy: who.Account,
		}); err != nil {
			return err
		}
	}
	return nil
}

// closeRound ends the round of each entry that comes in again, and tells who had asked.
func (s *Service) closeRound(ctx context.Context, tx *db.Tx, who actor.Actor, entries []string) error {
	for _, entry := range entries {
		r, err := openReturn(ctx, tx, entry)
		if err != nil {
			return err
		}
		if r == nil { // it was sent back before rounds were kept
			continue
		}
		if r.After, err = s.textsOf(ctx, tx, who, entry); err != nil {
			return err
		}
		r.AnsweredAt, r.AnsweredBy = s.now(), who.Account
		if err := answerReturn(ctx, tx, *r); err != nil {
			return err
		}
		e, err := find(ctx, tx, entry)
		if err != nil {
			return err
		}
		if err := s.queue.Enqueue(ctx, tx, jobs.Job{Kind: JobResubmitted, Payload: Resubmitted{Return: r.ID, Entry: e.Code, AskedBy: r.AskedBy}}); err != nil {
			return err
		}
	}
	return nil
}

// Returns lists the rounds in which an entry was sent back, the latest first.
func (s *Service) Returns(ctx context.Context, who actor.Actor, key string) ([]Return, error) {
	e, err := s.Get(ctx, who, key)
	if err != nil {
		return nil, err
	}
	return returns(ctx, s.db, e.ID)
}

// Mended tells whether an entry that was sent back reads otherwise now than it did then, in
// the parts that are open again.
func (s *Service) Mended(ctx context.Context, who actor.Actor, e Entry) (bool, error) {
	if !who.Can(RightRead) {
		return false, forbidden()
	}
	now, err := s.textsOf(ctx, s.db, who, e.ID)
	return e.Open != nil && slices.ContainsFunc(ReturnParts(), func(p ReturnPart) bool {
		return e.Open.Opens(p.Part) && e.Open.Before[p.Part] != now[p.Part]
	}), err
}

// textsOf writes the parts of an entry as a person compares them.
func (s *Service) textsOf(ctx context.Context, q db.Querier, who actor.Actor, entry string) (map[string]string, error) {
	e, err := s.get(ctx, q, who, entry)
	if err != nil {
		return nil, err
	}
	m, tree, err := s.surroundings(ctx, q, who, e.Period)
	if err != nil {
		return nil, err
	}
	texts := partTexts(tree, m, e)
	all, err := documents(ctx, q, e.ID)
	var titles []string
	for _, d := range all {
		if !d.Removed() {
			titles = append(titles, d.Title)
		}
	}
	texts[PartEvidence] = strings.Join(titles, "\n")
	return texts, err
}

// partTexts writes the parts of an entry that the form holds.
func partTexts(tree *org.Tree, m movement.Movement, e Entry) map[string]string {
	name := func(id string) string {
		unit, _ := tree.Unit(id)
		return unit.NameOn(m.LaunchedOn)
	}
	unit := []string{name(e.Unit)}
	for _, id := range e.Partners {
		unit = append(unit, name(id))
	}
	for _, more := range []string{e.DeclaredBy, e.Address} {
		if more != "" {
			unit = append(unit, more)
		}
	}
	field, _ := m.Field(e.Field)
	texts := map[string]string{
		PartTitle: e.Title, PartUnit: strings.Join(unit, "\n"),
		PartField:      strings.Join([]string{field.Name, i18n.Vi.T(e.Kind.Label()), i18n.Vi.T(e.Origin.Label())}, "\n"),
		PartIndicators: lines(e.Indicators), PartMeans: lines(e.Means),
	}
	for _, p := range e.Parts.All() {
		texts[p.Field] = *p.Text
	}
	return texts
}

// closedParts refuses a change of what was not sent back, to whom it was sent back to.
func closedParts(who actor.Actor, old Entry, before, after map[string]string, sameTags bool) error {
	if who.Can(RightReceive) {
		return nil
	}
	var l errs.List
	for _, p := range ReturnParts() {
		same := before[p.Part] == after[p.Part] && (p.Part != PartField || sameTags)
		if !same && !old.Open.Opens(p.Part) {
			l.Add(p.Field, i18n.PracticeNotReturned)
		}
	}
	return l.Err()
}
