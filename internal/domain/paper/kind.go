package paper

import (
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Kind is a sort of paper.
type Kind string

// The sorts of paper, in the order of a year.
const (
	Plan                Kind = "plan"
	Guidance            Kind = "guidance"
	RegistrationBlank   Kind = "registration_blank"
	RegistrationForm    Kind = "registration_form"
	RegistrationList    Kind = "registration_list"
	VisitSheet          Kind = "visit_sheet"
	SelectionMinutes    Kind = "selection_minutes"
	AppraisalMinutes    Kind = "appraisal_minutes"
	Submission          Kind = "submission"
	RecognitionDecision Kind = "recognition_decision"
	AwardDecision       Kind = "award_decision"
	Invitation          Kind = "invitation"
	Programme           Kind = "programme"
	Script              Kind = "script"
	PraiseList          Kind = "praise_list"
	InterimReport       Kind = "interim_report"
	FinalReport         Kind = "final_report"
)

// Source is the sort of record that a paper is about.
type Source string

// The sorts of record.
const (
	OfMovement   Source = "movement"   // by its code; the part is a day as of which it is counted
	OfEntry      Source = "entry"      // by its code
	OfVisit      Source = "visit"      // by its identity; the part is the code of an entry
	OfMinutes    Source = "minutes"    // minutes or a letter of submission, by identity
	OfDecision   Source = "decision"   // by its identity
	OfConference Source = "conference" // by its identity
)

// sort is what is known of a sort of paper.
type sort struct {
	Kind
	of       Source
	label    i18n.Key
	code     string // in its number; none where it is not numbered
	recorded bool   // it has day and number in its record
	listed   bool   // it is a list, or has one, that goes on a sheet
}

func sorts() []sort {
	return []sort{
		{Plan, OfMovement, i18n.PaperKindPlan, "KH", false, false},
		{Guidance, OfMovement, i18n.PaperKindGuidance, "HD", false, false},
		{RegistrationBlank, OfMovement, i18n.PaperKindRegistrationBlank, "", false, false},
		{RegistrationForm, OfEntry, i18n.PaperKindRegistrationForm, "", true, false},
		{RegistrationList, OfMovement, i18n.PaperKindRegistrationList, "", false, true},
		{VisitSheet, OfVisit, i18n.PaperKindVisitSheet, "", true, false},
		{SelectionMinutes, OfMinutes, i18n.PaperKindSelectionMinutes, "BB", true, true},
		{AppraisalMinutes, OfMinutes, i18n.PaperKindAppraisalMinutes, "BB", true, true},
		{Submission, OfMinutes, i18n.PaperKindSubmission, "TTr", true, true},
		{RecognitionDecision, OfDecision, i18n.PaperKindRecognitionDecision, "QĐ", true, true},
		{AwardDecision, OfDecision, i18n.PaperKindAwardDecision, "QĐ", true, true},
		{Invitation, OfConference, i18n.PaperKindInvitation, "GM", false, true},
		{Programme, OfConference, i18n.PaperKindProgramme, "CTr", false, false},
		{Script, OfConference, i18n.PaperKindScript, "", false, false},
		{PraiseList, OfConference, i18n.PaperKindPraiseList, "", false, true},
		{InterimReport, OfMovement, i18n.PaperKindInterimReport, "BC", false, true},
		{FinalReport, OfMovement, i18n.PaperKindFinalReport, "BC", false, true},
	}
}

func (k Kind) sort() (sort, bool) {
	all := sorts()
	i := slices.IndexFunc(all, func(s sort) bool { return s.Kind == k })
	if i < 0 {
		return sort{}, false
	}
	return all[i], true
}

// Kinds lists the sorts of paper in the order of a year.
func Kinds() []Kind {
	var all []Kind
	for _, s := range sorts() {
		all = append(all, s.Kind)
	}
	return all
}

// KindsOf lists the papers that are made of a sort of record.
func KindsOf(of Source) []Kind {
	var all []Kind
	for _, s := range sorts() {
		if s.of == of {
			all = append(all, s.Kind)
		}
	}
	return all
}

// Label is the word for the sort of paper.
func (k Kind) Label() i18n.Key {
	s, _ := k.sort()
	return s.label
}

// Of is the sort of record that the paper is about.
func (k Kind) Of() Source {
	s, _ := k.sort()
	return s.of
}

// Numbered tells whether such papers bear a number.
func (k Kind) Numbered() bool {
	s, _ := k.sort()
	return s.code != ""
}

// Recorded tells whether day and number of such a paper stand in the record that it is about.
func (k Kind) Recorded() bool {
	s, _ := k.sort()
	return s.recorded
}

// Listed tells whether the paper is a list, or has one, that can be had as a sheet.
func (k Kind) Listed() bool {
	s, _ := k.sort()
	return s.listed
}

// sameTrack tells whether papers of a profile may carry what a unit of a track prints: the Youth
// Union is of the Front.
func sameTrack(own, p rulebook.Profile) bool {
	return own == p || own == rulebook.FrontProfile && p == rulebook.YouthProfile
}
