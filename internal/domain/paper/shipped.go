package paper

import (
	"bytes"
	"embed"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
)

//go:embed shipped/*.txt
var shipped embed.FS

// Shipped is the template that the program brings for a kind of paper, set by a layout, as
// a file for Word.
func Shipped(k Kind, l rulebook.Layout) ([]byte, error) {
	text, err := shipped.ReadFile("shipped/" + string(k) + ".txt")
	if err != nil {
		return nil, fmt.Errorf("read the template of %s: %w", k, err)
	}
	all, page, err := blocks(string(text), l)
	if err != nil {
		return nil, fmt.Errorf("set the template of %s: %w", k, err)
	}
	return docx.Write(page, string(k), all...)
}

// shippedTemplate is the shipped template, read.
func shippedTemplate(k Kind, l rulebook.Layout) (*docx.Template, error) {
	content, err := Shipped(k, l)
	if err != nil {
		return nil, err
	}
	return docx.Open(bytes.NewReader(content), int64(len(content)))
}
