package journaltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// contextChecks: calls whose context ends.
var contextChecks = []check{
	{"a cancelled context is an error and stores nothing", func(ctx context.Context, e *env) error {
		want := series(3)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		for range 3 {
			if err := s.Put(cancelled, 3, []byte("too late")); err == nil {
				return errors.New("a Put on a cancelled context returned nil")
			}
			if _, err := s.Blocks(cancelled, 0, 10); err == nil {
				return errors.New("a Blocks on a cancelled context returned no error")
			}
			if err := expect(ctx, s, want); err != nil {
				return fmt.Errorf("after Put on a cancelled context: %w", err)
			}
		}
		return expectUsable(ctx, s, want)
	}},
	{"a context cancelled during Put leaves the block whole or absent", func(ctx context.Context, e *env) error {
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		first := make([]byte, 200_000)
		first[0] = '0'
		started := time.Now()
		if err := s.Put(ctx, 0, first); err != nil {
			return fmt.Errorf("Put(0): %w", err)
		}
		typical := max(time.Since(started), 100*time.Microsecond)
		want := [][]byte{first}
		for i := range 40 {
			n := uint64(len(want))
			block := bytes.Repeat(mark{writer: 3, seq: uint64(i)}.block(), 1+e.rand.IntN(100))
			short, cancel := context.WithTimeout(ctx, within(e.rand, 2*typical))
			putErr := s.Put(short, n, bytes.Clone(block))
			cancel()
			after, err := s.Blocks(ctx, n, 10)
			if err != nil {
				return fmt.Errorf("the store is not usable after a cancelled Put (%s): Blocks(%d, 10): %w", quote(putErr), n, err)
			}
			switch {
			case errors.Is(putErr, journal.ErrConflict):
				return fmt.Errorf("Put(%d), the next number, on a context that ends early: %w", n, putErr)
			case len(after) == 0 && putErr == nil:
				return fmt.Errorf("Put(%d) returned nil, but the block is not there", n)
			case len(after) > 0:
				want = append(want, block)
			}
			if err := expect(ctx, s, want); err != nil {
				return fmt.Errorf("after a Put whose context ended (%s): %w", quote(putErr), err)
			}
		}
		return expectUsable(ctx, s, want)
	}},
	{"a context cancelled during Blocks does no harm", func(ctx context.Context, e *env) error {
		want := series(60)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		for range 40 {
			n := e.rand.IntN(len(want))
			short, cancel := context.WithTimeout(ctx, within(e.rand, time.Millisecond))
			page, err := s.Blocks(short, uint64(n), len(want))
			cancel()
			if err != nil {
				continue
			}
			if len(page) == 0 {
				return fmt.Errorf("Blocks(%d, %d) on a context that ends early returned neither blocks nor an error", n, len(want))
			}
			if err := compare(page, want[n:min(n+len(page), len(want))]); err != nil {
				return fmt.Errorf("Blocks(%d, %d) on a context that ends early: %w", n, len(want), err)
			}
		}
		return expectUsable(ctx, s, want)
	}},
}

// within returns a time from a microsecond to the longest, of which each half is as likely as the one before it: a call that was slow once
// may be a hundred times faster the next time, and its context must end during that one too.
func within(r *rand.Rand, longest time.Duration) time.Duration {
	return time.Duration(float64(time.Microsecond) * math.Pow(float64(longest)/float64(time.Microsecond), r.Float64()))
}
