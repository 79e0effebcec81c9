package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// RosterInput is a list of people on its way to become accounts.
type RosterInput struct {
	Roster
	Role  string            // of those for whom the list names none
	Words map[string]string // the role that a word means; words folded
	// Single says that it is the form of one account. A list gives no role that looks after
	// accounts: in a file that somebody else made, such a line is easily overlooked.
	Single bool
}

// RosterKind says what becomes of a row.
type RosterKind string

// What becomes of a row.
const (
	RosterNew      RosterKind = "new"
	RosterChanged  RosterKind = "changed"  // the account is there, with another name, unit or contact
	RosterRepeated RosterKind = "repeated" // the account is there just so
	RosterWrong    RosterKind = "wrong"
)

// RosterKinds lists what may become of rows, in the order of pages.
func RosterKinds() []RosterKind {
	return []RosterKind{RosterWrong, RosterNew, RosterChanged, RosterRepeated}
}

// Label is the word for what becomes of a row.
func (k RosterKind) Label() i18n.Key {
	return map[RosterKind]i18n.Key{
		RosterNew: i18n.IdentityRosterIsNew, RosterChanged: i18n.IdentityRosterIsChanged, RosterRepeated: i18n.IdentityRosterIsRepeated,
		RosterWrong: i18n.IdentityRosterIsWrong,
	}[k]
}

// RosterLine is a row with what becomes of it.
type RosterLine struct {
	RosterRow
	Kind     RosterKind
	Proposed bool // the login was made from the name
	Unit     org.Unit
	Role     string
	Errors   errs.List // by column: login, name, unit, role, email, phone
	account  Account   // that is there
}

// RosterPlan is what would be done with a list.
type RosterPlan struct {
	Lines []RosterLine
	Count map[RosterKind]int
}

// CheckRoster says what would become of a list; nothing is written.
func (s *Service) CheckRoster(ctx context.Context, who actor.Actor, in RosterInput) (RosterPlan, error) {
	if !who.Can(RightManage) {
		return RosterPlan{}, forbidden()
	}
	return s.planRoster(ctx, s.DB, who, in)
}

// ApplyRoster makes the accounts of a list and changes those that it names otherwise, all
// or none, and gives the slips of the new ones, this once. A list with a wrong row is
// refused.
func (s *Service) ApplyRoster(ctx context.Context, who actor.Actor, in RosterInput) ([]Slip, error) {
	if !who.Can(RightManage) {
		return nil, forbidden()
	}
	plan, err := s.planRoster(ctx, s.DB, who, in)
	if err != nil {
		return nil, err
	}
	if err := plan.ready(); err != nil {
		return nil, err
	}
	passwords, hashes, err := s.invent(ctx, plan.Count[RosterNew])
	if err != nil {
		return nil, err
	}
	slips := make([]Slip, 0, len(passwords))
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := s.planRoster(ctx, tx, who, in)
		if err != nil {
			return err
		}
		if now.Count[RosterNew] != len(passwords) || now.ready() != nil { // somebody was faster
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		slips, err = s.enrol(ctx, tx, who, now, passwords, hashes)
		return err
	})
	if err != nil {
		return nil, err
	}
	return slips, nil
}

func (p RosterPlan) ready() error {
	switch {
	case p.Count[RosterWrong] > 0:
		return errs.New(errs.Invalid, i18n.IdentityRosterHasWrong, p.Count[RosterWrong]).On("file")
	case p.Count[RosterNew]+p.Count[RosterChanged] == 0:
		return errs.New(errs.Invalid, i18n.IdentityRosterNothing).On("file")
	}
	return nil
}

func (s *Service) enrol(ctx context.Context, tx *db.Tx, who actor.Actor, plan RosterPlan, passwords, hashes []string) ([]Slip, error) {
	tree, err := s.Org.Tree(ctx, tx)
	if err != nil {
		return nil, err
	}
	var slips []Slip
	for _, line := range plan.Lines {
		switch line.Kind {
		case RosterNew:
			in := Input{
				Login: line.Login, Name: line.Name, Unit: line.Unit.ID, Email: line.Email, Phone: line.Phone,
				Grants: []GrantInput{{Role: line.Role, Unit: line.Unit.ID}},
			}
			i := len(slips)
			a, err := s.create(ctx, tx, who, tree, hashed{in, hashes[i]})
			if err != nil {
				return nil, err
			}
			slips = append(slips, Slip{a.ID, a.Login, a.Name, a.Unit, passwords[i]})
		case RosterChanged:
			a := line.account
			a.Name, a.Unit, a.Email, a.Phone = line.Name, line.Unit.ID, line.Email, line.Phone
			if err := update(ctx, tx, a); err != nil {
				return nil, err
			}
			if err := s.Log.Add(ctx, tx, who, "identity.update", object(a), map[string]any{"name": a.Name, "unit": a.Unit}); err != nil {
				return nil, err
			}
		case RosterRepeated, RosterWrong:
		}
	}
	return slips, nil
}

// planning is what all rows of a list are compared with.
type planning struct {
	s       *Service
	who     actor.Actor
	in      RosterInput
	tree    *org.Tree
	today   clock.Date
	byLogin map[string]Account
	byName  map[string]Account // of a unit, by the folded name
	rows    map[string]int     // the line of the list in which a login stood
	people  map[string]int     // and a person without a login
	units   map[string]string  // identities by their folded names; "" where several are called so
}

