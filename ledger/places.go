package ledger

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"

	"github.com/google/uuid"
)

// places finds the place of an id in a list. The list has the ids, so that it takes eight bytes for each where a map takes fifty.
type places struct {
	seed  uint64
	slots []uint32 // place + 1, 0 where there is none; as many as a power of two, at least a quarter of them free
	n     int
}

// placesSeed makes it impossible to think out ids beforehand that collide. It changes nothing that can be seen.
var placesSeed = maphash.Comparable(maphash.MakeSeed(), "places")

func newPlaces() places { return places{seed: placesSeed} }

// placesOf returns the places of a list of so many ids.
func placesOf(n int, idOf func(place uint32) uuid.UUID) places {
	p := newPlaces()
	for place := range uint32(n) {
		p.add(idOf(place), place, idOf)
	}
	return p
}

// slot returns where the search for an id begins.
func (p *places) slot(id uuid.UUID) uint64 {
	hi, lo := bits.Mul64(binary.LittleEndian.Uint64(id[:8])^p.seed, binary.LittleEndian.Uint64(id[8:])^bits.RotateLeft64(p.seed, 32)|1)
	return (hi ^ lo) & uint64(len(p.slots)-1)
}

// find returns the place of an id, of a list in which idOf says which ids are where.
func (p *places) find(id uuid.UUID, idOf func(place uint32) uuid.UUID) (uint32, bool) {
	if p.n == 0 {
		return 0, false
	}
	for i := p.slot(id); ; i = (i + 1) & uint64(len(p.slots)-1) {
		switch s := p.slots[i]; {
		case s == 0:
			return 0, false
		case idOf(s-1) == id:
			return s - 1, true
		}
	}
}

// add notes the place of an id. Of an id that is added again, the first place is found.
func (p *places) add(id uuid.UUID, place uint32, idOf func(place uint32) uuid.UUID) {
	if 4*(p.n+1) > 3*len(p.slots) {
		old := p.slots
		p.slots = make([]uint32, max(16, 2*len(old)))
		for _, s := range old {
			if s != 0 {
				p.put(idOf(s-1), s)
			}
		}
	}
	p.put(id, place+1)
	p.n++
}

func (p *places) put(id uuid.UUID, s uint32) {
	i := p.slot(id)
	for p.slots[i] != 0 {
		i = (i + 1) & uint64(len(p.slots)-1)
	}
	p.slots[i] = s
}
