package appraisal

import (
	"slices"

	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// refusals gather why some of many entries cannot go along: one line for each cause, with
// the codes of those that it holds back.
type refusals struct {
	causes []cause
	codes  map[cause][]string
}

// cause is a message, and the verdict that it names where it names one.
type cause struct {
	key     i18n.Key
	verdict Verdict
}

func (x *refusals) add(key i18n.Key, verdict Verdict, code string) {
	c := cause{key, verdict}
	if x.codes == nil {
		x.codes = map[cause][]string{}
	}
	if len(x.codes[c]) == 0 {
		x.causes = append(x.causes, c)
	}
	x.codes[c] = append(x.codes[c], code)
}

// take gathers an error about an entry, if it is one that people are told; none is fine.
func (x *refusals) take(err error, code string) bool {
	all := errs.All(err)
	for _, e := range all {
		x.add(e.Key, NoVerdict, code)
	}
	return err == nil || len(all) > 0
}

func (x *refusals) err() error {
	var l errs.List
	for _, c := range x.causes {
		codes := slices.Clone(x.codes[c])
		switch {
		case c.key == i18n.AppraisalNotGoing || c.key == i18n.AppraisalNoVerdict:
			l.Add("entries", c.key, named(codes))
		case c.verdict != NoVerdict:
			l.Add("entries", c.key, named(codes), c.verdict.Label())
		default:
			l.Add("entries", i18n.AppraisalOfEntries, named(codes), c.key)
		}
	}
	return l.Err()
}
