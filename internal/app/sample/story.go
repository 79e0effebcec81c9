package sample

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// fate is how far an entry of the story comes.
type fate int

const (
	waiting fate = iota
	returned
	refused
	withdrawn
	received
	struckOff
	started
	suspended
	ended
	recognised
	recognisedLate // after the wrap-up
	revoked        // recognised, and the recognition taken back before the wrap-up
)

// cast is how many entries of each fate the story has: collectives, individuals,
// households. They sum to 469; one group has a second practice.
func cast() map[fate][3]int {
	return map[fate][3]int{
		recognised: {240, 157, 0}, waiting: {8, 1, 0}, returned: {5, 1, 0}, refused: {4, 3, 0}, withdrawn: {3, 2, 0},
		struckOff: {2, 0, 0}, received: {6, 2, 0}, started: {14, 4, 2}, suspended: {4, 1, 0}, ended: {5, 2, 0},
		revoked: {1, 0, 0}, recognisedLate: {2, 0, 0},
	}
}

// role is one entry of the story, from its registration to its end.
type role struct {
	fate  fate
	input practice.Input
	idea  idea
	told  numbers
	entry practice.Entry
	// the days of its steps
	receivedOn, startedOn, foundOn clock.Date
}

func day(s string) clock.Date { return clock.MustDate(s) }

// place is where entries of the story are registered.
type place struct{ code, name string }

func places() []place {
	var all []place
	for _, w := range wards() {
		for _, p := range below(w) {
			all = append(all, place{p.code, p.name})
		}
	}
	for _, p := range top()[3:] {
		all = append(all, place{p.code, p.name})
	}
	return all
}

// story2023 is the year before: small, so that the comparison has something to compare
// with.
func (l *loader) story2023(ctx context.Context) error {
	if err := l.launch(ctx, "HK-2023", "", 2023); err != nil {
		return err
	}
	homes := places()
	l.rnd.Shuffle(len(homes), func(i, j int) { homes[i], homes[j] = homes[j], homes[i] })
	l.homes = homes
	for i := range 60 {
		kind := ledger.Collective
		if i >= 50 {
			kind = ledger.Individual
		}
		r := l.role("HK-2023", recognised, kind, homes[i], i)
		r.input.On = day("2023-01-09") + clock.Date(l.rnd.IntN(80))
		r.receivedOn, r.startedOn, r.foundOn = day("2023-04-14"), day("2023-05-04"), day("2023-09-20")
		l.earlier = append(l.earlier, r)
	}
	if err := l.perform(ctx, l.earlier); err != nil {
		return err
	}
	return l.recognise(ctx, l.earlier, "98-QĐ/QU", day("2023-09-28"), false)
}

func (l *loader) launch(ctx context.Context, code, follows string, year int) error {
	first := clock.NewDate(year, 1, 1)
	_, err := l.house.Movements.Launch(ctx, l.who, movement.Input{
		Code: code, Follows: follows, Level: org.District, Unit: CodeDistrict, StandingBody: CodeBoard,
		Name:       fmt.Sprintf("Phong trào thi đua “Dân vận khéo” quận Hoàn Kiếm năm %d", year),
		Slogan:     "Dân vận khéo thì việc gì cũng thành công",
		Occasion:   fmt.Sprintf("Kỷ niệm %d năm Ngày truyền thống công tác dân vận của Đảng (15/10/1930 – 15/10/%d)", year-1930, year),
		LaunchedOn: clock.NewDate(year, 1, 4),
		Period:     movement.PeriodInput{Name: fmt.Sprintf("Năm %d", year), From: first, To: clock.NewDate(year, 12, 31)},
		Papers: []movement.PaperInput{
			{
				Kind: movement.Plan, Number: "01-KH/QU (mẫu)", SignedOn: first + 2, Title: fmt.Sprintf("Kế hoạch phong trào thi đua “Dân vận khéo” năm %d (số liệu mẫu)", year),
				File: samplePaper(fmt.Sprintf("Kế hoạch 01-KH-QU năm %d (mẫu)", year), fmt.Sprintf("Ke hoach so 01-KH/QU nam %d", year)),
			},
			{
				Kind: movement.Guidance, Number: "02-HD/BDV (mẫu)", SignedOn: first + 10, Title: "Hướng dẫn đăng ký, công nhận mô hình, điển hình (số liệu mẫu)",
				File: samplePaper(fmt.Sprintf("Hướng dẫn 02-HD-BDV năm %d (mẫu)", year), fmt.Sprintf("Huong dan so 02-HD/BDV nam %d", year)),
			},
		},
	})
	l.step()
	return err
}

