package journal

import (
	"hash/maphash"

	"github.com/google/uuid"
)

// An index finds the position of a record by its id. It is a hash table with linear probing over the ids in the order of their positions: about
// 30 bytes a record, and quickly made from the ids alone.
type index struct {
	seed  maphash.Seed    // drawn anew by every process, so that nobody can choose ids that collide
	ids   list[uuid.UUID] // by position
	slots []uint64        // tag and position+1, or 0 for an empty slot; a power of two of them, at most three quarters taken
}

// positionBits of a slot are the position+1; the others are a tag, bits of the hash that save looking at most of the other ids.
const positionBits = 48

// minSlots is the size of the first table.
const minSlots = 1 << 6

// newIndex returns the index of records that have these ids, in the order of their positions. It keeps ids.
func newIndex(ids list[uuid.UUID]) index {
	x := index{seed: maphash.MakeSeed(), ids: ids}
	x.resize(minSlots)
	return x
}

// resize makes a table of at least least slots in which all ids find room.
func (x *index) resize(least int) {
	for least*3 < x.ids.len*4 {
		least *= 2
	}
	x.slots = make([]uint64, least)
	for p := range x.ids.len {
		x.put(uint64(p))
	}
}

// slot returns where id stands in the table, or the empty slot where it would stand, and its tag.
func (x *index) slot(id *uuid.UUID) (at int, tag uint64) {
	hash := maphash.Bytes(x.seed, id[:])
	tag = hash >> positionBits << positionBits
	mask := len(x.slots) - 1
	for at = int(hash) & mask; ; at = (at + 1) & mask {
		s := x.slots[at]
		if s == 0 || s^tag < 1<<positionBits && *x.ids.at(int(s^tag) - 1) == *id {
			return at, tag
		}
	}
}

// put notes a position in the table.
func (x *index) put(position uint64) {
	at, tag := x.slot(x.ids.at(int(position)))
	x.slots[at] = tag | (position + 1)
}

// add appends the id of the next record. Should the id be there already, it is found at the later position.
func (x *index) add(id uuid.UUID) {
	at, tag := x.slot(&id)
	x.addAt(at, tag, id)
}

// addAt appends the id of the next record, of which slot has said where it stands.
func (x *index) addAt(at int, tag uint64, id uuid.UUID) {
	x.ids.add(id)
	if x.ids.len*4 > len(x.slots)*3 {
		x.resize(2 * len(x.slots))
	} else {
		x.slots[at] = tag | uint64(x.ids.len)
	}
}

// enter returns the position of the record with an id; if there is none, it appends the id as that of the next record, which is new.
func (x *index) enter(id uuid.UUID) (position uint64, isNew bool) {
	at, tag := x.slot(&id)
	if s := x.slots[at]; s != 0 {
		return (s ^ tag) - 1, false
	}
	x.addAt(at, tag, id)
	return uint64(x.ids.len) - 1, true
}

// find returns the position of the record with an id.
func (x *index) find(id uuid.UUID) (position uint64, ok bool) {
	at, tag := x.slot(&id)
	s := x.slots[at]
	return (s ^ tag) - 1, s != 0
}

// cut takes the index back to an earlier size. The ids that go must have been new when they came.
func (x *index) cut(size int) {
	// Nothing came later than the last id, so no search passes over its slot to something else.
	for n := x.ids.len; n > size; n-- {
		at, _ := x.slot(x.ids.at(n - 1))
		x.slots[at] = 0
	}
	x.ids.cut(size)
}
