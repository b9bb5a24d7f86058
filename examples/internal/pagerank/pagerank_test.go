// Package pagerank_test compares the credit graph of package dividend with a library of others.
package pagerank_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/simple"

	"github.com/commonstocommons/codesocial/dividend"
)

// graphs returns one random graph twice: for package dividend, and for gonum. No node is without an edge that leaves it, and all edges
// weigh the same, since gonum knows no weights there.
func graphs(nodes, edges int) ([]dividend.Edge, *simple.DirectedGraph) {
	rng := rand.New(rand.NewPCG(1, 2))
	theirs := simple.NewDirectedGraph()
	ours := make([]dividend.Edge, 0, edges)
	add := func(from, to int) {
		if from == to || theirs.HasEdgeFromTo(int64(from), int64(to)) {
			return
		}
		theirs.SetEdge(theirs.NewEdge(simple.Node(from), simple.Node(to)))
		ours = append(ours, dividend.Edge{From: strconv.Itoa(from), To: strconv.Itoa(to), Weight: 1})
	}
	for n := range nodes {
		add(n, (n+1)%nodes)
	}
	for len(ours) < edges {
		add(rng.IntN(nodes), rng.IntN(nodes))
	}
	return ours, theirs
}

func TestPageRankAgreesWithGonum(t *testing.T) {
	t.Parallel()
	ours, theirs := graphs(500, 4000)
	g, err := dividend.NewGraph(ours)
	require.NoError(t, err)
	rank, err := g.PageRank(dividend.RankOptions{Damping: 0.85, Tolerance: 1e-12})
	require.NoError(t, err)
	want := network.PageRankSparse(theirs, 0.85, 1e-12)
	sum := 0.0
	for _, id := range g.Nodes() {
		n, err := strconv.ParseInt(id, 10, 64)
		require.NoError(t, err)
		require.InDelta(t, want[n], rank.Credit(id), 1e-9)
		sum += rank.Credit(id)
	}
	require.Less(t, math.Abs(sum-1), 1e-9)
}

// BenchmarkPageRank ranks one graph of 100 000 nodes and 1 000 000 edges to 1e-9 with both, from the edges on.
func BenchmarkPageRank(b *testing.B) {
	ours, theirs := graphs(100_000, 1_000_000)
	b.Run("dividend", func(b *testing.B) {
		for b.Loop() {
			g, err := dividend.NewGraph(ours)
			require.NoError(b, err)
			_, err = g.PageRank(dividend.RankOptions{Damping: 0.85, Tolerance: 1e-9})
			require.NoError(b, err)
		}
	})
	b.Run("gonum", func(b *testing.B) {
		for b.Loop() {
			network.PageRankSparse(theirs, 0.85, 1e-9)
		}
	})
}
