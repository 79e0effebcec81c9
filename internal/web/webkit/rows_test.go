package webkit_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func TestOrderRows(t *testing.T) {
	form := url.Values{
		"no0": {"3"}, "what0": {"ba"}, "no1": {"x"}, "what1": {"cuối"}, "no2": {"1"}, "what2": {"một"}, "who2": {"ai"}, "no3": {"1"}, "what3": {" "},
		"what5": {"sau cuối"}, "what6": {"ngoài"}, "version": {"7"},
	}
	if n := webkit.OrderRows(form, 6, "what", "who"); n != 4 {
		t.Errorf("%d rows", n)
	}
	want := url.Values{
		"no0": {"1"}, "what0": {"một"}, "who0": {"ai"}, "no1": {"2"}, "what1": {"ba"}, "who1": {""}, "no2": {"3"}, "what2": {"cuối"}, "who2": {""},
		"no3": {"4"}, "what3": {"sau cuối"}, "who3": {""}, "what6": {"ngoài"}, "version": {"7"},
	}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
