package cli_test

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTheDoctorFindsWhatIsWrong spoils an installation in one way after the other: the
// doctor names each, says what to do, and makes nothing where there is nothing.
func TestTheDoctorFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	data := filepath.Join(folder, "data")
	addr := freeAddr(t)
	doctor := func(more ...string) result {
		return run(t, append([]string{"doctor", "--data", data, "--addr", addr}, more...)...)
	}
	doctor().wants(0, "chưa có "+data, "Không có lỗi; 3 mục")
	if _, err := os.Stat(data); err == nil {
		t.Error("the doctor made a data folder")
	}
	run(t, "demo", "--no-serve", "--data", data).wants(0)
	doctor().wants(0, "nguyên vẹn", "1 quản trị viên", "chưa có bản nào", "Không có lỗi; 1 mục")
	run(t, "backup", "--data", data, "--as", "quantri").wants(0)
	doctor().wants(0, "tất cả đều tốt")
	doctor("--lang", "en", "--json").wants(0, `{"part":"Backup","grade":"sound"`)

	aged := time.Now().AddDate(0, 0, -30)
	backups, err := filepath.Glob(filepath.Join(data, "backups", "*.zip"))
	if err != nil || len(backups) != 1 {
		t.Fatalf("backups: %v, %v", backups, err)
	}
	if err := os.Chtimes(backups[0], aged, aged); err != nil {
		t.Fatal(err)
	}
	doctor().wants(0, "đã 30 ngày tuổi")
	doctor("--addr", "0.0.0.0:0").wants(7, "mật khẩu ai cũng biết")

	file := filepath.Join(data, "nhanrong.db")
	exec1(t, file, `WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1600)
		INSERT INTO identity_account (id, login, name, unit_id, password_hash, must_change, disabled, created_at, version)
		SELECT 'many-' || i, 'a' || i, 'Cán bộ', NULL, '', FALSE, FALSE, 0, 1 FROM n`)
	doctor().wants(0, "1 quản trị viên") // behind six hundred others
	for _, spoiled := range []struct{ statement, says string }{
		{`UPDATE ledger_entry_fact SET period_no = period_no + 1 WHERE entry_id = (SELECT min(entry_id) FROM ledger_entry_fact)`, "không khớp khi tính lại"},
		{`UPDATE jobs_job SET state = 'dead' WHERE id = (SELECT min(id) FROM jobs_job)`, "đã bỏ sau nhiều lần thử"},
		{`UPDATE identity_account SET disabled = TRUE`, "không quản trị viên nào"},
		{`UPDATE audit_entry SET action = 'nothing' WHERE seq = 5`, "chuỗi đứt ở bản ghi 5"},
		{`UPDATE goose_db_version SET version_id = version_id + 1000 WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`, "Cập nhật chương trình"},
	} {
		exec1(t, file, spoiled.statement)
		if got := doctor(); !strings.Contains(got.out, spoiled.says) {
			t.Errorf("after %s the doctor does not say %q:\n%s", spoiled.statement, spoiled.says, got.out)
		}
	}
}

// TestTheDoctorReadsFiles damages an attached file, and then the database.
func TestTheDoctorReadsFiles(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	addr := freeAddr(t)
	run(t, "demo", "--no-serve", "--data", data).wants(0)
	var one string
	if err := filepath.WalkDir(filepath.Join(data, "files"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			one = path
		}
		return err
	}); err != nil || one == "" {
		t.Fatalf("a file of the sample: %q, %v", one, err)
	}
	write(t, one, []byte("something else"))
	run(t, "doctor", "--data", data, "--addr", addr).wants(7, filepath.Base(one), "bị mất hoặc hỏng")
	file := filepath.Join(data, "nhanrong.db")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(raw) / 4; i < len(raw)/2; i++ {
		raw[i] ^= 0x5a
	}
	write(t, file, raw)
	run(t, "doctor", "--data", data, "--addr", addr).wants(7, "tệp hỏng", "nhanrong restore")
}

// TestTheDoctorKnowsAnAddress finds the program itself at its address, and another one.
func TestTheDoctorKnowsAnAddress(t *testing.T) {
	t.Parallel()
	data, addr := filepath.Join(t.TempDir(), "data"), freeAddr(t)
	start(t, addr, "serve", "--data", data)
	run(t, "doctor", "--data", data, "--addr", addr).wants(7, "đang do chương trình này trả lời", "không quản trị viên nào")
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	run(t, "doctor", "--data", data, "--addr", other.Addr().String()).wants(7, "Một chương trình khác đang dùng cổng này")
}

// TestABackupOfUnsoundData is restored as it is, and says that it was unsound before.
func TestABackupOfUnsoundData(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	data, file := filepath.Join(folder, "data"), filepath.Join(folder, "kept.zip")
	run(t, "demo", "--no-serve", "--data", data).wants(0)
	exec1(t, filepath.Join(data, "nhanrong.db"), `UPDATE ledger_entry_fact SET period_no = period_no + 1 WHERE entry_id = (SELECT min(entry_id) FROM ledger_entry_fact)`)
	run(t, "backup", file, "--data", data, "--as", "quantri").wants(0)
	run(t, "restore", "--drill", file).wants(7, "đã có chỗ không khớp từ trước", "nhanrong doctor")
}
