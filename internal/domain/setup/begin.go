package setup

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/places"
)

// Bounds of what is said.
const (
	maxText  = 200
	maxStaff = 10
)

// bodySuffix makes the code of the standing body out of its locality's.
const bodySuffix = ".TT"

// Check gathers everything that is wrong with the input, beside what the accounts are held
// to themselves.
func (in *Input) Check(list *places.List, today clock.Date) error {
	var l errs.List
	if _, ok := Find(list, in.Place); !ok {
		l.Add("place", i18n.ErrsBadChoice)
	}
	for _, f := range []struct {
		name string
		text *string
	}{{"siteName", &in.SiteName}, {"standingBody", &in.StandingBody}, {"login", &in.Admin.Login}, {"name", &in.Admin.Name}} {
		*f.text = strings.TrimSpace(*f.text)
		if *f.text == "" {
			l.Add(f.name, i18n.ErrsRequired)
		} else if len([]rune(*f.text)) > maxText {
			l.Add(f.name, i18n.ErrsTooLong, maxText)
		}
	}
	if in.Movement && (in.Year < today.Year()-1 || in.Year > today.Year()+1) {
		l.Add("year", i18n.SetupYear, strconv.Itoa(today.Year()-1), strconv.Itoa(today.Year()+1))
	}
	if len(in.People) > maxStaff {
		l.Add("people", i18n.ErrsTooLong, maxStaff)
	}
	if slices.ContainsFunc(in.Fields, func(name string) bool { return len([]rune(name)) > maxText }) {
		l.Add("fields", i18n.ErrsTooLong, maxText)
	}
	in.checkLogins(&l)
	return l.Err()
}

// checkLogins looks for logins that are given twice, the command line's among them.
func (in *Input) checkLogins(l *errs.List) {
	seen := map[string]bool{identity.Operator: true}
	for i, p := range append([]Staff{{Person: in.Admin}}, in.People...) {
		field, login := "login", strings.ToLower(strings.TrimSpace(p.Login))
		if i > 0 {
			field += strconv.Itoa(i - 1)
		}
		switch {
		case i == 0 && login == "" || p.none(): // said already, or nobody
			continue
		case i > 0 && (login == "" || strings.TrimSpace(p.Name) == ""):
			l.Add(field, i18n.SetupLoginAndName)
		case seen[login]:
			l.Add(field, i18n.IdentityLoginTaken, login)
		}
		seen[login] = true
	}
}

// Begin sets the house up. It works only while the house is empty.
func (s *Service) Begin(ctx context.Context, list *places.List, in Input) (Made, error) {
	if err := in.Check(list, s.now.Today()); err != nil {
		return Made{}, err
	}
	s.begin.Lock()
	defer s.begin.Unlock()
	empty, err := s.Needed(ctx)
	if err != nil {
		return Made{}, err
	}
	if !empty {
		return Made{}, errs.New(errs.Conflict, i18n.IdentityAlreadySetUp)
	}
	inputs, made, err := s.accounts(in)
	if err != nil {
		return Made{}, err
	}
	where, _ := Find(list, in.Place)
	if made.Unit, err = s.units(ctx, where, in); err != nil {
		return Made{}, err
	}
	set := rulebook.Settings{SiteName: in.SiteName}
	if err := s.rooms.Rulebook.Change(ctx, s.system, set); err != nil {
		return Made{}, err
	}
	if in.Movement {
		if made.Movement, err = s.movement(ctx, made.Unit, in); err != nil {
			return Made{}, err
		}
	}
	for i := range inputs {
		inputs[i].Unit = made.Unit.ID
		inputs[i].Grants[0].Unit = made.Unit.ID
	}
	_, err = s.rooms.Identity.Bootstrap(ctx, in.Admin.Login, in.Admin.Name, in.Password, inputs...)
	return made, err
}

// accounts draws the passwords and looks at everything that could be refused, before
// anything is written.
func (s *Service) accounts(in Input) ([]identity.Input, Made, error) {
	var made Made
	var l errs.List
	admin := identity.Input{Login: in.Admin.Login, Name: in.Admin.Name, Password: in.Password}
	for _, e := range errs.All(admin.Check()) {
		l.Add(e.Field, e.Key, e.Args...)
	}
	if in.Password == "" {
		l.Add("password", i18n.ErrsRequired)
	}
	var inputs []identity.Input
	for i, p := range in.People {
		if p.none() {
			continue
		}
		password, err := s.password()
		if err != nil {
			return nil, made, err
		}
		account := identity.Input{Login: p.Login, Name: p.Name, Password: password, Grants: []identity.GrantInput{{Role: p.Role}}}
		for _, e := range errs.All(account.Check()) {
			l.Add(e.Field+strconv.Itoa(i), e.Key, e.Args...)
		}
		inputs, made.Accounts = append(inputs, account), append(made.Accounts, Account{p, password})
	}
	return inputs, made, l.Err()
}

