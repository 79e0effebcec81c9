package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/config"
)

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagsBeforeEnvironmentBeforeFile(t *testing.T) {
	path := file(t, `{"addr": "127.0.0.1:1", "log-level": "warn", "log-format": "json", "trusted-proxy": ["10.0.0.0/8", "::1"],
		"secure-cookies": true, "max-body": 2097152, "request-timeout": "1m"}`)
	c, err := config.Parse([]string{"--addr", "127.0.0.1:3", "--data", t.TempDir()}, env(map[string]string{
		"NHANRONG_CONFIG": path, "NHANRONG_ADDR": "127.0.0.1:2", "NHANRONG_LOG_LEVEL": "debug",
	}))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(c.Addr, c.LogLevel, c.LogFormat, c.TrustedProxies, c.SecureCookies, c.MaxBody, c.RequestTimeout, c.Workers)
	if want := fmt.Sprint("127.0.0.1:3", "debug", "json", []string{"10.0.0.0/8", "::1"}, true, 2097152, time.Minute, 2); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !strings.HasPrefix(c.Database, "sqlite:"+c.Data) {
		t.Errorf("database %s", c.Database)
	}
}

func TestWrongSettingsAreNamed(t *testing.T) {
	for _, tc := range []struct{ args, want string }{
		{"--addr=8080", "--addr"},
		{"--addr=:99999", "--addr"},
		{"--database=mysql://x", "--database"},
		{"--files=ftp://x", "--files"},
		{"--files=folder:", "--files"},
		{"--files=s3://host/bucket", "NHANRONG_FILES_SECRET"},
		{"--files=s3://key:secret@host/bucket", "no credentials"},
		{"--base-url=https://x/path", "--base-url"},
		{"--base-url=ftp://x", "--base-url"},
		{"--trusted-proxy=nowhere", "--trusted-proxy"},
		{"--max-body=1", "--max-body"},
		{"--workers=0", "--workers"},
		{"--request-timeout=1h", "--request-timeout"},
		{"--metrics-addr=127.0.0.1:8080", "--metrics-addr"},
		{"--log-level=loud", "--log-level"},
	} {
		_, err := config.Parse([]string{tc.args, "--data=" + t.TempDir()}, env(nil))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.args, err)
		}
	}
	for _, content := range []string{`{"adr": "x"}`, `{`, `{"addr": {}}`} {
		if _, err := config.Parse(nil, env(map[string]string{"NHANRONG_CONFIG": file(t, content)})); err == nil {
			t.Errorf("the file %s was taken", content)
		}
	}
	if _, err := config.Parse(nil, env(map[string]string{"NHANRONG_CONFIG": filepath.Join(t.TempDir(), "none")})); err == nil {
		t.Error("a named file that is missing was passed over")
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	c, err := config.Parse([]string{"--data", t.TempDir(), "--base-url", "https://thidua.example/"}, env(map[string]string{
		"NHANRONG_DATABASE": "postgres://nr:h4nh@db/nhanrong?password=m4t&sslmode=disable",
		"NHANRONG_FILES":    "s3://tep.example.vn/nhanrong", "NHANRONG_FILES_KEY": "ch1a", "NHANRONG_FILES_SECRET": "kh0a",
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(c.Redacted()), c.String(), fmt.Sprintf("%v %s", c, c)} {
		if strings.Contains(shown, "h4nh") || strings.Contains(shown, "m4t") || strings.Contains(shown, "ch1a") || strings.Contains(shown, "kh0a") || !strings.Contains(shown, "s3://tep.example.vn/nhanrong") || !strings.Contains(shown, "sslmode=disable") {
			t.Errorf("shown: %s", shown)
		}
	}
	if c.FilesSecret != "kh0a" || !c.SecureCookies || c.BaseURL != "https://thidua.example" {
		t.Errorf("%+v", c.String())
	}
}
