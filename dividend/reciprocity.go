package dividend

import (
	"fmt"
	"slices"

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
// them are left out. Balances are never added across kinds.
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

// Merge adds all that another matrix holds to this one: two projects, two periods. The other is not changed. The
// error wraps [ErrInput] when their kinds are not the same, and [ErrLimit] beyond [MaxRows]; nothing is then changed.
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
// counts as given and as received by it, and not as flowing between two rows; totals stay as they are.
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

// Valuation is the rule "dividend.valuation": what one unit of a kind of wealth is worth in one currency, and when. It
// serves the analytic view of [Matrix.Value] and has no part in sharing.
type Valuation struct {
	// Unit is the currency, "EUR".
	Unit string `json:"unit"`
	// Rates may value a kind several times, in periods that do not overlap.
	Rates []ValuationRate `json:"rates"`
}

// ValuationRate is what one unit of a kind is worth in a period.
type ValuationRate struct {
	Kind string `json:"kind"`
	// Value is what one unit is worth, in the currency of the rule. It is negative for what does harm.
	Value decimal.Decimal `json:"value"`
	// From and To are the first and the last day, as 2006-01-02, both included; empty is open.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Validate checks the rule as it stands, when a charter is adopted. The error is an [*Error] wrapping [ErrRule] or
// [ErrLimit].
func (v Valuation) Validate() error {
	const in = "valuation"
	if err := checkID(in, "unit", v.Unit); err != nil {
		return asRule(err)
	}
	if len(v.Rates) > MaxKinds*16 {
		return &Error{In: in, Field: "rates", Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxKinds*16)}
	}
	last := make(map[string]ValuationRate) // kind → the rate before, in order of days
	rates := slices.Clone(v.Rates)
	for i, r := range rates {
		if err := checkID(fmt.Sprintf("%s: rate %d", in, i+1), "kind", r.Kind); err != nil {
			return asRule(err)
		}
		where := in + ": kind " + quote(r.Kind)
		if err := checkNumber(where, "value", r.Value); err != nil {
			return err
		}
		for _, d := range []struct{ field, date string }{{"from", r.From}, {"to", r.To}} {
			if d.date != "" && !isDate(d.date) {
				return ruleError(where, d.field, d.date, "must be a day written 2006-01-02")
			}
		}
		if r.From != "" && r.To != "" && r.To < r.From {
			return ruleError(where, "to", r.To, "must not be before "+r.From)
		}
	}
	slices.SortStableFunc(rates, func(a, b ValuationRate) int { return compareID(a.From, b.From) })
	for _, r := range rates {
		before, ok := last[r.Kind]
		if ok && (before.To == "" || r.From <= before.To) {
			return ruleError(in+": kind "+quote(r.Kind), "from", r.From, "overlaps another rate of the kind")
		}
		last[r.Kind] = r
	}
	return nil
}

// on returns the value of one unit of a kind on a day.
func (v Valuation) on(kind, day string) (decimal.Decimal, bool) {
	for _, r := range v.Rates {
		if r.Kind == kind && r.From <= day && (r.To == "" || day <= r.To) {
			return r.Value, true
		}
	}
	return decimal.Zero, false
}

// Valued is the analytic view of one row.
type Valued struct {
	// Lines has one entry for each kind that has a value on the day, in the order of the kinds.
	Lines []ValuedLine `json:"lines"`
	// Given and Received are the sums of the lines, exact, in the currency of the rule.
	Given    decimal.Decimal `json:"given"`
	Received decimal.Decimal `json:"received"`
	// Unvalued are the ids of the kinds that something flowed in and that have no value on the day.
	Unvalued []string `json:"unvalued,omitempty"`
}

// ValuedLine is what a row gave and received of one kind, confirmed, times the value of one unit.
type ValuedLine struct {
	Kind     string          `json:"kind"`
	Rate     decimal.Decimal `json:"rate"`
	Given    decimal.Decimal `json:"given"`
	Received decimal.Decimal `json:"received"`
}

// Value values what the row gave and received, confirmed, with the rates in force on a day, as a rule the last of the
// period that the matrix covers. What has no rate is named and not counted. The error wraps [ErrRule] when the rule is
// not well made or values an ordinal kind, [ErrUnknown] for a kind that the matrix does not have, and [ErrInput] for a
// day that is not written 2006-01-02.
func (m *Matrix) Value(row string, rule Valuation, day string) (Valued, error) {
	if err := rule.Validate(); err != nil {
		return Valued{}, err
	}
	if !isDate(day) {
		return Valued{}, inputError("matrix: value", "day", day, "must be written 2006-01-02")
	}
	for _, r := range rule.Rates {
		i, ok := m.column[r.Kind]
		where := "valuation: kind " + quote(r.Kind)
		if !ok {
			return Valued{}, &Error{In: where, Field: "kind", Value: r.Kind, Reason: "is not a kind of wealth of the charter", Err: ErrUnknown}
		}
		if m.wealth.Kinds[i].Scale != Ratio {
			return Valued{}, ruleError(where, "scale", m.wealth.Kinds[i].Scale, "an ordinal kind cannot have a value")
		}
	}
	var v Valued
	for k, c := range m.Cells(row) {
		rate, ok := rule.on(k.ID, day)
		if !ok {
			v.Unvalued = append(v.Unvalued, k.ID)
			continue
		}
		l := ValuedLine{Kind: k.ID, Rate: rate, Given: c.Given.Confirmed.Sum.Mul(rate), Received: c.Received.Confirmed.Sum.Mul(rate)}
		v.Lines = append(v.Lines, l)
		v.Given, v.Received = v.Given.Add(l.Given), v.Received.Add(l.Received)
	}
	return v, nil
}
