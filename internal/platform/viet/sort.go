package viet

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// MaxSortKey is the greatest length of a sort key, in bytes.
const MaxSortKey = 80

// SortKey gives a text that stands in the database beside s, so that both engines sort
// alike by comparing bytes: a before ă before â, d before đ, and within the same letters
// no tone, huyền, hỏi, ngã, sắc, nặng. Numbers sort by their value: "Tổ 2" before
// "Tổ 10". Letter case and the place of the tone mark do not matter.
//
// The key is printable ASCII, at most [MaxSortKey] bytes: the letters first, one byte
// each, then the tones. A longer text is cut there; cutting never turns an order around,
// it can only make two texts equal that share their first 80 letters.
func SortKey(s string) string {
	sorter := sorters().Get().(*sorter) //nolint:forcetypeassert // the pool makes nothing else
	defer sorters().Put(sorter)
	return sorter.key(strings.Join(strings.Fields(Tones(s)), " "))
}

// PersonSortKey is the sort key of a person's name: by the given name, which is the last
// word, then by the whole name from its beginning.
func PersonSortKey(name string) string {
	words := strings.Fields(NFC(name))
	if len(words) > 1 {
		last := len(words) - 1
		words = append([]string{words[last]}, words[:last]...)
	}
	return SortKey(strings.Join(words, " "))
}

// sorters is a pool because a collator keeps buffers and may not be used by two at once,
// and making one costs more than using it a hundred times. It is a function, made at its
// first use and never assigned again.
var sorters = sync.OnceValue(func() *sync.Pool {
	alphabet := newAlphabet()
	return &sync.Pool{New: func() any { return &sorter{collator: collate.New(language.Vietnamese), alphabet: alphabet} }}
})

type sorter struct {
	collator *collate.Collator
	buffer   collate.Buffer
	alphabet *alphabet
	out      []byte
}

// key rewrites the key of the collator, which holds zero bytes and takes five for each
// letter, in the short alphabet.
func (s *sorter) key(text string) string {
	s.buffer.Reset()
	raw := s.collator.KeyFromString(&s.buffer, text)
	s.out = s.out[:0]
	letters, tones := split(raw)
	s.alphabet.letters(s, letters)
	s.alphabet.tones(s, tones)
	return string(s.out[:min(len(s.out), MaxSortKey)])
}

// split reads the first and the second level of a collator's key.
func split(raw []byte) (letters, tones []weight) {
	letters, rest := level(raw)
	tones, _ = level(rest)
	return letters, tones
}

// weight is the place of a letter, or of a tone, in the order of the collator.
type weight uint32

// level reads weights up to the two zero bytes that end a level: two bytes each, three
// where the highest bit is set.
func level(raw []byte) (weights []weight, rest []byte) {
	for len(raw) >= 2 {
		switch {
		case raw[0] == 0 && raw[1] == 0:
			return weights, raw[2:]
		case raw[0]&0x80 != 0 && len(raw) >= 3:
			weights = append(weights, weight(raw[0])<<16|weight(raw[1])<<8|weight(raw[2]))
			raw = raw[3:]
		default:
			weights = append(weights, weight(raw[0])<<8|weight(raw[1]))
			raw = raw[2:]
		}
	}
	return weights, nil
}

// The bytes of a key, in their order.
const (
	endOfLetters = '!' // below every other byte, so that "An" comes before "An Bình"
	firstByte    = '"'
	lastByte     = '~'
	rareDigits   = 24 / 6 // six bits a byte for the 23 bits of a weight
)

// alphabet gives the usual letters one byte each. A letter from elsewhere is written as
// the byte of the gap in which it falls, and its weight.
type alphabet struct {
	usual  []weight // rising
	bytes  []byte   // of each usual letter
	digits weight   // of the digit 0; the other nine follow
}

// The characters that get a byte of their own; 0 stands for all digits.
const usualCharacters = " -,./()0aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

func newAlphabet() *alphabet {
	a := &alphabet{}
	c := collate.New(language.Vietnamese)
	var buffer collate.Buffer
	for _, r := range usualCharacters {
		letters, _ := split(c.KeyFromString(&buffer, string(r)))
		a.usual = append(a.usual, letters[0])
		if r == '0' {
			a.digits = letters[0]
		}
		buffer.Reset()
	}
	slices.Sort(a.usual)
	next := byte(firstByte)
	for i, w := range a.usual {
		if i == 0 || w != a.usual[i-1]+1 {
			next++ // leaves the byte before for what falls into the gap
		}
		a.bytes = append(a.bytes, next)
		next++
	}
	return a
}

func (a *alphabet) letters(s *sorter, letters []weight) {
	for i := 0; i < len(letters) && len(s.out) < MaxSortKey; {
		n := 0
		for i+n < len(letters) && a.isDigit(letters[i+n]) {
			n++
		}
		if n > 0 {
			s.out = a.number(s.out, letters[i:i+n])
			i += n
			continue
		}
		s.out = a.letter(s.out, letters[i])
		i++
	}
}

func (a *alphabet) isDigit(w weight) bool { return w >= a.digits && w <= a.digits+9 }

// letter writes one letter.
func (a *alphabet) letter(out []byte, w weight) []byte {
	gap := byte(firstByte)
	for i, u := range a.usual {
		if w == u {
			return append(out, a.bytes[i])
		}
		if w < u {
			break
		}
		gap = a.bytes[i] + 1
	}
	out = append(out, gap)
	for shift := 6 * (rareDigits - 1); shift >= 0; shift -= 6 {
		out = append(out, firstByte+byte(w>>shift&63))
	}
	return out
}

// number writes digits so that they sort by their value: the byte of all digits, their
// count without leading zeros, then the digits.
func (a *alphabet) number(out []byte, digits []weight) []byte {
	for len(digits) > 1 && digits[0] == a.digits {
		digits = digits[1:]
	}
	out = a.letter(out, a.digits)
	out = append(out, firstByte+byte(min(len(digits), lastByte-firstByte)))
	for _, d := range digits {
		out = append(out, '0'+byte(d-a.digits))
	}
	return out
}

// tones writes the second level; what stands after the last tone says nothing.
func (a *alphabet) tones(s *sorter, tones []weight) {
	const none = 0x20
	for len(tones) > 0 && tones[len(tones)-1] == none {
		tones = tones[:len(tones)-1]
	}
	s.out = append(s.out, endOfLetters)
	for _, t := range tones {
		s.out = append(s.out, byte(min(max(t, none)-none+firstByte, lastByte)))
		if t >= lastByte-firstByte+none {
			return // a mark of another language: what follows it is left undecided
		}
	}
}
