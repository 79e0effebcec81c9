package privacy

import "github.com/nhanrong/nhanrong/internal/platform/i18n"

// actPlaces are acts and what they rest on: they stay as they were done.
func actPlaces() []place {
	return []place{
		{
			kind: KindAward, label: i18n.PrivacyKindAward, how: Kept, why: i18n.PrivacyWhyDecision, path: "/admin/decisions/%s",
			fields: []i18n.Key{i18n.NurtureName, i18n.PrivacyText},
			read: `SELECT w.id, x.unit_id, w.decision_id, x.name, '', x.name, w.achievement FROM award_award w
				JOIN practice_exemplar x ON x.id = w.exemplar_id ORDER BY w.id`,
		},
		{
			kind: KindDecision, label: i18n.PrivacyKindDecision, how: Kept, why: i18n.PrivacyWhyDecision, path: "/admin/decisions/%s",
			fields: []i18n.Key{i18n.PrivacyText, i18n.LetterheadSigner},
			read:   `SELECT id, authority_id, id, number, '', title, signer FROM ledger_decision ORDER BY id`,
		},
		{
			kind: KindAct, label: i18n.PrivacyKindAct, how: Kept, why: i18n.PrivacyWhyAct, fields: []i18n.Key{i18n.PrivacyText},
			read: `SELECT a.id, coalesce(a.unit_id, e.unit_id, x.unit_id), '', a.effective_on, '', a.reason FROM ledger_act a
				LEFT JOIN practice_entry e ON e.id = a.entry_id LEFT JOIN practice_exemplar x ON x.id = a.subject_id
				WHERE a.reason <> '' ORDER BY a.id`,
		},
	}
}

// judgePlaces are what stands between reception and recognition: it stays as it was done.
func judgePlaces() []place {
	return []place{
		{
			kind: KindMinutes, label: i18n.PrivacyKindMinutes, how: Kept, why: i18n.PrivacyWhyMinutes, path: "/admin/appraisals/papers/%s",
			fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText, i18n.PrivacyText},
			read:   `SELECT id, unit_id, id, number, '', chair, secretary, present, absent, conclusions, addressee, void_reason FROM appraisal_paper ORDER BY id`,
		},
		{
			kind: KindMinutes, label: i18n.PrivacyKindMinutes, how: Kept, why: i18n.PrivacyWhyMinutes, path: "/admin/appraisals/papers/%s",
			fields: []i18n.Key{i18n.PracticePartTitle, i18n.PrivacyText},
			read: `SELECT p.id || '.' || l.entry_id, p.unit_id, p.id, p.number, '', l.title, l.reason FROM appraisal_paper_entry l
				JOIN appraisal_paper p ON p.id = l.paper_id ORDER BY p.id, l.place`,
		},
		{
			kind: KindProposal, label: i18n.PrivacyKindProposal, how: Kept, why: i18n.PrivacyWhyMinutes, path: "/admin/appraisals/entries/%s",
			fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyText},
			read: `SELECT p.id || '.' || e.id, e.unit_id, e.code, e.title, '', p.note, pe.reason FROM appraisal_proposal_entry pe
				JOIN appraisal_proposal p ON p.id = pe.proposal_id JOIN practice_entry e ON e.id = pe.entry_id ORDER BY p.id, e.id`,
		},
		{
			kind: KindVisit, label: i18n.PrivacyKindVisit, how: Kept, why: i18n.PrivacyWhyMinutes, path: "/admin/visits/%s",
			fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyText},
			read:   `SELECT id, unit_id, id, on_day, '', goers, purpose FROM appraisal_visit ORDER BY id`,
		},
		{
			kind: KindSheet, label: i18n.PrivacyKindSheet, how: Kept, why: i18n.PrivacyWhyMinutes, path: "/admin/visits/%s",
			fields: []i18n.Key{i18n.PrivacyText}, json: []int{0},
			read: `SELECT s.visit_id || '.' || s.entry_id, e.unit_id, s.visit_id, e.title, '', s.form FROM appraisal_sheet s
				JOIN practice_entry e ON e.id = s.entry_id ORDER BY s.visit_id, s.entry_id`,
		},
		{
			kind: KindScore, label: i18n.PrivacyKindScore, how: Kept, why: i18n.PrivacyWhyMinutes, path: "/admin/appraisals/entries/%s",
			fields: []i18n.Key{i18n.PrivacyText, i18n.PrivacyText},
			read: `SELECT s.appraisal_id || '.' || s.criterion_id || '.' || s.kind, e.unit_id, e.code, e.title, '', s.remark, s.evidence
				FROM appraisal_score s JOIN appraisal_appraisal a ON a.id = s.appraisal_id JOIN practice_entry e ON e.id = a.entry_id
				ORDER BY s.appraisal_id, s.criterion_id, s.kind`,
		},
		{
			kind: KindScore, label: i18n.PrivacyKindScore, how: Kept, why: i18n.PrivacyWhyMinutes, path: "/admin/appraisals/entries/%s", fields: []i18n.Key{i18n.PrivacyText},
			read: `SELECT a.id, e.unit_id, e.code, e.title, '', a.reason FROM appraisal_appraisal a JOIN practice_entry e ON e.id = a.entry_id
				WHERE a.reason <> '' ORDER BY a.id`,
		},
		{
			kind: KindVote, label: i18n.PrivacyKindVote, how: Kept, why: i18n.PrivacyWhyMinutes, path: "/admin/reviews/%s",
			fields: []i18n.Key{i18n.PrivacyText, i18n.PracticePartTitle}, json: []int{0},
			read: `SELECT v.case_id, c.unit_id, c.id, c.code, '', v.detail, c.title FROM review_event v JOIN review_case c ON c.id = v.case_id
				ORDER BY v.case_id, v.seq`,
		},
		{
			kind: KindBatch, label: i18n.PrivacyKindBatch, how: Kept, why: i18n.PrivacyWhyAct, path: "/admin/batches/%s", fields: []i18n.Key{i18n.PrivacyText},
			read: `SELECT id, unit_id, id, reason, '', reason FROM worklist_batch ORDER BY id`,
		},
	}
}

