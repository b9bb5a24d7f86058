package dividend_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func randomEdges(r *rand.Rand, nodes, edges int) []dividend.Edge {
	out := make([]dividend.Edge, 0, edges)
	for len(out) < edges {
		from, to := r.IntN(nodes), r.IntN(nodes)
		if from != to {
			out = append(out, dividend.Edge{From: fmt.Sprintf("n%06d", from), To: fmt.Sprintf("n%06d", to), Weight: float64(1 + r.IntN(9))})
		}
	}
	return out
}

// naiveRank solves the equations of PageRank by Gaussian elimination.
func naiveRank(t *testing.T, nodes []string, edges []dividend.Edge, seeds map[string]float64, d float64) map[string]float64 {
	t.Helper()
	n := len(nodes)
	at := make(map[string]int)
	for i, id := range nodes {
		at[id] = i
	}
	out := make([]float64, n)
	for _, e := range edges {
		out[at[e.From]] += e.Weight
	}
	// Rows of (I − d·(Pᵀ + s·deadᵀ)) x = (1 − d)·s.
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n+1)
		m[i][i] = 1
		for j := range n {
			if out[j] == 0 {
				m[i][j] -= d * seeds[nodes[i]]
			}
		}
		m[i][n] = (1 - d) * seeds[nodes[i]]
	}
	for _, e := range edges {
		m[at[e.To]][at[e.From]] -= d * e.Weight / out[at[e.From]]
	}
	for c := range n {
		p := c
		for i := c; i < n; i++ {
			if math.Abs(m[i][c]) > math.Abs(m[p][c]) {
				p = i
			}
		}
		m[c], m[p] = m[p], m[c]
		for i := range n {
			if i == c {
				continue
			}
			f := m[i][c] / m[c][c]
			for j := c; j <= n; j++ {
				m[i][j] -= f * m[c][j]
			}
		}
	}
	x := make(map[string]float64)
	for i, id := range nodes {
		x[id] = m[i][n] / m[i][i]
	}
	return x
}

func TestPageRankSolvesItsEquations(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		n := 2 + r.IntN(10)
		edges := randomEdges(r, n, 1+r.IntN(20))
		g, err := dividend.NewGraph(edges)
		require.NoError(t, err)
		nodes := g.Nodes()
		seeds, weights := make(map[string]float64), []dividend.Weight(nil)
		for _, id := range nodes {
			seeds[id] = 1 / float64(len(nodes))
		}
		if r.IntN(2) == 0 {
			first := nodes[r.IntN(len(nodes))]
			weights = []dividend.Weight{{ID: first, Value: dec("3")}}
			seeds = map[string]float64{first: 1}
		}
		damping := 0.2 + 0.7*r.Float64()
		rank, err := g.PageRank(dividend.RankOptions{Damping: damping, Tolerance: 1e-13, Seeds: weights})
		require.NoError(t, err)
		total := 0.0
		for id, want := range naiveRank(t, nodes, edges, seeds, damping) {
			require.InDelta(t, want, rank.Credit(id), 1e-10)
			total += rank.Credit(id)
			flows, err := rank.Explain(id)
			require.NoError(t, err)
			sum := 0.0
			for _, f := range flows {
				sum += f.Credit
			}
			require.InDelta(t, rank.Credit(id), sum, 1e-10, "the flows explain the credit")
		}
		require.InDelta(t, 1, total, 1e-10)
	}
}

func TestTheOrderOfEdgesDoesNotChangeABit(t *testing.T) {
	t.Parallel()
	r := random(t)
	edges := randomEdges(r, 50, 400)
	for i := range edges {
		edges[i].Weight = r.Float64() + 0.001
	}
	credits := func() []dividend.Weight {
		g, err := dividend.NewGraph(edges)
		require.NoError(t, err)
		rank, err := g.PageRank(dividend.RankOptions{})
		require.NoError(t, err)
		return rank.Weights()
	}
	before := credits()
	r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
	for i, w := range credits() {
		require.Equal(t, before[i].ID, w.ID)
		require.Equal(t, before[i].Value.String(), w.Value.String())
	}
}

