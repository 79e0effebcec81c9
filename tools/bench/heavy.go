package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// heavyHeading begins the part of docs/benchmarks.md about what is done seldom and takes
// long: on SQLite, with the sample story as data.
const heavyHeading = "\n## Heavy work\n"

// heavyRounds is how often each is done; the median is told.
const heavyRounds = 5

// What it is held to.
const (
	barRecognition = 1000.0 // ms, for a thousand entries under one decision
	barPhoto       = 1500.0 // ms, for a photo of twelve megapixels
	barPhotoMemory = 120.0  // MB resident at most
	barBackup      = 0.5    // of the speed at which the same bytes are copied
	barWriteBeside = 100.0  // ms at p95, for a registration beside a backup
)

// heavyLine is one line of the table.
type heavyLine struct {
	name, bar, measured, floor, floorNamed string
}

// writeHeavy measures and writes that part of the page of figures anew.
func writeHeavy(ctx context.Context, s settings, binary string) error {
	folder, err := os.MkdirTemp(filepath.Dir(binary), "heavy-") // on the disk of the data, not in a memory that is called a disk
	if err != nil {
		return err
	}
	lines, err := measureHeavy(ctx, s, folder, binary)
	if err := errors.Join(err, os.RemoveAll(folder)); err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "\nWritten by `make bench`, or by `go run ./tools/bench -heavy` for this part alone, on %s: SQLite, the sample story, the median of %d.\n\n| work | bar | measured | floor | the floor is |\n|---|--:|--:|--:|---|\n",
		time.Now().Format(time.DateOnly), heavyRounds) //nolint:forbidigo // the day of the measuring
	for _, l := range lines {
		fmt.Printf("%s: %s, bar %s, floor %s\n", l.name, l.measured, l.bar, l.floor)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", l.name, l.bar, l.measured, l.floor, l.floorNamed)
	}
	return section(s.out, heavyHeading, b.String())
}

// section puts a part of the page of figures in its place, or at the end.
func section(path, heading, body string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, _ := strings.Cut(string(raw), heading)
	after := ""
	if at := strings.Index(rest, "\n## "); at >= 0 {
		after = rest[at:]
	}
	return os.WriteFile(path, []byte(strings.TrimRight(before, "\n")+"\n"+heading+body+after), 0o644)
}

func measureHeavy(ctx context.Context, s settings, folder, binary string) ([]heavyLine, error) {
	data := filepath.Join(folder, "data")
	if said, err := exec.CommandContext(ctx, binary, "demo", "--no-serve", "--data", data).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make the sample: %w\n%s", err, said)
	}
	h, err := openHeavy(ctx, data)
	if err != nil {
		return nil, err
	}
	lines, err := heavyOf(ctx, s, h, folder, binary)
	return lines, errors.Join(err, h.Close())
}

func openHeavy(ctx context.Context, data string) (*app.House, error) {
	cfg := &config.Config{Data: data, LogLevel: "error"}
	if err := cfg.Complete(); err != nil && cfg.Database == "" {
		return nil, err
	}
	return app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
}

func heavyOf(ctx context.Context, s settings, h *app.House, folder, binary string) ([]heavyLine, error) {
	var all []heavyLine
	for _, work := range []struct {
		name string
		do   func() ([]heavyLine, error)
	}{
		{"recognition", func() ([]heavyLine, error) { return measureRecognition(ctx, h) }},
		{"photos", func() ([]heavyLine, error) { return measurePhotos(ctx, folder) }},
		{"papers", func() ([]heavyLine, error) { return measurePapers(ctx, folder) }},
		{"backup", func() ([]heavyLine, error) { return measureBackup(ctx, h, folder, binary) }},
	} {
		if !strings.HasPrefix(work.name, s.question) {
			continue
		}
		lines, err := work.do()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", work.name, err)
		}
		all = append(all, lines...)
	}
	return all, nil
}

