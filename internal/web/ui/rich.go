package ui

import "github.com/nhanrong/nhanrong/internal/platform/i18n"

// FigureChoice is a figure of the register that can be put into a text as a reference.
type FigureChoice struct {
	Value string // by which the text names it
	Count string // as the register counts it now
	Text  string // which figure it is
}

// PhotoChoice is a photo that can be put into a text.
type PhotoChoice struct {
	ID   string // by which the text names it
	Text string // which photo it is
	Src  string // where it is in a small size
}

// richTool is a button of the editor's toolbar; the script knows it by do.
type richTool struct {
	do      string
	icon    Icon
	label   i18n.Key
	keys    string // by which it is reached from the text
	toggles bool   // it is pressed where the text has it
}

// richTools are the buttons in their groups.
func richTools() [][]richTool {
	return [][]richTool{
		{
			{"h2", IconHeading2, i18n.UiRichH2, "Ctrl+Alt+2", true},
			{"h3", IconHeading3, i18n.UiRichH3, "Ctrl+Alt+3", true},
		},
		{
			{"bold", IconBold, i18n.UiRichBold, "Ctrl+B", true},
			{"italic", IconItalic, i18n.UiRichItalic, "Ctrl+I", true},
		},
		{
			{"bullets", IconList, i18n.UiRichBullets, "Ctrl+Shift+8", true},
			{"numbers", IconListOrdered, i18n.UiRichNumbers, "Ctrl+Shift+7", true},
			{"quote", IconTextQuote, i18n.UiRichQuote, "Ctrl+Shift+B", true},
		},
		{
			{"link", IconLink, i18n.UiRichLink, "Ctrl+K", true},
			{"figure", IconHash, i18n.UiRichFigure, "", true},
			{"photo", IconImage, i18n.UiRichPhoto, "", true},
		},
		{
			{"undo", IconUndo2, i18n.UiRichUndo, "Ctrl+Z", false},
			{"redo", IconRedo2, i18n.UiRichRedo, "Ctrl+Y", false},
		},
		{{"source", IconCode, i18n.UiRichSource, "", true}},
	}
}

// title is what the button says when it is pointed at.
func (t richTool) title(p Page) string {
	if t.keys == "" {
		return p.T(t.label)
	}
	return p.T(t.label) + " (" + t.keys + ")"
}
