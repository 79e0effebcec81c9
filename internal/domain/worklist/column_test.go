package worklist_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

func TestColumnsAreReadAndWritten(t *testing.T) {
	usual := worklist.UsualColumns()
	for text, want := range map[string][]worklist.Column{
		"":                                      usual,
		",,":                                    usual,
		"khongco,<script>":                      usual,
		"status,title":                          {worklist.ColStatus, worklist.ColTitle},
		"unit":                                  {worklist.ColTitle, worklist.ColUnit},
		"unit,title,unit,nope,code":             {worklist.ColUnit, worklist.ColTitle, worklist.ColCode},
		strings.Repeat("unit,", 40) + "code":    {worklist.ColTitle, worklist.ColUnit},
		"tags,focus,title,address,late,subject": {worklist.ColTags, worklist.ColFocus, worklist.ColTitle, worklist.ColAddress, worklist.ColLate, worklist.ColSubject},
		worklist.WriteColumns(worklist.AllColumns()): worklist.AllColumns(),
	} {
		got := worklist.ReadColumns(text)
		if !slices.Equal(got, want) {
			t.Errorf("%.60q is %v, want %v", text, got, want)
		}
		if again := worklist.ReadColumns(worklist.WriteColumns(got)); !slices.Equal(again, got) {
			t.Errorf("%.60q written and read again is %v, want %v", text, again, got)
		}
	}
	if text := worklist.WriteColumns(usual); text != "" {
		t.Errorf("the usual columns are written %q", text)
	}
}

func TestColumnsMove(t *testing.T) {
	all := []worklist.Column{worklist.ColCode, worklist.ColTitle, worklist.ColUnit}
	for _, c := range []struct {
		column worklist.Column
		down   bool
		want   []worklist.Column
	}{
		{worklist.ColUnit, false, []worklist.Column{worklist.ColCode, worklist.ColUnit, worklist.ColTitle}},
		{worklist.ColCode, true, []worklist.Column{worklist.ColTitle, worklist.ColCode, worklist.ColUnit}},
		{worklist.ColCode, false, all},
		{worklist.ColUnit, true, all},
		{worklist.ColTags, true, all},
	} {
		if got := worklist.MoveColumn(all, c.column, c.down); !slices.Equal(got, c.want) {
			t.Errorf("%s, down %v: %v, want %v", c.column, c.down, got, c.want)
		}
	}
}

func TestEveryColumnHasAWordOfItsOwn(t *testing.T) {
	seen := map[i18n.Key]worklist.Column{}
	for _, c := range worklist.AllColumns() {
		if other, twice := seen[c.Label()]; twice || c.Label() == 0 {
			t.Errorf("%s is called like %q", c, other)
		}
		seen[c.Label()] = c
	}
}