// role makes one entry of the story; n varies what it is about.
func (l *loader) role(movementCode string, f fate, kind ledger.SubjectKind, at place, n int) role {
	one := ideas()[n%len(ideas())]
	subject := at.name
	switch kind {
	case ledger.Individual:
		subject = person(l.people)
		l.people++
	case ledger.Household:
		subject = "Gia đình " + person(l.people)
		l.people++
	}
	told := tell(l.rnd)
	return role{fate: f, idea: one, told: told, input: practice.Input{
		Movement: movementCode, Unit: at.code, Kind: kind, Subject: subject, Field: one.field.String(),
		Origin: ledger.OriginNew, Title: one.titled(at.name), Parts: one.parts(subject, told), Indicators: one.indicators(told), Means: one.means(told),
	}}
}

// story2024 is the reference case.
func (l *loader) story2024(ctx context.Context) error {
	if err := l.launch(ctx, Movement, "HK-2023", 2024); err != nil {
		return err
	}
	roles := l.castAll()
	if err := l.perform(ctx, roles); err != nil {
		return err
	}
	if err := l.second(ctx, roles); err != nil {
		return err
	}
	if err := l.spread(ctx, roles); err != nil {
		return err
	}
	if err := l.honours(ctx, roles); err != nil {
		return err
	}
	if err := l.fieldwork(ctx); err != nil {
		return err
	}
	return l.typing(ctx)
}

// castAll gives every entry of the story its unit, its people and its days.
func (l *loader) castAll() []role {
	var all []role
	counts := cast()
	home := 0
	order := append([]fate{recognised}, slices.DeleteFunc(slices.Sorted(maps.Keys(counts)), func(f fate) bool { return f == recognised })...)
	for _, f := range order {
		for k, n := range counts[f] {
			for range n {
				kind := ledger.SubjectKinds()[k]
				at := l.homes[home%len(l.homes)]
				if kind != ledger.Collective {
					at = l.homes[l.rnd.IntN(len(l.homes))]
				} else {
					home++
				}
				all = append(all, l.timed(l.role(Movement, f, kind, at, len(all)*7+k)))
			}
		}
	}
	l.continueEarlier(all)
	for i := range 36 { // they took up what others did; see spread
		adopting, source := &all[110+i], all[60+i%9]
		adopting.input.Origin, adopting.input.Field = ledger.OriginReplicated, source.input.Field
		adopting.input.Title = source.idea.titled(adopting.input.Subject)
	}
	l.partner(all)
	return all
}

// timed gives a role its days.
func (l *loader) timed(r role) role {
	r.input.On = day("2024-01-05") + clock.Date(l.rnd.IntN(140))
	if r.fate == waiting {
		r.input.On = day("2024-09-02") + clock.Date(l.rnd.IntN(25))
	}
	r.receivedOn = next(r.input.On, "2024-02-15", "2024-03-15", "2024-04-15", "2024-05-15", "2024-06-14")
	r.startedOn = next(r.receivedOn, "2024-03-01", "2024-04-02", "2024-05-02", "2024-06-01", "2024-07-01")
	r.foundOn = []clock.Date{day("2024-07-15"), day("2024-08-30"), day("2024-09-20")}[l.rnd.IntN(3)]
	return r
}

// next is the first of some days that comes after one.
func next(after clock.Date, days ...string) clock.Date {
	for _, s := range days {
		if d := day(s); d > after {
			return d
		}
	}
	return day(days[len(days)-1])
}

