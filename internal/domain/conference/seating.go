package conference

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Hall is where people sit: rows from the stage backwards, each with blocks of seats between
// the aisles. Seats of a row are numbered from the left, through all blocks.
type Hall struct {
	Rows   int `json:"rows"`
	Blocks int `json:"blocks"`
	Seats  int `json:"seats"` // of a block in a row
}

// Width is how many seats a row has.
func (h Hall) Width() int { return h.Blocks * h.Seats }

// RowName is a row as it is signed in the hall: A to Z, then AA.
func RowName(row int) string {
	if row > 26 {
		return RowName((row-1)/26) + RowName((row-1)%26+1)
	}
	return string(rune('A' + row - 1))
}

// Seated is some seats side by side for one invitation.
type Seated struct {
	Invitation string `json:"invitation"`
	Row        int    `json:"row"`  // from 1, at the stage
	From       int    `json:"from"` // the first seat, from 1
	Seats      int    `json:"seats"`
}

// Seating is a hall and who sits where.
type Seating struct {
	Hall   Hall     `json:"hall"`
	Seated []Seated `json:"seated"`
}

// Bounds of a hall.
const (
	MaxRows   = 80
	MaxBlocks = 6
	MaxBlock  = 40
	MaxSeated = 1000
)

// Check gathers what is wrong with numbers; a place outside of the hall is no fault of the
// input but a conflict that is shown.
func (p *Seating) Check() error {
	var l errs.List
	bound := func(field string, n, most int) {
		if n < 1 || n > most {
			l.Add(field, i18n.ConferenceSeatRange, most)
		}
	}
	bound("rows", p.Hall.Rows, MaxRows)
	bound("blocks", p.Hall.Blocks, MaxBlocks)
	bound("seats", p.Hall.Seats, MaxBlock)
	if len(p.Seated) > MaxSeated {
		l.Add("", i18n.ConferenceTooMany, MaxSeated)
		return l.Err()
	}
	for i, s := range p.Seated {
		n := strconv.Itoa(i)
		bound("row"+n, s.Row, MaxRows)
		bound("from"+n, s.From, MaxBlocks*MaxBlock)
		bound("count"+n, s.Seats, MaxSeats)
		if s.Invitation == "" {
			l.Add("party"+n, i18n.ErrsRequired)
		}
	}
	return l.Err()
}

// Party is who sits together: an invitation with how many come, and its name.
type Party struct {
	Invitation string
	Name       string
	Guest      bool
	Honoured   bool // somebody of it is called
	People     int
}

// SeatingPlan is who sits where, and what is wrong with it.
type SeatingPlan struct {
	Conference Conference
	Seating
	Parties   []Party // in the order of the rule
	Conflicts []SeatConflict
	ByHand    bool
	Version   int // of the last change by hand or undoing; it only grows
}

// Party finds who sits on an invitation.
func (p SeatingPlan) Party(invitation string) Party {
	for _, one := range p.Parties {
		if one.Invitation == invitation {
			return one
		}
	}
	return Party{}
}

// SeatConflict is one thing that is wrong with a seating: about whom, and where.
type SeatConflict struct {
	Kind   SeatFault
	Party  string // name
	Other  string // name
	Row    int
	Number int
}

// SeatFault says what is wrong.
type SeatFault string

// What can be wrong with a seating.
const (
	SeatTwice   SeatFault = "twice"   // one seat for two
	SeatOutside SeatFault = "outside" // no such seat in the hall
	SeatMissing SeatFault = "missing" // fewer seats than people
	SeatTooMany SeatFault = "tooMany" // more seats than people
	SeatGone    SeatFault = "gone"    // seats for whom nobody invites, or who does not come
)

// Label is the fault in words.
func (f SeatFault) Label() i18n.Key {
	return map[SeatFault]i18n.Key{
		SeatTwice: i18n.ConferenceSeatTwice, SeatOutside: i18n.ConferenceSeatOutside, SeatMissing: i18n.ConferenceSeatMissing,
		SeatTooMany: i18n.ConferenceSeatTooMany, SeatGone: i18n.ConferenceSeatGone,
	}[f]
}

// Seating gives who sits where at a conference: by rule, unless somebody has changed that by
// hand. Guests sit in front, then units of whom somebody is called, then the others, each by
// name; who does not come has no seat, who has not answered has all that were offered. It is for who keeps the movement.
func (s *Service) Seating(ctx context.Context, who actor.Actor, id string) (SeatingPlan, error) {
	if !who.Can(RightManage) {
		return SeatingPlan{}, forbidden()
	}
	if _, _, err := s.mine(ctx, s.db, who, id); err != nil {
		return SeatingPlan{}, err
	}
	order, err := s.CallOrder(ctx, who, id)
	if err != nil {
		return SeatingPlan{}, err
	}
	p := SeatingPlan{Conference: order.Conference}
	if p.Parties, err = s.parties(ctx, who, order); err != nil {
		return p, err
	}
	hand, err := standingOrder(ctx, s.db, id, ofSeating, &p.Seating)
	if err != nil {
		return p, err
	}
	p.Version, p.ByHand = hand.no, hand.holds > 0
	if !p.ByHand {
		p.Seating = SeatByRule(hallFor(p.Parties), p.Parties)
	}
	p.Conflicts = p.conflicts()
	return p, nil
}

