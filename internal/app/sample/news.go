package sample

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// newsroom is who is said to have written the sample's articles.
const newsroom = "Tổ thông tin (dữ liệu mẫu)"

// news publishes the wrap-up of the reference case, in words of our own, and stories of
// practices that may be shown; some readers rate them, and some say what they think.
func (l *loader) news(ctx context.Context) error {
	brought := append(wrapUp(), notices()...)
	brought[0].Links = []press.Link{{Kind: press.ToConference, ID: l.wrapUp2024}}
	brought[1].Links = []press.Link{{Kind: press.ToConference, ID: l.launch2024}}
	stories, err := l.stories(ctx, 20)
	if err != nil {
		return err
	}
	made, err := l.house.Press.Bring(ctx, l.who, append(brought, stories...))
	if err != nil {
		return fmt.Errorf("bring the news: %w", err)
	}
	for i, a := range made {
		for reader := range 3 + (i*7)%23 {
			device := fmt.Sprintf("sample-%d", reader)
			if err := l.house.Press.Rate(ctx, press.Vote{Article: a.ID, Device: device, Network: device, Score: 5 - l.rnd.IntN(10)/4%4}); err != nil {
				return fmt.Errorf("rate the news: %w", err)
			}
		}
	}
	l.step()
	if err := l.aside(ctx, made[len(made)-1].ID); err != nil {
		return err
	}
	if err := l.opinions(ctx, made[0].ID); err != nil {
		return err
	}
	return l.illustrate(ctx, made)
}

// at is an hour of a day in Việt Nam.
func at(day string, hour int) time.Time {
	return clock.MustDate(day).Midnight().Add(time.Duration(hour) * time.Hour)
}

// wrapUp tells the conference of the reference case. The figures are those that were
// published; the wording is this sample's.
func wrapUp() []press.Brought {
	return []press.Brought{{PublishedAt: at("2024-10-16", 15), Input: press.Input{
		Unit: CodeDistrict, Category: press.News, Title: "Hoàn Kiếm: chuyện hay của 240 tập thể, 157 cá nhân được kể tại hội nghị tổng kết “Dân vận khéo”",
		Lead: "Sáng 16/10/2024, Quận ủy Hoàn Kiếm tổng kết phong trào thi đua “Dân vận khéo”, nhân kỷ niệm 94 năm Ngày truyền thống công tác dân vận của Đảng, và biểu dương, khen thưởng 21 tập thể, 9 cá nhân.",
		Body: `<p>Từ đầu năm đến hết tháng 9/2024, phong trào ở quận Hoàn Kiếm đã phát hiện và nhân rộng <data value="HK-2024/2024-09-30/found/collective">240</data> tập thể và <data value="HK-2024/2024-09-30/found/individual">157</data> cá nhân tiên tiến.</p>
<h2>Những việc được nhắc nhiều</h2>
<ul><li>Vận động đăng ký hiến tặng mô, tạng để cứu người.</li><li>Giữ nghề, giữ phố nghề gắn với di tích trên địa bàn.</li><li>Bữa cơm nghĩa tình tại các cơ sở khám chữa bệnh, do người dân cùng góp sức.</li></ul>
<p>Báo cáo tại hội nghị cũng điểm lại kết quả chín tháng của quận trên các lĩnh vực kinh tế, văn hóa, y tế, quy hoạch đô thị, quốc phòng - an ninh, và việc khắc phục hậu quả bão số 3.</p>
<h2>Biểu dương, khen thưởng</h2>
<p>Quận ủy biểu dương, khen thưởng <data value="HK-2024/2024-10-16/awarded/collective">21</data> tập thể và <data value="HK-2024/2024-10-16/awarded/individual">9</data> cá nhân có thành tích xuất sắc.</p>`,
		Author: newsroom, SourceName: "Số liệu theo tin đã đăng trên báo chí về hội nghị ngày 16/10/2024", Event: "kỷ niệm 94 năm Ngày truyền thống công tác dân vận của Đảng",
		EventOn: day("2024-10-15"), Tags: []string{"Hội nghị tổng kết", "Dân vận khéo", "Khen thưởng"},
	}}}
}

