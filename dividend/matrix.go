package dividend

import (
	"fmt"
	"iter"
	"slices"

	"github.com/shopspring/decimal"
)

// Matrix is a wealth matrix: who gave and received how much of which kind of wealth. Rows are parties or contexts
// (a project, a mission, an event), columns are the kinds of a [Wealth] rule. It is built after the fact from
// flows; the order in which they are added does not matter.
//
// Quantities of different kinds are never added. Use [Matrix.Points] to weigh a row by the coefficients of a
// charter. Make one with [NewMatrix].
type Matrix struct {
	wealth Wealth
	column map[string]int // kind id → index in wealth.Kinds
	rows   map[string][]cell
	totals []cell
	pairs  map[pair][]side // flows between two rows, by kind
	flows  int
}

// pair is a giver and a receiver.
type pair struct{ from, to string }

// cell is a Cell that flows can still be added to.
type cell struct {
	given, received side
	// What of the confirmed sums is known to have flowed on which day, for ratio kinds.
	givenOn, receivedOn byDay
}

// byDay is quantities by day.
type byDay map[string]decimal.Decimal

type side struct{ declared, confirmed tally }

type tally struct {
	flows, evidence int
	sum             decimal.Decimal
	levels          map[int]int // ordinal kinds: level → number of flows
}

// Flow is one flow of wealth from a giver to a receiver.
type Flow struct {
	// From is the row that gives, To the row that receives. One of them may be empty, when the flow comes from
	// or goes to nobody in particular; they must differ.
	From, To string
	// Kind is the id of a kind of the matrix.
	Kind string
	// Quantity is positive, whatever the polarity of the kind; for an ordinal kind it is one of its levels.
	Quantity decimal.Decimal
	// Unit is the unit of the kind. It is asked for so that minutes are not taken for hours.
	Unit string
	// Confirmed says whether somebody else than the giver vouched for the flow. Flows that were only declared are
	// counted apart.
	Confirmed bool
	// Evidence is the number of pieces of evidence that come with the flow.
	Evidence int
	// Day is when it flowed, as 2006-01-02. Coefficients and rates that are dated ask for it; otherwise it may be empty.
	Day string
}

// Cell is what one row gave and received of one kind.
type Cell struct {
	Given    Side `json:"given"`
	Received Side `json:"received"`
}

// Side keeps what was only declared apart from what was confirmed.
type Side struct {
	Declared  Tally `json:"declared"`
	Confirmed Tally `json:"confirmed"`
}

// Tally counts flows of one kind.
type Tally struct {
	// Flows is the number of flows, Evidence the number of pieces of evidence that came with them.
	Flows    int `json:"flows"`
	Evidence int `json:"evidence"`
	// Sum is the sum of the quantities, exact, in the unit of the kind. It is zero for an ordinal kind, whose
	// levels cannot be added.
	Sum decimal.Decimal `json:"sum"`
	// Levels describes an ordinal kind; nil for a ratio kind and when there is no flow.
	Levels *Levels `json:"levels,omitempty"`
}

// Levels describes how the levels of an ordinal kind are spread, without computing with them: the lowest, the
// highest, and those at a quarter, half and three quarters of the flows put in order. A quantile is the level of
// the flow at rank ⌈p·n⌉, so it is a level that was really given (the lower median, when n is even).
type Levels struct {
	Lowest  int `json:"lowest"`
	Lower   int `json:"lower"`
	Median  int `json:"median"`
	Upper   int `json:"upper"`
	Highest int `json:"highest"`
}

// Spread returns the interquartile range, the dispersion of an ordinal kind: how many levels the middle half of
// the flows extends over.
func (l Levels) Spread() int { return l.Upper - l.Lower }

// NewMatrix returns a matrix without rows, whose columns are the kinds of the rule. The error is that of
// [Wealth.Validate].
func NewMatrix(wealth Wealth) (*Matrix, error) {
	if err := wealth.Validate(); err != nil {
		return nil, err
	}
	m := &Matrix{
		wealth: Wealth{Kinds: slices.Clone(wealth.Kinds)},
		column: make(map[string]int, len(wealth.Kinds)),
		rows:   make(map[string][]cell),
		totals: make([]cell, len(wealth.Kinds)),
		pairs:  make(map[pair][]side),
	}
	for i, k := range wealth.Kinds {
		m.column[k.ID] = i
	}
	return m, nil
}

