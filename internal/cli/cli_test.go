package cli_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/cli"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// asProgram is set in the process that is to be the program itself.
const asProgram = "NHANRONG_TEST_PROGRAM"

// TestMain is the test program, or the program that it starts: what a newcomer starts is
// a process with signals, an exit code and no terminal.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Run(context.Background(), os.Args[1:], os.Getenv, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, "test"))
	}
	os.Exit(m.Run())
}

// result is what came of a command.
type result struct {
	t        *testing.T
	args     []string
	code     int
	out, err string
}

// run runs a command in this process.
func run(t *testing.T, args ...string) result {
	t.Helper()
	var out, failed bytes.Buffer
	code := cli.Run(t.Context(), args, func(string) string { return "" }, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &failed}, "test")
	return result{t, args, code, out.String(), failed.String()}
}

// wants checks the exit code and what was said about it.
func (r result) wants(code int, words ...string) result {
	r.t.Helper()
	if r.code != code {
		r.t.Errorf("%q ends with %d, want %d:\n%s%s", r.args, r.code, code, r.out, r.err)
	}
	for _, w := range words {
		if !strings.Contains(r.out+r.err, w) {
			r.t.Errorf("%q does not say %q:\n%s%s", r.args, w, r.out, r.err)
		}
	}
	if strings.Contains(r.out+r.err, "goroutine") || code != 0 && strings.TrimSpace(r.err) == "" {
		r.t.Errorf("%q says nothing that helps:\n%s%s", r.args, r.out, r.err)
	}
	return r
}

// program starts the program as a process of its own.
func program(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	said := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = said, said
	return cmd, said
}

