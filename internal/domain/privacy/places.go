package privacy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The kinds of records that may name a person.
const (
	KindAccount      Kind = "account"
	KindNotice       Kind = "notice"
	KindExemplar     Kind = "exemplar"
	KindEntry        Kind = "entry"
	KindMeasure      Kind = "measure"
	KindDocument     Kind = "document"
	KindReturn       Kind = "return"
	KindCorrection   Kind = "correction"
	KindDraft        Kind = "draft"
	KindPhoto        Kind = "photo"
	KindIntroduction Kind = "introduction"
	KindNote         Kind = "note"
	KindNews         Kind = "news"
	KindAward        Kind = "award"
	KindDecision     Kind = "decision"
	KindAct          Kind = "act"
	KindMinutes      Kind = "minutes"
	KindProposal     Kind = "proposal"
	KindVisit        Kind = "visit"
	KindSheet        Kind = "sheet"
	KindScore        Kind = "score"
	KindVote         Kind = "vote"
	KindBatch        Kind = "batch"
	KindArticle      Kind = "article"
	KindVersion      Kind = "version"
	KindOpinion      Kind = "opinion"
	KindConference   Kind = "conference"
	KindPaperSheet   Kind = "paperSheet"
	KindNarrative    Kind = "narrative"
	KindTemplate     Kind = "template"
	KindSpeech       Kind = "speech"
	KindGuest        Kind = "guest"
	KindDuty         Kind = "duty"
	KindAdoption     Kind = "adoption"
	KindLetter       Kind = "letter"
	KindLetterhead   Kind = "letterhead"
	KindConsent      Kind = "consent"
	KindView         Kind = "view"
	KindPaper        Kind = "paper"
)

// Label is the word for the kind.
func (k Kind) Label() i18n.Key {
	for _, p := range places() {
		if p.kind == k {
			return p.label
		}
	}
	return i18n.PrivacyRecord
}

// place is a sort of record that may name a person: how it is read, and what becomes of it.
type place struct {
	kind   Kind
	label  i18n.Key
	how    Treatment
	why    i18n.Key
	path   string // with %s for the code, or ""
	fields []i18n.Key
	// read gives the identity, the unit, the code in addresses, what the record is called,
	// a mark ("1": a decision lists it; of an account: it is open; of a photo: its owner and
	// who is shown),
	// and the texts of the fields.
	read   string
	json   []int // the places in fields of those that are kept as JSON: the texts in it are what they say
	hidden bool  // its texts are nobody's to read
}

// entryPath is the page of an entry.
const entryPath = "/admin/entries/%s"

// places lists every sort of record that may name a person. A table that is not read here
// stands in [Without]; a test holds the two against the database.
func places() []place {
	var all []place
	for _, some := range [][]place{peoplePlaces(), entryPlaces(), besidePlaces(), actPlaces(), judgePlaces(), wordPlaces(), paperPlaces()} {
		all = append(all, some...)
	}
	return all
}

