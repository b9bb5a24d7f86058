package dividend

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// What happens to a claim when something was paid on it.
const (
	// Once: the claim counts in one distribution and is then zero, whatever was paid.
	Once = "once"
	// UntilPaid: the claim shrinks by what is paid, and is never paid more than its value.
	UntilPaid = "until-paid"
	// Lasting: the claim keeps its value, as a share in all income to come.
	Lasting = "lasting"
)

// How the rates of buckets are taken, see [Equation].
const (
	// Straight: every bucket takes its rate of the whole amount.
	Straight = "straight"
	// Remaining: every bucket takes its rate of what the buckets before it left, and no claim, not even a lasting
	// one, gets more than its value from all buckets together; a lasting one may again in the next distribution.
	Remaining = "remaining"
)

// MaxClaims is the largest number of claims that a value equation runs on.
const MaxClaims = 1 << 20

// Equation is a value equation in the manner of Sensorica and the open value networks: an amount goes to buckets,
// each bucket to one party or to the claims that its rules admit.
//
// It keeps the model and corrects what is known to be wrong in its first implementation: a period without a
// beginning ends at its end; what a bucket cannot place stays in view instead of going to whoever receives most; no
// claim until paid or once is paid beyond its value, in either behaviour; and shares are exact.
type Equation struct {
	// Behaviour is [Straight] or [Remaining].
	Behaviour string `json:"behaviour"`
	// Buckets are served in order.
	Buckets []Bucket `json:"buckets"`
}

// Bucket is a part of the amount: for one party, or for claims.
type Bucket struct {
	ID string `json:"id"`
	// Rate is between 0 and 1.
	Rate decimal.Decimal `json:"rate"`
	// Party gets all of the bucket; empty when it is for claims.
	Party string `json:"party,omitempty"`
	// Rules admit claims. A claim that several rules admit is taken under the first.
	Rules []ClaimRule `json:"rules,omitempty"`
}

// ClaimRule admits claims and says what becomes of them.
type ClaimRule struct {
	ID string `json:"id"`
	// Labels are those that a claim must all have: an event type, a process type, a project, an order. None
	// admits every claim.
	Labels []string `json:"labels,omitempty"`
	// From and To are the first and the last day admitted, as 2006-01-02, both included; empty is open.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Kind is [Once], [UntilPaid] or [Lasting].
	Kind string `json:"claims"`
}

// EquationClaim is what a party can claim for one contribution.
type EquationClaim struct {
	ID    string `json:"id"`
	Party string `json:"party"`
	// Labels and Date are what rules look at; the date is written 2006-01-02.
	Labels []string `json:"labels,omitempty"`
	Date   string   `json:"date"`
	// Value is the value of the contribution, Outstanding what of it has not been paid yet.
	Value       decimal.Decimal `json:"value"`
	Outstanding decimal.Decimal `json:"outstanding"`
}

// Payment is what one claim got from one bucket.
type Payment struct {
	Bucket string          `json:"bucket"`
	Rule   string          `json:"rule"`
	Claim  string          `json:"claim"`
	Party  string          `json:"party"`
	Amount decimal.Decimal `json:"amount"`
}

// EquationResult is the result of [Equation.Run].
type EquationResult struct {
	// Payments are in the order of the buckets, and within one sorted by claim. A payment to the party of a bucket
	// names no claim.
	Payments []Payment
	// Parties is what each party gets in all, sorted by identifier.
	Parties []Part
	// Claims are those handed in, in their order, with what is outstanding afterwards.
	Claims []EquationClaim
	// Left is what no bucket placed.
	Left decimal.Decimal
}

