package journaltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Tx is a transaction of the program that shares a database with the store, see [Harness.Begin].
type Tx interface {
	// Put stores a block within the transaction, as the store's PutTx does.
	Put(ctx context.Context, n uint64, block []byte) error
	Commit(ctx context.Context) error
	// Rollback gives the transaction up. After Commit it is not called.
	Rollback(ctx context.Context) error
}

// defaultPatience is how long a store may take to tell of a block that is there.
const defaultPatience = 20 * time.Second

// redactor opens a store on the place that holds blocks, and can replace them.
func (e *env) redactor(ctx context.Context, blocks [][]byte) (journal.Redactor, error) {
	s, err := e.filled(ctx, blocks)
	if err != nil {
		return nil, err
	}
	r, ok := s.(journal.Redactor)
	if !ok {
		return nil, fmt.Errorf("a second store on the place (%T) is no journal.Redactor, the first was", s)
	}
	return r, nil
}

// replaceChecks: what a [journal.Redactor] does with a block that is there.
var replaceChecks = []check{
	{"a replaced block is read in its place, also after opening again", func(ctx context.Context, e *env) error {
		want := series(6)
		r, err := e.redactor(ctx, want)
		if err != nil {
			return err
		}
		for _, n := range []int{0, 3, 5, 3} {
			next := mark{writer: 7, seq: uint64(n + len(want[n]))}.block()
			if err := r.Replace(ctx, uint64(n), bytes.Clone(want[n]), bytes.Clone(next)); err != nil {
				return fmt.Errorf("Replace(%d): %w", n, err)
			}
			want[n] = next
			if err := expect(ctx, r, want); err != nil {
				return fmt.Errorf("after Replace(%d): %w", n, err)
			}
		}
		if err := e.closeAll(); err != nil {
			return err
		}
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		if err := expectUsable(ctx, s, want); err != nil {
			return fmt.Errorf("after Replace and opening again: %w", err)
		}
		return nil
	}},
	{"a Replace that was shown another block is a conflict and changes nothing", func(ctx context.Context, e *env) error {
		want := series(4)
		r, err := e.redactor(ctx, want)
		if err != nil {
			return err
		}
		shown := want[2]
		for name, c := range map[string]struct {
			n   uint64
			old []byte
		}{
			"a neighbour":       {1, shown},
			"a shorter block":   {2, shown[:len(shown)-1]},
			"a longer block":    {2, append(bytes.Clone(shown), 0)},
			"no block":          {2, nil},
			"the end":           {uint64(len(want)), shown},
			"beyond the end":    {uint64(len(want)) + 3, shown},
			"beyond int64":      {math.MaxInt64 + 1, shown},
			"the last number":   {math.MaxUint64, shown},
			"a block at no end": {math.MaxInt64, want[0]},
		} {
			if err := r.Replace(ctx, c.n, c.old, []byte("something else")); !errors.Is(err, journal.ErrConflict) {
				return fmt.Errorf("Replace(%d), shown %s, returned %s, want an error that wraps journal.ErrConflict", c.n, name, quote(err))
			}
			if err := expect(ctx, r, want); err != nil {
				return fmt.Errorf("after Replace(%d), shown %s: %w", c.n, name, err)
			}
		}
		return expectUsable(ctx, r, want)
	}},
	{"a Replace by an empty or oversized block, or on a cancelled context, is refused", func(ctx context.Context, e *env) error {
		want := series(3)
		r, err := e.redactor(ctx, want)
		if err != nil {
			return err
		}
		for _, bad := range [][]byte{nil, {}, make([]byte, journal.MaxBlockBytes+1)} {
			if err := r.Replace(ctx, 1, want[1], bad); err == nil {
				return fmt.Errorf("a Replace by %d bytes (nil: %t) returned nil", len(bad), bad == nil)
			}
		}
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if err := r.Replace(cancelled, 1, want[1], []byte("too late")); err == nil {
			return errors.New("a Replace on a cancelled context returned nil")
		}
		return expectUsable(ctx, r, want)
	}},
	{"Replace neither keeps nor changes the caller's memory", func(ctx context.Context, e *env) error {
		want := series(2)
		r, err := e.redactor(ctx, want)
		if err != nil {
			return err
		}
		block := bytes.Repeat([]byte("new"), 100)
		old, next := append(bytes.Clone(want[1]), "behind"...), append(bytes.Clone(block), "behind"...)
		if err := r.Replace(ctx, 1, old[:len(want[1])], next[:len(block)]); err != nil {
			return fmt.Errorf("Replace(1): %w", err)
		}
		if !bytes.Equal(old, append(bytes.Clone(want[1]), "behind"...)) || !bytes.Equal(next, append(bytes.Clone(block), "behind"...)) {
			return errors.New("the memory that Replace was given has changed")
		}
		clear(next)
		want[1] = block
		return expectUsable(ctx, r, want)
	}},
	{"of those who replace one block at once, one wins, and readers see it whole", func(ctx context.Context, e *env) error {
		want := series(3)
		first, err := e.redactor(ctx, want)
		if err != nil {
			return err
		}
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		second, ok := s.(journal.Redactor)
		if !ok {
			return fmt.Errorf("a second store on the place (%T) is no journal.Redactor", s)
		}
		stores := []journal.Redactor{first, second}
		for round := range uint64(raceRounds) {
			old := want[1]
			won := make([]bool, raceWriters)
			var done atomic.Int64
			err := parallel(raceWriters+1, func(w int) error {
				if w == raceWriters { // one who reads meanwhile
					for done.Load() < raceWriters {
						page, err := second.Blocks(ctx, 1, 1)
						if err != nil || len(page) != 1 {
							return fmt.Errorf("Blocks(1, 1) during Replace returned %d blocks, error %s", len(page), quote(err))
						}
						if _, err := readMark(page[0]); err != nil {
							return fmt.Errorf("during Replace, block 1 %w", err)
						}
					}
					return nil
				}
				defer done.Add(1)
				err := stores[w%2].Replace(ctx, 1, old, mark{uint64(w) + 10, round}.block())
				won[w] = err == nil
				if err != nil && !errors.Is(err, journal.ErrConflict) {
					return fmt.Errorf("Replace(1) against %d others returned an error that does not wrap journal.ErrConflict: %w", raceWriters-1, err)
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
					want[1] = mark{uint64(w) + 10, round}.block()
				}
			}
			if winners != 1 {
				return fmt.Errorf("of %d writers that replaced block 1 at once, %d were told that they did, want 1", raceWriters, winners)
			}
			for _, s := range stores {
				if err := expect(ctx, s, want); err != nil {
					return fmt.Errorf("after a race of Replace: %w", err)
				}
			}
		}
		return nil
	}},
}

// waitChecks: what a [journal.Watcher] does.
var waitChecks = []check{
	{"Wait returns at once for a block that exists", func(ctx context.Context, e *env) error {
		s, err := e.filled(ctx, series(2))
		if err != nil {
			return err
		}
		for n := range uint64(2) {
			if err := wait(ctx, s, n, e.patience); err != nil {
				return fmt.Errorf("Wait(%d) with 2 blocks stored: %w", n, err)
			}
		}
		return nil
	}},
	{"Wait returns when the block is stored, through any open store", func(ctx context.Context, e *env) error {
		stores, err := e.openTwice(ctx)
		if err != nil {
			return err
		}
		for n := range uint64(5) {
			var stored atomic.Bool
			// The waiting may begin before or after the block is there: both must end.
			err := parallel(3, func(i int) error {
				if i == 2 {
					err := stores[1].Put(ctx, n, mark{4, n}.block())
					stored.Store(err == nil)
					return err
				}
				for { // it may return earlier
					if err := wait(ctx, stores[i], n, e.patience); err != nil {
						return fmt.Errorf("Wait(%d) while block %d is being stored (stored: %t): %w", n, n, stored.Load(), err)
					}
					page, err := stores[i].Blocks(ctx, n, 1)
					if err != nil || len(page) > 0 {
						return err
					}
				}
			})
			if err != nil {
				return err
			}
		}
		return nil
	}},
	{"any number may wait on a store, and hinder nobody who stores", func(ctx context.Context, e *env) error {
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		waiting, stop := context.WithTimeout(ctx, e.patience)
		defer stop()
		var begun atomic.Int64
		return parallel(waiters+1, func(i int) error {
			if i == waiters {
				for begun.Load() < waiters && waiting.Err() == nil {
					time.Sleep(pollPause)
				}
				time.Sleep(10 * pollPause) // they wait now, if the machine lets them
				for n := range uint64(5) {
					if err := s.Put(waiting, n, mark{5, n}.block()); err != nil {
						return fmt.Errorf("Put(%d) while %d wait on the same store: %w", n, waiters, err)
					}
				}
				return nil
			}
			begun.Add(1)
			for { // it may return earlier
				if err := wait(waiting, s, 4, e.patience); err != nil {
					return fmt.Errorf("Wait(4) while %d others wait on the same store: %w", waiters-1, err)
				}
				page, err := s.Blocks(waiting, 4, 1)
				if err != nil || len(page) > 0 {
					return err
				}
			}
		})
	}},
	{"Wait ends with its context", func(ctx context.Context, e *env) error {
		s, err := e.filled(ctx, series(1))
		if err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		ended := make(chan error, 1)
		go func() {
			for over := false; ; over = short.Err() != nil {
				err := s.(journal.Watcher).Wait(short, 1)
				if err != nil || over { // it may return nil, as long as the context has not ended
					ended <- err
					return
				}
			}
		}()
		select {
		case err := <-ended:
			if err == nil {
				return errors.New("a Wait for a block that does not exist returned nil although its context had ended")
			}
		case <-time.After(e.patience):
			return fmt.Errorf("a Wait for a block that does not exist did not return within %v after its context had ended", e.patience)
		}
		return expectUsable(ctx, s, series(1))
	}},
}

// waiters is how many wait on one store at once.
const waiters = 12

// wait calls Wait with a limit.
func wait(ctx context.Context, s journal.Store, n uint64, limit time.Duration) error {
	w, ok := s.(journal.Watcher)
	if !ok {
		return fmt.Errorf("a second store on the place (%T) is no journal.Watcher, the first was", s)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return w.Wait(ctx, n)
}

// inTx runs f in a transaction of the host's, which it commits, or gives up when f fails or commit is false.
func (e *env) inTx(ctx context.Context, s journal.Store, commit bool, f func(Tx) error) error {
	tx, err := e.begin(ctx, s)
	if err != nil {
		return fmt.Errorf("beginning a transaction of the host's: %w", err)
	}
	if err = f(tx); err == nil && commit {
		if err := tx.Commit(ctx); err != nil {
			return fmt.Errorf("committing a transaction of the host's: %w", err)
		}
		return nil
	}
	if undo := tx.Rollback(ctx); undo != nil {
		err = errors.Join(err, fmt.Errorf("giving up a transaction of the host's: %w", undo))
	}
	return err
}

// hostChecks: Put within a transaction of the host's.
var hostChecks = []check{
	{"a block put in a transaction of the host's is there with the commit, and not before", func(ctx context.Context, e *env) error {
		want := series(5)
		stores, err := e.openTwice(ctx)
		if err != nil {
			return err
		}
		for n, b := range want {
			err := e.inTx(ctx, stores[0], true, func(tx Tx) error {
				given := bytes.Clone(b)
				if err := tx.Put(ctx, uint64(n), given); err != nil {
					return fmt.Errorf("Put(%d) in a transaction: %w", n, err)
				}
				clear(given)
				if err := expect(ctx, stores[1], want[:n]); err != nil {
					return fmt.Errorf("before the transaction with block %d has ended, another store sees it: %w", n, err)
				}
				return nil
			})
			if err != nil {
				return err
			}
			for _, s := range stores {
				if err := expect(ctx, s, want[:n+1]); err != nil {
					return fmt.Errorf("after the transaction with block %d: %w", n, err)
				}
			}
		}
		if err := e.closeAll(); err != nil {
			return err
		}
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		return expectUsable(ctx, s, want)
	}},
	{"a block put in a transaction that is given up is not there, and its number is free", func(ctx context.Context, e *env) error {
		want := series(3)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		for range 3 {
			err := e.inTx(ctx, s, false, func(tx Tx) error { return tx.Put(ctx, 3, []byte("given up")) })
			if err != nil {
				return fmt.Errorf("Put(3) in a transaction that is given up: %w", err)
			}
			if err := expect(ctx, s, want); err != nil {
				return fmt.Errorf("after a transaction that was given up: %w", err)
			}
		}
		return expectUsable(ctx, s, want)
	}},
	{"in a transaction of the host's a wrong number is a conflict, and a block of no size is refused", func(ctx context.Context, e *env) error {
		want := series(3)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		for _, n := range []uint64{0, 2, 4, 1000, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
			err := e.inTx(ctx, s, true, func(tx Tx) error { return tx.Put(ctx, n, []byte("out of place")) })
			if !errors.Is(err, journal.ErrConflict) {
				return fmt.Errorf("Put(%d) in a transaction with 3 blocks stored returned %s, want an error that wraps journal.ErrConflict", n, quote(err))
			}
		}
		for _, bad := range [][]byte{nil, {}, make([]byte, journal.MaxBlockBytes+1)} {
			if e.inTx(ctx, s, true, func(tx Tx) error { return tx.Put(ctx, 3, bad) }) == nil {
				return fmt.Errorf("a Put of %d bytes (nil: %t) in a transaction returned nil", len(bad), bad == nil)
			}
		}
		return expectUsable(ctx, s, want)
	}},
	{"of a transaction of the host's and a Put that race for a number, one wins", func(ctx context.Context, e *env) error {
		stores, err := e.openTwice(ctx)
		if err != nil {
			return err
		}
		var want [][]byte
		for n := range uint64(raceRounds) {
			blocks := [2][]byte{mark{1, n}.block(), mark{2, n}.block()}
			other := make(chan error, 1)
			err := e.inTx(ctx, stores[0], true, func(tx Tx) error {
				if err := tx.Put(ctx, n, blocks[0]); err != nil {
					return fmt.Errorf("Put(%d), the next number, in a transaction: %w", n, err)
				}
				go func() {
					other <- parallel(1, func(int) error { return stores[1].Put(ctx, n, blocks[1]) })
				}()
				select { // it may wait for the transaction to end, or be done already
				case err := <-other:
					other <- err
				case <-time.After(10 * pollPause):
				}
				return nil
			})
			won := [2]bool{err == nil, true}
			if err != nil && !errors.Is(err, journal.ErrConflict) {
				return err
			}
			if err = <-other; err != nil {
				if won[1] = false; !errors.Is(err, journal.ErrConflict) {
					return fmt.Errorf("Put(%d) against a transaction returned an error that does not wrap journal.ErrConflict: %w", n, err)
				}
			}
			switch {
			case won[0] == won[1]:
				return fmt.Errorf("of a transaction and a Put that raced for block %d, both were told the same (stored: %t)", n, won[0])
			case won[0]:
				want = append(want, blocks[0])
			default:
				want = append(want, blocks[1])
			}
			if err := expect(ctx, stores[1], want); err != nil {
				return fmt.Errorf("after a race for block %d: %w", n, err)
			}
		}
		return nil
	}},
}
