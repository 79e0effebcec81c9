package privacy

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// blotted stands where a number or an address was; where a name was, the register puts the same.
const blotted = "[…]"

// beside is what may stand between the digits of a telephone number.
const beside = `[ \t\x{a0}.()-]*`

// digits are those of a telephone number as it is dialled within the country.
func digits(s string) string {
	d := strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, s)
	rest, abroad := strings.CutPrefix(strings.TrimPrefix(d, "00"), "84")
	if rest = strings.TrimLeft(rest, "0"); abroad && len(rest) >= minDigits {
		return "0" + rest
	}
	return d
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// blotter takes a person out of texts.
type blotter struct {
	name  func(string) string
	phone *regexp.Regexp
	email *regexp.Regexp
}

func newBlotter(n Needle) blotter {
	var b blotter
	if n.Name != "" {
		b.name = viet.Masking(n.Name)
	}
	if n.Phone != "" {
		b.phone = numberLike(digits(n.Phone))
	}
	if n.Email != "" {
		b.email = regexp.MustCompile(`(?i)` + regexp.QuoteMeta(n.Email))
	}
	return b
}

// numberLike finds a telephone number however its digits are grouped, as it is dialled
// within the country and from abroad.
func numberLike(digits string) *regexp.Regexp {
	before := ""
	if rest, within := strings.CutPrefix(digits, "0"); within {
		before, digits = `(?:(?:\+|00)?84[ .-]*(?:\(0\))?|0)`+beside, rest
	}
	return regexp.MustCompile(before + strings.Join(strings.Split(digits, ""), beside))
}

// blot takes the person out of a text.
func (b blotter) blot(text string) string {
	if b.name != nil {
		text = b.name(text)
	}
	if b.phone != nil {
		text = blotAll(text, b.phone, isDigit, isDigit)
	}
	if b.email != nil {
		text = blotAll(text, b.email, func(r rune) bool { return inWord(r) || strings.ContainsRune(".+-", r) }, func(r rune) bool { return inWord(r) || r == '-' })
	}
	return text
}

// inWord tells whether an address may go on with the character.
func inWord(r rune) bool {
	return r == '_' || isDigit(r) || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// blotAll blots out what a pattern finds, unless it is a part of something longer: the
// character before or after it belongs to that.
func blotAll(text string, what *regexp.Regexp, before, after func(rune) bool) string {
	var out strings.Builder
	kept := 0
	for at := 0; at < len(text); {
		found := what.FindStringIndex(text[at:])
		if found == nil {
			break
		}
		from, to := at+found[0], at+found[1]
		last, n := utf8.DecodeLastRuneInString(text[:from])
		next, m := utf8.DecodeRuneInString(text[to:])
		if n > 0 && before(last) || m > 0 && after(next) {
			_, width := utf8.DecodeRuneInString(text[from:])
			at = from + width
			continue
		}
		out.WriteString(text[kept:from] + blotted)
		kept, at = to, to
	}
	return out.String() + text[kept:]
}

// in tells whether a text names the person.
func (b blotter) in(text string) bool { return text != "" && b.blot(text) != text }
