// Package diff tells how one text became another, by its words: what people read when they
// ask what was changed.
package diff

import (
	"slices"
	"strings"
	"unicode"
)

// Kind says what became of a piece of a text.
type Kind uint8

// The kinds of a piece.
const (
	Kept Kind = iota
	Taken
	Added
)

// Piece is a stretch of text of one kind.
type Piece struct {
	Kind Kind
	Text string
}

// most bounds the work: pairs of words that are held against each other. Texts that differ
// in more are told as one taken and one added.
const most = 4_000_000

// Words gives the pieces of the two texts in their order: those that are kept or taken are
// the old one, those that are kept or added the new one.
func Words(before, now string) []Piece {
	a, b := split(before), split(now)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	pieces := joined(nil, Kept, a[:head])
	pieces = middle(pieces, a[head:len(a)-tail], b[head:len(b)-tail])
	return joined(pieces, Kept, a[len(a)-tail:])
}

// middle compares what lies between the common ends.
func middle(pieces []Piece, a, b []string) []Piece {
	if len(a)*len(b) > most {
		return joined(joined(pieces, Taken, a), Added, b)
	}
	same := lengths(a, b)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			pieces = joined(pieces, Kept, a[i:i+1])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && same[i+1][j] >= same[i][j+1]:
			pieces = joined(pieces, Taken, a[i:i+1])
			i++
		default:
			pieces = joined(pieces, Added, b[j:j+1])
			j++
		}
	}
	return pieces
}

// lengths gives for each pair of rests the length of their longest common subsequence.
func lengths(a, b []string) [][]int32 {
	same := make([][]int32, len(a)+1)
	for i := range same {
		same[i] = make([]int32, len(b)+1)
	}
	for i, word := range slices.Backward(a) {
		for j, other := range slices.Backward(b) {
			if word == other {
				same[i][j] = same[i+1][j+1] + 1
			} else {
				same[i][j] = max(same[i+1][j], same[i][j+1])
			}
		}
	}
	return same
}

// joined adds words to the last piece where it is of their kind.
func joined(pieces []Piece, kind Kind, words []string) []Piece {
	if len(words) == 0 {
		return pieces
	}
	text := strings.Join(words, "")
	if n := len(pieces); n > 0 && pieces[n-1].Kind == kind {
		pieces[n-1].Text += text
		return pieces
	}
	return append(pieces, Piece{kind, text})
}

// split cuts a text before each word; the blanks behind a word belong to it.
func split(s string) []string {
	var words []string
	start, blank := 0, false
	for i, r := range s {
		space := unicode.IsSpace(r)
		if blank && !space {
			words = append(words, s[start:i])
			start = i
		}
		blank = space
	}
	if start < len(s) {
		words = append(words, s[start:])
	}
	return words
}
