package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// idea is a kind of practice; the texts of an entry are made from it.
type idea struct {
	field ledger.Field
	title string
	does  string // what is done
	whom  string // for whom
	gives string // what comes of it; %d is a number
}

// ideas are kinds of practices as such movements have them. The first three are those
// that the reports of the reference case name; what an entry says of numbers is made up.
func ideas() []idea {
	e, c, d, p := ledger.Economy, ledger.CultureSociety, ledger.DefenceSecurity, ledger.PoliticalSystem
	return []idea{
		{c, "Vận động đăng ký hiến tặng mô, tạng cứu người", "tuyên truyền tại từng ngõ, tổ chức ngày đăng ký hiến tặng, lập nhóm tư vấn cùng cán bộ y tế", "người dân từ đủ 18 tuổi trên địa bàn", "%d người đăng ký hiến tặng"},
		{e, "Phố nghề gắn với di tích", "cùng các hộ nghề chỉnh trang biển hiệu, mở giờ trình diễn nghề bên di tích, lập tổ tự quản giữ nền nếp kinh doanh", "các hộ sản xuất, kinh doanh trên tuyến phố", "%d hộ tham gia tuyến phố nghề"},
		{c, "Bữa cơm nghĩa tình tại cơ sở khám chữa bệnh", "góp gạo, góp công nấu và phát suất ăn miễn phí theo lịch, công khai thu chi hằng tuần", "người bệnh có hoàn cảnh khó khăn và người nhà", "%d suất ăn được trao"},
		{c, "Ngõ phố xanh - sạch - đẹp", "chia đoạn tự quản, trồng cây, vẽ tường, ra quân tổng vệ sinh sáng thứ bảy", "các hộ dân trong ngõ", "%d hộ cam kết giữ sạch đoạn ngõ"},
		{d, "Camera an ninh tổ dân phố", "vận động hộ dân góp kinh phí lắp camera, nối tín hiệu về trực ban, phân công tổ tự quản theo dõi", "toàn bộ hộ dân tổ dân phố", "%d mắt camera hoạt động"},
		{d, "Tổ liên gia an toàn phòng cháy, chữa cháy", "lập tổ liên gia, trang bị bình chữa cháy và chuông báo, diễn tập thoát nạn mỗi quý", "các hộ ở liền kề, nhà ống vừa ở vừa kinh doanh", "%d hộ có lối thoát nạn thứ hai"},
		{p, "Bộ phận một cửa thân thiện", "cử người hướng dẫn nộp hồ sơ trực tuyến, xin lỗi khi trễ hẹn, khảo sát mức độ hài lòng hằng tháng", "người dân đến làm thủ tục", "%d lượt người được hướng dẫn"},
		{p, "Chi bộ lắng nghe nhân dân", "mỗi tháng một buổi tiếp xúc tại nhà sinh hoạt cộng đồng, ghi ý kiến, trả lời có thời hạn", "đảng viên và nhân dân nơi cư trú", "%d ý kiến được trả lời"},
		{e, "Hỗ trợ nhau phát triển kinh tế hộ", "góp vốn quay vòng không lãi, chỉ nhau cách bán hàng trên mạng, bảo lãnh vay vốn chính sách", "hội viên còn khó khăn về vốn", "%d hộ được hỗ trợ vốn"},
		{e, "Chợ văn minh, nói không với thực phẩm không rõ nguồn gốc", "ký cam kết từng quầy hàng, kiểm tra chéo, công khai đường dây phản ánh", "tiểu thương và người đi chợ", "%d quầy hàng cam kết"},
		{c, "Lớp học bơi miễn phí phòng chống đuối nước", "mượn bể bơi, mời giáo viên tình nguyện, mở lớp hè cho trẻ em", "trẻ em từ 6 đến 15 tuổi", "%d em biết bơi an toàn"},
		{c, "Tủ sách cộng đồng", "quyên góp sách, đặt tủ ở nhà sinh hoạt, mỗi tuần một buổi đọc cùng nhau", "thiếu nhi và người cao tuổi", "%d đầu sách luân chuyển"},
		{c, "Phân loại rác tại nguồn, đổi rác lấy quà xanh", "hướng dẫn phân loại tại nhà, ngày hội đổi rác hằng tháng, gây quỹ giúp học sinh khó khăn", "các hộ dân và trường học", "%d hộ phân loại rác thường xuyên"},
		{d, "Tiếng loa bình yên", "phát bản tin an ninh ngắn, hướng dẫn nhận biết lừa đảo qua điện thoại, tiếp nhận tin báo của dân", "nhân dân trên địa bàn, nhất là người cao tuổi", "%d buổi phát và hướng dẫn"},
		{p, "Cán bộ gương mẫu đi từng ngõ, gõ từng nhà", "phân công cán bộ phụ trách nhóm hộ, gặp gỡ định kỳ, cập nhật sổ theo dõi việc của dân", "các nhóm hộ được phân công", "%d hộ được gặp gỡ trực tiếp"},
		{c, "Chăm sóc người cao tuổi neo đơn", "lập danh sách, phân công người thăm hỏi mỗi tuần, khám sức khỏe tại nhà", "người cao tuổi sống một mình", "%d cụ được thăm hỏi thường xuyên"},
		{d, "Cựu chiến binh tự quản trật tự lòng đường, hè phố", "tổ trực giờ cao điểm, nhắc nhở văn minh, phối hợp xử lý khi tái lấn chiếm", "hộ kinh doanh mặt phố", "%d buổi trực trong kỳ"},
		{p, "Vận động giải phóng mặt bằng bằng đối thoại", "công khai phương án, đối thoại từng hộ, mời người có uy tín cùng vận động", "các hộ thuộc diện giải tỏa", "%d hộ đồng thuận bàn giao"},
		{c, "Khắc phục hậu quả bão số 3", "ra quân dọn cây đổ, giúp hộ tốc mái, quyên góp nhu yếu phẩm", "các hộ bị thiệt hại", "%d ngày công được góp"},
		{e, "Phụ nữ khởi nghiệp từ nghề truyền thống", "dạy nghề tại nhà nghệ nhân, kết nối nơi tiêu thụ, dựng gian hàng chung trên mạng", "hội viên phụ nữ muốn lập nghiệp", "%d chị có việc làm ổn định"},
	}
}

