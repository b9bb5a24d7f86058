package match

import (
	"cmp"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// requireStable checks that no edge blocks: none whose need and offer would both rather have a unit of it.
func requireStable(t *testing.T, p problem, pairs []Pair, prefer func(a, b Edge) int) {
	t.Helper()
	p.total(t, pairs)
	units := make(map[[2]int]int64)
	met, given := make([]int64, len(p.wanted)), make([]int64, len(p.available))
	for _, q := range pairs {
		units[[2]int{q.Need, q.Offer}] = q.Units
		met[q.Need] += q.Units
		given[q.Offer] += q.Units
	}
	for _, e := range p.edges {
		need, offer := met[e.Need] < p.wanted[e.Need], given[e.Offer] < p.available[e.Offer]
		for _, f := range p.edges {
			if units[[2]int{f.Need, f.Offer}] == 0 {
				continue
			}
			if f.Need == e.Need && (e.Score > f.Score || e.Score == f.Score && e.Offer < f.Offer) {
				need = true
			}
			if f.Offer == e.Offer && cmp.Or(prefer(e, f), cmp.Compare(e.Need, f.Need)) < 0 {
				offer = true
			}
		}
		require.False(t, need && offer && p.wanted[e.Need] > 0 && p.available[e.Offer] > 0, "need %d and offer %d would rather have each other: %+v %+v", e.Need, e.Offer, p, pairs)
	}
}

func TestAStableMatchingHasNoBlockingPair(t *testing.T) {
	t.Parallel()
	const seed = 9
	for round := range 2000 {
		rng := rand.New(rand.NewPCG(seed, uint64(round)))
		p := randomProblem(rng, rng.IntN(9), rng.IntN(9), []int64{1, 4}[round%2], 5)
		likes := make(map[[2]int]int)
		for _, e := range p.edges {
			likes[[2]int{e.Need, e.Offer}] = rng.IntN(4)
		}
		prefer := func(a, b Edge) int {
			return cmp.Compare(likes[[2]int{b.Need, b.Offer}], likes[[2]int{a.Need, a.Offer}])
		}
		pairs, err := Stable(p.wanted, p.available, p.edges, prefer)
		require.NoError(t, err)
		requireStable(t, p, pairs, prefer)
		rng.Shuffle(len(p.edges), func(i, j int) { p.edges[i], p.edges[j] = p.edges[j], p.edges[i] })
		again, err := Stable(p.wanted, p.available, p.edges, prefer)
		require.NoError(t, err)
		require.Equal(t, pairs, again, "seed %d, round %d: the order of the edges must not matter", seed, round)
	}
}

// The example of Gale and Shapley's paper in which the best for one side is the worst for the other: each need's first choice has it as its last.
func TestTheNeedsGetTheBestOfAllStableMatchings(t *testing.T) {
	t.Parallel()
	var edges []Edge
	for need := range 3 {
		for choice := range 3 {
			edges = append(edges, Edge{need, (need + choice) % 3, int64(3 - choice)})
		}
	}
	prefer := func(a, b Edge) int { return cmp.Compare(a.Score, b.Score) } // what the need likes least
	pairs, err := Stable([]int64{1, 1, 1}, []int64{1, 1, 1}, edges, prefer)
	require.NoError(t, err)
	require.Equal(t, []Pair{{0, 0, 1}, {1, 1, 1}, {2, 2, 1}}, pairs)
}