// wordPlaces are what was written for readers and for meetings.
func wordPlaces() []place {
	text := i18n.PrivacyText
	return []place{
		{
			kind: KindArticle, label: i18n.PrivacyKindArticle, how: ByHand, why: i18n.PrivacyWhyArticle, path: "/admin/articles/%s",
			fields: []i18n.Key{text, text, text, text, text, text, text, text, text},
			read:   `SELECT id, unit_id, id, title, '', title, lead, body, author, source_name, event, tags, correction, archive_note FROM press_article ORDER BY id`,
		},
		{
			kind: KindVersion, label: i18n.PrivacyKindVersion, how: Kept, why: i18n.PrivacyWhyVersion, path: "/admin/articles/%s", fields: []i18n.Key{text, text, text, text},
			read: `SELECT v.article_id || '.' || v.version, a.unit_id, a.id, v.title, '', v.title, v.lead, v.body, v.note FROM press_version v
				JOIN press_article a ON a.id = v.article_id ORDER BY v.article_id, v.version`,
		},
		{
			kind: KindOpinion, label: i18n.PrivacyKindOpinion, how: Erased, why: i18n.PrivacyWhyOpinion, path: "/admin/articles/%s",
			fields: []i18n.Key{i18n.NurtureBy, text, i18n.PeopleEmail, text, text},
			read: `SELECT o.id, a.unit_id, a.id, a.title, '', o.name, o.body, o.email, o.answer, o.reason_text FROM press_opinion o
				JOIN press_article a ON a.id = o.article_id ORDER BY o.id`,
		},
		{
			kind: KindConference, label: i18n.PrivacyKindConference, how: ByHand, why: i18n.PrivacyWhyHand, path: "/admin/conferences/%s",
			fields: []i18n.Key{text, text, text, text, text, text},
			read: `SELECT c.id, m.unit_id, c.id, c.title, '', c.title, c.presiding, c.guests, c.reason, coalesce(i.what, ''), coalesce(i.who, '')
				FROM conference_conference c JOIN movement_movement m ON m.id = c.movement_id LEFT JOIN conference_item i ON i.conference_id = c.id ORDER BY c.id`,
		},
		{
			kind: KindPaper, label: i18n.PrivacyKindPaper, how: ByHand, why: i18n.PrivacyWhyFile, path: "/admin/conferences/%s",
			fields: []i18n.Key{text, i18n.PrivacyFile},
			read: `SELECT p.id, m.unit_id, c.id, p.title, '', p.title, p.file_name FROM conference_paper p JOIN conference_conference c ON c.id = p.conference_id
				JOIN movement_movement m ON m.id = c.movement_id ORDER BY p.id`,
		},
		{
			kind: KindSpeech, label: i18n.PrivacyKindSpeech, how: ByHand, why: i18n.PrivacyWhyHand, path: "/admin/conferences/%s/speeches", fields: []i18n.Key{text, text},
			read: `SELECT s.conference_id || '.' || s.place, m.unit_id, c.id, s.title, '', s.speaker, s.title FROM conference_speech s
				JOIN conference_conference c ON c.id = s.conference_id JOIN movement_movement m ON m.id = c.movement_id ORDER BY s.conference_id, s.place`,
		},
		{
			kind: KindGuest, label: i18n.PrivacyKindGuest, how: Erased, path: "/admin/conferences/%s/invitations", fields: []i18n.Key{text, text},
			read: `SELECT i.id, m.unit_id, c.id, c.title, '', i.guest, i.note FROM conference_invitation i
				JOIN conference_conference c ON c.id = i.conference_id JOIN movement_movement m ON m.id = c.movement_id ORDER BY i.id`,
		},
		{
			kind: KindDuty, label: i18n.PrivacyKindDuty, how: ByHand, why: i18n.PrivacyWhyHand, path: "/admin/movements/%s/calendar", fields: []i18n.Key{text, text},
			read: `SELECT d.id, m.unit_id, m.code, d.title, '', d.title, d.note FROM movement_duty d JOIN movement_period p ON p.no = d.period_no
				JOIN movement_movement m ON m.id = p.movement_id ORDER BY d.id`,
		},
	}
}

