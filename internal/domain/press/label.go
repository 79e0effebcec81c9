package press

import "github.com/nhanrong/nhanrong/internal/platform/i18n"

// Label is the word for the state.
func (s State) Label() i18n.Key {
	switch s {
	case Review:
		return i18n.PressStateReview
	case Approved:
		return i18n.PressStateApproved
	case Scheduled:
		return i18n.PressStateScheduled
	case Published:
		return i18n.PressStatePublished
	case Archived:
		return i18n.PressStateArchived
	default:
		return i18n.PressStateDraft
	}
}
