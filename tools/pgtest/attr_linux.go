package main

import "syscall"

// attributes gives the server a user, a process group of its own, so that Ctrl-C reaches
// it last, and an end where pgtest itself is killed.
func attributes(runAs *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: runAs, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
}
