package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// document is docs/benchmarks.md.
type document struct {
	settings settings
	machine  []string
	engines  []engineFigures
	binary   int64 // bytes
}

// describeMachine says on what it was measured.
func describeMachine() []string {
	return []string{
		fmt.Sprintf("%d cores: %s", runtime.NumCPU(), firstValue("/proc/cpuinfo", "model name")),
		"memory: " + firstValue("/proc/meminfo", "MemTotal"),
		"system: " + firstValue("/etc/os-release", "PRETTY_NAME") + ", kernel " + firstLine("/proc/sys/kernel/osrelease"),
		"compiler: " + runtime.Version(),
	}
}

func firstValue(file, key string) string {
	raw, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, key); ok {
			return strings.Trim(strings.TrimLeft(rest, " \t:="), "\"\n ")
		}
	}
	return "unknown"
}

func firstLine(file string) string {
	raw, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(raw))
}

func (d document) write(path string) error {
	var b bytes.Buffer
	size := d.settings.size()
	fmt.Fprintf(&b, "# Benchmarks\n\nWritten by `make bench` on %s; do not edit by hand.\n\n", time.Now().Format(time.DateOnly)) //nolint:forbidigo // the day of the measuring
	fmt.Fprintf(&b, "Data: %s entries in each of %d periods, %s units, made-up texts of realistic length, loaded by the batch verbs.\n", thousands(size.Entries), size.Years, thousands(2+size.Communes*(size.Groups+1)))
	fmt.Fprintf(&b, "Each figure is the median of %d rounds of %d random draws (%d in all), after a warm-up: p50 / p95 in milliseconds, inside the server, the whole page with its HTML. ", d.settings.rounds, d.settings.draws, d.settings.rounds*d.settings.draws)
	b.WriteString("\"Beside eight\" is the same while eight readers ask for pages of every kind without a pause, on the same cores, with a quarter of the draws. The floor was measured in the same run; the ratio is that of the p95 alone.\n\nMachine:\n\n")
	for _, line := range d.machine {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	for _, e := range d.engines {
		e.write(&b)
	}
	fmt.Fprintf(&b, "\n## The program\n\n| | bar | measured |\n|---|--:|--:|\n| binary, stripped | 50 MB | %.1f MB |\n", float64(d.binary)/1e6)
	b.WriteString("\nA bar that is not met is marked with ✗.\n")
	return os.WriteFile(path, b.Bytes(), 0o644)
}

func (e engineFigures) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n| question | bar | alone | beside eight | floor | ratio | the floor is |\n|---|--:|--:|--:|--:|--:|---|\n", e.engine, e.version)
	for _, f := range e.figures {
		bars := fmt.Sprintf("%.0f", f.bar)
		if f.barBeside > 0 {
			bars += fmt.Sprintf(", beside eight %.0f", f.barBeside)
		}
		fmt.Fprintf(b, "| %s | %s | %.1f / %.1f%s | %.1f / %.1f%s | %.2f / %.2f | %.0f | %s |\n", f.name, bars,
			f.alone.p50, f.alone.p95, missed(f.alone.p95, f.bar), f.beside.p50, f.beside.p95, missed(f.beside.p95, f.barBeside),
			f.floor.p50, f.floor.p95, f.alone.p95/max(f.floor.p95, 0.001), f.floorNamed)
	}
	p := e.process
	fmt.Fprintf(b, "\n| process | bar | measured |\n|---|--:|--:|\n| cold start on this database | 250 ms | %.0f ms%s |\n| resident, idle | 60 MB | %.0f MB%s |\n| resident at most, under %d readers (%.0f pages a second) | 250 MB | %.0f MB%s |\n",
		p.coldStart, missed(p.coldStart, 250), p.idle, missed(p.idle, 60), p.readers, p.pagesASecond, p.underLoad, missed(p.underLoad, 250))
}

func missed(got, bar float64) string {
	if bar > 0 && got > bar {
		return " ✗"
	}
	return ""
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	if len(s) > 3 {
		return s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}
