package archive

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// cell is one value of a row on its way between a database and a line of JSON.
type cell struct {
	kind    db.Kind
	text    *string // nil is none, as in the others
	number  *int64
	truth   *bool
	instant time.Time // the zero instant is none
	bytes   []byte
}

func cells(t db.Table) []cell {
	row := make([]cell, len(t.Columns))
	for i, c := range t.Columns {
		row[i].kind = c.Kind
	}
	return row
}

// target is where a scan puts the value.
func (c *cell) target() any {
	switch c.kind {
	case db.KindInt:
		return &c.number
	case db.KindBool:
		return &c.truth
	case db.KindInstant:
		return db.TimeTo(&c.instant)
	case db.KindBytes:
		return &c.bytes
	default:
		return &c.text
	}
}

// written is the value as a line of JSON has it.
func (c *cell) written() any {
	switch {
	case c.number != nil:
		return *c.number
	case c.truth != nil:
		return *c.truth
	case !c.instant.IsZero():
		return c.instant.UTC().Format(time.RFC3339Nano)
	case c.bytes != nil:
		return base64.StdEncoding.EncodeToString(c.bytes)
	case c.text != nil:
		return *c.text
	default:
		return nil
	}
}

// argument turns what stands in a line into what an insert takes.
func argument(kind db.Kind, raw json.RawMessage) (any, error) {
	if string(raw) == "null" {
		return nil, nil //nolint:nilnil // NULL is a value here
	}
	var err error
	switch kind {
	case db.KindInt:
		var n int64
		err = json.Unmarshal(raw, &n)
		return n, err
	case db.KindBool:
		var b bool
		err = json.Unmarshal(raw, &b)
		return b, err
	}
	var text string
	if err = json.Unmarshal(raw, &text); err != nil {
		return nil, fmt.Errorf("a value cannot be read: %w", err)
	}
	switch kind {
	case db.KindInstant:
		var at time.Time
		at, err = time.Parse(time.RFC3339Nano, text)
		return db.Time(at), err
	case db.KindBytes:
		return base64.StdEncoding.DecodeString(text)
	default:
		return text, nil
	}
}
