package journaltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// memory is a right store in memory; a faulty one replaces a method of it.
type memory struct {
	window  time.Duration // for what only shows when two things fall together, see raceWindow
	writing sync.Mutex    // held by who writes, before mu; a transaction of the host's holds it until it ends
	mu      sync.Mutex
	blocks  [][]byte
}

func (s *memory) Put(ctx context.Context, n uint64, block []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := journal.CheckBlockSize(block); err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if n != uint64(len(s.blocks)) {
		return fmt.Errorf("memory: %w", journal.ErrConflict)
	}
	s.blocks = append(s.blocks, bytes.Clone(block))
	return nil
}

func (s *memory) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n >= uint64(len(s.blocks)) || limit <= 0 {
		return nil, nil
	}
	page := slices.Clone(s.blocks[n:])
	page = page[:min(len(page), limit)]
	for i, b := range page {
		page[i] = bytes.Clone(b)
	}
	return page, nil
}

// faulty is a store of which one or two methods are wrong.
type faulty struct {
	*memory
	put  func(m *memory, ctx context.Context, n uint64, block []byte) error
	read func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error)
}

func (s *faulty) Put(ctx context.Context, n uint64, block []byte) error {
	if s.put != nil {
		return s.put(s.memory, ctx, n, block)
	}
	return s.memory.Put(ctx, n, block)
}

func (s *faulty) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	if s.read != nil {
		return s.read(s.memory, ctx, n, limit)
	}
	return s.memory.Blocks(ctx, n, limit)
}

// inMemory returns a harness whose places are names of stores in memory.
func inMemory(open func(m *memory) journal.Store) Harness {
	var places sync.Map
	var count atomic.Int64
	return Harness{
		InProcess: true,
		New: func(testing.TB) string {
			n := count.Add(1)
			place := strconv.FormatInt(n, 10)
			places.Store(place, &memory{window: raceWindow << ((n - 1) / 2)}) // a check takes two places
			return place
		},
		Open: func(_ context.Context, place string) (journal.Store, error) {
			m, ok := places.Load(place)
			if !ok {
				return nil, fmt.Errorf("place %q is unknown", place)
			}
			return open(m.(*memory)), nil
		},
	}
}

// append stores a block, whatever its number, without any check.
func (s *memory) append(block []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks = append(s.blocks, block)
}

func (s *memory) len() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return uint64(len(s.blocks))
}

// A fault is one way to be wrong, and the checks of which at least one must find it.
type fault struct {
	name   string
	caught []string
	open   func(m *memory) journal.Store
}

