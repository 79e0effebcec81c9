package appraisal

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// PaperKind says what a paper is.
type PaperKind string

// The papers on the way to a decision.
const (
	SelectionMinutes PaperKind = "selection"
	AppraisalMinutes PaperKind = "appraisal"
	Submission       PaperKind = "submission"
)

// PaperKinds lists them in the order of the way.
func PaperKinds() []PaperKind { return []PaperKind{SelectionMinutes, AppraisalMinutes, Submission} }

// Label is the word for the kind.
func (k PaperKind) Label() i18n.Key {
	switch k {
	case SelectionMinutes:
		return i18n.AppraisalPaperSelection
	case AppraisalMinutes:
		return i18n.AppraisalPaperAppraisal
	default:
		return i18n.AppraisalPaperSubmission
	}
}

// Paper is minutes or a letter of submission, as it was made: a frozen record.
type Paper struct {
	ID          string
	Kind        PaperKind
	Period      int
	Unit        string // whose paper it is
	Path        string
	Level       org.Level // of the recognition that it leads to
	Number      string
	On          clock.Date
	Place       string
	Addressee   string
	Chair       string
	Secretary   string
	Present     []string
	Absent      []string
	Conclusions string
	Proposal    string // by which a level above judged what it names, or ""
	FileName    string // where it came as a file
	FileKind    blob.Kind
	FileHash    string
	FileSize    int64
	MadeAt      time.Time
	MadeBy      string
	VoidedAt    time.Time
	VoidedBy    string
	VoidReason  string
	Entries     []PaperEntry
	Count       int // of its entries, in lists
}

// Voided tells whether the paper counts no more.
func (p Paper) Voided() bool { return !p.VoidedAt.IsZero() }

// Uploaded tells whether the paper is a file.
func (p Paper) Uploaded() bool { return p.FileHash != "" }

// PaperEntry is an entry as a paper names it.
type PaperEntry struct {
	Entry   string
	Code    string
	Title   string
	Unit    string  // name on the day of the paper
	Verdict Verdict // of a selection what the meeting proposed, else what the appraisal came to
	Reason  string  // why it did not pass
	Points  int
	For, Of int // votes; 0 of 0 is not voted
}

// PaperInput is a paper as a form has it.
type PaperInput struct {
	Kind        PaperKind
	Unit        string    // code
	Level       org.Level // none is the unit's
	Number      string
	On          clock.Date
	Place       string
	Addressee   string
	Chair       string
	Secretary   string
	Present     []string
	Absent      []string
	Conclusions string
	Proposal    string // where a level above judged, by which proposal
	Entries     []PaperEntry
	File        *practice.File
}

// MaxPeople bounds who is named in minutes.
const MaxPeople = 60

