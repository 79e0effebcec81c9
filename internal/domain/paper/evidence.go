package paper

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// MaxEvidence bounds the documents and photos that go with a frozen report, in bytes.
const MaxEvidence = 4 << 30

// Evidence writes a frozen report with all that it rests on into one ZIP, file by file: its
// bytes and their hash, the tables, the list behind every figure, the acts on those entries,
// what was recorded since, and the documents and photos of the entries; at the end an index
// with the SHA-256 of each. Whoever may freeze may have it; that they did is recorded.
func (s *Service) Evidence(ctx context.Context, who actor.Actor, id string, lang i18n.Lang, w io.Writer) (string, error) {
	if !who.Can(report.RightFreeze) {
		return "", errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	f, err := s.reports.Snapshot(ctx, who, id)
	if err != nil {
		return "", err
	}
	note, err := s.reports.Difference(ctx, who, id)
	if err != nil {
		return "", err
	}
	whole, err := f.Report()
	if err != nil {
		return "", err
	}
	entries, err := f.Entries()
	if err != nil {
		return "", err
	}
	proofs, err := s.proofs(ctx, entries)
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error { // before the first byte goes out
		return s.log.Add(ctx, tx, who, "paper.evidence", audit.Object{Kind: "snapshot", ID: f.ID},
			map[string]any{"sha256": f.SHA256, "files": len(proofs)})
	})
	if err != nil {
		return "", err
	}
	b := &bundle{z: zip.NewWriter(w), lang: lang, at: f.FrozenAt.In(clock.VietNam())}
	b.put("bao-cao.json", i18n.PaperFileReport, func(w io.Writer) error { return writeAll(w, f.Bytes) })
	b.put("bao-cao.json.sha256", i18n.PaperHash, func(w io.Writer) error { return writeAll(w, []byte(f.SHA256+"  bao-cao.json\n")) })
	b.put("bang-so-lieu.xlsx", i18n.PaperFileTables, func(w io.Writer) error {
		return table.XLSX(w, ReportTables(lang, whole, Head{})...)
	})
	if err := b.lists(f, entries); err != nil {
		return "", err
	}
	b.put("cac-buoc.csv", i18n.PaperFileActs, func(w io.Writer) error { return s.acts(ctx, w, lang, f, entries) })
	b.put("thay-doi-sau-khi-chot.csv", i18n.PaperFileNote, func(w io.Writer) error { return noteRows(w, lang, note) })
	for _, one := range proofs {
		b.put(one.name, i18n.PaperFileProof, func(w io.Writer) error { return s.copyFile(ctx, w, one.ref) })
	}
	return frozenName(f), b.close()
}

// proof is a document or a photo with the name that it has in the bundle.
type proof struct {
	name string
	ref  blob.Ref
}

// proofs are the documents and photos of entries. More than the bound is refused.
func (s *Service) proofs(ctx context.Context, entries []report.ListedEntry) ([]proof, error) {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.Entry
	}
	documents, err := documentsOf(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	photos, err := photo.OfAll(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	var all []proof
	size := int64(0)
	for _, e := range entries {
		folder := path.Join("minh-chung", blob.Name(e.Code))
		for i, d := range documents[e.Entry] {
			all = append(all, proof{fmt.Sprintf("%s/%02d-%s", folder, i+1, blob.Name(d.name)), d.ref})
			size += d.ref.Size
		}
		for i, p := range photos[e.Entry] {
			if len(p.Sizes) == 0 { // consent was withdrawn
				continue
			}
			all = append(all, proof{fmt.Sprintf("%s/anh-%02d.jpg", folder, i+1), blob.Ref{SHA256: p.Sizes[0].SHA256, Size: p.Sizes[0].Bytes}})
			size += p.Sizes[0].Bytes
		}
	}
	if size > MaxEvidence {
		return nil, errs.New(errs.Invalid, i18n.PaperEvidenceLarge, int(size>>20), MaxEvidence>>20)
	}
	return all, nil
}

// documentsOf reads the documents of many entries at once, without those that were taken off:
// the register gives them entry by entry. Who may have the snapshot may have these.
func documentsOf(ctx context.Context, q db.Querier, entries []string) (map[string][]proof, error) {
	all := map[string][]proof{}
	err := db.Chunks(entries, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var entry string
			var p proof
			err := row.Scan(&entry, &p.name, &p.ref.SHA256, &p.ref.Size)
			all[entry] = append(all[entry], p)
			return err
		}, `SELECT entry_id, file_name, file_hash, file_size FROM practice_document
			WHERE removed_at IS NULL AND entry_id IN `+db.In(1, len(part))+` ORDER BY added_at, id`, part...)
	})
	return all, err
}

func (s *Service) copyFile(ctx context.Context, w io.Writer, ref blob.Ref) error {
	r, err := s.files.Open(ctx, ref)
	if err != nil {
		return fmt.Errorf("open evidence %s: %w", ref.SHA256, err)
	}
	defer r.Close() //nolint:errcheck // it was read to its end
	if _, err := io.Copy(w, r); err != nil {
		return fmt.Errorf("copy evidence %s: %w", ref.SHA256, err)
	}
	return nil
}

func writeAll(w io.Writer, content []byte) error {
	_, err := w.Write(content)
	return err //nolint:wrapcheck // the bundle says which file
}

