package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// CSV writes the rows with a head of labels: UTF-8 with a mark that spreadsheets need to
// see, days as YYYY-MM-DD, numbers plain. A text that a spreadsheet would take for a formula
// gets an apostrophe before it (OWASP, CSV injection).
func (t Table) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	labels := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		labels[i] = c.Label
		if c.Group != "" {
			labels[i] = c.Group + ": " + c.Label
		}
	}
	err := out.Write(labels)
	line := make([]string, len(t.Columns))
	for row, failed := range t.Rows {
		if failed != nil {
			return failed
		}
		if row.Section != "" {
			continue
		}
		for i := range line {
			line[i] = row.cell(i).plain()
		}
		err = errors.Join(err, out.Write(line))
		if err != nil {
			break
		}
	}
	out.Flush()
	if err := errors.Join(err, out.Error()); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	return nil
}

func (c Cell) plain() string {
	switch c.is {
	case isNumber:
		return strconv.Itoa(c.number)
	case isDay:
		return c.day.String()
	}
	if strings.IndexAny(c.text, "=+-@\t\r") == 0 {
		return "'" + c.text
	}
	return c.text
}
