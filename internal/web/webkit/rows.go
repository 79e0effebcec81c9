package webkit

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// RowNo is the field in which a row of a form says where it is to stand: "no0", "no1" ….
const RowNo = "no"

// OrderRows puts the rows of a form in the order that their numbers say, without those in
// which nothing stands, numbers them anew, and tells how many there are. The fields of a
// row are called by the names with the row's number behind: "what0", "what1" …. A row
// without a number comes last; no row beyond the most is looked at.
func OrderRows(values url.Values, most int, names ...string) int {
	type line struct {
		place int
		texts []string
	}
	var lines []line
	for i := range most {
		n := strconv.Itoa(i)
		place, err := strconv.Atoi(strings.TrimSpace(values.Get(RowNo + n)))
		if values.Del(RowNo + n); err != nil {
			place = most
		}
		one, empty := line{place: place, texts: make([]string, len(names))}, true
		for j, name := range names {
			one.texts[j] = values.Get(name + n)
			empty = empty && strings.TrimSpace(one.texts[j]) == ""
			values.Del(name + n)
		}
		if !empty {
			lines = append(lines, one)
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.place, b.place) })
	for i, one := range lines {
		n := strconv.Itoa(i)
		values.Set(RowNo+n, strconv.Itoa(i+1))
		for j, name := range names {
			values.Set(name+n, one.texts[j])
		}
	}
	return len(lines)
}
