package journaltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// directory is a store of one file for each block. A hard link puts a block in its place only if there is none
// yet. It does not sync: that a process is killed is all it has to survive here.
type directory struct {
	dir   string
	place func(name string, block []byte) error // puts a file in its place
}

func (d *directory) name(n uint64) string { return filepath.Join(d.dir, strconv.FormatUint(n, 10)) }

func (d *directory) exists(n uint64) bool {
	_, err := os.Stat(d.name(n))
	return err == nil
}

func (d *directory) Put(ctx context.Context, n uint64, block []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := journal.CheckBlockSize(block); err != nil {
		return err
	}
	if n > 0 && !d.exists(n-1) {
		return journal.ErrConflict
	}
	if err := d.place(d.name(n), block); errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%w: %w", journal.ErrConflict, err)
	} else if err != nil {
		return err
	}
	return nil
}

func (d *directory) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var page [][]byte
	for i := n; len(page) < min(limit, 100); i++ {
		b, err := os.ReadFile(d.name(i))
		if errors.Is(err, os.ErrNotExist) {
			break
		}
		if err != nil {
			return nil, err
		}
		page = append(page, b)
	}
	return page, nil
}

// link puts a block in its place whole, and only if there is none yet.
func link(name string, block []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(block)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), name)
}

// exclusively puts a block in its place if there is none yet, but piece by piece.
func exclusively(name string, block []byte) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	for piece := range bytes.Lines(block) {
		if _, err := f.Write(piece); err != nil {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
	return f.Close()
}

// checked looks whether there is a block before it puts one in its place, safely within one process. Once, it waits between the two until another process has
// looked as well: processes begin some time apart.
func checked() func(name string, block []byte) error {
	var mu sync.Mutex
	return func(name string, block []byte) error {
		mu.Lock()
		defer mu.Unlock()
		if _, err := os.Stat(name); err == nil {
			return os.ErrExist
		}
		looked, met := name+".looked-", filepath.Join(filepath.Dir(name), "met")
		if err := os.WriteFile(looked+strconv.Itoa(os.Getpid()), nil, 0o600); err != nil {
			return err
		}
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if _, err := os.Stat(met); err == nil {
				break
			}
			if who, err := filepath.Glob(looked + "*"); err != nil {
				return err
			} else if len(who) > 1 {
				if err := os.WriteFile(met, nil, 0o600); err != nil {
					return err
				}
			}
		}
		return os.WriteFile(name, block, 0o600)
	}
}

// lazy reports a block as stored and puts it in its place together with the next one.
type lazy struct {
	*directory
	mu   sync.Mutex
	next []byte
	n    uint64
}

func (l *lazy) Put(ctx context.Context, n uint64, block []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next != nil {
		if n != l.n+1 {
			return journal.ErrConflict
		}
		if err := l.directory.Put(ctx, l.n, l.next); err != nil {
			return err
		}
		l.next = nil
	}
	if l.exists(n) {
		return journal.ErrConflict
	}
	l.next, l.n = bytes.Clone(block), n
	return nil
}

func TestFaultsBetweenProcessesAreCaught(t *testing.T) { //nolint:paralleltest // it starts processes of its own and wants the machine
	const together, killed, recording = 0, 1, 2
	for _, f := range []struct {
		name   string
		caught map[int]bool // indexes of processChecks
		open   func(dir string) journal.Store
	}{
		{"is right", nil, func(dir string) journal.Store { return &directory{dir, link} }},
		{"is safe within one process only", map[int]bool{together: true}, func(dir string) journal.Store { return &directory{dir, checked()} }},
		{"writes a block in pieces", map[int]bool{killed: true}, func(dir string) journal.Store { return &directory{dir, exclusively} }},
		{"acknowledges first and stores later", map[int]bool{killed: true, recording: true}, func(dir string) journal.Store {
			return &lazy{directory: &directory{dir, link}}
		}},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			h := Harness{
				New:  func(tb testing.TB) string { return tb.TempDir() },
				Open: func(_ context.Context, dir string) (journal.Store, error) { return f.open(dir), nil },
			}
			if work(t.Context(), h) {
				return
			}
			for i, c := range processChecks {
				t.Run(c.name, func(t *testing.T) {
					switch {
					case f.caught == nil:
						require.NoError(t, examine(t, h, c, 1))
					case f.caught[i]:
						requireCaught(t, h, c)
					}
				})
			}
		})
	}
}
