package press_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// library brings articles whose words come as words do: some in every second text, most in
// few.
func library(b *testing.B, s apptest.Small, n int) []press.Article {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2)) // the same each time
	zipf := rand.NewZipf(random, 1.1, 4, 4000)
	line := func(words int) string {
		all := make([]string, words)
		for i := range all {
			all[i] = fmt.Sprintf("t%dx", zipf.Uint64())
		}
		return strings.Join(all, " ")
	}
	var all []press.Article
	for len(all) < n {
		part := make([]press.Brought, 1000)
		for i := range part {
			part[i].Input = story(line(12))
			part[i].Lead, part[i].Tags, part[i].PublishedAt = line(40), []string{line(1), line(1)}, s.Now().AddDate(0, 0, -1)
		}
		made, err := s.Press.Bring(b.Context(), s.System(), part)
		s.Must(err)
		all = append(all, made...)
	}
	return all
}

// BenchmarkShow reads an article with what stands around it, as each page that is made anew
// does; with words and, where all have been taken away, without.
func BenchmarkShow(b *testing.B) {
	for _, n := range []int{5_000, 50_000} {
		s := apptest.NewSmall(b, apptest.Open(b, db.SQLite))
		all := library(b, s, n)
		show := func(b *testing.B) {
			i := 0
			for b.Loop() {
				i = (i + 7919) % len(all) // another one each time: what was shown last is kept
				if _, err := s.Press.Show(b.Context(), all[i].No); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.Run(fmt.Sprintf("%d/with", n), show)
		s.Must(s.DB.Write(b.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(b.Context(), tx, `DELETE FROM press_word`)
			return err
		}))
		b.Run(fmt.Sprintf("%d/without", n), show)
	}
}
