package journal

import (
	"context"
	"time"
)

// A Watcher is a [Store] that can tell when something new is there, so that followers need not keep asking.
type Watcher interface {
	Store
	// Wait returns nil once block n exists; it may return nil earlier, and the caller looks. It returns an error when ctx ends
	// first, or when the store fails.
	Wait(ctx context.Context, n uint64) error
}

// pollPause is how long Follow waits before it asks a store that is no Watcher again.
const pollPause = time.Second

// Follow keeps the views up to date with what other processes write to the store, until ctx ends, whose error it then returns. With a
// store that is a [Watcher] it learns of a new block at once, otherwise by asking every second. Each block is verified as by [Open]. It
// returns early with the error of a store that fails, or a [*CorruptError]; call it again to go on.
func (j *Journal) Follow(ctx context.Context) error {
	watcher, ok := j.store.(Watcher)
	for {
		if err := j.Sync(ctx); err != nil {
			return err
		}
		j.mu.RLock()
		n := j.chain.blocks()
		j.mu.RUnlock()
		if ok {
			if err := watcher.Wait(ctx, n); err != nil {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pollPause):
		}
	}
}
