package practice

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Document is a file that shows what was done: a report, a list, a scanned paper.
type Document struct {
	ID        string
	Entry     string
	Kind      DocumentKind
	Title     string
	FileName  string    // as it came
	FileKind  blob.Kind // by its content
	FileHash  string    // SHA-256, hexadecimal
	FileSize  int64     // bytes
	Shared    bool      // everybody may have it, while the practice is public with its details
	AddedAt   time.Time
	AddedBy   string    // account
	RemovedAt time.Time // zero where it is there
	RemovedBy string
}

// Removed tells whether the document was taken off; it can be put back.
func (d Document) Removed() bool { return !d.RemovedAt.IsZero() }

// DocumentKind says what a document is to its entry.
type DocumentKind string

// The kinds of a document.
const (
	Evidence   DocumentKind = "evidence"   // it shows what was done
	SignedForm DocumentKind = "signedForm" // the paper from which somebody typed the entry
)

// DocumentKinds lists them in the order of forms.
func DocumentKinds() []DocumentKind { return []DocumentKind{Evidence, SignedForm} }

// Label is the word for the kind.
func (k DocumentKind) Label() i18n.Key {
	if k == SignedForm {
		return i18n.PracticeDocumentSigned
	}
	return i18n.PracticeDocumentEvidence
}

// Bounds of documents: of one entry's, and of one file in bytes.
const (
	MaxDocuments = 50
	MaxFile      = 20 << 20
)

// FileKinds lists what a document may be.
func FileKinds() []blob.Kind { return []blob.Kind{blob.PDF, blob.DOCX, blob.XLSX, blob.JPEG, blob.PNG} }

// File is a document as it comes. Its name is a text to be shown, and says nothing about
// what it is.
type File struct {
	Name    string
	Content io.ReaderAt
	Size    int64
}

// MayDocument tells whether an actor may add documents to an entry, take them off and put
// them back: whoever registers, until it is received; then the standing body.
func MayDocument(who actor.Actor, e Entry) bool {
	return noEdit(who, e) == nil && (who.Can(RightReceive) || (who.Can(RightRegister) && e.Open.Opens(PartEvidence)))
}

// MayAddDocument tells whether an actor may add documents: evidence comes in as long as the
// practice goes on.
func MayAddDocument(who actor.Actor) bool { return who.Can(RightReceive) || who.Can(RightRegister) }

// Documents lists the documents of an entry for those who may see it, the oldest first,
// those that were taken off among them.
func (s *Service) Documents(ctx context.Context, who actor.Actor, key string) ([]Document, error) {
	e, err := s.Get(ctx, who, key)
	if err != nil {
		return nil, err
	}
	return documents(ctx, s.db, e.ID)
}

// AddDocument keeps a document of an entry. Without a title it bears the name of its file.
func (s *Service) AddDocument(ctx context.Context, who actor.Actor, key, title string, file *File) (Document, error) {
	if !MayAddDocument(who) {
		return Document{}, forbidden()
	}
	d, err := ReadDocument(title, file)
	if err != nil {
		return Document{}, err
	}
	if _, err := s.Get(ctx, who, key); err != nil { // before a file is kept for nothing
		return Document{}, err
	}
	ref, err := s.files.Put(ctx, io.NewSectionReader(file.Content, 0, file.Size), MaxFile)
	if err != nil {
		return Document{}, err
	}
	d.ID, d.FileHash, d.FileSize = s.newID(), ref.SHA256, ref.Size
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.get(ctx, tx, who, key)
		if err != nil {
			return err
		}
		all, err := documents(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		if len(all) >= MaxDocuments {
			return errs.New(errs.Invalid, i18n.PracticeTooManyDocuments, MaxDocuments).On("document")
		}
		d.Entry, d.AddedAt, d.AddedBy = e.ID, s.now(), who.Account
		if err := insertDocument(ctx, tx, d); err != nil {
			return err
		}
		return s.auditDocument(ctx, tx, who, "practice.document.add", d)
	})
	return d, err
}

