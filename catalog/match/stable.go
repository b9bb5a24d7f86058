package match

import (
	"cmp"
	"slices"
)

// Stable gives offers to needs so that no need and no offer would both rather have each other than what they got: a need prefers the edges with the
// higher score, an offer those that prefer decides on (nil: the higher score too), both in doubt the lower number. Both lists hold units, in the order of the
// numbers, as for [Assign]. The result is the stable one that is best for the needs, in the order of needs and offers, whatever the order of the edges.
//
// It is the method of D. Gale and L. S. Shapley (College Admissions and the Stability of Marriage, 1962) in units: each need asks the offers in the order of
// its preference for as many units as it still wants, and an offer that has given all it has lets go of those it likes least. With capacities on both
// sides it is the stable allocation of M. Baïou and M. Balinski (2002). prefer compares two edges to the same offer: negative when it prefers a, zero
// when it has no preference; it must be a strict weak order. The error wraps [ErrInvalid] or [ErrLimit].
func Stable(wanted, available []int64, edges []Edge, prefer func(a, b Edge) int) ([]Pair, error) {
	g, err := newNetwork(wanted, available, edges)
	if err != nil {
		return nil, err
	}
	if prefer == nil {
		prefer = func(a, b Edge) int { return cmp.Compare(b.Score, a.Score) }
	}
	asked := make([][]int32, len(wanted)) // the arcs of each need, in the order of its preference
	for need := range wanted {
		for i := g.first[need]; i < g.first[need+1]; i++ {
			asked[need] = append(asked[need], i)
		}
		slices.SortStableFunc(asked[need], func(i, j int32) int { return cmp.Compare(g.arcs[j].score, g.arcs[i].score) })
	}
	better := func(i, j int32) int { // for the offer
		return cmp.Or(prefer(g.arcs[i].edge(), g.arcs[j].edge()), cmp.Compare(g.arcs[i].need, g.arcs[j].need))
	}
	var open []int32 // needs that have somebody left to ask
	for need := len(wanted) - 1; need >= 0; need-- {
		open = append(open, int32(need))
	}
	for len(open) > 0 {
		need := open[len(open)-1]
		if g.wanted[need] == 0 || len(asked[need]) == 0 {
			open = open[:len(open)-1]
			continue
		}
		i := asked[need][0]
		offer := g.arcs[i].offer
		if take := min(g.wanted[need], g.available[offer]); take > 0 {
			g.give(i, take)
			continue
		}
		worst := i
		for _, h := range g.holders[offer] {
			if better(worst, h) < 0 {
				worst = h
			}
		}
		if worst == i { // the offer would let go of nobody for this need, now or ever
			asked[need] = asked[need][1:]
			continue
		}
		left := g.arcs[worst].need
		units := min(g.arcs[worst].units, g.wanted[need])
		g.give(worst, -units)
		g.give(i, units)
		open = append(open, left)
	}
	return g.pairs(), nil
}

// give moves units between the stock of an offer and a need.
func (g *network) give(i int32, units int64) {
	g.add(i, units)
	g.wanted[g.arcs[i].need] -= units
	g.available[g.arcs[i].offer] -= units
}

func (a arc) edge() Edge { return Edge{int(a.need), int(a.offer), a.score} }
