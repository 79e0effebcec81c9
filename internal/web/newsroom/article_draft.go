package newsroom

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// draft fills a new article from the record that the address names, in Vietnamese: a draft
// in one press.
func (f *Face) draft(r *http.Request, v *articleForm, tree *org.Tree) error {
	q := r.URL.Query()
	switch {
	case !v.First:
		return nil
	case q.Get("entry") != "":
		return f.fromEntry(r, v, tree, q.Get("entry"))
	case q.Get("decision") != "":
		return f.fromDecision(r, v, tree, q.Get("decision"))
	case q.Get("conference") != "":
		return f.fromConference(r, v, tree, q.Get("conference"))
	}
	return nil
}

// fromEntry fills the form from a practice of the register, with what readers may see of it:
// who has not agreed to be named is not named by a press of a button.
func (f *Face) fromEntry(r *http.Request, v *articleForm, tree *org.Tree, code string) error {
	e, err := f.Practices.Get(r.Context(), webkit.Actor(r), code)
	if err != nil {
		return err
	}
	e = e.ForReaders()
	unit, _ := tree.Unit(e.Unit)
	var body strings.Builder
	for _, part := range e.Parts.All() {
		if *part.Text == "" {
			continue
		}
		body.WriteString("<h2>" + plain(i18n.Vi.T(part.Label)) + "</h2>")
		for line := range strings.SplitSeq(*part.Text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				body.WriteString("<p>" + plain(line) + "</p>")
			}
		}
	}
	v.Start("unit", unit.Code, "category", string(press.Model), "title", e.Title, "body", body.String())
	v.startLinks([]press.Link{{Kind: press.ToPractice, ID: e.ID}})
	return nil
}

// fromDecision fills the form from a decision: its figures are references to the register,
// and it names those alone whom the public may know.
func (f *Face) fromDecision(r *http.Request, v *articleForm, tree *org.Tree, id string) error {
	h, err := f.Press.HonoursOf(r.Context(), webkit.Actor(r), id)
	if err != nil {
		return err
	}
	vi, d := i18n.Vi, h.Decision
	authority := desk.UnitName(tree, d.Authority, d.SignedOn)
	var body strings.Builder
	body.WriteString("<p>" + plain(vi.T(i18n.ArticledeskDraftPaper, d.SignedOn, authority, strings.ToLower(vi.T(desk.PaperKindWord(d.Paper))), d.Number, d.Title)) + "</p>")
	if len(h.Figures) > 0 {
		body.WriteString("<p>" + plain(vi.T(i18n.ArticledeskDraftFigures, d.On, h.Movement.Name)) + "</p>" + figureList(h.Figures))
	}
	body.WriteString(honouredText(h.Names, h.Models, i18n.ArticledeskDraftOthers, h.Others))
	unit, _ := tree.Unit(d.Authority)
	v.Start("unit", unit.Code, "category", string(press.Honour), "title", d.Title, "body", body.String())
	v.startLinks(h.Links)
	return nil
}

// figureList lists figures of a text, each with its place in the register.
func figureList(all []press.Offer) string {
	var b strings.Builder
	b.WriteString("<ul>")
	for _, c := range all {
		kind := ""
		if c.Kind != 0 {
			kind = " " + plain(strings.ToLower(i18n.Vi.T(c.Kind.Label())))
		}
		b.WriteString("<li>" + plain(i18n.Vi.T(c.Label())) + ": " + figureMark(c) + kind + "</li>")
	}
	b.WriteString("</ul>")
	return b.String()
}

// honouredText tells who is honoured: by name whom the public may know, the others counted.
func honouredText(names, models []string, more i18n.Key, others int) string {
	vi := i18n.Vi
	text := namedList(vi.T(i18n.ArticledeskDraftNames), names) + namedList(vi.T(i18n.ArticledeskDraftModels), models)
	if others > 0 {
		text += "<p>" + plain(vi.T(more, others)) + "</p>"
	}
	return text
}

