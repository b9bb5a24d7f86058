package dividend

import (
	"github.com/shopspring/decimal"
)

// Sharing is how the members of a group share a line, when it is more than "in proportion to the weights". Its
// parts combine, in this order: ratio, blend, floor and cap, rounding. The zero value is [Split].
type Sharing struct {
	// Ratio is the most that one member may count for compared with another who has a weight: with a ratio of 3,
	// weights below a third of the highest count as a third of the highest. A weight of zero stays zero. It is at
	// least 1; nil means no limit.
	Ratio *decimal.Decimal `json:"ratio,omitempty"`
	// Equal is the part of the line, from 0 to 1, that is shared in equal parts among all members, even those
	// without a weight; the rest goes in proportion. With 1 weights play no role. Nil means 0.
	Equal *decimal.Decimal `json:"equal,omitempty"`
	// Floor and Cap bound what a member gets of the line, in the currency of the run, see [SplitBounded]. Every
	// member gets the floor, even without a weight. When there is less than all floors together, the members get
	// equal parts instead. What caps hold back from everybody goes on to the next line.
	Floor *decimal.Decimal `json:"floor,omitempty"`
	Cap   *decimal.Decimal `json:"cap,omitempty"`
	// PerPoint is the most that a member may get for each unit of weight (a rate of pay that is not exceeded),
	// rounded down to the smallest unit; it acts like a cap of weight × PerPoint, but never below the floor.
	PerPoint *decimal.Decimal `json:"perPoint,omitempty"`
	// Method rounds to the smallest unit; empty means [LargestRemainder]. With bounds it must be that.
	Method Method `json:"method,omitempty"`
}

// Validate checks the rule as it stands, when a charter is adopted. The error is an [*Error] wrapping [ErrRule]
// or [ErrLimit].
func (s Sharing) Validate() error { return asRule(s.validate("sharing")) }

func (s Sharing) validate(in string) error {
	if err := s.Method.Validate(); err != nil {
		return within(in, err)
	}
	for _, f := range []struct {
		field string
		value *decimal.Decimal
	}{{"ratio", s.Ratio}, {"equal", s.Equal}, {"floor", s.Floor}, {"cap", s.Cap}, {"perPoint", s.PerPoint}} {
		if f.value == nil {
			continue
		}
		if err := checkNotNegative(in, f.field, *f.value); err != nil {
			return err
		}
	}
	switch {
	case s.Ratio != nil && s.Ratio.LessThan(one):
		return ruleError(in, "ratio", show(*s.Ratio), "must be at least 1")
	case s.Equal != nil && s.Equal.GreaterThan(one):
		return ruleError(in, "equal", show(*s.Equal), "must be between 0 and 1")
	case s.Floor != nil && s.Cap != nil && s.Cap.LessThan(*s.Floor):
		return ruleError(in, "cap", show(*s.Cap), "must not be below the floor of "+show(*s.Floor))
	case s.bounded() && s.Method != "" && s.Method != LargestRemainder:
		return ruleError(in, "method", string(s.Method), "must be largest-remainder when there is a floor, a cap or a rate per point")
	case s.Method == Listed:
		return ruleError(in, "method", string(s.Method), "members of a group are in no order")
	}
	return nil
}

func (s Sharing) bounded() bool { return s.Floor != nil || s.Cap != nil || s.PerPoint != nil }

// equalOnly reports whether weights play no role.
func (s Sharing) equalOnly() bool { return s.Equal != nil && s.Equal.Equal(one) }

