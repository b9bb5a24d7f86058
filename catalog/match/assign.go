package match

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Limits on an assignment.
const (
	MaxSides    = 1 << 24 // needs, and offers
	MaxEdges    = 1 << 26
	MaxCapacity = 1_000_000_000
)

// An Edge says that an offer could meet a need, and how good that would be.
type Edge struct {
	Need, Offer int   // their numbers, from 0
	Score       int64 // from 1 to [Whole]: what does not fit has no edge
}

// A Pair says how much of an offer goes to a need, in units of capacity.
type Pair struct {
	Need, Offer int
	Units       int64
}

// Assign gives offers to needs so that the total of score × units is as great as it can be, with no need getting more units than it wants and no
// offer giving more than it has. Both lists hold units, in the order of the numbers; what stays unmet or unused costs nothing. Of several
// optima it always returns the same, whatever the order of the edges. The result is in the order of needs and offers.
//
// It is a transport problem, solved by successive shortest paths with potentials (a min-cost flow; for one unit each, the Hungarian method):
// R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, 1993, §9.7. For n needs that take their units in one piece each, it costs at most n times a shortest
// path over the edges. The error wraps [ErrInvalid] or [ErrLimit].
func Assign(wanted, available []int64, edges []Edge) ([]Pair, error) {
	g, err := newNetwork(wanted, available, edges)
	if err != nil {
		return nil, err
	}
	for need := range wanted {
		g.meet(int32(need))
	}
	return g.pairs(), nil
}

// A network is an assignment in the making, with the prices that prove it optimal: need i is worth needPrice[i] and offer j
// offerPrice[j], none is negative, and together they are never less than the score of the arc between them. Where the arc holds units, they are equal to
// it; a need that has been dealt with and is not met wholly, and an offer that has units left, is worth nothing. Then no assignment can have a greater
// total: by the prices, none is worth more.
type network struct {
	wanted, available     []int64
	arcs                  []arc     // by need, then offer
	first                 []int32   // need → its first arc; one more than there are needs
	holders               [][]int32 // offer → the arcs with units of it
	needPrice, offerPrice []int64

	// The memory of one search, see augment. What is lost, in score for each unit, on the way to a need or offer, and the arc by which it was reached.
	needLoss, offerLoss []int64
	needFrom, offerFrom []int32
	needs, offers       []int32 // those that were reached
	queue               queue
}

type arc struct {
	need, offer  int32
	slot         int32 // where it stands among the holders of its offer
	score, units int64
}

const far = math.MaxInt64

func newNetwork(wanted, available []int64, edges []Edge) (*network, error) {
	if err := checkUnits("wanted", wanted); err != nil {
		return nil, err
	}
	if err := checkUnits("available", available); err != nil {
		return nil, err
	}
	if len(edges) > MaxEdges {
		return nil, bad(ErrLimit, "edges", strconv.Itoa(len(edges)), "must be at most %d", MaxEdges)
	}
	g := &network{
		wanted: slices.Clone(wanted), available: slices.Clone(available), arcs: make([]arc, len(edges)), first: make([]int32, len(wanted)+1),
		holders: make([][]int32, len(available)), needPrice: make([]int64, len(wanted)), offerPrice: make([]int64, len(available)),
		needLoss: filled(len(wanted)), offerLoss: filled(len(available)), needFrom: make([]int32, len(wanted)), offerFrom: make([]int32, len(available)),
	}
	for i, e := range edges {
		if err := e.check(i, len(wanted), len(available)); err != nil {
			return nil, err
		}
		g.first[e.Need+1]++
	}
	for i := range wanted {
		g.first[i+1] += g.first[i]
	}
	next := slices.Clone(g.first)
	for _, e := range edges {
		g.arcs[next[e.Need]] = arc{need: int32(e.Need), offer: int32(e.Offer), score: e.Score}
		next[e.Need]++
	}
	for need := range wanted {
		own := g.arcs[g.first[need]:g.first[need+1]]
		slices.SortFunc(own, func(a, b arc) int { return cmp.Compare(a.offer, b.offer) })
		for i := 1; i < len(own); i++ {
			if own[i-1].offer == own[i].offer {
				return nil, bad(ErrInvalid, "edges", fmt.Sprintf("%d–%d", need, own[i].offer), "must be given once")
			}
		}
	}
	return g, nil
}

func checkUnits(name string, units []int64) error {
	if len(units) > MaxSides {
		return bad(ErrLimit, name, strconv.Itoa(len(units)), "must be at most %d", MaxSides)
	}
	for i, u := range units {
		if u < 0 || u > MaxCapacity {
			return bad(ErrInvalid, fmt.Sprintf("%s[%d]", name, i), strconv.FormatInt(u, 10), "must be from 0 to %d units", MaxCapacity)
		}
	}
	return nil
}

func (e Edge) check(i, needs, offers int) error {
	switch {
	case e.Need < 0 || e.Need >= needs:
		return bad(ErrInvalid, fmt.Sprintf("edges[%d].need", i), strconv.Itoa(e.Need), "must be the number of one of %d needs", needs)
	case e.Offer < 0 || e.Offer >= offers:
		return bad(ErrInvalid, fmt.Sprintf("edges[%d].offer", i), strconv.Itoa(e.Offer), "must be the number of one of %d offers", offers)
	case e.Score < 1 || e.Score > Whole:
		return bad(ErrInvalid, fmt.Sprintf("edges[%d].score", i), strconv.FormatInt(e.Score, 10), "must be from 1 to %d", int64(Whole))
	}
	return nil
}

