package cli

import (
	"github.com/nhanrong/nhanrong/internal/app/archive"
	"github.com/nhanrong/nhanrong/internal/app/doctor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// doctorCmd says what is wrong and how to mend it, and changes nothing.
type doctorCmd struct {
	JSON bool `name:"json" help:"${cli_json}"`
}

// finding is a finding as a script reads it.
type finding struct {
	Part  string       `json:"part"`
	Grade doctor.Grade `json:"grade"`
	Found string       `json:"found"`
	Mend  string       `json:"mend,omitempty"`
}

// Run looks at everything; faults give the exit code of damage.
func (cmd doctorCmd) Run(c *call) error {
	counts := map[doctor.Grade]int{}
	var failed error
	err := doctor.Look(c.ctx, doctor.Patient{Config: c.cfg, Now: clock.System, Progress: archive.Progress(c.progress())}, func(f doctor.Finding) {
		counts[f.Grade]++
		if cmd.JSON {
			failed = c.line(finding{i18n.En.T(f.Part), f.Grade, f.Found.In(c.lang), f.Mend.In(c.lang)})
			return
		}
		marks := map[doctor.Grade]i18n.Key{doctor.Sound: i18n.DoctorMarkSound, doctor.Warning: i18n.DoctorMarkWarning, doctor.Fault: i18n.DoctorMarkFault}
		c.say(i18n.DoctorLine, c.lang.T(marks[f.Grade]), c.lang.T(f.Part), f.Found.In(c.lang))
		if mend := f.Mend.In(c.lang); mend != "" {
			c.say(i18n.DoctorMend, mend)
		}
	})
	switch {
	case err != nil:
		return c.explain(err)
	case failed != nil:
		return failed
	case counts[doctor.Fault] > 0:
		return refusal{codeDamaged, c.lang.T(i18n.DoctorFaults, counts[doctor.Fault], counts[doctor.Warning]), nil}
	case cmd.JSON:
	case counts[doctor.Warning] > 0:
		c.say(i18n.DoctorWarnings, counts[doctor.Warning])
	default:
		c.say(i18n.DoctorAllSound, counts[doctor.Sound])
	}
	return nil
}
