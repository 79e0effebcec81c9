package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// placesCmd keeps the list of the country's places.
type placesCmd struct {
	Load  placesLoad  `cmd:"" help:"${cli_places_load}"`
	Show  placesShow  `cmd:"" help:"${cli_places_show}"`
	Reset placesReset `cmd:"" help:"${cli_places_reset}"`
}

type placesLoad struct {
	File   string `arg:"" help:"${cli_places_file}"`
	DryRun bool   `help:"${cli_places_dry_run}"`
}

// Run loads a list of places, or says what it would change.
func (p placesLoad) Run(c *call) error {
	f, err := os.Open(p.File)
	if err != nil {
		return fmt.Errorf("open the file of places: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	content, err := io.ReadAll(io.LimitReader(f, rulebook.MaxPlaces+1))
	if err != nil {
		return fmt.Errorf("read the file of places: %w", err)
	}
	return c.with(func(h *app.House, who actor.Actor) error {
		run := h.Rulebook.LoadPlaces
		if p.DryRun {
			run = h.Rulebook.CheckPlaces
		}
		plan, err := run(c.ctx, who, filepath.Base(p.File), string(content))
		if err == nil {
			c.placesTable(plan)
		}
		return err
	})
}

func (c *call) placesTable(plan rulebook.PlacesPlan) {
	name := plan.Name
	if name == "" {
		name = c.lang.T(i18n.PlacesOwn)
	}
	t := newTable(c, c.lang.T(i18n.PlacesTitle), name)
	for _, row := range []struct {
		key i18n.Key
		n   int
	}{
		{i18n.PlacesProvinces, plan.Provinces},
		{i18n.PlacesCommunes, plan.Communes},
		{i18n.PlacesNew, plan.New},
		{i18n.PlacesChanged, plan.Changed},
		{i18n.PlacesGone, plan.Gone},
	} {
		t.row(c.lang.T(row.key), strconv.Itoa(row.n))
	}
	if plan.SHA256 != "" {
		t.row(c.lang.T(i18n.PlacesHash), plan.SHA256)
	}
	t.flush()
}

type placesShow struct{}

// Run shows which list is in use, and what it has beside the program's own.
func (placesShow) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		plan, err := h.Rulebook.PlacesInUse(c.ctx, who)
		if err == nil {
			c.placesTable(plan)
		}
		return err
	})
}

type placesReset struct{}

// Run goes back to the program's own list.
func (placesReset) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		return h.Rulebook.ResetPlaces(c.ctx, who)
	})
}
