package journaltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// putChecks: what Put stores and what it refuses.
var putChecks = []check{
	{"a stored block is read back, in order", func(ctx context.Context, e *env) error {
		want := series(25)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		return expect(ctx, s, want)
	}},
	{"every byte value survives", func(ctx context.Context, e *env) error {
		all := make([]byte, 256)
		blocks := [][]byte{all, []byte("a zero byte \x00 in between"), []byte("no text: \xff\xfe\xc0")}
		for i := range all {
			all[i] = byte(i)
			blocks = append(blocks, []byte{byte(i)})
		}
		s, err := e.filled(ctx, blocks)
		if err != nil {
			return err
		}
		return expect(ctx, s, blocks)
	}},
	{"a block of MaxBlockBytes is stored whole", func(ctx context.Context, e *env) error {
		some := mark{writer: 2}.block()
		large := bytes.Repeat(some, journal.MaxBlockBytes/len(some)+1)[:journal.MaxBlockBytes]
		want := [][]byte{[]byte("before"), large, []byte("between"), large[1:], []byte("after")}
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		return expect(ctx, s, want)
	}},
	{"an empty or oversized block is refused and not stored", func(ctx context.Context, e *env) error {
		want := series(2)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		for _, bad := range [][]byte{nil, {}, make([]byte, journal.MaxBlockBytes+1)} {
			if err := s.Put(ctx, 2, bad); err == nil {
				return fmt.Errorf("a Put of %d bytes (nil: %t) returned nil", len(bad), bad == nil)
			}
		}
		return expectUsable(ctx, s, want)
	}},
	{"a number that leaves a gap is a conflict and not stored", func(ctx context.Context, e *env) error {
		want := series(3)
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		for have := range len(want) + 1 {
			for _, gap := range []uint64{uint64(have) + 1, uint64(have) + 2, 1000, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
				if err := s.Put(ctx, gap, []byte("beyond the end")); !errors.Is(err, journal.ErrConflict) {
					return fmt.Errorf("Put(%d) with %d blocks stored returned %s, want an error that wraps journal.ErrConflict", gap, have, quote(err))
				}
				if err := expect(ctx, s, want[:have]); err != nil {
					return fmt.Errorf("after Put(%d) with %d blocks stored: %w", gap, have, err)
				}
			}
			if have < len(want) {
				if err := s.Put(ctx, uint64(have), want[have]); err != nil {
					return fmt.Errorf("Put(%d), the next number: %w", have, err)
				}
			}
		}
		return expectUsable(ctx, s, want)
	}},
	{"a number that exists is a conflict and the block stays", func(ctx context.Context, e *env) error {
		want := series(4)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		for n := range want {
			for _, b := range [][]byte{[]byte("something else"), want[n]} {
				if err := s.Put(ctx, uint64(n), bytes.Clone(b)); !errors.Is(err, journal.ErrConflict) {
					return fmt.Errorf("Put(%d) with %d blocks stored returned %s, want an error that wraps journal.ErrConflict", n, len(want), quote(err))
				}
				if err := expect(ctx, s, want); err != nil {
					return fmt.Errorf("after Put(%d) with %d blocks stored: %w", n, len(want), err)
				}
			}
		}
		return expectUsable(ctx, s, want)
	}},
	{"two places have nothing to do with each other", func(ctx context.Context, e *env) error {
		want := series(3)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		other, err := e.openAt(ctx, e.other)
		if err != nil {
			return err
		}
		if err := expect(ctx, other, nil); err != nil {
			return fmt.Errorf("a new place: %w", err)
		}
		if err := expectUsable(ctx, other, nil); err != nil {
			return fmt.Errorf("a new place: %w", err)
		}
		return expect(ctx, s, want)
	}},
}