func faults() []fault {
	type (
		put  = func(m *memory, ctx context.Context, n uint64, block []byte) error
		read = func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error)
	)
	wrongPut := func(p put) func(*memory) journal.Store {
		return func(m *memory) journal.Store { return &faulty{memory: m, put: p} }
	}
	wrongRead := func(r read) func(*memory) journal.Store {
		return func(m *memory) journal.Store { return &faulty{memory: m, read: r} }
	}
	return []fault{
		{
			"skips a block between pages",
			[]string{"pages of any size lead to the end"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				page, err := m.Blocks(ctx, n, limit)
				if len(page) > 1 && n > 0 && len(page) < limit {
					return page[1:], err
				}
				return page, err
			}),
		},
		{
			"doubles a block between pages",
			[]string{"pages of any size lead to the end"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				if n > 0 && n%7 == 0 && n < m.len() {
					n--
				}
				return m.Blocks(ctx, n, limit)
			}),
		},
		{
			"returns blocks in reverse order",
			[]string{"a stored block is read back, in order"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				page, err := m.Blocks(ctx, n, limit)
				slices.Reverse(page)
				return page, err
			}),
		},
		{
			"shows a block before it is whole",
			[]string{"a reader that follows the tail skips and repeats nothing"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if err := m.Put(ctx, n, block[:(len(block)+1)/2]); err != nil {
					return err
				}
				time.Sleep(m.window)
				m.mu.Lock()
				defer m.mu.Unlock()
				m.blocks[n] = bytes.Clone(block)
				return nil
			}),
		},
		{
			"stores half a block when the context ends",
			[]string{"a context cancelled during Put leaves the block whole or absent"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if len(block) > 1 && endsSoon(ctx) {
					_ = m.Put(context.WithoutCancel(ctx), n, block[:len(block)/2])
					return ctx.Err()
				}
				return m.Put(ctx, n, block)
			}),
		},
		{
			"cuts blocks at 64 KiB",
			[]string{"a block of MaxBlockBytes is stored whole"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				return m.Put(ctx, n, block[:min(len(block), 64<<10)])
			}),
		},
		{
			"refuses blocks above 1 MiB",
			[]string{"a block of MaxBlockBytes is stored whole"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if len(block) > 1<<20 {
					return errors.New("value too large")
				}
				return m.Put(ctx, n, block)
			}),
		},
		{
			"keeps text only",
			[]string{"every byte value survives"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				return m.Put(ctx, n, bytes.ToValidUTF8(block, []byte("\uFFFD")))
			}),
		},
		{
			"ends a block at its first zero byte",
			[]string{"every byte value survives"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if i := bytes.IndexByte(block, 0); i > 0 {
					block = block[:i]
				}
				return m.Put(ctx, n, block)
			}),
		},
		{
			"forgets on reopen",
			[]string{"a store opened again holds what was stored"},
			func(*memory) journal.Store { return new(memory) },
		},
		{
			"forgets the last block on reopen",
			[]string{"a store opened again holds what was stored"},
			func(m *memory) journal.Store {
				m.mu.Lock()
				defer m.mu.Unlock()
				m.blocks = m.blocks[:max(len(m.blocks), 1)-1]
				return m
			},
		},
		{
			"retains the slice",
			[]string{"Put does not keep the caller's memory"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if err := m.Put(ctx, n, block); err != nil {
					return err
				}
				m.mu.Lock()
				defer m.mu.Unlock()
				m.blocks[n] = block
				return nil
			}),
		},
		{
			"changes the block it is given",
			[]string{"Put does not change the block it is given"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				err := m.Put(ctx, n, block)
				clear(block)
				return err
			}),
		},
		{
			"writes behind the block it is given",
			[]string{"Put does not change the block it is given"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				_ = append(block, '\n')
				return m.Put(ctx, n, block)
			}),
		},
		{
			"shares its memory",
			[]string{"results of Blocks belong to the caller"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				page, err := m.Blocks(ctx, n, limit)
				m.mu.Lock()
				defer m.mu.Unlock()
				for i := range page {
					page[i] = m.blocks[n+uint64(i)]
				}
				return page, err
			}),
		},
		{
			"lets the blocks of a page grow into each other",
			[]string{"results of Blocks belong to the caller"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				page, err := m.Blocks(ctx, n, limit)
				joined := bytes.Join(page, nil)
				for i, b := range page {
					page[i], joined = joined[:len(b)], joined[len(b):]
				}
				return page, err
			}),
		},
		{
			"returns an error of its own on a conflict",
			[]string{"a number that leaves a gap is a conflict and not stored", "a number that exists is a conflict and the block stays"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				err := m.Put(ctx, n, block)
				if errors.Is(err, journal.ErrConflict) {
					return errors.New("UNIQUE constraint failed: blocks.n")
				}
				return err
			}),
		},
		{
			"accepts gaps",
			[]string{"a number that leaves a gap is a conflict and not stored"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				return m.Put(ctx, min(n, m.len()), block)
			}),
		},
		{
			"stores before it reports a gap",
			[]string{"a number that leaves a gap is a conflict and not stored"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if n > m.len() {
					m.append(bytes.Clone(block))
				}
				return m.Put(ctx, n, block)
			}),
		},
		{
			"takes a number modulo 2^63",
			[]string{"a number that leaves a gap is a conflict and not stored"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				return m.Put(ctx, n&(1<<63-1), block)
			}),
		},
		{
			"overwrites",
			[]string{"a number that exists is a conflict and the block stays"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				m.mu.Lock()
				if n < uint64(len(m.blocks)) {
					m.blocks[n] = bytes.Clone(block)
				}
				m.mu.Unlock()
				return m.Put(ctx, n, block)
			}),
		},
		{
			"is content with the same block again",
			[]string{"a number that exists is a conflict and the block stays"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				page, err := m.Blocks(ctx, n, 1)
				if err == nil && len(page) == 1 && bytes.Equal(page[0], block) {
					return nil
				}
				return m.Put(ctx, n, block)
			}),
		},
		{
			"accepts empty blocks",
			[]string{"an empty or oversized block is refused and not stored"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if len(block) == 0 {
					m.append(nil)
					return nil
				}
				return m.Put(ctx, n, block)
			}),
		},
		{
			"stores an oversized block before it refuses it",
			[]string{"an empty or oversized block is refused and not stored"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if len(block) > journal.MaxBlockBytes {
					m.append(bytes.Clone(block))
				}
				return m.Put(ctx, n, block)
			}),
		},
		{
			"ignores the limit",
			[]string{"pages of any size lead to the end"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, _ int) ([][]byte, error) {
				return m.Blocks(ctx, n, 1000)
			}),
		},
		{
			"starts every page at the beginning",
			[]string{"a stored block is read back, in order", "pages of any size lead to the end"},
			wrongRead(func(m *memory, ctx context.Context, _ uint64, limit int) ([][]byte, error) {
				return m.Blocks(ctx, 0, limit)
			}),
		},
		{
			"takes a negative limit for none",
			[]string{"a limit of zero or less gives no blocks"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				if limit < 0 {
					limit = 1000
				}
				return m.Blocks(ctx, n, limit)
			}),
		},
		{
			"panics on a negative limit",
			[]string{"a limit of zero or less gives no blocks"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				page := make([][]byte, 0, min(limit, 1000))
				blocks, err := m.Blocks(ctx, n, limit)
				return append(page, blocks...), err
			}),
		},
		{
			"fails past the end",
			[]string{"an empty store has no blocks", "past the end there is nothing and no error"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				if n >= m.len() {
					return nil, errors.New("no such block")
				}
				return m.Blocks(ctx, n, limit)
			}),
		},
		{
			"returns an empty page before the end",
			[]string{"a page of large blocks has at least one"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				page, err := m.Blocks(ctx, n, limit)
				for i, size := 0, 0; i < len(page); i++ {
					if size += len(page[i]); size > 4<<20 {
						page = page[:i]
					}
				}
				return page, err
			}),
		},
		{
			"looks first and stores later",
			[]string{"one writer wins each number", "writers that append at once lose and double nothing"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if err := journal.CheckBlockSize(block); err != nil || ctx.Err() != nil {
					return errors.Join(err, ctx.Err())
				}
				if n != m.len() {
					return journal.ErrConflict
				}
				time.Sleep(m.window)
				m.append(bytes.Clone(block))
				return nil
			}),
		},
		{
			"returns an error of its own to the loser of a race",
			[]string{"one writer wins each number"},
			func() func(*memory) journal.Store {
				var racing atomic.Int64
				return wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
					others := racing.Add(1) > 1
					defer racing.Add(-1)
					time.Sleep(m.window)
					err := m.Put(ctx, n, block)
					if errors.Is(err, journal.ErrConflict) && others {
						return errors.New("database is locked")
					}
					return err
				})
			}(),
		},
		{
			"shows a later block before an earlier one",
			[]string{"a reader that follows the tail skips and repeats nothing"},
			wrongRead(func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
				// As with a database sequence: what took number 7 commits after what took number 8, and a reader does not look back.
				switch {
				case n < 7:
					limit = min(limit, int(7-n))
				case n == 7 && m.len() <= 8:
					return nil, nil
				case n == 7:
					n++
				}
				return m.Blocks(ctx, n, limit)
			}),
		},
		{
			"acknowledges first and stores later",
			[]string{"a stored block is seen at once, through every open store"},
			func(m *memory) journal.Store {
				var mu sync.Mutex
				var late []byte
				return &faulty{memory: m, put: func(m *memory, ctx context.Context, n uint64, block []byte) error {
					mu.Lock()
					defer mu.Unlock()
					if late != nil {
						m.append(late)
						late = nil
					}
					if err := ctx.Err(); err != nil {
						return err
					}
					if err := journal.CheckBlockSize(block); err != nil {
						return err
					}
					if n != m.len() {
						return journal.ErrConflict
					}
					late = bytes.Clone(block)
					return nil
				}}
			},
		},
		{
			"reads from a cache of its own",
			[]string{"a stored block is seen at once, through every open store"},
			func(m *memory) journal.Store {
				var mu sync.Mutex
				var length uint64
				s := &faulty{memory: m}
				s.read = func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
					mu.Lock()
					defer mu.Unlock()
					if length == 0 || n == 0 {
						length = m.len()
					}
					if n >= length {
						return nil, nil
					}
					return m.Blocks(ctx, n, limit)
				}
				return s
			},
		},
		{
			"ignores the context",
			[]string{"a cancelled context is an error and stores nothing"},
			func(m *memory) journal.Store {
				return &faulty{
					m,
					func(m *memory, ctx context.Context, n uint64, block []byte) error {
						return m.Put(context.WithoutCancel(ctx), n, block)
					},
					func(m *memory, ctx context.Context, n uint64, limit int) ([][]byte, error) {
						return m.Blocks(context.WithoutCancel(ctx), n, limit)
					},
				}
			},
		},
		{
			"stores although it reports that the context is cancelled",
			[]string{"a cancelled context is an error and stores nothing"},
			wrongPut(func(m *memory, ctx context.Context, n uint64, block []byte) error {
				if err := m.Put(context.WithoutCancel(ctx), n, block); err != nil {
					return err
				}
				return ctx.Err()
			}),
		},
		{
			"is of no use after a cancelled call",
			[]string{"a cancelled context is an error and stores nothing", "a context cancelled during Put leaves the block whole or absent"},
			func(m *memory) journal.Store {
				var broken atomic.Bool
				return &faulty{memory: m, put: func(m *memory, ctx context.Context, n uint64, block []byte) error {
					if endsSoon(ctx) {
						broken.Store(true)
					}
					if broken.Load() {
						return errors.New("connection is closed")
					}
					return m.Put(ctx, n, block)
				}}
			},
		},
		{
			"has one list for all places",
			[]string{"two places have nothing to do with each other"},
			func() func(*memory) journal.Store {
				var one memory
				return func(*memory) journal.Store { return &one }
			}(),
		},
		{
			"fails to close",
			[]string{"a store opened again holds what was stored"},
			func(m *memory) journal.Store { return &unclosable{m} },
		},
		{
			"opens to nothing",
			[]string{"an empty store has no blocks"},
			func(*memory) journal.Store { return nil },
		},
	}
}