// paperPlaces are what an office says of its papers and reports.
func paperPlaces() []place {
	text := i18n.PrivacyText
	return []place{
		{
			kind: KindPaperSheet, label: i18n.PrivacyKindPaperSheet, how: ByHand, why: i18n.PrivacyWhyHand, path: "/admin/papers/%s", fields: []i18n.Key{text, text}, json: []int{1},
			read: `SELECT s.id, s.unit_id, s.kind || '/' || s.about || CASE WHEN s.part = '' THEN '' ELSE '?part=' || s.part END, s.number, '', s.recipients,
				CAST(s.texts AS TEXT) FROM paper_sheet s ORDER BY s.id`,
		},
		{
			kind: KindNarrative, label: i18n.PrivacyKindNarrative, how: ByHand, why: i18n.PrivacyWhyHand, path: "/admin/reports/words?movement=%s", fields: []i18n.Key{text, text, text, text},
			read: `SELECT n.movement_id || '.' || n.period_no || '.' || n.unit_id || '.' || n.version, n.unit_id, m.code, m.name, '', n.leadership, n.results, n.limits, n.directions
				FROM report_narrative n JOIN movement_movement m ON m.id = n.movement_id ORDER BY n.movement_id, n.period_no, n.unit_id, n.version`,
		},
		{
			kind: KindTemplate, label: i18n.PrivacyKindTemplate, how: ByHand, why: i18n.PrivacyWhyFile, path: "/admin/templates/versions/%s", fields: []i18n.Key{i18n.PrivacyFile, text},
			read: `SELECT t.id, t.unit_id, t.id, t.file_name, '', t.file_name, t.tried_on FROM paper_template t ORDER BY t.id`,
		},
	}
}
