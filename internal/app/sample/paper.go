package sample

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
)

// samplePaper is the file of a paper of the story: one page that says that it is a sample.
// Its letters have no marks, for the fonts that every reader of PDF has know none of ours.
func samplePaper(name string, lines ...string) *movement.File {
	raw := pdf(append([]string{"TEP MAU - SAMPLE FILE", "Van ban nay khong co that. This paper is made up."}, lines...)...)
	return &movement.File{Name: name + blob.PDF.Endings()[0], Content: bytes.NewReader(raw), Size: int64(len(raw))}
}

// pdf is a PDF of one page (ISO 32000-1, 7.5).
func pdf(lines ...string) []byte {
	var page strings.Builder
	page.WriteString("BT /F 14 Tf 72 770 Td 22 TL")
	for _, line := range lines {
		fmt.Fprintf(&page, " (%s) Tj T*", line)
	}
	page.WriteString(" ET")
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var places []int
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F 4 0 R>>>>>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", page.Len(), page.String()),
	} {
		places = append(places, out.Len())
		fmt.Fprintf(&out, "%d 0 obj%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, at := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(places)+1, start)
	return out.Bytes()
}
