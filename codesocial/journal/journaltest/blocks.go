package journaltest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A mark names a block of the suite: who wrote it and the how-manieth of that writer it is.
type mark struct{ writer, seq uint64 }

// block returns the block of m. Its length and bytes follow from m alone, so that a block that lost,
// gained or changed a byte is recognised without knowing what was written.
func (m mark) block() []byte {
	r := rand.New(rand.NewPCG(m.writer, m.seq))
	size := r.IntN(300)
	if r.IntN(8) == 0 {
		size = r.IntN(40_000) // several pages of any database
	}
	b := fmt.Appendf(nil, "%d %d %d\n", m.writer, m.seq, size)
	for range size {
		b = append(b, byte(r.Uint32()))
	}
	return b
}

// readMark returns the mark of a block, or an error if the block is not exactly what a writer wrote.
func readMark(block []byte) (mark, error) {
	var m mark
	var size int
	if _, err := fmt.Sscanf(string(block[:min(len(block), 80)]), "%d %d %d\n", &m.writer, &m.seq, &size); err != nil {
		return mark{}, fmt.Errorf("is not a block that anyone wrote: %s", describe(block))
	}
	if want := m.block(); !bytes.Equal(block, want) {
		return mark{}, fmt.Errorf("is not as it was written: %s, written was %s", describe(block), describe(want))
	}
	return m, nil
}

// readMarks returns the marks of all blocks; no mark may occur twice.
func readMarks(blocks [][]byte) ([]mark, error) {
	marks := make([]mark, len(blocks))
	first := make(map[mark]int, len(blocks))
	for n, b := range blocks {
		m, err := readMark(b)
		if err != nil {
			return nil, fmt.Errorf("block %d %w", n, err)
		}
		if before, twice := first[m]; twice {
			return nil, fmt.Errorf("block %d is stored twice: it is block %d as well", n, before)
		}
		first[m], marks[n] = n, m
	}
	return marks, nil
}

// series returns n small blocks that differ from each other.
func series(n int) [][]byte {
	blocks := make([][]byte, n)
	for i := range blocks {
		blocks[i] = mark{writer: 1, seq: uint64(i)}.block()
	}
	return blocks
}

// describe names a block in an error message.
func describe(block []byte) string {
	if block == nil {
		return "nothing"
	}
	if len(block) <= 40 {
		return fmt.Sprintf("%q", block)
	}
	sum := sha256.Sum256(block)
	return fmt.Sprintf("%d bytes (%q…, SHA-256 %x…)", len(block), block[:20], sum[:4])
}

// fill stores blocks one after the other, from number 0 on.
func fill(ctx context.Context, s journal.Store, blocks [][]byte) error {
	for n, b := range blocks {
		if err := s.Put(ctx, uint64(n), bytes.Clone(b)); err != nil {
			return fmt.Errorf("Put(%d) of %d bytes, with %d blocks stored: %w", n, len(b), n, err)
		}
	}
	return nil
}

// filled opens a store on the place and stores blocks.
func (e *env) filled(ctx context.Context, blocks [][]byte) (journal.Store, error) {
	s, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	return s, fill(ctx, s, blocks)
}

// contents reads the whole store by pages of limit blocks. It gives up on a store that returns more than
// most blocks: its end may never come.
func contents(ctx context.Context, s journal.Store, limit, most int) ([][]byte, error) {
	var all [][]byte
	for {
		n := uint64(len(all))
		page, err := s.Blocks(ctx, n, limit)
		if err != nil {
			return nil, fmt.Errorf("Blocks(%d, %d): %w", n, limit, err)
		}
		if len(page) > limit {
			return nil, fmt.Errorf("Blocks(%d, %d) returned %d blocks", n, limit, len(page))
		}
		if len(page) == 0 {
			return all, nil
		}
		if all = append(all, page...); len(all) > most {
			return nil, fmt.Errorf("the store returns %d blocks and more, stored were %d at most", len(all), most)
		}
	}
}

// expect returns an error unless s holds exactly the blocks of want.
func expect(ctx context.Context, s journal.Store, want [][]byte) error {
	got, err := contents(ctx, s, 100, len(want))
	if err != nil {
		return err
	}
	return compare(got, want)
}

func compare(got, want [][]byte) error {
	for n := range min(len(got), len(want)) {
		if !bytes.Equal(got[n], want[n]) {
			return fmt.Errorf("block %d is %s, stored was %s", n, describe(got[n]), describe(want[n]))
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("the store returns %d blocks, stored were %d", len(got), len(want))
	}
	return nil
}

// expectUsable returns an error unless s holds want and takes one more block.
func expectUsable(ctx context.Context, s journal.Store, want [][]byte) error {
	if err := expect(ctx, s, want); err != nil {
		return err
	}
	next := mark{writer: 1 << 40, seq: uint64(len(want))}.block()
	if err := s.Put(ctx, uint64(len(want)), bytes.Clone(next)); err != nil {
		return fmt.Errorf("the store is not usable any more: Put(%d): %w", len(want), err)
	}
	return expect(ctx, s, append(slices.Clip(want), next))
}

// maxConflicts is how many conflicts in a row a writer bears. A few are the rule when others write.
const maxConflicts = 10_000

// appendBlock stores block behind the last one, as often as it takes, and returns its number. The store
// holds at least the blocks before from.
func appendBlock(ctx context.Context, s journal.Store, from uint64, block []byte) (uint64, error) {
	n := from
	for range maxConflicts {
		err := s.Put(ctx, n, block)
		if err == nil {
			return n, nil
		}
		if !errors.Is(err, journal.ErrConflict) {
			return 0, fmt.Errorf("Put(%d): %w", n, err)
		}
		page, err := s.Blocks(ctx, n, 100)
		if err != nil {
			return 0, fmt.Errorf("Blocks(%d, 100): %w", n, err)
		}
		n += uint64(len(page))
	}
	return 0, fmt.Errorf("a conflict %d times in a row, although Blocks shows that %d is the next number", maxConflicts, n)
}