// Check gathers everything that is wrong with the input.
func (in *PaperInput) Check(today clock.Date) error {
	var l errs.List
	for _, line := range []*string{&in.Number, &in.Place, &in.Addressee, &in.Chair, &in.Secretary, &in.Conclusions} {
		*line = tidy(*line)
	}
	if !slices.Contains(PaperKinds(), in.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if in.Level != org.NoLevel && !slices.Contains(org.Levels(), in.Level) {
		l.Add("level", i18n.ErrsBadChoice)
	}
	l.Text("number", in.Number, 100, false)
	l.Text("place", in.Place, MaxLine, false)
	l.Text("addressee", in.Addressee, MaxLine, false)
	l.Text("chair", in.Chair, MaxLine, false)
	l.Text("secretary", in.Secretary, MaxLine, false)
	l.Text("conclusions", in.Conclusions, MaxText, false)
	in.Present, in.Absent = people(&l, "present", in.Present), people(&l, "absent", in.Absent)
	switch {
	case in.On == 0:
		l.Add("on", i18n.ErrsRequired)
	case in.On > today:
		l.Add("on", i18n.MovementFuture, in.On)
	}
	if len(in.Entries) == 0 || len(in.Entries) > maxMany {
		l.Add("entries", i18n.PracticeNothingChosen)
	}
	in.checkEntries(&l)
	return l.Err()
}

func (in *PaperInput) checkEntries(l *errs.List) {
	seen := map[string]bool{}
	in.Entries = slices.DeleteFunc(in.Entries, func(e PaperEntry) bool {
		twice := seen[e.Entry]
		seen[e.Entry] = true
		return twice
	})
	for _, e := range in.Entries {
		if e.Verdict != NoVerdict && !slices.Contains(Verdicts(), e.Verdict) {
			l.Add("verdict."+e.Entry, i18n.ErrsBadChoice)
		}
		if e.For < 0 || e.Of < 0 || e.For > e.Of || e.Of > MaxVotes {
			l.Add("votes."+e.Entry, i18n.AppraisalVotesRange)
		}
	}
}

// MaxVotes bounds the votes on an entry.
const MaxVotes = 10_000

func people(l *errs.List, field string, names []string) []string {
	var all []string
	for _, name := range names {
		if name = tidy(name); name != "" {
			all = append(all, name)
		}
	}
	if len(all) > MaxPeople {
		l.Add(field, i18n.MovementTooMany, MaxPeople)
	}
	l.Text(field, strings.Join(all, "\n"), MaxText, false)
	return all
}

// Record makes a paper from the data, or keeps the file of one. What it says of an entry's
// appraisal is what was recorded of it: minutes name no entry that was not appraised, and a
// letter of submission none that is not put forward.
func (s *Service) Record(ctx context.Context, who actor.Actor, in PaperInput) (Paper, error) {
	if !who.Can(RightReport) || in.Kind != SelectionMinutes && !who.Can(RightAppraise) {
		return Paper{}, forbidden()
	}
	if err := in.Check(s.now.Today()); err != nil {
		return Paper{}, err
	}
	p := Paper{
		ID: s.newID(), Kind: in.Kind, Level: in.Level, Number: in.Number, On: in.On, Place: in.Place, Addressee: in.Addressee, Chair: in.Chair,
		Secretary: in.Secretary, Present: in.Present, Absent: in.Absent, Conclusions: in.Conclusions, Proposal: in.Proposal, Entries: in.Entries,
		MadeAt: s.now(), MadeBy: who.Account,
	}
	if err := s.keepFile(ctx, &p, in.File); err != nil {
		return Paper{}, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		tree, err := s.org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		if err := p.issuedBy(tree, who, in.Unit); err != nil {
			return err
		}
		if err := p.fill(ctx, tx, who, tree); err != nil {
			return err
		}
		if err := insertPaper(ctx, tx, p); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "appraisal.paper.record", audit.Object{Kind: "paper", ID: p.ID},
			map[string]any{"kind": p.Kind, "number": p.Number, "on": p.On, "entries": len(p.Entries), "file": p.FileHash})
	})
	return p, err
}

func (s *Service) keepFile(ctx context.Context, p *Paper, file *practice.File) error {
	if file == nil {
		return nil
	}
	d, err := practice.ReadDocument("", file)
	if err != nil {
		return err
	}
	ref, err := s.files.Put(ctx, io.NewSectionReader(file.Content, 0, file.Size), practice.MaxFile)
	p.FileName, p.FileKind, p.FileHash, p.FileSize = d.FileName, d.FileKind, ref.SHA256, ref.Size
	return err
}

// issuedBy puts in whose paper it is.
func (p *Paper) issuedBy(tree *org.Tree, who actor.Actor, code string) error {
	unit, ok := tree.ByCode(code)
	if !ok || !tree.InScope(who.Scope, unit.ID) {
		return errs.New(errs.Invalid, i18n.MovementOutOfScope).On("unit")
	}
	if !unit.On(p.On) {
		return errs.New(errs.Invalid, i18n.OrgNotValidOn, unit.NameOn(p.On), p.On).On("unit")
	}
	p.Unit, p.Path = unit.ID, tree.PathOn(unit.ID, p.On)
	own := levelOf(tree, unit, p.On)
	if p.Level == org.NoLevel {
		p.Level = own
	}
	// A letter goes upward; minutes of an appraisal rest on the issuer's own authority.
	if p.Kind == AppraisalMinutes && slices.Index(org.Levels(), p.Level) > slices.Index(org.Levels(), own) {
		return errs.New(errs.Invalid, i18n.AppraisalAboveItself).On("level")
	}
	return nil
}

