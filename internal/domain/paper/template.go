package paper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Template is a version of an office's own template for a sort of paper.
type Template struct {
	ID       string
	Unit     string // identity
	Kind     Kind
	Profile  rulebook.Profile
	No       int // of the version, from 1
	FileName string
	FileHash string
	FileSize int64
	AddedAt  time.Time
	AddedBy  string // account
	TriedAt  time.Time
	TriedBy  string
	TriedOn  string // the record, by what it is called
	OnAt     time.Time
	OnBy     string
	OffAt    time.Time
	OffBy    string
}

// Tried tells whether the template was tried on a record.
func (t Template) Tried() bool { return !t.TriedAt.IsZero() }

// On tells whether papers are made of the template.
func (t Template) On() bool { return !t.OnAt.IsZero() && t.OffAt.IsZero() }

// MaxTemplate bounds the file of a template, in bytes.
const MaxTemplate = 20 << 20

// maxTemplates bounds the versions that are listed.
const maxTemplates = 100

// TemplateAt says of which office a template is, for which papers.
type TemplateAt struct {
	Unit    string // code
	Kind    Kind
	Profile rulebook.Profile
}

// File is a template as it comes. Its name is a text to be shown, and says nothing about what it is.
type File struct {
	Name    string
	Content io.ReaderAt
	Size    int64
}

// office finds the unit whose templates and numbers the actor may look after.
func (s *Service) office(ctx context.Context, q db.Querier, who actor.Actor, code string) (org.Unit, error) {
	tree, err := s.org.Tree(ctx, q)
	if err != nil {
		return org.Unit{}, err
	}
	u, ok := tree.ByCode(code)
	if !ok || !tree.InScope(who.Scope, u.ID) {
		return org.Unit{}, errs.New(errs.NotFound, i18n.OrgNotFound).On("unit")
	}
	return u, nil
}

// Upload keeps a template of an office as a new version, switched off. What is wrong with it is
// no error: Problems tells it, and it cannot be switched on.
func (s *Service) Upload(ctx context.Context, who actor.Actor, at TemplateAt, file *File) (Template, error) {
	if !who.Can(RightTemplate) {
		return Template{}, forbidden()
	}
	t, err := s.uploaded(ctx, at, file)
	if err != nil {
		return t, err
	}
	t.ID, t.AddedAt, t.AddedBy = s.newID(), s.now(), who.Account
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		u, err := s.office(ctx, tx, who, at.Unit)
		if err != nil {
			return err
		}
		t.Unit = u.ID
		last, err := lastTemplate(ctx, tx, t)
		if err != nil {
			return err
		}
		t.No = last + 1
		if err := insertTemplate(ctx, tx, t); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "paper.template.upload", audit.Object{Kind: "template", ID: t.ID}, t.record())
	})
	return t, err
}

// uploaded looks at what came and keeps its bytes.
func (s *Service) uploaded(ctx context.Context, at TemplateAt, file *File) (Template, error) {
	t := Template{Kind: at.Kind, Profile: at.Profile}
	if _, ok := at.Kind.sort(); !ok {
		return t, errs.New(errs.NotFound, i18n.PaperBadKind, string(at.Kind))
	}
	var l errs.List
	if _, err := rulebook.LayoutOn(at.Profile, s.now.Today()); err != nil {
		l.Add("profile", i18n.ErrsBadChoice)
	}
	if file == nil {
		l.Add("file", i18n.ErrsRequired)
	} else if file.Size > MaxTemplate {
		l.Add("file", i18n.PaperTooLarge)
	}
	if err := l.Err(); err != nil {
		return t, err
	}
	kind, err := blob.Sniff(file.Content, file.Size)
	if err != nil || kind != blob.DOCX {
		return t, errs.New(errs.Invalid, i18n.PaperNoDocument).On("file").Because(err)
	}
	if _, err := Check(at.Kind, file.Content, file.Size); err != nil {
		return t, err
	}
	ref, err := s.files.Put(ctx, io.NewSectionReader(file.Content, 0, file.Size), MaxTemplate)
	t.FileName, t.FileHash, t.FileSize = blob.Name(file.Name), ref.SHA256, ref.Size
	if t.FileName == "" {
		t.FileName = string(at.Kind) + ".docx"
	}
	return t, err
}

// record is what the audit keeps of a template.
func (t Template) record() map[string]any {
	return map[string]any{"unit": t.Unit, "kind": t.Kind, "profile": t.Profile, "no": t.No, "file": t.FileHash}
}

// Template finds a version of a template of an office within the actor's scope.
func (s *Service) Template(ctx context.Context, who actor.Actor, id string) (Template, error) {
	if !who.Can(RightTemplate) {
		return Template{}, forbidden()
	}
	return s.template(ctx, s.db, who, id)
}