// Validate checks the rule as it stands, when a charter is adopted: rates from 0 to 1, those of a straight equation
// together at most 1, ids unique, dates well formed and in order. The error wraps [ErrRule] or [ErrLimit].
func (e Equation) Validate() error {
	const in = "value equation"
	if e.Behaviour != Straight && e.Behaviour != Remaining {
		return ruleError(in, "behaviour", e.Behaviour, `must be "straight" or "remaining"`)
	}
	if len(e.Buckets) == 0 || len(e.Buckets) > MaxLines {
		return ruleError(in, "buckets", fmt.Sprint(len(e.Buckets)), fmt.Sprintf("must be between 1 and %d", MaxLines))
	}
	total := decimal.Zero
	seen := make(map[string]bool)
	for i, b := range e.Buckets {
		if err := checkID(fmt.Sprintf("%s: bucket %d", in, i+1), "id", b.ID); err != nil {
			return asRule(err)
		}
		where := in + ": bucket " + quote(b.ID)
		if seen[b.ID] {
			return ruleError(where, "id", b.ID, "given twice")
		}
		seen[b.ID] = true
		if err := b.validate(where); err != nil {
			return asRule(err)
		}
		total = total.Add(b.Rate)
		if e.Behaviour == Straight && total.GreaterThan(one) {
			return ruleError(where, "rate", show(b.Rate), "brings the rates to "+total.String()+", above 1")
		}
	}
	return nil
}

func (b Bucket) validate(in string) error {
	if err := checkNotNegative(in, "rate", b.Rate); err != nil {
		return err
	}
	if b.Rate.GreaterThan(one) {
		return ruleError(in, "rate", show(b.Rate), "must be between 0 and 1")
	}
	if (b.Party == "") == (len(b.Rules) == 0) {
		return ruleError(in, "rules", fmt.Sprint(len(b.Rules)), "a bucket needs either a party or rules")
	}
	if b.Party != "" {
		return checkID(in, "party", b.Party)
	}
	if len(b.Rules) > MaxLines {
		return &Error{In: in, Field: "rules", Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxLines)}
	}
	seen := make(map[string]bool)
	for i, r := range b.Rules {
		if err := checkID(fmt.Sprintf("%s: rule %d", in, i+1), "id", r.ID); err != nil {
			return err
		}
		where := in + ": rule " + quote(r.ID)
		if seen[r.ID] {
			return ruleError(where, "id", r.ID, "given twice")
		}
		seen[r.ID] = true
		if r.Kind != Once && r.Kind != UntilPaid && r.Kind != Lasting {
			return ruleError(where, "claims", r.Kind, `must be "once", "until-paid" or "lasting"`)
		}
		if err := checkDays(where, r.From, r.To); err != nil {
			return err
		}
	}
	return nil
}

// admits says whether the rule admits the claim.
func (r ClaimRule) admits(c EquationClaim) bool {
	if r.From != "" && c.Date < r.From || r.To != "" && c.Date > r.To {
		return false
	}
	for _, l := range r.Labels {
		if !slices.Contains(c.Labels, l) {
			return false
		}
	}
	return true
}

// Run distributes amount. A bucket takes its rate of the amount (straight) or of what is left (remaining), rounded
// half up to the smallest unit and at most what is left. The claims that it admits share it in proportion to their
// value (lasting) or what is outstanding (the others), each held to its value as [Equation] says, the excess going to
// the others ([SplitBounded]). What a bucket cannot place is left: to the buckets after it when the behaviour is
// remaining, and to [EquationResult.Left] otherwise. A claim until paid that is paid in one bucket counts for less in
// the next, and a claim once for nothing.
//
// Payments and Left add up to amount, exactly. It takes n log n time in the claims for each bucket, times its rules.
// Nothing that is handed in is changed. The error wraps [ErrRule], [ErrInput] or [ErrLimit].
func (e Equation) Run(amount decimal.Decimal, decimals int, claims []EquationClaim) (*EquationResult, error) {
	const in = "value equation"
	if err := e.Validate(); err != nil {
		return nil, err
	}
	if err := checkAmount(in, "amount", amount, decimals); err != nil {
		return nil, err
	}
	if err := checkEquationClaims(in, decimals, claims); err != nil {
		return nil, err
	}
	res := &EquationResult{Left: amount, Claims: slices.Clone(claims)}
	totals := make(map[string]decimal.Decimal)
	lasting := make(map[string]decimal.Decimal) // what was paid on lasting claims, by claim
	for _, b := range e.Buckets {
		basis := amount
		if e.Behaviour == Remaining {
			basis = res.Left
		}
		pool := decimal.Min(b.Rate.Mul(basis).Round(int32(decimals)), res.Left)
		payments := []Payment{{Bucket: b.ID, Party: b.Party, Amount: pool}}
		if b.Party == "" {
			var err error
			if payments, err = e.pay(b, pool, decimals, res.Claims, lasting); err != nil {
				return nil, within(in+": bucket "+quote(b.ID), err)
			}
		}
		for _, p := range payments {
			totals[p.Party] = totals[p.Party].Add(p.Amount)
			res.Left = res.Left.Sub(p.Amount)
		}
		res.Payments = append(res.Payments, payments...)
	}
	for _, id := range sortedKeys(totals) {
		res.Parties = append(res.Parties, Part{ID: id, Amount: totals[id]})
	}
	return res, nil
}

