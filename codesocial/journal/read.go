package journal

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// Records iterates over the records from a position on, in order, up to the last at the time of the call. It
// holds no lock while the caller's code runs, and checks every record against the hash it had when
// the journal read it first. After an error the iteration ends.
func (j *Journal) Records(ctx context.Context, from uint64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		j.mu.RLock()
		err, size, n := j.stale, j.chain.tree.size, uint64(0)
		if from < size {
			n = j.chain.blockOf(from)
		}
		j.mu.RUnlock()
		if err != nil {
			yield(Record{}, fmt.Errorf("%w: %w", ErrUnknownOutcome, err))
			return
		}
		if from >= size {
			return
		}
		ended := false
		err = replay(ctx, j.store, n, nil, func(read uint64, _ []byte, d *decodedBlock) error {
			j.mu.RLock()
			err := j.checkLeaves(read, d)
			j.mu.RUnlock()
			if err != nil {
				return err
			}
			n = read + 1
			for i := range d.records {
				r := d.records[i]
				ended = r.Position >= size-1
				if r.Position >= from && !yield(r, nil) || ended {
					ended = true
					return errEnough
				}
			}
			return nil
		})
		if err == nil {
			err = &CorruptError{Block: n, Reason: notThereAnyMore}
		}
		if !ended {
			yield(Record{}, err)
		}
	}
}

// Record returns the record at a position, checked like those of [Journal.Records].
func (j *Journal) Record(ctx context.Context, position uint64) (Record, error) {
	records, err := j.block(ctx, position)
	if err != nil {
		return Record{}, err
	}
	return records[position-records[0].Position], nil
}

// block returns all records of the block that holds a position.
func (j *Journal) block(ctx context.Context, position uint64) ([]Record, error) {
	j.mu.RLock()
	size, stale := j.chain.tree.size, j.stale
	var n uint64
	if position < size {
		n = j.chain.blockOf(position)
	}
	j.mu.RUnlock()
	if stale != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnknownOutcome, stale)
	}
	if position >= size {
		return nil, fmt.Errorf("journal: position %d: the journal has %d records", position, size)
	}
	_, d, err := readBlock(ctx, j.store, n)
	if err != nil {
		return nil, err
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	return d.records, j.checkLeaves(n, &d)
}

// readBlock reads one block, which the store has to have.
func readBlock(ctx context.Context, store Store, n uint64) (block []byte, d decodedBlock, err error) {
	blocks, err := store.Blocks(ctx, n, 1)
	if err != nil {
		return nil, d, err
	}
	if len(blocks) == 0 {
		return nil, d, &CorruptError{Block: n, Reason: notThereAnyMore}
	}
	var br blockReader
	if d, err = br.read(blocks[0], nil); err != nil {
		return nil, d, &CorruptError{Block: n, Reason: "unreadable", Err: err}
	}
	return blocks[0], d, nil
}

// checkLeaves compares a block that is read once more with what was verified when it was first read.
func (j *Journal) checkLeaves(n uint64, d *decodedBlock) error {
	if n >= j.chain.blocks() {
		return &CorruptError{Block: n, Reason: "the store could not be read to the end since"}
	}
	for i := range d.records {
		if p := j.chain.starts[n] + uint64(i); p >= j.chain.tree.size || d.records[i].Position != p || d.leaves[i] != j.chain.tree.leaf(p) {
			return &CorruptError{Block: n, Reason: fmt.Sprintf("record %d has changed since the journal was opened", p)}
		}
	}
	return nil
}

const notThereAnyMore = "the store does not have it any more"

var errEnough = errors.New("journal: enough")