// ReadDocument looks at what came, for this room and those above: what it is, it says by its
// content. Without a title it bears the name of its file.
func ReadDocument(title string, file *File) (Document, error) {
	var l errs.List
	title = viet.Line(title)
	l.Text("documentTitle", title, maxTitle, false)
	d := Document{Kind: Evidence, Title: title}
	switch {
	case file == nil || file.Size == 0:
		l.Add("document", i18n.ErrsRequired)
	case file.Size > MaxFile:
		l.Add("document", i18n.MovementFileLarge, MaxFile>>20)
	default:
		kind, err := blob.Sniff(file.Content, file.Size)
		if err != nil && !errors.Is(err, blob.ErrKind) {
			return d, err
		}
		if !slices.Contains(FileKinds(), kind) {
			l.Add("document", i18n.PracticeDocumentKind)
			break
		}
		d.FileKind, d.FileName = kind, blob.Name(file.Name)
		if d.FileName == "" {
			d.FileName = "tai-lieu" + kind.Endings()[0]
		}
		if d.Title == "" {
			d.Title = strings.TrimSuffix(d.FileName, kind.Endings()[0])
		}
	}
	return d, l.Err()
}

// AttachIn gives an entry files that a room above kept for it until it was registered.
func (s *Service) AttachIn(ctx context.Context, tx *db.Tx, who actor.Actor, entry string, all []Document) error {
	if !MayAddDocument(who) {
		return forbidden()
	}
	if len(all) > MaxDocuments {
		return errs.New(errs.Invalid, i18n.PracticeTooManyDocuments, MaxDocuments).On("document")
	}
	for _, d := range all {
		d.ID, d.Entry, d.AddedBy = s.newID(), entry, who.Account
		if err := insertDocument(ctx, tx, d); err != nil {
			return err
		}
		if err := s.auditDocument(ctx, tx, who, "practice.document.add", d); err != nil {
			return err
		}
	}
	return nil
}

// ShareDocument says whether everybody may have a document, while the practice is public
// with its details.
func (s *Service) ShareDocument(ctx context.Context, who actor.Actor, key, id string, shared bool) error {
	if !who.Can(RightPublish) {
		return forbidden()
	}
	return s.changeDocument(ctx, who, key, id, "practice.document.share", func(_ *db.Tx, _ Entry, d *Document) error {
		if d.Removed() {
			return errs.New(errs.Conflict, i18n.PracticeDocumentNotFound)
		}
		d.Shared = shared
		return nil
	})
}

// RemoveDocument takes a document off an entry; nobody but the desk sees it any more, and
// it can be put back. It is not shared then.
func (s *Service) RemoveDocument(ctx context.Context, who actor.Actor, key, id string) error {
	return s.changeDocument(ctx, who, key, id, "practice.document.remove", func(_ *db.Tx, e Entry, d *Document) error {
		if !MayDocument(who, e) {
			return forbidden()
		}
		d.Shared, d.RemovedAt, d.RemovedBy = false, s.now(), who.Account
		return nil
	})
}

// RestoreDocument puts back a document that was taken off.
func (s *Service) RestoreDocument(ctx context.Context, who actor.Actor, key, id string) error {
	return s.changeDocument(ctx, who, key, id, "practice.document.restore", func(_ *db.Tx, e Entry, d *Document) error {
		if !MayDocument(who, e) {
			return forbidden()
		}
		d.RemovedAt, d.RemovedBy = time.Time{}, ""
		return nil
	})
}

// DeleteDocument forgets a document that was taken off; its file goes with the next sweep.
func (s *Service) DeleteDocument(ctx context.Context, who actor.Actor, key, id string) error {
	return s.changeDocument(ctx, who, key, id, "practice.document.delete", func(tx *db.Tx, e Entry, d *Document) error {
		if !MayDocument(who, e) {
			return forbidden()
		}
		if !d.Removed() {
			return errs.New(errs.Conflict, i18n.PracticeDocumentThere)
		}
		return deleteDocument(ctx, tx, d.ID)
	})
}

