package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Source reads settings from the environment and from a file, for a command line made
// with kong. (kong's own reading of the environment is not used: it lets the file win.)
type Source struct {
	getenv func(string) string
	path   string
	file   map[string]any
}

// Variable is the environment variable of a flag: NHANRONG_LOG_LEVEL for "log-level".
func Variable(flag string) string {
	return "NHANRONG_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Read reads the settings file: the one that NHANRONG_CONFIG names, which must be there,
// or config.json in the default folder, which need not be.
func Read(getenv func(string) string) (*Source, error) {
	s := &Source{getenv: getenv, path: getenv(Variable("config"))}
	named := s.path != ""
	if !named {
		folder, err := DefaultFolder()
		if err != nil {
			return s, nil //nolint:nilerr // without such a folder there is no such file
		}
		s.path = filepath.Join(folder, fileName)
	}
	raw, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	if err := json.Unmarshal(raw, &s.file); err != nil {
		return nil, fmt.Errorf("read the settings in %s: %w", s.path, err)
	}
	for key := range s.file {
		if !known(key) {
			return nil, fmt.Errorf("the settings in %s have an unknown key %q", s.path, key)
		}
	}
	return s, nil
}

// Validate is asked by kong; the keys were looked at when the file was read.
func (s *Source) Validate(*kong.Application) error { return nil }

// Resolve gives kong the value of a flag that is not on the command line.
func (s *Source) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !known(flag.Name) {
		return nil, nil //nolint:nilnil // this is how kong is told that there is no value
	}
	if v := s.getenv(Variable(flag.Name)); v != "" {
		return v, nil
	}
	switch v := s.file[flag.Name].(type) {
	case nil:
		return nil, nil //nolint:nilnil // this is how kong is told that there is no value
	case []any:
		parts := make([]string, len(v))
		for i, p := range v {
			parts[i] = fmt.Sprint(p)
		}
		return strings.Join(parts, ","), nil
	case float64:
		return fmt.Sprintf("%.0f", v), nil
	case string, bool:
		return v, nil
	default:
		return nil, fmt.Errorf("the settings file holds %T", v)
	}
}

// Words gives kong the texts of the settings in a language.
func Words(lang i18n.Lang) kong.Vars {
	vars := kong.Vars{}
	for _, k := range i18n.Keys() {
		if name, ok := strings.CutPrefix(k.String(), "config."); ok {
			vars["config_"+name] = lang.T(k)
		}
	}
	return vars
}

// Parse reads the settings alone, from arguments, the environment and the file; a
// command line with commands of its own embeds [Config] and uses [Read].
func Parse(args []string, getenv func(string) string) (*Config, error) {
	source, err := Read(getenv)
	if err != nil {
		return nil, err
	}
	var c Config
	parser, err := kong.New(&c, kong.Resolvers(source), Words(i18n.En), kong.Exit(func(int) {}))
	if err != nil {
		return nil, fmt.Errorf("make the flags: %w", err)
	}
	if _, err := parser.Parse(args); err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	return &c, c.Complete()
}

// named is a field of [Config] with the name of its flag.
type named struct {
	flag  string
	index int
}

func (n named) value(c *Config) any { return reflect.ValueOf(c).Elem().Field(n.index).Interface() }

func names() []named {
	t := reflect.TypeFor[Config]()
	all := make([]named, t.NumField())
	for i := range all {
		all[i] = named{t.Field(i).Tag.Get("name"), i}
	}
	return all
}

func known(flag string) bool {
	for _, n := range names() {
		if n.flag == flag {
			return true
		}
	}
	return false
}
