package sqlitejournal_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

func newFile(tb testing.TB) string { return filepath.Join(tb.TempDir(), "journal.db") }

func harness() journaltest.Harness {
	return journaltest.Harness{
		New: newFile,
		Open: func(ctx context.Context, path string) (journal.Store, error) {
			return sqlitejournal.Open(ctx, path, nil)
		},
	}
}

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	journaltest.Run(t, harness())
}

// open opens the file and closes it after the test.
func open(t *testing.T, path string, opts *sqlitejournal.Options) *sqlitejournal.Store {
	t.Helper()
	s, err := sqlitejournal.Open(t.Context(), path, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// plain opens the file as any other program would.
func plain(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func put(t *testing.T, s journal.Store, from, to uint64) {
	t.Helper()
	for n := from; n < to; n++ {
		require.NoError(t, s.Put(t.Context(), n, []byte{'b', byte(n)}))
	}
}

func count(t *testing.T, s journal.Store) int {
	t.Helper()
	page, err := s.Blocks(t.Context(), 0, 10_000)
	require.NoError(t, err)
	for n, b := range page {
		require.Equal(t, []byte{'b', byte(n)}, b)
	}
	return len(page)
}

// snapshot returns name, length, time of change and hash of all files in a directory.
func snapshot(t *testing.T, dir string) map[string][4]any {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	files := make(map[string][4]any)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		stat, err := e.Info()
		require.NoError(t, err)
		files[e.Name()] = [4]any{stat.Size(), stat.ModTime(), stat.Mode(), sha256.Sum256(data)}
	}
	return files
}

func TestCommitsAreSyncedInWALMode(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	s := open(t, path, nil)
	put(t, s, 0, 1)
	var mode string
	require.NoError(t, plain(t, path).QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode))
	require.Equal(t, "wal", mode)
}

func TestAfterCloseThereIsOneFile(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	s, err := sqlitejournal.Open(t.Context(), path, nil)
	require.NoError(t, err)
	put(t, s, 0, 10)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "closing twice does nothing")
	require.Len(t, snapshot(t, filepath.Dir(path)), 1)
	require.Error(t, s.Put(t.Context(), 10, []byte("late")))
	_, err = s.Blocks(t.Context(), 0, 1)
	require.Error(t, err)
}

func TestNewFileIsReadableByItsOwnerOnly(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // has no such bits
	}
	path := newFile(t)
	put(t, open(t, path, nil), 0, 1)
	for name, file := range snapshot(t, filepath.Dir(path)) {
		require.Equal(t, fs.FileMode(0o600), file[2], name)
	}
}

func TestAnyNameOfAFileIsTheNameOfAFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{":memory:", "file:x?mode=memory", "a%20b#c?d", "l'été à la Fabrique.db", "x&cache=shared"} {
		path := filepath.Join(t.TempDir(), name)
		put(t, open(t, path, nil), 0, 3)
		require.Equal(t, 3, count(t, open(t, path, nil)), name)
		_, err := os.Stat(path)
		require.NoError(t, err)
	}
}

func TestOtherProgramsReadTheFileWhileItIsWritten(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	s := open(t, path, nil)
	db := plain(t, path)
	for n := range uint64(20) {
		put(t, s, n, n+1)
		var blocks uint64
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM blocks").Scan(&blocks))
		require.Equal(t, n+1, blocks)
	}
}

func TestManyMayCreateTheFileAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		path := newFile(t)
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				s, err := sqlitejournal.Open(t.Context(), path, nil)
				if err == nil {
					err = s.Close()
				}
				errs[i] = err
			})
		}
		wg.Wait()
		require.NoError(t, errors.Join(errs...))
	}
}

func TestSeveralJournalsShareAFile(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	one := open(t, path, &sqlitejournal.Options{Prefix: "one_"})
	two := open(t, path, &sqlitejournal.Options{Prefix: "two_"})
	put(t, one, 0, 5)
	put(t, two, 0, 3)
	require.Equal(t, 5, count(t, one))
	require.Equal(t, 3, count(t, two))
	require.Zero(t, count(t, open(t, path, nil)))
}

