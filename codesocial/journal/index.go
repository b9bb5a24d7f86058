package journal

import (
	"hash/maphash"
	"slices"

	"github.com/google/uuid"
)

// An index finds the position of a record by its id. It is a hash table with linear probing over the ids in the order of their positions: about
// 30 bytes a record, and quickly made from the ids alone.
type index struct {
	seed  maphash.Seed // drawn anew by every process, so that nobody can choose ids that collide
	ids   []uuid.UUID  // by position
	slots []uint64     // position+1, or 0 for an empty slot; a power of two of them, at most three quarters taken
}

// minSlots is the size of the first table.
const minSlots = 1 << 6

// newIndex returns the index of records that have these ids, in the order of their positions. It keeps ids.
func newIndex(ids []uuid.UUID) index {
	x := index{seed: maphash.MakeSeed(), ids: ids}
	x.resize(minSlots)
	return x
}

// resize makes a table of at least least slots in which all ids find room.
func (x *index) resize(least int) {
	for least*3 < len(x.ids)*4 {
		least *= 2
	}
	x.slots = make([]uint64, least)
	for p := range x.ids {
		x.slots[x.slot(x.ids[p])] = uint64(p) + 1
	}
}

// slot returns where id stands in the table, or the empty slot where it would stand.
func (x *index) slot(id uuid.UUID) int {
	mask := len(x.slots) - 1
	at := int(maphash.Bytes(x.seed, id[:])) & mask
	for x.slots[at] != 0 && x.ids[x.slots[at]-1] != id {
		at = (at + 1) & mask
	}
	return at
}

// add appends the id of the next record. Should the id be there already, it is found at the later position.
func (x *index) add(id uuid.UUID) {
	if (len(x.ids)+1)*4 > len(x.slots)*3 {
		x.resize(2 * len(x.slots))
	}
	at := x.slot(id)
	x.ids = append(x.ids, id)
	x.slots[at] = uint64(len(x.ids))
}

// find returns the position of the record with an id.
func (x *index) find(id uuid.UUID) (position uint64, ok bool) {
	p := x.slots[x.slot(id)]
	return p - 1, p != 0
}

// cut takes the index back to an earlier size. The ids that go must have been new when they came.
func (x *index) cut(size int) {
	// Nothing came later than the last id, so no search passes over its slot to something else.
	for _, id := range slices.Backward(x.ids[size:]) {
		x.slots[x.slot(id)] = 0
		x.ids = x.ids[:len(x.ids)-1]
	}
}
