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

func (s *memory) Replace(ctx context.Context, n uint64, old, block []byte) error {
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
	if n >= uint64(len(s.blocks)) || !bytes.Equal(s.blocks[n], old) {
		return fmt.Errorf("memory: %w", journal.ErrConflict)
	}
	s.blocks[n] = bytes.Clone(block)
	return nil
}

func (s *memory) Wait(ctx context.Context, n uint64) error {
	for s.len() <= n {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pollPause):
		}
	}
	return nil
}

// memoryTx is a transaction on a memory.
type memoryTx struct {
	m     *memory
	block []byte // nil until Put
}

func (x *memoryTx) Put(ctx context.Context, n uint64, block []byte) error {
	if err := errors.Join(ctx.Err(), journal.CheckBlockSize(block)); err != nil {
		return err
	}
	x.m.writing.Lock()
	if n != x.m.len() {
		x.m.writing.Unlock()
		return journal.ErrConflict
	}
	x.block = bytes.Clone(block)
	return nil
}

func (x *memoryTx) Commit(context.Context) error {
	if x.block != nil {
		x.m.append(x.block)
		x.m.writing.Unlock()
	}
	return nil
}

func (x *memoryTx) Rollback(context.Context) error {
	if x.block != nil {
		x.m.writing.Unlock()
	}
	return nil
}

// begin is Harness.Begin for stores on a memory.
func begin(_ context.Context, s journal.Store) (Tx, error) {
	switch s := s.(type) {
	case *memory:
		return &memoryTx{m: s}, nil
	case *host:
		return s.begin(&memoryTx{m: s.memory}), nil
	}
	return nil, fmt.Errorf("a store of type %T", s)
}

// host is a store of which the transactions are wrong.
type host struct {
	*memory
	begin func(x *memoryTx) Tx
}

// replacer and waiter are stores of which one method is wrong.
type replacer struct {
	*memory
	replace func(m *memory, ctx context.Context, n uint64, old, block []byte) error
}

func (s *replacer) Replace(ctx context.Context, n uint64, old, block []byte) error {
	return s.replace(s.memory, ctx, n, old, block)
}

type waiter struct {
	*memory
	wait func(m *memory, ctx context.Context, n uint64) error
}

func (s *waiter) Wait(ctx context.Context, n uint64) error { return s.wait(s.memory, ctx, n) }

// wrongTx is a transaction of which one method is wrong.
type wrongTx struct {
	*memoryTx
	put func(x *memoryTx, ctx context.Context, n uint64, block []byte) error
}

func (x *wrongTx) Put(ctx context.Context, n uint64, block []byte) error {
	return x.put(x.memoryTx, ctx, n, block)
}

