package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// table is aligned text, numbers to the right. (text/tabwriter aligns every column to
// the same side.)
type table struct {
	c    *call
	rows [][]string
	nums []bool
}

func newTable(c *call, heads ...string) *table {
	return &table{c: c, rows: [][]string{heads}, nums: make([]bool, len(heads))}
}

// row adds a row; numbers are written the language's way and to the right.
func (t *table) row(values ...any) {
	cells := make([]string, len(values))
	for i, v := range values {
		if n, ok := v.(int); ok {
			cells[i], t.nums[i] = t.c.lang.Number(n), true
			continue
		}
		cells[i] = fmt.Sprint(v)
	}
	t.rows = append(t.rows, cells)
}

func (t *table) flush() {
	widths := make([]int, len(t.nums))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range t.rows {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if t.nums[i] {
				b.WriteString(pad + cell + "  ")
			} else {
				b.WriteString(cell + pad + "  ")
			}
		}
		fmt.Fprintln(t.c.streams.Out, strings.TrimRight(b.String(), " "))
	}
}

// json writes a value as indented JSON.
func (c *call) json(v any) error {
	enc := json.NewEncoder(c.streams.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// line writes a value as one line of JSON.
func (c *call) line(v any) error {
	enc := json.NewEncoder(c.streams.Out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
