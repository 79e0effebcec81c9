// Package config holds every setting of the program in one struct: where it comes from
// (a flag, else the environment, else the settings file, else the default), what it may
// be, and how it is shown without its secrets.
//
// The flag --log-level is the variable NHANRONG_LOG_LEVEL and the key "log-level" of the
// settings file, a JSON object. A value of the file may be a string, a number, true or
// false, or a list.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Config is all settings. It is embedded into the command line, whose flags it makes.
type Config struct {
	Data           string        `name:"data" placeholder:"FOLDER" help:"${config_data}"`
	Database       string        `name:"database" placeholder:"URL" help:"${config_database}"`
	Files          string        `name:"files" placeholder:"URL" help:"${config_files}"`
	FilesKey       string        `name:"files-key" hidden:"" help:"${config_files_key}"`
	FilesSecret    string        `name:"files-secret" hidden:"" help:"${config_files_secret}"`
	ScanCommand    string        `name:"scan-command" placeholder:"COMMAND" help:"${config_scan_command}"`
	Addr           string        `name:"addr" default:"127.0.0.1:8080" help:"${config_addr}"`
	MetricsAddr    string        `name:"metrics-addr" help:"${config_metrics_addr}"`
	BaseURL        string        `name:"base-url" placeholder:"URL" help:"${config_base_url}"`
	TLSCert        string        `name:"tls-cert" placeholder:"FILE" help:"${config_tls_cert}"`
	TLSKey         string        `name:"tls-key" placeholder:"FILE" help:"${config_tls_key}"`
	TrustedProxies []string      `name:"trusted-proxy" sep:"," placeholder:"CIDR" help:"${config_trusted_proxy}"`
	SecureCookies  bool          `name:"secure-cookies" help:"${config_secure_cookies}"`
	LogLevel       string        `name:"log-level" enum:"debug,info,warn,error" default:"info" help:"${config_log_level}: ${enum}."`
	LogFormat      string        `name:"log-format" enum:"text,json" default:"text" help:"${config_log_format}: ${enum}."`
	Readers        int           `name:"readers" default:"0" help:"${config_readers}"`
	UpgradeBackup  bool          `name:"upgrade-backup" negatable:"" default:"true" help:"${config_upgrade_backup}"`
	Workers        int           `name:"workers" default:"2" help:"${config_workers}"`
	MaxBody        int64         `name:"max-body" default:"1048576" help:"${config_max_body}"`
	RequestTimeout time.Duration `name:"request-timeout" default:"30s" help:"${config_request_timeout}"`
	SessionHours   int           `name:"session-hours" default:"12" help:"${config_session_hours}"`

	MailHost         string `name:"mail-host" help:"${config_mail_host}"`
	MailPort         int    `name:"mail-port" default:"587" help:"${config_mail_port}"`
	MailTLS          string `name:"mail-tls" enum:"starttls,tls,none" default:"starttls" help:"${config_mail_tls}: ${enum}."`
	MailFrom         string `name:"mail-from" placeholder:"ADDRESS" help:"${config_mail_from}"`
	MailUser         string `name:"mail-user" help:"${config_mail_user}"`
	MailPasswordFile string `name:"mail-password-file" placeholder:"FILE" help:"${config_mail_password_file}"`
}

// fileName is the settings file, where none is named by NHANRONG_CONFIG.
const fileName = "config.json"

// DefaultFolder is NhanRong in the folder that the operating system keeps for settings
// of the user.
func DefaultFolder() (string, error) {
	base, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no folder for settings is known; name one with --data: %w", err)
	}
	return filepath.Join(base, "NhanRong"), nil
}

// Complete fills in what depends on other settings, and then validates.
func (c *Config) Complete() error {
	if c.Data == "" {
		folder, err := DefaultFolder()
		if err != nil {
			return err
		}
		c.Data = folder
	}
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return fmt.Errorf("find the data folder: %w", err)
	}
	c.Data = data
	if c.Database == "" {
		c.Database = "sqlite:" + filepath.Join(c.Data, "nhanrong.db")
	}
	if c.Files == "" {
		c.Files = "folder:" + filepath.Join(c.Data, "files")
	}
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if strings.HasPrefix(c.BaseURL, "https://") || c.TLSCert != "" {
		c.SecureCookies = true
	}
	return c.Validate()
}

