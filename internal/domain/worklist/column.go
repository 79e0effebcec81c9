package worklist

import (
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Column is a column of the register, as its address, a saved view and the file name it.
type Column string

// The columns.
const (
	ColCode       Column = "code"
	ColTitle      Column = "title" // always there: it leads to the entry
	ColSubject    Column = "subject"
	ColUnit       Column = "unit"
	ColField      Column = "field"
	ColKind       Column = "kind"
	ColOrigin     Column = "origin"
	ColStatus     Column = "status"
	ColRegistered Column = "registered"
	ColRecognised Column = "recognised"
	ColTags       Column = "tags"
	ColFocus      Column = "focus"
	ColLate       Column = "late"
	ColAddress    Column = "address"
)

// AllColumns lists every column, those of the beginning first.
func AllColumns() []Column {
	return append(UsualColumns(), ColSubject, ColRecognised, ColTags, ColFocus, ColLate, ColAddress)
}

// UsualColumns are those with which the register begins.
func UsualColumns() []Column {
	return []Column{ColCode, ColTitle, ColUnit, ColField, ColKind, ColOrigin, ColStatus, ColRegistered}
}

// Label is the word at the head of the column.
func (c Column) Label() i18n.Key {
	return map[Column]i18n.Key{
		ColCode: i18n.AdminColCode, ColTitle: i18n.AdminColTitle, ColSubject: i18n.WorklistColSubject, ColUnit: i18n.AdminColUnit, ColField: i18n.AdminColField,
		ColKind: i18n.AdminColKind, ColOrigin: i18n.AdminColOrigin, ColStatus: i18n.RegisterColStatus, ColRegistered: i18n.AdminColRegistered,
		ColRecognised: i18n.WorklistColRecognised, ColTags: i18n.RegisterFormTags, ColFocus: i18n.RegisterFocus, ColLate: i18n.RegisterRegisteredLate,
		ColAddress: i18n.RegisterFormAddress,
	}[c]
}

// further tells whether the column shows what the register's own rows do not hold.
func (c Column) further() bool {
	return slices.Contains([]Column{ColSubject, ColTags, ColFocus, ColLate, ColAddress}, c)
}

// Further tells whether any of the columns shows what the register's own rows do not hold.
func Further(all []Column) bool { return slices.ContainsFunc(all, Column.further) }

// ColumnsOf gives the columns by their names, in this order. A name that stands for none is
// left out and one that comes twice counts once: an address that an older or a newer program
// wrote still shows what it can. The title is put first where it is missing, and no name at
// all is the usual columns.
func ColumnsOf(names []string) []Column {
	var all []Column
	for _, name := range names {
		if c := Column(name); slices.Contains(AllColumns(), c) && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	switch {
	case len(all) == 0:
		return UsualColumns()
	case !slices.Contains(all, ColTitle):
		return slices.Insert(all, 0, ColTitle)
	}
	return all
}

// ReadColumns is [ColumnsOf] for the parameter "cols" of an address.
func ReadColumns(text string) []Column {
	return ColumnsOf(strings.SplitN(text, ",", 2*len(AllColumns())))
}

// WriteColumns is the parameter "cols" of an address; "" for the usual columns.
func WriteColumns(all []Column) string {
	if slices.Equal(all, UsualColumns()) {
		return ""
	}
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = string(c)
	}
	return strings.Join(names, ",")
}

// MoveColumn moves a column one place up (before) or down; at the end it stays.
func MoveColumn(all []Column, c Column, down bool) []Column {
	at := slices.Index(all, c)
	to := at - 1
	if down {
		to = at + 1
	}
	out := slices.Clone(all)
	if at >= 0 && to >= 0 && to < len(all) {
		out[at], out[to] = out[to], out[at]
	}
	return out
}
