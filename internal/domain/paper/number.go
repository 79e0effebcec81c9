package paper

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Save keeps what the office says of a paper, over the version that the writer read. A number that
// is typed is the paper's: no other of its series may have it. Typed once more it may be another;
// one that was reserved and is given up is never used again.
func (s *Service) Save(ctx context.Context, who actor.Actor, about About, version int, in SheetInput) (Sheet, error) {
	if !who.Can(RightMake) {
		return Sheet{}, forbidden()
	}
	f, err := s.gather(ctx, who, about)
	if err != nil {
		return Sheet{}, err
	}
	if err := in.check(about.Kind); err != nil {
		return Sheet{}, err
	}
	next, err := s.takeIn(ctx, who, f, in)
	if err != nil {
		return Sheet{}, err
	}
	n, err := s.numberingOf(ctx, who, f, Sheet{About: about, SheetInput: next})
	if err != nil {
		return Sheet{}, err
	}
	next.Unit = n.unit
	var sheet Sheet
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if sheet, err = overwritten(ctx, tx, about, version); err != nil {
			return err
		}
		if sheet.ID != "" && next.same(sheet.SheetInput) {
			return nil
		}
		before := sheet
		sheet.SheetInput = next
		s.stamp(&sheet, who)
		if err := renumber(ctx, tx, n, before, &sheet); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "paper.save", audit.Object{Kind: string(about.Kind.Of()), ID: about.ID}, map[string]any{
			"kind": about.Kind, "part": about.Part, "number": sheet.Number, "dated": sheet.Dated, "profile": sheet.Profile,
		})
	})
	return sheet, err
}