func (s *Service) template(ctx context.Context, q db.Querier, who actor.Actor, id string) (Template, error) {
	t, err := findTemplate(ctx, q, id)
	if errors.Is(err, db.ErrNoRow) {
		return t, errs.New(errs.NotFound, i18n.PaperNoTemplate)
	}
	if err != nil {
		return t, err
	}
	tree, err := s.org.Tree(ctx, q)
	if err == nil && !tree.InScope(who.Scope, t.Unit) {
		err = errs.New(errs.NotFound, i18n.PaperNoTemplate)
	}
	return t, err
}

// Templates lists the versions of an office's template for a sort of paper, the latest first.
func (s *Service) Templates(ctx context.Context, who actor.Actor, unit string, kind Kind) ([]Template, error) {
	if !who.Can(RightTemplate) {
		return nil, forbidden()
	}
	u, err := s.office(ctx, s.db, who, unit)
	if err != nil {
		return nil, err
	}
	return templatesOf(ctx, s.db, u.ID, kind)
}

// Used lists the templates in use of the offices within the actor's scope.
func (s *Service) Used(ctx context.Context, who actor.Actor) ([]Template, error) {
	if !who.Can(RightTemplate) {
		return nil, forbidden()
	}
	tree, err := s.org.Current(ctx)
	if err != nil {
		return nil, err
	}
	all, err := usedTemplates(ctx, s.db)
	var seen []Template
	for _, t := range all {
		if tree.InScope(who.Scope, t.Unit) {
			seen = append(seen, t)
		}
	}
	return seen, err
}

// Problems tells all that is wrong with a template.
func (s *Service) Problems(ctx context.Context, who actor.Actor, id string) ([]Problem, error) {
	if !who.Can(RightTemplate) {
		return nil, forbidden()
	}
	t, err := s.template(ctx, s.db, who, id)
	if err != nil {
		return nil, err
	}
	return s.problems(ctx, t)
}

func (s *Service) problems(ctx context.Context, t Template) ([]Problem, error) {
	content, err := s.read(ctx, t)
	if err != nil {
		return nil, err
	}
	return Check(t.Kind, bytes.NewReader(content), int64(len(content)))
}

// read is the file of a template.
func (s *Service) read(ctx context.Context, t Template) ([]byte, error) {
	r, err := s.files.Open(ctx, blob.Ref{SHA256: t.FileHash, Size: t.FileSize})
	if err != nil {
		return nil, fmt.Errorf("open template %s: %w", t.ID, err)
	}
	content, err := io.ReadAll(io.LimitReader(r, MaxTemplate+1))
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("read template %s: %w", t.ID, err)
	}
	return content, nil
}

// OpenTemplate is a version of a template as it came.
func (s *Service) OpenTemplate(ctx context.Context, who actor.Actor, id string) (Template, []byte, error) {
	if !who.Can(RightTemplate) {
		return Template{}, nil, forbidden()
	}
	t, err := s.template(ctx, s.db, who, id)
	if err != nil {
		return t, nil, err
	}
	content, err := s.read(ctx, t)
	return t, content, err
}

// OpenCurrent is the template of which papers of an office are made today: its own one, or the
// shipped one, whose version is 0.
func (s *Service) OpenCurrent(ctx context.Context, who actor.Actor, at TemplateAt) (Template, []byte, error) {
	if !who.Can(RightTemplate) {
		return Template{}, nil, forbidden()
	}
	u, err := s.office(ctx, s.db, who, at.Unit)
	if err != nil {
		return Template{}, nil, err
	}
	t, err := usedTemplate(ctx, s.db, u.ID, at.Kind, at.Profile)
	if errors.Is(err, db.ErrNoRow) {
		return s.OpenShipped(ctx, who, at)
	}
	if err != nil {
		return t, nil, err
	}
	content, err := s.read(ctx, t)
	return t, content, err
}

// OpenShipped is the template that the program brings, set by the layout of today.
func (s *Service) OpenShipped(_ context.Context, who actor.Actor, at TemplateAt) (Template, []byte, error) {
	if !who.Can(RightTemplate) {
		return Template{}, nil, forbidden()
	}
	if _, ok := at.Kind.sort(); !ok {
		return Template{}, nil, errs.New(errs.NotFound, i18n.PaperBadKind, string(at.Kind))
	}
	layout, err := rulebook.LayoutOn(at.Profile, s.now.Today())
	if err != nil {
		return Template{}, nil, errs.New(errs.NotFound, i18n.PaperBadProfile).Because(err)
	}
	content, err := Shipped(at.Kind, layout)
	return Template{Kind: at.Kind, Profile: at.Profile, FileName: string(at.Kind) + "-" + string(at.Profile) + ".docx"}, content, err
}