func peoplePlaces() []place {
	return []place{
		{
			kind: KindAccount, label: i18n.PrivacyKindAccount, how: Erased, why: i18n.PrivacyWhyAccount, path: "/admin/people/%s",
			fields: []i18n.Key{i18n.PeoplePerson, i18n.PeopleLogin, i18n.PeopleEmail, i18n.PeoplePhone},
			read: `SELECT id, unit_id, id, name, CASE WHEN disabled THEN '' ELSE '1' END, name, login, email, phone FROM identity_account
				WHERE login <> 'operator' ORDER BY login`,
		},
		{
			kind: KindNotice, label: i18n.PrivacyKindNotice, how: Erased, fields: []i18n.Key{i18n.PrivacyText}, json: []int{0}, hidden: true,
			read: `SELECT n.id, a.unit_id, '', a.name, '', n.args FROM identity_notice n JOIN identity_account a ON a.id = n.account_id ORDER BY n.id`,
		},
		{
			kind: KindExemplar, label: i18n.PrivacyKindExemplar, how: Erased, why: i18n.PrivacyWhyExemplar, path: "/admin/exemplars/%s",
			fields: []i18n.Key{i18n.NurtureName, i18n.RegisterExemplarNote, i18n.RegisterExemplarIntroducedBy},
			read: `SELECT x.id, x.unit_id, x.id, x.name, CASE WHEN EXISTS (
				SELECT 1 FROM ledger_subject_fact s WHERE s.subject_id = x.id AND (s.praised_on < 32767 OR s.awarded_on < 32767)
				) OR EXISTS (SELECT 1 FROM ledger_entry_fact f WHERE f.subject_id = x.id AND f.recognised_on < 32767) THEN '1' ELSE '' END,
				x.name, x.note, x.introduced_by FROM practice_exemplar x ORDER BY x.id`,
		},
		{
			kind: KindConsent, label: i18n.PrivacyKindConsent, how: Kept, why: i18n.PrivacyWhyConsent, path: "/admin/privacy/exemplars/%s",
			fields: []i18n.Key{i18n.PrivacyConsentNote, i18n.PrivacyWithdrawnNote},
			read: `SELECT c.id, x.unit_id, x.id, c.given_on, '', c.note, c.withdrawn_note FROM privacy_consent c
				JOIN practice_exemplar x ON x.id = c.exemplar_id ORDER BY c.id`,
		},
		{
			kind: KindIntroduction, label: i18n.PrivacyKindIntroduction, how: Erased, path: "/admin/introductions/%s",
			fields: []i18n.Key{i18n.NurtureName, i18n.NurtureDoing, i18n.NurtureBy, i18n.NurtureByContact, i18n.NurtureReason},
			read:   `SELECT id, unit_id, id, name, '', name, doing, by_name, by_contact, reason FROM nurture_introduction ORDER BY at, id`,
		},
		{
			kind: KindNote, label: i18n.PrivacyKindNote, how: Erased, path: "/admin/nurture/%s", fields: []i18n.Key{i18n.NurtureNoteDone, i18n.NurtureNext},
			read: `SELECT n.id, x.unit_id, x.id, x.name, '', n.done, n.next_step FROM nurture_note n
				JOIN practice_exemplar x ON x.id = n.exemplar_id ORDER BY n.id`,
		},
		{
			kind: KindLetter, label: i18n.PrivacyKindLetter, how: Erased, path: "/admin/outbox/%s",
			fields: []i18n.Key{i18n.OutboxTo, i18n.OutboxSubject, i18n.PrivacyText},
			read:   `SELECT id, unit_id, id, subject, '', recipient, subject, body FROM outbox_letter ORDER BY id`,
		},
		{
			kind: KindLetterhead, label: i18n.PrivacyKindLetterhead, how: Kept, why: i18n.PrivacyWhySigner, path: "/admin/units/%s/letterhead",
			fields: []i18n.Key{i18n.LetterheadSigner},
			read: `SELECT h.unit_id || '.' || h.valid_from, h.unit_id, u.code, h.valid_from, '', h.signer FROM org_letterhead h
				JOIN org_unit u ON u.id = h.unit_id ORDER BY h.unit_id, h.valid_from`,
		},
	}
}

