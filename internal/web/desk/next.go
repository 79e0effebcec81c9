package desk

import (
	"net/url"

	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// NextLink leads to where the next task of an entry is done.
func NextLink(code string, n worklist.Next) string {
	work := AppraisalsPath + "/entries/" + code
	paper := func(kind string) string {
		return AppraisalsPath + "/papers/new?" + url.Values{"kind": {kind}, "entry": {code}}.Encode()
	}
	switch n.Task {
	case worklist.TaskReceive, worklist.TaskLookAgain:
		return EntryLink(code) + "/receive"
	case worklist.TaskVote:
		return ReviewsPath + "/" + n.Key
	case worklist.TaskMend:
		return EntryLink(code) + "/edit"
	case worklist.TaskSendAgain:
		return EntryLink(code) + "/resubmit"
	case worklist.TaskStart:
		return EntryLink(code) + "/start"
	case worklist.TaskTell:
		return work + "/note"
	case worklist.TaskResult:
		return work + "/note?kind=result"
	case worklist.TaskAcceptNote:
		return AppraisalsPath + "/notes/" + n.Key
	case worklist.TaskAmendNote:
		return AppraisalsPath + "/notes/" + n.Key + "/edit"
	case worklist.TaskJudge:
		return work
	case worklist.TaskMinutes:
		return paper("appraisal")
	case worklist.TaskSubmission:
		return paper("submission")
	case worklist.TaskRecognise, worklist.TaskTypical:
		return "/admin/decisions"
	case worklist.TaskConsent:
		return EntryLink(code) + "/consent"
	case worklist.TaskResume:
		return EntryLink(code) + "/resume"
	default:
		return ""
	}
}

// DueWords say how long there is until a day, and how urgent that is.
func DueWords(lang i18n.Lang, due clock.Date, left int) (string, ui.Tone) {
	switch {
	case due == 0:
		return "", ui.Neutral
	case left < 0:
		return lang.T(i18n.OfficeWorkLate, -left), ui.Bad
	case left == 0:
		return lang.T(i18n.OfficeWorkToday), ui.Bad
	default:
		return lang.T(i18n.OfficeWorkLeft, left), ui.Neutral
	}
}

// nextDetail is what else is to be said of the next task: how many parts, at which step.
func nextDetail(p ui.Page, n worklist.Next) string {
	switch {
	case n.Task == worklist.TaskVote && n.Step != "":
		return p.T(i18n.DeskNextStep, n.Step)
	case (n.Task == worklist.TaskMend || n.Task == worklist.TaskSendAgain) && n.Count > 0:
		return p.T(i18n.DeskNextParts, n.Count)
	default:
		return ""
	}
}

// nextTone is the look of the next task: what is one's own stands out.
func nextTone(n worklist.Next) string {
	_, tone := DueWords(i18n.Vi, n.Due, n.DaysLeft)
	switch {
	case n.Task.Ends():
		return "next"
	case tone == ui.Bad && n.Mine:
		return "next bad"
	case n.Mine:
		return "next go"
	default:
		return "next"
	}
}
