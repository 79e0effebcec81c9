package sample

import (
	"context"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
)

// RouteMovement is the code of the small movement whose registrations go along a route: it
// is apart from the reference case, whose figures it leaves alone.
const RouteMovement = "HK-CD"

// codeGroup is the residential group that registers there.
const codeGroup = CodeWard + ".TDP1"

// reviewers are the accounts that vote on the route of the sample.
func reviewers() []Login {
	return []Login{
		{"to1", "Tổ trưởng mẫu tổ dân phố số 1 Hàng Buồm", app.RoleLeader, 0, codeGroup},
		{"baocao1", "Người báo cáo mẫu tổ dân phố số 1 Hàng Buồm", app.RoleReporter, 0, codeGroup},
		{"phuong-hb", "Cán bộ mẫu phường Hàng Buồm", app.RoleOfficer, 0, CodeWard},
		{"thamdinh1", "Thành viên mẫu Mặt trận Tổ quốc quận", app.RoleLeader, 0, CodeDistrict},
		{"thamdinh2", "Thành viên mẫu Công an quận", app.RoleLeader, 0, CodeDistrict},
		{"thamdinh3", "Thành viên mẫu Quận ủy", app.RoleLeader, 0, CodeDistrict},
	}
}

// routes draws a route from the group over the ward to the standing body with a committee
// beside, and puts some models on their way. All of it is made up.
func (l *loader) routes(ctx context.Context) error {
	people, err := l.reviewers(ctx)
	if err != nil {
		return err
	}
	if _, err := l.house.Movements.Launch(ctx, l.who, movement.Input{
		Code: RouteMovement, Name: "Phong trào chuyên đề “Dân vận khéo” ở tổ dân phố (mẫu quy trình xét duyệt)", Level: org.District,
		Unit: CodeDistrict, StandingBody: CodeBoard, LaunchedOn: day("2022-12-01"),
		Period: movement.PeriodInput{Name: "Giai đoạn thử quy trình", From: day("2022-12-01"), To: day("2027-11-30")},
	}); err != nil {
		return fmt.Errorf("launch the movement of the route: %w", err)
	}
	if err := l.route(ctx, people); err != nil {
		return err
	}
	return l.cases(ctx, people)
}

// reviewers makes the accounts and gives them as actors.
func (l *loader) reviewers(ctx context.Context) (map[string]actor.Actor, error) {
	var inputs []identity.Input
	for _, one := range reviewers() {
		unit := l.unitID[one.unit]
		inputs = append(inputs, identity.Input{
			Login: one.Login, Name: one.Name, Unit: unit, Password: Password, Settled: true, Grants: []identity.GrantInput{{Role: one.Role, Unit: unit}},
		})
	}
	if _, err := l.house.Identity.CreateAll(ctx, l.who, inputs); err != nil {
		return nil, fmt.Errorf("make the accounts of the reviewers: %w", err)
	}
	people := map[string]actor.Actor{}
	for _, one := range append(reviewers(), Login{Login: "canbo"}) {
		who, err := l.house.Identity.ActorByLogin(ctx, one.Login, actor.System, "")
		if err != nil {
			return nil, err
		}
		people[one.Login] = who
	}
	return people, nil
}

func (l *loader) route(ctx context.Context, people map[string]actor.Actor) error {
	step := func(name string, days int, groups ...review.Group) review.Step {
		return review.Step{Name: name, Days: days, Return: true, Refuse: true, Groups: groups}
	}
	plan := review.Plan{Steps: []review.Step{
		step("Tổ dân phố xác nhận", 3, review.Group{At: review.AtOwn, Rule: review.Any}),
		step("Phường thẩm tra", 5, review.Group{At: review.AtAbove, Level: org.Commune, Role: app.RoleOfficer, Rule: review.Any}),
		step("Cơ quan thường trực và tổ thẩm định", 8,
			review.Group{Name: "Cơ quan thường trực", At: review.AtUnit, Unit: l.unitID[CodeBoard], Role: app.RoleOfficer, Rule: review.Any},
			review.Group{Name: "Tổ thẩm định", At: review.AtPeople, Rule: review.Some, Need: 2, Accounts: []string{
				people["thamdinh1"].Account, people["thamdinh2"].Account, people["thamdinh3"].Account,
			}}),
	}}
	r, err := l.house.Reviews.Create(ctx, l.who, review.Input{
		Name: "Đăng ký mô hình ở tổ dân phố (mẫu)", Purpose: review.Registration, Movement: RouteMovement, Unit: CodeDistrict, Overseer: CodeBoard,
	})
	if err != nil {
		return fmt.Errorf("draw the route: %w", err)
	}
	if err := l.house.Reviews.Draw(ctx, l.who, r.ID, r.Version, plan); err != nil {
		return err
	}
	return l.house.Reviews.SwitchOn(ctx, l.who, r.ID, r.Version+1)
}

// cases registers some models and lets their reviewers vote, each a step further.
func (l *loader) cases(ctx context.Context, people map[string]actor.Actor) error {
	votes := []struct {
		by string
		in review.VoteInput
	}{
		{"to1", review.VoteInput{Kind: review.Approved, Step: 0}},
		{"phuong-hb", review.VoteInput{Kind: review.Approved, Step: 1, Text: "Đã kiểm tra tại tổ."}},
		{"thamdinh1", review.VoteInput{Kind: review.Approved, Step: 2, Group: 1}},
		{"canbo", review.VoteInput{
			Kind: review.Returned, Step: 2, To: review.Registrant, Text: "Bổ sung số hộ tham gia.", Reasons: []review.Reason{"missing"}, Parts: []string{"outputs"},
		}},
	}
	for i, one := range []struct {
		title, approach string
		votes           int
	}{
		{"Ngõ nhỏ không rác", "Mỗi tối thứ Bảy các hộ cùng quét ngõ, phân loại rác tại nhà.", 0},
		{"Tủ sách dùng chung đầu ngõ", "Các hộ góp sách, thay nhau trông tủ.", 1},
		{"Tổ tự quản phòng cháy, chữa cháy", "Mỗi số nhà có bình chữa cháy, tập dượt mỗi quý.", 3},
		{"Bếp chung ngày rằm", "Nấu suất ăn cho người già neo đơn trong tổ.", 4},
	} {
		e, err := l.house.Practices.Register(ctx, people["baocao1"], practice.Input{
			Movement: RouteMovement, On: day("2024-11-05"), Unit: codeGroup, Kind: ledger.Collective, Subject: fmt.Sprintf("Nhóm nòng cốt mẫu số %d", i+1),
			Field: "cultureSociety", Origin: ledger.OriginNew, Title: one.title, Parts: practice.Parts{Approach: one.approach},
		})
		if err != nil {
			return fmt.Errorf("register for the route: %w", err)
		}
		for _, v := range votes[:one.votes] {
			c, _, err := l.house.Reviews.Latest(ctx, l.who, practice.SubjectEntry, e.ID)
			if err != nil {
				return err
			}
			if _, err := l.house.Reviews.Vote(ctx, people[v.by], c.ID, v.in); err != nil {
				return fmt.Errorf("vote as %s: %w", v.by, err)
			}
		}
	}
	return nil
}