func TestReadOnlyNeitherCreatesNorChangesAnything(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	s, err := sqlitejournal.Open(t.Context(), path, nil)
	require.NoError(t, err)
	put(t, s, 0, 10)
	require.NoError(t, s.Close())

	before := snapshot(t, filepath.Dir(path))
	r, err := sqlitejournal.Open(t.Context(), path, &sqlitejournal.Options{ReadOnly: true})
	require.NoError(t, err)
	require.Equal(t, 10, count(t, r))
	require.ErrorIs(t, r.Put(t.Context(), 10, []byte("block")), sqljournal.ErrReadOnly)
	require.Equal(t, before, snapshot(t, filepath.Dir(path)))
	require.NoError(t, r.Close())
	require.Equal(t, before, snapshot(t, filepath.Dir(path)))
}

func TestReadOnlyFollowsAWriterThatComesAndGoes(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	put(t, open(t, path, nil), 0, 1)
	r := open(t, path, &sqlitejournal.Options{ReadOnly: true})
	for n := uint64(1); n < 40; n += 4 {
		require.Equal(t, int(n), count(t, r))
		w, err := sqlitejournal.Open(t.Context(), path, nil)
		require.NoError(t, err)
		require.Equal(t, int(n), count(t, r))
		put(t, w, n, n+4)
		require.Equal(t, int(n)+4, count(t, r))
		require.NoError(t, w.Close())
		require.Equal(t, int(n)+4, count(t, r))
	}
}

func TestReadOnlyReadsADirectoryThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	s, err := sqlitejournal.Open(t.Context(), path, nil)
	require.NoError(t, err)
	put(t, s, 0, 3)
	require.NoError(t, s.Close())
	require.NoError(t, os.Chmod(path, 0o400))
	require.NoError(t, os.Chmod(filepath.Dir(path), 0o500))
	t.Cleanup(func() { require.NoError(t, os.Chmod(filepath.Dir(path), 0o700)) })
	require.Equal(t, 3, count(t, open(t, path, &sqlitejournal.Options{ReadOnly: true})))
}

func TestReadOnlySaysWhenCommitsAreOutOfReach(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	s := open(t, path, nil)
	put(t, s, 0, 3)
	copied := filepath.Join(t.TempDir(), "copy.db")
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + end)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(copied+end, data, 0o600))
	}
	_, err := sqlitejournal.Open(t.Context(), copied, &sqlitejournal.Options{ReadOnly: true})
	require.ErrorContains(t, err, "copy.db-wal holds commits")
	require.Equal(t, 3, count(t, open(t, copied, nil)), "opened for writing, it recovers")
}

