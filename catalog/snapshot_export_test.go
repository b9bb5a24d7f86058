package catalog

import "github.com/google/uuid"

// What package freeze says of a state: memory of which a snapshot would make two, where two states differ, and the fields that are no part of a snapshot.
var (
	CheckState     = stateFrozen.Check
	StatesDiffer   = stateFrozen.Differ
	LeftOutOfState = stateFrozen.Left
)

// Shown are the holders and partners of what is in the index, and how often.
func (s *State) Shown() map[string]int { return s.shown }

// WithoutEntry are the snapshots of catalogues with an entry, or a saved search, that is missing.
func WithoutEntry() (list [][]byte, err error) {
	for _, it := range []*item{nil, new(item)} {
		data, err := (&State{items: map[string]*item{"urn:x:1": it}}).MarshalBinary()
		if err != nil {
			return nil, err
		}
		list = append(list, data)
	}
	for _, v := range []*saved{nil, new(saved)} {
		data, err := (&State{searches: map[uuid.UUID]*saved{{1}: v}}).MarshalBinary()
		if err != nil {
			return nil, err
		}
		list = append(list, data)
	}
	return list, nil
}