// notices are short items of the year.
func notices() []press.Brought {
	var all []press.Brought
	for _, n := range []struct {
		day, title, lead, body string
		category               press.Category
		tags                   string
	}{
		{"2024-01-15", "Phát động phong trào thi đua “Dân vận khéo” năm 2024", "Các đơn vị bắt đầu đăng ký mô hình.", "Mỗi đơn vị chọn việc nhỏ, làm được, dân thấy được.", press.News, "Phát động"},
		{"2024-02-20", "Hướng dẫn điền phiếu đăng ký mô hình", "Chín phần của phiếu, mỗi phần vài dòng là đủ.", "Nêu rõ vì sao làm, làm cho ai, làm thế nào và lấy gì đo kết quả.", press.Guidance, "Hướng dẫn;Phiếu đăng ký"},
		{"2024-03-12", "Ngày thứ bảy của tổ dân phố", "Chổi, xô và tiếng cười ở nhiều ngõ phố.", "Các tổ dân phố hẹn nhau quét dọn, trồng thêm chậu hoa.", press.News, "Môi trường"},
		{"2024-04-05", "Danh mục mô hình được tiếp nhận đợt một", "Cơ quan thường trực công bố danh mục.", "Những mô hình cần bổ sung đã được trả lại kèm lý do cụ thể.", press.Guidance, "Danh mục"},
		{"2024-05-19", "Người giữ lửa phố nghề", "Một người thợ kể vì sao ông mở cửa cho khách xem.", "Khách hỏi nhiều thì nghề còn. Ông nói vậy rồi lại cúi xuống việc.", press.Person, "Phố nghề"},
		{"2024-06-15", "Sơ kết sáu tháng: việc nào đã chạy, việc nào còn nằm trên giấy", "Số liệu tính đến ngày 15/6.", "Đơn vị chưa có tin được nhắc, không phê bình, để cùng gỡ khó.", press.News, "Sơ kết"},
		{"2024-07-27", "Bữa cơm ở cổng bệnh viện", "Gạo của phố này, rau của chợ kia.", "Mỗi tuần ba buổi, người nấu thay nhau, sổ thu chi dán ngay cửa.", press.Person, "Bữa cơm nghĩa tình"},
		{"2024-08-14", "Đoàn kiểm tra xuống tổ dân phố", "Xem tận nơi, hỏi tận người.", "Điều ghi trong báo cáo được đối chiếu với điều người dân kể.", press.News, "Kiểm tra"},
		{"2024-09-10", "Sau bão số 3: nhà nào tốc mái, ngõ nào ngập, ai đến trước", "Các tổ tự quản ra đường từ sáng sớm.", "Cây đổ được dọn, hộ già yếu được hỏi thăm trong ngày.", press.News, "Bão số 3"},
		{"2024-10-17", "Danh sách tập thể, cá nhân được biểu dương, khen thưởng", "21 tập thể và 9 cá nhân.", "Danh sách đầy đủ nằm ở trang khen thưởng, theo quyết định.", press.Honour, "Khen thưởng"},
	} {
		all = append(all, press.Brought{PublishedAt: at(n.day, 9), Input: press.Input{
			Unit: CodeDistrict, Category: n.category, Title: n.title, Lead: n.lead, Body: "<p>(Dữ liệu mẫu) " + n.body + "</p>", Author: newsroom,
			Tags: strings.Split(n.tags, ";"),
		}})
	}
	return all
}

// stories tell of practices that are published.
func (l *loader) stories(ctx context.Context, most int) ([]press.Brought, error) {
	published, err := l.house.Practices.Published(ctx, practice.PublicQuery{Limit: most})
	if err != nil {
		return nil, err
	}
	var all []press.Brought
	for i, e := range published.Rows {
		entry, err := l.house.Practices.PublishedEntry(ctx, e.Code)
		if err != nil {
			return nil, err
		}
		all = append(all, press.Brought{PublishedAt: at("2024-10-18", 8).AddDate(0, 0, i), Input: story(entry, l.codeOf(e.Unit))})
	}
	return all, nil
}

func story(entry practice.Entry, unit string) press.Input {
	return press.Input{
		Unit: unit, Category: press.Model, Title: "Chuyện từ cơ sở: " + entry.Title, Lead: cmp.Or(entry.Subject, "Người trong cuộc") + " kể lại cách làm để các nơi tham khảo, vận dụng.",
		Body: "<h2>Vì sao làm</h2><p>" + entry.Parts.Rationale + "</p><h2>Cách làm</h2><p>" + entry.Parts.Approach + "</p><h2>Kết quả</h2><p>" +
			entry.Parts.Outputs + "</p><h2>Điều kiện nhân rộng</h2><p>" + entry.Parts.Sustainability + "</p>",
		Author: newsroom, Tags: []string{"Cách làm hay", strings.Split(entry.Title, " – ")[0]}, Links: []press.Link{{Kind: press.ToPractice, ID: entry.ID}},
	}
}

// codeOf is the code of a unit by its identity.
func (l *loader) codeOf(unit string) string {
	for code, id := range l.unitID {
		if id == unit {
			return code
		}
	}
	return CodeDistrict
}