func filled(n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = far
	}
	return list
}

// meet sends units to a need until it has what it wants or nothing more is gained.
func (g *network) meet(need int32) {
	for i := g.first[need]; i < g.first[need+1]; i++ {
		g.needPrice[need] = max(g.needPrice[need], g.arcs[i].score-g.offerPrice[g.arcs[i].offer])
	}
	for g.wanted[need] > 0 && g.augment(need) {
	}
}

// augment sends units to a need along the way that loses least, and adjusts the prices; false if it is best left unmet.
//
// A way leads from the need to an offer, from there to a need that holds units of it and would take those of another offer instead, and so on. It ends
// at an offer that has units left, or at a need that gives up what it held.
func (g *network) augment(need int32) bool {
	end, endsAtNeed, loss := need, true, g.needPrice[need] // to give up at once
	g.reach(need, 0, -1)
	for len(g.queue) > 0 && g.queue[0].loss < loss {
		n := heap.Pop(&g.queue).(node)
		if n.loss > g.needLoss[n.need] {
			continue // reached again with less since
		}
		if total := n.loss + g.needPrice[n.need]; total < loss {
			end, endsAtNeed, loss = n.need, true, total
		}
		for i := g.first[n.need]; i < g.first[n.need+1]; i++ {
			a := &g.arcs[i]
			to := n.loss + g.needPrice[n.need] + g.offerPrice[a.offer] - a.score
			if to >= loss || to >= g.offerLoss[a.offer] {
				continue
			}
			if g.offerLoss[a.offer] == far {
				g.offers = append(g.offers, a.offer)
			}
			g.offerLoss[a.offer], g.offerFrom[a.offer] = to, i
			if g.available[a.offer] > 0 {
				end, endsAtNeed, loss = a.offer, false, to
				continue
			}
			for _, h := range g.holders[a.offer] {
				if back := g.arcs[h].need; to < g.needLoss[back] {
					g.reach(back, to, h)
				}
			}
		}
	}
	if gained := !endsAtNeed || end != need; gained {
		g.send(need, end, endsAtNeed)
		g.reprice(loss)
		return true
	}
	g.reprice(loss)
	return false
}

// reach notes that a need can be reached with a loss, by an arc that holds units of the offer before it.
func (g *network) reach(need int32, loss int64, by int32) {
	if g.needLoss[need] == far {
		g.needs = append(g.needs, need)
	}
	g.needLoss[need], g.needFrom[need] = loss, by
	heap.Push(&g.queue, node{loss, need})
}

// send moves as many units along the way that was found as it bears.
func (g *network) send(need, end int32, endsAtNeed bool) {
	units := g.wanted[need]
	if !endsAtNeed {
		units = min(units, g.available[end])
	}
	g.walk(need, end, endsAtNeed, func(_, back int32) {
		if back >= 0 {
			units = min(units, g.arcs[back].units)
		}
	})
	g.walk(need, end, endsAtNeed, func(forth, back int32) {
		if back >= 0 {
			g.add(back, -units)
		}
		if forth >= 0 {
			g.add(forth, units)
		}
	})
	g.wanted[need] -= units
	if !endsAtNeed {
		g.available[end] -= units
	}
}

// walk calls step for each need on the way, from its end: with the arc on which it gives up units, -1 for the first need, and the one on which it takes
// others, -1 for a need that ends the way.
func (g *network) walk(need, end int32, endsAtNeed bool, step func(forth, back int32)) {
	at, forth := end, int32(-1)
	if !endsAtNeed {
		forth = g.offerFrom[end]
		at = g.arcs[forth].need
	}
	for at != need {
		back := g.needFrom[at]
		step(forth, back)
		forth = g.offerFrom[g.arcs[back].offer]
		at = g.arcs[forth].need
	}
	step(forth, -1)
}

// add changes the units that an arc holds.
func (g *network) add(i int32, units int64) {
	a := &g.arcs[i]
	holders := &g.holders[a.offer]
	if a.units == 0 {
		a.slot = int32(len(*holders))
		*holders = append(*holders, i)
	}
	if a.units += units; a.units == 0 {
		last := (*holders)[len(*holders)-1]
		(*holders)[a.slot], g.arcs[last].slot = last, a.slot
		*holders = (*holders)[:len(*holders)-1]
	}
}

// reprice makes the way that was found cost nothing, and forgets the search.
func (g *network) reprice(loss int64) {
	for _, n := range g.needs {
		g.needPrice[n] -= max(0, loss-g.needLoss[n])
		g.needLoss[n] = far
	}
	for _, o := range g.offers {
		g.offerPrice[o] += max(0, loss-g.offerLoss[o])
		g.offerLoss[o] = far
	}
	g.needs, g.offers, g.queue = g.needs[:0], g.offers[:0], g.queue[:0]
}

func (g *network) pairs() []Pair {
	var list []Pair
	for _, a := range g.arcs {
		if a.units > 0 {
			list = append(list, Pair{int(a.need), int(a.offer), a.units})
		}
	}
	return list
}

// A queue is a heap of needs, the one that was reached with the least loss first.
type queue []node

type node struct {
	loss int64
	need int32
}

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].loss, q[j].loss), cmp.Compare(q[i].need, q[j].need)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(node)) }
func (q *queue) Pop() any {
	old := *q
	n := old[len(old)-1]
	*q = old[:len(old)-1]
	return n
}
