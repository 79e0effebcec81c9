package portal

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const (
	helpPath          = "/help"
	accessibilityPath = "/accessibility"
)

// chapter is a heading of a page of words, with its text.
type chapter struct{ title, text i18n.Key }

// helpful are the chapters of the readers' help.
func helpful() []chapter {
	return []chapter{
		{i18n.HelppageFind, i18n.HelppageFindText},
		{i18n.HelppageRead, i18n.HelppageReadText},
		{i18n.HelppageFigures, i18n.HelppageFiguresText},
		{i18n.HelppageSay, i18n.HelppageSayText},
		{i18n.HelppagePrivacy, i18n.HelppagePrivacyText},
		{i18n.HelppageGone, i18n.HelppageGoneText},
	}
}

// accessible are the chapters of the accessibility statement.
func accessible() []chapter {
	return []chapter{
		{i18n.HelppageStandard, i18n.HelppageStandardText},
		{i18n.HelppageKeyboard, i18n.HelppageKeyboardText},
		{i18n.HelppageDisplay, i18n.HelppageDisplayText},
		{i18n.HelppageTested, i18n.HelppageTestedText},
		{i18n.HelppageLimits, i18n.HelppageLimitsText},
	}
}

func (f *Face) help(w http.ResponseWriter, r *http.Request) error {
	return f.words(w, r, i18n.HelppageTitle, i18n.HelppageLead, helpful())
}

func (f *Face) accessibility(w http.ResponseWriter, r *http.Request) error {
	return f.words(w, r, i18n.HelppageAccessibility, i18n.HelppageAccessibilityLead, accessible())
}

// words shows a page of words.
func (f *Face) words(w http.ResponseWriter, r *http.Request, title, lead i18n.Key, chapters []chapter) error {
	lang := webkit.Lang(r)
	p, err := f.page(r, lang.T(title))
	if err != nil {
		return err
	}
	p.Crumbs = []ui.Link{f.home(lang), {Text: p.Title}}
	f.meta(&p, r.URL.Path, lang.T(lead))
	return render(w, r, wordsPage(p, lang.T(lead), chapters))
}