// fromConference fills the form from a conference: when, where and in honour of what it was
// held, its programme without names, the figures of its report as references, what was
// spoken of, and those honoured whom the public may know.
func (f *Face) fromConference(r *http.Request, v *articleForm, tree *org.Tree, id string) error {
	m, err := f.Press.MeetingOf(r.Context(), webkit.Actor(r), id)
	if err != nil {
		return err
	}
	vi, c := i18n.Vi, m.Conference
	host, _ := tree.Unit(m.Movement.Unit)
	title := strings.Replace(c.Title, "Hội nghị", "hội nghị", 1) // within a sentence
	where := vi.T(i18n.ArticledeskDraftMeetingOn, c.On, c.Place)
	if c.Begins != "" {
		where = vi.T(i18n.ArticledeskDraftMeetingAt, c.Begins, c.On, c.Place)
	}
	if c.Occasion != "" {
		where += " " + vi.T(i18n.ArticledeskDraftOccasion, c.Occasion)
	}
	var body strings.Builder
	body.WriteString("<p>" + plain(where) + "</p>")
	var points []string
	for _, it := range c.Programme {
		points = append(points, strings.TrimSpace(it.Begins+" "+it.What))
	}
	body.WriteString(namedList(vi.T(i18n.ConferencepageProgramme), points))
	if len(m.Figures) > 0 {
		body.WriteString("<h2>" + plain(vi.T(i18n.ArticledeskDraftReport)) + "</h2>")
	}
	for rest := m.Figures; len(rest) > 0; {
		n := slices.IndexFunc(append(rest, press.Offer{}), func(o press.Offer) bool { return o.AsOf != rest[0].AsOf })
		body.WriteString("<p>" + plain(vi.T(i18n.ArticledeskDraftFigures, rest[0].AsOf, m.Movement.Name)) + "</p>" + figureList(rest[:n]))
		rest = rest[n:]
	}
	body.WriteString(namedList(vi.T(i18n.ArticledeskDraftSpeeches), m.Speeches))
	if m.Unheard > 0 {
		body.WriteString("<p>" + plain(vi.T(i18n.ArticledeskDraftUnheard, m.Unheard)) + "</p>")
	}
	body.WriteString(honouredText(m.Names, m.Models, i18n.ArticledeskDraftOthersMeeting, m.Others))
	v.Start("unit", host.Code, "category", string(press.News), "title", c.Title, "lead", vi.T(i18n.ArticledeskDraftMeeting, c.On, host.NameOn(c.On), title), "body", body.String(), "event", c.Occasion, "eventOn", c.On.String())
	v.startLinks(m.Links)
	return nil
}

// figureMark is a number that names its place in the register.
func figureMark(c press.Offer) string {
	return `<data value="` + plain(c.String()) + `">` + strconv.Itoa(c.Count) + `</data>`
}

func namedList(heading string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<h2>" + plain(heading) + "</h2><ul>")
	for _, n := range names {
		b.WriteString("<li>" + plain(n) + "</li>")
	}
	b.WriteString("</ul>")
	return b.String()
}

// plain writes a text so that it stands for itself in HTML.
func plain(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;").Replace(s)
}

// figureChoices are the figures that the editor offers.
func (f *Face) figureChoices(r *http.Request) ([]ui.FigureChoice, error) {
	lang := webkit.Lang(r)
	all, err := f.Press.Offered(r.Context(), webkit.Actor(r))
	if err != nil {
		return nil, err
	}
	var choices []ui.FigureChoice
	for _, c := range all {
		kind := lang.T(i18n.ArticledeskFigureAll)
		if c.Kind != 0 {
			kind = strings.ToLower(lang.T(c.Kind.Label()))
		}
		choices = append(choices, ui.FigureChoice{
			Value: c.String(), Count: strconv.Itoa(c.Count),
			Text: lang.T(i18n.ArticledeskFigureChoice, lang.T(c.Label()), kind, c.Count, c.Movement, c.AsOf),
		})
	}
	return choices, nil
}

// The fields of what an article is about: the chosen ones, and all that stood in the form.
const (
	fieldLink  = "link"
	fieldLinks = "links"
)

// startLinks offers what the article is about, ticked.
func (v articleForm) startLinks(links []press.Link) {
	for _, l := range links {
		if v.First {
			v.Values.Add(fieldLink, l.Value())
		}
		v.Values.Add(fieldLinks, l.Value())
	}
}

// chosenLinks reads what is ticked: links that the article had before, and others to what
// the writer sees.
func (f *Face) chosenLinks(r *http.Request, values url.Values, before []press.Link) ([]press.Link, error) {
	named, err := f.Press.Named(r.Context(), webkit.Actor(r), linksOf(values[fieldLink]))
	var all []press.Link
	for _, l := range named {
		if l.Title != "" || slices.Contains(before, l.Link) {
			all = append(all, l.Link)
		}
	}
	return all, err
}

func linksOf(values []string) []press.Link {
	var all []press.Link
	for _, value := range values {
		if l, ok := press.ReadLink(value); ok {
			all = append(all, l)
		}
	}
	return all
}

// linkOptions names what the article is about, ticked where it still is.
func (f *Face) linkOptions(r *http.Request, v articleForm) ([]ui.Option, error) {
	lang := webkit.Lang(r)
	chosen := linksOf(v.Values[fieldLink])
	named, err := f.Press.Named(r.Context(), webkit.Actor(r), offeredLinks(v.Values))
	if err != nil {
		return nil, err
	}
	var options []ui.Option
	for _, l := range named {
		options = append(options, ui.Option{
			Value: l.Value(), Text: lang.T(l.Kind.Label()) + ": " + linkText(lang, l), On: slices.Contains(chosen, l.Link),
		})
	}
	return options, nil
}

// offeredLinks are the links that stand in the form, ticked or not, each once.
func offeredLinks(values url.Values) []press.Link {
	var all []press.Link
	for _, l := range linksOf(slices.Concat(values[fieldLinks], values[fieldLink])) {
		if !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

func linkText(lang i18n.Lang, l press.Linked) string {
	switch {
	case l.Title == "":
		return lang.T(i18n.ArticledeskLinkHidden)
	case l.Code == "":
		return l.Title
	}
	return l.Code + " · " + l.Title
}
