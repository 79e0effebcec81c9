package cli

import (
	_ "embed"
	"runtime"

	"fyne.io/systray"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// trayIcon is the emblem of the pages in 16, 32 and 48 pixels.
//
//go:embed tray.ico
var trayIcon []byte

// tray puts an icon beside the clock by which whoever started the program with a double
// click finds its pages again and ends it. Where Windows cannot show one the program runs
// without. The function that it gives takes the icon away.
func (c *call) tray(address string, stop func()) (remove func()) {
	go func() {
		runtime.LockOSThread() // the icon's messages come to the thread that made it
		systray.Run(func() { c.trayMenu(address, stop) }, nil)
	}()
	return systray.Quit
}

func (c *call) trayMenu(address string, stop func()) {
	systray.SetIcon(trayIcon)
	systray.SetTooltip(c.lang.T(i18n.CliTray, address))
	open := systray.AddMenuItem(c.lang.T(i18n.CliTrayOpen), address)
	end := systray.AddMenuItem(c.lang.T(i18n.CliTrayStop), "")
	go func() {
		for {
			select {
			case <-open.ClickedCh:
				if err := browser(c.ctx, address).Start(); err != nil {
					c.say(i18n.CliNoBrowser, address, err.Error())
				}
			case <-end.ClickedCh:
				stop()
				return
			}
		}
	}()
}
