package db

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Kind is what a column holds, whatever the engine calls it.
type Kind string

// The kinds of columns.
const (
	KindText    Kind = "text"
	KindInt     Kind = "int"
	KindBool    Kind = "bool"
	KindInstant Kind = "instant"
	KindBytes   Kind = "bytes"
	KindJSON    Kind = "json"
)

// Column is a column of a table.
type Column struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
}

// Table is a table as it stands in the database.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Key     []string `json:"key"` // the columns of its primary key, in their order
}

// Names gives the names of the columns.
func (t Table) Names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// Tables describes every table of ours that is there, in an order in which a table comes
// after those that it refers to.
func Tables(ctx context.Context, q Querier) ([]Table, error) {
	order, err := tableOrder()
	if err != nil {
		return nil, err
	}
	var all []Table
	for _, name := range order {
		t, err := describe(ctx, q, name)
		if err != nil {
			return nil, err
		}
		if len(t.Columns) > 0 { // else a later migration made it, or dropped it
			all = append(all, t)
		}
	}
	return all, nil
}

var created = regexp.MustCompile(`(?m)^CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)`)

// tableOrder is the order in which the migrations make the tables: a table can refer only
// to those that were there.
func tableOrder() ([]string, error) {
	tree := Migrations()
	files, err := fs.Glob(tree, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list the migrations: %w", err)
	}
	slices.Sort(files)
	var order []string
	for _, name := range files {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, fmt.Errorf("read a migration: %w", err)
		}
		for _, found := range created.FindAllSubmatch(text, -1) {
			order = append(order, string(found[1]))
		}
	}
	return order, nil
}

// describe reads what a table is made of; one that is not there has no columns.
func describe(ctx context.Context, q Querier, name string) (Table, error) {
	question := `SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid`
	if q.Engine() == Postgres {
		question = `SELECT c.column_name, c.data_type, coalesce(array_position(k.key, c.column_name::text), 0)
			FROM information_schema.columns c LEFT JOIN (
				SELECT array_agg(a.attname::text ORDER BY array_position(i.indkey, a.attnum)) AS key
				FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
				WHERE i.indisprimary AND i.indrelid = to_regclass($1)
			) k ON TRUE
			WHERE c.table_schema = current_schema() AND c.table_name = $1 ORDER BY c.ordinal_position`
	}
	t := Table{Name: name}
	key := map[int]string{}
	err := Each(ctx, q, func(row Row) error {
		var column, kind string
		var place int
		if err := row.Scan(&column, &kind, &place); err != nil {
			return err
		}
		c := Column{Name: column, Kind: kindOf(kind)}
		if c.Kind == "" {
			return fmt.Errorf("column %s of %s is of an unknown kind: %s", column, name, kind)
		}
		t.Columns = append(t.Columns, c)
		if place > 0 {
			key[place] = column
		}
		return nil
	}, question, name)
	for i := 1; i <= len(key); i++ {
		t.Key = append(t.Key, key[i])
	}
	return t, err
}

func kindOf(declared string) Kind {
	switch strings.ToLower(declared) {
	case "text":
		return KindText
	case "integer", "bigint", "smallint":
		return KindInt
	case "boolean":
		return KindBool
	case "timestamp", "timestamp without time zone":
		return KindInstant
	case "bytea", "blob":
		return KindBytes
	case "json":
		return KindJSON
	default:
		return ""
	}
}

// Bytewise writes the order of a table's key, or of all its columns where it has none, so
// that both engines have the same: texts by their bytes.
func Bytewise(e Engine, t Table) []string {
	by := t.Key
	if len(by) == 0 {
		by = t.Names()
	}
	order := make([]string, len(by))
	for i, name := range by {
		order[i] = name
		at := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
		if e == Postgres && t.Columns[at].Kind == KindText {
			order[i] += ` COLLATE "C"`
		}
	}
	return order
}
