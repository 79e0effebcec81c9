// Package sample tells a story through the same services that people use: the
// reference case of the autumn of 2024, and the data of the benchmarks.
//
// The case is that of Hoàn Kiếm district, Hà Nội: in nine months 240 collectives and 157
// individuals were found, and on 16 October 2024 21 collectives and 9 individuals were
// praised and awarded. That each of the 397 has one recognised entry is an assumption of
// this sample. Names of people, numbers of decisions and all other figures are made up.
package sample

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Movement is the code of the movement of the reference case.
const Movement = "HK-2024"

// Password is the password of every sample login. It is no secret: who serves beyond
// the loopback address is warned of it.
const Password = "nhanrong-xin-chao" //nolint:gosec // everybody may know it

// Login is an account of the sample.
type Login struct {
	Login, Name string
	Role        string
	Title       i18n.Key // what the role is called
	unit        string   // code; "" is the whole house
}

// Logins lists one account for each role.
func Logins() []Login {
	return []Login{
		{"quantri", "Quản trị mẫu", app.RoleAdministrator, i18n.AppRoleAdministrator, ""},
		{"canbo", "Cán bộ mẫu Ban Dân vận", app.RoleOfficer, i18n.AppRoleOfficer, CodeDistrict},
		{"phuong", "Người báo cáo mẫu phường Hàng Buồm", app.RoleReporter, i18n.AppRoleReporter, CodeWard},
		{"lanhdao", "Lãnh đạo mẫu", app.RoleLeader, i18n.AppRoleLeader, CodeDistrict},
	}
}

// Progress is told how much of a load is done.
type Progress func(done, of int)

// loader carries what the parts of a load hand on to each other.
type loader struct {
	house                  *app.House
	who                    actor.Actor
	rnd                    *rand.Rand
	unitID                 map[string]string
	progress               Progress
	done, of               int
	homes                  []place // in a random order
	earlier                []role  // of the year before
	people                 int     // how many people were made up
	launch2024, wrapUp2024 string  // conferences
}

func newLoader(h *app.House, seed uint64, steps int, progress Progress) *loader {
	return &loader{
		house: h, who: h.System(), rnd: rand.New(rand.NewPCG(seed, seed)), //nolint:gosec // a story, told the same way each time
		unitID: map[string]string{}, progress: progress, of: steps,
	}
}

func (l *loader) step() {
	l.done = min(l.done+1, l.of)
	l.progress(l.done, l.of)
}

// Loaded tells whether the database holds the sample, holds a part of it, or neither.
func Loaded(ctx context.Context, h *app.House) (whole, part bool, err error) {
	if part, err = h.Rulebook.Loading(ctx); err != nil || part {
		return false, part, err
	}
	set, err := h.Rulebook.Settings(ctx)
	return set.Sample, false, err
}

// Load tells the reference case. It asks for an empty database.
func Load(ctx context.Context, h *app.House, progress Progress) error {
	l := newLoader(h, 2024, 81, progress)
	if err := h.Rulebook.SetLoading(ctx, l.who, true); err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{l.settings, l.units, l.letterheads, l.accounts, l.story2023, l.story2024, l.introductions, l.planning, l.scoring, l.conferences, l.sheets, l.routes, l.news} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	if err := h.DB.Optimise(ctx); err != nil {
		return err
	}
	l.progress(l.of, l.of)
	return h.Rulebook.SetLoading(ctx, l.who, false)
}

func (l *loader) settings(ctx context.Context) error {
	return l.house.Rulebook.Change(ctx, l.who, rulebook.Settings{SiteName: "Dân vận khéo quận Hoàn Kiếm", Sample: true})
}

func (l *loader) accounts(ctx context.Context) error {
	logins := Logins()
	if _, err := l.house.Identity.Bootstrap(ctx, logins[0].Login, logins[0].Name, Password); err != nil {
		return fmt.Errorf("make the first account: %w", err)
	}
	inputs := make([]identity.Input, 0, len(logins)-1)
	for _, login := range logins[1:] {
		unit := l.unitID[login.unit]
		works := unit
		if login.Role == app.RoleOfficer {
			works = l.unitID[CodeBoard]
		}
		inputs = append(inputs, identity.Input{
			Login: login.Login, Name: login.Name, Unit: works, Email: login.Login + "@example.vn", Password: Password, Settled: true,
			Grants: []identity.GrantInput{{Role: login.Role, Unit: unit}},
		})
	}
	if _, err := l.house.Identity.CreateAll(ctx, l.who, inputs); err != nil {
		return fmt.Errorf("make the accounts: %w", err)
	}
	l.step()
	return nil
}
