package codesocial

import (
	"iter"
	"maps"
	"slices"
)

// carried says, for each party, which projects and collectives it carries: it is their lead or one of their partners.
type carried map[string]map[string]struct{}

// change replaces what is known of the carriers of a party.
func (c *carried) change(old, p *Party) {
	if old != nil {
		for carrier := range old.carriers() {
			delete((*c)[carrier], old.ID)
		}
	}
	for carrier := range p.carriers() {
		if *c == nil {
			*c = make(carried)
		}
		if (*c)[carrier] == nil {
			(*c)[carrier] = make(map[string]struct{})
		}
		(*c)[carrier][p.ID] = struct{}{}
	}
}

// carriers returns the lead and the partners of a party.
func (p *Party) carriers() iter.Seq[string] {
	return func(yield func(string) bool) {
		if p.Lead != "" && !yield(p.Lead) {
			return
		}
		for _, partner := range p.Partners {
			if !yield(partner) {
				return
			}
		}
	}
}

// Carries returns the IRIs of the projects and collectives whose lead or partner a party is, in order. The cost depends on
// their number only.
func (s *State) Carries(iri string) []string {
	if len(s.carried[iri]) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(s.carried[iri]))
}
