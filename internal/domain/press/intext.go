package press

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/markup"
)

// photoCall is a line of its own by which a writer without the editor calls for a photo of
// the article by its number: "[ảnh 2]".
var photoCall = regexp.MustCompile(`(?im)(?:<p>\s*|^\s*)\[\s*(?:ảnh|anh|photo)\s*([0-9]{1,2})\s*\](?:\s*</p>|\s*$)`)

// settled puts the places of photos where lines of a text call for them by their numbers.
// A number that no photo has yet stays as it is written. A line within a paragraph parts it
// in two.
func settled(body string, all []photo.Photo) string {
	var b strings.Builder
	end := 0
	for _, at := range photoCall.FindAllStringSubmatchIndex(body, -1) {
		i := slices.IndexFunc(all, func(p photo.Photo) bool { return strconv.Itoa(p.Place) == strings.TrimLeft(body[at[2]:at[3]], "0") })
		if i < 0 {
			continue
		}
		before, call := body[:at[0]], body[at[0]:at[1]]
		begins, ends := strings.HasPrefix(call, "<p>"), strings.HasSuffix(call, "</p>")
		within := begins || strings.LastIndex(before, "<p>") > strings.LastIndex(before, "</p>")
		b.WriteString(body[end:at[0]])
		if within && !begins {
			b.WriteString("</p>")
		}
		b.WriteString(markup.PhotoPlace(all[i].ID))
		if within && !ends {
			b.WriteString("<p>")
		}
		end = at[1]
	}
	return b.String() + body[end:]
}

// settlePhotos brings the photos in the text of an article to their places: those that
// lines call for are put in, those that the article had before and has no more fall out,
// and those of other articles are refused. before is the text as it was.
func settlePhotos(ctx context.Context, q db.Querier, a *Article, before string) error {
	if !photoCall.MatchString(a.Body) && len(markup.Photos(a.Body)) == 0 {
		return nil
	}
	all, err := photo.Of(ctx, q, a.ID)
	if err != nil {
		return err
	}
	a.Body = settled(a.Body, all)
	known := markup.Photos(before)
	for _, id := range markup.Photos(a.Body) {
		switch {
		case slices.ContainsFunc(all, func(p photo.Photo) bool { return p.ID == id }):
		case slices.Contains(known, id):
			a.Body = strings.ReplaceAll(a.Body, markup.PhotoPlace(id), "")
		default:
			return errs.New(errs.Invalid, i18n.PressPhotoElsewhere).On("body")
		}
	}
	return nil
}

// Part is a part of a text: HTML, or a photo.
type Part struct {
	HTML  string
	Photo *photo.Photo
}

// Illustrated cuts a text into its parts, with the photos that have a place in it, each
// once, and gives the photos that have none. A place whose photo is not among those given
// is empty: it was withdrawn or removed.
func Illustrated(body string, all []photo.Photo) (parts []Part, rest []photo.Photo) {
	placed := map[string]bool{}
	for _, p := range markup.Parts(body) {
		if p.Photo == "" {
			parts = append(parts, Part{HTML: p.HTML})
			continue
		}
		i := slices.IndexFunc(all, func(o photo.Photo) bool { return o.ID == p.Photo })
		if i < 0 || placed[p.Photo] {
			continue
		}
		placed[p.Photo] = true
		parts = append(parts, Part{Photo: &all[i]})
	}
	return parts, slices.DeleteFunc(slices.Clone(all), func(p photo.Photo) bool { return placed[p.ID] })
}