// Divide shares amount among the members and returns what each gets, in the order of the weights, and what no
// member could take because of the cap. The formulas are those of [Sharing.Counted] and [SplitBounded], the rounding that
// of [Apportion]. It takes n log n time, linear when the line is only shared in proportion. Errors are those of [Split]
// and [Sharing.Validate]. Floors and caps with more decimals than asked for are refused.
func (s Sharing) Divide(amount decimal.Decimal, decimals int, weights []Weight) (parts []Part, left decimal.Decimal, err error) {
	const in = "sharing"
	if err := s.Validate(); err != nil {
		return nil, decimal.Zero, err
	}
	if err := checkAmount(in, "amount", amount, decimals); err != nil {
		return nil, decimal.Zero, err
	}
	if _, err := readWeights(in, weights, given); err != nil {
		return nil, decimal.Zero, err
	}
	counted := s.counted(weights)
	if !s.bounded() {
		parts, err = apportion(s.Method, amount, decimals, counted, computed)
		return parts, decimal.Zero, err
	}
	bounds, even, err := s.bounds(amount, decimals, weights)
	if err != nil {
		return nil, decimal.Zero, within(in, err)
	}
	if even {
		for i := range counted {
			counted[i].Value = one
		}
		parts, err = Split(amount, decimals, counted)
		return parts, decimal.Zero, err
	}
	b, err := splitBounded(amount, decimals, counted, bounds, computed)
	if err != nil {
		return nil, decimal.Zero, err
	}
	return b.Parts, b.Left, nil
}

// bounds returns the bounds of the members, and whether the amount is below all floors together.
func (s Sharing) bounds(amount decimal.Decimal, decimals int, weights []Weight) (bounds []Bounds, even bool, err error) {
	floor := decimal.Zero
	if s.Floor != nil {
		floor = *s.Floor
		if err := checkAmount("", "floor", floor, decimals); err != nil {
			return nil, false, err
		}
	}
	if s.Cap != nil {
		if err := checkAmount("", "cap", *s.Cap, decimals); err != nil {
			return nil, false, err
		}
	}
	bounds = make([]Bounds, len(weights))
	for i, w := range weights {
		bounds[i] = Bounds{Floor: floor, Cap: s.Cap}
		if s.PerPoint != nil {
			most := s.perPoint(w, decimals)
			if s.Cap == nil || most.LessThan(*s.Cap) {
				most = decimal.Max(most, floor)
				bounds[i].Cap = &most
			}
		}
	}
	return bounds, floor.Mul(decimal.New(int64(len(weights)), 0)).GreaterThan(amount), nil
}

// perPoint returns the most that a weight may get at the rate per point.
func (s Sharing) perPoint(w Weight, decimals int) decimal.Decimal {
	return s.PerPoint.Mul(w.Value).RoundFloor(int32(decimals))
}

// Counted returns what weights count for after ratio and blend, in the same order and without terms. With w a
// weight, R the ratio, H the highest weight, W the sum of what the ratio makes of the weights, n their number and
// e the equal part, these are, without any division and therefore exact,
//
//	ratio:  max(w × R, H), or zero for a weight of zero
//	blend:  e × W + (1 − e) × n × w
//
// and 1 for everybody when e is 1. When nobody has a weight, nobody counts, unless e is 1. It takes linear time. Errors
// are those of [Sharing.Divide] about weights and rule.
func (s Sharing) Counted(weights []Weight) ([]Weight, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if _, err := readWeights("sharing", weights, given); err != nil {
		return nil, err
	}
	return s.counted(weights), nil
}

func (s Sharing) counted(weights []Weight) []Weight {
	out := make([]Weight, len(weights))
	highest, total := decimal.Zero, decimal.Zero
	for i, w := range weights {
		out[i] = Weight{ID: w.ID, Value: w.Value}
		highest = decimal.Max(highest, w.Value)
	}
	for i := range out {
		w := &out[i].Value
		switch {
		case s.equalOnly():
			*w = one
		case s.Ratio != nil && w.Sign() > 0:
			*w = decimal.Max(w.Mul(*s.Ratio), highest)
		}
		total = total.Add(*w)
	}
	if s.Equal == nil || s.Equal.IsZero() || s.equalOnly() {
		return out
	}
	equal := s.Equal.Mul(total)
	rest := one.Sub(*s.Equal).Mul(decimal.New(int64(len(out)), 0))
	for i := range out {
		out[i].Value = equal.Add(rest.Mul(out[i].Value))
	}
	return out
}
