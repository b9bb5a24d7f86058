package journal

import (
	"bytes"
	"context"
	"fmt"
	"sync"
)

// MemoryStore is a [Store] that forgets everything with the process: for tests, simulations and
// examples. The zero value is an empty store, ready to use.
type MemoryStore struct {
	mu     sync.RWMutex
	blocks [][]byte
	more   chan struct{} // closed when a block is added; nil while nobody waits
}

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore { return new(MemoryStore) }

// Put implements [Store].
func (s *MemoryStore) Put(ctx context.Context, n uint64, block []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckBlockSize(block); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := uint64(len(s.blocks)); n != have {
		return fmt.Errorf("%w: block %d, the store holds %d", ErrConflict, n, have)
	}
	s.blocks = append(s.blocks, bytes.Clone(block))
	if s.more != nil {
		close(s.more)
		s.more = nil
	}
	return nil
}

// Wait implements [Watcher].
func (s *MemoryStore) Wait(ctx context.Context, n uint64) error {
	for {
		s.mu.Lock()
		if uint64(len(s.blocks)) > n {
			s.mu.Unlock()
			return nil
		}
		if s.more == nil {
			s.more = make(chan struct{})
		}
		more := s.more
		s.mu.Unlock()
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

var (
	_ Watcher  = (*MemoryStore)(nil)
	_ Redactor = (*MemoryStore)(nil)
)

// Blocks implements [Store].
func (s *MemoryStore) Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	have := uint64(len(s.blocks))
	if n >= have || limit <= 0 {
		return nil, nil
	}
	page := make([][]byte, min(have-n, uint64(limit)))
	for i := range page {
		page[i] = bytes.Clone(s.blocks[n+uint64(i)])
	}
	return page, nil
}

// Replace implements [Redactor].
func (s *MemoryStore) Replace(ctx context.Context, n uint64, old, block []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckBlockSize(block); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n >= uint64(len(s.blocks)) || !bytes.Equal(s.blocks[n], old) {
		return fmt.Errorf("%w: block %d is not the one to be replaced", ErrConflict, n)
	}
	s.blocks[n] = bytes.Clone(block)
	return nil
}

// CheckBlockSize returns an error for a block that [Store.Put] must refuse: an empty one, or one that is
// longer than [MaxBlockBytes].
func CheckBlockSize(block []byte) error {
	if len(block) == 0 {
		return fmt.Errorf("journal: block of 0 bytes: must not be empty")
	}
	if len(block) > MaxBlockBytes {
		return fmt.Errorf("journal: block of %d bytes: the limit is %d", len(block), MaxBlockBytes)
	}
	return nil
}
