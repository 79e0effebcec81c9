// Package viet knows how Vietnamese is written: in composed or decomposed characters,
// with the tone mark on one vowel or the other, with a đ that other alphabets imitate.
// It brings texts to one form (NFC, Tones), to the form that search compares (Fold) and
// to the order in which readers expect them (SortKey).
package viet

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NFC gives s in composed characters (Unicode Standard Annex 15): what is stored,
// printed and hashed. Keyboards and old files also send decomposed ones.
func NFC(s string) string { return norm.NFC.String(s) }

// Line gives s as one line is kept: composed, without white space around it, and with one
// space wherever some was.
func Line(s string) string { return strings.Join(strings.Fields(NFC(s)), " ") }

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

// slugWords is how many words the readable part of an address holds at most.
const slugWords = 12

// Slug is the readable part of an address: the folded title in up to twelve words, or ""
// where it holds none.
func Slug(title string) string {
	words := strings.FieldsFunc(Fold(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words[:min(slugWords, len(words))], "-")
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