func entryPlaces() []place {
	parts := []i18n.Key{
		i18n.PracticePartTitle, i18n.PracticeRationale, i18n.PracticeGoals, i18n.PracticeApproach, i18n.PracticeArea, i18n.PracticeForces,
		i18n.PracticeResources, i18n.PracticeOutputs, i18n.PracticeSustainability, i18n.RegisterDeclaredBy, i18n.PrivacyAddress,
		i18n.PrivacyConsentNote, i18n.PrivacyTakenDown,
	}
	return []place{
		{
			kind: KindEntry, label: i18n.PrivacyKindEntry, how: Erased, why: i18n.PrivacyWhyTitle, path: entryPath, fields: parts,
			read: `SELECT e.id, e.unit_id, e.code, e.title, CASE WHEN EXISTS (
				SELECT 1 FROM ledger_entry_fact f WHERE f.entry_id = e.id AND f.recognised_on < 32767) THEN '1' ELSE '' END,
				e.title, e.rationale, e.goals, e.approach, e.area, e.forces, e.resources, e.outputs, e.sustainability, e.declared_by, e.address,
				e.consent_note, e.taken_down_note FROM practice_entry e ORDER BY e.id`,
		},
		{
			kind: KindMeasure, label: i18n.PrivacyKindMeasure, how: Erased, path: entryPath, fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyText},
			read: `SELECT e.id, e.unit_id, e.code, e.title, '', m.a, m.b FROM (
				SELECT entry_id, name AS a, source AS b FROM practice_indicator UNION ALL SELECT entry_id, note, '' FROM practice_resource) m
				JOIN practice_entry e ON e.id = m.entry_id ORDER BY e.id`,
		},
		{
			kind: KindDocument, label: i18n.PrivacyKindDocument, how: ByHand, why: i18n.PrivacyWhyFile, path: entryPath + "/files",
			fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyFile},
			read: `SELECT d.id, e.unit_id, e.code, d.title, '', d.title, d.file_name FROM practice_document d
				JOIN practice_entry e ON e.id = d.entry_id ORDER BY d.id`,
		},
		{
			kind: KindReturn, label: i18n.PrivacyKindReturn, how: Erased, path: entryPath + "/returns",
			fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText}, json: []int{1, 2},
			read: `SELECT r.id, e.unit_id, e.code, e.title, '', r.note, r.before, r.after, p.note FROM practice_return r
				JOIN practice_entry e ON e.id = r.entry_id LEFT JOIN practice_return_part p ON p.return_id = r.id ORDER BY r.id, p.place`,
		},
		{
			kind: KindCorrection, label: i18n.PrivacyKindCorrection, how: Kept, why: i18n.PrivacyWhyCorrection, path: entryPath, fields: []i18n.Key{i18n.PrivacyText},
			read: `SELECT c.id, e.unit_id, e.code, e.title, '', c.note FROM practice_correction c JOIN practice_entry e ON e.id = c.entry_id ORDER BY c.id`,
		},
	}
}

// besidePlaces are what stands beside an entry.
func besidePlaces() []place {
	said := []i18n.Key{i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyFile, i18n.PrivacyText, i18n.PrivacyAgreedBy} // of a photo
	return []place{
		{
			kind: KindDraft, label: i18n.PrivacyKindDraft, how: Erased, hidden: true,
			fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyFile}, json: []int{0},
			read: `SELECT d.id, a.unit_id, '', a.name, '', d.form, f.title, f.file_name FROM draft_draft d JOIN identity_account a ON a.id = d.account_id
				LEFT JOIN draft_file f ON f.draft_id = d.id ORDER BY d.id, f.id`,
		},
		{
			kind: KindPhoto, label: i18n.PrivacyKindPhoto, how: Erased, why: i18n.PrivacyWhyPhoto, path: entryPath,
			fields: said,
			read: `SELECT p.id, e.unit_id, e.code, e.title, p.owner_id || ' ' || p.people, p.alt, p.caption, p.credit, p.name, p.withdrawn_note, p.consent_of FROM photo_photo p
				JOIN practice_entry e ON e.id = p.owner_id WHERE p.owner_kind = 'entry' ORDER BY p.id`,
		},
		{
			kind: KindPhoto, label: i18n.PrivacyKindPhoto, how: Erased, why: i18n.PrivacyWhyPhoto, path: "/admin/articles/%s",
			fields: said,
			read: `SELECT p.id, a.unit_id, a.id, a.title, p.owner_id || ' ' || p.people, p.alt, p.caption, p.credit, p.name, p.withdrawn_note, p.consent_of FROM photo_photo p
				JOIN press_article a ON a.id = p.owner_id WHERE p.owner_kind = 'article' ORDER BY p.id`,
		},
		{
			kind: KindNews, label: i18n.PrivacyKindNews, how: Erased, path: "/admin/appraisals/entries/%s",
			fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText},
			read: `SELECT n.id, e.unit_id, e.code, e.title, '', n.body, n.outputs, n.evidence, n.reason FROM appraisal_note n
				JOIN practice_entry e ON e.id = n.entry_id ORDER BY n.id`,
		},
		{
			kind: KindView, label: i18n.PrivacyKindView, how: Erased, fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyQuery}, hidden: true,
			read: `SELECT v.id, a.unit_id, '', a.name, '', v.name, v.query FROM worklist_view v JOIN identity_account a ON a.id = v.account_id ORDER BY v.id`,
		},
		{
			kind: KindAdoption, label: i18n.PrivacyKindAdoption, how: ByHand, why: i18n.PrivacyWhyHand,
			fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText},
			read:   `SELECT id, adopting_unit_id, '', source_text, '', source_text, source_place, note FROM replication_link ORDER BY id`,
		},
	}
}

