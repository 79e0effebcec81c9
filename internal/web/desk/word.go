package desk

import (
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// PaperKindWord is the word for the kind of a paper on which an act rests.
func PaperKindWord(p ledger.Paper) i18n.Key {
	if p == ledger.PaperMinutes {
		return i18n.DecisionMinutes
	}
	return i18n.DecisionDecision
}

// OrDash stands for a text that may be empty.
func OrDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
