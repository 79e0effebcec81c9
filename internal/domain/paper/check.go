package paper

import (
	"errors"
	"io"

	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Problem is something in a template that must be mended before papers can be made of it.
type Problem docx.Problem

// Label is the problem in words, with holes for the mark and for what was meant.
func (p Problem) Label() i18n.Key {
	if p.Kind == docx.UnknownName && p.Meant != "" {
		return i18n.PaperProblemMeant
	}
	return map[docx.ProblemKind]i18n.Key{
		docx.NotClosed: i18n.PaperProblemNotClosed, docx.NotOpened: i18n.PaperProblemNotOpened, docx.BadMark: i18n.PaperProblemBadMark,
		docx.OpenBraces: i18n.PaperProblemBraces, docx.UnknownName: i18n.PaperProblemUnknown, docx.OutsideList: i18n.PaperProblemOutside,
		docx.NotAList: i18n.PaperProblemNotList, docx.NotAValue: i18n.PaperProblemNotValue, docx.BreaksPage: i18n.PaperProblemPage,
	}[p.Kind]
}

// Check tells all that is wrong with a template of a kind. A file that is none is an error.
func Check(k Kind, r io.ReaderAt, size int64) ([]Problem, error) {
	names, err := Names(k)
	if err != nil {
		return nil, errs.New(errs.NotFound, i18n.PaperBadKind, string(k)).Because(err)
	}
	t, err := docx.Open(r, size)
	if err != nil {
		return nil, unreadable(err)
	}
	var all []Problem
	for _, one := range t.Check(fields(names)) {
		all = append(all, Problem(one))
	}
	return all, nil
}

// unreadable says why a file can be no template.
func unreadable(err error) error {
	key := i18n.PaperNoDocument
	switch {
	case errors.Is(err, docx.ErrActive):
		key = i18n.PaperActive
	case errors.Is(err, docx.ErrTooLarge):
		key = i18n.PaperTooLarge
	}
	return errs.New(errs.Invalid, key).On("file").Because(err)
}