func stopwatch(do func() error) (float64, error) {
	begin := time.Now() //nolint:forbidigo // this is a stopwatch
	err := do()
	return float64(time.Since(begin).Microseconds()) / 1000, err //nolint:forbidigo // this is a stopwatch
}

// measureRecognition recognises a thousand entries under one decision, each time others.
func measureRecognition(ctx context.Context, h *app.House) ([]heavyLine, error) {
	const many = 1000
	who, day := h.System(), clock.MustDate("2024-09-10")
	var times, floors []float64
	for round := range heavyRounds {
		ids, err := receivedEntries(ctx, h, round, many)
		if err != nil {
			return nil, err
		}
		d, err := h.Movements.Decide(ctx, who, movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: fmt.Sprintf("9%d/QĐ", round), Authority: sample.CodeDistrict, Level: org.District, SignedOn: day, Title: "Quyết định công nhận (đo)",
		})
		if err != nil {
			return nil, err
		}
		if err := sample.Papers(ctx, h, who, sample.Chain{Decision: d, Entries: ids, Text: "Đã làm xong, có kết quả."}); err != nil {
			return nil, err
		}
		took, err := stopwatch(func() error { return h.Practices.Recognise(ctx, who, d.ID, ids) })
		if err != nil {
			return nil, fmt.Errorf("recognise: %w", err)
		}
		floor, err := stopwatch(func() error { return insertMany(ctx, h.DB, many) })
		if err != nil {
			return nil, err
		}
		times, floors = append(times, took), append(floors, floor)
	}
	took := middle(times)
	return []heavyLine{{
		"recognise 1,000 entries by one decision", fmt.Sprintf("%.0f ms", barRecognition), fmt.Sprintf("%.0f ms%s", took, missed(took, barRecognition)),
		fmt.Sprintf("%.0f ms", middle(floors)), "a thousand inserts in one durable transaction",
	}}, nil
}

// insertMany is what so many lines cost by themselves.
func insertMany(ctx context.Context, d *db.DB, n int) error {
	if err := prepareFloor(ctx, d); err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		for range n {
			if _, err := db.Exec(ctx, tx, `INSERT INTO bench_floor (id, text) VALUES ($1, $2)`, id.Random(), "một dòng"); err != nil {
				return err
			}
		}
		return nil
	})
}

// receivedEntries registers practices, and has them received and started.
func receivedEntries(ctx context.Context, h *app.House, round, n int) ([]string, error) {
	who, on := h.System(), clock.MustDate("2024-02-01")
	all := make([]practice.Input, n)
	for i := range all {
		all[i] = practice.Input{
			Movement: sample.Movement, On: on, Unit: sample.CodeDistrict, Kind: ledger.Collective, Subject: fmt.Sprintf("Tổ đo %d.%d", round, i), Field: "economy",
			Origin: ledger.OriginNew, Title: fmt.Sprintf("Mô hình đo %d.%d", round, i), Parts: practice.Parts{Approach: "Họp dân, phân công, cùng làm."},
		}
	}
	made, err := h.Practices.RegisterAll(ctx, who, all)
	if err != nil {
		return nil, err
	}
	ids := make([]string, n)
	for i, e := range made {
		ids[i] = e.ID
	}
	step := practice.Step{Entries: slices.Clone(ids), On: clock.MustDate("2024-03-01")}
	if err := h.Practices.Receive(ctx, who, step); err != nil {
		return nil, err
	}
	step.On = clock.MustDate("2024-04-01")
	return ids, h.Practices.Start(ctx, who, step)
}

// photoEnv names the folder with the data to the process that stores photos.
const photoEnv = "NHANRONG_BENCH_PHOTOS"

// photosTaken is what that process tells.
type photosTaken struct {
	Times []float64 // milliseconds
	Peak  float64   // MB resident at most
}

// storePhotos is what this program does as the process that stores photos; false where it
// was not started as that.
func storePhotos() bool {
	data := os.Getenv(photoEnv)
	if data == "" {
		return false
	}
	out, err := takePhotos(context.Background(), data)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "photos:", err)
		os.Exit(1)
	}
	return true
}

