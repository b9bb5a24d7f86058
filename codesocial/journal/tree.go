package journal

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A tree is the Merkle tree over the records (RFC 6962, §2.1), with all its complete subtrees kept in memory:
// two hashes of 32 bytes a record.
type tree struct {
	size   uint64
	hashes list[tlog.Hash] // in the order of tlog.StoredHashIndex
}

// ReadHashes implements tlog.HashReader.
func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(t.hashes.len) {
			return nil, fmt.Errorf("journal: hash %d of %d", x, t.hashes.len)
		}
		out[i] = *t.hashes.at(int(x))
	}
	return out, nil
}

// add appends a leaf: its hash, and that of every subtree it completes.
func (t *tree) add(leaf tlog.Hash) {
	t.hashes.add(leaf)
	h := leaf
	for level, n := 0, t.size; n&1 == 1; level, n = level+1, n>>1 {
		h = tlog.NodeHash(*t.hashes.at(int(tlog.StoredHashIndex(level, int64(n-1)))), h)
		t.hashes.add(h)
	}
	t.size++
}

// cut takes the tree back to an earlier size.
func (t *tree) cut(size uint64) {
	t.size = size
	t.hashes.cut(int(tlog.StoredHashCount(int64(size))))
}

func (t *tree) leaf(position uint64) tlog.Hash {
	return *t.hashes.at(int(tlog.StoredHashIndex(0, int64(position))))
}

// root returns the root of the tree as it was at a size it has had.
func (t *tree) root(size uint64) (tlog.Hash, error) {
	return tlog.TreeHash(int64(size), t)
}
