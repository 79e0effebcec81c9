package ui

import "github.com/nhanrong/nhanrong/internal/platform/i18n"

// Key is a key of the keyboard and what it does on a page. The page's own script answers it.
type Key struct {
	Key  string
	Does i18n.Key
}
