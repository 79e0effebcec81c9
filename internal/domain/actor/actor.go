// Package actor says who is acting: the account, what it may do and which part of the
// unit tree it may see. Every method of a service begins with an [Actor]. The package
// holds types only; package identity makes Actors, and each capability names its own
// rights.
package actor

import (
	"slices"
	"strings"
)

// Right is the permission to do one kind of thing: "practice.register".
type Right string

// Via says through which door an act came.
type Via string

// The doors.
const (
	Web         Via = "web"
	API         Via = "api"
	CommandLine Via = "command line"
	System      Via = "system" // jobs and the sample, acting by themselves
)

// Scope is the part of the counting tree that an actor may see: the paths of the units
// it was given, each standing for its whole subtree. A path is made of four-letter
// steps (see package org), so a prefix of whole steps is an ancestor. The zero Scope
// sees nothing.
type Scope struct {
	Paths []string
	// All is the scope of the whole house: an administrator of the installation.
	All bool
}

// Covers tells whether the path lies in the scope.
func (s Scope) Covers(path string) bool {
	return s.All || slices.ContainsFunc(s.Paths, func(p string) bool { return p != "" && strings.HasPrefix(path, p) })
}

// Machine is the account of what the house does by itself.
const Machine = "system"

// Actor is somebody who does something.
type Actor struct {
	Account string // identity of the account; "" is nobody
	Login   string
	Name    string
	Roles   []string
	Rights  []Right
	Scope   Scope
	Via     Via
	// SystemUser is the operating system's user where the door is the command line.
	SystemUser string
}

// Can tells whether the actor has the right.
func (a Actor) Can(r Right) bool { return slices.Contains(a.Rights, r) }

// Nobody is a visitor without an account.
func Nobody(via Via) Actor { return Actor{Via: via} }
