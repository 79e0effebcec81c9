package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nhanrong/nhanrong/internal/platform/docx"
)

const (
	head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	ns   = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"` +
		` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"`
	types = head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`
)

// paper is an archive with that body.
func paper(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	parts := append([]string{"[Content_Types].xml", types, "word/document.xml", head + "<w:document" + ns + "><w:body>" + body + "<w:sectPr/></w:body></w:document>"}, more...)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// p is a paragraph with a run for each text.
func p(runs ...string) string {
	var b strings.Builder
	b.WriteString("<w:p>")
	for _, r := range runs {
		fmt.Fprintf(&b, `<w:r w:rsidR="00AB"><w:rPr><w:b/></w:rPr><w:t>%s</w:t></w:r><w:proofErr w:type="spellStart"/>`, r)
	}
	b.WriteString("</w:p>")
	return b.String()
}

func row(cells ...string) string {
	var b strings.Builder
	b.WriteString("<w:tr>")
	for _, c := range cells {
		if !strings.HasPrefix(c, "<") {
			c = p(c)
		}
		b.WriteString("<w:tc><w:tcPr/>" + c + "</w:tc>")
	}
	return b.String() + "</w:tr>"
}

func table(rows ...string) string { return "<w:tbl>" + strings.Join(rows, "") + "</w:tbl>" }

func open(t testing.TB, content []byte) *docx.Template {
	t.Helper()
	tmpl, err := docx.Open(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

func gap(name string) string { return "[" + name + "?]" }

// fill is the filled archive and what was missing.
func fill(t testing.TB, tmpl *docx.Template, data docx.Data) (filled []byte, missing []string) {
	t.Helper()
	var b bytes.Buffer
	missing, err := tmpl.Fill(&b, data, gap)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), missing
}

func part(t testing.TB, archive []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// words is the text of a part: a line for each paragraph, cells divided by bars.
func words(t testing.TB, content string) string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(content))
	text := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("%v in %s", err, content)
		}
		switch token := token.(type) {
		case xml.StartElement:
			text = token.Name.Local == "t"
			if token.Name.Local == "br" {
				b.WriteString("↵")
			}
		case xml.EndElement:
			text = false
			switch token.Name.Local {
			case "p":
				b.WriteString("\n")
			case "tc":
				b.WriteString("|")
			}
		case xml.CharData:
			if text {
				b.Write(token)
			}
		}
	}
}

func data() docx.Data {
	return docx.Data{
		"so":    docx.Text("15/BC-UBND"),
		"trống": docx.Text(""),
		"tùy":   docx.Optional(""),
		"hai":   docx.Text("dòng một\ndòng <hai> & \"ba\""),
		"không": docx.Rows(nil),
		"nhận":  docx.Texts([]string{"Như trên", "Lưu: VT"}),
		"mo_hinh": docx.Rows([]docx.Data{
			{"ten": docx.Text("Tổ tự quản"), "ho": docx.Text("12"), "khen": docx.Optional("có"), "con": docx.Texts([]string{"a", "b"})},
			{"ten": docx.Text("Tuyến đường hoa"), "ho": docx.Text(""), "khen": docx.Optional(""), "con": docx.Texts(nil)},
		}),
	}
}

func TestFill(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"value":                 {p("Số: {{so}}"), "Số: 15/BC-UBND\n"},
		"torn":                  {p("Số: {", "{s", "o}", "} ngày"), "Số: 15/BC-UBND ngày\n"},
		"two in torn runs":      {p("{{so}} và {{s", "o}}, {{", "so}}."), "15/BC-UBND và 15/BC-UBND, 15/BC-UBND.\n"},
		"large letters, spaces": {p("{{ So\u00a0}}"), "15/BC-UBND\n"},
		"lines and signs":       {p("{{hai}}"), "dòng một↵dòng <hai> & \"ba\"\n"},
		"missing":               {p("{{trống}} {{lạ}}"), "[trống?] [lạ?]\n"},
		"optional":              {p("a{{tùy}}b"), "ab\n"},
		"block": {
			p("{{#each mo_hinh}}") + p("{{stt}}. {{ten}} ({{so}})") + p("{{/each}}") + p("Hết"),
			"1. Tổ tự quản (15/BC-UBND)\n2. Tuyến đường hoa (15/BC-UBND)\nHết\n",
		},
		"words in a line":                        {p("Nơi nhận: {{#each nhận}}{{.}}; {{/each}}hết."), "Nơi nhận: Như trên; Lưu: VT; hết.\n"},
		"if":                                     {p("{{#if so}}") + p("Có") + p("{{else}}") + p("Không") + p("{{/if}}"), "Có\n"},
		"else":                                   {p("{{#if không}}") + p("Có") + p("{{else}}") + p("Không") + p("{{/if}}"), "Không\n"},
		"if in a line":                           {p("a{{#if trống}}b{{else}}c{{/if}}d"), "acd\n"},
		"a line of conditions with nothing left": {p("{{#if trống}}Khó khăn: {{trống}}{{/if}}") + p("x"), "x\n"},
		"rows": {
			table(row("TT", "Tên", "Hộ"), row("{{#each mo_hinh}}{{stt}}", "{{ten}}", "{{ho}}{{/each}}"), row("", "Cộng", "12")),
			"TT\n|Tên\n|Hộ\n|1\n|Tổ tự quản\n|12\n|2\n|Tuyến đường hoa\n|[mo_hinh.ho?]\n|\n|Cộng\n|12\n|",
		},
		"rows in pairs": {
			table(row("{{#each mo_hinh}}{{ten}}", ""), row("{{stt}}", "{{so}}{{/each}}")),
			"Tổ tự quản\n|\n|1\n|15/BC-UBND\n|Tuyến đường hoa\n|\n|2\n|15/BC-UBND\n|",
		},
		"rows in rows": {
			table(row("{{#each mo_hinh}}{{ten}}", ""), row("{{#each con}}{{stt}}", "{{.}}{{/each}}"), row("", "{{/each}}")),
			"Tổ tự quản\n|\n|1\n|a\n|2\n|b\n|Tuyến đường hoa\n|\n|",
		},
		"marks in rows of their own": {
			table(row("{{#each mo_hinh}}", ""), row("{{ten}}", "x"), row("{{/each}}", "")),
			"Tổ tự quản\n|x\n|Tuyến đường hoa\n|x\n|",
		},
		"one cell a row":             {table(row("{{#each nhận}}- {{.}}{{/each}}")), "- Như trên\n|- Lưu: VT\n|"},
		"a block in a cell":          {table(row(p("{{#each nhận}}")+p("{{.}}")+p("{{/each}}"), "x")), "Như trên\nLưu: VT\n|x\n|"},
		"an empty block in a cell":   {table(row(p("{{#each không}}")+p("{{.}}")+p("{{/each}}"), "x")), "\n|x\n|"},
		"no row left":                {p("a") + table(row("{{#each không}}{{stt}}", "{{.}}{{/each}}")) + p("b"), "a\nb\n"},
		"a mark's paragraph goes":    {table(row(p("{{#each nhận}}")+p("{{.}}"), p("y")+p("{{/each}}"))), "Như trên\n|y\n|Lưu: VT\n|y\n|"},
		"deleted text is not read":   {"<w:p><w:del><w:r><w:delText>{{x</w:delText></w:r></w:del><w:r><w:t>{{so}}</w:t></w:r></w:p>", "15/BC-UBND\n"},
		"a mark in a link":           {"<w:p><w:hyperlink><w:r><w:t>{{s</w:t></w:r></w:hyperlink><w:r><w:t>o}}</w:t></w:r></w:p>", "15/BC-UBND\n"},
		"a text box and its double":  {textBox(p("{{so}}")), "15/BC-UBND\n15/BC-UBND\n\n"},
		"a condition inside of rows": {table(row("{{#each mo_hinh}}{{ten}}", "{{#if khen}}★{{else}}–{{/if}}{{/each}}")), "Tổ tự quản\n|★\n|Tuyến đường hoa\n|–\n|"},
	} {
		t.Run(name, func(t *testing.T) {
			tmpl := open(t, paper(t, c.body))
			if problems := tmpl.Check(fields()); name != "missing" && len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			filled, _ := fill(t, tmpl, data())
			if diff := cmp.Diff(c.want, words(t, part(t, filled, "word/document.xml"))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func textBox(inside string) string {
	box := "<w:txbxContent>" + inside + "</w:txbxContent>"
	return "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>" + box + "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>" + box + "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
}

func fields() []docx.Field {
	return []docx.Field{
		{Name: "so"},
		{Name: "trống"},
		{Name: "tùy"},
		{Name: "hai"},
		{Name: "không", List: true},
		{Name: "nhận", List: true},
		{Name: "mo_hinh", List: true, Fields: []docx.Field{{Name: "ten"}, {Name: "ho"}, {Name: "khen"}, {Name: "con", List: true}}},
	}
}

func TestHeadersAndFooters(t *testing.T) {
	tmpl := open(t, paper(t, p("x"),
		"word/header1.xml", head+"<w:hdr"+ns+">"+p("{{#if trống}}")+p("a")+p("{{/if}}")+"</w:hdr>",
		"word/footer2.xml", head+"<w:ftr"+ns+">"+p("Số {{s", "o}}")+"</w:ftr>",
		"word/media/logo.png", "\x89PNG{{so}}"))
	filled, missing := fill(t, tmpl, data())
	for name, want := range map[string]string{"word/header1.xml": "\n", "word/footer2.xml": "Số 15/BC-UBND\n"} {
		if got := words(t, part(t, filled, name)); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := part(t, filled, "word/media/logo.png"); got != "\x89PNG{{so}}" {
		t.Errorf("a picture was changed to %q", got)
	}
	if missing != nil {
		t.Errorf("missing: %v", missing)
	}
}

func TestMissingAreNamedOnceInOrder(t *testing.T) {
	tmpl := open(t, paper(t, p("{{b}} {{a}} {{b}}")+p("{{#each x}}")+p("{{a}}")+p("{{/each}}")+p("{{mo_hinh}}")))
	filled, missing := fill(t, tmpl, data())
	if want := []string{"b", "a", "x", "mo_hinh"}; !slices.Equal(missing, want) {
		t.Errorf("missing %v, want %v", missing, want)
	}
	if content := part(t, filled, "word/document.xml"); !strings.Contains(content, `<w:rPr><w:b></w:b><w:highlight w:val="yellow"></w:highlight></w:rPr><w:t xml:space="preserve">[b?]`) {
		t.Errorf("the gap does not stand out: %s", content)
	}
}

func TestProblemsSayWhereAndWhatWasMeant(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"a loop left open":         {p("a") + p("{{#each mo_hinh}}") + p("b"), "document, paragraph 2: not_closed: {{#each mo_hinh}}"},
		"closed in another cell":   {table(row("a", "{{#each nhận}}{{.}}", "{{/each}}")), "document, paragraph 2: not_closed: {{#each nhận}}; document, paragraph 3: not_opened: {{/each}}"},
		"an end without":           {p("{{/if}}"), "document, paragraph 1: not_opened: {{/if}}"},
		"the wrong end":            {p("{{#if so}}a{{/each}}{{/if}}"), "document, paragraph 1: not_opened: {{/each}}"},
		"else in a list":           {p("{{#each nhận}}a{{else}}b{{/each}}"), "document, paragraph 1: not_opened: {{else}}"},
		"else twice":               {p("{{#if so}}a{{else}}b{{else}}c{{/if}}"), "document, paragraph 1: not_opened: {{else}}"},
		"braces":                   {p("Số {{so ngày"), "document, paragraph 1: open_braces: Số {{so ngày"},
		"no name":                  {p("{{số hiệu!}}"), "document, paragraph 1: bad_mark: {{số hiệu!}}; document, paragraph 1: unknown_name: {{số hiệu!}}"},
		"unknown":                  {p("{{mo_hin}}"), "document, paragraph 1: unknown_name: {{mo_hin}} (meant: mo_hinh)"},
		"far from all":             {p("{{quyết_định}}"), "document, paragraph 1: unknown_name: {{quyết_định}}"},
		"unknown in a row":         {p("{{#each mo_hinh}}{{tem}}{{/each}}"), "document, paragraph 1: unknown_name: {{tem}} (meant: ten)"},
		"of another list":          {p("{{ten}}"), "document, paragraph 1: outside_list: {{ten}} (meant: mo_hinh)"},
		"a list as a value":        {p("{{nhận}}"), "document, paragraph 1: not_a_value: {{nhận}}"},
		"a value as a list":        {p("{{#each so}}{{.}}{{/each}}"), "document, paragraph 1: not_a_list: {{#each so}}"},
		"a section in a condition": {p("{{#if so}}") + "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>" + p("{{/if}}"), "document, paragraph 1: breaks_page: {{#if so}}"},
		"the end of a section":     {"<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{{#if so}}</w:t></w:r></w:p>" + p("{{/if}}"), "document, paragraph 1: breaks_page: {{#if so}}"},
		"a loop open in a box":     {textBox(p("{{#if so}}")), "document, paragraph 2: not_closed: {{#if so}}; document, paragraph 3: not_closed: {{#if so}}"},
		"marks across paragraphs":  {p("{{s") + p("o}}"), "document, paragraph 1: open_braces: {{s; document, paragraph 2: open_braces: o}}"},
	} {
		t.Run(name, func(t *testing.T) {
			var all []string
			for _, problem := range open(t, paper(t, c.body)).Check(fields()) {
				all = append(all, problem.String())
			}
			if diff := cmp.Diff(c.want, strings.Join(all, "; ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLinksAndPageNumbersAreLeft(t *testing.T) {
	open(t, paper(t, `<w:p><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:instrText> HYPERLINK "http://127.0.0.1/link" </w:instrText></w:r></w:p>`))
}

func TestATemplateWithProblemsIsNotFilled(t *testing.T) {
	tmpl := open(t, paper(t, p("{{#if so}}")))
	if _, err := tmpl.Fill(io.Discard, data(), gap); err == nil {
		t.Error("a template with a condition left open was filled")
	}
}

func TestFilesThatAreNoTemplates(t *testing.T) {
	doctype := head + `<!DOCTYPE w:document [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>`
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"no archive":              {[]byte("{{so}}"), docx.ErrNotDocument},
		"cut in half":             {paper(t, p("x"))[:200], docx.ErrNotDocument},
		"another document":        {paper(t, "", "word/header1.xml", head+"<html/>"), docx.ErrNotDocument},
		"an entity":               {paper(t, "", "word/header1.xml", doctype+"<w:hdr"+ns+">&a;&b;</w:hdr>"), docx.ErrNotDocument},
		"a document type":         {paper(t, "", "word/header1.xml", doctype+"<w:hdr"+ns+"></w:hdr>"), docx.ErrNotDocument},
		"a part twice":            {paper(t, "", "word/Document.xml", "x"), docx.ErrNotDocument},
		"a part outside":          {paper(t, "", "../x.xml", "x"), docx.ErrNotDocument},
		"too deep":                {paper(t, strings.Repeat("<w:p>", 5000)+strings.Repeat("</w:p>", 5000)), docx.ErrNotDocument},
		"a bomb":                  {paper(t, p(strings.Repeat(" ", 9<<20))), docx.ErrTooLarge},
		"a large bomb":            {paper(t, "", "word/media/a.bin", strings.Repeat(" ", 65<<20)), docx.ErrTooLarge},
		"a field that fetches":    {paper(t, "<w:p><w:r><w:instrText> INCLUDEPICTURE \"http://127.0.0.1/\"</w:instrText></w:r></w:p>"), docx.ErrActive},
		"a field in torn runs":    {paper(t, "<w:p><w:r><w:instrText> DDE</w:instrText></w:r><w:r><w:instrText>AUTO c x</w:instrText></w:r></w:p>"), docx.ErrActive},
		"a field of dynamic data": {paper(t, `<w:p><w:fldSimple w:instr="DDEAUTO c x"/></w:p>`), docx.ErrActive},
		"too many marks":          {paper(t, p(strings.Repeat("{{so}}", 2500))), docx.ErrTooLarge},
		"macros":                  {paper(t, "", "word/vbaProject.bin", "x"), docx.ErrActive},
		"a template from elsewhere": {paper(t, "", "word/_rels/settings.xml.rels",
			`<Relationships><Relationship Id="a" Type="http://x/attachedTemplate" Target="http://127.0.0.1/" TargetMode="External"/></Relationships>`), docx.ErrActive},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := docx.Open(bytes.NewReader(c.content), int64(len(c.content))); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestLoopsInLoopsHaveABound(t *testing.T) {
	lines := make([]string, 300)
	for i := range lines {
		lines[i] = strings.Repeat("x", 100)
	}
	inner := "{{.}}"
	for range 6 {
		inner = "{{#each x}}" + inner + "{{/each}}"
	}
	tmpl := open(t, paper(t, p(inner)))
	if _, err := tmpl.Fill(io.Discard, docx.Data{"x": docx.Texts(lines)}, gap); !errors.Is(err, docx.ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
}

func TestListsInListsThatWriteNothingEnd(t *testing.T) {
	tmpl := open(t, paper(t, p(strings.Repeat("{{#each x}}", 3)+strings.Repeat("{{/each}}", 3))))
	if _, err := tmpl.Fill(io.Discard, docx.Data{"x": docx.Texts(make([]string, 12_000))}, gap); !errors.Is(err, docx.ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
}

func TestSameDataSameBytes(t *testing.T) {
	tmpl := open(t, paper(t, p("{{#each mo_hinh}}{{ten}}{{/each}}")))
	one, _ := fill(t, tmpl, data())
	two, _ := fill(t, tmpl, data())
	if !bytes.Equal(one, two) {
		t.Error("two papers of the same data differ")
	}
}

// FuzzTornRuns tears a line into runs wherever it likes: what is filled must not depend on it.
func FuzzTornRuns(f *testing.F) {
	f.Add("Số {{so}} {{#each nhận}}{{stt}}. {{.}}; {{/each}}hết", uint64(0x5555))
	f.Add("{{#if trống}}a{{else}}{{hai}}{{/if}}{{", uint64(1<<40-1))
	f.Add("}}{{{so}}}{{#if so}}", uint64(0xf0f0))
	f.Fuzz(func(t *testing.T, line string, cuts uint64) {
		var escaped bytes.Buffer
		line = strings.Map(func(r rune) rune {
			if r < ' ' || r == '\uFFFD' {
				return -1
			}
			return r
		}, strings.ToValidUTF8(line, ""))
		if err := xml.EscapeText(&escaped, []byte(line)); err != nil || strings.Contains(escaped.String(), "\uFFFD") {
			t.Skip("not a line that XML can hold")
		}
		var runs []string
		last := 0
		for i, at := 0, 0; at < len(line); i++ {
			_, size := rune(0), 1
			for at+size < len(line) && line[at+size]&0xC0 == 0x80 {
				size++
			}
			at += size
			if cuts>>(i%64)&1 == 1 || at == len(line) {
				var one bytes.Buffer
				_ = xml.EscapeText(&one, []byte(line[last:at]))
				runs = append(runs, one.String())
				last = at
			}
		}
		whole, torn := open(t, paper(t, p(escaped.String()))), open(t, paper(t, p(runs...)))
		if diff := cmp.Diff(whole.Check(fields()), torn.Check(fields())); diff != "" {
			t.Fatalf("torn into %q: %s", runs, diff)
		}
		if len(whole.Check(nil)) > 0 && slices.ContainsFunc(whole.Check(fields()), func(p docx.Problem) bool {
			return p.Kind != docx.UnknownName && p.Kind != docx.NotAList && p.Kind != docx.NotAValue
		}) {
			return
		}
		one, _ := fill(t, whole, data())
		two, _ := fill(t, torn, data())
		if a, b := words(t, part(t, one, "word/document.xml")), words(t, part(t, two, "word/document.xml")); a != b {
			t.Errorf("whole %q, torn %q", a, b)
		}
	})
}

// FuzzOpen reads whatever comes as the text of a template: it may be refused, and what is
// filled must be a document again.
func FuzzOpen(f *testing.F) {
	for _, body := range []string{p("{{so}}"), table(row("{{#each nhận}}{{.}}", "{{/each}}")), textBox(p("{{so}}")), "<w:sdt><w:sdtContent>" + p("{{so}}") + "</w:sdtContent></w:sdt>"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		content := paper(t, body)
		tmpl, err := docx.Open(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if _, err := tmpl.Fill(&b, data(), gap); err != nil {
			return
		}
		again := open(t, b.Bytes())
		if left := again.Check(nil); len(left) > 0 && !strings.Contains(body, "delText") && !strings.Contains(body, "{{{") {
			t.Errorf("holes are left: %v in %s", left, part(t, b.Bytes(), "word/document.xml"))
		}
	})
}

// TestPartsAcrossTrackedChangesAndControls: Word puts signs around what somebody typed while
// changes were tracked, and content controls around anything; a part may open within one and
// close outside.
func TestPartsAcrossTrackedChangesAndControls(t *testing.T) {
	run := func(s string) string { return "<w:r><w:t>" + s + "</w:t></w:r>" }
	ins := func(s string) string { return `<w:ins w:id="7" w:author="x">` + s + "</w:ins>" }
	sdt := func(s string) string { return "<w:sdt><w:sdtPr/><w:sdtContent>" + s + "</w:sdtContent></w:sdt>" }
	for name, c := range map[string]struct{ body, want, keeps string }{
		"opened in an insertion":     {"<w:p>" + ins(run("{{#if so}}Số ")) + run("{{so}}{{/if}}") + "</w:p>", "Số 15/BC-UBND\n", ""},
		"closed in another one":      {"<w:p>" + ins(run("{{#each nhận}}")) + run("{{.}};") + ins(run("{{/each}}")) + "</w:p>", "Như trên;Lưu: VT;\n", ""},
		"whole in an insertion":      {"<w:p>" + ins(run("{{#if so}}x{{/if}}")) + "</w:p>", "x\n", "<w:ins"},
		"opened in a control":        {sdt(p("{{#each nhận}}")) + p("{{.}}") + p("{{/each}}"), "Như trên\nLưu: VT\n", ""},
		"words of a control":         {"<w:p>" + sdt(run("{{#if trống}}a{{else}}b")) + run("{{/if}}") + "</w:p>", "b\n", ""},
		"a control with whole parts": {sdt(p("{{#each nhận}}") + p("{{.}}") + p("{{/each}}")), "Như trên\nLưu: VT\n", "<w:sdt"},
		"rows of a control":          {"<w:tbl>" + sdt(row("{{#each nhận}}{{stt}}", "{{.}}")) + row("", "{{/each}}") + "</w:tbl>", "1\n|Như trên\n|2\n|Lưu: VT\n|", ""},
		"closed in another cell":     {table(row("{{#each nhận}}{{.}}", "{{/each}} x", "y")), "", "problem"},
	} {
		t.Run(name, func(t *testing.T) {
			tmpl := open(t, paper(t, c.body))
			if c.keeps == "problem" {
				if len(tmpl.Check([]docx.Field{{Name: "nhận", List: true}})) == 0 {
					t.Error("rows that do not belong together were taken")
				}
				return
			}
			filled, _ := fill(t, tmpl, data())
			document := part(t, filled, "word/document.xml")
			if got := words(t, document); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if kept := strings.Contains(document, "<w:ins") || strings.Contains(document, "<w:sdt>"); kept != (c.keeps != "") || !strings.Contains(document, c.keeps) {
				t.Errorf("around it stands %s", document)
			}
		})
	}
}

// TestPicturesInListsKeepNumbersOfTheirOwn: Word mends a file in which two have one number.
func TestPicturesInListsKeepNumbersOfTheirOwn(t *testing.T) {
	const picture = `<w:r><w:drawing><wp:inline xmlns:wp="x"><wp:docPr id="41" name="Hình &amp; 1"/></wp:inline></w:drawing></w:r>`
	filled, _ := fill(t, open(t, paper(t, "<w:p>"+picture+"</w:p>"+p("{{#each nhận}}")+"<w:p>"+picture+"</w:p>"+p("{{/each}}"))), data())
	document := part(t, filled, "word/document.xml")
	words(t, document) // can be read
	for _, id := range []string{`id="41"`, `id="42"`, `id="43"`} {
		if strings.Count(document, id) != 1 {
			t.Errorf("%s comes %d times in %s", id, strings.Count(document, id), document)
		}
	}
}

// TestAnnexesAreCounted: one that is left out takes no number.
func TestAnnexesAreCounted(t *testing.T) {
	body := p("Phụ lục {{so_phu_luc}}") + p("{{#if trống}}") + p("Phụ lục {{so_phu_luc}}") + p("{{/if}}") + p("{{#each nhận}}") + p("Phụ lục {{so_phu_luc}}: {{.}}") + p("{{/each}}")
	filled, missing := fill(t, open(t, paper(t, body)), data())
	if got := words(t, part(t, filled, "word/document.xml")); got != "Phụ lục I\nPhụ lục II: Như trên\nPhụ lục III: Lưu: VT\n" || len(missing) > 0 {
		t.Errorf("%q, missing %q", got, missing)
	}
}

// TestPageBreaksBesideMarks: LibreOffice writes the break before a paragraph into the mark above it.
func TestPageBreaksBesideMarks(t *testing.T) {
	const br = `<w:r><w:br w:type="page"/></w:r>`
	mark := func(before, text, after string) string {
		return "<w:p>" + before + "<w:r><w:t>" + text + "</w:t></w:r>" + after + "</w:p>"
	}
	for name, c := range map[string]struct {
		body string
		want int
	}{
		"of a part that is there":       {mark("", "{{#if so}}", br) + p("x") + mark("", "{{/if}}", ""), 1},
		"of one that is not":            {mark("", "{{#if trống}}", br) + p("x") + mark("", "{{/if}}", ""), 0},
		"before an end":                 {mark("", "{{#if trống}}", "") + p("x") + mark(br, "{{/if}}", ""), 0},
		"behind an end":                 {mark("", "{{#if trống}}", "") + p("x") + mark("", "{{/if}}", br), 1},
		"of each row":                   {mark(br, "{{#each nhận}}", "") + p("{{.}}") + mark("", "{{/each}}", ""), 2},
		"set before the paragraph":      {"<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>{{#if trống}}</w:t></w:r></w:p>" + p("x") + p("{{/if}}"), 0},
		"in a paragraph with some text": {mark("", "{{#if so}}x{{/if}}", br), 1},
	} {
		t.Run(name, func(t *testing.T) {
			filled, _ := fill(t, open(t, paper(t, c.body)), data())
			document := part(t, filled, "word/document.xml")
			words(t, document)
			if got := strings.Count(document, `w:type="page"`) + strings.Count(document, "pageBreakBefore"); got != c.want {
				t.Errorf("%d breaks, want %d: %s", got, c.want, document)
			}
		})
	}
}
