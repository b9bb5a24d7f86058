package journaltest

import (
	"context"
	"errors"
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// durabilityChecks: what is there after opening again.
var durabilityChecks = []check{
	{"a store opened again holds what was stored", func(ctx context.Context, e *env) error {
		var want [][]byte
		for _, b := range series(12) {
			s, err := e.open(ctx)
			if err != nil {
				return err
			}
			if err := expect(ctx, s, want); err != nil {
				return fmt.Errorf("after opening again: %w", err)
			}
			if len(want) > 0 {
				if err := s.Put(ctx, uint64(len(want)-1), b); !errors.Is(err, journal.ErrConflict) {
					return fmt.Errorf("after opening again, Put(%d), a number that exists, returned %s, want an error that wraps journal.ErrConflict", len(want)-1, quote(err))
				}
			}
			if err := s.Put(ctx, uint64(len(want)), b); err != nil {
				return fmt.Errorf("after opening again, Put(%d), the next number: %w", len(want), err)
			}
			want = append(want, b)
			if err := e.closeAll(); err != nil {
				return err
			}
		}
		s, err := e.open(ctx)
		if err != nil {
			return err
		}
		return expect(ctx, s, want)
	}},
	{"opening a place changes nothing", func(ctx context.Context, e *env) error {
		want := series(3)
		s, err := e.filled(ctx, want)
		if err != nil {
			return err
		}
		for range 3 {
			if _, err := e.open(ctx); err != nil {
				return err
			}
			if err := expect(ctx, s, want); err != nil {
				return fmt.Errorf("after the place was opened once more: %w", err)
			}
		}
		return expectUsable(ctx, s, want)
	}},
}
