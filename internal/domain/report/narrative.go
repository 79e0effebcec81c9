package report

import (
	"context"
	_ "embed"
	"errors"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Section is a part of a narrative.
type Section string

// The sections, in the order of the report.
const (
	Leadership Section = "leadership"
	Results    Section = "results"
	Limits     Section = "limits"
	Directions Section = "directions"
)

// Sections lists them in the order of the report.
func Sections() []Section { return []Section{Leadership, Results, Limits, Directions} }

// Label is the heading of the section.
func (s Section) Label() i18n.Key {
	return map[Section]i18n.Key{
		Leadership: i18n.ReportLeadership, Results: i18n.ReportResults, Limits: i18n.ReportLimits, Directions: i18n.ReportDirections,
	}[s]
}

// maxSection bounds the text of a section, in characters.
const maxSection = 20_000

// Texts are the words of a narrative by section.
type Texts map[Section]string

// Narrative is the prose of the report on a movement's period and a unit, in which figures
// stand as references. Version 0 is the draft that the program begins with.
type Narrative struct {
	Version   int
	Texts     Texts
	WrittenAt time.Time
	WrittenBy string // account
}

//go:embed draft.txt
var draft string

// begun is the draft that the program begins with.
func begun() Narrative { return Narrative{Texts: Texts{Results: strings.TrimSpace(draft)}} }

// Written is a narrative with what is to be said of it.
type Written struct {
	Narrative
	Report Report  // whose figures fill it
	Typed  []Typed // numbers that were typed by hand
}

// Filled are the words with the figures in their places.
func (w Written) Filled() map[Section]string {
	b, all := w.Report.book(), map[Section]string{}
	for _, section := range Sections() {
		all[section] = b.fill(w.Texts[section])
	}
	return all
}

// about is what a narrative belongs to.
type about struct {
	movement string // identity
	period   int
	unit     string // identity
}

func (a asked) about() about { return about{a.movement.ID, a.period.No, a.root.ID} }

// NarrativeInput is a narrative as it was written over a version.
type NarrativeInput struct {
	Query
	Over  int // the version that the writer read
	Texts Texts
}

// check gathers what is wrong with the words: too long, a mark that is not closed, a name
// that the report does not know, with the one that was likely meant.
func (in *NarrativeInput) check(b book) error {
	var l errs.List
	for _, s := range Sections() {
		text := strings.TrimSpace(strings.ReplaceAll(in.Texts[s], "\r\n", "\n"))
		in.Texts[s] = text
		l.Text(string(s), text, maxSection, false)
		b.checkMarks(&l, s, text)
	}
	return l.Err()
}

func (b book) checkMarks(l *errs.List, s Section, text string) {
	if rest := mark.ReplaceAllString(text, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		l.Add(string(s), i18n.ReportOpenMark)
	}
	for _, p := range b.pieces(text) {
		switch {
		case p.Unknown && p.Meant != "":
			l.Add(string(s), i18n.ReportUnknownMeant, p.Name, p.Meant)
		case p.Unknown:
			l.Add(string(s), i18n.ReportUnknownName, p.Name)
		}
	}
}

// Narrative is the words of a report as they stand, filled with its figures of now.
func (s *Service) Narrative(ctx context.Context, who actor.Actor, in Query) (Written, error) {
	if !who.Can(RightRead) {
		return Written{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	return s.narrativeAt(ctx, who, in, 0)
}

// NarrativeAt is an earlier version of the words, or the latest one for 0.
func (s *Service) NarrativeAt(ctx context.Context, who actor.Actor, in Query, version int) (Written, error) {
	if !who.Can(RightRead) {
		return Written{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	return s.narrativeAt(ctx, who, in, version)
}

func (s *Service) narrativeAt(ctx context.Context, who actor.Actor, in Query, version int) (Written, error) {
	a, err := s.ask(ctx, who, in)
	if err != nil {
		return Written{}, err
	}
	w := Written{}
	if w.Report, err = s.Report(ctx, who, in); err != nil {
		return w, err
	}
	if w.Narrative, err = narrativeOf(ctx, s.db, a.about(), version); err != nil {
		return w, err
	}
	b := w.Report.book()
	for _, section := range Sections() {
		w.Typed = append(w.Typed, b.typed(section, w.Texts[section])...)
	}
	return w, nil
}

// narrativeOf reads a version, or the latest one for 0; the draft where nobody wrote one.
func narrativeOf(ctx context.Context, q db.Querier, of about, version int) (Narrative, error) {
	n, err := findNarrative(ctx, q, of, version)
	switch {
	case errors.Is(err, db.ErrNoRow) && version == 0:
		return begun(), nil
	case errors.Is(err, db.ErrNoRow):
		return n, errs.New(errs.NotFound, i18n.ReportNoVersion)
	}
	return n, err
}

// Narratives lists the versions of the words, the latest first.
func (s *Service) Narratives(ctx context.Context, who actor.Actor, in Query) ([]Narrative, error) {
	if !who.Can(RightRead) {
		return nil, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	a, err := s.ask(ctx, who, in)
	if err != nil {
		return nil, err
	}
	return narratives(ctx, s.db, a.about())
}

// Write keeps the words of a report as its next version, over the one that the writer read.
// A name that the report does not know is refused; numbers typed by hand are told of, and
// stay. The same words once more make no version.
func (s *Service) Write(ctx context.Context, who actor.Actor, in NarrativeInput) (Written, error) {
	if !who.Can(RightWrite) {
		return Written{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	a, err := s.ofOneUnit(ctx, who, in.Query)
	if err != nil {
		return Written{}, err
	}
	r, err := s.Report(ctx, who, in.Query)
	if err != nil {
		return Written{}, err
	}
	b := r.book()
	if err := in.check(b); err != nil {
		return Written{Report: r}, err
	}
	w := Written{Report: r, Narrative: Narrative{Version: in.Over + 1, Texts: in.Texts, WrittenAt: s.now(), WrittenBy: who.Account}}
	for _, section := range Sections() {
		w.Typed = append(w.Typed, b.typed(section, in.Texts[section])...)
	}
	return w, s.db.Write(ctx, func(tx *db.Tx) error {
		last, err := narrativeOf(ctx, tx, a.about(), 0)
		if err != nil {
			return err
		}
		if last.Version > 0 && last.Texts.same(in.Texts) {
			w.Narrative = last
			return nil
		}
		if last.Version != in.Over {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		if err := insertNarrative(ctx, tx, a.about(), w.Narrative); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "report.write", audit.Object{Kind: "movement", ID: a.movement.ID},
			map[string]any{"period": a.period.No, "scope": a.root.Code, "version": w.Version})
	})
}

func (t Texts) same(other Texts) bool {
	for _, s := range Sections() {
		if t[s] != other[s] {
			return false
		}
	}
	return true
}

// ofOneUnit is [Service.ask] for what belongs to one unit, of which the actor sees the
// whole.
func (s *Service) ofOneUnit(ctx context.Context, who actor.Actor, in Query) (asked, error) {
	a, err := s.ask(ctx, who, in)
	if err != nil {
		return a, err
	}
	if a.root.ID == "" || !coversAll(who.Scope, a.paths) {
		return a, errs.New(errs.Invalid, i18n.ReportOneUnit).On("scope")
	}
	return a, nil
}

// coversAll tells whether a scope covers every path that a unit has had.
func coversAll(scope actor.Scope, paths []string) bool {
	for _, p := range paths {
		if !scope.Covers(p) {
			return false
		}
	}
	return true
}
