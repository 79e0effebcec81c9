package docx

import (
	"fmt"
	"slices"

	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// ProblemKind says what is wrong with a mark.
type ProblemKind string

// The problems that a template can have.
const (
	NotClosed   ProblemKind = "not_closed"   // {{#each}} or {{#if}} without its end, or an end in another cell or paragraph
	NotOpened   ProblemKind = "not_opened"   // an end or {{else}} without its beginning
	BadMark     ProblemKind = "bad_mark"     // nothing that can be read between the braces
	OpenBraces  ProblemKind = "open_braces"  // "{{" without "}}"
	UnknownName ProblemKind = "unknown_name" // no value has that name here
	OutsideList ProblemKind = "outside_list" // the name belongs to the rows of a list, which is what was meant
	NotAList    ProblemKind = "not_a_list"   // {{#each}} over a value
	NotAValue   ProblemKind = "not_a_value"  // a list where a value should be
	BreaksPage  ProblemKind = "breaks_page"  // the mark stands in a paragraph that ends a section or holds a picture
)

// Problem is something in a template that must be mended before it can be used.
type Problem struct {
	Kind  ProblemKind
	Place Place
	Mark  string // as it stands
	Meant string // the nearest name that is known here, or ""
}

// Place is where in a template a mark stands.
type Place struct {
	Part      string // document, header1 …
	Paragraph int    // from 1, in the part
	Near      string // the words of that paragraph, cut
}

// String is the problem for a log; people are told in their language.
func (p Problem) String() string {
	s := fmt.Sprintf("%s, paragraph %d: %s: %s", p.Place.Part, p.Place.Paragraph, p.Kind, p.Mark)
	if p.Meant != "" {
		s += " (meant: " + p.Meant + ")"
	}
	return s
}

// Field is a name that a template may use.
type Field struct {
	Name   string
	List   bool
	Fields []Field // of each row; none where the rows are but texts
}

// Check tells all that is wrong with the template, read against the names that it may use.
func (t *Template) Check(known []Field) []Problem {
	problems := slices.Clone(t.problems)
	for _, f := range t.files {
		c := checker{scopes: [][]Field{known}}
		c.check(f.nodes)
		problems = append(problems, c.problems...)
	}
	return problems
}

type checker struct {
	scopes   [][]Field
	problems []Problem
}

func (c *checker) check(nodes []node) {
	for i := range nodes {
		n := &nodes[i]
		switch n.kind {
		case valueNode:
			c.value(n)
		case ifNode:
			c.find(n)
			c.check(n.body)
			c.check(n.other)
		case eachNode:
			c.each(n)
		default:
			c.check(n.body)
		}
	}
}

func (c *checker) value(n *node) {
	if f, ok := c.find(n); ok && f.List {
		c.add(n, NotAValue, "")
	}
}

func (c *checker) each(n *node) {
	f, ok := c.find(n)
	if ok && !f.List {
		c.add(n, NotAList, "")
	}
	if !ok || !f.List {
		return // what its rows are called is not known
	}
	row := slices.Concat(f.Fields, []Field{{Name: number}})
	if len(f.Fields) == 0 {
		row = append(row, Field{Name: itself})
	}
	c.scopes = append(c.scopes, row)
	c.check(n.body)
	c.scopes = c.scopes[:len(c.scopes)-1]
}

// find is what the name means here; one that is unknown is a problem.
func (c *checker) find(n *node) (Field, bool) {
	for _, scope := range slices.Backward(c.scopes) {
		if i := slices.IndexFunc(scope, func(f Field) bool { return f.Name == n.name }); i >= 0 {
			return scope[i], true
		}
	}
	if list := c.listOf(n.name); list != "" {
		c.add(n, OutsideList, list)
	} else {
		c.add(n, UnknownName, c.nearest(n.name))
	}
	return Field{}, false
}

// listOf is a list that can be reached here and whose rows have the name.
func (c *checker) listOf(name string) string {
	for _, scope := range slices.Backward(c.scopes) {
		for _, f := range scope {
			if slices.ContainsFunc(f.Fields, func(of Field) bool { return of.Name == name }) {
				return f.Name
			}
		}
	}
	return ""
}

func (c *checker) add(n *node, kind ProblemKind, meant string) {
	c.problems = append(c.problems, Problem{Kind: kind, Place: n.place, Mark: n.mark, Meant: meant})
}

// nearest is the known name that is fewest letters away, where few are.
func (c *checker) nearest(name string) string {
	best, least := "", max(1, len(name)/3)+1
	for _, scope := range slices.Backward(c.scopes) {
		for _, f := range scope {
			if d := viet.Distance(name, f.Name); d < least {
				best, least = f.Name, d
			}
		}
	}
	return best
}
