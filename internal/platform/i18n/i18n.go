// Package i18n holds every word that a person reads, in Vietnamese and in English.
//
// The words stand in catalogue/*.json, one file for each capability, both languages
// side by side. A tool turns them into typed keys (keys_gen.go): a key that is missing
// does not compile, and one without a translation is not generated.
//
// In a text, {0} is the first argument, and {0|entry|entries} chooses a word by the
// number in the first argument: Vietnamese never needs it, English does.
package i18n

//go:generate go run ../../../tools/catalogue

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Lang is a language of the faces.
type Lang uint8

// The languages; Vietnamese is the first, and the one that the zero value means.
const (
	Vi Lang = iota
	En
)

// ParseLang reads "vi" or "en".
func ParseLang(s string) (Lang, bool) {
	switch s {
	case "vi":
		return Vi, true
	case "en":
		return En, true
	}
	return Vi, false
}

// Code is the BCP 47 tag.
func (l Lang) Code() string {
	if l == En {
		return "en"
	}
	return "vi"
}

// Key names a message.
type Key uint16

// String is the key as it stands in the catalogue: "practice.return".
func (k Key) String() string { return keyNames[k] }

// Lookup finds a key by its name; for codes that come out of the database.
func Lookup(name string) (Key, bool) {
	k, ok := keyByName()[name]
	return k, ok
}

// Locale is the language with its country, as Open Graph writes it.
func (l Lang) Locale() string {
	if l == En {
		return "en_GB"
	}
	return "vi_VN"
}

// T is the message in the language, with its arguments set in.
func (l Lang) T(k Key, args ...any) string {
	text := texts[l][k]
	if len(args) == 0 && strings.IndexByte(text, '{') < 0 {
		return text
	}
	return l.fill(text, args)
}

// Number writes a whole number with its thousands apart: 11.935 in Vietnamese.
func (l Lang) Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	point := "."
	if l == En {
		point = ","
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(point)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Decimal writes a decimal number: 1.234,5 in Vietnamese, 1,234.5 in English; nothing where
// there is none.
func (l Lang) Decimal(d viet.Decimal) string {
	if l == En {
		return d.Format(",", ".")
	}
	return d.String()
}

// Date writes a civil day: 30/9/2024 in Vietnamese, 30 Sep 2024 in English; a dash
// where there is none.
func (l Lang) Date(d clock.Date) string {
	switch {
	case d == 0:
		return "–"
	case l == En:
		return fmt.Sprintf("%d %s %d", d.Day(), d.Month().String()[:3], d.Year())
	default:
		return fmt.Sprintf("%d/%d/%d", d.Day(), int(d.Month()), d.Year())
	}
}

// Instant writes the day and the minute in Việt Nam.
func (l Lang) Instant(t time.Time) string {
	return l.Date(clock.DateOf(t)) + " " + t.In(clock.VietNam()).Format("15:04")
}

func (l Lang) fill(text string, args []any) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			b.WriteString(text)
			return b.String()
		}
		length := strings.IndexByte(text[open:], '}')
		if length < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:open])
		b.WriteString(l.hole(text[open+1:open+length], args))
		text = text[open+length+1:]
	}
}

// hole is the text for one "{…}": the argument, or a word chosen by it.
func (l Lang) hole(spec string, args []any) string {
	parts := strings.Split(spec, "|")
	i, err := strconv.Atoi(parts[0])
	if err != nil || i < 0 || i >= len(args) {
		return "{" + spec + "}"
	}
	if len(parts) == 3 {
		if n, ok := args[i].(int); ok && n == 1 {
			return parts[1]
		}
		return parts[2]
	}
	return l.format(args[i])
}

func (l Lang) format(arg any) string {
	switch v := arg.(type) {
	case string:
		return v
	case int:
		return l.Number(v)
	case clock.Date:
		return l.Date(v)
	case time.Time:
		return l.Instant(v)
	case Key:
		return l.T(v)
	default:
		return fmt.Sprint(v)
	}
}

func keyByName() map[string]Key {
	m := make(map[string]Key, len(keyNames))
	for k, name := range &keyNames {
		m[name] = Key(k) // the generator refuses more than 65,535 keys
	}
	return m
}

// Keys lists every key.
func Keys() []Key {
	all := make([]Key, len(keyNames))
	for i := range keyNames {
		all[i] = Key(i)
	}
	return all
}

// PaperDay writes a day as official papers do, in Vietnamese whatever the language: days
// below ten and the months 1 and 2 with a nought before them, so that nothing can be put in
// (Decree 30/2020/NĐ-CP, appendix I).
func PaperDay(d clock.Date) string {
	month := strconv.Itoa(int(d.Month()))
	if d.Month() <= 2 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", d.Day(), month, d.Year())
}