// Add adds a flow to the row that gives and the row that receives, in constant time. A flow that is refused changes
// nothing. The error wraps [ErrUnknown] for a kind that is not a column, [ErrUnit] for another unit than the kind's,
// [ErrInput] for a quantity that is not positive or not a level or a day that is none, and [ErrLimit] beyond
// [MaxRows].
func (m *Matrix) Add(f Flow) error {
	i, level, err := m.check(f)
	if err != nil {
		return err
	}
	dated := f.Day != "" && f.Confirmed && level < 0
	ends := []struct {
		row  string
		side func(*cell) *side
		days func(*cell) *byDay
	}{
		{f.From, func(c *cell) *side { return &c.given }, func(c *cell) *byDay { return &c.givenOn }},
		{f.To, func(c *cell) *side { return &c.received }, func(c *cell) *byDay { return &c.receivedOn }},
	}
	for _, end := range ends {
		if end.row == "" {
			continue
		}
		row, ok := m.rows[end.row]
		if !ok {
			row = make([]cell, len(m.wealth.Kinds))
			m.rows[end.row] = row
		}
		for _, c := range []*cell{&row[i], &m.totals[i]} {
			end.side(c).add(f, level)
		}
		if dated {
			end.days(&row[i]).add(f.Day, f.Quantity)
		}
	}
	if f.From != "" && f.To != "" {
		p := pair{f.From, f.To}
		if m.pairs[p] == nil {
			m.pairs[p] = make([]side, len(m.wealth.Kinds))
		}
		m.pairs[p][i].add(f, level)
	}
	m.flows++
	return nil
}

func (b *byDay) add(day string, quantity decimal.Decimal) {
	if *b == nil {
		*b = make(byDay)
	}
	(*b)[day] = (*b)[day].Add(quantity)
}

func (s *side) add(f Flow, level int) {
	if f.Confirmed {
		s.confirmed.add(f, level)
	} else {
		s.declared.add(f, level)
	}
}

func (t *tally) add(f Flow, level int) {
	t.flows++
	t.evidence += f.Evidence
	if level < 0 {
		t.sum = t.sum.Add(f.Quantity)
		return
	}
	if t.levels == nil {
		t.levels = make(map[int]int)
	}
	t.levels[level]++
}

// check returns the column of the flow and its level, which is -1 for a ratio kind.
func (m *Matrix) check(f Flow) (column, level int, err error) {
	const in = "matrix"
	if f.From == "" && f.To == "" {
		return 0, 0, inputError(in, "from", "", "a flow needs a giver or a receiver")
	}
	if f.From == f.To {
		return 0, 0, inputError(in, "to", f.To, "must not be the giver")
	}
	fresh := 0
	for _, end := range []struct{ field, row string }{{"from", f.From}, {"to", f.To}} {
		if end.row == "" {
			continue
		}
		if err := checkID(in, end.field, end.row); err != nil {
			return 0, 0, err
		}
		if _, ok := m.rows[end.row]; !ok {
			fresh++
		}
	}
	if len(m.rows)+fresh > MaxRows {
		return 0, 0, &Error{In: in, Field: "rows", Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxRows)}
	}
	column, ok := m.column[f.Kind]
	if !ok {
		return 0, 0, unknownKind(in, f.Kind)
	}
	k := m.wealth.Kinds[column]
	where := "matrix: kind " + quote(k.ID)
	if f.Unit != k.Unit {
		return 0, 0, &Error{In: where, Field: "unit", Value: f.Unit, Reason: "must be " + quote(k.Unit), Err: ErrUnit}
	}
	if err := checkNumber(where, "quantity", f.Quantity); err != nil {
		return 0, 0, err
	}
	if f.Evidence < 0 || f.Evidence > 1<<20 {
		return 0, 0, inputError(where, "evidence", fmt.Sprint(f.Evidence), fmt.Sprintf("must be between 0 and %d", 1<<20))
	}
	if f.Day != "" && !isDay(f.Day) {
		return 0, 0, inputError(where, "day", f.Day, "must be written 2006-01-02")
	}
	level, err = k.level(where, f.Quantity)
	return column, level, err
}

// level returns the quantity as a level of an ordinal kind, or -1 for a ratio kind.
func (k Kind) level(where string, q decimal.Decimal) (int, error) {
	if k.Scale == Ratio {
		if q.Sign() <= 0 {
			return 0, inputError(where, "quantity", show(q), "must be positive")
		}
		return -1, nil
	}
	lowest, highest := 0, MaxLevel
	if k.Levels > 0 {
		lowest, highest = 1, k.Levels
	}
	if !q.IsInteger() || q.LessThan(decimal.New(int64(lowest), 0)) || q.GreaterThan(decimal.New(int64(highest), 0)) {
		return 0, inputError(where, "quantity", show(q), fmt.Sprintf("must be a whole number from %d to %d", lowest, highest))
	}
	return int(q.IntPart()), nil
}

// Flows returns the number of flows added.
func (m *Matrix) Flows() int { return m.flows }

// Kinds returns the kinds, in the order of the rule.
func (m *Matrix) Kinds() []Kind { return slices.Clone(m.wealth.Kinds) }

// Rows returns the identifiers of the rows, sorted, in n log n time.
func (m *Matrix) Rows() []string { return sortedKeys(m.rows) }

// Cell returns what the row gave and received of the kind. A row that no flow was added to has empty cells. The
// error wraps [ErrUnknown] when the kind is not a column.
func (m *Matrix) Cell(row, kind string) (Cell, error) {
	i, ok := m.column[kind]
	if !ok {
		return Cell{}, unknownKind("matrix", kind)
	}
	cells, ok := m.rows[row]
	if !ok {
		return Cell{}, nil
	}
	return cells[i].export(), nil
}