// Without are the tables that hold no text in which a person may be named, each with why.
func Without() map[string]string {
	return map[string]string{ //nolint:gosec // names of tables, no credentials
		"audit_entry": "a chain of hashes that cannot be changed; the page says so, and counts what an account recorded", "org_unit": "units", "org_name": "names of units",
		"org_parent": "units", "org_event": "decisions on units", "org_succession": "units", "org_revision": "a number", "identity_grant": "roles of an account",
		"identity_throttle": "hashes, for a day", "identity_session": "goes with its account", "identity_token": "goes with its account", "jobs_job": "identities",
		"jobs_schedule": "times", "rulebook_setting": "settings", "rulebook_award_form": "forms of award", "rulebook_places": "names of places",
		"ledger_entry_fact": "follows from the entry", "ledger_subject_fact": "follows from the exemplar", "ledger_item_fact": "figures", "movement_movement": "movements",
		"movement_period": "periods", "movement_field": "fields", "movement_paper": "papers of a launch, which are published", "movement_criteria": "criteria",
		"movement_criteria_group": "criteria", "movement_criterion": "criteria", "movement_target_plan": "targets", "movement_unit_target": "targets",
		"movement_field_target": "targets", "movement_phase": "stretches of days, and why one was opened again", "movement_reminder": "that somebody was reminded", "movement_holiday": "days off",
		"practice_practice": "identities", "practice_counter": "numbers", "practice_partner": "units", "practice_tag": "campaigns", "practice_entry_tag": "campaigns",
		"photo_size":    "files",
		"press_counter": "numbers", "press_tag": "words of an article, which is read", "press_link": "identities", "press_vote": "hashes of devices",
		"press_tally": "numbers", "press_key": "a secret of the house", "press_report": "hashes of devices", "press_block": "words that moderators look at",
		"parcel_key": "keys of the house", "parcel_sent": "hashes and signatures", "parcel_sender": "keys of units, and the officer who read one out", "parcel_expected": "units",
		"parcel_package": "figures of other houses; the signed file cannot be changed: its sender sends another", "parcel_entry": "titles as another house sent them, whose record they are",
		"press_word": "numbers of words", "conference_honour": "decisions", "conference_order": "identities",
		"review_route": "routes", "review_version": "routes", "review_seat": "accounts",
		"review_away":    "accounts",
		"appraisal_send": "times", "worklist_batch_item": "identities", "worklist_default": "identities",
		"worklist_reminder": "units", "privacy_request": "counts; its reason is blotted", "paper_number": "numbers", "paper_office": "letters of offices",
		"report_snapshot": "what was frozen under a hash, as a paper that was signed; it cannot be changed",
	}
}

// reads tells whether a place reads a table.
func (p place) reads(table string) bool {
	return slices.Contains(strings.FieldsFunc(p.read, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }), table)
}

// pathOf is the page on which a record is put right.
func (p place) pathOf(code string) string {
	if p.path == "" || code == "" {
		return ""
	}
	return fmt.Sprintf(p.path, code)
}
