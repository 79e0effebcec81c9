package paper

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Sheet is what only the office knows of a paper.
type Sheet struct {
	ID    string // none where nothing was saved yet
	About About
	SheetInput
	Series    string // in which its number was counted, or ""
	Reserved  bool   // the number was reserved here, and not typed
	Version   int
	UpdatedAt time.Time
	UpdatedBy string // account
}

// SheetInput is a sheet as a form has it.
type SheetInput struct {
	Unit       string           // code of whose paper it is; none is who the record says
	Profile    rulebook.Profile // none is that of the unit's letterhead
	Dated      clock.Date       // none where it is not signed yet
	Number     string           // "15/BC-UBND", as the clerk gave it
	Recipients []string
	Texts      map[string]string // what is typed, by its name
}

// Bounds of a sheet, in characters and lines.
const (
	MaxNumber     = 60
	MaxRecipients = 40
	MaxRecipient  = 300
	MaxTyped      = 20_000
)

// leading is the number at the beginning of a number with its signs.
var leading = regexp.MustCompile(`^0*([1-9]\d{0,5})(?:\D|$)`)

// counted is the number of a text such as "15/BC-UBND"; false where it begins with none.
func counted(number string) (int, bool) {
	m := leading.FindStringSubmatch(number)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}

// check cleans the input and gathers everything that is wrong with it.
func (in *SheetInput) check(k Kind) error {
	var l errs.List
	in.Number = strings.Join(strings.Fields(in.Number), " ")
	l.Text("number", in.Number, MaxNumber, false)
	if in.Number != "" {
		if _, ok := counted(in.Number); !ok {
			l.Add("number", i18n.PaperNumberBegins)
		}
		if in.Dated == 0 {
			l.Add("dated", i18n.PaperNumberNeedsDay)
		}
		if s, _ := k.sort(); s.code == "" {
			l.Add("number", i18n.PaperNoNumber)
		}
	}
	if in.Profile != "" && !slices.Contains(rulebook.Profiles(), in.Profile) {
		l.Add("profile", i18n.ErrsBadChoice)
	}
	var recipients []string
	for _, line := range in.Recipients {
		if line = strings.TrimRight(strings.TrimLeft(strings.TrimSpace(line), "- "), ";. "); line != "" {
			recipients = append(recipients, line)
			l.Text("recipients", line, MaxRecipient, false)
		}
	}
	if in.Recipients = recipients; len(recipients) > MaxRecipients {
		l.Add("recipients", i18n.MovementTooMany, MaxRecipients)
	}
	names, err := Typed(k)
	if err != nil {
		return err
	}
	texts := map[string]string{}
	for _, n := range names {
		text := strings.TrimSpace(strings.ReplaceAll(in.Texts[n.Name], "\r\n", "\n"))
		l.Text(n.Name, text, MaxTyped, false)
		if text != "" {
			texts[n.Name] = text
		}
	}
	in.Texts = texts
	return l.Err()
}

// Typed are the names of a kind whose values are typed on the page where the paper is made.
func Typed(k Kind) ([]Name, error) {
	names, err := Names(k)
	return slices.DeleteFunc(slices.Clone(names), func(n Name) bool { return !n.Typed }), err
}

// same tells whether two inputs say the same.
func (in SheetInput) same(as SheetInput) bool {
	return in.Unit == as.Unit && in.Profile == as.Profile && in.Dated == as.Dated && in.Number == as.Number &&
		slices.Equal(in.Recipients, as.Recipients) && maps.Equal(in.Texts, as.Texts)
}

// Office is how a unit signs the numbers of its papers, from a day on.
type Office struct {
	From    clock.Date
	Letters string // "UBND", "ĐU", "MTTQ-BTT"
	Term    string // of the committee: "2020-2025"
}

// MaxOffice bounds the letters of an office and the name of a term, in characters.
const MaxOffice = 40

