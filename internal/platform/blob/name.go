package blob

import (
	"path"
	"strings"
	"unicode"

	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// maxName is how many characters of a file's name are kept.
const maxName = 150

// Name is the name that a file came with, as a text to be shown: without folders, control
// characters and marks that turn the direction of writing, composed (NFC), shortened before
// its ending. It is "" where nothing is left.
func Name(raw string) string {
	s := viet.NFC(strings.ToValidUTF8(raw, "_"))
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	s = strings.TrimLeft(strings.TrimSpace(s), ".")
	ending := path.Ext(s)
	if len([]rune(ending)) > 10 {
		ending = ""
	}
	stem := []rune(strings.TrimSuffix(s, ending))
	if most := maxName - len([]rune(ending)); len(stem) > most {
		stem = stem[:most]
	}
	return strings.TrimSpace(string(stem) + ending)
}
