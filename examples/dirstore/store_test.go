package dirstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
	"github.com/commonstocommons/codesocial/examples/dirstore"
)

var _ journal.Store = (*dirstore.Store)(nil)

func harness() journaltest.Harness {
	return journaltest.Harness{
		New:  newDir,
		Open: func(_ context.Context, dir string) (journal.Store, error) { return dirstore.Open(dir) },
	}
}

func newDir(tb testing.TB) string { return filepath.Join(tb.TempDir(), "journal") }

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	journaltest.Run(t, harness())
}

func BenchmarkStore(b *testing.B) { journaltest.Bench(b, harness()) }

// filled returns a new directory with blocks 0 to n-1, and a store on it.
func filled(t *testing.T, n uint64) (string, *dirstore.Store) {
	t.Helper()
	dir := newDir(t)
	s := open(t, dir)
	for i := range n {
		require.NoError(t, s.Put(t.Context(), i, block(i)))
	}
	return dir, s
}

func open(t *testing.T, dir string) *dirstore.Store {
	t.Helper()
	s, err := dirstore.Open(dir)
	require.NoError(t, err)
	return s
}

func block(n uint64) []byte { return fmt.Appendf(nil, "block %d", n) }

// file returns the path of a block.
func file(dir string, n uint64) string { return filepath.Join(dir, fmt.Sprintf("%020d", n)) }

// tree returns the names of all files below a directory.
func tree(t *testing.T, dir string) (names []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			path, err = filepath.Rel(dir, path)
			names = append(names, path)
		}
		return err
	}))
	return names
}

func requireBlocks(t *testing.T, s journal.Store, n uint64) {
	t.Helper()
	page, err := s.Blocks(t.Context(), 0, dirstore.MaxPageBlocks)
	require.NoError(t, err)
	require.Len(t, page, int(n))
	for i := range n {
		require.Equal(t, block(i), page[i])
	}
}

func requireCorrupt(t *testing.T, err error, block uint64) {
	t.Helper()
	var corrupt *journal.CorruptError
	require.ErrorAs(t, err, &corrupt)
	require.Equal(t, block, corrupt.Block)
}

func TestABlockIsAFileOfItsBytesThatMayOnlyBeRead(t *testing.T) {
	t.Parallel()
	dir, _ := filled(t, 2)
	require.Equal(t, []string{filepath.Base(file(dir, 0)), filepath.Base(file(dir, 1))}, tree(t, dir), "and nothing is left over")
	content, err := os.ReadFile(file(dir, 1))
	require.NoError(t, err)
	require.Equal(t, block(1), content)
	info, err := os.Stat(file(dir, 1))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o400), info.Mode())
}

func TestADirectoryOfSomethingElseIsRefusedAndLeftAsItIs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"photo.jpg", "1", "+0000000000000000001", "000000000000000000000", "99999999999999999999", ".hidden"} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
		_, err := dirstore.Open(dir)
		require.ErrorIs(t, err, journal.ErrForeign, name)
		require.ErrorContains(t, err, name)
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, 1)
	}
}

func TestAPlaceThatCannotBeADirectoryIsAnError(t *testing.T) {
	t.Parallel()
	some := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(some, nil, 0o600))
	for _, dir := range []string{"", some, filepath.Join(some, "below"), filepath.Join(t.TempDir(), "not", "there"), "a\x00b"} {
		_, err := dirstore.Open(dir)
		require.ErrorContains(t, err, "dirstore: ", "%q", dir)
	}
}

func TestABlockMissingBetweenOthersIsNoticedOnOpening(t *testing.T) {
	t.Parallel()
	for missing := range uint64(3) {
		dir, _ := filled(t, 4)
		require.NoError(t, os.Remove(file(dir, missing)))
		_, err := dirstore.Open(dir)
		requireCorrupt(t, err, missing)
	}
}

