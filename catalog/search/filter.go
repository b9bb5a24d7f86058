package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A filter is what a query asks of documents besides words.
type filter struct {
	groups     []group // what is asked for, by the name of a facet
	without    []group // what a document must not have
	near       *Near
	from       spot // where it is near to
	since, end int64
}

// A group is values of one facet.
type group struct {
	name    int // -1: no document has the facet
	values  []int32
	counted bool // whether the facet is to be counted
}

// What a document lacks: nothing, the group with that number, or more than one thing.
const (
	none    = -1
	outside = math.MaxInt
)

func (x *Index) filter(q *Query) *filter {
	f := &filter{groups: x.groupsOf(q.Where), without: x.groupsOf(q.Without), near: q.Near, since: seconds(q.From, -forever), end: seconds(q.Until, forever)}
	for i := range f.groups {
		g := &f.groups[i]
		g.counted = g.name >= 0 && slices.Contains(q.Count, x.names[g.name])
	}
	if q.Near != nil {
		f.from = spotOf([]Place{q.Near.Place}, q.Near.Km, false)
	}
	return f
}

func (x *Index) groupsOf(facets []Facet) (groups []group) {
	for _, w := range facets {
		name := slices.Index(x.names, w.Name)
		i := slices.IndexFunc(groups, func(g group) bool { return g.name == name })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{name: name})
		}
		if v, ok := x.values[w]; ok {
			groups[i].values = append(groups[i].values, v)
		}
	}
	return groups
}

// in reports whether the document in a slot has one of the values of a group.
func (x *Index) in(slot int32, g *group) bool {
	if g.name < 0 {
		return false
	}
	if g.name < len(x.columns) {
		if v := x.columns[g.name][slot]; v != several {
			return slices.Contains(g.values, v)
		}
	}
	return slices.ContainsFunc(x.docs[slot].facets, func(v int32) bool { return slices.Contains(g.values, v) })
}

// has reports whether what can be had in a span can be had when the query asks for it.
func (f *filter) has(s span) bool { return s.from < f.end && s.till > f.since }

// plain reports whether no document lacks anything but the time.
func (f *filter) plain() bool { return len(f.without) == 0 && len(f.groups) == 0 && f.near == nil }

// check returns what the document in a slot lacks besides the time.
func (x *Index) check(slot int32, f *filter) (missing int) {
	for i := range f.without {
		if x.in(slot, &f.without[i]) {
			return outside
		}
	}
	missing = none
	for i := range f.groups {
		if !x.in(slot, &f.groups[i]) {
			if missing != none || !f.groups[i].counted {
				return outside
			}
			missing = i
		}
	}
	if f.near == nil {
		return missing
	}
	reached, sure := x.spots[slot].within(&f.from)
	if !sure {
		reached = x.docs[slot].distance(f.near) <= f.near.Km
	}
	if !reached {
		return outside
	}
	return missing
}

// A spot is where the document in a slot can be had, in a form that tells most that are near from most that are not at little cost.
type spot struct {
	at     [3]float32 // on a globe with the radius 1
	radius float32    // around it, on that globe
	places int32      // how many there are; at is the first. Less than none: anywhere
}

func spotOf(places []Place, radius float64, anywhere bool) spot {
	s := spot{radius: float32(radius / globe), places: int32(len(places))}
	if anywhere {
		s.places = -1
	} else if len(places) > 0 {
		const rad = math.Pi / 180
		sinLat, cosLat := math.Sincos(places[0].Latitude * rad)
		sinLon, cosLon := math.Sincos(places[0].Longitude * rad)
		s.at = [3]float32{float32(cosLat * cosLon), float32(cosLat * sinLon), float32(sinLat)}
	}
	return s
}

// within reports whether two spots with their radii meet, and whether that is sure; what is not is computed.
func (s *spot) within(o *spot) (reached, sure bool) {
	const doubt = 2e-6 // a dozen metres: more than the rounding
	switch {
	case s.places < 0:
		return true, true
	case s.places == 0:
		return false, true
	case s.places > 1:
		return false, false
	}
	square := 0.0
	for i, a := range s.at {
		d := float64(a) - float64(o.at[i])
		square += d * d
	}
	chord, arc := math.Sqrt(square), float64(s.radius)+float64(o.radius)
	// The chord of an arc is shorter than the arc, by less than a twenty-fourth of its cube.
	if chord > arc+doubt {
		return false, true
	}
	return true, chord < arc-arc*arc*arc/24-doubt
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
	wanted []int // names
	counts []int // by value; nil: nothing is wanted
}

func (x *Index) counter(names []string) *counter {
	c := &counter{x: x}
	for _, name := range names {
		if i := slices.Index(x.names, name); i >= 0 && !slices.Contains(c.wanted, i) {
			c.wanted = append(c.wanted, i)
		}
	}
	if len(c.wanted) > 0 {
		c.counts = make([]int, len(x.facets))
	}
	return c
}

// add counts the values of the document in a slot, or, where it lacks one group, only those of that facet.
func (c *counter) add(slot int32, missing int, f *filter) {
	for _, name := range c.wanted {
		if missing != none && f.groups[missing].name != name {
			continue
		}
		if name < len(c.x.columns) {
			if v := c.x.columns[name][slot]; v != several {
				if v >= 0 {
					c.counts[v]++
				}
				continue
			}
		}
		for _, v := range c.x.docs[slot].facets {
			if c.x.facets[v].name == name {
				c.counts[v]++
			}
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
