//go:build unix

package office

import (
	"os/exec"
	"syscall"
)

// alone has a program and all that it starts end together: LibreOffice is a script that
// starts another program, which would outlive it.
func alone(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
