// Package doctor looks at a whole installation and says what is wrong with it and how to
// mend it. It leaves nothing changed: it neither makes a database nor brings one to a newer form,
// and it looks at one that is in use.
package doctor

import (
	"context"
	"errors"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/archive"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Grade is how bad a finding is.
type Grade string

// The grades.
const (
	Sound   Grade = "sound"
	Warning Grade = "warning" // it works, and something should be done
	Fault   Grade = "fault"   // something does not work, or can be lost
)

// Sentence is a sentence of the catalogue with what stands in its gaps; the zero value is
// none.
type Sentence struct {
	key  i18n.Key
	args []any
	said bool
}

func say(k i18n.Key, args ...any) Sentence { return Sentence{k, args, true} }

// In is the sentence in a language, or "" where there is none.
func (s Sentence) In(l i18n.Lang) string {
	if !s.said {
		return ""
	}
	return l.T(s.key, s.args...)
}

// Finding is what was found at one thing that was looked at.
type Finding struct {
	Part  i18n.Key // what was looked at
	Grade Grade
	Found Sentence
	Mend  Sentence // how to mend it; empty where nothing is to be done
}

// Patient is the installation that is looked at.
type Patient struct {
	Config *config.Config
	Now    clock.Clock
	// Progress is told how many files are read.
	Progress archive.Progress
}

// examination is one look at everything.
type examination struct {
	Patient
	tell func(Finding)
}

// Look looks at everything and tells each finding as soon as it has it. An error is only
// that of a look that was broken off.
func Look(ctx context.Context, p Patient, tell func(Finding)) error {
	e := &examination{p, tell}
	e.folder()
	e.room()
	e.address(ctx)
	e.certificate()
	e.mail(ctx)
	e.scanner(ctx)
	e.backups()
	return errors.Join(e.data(ctx), ctx.Err())
}

func (e *examination) sound(part i18n.Key, found Sentence) {
	e.tell(Finding{Part: part, Grade: Sound, Found: found})
}

func (e *examination) warn(part i18n.Key, found, mend Sentence) {
	e.tell(Finding{part, Warning, found, mend})
}

func (e *examination) fault(part i18n.Key, found, mend Sentence) {
	e.tell(Finding{part, Fault, found, mend})
}

// failed is a look that itself could not be made.
func (e *examination) failed(part i18n.Key, err error) {
	e.fault(part, say(i18n.DoctorFailed, err.Error()), say(i18n.DoctorFailedMend))
}

// data looks at the database and at what is in it.
func (e *examination) data(ctx context.Context) (err error) {
	d, ok := e.open(ctx)
	if !ok {
		return nil
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if !e.database(ctx, d) {
		return nil
	}
	files, err := app.OpenFiles(e.Config, e.Now)
	if err != nil {
		e.failed(i18n.DoctorFiles, fmt.Errorf("open the store of files: %w", err))
	} else {
		e.files(ctx, archive.Store{DB: d, Files: files})
	}
	for _, look := range []func(context.Context, *db.DB){e.audit, e.facts, e.jobs, e.accounts} {
		look(ctx, d)
	}
	return app.CloseFiles(files)
}
