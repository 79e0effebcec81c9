package app

import (
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
)

// The roles that an account can be given at a unit.
const (
	RoleAdministrator = identity.Administrator
	RoleOfficer       = "officer"  // of the standing body
	RoleReporter      = "reporter" // of a unit
	RoleLeader        = "leader"   // reads
)

// Roles names the rights of each role.
func Roles() map[string][]actor.Right {
	leader := []actor.Right{
		org.RightRead, rulebook.RightRead, movement.RightRead, practice.RightRead, replication.RightRead, award.RightRead,
		conference.RightRead, press.RightRead, report.RightRead, review.RightRead, appraisal.RightRead,
		paper.RightRead, parcel.RightRead,
	}
	reporter := append(slices.Clone(leader), practice.RightRegister, replication.RightAdopt, conference.RightAnswer, press.RightWrite, appraisal.RightReport)
	officer := append(
		slices.Clone(reporter), org.RightManage, identity.RightRead, movement.RightManage, movement.RightDecide, movement.RightDecideAbove,
		practice.RightOnBehalf, practice.RightReceive, practice.RightRecognise, practice.RightReclassify, practice.RightFind,
		practice.RightPublish, award.RightGive, replication.RightVoid, conference.RightManage, press.RightPublish, press.RightModerate,
		outbox.RightRead, outbox.RightManage, review.RightManage, appraisal.RightAppraise, report.RightWrite, report.RightFreeze, paper.RightMake, paper.RightTemplate,
		parcel.RightSend, parcel.RightReceive,
	)
	administrator := append(slices.Clone(officer), identity.RightManage, rulebook.RightManage, review.RightOverride, privacy.RightManage)
	return map[string][]actor.Right{
		RoleAdministrator: administrator, RoleOfficer: officer, RoleReporter: reporter, RoleLeader: leader,
	}
}

// RoleNames lists the roles in the order of forms.
func RoleNames() []string { return []string{RoleAdministrator, RoleOfficer, RoleReporter, RoleLeader} }