// units makes the locality, the province above it and its standing body, each where it is
// not there yet.
func (s *Service) units(ctx context.Context, where Where, in Input) (org.Unit, error) {
	since := org.DistrictEnd()
	province, err := s.unit(ctx, org.Input{Code: where.Province.Code, Name: where.Province.Name, Kind: "province", Level: org.Province, From: since})
	if err != nil {
		return org.Unit{}, err
	}
	own := province
	level := org.Province
	if where.Commune != nil {
		level = org.Commune
		if own, err = s.unit(ctx, org.Input{
			Code: where.Commune.Code, Name: where.Commune.Name, Kind: "commune", Level: level, From: since, Parents: under(province),
		}); err != nil {
			return org.Unit{}, err
		}
	}
	_, err = s.unit(ctx, org.Input{
		Code: own.Code + bodySuffix, Name: in.StandingBody, Kind: "party", Level: level, From: since, Parents: under(own),
	})
	return own, err
}

func under(u org.Unit) []org.ParentInput {
	return []org.ParentInput{{Unit: u.ID, Tree: org.State, Counts: true}}
}

func (s *Service) unit(ctx context.Context, in org.Input) (org.Unit, error) {
	if u, err := s.rooms.Org.Get(ctx, s.system, in.Code); err == nil || !errs.Is(err, errs.NotFound) {
		return u, err
	}
	return s.rooms.Org.Create(ctx, s.system, in)
}

// movement launches the first movement after the sample. Its name says that it was not
// read through yet.
func (s *Service) movement(ctx context.Context, unit org.Unit, in Input) (string, error) {
	year := strconv.Itoa(in.Year)
	code := "DVK-" + year
	if m, err := s.rooms.Movements.Get(ctx, s.system, code); err == nil || !errs.Is(err, errs.NotFound) {
		return m.Code, s.plan(ctx, m.Code, err)
	}
	first, last := clock.NewDate(in.Year, 1, 1), clock.NewDate(in.Year, 12, 31)
	launched := min(first, max(s.now.Today(), clock.NewDate(in.Year-1, 10, 1)))
	m, err := s.rooms.Movements.Launch(ctx, s.system, movement.Input{
		Code: code, Level: unit.LevelOn(unit.From), Unit: unit.Code, StandingBody: unit.Code + bodySuffix,
		Name:       i18n.Vi.T(i18n.SetupMovementName, InSentence(unit.NameOn(unit.From)), year),
		Slogan:     i18n.Vi.T(i18n.SetupMovementSlogan),
		Occasion:   i18n.Vi.T(i18n.SetupMovementOccasion, strconv.Itoa(in.Year-foundingYear), year),
		LaunchedOn: launched, Fields: in.fields(),
		Period: movement.PeriodInput{Name: i18n.Vi.T(i18n.SetupMovementPeriod, year), From: first, To: last},
	})
	return m.Code, s.plan(ctx, m.Code, err)
}

// plan gives the first movement the plan that the program brings along, each part marked
// as a sample; one that was planned at an earlier try stays.
func (s *Service) plan(ctx context.Context, code string, failed error) error {
	if failed != nil {
		return failed
	}
	_, err := s.rooms.Movements.PlanFromSample(ctx, s.system, code)
	if errs.Is(err, errs.Conflict) {
		return nil
	}
	return err
}

// foundingYear is that of the day of mass mobilisation, 15 October 1930.
const foundingYear = 1930

// fields are the national fields under the names that the locality gave them; none where
// it kept them all.
func (in Input) fields() []movement.Field {
	national := ledger.Fields()
	if !slices.ContainsFunc(in.Fields, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return nil
	}
	var all []movement.Field
	for i, n := range national {
		name := i18n.Vi.T(n.Label())
		if i < len(in.Fields) && strings.TrimSpace(in.Fields[i]) != "" {
			name = strings.TrimSpace(in.Fields[i])
		}
		all = append(all, movement.Field{Code: "F" + strconv.Itoa(i+1), Name: name, National: n})
	}
	return all
}

// InSentence writes the kind of a locality as within a sentence: "phường Hoàn Kiếm".
func InSentence(name string) string {
	kind, rest, _ := strings.Cut(name, " ")
	return strings.ToLower(kind) + " " + rest
}
