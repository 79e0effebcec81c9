package cli_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/cli"
)

func help(t *testing.T, lang string, args ...string) string {
	t.Helper()
	var out, problems bytes.Buffer
	getenv := func(name string) string {
		if name == "NHANRONG_LANG" {
			return lang
		}
		return ""
	}
	streams := cli.Streams{In: strings.NewReader(""), Out: &out, Err: &problems}
	if code := cli.Run(t.Context(), append(args, "--help"), getenv, streams, "test"); code != 0 {
		t.Fatalf("exit code %d: %s", code, problems.String())
	}
	return out.String()
}

func TestHelpSpeaksOneLanguage(t *testing.T) {
	own := []string{"Usage:", "Flags:", "Commands:", "Show context", "for more information", "[flags]", "Folder", "Address"}
	for _, args := range [][]string{nil, {"report"}, {"entry", "step"}} {
		text := help(t, "vi", args...)
		for _, word := range own {
			if strings.Contains(text, word) {
				t.Errorf("%v: %q stands in the Vietnamese help:\n%s", args, word, text)
			}
		}
		if !strings.Contains(text, "Cách dùng: nhanrong") || !strings.Contains(text, "Thư mục dữ liệu") {
			t.Errorf("%v: the help is not Vietnamese:\n%s", args, text)
		}
	}
	if text := help(t, "en"); !strings.Contains(text, "Usage: nhanrong") || strings.Contains(text, "Thư mục") {
		t.Errorf("the English help:\n%s", text)
	}
}

func TestTheLanguageOfTheEnvironmentReachesTheAnswers(t *testing.T) {
	for lang, want := range map[string]string{"vi": "Chưa có dữ liệu", "en": "There are no data"} {
		var out, problems bytes.Buffer
		getenv := func(name string) string {
			return map[string]string{"NHANRONG_LANG": lang, "NHANRONG_DATA": t.TempDir()}[name]
		}
		code := cli.Run(t.Context(), []string{"unit", "list"}, getenv, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &problems}, "test")
		if code == 0 || !strings.Contains(problems.String(), want) {
			t.Errorf("%s: exit code %d, %q", lang, code, problems.String())
		}
	}
}
