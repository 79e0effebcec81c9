package archive

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Write writes the archive of a store. An archive that was not written to its end has no
// manifest and is refused by [Restore].
func Write(ctx context.Context, s Store, w io.Writer, program string, at time.Time, progress Progress) (Manifest, error) {
	m := Manifest{Format: format, Program: program, Engine: string(s.DB.Engine()), MadeAt: at.UTC().Truncate(time.Second)}
	z := zip.NewWriter(w)
	files := map[string]int64{}
	err := s.DB.Snapshot(ctx, func(q db.Querier) (err error) {
		if m.Schema, err = db.SchemaAt(ctx, q); err != nil {
			return err
		}
		if m.Records, m.Head, err = audit.Last(ctx, q); err != nil {
			return err
		}
		m.Tables, err = writeTables(ctx, q, z, files, progress)
		return err
	})
	if err != nil {
		return m, err
	}
	if m.Files, m.Missing, err = writeFiles(ctx, s.Files, z, files); err != nil {
		return m, err
	}
	if err := writeManifest(z, m); err != nil {
		return m, err
	}
	return m, z.Close()
}

func writeManifest(z *zip.Writer, m Manifest) error {
	to, err := z.Create(manifestName)
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	e := json.NewEncoder(to)
	e.SetIndent("", " ")
	if err := e.Encode(m); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}

func writeTables(ctx context.Context, q db.Querier, z *zip.Writer, files map[string]int64, progress Progress) ([]List, error) {
	tables, err := db.Tables(ctx, q)
	if err != nil {
		return nil, err
	}
	total := 0
	for _, t := range tables {
		n, err := db.One(ctx, q, db.Int, `SELECT count(*) FROM `+t.Name)
		if err != nil {
			return nil, err
		}
		total += n
	}
	done := 0
	lists := make([]List, len(tables))
	for i, t := range tables {
		to, err := z.Create(listFolder + t.Name + ".jsonl")
		if err != nil {
			return nil, fmt.Errorf("write table %s: %w", t.Name, err)
		}
		if lists[i], err = writeTable(ctx, q, t, to, noting(t, files)); err != nil {
			return nil, fmt.Errorf("write table %s: %w", t.Name, err)
		}
		done += lists[i].Rows
		progress(done, total)
	}
	return lists, nil
}

// writeTable writes the rows of a table in the order of its key, and shows each to visit.
func writeTable(ctx context.Context, q db.Querier, t db.Table, w io.Writer, visit func([]cell)) (List, error) {
	sum := sha256.New()
	to := bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<16)
	lines := json.NewEncoder(to)
	lines.SetEscapeHTML(false)
	list := List{Table: t}
	values := make([]any, len(t.Columns))
	err := db.Each(ctx, q, func(row db.Row) error {
		these := cells(t)
		targets := make([]any, len(these))
		for i := range these {
			targets[i] = these[i].target()
		}
		if err := row.Scan(targets...); err != nil {
			return err
		}
		for i := range these {
			values[i] = these[i].written()
		}
		visit(these)
		list.Rows++
		return lines.Encode(values)
	}, `SELECT `+strings.Join(t.Names(), ", ")+` FROM `+t.Name+` ORDER BY `+strings.Join(db.Bytewise(q.Engine(), t), ", "))
	if err != nil {
		return list, err
	}
	if err := to.Flush(); err != nil {
		return list, err
	}
	list.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return list, nil
}

// noting gathers the files that the rows of a table speak of.
func noting(t db.Table, files map[string]int64) func([]cell) {
	hashName, sizeName, ok := fileColumns(t)
	hash, size := slices.Index(t.Names(), hashName), slices.Index(t.Names(), sizeName)
	return func(row []cell) {
		if !ok || row[hash].text == nil || row[size].number == nil {
			return
		}
		if of := *row[hash].text; blob.Valid(of) {
			files[of] = *row[size].number
		}
	}
}

// writeFiles writes the files that can be read and names the others: one bad sector must
// not leave a house without any backup. A file is known to be damaged only at its end; what
// was written of it stays in the archive under its name, and is in no list.
func writeFiles(ctx context.Context, from blob.Store, z *zip.Writer, files map[string]int64) (all, missing []File, err error) {
	all = make([]File, 0, len(files))
	buffer := make([]byte, 1<<20)
	for _, hash := range slices.Sorted(maps.Keys(files)) {
		f := File{SHA256: hash, Size: files[hash]}
		switch err := writeFile(ctx, from, z, f, buffer); {
		case errors.Is(err, blob.ErrNotFound), errors.Is(err, blob.ErrDamaged):
			missing = append(missing, f)
		case err != nil:
			return nil, nil, fmt.Errorf("write file %s: %w", hash, err)
		default:
			all = append(all, f)
		}
	}
	return all, missing, nil
}

func writeFile(ctx context.Context, from blob.Store, z *zip.Writer, f File, buffer []byte) error {
	r, err := from.Open(ctx, blob.Ref{SHA256: f.SHA256, Size: f.Size})
	if err != nil {
		return err
	}
	defer r.Close()                                                                            //nolint:errcheck // it was only read
	to, err := z.CreateHeader(&zip.FileHeader{Name: fileFolder + f.SHA256, Method: zip.Store}) // papers and pictures are packed already
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{r}, buffer)
	return err
}
