package sample

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// Size is how large the data of the benchmarks are.
type Size struct {
	Years    int // periods, one movement each
	Entries  int // of each period
	Communes int
	Groups   int // units below each commune
}

// Full is the size at which the figures of docs/benchmarks.md are measured: the worst
// known year of a province, five times, in a province of 126 communes.
func Full() Size { return Size{Years: 5, Entries: 60_000, Communes: 126, Groups: 26} }

// BenchMovement is the code of the movement of the nth year, from 0.
func BenchMovement(year int) string { return fmt.Sprintf("BM-%d", firstYear+year) }

const (
	firstYear = 2021
	batch     = 2000
	benchRoot = "BM"
)

// BenchLogin is the login of an officer of the whole province in the data of the
// benchmarks; its password is [Password].
const BenchLogin = "bench"

// Bench loads the data of the benchmarks by the batch verbs. Like [Load] it asks for an
// empty database.
func Bench(ctx context.Context, h *app.House, size Size, progress Progress) error {
	l := &bench{loader: newLoader(h, 7, size.Years*(size.Entries/batch)*8, progress), size: size}
	if err := h.Rulebook.SetLoading(ctx, l.who, true); err != nil {
		return err
	}
	if err := l.province(ctx); err != nil {
		return err
	}
	for year := range size.Years {
		if err := l.year(ctx, year); err != nil {
			return fmt.Errorf("year %d: %w", firstYear+year, err)
		}
	}
	if err := h.DB.Optimise(ctx); err != nil {
		return err
	}
	return h.Rulebook.SetLoading(ctx, l.who, false)
}

type bench struct {
	*loader
	size  Size
	homes []place
	last  []life // of the year before
}

// life is an entry of the benchmarks, with what is needed to take it on.
type life struct {
	id, practice, exemplar, field string
	unit                          string
	kind                          ledger.SubjectKind
	on                            clock.Date
	luck                          int // 0 to 999: how far it comes
}

func (l *bench) province(ctx context.Context) error {
	if err := l.unitBatch(ctx, []plan{{code: benchRoot, name: "Tỉnh mẫu", kind: "province", level: org.Province}}); err != nil {
		return err
	}
	if err := l.unitBatch(ctx, []plan{{code: benchRoot + ".B", name: "Ban Tuyên giáo và Dân vận mẫu", kind: "party", level: org.Province, counts: benchRoot}}); err != nil {
		return err
	}
	var communes, groups []plan
	for c := range l.size.Communes {
		commune := fmt.Sprintf("%s.%03d", benchRoot, c)
		communes = append(communes, plan{code: commune, name: fmt.Sprintf("Xã mẫu %d", c), kind: "commune", level: org.Commune, counts: benchRoot})
		for g := range l.size.Groups {
			one := place{fmt.Sprintf("%s.%02d", commune, g), fmt.Sprintf("Tổ dân phố số %d xã mẫu %d", g, c)}
			groups = append(groups, plan{code: one.code, name: one.name, kind: "neighbourhoodGroup", counts: commune})
			l.homes = append(l.homes, one)
		}
	}
	if err := l.unitBatch(ctx, communes); err != nil {
		return err
	}
	if err := l.unitBatch(ctx, groups); err != nil {
		return err
	}
	if _, err := l.house.Identity.Bootstrap(ctx, "quantri", "Quản trị mẫu", Password); err != nil {
		return err
	}
	_, err := l.house.Identity.Create(ctx, l.who, identity.Input{
		Login: BenchLogin, Name: "Cán bộ mẫu", Unit: l.unitID[benchRoot], Password: Password, Settled: true,
		Grants: []identity.GrantInput{{Role: app.RoleOfficer, Unit: l.unitID[benchRoot]}},
	})
	return err
}

// year registers a year's entries and takes them through their lives.
func (l *bench) year(ctx context.Context, year int) error {
	first := clock.NewDate(firstYear+year, 1, 1)
	follows := ""
	if year > 0 {
		follows = BenchMovement(year - 1)
	}
	if _, err := l.house.Movements.Launch(ctx, l.who, movement.Input{
		Code: BenchMovement(year), Follows: follows, Name: fmt.Sprintf("Phong trào mẫu năm %d", firstYear+year), Level: org.Province,
		Unit: benchRoot, StandingBody: benchRoot + ".B", LaunchedOn: first,
		Period: movement.PeriodInput{Name: fmt.Sprintf("Năm %d", firstYear+year), From: first, To: clock.NewDate(firstYear+year, 12, 31)},
	}); err != nil {
		return err
	}
	var all []life
	for begin := 0; begin < l.size.Entries; begin += batch {
		made, err := l.registerBatch(ctx, year, first, begin)
		if err != nil {
			return err
		}
		all = append(all, made...)
		l.step()
		if begin == 0 { // plans that were made for empty tables read them from end to end
			if err := l.house.DB.Optimise(ctx); err != nil {
				return err
			}
		}
	}
	if err := l.lives(ctx, first, all); err != nil {
		return err
	}
	l.last = all
	return l.honoursOf(ctx, year, first, all)
}

