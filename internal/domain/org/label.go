package org

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Label is the word for the kind of unit.
func (k Kind) Label() i18n.Key {
	return map[Kind]i18n.Key{
		"commune": i18n.OrgKindCommune, "neighbourhoodGroup": i18n.OrgKindNeighbourhoodGroup, "village": i18n.OrgKindVillage,
		"school": i18n.OrgKindSchool, "police": i18n.OrgKindPolice, "military": i18n.OrgKindMilitary,
		"hospital": i18n.OrgKindHospital, "union": i18n.OrgKindUnion, "front": i18n.OrgKindFront, "party": i18n.OrgKindParty,
		"agency": i18n.OrgKindAgency, "enterprise": i18n.OrgKindEnterprise, "religious": i18n.OrgKindReligious,
		"district": i18n.OrgKindDistrict, "province": i18n.OrgKindProvince, "central": i18n.OrgKindCentral, "other": i18n.OrgKindOther,
	}[k]
}

// Label is the word for the level.
func (l Level) Label() i18n.Key {
	return map[Level]i18n.Key{
		NoLevel: i18n.OrgLevelNone, Commune: i18n.OrgLevelCommune, District: i18n.OrgLevelDistrict,
		Province: i18n.OrgLevelProvince, Central: i18n.OrgLevelCentral,
	}[l]
}

// Label is the word for the tree.
func (t TreeKind) Label() i18n.Key {
	return map[TreeKind]i18n.Key{State: i18n.OrgTreeState, Party: i18n.OrgTreeParty, Sector: i18n.OrgTreeSector}[t]
}

// Label is the word for what happened.
func (k EventKind) Label() i18n.Key {
	return map[EventKind]i18n.Key{
		Merge: i18n.OrgEventMerge, Split: i18n.OrgEventSplit, Rename: i18n.OrgEventRename, Abolish: i18n.OrgEventAbolish,
		Move: i18n.OrgEventMove,
	}[k]
}

// Current is the tree of units as it stands now: for the faces, which name units by it.
// What an actor may see of it is [Service.List].
func (s *Service) Current(ctx context.Context) (*Tree, error) { return s.Tree(ctx, s.db) }
