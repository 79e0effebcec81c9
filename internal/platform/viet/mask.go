package viet

import (
	"regexp"
	"slices"
	"strings"
)

// Blot stands where a name was.
const Blot = "[…]"

var (
	oneWord = regexp.MustCompile(`[\p{L}\p{M}\p{N}]+`)
	between = regexp.MustCompile(`[,;(/–]| - | và `)
)

// Masking gives a function that blots a person's name out of a text: word by word and
// without regard to capitals, tones and diacritics, so that "Hoà" is "Hòa" and "Hoa". It
// finds the name as the register has it, with or without the words of address before it,
// and each of several; a given name alone or a nickname it cannot know.
func Masking(subject string) func(string) string {
	names := namesIn(subject)
	return func(text string) string {
		if !mayName(Fold(text), names) {
			return text
		}
		words := oneWord.FindAllStringIndex(text, -1)
		folded := make([]string, len(words))
		for i, w := range words {
			folded[i] = Fold(text[w[0]:w[1]])
		}
		var out strings.Builder
		end := 0
		for i := 0; i < len(words); i++ {
			for _, name := range names {
				if i+len(name) <= len(folded) && slices.Equal(folded[i:i+len(name)], name) {
					out.WriteString(text[end:words[i][0]] + Blot)
					i += len(name) - 1
					end = words[i][1]
					break
				}
			}
		}
		return out.String() + text[end:]
	}
}

// mayName tells whether all words of one of the names stand somewhere in a folded text:
// most texts name nobody, and need not be taken apart.
func mayName(folded string, names [][]string) bool {
	return slices.ContainsFunc(names, func(name []string) bool {
		return !slices.ContainsFunc(name, func(word string) bool { return !strings.Contains(folded, word) })
	})
}

// namesIn gives the names in a subject as folded words, the longest first.
func namesIn(subject string) [][]string {
	var names [][]string
	for _, part := range between.Split(subject, -1) {
		var words []string
		for _, w := range oneWord.FindAllString(part, -1) {
			words = append(words, Fold(w))
		}
		spoken := strings.Fields(strings.ToLower(strings.Join(oneWord.FindAllString(part, -1), " ")))
		for len(words) > 2 && slices.Contains(address(), words[0]) {
			if !slices.Contains(onlyAddress(), spoken[0]) { // Hồ is a family, hộ a household: without its tones it may be either
				names = append(names, words)
			}
			words, spoken = words[1:], spoken[1:]
		}
		if len(words) > 1 || (len(words) == 1 && len(names) == 0) {
			names = append(names, words)
		}
	}
	slices.SortStableFunc(names, func(a, b []string) int { return len(b) - len(a) })
	return names
}

// onlyAddress lists those words of address, with their tones, that begin no name.
func onlyAddress() []string {
	return strings.Fields("gia đình hộ ông bà cô chú bác anh chị em cụ vợ chồng cháu thầy sĩ nghệ nhân cựu chiến binh")
}

// address lists the words that may stand before a name, folded.
func address() []string {
	return []string{
		"gia", "dinh", "ho", "ong", "ba", "co", "chu", "bac", "anh", "chi", "em", "cu", "dong", "vo", "chong", "chau", "thay", "giao", "su", "si",
		"y", "duoc", "nghe", "nhan", "cuu", "chien", "binh", "thuong", "linh", "muc", "toa", "dai", "duc", "ni", "tuong", "ta", "uy",
	}
}
