package journal

import (
	"context"
	"errors"
)

// ErrConflict is what [Store.Put] returns when the number it was given is not the number of blocks in
// the store: another writer was there first, or the caller skipped a block.
var ErrConflict = errors.New("journal: block number is not the next one")

// MaxBlockBytes is the largest block a [Journal] writes and the largest it accepts from a store. A store
// must accept every block up to this size.
const MaxBlockBytes = 16 << 20

// A Store keeps an ordered list of blocks. Blocks are numbered from 0 without gaps and never change.
// A Store is safe for concurrent use, by this process and by others that share the same storage.
//
// A store author implements these two methods and runs the suite in package journaltest on them, whose page
// also says how to write a store on the kinds of storage there are; everything else (records, hashing,
// signatures, views) is above this line. To a store, a block is opaque bytes.
//
// Numbers reach up to the greatest uint64, whatever the storage can count to: a number beyond is not the next
// one, and no block has it. A call on a context that has already ended returns an error and stores nothing.
//
// A store that finds its storage belongs to something else says so by an error that wraps [ErrForeign], and one that
// finds a block missing or changed by a [*CorruptError].
type Store interface {
	// Put stores block n, all or nothing and durable when it returns nil, provided that exactly the
	// blocks 0 to n-1 exist. Otherwise it stores nothing and returns an error that wraps
	// [ErrConflict]. After any other error the outcome is unknown: the block is wholly there or
	// wholly absent, and the caller finds out by reading. So once a block is on its way, Put
	// waits for the answer of the storage, even if the context ends: what arrived later would be
	// recorded although the caller has looked and said that it is not. Where an answer may be lost for good while the storage
	// goes on (a connection that breaks), the error wraps [ErrUnknownOutcome]. The caller never passes an
	// empty block or one longer than [MaxBlockBytes]; a store refuses both and stores nothing (see
	// [CheckBlockSize]). The block must not be retained or changed: the caller reuses its memory.
	Put(ctx context.Context, n uint64, block []byte) error

	// Blocks returns up to limit blocks from number n on, in order. It returns fewer than limit
	// when the list ends or when a page would grow beyond what the store likes to hold in memory,
	// but at least one block when block n exists and limit is positive; none and a nil error past
	// the end, or when limit is zero or less. A block whose Put has returned nil is seen by every
	// later call, and a block is only ever seen whole. What has been returned is durable, even if
	// the Put that stored it has failed or is still under way: others build on it. The caller owns
	// the result.
	Blocks(ctx context.Context, n uint64, limit int) ([][]byte, error)
}