// raceWindow is how long a store does the wrong thing before it puts it right, at the first look. It is twice as long at every further look, so that
// however slow the machine, others come to see it.
const raceWindow = 200 * time.Microsecond

// endsSoon waits as long as a quick disk takes for a commit and says whether the context ended meanwhile.
func endsSoon(ctx context.Context) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) > time.Second {
		return ctx.Err() != nil // not one of those that end during the call
	}
	select {
	case <-ctx.Done():
		return true
	case <-time.After(100 * time.Microsecond):
		return ctx.Err() != nil
	}
}

type unclosable struct{ *memory }

func (*unclosable) Close() error { return errors.New("two statements are still running") }

func TestEveryFaultyStoreIsCaught(t *testing.T) {
	t.Parallel()
	byName := make(map[string]check)
	for _, c := range checks(all) {
		byName[c.name] = c
	}
	for _, f := range slices.Concat(faults(), abilityFaults()) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			for _, name := range f.caught {
				require.Contains(t, byName, name)
				h := inMemory(f.open)
				h.Begin, h.patience = begin, 300*time.Millisecond
				requireCaught(t, h, byName[name])
			}
		})
	}
}

// looks is how often a faulty store is looked at: at the last look, what only shows when two things fall together has more than ten seconds for it.
const looks = 17

// requireCaught fails the test unless a check finds something wrong with a store.
func requireCaught(t *testing.T, h Harness, c check) {
	t.Helper()
	for seed := range uint64(looks) {
		if err := examine(t, h, c, seed); err != nil {
			t.Logf("%s, look %d: %v", c.name, seed+1, err)
			return
		}
	}
	require.Fail(t, "the store passes", c.name)
}

func TestARightStorePasses(t *testing.T) {
	t.Parallel()
	for _, c := range checks(all) {
		h := inMemory(func(m *memory) journal.Store { return m })
		h.Begin = begin
		require.NoError(t, examine(t, h, c, 1), c.name)
	}
}

// all is the suite for stores in memory: there are no further processes.
var all = abilities{redactor: true, watcher: true, host: true}

func TestFaultsAndChecksHaveDistinctNames(t *testing.T) {
	t.Parallel()
	names := make(map[string]bool)
	for _, c := range checks(all) {
		require.False(t, names[c.name], c.name)
		names[c.name] = true
	}
	for _, f := range slices.Concat(faults(), abilityFaults()) {
		require.False(t, names[f.name], f.name)
		names[f.name] = true
		require.NotEmpty(t, f.caught, f.name)
	}
}
