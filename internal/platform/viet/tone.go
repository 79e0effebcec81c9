package viet

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The five tone marks as combining characters; the sixth tone has none.
const toneMarks = "\u0300\u0301\u0303\u0309\u0323"

// Tones gives s in NFC with every tone mark on the vowel where the usage of official
// papers has it: "hóa", "thúy", "khỏe" for "hoá", "thuý", "khoẻ", but "quý", "toàn",
// "thuở", "già". The two ways of writing are one word; they are compared in this form.
// What is not a Vietnamese syllable stays as it is.
func Tones(s string) string {
	s = norm.NFC.String(s)
	var b strings.Builder
	b.Grow(len(s))
	start := -1
	for i, r := range s {
		if inWord := unicode.IsLetter(r) || unicode.Is(unicode.Mn, r); inWord {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			b.WriteString(placeTone(s[start:i]))
			start = -1
		}
		b.WriteString(s[i : i+runeLen(s[i:])])
	}
	if start >= 0 {
		b.WriteString(placeTone(s[start:]))
	}
	return b.String()
}

// runeLen is the number of bytes of the first character; 1 where it cannot be read.
func runeLen(s string) int {
	for i := range s {
		if i > 0 {
			return i
		}
	}
	return len(s)
}

// placeTone puts the tone mark of one syllable where it belongs.
func placeTone(word string) string {
	letters, tone := takeTone(word)
	if tone == 0 {
		return word
	}
	from, to, ok := nucleus(letters)
	if !ok {
		return word
	}
	at := toneAt(letters, from, to)
	letters[at] += string(tone)
	return norm.NFC.String(strings.Join(letters, ""))
}

// takeTone splits a word into letters without their tone mark, and the mark; no mark
// where there is none or more than one.
func takeTone(word string) ([]string, rune) {
	var letters []string
	var tone rune
	for _, r := range norm.NFD.String(word) {
		switch {
		case strings.ContainsRune(toneMarks, r):
			if tone != 0 {
				return nil, 0
			}
			tone = r
		case unicode.Is(unicode.Mn, r) && len(letters) > 0:
			letters[len(letters)-1] += string(r)
		default:
			letters = append(letters, string(r))
		}
	}
	return letters, tone
}

// nucleus finds the vowels that can bear the tone, from up to but not with to; not ok
// where the word is not built like a Vietnamese syllable.
func nucleus(letters []string) (from, to int, ok bool) {
	plain := make([]string, len(letters))
	for i, l := range letters {
		plain[i] = norm.NFC.String(strings.ToLower(l))
	}
	for from < len(plain) && !isVowel(plain[from]) {
		from++
	}
	onset := strings.Join(plain[:from], "")
	to = from
	for to < len(plain) && isVowel(plain[to]) {
		to++
	}
	// In "quý" the u, in "già" the i belongs to the consonant before it.
	if to-from > 1 && (onset == "q" && plain[from] == "u" || onset == "g" && plain[from] == "i") {
		from++
	}
	return from, to, to > from && to-from <= 3 && isOnset(onset) && isCoda(strings.Join(plain[to:], ""))
}

func isVowel(letter string) bool {
	return strings.Contains("a ă â e ê i o ô ơ u ư y", letter) && letter != " "
}

func isOnset(s string) bool {
	return slices.Contains([]string{
		"", "b", "c", "ch", "d", "đ", "g", "gh", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "q", "r", "s",
		"t", "th", "tr", "v", "x",
	}, s)
}

func isCoda(s string) bool {
	return slices.Contains([]string{"", "c", "ch", "m", "n", "ng", "nh", "p", "t"}, s)
}

// toneAt is the index of the letter that bears the tone: the last vowel with a mark of
// its own (ê, ơ …); else the last before a final consonant; else the second of three and
// the first of two.
func toneAt(letters []string, from, to int) int {
	for i := to - 1; i >= from; i-- {
		if !strings.Contains("aeiouy", strings.ToLower(letters[i])) {
			return i
		}
	}
	switch {
	case to < len(letters):
		return to - 1
	case to-from == 3:
		return from + 1
	default:
		return from
	}
}
