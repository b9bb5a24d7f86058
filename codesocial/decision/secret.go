package decision

import (
	"cmp"
	"fmt"
	"slices"
)

// Slot names the place of a secret ballot in a count: the number-th, from 1, among those with that weight.
func Slot(weight int64, number int) string {
	return fmt.Sprintf("secret ballot %d of weight %d", number, weight)
}

// Secret returns the electorate by which secret ballots are counted: as many voters with the same weights, called by their [Slot] in place of an id, since
// nobody knows whose a ballot is; for the same reason nobody has the casting vote. Hash, Total, Len and Aside are those of e.
func (e *Electorate) Secret() *Electorate {
	s := &Electorate{weights: make(map[string]int64, len(e.electors)), electors: make([]Elector, len(e.electors)), aside: e.aside, total: e.total, hash: e.hash}
	numbers := make(map[int64]int)
	for i, elector := range e.electors {
		numbers[elector.Weight]++
		s.electors[i] = Elector{Slot(elector.Weight, numbers[elector.Weight]), elector.Weight}
		s.weights[s.electors[i].ID] = elector.Weight
	}
	slices.SortFunc(s.electors, func(a, b Elector) int { return cmp.Compare(a.ID, b.ID) })
	return s
}
