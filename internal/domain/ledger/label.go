package ledger

import "github.com/nhanrong/nhanrong/internal/platform/i18n"

// Label is the word for the kind of subject.
func (k SubjectKind) Label() i18n.Key {
	return [...]i18n.Key{i18n.LedgerKindCollective, i18n.LedgerKindCollective, i18n.LedgerKindIndividual, i18n.LedgerKindHousehold}[k]
}

// Label is the word for the field.
func (f Field) Label() i18n.Key {
	return [...]i18n.Key{
		i18n.LedgerFieldEconomy, i18n.LedgerFieldEconomy, i18n.LedgerFieldCultureSociety, i18n.LedgerFieldDefenceSecurity,
		i18n.LedgerFieldPoliticalSystem,
	}[f]
}

// Label is the word for the origin.
func (o Origin) Label() i18n.Key {
	return [...]i18n.Key{
		i18n.LedgerOriginNew, i18n.LedgerOriginNew, i18n.LedgerOriginContinued, i18n.LedgerOriginReplicated, i18n.LedgerOriginUpgraded,
	}[o]
}

// Label is the word for the act in a history.
func (k Kind) Label() i18n.Key {
	return map[Kind]i18n.Key{
		Registered: i18n.LedgerActRegistered, Described: i18n.LedgerActDescribed, Returned: i18n.LedgerActReturned,
		Resubmitted: i18n.LedgerActResubmitted, Received: i18n.LedgerActReceived, StruckOff: i18n.LedgerActStruckOff,
		Refused: i18n.LedgerActRefused, Withdrawn: i18n.LedgerActWithdrawn, Started: i18n.LedgerActStarted,
		Suspended: i18n.LedgerActSuspended, Resumed: i18n.LedgerActResumed, Ended: i18n.LedgerActEnded,
		Recognised: i18n.LedgerActRecognised, Typical: i18n.LedgerActTypical, Adopted: i18n.LedgerActAdopted,
		Reclassified: i18n.LedgerActReclassified, Found: i18n.LedgerActFound, Praised: i18n.LedgerActPraised,
		Awarded: i18n.LedgerActAwarded, Revoked: i18n.LedgerActRevoked, Voided: i18n.LedgerActVoided,
	}[k]
}
