package journal_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// cancelling is a store, and Snapshots, that end the caller's context at one call: before it is done, or after.
type cancelling struct {
	*journal.MemoryStore
	journal.SnapshotDir

	at     int // number of the call, from 0
	after  bool
	calls  int
	cancel context.CancelFunc
}

// step is called at the beginning of every call; what it returns at the end.
func (s *cancelling) step() (end func()) {
	mine := s.calls == s.at
	s.calls++
	if mine && !s.after {
		s.cancel()
	}
	return func() {
		if mine && s.after {
			s.cancel()
		}
	}
}

func (s *cancelling) Put(ctx context.Context, n uint64, block []byte) error {
	defer s.step()()
	return s.MemoryStore.Put(ctx, n, block)
}

func (s *cancelling) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	defer s.step()()
	return s.MemoryStore.Blocks(ctx, n, limit)
}

func (s *cancelling) Replace(ctx context.Context, n uint64, old, block []byte) error {
	defer s.step()()
	return s.MemoryStore.Replace(ctx, n, old, block)
}

func (s *cancelling) Load(ctx context.Context, name string) ([]byte, error) {
	defer s.step()()
	return s.SnapshotDir.Load(ctx, name)
}

func (s *cancelling) Save(ctx context.Context, name string, snapshot []byte) error {
	defer s.step()()
	return s.SnapshotDir.Save(ctx, name, snapshot)
}

func (s *cancelling) Clear(ctx context.Context) error {
	defer s.step()()
	return s.SnapshotDir.Clear(ctx)
}

// TestWhoIsCancelledAtAnyPointCanGoOn plays a history whose context ends at each of its calls to the store and the snapshots in turn. Whatever was
// reported as done is there, the journal that was interrupted works with a new context, and repeating the history completes it.
func TestWhoIsCancelledAtAnyPointCanGoOn(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for at := 0; ; at++ {
			store := &cancelling{MemoryStore: journal.NewMemoryStore(), SnapshotDir: journal.SnapshotDir(t.TempDir()), at: at, after: after}
			name := fmt.Sprintf("call %d, after %t", at, after)
			opts := &journal.Options{Snapshots: store, Log: slog.New(slog.DiscardHandler)}
			var j *journal.Journal
			var v *tally
			done := 0
			// play does what is left of the history, and says at which step it was interrupted.
			play := func(ctx context.Context) error {
				open := func() (err error) {
					v = newTally()
					if j, err = journal.Open(ctx, store, testSigner(t), opts); err == nil {
						err = j.Attach(ctx, v)
					}
					return err
				}
				update := func(n int) func() error {
					return func() error {
						d := draft(fmt.Sprint("person ", n), n)
						d.ID = uuid.NewSHA1(uuid.Nil, []byte{byte(n)})
						_, err := j.Update(ctx, func() ([]journal.Draft, error) { return []journal.Draft{d}, nil })
						return err
					}
				}
				steps := []func() error{
					open,
					update(1), update(2),
					func() error { return j.SaveSnapshot(ctx) },
					open,
					update(3),
					func() error { return j.Erase(ctx, 2, "asked for", "") },
					func() error { return j.SaveSnapshot(ctx) },
					open,
				}
				if j == nil || v == nil {
					if err := open(); err != nil {
						return err
					}
				}
				for ; done < len(steps); done++ {
					if err := steps[done](); err != nil {
						return err
					}
				}
				return nil
			}
			ctx, cancel := context.WithCancel(t.Context())
			store.cancel = cancel
			err := play(ctx)
			cancel()
			if err != nil {
				require.True(t, errors.Is(err, context.Canceled), "%s: %v", name, err)
				if j == nil {
					v = nil
				}
				require.NoError(t, play(t.Context()), "%s: with a new context, from step %d", name, done)
			}
			require.Equal(t, hours{"person 1": 1, "person 3": 3}, v.hours, name)
			require.Equal(t, uint64(5), j.Size(), name)
			_, fresh := withTally(t, store.MemoryStore, nil)
			require.Equal(t, v.hours, fresh.hours, name)
			if store.calls <= at { // the history is shorter than that
				require.Greater(t, at, 20)
				break
			}
		}
	}
}
