// Package places knows the provinces and communes of Vietnam since 1 July 2025
// (Resolution 202/2025/QH15: 34 provinces, 3,321 communes, wards and special zones), and
// which former communes went into each. It helps to choose; it is no official gazette, and
// of a commune that was split it mostly names only the one that took the largest part.
//
// The data are lines of fields parted by tabs, so that a newer file can be read in their
// place. The first field tells what a line is:
//
//	P  code  name                  a province
//	C  code  name                  a commune of the province above
//	D  former province  district   a former district
//	F  former name  code           a former commune of the district above, and the one
//	                               that it, or a part of it, went into
//
// A line that begins with "#" is a remark.
package places

import (
	"bufio"
	_ "embed" // the list of this day
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

//go:embed places.tsv
var known string

// Province is a province or a city under the centre.
type Province struct {
	Code     string // two digits of the General Statistics Office
	Name     string // with its kind: "Tỉnh Cao Bằng"
	Communes []*Commune
}

// Commune is a commune, a ward or a special zone.
type Commune struct {
	Code     string // five digits
	Name     string // with its kind: "Phường Hoàn Kiếm"
	Province *Province
	Former   []Former // what went into it, wholly or in part
}

// Former is a commune as it was until 30 June 2025.
type Former struct{ Name, District, Province string }

// List is all places.
type List struct {
	Provinces []*Province
	byCode    map[string]*Commune
}

// Bounds of a file that is read; today's has 14,892 lines of 389 kB.
const (
	maxLines = 100_000
	maxText  = 200
)

// ErrList says that a file is no list of places; what it wraps names the line.
var ErrList = errors.New("not a list of places")

// LineError is what is wrong with a line of a file.
type LineError struct {
	Line int
	Err  error
}

// Error names the line.
func (e LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Err) }

// Unwrap is what is wrong with it.
func (e LineError) Unwrap() error { return e.Err }

// Known is the list that the program brings along.
func Known() (*List, error) { return Read(strings.NewReader(known)) }

// Read reads a list; ErrList where it is none.
func Read(r io.Reader) (*List, error) {
	l := &List{byCode: map[string]*Commune{}}
	at := reading{List: l}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		if n > maxLines {
			return nil, fmt.Errorf("%w: it has more than %d lines", ErrList, maxLines)
		}
		if err := at.line(lines.Text()); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrList, LineError{n, err})
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrList, err)
	}
	if len(l.byCode) == 0 {
		return nil, fmt.Errorf("%w: there is no commune in it", ErrList)
	}
	return l, nil
}

// reading is where one stands in a list.
type reading struct {
	*List
	province, district string
}

func (r *reading) line(text string) error {
	if text == "" || strings.HasPrefix(text, "#") {
		return nil
	}
	f := strings.Split(text, "\t")
	if len(f) != 3 || !utf8.ValidString(text) || len(text) > maxText {
		return errors.New("it has not three fields of text")
	}
	switch f[0] {
	case "P":
		r.Provinces = append(r.Provinces, &Province{Code: f[1], Name: f[2]})
	case "C":
		return r.commune(f[1], f[2])
	case "D":
		r.province, r.district = f[1], f[2]
	case "F":
		c := r.byCode[f[2]]
		if c == nil {
			return fmt.Errorf("there is no commune %s", f[2])
		}
		c.Former = append(c.Former, Former{f[1], r.district, r.province})
	default:
		return fmt.Errorf("it begins with %q", f[0])
	}
	return nil
}

func (r *reading) commune(code, name string) error {
	if len(r.Provinces) == 0 {
		return errors.New("a commune stands before the first province")
	}
	if r.byCode[code] != nil {
		return fmt.Errorf("the code %s stands there twice", code)
	}
	p := r.Provinces[len(r.Provinces)-1]
	c := &Commune{Code: code, Name: name, Province: p}
	p.Communes = append(p.Communes, c)
	r.byCode[code] = c
	return nil
}

// Province finds a province by its code; nil where there is none.
func (l *List) Province(code string) *Province {
	for _, p := range l.Provinces {
		if p.Code == code {
			return p
		}
	}
	return nil
}

// Commune finds a commune by its code; nil where there is none.
func (l *List) Commune(code string) *Commune { return l.byCode[code] }

// Found is a commune that a search found, and by which former name, if by one.
type Found struct {
	*Commune
	By Former
}

// Search finds communes by words of their own name or of a former one, or by how they
// begin, however they are typed, within a province or, where that is "", everywhere; at
// most so many.
func (l *List) Search(province, text string, most int) []Found {
	wanted := " " + viet.Fold(strings.TrimSpace(text))
	var own, former []Found
	for _, p := range l.Provinces {
		if province != "" && p.Code != province {
			continue
		}
		for _, c := range p.Communes {
			if strings.Contains(" "+viet.Fold(c.Name), wanted) {
				own = append(own, Found{Commune: c})
				continue
			}
			for _, f := range c.Former {
				if strings.Contains(" "+viet.Fold(f.Name), wanted) {
					former = append(former, Found{c, f})
					break
				}
			}
		}
	}
	all := slices.Concat(own, former)
	return all[:min(most, len(all))]
}

// Difference is how many communes one list has that another has not, or has otherwise: under
// another name, or in another province.
type Difference struct{ New, Changed, Gone int }

// Compare says what is different in a list, seen from an earlier one.
func Compare(from, to *List) Difference {
	var d Difference
	for code, c := range to.byCode {
		switch old := from.byCode[code]; {
		case old == nil:
			d.New++
		case old.Name != c.Name || old.Province.Code != c.Province.Code || old.Province.Name != c.Province.Name:
			d.Changed++
		}
	}
	for code := range from.byCode {
		if to.byCode[code] == nil {
			d.Gone++
		}
	}
	return d
}
