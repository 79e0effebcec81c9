package viet

import (
	"cmp"
	"strings"
)

// Beginning is at most so many characters of the first of some texts that says anything, cut
// between words.
func Beginning(most int, texts ...string) string {
	s := strings.Join(strings.Fields(cmp.Or(texts...)), " ")
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	s = string(r[:most])
	return s[:max(strings.LastIndexByte(s, ' '), 1)] + "…"
}
