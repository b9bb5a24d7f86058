package match

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A problem is an assignment to solve.
type problem struct {
	wanted, available []int64
	edges             []Edge
}

func randomProblem(rng *rand.Rand, needs, offers int, most, best int64) problem {
	p := problem{make([]int64, needs), make([]int64, offers), nil}
	for i := range p.wanted {
		p.wanted[i] = rng.Int64N(most + 1)
	}
	for i := range p.available {
		p.available[i] = rng.Int64N(most + 1)
	}
	for i := range needs {
		for j := range offers {
			if rng.IntN(4) > 0 {
				p.edges = append(p.edges, Edge{i, j, 1 + rng.Int64N(best)})
			}
		}
	}
	rng.Shuffle(len(p.edges), func(i, j int) { p.edges[i], p.edges[j] = p.edges[j], p.edges[i] })
	return p
}

// total checks that pairs are allowed and returns what they are worth.
func (p problem) total(t *testing.T, pairs []Pair) int64 {
	t.Helper()
	wanted, available, sum := slices.Clone(p.wanted), slices.Clone(p.available), int64(0)
	for _, q := range pairs {
		require.Positive(t, q.Units)
		wanted[q.Need] -= q.Units
		available[q.Offer] -= q.Units
		i := slices.IndexFunc(p.edges, func(e Edge) bool { return e.Need == q.Need && e.Offer == q.Offer })
		require.GreaterOrEqual(t, i, 0)
		sum += q.Units * p.edges[i].Score
	}
	for _, left := range append(wanted, available...) {
		require.GreaterOrEqual(t, left, int64(0), "over capacity")
	}
	return sum
}

// best returns the greatest total, by dynamic programming over the offers' remaining units, need by need, unit by unit.
func (p problem) best() int64 {
	score := make(map[[2]int]int64)
	for _, e := range p.edges {
		score[[2]int{e.Need, e.Offer}] = e.Score
	}
	memo := make(map[string]int64)
	var from func(need int, left int64, available []int64) int64
	from = func(need int, left int64, available []int64) int64 {
		if need == len(p.wanted) {
			return 0
		}
		if left == 0 {
			if need+1 == len(p.wanted) {
				return 0
			}
			return from(need+1, p.wanted[need+1], available)
		}
		key := string(append([]byte{byte(need), byte(left)}, bytesOf(available)...))
		if v, ok := memo[key]; ok {
			return v
		}
		most := from(need, 0, available)
		for j := range available {
			if s := score[[2]int{need, j}]; s > 0 && available[j] > 0 {
				available[j]--
				most = max(most, s+from(need, left-1, available))
				available[j]++
			}
		}
		memo[key] = most
		return most
	}
	if len(p.wanted) == 0 {
		return 0
	}
	return from(0, p.wanted[0], slices.Clone(p.available))
}

func bytesOf(list []int64) []byte {
	b := make([]byte, len(list))
	for i, v := range list {
		b[i] = byte(v)
	}
	return b
}

func TestTheAssignmentIsOptimalAsBruteForceFinds(t *testing.T) {
	t.Parallel()
	const seed = 4
	for round := range 3000 {
		rng := rand.New(rand.NewPCG(seed, uint64(round)))
		most := int64(1) // one each, up to 8 by 8
		size := 8
		if round%2 == 0 {
			most, size = 3, 4
		}
		p := randomProblem(rng, rng.IntN(size+1), rng.IntN(size+1), most, []int64{2, 10, Whole}[rng.IntN(3)])
		pairs, err := Assign(p.wanted, p.available, p.edges)
		require.NoError(t, err)
		require.Equal(t, p.best(), p.total(t, pairs), "seed %d, round %d: %+v", seed, round, p)
		rng.Shuffle(len(p.edges), func(i, j int) { p.edges[i], p.edges[j] = p.edges[j], p.edges[i] })
		again, err := Assign(p.wanted, p.available, p.edges)
		require.NoError(t, err)
		require.Equal(t, pairs, again, "the order of the edges must not matter")
	}
}

// The prices prove the optimum of problems that are too large for brute force (weak duality).
func TestThePricesProveTheOptimum(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(6, 6))
	for range 30 {
		p := randomProblem(rng, 60, 50, 20, 1000)
		g, err := newNetwork(p.wanted, p.available, p.edges)
		require.NoError(t, err)
		for need := range p.wanted {
			g.meet(int32(need))
		}
		worth := int64(0)
		for i, price := range g.needPrice {
			require.GreaterOrEqual(t, price, int64(0))
			worth += price * p.wanted[i]
		}
		for j, price := range g.offerPrice {
			require.GreaterOrEqual(t, price, int64(0))
			worth += price * p.available[j]
		}
		for _, a := range g.arcs {
			require.GreaterOrEqual(t, g.needPrice[a.need]+g.offerPrice[a.offer], a.score)
		}
		require.Equal(t, worth, p.total(t, g.pairs()))
	}
}

func TestBadAssignmentsAreRefused(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]problem{
		"wanted": {wanted: []int64{-1}}, "available": {available: []int64{MaxCapacity + 1}}, "need": {[]int64{1}, []int64{1}, []Edge{{1, 0, 1}}},
		"offer": {[]int64{1}, []int64{1}, []Edge{{0, -1, 1}}}, "zero": {[]int64{1}, []int64{1}, []Edge{{0, 0, 0}}}, "score": {[]int64{1}, []int64{1}, []Edge{{0, 0, Whole + 1}}},
		"twice": {[]int64{1}, []int64{1}, []Edge{{0, 0, 1}, {0, 0, 1}}},
	} {
		_, err := Assign(p.wanted, p.available, p.edges)
		require.ErrorIs(t, err, ErrInvalid, name)
	}
}

func BenchmarkAssign1000by1000(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	ones := slices.Repeat([]int64{1}, 1000)
	var edges []Edge
	for i := range 1000 {
		for j := range 1000 {
			edges = append(edges, Edge{i, j, 1 + rng.Int64N(Whole)})
		}
	}
	for b.Loop() {
		_, err := Assign(ones, ones, edges)
		require.NoError(b, err)
	}
}