// Validate gathers everything that is wrong with the settings. kong asks it before
// [Config.Complete] has filled anything in.
func (c *Config) Validate() error {
	var all []error
	wrong := func(name, format string, args ...any) {
		all = append(all, fmt.Errorf("--"+name+": "+format, args...))
	}
	if c.Database != "" && !strings.HasPrefix(c.Database, "sqlite:") && !strings.HasPrefix(c.Database, "postgres://") && !strings.HasPrefix(c.Database, "postgresql://") {
		wrong("database", "must begin with sqlite: or postgres://")
	}
	if err := c.checkFiles(); err != nil {
		wrong("files", "%w", err)
	}
	if err := checkAddr(c.Addr); err != nil {
		wrong("addr", "%w", err)
	}
	if c.MetricsAddr != "" {
		if err := checkAddr(c.MetricsAddr); err != nil {
			wrong("metrics-addr", "%w", err)
		}
		if c.MetricsAddr == c.Addr {
			wrong("metrics-addr", "must not be the address of the pages")
		}
	}
	if u, err := url.Parse(strings.TrimSuffix(c.BaseURL, "/")); c.BaseURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil) {
		wrong("base-url", "must be http:// or https:// and a host, without a path")
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		wrong("tls-cert", "needs --tls-key, and that needs --tls-cert")
	}
	if _, err := c.Proxies(); err != nil {
		wrong("trusted-proxy", "%w", err)
	}
	if name, err := c.checkMail(); err != nil {
		wrong(name, "%w", err)
	}
	for _, b := range c.bounds() {
		if b.value < b.least || b.value > b.most {
			wrong(b.name, "must lie between %d and %d, not %d", b.least, b.most, b.value)
		}
	}
	if c.RequestTimeout < time.Second || c.RequestTimeout > 10*time.Minute {
		wrong("request-timeout", "must lie between 1s and 10m, not %s", c.RequestTimeout)
	}
	return errors.Join(all...)
}

type bound struct {
	name               string
	value, least, most int64
}

func (c *Config) bounds() []bound {
	return []bound{
		{"readers", int64(c.Readers), 0, 256},
		{"workers", int64(c.Workers), 1, 64},
		{"max-body", c.MaxBody, 64 << 10, 64 << 20},
		{"session-hours", int64(c.SessionHours), 1, 24 * 30},
		{"mail-port", int64(c.MailPort), 1, 65535},
	}
}

// checkFiles says nothing of the address itself: who has put credentials into it does not
// want them in a log.
func (c *Config) checkFiles() error {
	switch {
	case c.Files == "" || strings.HasPrefix(c.Files, "folder:") && c.Files != "folder:":
		return nil
	case !strings.HasPrefix(c.Files, "s3://"):
		return errors.New("must begin with folder: or s3://")
	case strings.Contains(c.Files, "@"):
		return errors.New("must hold no credentials; set NHANRONG_FILES_KEY and NHANRONG_FILES_SECRET")
	case c.FilesKey == "" || c.FilesSecret == "":
		return errors.New("asks for NHANRONG_FILES_KEY and NHANRONG_FILES_SECRET in the environment")
	}
	return nil
}

// checkMail names the setting of mail that is wrong first.
func (c *Config) checkMail() (string, error) {
	if c.MailHost == "" {
		return "", nil
	}
	if strings.ContainsAny(c.MailHost, ":/@ ") && net.ParseIP(c.MailHost) == nil {
		return "mail-host", errors.New("must be the name of a host; its port is --mail-port")
	}
	if _, err := mail.ParseAddress(c.MailFrom); err != nil {
		return "mail-from", errors.New("must be the address that letters come from, as thidua@example.vn")
	}
	if (c.MailUser == "") != (c.MailPasswordFile == "") {
		return "mail-user", errors.New("and --mail-password-file go together")
	}
	if ip := net.ParseIP(c.MailHost); c.MailTLS == "none" && c.MailUser != "" && c.MailHost != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "mail-tls", errors.New("must not be none where a password is sent to another machine")
	}
	return "", nil
}

func checkAddr(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("must be HOST:PORT: %w", err)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is not a port", port)
	}
	return nil
}

// Proxies is the trusted proxies, a single address as a network of one.
func (c *Config) Proxies() ([]netip.Prefix, error) {
	all := make([]netip.Prefix, 0, len(c.TrustedProxies))
	for _, s := range c.TrustedProxies {
		if a, err := netip.ParseAddr(s); err == nil {
			all = append(all, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a network", s)
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

// Setting is one setting as it may be shown.
type Setting struct{ Name, Value string }

// Redacted lists the settings without secrets, in the order of the struct.
func (c *Config) Redacted() []Setting {
	shown := *c
	shown.Database, shown.FilesKey, shown.FilesSecret = redactURL(c.Database), hide(c.FilesKey), hide(c.FilesSecret)
	if strings.Contains(c.Files, "@") && strings.HasPrefix(c.Files, "s3:") { // refused, but shown it may be before that
		shown.Files = hide(c.Files)
	}
	all := make([]Setting, 0, len(names()))
	for _, n := range names() {
		all = append(all, Setting{n.flag, fmt.Sprint(n.value(&shown))})
	}
	return all
}

// String shows the settings without secrets, so that a careless print leaks none.
func (c *Config) String() string {
	var b strings.Builder
	for _, s := range c.Redacted() {
		fmt.Fprintf(&b, "%s=%s\n", s.Name, s.Value)
	}
	return b.String()
}

// hide tells only whether there is a secret.
func hide(secret string) string {
	if secret == "" {
		return ""
	}
	return "(hidden)"
}

// redactURL hides the password, and all parameters that could hold one.
func redactURL(raw string) string {
	if strings.HasPrefix(raw, "sqlite:") {
		return raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "(hidden)"
	}
	q := u.Query()
	for name := range q {
		if lower := strings.ToLower(name); lower != "sslmode" && lower != "host" && lower != "port" && lower != "user" && lower != "dbname" {
			q.Set(name, "xxxxx")
		}
	}
	u.RawQuery = q.Encode()
	return u.Redacted()
}
