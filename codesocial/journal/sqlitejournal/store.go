package sqlitejournal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

const (
	// DefaultWait is how long Put waits for other writers unless [Options.Wait] says otherwise.
	DefaultWait = 30 * time.Second

	// applicationID marks the file as a journal of this package (PRAGMA application_id): "cdsj".
	applicationID = 'c'<<24 | 'd'<<16 | 's'<<8 | 'j'

	// readers is how many reads run at once.
	readers = 4

	// pageBytes is the page size of a new file. A commit is one row, often of many times the 4096 bytes that SQLite would
	// choose: larger pages take fewer writes. A commit of one record writes 16 KiB then, which is little beside its sync.
	pageBytes = 16 << 10

	// checkpointPages is how many pages the WAL gathers before they are moved into the file. Each move costs two further
	// syncs of the disk.
	checkpointPages = 1000

	// sqliteWait is how long SQLite itself waits for a lock, without noticing that a context has ended.
	sqliteWait = 50 * time.Millisecond
)

// Options are the settings of a store that have a default. A nil *Options is all defaults.
type Options struct {
	// Prefix stands before the names of tables and view, so that one file holds several journals. See
	// [sqljournal.Options].
	Prefix string

	// ReadOnly opens a journal that exists, and creates and changes nothing; Put returns
	// [sqljournal.ErrReadOnly].
	ReadOnly bool

	// Wait is how long a call waits for a lock that another process holds before it returns
	// [ErrLocked]. Default: [DefaultWait]. A context that ends earlier ends the waiting.
	Wait time.Duration
}

// A Store is a [journal.Store] in an SQLite file. Close it after use.
type Store struct {
	path     string
	wait     time.Duration
	readOnly *readOnly // nil if the store can write
	writer   *sqljournal.Store
	reader   *sqljournal.Store
	dbs      []*sql.DB
	close    func() error
}

var _ journal.Store = (*Store)(nil)

// creating keeps this process from having the file open while it is created: closing a file drops the
// POSIX locks that SQLite holds on it in the same process.
var creating sync.Mutex

// Open opens the journal in the file at path, and creates file and tables if there are none; the directory must
// exist. path is the name of a file and nothing else: none of SQLite's special names has an effect.
//
// Besides the errors of the package page it returns one that wraps [journal.ErrForeign] when the file is an
// SQLite database of another program or of a newer version.
func Open(ctx context.Context, path string, opts *Options) (*Store, error) {
	if opts == nil {
		opts = new(Options)
	}
	if path == "" {
		return nil, errors.New("sqlitejournal: path is empty")
	}
	if opts.Wait < 0 {
		return nil, fmt.Errorf("sqlitejournal: wait %v: must not be negative", opts.Wait)
	}
	if err := sqljournal.CheckPrefix(opts.Prefix); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("sqlitejournal: %w", err)
	}
	s := &Store{path: absolute, wait: opts.Wait}
	if s.wait == 0 {
		s.wait = DefaultWait
	}
	if opts.ReadOnly {
		s.readOnly, err = openReadOnly(ctx, absolute, opts.Prefix)
		if err != nil {
			return nil, s.explain("opening", err)
		}
		s.close = sync.OnceValue(s.readOnly.close)
		return s, nil
	}
	if err := createFile(absolute); err != nil {
		return nil, err
	}
	s.close = sync.OnceValue(func() error {
		var errs []error
		for _, db := range s.dbs {
			errs = append(errs, db.Close())
		}
		return s.explain("closing", errors.Join(errs...))
	})
	if err := s.openWriter(ctx, opts.Prefix); err != nil {
		return nil, errors.Join(s.explain("opening", err), s.close())
	}
	return s, nil
}