// continueEarlier makes 40 of the recognised ones go on from the year before: the same
// unit, the same people.
func (l *loader) continueEarlier(all []role) {
	for i := range 40 {
		old := l.earlier[i]
		in := &all[i].input
		in.Practice, in.Unit, in.Kind = old.entry.Practice, old.input.Unit, old.input.Kind
		in.Subject, in.Title, in.Field = old.input.Subject, old.input.Title, old.input.Field
		in.Parts, in.Indicators, in.Means = old.idea.parts(in.Subject, all[i].told), old.idea.indicators(all[i].told), old.idea.means(all[i].told)
		in.Origin = ledger.OriginContinued
		if i%5 == 4 {
			in.Origin = ledger.OriginUpgraded
		}
	}
}

// partner gives some collectives partner units: listed, never counted.
func (l *loader) partner(all []role) {
	for i := 5; i < 240; i += 16 {
		for _, p := range []string{CodeFront, CodeDistrict + ".PN"} {
			if all[i].input.Unit != p {
				all[i].input.Partners = append(all[i].input.Partners, p)
			}
		}
	}
}

// perform takes the entries through their steps, batch by batch.
func (l *loader) perform(ctx context.Context, roles []role) error {
	if err := l.register(ctx, roles); err != nil {
		return err
	}
	p := l.house.Practices
	batches := []struct {
		do     func(context.Context, []string, clock.Date) error
		on     func(role) clock.Date
		within func(fate) bool
	}{
		{l.doing(p.Receive, ""), func(r role) clock.Date { return r.receivedOn }, func(f fate) bool { return f >= received }},
		{l.doing(p.Return, "Đề nghị bổ sung mục tiêu và minh chứng kết quả."), func(r role) clock.Date { return r.receivedOn }, is(returned)},
		{l.doing(p.Refuse, "Nội dung là nhiệm vụ thường xuyên, chưa thành mô hình."), func(r role) clock.Date { return r.receivedOn }, is(refused)},
		{l.doing(p.Withdraw, "Đơn vị xin rút để chuẩn bị kỹ hơn."), func(r role) clock.Date { return r.receivedOn }, is(withdrawn)},
		{l.doing(p.Start, ""), func(r role) clock.Date { return r.startedOn }, func(f fate) bool { return f >= started }},
		{l.doing(p.StrikeOff, "Trùng với mô hình của đoàn thể cùng địa bàn."), func(role) clock.Date { return day("2024-07-10") }, is(struckOff)},
		{l.doing(p.Suspend, "Tạm dừng để sửa nhà sinh hoạt cộng đồng."), func(role) clock.Date { return day("2024-08-05") }, is(suspended)},
		{l.doing(p.End, "Đã hoàn thành mục tiêu, đơn vị chuyển sang việc khác."), func(role) clock.Date { return day("2024-08-20") }, is(ended)},
	}
	for _, b := range batches {
		if err := byDay(roles, b.within, b.on, func(on clock.Date, ids []string) error {
			l.step()
			return b.do(ctx, ids, on)
		}); err != nil {
			return err
		}
	}
	return l.find(ctx, roles)
}

func is(want fate) func(fate) bool { return func(f fate) bool { return f == want } }

func (l *loader) doing(verb stepVerb, reason string) func(context.Context, []string, clock.Date) error {
	return func(ctx context.Context, ids []string, on clock.Date) error {
		return verb(ctx, l.who, practice.Step{Entries: ids, On: on, Reason: reason})
	}
}

// stepVerb is a verb of the register that takes a step.
type stepVerb func(context.Context, actor.Actor, practice.Step) error

