// Command nhanrong runs a "Dân vận khéo" emulation movement: the pages, the register,
// the figures, and everything that an operator does on the command line.
package main

import (
	"context"
	"os"
	"runtime/debug"

	"github.com/nhanrong/nhanrong/internal/cli"
)

func main() {
	os.Exit(cli.Run(context.Background(), os.Args[1:], os.Getenv,
		cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, version()))
}

// version is that of the module, with the commit, as the toolchain stamped it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}
