package main

import (
	"bytes"
	"context"
	"fmt"
	"time"
)

// crowdHeading begins the part of docs/benchmarks.md about the public site.
const crowdHeading = "\n## The public site under a crowd\n"

// writeCrowds measures the public site and writes its part of the page of figures anew.
func writeCrowds(ctx context.Context, s settings, folder, binary string) error {
	all, err := measureCrowds(ctx, s, folder, binary)
	if err != nil {
		return err
	}
	b := &bytes.Buffer{}
	size := s.crowd()
	fmt.Fprintf(b, "\nWritten by `make bench`, or by `go run ./tools/bench -crowd` for this part alone, on %s. The site holds %s articles, %s opinions that are shown, and the sample story, loaded by the batch verbs. ",
		time.Now().Format(time.DateOnly), thousands(size.articles), thousands(size.opinions)) //nolint:forbidigo // the day of the measuring
	fmt.Fprintf(b, "%d connections, kept open, ask as a browser without an account does (gzip, Vietnamese), without a pause, for %s, three times; the round in the middle is told. ",
		crowdConns, crowdLength)
	b.WriteString("The floor is bare net/http with one fixed answer: the same bytes, packed before, two headers; it is a process of its own and takes its turn before each round. The load comes from the same machine and takes its share of the two processors on both sides; the time of the processor is the server's alone. \"Article\" is ")
	fmt.Fprintf(b, "%d articles in turn; \"made anew\" are articles that are not on the shelf.\n", crowdHottest)
	for _, f := range all {
		f.write(b)
	}
	return section(s.out, crowdHeading, b.String())
}

func (f crowdFigures) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n### %s\n\n| page | bytes | pages a second | fixed page | ratio | bar | p50 / p99, ms | processor, µs | of the fixed page |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n", f.engine)
	for _, p := range f.pages {
		bar := "–"
		if p.bar > 0 {
			bar = fmt.Sprintf("%.1f", p.bar)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %.2f%s | %s | %.1f / %.1f%s | %.0f | %.0f |\n", p.name, thousands(p.bytes), thousands(int(p.page.perSecond)),
			thousands(int(p.bare.perSecond)), p.ratio(), missed(p.bar, p.ratio()), bar, p.page.p50, p.page.p99, missed(p.page.p99, slowest(p)), p.cpu, p.floor)
	}
	fmt.Fprintf(b, "\nThe bar of p99 is %d ms. Resident at most under all of this: %.0f MB%s (bar: %d MB). The machine's load before it began: %s.\n", slowestPage, f.memory, missed(f.memory, mostMemory), mostMemory, f.load)
	if f.storm != nil {
		f.storm.write(b)
	}
}

// slowest is the bar of the time of a page, where it has one.
func slowest(p crowdPage) float64 {
	if p.bar == 0 {
		return 0
	}
	return slowestPage
}

func (s stormFigures) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "\nA storm, on a copy of these data: for %s, %d connections rate %d articles and %d send opinions, without a pause, each time from another network and as another device, while %d others, a process of their own, read those articles, %.0f pages a second. Before it, each for a quarter of the time: the same readers without a pause, as the crowd above, and at their pace, while nobody writes; at their pace beside ratings at the pace of the bar; and ratings and readers both without a pause, who then share two processors with each other and with what drives them. At the end the program is killed (SIGKILL), and what it had acknowledged is counted. \"Quiet\" in the bar is the crowd while nobody writes: at a tenth of a millisecond a page, the pace alone shows nothing but how soon the operating system wakes a process.\n",
		s.length, stormConns, stormArticles, opinionConns, stormReaders, float64(stormReaders)/stormPause.Seconds())
	fmt.Fprintf(b, "\n| storm | bar | measured |\n|---|--:|--:|\n| durable ratings a second | %s | %s%s |\n| opinions a second beside them | – | %.0f |\n",
		thousands(votesASecond), thousands(int(s.votes.perSecond)), missed(votesASecond, s.votes.perSecond), s.opinions.perSecond)
	fmt.Fprintf(b, "| a rating, p50 / p99 | – | %.0f / %.0f ms |\n| an opinion, p50 / p99 | – | %.0f / %.0f ms |\n", s.votes.p50, s.votes.p99, s.opinions.p50, s.opinions.p99)
	fmt.Fprintf(b, "| answers 5xx | 0 | %d |\n| acknowledged and lost | 0 | %d |\n", s.faults(), s.lost)
	bar := 2 * s.crowd.p99
	reading := func(name, bar string, a asked, miss string) {
		fmt.Fprintf(b, "| reading, p50 / p99, %s | %s | %.1f / %.1f ms%s |\n", name, bar, a.p50, a.p99, miss)
	}
	reading(fmt.Sprintf("quiet: a crowd without a pause, %s pages a second", thousands(int(s.crowd.perSecond))), "–", s.crowd, "")
	reading("quiet, at the pace", "–", s.quiet, "")
	reading(fmt.Sprintf("at the pace beside %s ratings a second", thousands(int(s.paced.perSecond))), "2 × quiet", s.calm, missed(s.calm.p99, bar))
	reading("at the pace in the storm", "2 × quiet", s.beside, missed(s.beside.p99, bar))
	reading(fmt.Sprintf("both without a pause: %s pages and %s ratings a second", thousands(int(s.crowded.perSecond)), thousands(int(s.both.perSecond))), "2 × quiet", s.crowded, missed(s.crowded.p99, bar))
	fmt.Fprintf(b, "| resident at most | – | %.0f MB |\n", s.memory)
}

// faults counts the answers that say that the program failed.
func (s stormFigures) faults() int {
	n := 0
	for _, a := range []asked{s.votes, s.opinions, s.beside, s.paced, s.calm, s.both, s.crowded} {
		for status, of := range a.other {
			if status >= 500 {
				n += of
			}
		}
	}
	return n
}