func TestFilesThatCannotBeOpenedAreRefusedAndStayAsTheyWere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	foreign := filepath.Join(dir, "foreign.db")
	db := plain(t, foreign)
	_, err := db.ExecContext(t.Context(), "CREATE TABLE members (name TEXT)")
	require.NoError(t, err)
	newer := filepath.Join(dir, "newer.db")
	s, err := sqlitejournal.Open(t.Context(), newer, nil)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	db = plain(t, newer)
	_, err = db.ExecContext(t.Context(), "UPDATE format SET version = 7")
	require.NoError(t, err)
	require.NoError(t, db.Close())

	readOnly := &sqlitejournal.Options{ReadOnly: true}
	for _, c := range []struct {
		name, path string
		opts       *sqlitejournal.Options
		is         error
		says       string
	}{
		{"no path", "", nil, nil, "path is empty"},
		{"negative wait", filepath.Join(dir, "new.db"), &sqlitejournal.Options{Wait: -1}, nil, "wait -1ns: must not be negative"},
		{"bad prefix", filepath.Join(dir, "new2.db"), &sqlitejournal.Options{Prefix: "x; DROP"}, nil, `prefix "x; DROP": must be`},
		{"no directory", filepath.Join(dir, "absent", "journal.db"), nil, fs.ErrNotExist, "the directory must exist, create it first"},
		{"directory", dir, nil, sqlitejournal.ErrNotJournal, "is a directory"},
		{"text", write("text.csv", bytes.Repeat([]byte("member;hours\n"), 100)), nil, sqlitejournal.ErrNotJournal, "not an SQLite database: give another path"},
		{"short text", write("short.csv", []byte("member;hours\n")), nil, sqlitejournal.ErrNotJournal, "not an SQLite database"},
		{"another program's database", foreign, nil, journal.ErrForeign, "belongs to another program"},
		{"another program's database", foreign, nil, sqlitejournal.ErrNotJournal, "give another path"},
		{"newer format", newer, nil, journal.ErrForeign, "format 7"},
		{"to read: nothing", filepath.Join(dir, "absent.db"), readOnly, fs.ErrNotExist, "absent.db"},
		{"to read: directory", dir, readOnly, sqlitejournal.ErrNotJournal, "is a directory"},
		{"to read: empty", write("empty.db", nil), readOnly, sqljournal.ErrNoJournal, "the file is empty"},
		{"to read: text", write("text2.csv", bytes.Repeat([]byte("member;hours\n"), 100)), readOnly, sqlitejournal.ErrNotJournal, "not an SQLite database"},
		{"to read: another program's database", foreign, readOnly, sqljournal.ErrNoJournal, "no journal"},
		{"to read: newer format", newer, readOnly, journal.ErrForeign, "format 7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := content(t, c.path)
			_, err := sqlitejournal.Open(t.Context(), c.path, c.opts)
			require.ErrorContains(t, err, c.says)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			require.Equal(t, before, content(t, c.path))
		})
	}
}

// content returns the bytes of a file, nil if there is none.
func content(t *testing.T, path string) []byte {
	t.Helper()
	if stat, err := os.Stat(path); err != nil || stat.IsDir() {
		return nil
	}
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

func TestLockedFileIsWaitedFor(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	patient := open(t, path, nil)
	hasty := open(t, path, &sqlitejournal.Options{Wait: 20 * time.Millisecond})
	put(t, patient, 0, 1)

	db := plain(t, path)
	db.SetMaxOpenConns(1)
	_, err := db.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)

	err = hasty.Put(t.Context(), 1, []byte{'b', 1})
	require.ErrorIs(t, err, sqlitejournal.ErrLocked)
	require.ErrorContains(t, err, "another process has held it locked for 20ms")
	require.Equal(t, 1, count(t, hasty), "readers do not wait for writers")

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, patient.Put(ctx, 1, []byte{'b', 1}), context.DeadlineExceeded)

	done := make(chan error)
	go func() { done <- patient.Put(t.Context(), 1, []byte{'b', 1}) }()
	_, err = db.ExecContext(t.Context(), "COMMIT")
	require.NoError(t, err)
	require.NoError(t, <-done)
	require.Equal(t, 2, count(t, hasty))
}

func TestDamagedFileIsAnErrorThatSaysSo(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	s, err := sqlitejournal.Open(t.Context(), path, nil)
	require.NoError(t, err)
	for n := range uint64(50) {
		require.NoError(t, s.Put(t.Context(), n, bytes.Repeat([]byte{'x'}, 5000)))
	}
	require.NoError(t, s.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := 4096; i < len(data); i += 4096 {
		copy(data[i:], bytes.Repeat([]byte{0xA5}, 64))
	}
	require.NoError(t, os.WriteFile(path, data, 0o600))
	s, err = sqlitejournal.Open(t.Context(), path, nil)
	if err == nil {
		_, err = s.Blocks(t.Context(), 0, 100)
		require.NoError(t, s.Close())
	}
	require.ErrorContains(t, err, "the file is damaged: restore it from a copy")
}
