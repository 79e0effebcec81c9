package identity

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"

	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Roster is a list of people that came as a table of texts (CSV).
type Roster struct {
	Rows []RosterRow
	Text string // the list in letters of one kind
	// Guessed says that the letters were read as Windows-1258, because nothing in the file
	// told what they are.
	Guessed bool
}

// RosterRow is one line of the list, as it was written.
type RosterRow struct {
	Line                                  int // in the file, from 1
	Login, Name, Unit, Role, Email, Phone string
}

// Bounds of a list.
const (
	MaxRosterBytes = 512 << 10
	maxRosterCols  = 40
	maxRosterCell  = 300
)

// rosterFields are the columns, by what they may be called in the first row: folded, with
// their signs as blanks.
func rosterFields() map[string]func(*RosterRow) *string {
	login := func(r *RosterRow) *string { return &r.Login }
	name := func(r *RosterRow) *string { return &r.Name }
	unit := func(r *RosterRow) *string { return &r.Unit }
	role := func(r *RosterRow) *string { return &r.Role }
	email := func(r *RosterRow) *string { return &r.Email }
	phone := func(r *RosterRow) *string { return &r.Phone }
	return map[string]func(*RosterRow) *string{
		"ten dang nhap": login, "tai khoan": login, "login": login, "username": login, "user name": login,
		"ho va ten": name, "ho ten": name, "ten": name, "name": name, "full name": name,
		"don vi": unit, "ma don vi": unit, "unit": unit, "unit code": unit,
		"vai tro": role, "role": role,
		"email": email, "e mail": email, "thu dien tu": email, "dia chi thu": email,
		"dien thoai": phone, "so dien thoai": phone, "sdt": phone, "phone": phone, "telephone": phone,
	}
}

// ReadRoster reads a list of people: UTF-8 or UTF-16, or Windows-1258 where it is neither;
// parted by commas, semicolons or tabs; its first row names the columns in Vietnamese or in
// English. What it names beside them is left out.
func ReadRoster(raw []byte) (Roster, error) {
	if len(raw) > MaxRosterBytes {
		return Roster{}, errs.New(errs.Invalid, i18n.IdentityRosterLarge, MaxRosterBytes>>10).On("file")
	}
	text, guessed, err := rosterText(raw)
	if err != nil {
		return Roster{}, errs.New(errs.Invalid, i18n.IdentityRosterLetters).On("file").Because(err)
	}
	rows := csv.NewReader(strings.NewReader(text))
	rows.Comma, rows.LazyQuotes, rows.FieldsPerRecord = separator(text), true, -1
	rows.TrimLeadingSpace = rows.Comma != '\t' // which is a blank, too
	head, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return Roster{}, errs.New(errs.Invalid, i18n.IdentityRosterEmpty).On("file")
	}
	if err != nil {
		return Roster{}, errs.New(errs.Invalid, i18n.IdentityRosterBroken, 1).On("file").Because(err)
	}
	columns, err := rosterColumns(head)
	if err != nil {
		return Roster{}, err
	}
	all := Roster{Text: text, Guessed: guessed}
	for {
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := rows.FieldPos(0)
		if err != nil || len(record) > maxRosterCols {
			return Roster{}, errs.New(errs.Invalid, i18n.IdentityRosterBroken, line).On("file").Because(err)
		}
		row, blank, err := rosterRow(columns, record, line)
		if err != nil {
			return Roster{}, err
		}
		if blank {
			continue
		}
		if all.Rows = append(all.Rows, row); len(all.Rows) > MaxRoster {
			return Roster{}, errs.New(errs.Invalid, i18n.IdentityRosterLong, MaxRoster).On("file")
		}
	}
	if len(all.Rows) == 0 {
		return Roster{}, errs.New(errs.Invalid, i18n.IdentityRosterEmpty).On("file")
	}
	return all, nil
}

// rosterText makes one kind of letters of all that may come.
func rosterText(raw []byte) (text string, guessed bool, err error) {
	var out []byte
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		out, err = xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM).NewDecoder().Bytes(raw)
	case utf8.Valid(raw):
		out = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	default:
		out, err = charmap.Windows1258.NewDecoder().Bytes(raw)
		guessed = true
	}
	if err != nil {
		return "", false, err //nolint:wrapcheck // the caller says what it means
	}
	text = viet.NFC(strings.ReplaceAll(strings.ReplaceAll(string(out), "\r\n", "\n"), "\r", "\n"))
	if strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' }) >= 0 {
		return "", false, errors.New("there are signs in it that no text has")
	}
	return text, guessed, nil
}

// separator is the sign that parts the first row most often.
func separator(text string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	best, most := ',', 0
	for _, sign := range []rune{',', ';', '\t'} {
		if n := strings.Count(first, string(sign)); n > most {
			best, most = sign, n
		}
	}
	return best
}

func rosterColumns(head []string) ([]func(*RosterRow) *string, error) {
	if len(head) > maxRosterCols {
		return nil, errs.New(errs.Invalid, i18n.IdentityRosterBroken, 1).On("file")
	}
	known, seen := rosterFields(), map[*string]bool{}
	var probe RosterRow
	columns := make([]func(*RosterRow) *string, len(head))
	for i, title := range head {
		words := strings.FieldsFunc(viet.Fold(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		field := known[strings.Join(words, " ")]
		if field == nil {
			continue
		}
		if at := field(&probe); seen[at] {
			return nil, errs.New(errs.Invalid, i18n.IdentityRosterTwice, strings.TrimSpace(title)).On("file")
		}
		seen[field(&probe)], columns[i] = true, field
	}
	if !seen[&probe.Name] || !seen[&probe.Unit] {
		return nil, errs.New(errs.Invalid, i18n.IdentityRosterHead).On("file")
	}
	return columns, nil
}

func rosterRow(columns []func(*RosterRow) *string, record []string, line int) (row RosterRow, blank bool, err error) {
	row.Line = line
	if !slices.ContainsFunc(record, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return row, true, nil
	}
	for i, cell := range record {
		if i >= len(columns) || columns[i] == nil {
			continue
		}
		cell = strings.Join(strings.Fields(cell), " ")
		if utf8.RuneCountInString(cell) > maxRosterCell {
			return row, false, errs.New(errs.Invalid, i18n.IdentityRosterCell, line, i+1, maxRosterCell).On("file")
		}
		*columns[i](&row) = cell
	}
	return row, false, nil
}

// proposeLogin makes a login of a name as offices do: the given name, then the first
// letters of the others; with a number where it is taken.
func proposeLogin(name string, taken func(string) bool) string {
	words := strings.FieldsFunc(viet.Fold(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	if len(words) == 0 {
		words = []string{"nguoidung"}
	}
	var made strings.Builder
	made.WriteString(words[len(words)-1])
	for _, w := range words[:len(words)-1] {
		made.WriteByte(w[0])
	}
	login := made.String()
	if login = login[:min(len(login), 40)]; len(login) < 2 {
		login += "1"
	}
	if !taken(login) {
		return login
	}
	for n := 2; ; n++ {
		if next := login + strconv.Itoa(n); !taken(next) {
			return next
		}
	}
}
