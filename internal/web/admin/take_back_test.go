package admin_test

import (
	"net/http"
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

func TestAnAwardIsRevokedAndVoided(t *testing.T) {
	each(t, func(s *site) {
		e := s.started("HK.A.1", "Nuôi tôm lúa")
		ctx, by := t.Context(), s.house.System()
		d := s.decision("15/QĐ-UBND")
		given, err := s.house.Awards.Give(ctx, by, award.Input{
			Kind: award.Given, Movement: "HK-2024", Decision: d.ID, Track: rulebook.State, Form: "giayKhen",
			Recipients: []award.Recipient{{Exemplar: e.Exemplar, Entry: e.ID, Achievement: "Làm tốt"}},
		})
		s.must(err)
		at, page, person := "/admin/awards/"+given[0].ID, "/admin/decisions/"+d.ID, "/admin/exemplars/"+e.Exemplar
		who := s.as("canbo")
		for _, where := range []string{page, person} {
			if all := who.get(where).addresses(at + "/[a-z-]*"); len(all) != 2 {
				t.Errorf("%s offers %v", where, all)
			}
		}
		s.as("phuong").get(at + "/void").wants(http.StatusForbidden)
		form := who.get(at+"/revoke").wants(http.StatusOK).has(e.Subject, "Giấy khen của Chủ tịch", "15/QĐ-UBND", "Làm tốt").form()
		form.Set("reason", "Khai sai")
		who.postForm(at+"/revoke", form).wants(http.StatusSeeOther)
		for _, where := range []string{page, person} {
			if all := who.get(where).addresses(at + "/[a-z-]*"); len(all) != 1 || all[0] != at+"/void-revocation" {
				t.Errorf("%s of a revoked award offers %v", where, all)
			}
		}
		for _, path := range []string{"/void-revocation", "/void"} {
			form = who.get(at+path).wants(http.StatusOK).has(e.Subject, "15/QĐ-UBND").form()
			who.postForm(at+path, form).wants(http.StatusUnprocessableEntity)
			form.Set("reason", "Ghi nhầm")
			who.postForm(at+path, form).wants(http.StatusSeeOther)
		}
		if all := who.get(page).has("Đã gạch bỏ do ghi nhầm").addresses(at + "/[a-z-]*"); len(all) != 0 {
			t.Errorf("of a voided award there is offered %v", all)
		}
	})
}

func TestAFindingIsVoided(t *testing.T) {
	each(t, func(s *site) {
		x, err := s.house.Practices.Find(t.Context(), s.house.System(), practice.ExemplarInput{
			Movement: "HK-2024", On: clock.MustDate("2024-05-01"), Name: "Bà Mẫu", Kind: ledger.Individual, Unit: "HK.A.1", Field: "economy",
		})
		s.must(err)
		page, who := "/admin/exemplars/"+x.ID, s.as("canbo")
		void := who.get(page).has("Bà Mẫu").address(page + "/void/[^\"]*")
		s.as("phuong").get(void).wants(http.StatusForbidden)
		form := who.get(void).wants(http.StatusOK).has("Bà Mẫu", "1/5/2024").form()
		form.Set("reason", "Ghi nhầm người")
		who.postForm(void, form).wants(http.StatusSeeOther)
		if all := who.get(page).has("Ghi nhầm người").addresses(page + "/void/[^\"]*"); len(all) != 0 {
			t.Errorf("offered again: %v", all)
		}
		who.get(void).wants(http.StatusNotFound)
	})
}

func TestAnAdoptionIsVoided(t *testing.T) {
	each(t, func(s *site) {
		source, e := s.entry("HK.B.1", "Ngõ sạch nhà đẹp"), s.entry("HK.A.1", "Làm theo")
		for _, in := range []replication.Input{{Source: source.Code}, {SourceText: "Mô hình tỉnh bạn"}} {
			in.AdoptingEntry, in.Mode, in.StartedOn = e.ID, replication.Exact, clock.MustDate("2024-06-01")
			_, err := s.house.Replication.Adopt(t.Context(), s.house.System(), in)
			s.must(err)
		}
		page, who := "/admin/entries/"+e.Code, s.as("canbo")
		s.as("phuong").get(page).has("Mô hình tỉnh bạn").lacks("void-adoption")
		if all := who.get("/admin/entries/" + source.Code).addresses(page + "/void-adoption/[^\"]*"); len(all) != 1 {
			t.Errorf("at its source there is offered %v", all)
		}
		all := who.get(page).addresses(page + "/void-adoption/[^\"]*")
		for i, name := range []string{"Ngõ sạch nhà đẹp", "Mô hình tỉnh bạn"} {
			form := who.get(all[i]).wants(http.StatusOK).has(name).form()
			form.Set("reason", "Ghi nhầm")
			who.postForm(all[i], form).wants(http.StatusSeeOther)
			who.get(page).lacks(name)
			who.get(all[i]).wants(http.StatusNotFound)
		}
	})
}
