//go:build unix && !linux

package main

import "syscall"

// attributes gives the server a user and a process group of its own, so that Ctrl-C
// reaches it last.
func attributes(runAs *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: runAs, Setpgid: true}
}

// fastFolder is the usual temporary folder.
func fastFolder() string { return "" }
