// Package draft is what somebody is typing and has not handed in yet.
//
// A draft is a registration as typed: whole or not, right or not. It is saved again and
// again while it is typed, and opened again after a crash or on another device. It belongs
// to the account that typed it: nobody else sees it, and it counts in no figure. Handing it
// in registers the practice and ends the draft in one transaction; handing it in again
// leads to the same entry.
package draft

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Form is a registration as typed: the texts of each field by its name.
type Form map[string][]string

// Draft is a registration that is not handed in yet.
type Draft struct {
	ID          string
	Account     string
	Movement    string // code
	Title       string
	Missing     int // parts of the nine that say nothing yet
	Form        Form
	Writer      string // the page that saved it last
	Version     int
	CreatedAt   time.Time
	UpdatedAt   time.Time
	DiscardedAt time.Time // zero where it is there
	Entry       string    // identity of the entry that it became
	Files       []File
}

// File will come along with the entry.
type File struct {
	ID       string
	Kind     practice.DocumentKind
	Title    string
	FileName string
	FileKind blob.Kind
	FileHash string
	FileSize int64
	AddedAt  time.Time
}

// Discarded tells whether the draft was thrown away; for a while it can be had back.
func (d Draft) Discarded() bool { return !d.DiscardedAt.IsZero() }

// Done is how many of the nine parts say something.
func (d Draft) Done() int { return Parts - d.Missing }

// Bounds of drafts: of one account, of one form in bytes, of its fields, of the files that
// come along; and how long one that was thrown away, or handed in, is kept.
const (
	MaxDrafts = 50
	maxForm   = 256 << 10
	maxFields = 500
	maxName   = 64
	MaxFiles  = 20
	KeptFor   = 7 * 24 * time.Hour
)

// Parts is how many parts the form has: the name and eight texts.
const Parts = 9

// Part is one of the nine parts.
type Part struct {
	Field string
	Label i18n.Key
}

// parts lists the nine in the order of the form.
func parts() []Part {
	all := []Part{{practice.PartTitle, i18n.PracticePartTitle}}
	for _, p := range (&practice.Parts{}).All() {
		all = append(all, Part{p.Field, p.Label})
	}
	return all
}

// Text is what was typed into a field that has one text.
func (f Form) Text(name string) string {
	if len(f[name]) == 0 {
		return ""
	}
	return f[name][0]
}

// Missing lists the parts of the nine that say nothing yet.
func (f Form) Missing() []Part {
	return slices.DeleteFunc(parts(), func(p Part) bool { return strings.TrimSpace(f.Text(p.Field)) != "" })
}

// Equal tells whether two forms say the same.
func (f Form) Equal(other Form) bool {
	return maps.EqualFunc(f, other, slices.Equal[[]string])
}

// Input is a form to be saved.
type Input struct {
	Movement string // code
	Writer   string // the page that saves: it may save over its own last text, whatever it heard of that
	Form     Form
}

// check leaves out the fields in which nothing stands, and refuses what is too much: what
// is right or wrong with the texts is not asked before they are handed in.
func (in *Input) check() error {
	kept, size := Form{}, 0
	for name, values := range in.Form {
		values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
		if len(values) == 0 {
			continue
		}
		if len(name) > maxName {
			return errs.New(errs.Invalid, i18n.ErrsBadChoice)
		}
		for _, v := range values {
			size += len(name) + len(v)
		}
		kept[name] = values
	}
	if size > maxForm || len(kept) > maxFields || len(in.Movement) > maxName || len(in.Writer) > maxName {
		return errs.New(errs.Invalid, i18n.DraftTooLarge)
	}
	in.Form = kept
	return nil
}

// title is what the draft is called in lists.
func (f Form) title() string {
	t := []rune(strings.Join(strings.Fields(f.Text(practice.PartTitle)), " "))
	const most = 300
	return string(t[:min(len(t), most)])
}
