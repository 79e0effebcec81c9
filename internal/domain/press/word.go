package press

import (
	"context"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// How near another article is: what each thing counts that two articles share.
const (
	nearByLink = 6 // a record that both are about
	nearByTag  = 3
	nearByPair = 1 // of words
	// leastNear is the least that counts: one pair of words is chance.
	leastNear = 2
)

// mostShared is how many articles may share a tag or a pair of words that counts. One that
// hundreds share says nothing of nearness, and would cost reading all of them.
const mostShared = 100

// maxPairs bounds the pairs of an article.
const maxPairs = 40

// idle are syllables that join others and name nothing. With their diacritics: without
// them "của" would be taken for a door.
func idle() []string {
	return []string{
		"anh", "bà", "bằng", "bị", "bởi", "các", "cách", "chị", "cho", "có", "còn", "của", "cùng", "cũng", "đã", "đang", "đây", "để", "đến", "đều",
		"đi", "do", "được", "dưới", "gì", "giữa", "hay", "hoặc", "hơn", "khi", "không", "là", "lại", "làm", "lên", "mà", "mỗi", "mới", "một", "nào",
		"này", "năm", "ngày", "nếu", "nhiều", "như", "những", "ở", "ông", "qua", "ra", "rằng", "rất", "rồi", "sau", "sẽ", "số", "tại", "tháng", "thì",
		"theo", "trên", "trong", "trước", "từ", "từng", "và", "vẫn", "vào", "về", "vì", "việc", "với", "vừa",
	}
}

// wordPairs are the pairs of neighbouring syllables of texts that may name something, each
// as a number, in the order in which they come, without regard to case and diacritics.
func wordPairs(texts ...string) []int64 {
	var all []int64
	idle := idle()
	for _, text := range texts {
		before := ""
		for _, word := range syllables(text) {
			if slices.Contains(idle, word) || strings.IndexFunc(word, unicode.IsLetter) < 0 {
				word = ""
			}
			word = viet.Fold(word)
			if before != "" && word != "" {
				if pair := pairOf(before, word); !slices.Contains(all, pair) {
					all = append(all, pair)
				}
			}
			if len(all) == maxPairs {
				return all
			}
			before = word
		}
	}
	return all
}

// syllables are the syllables of a text in lower case, with "" where a sign stands between
// two.
func syllables(text string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(strings.ToLower(viet.Tones(viet.NFC(text))), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r) && r != '-'
	}) {
		all = append(all, strings.FieldsFunc(part, func(r rune) bool { return unicode.IsSpace(r) || r == '-' })...)
		all = append(all, "")
	}
	return all
}

// pairOf is the number of a pair: 64 bits of its hash.
func pairOf(a, b string) int64 {
	h := fnv.New64a()
	h.Write([]byte(a + " " + b))
	return int64(h.Sum64()) // all bits are wanted
}

// Renew takes the pairs of words of published articles that an older version of the
// program wrote, which took none. It finds them by an index that is empty otherwise.
func Renew(ctx context.Context, d *db.DB) error {
	for {
		all, err := unpaired(ctx, d)
		if err != nil || len(all) == 0 {
			return err
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return replaceWords(ctx, tx, all) }); err != nil {
			return err
		}
	}
}
