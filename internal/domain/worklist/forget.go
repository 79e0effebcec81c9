package worklist

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// ForgetView takes a person out of what a view is called, and what it searches for where
// that names them; for the room above, which has looked at rights and scope.
func ForgetView(ctx context.Context, tx *db.Tx, id string, blot func(string) string) error {
	type texts struct{ name, query string }
	v, err := db.One(ctx, tx, func(r db.Row) (v texts, err error) {
		err = r.Scan(&v.name, &v.query)
		return v, err
	}, `SELECT name, query FROM worklist_view WHERE id = $1`, id)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(v.query)
	if err != nil {
		return fmt.Errorf("read the query of view %s: %w", id, err)
	}
	for name, all := range values {
		if slices.ContainsFunc(all, func(text string) bool { return blot(text) != text }) {
			values.Del(name)
		}
	}
	name := blot(v.name)
	_, err = db.Exec(ctx, tx, `UPDATE worklist_view SET name = $2, name_key = $3, query = $4, version = version + 1 WHERE id = $1`,
		id, name, viet.SortKey(name), values.Encode())
	return err
}
