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

// Label is the word for the state of an opinion.
func (s OpinionState) Label() i18n.Key {
	switch s {
	case OpinionPassed:
		return i18n.OpinionStatePassed
	case OpinionRefused:
		return i18n.OpinionStateRefused
	case OpinionWithdrawn:
		return i18n.OpinionStateWithdrawn
	default:
		return i18n.OpinionStateWaiting
	}
}

// Label says why an opinion was set aside; of a word, the word is the argument.
func (d Doubt) Label() i18n.Key {
	switch d {
	case DoubtOfWord:
		return i18n.OpinionDoubtWord
	case DoubtOfNetwork:
		return i18n.OpinionDoubtNetwork
	case DoubtOfRepeat:
		return i18n.OpinionDoubtRepeat
	default:
		return i18n.OpinionDoubtRobot
	}
}

// Label is the reason in words.
func (r Refusal) Label() i18n.Key {
	switch r {
	case RefusedOffTopic:
		return i18n.OpinionReasonTopic
	case RefusedInsult:
		return i18n.OpinionReasonInsult
	case RefusedPrivate:
		return i18n.OpinionReasonPrivate
	case RefusedAdvert:
		return i18n.OpinionReasonAdvert
	case RefusedUnverified:
		return i18n.OpinionReasonUnverified
	default:
		return i18n.OpinionReasonOther
	}
}

// Label is the word for the tab.
func (t OpinionTab) Label() i18n.Key {
	switch t {
	case TabAside:
		return i18n.OpinionTabAside
	case TabReported:
		return i18n.OpinionTabReported
	case TabPassed:
		return i18n.OpinionStatePassed
	case TabRefused:
		return i18n.OpinionStateRefused
	default:
		return i18n.OpinionStateWaiting
	}
}

// Label is the reason in words.
func (a Aside) Label() i18n.Key {
	switch a {
	case InFlood:
		return i18n.RatingdeskReasonFlood
	case InBrigade:
		return i18n.RatingdeskReasonBrigade
	default:
		return i18n.RatingdeskReasonRobot
	}
}

// Explained says what made ratings stand aside for the reason, with the bounds.
func (a Aside) Explained() (i18n.Key, []any) {
	switch a {
	case InFlood:
		return i18n.RatingdeskWhyFlood, []any{floodMost}
	case InBrigade:
		return i18n.RatingdeskWhyBrigade, []any{brigadeLeast, int(brigadeWindow.Minutes()), brigadeShare}
	default:
		return i18n.RatingdeskWhyRobot, nil
	}
}
