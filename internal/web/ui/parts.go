package ui

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// BtnKind is the weight of a button. A page has one Primary at most in view.
type BtnKind uint8

// The kinds of button.
const (
	Plainly BtnKind = iota // with a border
	Primary
	Quiet
	Danger
	DangerPrimary
)

// Btn is a button (Button: submits) or a link that looks like one (LinkButton).
type Btn struct {
	Text    string
	Icon    Icon
	Kind    BtnKind
	Href    string // LinkButton
	Name    string // Button: sent with the form
	Value   string
	Action  string // Button: formaction, for a form with several ends
	Form    string // Button: id of the form, where the button stands outside of it
	Confirm string // Button: asked before the form goes (with the script; without, it goes)
	Small   bool
	Bare    bool // shows the icon alone; Text is what a screen reader says
	Off     bool // Button: disabled
	Print   bool // Button: opens the print dialog; hidden where the script is off
}

func (b Btn) class() string {
	kind := [...]string{"", "main", "quiet", "danger", "danger main"}[b.Kind]
	small, bare := "", ""
	if b.Small {
		small = "small"
	}
	if b.Bare {
		bare = "bare"
	}
	return classes("btn", kind, small, bare)
}

func (b Btn) attributes() templ.Attributes {
	a := templ.Attributes{"type": "submit"}
	if b.Print {
		a["type"] = "button"
		a["data-print"] = true
	}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("name", b.Name)
	set("value", b.Value)
	set("form", b.Form)
	set("data-confirm", b.Confirm)
	if b.Action != "" {
		a["formaction"] = safeSrc(b.Action)
	}
	if b.Off {
		a["disabled"] = true
	}
	return a
}

// Definition is one pair of a DefinitionList, a KeyValues grid or a FactStrip. Body, if
// there is one, stands in place of Text.
type Definition struct {
	Term string
	Text string
	Unit string // FactStrip: small, after the figure
	Lang string // of the words, where it is not that of the page
	Body templ.Component
}

// TimelineEvent is one act in a history.
type TimelineEvent struct {
	At    time.Time // when it was written down; zero draws none
	On    clock.Date
	Title string
	By    string
	Text  string
	Href  string // of the title
	Tone  Tone
	Icon  Icon // NoIcon: the one of the tone
}

func (e TimelineEvent) icon() Icon {
	if e.Icon != NoIcon {
		return e.Icon
	}
	if e.Tone == Neutral {
		return IconClock
	}
	return e.Tone.icon()
}

// Tab is a link of Tabs.
type Tab struct {
	Text    string
	Href    string
	Count   int
	NoCount bool
	Current bool
}

// PracticeTile is what PracticeCard shows of a practice.
type PracticeTile struct {
	Title    string
	Href     string
	Unit     string
	Field    string // its name, as people read it
	Cover    int    // 1 to 4: the national field, gives a drawn cover its colour; used where there is no Image
	Summary  string
	Image    string // address of a picture, or ""
	ImageAlt string // "" where the picture says nothing that the words do not
	Badge    string
	Tone     Tone
	Adopted  int // units that took it up; nothing is shown for 0
	Level    int // heading level, 2 or 3; 0 means 3
}

func (t PracticeTile) cover() string {
	return "cover cover-" + strconv.Itoa(min(max(t.Cover, 1), 4))
}

func (t PracticeTile) coverIcon() Icon {
	return [...]Icon{IconSprout, IconHandHeart, IconShieldCheck, IconLandmark}[min(max(t.Cover, 1), 4)-1]
}

// initials are the first letters of the last two words: a Vietnamese name is known by
// its last word.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) > 2 {
		words = words[len(words)-2:]
	}
	var b strings.Builder
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

func iso(t time.Time) string { return t.In(clock.VietNam()).Format(time.RFC3339) }
