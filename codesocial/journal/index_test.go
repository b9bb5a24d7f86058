package journal

import (
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestIndexAgreesWithAMapWhateverIsAddedAndTakenBack(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	x, want := newIndex(list[uuid.UUID]{}), make(map[uuid.UUID]uint64)
	order := []uuid.UUID{{15: 1}} // the first is never taken back
	want[order[0]] = 0
	x.add(order[0])
	for range 3_000 {
		if r.IntN(3) > 0 {
			for range r.IntN(8) {
				id := uuid.NewSHA1(uuid.Nil, []byte{byte(r.Uint32()), byte(r.Uint32())})
				if p, ok := x.find(id); ok {
					require.Equal(t, want[id], p)
					continue
				}
				want[id] = uint64(len(order))
				order = append(order, id)
				x.add(id)
			}
		} else {
			size := len(order) - r.IntN(min(len(order), 9))
			for _, id := range order[size:] {
				delete(want, id)
			}
			order = order[:size]
			x.cut(size)
		}
	}
	check := func(x *index) {
		for id, p := range want {
			got, ok := x.find(id)
			require.True(t, ok)
			require.Equal(t, p, got)
		}
		_, ok := x.find(uuid.Max)
		require.False(t, ok)
	}
	check(&x)
	var ids list[uuid.UUID]
	for _, id := range order {
		ids.add(id)
	}
	again := newIndex(ids)
	check(&again)
	x.cut(0)
	_, ok := x.find(order[0])
	require.False(t, ok)
}
