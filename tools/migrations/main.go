// Command migrations keeps the checksums of the migration files, which never change once
// they have landed:
//
//	go run ./tools/migrations                        add the checksums of new files
//	go run ./tools/migrations -again 0012_award.sql  take a file's checksum again, while it
//	                                                 has run nowhere but on your own desk
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	folder = "internal/platform/db/migrations"
	list   = folder + "/checksums.txt"
)

func main() {
	again := flag.String("again", "", "the file whose checksum is to be taken again")
	flag.Parse()
	if err := run(*again); err != nil {
		fmt.Fprintln(os.Stderr, "migrations:", err)
		os.Exit(1)
	}
}

func run(again string) error {
	known, err := read()
	if err != nil {
		return err
	}
	files, err := filepath.Glob(folder + "/*.sql")
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errors.New("no migrations here: run this in the folder of go.mod")
	}
	delete(known, again)
	var lines []string
	for _, file := range files {
		name := filepath.Base(file)
		sum := known[name]
		if sum == "" {
			raw, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			h := sha256.Sum256(raw)
			sum = hex.EncodeToString(h[:])
			fmt.Println("added", name)
		}
		lines = append(lines, sum+"  "+name+"\n")
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	return os.WriteFile(list, []byte(strings.Join(lines, "")), 0o644)
}

// read gives the checksums by file; none where there is no list yet.
func read() (map[string]string, error) {
	known := map[string]string{}
	raw, err := os.ReadFile(list)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	for line := range strings.Lines(string(raw)) {
		if sum, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			known[name] = sum
		}
	}
	return known, nil
}
