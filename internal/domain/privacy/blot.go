package privacy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// blotted stands where a number or an address was; where a name was, the register puts the same.
const blotted = "[…]"

var numberLike = regexp.MustCompile(`\+?\d[\d .()-]{6,}\d`)

// digits are those of a telephone number as it is dialled within the country.
func digits(s string) string {
	d := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if rest, abroad := strings.CutPrefix(d, "84"); abroad && len(rest) >= minDigits {
		return "0" + rest
	}
	return d
}

// blotter takes a person out of texts.
type blotter struct {
	word   string // the longest word of the name, folded: a text without it does not name them
	name   func(string) string
	digits string
	email  *regexp.Regexp
}

func newBlotter(n Needle) blotter {
	var b blotter
	if n.Name != "" {
		b.name = viet.Masking(n.Name)
		words := strings.Fields(viet.Fold(n.Name))
		b.word = slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	}
	if n.Phone != "" {
		b.digits = digits(n.Phone)
	}
	if n.Email != "" {
		b.email = regexp.MustCompile(`(?i)(^|[^\w.+-])` + regexp.QuoteMeta(n.Email) + `($|[^\w-])`)
	}
	return b
}

// blot takes the person out of a text.
func (b blotter) blot(text string) string {
	if b.name != nil && strings.Contains(viet.Fold(text), b.word) {
		text = b.name(text)
	}
	if b.digits != "" {
		text = numberLike.ReplaceAllStringFunc(text, func(found string) string {
			if digits(found) == b.digits {
				return blotted
			}
			return found
		})
	}
	if b.email != nil {
		text = b.email.ReplaceAllString(text, "${1}"+blotted+"${2}")
	}
	return text
}

// in tells whether a text names the person.
func (b blotter) in(text string) bool { return text != "" && b.blot(text) != text }