// overwritten is the sheet as it stands, unless somebody has changed it since it was read.
func overwritten(ctx context.Context, tx *db.Tx, about About, version int) (Sheet, error) {
	sheet, err := findSheet(ctx, tx, about)
	if err == nil && sheet.Version != version {
		err = errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return sheet, err
}

func (s *Service) stamp(sheet *Sheet, who actor.Actor) {
	if sheet.ID == "" {
		sheet.ID = s.newID()
	}
	sheet.Version, sheet.UpdatedAt, sheet.UpdatedBy = sheet.Version+1, s.now(), who.Account
}

// takeIn is an input as a sheet keeps it: its unit is an identity, and what the record says is
// not taken from the form.
func (s *Service) takeIn(ctx context.Context, who actor.Actor, f facts, in SheetInput) (SheetInput, error) {
	if f.own {
		in.Unit = ""
	}
	if in.Unit != "" {
		u, err := s.office(ctx, s.db, who, in.Unit)
		if errs.Is(err, errs.NotFound) {
			err = errs.New(errs.Invalid, i18n.MovementOutOfScope).On("unit")
		}
		if err != nil {
			return in, err
		}
		in.Unit = u.ID
	}
	if f.dated != 0 {
		in.Dated = 0
	}
	if f.number != "" {
		in.Number = ""
	}
	return in, nil
}

// numberingOf is all on which the number of a sheet rests. Its paper must be one of the actor's units.
func (s *Service) numberingOf(ctx context.Context, who actor.Actor, f facts, sheet Sheet) (numbering, error) {
	d, err := s.drafted(ctx, f, sheet)
	if err != nil {
		return numbering{}, err
	}
	tree, err := s.org.Current(ctx)
	if err != nil {
		return numbering{}, err
	}
	if !tree.InScope(who.Scope, d.unit.ID) {
		return numbering{}, errs.New(errs.Invalid, i18n.PaperNotYours).On("unit")
	}
	o, err := officeOn(ctx, s.db, d.unit.ID, d.day)
	n := d.numbering(o)
	if d.head.Dated == 0 {
		n.on = 0
	}
	return n, err
}

// renumber writes a sheet, and brings the book of numbers up to what it says now.
func renumber(ctx context.Context, tx *db.Tx, n numbering, before Sheet, sheet *Sheet) error {
	series := n.series()
	if before.Reserved && sheet.Number == before.Number {
		if n.on == 0 || series != before.Series {
			return errs.New(errs.Invalid, i18n.PaperOtherSeries, before.Number).On("dated")
		}
		return putSheet(ctx, tx, *sheet)
	}
	sheet.Reserved, sheet.Series = false, ""
	if sheet.Number != "" {
		sheet.Series = series
	}
	if err := putSheet(ctx, tx, *sheet); err != nil {
		return err
	}
	if err := letGo(ctx, tx, sheet.ID); err != nil || sheet.Number == "" {
		return err
	}
	number, _ := counted(sheet.Number)
	there, err := given(ctx, tx, series, number)
	if err != nil {
		return err
	}
	if there {
		return errs.New(errs.Invalid, i18n.PaperNumberGiven, number).On("number")
	}
	return insertNumber(ctx, tx, *sheet, number)
}

// Reserve gives a paper the next number of its series. Where it has one it keeps that.
func (s *Service) Reserve(ctx context.Context, who actor.Actor, about About, version int) (Sheet, error) {
	if !who.Can(RightMake) {
		return Sheet{}, forbidden()
	}
	f, err := s.gather(ctx, who, about)
	if err != nil {
		return Sheet{}, err
	}
	if !about.Kind.Numbered() || f.number != "" {
		return Sheet{}, errs.New(errs.Conflict, i18n.PaperNoNumber)
	}
	read, err := findSheet(ctx, s.db, about)
	if err != nil {
		return Sheet{}, err
	}
	n, err := s.numberingOf(ctx, who, f, read)
	if err != nil {
		return Sheet{}, err
	}
	if err := n.ready(); err != nil {
		return Sheet{}, err
	}
	var sheet Sheet
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		sheet, err = overwritten(ctx, tx, about, version)
		if err == nil && sheet.Version != read.Version {
			err = errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		if err != nil {
			return err
		}
		if sheet.Number != "" {
			return errs.New(errs.Conflict, i18n.PaperHasNumber, sheet.Number)
		}
		if err := s.reserve(ctx, tx, who, n, &sheet); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "paper.reserve", audit.Object{Kind: string(about.Kind.Of()), ID: about.ID}, map[string]any{
			"kind": about.Kind, "part": about.Part, "series": sheet.Series, "number": sheet.Number,
		})
	})
	return sheet, err
}

func (s *Service) reserve(ctx context.Context, tx *db.Tx, who actor.Actor, n numbering, sheet *Sheet) error {
	number, err := nextNumber(ctx, tx, n.series())
	if err != nil {
		return err
	}
	sheet.Unit, sheet.Series, sheet.Number, sheet.Reserved = n.unit, n.series(), n.text(number), true
	s.stamp(sheet, who)
	if err := putSheet(ctx, tx, *sheet); err != nil {
		return err
	}
	return insertNumber(ctx, tx, *sheet, number)
}

// Offices lists how a unit signs its numbers, the latest first.
func (s *Service) Offices(ctx context.Context, who actor.Actor, unit string) ([]Office, error) {
	if !who.Can(RightMake) {
		return nil, forbidden()
	}
	u, err := s.office(ctx, s.db, who, unit)
	if err != nil {
		return nil, err
	}
	return officesOf(ctx, s.db, u.ID)
}

// SetOffice says how a unit signs its numbers from a day on; set once more for the same day, it is
// put right. Numbers that were given stay as they are.
func (s *Service) SetOffice(ctx context.Context, who actor.Actor, unit string, o Office) error {
	if !who.Can(RightMake) {
		return forbidden()
	}
	if err := o.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		u, err := s.office(ctx, tx, who, unit)
		if err != nil {
			return err
		}
		if err := putOffice(ctx, tx, u.ID, o); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "paper.office", audit.Object{Kind: "unit", ID: u.ID}, o)
	})
}
