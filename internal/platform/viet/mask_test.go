package viet_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

func TestNamesAreBlottedOut(t *testing.T) {
	for _, c := range []struct{ subject, text, want string }{
		{"Nguyễn Thị Mẫu", "Cháo của bà Nguyễn Thị Mẫu", "Cháo của bà […]"},
		{"Bà Nguyễn Thị Mẫu", "NGUYỄN THỊ MẪU nấu cháo", "[…] nấu cháo"},
		{"Nguyễn Thị Hòa", "Lớp của cô Nguyễn Thị Hoà, tổ 5", "Lớp của cô […], tổ 5"},
		{"Nguyễn Thị Hòa", "lop cua co nguyen thi hoa", "lop cua co […]"},
		{"Nguyễn Văn An, Bí thư chi bộ thôn 3", "Đường hoa ông Nguyễn Văn An", "Đường hoa ông […]"},
		{"Hộ ông Nguyễn Văn An và bà Trần Thị Bình", "Trần Thị Bình cùng Nguyễn Văn An", "[…] cùng […]"},
		{"Nghệ nhân Lê Thị Mẫu (tổ 5)", "Dạy nghề: Lê Thị Mẫu", "Dạy nghề: […]"},
		{"Bác sĩ Trần Mẫu", "Phòng khám Trần Mẫu – Trần Mẫu", "Phòng khám […] – […]"},
		{"Hồ Văn Mẫu", "Hồ Văn Mẫu nhận thấy", "[…] nhận thấy"},
		{"Hộ bà Võ Thị Mẫu", "VO THI MAU, tổ 5", "[…], tổ 5"},
		{"Đồng Văn Mẫu và Đinh Thị Mẫu", "Đinh Thị Mẫu cùng Đồng Văn Mẫu", "[…] cùng […]"},
		{"Hộ ông Tạ Mẫu", "Vườn của hộ ông Tạ Mẫu", "Vườn của hộ ông […]"},
		{"Nguyễn Thị Mẫu", "Mẫu giáo phố Nguyễn Thị Định", "Mẫu giáo phố Nguyễn Thị Định"},
		{"", "Không có tên nào", "Không có tên nào"},
		{"Mẫu", "chị Mẫu ở phường mẫu", "chị […] ở phường […]"},
	} {
		if got := viet.Masking(c.subject)(c.text); got != c.want {
			t.Errorf("%q in %q gives %q, want %q", c.subject, c.text, got, c.want)
		}
	}
}
