package desk

import (
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// Columns are columns with their words.
func Columns(lang i18n.Lang, keys ...i18n.Key) []ui.Column {
	all := make([]ui.Column, len(keys))
	for i, k := range keys {
		all[i] = ui.Column{Label: lang.T(k)}
	}
	return all
}

// Kinds gives each column its kind.
func Kinds(columns []ui.Column, kinds ...ui.ColKind) []ui.Column {
	for i, k := range kinds {
		columns[i].Kind = k
	}
	return columns
}
