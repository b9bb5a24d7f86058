package journal

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"
)

// A nextBlock gathers the records of the next block.
type nextBlock struct {
	start   uint64    // position of its first record
	updates []*update // what was decided ahead, for the next leader to store
	records []Record
	earlier []Record // of the block that was last read to compare a draft with
	leaves  []tlog.Hash
	encoded []byte // the records as they will stand in the block, joined by commas
	kept    []byte // memory for salts and payloads of records, which their owners keep; never overwritten
	block   []byte // the whole block, once it is put together
	hasher  leafHasher
	random  random
}

func (b *nextBlock) reset(start uint64) {
	b.cut(0, 0)
	b.start, b.updates, b.earlier = start, nil, nil
}

// random is a reader of random bytes that asks the system for many at a time.
type random struct {
	buffer [1 << 10]byte
	left   int // bytes at the end of buffer that have not been given out
}

// Read implements io.Reader for up to 1 KiB. It never fails, since crypto/rand.Read does not.
func (r *random) Read(b []byte) (int, error) {
	if r.left < len(b) {
		_, _ = rand.Read(r.buffer[:])
		r.left = len(r.buffer)
	}
	n := copy(b, r.buffer[len(r.buffer)-r.left:])
	clear(r.buffer[len(r.buffer)-r.left:][:n]) // what is given out is not kept
	r.left -= n
	return n, nil
}

// Memory for payloads is taken keptBytes at a time, and again when keptLeast are not left.
const keptBytes, keptLeast = 32 << 10, 1 << 10

// room returns memory for a salt, behind which a payload can be appended.
func (b *nextBlock) room() []byte {
	if cap(b.kept)-len(b.kept) < keptLeast {
		b.kept = make([]byte, 0, keptBytes)
	}
	return b.kept[len(b.kept):][:saltSize]
}

// keep makes last what was written where room has said, or elsewhere if it outgrew that.
func (b *nextBlock) keep(piece []byte) {
	if cap(piece) == cap(b.kept)-len(b.kept) {
		b.kept = b.kept[:len(b.kept)+len(piece)]
	} else {
		b.kept = nil
	}
}

func (b *nextBlock) cut(records, encoded int) {
	clear(b.records[records:]) // payloads must not be kept alive
	b.records, b.leaves, b.encoded = b.records[:records], b.leaves[:records], b.encoded[:encoded]
}

func (b *nextBlock) add(r *Record) {
	if len(b.encoded) > 0 {
		b.encoded = append(b.encoded, ',')
	}
	start := len(b.encoded)
	var cut cuts
	b.encoded, cut = r.appendEnvelope(b.encoded)
	b.leaves = append(b.leaves, b.hasher.leaf(b.encoded[start:], cut, &r.Digest))
	b.records = append(b.records, *r)
}

// blockSlack is more than a block holds besides its records.
const blockSlack = 8 << 10

// erasedGrowth is by how many bytes a record may grow when its payload is erased: the digest is longer than the smallest payload with its salt.
const erasedGrowth = 9

// gather turns drafts into records and adds to the next block those that are new. It returns a record for each
// draft.
func (j *Journal) gather(ctx context.Context, drafts []Draft, own bool) ([]Record, error) {
	b := j.next
	records := make([]Record, len(drafts))
	var now time.Time
	for i := range drafts {
		d := drafts[i]
		if kindOfJournal(d.Kind) && !own {
			return nil, fmt.Errorf("%w: kind %s: the prefix is the journal's own", ErrBadDraft, d.Kind)
		}
		salted, err := d.prepare(b.room())
		if err != nil {
			return nil, err
		}
		if d.ID == uuid.Nil {
			if d.ID, err = uuid.NewV7FromReader(&b.random); err != nil {
				return nil, err
			}
		}
		position, isNew := j.ids.enter(d.ID)
		if !isNew {
			r, err := j.earlier(ctx, position)
			if err != nil {
				return nil, err
			}
			if d.Kind != r.Kind || d.Schema != r.Schema || d.Author != r.Author || !r.Erased() && !bytes.Equal(salted[saltSize:], r.Payload) {
				return nil, fmt.Errorf("%w: %s %s", ErrIDReused, d.Kind, d.ID)
			}
			records[i] = r
			continue
		}
		if now.IsZero() {
			now = j.now()
			if y := now.UTC().Year(); y < 0 || y > 9999 {
				return nil, fmt.Errorf("%w: %s: recorded time in the year %d: check Options.Now", ErrBadDraft, d.Kind, y)
			}
		}
		b.keep(salted)
		records[i] = j.newRecord(&d, position, now, salted)
		b.add(&records[i])
	}
	return records, nil
}

