package appraisal_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// says tells whether an error says one thing, as itself or of some entries.
func says(err error, key i18n.Key) bool {
	for _, e := range errs.All(err) {
		if e.Key == key {
			return true
		}
		for _, arg := range e.Args {
			if arg == key {
				return true
			}
		}
	}
	return false
}

func TestAVerdictStaysUnderPapersInForce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, office := t.Context(), as(s, "o", app.RoleOfficer, "D")
		e, set := received(t, s, "Ngõ phố"), criteria(t, s, 1, 1000)
		at := appraisal.At{Entry: e.ID}
		scores := func(version int) error {
			in := appraisal.ScoresInput{By: appraisal.ByVerified, Criteria: set.ID, Version: version}
			for _, c := range set.All() {
				in.Lines = append(in.Lines, appraisal.ScoreInput{Criterion: c.ID, Points: 100})
			}
			_, err := s.Appraisals.PutScores(ctx, office, at, in)
			return err
		}
		s.Must(scores(0))
		x, err := s.Appraisals.Judge(ctx, office, at, appraisal.VerdictInput{Verdict: appraisal.Recognise, Version: 1})
		s.Must(err)
		for _, kind := range []appraisal.PaperKind{appraisal.AppraisalMinutes, appraisal.Submission} {
			p, err := s.Appraisals.Record(ctx, office, appraisal.PaperInput{
				Kind: kind, Unit: "D", On: apptest.Day("2024-09-01"), Entries: []appraisal.PaperEntry{{Entry: e.ID}},
			})
			s.Must(err)
			if err := scores(x.Version); !errs.Is(err, errs.Conflict) || !says(err, i18n.AppraisalRestsOn) {
				t.Errorf("new points under %s: %v", kind, err)
			}
			_, err = s.Appraisals.Judge(ctx, office, at, appraisal.VerdictInput{Verdict: appraisal.Failed, Reason: "không", Version: x.Version})
			if !errs.Is(err, errs.Conflict) || !says(err, i18n.AppraisalRestsOn) {
				t.Errorf("another verdict under %s: %v", kind, err)
			}
			s.Must(s.Appraisals.Void(ctx, office, p.ID, "kết luận lại"))
		}
		s.Must(scores(x.Version))
		_, err = s.Appraisals.Judge(ctx, office, at, appraisal.VerdictInput{Verdict: appraisal.Failed, Reason: "không", Version: x.Version + 1})
		s.Must(err)
	})
}

// TestADecisionLooksAtTheVerdictOnRecord: in a house in which a verdict once fell under its
// papers, the papers alone recognise nothing.
func TestADecisionLooksAtTheVerdictOnRecord(t *testing.T) {
	for _, verdict := range []appraisal.Verdict{appraisal.Failed, appraisal.NoVerdict} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			s := apptest.NewSmall(t, d)
			e, paper := received(t, s, "Ngõ phố"), s.Decide("1/QĐ", "2024-09-10")
			s.Papers(paper, e.ID)
			s.Must(d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := db.Exec(t.Context(), tx, `UPDATE appraisal_appraisal SET verdict = $1`, verdict)
				return err
			}))
			if err := s.Practices.Recognise(t.Context(), s.System(), paper.ID, []string{e.ID}); !says(err, i18n.AppraisalLacksMinutes) {
				t.Errorf("recognised under the verdict %q: %v", verdict, err)
			}
		})
	}
}

func TestMinutesRestOnTheVerdictOfTheirOwnLevel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		ward, above := as(s, "w", app.RoleOfficer, "W1"), as(s, "o", app.RoleOfficer, "D")
		e, other := received(t, s, "Ngõ phố"), received(t, s, "Không trình")
		commune, err := s.Movements.Decide(ctx, ward, movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: "1/QĐ", Authority: "W1", Level: org.Commune, SignedOn: apptest.Day("2024-09-01"), Title: "Cấp xã",
		})
		s.Must(err)
		s.Papers(commune, e.ID, other.ID)
		s.Must(s.Practices.Recognise(ctx, ward, commune.ID, []string{e.ID, other.ID}))
		minutes := func(proposal, entry string) appraisal.PaperInput {
			return appraisal.PaperInput{
				Kind: appraisal.AppraisalMinutes, Unit: "D", On: apptest.Day("2024-09-20"), Proposal: proposal, Entries: []appraisal.PaperEntry{{Entry: entry}},
			}
		}
		if _, err := s.Appraisals.Record(ctx, above, minutes("", e.ID)); !says(err, i18n.AppraisalVerdictElsewhere) {
			t.Errorf("minutes above carry the verdict of the ward: %v", err)
		}
		letter, err := s.Appraisals.Record(ctx, ward, appraisal.PaperInput{
			Kind: appraisal.Submission, Unit: "W1", Level: org.District, On: apptest.Day("2024-09-05"), Entries: []appraisal.PaperEntry{{Entry: e.ID}},
		})
		s.Must(err)
		p, err := s.Appraisals.Propose(ctx, ward, appraisal.ProposalInput{To: "D", Paper: letter.ID})
		s.Must(err)
		if _, err := s.Appraisals.Record(ctx, above, minutes("", e.ID)); !says(err, i18n.AppraisalNeedsProposal) {
			t.Errorf("minutes about what was proposed, without the proposal: %v", err)
		}
		_, err = s.Appraisals.Judge(ctx, above, appraisal.At{Entry: e.ID, Proposal: p.ID}, appraisal.VerdictInput{Verdict: appraisal.Typical})
		s.Must(err)
		below := minutes(p.ID, e.ID)
		below.Unit = "W1"
		for name, in := range map[string]appraisal.PaperInput{"minutes": below, "a letter": {Kind: appraisal.Submission, Unit: "W1", Level: org.District, On: below.On, Proposal: p.ID, Entries: below.Entries}} {
			if _, err := s.Appraisals.Record(ctx, ward, in); !says(err, i18n.AppraisalOtherLevel) {
				t.Errorf("%s of the ward by the proposal to the district: %v", name, err)
			}
		}
		if _, err := s.Appraisals.Record(ctx, above, minutes("none", e.ID)); !errs.Is(err, errs.NotFound) {
			t.Errorf("minutes by no proposal: %v", err)
		}
		if _, err := s.Appraisals.Record(ctx, above, minutes(p.ID, other.ID)); !says(err, i18n.AppraisalNotProposed) {
			t.Errorf("minutes about what was not proposed: %v", err)
		}
		made, err := s.Appraisals.Record(ctx, above, minutes(p.ID, e.ID))
		s.Must(err)
		if got, err := s.Appraisals.Paper(ctx, above, made.ID); err != nil || got.Proposal != p.ID || got.Entries[0].Verdict != appraisal.Typical {
			t.Errorf("made %+v, %v", got, err)
		}
		s.Must(s.Appraisals.GiveBack(ctx, above, p.ID, e.ID, "Chưa rõ"))
		if _, err := s.Appraisals.Record(ctx, above, minutes(p.ID, e.ID)); !says(err, i18n.AppraisalGivenBack) {
			t.Errorf("minutes about what was returned: %v", err)
		}
	})
}
