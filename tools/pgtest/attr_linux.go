package main

import "syscall"

// attributes gives the server a user, a process group of its own, so that Ctrl-C reaches
// it last, and an end where pgtest itself is killed.
func attributes(runAs *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: runAs, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
}

// fastFolder is where a throw-away cluster is made: in memory where there is room for it,
// because each test copies a whole database, which is five times faster there.
func fastFolder() string {
	const memory, room = "/dev/shm", 2 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < room {
		return ""
	}
	return memory
}
