package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A filter is what a query asks of documents besides words.
type filter struct {
	names      []string  // of facets
	groups     [][]int32 // the values asked for, for each name
	counted    []bool    // whether the facet of that name is to be counted
	without    []int32   // values that a document must not have
	near       *Near
	from, till int64
}

// What a document lacks: nothing, the group with that number, or more than one thing.
const (
	none    = -1
	outside = math.MaxInt
)

func (x *Index) filter(q *Query) *filter {
	f := &filter{near: q.Near, from: seconds(q.From, -forever), till: seconds(q.Until, forever)}
	for _, w := range q.Where {
		i := slices.Index(f.names, w.Name)
		if i < 0 {
			i = len(f.names)
			f.names, f.groups, f.counted = append(f.names, w.Name), append(f.groups, nil), append(f.counted, slices.Contains(q.Count, w.Name))
		}
		if v, ok := x.values[w]; ok {
			f.groups[i] = append(f.groups[i], v)
		}
	}
	for _, w := range q.Without {
		if v, ok := x.values[w]; ok {
			f.without = append(f.without, v)
		}
	}
	return f
}

// has reports whether what can be had in a span can be had when the query asks for it.
func (f *filter) has(s span) bool { return s.from < f.till && s.till > f.from }

// plain reports whether no document lacks anything but the time.
func (f *filter) plain() bool { return len(f.without) == 0 && len(f.groups) == 0 && f.near == nil }

// check returns how far a document is, and what it lacks besides the time.
func (f *filter) check(d *document) (km float64, missing int) {
	if len(f.without) > 0 && slices.ContainsFunc(d.facets, func(v int32) bool { return slices.Contains(f.without, v) }) {
		return 0, outside
	}
	missing = none
	for i, group := range f.groups {
		if !slices.ContainsFunc(d.facets, func(v int32) bool { return slices.Contains(group, v) }) {
			if missing != none || !f.counted[i] {
				return 0, outside
			}
			missing = i
		}
	}
	if f.near != nil {
		if km = d.distance(f.near); km > f.near.Km {
			return 0, outside
		}
	}
	return km, missing
}

// distance returns how far a document is from a place in kilometres, less its radius: infinitely, if its latitude alone shows that it is
// out of reach.
func (d *document) distance(from *Near) float64 {
	if d.anywhere {
		return 0
	}
	const degree = 111 // kilometres at least, along a meridian
	km := math.Inf(1)
	for _, p := range d.places {
		if math.Abs(p.Latitude-from.Latitude)*degree > from.Km+d.radius {
			continue
		}
		km = min(km, max(0, Distance(from.Place, p)-d.radius))
	}
	return km
}

// A counter counts the values of facets.
type counter struct {
	x      *Index
	wanted []bool // by name
	counts []int  // by value; nil: nothing is wanted
}

func (x *Index) counter(names []string) *counter {
	c := &counter{x: x}
	for _, name := range names {
		if i := slices.Index(x.names, name); i >= 0 {
			if c.counts == nil {
				c.wanted, c.counts = make([]bool, len(x.names)), make([]int, len(x.facets))
			}
			c.wanted[i] = true
		}
	}
	return c
}

// add counts the values of a document, or, where it lacks one group, only those of that facet.
func (c *counter) add(d *document, missing int, f *filter) {
	if c.counts == nil {
		return
	}
	for _, v := range d.facets {
		if value := &c.x.facets[v]; c.wanted[value.name] && (missing == none || f.names[missing] == value.Name) {
			c.counts[v]++
		}
	}
}

func (c *counter) result() []Count {
	var list []Count
	for v, n := range c.counts {
		if n > 0 {
			list = append(list, Count{c.x.facets[v].Facet, n})
		}
	}
	slices.SortFunc(list, func(a, b Count) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
	return list
}
