package admin_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
)

func TestAFormOfAwardHasItsName(t *testing.T) {
	each(t, func(s *site) {
		e := s.entry("HK.A.1", "Bữa cơm nghĩa tình")
		_, err := s.house.Awards.Give(t.Context(), s.house.System(), award.Input{
			Kind: award.Given, Movement: "HK-2024", Decision: s.decision("20/QĐ").ID, Track: rulebook.Party, Form: "giayKhen",
			Recipients: []award.Recipient{{Exemplar: e.Exemplar, Field: "economy"}},
		})
		s.must(err)
		who := s.as("canbo")
		who.get("/admin/figures?movement=HK-2024&asOf=2024-09-30").has("Giấy khen Cấp huyện 1")
		who.get("/admin/figures?movement=HK-2024&asOf=2024-09-30").has("30/9/2023").lacks("1/10/2023") // though 2024 has a day more
		who.get("/admin/exemplars/" + e.Exemplar).has("Giấy khen của cấp ủy cấp huyện").lacks("cấp xã")
		who.get("/admin/decisions/"+s.decision("21/QĐ").ID+"/give").has("Giấy khen của cấp ủy cấp huyện (căn cứ pháp lý chưa được kiểm chứng)",
			"Giấy khen của Chủ tịch Ủy ban nhân dân cấp huyện")
	})
}

func TestTheListBehindAFigureKeepsItsUnit(t *testing.T) {
	each(t, func(s *site) {
		s.entry("HK.A.1", "Bữa cơm nghĩa tình")
		who := s.as("canbo")
		who.get("/admin/figures/registered?movement=HK-2024&asOf=2024-09-30&unit=HK.A").
			has("Phường Hàng Buồm", `name="unit" value="HK.A"`, "unit=HK.A")
		who.get("/admin/figures/registered?movement=HK-2024&asOf=2023-06-30").lacks("Bữa cơm nghĩa tình")
	})
}
