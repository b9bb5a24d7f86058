package dividend

import (
	"fmt"
	"math"
	"slices"

	"github.com/shopspring/decimal"
)

// MaxEdges is the largest number of edges of a graph.
const MaxEdges = 1 << 26

// Edge says that the work From uses the work To, and how much.
type Edge struct {
	From, To string
	// Weight is above zero.
	Weight float64
}

// Graph says who used whose work. Its nodes are works, people, or both. Make one with [NewGraph].
type Graph struct {
	ids    []string // sorted
	index  map[string]int32
	into   []int32 // node → where its incoming edges begin in source and share; one more than there are nodes
	source []int32
	share  []float64 // the weight of the edge over that of all edges from its source
	weight []float64
	dead   []int32 // nodes without outgoing edges
}

// NewGraph returns a graph with these edges. Edges between the same two nodes add up; the order of edges does not
// matter. The error wraps [ErrInput] for a weight that is not a number, infinite, zero or negative, for an edge from
// a node to itself and for bad identifiers, and [ErrLimit] beyond [MaxEdges]. It takes n log n time in the edges.
func NewGraph(edges []Edge) (*Graph, error) {
	const in = "graph"
	if len(edges) == 0 || len(edges) > MaxEdges {
		return nil, &Error{
			In: in, Field: "edges", Value: fmt.Sprint(len(edges)), Err: ErrLimit,
			Reason: fmt.Sprintf("must be between 1 and %d", MaxEdges),
		}
	}
	g := &Graph{index: make(map[string]int32)}
	for i, e := range edges {
		for _, id := range []string{e.From, e.To} {
			if _, ok := g.index[id]; ok {
				continue
			}
			if err := checkID("", "id", id); err != nil {
				return nil, within(fmt.Sprintf("%s: edge %d", in, i+1), err)
			}
			g.index[id] = 0
		}
		if !(e.Weight > 0) || math.IsInf(e.Weight, 0) {
			return nil, inputError(fmt.Sprintf("%s: edge %d", in, i+1), "weight", fmt.Sprint(e.Weight), "must be a number above zero")
		}
		if e.From == e.To {
			return nil, inputError(fmt.Sprintf("%s: edge %d", in, i+1), "to", e.To, "must not be the node itself")
		}
	}
	g.ids = sortedKeys(g.index)
	for i, id := range g.ids {
		g.index[id] = int32(i)
	}
	if err := g.connect(edges); err != nil {
		return nil, err
	}
	return g, nil
}

// connect sorts the edges by receiver and source and adds up those between the same two nodes.
func (g *Graph) connect(edges []Edge) error {
	type link struct {
		from, to int32
		weight   float64
	}
	links := make([]link, len(edges))
	for i, e := range edges {
		links[i] = link{g.index[e.From], g.index[e.To], e.Weight}
	}
	slices.SortFunc(links, func(a, b link) int {
		switch {
		case a.to != b.to:
			return int(a.to) - int(b.to)
		case a.from != b.from:
			return int(a.from) - int(b.from)
		case a.weight < b.weight: // so that sums of floats do not depend on the order of edges
			return -1
		case a.weight > b.weight:
			return 1
		}
		return 0
	})
	out := make([]float64, len(g.ids))
	g.into = make([]int32, 1, len(g.ids)+1)
	for i, l := range links {
		for int(l.to) >= len(g.into) {
			g.into = append(g.into, int32(len(g.source)))
		}
		if i > 0 && links[i-1].to == l.to && links[i-1].from == l.from {
			g.weight[len(g.weight)-1] += l.weight
		} else {
			g.source, g.weight = append(g.source, l.from), append(g.weight, l.weight)
		}
		out[l.from] += l.weight
	}
	for len(g.into) <= len(g.ids) {
		g.into = append(g.into, int32(len(g.source)))
	}
	g.share = make([]float64, len(g.weight))
	for i, from := range g.source {
		g.share[i] = g.weight[i] / out[from]
	}
	for i, w := range out {
		switch {
		case w == 0:
			g.dead = append(g.dead, int32(i))
		case math.IsInf(w, 0):
			return inputError("graph: edges from "+quote(g.ids[i]), "weight", fmt.Sprint(w), "add up to more than a float holds")
		}
	}
	return nil
}