func (s *Service) planRoster(ctx context.Context, q db.Querier, who actor.Actor, in RosterInput) (RosterPlan, error) {
	if len(in.Rows) == 0 || len(in.Rows) > MaxRoster {
		return RosterPlan{}, errs.New(errs.Invalid, i18n.IdentityRosterLong, MaxRoster).On("file")
	}
	p := planning{
		s: s, who: who, in: in, today: s.Now.Today(), byLogin: map[string]Account{}, byName: map[string]Account{},
		rows: map[string]int{}, people: map[string]int{}, units: map[string]string{},
	}
	var err error
	if p.tree, err = s.Org.Tree(ctx, q); err != nil {
		return RosterPlan{}, err
	}
	if err := p.learn(ctx, q); err != nil {
		return RosterPlan{}, err
	}
	plan := RosterPlan{Lines: make([]RosterLine, len(in.Rows)), Count: map[RosterKind]int{}}
	for i, row := range in.Rows {
		plan.Lines[i] = p.line(row)
	}
	for i := range plan.Lines { // after all that are written out, so that none of these is taken
		p.propose(&plan.Lines[i])
		plan.Count[plan.Lines[i].Kind]++
	}
	return plan, nil
}

// learn reads the accounts and the units that the actor sees.
func (p planning) learn(ctx context.Context, q db.Querier) error {
	for after := ""; ; {
		all, err := page(ctx, q, after, 500)
		if err != nil {
			return err
		}
		for _, a := range all {
			p.byLogin[a.Login] = a
			p.byName[a.Unit+"\n"+viet.Fold(a.Name)] = a
			after = a.Login
		}
		if len(all) < 500 {
			break
		}
	}
	for _, u := range p.tree.Visible(p.who.Scope, p.today) {
		name := viet.Fold(u.NameOn(p.today))
		if _, twice := p.units[name]; twice {
			p.units[name] = ""
			continue
		}
		p.units[name] = u.ID
	}
	return nil
}

// line says what becomes of a row whose login is written out; propose does so for others.
func (p planning) line(row RosterRow) RosterLine {
	l := RosterLine{RosterRow: row, Kind: RosterNew}
	l.Login = foldLogin(row.Login)
	if l.Login != "" && !validLogin(l.Login) {
		l.Errors.Add("login", i18n.IdentityLoginForm)
	}
	checkName(&l.Errors, l.Name)
	checkContact(&l.Errors, &l.Email, &l.Phone)
	p.place(&l)
	if l.Login == "" {
		person := l.Unit.ID + "\n" + viet.Fold(l.Name)
		if at := p.people[person]; at > 0 && l.Name != "" {
			l.Errors.Add("name", i18n.IdentityRosterSame, at)
		}
		p.people[person] = l.Line
	} else {
		if at := p.rows[l.Login]; at > 0 {
			l.Errors.Add("login", i18n.IdentityRosterSame, at)
		}
		p.rows[l.Login] = l.Line
	}
	return l
}

// place finds the unit and the role of a row.
func (p planning) place(l *RosterLine) {
	unit, ok := p.tree.ByCode(strings.ToUpper(l.RosterRow.Unit))
	if !ok {
		unit, ok = p.tree.Unit(p.units[viet.Fold(l.RosterRow.Unit)])
	}
	switch {
	case l.RosterRow.Unit == "":
		l.Errors.Add("unit", i18n.ErrsRequired)
	case !ok || !p.tree.InScope(p.who.Scope, unit.ID):
		l.Errors.Add("unit", i18n.IdentityUnitNotFound)
	default:
		l.Unit = unit
	}
	l.Role = p.in.Role
	if word := l.RosterRow.Role; word != "" {
		l.Role = word
		if code := p.in.Words[viet.Fold(word)]; code != "" {
			l.Role = code
		}
	}
	if _, known := p.s.Roles[l.Role]; !known {
		l.Errors.Add("role", i18n.IdentityRoleUnknown)
	} else if !p.in.Single && slices.Contains(p.s.managingRoles(), l.Role) {
		l.Errors.Add("role", i18n.IdentityRosterManages)
	} else if l.Unit.ID != "" && !p.s.holds(p.tree, p.who, Grant{Role: l.Role, Unit: l.Unit.ID}) {
		l.Errors.Add("role", i18n.IdentityGrantBeyond)
	}
}

// propose finds the account of a row, or gives it a login, and says what becomes of it.
func (p planning) propose(l *RosterLine) {
	known, ok := p.byLogin[l.Login]
	if l.Login == "" && l.Unit.ID != "" && l.Name != "" {
		if known, ok = p.byName[l.Unit.ID+"\n"+viet.Fold(l.Name)]; ok {
			l.Login = known.Login
		}
	}
	if l.Login == "" && len(l.Errors) == 0 {
		l.Login, l.Proposed = proposeLogin(l.Name, p.taken), true
		p.rows[l.Login] = l.Line
	}
	if ok {
		p.compare(l, known)
	}
	if len(l.Errors) > 0 {
		l.Kind = RosterWrong
	}
}

func (p planning) taken(login string) bool {
	_, known := p.byLogin[login]
	return known || p.rows[login] > 0 || login == Operator
}

// compare looks what a row would change of the account that is there. What the row leaves
// empty stays, and so do the roles.
func (p planning) compare(l *RosterLine, known Account) {
	l.account = known
	today := p.today
	foreign := slices.ContainsFunc(known.Grants, func(g Grant) bool { return !g.ended(today) && !p.s.holds(p.tree, p.who, g) })
	switch {
	case !visible(p.tree, p.who, known):
		l.Errors.Add("login", i18n.IdentityLoginTaken, l.Login)
		return
	case foreign || known.Login == Operator:
		l.Errors.Add("login", i18n.IdentityStronger)
		return
	}
	if l.Email == "" {
		l.Email = known.Email
	}
	if l.Phone == "" {
		l.Phone = known.Phone
	}
	l.Kind = RosterChanged
	if l.Name == known.Name && l.Unit.ID == known.Unit && l.Email == known.Email && l.Phone == known.Phone {
		l.Kind = RosterRepeated
	}
}
