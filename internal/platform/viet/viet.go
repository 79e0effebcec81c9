// Package viet knows how Vietnamese is written: in composed or decomposed characters,
// with the tone mark on one vowel or the other, with a đ that other alphabets imitate.
// It brings texts to one form (NFC, Tones), to the form that search compares (Fold) and
// to the order in which readers expect them (SortKey), and it writes dates as official
// papers do.
package viet

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// NFC gives s in composed characters (Unicode Standard Annex 15): what is stored,
// printed and hashed. Keyboards and old files also send decomposed ones.
func NFC(s string) string { return norm.NFC.String(s) }

// Fold gives s as search compares it: lower case, without tone marks and other
// diacritics, đ and its look-alikes as d, white space collapsed. Composed and decomposed
// input give the same.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(norm.NFKD.String(s))) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsSpace(r):
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(plainD(r))
	}
	return b.String()
}

// plainD makes d of đ, and of the Icelandic ð and the African ɖ, whose capitals (Ð, Ɖ)
// look exactly like Đ and come out of some keyboards and scanned papers in its stead.
func plainD(r rune) rune {
	switch r {
	case 'đ', 'Đ', 'ð', 'Ð', 'ɖ', 'Ɖ':
		return 'd'
	}
	return r
}

// Initials gives the letters that stand for a person where there is no picture: those of
// the first and of the last word, as in "NĐ" for Nguyễn Văn Đức.
func Initials(name string) string {
	words := strings.FieldsFunc(NFC(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	if len(words) == 0 {
		return ""
	}
	first, last := initial(words[0]), initial(words[len(words)-1])
	if len(words) == 1 {
		return first
	}
	return first + last
}

func initial(word string) string {
	for _, r := range word {
		return string(unicode.ToUpper(r))
	}
	return ""
}

// LongDate writes a day as official papers do, "ngày 05 tháng 3 năm 2024": a zero stands
// before days under 10 and before months 1 and 2, so that nothing can be written in
// front of them (Nghị định 30/2020/NĐ-CP, Phụ lục I, on the place and date of a paper).
// No day leaves visible gaps.
func LongDate(d clock.Date) string {
	if d == 0 {
		return "ngày … tháng … năm …"
	}
	month := strconv.Itoa(int(d.Month()))
	if d.Month() <= time.February {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", d.Day(), month, d.Year())
}
