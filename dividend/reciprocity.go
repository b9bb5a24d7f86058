package dividend

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Reciprocity is what two rows gave each other of one kind.
type Reciprocity struct {
	Kind Kind `json:"kind"`
	// Given went from the first row to the second, Received from the second to the first.
	Given    Side `json:"given"`
	Received Side `json:"received"`
	// Balance is what was given minus what was received, confirmed flows only, in the unit of the kind. It is zero
	// for an ordinal kind.
	Balance decimal.Decimal `json:"balance"`
}

// Between returns what two rows gave each other, kind by kind in the order of the rule; kinds without flows between
// them are left out. Balances are exact and never added across kinds. It takes time proportional to the kinds.
func (m *Matrix) Between(a, b string) []Reciprocity {
	there, back := m.pairs[pair{a, b}], m.pairs[pair{b, a}]
	var out []Reciprocity
	for i, k := range m.wealth.Kinds {
		var given, received side
		if there != nil {
			given = there[i]
		}
		if back != nil {
			received = back[i]
		}
		if given.empty() && received.empty() {
			continue
		}
		out = append(out, Reciprocity{
			Kind: k, Given: given.export(), Received: received.export(), Balance: given.confirmed.sum.Sub(received.confirmed.sum),
		})
	}
	return out
}

// Merge adds all that another matrix holds to this one: two projects, two periods. The other is not changed. It takes
// time proportional to the cells of the other. The error wraps [ErrInput] when their kinds are not the same, and
// [ErrLimit] beyond [MaxRows]; nothing is then changed.
func (m *Matrix) Merge(other *Matrix) error {
	const in = "matrix: merge"
	if !sameJSON(m.wealth, other.wealth) {
		return inputError(in, "kinds", "", "must be the same in both matrices")
	}
	rows := len(m.rows)
	for id := range other.rows {
		if m.rows[id] == nil {
			rows++
		}
	}
	if rows > MaxRows {
		return &Error{In: in, Field: "rows", Value: fmt.Sprint(rows), Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxRows)}
	}
	same := func(id string) string { return id }
	flows := other.flows
	m.take(other, same)
	m.flows += flows
	return nil
}

// Rollup returns a matrix whose rows are groups of the rows of this one: people become their organisations, projects
// their programme. group names the group of a row; rows whose group is empty are left out. What flowed inside a group
// counts as given and as received by it, and not as flowing between two rows; totals stay as they are. It takes time
// proportional to the cells.
func (m *Matrix) Rollup(group func(row string) string) *Matrix {
	out := &Matrix{
		wealth: m.wealth, column: m.column, flows: m.flows,
		rows: make(map[string][]cell), totals: make([]cell, len(m.totals)), pairs: make(map[pair][]side),
	}
	out.take(m, group)
	return out
}

// take adds the cells of another matrix, under other names. Its sums do not depend on the order of rows.
func (m *Matrix) take(other *Matrix, name func(string) string) {
	kinds := len(m.wealth.Kinds)
	rows, pairs := make(map[string][]cell, len(other.rows)), make(map[pair][]side, len(other.pairs))
	for _, id := range other.Rows() {
		to := name(id)
		if to == "" {
			continue
		}
		if rows[to] == nil {
			rows[to] = make([]cell, kinds)
		}
		mergeCells(rows[to], other.rows[id])
	}
	for p, sides := range other.pairs {
		to := pair{name(p.from), name(p.to)}
		if to.from == "" || to.to == "" || to.from == to.to {
			continue
		}
		if pairs[to] == nil {
			pairs[to] = make([]side, kinds)
		}
		mergeSides(pairs[to], sides)
	}
	for id, cells := range rows {
		if m.rows[id] == nil {
			m.rows[id] = make([]cell, kinds)
		}
		mergeCells(m.rows[id], cells)
	}
	for p, sides := range pairs {
		if m.pairs[p] == nil {
			m.pairs[p] = make([]side, kinds)
		}
		mergeSides(m.pairs[p], sides)
	}
	mergeCells(m.totals, other.totals)
}

func mergeCells(into, from []cell) {
	for i := range from {
		into[i].given.merge(from[i].given)
		into[i].received.merge(from[i].received)
		into[i].givenOn.merge(from[i].givenOn)
		into[i].receivedOn.merge(from[i].receivedOn)
	}
}

func (b *byDay) merge(o byDay) {
	for day, quantity := range o {
		b.add(day, quantity)
	}
}

func mergeSides(into, from []side) {
	for i := range from {
		into[i].merge(from[i])
	}
}

func (s *side) merge(o side) {
	s.declared.merge(o.declared)
	s.confirmed.merge(o.confirmed)
}

func (t *tally) merge(o tally) {
	t.flows += o.flows
	t.evidence += o.evidence
	t.sum = t.sum.Add(o.sum)
	if len(o.levels) == 0 {
		return
	}
	levels := make(map[int]int, len(t.levels)+len(o.levels)) // never shared between matrices
	for _, from := range []map[int]int{t.levels, o.levels} {
		for l, n := range from {
			levels[l] += n
		}
	}
	t.levels = levels
}