// abilityFaults are ways to be wrong about what is optional.
func abilityFaults() []fault {
	const (
		replaced  = "a replaced block is read in its place, also after opening again"
		compared  = "a Replace that was shown another block is a conflict and changes nothing"
		refused   = "a Replace by an empty or oversized block, or on a cancelled context, is refused"
		memorised = "Replace neither keeps nor changes the caller's memory"
		raced     = "of those who replace one block at once, one wins, and readers see it whole"
		atOnce    = "Wait returns at once for a block that exists"
		stored    = "Wait returns when the block is stored, through any open store"
		many      = "any number may wait on a store, and hinder nobody who stores"
		ends      = "Wait ends with its context"
		committed = "a block put in a transaction of the host's is there with the commit, and not before"
		givenUp   = "a block put in a transaction that is given up is not there, and its number is free"
		conflict  = "in a transaction of the host's a wrong number is a conflict, and a block of no size is refused"
		txRaced   = "of a transaction of the host's and a Put that race for a number, one wins"
	)
	type replace = func(m *memory, ctx context.Context, n uint64, old, block []byte) error
	type wait = func(m *memory, ctx context.Context, n uint64) error
	wrongReplace := func(name string, f replace, caught ...string) fault {
		return fault{name, caught, func(m *memory) journal.Store { return &replacer{m, f} }}
	}
	wrongWait := func(name string, f wait, caught ...string) fault {
		return fault{name, caught, func(m *memory) journal.Store { return &waiter{m, f} }}
	}
	wrongHost := func(name string, put func(x *memoryTx, ctx context.Context, n uint64, block []byte) error, caught ...string) fault {
		return fault{name, caught, func(m *memory) journal.Store {
			return &host{m, func(tx *memoryTx) Tx { return &wrongTx{tx, put} }}
		}}
	}
	return []fault{
		wrongReplace("says that it replaced, and did not", func(*memory, context.Context, uint64, []byte, []byte) error { return nil }, replaced),
		wrongReplace("stores the replacement as a new block", func(m *memory, _ context.Context, _ uint64, _, block []byte) error {
			m.append(bytes.Clone(block))
			return nil
		}, replaced),
		{
			"forgets a replacement on reopen",
			[]string{replaced},
			func() func(m *memory) journal.Store {
				var before []byte
				return func(m *memory) journal.Store {
					if before != nil {
						m.blocks[3] = before
					}
					return &replacer{m, func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
						if n == 3 {
							before = bytes.Clone(old)
						}
						return m.Replace(ctx, n, old, block)
					}}
				}
			}(),
		},
		wrongReplace("replaces whatever is there", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			if page, err := m.Blocks(ctx, n, 1); err == nil && len(page) > 0 {
				old = page[0]
			}
			return m.Replace(ctx, n, old, block)
		}, compared, raced),
		wrongReplace("compares beginnings", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			if page, err := m.Blocks(ctx, n, 1); err == nil && len(page) > 0 && (bytes.HasPrefix(old, page[0]) || bytes.HasPrefix(page[0], old)) {
				old = page[0]
			}
			return m.Replace(ctx, n, old, block)
		}, compared),
		wrongReplace("replaces a number modulo 2^63", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			if n > math.MaxInt64 {
				return errors.New("value out of range")
			}
			return m.Replace(ctx, n, old, block)
		}, compared),
		wrongReplace("returns an error of its own for another block", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			if m.Replace(ctx, n, old, block) != nil {
				return errors.New("no row was changed")
			}
			return nil
		}, compared, raced),
		wrongReplace("replaces by nothing", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			if len(block) == 0 {
				return nil
			}
			return m.Replace(ctx, n, old, block)
		}, refused),
		wrongReplace("replaces after its context has ended", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			return m.Replace(context.WithoutCancel(ctx), n, old, block)
		}, refused),
		wrongReplace("keeps the slice of a replacement", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			err := m.Replace(ctx, n, old, block)
			if err == nil {
				m.mu.Lock()
				defer m.mu.Unlock()
				m.blocks[n] = block
			}
			return err
		}, memorised),
		wrongReplace("wipes the old block where the caller has it", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			err := m.Replace(ctx, n, old, block)
			clear(old)
			return err
		}, memorised),
		wrongReplace("looks first and replaces later", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			page, err := m.Blocks(ctx, n, 1)
			if err != nil || len(page) == 0 || !bytes.Equal(page[0], old) {
				return fmt.Errorf("%w: %w", journal.ErrConflict, err)
			}
			time.Sleep(m.window)
			m.mu.Lock()
			defer m.mu.Unlock()
			m.blocks[n] = bytes.Clone(block)
			return nil
		}, raced),
		wrongReplace("shows half a replacement", func(m *memory, ctx context.Context, n uint64, old, block []byte) error {
			half := bytes.Clone(block[:(len(block)+1)/2])
			if err := m.Replace(ctx, n, old, half); err != nil {
				return err
			}
			time.Sleep(m.window)
			m.mu.Lock()
			defer m.mu.Unlock()
			m.blocks[n] = bytes.Clone(block)
			return nil
		}, raced),

		wrongWait("waits for the next block whatever is there", func(m *memory, ctx context.Context, _ uint64) error {
			return m.Wait(ctx, m.len())
		}, atOnce),
		wrongWait("never wakes", func(_ *memory, ctx context.Context, _ uint64) error {
			<-ctx.Done()
			return ctx.Err()
		}, atOnce, stored),
		{
			"wakes only who waits on the store that wrote",
			[]string{stored},
			func(m *memory) journal.Store {
				var mine atomic.Uint64
				s := &waitsForItself{faulty{memory: m}, &mine}
				s.put = func(m *memory, ctx context.Context, n uint64, block []byte) error {
					err := m.Put(ctx, n, block)
					if err == nil {
						mine.Store(n + 1)
					}
					return err
				}
				return s
			},
		},
		{
			"lets four do something at once, and waits",
			[]string{many},
			func(m *memory) journal.Store {
				four := make(chan struct{}, 4)
				s := &waitsInTurn{faulty{memory: m}, four}
				s.put = func(m *memory, ctx context.Context, n uint64, block []byte) error {
					time.Sleep(m.window)
					return s.inTurn(ctx, func() error { return m.Put(ctx, n, block) })
				}
				return s
			},
		},
		wrongWait("waits on after its context has ended", func(_ *memory, ctx context.Context, _ uint64) error {
			<-ctx.Done()
			time.Sleep(time.Minute)
			return ctx.Err()
		}, ends),
		wrongWait("is content when its context has ended", func(m *memory, ctx context.Context, n uint64) error {
			_ = m.Wait(ctx, n)
			return nil
		}, ends),

		wrongHost("stores beside the transaction", func(x *memoryTx, ctx context.Context, n uint64, block []byte) error {
			return x.m.Put(ctx, n, block)
		}, committed, givenUp),
		wrongHost("forgets what was committed", func(x *memoryTx, ctx context.Context, n uint64, block []byte) error {
			err := x.Put(ctx, n, block)
			_ = x.Rollback(ctx)
			x.block = nil
			return err
		}, committed),
		wrongHost("keeps the slice until the commit", func(x *memoryTx, ctx context.Context, n uint64, block []byte) error {
			err := x.Put(ctx, n, block)
			if err == nil {
				x.block = block
			}
			return err
		}, committed),
		wrongHost("returns an error of its own on a conflict in a transaction", func(x *memoryTx, ctx context.Context, n uint64, block []byte) error {
			if err := x.Put(ctx, n, block); err != nil {
				return errors.New("duplicate key")
			}
			return nil
		}, conflict),
		wrongHost("accepts gaps in a transaction", func(x *memoryTx, ctx context.Context, n uint64, block []byte) error {
			return x.Put(ctx, min(n, x.m.len()), block)
		}, conflict),
		wrongHost("accepts empty blocks in a transaction", func(x *memoryTx, ctx context.Context, n uint64, block []byte) error {
			if len(block) == 0 {
				return nil
			}
			return x.Put(ctx, n, block)
		}, conflict),
		{"looks when it puts, and stores with the commit", []string{txRaced}, func(m *memory) journal.Store {
			return &host{m, func(tx *memoryTx) Tx { return &lateTx{memoryTx: tx} }}
		}},
	}
}

// waitsForItself is a store whose Wait knows only of what it stored itself.
type waitsForItself struct {
	faulty
	mine *atomic.Uint64
}

func (s *waitsForItself) Wait(ctx context.Context, n uint64) error {
	for s.mine.Load() <= n {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pollPause):
		}
	}
	return nil
}

// waitsInTurn is a store whose Wait holds what Put needs.
type waitsInTurn struct {
	faulty
	turns chan struct{}
}

func (s *waitsInTurn) Wait(ctx context.Context, n uint64) error {
	return s.inTurn(ctx, func() error { return s.memory.Wait(ctx, n) })
}

func (s *waitsInTurn) inTurn(ctx context.Context, f func() error) error {
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
		return f()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lateTx keeps nobody from writing between its Put and its Commit.
type lateTx struct{ *memoryTx }

func (x *lateTx) Put(ctx context.Context, n uint64, block []byte) error {
	err := x.memoryTx.Put(ctx, n, block)
	if err == nil {
		x.m.writing.Unlock()
	}
	return err
}

func (x *lateTx) Commit(ctx context.Context) error {
	time.Sleep(x.m.window)
	x.m.writing.Lock()
	return x.memoryTx.Commit(ctx)
}
