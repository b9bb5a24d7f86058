package dividend

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Pie says how Slicing Pie (Moyer) turns what people put in before there is money to pay them into slices. The usual
// values are 2 for what is not cash and 4 for cash; each community chooses its own.
type Pie struct {
	NonCash decimal.Decimal `json:"nonCash"`
	Cash    decimal.Decimal `json:"cash"`
}

// PieContribution is something of value that was put in and not paid.
type PieContribution struct {
	// Party put it in.
	Party string
	// Value is its fair market value; of cash, the money once it is spent.
	Value decimal.Decimal
	Cash  bool
}

// HourlyRate returns the fair market value of an hour for a yearly salary: the salary over 2000 hours, exact. The
// error wraps [ErrInput] for a negative salary, and [ErrLimit].
func HourlyRate(salary decimal.Decimal) (decimal.Decimal, error) {
	if err := checkNotNegative("slicing pie", "salary", salary); err != nil {
		return decimal.Zero, err
	}
	return salary.Mul(decimal.New(5, -4)), nil
}

// Slices returns the slices of each party, fair market value × multiplier, sorted by identifier, to be used as weights,
// exact, in n log n time; the terms show the values in cash and not in cash. The error wraps [ErrRule] for negative
// multipliers and [ErrInput] for negative values and bad identifiers.
func (p Pie) Slices(contributions []PieContribution) ([]Weight, error) {
	const in = "slicing pie"
	if err := checkNotNegative(in, "nonCash", p.NonCash); err != nil {
		return nil, asRule(err)
	}
	if err := checkNotNegative(in, "cash", p.Cash); err != nil {
		return nil, asRule(err)
	}
	sums := make(map[string][2]decimal.Decimal)
	for i, c := range contributions {
		where := fmt.Sprintf("%s: contribution %d", in, i+1)
		if err := checkID(where, "party", c.Party); err != nil {
			return nil, err
		}
		if err := checkNotNegative(where, "value", c.Value); err != nil {
			return nil, err
		}
		s, at := sums[c.Party], 0
		if c.Cash {
			at = 1
		}
		s[at] = s[at].Add(c.Value)
		sums[c.Party] = s
	}
	out := make([]Weight, 0, len(sums))
	for _, party := range sortedKeys(sums) {
		w := Weight{ID: party}
		for at, t := range []Term{{Kind: "non-cash", Points: p.NonCash}, {Kind: "cash", Points: p.Cash}} {
			if t.Quantity = sums[party][at]; t.Quantity.IsZero() {
				continue
			}
			t.Value = t.Quantity.Mul(t.Points)
			w.Terms, w.Value = append(w.Terms, t), w.Value.Add(t.Value)
		}
		out = append(out, w)
	}
	return out, nil
}
