package webkit

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// FormReader reads the fields of a form and gathers what is wrong with them. The rules
// of the domain stay in the domain: here it is only whether a number is a number.
type FormReader struct {
	Values url.Values // as they came, to fill the form again
	Errors errs.List
}

// Form reads the posted form; the kit has parsed and bounded it.
func Form(r *http.Request) *FormReader {
	values := r.PostForm
	if values == nil {
		values = url.Values{}
	}
	return &FormReader{Values: values}
}

// Query reads the parameters of an address in the same way, for filters.
func Query(r *http.Request) *FormReader { return &FormReader{Values: r.URL.Query()} }

// Err is the gathered errors, or nil.
func (f *FormReader) Err() error { return f.Errors.Err() }

// Text reads a text of at most so many characters: composed (NFC), with plain line ends,
// without blanks around it.
func (f *FormReader) Text(name string, most int) string {
	raw := f.Values.Get(name)
	if !utf8.ValidString(raw) || strings.IndexFunc(raw, unwanted) >= 0 {
		f.Errors.Add(name, i18n.ErrsBadText)
		return ""
	}
	text := norm.NFC.String(strings.TrimSpace(strings.ReplaceAll(raw, "\r\n", "\n")))
	if utf8.RuneCountInString(text) > most {
		f.Errors.Add(name, i18n.ErrsTooLong, most)
	}
	return text
}

// Texts reads every value of a field, each as [FormReader.Text] does.
func (f *FormReader) Texts(name string, most int) []string {
	var all []string
	for _, v := range f.Values[name] {
		one := &FormReader{Values: url.Values{name: {v}}}
		all = append(all, one.Text(name, most))
		f.Errors = append(f.Errors, one.Errors...)
	}
	return all
}

// unwanted are control characters that no person types.
func unwanted(r rune) bool {
	return (r < ' ' && r != '\n' && r != '\r' && r != '\t') || r == 0x7f || r == utf8.RuneError
}

// Secret reads a password: nothing is trimmed.
func (f *FormReader) Secret(name string) string { return f.Values.Get(name) }

// Date reads a day as date fields send it, "2024-09-30", or as people write it,
// "30/9/2024"; no day where the field is empty.
func (f *FormReader) Date(name string) clock.Date {
	raw := strings.TrimSpace(f.Values.Get(name))
	if day, month, year, ok := slashed(raw); ok {
		raw = year + "-" + pad(month) + "-" + pad(day)
	}
	d, err := clock.ParseDate(raw)
	if err != nil {
		f.Errors.Add(name, i18n.ErrsBadDate)
	}
	return d
}

func slashed(s string) (day, month, year string, ok bool) {
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return "", "", "", false
	}
	return parts[0], parts[1], parts[2], true
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// Int reads a whole number within bounds; the lower bound where the field is empty.
func (f *FormReader) Int(name string, least, most int) int {
	raw := strings.TrimSpace(f.Values.Get(name))
	if raw == "" {
		return least
	}
	n, err := strconv.Atoi(raw)
	switch {
	case err != nil:
		f.Errors.Add(name, i18n.WebkitBadNumber)
		return least
	case n < least || n > most:
		f.Errors.Add(name, i18n.WebkitNumberRange, least, most)
	}
	return n
}

// Decimal reads a number as Vietnamese writes it, "1.234,5", in every language of the face:
// what is typed is data, and the same keys must not mean two numbers. No number where the
// field is empty.
func (f *FormReader) Decimal(name string) viet.Decimal {
	d, err := viet.ParseDecimal(f.Values.Get(name))
	if errors.Is(err, viet.ErrPlaces) {
		f.Errors.Add(name, i18n.WebkitDecimalPlaces)
	} else if err != nil {
		f.Errors.Add(name, i18n.WebkitBadDecimal)
	}
	return d
}

// Bool reads a checkbox.
func (f *FormReader) Bool(name string) bool { return f.Values.Get(name) != "" }

// Choice reads one of the values that the form offers; "" is always taken.
func (f *FormReader) Choice(name string, offered ...string) string {
	v := f.Values.Get(name)
	if v == "" {
		return ""
	}
	if slices.Contains(offered, v) {
		return v
	}
	f.Errors.Add(name, i18n.ErrsBadChoice)
	return ""
}

// Choices reads several of the values that the form offers.
func (f *FormReader) Choices(name string, offered ...string) []string {
	var all []string
	for _, v := range f.Values[name] {
		one := &FormReader{Values: url.Values{name: {v}}}
		if got := one.Choice(name, offered...); got != "" {
			all = append(all, got)
		}
		f.Errors = append(f.Errors, one.Errors...)
	}
	return all
}

// VersionField is the hidden field with the version of the record that the form shows.
const VersionField = "version"

// Version reads the version of the record that the form was filled from: from the form,
// or from If-Match for programs. 0 where there is none, which no record has.
func Version(r *http.Request) int {
	raw := r.PostForm.Get(VersionField)
	if raw == "" {
		raw = strings.Trim(strings.TrimPrefix(r.Header.Get("If-Match"), "W/"), `"`)
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Link is the address of this page with some parameters changed, given as name and value
// in turn; an empty value removes one. Lists link to their next page with
// Link(r, "after", key).
func Link(r *http.Request, pairs ...string) string {
	q := r.URL.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u := url.URL{Path: r.URL.Path, RawQuery: q.Encode()}
	return u.String()
}
