package codesocial

import (
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/freeze"
)

// stateVersion is counted up when a record comes to mean something else to the State, or a field of it does. A field that comes, goes or changes its type needs no
// count: see package freeze.
const stateVersion = 1

// A frozenState is a snapshot: the state, and that of its guard, which has seen the same records.
type frozenState struct {
	state        []byte
	guard        string // name of its snapshots, "" for none
	guardVersion int
	guarded      []byte
}

var (
	frozen      = freeze.Of[frozenState]()
	stateFrozen = freeze.Of[State](freeze.As("charter 1", func(c *Charter) ([]byte, error) { return c.canonical, nil }, ParseCharter))
)

// Form implements journal.Snapshotter.
func (s *State) Form() (name string, version int) { return "codesocial.state", stateVersion }

// MarshalBinary implements journal.Snapshotter. The snapshot holds that of the guard. Of a state whose guard is no
// journal.Snapshotter nothing is kept, and [State.UnmarshalBinary] refuses it.
func (s *State) MarshalBinary() ([]byte, error) {
	var f frozenState
	if s.guard != nil {
		guard, ok := s.guard.(journal.Snapshotter)
		if !ok {
			return nil, nil
		}
		var err error
		f.guard, f.guardVersion = guard.Form()
		if f.guarded, err = guard.MarshalBinary(); err != nil {
			return nil, errorf("guard %s: %w", f.guard, err)
		}
	}
	var err error
	if f.state, err = stateFrozen.Marshal(s); err != nil {
		return nil, errorf("%w", err)
	}
	return frozen.Marshal(&f)
}

// UnmarshalBinary implements journal.Snapshotter. It refuses what was made with another guard, or without one where there is one now: what the guard
// would have seen is not in it. After an error the state is that of an empty journal.
func (s *State) UnmarshalBinary(data []byte) error {
	if err := s.thaw(data); err != nil {
		s.Reset()
		return errorf("%w", err)
	}
	return nil
}

func (s *State) thaw(data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("the guard (%T) keeps no snapshots", s.guard)
	}
	var f frozenState
	if err := frozen.Unmarshal(data, &f); err != nil {
		return err
	}
	name, version := "", 0
	guard, ok := s.guard.(journal.Snapshotter)
	if ok {
		name, version = guard.Form()
	}
	if ok != (s.guard != nil) || name != f.guard || version != f.guardVersion {
		return fmt.Errorf("made with the guard %q, version %d: opened with %q, version %d", f.guard, f.guardVersion, name, version)
	}
	if err := stateFrozen.Unmarshal(f.state, s); err != nil {
		return err
	}
	for hash, v := range s.versions { // which the guard may ask for
		if v == nil || v.Charter == nil {
			return bad(ErrInvalid, "version", hash, "is missing")
		}
	}
	if !ok {
		return nil
	}
	return guard.UnmarshalBinary(f.guarded)
}
