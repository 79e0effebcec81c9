package desk

import (
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Listed is an entry of the register with what its columns show.
type Listed struct {
	ledger.EntryRow
	worklist.More
}

// ColumnText is what a column of the register says of an entry, on the page and in the file
// alike.
func ColumnText(lang i18n.Lang, tree *org.Tree, c worklist.Column, e Listed) string {
	switch c {
	case worklist.ColCode:
		return e.Code
	case worklist.ColSubject:
		return e.More.Subject
	case worklist.ColUnit:
		return UnitName(tree, e.Unit, e.RegisteredOn)
	case worklist.ColField:
		return lang.T(e.Field.Label())
	case worklist.ColKind:
		return lang.T(e.Kind.Label())
	case worklist.ColOrigin:
		return lang.T(e.Origin.Label())
	case worklist.ColStatus:
		return lang.T(practice.StatusKey(e.Status))
	case worklist.ColRegistered:
		return lang.Date(e.RegisteredOn)
	case worklist.ColRecognised:
		return lang.Date(e.RecognisedOn)
	case worklist.ColTags:
		return strings.Join(e.Tags, "; ")
	case worklist.ColFocus:
		return yes(lang, !e.FocusAt.IsZero())
	case worklist.ColLate:
		return yes(lang, e.Late)
	case worklist.ColAddress:
		return e.Address
	default:
		return e.Title
	}
}

func yes(lang i18n.Lang, is bool) string {
	if is {
		return lang.T(i18n.DeskYes)
	}
	return ""
}
