package paper

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/nhanrong/nhanrong/internal/platform/docx"
)

// Name is a name that the templates of a kind may use.
type Name struct {
	Name    string
	Meaning string // in Vietnamese, as officers read it
	List    bool
	Parts   []Name // of each row; none where the rows are but texts
	Typed   bool   // on the page where the paper is made: a row is a paragraph
	Open    bool   // of those typed: may be left out
}

//go:embed names.txt
var nameData string

var nameBook = sync.OnceValues(func() (map[string][]Name, error) { return readNames(nameData) })

// Names are those that the templates of a kind may use.
func Names(k Kind) ([]Name, error) {
	book, err := nameBook()
	if err != nil {
		return nil, err
	}
	all, ok := book[string(k)]
	if !ok {
		return nil, fmt.Errorf("no names are known for papers of the kind %q", k)
	}
	return all, nil
}

// readNames reads the book of names, section by section.
func readNames(text string) (map[string][]Name, error) {
	book := map[string][]Name{}
	section := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		case strings.HasPrefix(line, "@"):
			book[section] = append(book[section], book[line[1:]]...)
		default:
			if err := readName(book, section, line); err != nil {
				return nil, fmt.Errorf("names of papers, line %d: %w", i+1, err)
			}
		}
	}
	return book, nil
}

func readName(book map[string][]Name, section, line string) error {
	name, meaning, ok := strings.Cut(line, " = ")
	if !ok {
		return fmt.Errorf("%q gives no meaning", line)
	}
	list, part, isPart := strings.Cut(name, ".")
	if !isPart {
		name, open := strings.CutSuffix(name, "??")
		name, typed := strings.CutSuffix(name, "?")
		plain, isList := strings.CutSuffix(name, "[]")
		book[section] = append(book[section], Name{Name: plain, Meaning: meaning, List: isList, Typed: typed || open, Open: open})
		return nil
	}
	i := slices.IndexFunc(book[section], func(n Name) bool { return n.Name == list && n.List })
	if i < 0 {
		return fmt.Errorf("%q belongs to no list", name)
	}
	book[section][i].Parts = append(book[section][i].Parts, Name{Name: part, Meaning: meaning})
	return nil
}

// fields are names as templates are checked against them.
func fields(names []Name) []docx.Field {
	all := make([]docx.Field, len(names))
	for i, n := range names {
		all[i] = docx.Field{Name: n.Name, List: n.List, Fields: fields(n.Parts)}
	}
	return all
}

// fill fills a template. What is missing stands on the paper by its meaning, and is
// returned by it.
func fill(t *docx.Template, k Kind, data docx.Data, w io.Writer) ([]string, error) {
	names, err := Names(k)
	if err != nil {
		return nil, err
	}
	missing, err := t.Fill(w, data, func(name string) string { return "[…… " + meaning(names, name) + " ……]" })
	for i := range missing {
		missing[i] = meaning(names, missing[i])
	}
	return missing, err
}

// meaning is what a missing name means: one of a list's rows has the list before it. What is
// not among the parts of the list belongs to what surrounds it.
func meaning(names []Name, missing string) string {
	list, part, inList := strings.Cut(missing, ".")
	if i := slices.IndexFunc(names, func(n Name) bool { return n.Name == list && n.List }); inList && i >= 0 {
		if part == "." {
			return names[i].Meaning
		}
		if j := slices.IndexFunc(names[i].Parts, func(p Name) bool { return p.Name == part }); j >= 0 {
			return names[i].Meaning + ": " + names[i].Parts[j].Meaning
		}
		missing = part
	}
	if i := slices.IndexFunc(names, func(n Name) bool { return n.Name == missing }); i >= 0 {
		return names[i].Meaning
	}
	return missing
}