// changeDocument finds a document of an entry within the actor's scope, changes it and
// records the change.
func (s *Service) changeDocument(ctx context.Context, who actor.Actor, key, id, action string, do func(*db.Tx, Entry, *Document) error) error {
	if !MayAddDocument(who) && !who.Can(RightPublish) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.get(ctx, tx, who, key)
		if err != nil {
			return err
		}
		d, err := documentOf(ctx, tx, e.ID, id)
		if err != nil {
			return err
		}
		if err := do(tx, e, &d); err != nil {
			return err
		}
		if err := updateDocument(ctx, tx, d); err != nil {
			return err
		}
		return s.auditDocument(ctx, tx, who, action, d)
	})
}

func (s *Service) auditDocument(ctx context.Context, tx *db.Tx, who actor.Actor, action string, d Document) error {
	return s.log.Add(ctx, tx, who, action, audit.Object{Kind: "entry", ID: d.Entry}, map[string]any{
		"document": d.ID, "title": d.Title, "file": d.FileHash, "kind": d.FileKind, "shared": d.Shared,
	})
}

// OpenDocument opens a document for those who may see the entry; who asks closes it.
func (s *Service) OpenDocument(ctx context.Context, who actor.Actor, key, id string) (Document, io.ReadCloser, error) {
	e, err := s.Get(ctx, who, key)
	if err != nil {
		return Document{}, nil, err
	}
	d, err := documentOf(ctx, s.db, e.ID, id)
	if err != nil {
		return Document{}, nil, err
	}
	content, err := s.openFile(ctx, d)
	return d, content, err
}

// PublicDocument opens a document of a published practice that everybody may have; who asks
// closes it.
func (s *Service) PublicDocument(ctx context.Context, code, id string) (Document, io.ReadCloser, error) {
	e, err := s.public(ctx, s.db, code)
	if err != nil {
		return Document{}, nil, err
	}
	all, err := documentsForReaders(ctx, s.db, e)
	if err != nil {
		return Document{}, nil, err
	}
	i := slices.IndexFunc(all, func(d Document) bool { return d.ID == id })
	if i < 0 {
		return Document{}, nil, noDocument()
	}
	content, err := s.openFile(ctx, all[i])
	return all[i], content, err
}

func (s *Service) openFile(ctx context.Context, d Document) (io.ReadCloser, error) {
	return s.files.Open(ctx, blob.Ref{SHA256: d.FileHash, Size: d.FileSize})
}

// documentsForReaders are the documents of a published entry that everybody may have.
func documentsForReaders(ctx context.Context, q db.Querier, e Entry) ([]Document, error) {
	if !e.SharesDocuments() {
		return nil, nil
	}
	all, err := documents(ctx, q, e.ID)
	all = slices.DeleteFunc(all, func(d Document) bool { return !d.Shared || d.Removed() })
	for i, d := range all { // a name of a file is seldom meant for readers
		all[i].FileName, all[i].AddedBy = d.Title, ""
	}
	return all, err
}

// SharesDocuments tells whether readers may have documents of the entry at all: where a
// name is hidden or the details are not to be published, nobody can blot them out of a
// file.
func (e Entry) SharesDocuments() bool {
	return e.Consent && e.Detail && !hidesName(e.Kind, e.Whose, e.Named)
}

// KeptFiles tells which of some files belong to a document of an entry.
func (s *Service) KeptFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	return keptFiles(ctx, s.db, hashes)
}

func noDocument() error { return errs.New(errs.NotFound, i18n.PracticeDocumentNotFound) }

// AddedOn is the day in Việt Nam on which the document was added.
func (d Document) AddedOn() clock.Date { return clock.DateOf(d.AddedAt) }