// start starts the program and waits until it serves.
func start(t *testing.T, addr string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd, said := program(t, append(args, "--addr", addr)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	waitFor(t, func() bool {
		status, _ := ask(t, addr, "/readyz")
		return status == http.StatusOK
	})
	return cmd, said
}

// ask asks for a page; status 0 where nobody answers.
func ask(t *testing.T, addr, path string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw)
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// end sends a signal and gives the exit code.
func end(t *testing.T, cmd *exec.Cmd, with os.Signal) int {
	t.Helper()
	if err := cmd.Process.Signal(with); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	return cmd.ProcessState.ExitCode()
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestANewcomersDemo(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "mới", "chưa có")
	first := run(t, "demo", "--no-serve", "--data", data).wants(0, data, "Đăng ký", "397")
	if strings.Contains(first.out+first.err, "\r") || strings.Count(first.err, "\n") > 6 || !strings.Contains(first.err, "100 %") {
		t.Errorf("a log is flooded by the progress of the load:\n%q", first.err)
	}
	if first.out == "" || strings.Contains(first.out, "%") {
		t.Errorf("the progress stands among the results:\n%s", first.out)
	}
	run(t, "demo", "--no-serve", "--data", data).wants(0, "Đã có số liệu mẫu")
	run(t, "demo", "--no-serve", "--data", data, "--lang", "en").wants(0, "The sample is there", "Registered")
	write(t, filepath.Join(data, "của tôi.txt"), []byte("giữ lại"))
	run(t, "demo", "--no-serve", "--reset", "--data", data).wants(0, "Đăng ký")
	if kept, err := os.ReadFile(filepath.Join(data, "của tôi.txt")); err != nil || string(kept) != "giữ lại" {
		t.Errorf("the reset took what was not its own: %v", err)
	}
	reports(t, data)
	updates(t, data)
	exec1(t, filepath.Join(data, "nhanrong.db"), `UPDATE audit_entry SET login = 'ai-do' WHERE seq = 7`)
	run(t, "audit", "verify", "--data", data).wants(7, "đứt tại bản ghi 7")
	run(t, "audit", "verify", "--data", data, "--lang", "en").wants(7, "broken at record 7")
}

func reports(t *testing.T, data string) {
	t.Helper()
	report := func(more ...string) result {
		return run(t, append([]string{"report", "--data", data, "--as", "canbo"}, more...)...)
	}
	report("--movement", sample.Movement, "--as-of", "2024-09-30").wants(0, "240", "157")
	report("--movement", sample.Movement, "--lang", "en", "--as-of", "2150-01-01").wants(0, "has not come yet")
	report("--movement", "NOPE").wants(3, "Không tìm thấy phong trào")
	report("--movement", sample.Movement, "--scope", "NOPE", "--lang", "en").wants(3, "no such unit")
	for _, day := range []string{"2024-13-40", "0000-00-00", "9999-12-31", "30/9/2024", "hôm qua"} {
		report("--movement", sample.Movement, "--as-of", day).wants(2, "Câu lệnh chưa đúng", day, "--help")
	}
	run(t, "report", "--data", data, "--movement", sample.Movement, "--as", "nobody").wants(3, "Không tìm thấy tài khoản")
	run(t, "report", "--data", data, "--movement", sample.Movement, "--as", "phuong", "--scope", sample.CodeDistrict).wants(3)
	run(t, "audit", "verify", "--data", data).wants(0, "Nhật ký nguyên vẹn")
}

// updates changes a movement: what is not named stays, what is given as nothing is emptied.
func updates(t *testing.T, data string) {
	t.Helper()
	update := func(more ...string) result {
		return run(t, append([]string{"movement", "update", sample.Movement, "--data", data, "--as", "quantri"}, more...)...)
	}
	update("--slogan", "Gần dân, hiểu dân").wants(0, sample.Movement)
	update("--name", "Phong trào đổi tên", "--occasion=").wants(0, sample.Movement)
	run(t, "movement", "list", "--data", data, "--as", "quantri").wants(0, "Phong trào đổi tên")
	if n := count(t, filepath.Join(data, "nhanrong.db"), `SELECT count(*) FROM movement_movement
		WHERE code = '`+sample.Movement+`' AND slogan = 'Gần dân, hiểu dân' AND occasion = ''`); n != 1 {
		t.Error("the slogan did not stay, or the occasion was not emptied")
	}
	update("--name=").wants(2)
	update("--level", "village").wants(2, "--level")
	update("--as", "phuong", "--name", "Của phường").wants(3)
}

func TestCommandsThatAreWrong(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "không có")
	run(t, "nothing").wants(2, "Câu lệnh chưa đúng", "nothing", "--help")
	run(t, "nothing", "--lang", "en").wants(2, "The command is not right", "nothing")
	run(t).wants(2, "demo")
	run(t, "demo", "--addr", "8080").wants(2, "HOST:PORT")
	run(t, "demo", "--lang", "fr").wants(2, "vi")
	run(t, "report").wants(2, "--movement")
	run(t, "--help").wants(0, "demo", "serve")
	run(t, "version").wants(0, "nhanrong test")
	run(t, "report", "--movement", "X", "--data", data).wants(3, "Chưa có dữ liệu", "demo")
	run(t, "audit", "verify", "--data", data, "--lang", "en").wants(3, "There are no data")
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("a question made a database: %v", err)
	}
	run(t, "config", "print", "--data", data, "--database", "postgres://u:bi-mat@db.example/nr?password=bi-mat&sslkey=bi-mat").wants(0, "db.example")
	if r := run(t, "config", "print", "--database", "postgres://u:bi-mat@db.example/nr?password=bi-mat"); strings.Contains(r.out+r.err, "bi-mat") {
		t.Errorf("a secret is shown:\n%s", r.out)
	}
}

