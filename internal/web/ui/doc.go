// Package ui is the look of the pages: tokens, style sheet, fonts, icons, layouts and
// components. It knows nothing of the domain and decides nothing: a handler fills typed
// values in, and templ writes the page.
//
// A page is one layout around components; the layout's [Page] says who looks, in which
// language, and where in the site:
//
//	templ register(p ui.Page, v view) {
//		@ui.Desk(p) {
//			@ui.PageHead("Sổ đăng ký", v.lead, ui.LinkButton(ui.Btn{…}))
//			@ui.Tabs(p, v.label, v.tabs)
//			@ui.FilterBar(p, v.filter) { @ui.SelectField(p, v.unit, v.units) }
//			@ui.DataTable(p, v.table) { @ui.Pager(p, v.paging) }
//		}
//	}
//
// Layouts: Desk(p), Portal(p): the page brings its one h1 by PageHead; Plain(p): the h1
// is p.Title. The layouts speak to SignInPath, SignOutPath and LangPath.
//
// Components (those with {…} take children):
//
//	PageHead(title, lead, actions…)     Button(Btn)  LinkButton(Btn)  ButtonRow() {…}
//	Card(title, actions…) {…}           Split(aside) {…}  Columns() {…}  Prose() {…}
//	Badge(text, tone)                   IconBadge(text, tone, icon)  StepBar(p, done, total)
//	Callout(tone, title) {…}            EmptyState(icon, title, text, action)
//	DefinitionList(defs)                KeyValues(defs)  FactStrip(defs)  MetaLine(items…)
//	Timeline(p, events)                 Avatar(name, unit)  Day(p, date)  Moment(p, time)
//	Tabs(p, label, tabs)                FilterBar(p, Filter) {…}
//	DataTable(p, Table) {…}             Pager(p, Paging)
//	Form(FormOptions) {…}               FormPart(legend) {…}  FormGrid() {…}  FormActions() {…}
//	TextField(p, Field)                 TextArea  DateField  FileField
//	SelectField(p, Field, groups)       RadioGroup(p, Field, options)  CheckGroup
//	CheckField(p, Field, on)            HiddenField(name, value)
//	ErrorSummary(p, list)               ConfirmForm(p, Confirm) {…}
//	StatTiles() {…}  StatTile(Stat)     ProgressBar(p, Progress)
//	FunnelChart(p, Funnel)              BarChart(p, Bars)  LineChart(p, Line)
//	Tiles() {…}  PracticeCard(p, PracticeTile)  Cover(PracticeTile)  Feature(label, PracticeTile)
//	SectionHead(title, Link)            SearchForm(action, label, button)
//	Icon.Draw()                         SafeURL(address)
//
// Static files are served by [Static] under names that hold their hash; [Asset] gives
// the name.
//
// # Rules
//
// The content security policy allows no inline style and no inline script: widths go
// by SVG attributes and classes. Everything works without the script, which only
// remembers the theme, asks before a doubtful step ([Btn].Confirm) and before unsaved
// input is left ([FormOptions].Guard). Vietnamese is set with lines of at least 1.24 in
// headings and 1.65 in text, and is never cut off: long names wrap.
package ui
