package journaltest

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

var errDown = errors.New("the server is down")

func TestWhatAServerLosesOrStoresTooLateIsCaught(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		dies   func(m *memory, late []byte) // what the death of the server does to the blocks
		caught string
	}{
		"is right":                        {func(*memory, []byte) {}, ""},
		"loses its last block":            {func(m *memory, _ []byte) { m.blocks = m.blocks[:len(m.blocks)-1] }, "cut off"},
		"loses a block and puts another":  {func(m *memory, late []byte) { m.blocks[len(m.blocks)-1] = late }, "a block is missing or out of order"},
		"stores later what was given up":  {func(m *memory, late []byte) { m.blocks = append(m.blocks, late) }, "is stored, although its update failed"},
		"stores its last block once more": {func(m *memory, _ []byte) { m.blocks = append(m.blocks, m.blocks[len(m.blocks)-1]) }, "a block is missing or out of order"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m *memory
			var down atomic.Bool
			refused := make(chan []byte) // a block that the server has refused, since it was down, and that the journal has given up
			h := inMemory(func(opened *memory) journal.Store {
				m = opened
				var before []byte // the block refused before
				return &faulty{memory: m, put: func(m *memory, ctx context.Context, n uint64, block []byte) error {
					if !down.Load() {
						before = nil
						return m.Put(ctx, n, block)
					}
					if before != nil {
						select {
						case refused <- before:
						default: // not waited for any more
						}
					}
					before = bytes.Clone(block)
					return errDown
				}}
			})
			err := examine(t, h, crashCheck(func(ctx context.Context) error {
				down.Store(true)
				select {
				case late := <-refused:
					m.mu.Lock()
					c.dies(m, late)
					m.mu.Unlock()
				case <-ctx.Done():
				}
				down.Store(false)
				return nil
			}), 1)
			if c.caught == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.caught)
			}
		})
	}
}

func TestACrashThatCannotBeMadeIsSaid(t *testing.T) {
	t.Parallel()
	h := inMemory(func(m *memory) journal.Store { return m })
	require.ErrorIs(t, examine(t, h, crashCheck(func(context.Context) error { return errDown }), 1), errDown)
}