// numbers are those that the texts and the measures of an entry tell; all are made up.
type numbers struct{ results, million, days int }

func tell(rnd *rand.Rand) numbers {
	return numbers{results: 20 + rnd.IntN(400), million: 5 + rnd.IntN(60), days: 20 + rnd.IntN(200)}
}

// indicators measures what the texts of an idea tell; some entries have none, as in life.
func (i idea) indicators(n numbers) []practice.Indicator {
	if n.results%4 == 0 {
		return nil
	}
	what := strings.TrimPrefix(i.gives, "%d ")
	unit, _, _ := strings.Cut(what, " ")
	first, size := utf8.DecodeRuneInString(what)
	all := []practice.Indicator{{
		Name: string(unicode.ToUpper(first)) + what[size:], Unit: unit, Baseline: viet.Whole(int64(n.results / 5)), Target: viet.Whole(int64(n.results)),
		Actual: viet.Whole(int64(n.results)), Source: "Sổ theo dõi của đơn vị (số liệu mẫu)", Beneficiary: practice.People,
	}}
	if n.results%3 == 0 {
		return all
	}
	return append(all, practice.Indicator{
		Name: "Người được hỏi bày tỏ hài lòng", Unit: "%", Baseline: viet.Tenths(int64(605 + n.days)), Target: viet.Whole(90), Actual: viet.Tenths(int64(912 + n.million)),
		Source: "Phiếu hỏi ý kiến cuối kỳ (số liệu mẫu)",
	})
}

// means are what the texts say that was given.
func (i idea) means(n numbers) []practice.Resource {
	if n.results%4 == 0 {
		return nil
	}
	return []practice.Resource{
		{Kind: practice.Money, Amount: viet.Whole(int64(n.million) * 1_000_000), Funding: practice.Socialised},
		{Kind: practice.Work, Amount: viet.Whole(int64(n.days)), Funding: practice.Socialised},
	}
}

// parts writes the texts of the form for an idea.
func (i idea) parts(subject string, n numbers) practice.Parts {
	result := fmt.Sprintf(i.gives, n.results)
	return practice.Parts{
		Rationale: fmt.Sprintf("(Dữ liệu mẫu) Qua khảo sát đầu năm, %s nhận thấy việc này còn khó khăn, nhân dân nhiều lần kiến nghị. "+
			"Nếu chỉ làm theo kế hoạch hành chính thì khó bền; cần bàn với dân, để dân cùng làm và cùng giám sát.", subject),
		Goals:          fmt.Sprintf("Phấn đấu đạt: %s; ít nhất 90%% đối tượng được hỏi bày tỏ hài lòng; không phát sinh đơn thư.", result),
		Approach:       fmt.Sprintf("Họp dân lấy ý kiến; phân công từng đảng viên, đoàn viên phụ trách; tiến hành: %s. Kết quả được thông báo công khai tại nhà sinh hoạt cộng đồng.", i.does),
		Area:           "Đối tượng: " + i.whom + ".",
		Forces:         fmt.Sprintf("%s chủ trì; chi bộ lãnh đạo; các đoàn thể và nhân dân tham gia.", subject),
		Resources:      fmt.Sprintf("Thực hiện trong năm; kinh phí xã hội hóa khoảng %d triệu đồng và %d ngày công.", n.million, n.days),
		Outputs:        "Kết quả ban đầu: " + result + ".",
		Sustainability: "Đã có quy ước, người phụ trách và nguồn duy trì; có thể làm theo ở nơi có điều kiện tương tự.",
	}
}

// titled is the name of an entry: the idea, at its place.
func (i idea) titled(place string) string { return i.title + " – " + place }

// person is a made-up name that shows that it is made up.
func person(n int) string {
	family := strings.Fields("Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô")
	middle := []string{"Văn", "Thị"}
	return fmt.Sprintf("%s %s Mẫu %03d", family[n%len(family)], middle[n%2], n)
}
