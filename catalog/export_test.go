package catalog

import (
	"maps"
	"slices"

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
	c.index, c.community, c.names = nil, nil, nil
	return c
}
