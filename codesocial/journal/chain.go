package journal

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A chain is what has to be known of a journal to check and to place its next block. It grows by place, and
// knows nothing of views.
type chain struct {
	verifier   note.Verifier
	tree       tree
	starts     []uint64 // position of the first record of each block
	checkpoint string   // of the last block
	scratch    []byte
}

func (c *chain) blocks() uint64 { return uint64(len(c.starts)) }

// place checks that a block follows the chain, with right positions, root and checkpoint, and appends it. The
// signature on its checkpoint is not checked here: the next checkpoint vouches for it, and end for the
// last one. When the block does not follow, the chain stays as it was.
func (c *chain) place(d *decodedBlock) error {
	n, size := c.blocks(), c.tree.size
	corrupt := func(format string, args ...any) error {
		c.tree.cut(size)
		return &CorruptError{Block: n, Reason: fmt.Sprintf(format, args...)}
	}
	for i := range d.records {
		if want := size + uint64(i); d.records[i].Position != want {
			return corrupt("record at position %d where %d should be: a block is missing or out of order", d.records[i].Position, want)
		}
		c.tree.add(d.leaves[i])
	}
	root, err := c.tree.root(c.tree.size)
	if err != nil {
		return corrupt("%v", err)
	}
	text := appendCheckpointText(c.scratch[:0], c.verifier.Name(), c.tree.size, root, c.checkpoint)
	c.scratch = text
	if len(d.checkpoint) <= len(text) || d.checkpoint[:len(text)] != string(text) || d.checkpoint[len(text)] != '\n' {
		return corrupt("its records, or the block before it, are not those that were signed")
	}
	c.starts = append(c.starts, size)
	c.checkpoint = d.checkpoint
	return nil
}

// end verifies the signature of the last checkpoint, and thereby of all that came before.
func (c *chain) end() error {
	if c.blocks() == 0 {
		return nil
	}
	_, err := openCheckpoint([]byte(c.checkpoint), c.verifier)
	if err == nil && strings.Count(c.checkpoint, "\n— ") != 1 {
		err = errors.New("more than one signature")
	}
	if err != nil {
		return &CorruptError{Block: c.blocks() - 1, Reason: "its checkpoint is not signed by the journal's key", Err: err}
	}
	return nil
}

// extends checks that the chain continues the journal of which held was a checkpoint.
func (c *chain) extends(held []byte) error {
	h, err := openCheckpoint(held, c.verifier)
	if err != nil {
		return err
	}
	if h.size > c.tree.size {
		return &CorruptError{Block: c.blocks(), Reason: fmt.Sprintf("cut off: the checkpoint held covers %d records, the store has %d", h.size, c.tree.size)}
	}
	root := tlog.Hash{}
	if h.size > 0 {
		if root, err = c.tree.root(h.size); err != nil {
			return err
		}
	}
	if h.size > 0 && root != h.root {
		return &CorruptError{Block: c.blockOf(h.size - 1), Reason: fmt.Sprintf("the first %d records are not those of the checkpoint held: history was rewritten in this block or before it", h.size)}
	}
	return nil
}

// blockOf returns the number of the block that holds a position.
func (c *chain) blockOf(position uint64) uint64 {
	return uint64(sort.Search(len(c.starts), func(i int) bool { return c.starts[i] > position })) - 1
}