// Nodes returns the identifiers of the nodes, sorted.
func (g *Graph) Nodes() []string { return slices.Clone(g.ids) }

// RankOptions are the parameters of [Graph.PageRank]. The zero value of each stands for its default.
type RankOptions struct {
	// Damping is the part of its credit that a node passes on to the work that it uses, above 0 and below 1; the
	// default is 0.85.
	Damping float64
	// Tolerance is the sum of all changes of a round at which the computation stops; the default is 1e-9.
	Tolerance float64
	// Rounds is the largest number of rounds; the default is 1000.
	Rounds int
	// Seeds are where credit comes from, with weights: the works that were sold, say. With none it comes from all
	// nodes in equal parts.
	Seeds []Weight
}

// Rank is the credit of every node of a graph.
type Rank struct {
	graph   *Graph
	credit  []float64
	source  []float64 // what each node gets from the seeds, in each round
	damping float64
	// Rounds is how many rounds were computed, and Change the sum of all changes in the last one.
	Rounds int
	Change float64
}

// PageRank returns personalised PageRank (Brin and Page 1998, Haveliwala 2002): the credit x that satisfies
//
//	x = (1 − d)·s + d·(Pᵀx + (Σ of x over nodes that use nothing)·s)
//
// with d the damping, s the seeds scaled to sum 1, and P the weight of an edge over all weights from its source.
// Credits add up to 1. They are floats, added in a fixed order and never fused, so the same graph gives the same bits
// on every machine. A round takes time linear in nodes and edges; n rounds leave at most 2·dⁿ to be changed.
//
// The error wraps [ErrInput] for bad options and seeds, [ErrUnknown] for a seed that is not a node, and
// [ErrNoWeight] when no seed has a weight; also ErrInput when the tolerance is not reached within the rounds.
func (g *Graph) PageRank(o RankOptions) (*Rank, error) {
	const in = "pagerank"
	if o.Damping == 0 {
		o.Damping = 0.85
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-9
	}
	if o.Rounds == 0 {
		o.Rounds = 1000
	}
	switch {
	case !(o.Damping > 0 && o.Damping < 1):
		return nil, inputError(in, "damping", fmt.Sprint(o.Damping), "must be above 0 and below 1")
	case !(o.Tolerance > 0) || math.IsInf(o.Tolerance, 0):
		return nil, inputError(in, "tolerance", fmt.Sprint(o.Tolerance), "must be a number above zero")
	case o.Rounds < 0 || o.Rounds > 1_000_000:
		return nil, inputError(in, "rounds", fmt.Sprint(o.Rounds), "must be between 1 and 1000000")
	}
	seeds, err := g.seeds(in, o.Seeds)
	if err != nil {
		return nil, err
	}
	r := &Rank{graph: g, credit: slices.Clone(seeds), source: make([]float64, len(seeds)), damping: o.Damping}
	next := make([]float64, len(seeds))
	for r.Rounds < o.Rounds {
		r.Rounds++
		r.Change = r.round(next, seeds)
		r.credit, next = next, r.credit
		if r.Change <= o.Tolerance {
			r.settle(seeds)
			return r, nil
		}
	}
	return nil, inputError(in, "rounds", fmt.Sprint(o.Rounds), fmt.Sprintf("are not enough: the last one still changed %g", r.Change))
}

