package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/catalog/match"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
)

// A Matching finds offers for needs, as they stood on the day for which [State.Matching] made it. It does not change when the catalogue does.
type Matching struct {
	matcher       *match.Matcher
	offers, needs []match.Side
	units         []string       // of the capacity of each offer; "" for one without
	wants         []string       // of the quantity of each need
	number        map[string]int // IRI of a need to its place
}

// unit is how many of the matcher's units make one of a capacity: hundredths are matched exactly, what is finer is left out on both sides.
var unit = decimal.New(100, 0)

// Matching returns what can be matched on a day: published offers and collective offers that have something left, with published needs and opportunities. What is expired, paused,
// suspended or wholly promised takes no part. Nil options are the defaults of package match, with the taxonomy of the catalogue. It takes time linear in the number
// of entries; asking it for the best offers takes much less.
func (s *State) Matching(day codesocial.Date, options *match.Options) (*Matching, error) {
	o := match.Options{}
	if options != nil {
		o = *options
	}
	if o.Scheme == nil {
		o.Scheme = s.scheme
	}
	m := &Matching{number: make(map[string]int)}
	served := s.served()
	for _, iri := range slices.Sorted(maps.Keys(s.items)) {
		it := s.items[iri]
		if it.entry.Kind == Event || s.statusOn(it, day) != Published {
			continue
		}
		side, counted := it.side(served)
		if counted != "" && side.Units == 0 {
			continue
		}
		if it.entry.Kind.Offers() {
			m.offers, m.units = append(m.offers, side), append(m.units, counted)
		} else {
			m.number[iri] = len(m.needs)
			m.needs, m.wants = append(m.needs, side), append(m.wants, counted)
		}
	}
	matcher, err := match.New(m.offers, &o)
	if err != nil {
		return nil, fmt.Errorf("catalog: matching: %w", err)
	}
	m.matcher = matcher
	return m, nil
}

// served returns how often each holder has been chosen.
func (s *State) served() map[string]int {
	count := make(map[string]int)
	for _, d := range s.deals {
		if it, ok := s.items[d.Offer]; ok && d.holds() {
			count[it.entry.Holder]++
		}
	}
	return count
}

// side returns what the matcher is given of an entry, and the unit of its capacity.
func (it *item) side(served map[string]int) (match.Side, string) {
	e := it.entry
	side := match.Side{
		Document: it.document(), Holder: e.Holder, Languages: e.Languages, Prices: e.Price.ways(), Served: min(served[e.Holder], match.MaxServed),
	}
	side.Facets = nil
	for _, t := range e.Skills {
		side.Skills = append(side.Skills, t.token())
	}
	if e.Capacity == nil {
		return side, ""
	}
	left := e.Capacity.Value.Sub(it.promised).Mul(unit).Truncate(0)
	side.Units = decimal.Max(decimal.Zero, decimal.Min(left, decimal.New(match.MaxCapacity, 0))).IntPart()
	return side, e.Capacity.Unit
}

// token names a tag for the matcher: by its concept, or else by its words.
func (t Tag) token() string {
	if t.Concept != "" {
		return t.Concept
	}
	return strings.Join(search.Words(t.Label), " ")
}

// ways returns the ways of paying that a price leaves open. What is given away suits whoever would pay.
func (p Price) ways() []string {
	switch p.Mode {
	case Fixed, Quote, PayWhatYouWant:
		return []string{"money"}
	case Complementary:
		return []string{"currency " + p.Currency}
	case Gift:
		return []string{"gift", "money", "time", "reciprocity"}
	case Time, Reciprocity:
		return []string{string(p.Mode)}
	}
	return nil
}

// need returns the place of a need.
func (m *Matching) need(iri string) (int, error) {
	i, ok := m.number[iri]
	if !ok {
		return 0, fmt.Errorf("catalog: %w", bad(ErrUnknown, "need", iri, "cannot be matched on that day"))
	}
	return i, nil
}

// Best returns the offers that fit a need best, at most most of them, the best first, each with its reasons: see match.Matcher.Best. The error wraps [ErrUnknown], or is
// one of package match.
func (m *Matching) Best(need string, most int) ([]match.Match, error) {
	i, err := m.need(need)
	if err != nil {
		return nil, err
	}
	return m.matcher.Best(m.needs[i], most)
}

// Synergies returns sets of members whose offers together have all skills that a need asks for, which none has alone: see match.Matcher.Synergies.
func (m *Matching) Synergies(need string, most int) (teams []match.Team, complete bool, err error) {
	i, err := m.need(need)
	if err != nil {
		return nil, false, err
	}
	return m.matcher.Synergies(m.needs[i], most)
}

// A Pairing gives some of an offer to a need.
type Pairing struct {
	Need, Offer string // IRIs
	// Quantity is how much; in the unit "" where neither side counts, and then 1.
	Quantity Quantity
}

// Assign gives offers to needs so that they fit best in total, within the capacities of both: see match.Assign. For each need at most most offers are looked at. What one side counts in
// another unit than the other is not matched; a side without a capacity takes part without limit, or, as a need, with one unit.
func (m *Matching) Assign(most int) ([]Pairing, error) { return m.pair(most, match.Assign) }

// Stable gives offers to needs so that no need and offer would rather have each other than what they have: see match.Stable. Both sides prefer what fits better.
func (m *Matching) Stable(most int) ([]Pairing, error) {
	return m.pair(most, func(wanted, available []int64, edges []match.Edge) ([]match.Pair, error) {
		return match.Stable(wanted, available, edges, nil)
	})
}

func (m *Matching) pair(most int, how func(wanted, available []int64, edges []match.Edge) ([]match.Pair, error)) ([]Pairing, error) {
	edges, err := m.matcher.Edges(m.needs, most)
	if err != nil {
		return nil, err
	}
	edges = slices.DeleteFunc(edges, func(e match.Edge) bool {
		return m.units[e.Offer] != "" && m.wants[e.Need] != "" && m.units[e.Offer] != m.wants[e.Need]
	})
	wanted, available := make([]int64, len(m.needs)), make([]int64, len(m.offers))
	for i, side := range m.needs {
		if wanted[i] = side.Units; m.wants[i] == "" {
			wanted[i] = unit.IntPart()
		}
	}
	for i, side := range m.offers {
		if available[i] = side.Units; m.units[i] == "" {
			available[i] = match.MaxCapacity
		}
	}
	pairs, err := how(wanted, available, edges)
	if err != nil {
		return nil, err
	}
	list := make([]Pairing, len(pairs))
	for i, p := range pairs {
		counted := m.wants[p.Need]
		if counted == "" {
			counted = m.units[p.Offer]
		}
		list[i] = Pairing{m.needs[p.Need].ID, m.offers[p.Offer].ID, Quantity{decimal.New(p.Units, -2), counted}}
	}
	return list, nil
}
