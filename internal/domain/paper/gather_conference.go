package paper

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

func (s *Service) ofConference(ctx context.Context, who actor.Actor, about About) (facts, error) {
	c, err := s.conferences.Get(ctx, who, about.ID)
	if err != nil {
		return facts{}, err
	}
	m, err := s.movements.Get(ctx, who, c.Movement)
	if err != nil {
		return facts{}, err
	}
	data, tree, _, err := s.movementFacts(ctx, m, c.Period)
	if err != nil {
		return facts{}, err
	}
	f := facts{title: c.Title, unit: issuer(m), data: data, of: m}
	f.data["hoi_nghi"], f.data["thoi_gian"], f.data["dia_diem_hop"] = docx.Text(c.Title), docx.Text(conference.Moment(i18n.Vi, c.On, c.Begins)), docx.Text(c.Place)
	f.data["dip"], f.data["chu_tri"], f.data["dai_bieu"] = docx.Optional(c.Occasion), docx.Optional(c.Presiding), docx.Optional(c.Guests)
	var programme, speeches []record
	for _, it := range c.Programme {
		programme = append(programme, record{"gio?": it.Begins, "noi_dung": it.What, "nguoi?": it.Who})
	}
	for _, sp := range c.Speeches {
		speeches = append(speeches, record{"nguoi": sp.Speaker, "don_vi?": sp.Unit, "ten": sp.Title})
	}
	f.data["chuong_trinh"], f.data["tham_luan"] = rows(programme), rows(speeches)
	switch about.Kind {
	case Invitation:
		err = s.invited(ctx, who, &f, tree, c)
	case Script, PraiseList:
		err = s.honouredAt(ctx, who, &f, tree, c)
		for i := range f.lists { // who is praised, and for what in which form stays outside
			f.lists[i].columns, f.lists[i].notes = f.lists[i].columns[:2], []string{c.Title}
		}
	}
	return f, err
}

// invited puts in whom a conference invites, each for a letter of their own.
func (s *Service) invited(ctx context.Context, who actor.Actor, f *facts, tree *org.Tree, c conference.Conference) error {
	var all []record
	in := conference.InvitationQuery{Conference: c.ID, Limit: conference.MaxPage}
	for {
		page, _, next, err := s.conferences.Invitations(ctx, who, in)
		if err != nil {
			return err
		}
		for _, v := range page {
			name := v.Guest
			if u, ok := tree.Unit(v.Unit); ok {
				name = u.NameOn(c.On)
			}
			all = append(all, record{"ten": name, "so_cho?": i18n.Vi.Number(v.Seats), "con_nua?": "x"})
		}
		if next == "" {
			break
		}
		in.After = next
	}
	if len(all) > 0 {
		all[len(all)-1]["con_nua?"] = ""
	}
	f.data["khach"] = rows(all)
	f.lists = []listing{{
		title: i18n.Vi.T(i18n.PaperInvited), notes: []string{c.Title}, rows: all,
		columns: []listColumn{{i18n.PaperName, "ten", 120, table.Words}, {i18n.PaperSeats, "so_cho", 30, table.Short}},
	}}
	return nil
}

// honouredAt puts in whom the decisions of a conference honour: each once, whatever they were
// given.
func (s *Service) honouredAt(ctx context.Context, who actor.Actor, f *facts, tree *org.Tree, c conference.Conference) error {
	var decisions []ledger.Decision
	for _, id := range c.Decisions {
		d, err := s.movements.Decision(ctx, who, id)
		if errs.Is(err, errs.NotFound) {
			continue // of an authority that the actor does not see
		}
		if err != nil {
			return err
		}
		decisions = append(decisions, d)
	}
	if err := s.awarded(ctx, who, f, tree, decisions); err != nil {
		return err
	}
	for i, name := range []string{"tap_the", "ca_nhan", "ho"} {
		seen := map[string]bool{}
		once := slices.DeleteFunc(f.lists[i].rows, func(r record) bool {
			key := r["ten"] + "\x00" + r["don_vi"]
			twice := seen[key]
			seen[key] = true
			return twice
		})
		f.lists[i].rows = once
		f.data[name], f.data["so_"+name] = rows(once), count(len(once))
	}
	return nil
}
