//go:build !windows

package cli

// tray shows an icon beside the clock on Windows, where a program is started by a double
// click; elsewhere there is none.
func (c *call) tray(string, func()) (remove func()) { return func() {} }