// sheetRows writes rows as a spreadsheet opens them: UTF-8 with its mark, no cell a formula.
func sheetRows(w io.Writer, rows [][]string) error {
	if err := writeAll(w, []byte("\uFEFF")); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range rows {
		for i, cell := range row {
			if _, number := strconv.Atoi(cell); number != nil {
				row[i] = table.Plain(cell)
			}
		}
		if err := out.Write(row); err != nil {
			return err //nolint:wrapcheck // the bundle says which file
		}
	}
	out.Flush()
	return out.Error() //nolint:wrapcheck // the bundle says which file
}

// lists puts the list behind every figure into the bundle.
func (b *bundle) lists(f report.Frozen, entries []report.ListedEntry) error {
	subjects, err := f.Subjects()
	if err != nil {
		return err
	}
	items, err := f.Items()
	if err != nil {
		return err
	}
	for _, d := range ledger.Definitions() {
		rows := [][]string{b.heads(i18n.PaperCode, i18n.PaperPractice, i18n.PaperUnit, i18n.PaperKind, i18n.PaperFields, i18n.PaperOrigins, i18n.PaperRegisteredOn, i18n.PaperRecognisedOn)}
		switch d.Counted {
		case ledger.OfEntries:
			for _, e := range entries {
				if slices.Contains(e.Counted, string(d.Figure)) {
					rows = append(rows, []string{e.Code, e.Title, e.UnitName, b.word("kind", e.Kind), b.word("field", e.Field), b.word("origin", e.Origin), e.RegisteredOn, e.RecognisedOn})
				}
			}
		case ledger.OfSubjects:
			rows[0] = b.heads(i18n.PaperSubject, i18n.PaperUnit, i18n.PaperKind, i18n.PaperFields)
			for _, one := range subjects {
				if slices.Contains(one.Counted, string(d.Figure)) {
					rows = append(rows, []string{one.Title, one.UnitName, b.word("kind", one.Kind), b.word("field", one.Field)})
				}
			}
		default:
			rows[0] = b.heads(i18n.PaperSource, i18n.PaperUnit, i18n.PaperActDay)
			for _, one := range items {
				if one.What == string(ledger.Adoption) {
					rows = append(rows, []string{strings.TrimSpace(one.Source + " " + one.SourceTitle), one.UnitName, one.On})
				}
			}
		}
		b.put("danh-sach/"+string(d.Figure)+".csv", d.Label, func(w io.Writer) error { return sheetRows(w, rows) })
	}
	return nil
}

// acts writes the acts on the entries of a frozen report that were known when it was frozen.
func (s *Service) acts(ctx context.Context, w io.Writer, lang i18n.Lang, f report.Frozen, entries []report.ListedEntry) error {
	rows := [][]string{{
		lang.T(i18n.PaperCode), lang.T(i18n.PaperAct), lang.T(i18n.PaperActDay), lang.T(i18n.PaperRecorded), lang.T(i18n.PaperBy), lang.T(i18n.PaperLevel),
		lang.T(i18n.PaperPaper), lang.T(i18n.PaperReason), "id", "target",
	}}
	for part := range slices.Chunk(entries, 1000) {
		ids := make([]string, len(part))
		for i, e := range part {
			ids[i] = e.Entry
		}
		standings, err := ledger.Standings(ctx, s.db, ids)
		if err != nil {
			return err
		}
		for _, e := range part {
			for _, a := range standings[e.Entry].Acts {
				if f.Knew(a) {
					rows = append(rows, []string{
						e.Code, lang.T(a.Kind.Label()), a.On.String(), a.At.UTC().Format("2006-01-02T15:04:05Z"), a.By, string(a.Level), a.Decision, a.Reason, a.ID, a.Target,
					})
				}
			}
		}
	}
	return sheetRows(w, rows)
}

// noteRows writes what has changed since, cell by cell.
func noteRows(w io.Writer, lang i18n.Lang, note report.Difference) error {
	rows := [][]string{{
		lang.T(i18n.PaperTable), lang.T(i18n.PaperRow), lang.T(i18n.PaperColumn), lang.T(i18n.PaperWas), lang.T(i18n.PaperIs), lang.T(i18n.PaperAct), lang.T(i18n.PaperCode),
		lang.T(i18n.PaperActDay), lang.T(i18n.PaperRecorded), lang.T(i18n.PaperBy),
	}}
	for _, c := range note.Changes {
		row := []string{report.TableLabel(lang, c.Table), note.RowLabel(lang, c.Cell), report.ColumnLabel(lang, c.Cell), strconv.Itoa(c.Was), strconv.Itoa(c.Is)}
		if len(c.Causes) == 0 {
			rows = append(rows, append(row, lang.T(i18n.PaperUnexplained), "", "", "", ""))
		}
		for _, cause := range c.Causes {
			rows = append(rows, append(slices.Clone(row), lang.T(cause.Act.Kind.Label()), strings.TrimSpace(cause.Thing.Code+" "+cause.Thing.Title), cause.Act.On.String(),
				cause.Act.At.UTC().Format("2006-01-02T15:04:05Z"), cause.Act.By))
		}
	}
	return sheetRows(w, rows)
}