// sound is a small database of ours, as a file.
func sound(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	run(t, "migrate", "--data", dir).wants(0)
	raw, err := os.ReadFile(filepath.Join(dir, "nhanrong.db"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestFilesThatAreNotOurs: what is damaged or belongs to another is told in a sentence,
// and nobody's file is thrown away.
func TestFilesThatAreNotOurs(t *testing.T) {
	t.Parallel()
	whole := sound(t)
	scrambled := bytes.Clone(whole)
	for i := 4096 * 2; i < 4096*30; i++ {
		scrambled[i] = byte(i * 7)
	}
	for name, content := range map[string][]byte{
		"no database": bytes.Repeat([]byte("Ảnh cưới của tôi. "), 500), "cut short": whole[:len(whole)/3], "scrambled": scrambled,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "nhanrong.db")
			write(t, file, content)
			run(t, "demo", "--no-serve", "--data", dir).wants(7, file, "không phải là cơ sở dữ liệu nguyên vẹn")
			run(t, "serve", "--data", dir, "--addr", freeAddr(t), "--lang", "en").wants(7, file, "not a whole database")
			run(t, "report", "--movement", "X", "--data", dir).wants(7, file)
			if name == "cut short" { // a load takes its time; two show it
				return
			}
			run(t, "demo", "--no-serve", "--reset", "--data", dir).wants(0, file+".damaged-1", "397")
			if kept, err := os.ReadFile(file + ".damaged-1"); err != nil || !bytes.Equal(kept, content) {
				t.Errorf("the reset threw away what it could not read: %d bytes, %v", len(kept), err)
			}
		})
	}
	t.Run("of another program", func(t *testing.T) {
		dir := t.TempDir()
		file := filepath.Join(dir, "nhanrong.db")
		exec1(t, file, `CREATE TABLE bookmarks (url TEXT)`, `INSERT INTO bookmarks VALUES ('https://example.vn')`)
		run(t, "demo", "--no-serve", "--data", dir).wants(4, file, "chương trình khác")
		run(t, "demo", "--no-serve", "--reset", "--data", dir, "--lang", "en").wants(4, "another program")
		run(t, "migrate", "--data", dir).wants(4)
		if n := count(t, file, `SELECT count(*) FROM sqlite_master`); n != 1 {
			t.Errorf("there are %d tables in it now", n)
		}
	})
	t.Run("of real work", func(t *testing.T) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "nhanrong.db"), whole)
		exec1(t, filepath.Join(dir, "nhanrong.db"), `INSERT INTO identity_account (id, login, name, password_hash, must_change, disabled, version, created_at)
			SELECT 'a', 'lan', 'Lan', '', 0, 0, 1, 0`)
		run(t, "demo", "--no-serve", "--reset", "--data", dir).wants(4, "không phải số liệu mẫu")
		run(t, "demo", "--no-serve", "--data", dir, "--lang", "en").wants(4, "other data than the sample")
	})
}

func exec1(t *testing.T, file string, statements ...string) {
	t.Helper()
	d, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, s := range statements {
		if _, err := d.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

func count(t *testing.T, file, question string) (n int) {
	t.Helper()
	d, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.QueryRowContext(t.Context(), question).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFoldersThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), nil)
	below := filepath.Join(dir, "file", "below")
	run(t, "demo", "--no-serve", "--data", below).wants(6, "Không ghi được", below)
	run(t, "serve", "--data", below, "--addr", freeAddr(t), "--lang", "en").wants(6, "cannot be written", below)
	if os.Geteuid() == 0 {
		return // everything is writable to this user
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	run(t, "demo", "--no-serve", "--data", filepath.Join(dir, "new")).wants(6, "Không ghi được")
}

// TestAKilledLoad: the half of a sample is not served, and is thrown away only when
// nobody writes into it any more.
func TestAKilledLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "nhanrong.db")
	cmd, said := program(t, "demo", "--no-serve", "--data", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return half(file) })
	run(t, "demo", "--no-serve", "--reset", "--data", dir).wants(4, "đang dùng", file)
	if code := end(t, cmd, syscall.SIGKILL); code == 0 {
		t.Skipf("the load was too quick to be killed:\n%s", said)
	}
	run(t, "demo", "--no-serve", "--data", dir).wants(7, "mới nạp dở", "--reset")
	run(t, "serve", "--data", dir, "--addr", freeAddr(t), "--lang", "en").wants(7, "only in part")
	run(t, "demo", "--no-serve", "--data", dir, "--reset").wants(0, "397")

	other := t.TempDir()
	cmd, said = program(t, "demo", "--no-serve", "--data", other)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return half(filepath.Join(other, "nhanrong.db")) })
	if code := end(t, cmd, os.Interrupt); code != 1 || !strings.Contains(said.String(), "Đã dừng theo yêu cầu") {
		t.Errorf("a load that is stopped ends with %d:\n%s", code, said)
	}
}

