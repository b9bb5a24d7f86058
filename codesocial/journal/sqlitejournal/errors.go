package sqlitejournal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

var (
	// ErrNotJournal is returned on opening a file that is not an SQLite database, or one of another
	// program.
	ErrNotJournal = errors.New("file is not a journal")

	// ErrLocked is returned when another process held the file locked for longer than [Options.Wait].
	// Nothing was stored.
	ErrLocked = errors.New("file is locked")

	// ErrFull is returned when the disk, the quota or the limit on the size of files is exhausted. Nothing
	// was stored; what was stored before is intact.
	ErrFull = errors.New("no space left for the file")
)

// code returns the result code of SQLite in err, 0 if there is none.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// primary is the part of a result code that names the kind of error.
func primary(code int) int { return code & 0xff }

// explain says what an error of SQLite means for the file and what to do about it.
func (s *Store) explain(doing string, err error) error {
	if err == nil || errors.Is(err, journal.ErrConflict) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var corrupt *journal.CorruptError
	if errors.As(err, &corrupt) {
		return err
	}
	c := code(err)
	switch primary(c) {
	case sqlite3.SQLITE_NOTADB:
		return s.failed(doing, "the file is not an SQLite database: give another path", ErrNotJournal, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return s.failed(doing, fmt.Sprintf("another process has held it locked for %v: end that process, or wait longer", s.wait), ErrLocked, err)
	case sqlite3.SQLITE_FULL:
		return s.failed(doing, "make room on the disk and try again", ErrFull, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return s.failed(doing, "the file, or the directory it is in, may not be written: change the rights, or open it with Options.ReadOnly", fs.ErrPermission, err)
	case sqlite3.SQLITE_CANTOPEN:
		return s.failed(doing, "the file cannot be opened: check the rights on it and on its directory", fs.ErrPermission, err)
	case sqlite3.SQLITE_CORRUPT:
		return s.failed(doing, "the file is damaged: restore it from a copy", nil, err)
	case sqlite3.SQLITE_IOERR:
		if c == sqlite3.SQLITE_IOERR_WRITE || c == sqlite3.SQLITE_IOERR_SHMSIZE {
			return s.failed(doing, "the disk refuses to write: it may be full", ErrFull, err)
		}
		return s.failed(doing, "the disk reports an error", nil, err)
	}
	return fmt.Errorf("sqlitejournal: %s: %s: %w", s.path, doing, err)
}

func (s *Store) failed(doing, advice string, sentinel, err error) error {
	if sentinel == nil {
		return fmt.Errorf("sqlitejournal: %s: %s: %s: %w", s.path, doing, advice, err)
	}
	return fmt.Errorf("sqlitejournal: %s: %s: %w: %s: %w", s.path, doing, sentinel, advice, err)
}

// patiently calls f until the file is not locked any more, the context ends, or s.wait is over. SQLite would wait
// by itself, but deaf to the context, and asleep for up to a tenth of a second at a time.
func (s *Store) patiently(ctx context.Context, f func() error) error {
	end := time.Now().Add(s.wait)
	for pause := 200 * time.Microsecond; ; pause = min(2*pause, 10*time.Millisecond) {
		err := f()
		if p := primary(code(err)); p != sqlite3.SQLITE_BUSY && p != sqlite3.SQLITE_LOCKED || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(rand.N(pause)):
		}
	}
}
