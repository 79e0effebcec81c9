package steering

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// iCalendar writes a calendar as RFC 5545 has it: a phase as an event of whole days, a duty
// as one on the day on which it is due.
func iCalendar(lang i18n.Lang, c calendarOf, now time.Time) string {
	var b strings.Builder
	line := func(name, value string) { b.WriteString(folded(name + ":" + value)) }
	event := func(id, summary, text string, from, to clock.Date) {
		line("BEGIN", "VEVENT")
		line("UID", id+"@nhanrong")
		line("DTSTAMP", now.UTC().Format("20060102T150405Z"))
		line("DTSTART;VALUE=DATE", compact(from))
		line("DTEND;VALUE=DATE", compact(to+1)) // the day after
		line("SUMMARY", escaped(summary))
		if text != "" {
			line("DESCRIPTION", escaped(text))
		}
		line("TRANSP", "TRANSPARENT")
		line("END", "VEVENT")
	}
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Nhan Rong//Calendar//VI")
	line("CALSCALE", "GREGORIAN")
	line("X-WR-CALNAME", escaped(c.movement.Name))
	for _, p := range c.Phases {
		event(p.ID, p.Name, lang.T(p.Kind.Label()), p.Opens, p.Deadline(c.Off))
	}
	for _, d := range c.Duties {
		summary := d.Title
		if d.Done() {
			summary = lang.T(i18n.SteeringDone) + ": " + summary
		}
		event(d.ID, summary, strings.TrimSpace(c.owner(lang, d)+"\n"+d.Note), d.Due, d.Due)
	}
	line("END", "VCALENDAR")
	return b.String()
}

func compact(d clock.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// escaped writes a text as a value.
func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
}

// maxLine is how many octets a line has at most.
const maxLine = 75

// folded breaks a line that is too long; a letter is never cut.
func folded(s string) string {
	var b strings.Builder
	length := 0
	for _, r := range s {
		if n := utf8.RuneLen(r); length+n > maxLine {
			b.WriteString("\r\n ")
			length = 1
		}
		b.WriteRune(r)
		length += utf8.RuneLen(r)
	}
	return b.String() + "\r\n"
}
