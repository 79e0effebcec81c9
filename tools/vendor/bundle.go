package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle is one script that is made of many packages: what is committed is the script, and
// beside it what their licences ask to be told.
type bundle struct {
	Entry    string `json:"entry"` // the file of ours that says what is taken
	To       string `json:"to"`
	SHA256   string `json:"sha256"`
	Notices  string `json:"notices"`
	Told     string `json:"noticesSha256"`
	Packages []pkg  `json:"packages"`
}

// check compares what is committed with the lock; it asks nobody.
func (b bundle) check(root string) error {
	return pkg{Files: b.files()}.check(root)
}

func (b bundle) files() []file {
	return []file{{To: b.To, SHA256: b.SHA256}, {To: b.Notices, SHA256: b.Told}}
}

// install fetches the packages, makes the script of them and writes it with its notices.
func (b *bundle) install(root string, relock bool) error {
	dir, err := os.MkdirTemp("", "vendor")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears its temporary folder
	var notices bytes.Buffer
	for i := range b.Packages {
		p := &b.Packages[i]
		fmt.Printf("%s %s\n", p.Name, p.Version)
		files, err := p.open(relock)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		if err := lay(filepath.Join(dir, "node_modules", filepath.FromSlash(p.Name)), files); err != nil {
			return err
		}
		text, err := licenceOf(files)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		fmt.Fprintf(&notices, "%s %s (%s)\n\n%s\n\n", p.Name, p.Version, p.Licence, text)
	}
	script, err := b.build(root, dir)
	if err != nil {
		return err
	}
	raw := [][]byte{script, notices.Bytes()}
	for i, f := range b.files() {
		if sum(raw[i]) != f.SHA256 && !relock {
			return fmt.Errorf("%s comes out otherwise than lock.json says", f.To)
		}
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(f.To)), raw[i], 0o644); err != nil {
			return err
		}
	}
	b.SHA256, b.Told = sum(script), sum(notices.Bytes())
	return nil
}

// lay writes the files of a package.
func lay(dir string, files map[string][]byte) error {
	for name, raw := range files {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("the package names %s", name)
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, raw, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// licenceOf is the text of a package's licence.
func licenceOf(files map[string][]byte) (string, error) {
	for name, raw := range files {
		stem := strings.ToLower(strings.TrimSuffix(name, path.Ext(name)))
		if slices.Contains([]string{"license", "licence", "copying"}, stem) {
			return strings.TrimSpace(string(raw)), nil
		}
	}
	return "", errors.New("the package has no text of its licence")
}

// build makes one script of the entry and what it imports. The same packages give the same
// bytes.
func (b *bundle) build(root, dir string) ([]byte, error) {
	entry, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(b.Entry)))
	if err != nil {
		return nil, err
	}
	out := api.Build(api.BuildOptions{
		Stdin:         &api.StdinOptions{Contents: string(entry), ResolveDir: dir, Sourcefile: path.Base(b.Entry)},
		AbsWorkingDir: dir, Bundle: true, Format: api.FormatESModule, Target: api.ES2022, Platform: api.PlatformBrowser,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
		Define: map[string]string{"process.env.NODE_ENV": `"production"`},
		Banner: map[string]string{"js": "// Made by tools/vendor of " + path.Base(b.Entry) + "; licences in " + path.Base(b.Notices) + "."},
	})
	if len(out.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(out.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	return out.OutputFiles[0].Contents, nil
}
