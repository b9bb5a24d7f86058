package journaltest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

const (
	raceWriters = 8  // writers at once, spread over two open stores
	raceRounds  = 20 // numbers they race for
	racePuts    = 20 // blocks each of them appends
	pollPause   = 200 * time.Microsecond
)

// concurrencyChecks: several writers and readers, through several open stores.
var concurrencyChecks = []check{
	{"one writer wins each number", func(ctx context.Context, e *env) error {
		stores, err := e.openTwice(ctx)
		if err != nil {
			return err
		}
		var want [][]byte
		for n := range uint64(raceRounds) {
			won := make([]bool, raceWriters)
			err := parallel(raceWriters, func(w int) error {
				err := stores[w%2].Put(ctx, n, mark{uint64(w), n}.block())
				won[w] = err == nil
				if err != nil && !errors.Is(err, journal.ErrConflict) {
					return fmt.Errorf("Put(%d) against %d others returned an error that does not wrap journal.ErrConflict: %w", n, raceWriters-1, err)
				}
				return nil
			})
			if err != nil {
				return err
			}
			winners := 0
			for w := range won {
				if won[w] {
					winners++
					want = append(want, mark{uint64(w), n}.block())
				}
			}
			if winners != 1 {
				return fmt.Errorf("of %d writers that raced for block %d, %d were told that they stored it, want 1", raceWriters, n, winners)
			}
			for _, s := range stores {
				if err := expect(ctx, s, want); err != nil {
					return fmt.Errorf("after a race for block %d: %w", n, err)
				}
			}
		}
		return nil
	}},
	{"a stored block is seen at once, through every open store", func(ctx context.Context, e *env) error {
		stores, err := e.openTwice(ctx)
		if err != nil {
			return err
		}
		want := series(40)
		for n := range want {
			writer, reader := stores[n%2], stores[(n+1)%2]
			if err := writer.Put(ctx, uint64(n), want[n]); err != nil {
				return fmt.Errorf("Put(%d), blocks before it came through another open store: %w", n, err)
			}
			for _, s := range []journal.Store{reader, writer} {
				if err := expectPage(ctx, s, uint64(n), 1, want[n:n+1]); err != nil {
					return fmt.Errorf("right after Put(%d) returned nil: %w", n, err)
				}
			}
		}
		return nil
	}},
	{"writers that append at once lose and double nothing", func(ctx context.Context, e *env) error {
		stores, err := e.openTwice(ctx)
		if err != nil {
			return err
		}
		acked := new(receipts)
		err = parallel(raceWriters, func(w int) error {
			return appendSeries(ctx, stores[w%2], uint64(w), racePuts, acked.add)
		})
		if err != nil {
			return err
		}
		return acked.verify(ctx, stores[0], raceWriters*racePuts)
	}},
	{"a reader that follows the tail skips and repeats nothing", func(ctx context.Context, e *env) error {
		stores, err := e.openTwice(ctx)
		if err != nil {
			return err
		}
		acked := new(receipts)
		var writing atomic.Int64
		writing.Store(raceWriters)
		followed := make([][][]byte, 2)
		err = parallel(raceWriters+len(followed), func(i int) error {
			if i < raceWriters {
				defer writing.Add(-1)
				return appendSeries(ctx, stores[i%2], uint64(i), racePuts, acked.add)
			}
			f := i - raceWriters
			for {
				finished := writing.Load() == 0 // before reading: the last page then is the last
				n := uint64(len(followed[f]))
				page, err := stores[f].Blocks(ctx, n, 1+int(n%5))
				if err != nil {
					return fmt.Errorf("Blocks(%d, …) while others write: %w", n, err)
				}
				if followed[f] = append(followed[f], page...); len(followed[f]) > raceWriters*racePuts {
					return fmt.Errorf("a reader that followed the tail has seen %d blocks, written were %d", len(followed[f]), raceWriters*racePuts)
				}
				if len(page) > 0 {
					continue
				}
				if finished {
					return nil
				}
				time.Sleep(pollPause)
			}
		})
		if err != nil {
			return err
		}
		for _, blocks := range followed {
			if _, err := readMarks(blocks); err != nil {
				return fmt.Errorf("a reader that followed the tail: %w", err)
			}
			if err := acked.verifyBlocks(blocks, raceWriters*racePuts); err != nil {
				return fmt.Errorf("a reader that followed the tail: %w", err)
			}
		}
		return acked.verify(ctx, stores[1], raceWriters*racePuts)
	}},
}

// openTwice opens two stores on the place of the check.
func (e *env) openTwice(ctx context.Context) ([2]journal.Store, error) {
	var stores [2]journal.Store
	for i := range stores {
		s, err := e.open(ctx)
		if err != nil {
			return stores, fmt.Errorf("store %d of 2 on one place: %w", i+1, err)
		}
		stores[i] = s
	}
	return stores, nil
}

// appendSeries appends the blocks 0 to count-1 of one writer and reports each once it is stored.
func appendSeries(ctx context.Context, s journal.Store, writer uint64, count int, stored func(n uint64, m mark)) error {
	var next uint64
	for seq := range uint64(count) {
		m := mark{writer, seq}
		n, err := appendBlock(ctx, s, next, m.block())
		if err != nil {
			return fmt.Errorf("writer %d: %w", writer, err)
		}
		stored(n, m)
		next = n + 1
	}
	return nil
}

// receipts is what writers were told: block n is yours.
type receipts struct {
	mu    sync.Mutex
	acked []receipt
}

type receipt struct {
	n uint64
	m mark
}

func (l *receipts) add(n uint64, m mark) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acked = append(l.acked, receipt{n, m})
}

// len returns how many blocks were acknowledged.
func (l *receipts) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked)
}

// verify returns an error unless the store holds total blocks, and each that was acknowledged where its
// writer was told.
func (l *receipts) verify(ctx context.Context, s journal.Store, total int) error {
	blocks, err := contents(ctx, s, 100, total)
	if err != nil {
		return err
	}
	return l.verifyBlocks(blocks, total)
}

func (l *receipts) verifyBlocks(blocks [][]byte, total int) error {
	marks, err := readMarks(blocks)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.acked {
		if a.n >= uint64(len(marks)) {
			return fmt.Errorf("block %d was acknowledged to writer %d and is lost: there are %d blocks", a.n, a.m.writer, len(marks))
		}
		if got := marks[a.n]; got != a.m {
			return fmt.Errorf("block %d was acknowledged to writer %d (its number %d), and holds number %d of writer %d", a.n, a.m.writer, a.m.seq, got.seq, got.writer)
		}
	}
	if len(marks) != total {
		return fmt.Errorf("there are %d blocks, written were %d", len(marks), total)
	}
	return nil
}
