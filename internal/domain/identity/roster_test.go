package identity_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// TestListsInAllTheirLetters reads one list as programs write it.
func TestListsInAllTheirLetters(t *testing.T) {
	const text = "Họ tên,Đơn vị\nNguyễn Thị Hạnh,\"Tổ 5, phường Hoàn Kiếm\"\n"
	wide := func(order unicode.Endianness) []byte {
		out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
		must(t, err)
		return out
	}
	// The code page has letters with their shape and marks of tone apart.
	apart := strings.NewReplacer("ọ", "o\u0323", "ễ", "ê\u0303", "ị", "i\u0323", "ạ", "a\u0323", "ổ", "ô\u0309", "ế", "ê\u0301", "ườ", "ươ\u0300", "à", "a\u0300").Replace(norm.NFC.String(text))
	old, err := charmap.Windows1258.NewEncoder().Bytes([]byte(apart))
	must(t, err)
	for name, raw := range map[string][]byte{
		"utf-8": []byte(text), "utf-8 with a mark": []byte("\ufeff" + text), "utf-16 le": wide(unicode.LittleEndian), "utf-16 be": wide(unicode.BigEndian),
		"composed apart": []byte(norm.NFD.String(text)), "windows-1258": old, "old line ends": []byte(strings.ReplaceAll(text, "\n", "\r")),
	} {
		list, err := identity.ReadRoster(raw)
		if err != nil || len(list.Rows) != 1 {
			t.Errorf("%s: %+v, %v", name, list, err)
			continue
		}
		if r := list.Rows[0]; r.Name != "Nguyễn Thị Hạnh" || r.Unit != "Tổ 5, phường Hoàn Kiếm" || list.Guessed != (name == "windows-1258") {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestListsThatAreNone are refused with a reason, whatever they hold.
func TestListsThatAreNone(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "heads alone": "Họ tên,Đơn vị\n", "no heads": "An,W1\nBình,W2\n", "a head twice": "name,unit,Họ tên\na,b,c\n", "zeros": "name,unit\na\x00,b\n",
		"too long": "name,unit\n" + strings.Repeat("a,b\n", identity.MaxRoster+1), "too large": "name,unit\n" + strings.Repeat("x", identity.MaxRosterBytes),
		"a long cell": "name,unit\n" + strings.Repeat("x", 400) + ",b\n", "many columns": "name,unit" + strings.Repeat(",x", 100) + "\na,b\n",
	} {
		if _, err := identity.ReadRoster([]byte(text)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzAccountsFromCSV looks that nothing breaks the reader, and that what it read reads the
// same once more.
func FuzzAccountsFromCSV(f *testing.F) {
	for _, seed := range []string{listVi, "name,unit\na,b\n", "Họ tên\tĐơn vị\n\"a\nb\"\tW1", "\xff\xfen\x00", "name;unit\n\"\"\";x", "n\xe0me,unit\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := identity.ReadRoster(raw)
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Fatalf("%v", err)
			}
			return
		}
		if len(list.Rows) == 0 || len(list.Rows) > identity.MaxRoster || !utf8.ValidString(list.Text) {
			t.Fatalf("%d rows", len(list.Rows))
		}
		again, err := identity.ReadRoster([]byte(list.Text))
		if err != nil && len(list.Text) <= identity.MaxRosterBytes {
			t.Fatalf("the list in UTF-8 is refused: %v", err)
		}
		if err == nil && len(again.Rows) != len(list.Rows) {
			t.Fatalf("%d rows, then %d", len(list.Rows), len(again.Rows))
		}
	})
}
