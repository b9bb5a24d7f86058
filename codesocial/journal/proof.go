package journal

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Leaf returns the hash with which the Merkle tree commits to the record (RFC 6962, §2.1: SHA-256 of 0x00 and the record's header). It is
// the same before and after an erasure.
func (r *Record) Leaf() tlog.Hash {
	envelope, cut := r.appendEnvelope(nil)
	return new(leafHasher).leaf(envelope, cut, &r.Digest)
}

// A Head is the size and root of a journal's tree at some time: what a checkpoint states.
type Head struct {
	Size uint64
	Root tlog.Hash
}

// OpenCheckpoint verifies a checkpoint under the journal's public key, in the text form that [Signer.VerifierKey] returns, and returns
// what it states.
func OpenCheckpoint(checkpoint []byte, verifierKey string) (Head, error) {
	verifier, err := newVerifier(verifierKey)
	if err != nil {
		return Head{}, err
	}
	c, err := openCheckpoint(checkpoint, verifier)
	return Head{c.size, c.root}, err
}

// ProveInclusion returns the proof that the record at a position is in the tree of a size, at most the journal's: hashes to be checked with
// [CheckInclusion] by somebody who has the checkpoint of that size. It takes logarithmic time and holds at most
// 63 hashes.
func (j *Journal) ProveInclusion(position, size uint64) ([]tlog.Hash, error) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if have := j.chain.tree.size; position >= size || size > have {
		return nil, fmt.Errorf("journal: inclusion of position %d in size %d: the journal has %d records", position, size, have)
	}
	return tlog.ProveRecord(int64(size), int64(position), &j.chain.tree)
}

// CheckInclusion returns nil when the proof shows that the record with this leaf hash stands at the position in the tree of the head.
func CheckInclusion(proof []tlog.Hash, head Head, position uint64, leaf tlog.Hash) error {
	if position >= head.Size || head.Size > 1<<62 {
		return fmt.Errorf("journal: inclusion of position %d in size %d: out of range", position, head.Size)
	}
	if err := tlog.CheckRecord(proof, int64(head.Size), head.Root, int64(position), leaf); err != nil {
		return fmt.Errorf("journal: inclusion of position %d in size %d: %w", position, head.Size, err)
	}
	return nil
}

// ProveConsistency returns the proof that the tree of a larger size continues that of a smaller one, for [CheckConsistency].
func (j *Journal) ProveConsistency(older, newer uint64) ([]tlog.Hash, error) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if have := j.chain.tree.size; older < 1 || older > newer || newer > have {
		return nil, fmt.Errorf("journal: consistency of size %d with size %d: the journal has %d records", older, newer, have)
	}
	return tlog.ProveTree(int64(newer), int64(older), &j.chain.tree)
}

// CheckConsistency returns nil when the proof shows that the journal at the newer head begins with all that it held at the older one: that
// nothing was rewritten in between.
func CheckConsistency(proof []tlog.Hash, older, newer Head) error {
	if older.Size < 1 || older.Size > newer.Size || newer.Size > 1<<62 {
		return fmt.Errorf("journal: consistency of size %d with size %d: out of range", older.Size, newer.Size)
	}
	if err := tlog.CheckTree(proof, int64(newer.Size), newer.Root, int64(older.Size), older.Root); err != nil {
		return fmt.Errorf("journal: consistency of size %d with size %d: %w", older.Size, newer.Size, err)
	}
	return nil
}