// takePhotos stores photos of twelve megapixels at an entry of the sample, one after the
// other.
func takePhotos(ctx context.Context, data string) (out photosTaken, err error) {
	h, err := openHeavy(ctx, data)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	made, err := receivedEntries(ctx, h, 99, 1)
	if err != nil {
		return out, err
	}
	for i := range heavyRounds {
		raw, err := os.ReadFile(filepath.Join(data, photoName(i)))
		if err != nil {
			return out, err
		}
		words := photo.Words{Credit: "Ảnh đo", Alt: "Ảnh đo", People: photo.PeopleNone}
		took, err := stopwatch(func() error {
			_, err := h.Practices.AddPhoto(ctx, h.System(), made[0], words, &photo.File{Name: "anh.jpg", Content: bytes.NewReader(raw), Size: int64(len(raw))})
			return err
		})
		if err != nil {
			return out, err
		}
		out.Times = append(out.Times, took)
	}
	out.Peak, err = statusOf("self", "VmHWM:")
	return out, err
}

func photoName(i int) string { return "photo-" + strconv.Itoa(i) + ".jpg" }

// measurePhotos has another process store photos, so that its memory is told alone.
func measurePhotos(ctx context.Context, folder string) ([]heavyLine, error) {
	data := filepath.Join(folder, "data")
	var floors []float64
	for i := range heavyRounds {
		raw, err := drawn(4000, 3000, uint64(i))
		if err == nil {
			err = os.WriteFile(filepath.Join(data, photoName(i)), raw, 0o600)
		}
		if err != nil {
			return nil, err
		}
		floor, err := stopwatch(func() error { _, err := jpeg.Decode(bytes.NewReader(raw)); return err })
		if err != nil {
			return nil, err
		}
		floors = append(floors, floor)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), photoEnv+"="+data)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var out photosTaken
	if err := json.Unmarshal(said, &out); err != nil {
		return nil, fmt.Errorf("what the process of photos told: %w", err)
	}
	took, peak := middle(out.Times), out.Peak
	return []heavyLine{
		{
			"store a photo of 12 megapixels in its sizes", fmt.Sprintf("%.0f ms", barPhoto), fmt.Sprintf("%.0f ms%s", took, missed(took, barPhoto)),
			fmt.Sprintf("%.0f ms", middle(floors)), "reading the photo, once",
		},
		{"resident at most, of a process that stores five", fmt.Sprintf("%.0f MB", barPhotoMemory), fmt.Sprintf("%.0f MB%s", peak, missed(peak, barPhotoMemory)), "–", "–"},
	}, nil
}

// drawn is a photo that no camera took: soft shapes under the grain of a sensor.
func drawn(width, height int, seed uint64) ([]byte, error) {
	rnd := rand.New(rand.NewPCG(seed, 12))
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			grain := rnd.IntN(12)
			m.SetRGBA(x, y, color.RGBA{R: uint8(x*200/width + grain), G: uint8(y*200/height + grain), B: uint8((x/40+y/60)%2*90 + grain), A: 255})
		}
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90})
	return out.Bytes(), err
}

