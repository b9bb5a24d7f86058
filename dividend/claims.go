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

func (p OverClaim) known() bool {
	return p == ProRata || p == FirstCome || p == Debt || p == Deliberate
}

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
	if !policy.known() {
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

// A Claim is what a party is owed, and may be paid from a line of a waterfall.
type Claim struct {
	ID    string `json:"id"`
	Party string `json:"party"`
	// Left is what of it has not been paid, with at most the decimals of the run.
	Left decimal.Decimal `json:"left"`
}

// A PaidClaim is a [Claim] with what a line did to it.
type PaidClaim struct {
	ID    string          `json:"id"`
	Party string          `json:"party"`
	Left  decimal.Decimal `json:"left"`
	// Paid is what the line pays, Owed what it leaves owed, and Renounced what the policy of the line gives up. Together they are
	// Left. A line that takes nothing leaves all of it owed.
	Paid      decimal.Decimal `json:"paid"`
	Owed      decimal.Decimal `json:"owed"`
	Renounced decimal.Decimal `json:"renounced"`
}

// ClaimsPaid: all claims of the line are paid, so that only a part of it could be placed.
const ClaimsPaid = "claims paid"

// settle pays the claims that the line goes to from its amount.
func (r *LineResult) settle(in Input) error {
	claims, ok := in.Claims[r.Line.To.Claims]
	if !ok {
		return &Error{
			Field: "to.claims", Value: r.Line.To.Claims, Err: ErrUnknown,
			Reason: "are not among the claims handed in (a list without claims is an empty one)",
		}
	}
	left := make([]Weight, len(claims))
	for i, c := range claims {
		if err := checkID("claim "+quote(c.ID), "party", c.Party); err != nil {
			return err
		}
		left[i] = Weight{ID: c.ID, Value: c.Left}
	}
	policy := r.Line.OverClaim
	if r.Amount.IsZero() {
		policy = Debt // what takes nothing settles nothing
	}
	settlement, err := Settle(policy, r.Amount, in.Decimals, left)
	if err != nil {
		return err
	}
	parts := make(map[string]decimal.Decimal)
	for i, c := range claims {
		r.Total = r.Total.Add(c.Left)
		p := PaidClaim{ID: c.ID, Party: c.Party, Left: c.Left, Paid: settlement.Paid[i].Amount, Owed: settlement.Owed[i].Amount}
		p.Renounced = c.Left.Sub(p.Paid).Sub(p.Owed)
		r.Claims = append(r.Claims, p)
		parts[c.Party] = parts[c.Party].Add(p.Paid)
	}
	for _, id := range sortedKeys(parts) {
		r.Parts = append(r.Parts, Part{ID: id, Amount: parts[id]})
	}
	r.Placed = r.Amount.Sub(settlement.Left)
	switch {
	case len(claims) == 0:
		r.Reason = NoMember
	case settlement.Left.Sign() > 0:
		r.Reason = ClaimsPaid
	}
	return nil
}

// claimSteps returns the steps that end in what a party gets for its claims, and whether it has any.
func (e *Explainer) claimSteps(l LineResult, party string) (steps []Step, ok bool) {
	share := Step{Rule: StepShare, Formula: formulaSum, Inputs: []Quantity{}}
	total, left := decimal.Zero, l.Amount
	short := l.Total.GreaterThan(l.Amount)
	for _, c := range l.Claims {
		before := left
		left = left.Sub(c.Paid)
		if c.Party != party {
			continue
		}
		step := Step{Rule: StepClaim, Subject: c.ID, Formula: "claim", Inputs: []Quantity{e.money("claim", c.Left)}, Result: e.money(StepClaim, c.Paid)}
		switch {
		case !short:
		case l.Line.OverClaim == FirstCome || l.Amount.IsZero():
			step.Formula = "min(remaining, claim)"
			step.Inputs = append(step.Inputs, e.money("remaining", before))
		default:
			floor, _ := l.Amount.Mul(c.Left).QuoRem(l.Total, int32(e.statement.Decimals))
			step.Formula = "floor(pool * claim / total) + added"
			step.Inputs = append(step.Inputs, e.money("pool", l.Amount), e.money("total", l.Total), e.money("added", c.Paid.Sub(floor)))
		}
		if !c.Paid.Equal(c.Left) && !l.Amount.IsZero() {
			step.Note = string(l.Line.OverClaim)
		}
		step.Inputs = append(step.Inputs, e.money("owed", c.Owed), e.money("renounced", c.Renounced))
		steps = append(steps, step)
		share.Inputs = append(share.Inputs, e.money(c.ID, c.Paid))
		total = total.Add(c.Paid)
	}
	share.Result = e.money(StepShare, total)
	return append(steps, share), len(steps) > 0
}
