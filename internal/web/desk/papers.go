package desk

import (
	"net/url"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// Where papers, the templates of an office and its numbers stand.
const (
	PapersPath    = "/admin/papers"
	TemplatesPath = "/admin/templates"
	NumbersPath   = "/admin/numbers"
)

// PaperLink leads to the page on which a paper about a record is made.
func PaperLink(about paper.About) string {
	at := PapersPath + "/" + string(about.Kind) + "/" + url.PathEscape(about.ID)
	if about.Part != "" {
		at += "?" + url.Values{"part": {about.Part}}.Encode()
	}
	return at
}

// PaperButtons lead from a record to the papers that are made of it: all of its sort, or those named.
func PaperButtons(lang i18n.Lang, who actor.Actor, of paper.Source, id string, kinds ...paper.Kind) []ui.Btn {
	if !who.Can(paper.RightRead) {
		return nil
	}
	var all []ui.Btn
	for _, k := range paper.KindsOf(of) {
		if len(kinds) == 0 || slices.Contains(kinds, k) {
			all = append(all, ui.Btn{Text: lang.T(k.Label()), Icon: ui.IconFileText, Small: true, Href: PaperLink(paper.About{Kind: k, ID: id})})
		}
	}
	return all
}
