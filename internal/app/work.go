package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
)

// jobSweep clears away what has run out: sessions, counted tries to sign in.
const jobSweep = "identity.sweep"

func (h *House) sweep(ctx context.Context, _ json.RawMessage) error { return h.Identity.Sweep(ctx) }

// tellStandingBody leaves a notice for those who work at the standing body: something
// waits to be received.
func (h *House) tellStandingBody(ctx context.Context, payload json.RawMessage) error {
	var in practice.Registered
	if err := json.Unmarshal(payload, &in); err != nil {
		return jobs.Permanent(fmt.Errorf("read what was registered: %w", err))
	}
	m, err := h.Movements.Get(ctx, h.System(), in.Movement)
	if err != nil {
		return err
	}
	accounts, err := h.Identity.List(ctx, h.System(), identity.ListFilter{Unit: m.StandingBody, Limit: 500})
	if err != nil {
		return err
	}
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		for _, a := range accounts {
			if err := h.Identity.Notify(ctx, tx, identity.Notice{
				ID: in.Entry + "." + a.ID, Account: a.ID, Key: i18n.AppRegistered, Args: []any{in.Entry, in.Count},
				Link: "/admin/entries/" + in.Entry,
			}); err != nil {
				return err
			}
		}
		return nil
	})
}
