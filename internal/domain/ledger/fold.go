package ledger

import (
	"cmp"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/org"
)

// span is a stretch of days during which a mark was in force: from on, up to but not
// with off.
type span struct{ on, off int }

func (s span) holds(day int) bool { return s.on <= day && day < s.off }

// timeline is what the acts on one entry or subject amount to.
type timeline struct {
	marks  [allMarks][]span
	attrs  []attrFrom // in the order of days; the first holds from the beginning
	status Status
}

type attrFrom struct {
	day  int
	attr Attr
}

// fold replays the acts day by day. What is true at the end of a day is true of the
// day.
func fold(acts []Act) timeline {
	live := living(acts)
	slices.SortStableFunc(live, func(a, b Act) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID))
	})
	t := timeline{attrs: attributes(live)}
	s := newState(live)
	for i, act := range live {
		s.apply(act)
		if i+1 == len(live) || live[i+1].On != act.On {
			t.mark(s, dayNo(act.On))
		}
	}
	t.status = s.status()
	return t
}

// living leaves out the voided acts and the acts that void, and keeps the order in which
// the others were recorded. An act lives unless a void that itself lives is aimed at it:
// whether it does hangs on the target alone, not on the order of the two.
func living(acts []Act) []Act {
	voids := map[string][]string{} // the voids aimed at an act
	for _, act := range acts {
		if act.Kind == Voided {
			voids[act.Target] = append(voids[act.Target], act.ID)
		}
	}
	known := map[string]bool{}
	var voided func(id string) bool
	voided = func(id string) bool {
		if v, ok := known[id]; ok {
			return v
		}
		known[id] = false // no act can void itself, whatever the rows say
		for _, void := range voids[id] {
			if !voided(void) {
				known[id] = true
				break
			}
		}
		return known[id]
	}
	var live []Act
	for _, act := range acts {
		if act.Kind != Voided && !voided(act.ID) {
			live = append(live, act)
		}
	}
	slices.SortStableFunc(live, func(a, b Act) int { return cmp.Compare(a.ID, b.ID) })
	return live
}

// attributes are fixed when an entry is received (what was written down last before
// that holds from the beginning) and change from a day on by reclassification.
func attributes(live []Act) []attrFrom {
	var base *Act
	for i, act := range live {
		if act.Attr == nil || act.Kind == Reclassified || act.Kind == Adopted {
			continue
		}
		if base == nil || rank(act) > rank(*base) || (rank(act) == rank(*base) && act.ID > base.ID) {
			base = &live[i]
		}
	}
	if base == nil {
		return nil
	}
	all := []attrFrom{{-32768, *base.Attr}}
	for _, act := range live {
		if act.Kind == Reclassified && act.Attr != nil {
			attr := *act.Attr
			attr.Subject = base.Attr.Subject // whose it is does not change with what it is
			all = append(all, attrFrom{dayNo(act.On), attr})
		}
	}
	return all
}

// rank orders the acts that carry attributes: those of the entry's own registration
// outweigh all, and being found outweighs being praised or awarded.
func rank(act Act) int {
	switch act.Kind {
	case Registered, Described, Received, Found:
		return 1
	default:
		return 0
	}
}

// attrOn gives the attributes in force on the day.
func (t timeline) attrOn(day int) Attr {
	var a Attr
	for i, from := range t.attrs {
		if i == 0 || from.day <= day {
			a = from.attr
		}
	}
	return a
}

// has tells whether the mark is in force on the day.
func (t timeline) has(m mark, day int) bool {
	return slices.ContainsFunc(t.marks[m], func(s span) bool { return s.on <= day && day < s.off })
}

// irregular tells whether the timeline is more than one fact row can say: a mark that
// came twice, or attributes that changed.
func (t timeline) irregular() bool {
	for _, spans := range t.marks {
		if len(spans) > 1 {
			return true
		}
	}
	for i := 1; i < len(t.attrs); i++ {
		if t.attrs[i].attr != t.attrs[i-1].attr {
			return true
		}
	}
	return false
}

