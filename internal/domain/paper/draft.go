package paper

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"maps"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// draft is a paper before it is written: what the record says, what the office says, by which
// layout and for whom it is set.
type draft struct {
	about  About
	facts  facts
	sheet  Sheet // its unit is an identity
	unit   org.Unit
	head   Head
	layout rulebook.Layout
	day    clock.Date // whose names and layout: that of the paper, else today
	typed  []Name
}

// draft gathers a paper as an actor may see it.
func (s *Service) draft(ctx context.Context, who actor.Actor, about About) (draft, error) {
	f, err := s.gather(ctx, who, about)
	if err != nil {
		return draft{}, err
	}
	sheet, err := findSheet(ctx, s.db, about)
	if err != nil {
		return draft{}, err
	}
	return s.drafted(ctx, f, sheet)
}

func (s *Service) drafted(ctx context.Context, f facts, sheet Sheet) (draft, error) {
	d := draft{about: sheet.About, facts: f, sheet: sheet}
	tree, err := s.org.Current(ctx)
	if err != nil {
		return d, err
	}
	d.unit, _ = tree.Unit(cmp.Or(sheet.Unit, f.unit))
	if f.own {
		d.unit, _ = tree.Unit(f.unit)
	}
	dated := cmp.Or(f.dated, sheet.Dated)
	d.day = cmp.Or(dated, s.now.Today())
	letter, err := s.org.LetterheadOn(ctx, d.unit.ID, d.day)
	if err != nil {
		return d, err
	}
	letter.Track = trackOf(letter, d.unit)
	profile := cmp.Or(sheet.Profile, rulebook.Profile(letter.Track))
	if d.layout, err = rulebook.LayoutOn(profile, d.day); err != nil {
		return d, err
	}
	d.head = headOf(letter, profile)
	d.head.signedBy(f.signer)
	d.head.Dated, d.head.Number, d.head.Recipients = dated, cmp.Or(f.number, sheet.Number), sheet.Recipients
	d.typed, err = Typed(sheet.About.Kind)
	return d, err
}

// trackOf is whose rules a unit's papers follow: of one that never said so, those of its sort, so
// that no committee of the Party writes under the head of the State.
func trackOf(h org.Letterhead, u org.Unit) org.Track {
	if tracks := award.Tracks(u.Kind); h.From == 0 && len(tracks) == 1 {
		return org.Track(tracks[0])
	}
	return h.Track
}

// data is all that a template is filled with.
func (d draft) data() docx.Data {
	all := docx.Data{}
	maps.Copy(all, d.facts.data)
	maps.Copy(all, d.head.data())
	for _, n := range d.typed {
		all[n.Name] = paragraphs(d.sheet.Texts[n.Name], n.Open)
	}
	return all
}

func (d draft) numbering(o Office) numbering {
	return numbering{unit: d.unit.ID, profile: d.layout.Profile, kind: d.about.Kind, on: d.day, office: o}
}

func (d draft) made() Made {
	return Made{Name: i18n.Vi.T(d.about.Kind.Label()), Title: d.facts.title, Layout: d.layout}
}

// Prepared is a paper as the page shows it on which it is made.
type Prepared struct {
	Made
	Sheet   Sheet // its unit is a code; "" where the record says whose paper it is
	Unit    org.Unit
	Fixed   bool // whose paper it is, its day and number follow from the record
	Number  string
	Dated   clock.Date
	Typed   []Name
	Formats []Format
	Writer  string // what writes pages of the whole paper; "" where nothing is there that can
	Next    string // the number that would be reserved; "" where none can be
	Waits   error  // why not
	Mine    bool   // the actor may save the sheet
}

// Prepare tells what a paper would say, what is open on it, and in which forms it can be had.
func (s *Service) Prepare(ctx context.Context, who actor.Actor, about About) (Prepared, error) {
	if !who.Can(RightRead) {
		return Prepared{}, forbidden()
	}
	d, err := s.draft(ctx, who, about)
	if err != nil {
		return Prepared{}, err
	}
	made, err := s.write(ctx, d, DOCX, i18n.Vi, io.Discard)
	if err != nil {
		return Prepared{}, err
	}
	p := Prepared{
		Made: made, Sheet: d.sheet, Unit: d.unit, Fixed: d.facts.own, Number: d.head.Number, Dated: d.head.Dated, Typed: d.typed, Formats: s.formats(about.Kind),
	}
	if s.writer != nil {
		p.Writer = s.writer.Name()
	}
	tree, err := s.org.Current(ctx)
	if err != nil {
		return p, err
	}
	if u, ok := tree.Unit(p.Sheet.Unit); ok {
		p.Sheet.Unit = u.Code
	}
	p.Mine = who.Can(RightMake) && tree.InScope(who.Scope, d.unit.ID)
	if p.Mine && about.Kind.Numbered() && p.Number == "" {
		p.Next, p.Waits = s.next(ctx, d)
	}
	return p, nil
}

