package desk

import "net/url"

// Where the first start and the lists of the menu stand.
const (
	StartPath         = "/start" // there only while the house is empty
	ConferencesPath   = "/admin/conferences"
	OpinionsPath      = "/admin/opinions"
	RatingsPath       = "/admin/ratings"
	OutboxPath        = "/admin/outbox"
	RoutesPath        = "/admin/routes"
	ReviewsPath       = "/admin/reviews"
	PeoplePath        = "/admin/people"
	ProfilePath       = "/admin/profile"
	DelegationsPath   = "/admin/delegations"
	IntroductionsPath = "/admin/introductions"
	NurturePath       = "/admin/nurture"
	PreviewPath       = "/admin/preview"
	AppraisalsPath    = "/admin/appraisals"
	PrivacyPath       = "/admin/privacy"
	PackagesPath      = "/admin/packages"
	PlacesPath        = "/admin/places"
	TermsPath         = "/admin/terms"
)

// EntryLink leads to an entry of the register.
func EntryLink(code string) string { return "/admin/entries/" + code }

// ExemplarLink leads to an exemplar.
func ExemplarLink(id string) string { return "/admin/exemplars/" + id }

// PrivacyLink leads to what an exemplar agreed to.
func PrivacyLink(exemplar string) string { return PrivacyPath + "/exemplars/" + exemplar }

// MovementLink leads to a movement.
func MovementLink(code string) string { return "/admin/movements/" + code }

// MovementCriteriaLink leads to the criteria of a movement.
func MovementCriteriaLink(code string) string { return MovementLink(code) + "/criteria" }

// MovementTargetsLink leads to the targets of a movement.
func MovementTargetsLink(code string) string { return MovementLink(code) + "/targets" }

// MovementCalendarLink leads to the calendar of a movement.
func MovementCalendarLink(code string) string { return MovementLink(code) + "/calendar" }

// MovementCloneLink leads to the form that makes the next year's movement.
func MovementCloneLink(code string) string { return MovementLink(code) + "/clone" }

// DecisionLink leads to a decision.
func DecisionLink(id string) string { return "/admin/decisions/" + id }

// ConferenceLink leads to a conference.
func ConferenceLink(id string) string { return ConferencesPath + "/" + id }

// ArticleLink leads to an article as those who write it see it.
func ArticleLink(id string) string { return "/admin/articles/" + id }

// EntryArticleLink leads from a recognised practice to a draft about it.
func EntryArticleLink(code string) string {
	return "/admin/articles/new?" + url.Values{"entry": {code}}.Encode()
}

// DecisionArticleLink leads from a decision to a draft about it.
func DecisionArticleLink(id string) string {
	return "/admin/articles/new?" + url.Values{"decision": {id}}.Encode()
}

// ConferenceArticleLink leads from a conference to a draft about it.
func ConferenceArticleLink(id string) string {
	return "/admin/articles/new?" + url.Values{"conference": {id}}.Encode()
}

// RegisterPath is the register.
const RegisterPath = "/admin/entries"

// Where what is done to many entries, the units that are silent and what a leader sees
// first stand.
const (
	BatchesPath  = "/admin/batches"
	ViewsPath    = "/admin/views"
	SilentPath   = "/admin/silent"
	OverviewPath = "/admin/overview"
	// DashboardPath is where the figures of a movement are drawn.
	DashboardPath = "/admin/dashboard"
)

// BatchLink leads to what was done to many entries at once.
func BatchLink(id string) string { return BatchesPath + "/" + id }

// ViewLink leads to the register as a saved view shows it.
func ViewLink(id, query string) string {
	q, err := url.ParseQuery(query)
	if err != nil {
		q = url.Values{}
	}
	q.Set("view", id)
	return RegisterPath + "?" + q.Encode()
}

// RegisterCSVPath is the register as a file.
const RegisterCSVPath = "/admin/entries.csv"

// RegisterXLSXPath is the register as a sheet.
const RegisterXLSXPath = "/admin/entries.xlsx"
