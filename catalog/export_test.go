package catalog

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/catalog/search"
)

// Index returns the index that is kept in step.
func (s *State) Index() *search.Index { return s.index }

// Rebuilt returns the index made afresh from the entries.
func (s *State) Rebuilt() *search.Index {
	index := search.New()
	for _, iri := range slices.Sorted(maps.Keys(s.items)) {
		if it := s.items[iri]; it.listed() {
			if err := index.Put(it.document()); err != nil {
				panic(err)
			}
		}
	}
	return index
}

// Snapshot returns all that the state holds, but for the index and what it is made with.
func (s *State) Snapshot() any {
	c := *s
	c.index, c.domains, c.community, c.names = nil, nil, nil, nil
	return c
}

// FindsTogether reports whether the collective offer is among those that are asked about when the member's offer is published.
func (s *State) FindsTogether(offer, together string, threshold decimal.Decimal) bool {
	for c := range s.alike(s.items[offer], threshold) {
		if c.entry.ID == together {
			return true
		}
	}
	return false
}
