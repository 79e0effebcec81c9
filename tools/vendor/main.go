// Command vendor brings in the files of other projects that the pages are built with:
// the fonts, the icons, the editor of articles (bundled out of its packages into one
// script), and, for the tests alone, the two checkers of pages.
//
//	go run ./tools/vendor          fetch and write what lock.json names, icons_gen.go too
//	go run ./tools/vendor -check   compare what is here with lock.json; asks nobody
//	go run ./tools/vendor -test    fetch axe-core and the Nu validator into .tools/
//	go run ./tools/vendor -relock  fetch, and write the checksums anew into lock.json
//
// Packages come from the npm registry by exact version and are held to the sha512 of
// their tarball. The registry's address is a matter of the place: it is taken from
// NPM_CONFIG_REGISTRY, else from npm's own setting, and stands in no file of ours.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	mode := options{}
	flag.BoolVar(&mode.check, "check", false, "compare instead of fetching")
	flag.BoolVar(&mode.test, "test", false, "fetch the tools of the tests")
	flag.BoolVar(&mode.relock, "relock", false, "write the checksums anew")
	flag.Parse()
	if err := run(mode); err != nil {
		fmt.Fprintln(os.Stderr, "vendor:", err)
		os.Exit(1)
	}
}

type options struct{ check, test, relock bool }

func run(mode options) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	path := filepath.Join(root, "tools", "vendor", "lock.json")
	lock, err := readLock(path)
	if err != nil {
		return err
	}
	if mode.check {
		return errors.Join(lock.check(root), checkIcons(root))
	}
	for i := range lock.Packages {
		p := &lock.Packages[i]
		if p.Test != mode.test && !mode.relock {
			continue
		}
		if !mode.relock && p.check(root) == nil {
			continue
		}
		fmt.Printf("%s %s\n", p.Name, p.Version)
		if err := p.install(root, mode.relock); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	for i := range lock.Bundles {
		b := &lock.Bundles[i]
		if mode.test || (!mode.relock && b.check(root) == nil) {
			continue
		}
		if err := b.install(root, mode.relock); err != nil {
			return fmt.Errorf("%s: %w", b.To, err)
		}
	}
	if mode.relock {
		if err := lock.write(path); err != nil {
			return err
		}
	}
	if mode.test {
		return nil
	}
	return writeIcons(root)
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above this folder")
		}
		dir = parent
	}
}
