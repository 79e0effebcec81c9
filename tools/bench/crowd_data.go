package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/press"
)

// crowdSize is how much the public site holds under a crowd.
type crowdSize struct{ articles, opinions int }

func (s settings) crowd() crowdSize {
	if s.small {
		return crowdSize{1000, 10_000}
	}
	return crowdSize{50_000, 500_000}
}

// loadCrowd puts articles and opinions beside the sample story, by the batch verbs.
func loadCrowd(ctx context.Context, h *app.House, size crowdSize) error {
	if err := sample.Load(ctx, h, func(int, int) {}); err != nil {
		return err
	}
	rnd := sample.Draw(15)
	var ids []string
	begin := time.Now() //nolint:forbidigo // this is a stopwatch
	for len(ids) < size.articles {
		some := make([]press.Brought, min(1000, size.articles-len(ids)))
		for i := range some {
			some[i] = crowdArticle(rnd, len(ids)+i)
		}
		made, err := h.Press.Bring(ctx, h.System(), some)
		if err != nil {
			return err
		}
		for _, a := range made {
			ids = append(ids, a.ID)
		}
	}
	for done := 0; done < size.opinions; {
		some := make([]press.BroughtOpinion, min(5000, size.opinions-done))
		for i := range some {
			some[i] = crowdOpinion(rnd, ids[(done+i)%len(ids)], done+i)
		}
		if err := h.Press.BringOpinions(ctx, h.System(), some); err != nil {
			return err
		}
		done += len(some)
	}
	fmt.Println("articles and opinions loaded in", time.Since(begin).Round(time.Second)) //nolint:forbidigo // this is a stopwatch
	return h.DB.Optimise(ctx)
}

// sentences are made up; they are about as long as those of a district's paper.
func sentences() []string {
	return []string{
		"Bà con trong ngõ họp từ đầu tuần để chọn việc làm trước, việc làm sau, ai góp công, ai góp của.",
		"Tổ trưởng tổ dân phố cho biết phần khó nhất không phải là tiền, mà là sắp xếp sao cho nhà nào cũng tham gia được.",
		"Sau ba tháng, đoạn đường trước kia hay ngập nay đã có rãnh thoát nước và hai hàng cây mới trồng.",
		"Sổ thu chi được dán ở nhà sinh hoạt cộng đồng, ai muốn xem lúc nào cũng được.",
		"Nhóm tự quản chia nhau mỗi tối hai người đi một vòng, nhắc nhau khóa cổng, tắt bếp, trông xe.",
		"Nhiều hộ lúc đầu còn e ngại, đến khi thấy việc chạy đều thì tự đến ghi tên.",
		"Cách làm này đã được hai phường bên cạnh đến xem và đưa về áp dụng có điều chỉnh.",
		"Việc còn lại là giữ cho nền nếp được lâu, không để vui lúc đầu rồi bỏ dở.",
	}
}

// crowdArticle is the nth article: some 4 KB of text, as the sample's stories have.
func crowdArticle(rnd *rand.Rand, n int) press.Brought {
	words := sentences()
	var body strings.Builder
	for p := range 8 {
		body.WriteString("<p>")
		for range 4 {
			body.WriteString(words[rnd.IntN(len(words))] + " ")
		}
		body.WriteString("</p>")
		if p == 3 {
			body.WriteString("<h2>Việc làm tiếp theo</h2>")
		}
	}
	all := press.Categories()
	return press.Brought{
		PublishedAt: time.Date(2024, 11, 1, 1, 0, 0, 0, time.UTC).Add(-time.Duration(n) * 37 * time.Minute),
		Input: press.Input{
			Unit: sample.CodeDistrict, Category: all[n%len(all)], Title: fmt.Sprintf("Chuyện cơ sở số %d: việc nhỏ ở tổ dân phố %d", n+1, n%97),
			Lead: words[n%len(words)], Body: body.String(), Author: "Tổ tin bài mẫu",
			Tags: []string{fmt.Sprintf("Tổ dân phố %d", n%97), fmt.Sprintf("Tháng %d", 1+n%12)},
		},
	}
}

// crowdOpinion is the nth opinion; every fifth has an answer.
func crowdOpinion(rnd *rand.Rand, article string, n int) press.BroughtOpinion {
	words := sentences()
	o := press.BroughtOpinion{
		Article: article, Name: fmt.Sprintf("Bạn đọc mẫu %d", n%5000), Text: words[rnd.IntN(len(words))],
		At: time.Date(2024, 11, 2, 1, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Second),
	}
	if n%5 == 0 {
		o.Answer = "Cảm ơn bạn. " + words[rnd.IntN(len(words))]
	}
	return o
}