// half tells whether a load has begun to write into tables that are all there.
func half(file string) bool {
	d, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return false
	}
	defer d.Close()
	n := 0
	err = d.QueryRow(`SELECT count(*) FROM audit_entry`).Scan(&n)
	return err == nil && n > 0
}

func waitFor(t *testing.T, ready func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(20 * time.Second); !ready(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("waited in vain")
		}
	}
}

// TestServing: a busy port, two programs on one folder, the warning for all the world,
// and an end that loses nothing.
func TestServing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	addr, second := freeAddr(t), freeAddr(t)
	metrics := freeAddr(t)
	one, said := start(t, addr, "demo", "--data", dir, "--metrics-addr", metrics)
	ask(t, addr, "/")
	if status, body := ask(t, metrics, "/metrics"); status != http.StatusOK || !strings.Contains(body, "nhanrong_jobs") || !strings.Contains(body, "http_server") {
		t.Errorf("the metrics: %d\n%s", status, body)
	}
	if status, _ := ask(t, addr, "/metrics"); status != http.StatusNotFound {
		t.Errorf("everybody may read the metrics: %d", status)
	}
	if status, body := ask(t, addr, "/healthz"); status != http.StatusOK || strings.Contains(body, dir) {
		t.Errorf("/healthz: %d %s", status, body)
	}
	run(t, "demo", "--data", dir, "--addr", addr).wants(5, addr, "đang được chương trình khác sử dụng")
	run(t, "serve", "--data", dir, "--addr", addr, "--lang", "en").wants(5, addr, "Another program uses")
	run(t, "demo", "--data", dir, "--no-serve", "--reset").wants(4, "đang dùng")
	two, _ := start(t, second, "serve", "--data", dir)
	run(t, "report", "--data", dir, "--movement", sample.Movement, "--as", "canbo").wants(0, "465")
	if code := end(t, two, syscall.SIGTERM); code != 0 {
		t.Errorf("a stopped program ends with %d", code)
	}
	if code := end(t, one, os.Interrupt); code != 0 {
		t.Errorf("Ctrl+C ends with %d", code)
	}
	for _, words := range []string{sample.Password, "quantri", "canbo", "phuong", "lanhdao", "http://" + addr} {
		if !strings.Contains(said.String(), words) {
			t.Errorf("the demo does not name %s:\n%s", words, said)
		}
	}
	if strings.Contains(said.String(), "CẢNH BÁO") || strings.Contains(said.String(), "\r") {
		t.Errorf("the demo warns of nothing, or floods:\n%s", said)
	}
	_, port, _ := net.SplitHostPort(addr)
	open, said := start(t, "0.0.0.0:"+port, "serve", "--data", dir)
	if code := end(t, open, os.Interrupt); code != 0 || !strings.Contains(said.String(), "CẢNH BÁO") {
		t.Errorf("open to all with sample passwords, %d:\n%s", code, said)
	}
	run(t, "demo", "--data", dir, "--no-serve").wants(0, "Đã có số liệu mẫu")
	run(t, "audit", "verify", "--data", dir).wants(0)
}

// TestBackupAndRestore: a backup is proved by a drill, restored elsewhere, and never over
// data that are there.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "dữ liệu")
	run(t, "demo", "--no-serve", "--data", data).wants(0)
	file := filepath.Join(t.TempDir(), "bản sao.zip")
	run(t, "backup", file, "--data", data, "--as", "quantri").wants(0, file, "--drill")
	run(t, "backup", file, "--data", data, "--as", "quantri").wants(4, "đã có")
	run(t, "backup", "--data", data, "--as", "canbo").wants(3)
	run(t, "restore", "--drill", file).wants(0, "Diễn tập đạt")
	other := filepath.Join(t.TempDir(), "mới")
	run(t, "restore", file, "--data", other).wants(0, "Nhật ký nguyên vẹn")
	figures := func(data string) string {
		return run(t, "report", "--movement", sample.Movement, "--as-of", "2024-10-16", "--json", "--list", "--data", data, "--as", "canbo").wants(0).out
	}
	if figures(data) != figures(other) {
		t.Error("the restored house counts otherwise")
	}
	run(t, "restore", file, "--data", other).wants(4, "--data", "--database")
	run(t, "restore", file+".không", "--data", other).wants(3, "Không có tệp")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file+".cut", raw[:len(raw)/2])
	run(t, "restore", "--drill", file+".cut").wants(7, "cắt cụt")
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*.part"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestABackupThatIsKilled: a power cut in the middle of a backup leaves no file that looks
// like one, and neither the data nor the next backup are hurt.
func TestABackupThatIsKilled(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	run(t, "demo", "--no-serve", "--data", data).wants(0)
	folder := t.TempDir()
	file := filepath.Join(folder, "sao lưu.zip")
	cmd, said := program(t, "backup", file, "--data", data, "--as", "quantri")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool {
		begun, err := os.ReadDir(folder)
		return err == nil && len(begun) > 0
	})
	if code := end(t, cmd, syscall.SIGKILL); code == 0 {
		t.Skipf("the backup was too quick to be killed:\n%s", said)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half a backup has the name of a whole one: %v", err)
	}
	run(t, "audit", "verify", "--data", data).wants(0)
	run(t, "backup", file, "--data", data, "--as", "quantri").wants(0)
	run(t, "restore", "--drill", file).wants(0, "Diễn tập đạt")
}

