package dividend

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// OverClaim says what happens when claims on a budget are more than the budget.
type OverClaim string

const (
	// ProRata pays every claim the same fraction; the rest is renounced.
	ProRata OverClaim = "pro-rata"
	// FirstCome pays claims in the order in which they are listed, until nothing is left; the rest is renounced.
	FirstCome OverClaim = "first-come"
	// Debt pays every claim the same fraction and carries the rest as a debt.
	Debt OverClaim = "debt"
	// Deliberate pays nothing: the members have to decide.
	Deliberate OverClaim = "deliberate"
)

// ErrOverClaimed says that claims are more than the budget and that the policy is [Deliberate].
var ErrOverClaimed = fmt.Errorf("%w: claims above the budget", ErrInput)

// Settlement is the result of [Settle].
type Settlement struct {
	// Paid and Owed come in the order of the claims. Owed is zero except under [Debt].
	Paid, Owed []Part
	// Left is what no claim asked for.
	Left decimal.Decimal
}

// Settle pays claims from a budget. The value of each weight is the claim, with at most the given decimals. When the
// budget is enough, every claim is paid and the policy plays no role; otherwise fractions are rounded by largest
// remainder, as in [Split]. Paid and left together are the budget, exactly;
// no claim is paid more than it asks for.
//
// The error wraps [ErrOverClaimed] and says by how much, [ErrRule] for an unknown policy, and otherwise is that of
// [Split]. It takes linear time.
func Settle(policy OverClaim, budget decimal.Decimal, decimals int, claims []Weight) (*Settlement, error) {
	const in = "settle claims"
	switch policy {
	case ProRata, FirstCome, Debt, Deliberate:
	default:
		return nil, ruleError(in, "policy", string(policy), "must be pro-rata, first-come, debt or deliberate")
	}
	if err := checkAmount(in, "budget", budget, decimals); err != nil {
		return nil, err
	}
	if _, err := readWeights(in, claims, given); err != nil {
		return nil, err
	}
	total := decimal.Zero
	s := &Settlement{Paid: make([]Part, len(claims)), Owed: make([]Part, len(claims))}
	for i, c := range claims {
		if err := checkAmount(in+": claim of "+quote(c.ID), "claim", c.Value, decimals); err != nil {
			return nil, err
		}
		total = total.Add(c.Value)
		s.Paid[i], s.Owed[i] = Part{ID: c.ID, Amount: c.Value}, Part{ID: c.ID}
	}
	if total.LessThanOrEqual(budget) {
		s.Left = budget.Sub(total)
		return s, nil
	}
	switch policy {
	case Deliberate:
		return nil, &Error{
			In: in, Field: "claims", Value: show(total), Err: ErrOverClaimed,
			Reason: fmt.Sprintf("are %s more than the budget of %s, and the members have to decide", show(total.Sub(budget)), show(budget)),
		}
	case FirstCome:
		left := budget
		for i := range s.Paid {
			s.Paid[i].Amount = decimal.Min(left, s.Paid[i].Amount)
			left = left.Sub(s.Paid[i].Amount)
		}
		return s, nil
	}
	paid, err := split(in, budget, decimals, claims, given)
	if err != nil {
		return nil, err
	}
	s.Paid = paid
	if policy == Debt {
		for i, c := range claims {
			s.Owed[i].Amount = c.Value.Sub(paid[i].Amount)
		}
	}
	return s, nil
}
