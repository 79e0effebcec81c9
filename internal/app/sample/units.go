package sample

import (
	"context"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// ward is one of the 18 wards that Hoàn Kiếm district had until 30 June 2025.
type ward struct{ code, name string }

func wards() []ward {
	return []ward{
		{"CDO", "Cửa Đông"},
		{"CN", "Cửa Nam"},
		{"CD", "Chương Dương"},
		{"DX", "Đồng Xuân"},
		{"HBA", "Hàng Bạc"},
		{"HBI", "Hàng Bài"},
		{"HBO", "Hàng Bồ"},
		{"HBG", "Hàng Bông"},
		{"HBU", "Hàng Buồm"},
		{"HD", "Hàng Đào"},
		{"HG", "Hàng Gai"},
		{"HM", "Hàng Mã"},
		{"HT", "Hàng Trống"},
		{"LTT", "Lý Thái Tổ"},
		{"PCT", "Phan Chu Trinh"},
		{"PT", "Phúc Tân"},
		{"THD", "Trần Hưng Đạo"},
		{"TT", "Tràng Tiền"},
	}
}

// The units that the story speaks of by their codes.
const (
	CodeCity      = "HN"
	CodeDistrict  = "HN.HK"
	CodeCommittee = "HN.HK.QU"   // the district's Party committee
	CodeBoard     = "HN.HK.BDV"  // its board for mass mobilisation: the standing body
	CodeFront     = "HN.HK.MTTQ" // the Fatherland Front
	CodeWard      = "HN.HK.HBU"  // the ward whose reporter has a login
)

// before is a day on which every unit of the sample was in being.
func before() clock.Date { return clock.MustDate("2010-01-01") }

// plan is a unit that is to be made under others by their codes.
type plan struct {
	code, name string
	kind       org.Kind
	level      org.Level
	counts     string // code of the parent that counts it
	party      string // code of its parent in the Party tree
	sector     string // code of its parent in its sector
}

func top() []plan {
	d := CodeDistrict
	return []plan{
		{code: CodeCity, name: "Thành phố Hà Nội", kind: "province", level: org.Province},
		{code: d, name: "Quận Hoàn Kiếm", kind: "district", level: org.District, counts: CodeCity},
		{code: CodeCommittee, name: "Quận ủy Hoàn Kiếm", kind: "party", level: org.District, counts: d},
		{code: CodeBoard, name: "Ban Dân vận Quận ủy Hoàn Kiếm", kind: "party", level: org.District, counts: d, party: CodeCommittee},
		{code: CodeFront, name: "Ủy ban Mặt trận Tổ quốc Việt Nam quận Hoàn Kiếm", kind: "front", level: org.District, counts: d},
		{code: d + ".CA", name: "Công an quận Hoàn Kiếm", kind: "police", level: org.District, counts: d, party: CodeCommittee},
		{code: d + ".GD", name: "Phòng Giáo dục và Đào tạo quận Hoàn Kiếm", kind: "agency", level: org.District, counts: d},
		{code: d + ".LDLD", name: "Liên đoàn Lao động quận Hoàn Kiếm", kind: "union", counts: d},
		{code: d + ".PN", name: "Hội Liên hiệp Phụ nữ quận Hoàn Kiếm", kind: "union", counts: d},
		{code: d + ".TN", name: "Quận đoàn Hoàn Kiếm", kind: "union", counts: d},
		{code: d + ".BV1", name: "Bệnh viện Đa khoa mẫu số 1", kind: "hospital", counts: d, party: CodeCommittee},
		{code: d + ".BV2", name: "Bệnh viện Chuyên khoa mẫu số 2", kind: "hospital", counts: d, party: CodeCommittee},
		{code: d + ".BV3", name: "Trung tâm Y tế mẫu số 3", kind: "hospital", counts: d, party: CodeCommittee},
	}
}

// groupsPerWard is how many residential groups each ward has in the sample.
const groupsPerWard = 8

// below lists the sample units of one ward. Their numbers are made up.
func below(w ward) []plan {
	code, name := CodeDistrict+"."+w.code, "phường "+w.name
	all := []plan{{code: code, name: "Phường " + w.name, kind: "commune", level: org.Commune, counts: CodeDistrict}}
	add := func(suffix, title string, kind org.Kind, party, sector string) {
		all = append(all, plan{code: code + "." + suffix, name: title + " " + name, kind: kind, counts: code, party: party, sector: sector})
	}
	add("DU", "Đảng ủy", "party", CodeCommittee, "")
	for i := 1; i <= groupsPerWard; i++ {
		add(fmt.Sprintf("TDP%d", i), fmt.Sprintf("Tổ dân phố số %d", i), "neighbourhoodGroup", "", "")
	}
	add("CB1", "Chi bộ số 1", "party", code+".DU", "")
	add("CB2", "Chi bộ số 2", "party", code+".DU", "")
	add("CA", "Công an", "police", code+".DU", CodeDistrict+".CA")
	add("TH", "Trường Tiểu học mẫu", "school", code+".DU", CodeDistrict+".GD")
	add("YT", "Trạm Y tế", "hospital", code+".DU", "")
	add("PN", "Hội Liên hiệp Phụ nữ", "union", "", CodeDistrict+".PN")
	add("TN", "Đoàn Thanh niên", "union", "", CodeDistrict+".TN")
	add("CCB", "Hội Cựu chiến binh", "union", "", "")
	return all
}

// units makes the tree, from above to below.
func (l *loader) units(ctx context.Context) error {
	if err := l.unitBatch(ctx, top()[:1]); err != nil {
		return err
	}
	for _, p := range top()[1:] {
		if err := l.unitBatch(ctx, []plan{p}); err != nil {
			return err
		}
	}
	for _, w := range wards() {
		for _, batch := range layers(below(w)) {
			if err := l.unitBatch(ctx, batch); err != nil {
				return err
			}
		}
		l.step()
	}
	return nil
}

// layers parts a list into units that others of it hang under, and the others.
func layers(all []plan) [][]plan { return [][]plan{all[:1], all[1:2], all[2:]} }

func (l *loader) unitBatch(ctx context.Context, plans []plan) error {
	in := make([]org.Input, len(plans))
	for i, p := range plans {
		in[i] = org.Input{Code: p.code, Name: p.name, Kind: p.kind, Level: p.level, From: before()}
		for _, up := range []struct {
			code   string
			tree   org.TreeKind
			counts bool
		}{{p.counts, org.State, true}, {p.party, org.Party, false}, {p.sector, org.Sector, false}} {
			if up.code != "" {
				in[i].Parents = append(in[i].Parents, org.ParentInput{Unit: l.unitID[up.code], Tree: up.tree, Counts: up.counts})
			}
		}
	}
	made, err := l.house.Org.CreateAll(ctx, l.who, in)
	if err != nil {
		return fmt.Errorf("make the units: %w", err)
	}
	for _, u := range made {
		l.unitID[u.Code] = u.ID
	}
	return nil
}