// createFile makes an empty file unless there is one, and checks what SQLite would report obscurely.
func createFile(path string) error {
	creating.Lock()
	defer creating.Unlock()
	switch stat, err := os.Stat(path); {
	case err == nil && stat.IsDir():
		return fmt.Errorf("sqlitejournal: %s: is a directory: give the path of a file: %w", path, ErrNotJournal)
	case err == nil && !stat.Mode().IsRegular():
		return fmt.Errorf("sqlitejournal: %s: is not a regular file: %w", path, ErrNotJournal)
	case err == nil:
		return nil
	case !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("sqlitejournal: %w", err)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("sqlitejournal: %s: the directory must exist, create it first: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil // another process was quicker
	}
	if err != nil {
		return fmt.Errorf("sqlitejournal: creating the file: %w", err)
	}
	return f.Close()
}

// openWriter opens one connection for writing and some for reading, which do not wait for it.
func (s *Store) openWriter(ctx context.Context, prefix string) error {
	writer, err := s.connect(1,
		"busy_timeout("+strconv.FormatInt(sqliteWait.Milliseconds(), 10)+")",
		"page_size("+strconv.Itoa(pageBytes)+")",
		"synchronous(FULL)", "fullfsync(1)", "checkpoint_fullfsync(1)",
		"wal_autocheckpoint("+strconv.Itoa(checkpointPages)+")",
	)
	if err != nil {
		return err
	}
	reader, err := s.connect(readers, "busy_timeout("+strconv.FormatInt(sqliteWait.Milliseconds(), 10)+")", "query_only(1)")
	if err != nil {
		return err
	}
	return s.patiently(ctx, func() error {
		if err := claim(ctx, writer); err != nil {
			return err
		}
		if s.writer, err = sqljournal.Open(ctx, writer, sqljournal.SQLite, &sqljournal.Options{Prefix: prefix}); err != nil {
			return err
		}
		s.reader, err = sqljournal.Open(ctx, reader, sqljournal.SQLite, &sqljournal.Options{Prefix: prefix, ReadOnly: true})
		return err
	})
}

// connect returns a pool of connections on the file, each with the pragmas.
func (s *Store) connect(connections int, pragmas ...string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", address(s.path, url.Values{"mode": {"rw"}, "_pragma": pragmas}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s.dbs = append(s.dbs, db)
	return db, nil
}

// address returns the URI that names the file to SQLite.
func address(path string, parameters url.Values) string {
	path = filepath.ToSlash(path)
	if path[0] != '/' {
		path = "/" + path // a drive letter
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: parameters.Encode()}
	return u.String()
}

// claim checks that the file is empty or ours and can be written, marks an empty one as ours and puts it into
// WAL mode.
func claim(ctx context.Context, db *sql.DB) error {
	id, objects, err := identify(ctx, db)
	if err != nil {
		return err
	}
	if id == 0 && objects == 0 {
		if _, err := db.ExecContext(ctx, setApplicationID); err != nil {
			return err
		}
	} else if id != applicationID {
		return errAnotherProgram
	}
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("the file system does not allow WAL mode, it stays %q: put the file on a local disk", mode)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// SQLite opens a file without the right to write all the same; say it now, not at the first Put.
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, setApplicationID)
	_, undo := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return errors.Join(err, undo)
}

var setApplicationID = "PRAGMA application_id = " + strconv.Itoa(applicationID)

var errAnotherProgram = fmt.Errorf("the database belongs to another program: give another path, or use package sqljournal to share it: %w: %w", ErrNotJournal, journal.ErrForeign)

// identify returns the application id of a database and how many tables, views and so on it has. It counts
// first: who makes a journal at this moment sets the id before the tables.
func identify(ctx context.Context, db *sql.DB) (id, objects int64, err error) {
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&objects); err != nil {
		return 0, 0, err
	}
	err = db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id)
	return id, objects, err
}

// Put implements [journal.Store].
func (s *Store) Put(ctx context.Context, n uint64, block []byte) error {
	if s.readOnly != nil {
		if err := journal.CheckBlockSize(block); err != nil {
			return err
		}
		return fmt.Errorf("sqlitejournal: %s: %w", s.path, sqljournal.ErrReadOnly)
	}
	err := s.patiently(ctx, func() error { return s.writer.Put(ctx, n, block) })
	return s.explain("storing a block", err)
}

// Replace implements [journal.Redactor], see [sqljournal.Store.Replace]: afterwards nothing of the old block is left in the file and
// its companions.
func (s *Store) Replace(ctx context.Context, n uint64, old, block []byte) error {
	if s.readOnly != nil {
		return fmt.Errorf("sqlitejournal: %s: %w", s.path, sqljournal.ErrReadOnly)
	}
	err := s.patiently(ctx, func() error { return s.writer.Replace(ctx, n, old, block) })
	return s.explain("replacing a block", err)
}

// Blocks implements [journal.Store].
func (s *Store) Blocks(ctx context.Context, n uint64, limit int) (page [][]byte, err error) {
	read := func() error {
		page, err = s.reader.Blocks(ctx, n, limit)
		return err
	}
	if s.readOnly != nil {
		read = func() error {
			page, err = s.readOnly.blocks(ctx, n, limit)
			return err
		}
	}
	if err := s.patiently(ctx, read); err != nil {
		return nil, s.explain("reading", err)
	}
	return page, nil
}

// Close closes the file. The last process to close it leaves one file without companions. Close again does
// nothing and returns the same.
func (s *Store) Close() error { return s.close() }
