//go:build !unix

package office

import "os/exec"

// alone has a program end when it is told to; only Unix knows groups of programs.
func alone(*exec.Cmd) {}