// readChecks: what Blocks returns.
var readChecks = []check{
	{"an empty store has no blocks", func(ctx context.Context, e *env) error {
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		for _, n := range []uint64{0, 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
			if err := expectPage(ctx, s, n, 10, nil); err != nil {
				return err
			}
		}
		return nil
	}},
	{"a limit of zero or less gives no blocks", func(ctx context.Context, e *env) error {
		s, err := e.filled(ctx, series(3))
		if err != nil {
			return err
		}
		for _, limit := range []int{0, -1, math.MinInt} {
			for n := range uint64(5) {
				if err := expectPage(ctx, s, n, limit, nil); err != nil {
					return err
				}
			}
		}
		return nil
	}},
	{"past the end there is nothing and no error", func(ctx context.Context, e *env) error {
		s, err := e.filled(ctx, series(3))
		if err != nil {
			return err
		}
		for _, n := range []uint64{3, 4, 1000, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64 - 1, math.MaxUint64} {
			for _, limit := range []int{1, 100, math.MaxInt} {
				if err := expectPage(ctx, s, n, limit, nil); err != nil {
					return err
				}
			}
		}
		return nil
	}},
	{"pages of any size lead to the end", func(ctx context.Context, e *env) error {
		want := series(60)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		for _, limit := range []int{1, 2, 3, 7, 59, 60, 61, 1000, math.MaxInt32, math.MaxInt} {
			got, err := contents(ctx, s, limit, len(want))
			if err == nil {
				err = compare(got, want)
			}
			if err != nil {
				return fmt.Errorf("by pages of %d: %w", limit, err)
			}
		}
		for range 50 {
			n, limit := e.rand.IntN(len(want)), 1+e.rand.IntN(2*len(want))
			if err := expectPage(ctx, s, uint64(n), limit, want[n:min(n+limit, len(want))]); err != nil {
				return err
			}
		}
		return nil
	}},
	{"a page of large blocks has at least one", func(ctx context.Context, e *env) error {
		var want [][]byte
		for i := range 6 {
			want = append(want, bytes.Repeat([]byte{byte(i + 1)}, journal.MaxBlockBytes/2))
		}
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		for n := range want {
			if err := expectPage(ctx, s, uint64(n), math.MaxInt, want[n:]); err != nil {
				return err
			}
		}
		return nil
	}},
}

// expectPage checks one call of Blocks: what it returns begins want, and is not empty unless want is.
func expectPage(ctx context.Context, s journal.Store, n uint64, limit int, want [][]byte) error {
	page, err := s.Blocks(ctx, n, limit)
	if err != nil {
		return fmt.Errorf("Blocks(%d, %d): %w", n, limit, err)
	}
	if len(page) > len(want) {
		return fmt.Errorf("Blocks(%d, %d) returned %d blocks, want %d at most", n, limit, len(page), len(want))
	}
	if len(page) == 0 && len(want) > 0 {
		return fmt.Errorf("Blocks(%d, %d) returned no block although block %d exists", n, limit, n)
	}
	if err := compare(page, want[:len(page)]); err != nil {
		return fmt.Errorf("Blocks(%d, %d), counted from its first: %w", n, limit, err)
	}
	return nil
}

// memoryChecks: whose memory it is.
var memoryChecks = []check{
	{"Put does not keep the caller's memory", func(ctx context.Context, e *env) error {
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		want := series(10)
		var buffer []byte // one for all, as a journal does it
		for n, b := range want {
			buffer = append(buffer[:0], b...)
			if err := s.Put(ctx, uint64(n), buffer); err != nil {
				return fmt.Errorf("Put(%d): %w", n, err)
			}
			for i := range buffer {
				buffer[i] = 0xEE
			}
		}
		return expect(ctx, s, want)
	}},
	{"Put does not change the block it is given", func(ctx context.Context, e *env) error {
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		want := series(10)
		for n, b := range want {
			given := append(bytes.Clone(b), "behind its end"...)
			if err := s.Put(ctx, uint64(n), given[:len(b)]); err != nil {
				return fmt.Errorf("Put(%d): %w", n, err)
			}
			if !bytes.Equal(given[:len(b)], b) || string(given[len(b):]) != "behind its end" {
				return fmt.Errorf("Put(%d) changed the memory of its caller", n)
			}
		}
		return expect(ctx, s, want)
	}},
	{"results of Blocks belong to the caller", func(ctx context.Context, e *env) error {
		want := series(10)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		for range 2 {
			page, err := s.Blocks(ctx, 0, len(want))
			if err != nil {
				return fmt.Errorf("Blocks(0, %d): %w", len(want), err)
			}
			for n := range page {
				// What grows at the end must not reach into the next block.
				page[n] = append(page[n], "more"...)[:len(page[n])]
			}
			if err := compare(page, want[:len(page)]); err != nil {
				return fmt.Errorf("after growing each block of a page: %w", err)
			}
			for n := range page {
				clear(page[n])
				page[n] = nil
			}
			if err := expect(ctx, s, want); err != nil {
				return fmt.Errorf("after overwriting a page that Blocks had returned: %w", err)
			}
		}
		return nil
	}},
}

// quote shows an error that may be nil.
func quote(err error) string {
	if err == nil {
		return "nil"
	}
	return fmt.Sprintf("%q", err)
}