func TestCreditFlowsToTheWorkThatIsUsed(t *testing.T) {
	t.Parallel()
	g, err := dividend.NewGraph([]dividend.Edge{{From: "site", To: "library", Weight: 3}, {From: "site", To: "design", Weight: 1}})
	require.NoError(t, err)
	rank, err := g.PageRank(dividend.RankOptions{Damping: 0.5, Seeds: weights("site=1"), Tolerance: 1e-12})
	require.NoError(t, err)
	// site keeps s, passes s/2 on, which comes back to it: s = 1/2 + s/4.
	require.InDelta(t, 2.0/3, rank.Credit("site"), 1e-9)
	require.InDelta(t, 0.25, rank.Credit("library"), 1e-9)
	flows, err := rank.Explain("library")
	require.NoError(t, err)
	require.Equal(t, "site", flows[0].From)
	require.InDelta(t, 0.75, flows[0].Share, 1e-12)
	parts, err := dividend.Split(dec("12"), 2, rank.Weights())
	require.NoError(t, err)
	require.Equal(t, "design=1.00 library=3.00 site=8.00", list(parts, 2))
	require.Zero(t, rank.Credit("nobody"))
	_, err = rank.Explain("nobody")
	require.ErrorIs(t, err, dividend.ErrUnknown)
}

func TestGraphsRefuseFloatsThatAreNoNumbers(t *testing.T) {
	t.Parallel()
	for _, w := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1} {
		_, err := dividend.NewGraph([]dividend.Edge{{From: "a", To: "b", Weight: w}})
		require.ErrorIs(t, err, dividend.ErrInput)
		require.ErrorContains(t, err, `graph: edge 1: weight`)
	}
	_, err := dividend.NewGraph(nil)
	require.ErrorIs(t, err, dividend.ErrLimit)
	_, err = dividend.NewGraph([]dividend.Edge{{From: "a", To: "a", Weight: 1}})
	require.ErrorContains(t, err, `must not be the node itself`)
	_, err = dividend.NewGraph([]dividend.Edge{{From: "", To: "a", Weight: 1}})
	require.ErrorContains(t, err, `graph: edge 1: id: must not be empty`)
	_, err = dividend.NewGraph([]dividend.Edge{{From: "a", To: "b", Weight: math.MaxFloat64}, {From: "a", To: "c", Weight: math.MaxFloat64}})
	require.ErrorContains(t, err, `add up to more than a float holds`)
}

func TestPageRankRefusesBadOptions(t *testing.T) {
	t.Parallel()
	g, err := dividend.NewGraph([]dividend.Edge{{From: "a", To: "b", Weight: 1}, {From: "b", To: "a", Weight: 1}})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		options dividend.RankOptions
		is      error
	}{
		"damping of one": {dividend.RankOptions{Damping: 1}, dividend.ErrInput},
		"no number":      {dividend.RankOptions{Damping: math.NaN()}, dividend.ErrInput},
		"tolerance":      {dividend.RankOptions{Tolerance: math.NaN()}, dividend.ErrInput},
		"rounds":         {dividend.RankOptions{Rounds: -1}, dividend.ErrInput},
		"too few rounds": {dividend.RankOptions{Rounds: 1, Seeds: weights("a=1")}, dividend.ErrInput},
		"unknown seed":   {dividend.RankOptions{Seeds: weights("z=1")}, dividend.ErrUnknown},
		"no seed":        {dividend.RankOptions{Seeds: weights("a=0")}, dividend.ErrNoWeight},
		"negative seed":  {dividend.RankOptions{Seeds: []dividend.Weight{{ID: "a", Value: decimal.New(-1, 0)}}}, dividend.ErrInput},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := g.PageRank(c.options)
			require.ErrorIs(t, err, c.is)
		})
	}
}

// BenchmarkPageRank ranks 100 000 nodes by 1 000 000 edges to 1e-9.
func BenchmarkPageRank(b *testing.B) {
	g, err := dividend.NewGraph(randomEdges(rand.New(rand.NewPCG(1, 2)), 100_000, 1_000_000))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := g.PageRank(dividend.RankOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
