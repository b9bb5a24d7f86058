package dirstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

const (
	// MaxPageBytes bounds what one call of [Store.Blocks] holds in memory: a page ends with the block that
	// reaches it.
	MaxPageBytes = 16 << 20

	// MaxPageBlocks is the largest number of blocks that one call of [Store.Blocks] returns.
	MaxPageBlocks = 10_000

	unfinished = "new" // subdirectory of the files that have no number yet
)

// A Store is a [journal.Store] in a directory. It holds nothing that needs closing.
type Store struct {
	dir string

	// Blocks 0 to durable-1 are known to survive a power failure. There may be more: calls that end at once may
	// set it back, which costs a sync.
	durable atomic.Uint64
}

// Open returns the store in dir and makes the directory if there is none; the directory above must exist. Several
// processes may open a new directory at once. A directory with files of something else is refused with an error that
// wraps [journal.ErrForeign], and left as it is. A block that is missing between others is a [*journal.CorruptError].
func Open(dir string) (*Store, error) {
	s := &Store{dir: dir}
	err := makeDir(dir)
	if err == nil {
		err = s.count()
	}
	if err == nil {
		err = makeDir(filepath.Join(dir, unfinished)) // syncs dir, and so the names that were counted
	}
	if err != nil {
		return nil, fmt.Errorf("dirstore: opening %q: %w", dir, err)
	}
	s.sweep()
	return s, nil
}

// count sets durable to the number of blocks. Open then syncs the directory.
func (s *Store) count() error {
	have := uint64(0)
	entries, err := os.ReadDir(s.dir) // sorted by name, and so by number
	for _, e := range entries {
		if e.Name() == unfinished {
			continue
		}
		n, err := strconv.ParseUint(e.Name(), 10, 64)
		if err != nil || name(n) != e.Name() {
			return fmt.Errorf("%w: %q is no block", journal.ErrForeign, e.Name())
		}
		for ; have < n; have++ { // a list may lack what was stored while it was made
			if !s.exists(have) {
				return &journal.CorruptError{Block: have, Reason: fmt.Sprintf("file is missing, block %d is there", n)}
			}
		}
		have = n + 1
	}
	s.durable.Store(have)
	return err
}

// sweep removes what dead processes left of blocks that have been stored since. Should one of these files belong to a
// process that is alive, that process has lost its race, and its Put says so.
func (s *Store) sweep() {
	entries, _ := os.ReadDir(filepath.Join(s.dir, unfinished)) // what stays only takes up space
	for _, e := range entries {
		if e.Name() < name(s.durable.Load()) {
			_ = os.Remove(filepath.Join(s.dir, unfinished, e.Name()))
		}
	}
}

// Put implements [journal.Store]. It syncs twice. The end of the context ends it as long as the block has no number.
func (s *Store) Put(ctx context.Context, n uint64, block []byte) error {
	if err := cmp.Or(ctx.Err(), journal.CheckBlockSize(block)); err != nil {
		return err
	}
	if err := s.place(ctx, n, block); err != nil {
		return fmt.Errorf("dirstore: storing block %d: %w", n, err)
	}
	s.durable.Store(n + 1)
	return nil
}

// place writes a block, and then gives it its number.
func (s *Store) place(ctx context.Context, n uint64, block []byte) error {
	if n > 0 && !s.exists(n-1) {
		return journal.ErrConflict
	}
	f, err := os.CreateTemp(filepath.Join(s.dir, unfinished), name(n)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // what stays is swept when the store is opened again
	_, err = f.Write(block)
	if err = errors.Join(err, f.Chmod(0o400), f.Sync(), f.Close(), ctx.Err()); err != nil {
		return err
	}
	err = os.Link(f.Name(), s.path(n))
	if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) { // another was first, and so this file may be swept
		return fmt.Errorf("%w: %w", journal.ErrConflict, err)
	}
	if err == nil {
		err = syncDir(s.dir)
	}
	return err
}

// Blocks implements [journal.Store]. A page has [MaxPageBlocks] blocks at most and ends with the block that reaches
// [MaxPageBytes].
func (s *Store) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	durable := s.durable.Load()
	page, end := [][]byte(nil), n
	for size := 0; len(page) < min(limit, MaxPageBlocks) && size < MaxPageBytes; end++ {
		block, err := s.read(end)
		if end >= durable && errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err = cmp.Or(ctx.Err(), err); err != nil {
			return nil, fmt.Errorf("dirstore: reading block %d: %w", end, err)
		}
		page = append(page, block)
		size += len(block)
	}
	if len(page) > 0 && end > durable {
		if err := syncDir(s.dir); err != nil {
			return nil, fmt.Errorf("dirstore: reading block %d: %w", n, err)
		}
		s.durable.Store(end)
	}
	return page, ctx.Err()
}

// read returns a block. Its error wraps fs.ErrNotExist if there is no file.
func (s *Store) read(n uint64) ([]byte, error) {
	info, err := os.Lstat(s.path(n))
	if err != nil {
		return nil, &journal.CorruptError{Block: n, Reason: "file is gone", Err: err}
	}
	if size := info.Size(); size == 0 || size > journal.MaxBlockBytes || !info.Mode().IsRegular() {
		return nil, &journal.CorruptError{Block: n, Reason: fmt.Sprintf("is a file of %d bytes, mode %v", size, info.Mode())}
	}
	return os.ReadFile(s.path(n))
}

// exists reports whether there is a block, readable or not.
func (s *Store) exists(n uint64) bool {
	_, err := os.Lstat(s.path(n))
	return !errors.Is(err, fs.ErrNotExist)
}

// name returns the name of a block. All have the same length, so that their order is that of their numbers.
func name(n uint64) string { return fmt.Sprintf("%020d", n) }

func (s *Store) path(n uint64) string { return filepath.Join(s.dir, name(n)) }

// makeDir makes a directory unless there is one. It is durable, and so are the names beside it.
func makeDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(filepath.Clean(dir)))
}

// syncDir makes durable which names a directory holds.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
