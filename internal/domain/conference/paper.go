package conference

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// PaperKind is what sort of paper it is.
type PaperKind string

// The papers of a conference.
const (
	Agenda      PaperKind = "programme"
	Summary     PaperKind = "report"
	SpeechText  PaperKind = "speech"
	MinuteBook  PaperKind = "minutes"
	OtherPapers PaperKind = "other"
)

// PaperKinds lists them in the order of forms.
func PaperKinds() []PaperKind {
	return []PaperKind{Agenda, Summary, SpeechText, MinuteBook, OtherPapers}
}

// Label is the word for the kind.
func (k PaperKind) Label() i18n.Key {
	switch k {
	case Agenda:
		return i18n.ConferencePaperProgramme
	case Summary:
		return i18n.ConferencePaperReport
	case SpeechText:
		return i18n.ConferencePaperSpeech
	case MinuteBook:
		return i18n.ConferencePaperMinutes
	default:
		return i18n.ConferencePaperOther
	}
}

// Paper is a paper of a conference, with its file where there is one.
type Paper struct {
	ID       string
	Kind     PaperKind
	Title    string
	FileName string    // as it came; "" where there is no file
	FileKind blob.Kind // by its content
	FileHash string    // SHA-256, hexadecimal; "" where there is no file
	FileSize int64     // bytes
	AddedAt  time.Time
	AddedBy  string
}

// HasFile tells whether the paper's file is kept.
func (p Paper) HasFile() bool { return p.FileHash != "" }

// PaperInput is a paper that is to be added. Its file is bounded as that of a paper of a
// movement is.
type PaperInput struct {
	Kind  PaperKind
	Title string
	File  *movement.File
}

func (in *PaperInput) check() error {
	var l errs.List
	in.Title = viet.Line(in.Title)
	l.Text("title", in.Title, maxText, true)
	if !slices.Contains(PaperKinds(), in.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if in.File != nil && in.File.Size > movement.MaxFile {
		l.Add("file", i18n.MovementFileLarge, movement.MaxFile>>20)
	}
	return l.Err()
}

// AddPaper adds a paper.
func (s *Service) AddPaper(ctx context.Context, who actor.Actor, id string, in PaperInput) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	if err := in.check(); err != nil {
		return err
	}
	if _, _, err := s.mine(ctx, s.db, who, id); err != nil { // before a file is kept for nothing
		return err
	}
	p, err := s.keep(ctx, in)
	if err != nil {
		return err
	}
	p.AddedAt, p.AddedBy = s.now(), who.Account
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, _, err := s.mine(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if len(c.Papers) >= maxPapers {
			return errs.New(errs.Invalid, i18n.ConferenceTooMany, maxPapers).On("title")
		}
		if err := insertPaper(ctx, tx, c.ID, p); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "conference.paper", c.ID, p)
	})
}

// keep puts the file of a paper away, before the row that names it.
func (s *Service) keep(ctx context.Context, in PaperInput) (Paper, error) {
	p := Paper{ID: s.newID(), Kind: in.Kind, Title: in.Title}
	if in.File == nil {
		return p, nil
	}
	var err error
	if p.FileKind, err = blob.Sniff(in.File.Content, in.File.Size); err != nil && !errors.Is(err, blob.ErrKind) {
		return p, err
	}
	if !slices.Contains(movement.FileKinds(), p.FileKind) {
		return p, errs.New(errs.Invalid, i18n.MovementFileKind).On("file")
	}
	ref, err := s.rooms.Files.Put(ctx, io.NewSectionReader(in.File.Content, 0, in.File.Size), movement.MaxFile)
	if err != nil {
		return p, err
	}
	p.FileHash, p.FileSize, p.FileName = ref.SHA256, ref.Size, blob.Name(in.File.Name)
	if p.FileName == "" {
		p.FileName = string(in.Kind) + p.FileKind.Endings()[0]
	}
	return p, nil
}

// RemovePaper takes a paper off; its file goes when nothing else names it.
func (s *Service) RemovePaper(ctx context.Context, who actor.Actor, id, paper string) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, _, err := s.mine(ctx, tx, who, id)
		if err != nil {
			return err
		}
		p, ok := c.Paper(paper)
		if !ok {
			return errs.New(errs.NotFound, i18n.ConferencePaperNotFound)
		}
		if err := deletePaper(ctx, tx, p.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "conference.removePaper", c.ID, p)
	})
}

// Paper finds a paper of the conference by its identity.
func (c Conference) Paper(id string) (Paper, bool) {
	i := slices.IndexFunc(c.Papers, func(p Paper) bool { return p.ID == id })
	if i < 0 {
		return Paper{}, false
	}
	return c.Papers[i], true
}

// OpenPaper opens the file of a paper; who asks closes it.
func (s *Service) OpenPaper(ctx context.Context, who actor.Actor, id, paper string) (Paper, io.ReadCloser, error) {
	if !who.Can(RightRead) {
		return Paper{}, nil, forbidden()
	}
	c, err := s.seen(ctx, s.db, who, id)
	if err != nil {
		return Paper{}, nil, err
	}
	p, ok := c.Paper(paper)
	if !ok || !p.HasFile() {
		return Paper{}, nil, errs.New(errs.NotFound, i18n.ConferencePaperNotFound)
	}
	content, err := s.rooms.Files.Open(ctx, blob.Ref{SHA256: p.FileHash, Size: p.FileSize})
	return p, content, err
}

// KeptFiles tells which of some files belong to a paper of a conference.
func (s *Service) KeptFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	return keptFiles(ctx, s.db, hashes)
}
