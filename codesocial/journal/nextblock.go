package journal

import (
	"bytes"
	"context"
	"crypto/rand"
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
	records []Record
	earlier []Record // of the block that was last read to compare a draft with
	leaves  []tlog.Hash
	encoded []byte // the records as they will stand in the block, joined by commas
	payload []byte // buffer for one payload
	kept    []byte // memory for payloads and salts of records, which their owners keep; never overwritten
	block   []byte // the whole block, once it is put together
	hasher  leafHasher
	random  random
}

func (b *nextBlock) reset() {
	b.cut(0, 0)
	b.earlier = nil
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

// keptBytes is how much memory for payloads is taken at a time.
const keptBytes = 32 << 10

// keep returns a copy of data that lasts.
func (b *nextBlock) keep(data []byte) []byte {
	if cap(b.kept)-len(b.kept) < len(data) {
		b.kept = make([]byte, 0, max(keptBytes, len(data)))
	}
	start := len(b.kept)
	b.kept = append(b.kept, data...)
	return slices.Clip(b.kept[start:])
}

func (b *nextBlock) cut(records, encoded int) {
	clear(b.records[records:]) // payloads must not be kept alive
	b.records, b.leaves, b.encoded = b.records[:records], b.leaves[:records], b.encoded[:encoded]
}

func (b *nextBlock) add(r Record) {
	if len(b.encoded) > 0 {
		b.encoded = append(b.encoded, ',')
	}
	start := len(b.encoded)
	var cut cuts
	b.encoded, cut = r.appendEnvelope(b.encoded)
	b.leaves = append(b.leaves, b.hasher.leaf(b.encoded[start:], cut, &r.Digest))
	b.records = append(b.records, r)
}

// blockSlack is more than a block holds besides its records.
const blockSlack = 8 << 10

// gather turns drafts into records and adds to the next block those that are new. It returns a record for each
// draft.
func (j *Journal) gather(ctx context.Context, drafts []Draft, own bool) ([]Record, error) {
	b := &j.next
	records := make([]Record, len(drafts))
	for i := range drafts {
		d := drafts[i]
		if kindOfJournal(d.Kind) && !own {
			return nil, fmt.Errorf("%w: kind %s: the prefix is the journal's own", ErrBadDraft, d.Kind)
		}
		encoded, err := d.prepare(b.payload[:0])
		if err != nil {
			return nil, err
		}
		b.payload = encoded
		if d.ID == uuid.Nil {
			if d.ID, err = uuid.NewV7FromReader(&b.random); err != nil {
				return nil, err
			}
		}
		if position, ok := j.ids.find(d.ID); ok {
			r, err := j.earlier(ctx, position)
			if err != nil {
				return nil, err
			}
			if d.Kind != r.Kind || d.Schema != r.Schema || d.Author != r.Author || !r.Erased() && !bytes.Equal(encoded, r.Payload) {
				return nil, fmt.Errorf("%w: %s %s", ErrIDReused, d.Kind, d.ID)
			}
			records[i] = r
			continue
		}
		r := j.newRecord(&d, b.keep(encoded))
		if y := r.Time.Year(); y < 0 || y > 9999 {
			return nil, fmt.Errorf("%w: %s: recorded time in the year %d: check Options.Now", ErrBadDraft, d.Kind, y)
		}
		r.Position = j.chain.tree.size + uint64(len(b.records))
		j.ids.add(r.ID)
		b.add(r)
		records[i] = r
	}
	return records, nil
}

// earlier returns a record of the next block, or one that was stored before; the block of the latter is kept for the drafts that follow, since what is
// handed in again mostly comes in the same order.
func (j *Journal) earlier(ctx context.Context, position uint64) (Record, error) {
	b := &j.next
	if size := j.chain.tree.size; position >= size {
		return b.records[position-size], nil
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

// newRecord makes a record of a draft that has been prepared.
func (j *Journal) newRecord(d *Draft, payload []byte) Record {
	r := Record{ID: d.ID, Kind: d.Kind, Schema: d.Schema, Author: d.Author, Payload: payload, Salt: d.Salt, Signature: d.Signature}
	r.Time = j.now().UTC().Truncate(time.Millisecond)
	if r.Salt == nil {
		var salt [saltSize]byte
		if j.salt != nil {
			salt = j.salt(d.ID)
		} else {
			_, _ = j.next.random.Read(salt[:]) // never fails
		}
		r.Salt = j.next.keep(salt[:])
	}
	r.Digest = digest(r.Salt, payload)
	return r
}

// put writes the next block, through via if that is given. When the store fails without saying whether the block is in, it reads back and finds
// out. After an error the tree is as it was, and the views and ids are ahead of the store.
func (j *Journal) put(ctx context.Context, via PutFunc) error {
	b, c := &j.next, &j.chain
	n, size := c.blocks(), c.tree.size
	for _, leaf := range b.leaves {
		c.tree.add(leaf)
	}
	signed, err := j.sign()
	if err == nil {
		b.block, err = appendBlock(b.block[:0], signed, b.encoded)
	}
	if err == nil {
		put := j.store.Put
		if via != nil {
			put = via
		}
		if err = put(ctx, n, b.block); err != nil && !errors.Is(err, ErrConflict) {
			err = j.findOut(ctx, n, err)
		}
	}
	if err != nil {
		c.tree.cut(size)
		return err
	}
	c.starts = append(c.starts, size)
	c.checkpoint = signed
	for i := range b.records {
		if r := &b.records[i]; r.Kind == erasureKind {
			if err := j.noteErasure(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// sign returns the checkpoint of the tree as it is now.
func (j *Journal) sign() (string, error) {
	root, err := j.chain.tree.root(j.chain.tree.size)
	if err != nil {
		return "", err
	}
	return j.signer.checkpoint(j.chain.tree.size, root, j.chain.checkpoint)
}

// findOut reads back what became of the next block after Put failed with err.
func (j *Journal) findOut(ctx context.Context, n uint64, err error) error {
	back, readErr := j.store.Blocks(ctx, n, 1)
	switch {
	case readErr != nil:
		return fmt.Errorf("%w: %w", ErrUnknownOutcome, errors.Join(err, readErr))
	case len(back) == 0:
		return fmt.Errorf("journal: nothing was recorded: %w", err)
	case bytes.Equal(back[0], j.next.block):
		return nil
	}
	return fmt.Errorf("%w (after: %w)", ErrConflict, err)
}