func (o *Office) check() error {
	var l errs.List
	o.Letters, o.Term = strings.Join(strings.Fields(o.Letters), ""), strings.Join(strings.Fields(o.Term), " ")
	if o.From == 0 {
		l.Add("from", i18n.ErrsRequired)
	}
	l.Text("letters", o.Letters, MaxOffice, true)
	l.Text("term", o.Term, MaxOffice, false)
	if strings.ContainsAny(o.Letters+o.Term, "|") {
		l.Add("letters", i18n.ErrsBadText)
	}
	return l.Err()
}

// numbering is all on which a number rests.
type numbering struct {
	unit    string // identity
	profile rulebook.Profile
	kind    Kind
	on      clock.Date
	office  Office
}

// series is the one in which numbers of such papers are counted: by year, of the Party by sort
// of paper and term.
func (n numbering) series() string {
	if n.profile == rulebook.PartyProfile {
		s, _ := n.kind.sort()
		return strings.Join([]string{n.unit, string(n.profile), s.code, n.office.Term}, "|")
	}
	return strings.Join([]string{n.unit, string(n.profile), strconv.Itoa(n.on.Year())}, "|")
}

// ready tells what must be set before a number can be reserved.
func (n numbering) ready() error {
	switch {
	case n.on == 0:
		return errs.New(errs.Invalid, i18n.PaperNumberNeedsDay).On("dated")
	case n.office.Letters == "":
		return errs.New(errs.Invalid, i18n.PaperNumberNeedsLetters).On("number")
	case n.profile == rulebook.PartyProfile && n.office.Term == "":
		return errs.New(errs.Invalid, i18n.PaperNumberNeedsTerm).On("number")
	}
	return nil
}

// text is a number with its signs: "15/BC-UBND" of the State, "15-BC/ĐU" of the Party,
// "15/MTTQ-BTT" of the Front.
func (n numbering) text(number int) string {
	s, _ := n.kind.sort()
	switch n.profile {
	case rulebook.StateProfile:
		return fmt.Sprintf("%02d/%s-%s", number, s.code, n.office.Letters)
	case rulebook.PartyProfile:
		return fmt.Sprintf("%02d-%s/%s", number, s.code, n.office.Letters)
	default:
		return fmt.Sprintf("%02d/%s", number, n.office.Letters)
	}
}

// headOf is the head of a paper by the rules of a profile. A unit prints its names and its
// signer by the rules of its own track: on a paper of another they are not known, as the
// two are never mixed.
func headOf(h org.Letterhead, p rulebook.Profile) Head {
	if !sameTrack(rulebook.Profile(h.Track), p) {
		return Head{Place: h.Place}
	}
	return Head{Above: h.Above, Own: h.Own, Place: h.Place, SignedFor: h.SignedFor("……"), Title: h.Title, Signer: h.Signer, Authority: authority(h)}
}

// authority is who decides where a paper is signed so: the body on whose behalf it is signed,
// or its head, in whose place or by whose order.
func authority(h org.Letterhead) string {
	head := h.Title
	switch h.Signing {
	case org.SignOnBehalf:
		return h.Own
	case org.SignInPlace, org.SignByOrder:
		head = h.For
	}
	if head == "" || h.Own == "" {
		return ""
	}
	return head + " " + h.Own
}

// signedBy puts in who signed a paper where the record says so. Of somebody else than the
// letterhead names the title is not known.
func (h *Head) signedBy(signer string) {
	if signer == "" || signer == h.Signer {
		return
	}
	h.Signer, h.Title = signer, ""
	if !strings.HasPrefix(h.SignedFor, "T") || strings.HasPrefix(h.SignedFor, "TL") || strings.HasPrefix(h.SignedFor, "T/L") {
		h.SignedFor = ""
	}
}

func encodeTexts(texts map[string]string) (string, error) {
	if texts == nil {
		texts = map[string]string{}
	}
	raw, err := json.Marshal(texts)
	if err != nil {
		return "", fmt.Errorf("write what is typed on a paper: %w", err)
	}
	return string(raw), nil
}
