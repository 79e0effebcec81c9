package sample

import (
	"context"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/press"
)

// voice is an opinion of a made-up reader, and what became of it.
type voice struct {
	name, text string
	wanted     bool
	answer     string        // of the unit
	passed     bool          // and not answered
	refused    press.Refusal // "" is not
	note       string        // to the writer of a refused one
	reported   bool          // by a reader
}

// voices are what readers of the wrap-up say: some wait, some are passed, one is answered,
// one was refused and one was reported.
func voices() []voice {
	return []voice{
		{
			name: "Nguyễn Thị Ví Dụ", text: "Tổ tôi cũng muốn làm như vậy. Xin hỏi bước đầu nên họp dân hay nên làm thử một ngõ trước?", wanted: true,
			answer: "Cảm ơn chị. Nên họp dân để chọn việc, rồi làm thử một ngõ trong một tháng. Phiếu đăng ký có ở mục Hướng dẫn.",
		},
		{name: "Trần Văn Thí Dụ", text: "Số liệu ghi rõ tính đến ngày nào như thế này dễ theo dõi.", passed: true},
		{name: "Bạn đọc giả định", text: "Ngõ nhà tôi đã bớt rác hẳn từ khi có tổ tự quản.", passed: true},
		{name: "Người đọc mẫu", text: "Bài này chẳng nói gì đến ngõ của tôi, viết lại đi!", passed: true, reported: true},
		{name: "Cửa hàng tưởng tượng", text: "Nhận in ấn, quảng cáo giá rẻ, gọi là có.", refused: press.RefusedAdvert, note: "Trang này không đăng quảng cáo."},
		{name: "Lê Thị Minh Họa", text: "Mong có thêm bài về cách giữ cho việc làm được lâu dài.", wanted: true},
		{name: "Phạm Văn Giả Định", text: "Xin hỏi người cao tuổi sống một mình thì đăng ký tham gia ở đâu?", wanted: true},
	}
}

// opinions lets readers say something of an article, and a moderator decide.
func (l *loader) opinions(ctx context.Context, article string) error {
	for i, v := range voices() {
		if err := l.say(ctx, article, fmt.Sprintf("sample-%d", i), v); err != nil {
			return fmt.Errorf("the opinion of %s: %w", v.name, err)
		}
	}
	return nil
}

func (l *loader) say(ctx context.Context, article, network string, v voice) error {
	desk := l.house.Press
	code, err := desk.Say(ctx, press.OpinionInput{Article: article, Name: v.name, Text: v.text, Wanted: v.wanted, Network: network})
	if err != nil {
		return err
	}
	said, err := desk.Receipt(ctx, code)
	if err != nil {
		return err
	}
	decision := press.OpinionDecision{IDs: []string{said.ID}, Seen: press.OpinionWaiting, Reason: v.refused, Text: v.note}
	switch {
	case v.answer != "":
		return desk.AnswerOpinion(ctx, l.who, said.ID, press.OpinionWaiting, v.answer)
	case v.refused != "":
		return desk.RefuseOpinions(ctx, l.who, decision)
	case v.passed:
		err = desk.PassOpinions(ctx, l.who, decision)
	}
	if err == nil && v.reported {
		err = desk.ReportOpinion(ctx, press.Report{Article: article, Opinion: said.ID, Device: press.DeviceOf("sample"), Network: "sample"})
	}
	return err
}

// aside rates an article as a robot and a crowd of one network would: what is beyond the
// bound waits for a moderator.
func (l *loader) aside(ctx context.Context, article string) error {
	for i := range 26 {
		v := press.Vote{Article: article, Device: fmt.Sprintf("sample-crowd-%d", i), Network: "sample-crowd", Score: 5, Robot: i == 0}
		if err := l.house.Press.Rate(ctx, v); err != nil {
			return fmt.Errorf("rate as a crowd: %w", err)
		}
	}
	return nil
}