// earlier returns a record of the next block, of the one that is being stored, or one that was stored before; the block of the latter is kept for the drafts that follow, since what is
// handed in again mostly comes in the same order.
func (j *Journal) earlier(ctx context.Context, position uint64) (Record, error) {
	b := j.next
	for _, b := range []*nextBlock{b, j.flight} {
		if b != nil && position >= b.start {
			return b.records[position-b.start], nil
		}
	}
	if len(b.earlier) == 0 || position < b.earlier[0].Position || position > b.earlier[len(b.earlier)-1].Position {
		n := j.chain.blockOf(position)
		_, d, err := readBlock(ctx, j.store, n)
		if err == nil {
			err = j.checkLeaves(n, &d)
		}
		if err != nil {
			return Record{}, err
		}
		b.earlier = d.records
	}
	return b.earlier[position-b.earlier[0].Position], nil
}

// kindOfJournal reports whether a kind is the journal's own.
func kindOfJournal(kind string) bool { return strings.HasPrefix(kind, "journal.") }

// newRecord makes a record of a draft that has been prepared. Its payload stands behind room for the salt.
func (j *Journal) newRecord(d *Draft, position uint64, now time.Time, salted []byte) Record {
	salt := salted[:saltSize:saltSize]
	switch {
	case d.Salt != nil:
		copy(salt, d.Salt)
	case j.salt != nil:
		chosen := j.salt(d.ID)
		copy(salt, chosen[:])
	default:
		_, _ = j.next.random.Read(salt) // never fails
	}
	return Record{
		Position: position, ID: d.ID, Kind: d.Kind, Schema: d.Schema, Author: d.Author, Time: now.UTC().Truncate(time.Millisecond),
		Payload: slices.Clip(salted[saltSize:]), Salt: salt, Digest: sha256.Sum256(salted), Signature: d.Signature,
	}
}

// put puts the next block together and has it stored. Meanwhile chain and tree are as if it were stored already; after an error they are as they were, and the
// views and ids are ahead of the store.
func (j *Journal) put(store func(n uint64, block []byte) error) (err error) {
	b, c := j.next, &j.chain
	n, size, before := c.blocks(), c.tree.size, c.checkpoint
	for _, leaf := range b.leaves {
		c.tree.add(leaf)
	}
	stored := false
	defer func() {
		if !stored { // after a panic too
			c.tree.cut(size)
			c.starts, c.checkpoint = c.starts[:n], before
		}
	}()
	signed, err := j.sign()
	if err != nil {
		return err
	}
	if b.block, err = appendBlock(b.block[:0], signed, b.encoded); err != nil {
		return err
	}
	for i := range b.records {
		if r := &b.records[i]; r.Kind == erasureKind {
			if err := j.noteErasure(r); err != nil {
				return err
			}
		}
	}
	c.starts, c.checkpoint = append(c.starts, size), signed
	err = store(n, b.block)
	stored = err == nil
	return err
}

// storeBlock stores a block through put. When that fails, it reads back and finds out whether the block is in: even a conflict may be one with the block itself, if
// something on the way to the storage repeats what it sends.
func (j *Journal) storeBlock(ctx context.Context, put PutFunc, n uint64, block []byte) error {
	err := put(ctx, n, block)
	if err == nil {
		return nil
	}
	back, readErr := j.store.Blocks(ctx, n, 1)
	switch {
	case readErr == nil && len(back) > 0 && bytes.Equal(back[0], block):
		return nil
	case errors.Is(err, ErrConflict):
		return err // if that cannot be read, neither can be what is decided again
	case readErr != nil:
		return fmt.Errorf("%w: %w", ErrUnknownOutcome, errors.Join(err, readErr))
	case len(back) > 0:
		return fmt.Errorf("%w (after: %w)", ErrConflict, err)
	case errors.Is(err, ErrUnknownOutcome):
		return err
	}
	return fmt.Errorf("journal: nothing was recorded: %w", err)
}

// sign returns the checkpoint of the tree as it is now.
func (j *Journal) sign() (string, error) {
	root, err := j.chain.tree.root(j.chain.tree.size)
	if err != nil {
		return "", err
	}
	return j.signer.checkpoint(j.chain.tree.size, root, j.chain.checkpoint)
}
