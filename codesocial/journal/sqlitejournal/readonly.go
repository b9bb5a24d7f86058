package sqlitejournal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/journal/sqljournal"
)

// readOnly reads a journal without creating or changing a file.
//
// A reader of a file in WAL mode normally makes the companions -wal and -shm if they are not there, and
// leaves them. So as long as there are none (nobody has the file open), it is read as immutable, which takes
// no locks: afresh for each page, and the page counts only if neither the file nor its companions have changed
// meanwhile. When there are companions, they are used.
type readOnly struct {
	path   string
	prefix string

	mu   sync.Mutex
	live *sql.DB // uses the companions; nil until there are some
}

// quiet is how often a page is read again because a writer came in between.
const quiet = 100

func openReadOnly(ctx context.Context, path, prefix string) (*readOnly, error) {
	switch stat, err := os.Stat(path); {
	case err != nil:
		return nil, err
	case stat.IsDir():
		return nil, fmt.Errorf("is a directory: give the path of a file: %w", ErrNotJournal)
	case stat.Size() == 0:
		return nil, fmt.Errorf("the file is empty: %w", sqljournal.ErrNoJournal)
	}
	r := &readOnly{path: path, prefix: prefix}
	if _, err := r.blocks(ctx, 0, 1); err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

// files is what tells whether somebody writes.
type files struct {
	size, walSize int64
	changed       time.Time
	wal, shm      bool
}

func (r *readOnly) files() (files, error) {
	stat, err := os.Stat(r.path)
	if err != nil {
		return files{}, err
	}
	f := files{size: stat.Size(), changed: stat.ModTime()}
	if stat, err := os.Stat(r.path + "-wal"); err == nil {
		f.wal, f.walSize = true, stat.Size()
	} else if !errors.Is(err, os.ErrNotExist) {
		return files{}, err
	}
	if _, err := os.Stat(r.path + "-shm"); err == nil {
		f.shm = true
	} else if !errors.Is(err, os.ErrNotExist) {
		return files{}, err
	}
	return f, nil
}

// blocks reads one page.
func (r *readOnly) blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	for range quiet {
		before, err := r.files()
		if err != nil {
			return nil, err
		}
		if before.wal && before.shm {
			return r.liveBlocks(ctx, n, limit)
		}
		if before.walSize > 0 {
			return nil, fmt.Errorf("%s-wal holds commits, and %s-shm, which leads to them, is missing: open the journal once without Options.ReadOnly, or make a copy of both files and open that", r.path, r.path)
		}
		page, err := r.immutableBlocks(ctx, n, limit)
		if after, statErr := r.files(); statErr != nil {
			return nil, statErr
		} else if before == after {
			return page, err
		}
	}
	return nil, fmt.Errorf("the file changed again and again while it was read, and nobody has it open: %w", ErrLocked)
}

func (r *readOnly) immutableBlocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	db, err := r.connect(url.Values{"mode": {"ro"}, "immutable": {"1"}})
	if err != nil {
		return nil, err
	}
	page, err := r.read(ctx, db, n, limit)
	return page, errors.Join(err, db.Close())
}

func (r *readOnly) liveBlocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	r.mu.Lock()
	if r.live == nil {
		db, err := r.connect(url.Values{"mode": {"ro"}})
		if err != nil {
			r.mu.Unlock()
			return nil, err
		}
		r.live = db
	}
	db := r.live
	r.mu.Unlock()
	return r.read(ctx, db, n, limit)
}

func (r *readOnly) connect(parameters url.Values) (*sql.DB, error) {
	parameters["_pragma"] = []string{fmt.Sprintf("busy_timeout(%d)", sqliteWait.Milliseconds()), "query_only(1)"}
	return sql.Open("sqlite", address(r.path, parameters))
}

func (r *readOnly) read(ctx context.Context, db *sql.DB, n uint64, limit int) ([][]byte, error) {
	s, err := sqljournal.Open(ctx, db, sqljournal.SQLite, &sqljournal.Options{Prefix: r.prefix, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	return s.Blocks(ctx, n, limit)
}

func (r *readOnly) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.live == nil {
		return nil
	}
	return r.live.Close()
}
