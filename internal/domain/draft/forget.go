package draft

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Forget takes a person out of a draft and of what its files are called; for the room above, which has looked at rights and
// scope. Nobody reads the draft for it.
func Forget(ctx context.Context, tx *db.Tx, id string, blot func(string) string) error {
	d, err := find(ctx, tx, id)
	if err != nil {
		return err
	}
	for name, texts := range d.Form {
		for i := range texts {
			d.Form[name][i] = blot(texts[i])
		}
	}
	files, err := filesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, f := range files {
		if _, err := db.Exec(ctx, tx, `UPDATE draft_file SET title = $2, file_name = $3 WHERE id = $1`, f.ID, blot(f.Title), blot(f.FileName)); err != nil {
			return err
		}
	}
	d.Title = d.Form.title()
	d.Version++
	return update(ctx, tx, d)
}
