package blobtest

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
)

// PDF is the frame of a PDF with some text in a comment.
func PDF(text string) []byte {
	return []byte("%PDF-1.4\n% " + text + "\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

// Zip is a zip with entries of these names.
func Zip(tb testing.TB, names ...string) []byte {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte("<x/>")); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// File is a small file of a kind.
func File(tb testing.TB, kind blob.Kind) []byte {
	tb.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 8, 4))
	img.Set(1, 1, color.White)
	var out bytes.Buffer
	var err error
	switch kind {
	case blob.PDF:
		return PDF("mẫu")
	case blob.DOCX:
		return Zip(tb, "[Content_Types].xml", "_rels/.rels", "word/document.xml")
	case blob.XLSX:
		return Zip(tb, "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
	case blob.JPEG:
		err = jpeg.Encode(&out, img, nil)
	case blob.PNG:
		err = png.Encode(&out, img)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