// seeds returns the seeds scaled to sum 1.
func (g *Graph) seeds(in string, weights []Weight) ([]float64, error) {
	seeds := make([]float64, len(g.ids))
	if len(weights) == 0 {
		for i := range seeds {
			seeds[i] = 1 / float64(len(seeds))
		}
		return seeds, nil
	}
	if _, err := readWeights(in+": seeds", weights, given); err != nil {
		return nil, err
	}
	total := decimal.Zero
	for _, w := range weights {
		total = total.Add(w.Value)
	}
	if total.IsZero() {
		return nil, &Error{In: in, Field: "seeds", Err: ErrNoWeight, Reason: "none has a weight above zero"}
	}
	for _, w := range weights {
		i, ok := g.index[w.ID]
		if !ok {
			return nil, &Error{In: in, Field: "seed", Value: w.ID, Err: ErrUnknown, Reason: "is not a node of the graph"}
		}
		seeds[i] = w.Value.DivRound(total, 30).InexactFloat64()
	}
	return seeds, nil
}

// round computes the next credits and returns the sum of the changes. The conversions keep compilers from fusing
// multiplication and addition, which rounds differently.
func (r *Rank) round(next, seeds []float64) float64 {
	g := r.graph
	lost := r.lost()
	change := 0.0
	for i := range next {
		sum := 0.0
		for e := g.into[i]; e < g.into[i+1]; e++ {
			sum += float64(r.credit[g.source[e]] * g.share[e])
		}
		next[i] = float64(r.damping*sum) + float64(seeds[i]*float64(1-r.damping+float64(r.damping*lost)))
		change += math.Abs(next[i] - r.credit[i])
	}
	return change
}

// lost returns the credit of nodes that use nothing: it goes back to the seeds.
func (r *Rank) lost() float64 {
	lost := 0.0
	for _, i := range r.graph.dead {
		lost += r.credit[i]
	}
	return lost
}

// settle computes what comes from the seeds, for explanations.
func (r *Rank) settle(seeds []float64) {
	back := 1 - r.damping + float64(r.damping*r.lost())
	for i, s := range seeds {
		r.source[i] = s * back
	}
}

// CreditPlaces is the number of decimal places of credits that are used as weights.
const CreditPlaces = 15

// Weights returns the credits of the nodes as weights, sorted by identifier and rounded half up to [CreditPlaces]
// places, in linear time.
func (r *Rank) Weights() []Weight {
	out := make([]Weight, len(r.credit))
	for i, c := range r.credit {
		out[i] = Weight{ID: r.graph.ids[i], Value: decimal.New(int64(math.Floor(float64(c*1e15)+0.5)), -CreditPlaces)}
	}
	return out
}

// Credit returns the credit of a node, zero for one that is not in the graph.
func (r *Rank) Credit(node string) float64 {
	i, ok := r.graph.index[node]
	if !ok {
		return 0
	}
	return r.credit[i]
}

// Flowing is credit that reaches a node along one edge.
type Flowing struct {
	// From is the node that the credit comes from, empty when it comes from the seeds.
	From string
	// Weight is the weight of the edge, and Share its part of all weights from that node.
	Weight, Share float64
	// Credit is damping × credit of From × Share.
	Credit float64
}

// Explain returns where the credit of a node comes from, edge by edge, the largest flow first, the seeds last. The
// flows add up to the credit, up to the tolerance. It takes n log n time in the edges that end there. The error wraps
// [ErrUnknown].
func (r *Rank) Explain(node string) ([]Flowing, error) {
	g := r.graph
	i, ok := g.index[node]
	if !ok {
		return nil, &Error{In: "pagerank", Field: "node", Value: node, Err: ErrUnknown, Reason: "is not a node of the graph"}
	}
	var flows []Flowing
	for e := g.into[i]; e < g.into[i+1]; e++ {
		flows = append(flows, Flowing{
			From: g.ids[g.source[e]], Weight: g.weight[e], Share: g.share[e],
			Credit: float64(r.damping * float64(r.credit[g.source[e]]*g.share[e])),
		})
	}
	slices.SortStableFunc(flows, func(a, b Flowing) int { // edges are sorted by source already
		switch {
		case a.Credit > b.Credit:
			return -1
		case a.Credit < b.Credit:
			return 1
		}
		return 0
	})
	return append(flows, Flowing{Credit: r.source[i]}), nil
}
