package webkit

import (
	"fmt"
	"net/http"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The parts of a preview that a session holds.
const (
	keyPreviewRole  = "previewRole"
	keyPreviewUnit  = "previewUnit"
	keyPreviewPlace = "previewPlace"
	keyPreviewUntil = "previewUntil"
)

// BeginPreview lets the one who asks see the pages as a role at a unit does, for a while.
func (k *Kit) BeginPreview(r *http.Request, p identity.Preview) error {
	v := visitOf(r)
	if err := v.load(r); err != nil {
		return err
	}
	k.sessions.Put(v.session, keyPreviewRole, p.Role)
	k.sessions.Put(v.session, keyPreviewUnit, p.Unit)
	k.sessions.Put(v.session, keyPreviewPlace, p.Place)
	k.sessions.Put(v.session, keyPreviewUntil, p.Until.UTC().Format(time.RFC3339))
	return nil
}

// EndPreview ends the preview of the session.
func (k *Kit) EndPreview(r *http.Request) error {
	v := visitOf(r)
	if err := v.load(r); err != nil {
		return err
	}
	v.forgetPreview()
	return nil
}

func (v *visit) forgetPreview() {
	for _, key := range []string{keyPreviewRole, keyPreviewUnit, keyPreviewPlace, keyPreviewUntil} {
		v.kit.sessions.Remove(v.session, key)
	}
	v.preview = nil
}

// Previewing is the preview that the session is in; false where it is in none.
func Previewing(r *http.Request) (identity.Preview, bool) {
	v := visitOf(r)
	if v.preview == nil {
		return identity.Preview{}, false
	}
	return *v.preview, true
}

// previewed is the actor of the session as a preview shows the pages. One whose time is up
// is forgotten.
func (v *visit) previewed(r *http.Request, who actor.Actor) (actor.Actor, error) {
	s := v.kit.sessions
	if !s.Exists(v.session, keyPreviewRole) {
		return who, nil
	}
	p := identity.Preview{Role: s.GetString(v.session, keyPreviewRole), Unit: s.GetString(v.session, keyPreviewUnit), Place: s.GetString(v.session, keyPreviewPlace)}
	until, err := time.Parse(time.RFC3339, s.GetString(v.session, keyPreviewUntil))
	if err != nil { // written by another version
		v.forgetPreview()
		return who, nil //nolint:nilerr // a preview that cannot be read is none
	}
	p.Until = until
	seen, err := v.kit.Identity.Previewed(r.Context(), who, p)
	switch {
	case errs.Is(err, errs.Forbidden):
		v.forgetPreview()
		return who, nil
	case err != nil:
		return who, fmt.Errorf("see the pages as a role: %w", err)
	}
	v.preview = &p
	return seen, nil
}

// onlyLooks refuses what would change something while the session is in a preview; only the
// routes that say so are let through.
func (k *Kit) onlyLooks(r *http.Request, rt Route) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || rt.InPreview || k.sessionToken(r) == "" {
		return nil
	}
	v := visitOf(r)
	if v.by == programs {
		return nil
	}
	if err := v.findActor(r); err != nil {
		return err
	}
	if v.preview != nil {
		return errs.New(errs.Forbidden, i18n.WebkitPreviewOnly)
	}
	return nil
}
