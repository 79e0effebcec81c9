// Package errs holds the errors that a person may be told about: of five kinds, each
// with the key of a message in the catalogue and, where it belongs to one, the field of
// the form. Technical errors stay plain wrapped errors: a face answers them with a
// number to quote, and logs them once.
package errs

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Kind says what an error means to the one who asked.
type Kind uint8

// The five kinds. What an actor may not see is NotFound, never Forbidden.
const (
	Internal  Kind = iota // our fault, or the machine's
	Invalid               // the input cannot be taken as it is
	NotFound              // there is no such thing, for this actor
	Forbidden             // the actor lacks the right
	Conflict              // the thing has changed, or is in another state
)

// Error is one thing that a person can be told.
type Error struct {
	Kind  Kind
	Key   i18n.Key
	Args  []any
	Field string // the form field it belongs to, or ""
	cause error
}

// New makes an error of a kind with a message of the catalogue.
func New(kind Kind, key i18n.Key, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// On gives the same error, attached to a form field.
func (e *Error) On(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Because gives the same error with the technical cause that the log should have.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Error is for logs: the key and the cause, in English.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Key.String())
	if e.Field != "" {
		b.WriteString(" on " + e.Field)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the technical cause.
func (e *Error) Unwrap() error { return e.cause }

// List is several errors about one input.
type List []*Error

// Error joins the messages for logs.
func (l List) Error() string {
	parts := make([]string, len(l))
	for i, e := range l {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// Add appends an Invalid error on a field; Check methods gather with it.
func (l *List) Add(field string, key i18n.Key, args ...any) {
	*l = append(*l, New(Invalid, key, args...).On(field))
}

// Text adds what is wrong with a text that was typed: it is needed and not there, it is
// longer than so many characters, or it is no text at all.
func (l *List) Text(field, s string, limit int, needed bool) {
	switch {
	case needed && strings.TrimSpace(s) == "":
		l.Add(field, i18n.ErrsRequired)
	case len(s) > utf8.UTFMax*limit || utf8.RuneCountInString(s) > limit:
		l.Add(field, i18n.ErrsTooLong, limit)
	case strings.ContainsRune(s, 0) || !utf8.ValidString(s):
		l.Add(field, i18n.ErrsBadText)
	}
}

// Err is the list as an error, or nil where it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// KindOf is the kind of err: Internal for anything that is not ours.
func KindOf(err error) Kind {
	if all := All(err); len(all) > 0 {
		return all[0].Kind
	}
	return Internal
}

// All gives every error of ours in err, or none where it is a technical one.
func All(err error) []*Error {
	if l, ok := errors.AsType[List](err); ok {
		return l
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return []*Error{e}
	}
	return nil
}

// Is tells whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