// levelOf is the level of a unit or, of a body that has none, of the unit that it serves.
func levelOf(tree *org.Tree, unit org.Unit, on clock.Date) org.Level {
	if level := unit.LevelOn(on); level != org.NoLevel {
		return level
	}
	for _, above := range slices.Backward(tree.Above(unit.ID, on)) {
		if level := above.LevelOn(on); level != org.NoLevel {
			return level
		}
	}
	return org.NoLevel
}

// fill writes down the entries as they are now.
func (p *Paper) fill(ctx context.Context, q db.Querier, who actor.Actor, tree *org.Tree) error {
	ids := make([]string, len(p.Entries))
	for i, e := range p.Entries {
		ids[i] = e.Entry
	}
	rows, err := mine(ctx, q, who, ids)
	if err != nil {
		return err
	}
	periods, err := periodsOf(ctx, q, ids)
	if err != nil {
		return err
	}
	if len(periods) != 1 {
		return errs.New(errs.Invalid, i18n.AppraisalOnePeriod).On("entries")
	}
	p.Period = periods[0]
	barred, err := p.barred(ctx, q, who, tree, ids)
	if err != nil {
		return err
	}
	verdicts, err := verdictsOf(ctx, q, ids, p.Proposal)
	if err != nil {
		return err
	}
	var no refusals
	for i := range p.Entries {
		e := &p.Entries[i]
		row := rows[e.Entry]
		if !goes(row.Status) {
			no.add(i18n.AppraisalNotGoing, NoVerdict, row.Code)
		}
		unit, _ := tree.Unit(row.Unit)
		e.Code, e.Title, e.Unit = row.Code, row.Title, unit.NameOn(p.On)
		switch why, is := barred[e.Entry]; {
		case is:
			no.add(why, NoVerdict, row.Code)
		case p.Kind != SelectionMinutes:
			e.follow(&no, p.Kind, verdicts[e.Entry])
		}
	}
	p.Count = len(p.Entries)
	return no.err()
}

// barred tells which entries the paper may not name, and why: each level rests on a verdict
// of its own, which a proposal brings to the one above.
func (p *Paper) barred(ctx context.Context, q db.Querier, who actor.Actor, tree *org.Tree, ids []string) (map[string]i18n.Key, error) {
	if p.Kind == SelectionMinutes {
		p.Proposal = ""
	}
	if p.Proposal != "" {
		return p.unproposed(ctx, q, who, tree, ids)
	}
	no := map[string]i18n.Key{}
	if p.Kind != AppraisalMinutes {
		return no, nil
	}
	there, err := minutedElsewhere(ctx, q, ids, p.Level)
	if err != nil {
		return nil, err
	}
	open, err := openlyProposed(ctx, q, ids, p.Level)
	for id := range there {
		no[id] = i18n.AppraisalVerdictElsewhere
	}
	for id := range open {
		no[id] = i18n.AppraisalNeedsProposal
	}
	return no, err
}

// unproposed tells which entries do not wait in the proposal by which the paper is made; the
// paper must be one of the level that received it.
func (p *Paper) unproposed(ctx context.Context, q db.Querier, who actor.Actor, tree *org.Tree, ids []string) (map[string]i18n.Key, error) {
	from, err := myProposal(ctx, q, who, p.Proposal)
	if err != nil {
		return nil, err
	}
	receiver := actor.Scope{Paths: tree.Paths(from.To)}
	if !from.ReceivedBy(who) || !receiver.Covers(p.Path) || p.Level != from.Level {
		return nil, errs.New(errs.Invalid, i18n.AppraisalOtherLevel).On("unit")
	}
	no := map[string]i18n.Key{}
	for _, id := range ids {
		no[id] = i18n.AppraisalNotProposed
	}
	for _, x := range from.Entries {
		if delete(no, x.Entry.Entry); x.Returned {
			no[x.Entry.Entry] = i18n.AppraisalGivenBack
		}
	}
	return no, nil
}