func (l *bench) registerBatch(ctx context.Context, year int, first clock.Date, begin int) ([]life, error) {
	n := min(batch, l.size.Entries-begin)
	inputs := make([]practice.Input, n)
	lives := make([]life, n)
	for i := range n {
		lives[i] = life{luck: l.rnd.IntN(1000), on: first + clock.Date(l.rnd.IntN(240))}
		inputs[i] = l.input(year, begin+i)
		inputs[i].On = lives[i].on
	}
	made, err := l.house.Practices.RegisterAll(ctx, l.who, inputs)
	if err != nil {
		return nil, err
	}
	for i, e := range made {
		lives[i].id, lives[i].practice, lives[i].exemplar = e.ID, e.Practice, e.Exemplar
		lives[i].field, lives[i].unit, lives[i].kind = e.Field, inputs[i].Unit, e.Kind
	}
	return lives, nil
}

// input is one registration; a quarter of those after the first year go on from the
// year before.
func (l *bench) input(year, n int) practice.Input {
	one := ideas()[l.rnd.IntN(len(ideas()))]
	home := l.homes[l.rnd.IntN(len(l.homes))]
	in := practice.Input{
		Movement: BenchMovement(year), Unit: home.code, Kind: ledger.Collective, Subject: home.name, Field: one.field.String(),
		Origin: ledger.OriginNew, Title: fmt.Sprintf("%s (%d)", one.titled(home.name), n),
	}
	switch luck := l.rnd.IntN(100); {
	case luck < 38:
		in.Kind, in.Subject = ledger.Individual, person(l.rnd.IntN(l.size.Entries*4))
	case luck < 40:
		in.Kind, in.Subject = ledger.Household, "Gia đình "+person(l.rnd.IntN(l.size.Entries*4))
	case luck < 92: // most collectives are parts of their unit, so that a tenth of the subjects has several entries
		in.Subject = fmt.Sprintf("Tổ tự quản số %d, %s", l.rnd.IntN(60), home.name)
	}
	if len(l.last) > 0 && n%4 == 0 {
		old := l.last[n]
		in.Practice, in.Unit, in.Kind, in.Origin = old.practice, old.unit, old.kind, ledger.OriginContinued
		if n%20 == 0 {
			in.Origin = ledger.OriginUpgraded
		}
	} else if n%10 == 1 {
		in.Origin = ledger.OriginReplicated
	}
	in.Parts = one.parts(in.Subject, tell(l.rnd))
	return in
}

// lives takes a year's entries through the steps that their luck has for them.
func (l *bench) lives(ctx context.Context, first clock.Date, all []life) error {
	p := l.house.Practices
	after := func(days int) func(life) clock.Date {
		return func(x life) clock.Date { return first + (x.on-first)/20*20 + clock.Date(20+days) }
	}
	for _, b := range []struct {
		verb     stepVerb
		reason   string
		from, to int
		on       func(life) clock.Date
	}{
		{p.Return, "Bổ sung minh chứng.", 0, 20, after(0)},
		{p.Refuse, "Chưa thành mô hình.", 20, 40, after(0)},
		{p.Withdraw, "Đơn vị xin rút.", 40, 50, after(0)},
		{p.Receive, "", 100, 1000, after(0)},
		{p.Start, "", 130, 1000, after(15)},
		{p.StrikeOff, "Trùng lặp.", 100, 104, after(30)},
		{p.Suspend, "Tạm dừng.", 130, 140, after(40)},
		{p.Resume, "Tiếp tục.", 130, 133, after(60)},
		{p.End, "Hết việc.", 140, 160, after(40)},
	} {
		if err := l.byDay(all, b.from, b.to, b.on, func(on clock.Date, ids []string) error {
			return b.verb(ctx, l.who, practice.Step{Entries: ids, On: on, Reason: b.reason})
		}); err != nil {
			return err
		}
		l.step()
	}
	return nil
}

// byDay hands on the entries of a range of luck in groups of a day.
func (l *bench) byDay(all []life, from, to int, on func(life) clock.Date, do func(clock.Date, []string) error) error {
	groups := map[clock.Date][]string{}
	for _, x := range all {
		if x.luck >= from && x.luck < to {
			groups[on(x)] = append(groups[on(x)], x.id)
		}
	}
	for _, d := range slices.Sorted(maps.Keys(groups)) {
		for part := range slices.Chunk(groups[d], batch) {
			if err := do(d, part); err != nil {
				return err
			}
			l.step()
		}
	}
	return nil
}