// first gives the days of a mark's first span, never where there is none.
func (t timeline) first(m mark) span {
	if len(t.marks[m]) == 0 {
		return span{never, never}
	}
	return t.marks[m][0]
}

// mark takes over the state at the end of a day.
func (t *timeline) mark(s *state, day int) {
	for m := range t.marks {
		spans := t.marks[m]
		open := len(spans) > 0 && spans[len(spans)-1].off == never
		switch now := s.has(mark(m)); {
		case now && !open && len(spans) > 0 && spans[len(spans)-1].off == day:
			spans[len(spans)-1].off = never
		case now && !open:
			t.marks[m] = append(spans, span{day, never})
		case !now && open:
			spans[len(spans)-1].off = day
		}
	}
}

// state is what holds after some of the acts.
type state struct {
	flags       [allMarks]bool
	refused     bool
	struckOff   bool
	returned    bool
	recognition map[string]org.Level // acts of recognition in force
	typical     map[string]bool
	awards      map[string]bool
	revoked     map[string]int // the first day of a revocation, by the act it takes back
}

func newState(live []Act) *state {
	s := &state{
		recognition: map[string]org.Level{}, typical: map[string]bool{}, awards: map[string]bool{}, revoked: map[string]int{},
	}
	for _, act := range live {
		if act.Kind == Revoked {
			if day, ok := s.revoked[act.Target]; !ok || dayNo(act.On) < day {
				s.revoked[act.Target] = dayNo(act.On)
			}
		}
	}
	return s
}

func (s *state) apply(act Act) {
	switch act.Kind {
	case Registered:
		s.flags[mRegistered], s.refused, s.returned = true, false, false
	case Withdrawn:
		s.flags[mRegistered] = false
	case Received:
		s.flags[mReceived], s.refused, s.returned, s.struckOff = true, false, false, false
	case StruckOff:
		s.flags[mReceived], s.flags[mFound], s.struckOff = false, false, true
	case Refused:
		s.refused = true
	case Returned, Resubmitted:
		s.returned = act.Kind == Returned
	case Started:
		s.flags[mStarted] = true
	case Suspended, Resumed, Ended:
		s.flags[mSuspended], s.flags[mEnded] = act.Kind == Suspended, act.Kind == Ended
	case Adopted:
		s.flags[mReplicated] = true
	case Found:
		s.flags[mFound] = true
	case Praised:
		s.flags[mPraised] = true
	case Recognised, Typical, Awarded:
		s.decide(act)
	case Revoked:
		delete(s.recognition, act.Target)
		delete(s.typical, act.Target)
		delete(s.awards, act.Target)
	}
}

// decide takes in an act by decision, unless it was revoked before it took effect.
func (s *state) decide(act Act) {
	if day, ok := s.revoked[act.ID]; ok && day <= dayNo(act.On) {
		return
	}
	switch act.Kind {
	case Recognised:
		s.recognition[act.ID] = act.Level
	case Typical:
		s.typical[act.ID] = true
	default:
		s.awards[act.ID] = true
	}
}

func (s *state) has(m mark) bool {
	switch m {
	case mRecognised:
		return len(s.recognition) > 0
	case mCommune, mDistrict, mProvince, mCentral:
		level := org.Levels()[m-mCommune]
		for _, l := range s.recognition {
			if l == level {
				return true
			}
		}
		return false
	case mTypical:
		return len(s.typical) > 0
	case mAwarded:
		return len(s.awards) > 0
	default:
		return s.flags[m]
	}
}

func (s *state) status() Status {
	switch {
	case !s.flags[mRegistered]:
		return StatusWithdrawn
	case s.refused:
		return StatusRefused
	case s.struckOff:
		return StatusStruckOff
	case s.flags[mEnded]:
		return StatusEnded
	case s.flags[mSuspended]:
		return StatusSuspended
	case s.has(mRecognised):
		return StatusRecognised
	case s.returned:
		return StatusReturned
	case s.flags[mReceived] && s.flags[mStarted]:
		return StatusStarted
	case s.flags[mReceived]:
		return StatusReceived
	default:
		return StatusRegistered
	}
}
