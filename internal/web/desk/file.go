package desk

import (
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// WithFiles lets files come with a form. There is some room above the bound of a file, so that
// one that is a little too large is refused in the form, and not by a bare page.
func WithFiles(rt webkit.Route, n int) webkit.Route {
	rt.MaxBody = int64(n)*(movement.MaxFile+2<<20) + 2<<20
	return rt
}

// Accepted is what a browser offers first in its dialogue; what comes is looked at anyway.
func Accepted(kinds []blob.Kind) string {
	var all []string
	for _, k := range kinds {
		all = append(append(all, k.MediaType()), k.Endings()...)
	}
	return strings.Join(all, ",")
}

// FileWord is what people call a kind of file.
func FileWord(k blob.Kind) string { return strings.ToUpper(string(k)) }
