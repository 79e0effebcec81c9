package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Icon is one of the vendored Lucide icons; NoIcon draws nothing.
type Icon uint8

// Draw is the icon as a decoration beside words: hidden from screen readers, in the
// colour and size of the text.
func (i Icon) Draw() templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		if i == NoIcon {
			return nil
		}
		_, err := io.WriteString(w, `<svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">`+iconShapes[i]+`</svg>`)
		return err
	})
}