// parties are those who come, in the order of the rule.
func (s *Service) parties(ctx context.Context, who actor.Actor, order CallOrder) ([]Party, error) {
	c := order.Conference
	var all []Invitation
	after := ""
	for {
		page, _, next, err := s.Invitations(ctx, who, InvitationQuery{Conference: c.ID, After: after, Limit: MaxPage})
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if after = next; after == "" {
			break
		}
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	called := map[string]bool{}
	for _, h := range order.Called() {
		called[h.Unit] = true
	}
	var parties []Party
	for _, v := range all {
		p := Party{Invitation: v.ID, Name: v.Guest, Guest: v.Unit == "", People: v.Seats}
		if !p.Guest {
			p.Name = unitOn(tree, v.Unit, c.On)
		}
		p.Honoured = called[p.Name]
		if v.Answer == Yes {
			p.People = v.Coming
		}
		if v.Answer != No && p.People > 0 {
			parties = append(parties, p)
		}
	}
	slices.SortStableFunc(parties, func(a, b Party) int { return cmp.Compare(a.bank(), b.bank()) })
	return parties, nil
}

// bank is how far in front a party sits by rule.
func (p Party) bank() int {
	switch {
	case p.Guest:
		return 0
	case p.Honoured:
		return 1
	default:
		return 2
	}
}

// hallFor is a hall with two blocks of eight in which all find a place.
func hallFor(all []Party) Hall {
	h := Hall{Rows: 1, Blocks: 2, Seats: 8}
	for ; h.Rows < MaxRows; h.Rows++ {
		plan := SeatByRule(h, all)
		seated := 0
		for _, s := range plan.Seated {
			seated += s.Seats
		}
		if seated == people(all) {
			break
		}
	}
	return h
}

func people(all []Party) int {
	n := 0
	for _, p := range all {
		n += p.People
	}
	return n
}

// SeatByRule seats parties in their order, row by row and block by block. A party that fits
// into a block is not divided: what is left of the block before it stays empty. A greater one
// takes whole blocks. Who finds no place any more has none.
func SeatByRule(h Hall, all []Party) Seating {
	plan := Seating{Hall: h}
	block, at := 0, 0 // blocks are counted through all rows
	for _, p := range all {
		if left := h.Seats - at; p.People > left && (p.People <= h.Seats || at > 0) {
			block, at = block+1, 0
		}
		for rest := p.People; rest > 0 && block < h.Rows*h.Blocks; {
			n := min(rest, h.Seats-at)
			plan.Seated = append(plan.Seated, Seated{Invitation: p.Invitation, Row: block/h.Blocks + 1, From: block%h.Blocks*h.Seats + at + 1, Seats: n})
			rest -= n
			if at += n; at == h.Seats {
				block, at = block+1, 0
			}
		}
	}
	return plan
}

// conflicts finds what is wrong with who sits where.
func (p SeatingPlan) conflicts() []SeatConflict {
	var all []SeatConflict
	type seat struct{ row, number int }
	taken := map[seat]string{}
	has := map[string]int{}
	for _, s := range p.Seated {
		party := p.Party(s.Invitation)
		if party.Invitation == "" {
			all = append(all, SeatConflict{Kind: SeatGone, Row: s.Row, Number: s.From})
		}
		has[s.Invitation] += s.Seats
		if s.Row > p.Hall.Rows || s.From+s.Seats-1 > p.Hall.Width() {
			all = append(all, SeatConflict{Kind: SeatOutside, Party: party.Name, Row: s.Row, Number: s.From + s.Seats - 1})
			continue
		}
		for n := s.From; n < s.From+s.Seats; n++ {
			if other, ok := taken[seat{s.Row, n}]; ok {
				all = append(all, SeatConflict{Kind: SeatTwice, Party: party.Name, Other: p.Party(other).Name, Row: s.Row, Number: n})
				break
			}
			taken[seat{s.Row, n}] = s.Invitation
		}
	}
	for _, party := range p.Parties {
		switch n := has[party.Invitation]; {
		case n < party.People:
			all = append(all, SeatConflict{Kind: SeatMissing, Party: party.Name, Number: party.People - n})
		case n > party.People:
			all = append(all, SeatConflict{Kind: SeatTooMany, Party: party.Name, Number: n - party.People})
		}
	}
	return all
}
