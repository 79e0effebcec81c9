package movement

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// PaperKind is what sort of launch paper it is.
type PaperKind string

// The papers of a launch.
const (
	Plan     PaperKind = "plan"
	Guidance PaperKind = "guidance"
	Decree   PaperKind = "decision"
)

// PaperKinds lists them in the order of forms.
func PaperKinds() []PaperKind { return []PaperKind{Plan, Guidance, Decree} }

// Paper is a paper of the launch, with its scanned or typed file where there is one.
type Paper struct {
	ID       string
	Kind     PaperKind
	Number   string
	SignedOn clock.Date
	Title    string
	FileName string    // as it came; "" where there is no file
	FileKind blob.Kind // by its content
	FileHash string    // SHA-256, hexadecimal; "" where there is no file
	FileSize int64     // bytes
}

// HasFile tells whether the paper's file is kept.
func (p Paper) HasFile() bool { return p.FileHash != "" }

// MaxFile is how large the file of a paper may be, in bytes.
const MaxFile = 20 << 20

// FileKinds lists what the file of a paper may be.
func FileKinds() []blob.Kind { return []blob.Kind{blob.PDF, blob.DOCX, blob.JPEG, blob.PNG} }

// File is a file that comes with a paper. Its name is a text to be shown, and says nothing
// about what it is.
type File struct {
	Name    string
	Content io.ReaderAt
	Size    int64
}

// PaperInput is a paper that is to be added.
type PaperInput struct {
	Kind     PaperKind
	Number   string
	SignedOn clock.Date
	Title    string
	File     *File `json:"-"`
	// Row stands before the names of fields in errors, where a form has several papers.
	Row string `json:"-"`
}

func checkPapers(l *errs.List, papers []PaperInput) {
	for _, p := range papers {
		l.Text(p.Row+"paperNumber", p.Number, maxText, true)
		l.Text(p.Row+"paperTitle", p.Title, maxText, true)
		if !slices.Contains(PaperKinds(), p.Kind) {
			l.Add(p.Row+"paperKind", i18n.ErrsBadChoice)
		}
		if p.SignedOn == 0 {
			l.Add(p.Row+"paperSignedOn", i18n.ErrsRequired)
		}
		if p.File != nil && p.File.Size > MaxFile {
			l.Add(p.Row+"paperFile", i18n.MovementFileLarge, MaxFile>>20)
		}
	}
	if len(papers) > 50 {
		l.Add("papers", i18n.MovementTooMany, 50)
	}
}

// AddPaper adds a paper of the launch.
func (s *Service) AddPaper(ctx context.Context, who actor.Actor, code string, in PaperInput) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	var l errs.List
	if checkPapers(&l, []PaperInput{in}); l.Err() != nil {
		return l.Err()
	}
	if _, err := s.mine(ctx, s.db, who, code); err != nil { // before a file is kept for nothing
		return err
	}
	papers, err := s.keep(ctx, []PaperInput{in})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, code)
		if err != nil {
			return err
		}
		if err := insertPapers(ctx, tx, m.ID, papers); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.paper", m.ID, papers[0])
	})
}

// keep puts the files of papers away, before the rows that name them: who dies in between
// leaves a file without a row, and never a row without its file.
func (s *Service) keep(ctx context.Context, inputs []PaperInput) ([]Paper, error) {
	var l errs.List
	papers := make([]Paper, len(inputs))
	for i, in := range inputs { // all are looked at before one is kept
		papers[i] = Paper{
			ID: s.newID(), Kind: in.Kind, Number: strings.TrimSpace(in.Number), SignedOn: in.SignedOn, Title: strings.TrimSpace(in.Title),
		}
		if in.File == nil {
			continue
		}
		kind, err := blob.Sniff(in.File.Content, in.File.Size)
		if err != nil && !errors.Is(err, blob.ErrKind) {
			return nil, err
		}
		if !slices.Contains(FileKinds(), kind) {
			l.Add(in.Row+"paperFile", i18n.MovementFileKind)
		}
		papers[i].FileKind, papers[i].FileName = kind, blob.Name(in.File.Name)
	}
	if l.Err() != nil {
		return nil, l.Err()
	}
	for i, in := range inputs {
		if in.File == nil {
			continue
		}
		ref, err := s.files.Put(ctx, io.NewSectionReader(in.File.Content, 0, in.File.Size), MaxFile)
		if err != nil {
			return nil, err
		}
		papers[i].FileHash, papers[i].FileSize = ref.SHA256, ref.Size
		if papers[i].FileName == "" {
			papers[i].FileName = string(in.Kind) + papers[i].FileKind.Endings()[0]
		}
	}
	return papers, nil
}

// OpenPaper opens the file of a paper; who asks closes it.
func (s *Service) OpenPaper(ctx context.Context, who actor.Actor, code, id string) (Paper, io.ReadCloser, error) {
	if !who.Can(RightRead) {
		return Paper{}, nil, forbidden()
	}
	m, err := s.seen(ctx, s.db, who, code)
	if err != nil {
		return Paper{}, nil, err
	}
	i := slices.IndexFunc(m.Papers, func(p Paper) bool { return p.ID == id && p.HasFile() })
	if i < 0 {
		return Paper{}, nil, errs.New(errs.NotFound, i18n.MovementFileNotFound)
	}
	content, err := s.files.Open(ctx, blob.Ref{SHA256: m.Papers[i].FileHash, Size: m.Papers[i].FileSize})
	return m.Papers[i], content, err
}

// KeptFiles tells which of some files belong to a paper: the others are orphans, as far as
// movements go.
func (s *Service) KeptFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	return keptFiles(ctx, s.db, hashes)
}
