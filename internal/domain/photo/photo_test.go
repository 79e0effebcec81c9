package photo_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestPhotosOfArticlesMoveIn: what articles had of photos before they got a room is there
// afterwards, with sizes, consent and order.
func TestPhotosOfArticlesMoveIn(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			d := dbtest.Connect(t, dbtest.Empty(t, engine))
			ctx := t.Context()
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(d.MigrateTo(ctx, 18))
			must(d.Write(ctx, func(tx *db.Tx) error {
				for _, statement := range []string{
					`INSERT INTO org_unit (id, code, step, kind, valid_from, version) VALUES ('u', 'U', 'a', 'other', '2010-01-01', 1)`,
					`INSERT INTO press_article (id, no, state, unit_id, category, title, slug, lead, body, author, source_name, source_url, event, tags, folded,
						correction, archive_note, version, created_at, created_by, updated_at, updated_by)
						VALUES ('a', 1, 'draft', 'u', 'news', 't', 't', '', '', '', '', '', '', '[]', 't', '', '', 1, '2024-01-01 00:00:00', 'x', '2024-01-01 00:00:00', 'x')`,
					`INSERT INTO press_photo (id, article_id, place, name, credit, alt, caption, people, consent_of, consent_on, consent_by, withdrawn_on,
						withdrawn_note, added_at, added_by) VALUES
						('p2', 'a', 2, 'hai.jpg', 'c', 'hai', '', 'withdrawn', 'Bà Mẫu', '2024-01-02', 'x', '2024-02-03', 'đổi ý', '2024-01-01 00:00:00', 'x'),
						('p1', 'a', 1, 'mot.jpg', 'c', 'một', 'chú thích', 'agreed', 'Ông Mẫu', '2024-01-02', 'x', NULL, '', '2024-01-01 00:00:00', 'x')`,
					`INSERT INTO press_rendition (photo_id, width, height, sha256, size) VALUES ('p1', 480, 300, 'ab', 7), ('p1', 960, 600, 'cd', 9)`,
				} {
					if _, err := db.Exec(ctx, tx, statement); err != nil {
						return err
					}
				}
				return nil
			}))
			must(d.Migrate(ctx))
			all, err := photo.Of(ctx, d, "a")
			must(err)
			if len(all) != 2 || all[0].Alt != "một" || len(all[0].Sizes) != 2 || all[0].Sizes[0].SHA256 != "cd" || all[0].ConsentOf != "Ông Mẫu" ||
				all[0].Owner != (photo.Owner{Kind: photo.Article, ID: "a"}) || !all[0].Shown() {
				t.Errorf("%+v", all)
			}
			if all[1].People != photo.PeopleWithdrawn || all[1].WithdrawnOn != clock.MustDate("2024-02-03") || all[1].WithdrawnNote != "đổi ý" || all[1].Shown() {
				t.Errorf("%+v", all[1])
			}
			holders, err := photo.Holders(ctx, d, "cd", 960)
			if err != nil || len(holders) != 1 || holders[0].Bytes != 9 {
				t.Errorf("%+v, %v", holders, err)
			}
		})
	}
}
