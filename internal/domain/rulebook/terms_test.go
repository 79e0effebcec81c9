package rulebook_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// TestTermsAreBounded and not written over what somebody else set meanwhile.
func TestTermsAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		usual, err := s.Rulebook.Terms(t.Context())
		if err != nil || usual.Receive != 5 || usual.Refused != 12 {
			t.Fatalf("the usual terms: %+v, %v", usual, err)
		}
		for _, wrong := range []int{0, 61, -1} {
			bad := usual
			bad.Receive = wrong
			if err := s.Rulebook.SetTerms(t.Context(), s.System(), bad); !errs.Is(err, errs.Invalid) {
				t.Errorf("%d days: %v", wrong, err)
			}
		}
		longer := usual
		longer.Receive = 9
		if err := s.Rulebook.SetTerms(t.Context(), s.At(app.RoleAdministrator, "W1"), longer); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the administrator of a ward: %v", err)
		}
		s.Must(s.Rulebook.SetTerms(t.Context(), s.System(), longer))
		if err := s.Rulebook.SetTerms(t.Context(), s.System(), longer); !errs.Is(err, errs.Conflict) {
			t.Errorf("over a newer version: %v", err)
		}
		if now, err := s.Rulebook.Terms(t.Context()); err != nil || now.Receive != 9 || now.Letters != usual.Letters {
			t.Errorf("now: %+v, %v", now, err)
		}
	})
}
