package db

import (
	"context"
	"errors"
	"fmt"
)

// ErrEmpty is what [DB.Examine] gives where there is no table of ours.
var ErrEmpty = errors.New("the database holds no tables of this program")

// State is how a database stands, without a change to it.
type State struct {
	Schema int      // the last migration that has run
	Newest int      // the last one that this program knows
	Size   int64    // bytes
	Broken []string // what the engine finds wrong with its file, at most ten lines
	// Unsafe names the settings of PostgreSQL with which an acknowledged write can be lost.
	Unsafe []string
	// Encoding is how PostgreSQL writes text; "UTF8" is right.
	Encoding string
}

// Examine looks at a database without writing into it; ErrForeign and ErrEmpty tell whose
// it is. SQLite reads its whole file for it (PRAGMA integrity_check, foreign_key_check).
func (d *DB) Examine(ctx context.Context) (State, error) {
	var s State
	ours, others := 0, 0
	if err := d.read.QueryRowContext(ctx, tablesOf(d.engine)).Scan(&ours, &others); err != nil {
		return s, fmt.Errorf("look whose database it is: %w", err)
	}
	switch {
	case ours == 0 && others > 0:
		return s, ErrForeign
	case ours == 0:
		return s, ErrEmpty
	}
	var err error
	if s.Schema, err = SchemaAt(ctx, d); err != nil {
		return s, err
	}
	if s.Newest, err = Newest(); err != nil {
		return s, err
	}
	if d.engine == Postgres {
		err = d.examinePostgres(ctx, &s)
	} else {
		err = d.examineSQLite(ctx, &s)
	}
	return s, err
}

func (d *DB) examineSQLite(ctx context.Context, s *State) (err error) {
	if s.Size, err = One(ctx, d, int64Of, `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`); err != nil {
		return fmt.Errorf("measure the database: %w", err)
	}
	s.Broken, err = All(ctx, d, Text, `SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT 10`)
	if err != nil {
		return fmt.Errorf("check the file: %w", err)
	}
	lost, err := All(ctx, d, Text, `SELECT "table" || ' → ' || parent || ': ' || count(*) FROM pragma_foreign_key_check() GROUP BY "table", parent LIMIT 10`)
	s.Broken = append(s.Broken, lost...)
	return err
}

func (d *DB) examinePostgres(ctx context.Context, s *State) (err error) {
	if s.Size, err = One(ctx, d, int64Of, `SELECT pg_database_size(current_database())`); err != nil {
		return fmt.Errorf("measure the database: %w", err)
	}
	if s.Encoding, err = One(ctx, d, Text, `SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()`); err != nil {
		return fmt.Errorf("ask how text is written: %w", err)
	}
	s.Unsafe, err = All(ctx, d, Text, `SELECT name || ' = ' || setting FROM pg_settings
		WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name`)
	return err
}

func int64Of(r Row) (n int64, err error) {
	err = r.Scan(&n)
	return n, err
}
