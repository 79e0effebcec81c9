package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
)

// person uses the pages as somebody at a desk does: opens one, fills in a form that stands
// on it and presses a button. What a page does not offer, a person cannot do.
type person struct {
	*apptest.Client
	t    *testing.T
	at   string // the address of the page that is open
	page string
}

func newPerson(t *testing.T, site *httptest.Server) *person {
	t.Helper()
	return &person{Client: apptest.Visitor(t, site), t: t}
}

// open asks for a page and follows where it leads.
func (p *person) open(path string) *person {
	p.t.Helper()
	p.follow(p.Get(path), path)
	return p
}

// follow goes where an answer leads, and keeps the page.
func (p *person) follow(a apptest.Answer, from string) {
	p.t.Helper()
	for range 5 {
		if a.Status != http.StatusSeeOther {
			break
		}
		from = a.Location
		a = p.Get(from)
	}
	p.at, p.page = from, a.Body
	if a.Status != http.StatusOK {
		p.t.Fatalf("%s answers %d: %s", from, a.Status, p.text())
	}
}

// press sends the form whose action, or the words of a button of which, hold some words,
// with what was typed into it. A question that is asked before something is done is
// answered with yes.
func (p *person) press(words string, typed url.Values, files ...apptest.Upload) *person {
	p.t.Helper()
	f, ok := p.form(words)
	if !ok {
		p.t.Fatalf("%s has no form %q; it has %s", p.at, words, strings.Join(p.offered(), " | "))
	}
	for name, values := range typed {
		if !slices.Contains(f.names, name) {
			p.t.Fatalf("the form %q of %s has no field %s; it has %v", words, p.at, name, f.names)
		}
		f.values[name] = f.chosen(name, values)
	}
	p.send(f, words, files)
	for _, question := range p.forms() {
		if slices.Contains(question.names, "sure") {
			p.send(question, "", nil)
			break
		}
	}
	return p
}

func (p *person) send(f filled, words string, files []apptest.Upload) {
	p.t.Helper()
	values := f.pressed(words)
	switch {
	case f.method != http.MethodPost:
		path, _, _ := strings.Cut(f.action, "?")
		p.open(path + "?" + values.Encode())
	case f.files:
		p.follow(p.PostFiles(f.action, values, files...), f.action)
	default:
		p.follow(p.Post(f.action, values), f.action)
	}
}

// rows gives a value to every field of a form whose name begins in one way.
func (p *person) rows(words, prefix, value string) url.Values {
	p.t.Helper()
	f, _ := p.form(words)
	all := url.Values{}
	for _, name := range f.names {
		if strings.HasPrefix(name, prefix) {
			all.Set(name, value)
		}
	}
	return all
}

// sees fails where the page does not hold the words.
func (p *person) sees(all ...string) *person {
	p.t.Helper()
	for _, words := range all {
		if !strings.Contains(p.text(), words) {
			p.t.Fatalf("%s does not show %q: %s", p.at, words, p.text())
		}
	}
	return p
}

// link is the address of the first link whose words, or address, hold some words.
func (p *person) link(words string) string {
	p.t.Helper()
	for n := range nodes(p.t, p.page) {
		if href, ok := attr(n, "href"); ok && n.Data == "a" && (strings.Contains(textOf(n), words) || strings.Contains(href, words)) {
			return href
		}
	}
	p.t.Fatalf("%s has no link %q", p.at, words)
	return ""
}

