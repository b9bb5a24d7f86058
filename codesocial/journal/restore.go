package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"
)

// loadSnapshot returns a snapshot that was made from records of this journal; no state and no error if there is none.
func (j *Journal) loadSnapshot(ctx context.Context, name string, version int) (head Head, state []byte, err error) {
	if j.snapshots == nil {
		return head, nil, nil
	}
	data, err := j.snapshots.Load(ctx, name)
	if err != nil || data == nil {
		return head, nil, err
	}
	return openSnapshot(data, name, version, j.chain.verifier)
}

// ignore says why a snapshot is not used.
func (j *Journal) ignore(ctx context.Context, name string, reason error) {
	j.log.WarnContext(ctx, "journal: snapshot ignored, everything is read", "journal", j.Origin(), "snapshot", name, "reason", reason)
}

// restoreView puts a view into the state of its snapshot, and returns the number of records from which that was made; 0 when there is no snapshot
// that can be used, and the view is as it was before the first record.
func (j *Journal) restoreView(ctx context.Context, v View) uint64 {
	s, ok := v.(Snapshotter)
	if !ok {
		return 0
	}
	name, version := s.Form()
	head, state, err := j.loadSnapshot(ctx, name, version)
	if err == nil && state == nil {
		return 0
	}
	if err == nil {
		err = j.chain.covers(head)
	}
	if err == nil {
		err = s.UnmarshalBinary(state)
	}
	if err != nil {
		v.Reset()
		j.ignore(ctx, name, err)
		return 0
	}
	return head.Size
}

// covers returns nil when the tree began with the records of head, which end with a block.
func (c *chain) covers(head Head) error {
	if head.Size > c.tree.size {
		return fmt.Errorf("it is made from %d records, the store has %d: did it lose its end?", head.Size, c.tree.size)
	}
	if head.Size == 0 || head.Size < c.tree.size && c.starts[c.blockOf(head.Size)] != head.Size {
		return fmt.Errorf("it is made from %d records: no block ends there", head.Size)
	}
	root, err := c.tree.root(head.Size)
	if err == nil && root != head.Root {
		err = fmt.Errorf("its %d records are not those of the store", head.Size)
	}
	return err
}

// checkSnapshotter refuses a view whose snapshots could not be told from another's.
func (j *Journal) checkSnapshotter(v View) error {
	s, ok := v.(Snapshotter)
	if !ok {
		return nil
	}
	name, version := s.Form()
	if !kindForm(name) || kindOfJournal(name) || version < 0 {
		return fmt.Errorf("journal: view %.80q, version %d: must be named like a kind, and not one of the journal's own", name, version)
	}
	for _, other := range j.views {
		if o, ok := other.(Snapshotter); ok {
			if n, _ := o.Form(); n == name {
				return fmt.Errorf("journal: view %q: one of this name is attached already", name)
			}
		}
	}
	return nil
}

// The journal's own snapshot holds what it knows of the records without reading them: the starts of the blocks, the hashes of the tree, the ids.
const (
	indexName    = "journal.index"
	indexVersion = 1
)

// restore takes over the journal's own snapshot if the store still holds the block that ended it, which vouches for all before.
func (j *Journal) restore(ctx context.Context) {
	head, state, err := j.loadSnapshot(ctx, indexName, indexVersion)
	if err == nil && state == nil {
		return
	}
	if err == nil {
		err = j.restoreIndex(ctx, head, state)
	}
	if err != nil {
		j.forget()
		j.ignore(ctx, indexName, err)
	}
}

func (j *Journal) restoreIndex(ctx context.Context, head Head, state []byte) error {
	if err := j.readIndex(state, head.Size); err != nil {
		return err
	}
	if err := j.chain.covers(head); err != nil {
		return err
	}
	n := j.chain.blocks() - 1
	_, d, err := readBlock(ctx, j.store, n)
	if err != nil {
		return err
	}
	if want := head.Size - j.chain.starts[n]; uint64(len(d.records)) != want {
		return fmt.Errorf("block %d has %d records, not %d", n, len(d.records), want)
	}
	if err := j.checkLeaves(n, &d); err != nil {
		return err
	}
	j.chain.checkpoint = d.checkpoint
	c, err := openCheckpoint([]byte(d.checkpoint), j.chain.verifier)
	if err == nil && (Head{c.size, c.root} != head) {
		err = fmt.Errorf("block %d ends another history", n)
	}
	if err != nil {
		return err
	}
	return j.chain.end()
}

// appendIndex appends the journal's own state: the number of blocks and the number of records of each, as uvarints; the hashes of the tree, in the
// order of tlog.StoredHashIndex; the ids, in the order of positions.
func (j *Journal) appendIndex(b []byte) []byte {
	starts, t := j.chain.starts, &j.chain.tree
	b = slices.Grow(b, 3*len(starts)+binary.MaxVarintLen64+t.hashes.len*tlog.HashSize+j.ids.ids.len*len(uuid.Nil))
	b = binary.AppendUvarint(b, uint64(len(starts)))
	for i, start := range starts {
		end := t.size
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		b = binary.AppendUvarint(b, end-start)
	}
	for i := range t.hashes.len {
		b = append(b, t.hashes.at(i)[:]...)
	}
	for i := range j.ids.ids.len {
		b = append(b, j.ids.ids.at(i)[:]...)
	}
	return b
}

var errIndex = errors.New("its list of blocks and records is malformed")

// readIndex takes over what appendIndex wrote of a number of records.
func (j *Journal) readIndex(b []byte, size uint64) error {
	blocks, n := binary.Uvarint(b)
	if n <= 0 || size == 0 || size > uint64(len(b)) || blocks > size {
		return errIndex
	}
	b = b[n:]
	starts := make([]uint64, blocks)
	var at uint64
	for i := range starts {
		records, n := binary.Uvarint(b)
		if n <= 0 || records == 0 || records > size-at {
			return errIndex
		}
		starts[i] = at
		at += records
		b = b[n:]
	}
	count := int(tlog.StoredHashCount(int64(size)))
	if at != size || len(b) != count*tlog.HashSize+int(size)*len(uuid.Nil) {
		return errIndex
	}
	var hashes list[tlog.Hash]
	for range count {
		hashes.add(tlog.Hash(b[:tlog.HashSize]))
		b = b[tlog.HashSize:]
	}
	var ids list[uuid.UUID]
	for range size {
		ids.add(uuid.UUID(b[:len(uuid.Nil)]))
		b = b[len(uuid.Nil):]
	}
	j.chain.starts, j.chain.tree = starts, tree{size, hashes}
	j.ids = newIndex(ids)
	return nil
}
