package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path"
	"strings"
	"time"
)

// maxTarball bounds what is read: the validator's package is the largest.
const maxTarball = 128 << 20

// registry is the address that packages are asked from.
func registry() (string, error) {
	for _, name := range []string{"NPM_CONFIG_REGISTRY", "npm_config_registry"} {
		if url := os.Getenv(name); url != "" {
			return strings.TrimSuffix(url, "/"), nil
		}
	}
	out, err := exec.Command("npm", "config", "get", "registry").Output()
	if err != nil {
		return "", fmt.Errorf("no registry: set NPM_CONFIG_REGISTRY, or install npm: %w", err)
	}
	url := strings.TrimSuffix(strings.TrimSpace(string(out)), "/")
	if !strings.HasPrefix(url, "http") {
		return "", errors.New("no registry: npm has none set; set NPM_CONFIG_REGISTRY")
	}
	return url, nil
}

func (p *pkg) fetch() ([]byte, error) {
	base, err := registry()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	url := fmt.Sprintf("%s/%s/-/%s-%s.tgz", base, p.Name, path.Base(p.Name), p.Version)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was read to its end
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the registry answers %s", resp.Status)
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxTarball))
}

func integrity(raw []byte) string {
	s := sha512.Sum512(raw)
	return "sha512-" + base64.StdEncoding.EncodeToString(s[:])
}

// unpack gives the regular files of an npm tarball by their path under its one folder.
func unpack(raw []byte) (map[string][]byte, error) {
	zip, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("open tarball: %w", err)
	}
	files := map[string][]byte{}
	for r := tar.NewReader(zip); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read tarball: %w", err)
		}
		_, name, ok := strings.Cut(head.Name, "/")
		if head.Typeflag != tar.TypeReg || !ok {
			continue
		}
		if files[name], err = io.ReadAll(io.LimitReader(r, maxTarball)); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
	}
}