// follow takes over what was recorded of an entry's appraisal; a paper that says another
// thing is refused.
func (e *PaperEntry) follow(no *refusals, kind PaperKind, given Appraisal) {
	switch {
	case given.Verdict == NoVerdict:
		no.add(i18n.AppraisalNoVerdict, NoVerdict, e.Code)
	case e.Verdict != NoVerdict && e.Verdict != given.Verdict:
		no.add(i18n.AppraisalOtherVerdict, given.Verdict, e.Code)
	case kind == Submission && !given.Verdict.Recommends():
		no.add(i18n.AppraisalNotPutForward, given.Verdict, e.Code)
	}
	e.Verdict, e.Points, e.Reason = given.Verdict, given.Points, given.Reason
	if given.Verdict != Failed {
		e.Reason = ""
	}
}

// Void takes a paper out of account, with a reason: it stays and can be read.
func (s *Service) Void(ctx context.Context, who actor.Actor, id, reason string) error {
	if !who.Can(RightAppraise) {
		return forbidden()
	}
	var l errs.List
	reason = tidy(reason)
	if l.Text("reason", reason, MaxReason, true); l.Err() != nil {
		return l.Err()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := myPaper(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if p.Voided() {
			return errs.New(errs.Conflict, i18n.AppraisalPaperVoided)
		}
		p.VoidedAt, p.VoidedBy, p.VoidReason = s.now(), who.Account, reason
		if err := voidPaper(ctx, tx, p); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "appraisal.paper.void", audit.Object{Kind: "paper", ID: id}, map[string]any{"reason": reason})
	})
}

// Papers lists the papers of a period that the actor sees, the latest first, without their
// entries.
func (s *Service) Papers(ctx context.Context, who actor.Actor, x Page) (all []Paper, next string, err error) {
	if !who.Can(RightRead) {
		return nil, "", forbidden()
	}
	all, err = papers(ctx, s.db, who.Scope, x)
	if len(all) > perPage {
		all = all[:perPage]
		next = all[perPage-1].ID
	}
	return slices.DeleteFunc(all, func(p Paper) bool { return !who.Scope.Covers(p.Path) }), next, err
}

// Paper finds a paper with its entries.
func (s *Service) Paper(ctx context.Context, who actor.Actor, id string) (Paper, error) {
	if !who.Can(RightRead) {
		return Paper{}, forbidden()
	}
	return myPaper(ctx, s.db, who, id)
}

// PapersOf lists the papers that name an entry, the latest first.
func (s *Service) PapersOf(ctx context.Context, who actor.Actor, entry string) ([]Paper, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	if _, err := mine(ctx, s.db, who, []string{entry}); err != nil {
		return nil, err
	}
	all, err := papersOf(ctx, s.db, entry)
	return slices.DeleteFunc(all, func(p Paper) bool { return !who.Scope.Covers(p.Path) }), err
}

// OpenPaper opens the file of a paper; who asks closes it.
func (s *Service) OpenPaper(ctx context.Context, who actor.Actor, id string) (Paper, io.ReadCloser, error) {
	if !who.Can(RightRead) {
		return Paper{}, nil, forbidden()
	}
	p, err := myPaper(ctx, s.db, who, id)
	if err == nil && !p.Uploaded() {
		err = noPaper()
	}
	if err != nil {
		return Paper{}, nil, err
	}
	content, err := s.files.Open(ctx, blob.Ref{SHA256: p.FileHash, Size: p.FileSize})
	return p, content, err
}

// KeptFiles tells which of some files belong to a paper.
func (s *Service) KeptFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	return keptFiles(ctx, s.db, hashes)
}

func noPaper() error { return errs.New(errs.NotFound, i18n.AppraisalNoPaper) }

func orNoPaper(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return noPaper()
	}
	return err
}
