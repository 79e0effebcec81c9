package ledger

import (
	"fmt"
	"strconv"
	"strings"
)

// packed writes the timeline of a fact row in one short text.
//
// Of a regular one, what the pass over all figures needs: a digit each for kind, field and
// origin, then for every mark that has come its letter and its day, and after a colon the
// day of its end. "131a8773b8780d8791:9000" is a collective in defence, new, registered,
// received, and recognised until day 9000. The engine joins the texts of a unit, so that a
// figure costs one row for each unit and not one for each entry.
//
// Of an irregular one, all of it: after a star the marks, each as often as it came, then
// after a bar each the day from which attributes hold, and these.
func packed(t timeline, from, to mark) string {
	b := make([]byte, 0, 64)
	if t.irregular() {
		b = append(b, star)
	} else {
		b = appendWhat(b, t.attrs[len(t.attrs)-1].attr)
	}
	for m := from; m < to; m++ {
		for _, s := range t.marks[m] {
			b = append(b, 'a'+byte(m))
			b = strconv.AppendInt(b, int64(s.on), 10)
			if s.off != never {
				b = append(b, ':')
				b = strconv.AppendInt(b, int64(s.off), 10)
			}
		}
	}
	if t.irregular() {
		for _, a := range t.attrs {
			b = fmt.Appendf(b, "|%d,%s,%s,%s,", a.day, a.attr.Unit, a.attr.Path, a.attr.Subject)
			b = appendWhat(b, a.attr)
		}
	}
	return string(b)
}

const (
	star   = '*' // begins the text of an irregular row
	joiner = ";" // stands between the packed texts of a unit
)

func appendWhat(b []byte, a Attr) []byte {
	return append(b, '0'+byte(a.Kind), '0'+byte(a.Field), '0'+byte(a.Origin))
}

// what is the kind, the field and the origin of a packed row.
type what [3]byte

func readWhat(text string) what { return what{text[0] - '0', text[1] - '0', text[2] - '0'} }

func (w what) on(path string) Cell {
	return Cell{path, SubjectKind(w[0]), Field(w[1]), Origin(w[2])}
}

// unpack visits the regular ones among joined texts with the marks that each has on the
// day. Where seen is given, it is shown every mark with its days.
func unpack(texts string, day int, seen func(mark, span), visit func(of what, on marked)) {
	for texts != "" {
		var one string
		one, texts, _ = strings.Cut(texts, joiner)
		if len(one) < 3 || one[0] == star {
			continue
		}
		var on marked
		eachSpan(one[3:], func(m mark, s span) {
			if s.on <= day && day < s.off {
				on |= 1 << m
			}
			if seen != nil {
				seen(m, s)
			}
		})
		visit(readWhat(one), on)
	}
}

// unpackLine reads the whole timeline of an irregular row; its status is not in it.
func unpackLine(text string) (timeline, error) {
	parts := strings.Split(strings.TrimPrefix(text, string(star)), "|")
	var t timeline
	eachSpan(parts[0], func(m mark, s span) { t.marks[m] = append(t.marks[m], s) })
	for _, part := range parts[1:] {
		f := strings.Split(part, ",")
		if len(f) != 5 || len(f[4]) != 3 {
			return timeline{}, fmt.Errorf("ledger: the days of a fact row cannot be read: %q", text)
		}
		day, err := strconv.Atoi(f[0])
		if err != nil {
			return timeline{}, fmt.Errorf("ledger: the days of a fact row cannot be read: %w", err)
		}
		c := readWhat(f[4]).on(f[2])
		t.attrs = append(t.attrs, attrFrom{day, Attr{Unit: f[1], Path: f[2], Subject: f[3], Kind: c.Kind, Field: c.Field, Origin: c.Origin}})
	}
	return t, nil
}

// eachSpan visits the marks of a text.
func eachSpan(text string, visit func(mark, span)) {
	for i := 0; i < len(text); {
		m := mark(text[i] - 'a')
		s := span{off: never}
		s.on, i = number(text, i+1)
		if i < len(text) && text[i] == ':' {
			s.off, i = number(text, i+1)
		}
		visit(m, s)
	}
}

// number reads the whole number that begins at a place, and gives the place after it.
func number(text string, at int) (n, next int) {
	sign := 1
	if at < len(text) && text[at] == '-' {
		sign, at = -1, at+1
	}
	for ; at < len(text) && '0' <= text[at] && text[at] <= '9'; at++ {
		n = n*10 + int(text[at]-'0')
	}
	return sign * n, at
}