// Try fills a template with a record, of which it notes that it was tried; what is open is named.
func (s *Service) Try(ctx context.Context, who actor.Actor, id string, about About) (Made, error) {
	if !who.Can(RightTemplate) {
		return Made{}, forbidden()
	}
	made, t, err := s.trial(ctx, who, id, about, io.Discard)
	if err != nil {
		return made, err
	}
	return made, s.db.Write(ctx, func(tx *db.Tx) error {
		now, err := s.template(ctx, tx, who, id)
		if err != nil {
			return err
		}
		now.TriedAt, now.TriedBy, now.TriedOn = s.now(), who.Account, short200(made.Title)
		if err := updateTemplate(ctx, tx, now); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "paper.template.try", audit.Object{Kind: "template", ID: t.ID}, map[string]any{"about": about.ID, "part": about.Part, "missing": len(made.Missing)})
	})
}

func short200(s string) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), 200)])
}

// TrialFile writes a record by a template that need not be switched on.
func (s *Service) TrialFile(ctx context.Context, who actor.Actor, id string, about About, w io.Writer) (Made, error) {
	if !who.Can(RightTemplate) {
		return Made{}, forbidden()
	}
	made, _, err := s.trial(ctx, who, id, about, w)
	return made, err
}

func (s *Service) trial(ctx context.Context, who actor.Actor, id string, about About, w io.Writer) (Made, Template, error) {
	t, err := s.template(ctx, s.db, who, id)
	if err != nil {
		return Made{}, t, err
	}
	if about.Kind = t.Kind; about.ID == "" {
		return Made{}, t, errs.New(errs.Invalid, i18n.ErrsRequired).On("about")
	}
	draft, err := s.draft(ctx, who, about)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.Invalid, i18n.PaperNoRecord).On("about").Because(err)
	}
	if err != nil {
		return Made{}, t, err
	}
	content, err := s.read(ctx, t)
	if err != nil {
		return Made{}, t, err
	}
	problems, err := Check(t.Kind, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return Made{}, t, err
	}
	if len(problems) > 0 {
		return Made{}, t, errs.New(errs.Conflict, i18n.PaperTemplateBad, len(problems))
	}
	read, err := docx.Open(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return Made{}, t, unreadable(err)
	}
	made := draft.made()
	made.Template = t
	made.Missing, err = fill(read, t.Kind, draft.data(), w)
	return made, t, err
}

// SwitchOn makes papers of the office by a template from now on, in the place of the one before.
// It must have no problems, and have been tried.
func (s *Service) SwitchOn(ctx context.Context, who actor.Actor, id string) (Template, error) {
	if !who.Can(RightTemplate) {
		return Template{}, forbidden()
	}
	t, err := s.template(ctx, s.db, who, id)
	if err != nil {
		return t, err
	}
	problems, err := s.problems(ctx, t)
	if err != nil {
		return t, err
	}
	if len(problems) > 0 {
		return t, errs.New(errs.Conflict, i18n.PaperTemplateBad, len(problems))
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if t, err = s.template(ctx, tx, who, id); err != nil {
			return err
		}
		if !t.Tried() {
			return errs.New(errs.Conflict, i18n.PaperNotTried)
		}
		if t.On() {
			return errs.New(errs.Conflict, i18n.PaperIsOn)
		}
		if err := s.switchOff(ctx, tx, who, t); err != nil {
			return err
		}
		t.OnAt, t.OnBy, t.OffAt, t.OffBy = s.now(), who.Account, time.Time{}, ""
		if err := updateTemplate(ctx, tx, t); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "paper.template.on", audit.Object{Kind: "template", ID: t.ID}, t.record())
	})
	return t, err
}

// switchOff switches the template off that is in use where t is to be, if any.
func (s *Service) switchOff(ctx context.Context, tx *db.Tx, who actor.Actor, t Template) error {
	old, err := usedTemplate(ctx, tx, t.Unit, t.Kind, t.Profile)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	old.OffAt, old.OffBy = s.now(), who.Account
	return updateTemplate(ctx, tx, old)
}

// SwitchOff makes papers of the office by the shipped template again.
func (s *Service) SwitchOff(ctx context.Context, who actor.Actor, id string) (Template, error) {
	if !who.Can(RightTemplate) {
		return Template{}, forbidden()
	}
	var t Template
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if t, err = s.template(ctx, tx, who, id); err != nil {
			return err
		}
		if !t.On() {
			return errs.New(errs.Conflict, i18n.PaperIsOff)
		}
		if err := s.switchOff(ctx, tx, who, t); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "paper.template.off", audit.Object{Kind: "template", ID: t.ID}, t.record())
	})
	return t, err
}

// KeptFiles tells which of some files are a template.
func (s *Service) KeptFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	return keptFiles(ctx, s.db, hashes)
}