func checkEquationClaims(in string, decimals int, claims []EquationClaim) error {
	if len(claims) > MaxClaims {
		return &Error{In: in, Field: "claims", Err: ErrLimit, Reason: fmt.Sprintf("%d claims: must be at most %d", len(claims), MaxClaims)}
	}
	for i, c := range claims {
		if err := checkID("", "id", c.ID); err != nil {
			return within(fmt.Sprintf("%s: claim %d", in, i+1), err)
		}
		where := in + ": claim " + quote(c.ID)
		if err := checkID(where, "party", c.Party); err != nil {
			return err
		}
		if !isDay(c.Date) {
			return inputError(where, "date", c.Date, "must be a day written 2006-01-02")
		}
		if err := checkAmount(where, "value", c.Value, decimals); err != nil {
			return err
		}
		if err := checkAmount(where, "outstanding", c.Outstanding, decimals); err != nil {
			return err
		}
		if c.Outstanding.GreaterThan(c.Value) {
			return inputError(where, "outstanding", show(c.Outstanding), "must not be above the value of "+show(c.Value))
		}
	}
	if id, twice := duplicate(len(claims), func(i int) string { return claims[i].ID }); twice {
		return inputError(in, "claim", id, "given twice")
	}
	return nil
}

// pay shares a bucket among the claims that it admits, and changes what is outstanding and what lasting claims got.
func (e Equation) pay(b Bucket, pool decimal.Decimal, decimals int, claims []EquationClaim, lasting map[string]decimal.Decimal) ([]Payment, error) {
	var (
		payments []Payment
		weights  []Weight
		bounds   []Bounds
		from     []*EquationClaim
		kinds    []string
		total    decimal.Decimal
	)
	for i := range claims {
		c := &claims[i]
		at := slices.IndexFunc(b.Rules, func(r ClaimRule) bool { return r.admits(*c) })
		if at < 0 {
			continue
		}
		r := b.Rules[at]
		value, most := c.Outstanding, c.Outstanding
		if r.Kind == Lasting {
			value, most = c.Value, c.Value.Sub(lasting[c.ID])
		}
		bound := Bounds{Cap: &most}
		if r.Kind == Lasting && e.Behaviour == Straight {
			bound.Cap = nil
		}
		weights, bounds = append(weights, Weight{ID: c.ID, Value: value}), append(bounds, bound)
		from, kinds = append(from, c), append(kinds, r.Kind)
		payments = append(payments, Payment{Bucket: b.ID, Rule: r.ID, Claim: c.ID, Party: c.Party})
		total = total.Add(value)
	}
	if total.IsZero() {
		return nil, nil
	}
	shared, err := SplitBounded(pool, decimals, weights, bounds)
	if err != nil {
		return nil, err
	}
	for i, p := range shared.Parts {
		payments[i].Amount = p.Amount
		switch kinds[i] {
		case UntilPaid:
			from[i].Outstanding = from[i].Outstanding.Sub(p.Amount)
		case Once:
			from[i].Outstanding = decimal.Zero
		case Lasting:
			lasting[p.ID] = lasting[p.ID].Add(p.Amount)
		}
	}
	slices.SortFunc(payments, func(x, y Payment) int { return compareID(x.Claim, y.Claim) })
	return payments, nil
}