// next is the number that would be reserved now.
func (s *Service) next(ctx context.Context, d draft) (string, error) {
	if d.head.Dated == 0 {
		return "", errs.New(errs.Invalid, i18n.PaperNumberNeedsDay).On("dated")
	}
	o, err := officeOn(ctx, s.db, d.unit.ID, d.day)
	if err != nil {
		return "", err
	}
	n := d.numbering(o)
	if err := n.ready(); err != nil {
		return "", err
	}
	number, err := nextNumber(ctx, s.db, n.series())
	return n.text(number), err
}

// formats are those that a paper can be had in here.
func (s *Service) formats(k Kind) []Format {
	all := []Format{DOCX}
	if s.writer != nil {
		all = append(all, PDF)
	}
	if k.Listed() {
		all = append(all, XLSX, Pages)
	}
	return all
}

// Make writes a paper. That it was given out is recorded, with the template of which it was made.
func (s *Service) Make(ctx context.Context, who actor.Actor, about About, format Format, w io.Writer) (Made, error) {
	if !who.Can(RightRead) {
		return Made{}, forbidden()
	}
	d, err := s.draft(ctx, who, about)
	if err != nil {
		return Made{}, err
	}
	made, err := s.write(ctx, d, format, i18n.Vi, w)
	if err != nil {
		return made, err
	}
	return made, s.db.Write(ctx, func(tx *db.Tx) error {
		return s.log.Add(ctx, tx, who, "paper.make", audit.Object{Kind: string(about.Kind.Of()), ID: about.ID}, map[string]any{
			"kind": about.Kind, "part": about.Part, "format": format, "unit": d.unit.ID, "number": d.head.Number, "layout": d.layout.Profile,
			"template": made.Template.ID, "version": made.Template.No, "missing": len(made.Missing),
		})
	})
}

// write writes a paper in a format.
func (s *Service) write(ctx context.Context, d draft, format Format, lang i18n.Lang, w io.Writer) (Made, error) {
	made := d.made()
	switch format {
	case XLSX, Pages:
		tables := d.tables(lang)
		if len(tables) == 0 {
			return made, errs.New(errs.Invalid, i18n.PaperNoList).On("format")
		}
		if format == XLSX {
			return made, table.XLSX(w, tables...)
		}
		return made, table.PDF(w, tables...)
	case PDF:
		if s.writer == nil {
			return made, errs.New(errs.Invalid, i18n.PaperNoWriter).On("format")
		}
		var b bytes.Buffer
		made, err := s.write(ctx, d, DOCX, lang, &b)
		if err != nil {
			return made, err
		}
		return made, s.writer.PDF(ctx, b.Bytes(), w)
	case DOCX:
	default:
		return made, errs.New(errs.Invalid, i18n.PaperBadFormat).On("format")
	}
	t, own, err := s.templateFor(ctx, d)
	if err != nil {
		return made, err
	}
	made.Template = own
	if made.Missing, err = fill(t, d.about.Kind, d.data(), w); errors.Is(err, docx.ErrTooLarge) {
		err = errs.New(errs.Invalid, i18n.PaperTooLong).On("format").Because(err)
	}
	return made, err
}

func (d draft) tables(lang i18n.Lang) []table.Table {
	switch {
	case d.facts.tables != nil:
		return d.facts.tables(lang, d.head)
	case d.about.Kind.Listed():
		return sheetsOf(lang, d.head, d.facts.lists)
	default:
		return nil
	}
}

// templateFor is the template of which a paper is made: that of the office, or the shipped one.
func (s *Service) templateFor(ctx context.Context, d draft) (*docx.Template, Template, error) {
	own, err := usedTemplate(ctx, s.db, d.unit.ID, d.about.Kind, d.layout.Profile)
	if errors.Is(err, db.ErrNoRow) {
		t, err := shippedTemplate(d.about.Kind, d.layout)
		return t, Template{}, err
	}
	if err != nil {
		return nil, own, err
	}
	content, err := s.read(ctx, own)
	if err != nil {
		return nil, own, err
	}
	t, err := docx.Open(bytes.NewReader(content), int64(len(content)))
	return t, own, err
}
