package catalog

import (
	"fmt"
	"maps"
	"slices"

	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial/journal/freeze"
)

// stateVersion is counted up when a record comes to mean something else to the State, or a field of it does. A field that comes, goes or changes its type needs no
// count: see package freeze.
const stateVersion = 1

var stateFrozen = freeze.Of[State]()

// Form implements journal.Snapshotter.
func (s *State) Form() (name string, version int) { return "catalog.state", stateVersion }

// MarshalBinary implements journal.Snapshotter. The index, and what else follows from the entries, is no part of it.
func (s *State) MarshalBinary() ([]byte, error) {
	data, err := stateFrozen.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	return data, nil
}

// UnmarshalBinary implements journal.Snapshotter. The state of the community that the catalogue is of may be older or younger than the snapshot. After an error the
// catalogue is empty.
func (s *State) UnmarshalBinary(data []byte) error {
	if err := s.thaw(data); err != nil {
		s.Reset()
		return fmt.Errorf("catalog: %w", err)
	}
	return nil
}

func (s *State) thaw(data []byte) error {
	if err := stateFrozen.Unmarshal(data, s); err != nil {
		return err
	}
	for id, v := range s.searches {
		if v == nil || v.told == nil {
			return bad(ErrInvalid, "search", id.String(), "is missing")
		}
	}
	s.index, s.domains, s.shown = search.New(), newDomains(s.scheme), make(map[string]int)
	for _, iri := range slices.Sorted(maps.Keys(s.items)) {
		it := s.items[iri]
		if it == nil || it.entry == nil {
			return bad(ErrInvalid, "entry", iri, "is missing")
		}
		s.reindex(it)
		s.domains.meet(it.entry)
	}
	return nil
}
