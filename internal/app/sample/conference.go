package sample

import (
	"context"
	"fmt"
	"slices"

	meeting "github.com/nhanrong/nhanrong/internal/domain/conference" // the picture of one is called conference here
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// conferences holds the launch of the year and the wrap-up of the reference case. That the
// wrap-up was on 16 October 2024, in honour of what, and what it counted is the case; the
// hall, the hours, the programme and who came are made up, and say so.
func (l *loader) conferences(ctx context.Context) error {
	launch, wrapUp, err := l.programmes(ctx)
	if err != nil {
		return err
	}
	honours, err := l.honoursOf(ctx, wrapUp.On)
	if err != nil {
		return err
	}
	if wrapUp, err = l.house.Conferences.SetDecisions(ctx, l.who, wrapUp.ID, wrapUp.Version, honours); err != nil {
		return fmt.Errorf("say who was honoured: %w", err)
	}
	speeches, err := l.speeches(ctx)
	if err != nil {
		return err
	}
	if wrapUp, err = l.house.Conferences.SetSpeeches(ctx, l.who, wrapUp.ID, wrapUp.Version, speeches); err != nil {
		return fmt.Errorf("say what was spoken: %w", err)
	}
	if err := l.house.Conferences.AddPaper(ctx, l.who, wrapUp.ID, meeting.PaperInput{
		Kind: meeting.Summary, Title: "Báo cáo tổng kết phong trào thi đua “Dân vận khéo” năm 2024 (tệp mẫu)",
		File: samplePaper("Báo cáo tổng kết năm 2024 (mẫu)", "Bao cao tong ket nam 2024"),
	}); err != nil {
		return err
	}
	for _, c := range []meeting.Conference{launch, wrapUp} {
		if err := l.invite(ctx, c); err != nil {
			return err
		}
		if _, err := l.house.Conferences.Move(ctx, l.who, c.ID, c.Version, meeting.Step{Verb: meeting.Hold}); err != nil {
			return fmt.Errorf("hold a conference: %w", err)
		}
	}
	if err := l.pictured(ctx, wrapUp.ID); err != nil {
		return err
	}
	l.launch2024, l.wrapUp2024 = launch.ID, wrapUp.ID
	l.step()
	return nil
}

// programmes plans both conferences with their programmes.
func (l *loader) programmes(ctx context.Context) (launch, wrapUp meeting.Conference, err error) {
	plan := func(in meeting.Input, items ...meeting.Item) (meeting.Conference, error) {
		in.Movement, in.Presiding, in.Guests = Movement, "Đại diện lãnh đạo mẫu", "Đại biểu mẫu của thành phố và các phường"
		c, err := l.house.Conferences.Plan(ctx, l.who, in)
		if err != nil {
			return c, fmt.Errorf("plan a conference: %w", err)
		}
		return l.house.Conferences.SetProgramme(ctx, l.who, c.ID, c.Version, items)
	}
	if launch, err = plan(
		meeting.Input{
			Kind: meeting.Launch, Title: "Hội nghị phát động phong trào thi đua “Dân vận khéo” quận Hoàn Kiếm năm 2024 (dữ liệu mẫu)",
			On: day("2024-01-12"), Begins: "14:00", Place: "Hội trường mẫu, quận Hoàn Kiếm", Occasion: "Triển khai nhiệm vụ công tác dân vận năm 2024",
		},
		meeting.Item{Begins: "14:00", What: "Ổn định tổ chức, giới thiệu đại biểu", Who: "Ban Tổ chức (mẫu)"},
		meeting.Item{Begins: "14:15", What: "Phát động phong trào, công bố kế hoạch và hướng dẫn đăng ký mô hình", Who: "Cơ quan thường trực (mẫu)"},
		meeting.Item{Begins: "15:00", What: "Các đơn vị ký giao ước thi đua", Who: "Đại diện các phường (mẫu)"},
	); err != nil {
		return launch, wrapUp, err
	}
	wrapUp, err = plan(
		meeting.Input{
			Kind: meeting.FinalReview, Title: "Hội nghị tổng kết phong trào thi đua “Dân vận khéo” quận Hoàn Kiếm năm 2024 (dữ liệu mẫu)",
			On: day("2024-10-16"), Begins: "08:00", Place: "Hội trường mẫu, quận Hoàn Kiếm",
			Occasion: "Kỷ niệm 94 năm Ngày truyền thống công tác dân vận của Đảng (15/10/1930 – 15/10/2024)", AsOf: day("2024-09-30"),
		},
		meeting.Item{Begins: "08:00", What: "Đón tiếp đại biểu, giới thiệu những mô hình được trưng bày", Who: "Ban Tổ chức (mẫu)"},
		meeting.Item{Begins: "08:30", What: "Báo cáo kết quả chín tháng: phong trào, tình hình địa phương, khắc phục hậu quả bão số 3", Who: "Cơ quan thường trực (mẫu)"},
		meeting.Item{Begins: "09:00", What: "Tham luận của các đơn vị", Who: "Đại diện các đơn vị (mẫu)"},
		meeting.Item{Begins: "09:45", What: "Biểu dương, khen thưởng tập thể, cá nhân điển hình", Who: "Lãnh đạo Quận ủy (mẫu)"},
		meeting.Item{Begins: "10:15", What: "Phát biểu chỉ đạo và bế mạc", Who: "Lãnh đạo Quận ủy (mẫu)"},
	)
	return launch, wrapUp, err
}

// honoursOf are the decisions that were signed on a day.
func (l *loader) honoursOf(ctx context.Context, on clock.Date) ([]string, error) {
	all, err := l.house.Movements.Decisions(ctx, l.who, on+1, 20)
	var ids []string
	for _, d := range slices.Backward(all) {
		if d.SignedOn == on && d.Paper == ledger.PaperDecision {
			ids = append(ids, d.ID)
		}
	}
	return ids, err
}

// speeches tell of three practices that may be shown, and one of none.
func (l *loader) speeches(ctx context.Context) ([]meeting.Speech, error) {
	published, err := l.house.Practices.Published(ctx, practice.PublicQuery{Limit: 3})
	if err != nil {
		return nil, err
	}
	tree, err := l.house.Org.Current(ctx)
	all := []meeting.Speech{{
		Title: "Dân vận khéo trong khắc phục hậu quả bão số 3", Speaker: "Người trình bày mẫu", Unit: "Mặt trận Tổ quốc quận (mẫu)",
	}}
	for _, e := range published.Rows {
		unit, _ := tree.Unit(e.Unit)
		all = append(all, meeting.Speech{
			Title: "Cách làm của mô hình “" + e.Title + "”", Speaker: "Người trình bày mẫu", Unit: unit.NameOn(day("2024-10-16")), Entry: e.Entry,
		})
	}
	return all, err
}

// invite asks every unit of the district and one guest; most answer.
func (l *loader) invite(ctx context.Context, c meeting.Conference) error {
	units, err := l.house.Conferences.Uninvited(ctx, l.who, c.ID, meeting.Below)
	if err != nil {
		return err
	}
	asked := []meeting.Invited{{Guest: "Khách mời mẫu, đại diện cơ quan báo chí", Seats: 1, Note: "Dữ liệu mẫu"}}
	for _, u := range units {
		asked = append(asked, meeting.Invited{Unit: u.Code, Seats: 4})
	}
	if err := l.house.Conferences.Invite(ctx, l.who, c.ID, asked); err != nil {
		return fmt.Errorf("invite to a conference: %w", err)
	}
	sent, _, _, err := l.house.Conferences.Invitations(ctx, l.who, meeting.InvitationQuery{Conference: c.ID, Limit: meeting.MaxPage})
	if err != nil {
		return err
	}
	for answer, in := range map[meeting.Answer]func(i int) bool{
		meeting.Yes: func(i int) bool { return i%9 != 4 && i%9 != 7 }, meeting.No: func(i int) bool { return i%9 == 4 },
	} {
		var ids []string
		for i, v := range sent {
			if in(i) {
				ids = append(ids, v.ID)
			}
		}
		if err := l.house.Conferences.Reply(ctx, l.who, c.ID, ids, meeting.Reply{Answer: answer}); err != nil {
			return fmt.Errorf("answer an invitation: %w", err)
		}
	}
	return nil
}

// pictured gives the first collective that is called a picture to be projected, with its
// agreement to be shown.
func (l *loader) pictured(ctx context.Context, wrapUp string) error {
	order, err := l.house.Conferences.CallOrder(ctx, l.who, wrapUp)
	if err != nil {
		return fmt.Errorf("read who is called: %w", err)
	}
	i := slices.IndexFunc(order.All, func(h meeting.Honoured) bool { return h.Kind == ledger.Collective && h.Entry != "" })
	if i < 0 {
		return nil
	}
	d := drawings()[1]
	file, err := d.picture().file(d.name)
	if err != nil {
		return err
	}
	called := order.All[i]
	words := photo.Words{Credit: newsroom, Alt: d.alt, Caption: d.caption, People: photo.PeopleNone}
	if _, err := l.house.Practices.AddPhoto(ctx, l.who, called.Entry, words, file); err != nil {
		return fmt.Errorf("illustrate who is called: %w", err)
	}
	_, err = l.house.Privacy.Agree(ctx, l.who, called.Exemplar, privacy.ConsentInput{
		Purpose: privacy.ForPhoto, How: privacy.OnPaper, On: day("2024-10-01"), Note: "Bản đồng ý mẫu lưu tại cơ quan thường trực.",
	})
	return err
}
