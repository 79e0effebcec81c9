package fieldwork

import (
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// verdicts is the form by which many appraisals are concluded alike.
func (f *Pages) verdicts(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	fill, _ := desk.FilledFrom(r)
	v := formView{Filled: fill, lead: lang.T(i18n.FieldworkVerdictsLead), send: i18n.FieldworkSave, back: desk.AppraisalsPath}
	v.Start("codes", strings.Join(webkit.Query(r).Texts("entry", 64), "\n"))
	p := ui.Page{Lang: lang}
	v.add("area", desk.MustFill(desk.Hinted(v.Field(p, "codes", i18n.FieldworkEntries), lang.T(i18n.FieldworkOnePerLine))))
	v.add("radio", desk.MustFill(v.Field(p, "verdict", i18n.FieldworkColVerdict)), desk.WordOptions(lang, appraisal.Verdicts(), appraisal.Verdict.Label)...)
	v.add("area", desk.Hinted(desk.Bounded(v.Field(p, "reason", i18n.FieldworkReason), appraisal.MaxReason), lang.T(i18n.FieldworkVerdictReason)))
	return f.answer(w, r, v.titled(lang.T(i18n.FieldworkJudge), trail(lang)), func(form *webkit.FormReader) (string, error) {
		in := appraisal.VerdictInput{Verdict: appraisal.Verdict(form.Choice("verdict", desk.Texts(appraisal.Verdicts())...)), Reason: form.Text("reason", 4*appraisal.MaxReason)}
		codes := linesOf(form.Text("codes", 100_000))
		if err := form.Err(); err != nil {
			return "", err
		}
		for i, code := range codes {
			codes[i] = strings.TrimSpace(code)
		}
		found, err := f.Practices.Entries(r.Context(), who, codes)
		if errs.Is(err, errs.NotFound) {
			return "", errs.New(errs.Invalid, i18n.PracticeNotFound).On("codes")
		}
		if err != nil {
			return "", err
		}
		ids := make([]string, len(codes))
		for i, code := range codes {
			ids[i] = found[code].ID
		}
		return desk.AppraisalsPath, onCodes(f.Appraisals.JudgeAll(r.Context(), who, ids, in))
	})
}

// onCodes puts what is wrong with entries on the field in which their codes are typed.
func onCodes(err error) error {
	all := errs.All(err)
	if len(all) == 0 {
		return err
	}
	l := make(errs.List, len(all))
	for i, e := range all {
		if l[i] = e; e.Field == "entries" {
			l[i] = e.On("codes")
		}
	}
	return l
}