// Cells returns the cells of the row that something flowed through, in the order of the rule, with their kinds.
func (m *Matrix) Cells(row string) iter.Seq2[Kind, Cell] {
	return func(yield func(Kind, Cell) bool) {
		for i, c := range m.rows[row] {
			if !c.empty() && !yield(m.wealth.Kinds[i], c.export()) {
				return
			}
		}
	}
}

// Totals returns what all rows together gave and received of each kind that something flowed in, in the order of
// the rule. A flow between two rows counts as given and as received.
func (m *Matrix) Totals() iter.Seq2[Kind, Cell] {
	return func(yield func(Kind, Cell) bool) {
		for i, c := range m.totals {
			if !c.empty() && !yield(m.wealth.Kinds[i], c.export()) {
				return
			}
		}
	}
}

// Points weighs what the row gave and was confirmed, by the coefficients: the sum of quantity × points over the
// kinds, exact, each quantity by the coefficient that holds on its day, with the terms in the order of the kinds and
// of days. What was only declared and what was received do not count, and the polarity of a kind changes nothing: its
// points say what it is worth. A row that gave nothing has a weight of zero. It takes time proportional to the kinds,
// and for those with dated coefficients to the days times the coefficients. The error is that of
// [Weights.ValidateWith], and [ErrInput] for a quantity given on no day whose coefficients are dated.
func (m *Matrix) Points(row string, weights Weights) (Weight, error) {
	coefficients, err := m.coefficients(weights)
	if err != nil {
		return Weight{}, err
	}
	return m.weigh(row, coefficients)
}

// AllPoints weighs every row like [Matrix.Points] and returns those above zero, sorted by identifier: what a
// group of contributors is made of.
func (m *Matrix) AllPoints(weights Weights) ([]Weight, error) {
	coefficients, err := m.coefficients(weights)
	if err != nil {
		return nil, err
	}
	out := make([]Weight, 0, len(m.rows))
	for _, row := range m.Rows() {
		w, err := m.weigh(row, coefficients)
		if err != nil {
			return nil, err
		}
		if w.Value.Sign() > 0 {
			out = append(out, w)
		}
	}
	return out, nil
}

// coefficients returns the coefficients of each column, in the order of their periods.
func (m *Matrix) coefficients(weights Weights) ([][]Coefficient, error) {
	if err := weights.ValidateWith(m.wealth); err != nil {
		return nil, err
	}
	out := make([][]Coefficient, len(m.wealth.Kinds))
	for _, c := range weights.Coefficients {
		out[m.column[c.Kind]] = append(out[m.column[c.Kind]], c)
	}
	for _, cs := range out {
		slices.SortFunc(cs, func(a, b Coefficient) int { return compareID(a.From, b.From) })
	}
	return out, nil
}

func (m *Matrix) weigh(row string, coefficients [][]Coefficient) (Weight, error) {
	w := Weight{ID: row}
	for i, c := range m.rows[row] {
		k := m.wealth.Kinds[i]
		for _, f := range coefficients[i] {
			quantity, ok := c.givenOn.within(f.period(), c.given.confirmed.sum)
			if !ok {
				return Weight{}, inputError("matrix: row "+quote(row)+": kind "+quote(k.ID), "day", "", "is missing from a flow, and the coefficients of the kind are dated")
			}
			if quantity.IsZero() || f.Points.IsZero() {
				continue
			}
			value := quantity.Mul(f.Points)
			w.Terms = append(w.Terms, Term{Kind: k.ID, Quantity: quantity, Unit: k.Unit, Points: f.Points, From: f.From, Value: value})
			w.Value = w.Value.Add(value)
		}
	}
	return w, nil
}

// within returns how much of a sum flowed in a period. It reports false when a part of it flowed on no day and the
// period is dated.
func (b byDay) within(p period, sum decimal.Decimal) (decimal.Decimal, bool) {
	if p.from == "" && p.to == "" {
		return sum, true
	}
	part, dated := decimal.Zero, decimal.Zero
	for day, quantity := range b { // sums of decimals do not depend on their order
		dated = dated.Add(quantity)
		if p.holds(day) {
			part = part.Add(quantity)
		}
	}
	return part, dated.Equal(sum)
}

func (c cell) empty() bool { return c.given.empty() && c.received.empty() }

func (s side) empty() bool { return s.declared.flows == 0 && s.confirmed.flows == 0 }

func (c cell) export() Cell { return Cell{c.given.export(), c.received.export()} }

func (s side) export() Side { return Side{s.declared.export(), s.confirmed.export()} }

func (t tally) export() Tally {
	out := Tally{Flows: t.flows, Evidence: t.evidence, Sum: t.sum}
	if t.levels == nil {
		return out
	}
	order := make([]int, 0, len(t.levels))
	for l := range t.levels {
		order = append(order, l)
	}
	slices.Sort(order)
	quantile := func(quarters int) int {
		rank := (quarters*t.flows + 3) / 4
		for _, l := range order {
			if rank -= t.levels[l]; rank <= 0 {
				return l
			}
		}
		return order[len(order)-1]
	}
	out.Levels = &Levels{
		Lowest: order[0], Lower: quantile(1), Median: quantile(2), Upper: quantile(3), Highest: order[len(order)-1],
	}
	return out
}
