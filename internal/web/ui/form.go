package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// Field is one entry of a form. Its id is FieldID(Name), to which an ErrorSummary leads.
// Required says so to the reader; the browser's own bubbles stay out, because the
// server says what is missing in the reader's language.
type Field struct {
	Name, Label  string
	Value        string
	Hint, Error  string // Error already in words
	Type         string // TextField: "email", "tel", "url", "password", "number", "decimal", "search"; "" is text
	Autocomplete string // the token of HTML: "username", "current-password", "tel", "off"
	Placeholder  string
	Min, Max     string // DateField and numbers
	Accept       string // FileField
	List         string // TextField: id of a datalist with suggestions
	MaxLength    int    // in UTF-16 units, as browsers count; 0 is none
	Rows         int    // TextArea
	Required     bool
	ReadOnly     bool
	Off          bool // disabled
	Full         bool // takes the whole width of a FormGrid or a FormRow
	Half         bool // takes half the width of a FormRow, on a phone all of it
	Multiple     bool // FileField
	Across       bool // RadioGroup, CheckGroup: side by side
	SubmitOnPick bool // SelectField: sends the form when changed (with the script)
}

// FieldID is the id of the input of a field.
func FieldID(name string) string { return "f-" + name }

func (f Field) id() string { return FieldID(f.Name) }
func (f Field) optID(i int) string {
	if i == 0 {
		return f.id() // so that the summary of errors leads to the first choice
	}
	return f.id() + "-" + strconv.Itoa(i)
}

func (f Field) box() string {
	switch {
	case f.Full:
		return "f full"
	case f.Half:
		return "f half"
	}
	return "f"
}

func (f Field) inputType() string {
	if f.Type == "" || f.Type == decimalType {
		return "text"
	}
	return f.Type
}

// decimalType is a text of digits, points and commas: the number of HTML knows the comma
// in some browsers only.
const decimalType = "decimal"

// opts is the class of a group of choices.
func (f Field) opts() string {
	if f.Across {
		return "opts across"
	}
	return "opts"
}

// describedBy names the hint and the error, which say more about the input.
func (f Field) describedBy() string {
	hint, err := "", ""
	if f.Hint != "" {
		hint = f.id() + "-hint"
	}
	if f.Error != "" {
		err = f.id() + "-err"
	}
	return classes(hint, err)
}

// attributes are those that all inputs share.
func (f Field) attributes() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("aria-describedby", f.describedBy())
	set("autocomplete", f.Autocomplete)
	set("placeholder", f.Placeholder)
	set("min", f.Min)
	set("max", f.Max)
	set("accept", f.Accept)
	set("list", f.List)
	if f.Type == decimalType {
		a["inputmode"] = "decimal"
	}
	if f.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(f.MaxLength)
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if f.Required {
		a["aria-required"] = "true"
	}
	if f.ReadOnly {
		a["readonly"] = true
	}
	if f.Off {
		a["disabled"] = true
	}
	if f.Multiple {
		a["multiple"] = true
	}
	if f.SubmitOnPick {
		a["data-submit"] = true
	}
	return a
}

func (f Field) rows() string {
	if f.Rows == 0 {
		return "4"
	}
	return strconv.Itoa(f.Rows)
}

// Option is a choice of a SelectField, a RadioGroup or a CheckGroup. In a CheckGroup
// each option says itself whether it is On.
type Option struct {
	Value, Text string
	Hint        string // not in a SelectField
	On          bool
}

// OptionGroup is a labelled set of options; with Label "" they stand bare.
type OptionGroup struct {
	Label   string
	Options []Option
}

// Options puts plain options into the form that SelectField takes.
func Options(options ...Option) []OptionGroup { return []OptionGroup{{Options: options}} }

// FieldError is one line of an ErrorSummary; without Field it stands as plain text.
type FieldError struct{ Field, Text string }

// Filter is a FilterBar.
type Filter struct {
	Action string // GET
	Search *Field // the box that is always in view
	Open   bool   // on a phone: the further fields are unfolded
	Chips  []Chip // what is filtered by now
	Clear  string // address without any filter
	Keep   []Hidden
}

// Chip is a filter in force; Remove is the address without it.
type Chip struct{ Text, Remove string }

// Hidden is a value that a form carries along.
type Hidden struct{ Name, Value string }

// Confirm is a ConfirmForm: what is about to happen, to how many and to which, before
// it is done.
type Confirm struct {
	Action string // POST
	Title  string // h2; "" where the page's h1 says it
	Text   string
	Count  int      // shown large where it is more than 0
	Items  []string // the things themselves, or the first of them
	Submit Btn
	Cancel string // address to go back to
	Hidden []Hidden
}

func (f Field) searchBox() Field {
	f.Type = "search"
	if f.Autocomplete == "" {
		f.Autocomplete = "off"
	}
	return f
}