// text is what the page says.
func (p *person) text() string {
	p.t.Helper()
	for n := range nodes(p.t, p.page) {
		if n.Data == "body" {
			return textOf(n)
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var all []string
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" && d.Parent.Data != "style" {
			all = append(all, d.Data)
		}
	}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

// filled is a form as a browser would send it untouched.
type filled struct {
	method, action string
	names          []string // of all its fields, those that are not sent untouched among them
	values         url.Values
	options        map[string]map[string]string // of a list to choose from: what stands in it, and its value
	buttons        []button
	files          bool
}

// button is a button that sends its form, with what it sends along.
type button struct{ words, name, value string }

// pressed is the form as it goes when the button of some words is pressed, or else the one
// that sends nothing along.
func (f filled) pressed(words string) url.Values {
	values := url.Values{}
	for name, all := range f.values {
		values[name] = slices.Clone(all)
	}
	at := slices.IndexFunc(f.buttons, func(b button) bool { return words != "" && strings.Contains(b.words, words) })
	if at < 0 {
		at = slices.IndexFunc(f.buttons, func(b button) bool { return b.name == "" })
	}
	if at < 0 && len(f.buttons) > 0 {
		at = 0
	}
	if at >= 0 && f.buttons[at].name != "" {
		values.Set(f.buttons[at].name, f.buttons[at].value)
	}
	return values
}

// form finds a form by its action or the words of a button.
func (p *person) form(words string) (filled, bool) {
	p.t.Helper()
	for _, f := range p.forms() {
		path, _, _ := strings.Cut(f.action, "?")
		if words != "" && strings.HasSuffix(path, words) || slices.ContainsFunc(f.buttons, func(b button) bool { return strings.Contains(b.words, words) }) {
			return f, true
		}
	}
	return filled{}, false
}

// offered describes the forms of the page, for who looks in vain.
func (p *person) offered() []string {
	var all []string
	for _, f := range p.forms() {
		all = append(all, fmt.Sprintf("%s %s %v", f.method, f.action, f.buttons))
	}
	return all
}

func (p *person) forms() []filled {
	p.t.Helper()
	var all []filled
	for n := range nodes(p.t, p.page) {
		if n.Data != "form" {
			continue
		}
		f := filled{values: url.Values{}, options: map[string]map[string]string{}}
		f.action, _ = attr(n, "action")
		if f.action == "" {
			f.action = p.at
		}
		method, _ := attr(n, "method")
		f.method = strings.ToUpper(method)
		kind, _ := attr(n, "enctype")
		f.files = strings.HasPrefix(kind, "multipart/")
		for field := range n.Descendants() {
			if field.Type == html.ElementNode {
				f.take(field)
			}
		}
		all = append(all, f)
	}
	return all
}

// every ticks all boxes of a name.
const every = "*"

// chosen gives the values of what a person chooses by its words.
func (f filled) chosen(name string, words []string) []string {
	if len(words) == 1 && words[0] == every {
		return slices.Sorted(maps.Values(f.options[name]))
	}
	values := slices.Clone(words)
	for i, word := range words {
		if value, ok := f.options[name][word]; ok {
			values[i] = value
		}
	}
	return values
}

// take adds what a field of the form is, and what it sends untouched.
func (f *filled) take(field *html.Node) {
	name, named := attr(field, "name")
	kind, _ := attr(field, "type")
	if field.Data == "button" && kind != "button" {
		value, _ := attr(field, "value")
		f.buttons = append(f.buttons, button{textOf(field), name, value})
		return
	}
	if !named || field.Data != "input" && field.Data != "select" && field.Data != "textarea" {
		return
	}
	f.names = append(f.names, name)
	_, checked := attr(field, "checked")
	value, _ := attr(field, "value")
	if kind == "checkbox" && f.options[name] == nil {
		f.options[name] = map[string]string{}
	}
	if kind == "checkbox" {
		f.options[name][value] = value
	}
	switch {
	case kind == "file", (kind == "checkbox" || kind == "radio") && !checked:
	case kind == "checkbox" && value == "":
		f.values.Add(name, "on")
	case field.Data == "select":
		f.options[name] = map[string]string{}
		f.values.Add(name, shown(field, f.options[name]))
	default:
		f.values.Add(name, valueOf(field))
	}
}

// shown is the option that a browser shows, the selected one or the first, and notes all.
func shown(field *html.Node, all map[string]string) string {
	var values []string
	selected := 0
	for o := range field.Descendants() {
		if o.Data != "option" {
			continue
		}
		value, ok := attr(o, "value")
		if !ok {
			value = textOf(o)
		}
		if _, ok := attr(o, "selected"); ok {
			selected = len(values)
		}
		values = append(values, value)
		all[textOf(o)] = value
	}
	if len(values) == 0 {
		return ""
	}
	return values[selected]
}