// honoursOf are the decisions, exemplars and adoptions of a year.
func (l *bench) honoursOf(ctx context.Context, year int, first clock.Date, all []life) error {
	autumn := first + 290
	winners := func(from int) []life {
		return slices.DeleteFunc(slices.Clone(all), func(x life) bool { return x.luck < from })
	}
	if err := l.recogniseAll(ctx, year, autumn, winners(250)); err != nil {
		return err
	}
	if err := l.oddities(ctx, autumn, all); err != nil {
		return err
	}
	var found []practice.ExemplarInput
	seen := map[string]bool{}
	for _, x := range winners(400) {
		if !seen[x.exemplar] {
			seen[x.exemplar] = true
			found = append(found, practice.ExemplarInput{Movement: BenchMovement(year), On: first + 250, Exemplar: x.exemplar, Field: x.field})
		}
	}
	for part := range slices.Chunk(found, batch) {
		if _, err := l.house.Practices.FindAll(ctx, l.who, part); err != nil {
			return err
		}
		l.step()
	}
	return l.awardsAndLinks(ctx, year, autumn, winners(980))
}

func (l *bench) recogniseAll(ctx context.Context, year int, on clock.Date, winners []life) error {
	for i, part := range slices.Collect(slices.Chunk(winners, batch)) {
		d, err := l.house.Movements.Decide(ctx, l.who, movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: fmt.Sprintf("%d-QĐ/%d", i+1, firstYear+year), Authority: benchRoot, Level: org.Province,
			SignedOn: on, Title: "Quyết định công nhận mẫu",
		})
		if err != nil {
			return err
		}
		var ids, typical []string
		for _, x := range part {
			ids = append(ids, x.id)
			if x.luck > 920 {
				typical = append(typical, x.id)
			}
		}
		if err := Papers(ctx, l.house, l.who, Chain{Decision: d, Entries: ids, Text: "Đã làm xong, có kết quả."}); err != nil {
			return err
		}
		if err := l.house.Practices.Recognise(ctx, l.who, d.ID, ids); err != nil {
			return err
		}
		if err := l.house.Practices.NameTypical(ctx, l.who, d.ID, typical); err != nil {
			return err
		}
		l.step()
	}
	return nil
}

// oddities are the histories that do not fit one fact row: reclassified entries.
func (l *bench) oddities(ctx context.Context, on clock.Date, all []life) error {
	for _, x := range all {
		if x.luck < 300 || x.luck >= 306 {
			continue
		}
		home := l.homes[l.rnd.IntN(len(l.homes))]
		if err := l.house.Practices.Reclassify(ctx, l.who, practice.NewAttributes{
			Entry: x.id, On: on + 10, Reason: "Xếp lại đơn vị.", Unit: home.code, Kind: x.kind, Field: ideas()[l.rnd.IntN(len(ideas()))].field.String(),
			Origin: ledger.OriginNew,
		}); err != nil {
			return err
		}
	}
	return nil
}

func (l *bench) awardsAndLinks(ctx context.Context, year int, on clock.Date, best []life) error {
	d, err := l.house.Movements.Decide(ctx, l.who, movement.DecisionInput{
		Paper: ledger.PaperDecision, Number: fmt.Sprintf("KT-%d", firstYear+year), Authority: benchRoot + ".B", Level: org.Province, SignedOn: on + 5,
		Title: "Quyết định khen thưởng mẫu",
	})
	if err != nil {
		return err
	}
	in := award.Input{Kind: award.Given, Movement: BenchMovement(year), Decision: d.ID, Track: rulebook.Party, Form: "bangKhen"}
	seen := map[string]bool{}
	var links []replication.Input
	adopted := map[[2]string]bool{}
	for i, x := range best {
		if !seen[x.exemplar] {
			seen[x.exemplar] = true
			in.Recipients = append(in.Recipients, award.Recipient{Exemplar: x.exemplar, Entry: x.id, Achievement: "Thành tích mẫu"})
		}
		if source := best[(i*7+1)%len(best)/12]; source.unit != x.unit && !adopted[[2]string{source.practice, x.unit}] {
			adopted[[2]string{source.practice, x.unit}] = true
			links = append(links, replication.Input{Source: source.id, AdoptingEntry: x.id, Mode: replication.Adapted, StartedOn: on})
		}
	}
	if _, err := l.house.Awards.Give(ctx, l.who, in); err != nil {
		return err
	}
	_, err = l.house.Replication.AdoptAll(ctx, l.who, links)
	return err
}

// Draw makes the random draws of the measuring repeatable.
func Draw(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) } //nolint:gosec // repeatable, not secret