func TestABlockThatDisappearsIsNotTakenForTheEnd(t *testing.T) {
	t.Parallel()
	dir, s := filled(t, 3)
	require.NoError(t, os.RemoveAll(dir)) // as when a disk is unmounted
	_, err := s.Blocks(t.Context(), 1, 10)
	requireCorrupt(t, err, 1)
	require.Error(t, s.Put(t.Context(), 3, block(3)))
	require.Error(t, s.Put(t.Context(), 0, block(0)))
}

func TestAFileThatIsNoBlockIsAnError(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{0, journal.MaxBlockBytes + 1, 1 << 40} { // sparse: it takes no space
		dir, s := filled(t, 3)
		require.NoError(t, os.Chmod(file(dir, 1), 0o600))
		require.NoError(t, os.Truncate(file(dir, 1), size))
		_, err := s.Blocks(t.Context(), 0, 10)
		requireCorrupt(t, err, 1)
		require.ErrorContains(t, err, fmt.Sprint(size))
	}
}

func TestWhatADeadWriterLeftIsRemovedOnceItsBlockExists(t *testing.T) {
	t.Parallel()
	dir, _ := filled(t, 2)
	want := tree(t, dir)
	for _, left := range []string{"00000000000000000001-7", "00000000000000000002-7"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "new", left), []byte("half a"), 0o600))
	}
	s := open(t, dir)
	require.Equal(t, append(slices.Clone(want), filepath.Join("new", "00000000000000000002-7")), tree(t, dir), "whoever writes block 2 may be alive")
	require.NoError(t, s.Put(t.Context(), 2, block(2)))
	requireBlocks(t, open(t, dir), 3)
	require.Len(t, tree(t, dir), 3)
}

func TestOpeningBesideWritersDisturbsNone(t *testing.T) {
	t.Parallel()
	dir, _ := filled(t, 0)
	const before, blocks = 3000, 3100 // so many that the operating system lists them in several pieces
	for n := range uint64(before) {
		require.NoError(t, os.WriteFile(file(dir, n), block(n), 0o400))
	}
	var writers, openers sync.WaitGroup
	errs := make([]error, 4)
	for w := range errs {
		s := open(t, dir)
		writers.Go(func() {
			for n := uint64(before); n < blocks && errs[w] == nil; n++ {
				if err := s.Put(context.Background(), n, block(n)); !errors.Is(err, journal.ErrConflict) {
					errs[w] = err
				}
			}
		})
	}
	done := make(chan struct{})
	openErrs := make([]error, 2)
	for o := range openErrs {
		openers.Go(func() {
			for openErrs[o] == nil {
				select {
				case <-done:
					return
				default:
					_, openErrs[o] = dirstore.Open(dir)
				}
			}
		})
	}
	writers.Wait()
	close(done)
	openers.Wait()
	require.NoError(t, errors.Join(append(errs, openErrs...)...))
	requireBlocks(t, open(t, dir), blocks)
}

func TestAWriteThatFailsStoresNothing(t *testing.T) {
	t.Parallel()
	dir, s := filled(t, 2)
	require.NoError(t, os.Remove(filepath.Join(dir, "new")))
	err := s.Put(t.Context(), 2, block(2))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NotErrorIs(t, err, journal.ErrConflict)
	require.ErrorContains(t, err, "dirstore: storing block 2: ")
	requireBlocks(t, s, 2)
	s = open(t, dir) // makes what is missing
	require.NoError(t, s.Put(t.Context(), 2, block(2)))
	requireBlocks(t, s, 3)
}

func TestAPageEndsWithTheBlockThatReachesItsLimit(t *testing.T) {
	t.Parallel()
	_, s := filled(t, 0)
	for n := range uint64(4) {
		require.NoError(t, s.Put(t.Context(), n, bytes.Repeat([]byte{1}, dirstore.MaxPageBytes/2)))
	}
	page, err := s.Blocks(t.Context(), 1, 1000)
	require.NoError(t, err)
	require.Len(t, page, 2)
}

func TestTheStoreIsAsShortAsThePagesSay(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("store.go")
	require.NoError(t, err)
	code := 0
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			code++
		}
	}
	require.Less(t, code, 150)
}
