package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// lockFile says which packages are taken, at which version, and which of their files.
type lockFile struct {
	Packages []pkg    `json:"packages"`
	Bundles  []bundle `json:"bundles"`
}

type pkg struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Licence   string `json:"licence"`
	Integrity string `json:"integrity"` // of the tarball, as npm writes it: "sha512-…"
	Test      bool   `json:"test,omitempty"`
	Files     []file `json:"files,omitempty"`
}

// file is one file of the tarball (its path under "package/"), where it goes, and the
// sha256 of what must then stand there. Boiled says by what it is made smaller on its way.
type file struct {
	From   string `json:"from"`
	Boiled string `json:"boiled,omitempty"`
	To     string `json:"to"`
	SHA256 string `json:"sha256"`
}

func readLock(path string) (lockFile, error) {
	var lock lockFile
	raw, err := os.ReadFile(path)
	if err != nil {
		return lock, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&lock); err != nil {
		return lock, fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	return lock, nil
}

func (l lockFile) write(path string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(l); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// check compares what is committed; the tools of the tests are not.
func (l lockFile) check(root string) error {
	var all []error
	for _, p := range l.Packages {
		if !p.Test {
			all = append(all, p.check(root))
		}
	}
	for _, b := range l.Bundles {
		all = append(all, b.check(root))
	}
	return errors.Join(all...)
}

func (p pkg) check(root string) error {
	for _, f := range p.Files {
		raw, err := os.ReadFile(filepath.Join(root, f.To))
		if err != nil {
			return err
		}
		if sum(raw) != f.SHA256 {
			return fmt.Errorf("%s is not what lock.json says", f.To)
		}
	}
	return nil
}

// open fetches the tarball, holds it against the lock and gives its files.
func (p *pkg) open(relock bool) (map[string][]byte, error) {
	tarball, err := p.fetch()
	if err != nil {
		return nil, err
	}
	if got := integrity(tarball); got != p.Integrity {
		if !relock || p.Integrity != "" {
			return nil, fmt.Errorf("the tarball's checksum is %s, lock.json has %s", got, p.Integrity)
		}
		p.Integrity = got
	}
	return unpack(tarball)
}

// install writes the files picked from the package.
func (p *pkg) install(root string, relock bool) error {
	files, err := p.open(relock)
	if err != nil {
		return err
	}
	for i := range p.Files {
		if err := p.Files[i].place(root, files, relock); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) place(root string, files map[string][]byte, relock bool) error {
	raw, ok := files[f.From]
	if !ok {
		return fmt.Errorf("the package has no %s", f.From)
	}
	switch f.Boiled {
	case "":
	case "places":
		var err error
		if raw, err = boilPlaces(raw); err != nil {
			return err
		}
	default:
		return fmt.Errorf("nobody can boil %s", f.Boiled)
	}
	if relock {
		f.SHA256 = sum(raw)
	}
	if sum(raw) != f.SHA256 {
		return fmt.Errorf("%s is not what lock.json says", f.From)
	}
	to := filepath.Join(root, f.To)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, raw, 0o644)
}

func sum(raw []byte) string {
	s := sha256.Sum256(raw)
	return hex.EncodeToString(s[:])
}
