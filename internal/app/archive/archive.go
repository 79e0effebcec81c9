// Package archive writes a whole installation into one file, and reads it back into an
// empty one of either engine: the backup, the move from SQLite to PostgreSQL, and the
// drill that proves a backup by restoring it.
//
// The file is a ZIP: one list of rows for each table as JSON lines, every file that a row
// speaks of, and a manifest with the number of rows and the SHA-256 of each list. What
// engines write in ways of their own (instants, truth values, bytes) is written in one.
// The rows are those of one moment, while the program goes on writing.
//
// It is the one package that reads and writes the tables of every room: it knows nothing
// of what they mean, and takes them as they are.
package archive

import (
	"errors"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Store is what is archived: a database and the files beside it.
type Store struct {
	DB    *db.DB
	Files blob.Store
}

// Manifest says what an archive holds.
type Manifest struct {
	Format  int       `json:"format"`  // of the archive itself: 1
	Program string    `json:"program"` // the version that wrote it
	Schema  int       `json:"schema"`  // the last migration that had run
	Engine  string    `json:"engine"`
	MadeAt  time.Time `json:"madeAt"`
	Records int       `json:"records"` // of the audit
	Head    string    `json:"head"`    // hash of the last record of the audit
	Tables  []List    `json:"tables"`
	Files   []File    `json:"files"`
	Missing []File    `json:"missing,omitempty"` // that rows speak of and that could not be read
}

// List is a table in the archive.
type List struct {
	db.Table
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"` // of its lines, in the order of its key
}

// File is a file in the archive, named by its content.
type File struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"` // bytes
}

// Rows is how many rows all tables have.
func (m Manifest) Rows() int {
	n := 0
	for _, l := range m.Tables {
		n += l.Rows
	}
	return n
}

// format is the one that this program writes and reads.
const format = 1

// Where things stand in the archive.
const (
	manifestName = "manifest.json"
	listFolder   = "tables/"
	fileFolder   = "files/"
)

// Errors of [Restore].
var (
	// ErrNotArchive says that a file is not a whole archive of ours.
	ErrNotArchive = errors.New("not a whole archive of this program")
	// ErrNewer says that a later version of the program wrote the archive.
	ErrNewer = errors.New("the archive was written by a later version of the program")
	// ErrOpened says that a later version of the program has already made its tables where
	// the archive is to be restored.
	ErrOpened = errors.New("a later version of the program has made its tables there")
	// ErrNotEmpty says that there are data already where an archive is to be restored.
	ErrNotEmpty = errors.New("there are data already")
	// ErrDiffers says that what was restored is not what was archived.
	ErrDiffers = errors.New("what was restored is not what was archived")
	// ErrUnsound says that the archive was restored as it is, and that something was wrong
	// with the data already when they were archived.
	ErrUnsound = errors.New("the data were not sound when they were archived")
)

// Progress is told how many rows of how many are done.
type Progress func(done, of int)
