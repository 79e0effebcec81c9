package conference

import (
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Moment is a day with the hour at which something begins there, as papers write it: "8 giờ
// 00, ngày 16/10/2024"; the day alone where no hour is known.
func Moment(lang i18n.Lang, on clock.Date, begins string) string {
	hour, minute, known := strings.Cut(begins, ":")
	if !known {
		return lang.Date(on)
	}
	if len(hour) == 2 {
		hour = strings.TrimPrefix(hour, "0")
	}
	return lang.T(i18n.ConferenceMoment, hour, minute, on)
}