// measureBackup backs up a gigabyte of papers by the built program, while entries are
// registered here, and copies the same bytes for a floor.
func measureBackup(ctx context.Context, h *app.House, folder, binary string) ([]heavyLine, error) {
	if err := fill(ctx, h); err != nil {
		return nil, err
	}
	data := filepath.Join(folder, "data")
	bytesOf, err := weight(data)
	if err != nil {
		return nil, err
	}
	var speeds, floors, writes []float64
	for round := range heavyRounds {
		floor, err := stopwatch(func() error { return copyAll(data, filepath.Join(folder, "copy")) })
		if err != nil {
			return nil, err
		}
		took, times, err := backUpBeside(ctx, h, binary, data, filepath.Join(folder, fmt.Sprintf("backup-%d.zip", round)))
		if err != nil {
			return nil, err
		}
		speeds, floors, writes = append(speeds, bytesOf/took/1000), append(floors, bytesOf/floor/1000), append(writes, times...)
	}
	slices.Sort(writes)
	speed, floor, write := middle(speeds), middle(floors), writes[len(writes)*95/100]
	return []heavyLine{
		{
			fmt.Sprintf("back up %.1f GB", bytesOf/1e9), fmt.Sprintf("%.0f %% of the floor", 100*barBackup), fmt.Sprintf("%.0f MB/s, %.0f %%%s", speed, 100*speed/floor, missed(barBackup, speed/floor)),
			fmt.Sprintf("%.0f MB/s", floor), "reading the same files and writing them into one, flushed",
		},
		{
			"register an entry beside it, p95", fmt.Sprintf("%.0f ms", barWriteBeside), fmt.Sprintf("%.0f ms%s (%d of them)", write, missed(write, barWriteBeside), len(writes)), "–", "–",
		},
	}, nil
}

// fill gives entries of the sample papers of twenty megabytes each, a gigabyte in all.
func fill(ctx context.Context, h *app.House) error {
	rnd := rand.NewChaCha8([32]byte{7})
	made, err := receivedEntries(ctx, h, 98, 2)
	if err != nil {
		return err
	}
	const papers, size = 52, practice.MaxFile - 1024
	raw := make([]byte, size)
	for i := range papers {
		if _, err := rnd.Read(raw); err != nil {
			return err
		}
		copy(raw, "%PDF-1.7\n")
		copy(raw[size-6:], "\n%%EOF")
		if _, err := h.Practices.AddDocument(ctx, h.System(), made[i%2], fmt.Sprintf("Hồ sơ %d", i), &practice.File{Name: "ho-so.pdf", Content: bytes.NewReader(raw), Size: size}); err != nil {
			return fmt.Errorf("fill with papers: %w", err)
		}
	}
	return nil
}

// weight is how many bytes the files of a folder have.
func weight(folder string) (float64, error) {
	all := 0.0
	err := filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			all += float64(info.Size())
		}
		return err
	})
	return all, err
}

// copyAll writes the files of a folder, but for the database, into one file and flushes
// it. Closing a file of the database would give up the locks that this process holds on it.
func copyAll(folder, to string) (err error) {
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close(), os.Remove(to)) }()
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), "nhanrong.db") {
			return err
		}
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		return errors.Join(err, in.Close())
	})
	return errors.Join(err, out.Sync())
}

// backUpBeside runs the program's backup and registers entries, one every ten
// milliseconds, until it is done. It gives the time of the backup and those of the
// registrations, in milliseconds.
func backUpBeside(ctx context.Context, h *app.House, binary, data, to string) (took float64, times []float64, err error) {
	cmd := exec.CommandContext(ctx, binary, "backup", to, "--data", data, "--as", "quantri")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	done := make(chan error, 1)
	begin := time.Now() //nolint:forbidigo // this is a stopwatch
	go func() { done <- cmd.Run() }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case err := <-done:
			took = float64(time.Since(begin).Milliseconds()) //nolint:forbidigo // this is a stopwatch
			if err != nil {
				err = fmt.Errorf("back up: %w\n%s", err, said.String())
			}
			return took, times, errors.Join(err, os.Remove(to))
		case <-tick.C:
			one, err := stopwatch(func() error {
				_, err := h.Practices.Register(ctx, h.System(), practice.Input{
					Movement: sample.Movement, On: clock.MustDate("2024-02-02"), Unit: sample.CodeDistrict, Kind: ledger.Collective, Subject: "Tổ đo", Field: "economy",
					Origin: ledger.OriginNew, Title: fmt.Sprintf("Mô hình bên bản sao lưu %s.%d", filepath.Base(to), i), Parts: practice.Parts{Approach: "Cùng làm."},
				})
				return err
			})
			if err != nil {
				return 0, nil, errors.Join(err, cmd.Process.Kill())
			}
			times = append(times, one)
		}
	}
}