// byDay groups the entries of some fates by a day and hands on each group, in the order
// of the days.
func byDay(roles []role, within func(fate) bool, on func(role) clock.Date, do func(clock.Date, []string) error) error {
	groups := map[clock.Date][]string{}
	for _, r := range roles {
		if within(r.fate) {
			groups[on(r)] = append(groups[on(r)], r.entry.ID)
		}
	}
	for _, d := range slices.Sorted(maps.Keys(groups)) {
		if err := do(d, groups[d]); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) register(ctx context.Context, roles []role) error {
	for begin := 0; begin < len(roles); begin += 25 {
		part := roles[begin:min(begin+25, len(roles))]
		inputs := make([]practice.Input, len(part))
		for i, r := range part {
			inputs[i] = r.input
		}
		made, err := l.house.Practices.RegisterAll(ctx, l.who, inputs)
		if err != nil {
			return fmt.Errorf("register: %w", err)
		}
		for i := range part {
			part[i].entry = made[i]
		}
		l.step()
	}
	return nil
}

// find notes those behind the recognised entries as exemplars.
func (l *loader) find(ctx context.Context, roles []role) error {
	var inputs []practice.ExemplarInput
	for _, r := range roles {
		if r.fate == recognised {
			inputs = append(inputs, practice.ExemplarInput{
				Movement: r.input.Movement, On: r.foundOn, Exemplar: r.entry.Exemplar, Field: r.input.Field,
			})
		}
	}
	_, err := l.house.Practices.FindAll(ctx, l.who, inputs)
	l.step()
	return err
}

// second gives one group a second practice: two entries, one subject.
func (l *loader) second(ctx context.Context, roles []role) error {
	first := roles[100]
	r := l.role(Movement, started, ledger.Collective, place{first.input.Unit, first.input.Subject}, 3)
	r.input.On, r.input.Exemplar = day("2024-03-20"), first.entry.Exemplar
	e, err := l.house.Practices.Register(ctx, l.who, r.input)
	if err != nil {
		return err
	}
	if err := l.doing(l.house.Practices.Receive, "")(ctx, []string{e.ID}, day("2024-04-15")); err != nil {
		return err
	}
	return l.doing(l.house.Practices.Start, "")(ctx, []string{e.ID}, day("2024-05-02"))
}

// spread links 36 recognised entries to the practices that they took up, and one to a
// source outside.
func (l *loader) spread(ctx context.Context, roles []role) error {
	var links []replication.Input
	for i := range 36 {
		source, adopting := roles[60+i%9], roles[110+i]
		links = append(links, replication.Input{
			Source: source.entry.ID, AdoptingEntry: adopting.entry.ID, Mode: replication.Modes()[i%3],
			StartedOn: adopting.startedOn, Note: "Số liệu mẫu.",
		})
	}
	links = append(links, replication.Input{
		SourceText: "Tổ tự quản chợ đêm (mô hình ngoài hệ thống, số liệu mẫu)", SourcePlace: "Một quận của thành phố khác",
		AdoptingEntry: roles[150].entry.ID, Mode: replication.Adapted, StartedOn: roles[150].startedOn,
	})
	_, err := l.house.Replication.AdoptAll(ctx, l.who, links)
	l.step()
	return err
}

// honours are the decisions of the autumn: recognitions, those named typical, one taken
// back, praise and awards at the wrap-up, and two recognitions that came late.
func (l *loader) honours(ctx context.Context, roles []role) error {
	early := pick(roles, func(r role) bool { return r.fate == revoked })
	if err := l.recognise(ctx, early, "77-QĐ/QU", day("2024-06-20"), false); err != nil {
		return err
	}
	if err := l.takeBack(ctx, early[0]); err != nil {
		return err
	}
	winners := pick(roles, func(r role) bool { return r.fate == recognised })
	if err := l.recognise(ctx, winners, "125-QĐ/QU", day("2024-09-26"), true); err != nil {
		return err
	}
	if err := l.praiseAndAward(ctx, winners); err != nil {
		return err
	}
	late := pick(roles, func(r role) bool { return r.fate == recognisedLate })
	return l.recognise(ctx, late, "163-QĐ/QU", day("2024-11-20"), false)
}

func pick(roles []role, which func(role) bool) []role {
	return slices.DeleteFunc(slices.Clone(roles), func(r role) bool { return !which(r) })
}

func ids(roles []role) []string {
	all := make([]string, len(roles))
	for i, r := range roles {
		all[i] = r.entry.ID
	}
	return all
}

// recognise recognises entries by a decision of the district's Party committee; with
// typical, every seventh is named typical by minutes of the same day, and every fourth
// agrees to publication.
func (l *loader) recognise(ctx context.Context, roles []role, number string, on clock.Date, typical bool) error {
	d, err := l.decide(ctx, number, on, "Quyết định công nhận mô hình “Dân vận khéo” (số liệu mẫu)")
	if err != nil {
		return err
	}
	if err := l.papers(ctx, d, roles); err != nil {
		return err
	}
	if err := l.house.Practices.Recognise(ctx, l.who, d.ID, ids(roles)); err != nil {
		return fmt.Errorf("recognise by %s: %w", number, err)
	}
	l.step()
	if !typical {
		return nil
	}
	minutes, err := l.house.Movements.Decide(ctx, l.who, movement.DecisionInput{
		Paper: ledger.PaperMinutes, Number: "Biên bản họp " + on.String(), Authority: CodeBoard, Level: org.District,
		SignedOn: on, Title: "Biên bản bình chọn mô hình tiêu biểu (số liệu mẫu)",
	})
	if err != nil {
		return err
	}
	var best []role
	for i, r := range roles {
		if i%7 == 0 {
			best = append(best, r)
		}
		if i%4 == 0 {
			if err := l.house.Practices.Consent(ctx, l.who, r.entry.ID, practice.Agreement{
				Agreed: true, Named: i%8 == 0, Detail: i%8 == 0, Note: "Đồng ý đăng, theo phiếu đăng ký (số liệu mẫu).",
			}); err != nil {
				return err
			}
			if err := l.show(ctx, r, i); err != nil {
				return err
			}
		}
	}
	l.step()
	return l.house.Practices.NameTypical(ctx, l.who, minutes.ID, ids(best))
}

func (l *loader) decide(ctx context.Context, number string, on clock.Date, title string) (ledger.Decision, error) {
	return l.house.Movements.Decide(ctx, l.who, movement.DecisionInput{
		Paper: ledger.PaperDecision, Number: number, Authority: CodeCommittee, Level: org.District, SignedOn: on,
		Signer: "Người ký mẫu", Title: title,
	})
}

func (l *loader) takeBack(ctx context.Context, r role) error {
	e, err := l.house.Practices.Get(ctx, l.who, r.entry.ID)
	if err != nil {
		return err
	}
	act := e.Standing.InForce(ledger.Recognised, day("2024-08-01"))[0]
	return l.house.Practices.Revoke(ctx, l.who, e.ID, act.ID, practice.Step{
		On: day("2024-08-01"), Reason: "Kiểm tra cho thấy kết quả báo cáo chưa đúng thực tế (số liệu mẫu).",
	})
}

// praiseAndAward honours 21 collectives and 9 individuals on 16 October 2024.
func (l *loader) praiseAndAward(ctx context.Context, winners []role) error {
	d, err := l.decide(ctx, "141-QĐ/QU", day("2024-10-16"), "Quyết định biểu dương, khen thưởng tập thể, cá nhân điển hình “Dân vận khéo” năm 2024 (số hiệu mẫu)")
	if err != nil {
		return err
	}
	left := map[ledger.SubjectKind]int{ledger.Collective: 21, ledger.Individual: 9}
	var named []award.Recipient
	for i, r := range winners {
		if i%7 == 0 && left[r.input.Kind] > 0 {
			left[r.input.Kind]--
			named = append(named, award.Recipient{
				Exemplar: r.entry.Exemplar, Entry: r.entry.ID, Achievement: "Thành tích xuất sắc trong phong trào thi đua “Dân vận khéo” năm 2024",
			})
		}
	}
	for _, in := range []award.Input{
		{Kind: award.Praise, Movement: Movement, Decision: d.ID, Recipients: named},
		{Kind: award.Given, Movement: Movement, Decision: d.ID, Track: rulebook.Party, Form: "giayKhen", Recipients: named},
	} {
		if _, err := l.house.Awards.Give(ctx, l.who, in); err != nil {
			return err
		}
		l.step()
	}
	return nil
}
