package ledger

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// orders are ways in which the days of what is recorded can follow each other.
var orders = map[string]func(rng *rand.Rand, i, n int) int32{
	"in order":      func(_ *rand.Rand, i, _ int) int32 { return int32(i / 3) },
	"one day":       func(*rand.Rand, int, int) int32 { return -7 },
	"late by some":  func(rng *rand.Rand, i, _ int) int32 { return int32(i/5 - rng.IntN(20)) },
	"backwards":     func(_ *rand.Rand, i, n int) int32 { return int32(n - i) },
	"at random":     func(rng *rand.Rand, _, n int) int32 { return int32(rng.IntN(n)) },
	"few days":      func(rng *rand.Rand, _, _ int) int32 { return int32(rng.IntN(4)) },
	"one far ahead": func(_ *rand.Rand, i, n int) int32 { return int32(map[bool]int{true: n, false: i}[i == 10]) },
	"now and then one": func(rng *rand.Rand, i, _ int) int32 {
		return int32(i - map[bool]int{true: rng.IntN(500)}[rng.IntN(100) == 0])
	},
}

func TestATimelineAnswersOfTwoTimesWhatAScanDoes(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 5))
	const n = 5000 // with blocks of three levels
	for name, order := range orders {
		var line timeline
		days, amounts := make([]int32, n), make([]fixed, n)
		check := func(known int, day int32) {
			want, begun := fixed{}, false
			for i := range known {
				if days[i] <= day {
					want, begun = want.add(amounts[i]), true
				}
			}
			require.Equal(t, want, line.total(known, day), "%s: the first %d of %d, day %d", name, known, line.len(), day)
			require.Equal(t, begun, line.begun(known, day), name)
		}
		for i := range n {
			days[i] = order(rng, i, n)
			amounts[i] = fixed{0, uint64(rng.IntN(1_000_000))}.sub(fixed{0, 400_000})
			if i > 4000 && i%100 == 0 {
				amounts[i] = fixed{rng.Int64N(1 << 40), rng.Uint64()} // beyond 64 bits
			}
			line.add(days[i], amounts[i])
			if i < 70 || i%37 == 0 {
				for range 4 {
					check(rng.IntN(i+2), days[rng.IntN(i+1)]+int32(rng.IntN(3))-1)
				}
			}
		}
		for range 200 {
			check(rng.IntN(n+1), days[rng.IntN(n)]+int32(rng.IntN(3))-1)
		}
		for i := range n {
			require.Equal(t, amounts[i], line.amount(i), name)
		}
		if name == "in order" || name == "one day" {
			for _, l := range line.late {
				require.Empty(t, l.days, "nothing is late")
			}
		}
	}
}

func TestAColumnHoldsUpperHalvesFromWhenOneNeedsThem(t *testing.T) {
	t.Parallel()
	var c column
	want := []fixed{{0, 1}, fixed{0, 5}.neg(), {}, {0, 1 << 63}, {-1, 0}, {7, 7}, {0, 3}}
	for i, f := range want {
		c.append(f)
		require.Equal(t, i < 3, c.hi == nil)
		for j := range i + 1 {
			require.Equal(t, want[j], c.at(j))
		}
	}
	c.set(0, fixed{1, 2})
	require.Equal(t, fixed{1, 2}, c.at(0))
	var d column
	d.append(fixed{0, 1})
	d.set(0, fixed{1, 2})
	require.Equal(t, fixed{1, 2}, d.at(0))
}

func TestPlacesFindEveryIDThatWasAdded(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	ids := make([]uuid.UUID, 3000)
	p := newPlaces()
	idOf := func(place uint32) uuid.UUID { return ids[place] }
	for i := range ids {
		switch i % 3 {
		case 0:
			ids[i] = uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i))
		case 1:
			ids[i][15], ids[i][14], ids[i][7] = byte(i), byte(i>>8), 1 // counted
		default:
			for j := range ids[i] {
				ids[i][j] = byte(rng.Uint32())
			}
		}
		_, known := p.find(ids[i], idOf)
		require.False(t, known)
		p.add(ids[i], uint32(i), idOf)
	}
	for i, id := range ids {
		place, ok := p.find(id, idOf)
		require.True(t, ok)
		require.Equal(t, uint32(i), place)
	}
	_, ok := p.find(uuid.Max, idOf)
	require.False(t, ok)
}
