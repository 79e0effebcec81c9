package db

import (
	"context"
	"strconv"
	"strings"
)

// maxParams bounds the placeholders of one statement. PostgreSQL takes 65,535 of them
// and likes few round trips; SQLite's driver looks each one up by its name, one after the
// other, so that twice as many cost four times as much.
func maxParams(e Engine) int {
	if e == SQLite {
		return 200
	}
	return 8000
}

// Chunks calls fn with the values in parts that fit one statement.
func Chunks[T any](values []T, fn func(part []any) error) error {
	const size = 200
	for len(values) > 0 {
		n := min(size, len(values))
		part := make([]any, n)
		for i, v := range values[:n] {
			part[i] = v
		}
		if err := fn(part); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

// InsertAll runs head + "($1, …), (…)" + tail for all rows, many rows to a statement.
func InsertAll(ctx context.Context, tx *Tx, head, tail string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	width := len(rows[0])
	size := max(1, maxParams(tx.engine)/width)
	for len(rows) > 0 {
		n := min(size, len(rows))
		args := make([]any, 0, n*width)
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if _, err := Exec(ctx, tx, head+Rows(n, width)+tail, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Rows writes "($1,$2),($3,$4)": the placeholders of rows of one width, from the first
// on.
func Rows(rows, width int) string {
	var b strings.Builder
	for r := range rows {
		if r > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for c := range width {
			if c > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(r*width + c + 1))
		}
		b.WriteByte(')')
	}
	return b.String()
}