// TestASecondDoubleClick: who starts the program twice is shown the one that runs; an
// address that another program holds is told as before.
func TestASecondDoubleClick(t *testing.T) {
	t.Parallel()
	data, addr := t.TempDir(), freeAddr(t)
	one, _ := start(t, addr, "serve", "--data", data)
	run(t, "serve", "--open", "--data", data, "--addr", addr).wants(0, "đang chạy sẵn tại http://"+addr)
	run(t, "serve", "--data", data, "--addr", addr).wants(5, "đang được chương trình khác sử dụng")
	if code := end(t, one, os.Interrupt); code != 0 {
		t.Errorf("Ctrl+C ends with %d", code)
	}
	foreign := httptest.NewServer(http.NotFoundHandler())
	defer foreign.Close()
	run(t, "serve", "--open", "--data", data, "--addr", foreign.Listener.Addr().String()).wants(5, "đang được chương trình khác sử dụng")
}

// TestServingWithAClockThatWasSetBack: the program serves, and says what is wrong.
func TestServingWithAClockThatWasSetBack(t *testing.T) {
	t.Parallel()
	data, addr := filepath.Join(t.TempDir(), "data"), freeAddr(t)
	run(t, "demo", "--no-serve", "--data", data).wants(0)
	exec1(t, filepath.Join(data, "nhanrong.db"), `UPDATE audit_entry SET at = (SELECT max(at) FROM audit_entry) + 86400000000 WHERE seq = (SELECT max(seq) FROM audit_entry)`)
	one, said := start(t, addr, "serve", "--data", data)
	if code := end(t, one, os.Interrupt); code != 0 || !strings.Contains(said.String(), "CẢNH BÁO: đồng hồ máy") {
		t.Errorf("%d:\n%s", code, said)
	}
}

// TestAnUpgradeBacksUpFirst: what an older program left is kept before it is changed, and
// the copy can be restored by the newer program.
func TestAnUpgradeBacksUpFirst(t *testing.T) {
	t.Parallel()
	old := func(data string) {
		d, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + filepath.Join(data, "nhanrong.db")})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(d.MigrateTo(t.Context(), 14), d.Close()); err != nil {
			t.Fatal(err)
		}
	}
	backups := func(data string) []string {
		made, err := filepath.Glob(filepath.Join(data, "backups", "nhanrong-before-upgrade-*.zip"))
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	fresh, first, without := t.TempDir(), t.TempDir(), t.TempDir()
	old(first)
	old(without)
	for _, data := range []string{fresh, first, first} {
		run(t, "migrate", "--data", data).wants(0)
	}
	run(t, "migrate", "--data", without, "--no-upgrade-backup").wants(0)
	if len(backups(fresh)) != 0 || len(backups(without)) != 0 || len(backups(first)) != 1 {
		t.Fatalf("backups: %v, %v, %v", backups(fresh), backups(without), backups(first))
	}
	run(t, "restore", backups(first)[0], "--data", filepath.Join(fresh, "khác")).wants(0)
}
