package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// movementPaperCmd keeps the launch papers.
type movementPaperCmd struct {
	Add movementPaperAdd `cmd:"" help:"${cli_movement_paper_add}"`
}

type movementPaperAdd struct {
	Code     string     `arg:"" help:"${cli_code}"`
	Kind     string     `required:"" enum:"plan,guidance,decision" help:"${cli_paper_kind}"`
	Number   string     `required:"" help:"${cli_number}"`
	SignedOn clock.Date `required:"" help:"${cli_signed_on}"`
	Title    string     `required:"" help:"${cli_title}"`
	File     string     `placeholder:"PATH" help:"${cli_paper_file}"`
}

// Run adds a paper, with its file where one is named.
func (p movementPaperAdd) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		in := movement.PaperInput{Kind: movement.PaperKind(p.Kind), Number: p.Number, SignedOn: p.SignedOn, Title: p.Title}
		if p.File != "" {
			opened, file, err := openPaper(p.File)
			if err != nil {
				return refusal{codeWrong, c.lang.T(i18n.CliFileUnreadable, p.File), err}
			}
			defer opened.Close() //nolint:errcheck // it was only read
			in.File = file
		}
		return h.Movements.AddPaper(c.ctx, who, p.Code, in)
	})
}

// openPaper opens a file of this machine that is to be a paper's.
func openPaper(path string) (*os.File, *movement.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no plain file", path)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, &movement.File{Name: filepath.Base(path), Content: f, Size: info.Size()}, nil
}
