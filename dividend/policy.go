package dividend

import (
	"fmt"
	"math/big"
	"math/bits"
	"slices"

	"github.com/shopspring/decimal"
)

// What a [Policy] looks at. The policies and their names are those of SourceCred (Grain distributions), with exact
// splits instead of its order-dependent ones.
const (
	// Immediate pays by what was earned in the last Lookback intervals.
	Immediate = "immediate"
	// Recent pays by all that was earned, an interval counting (1 − Discount) times the one after it.
	Recent = "recent"
	// Balanced pays those who are behind: by how much less than their part of everything paid so far, this budget
	// included, they have received. What they have received over is not taken back; it just gives nothing until the
	// others have caught up.
	Balanced = "balanced"
	// Special pays one recipient.
	Special = "special"
)

// MaxIntervals is the largest number of intervals of a history.
const MaxIntervals = 10_000

// Policy pays a budget by what people earned over time.
type Policy struct {
	// Policy is [Immediate], [Recent], [Balanced] or [Special].
	Policy string `json:"policy"`
	// Budget is the amount to pay.
	Budget decimal.Decimal `json:"budget"`
	// Lookback is the number of intervals that count, the last ones: at least 1 for Immediate; for Balanced, 0
	// means all. The other policies have none.
	Lookback int `json:"lookback,omitempty"`
	// Discount is, for Recent, between 0 (all intervals count the same) and 1 (only the last one counts).
	Discount decimal.Decimal `json:"discount,omitzero"`
	// Exclude names those who get nothing.
	Exclude []string `json:"exclude,omitempty"`
	// Recipient is, for Special, who gets all.
	Recipient string `json:"recipient,omitempty"`
}

// History is what somebody earned in each interval (a week, a month), the oldest first, and was paid in all.
type History struct {
	ID     string            `json:"id"`
	Earned []decimal.Decimal `json:"earned"`
	Paid   decimal.Decimal   `json:"paid"`
}

// Validate checks the policy as it stands. The error is an [*Error] wrapping [ErrRule] or [ErrLimit].
func (p Policy) Validate() error {
	in := "policy " + quote(p.Policy)
	if err := checkNotNegative(in, "budget", p.Budget); err != nil {
		return asRule(err)
	}
	if err := checkNumber(in, "discount", p.Discount); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]string{Immediate, Recent, Balanced, Special}, p.Policy):
		return ruleError("policy", "policy", p.Policy, "must be immediate, recent, balanced or special")
	case p.Discount.Sign() < 0 || p.Discount.GreaterThan(one):
		return ruleError(in, "discount", show(p.Discount), "must be between 0 and 1")
	case p.Policy != Recent && !p.Discount.IsZero():
		return ruleError(in, "discount", show(p.Discount), "is for the policy recent")
	case p.Lookback < 0 || p.Lookback > MaxIntervals || p.Policy == Immediate && p.Lookback == 0:
		return ruleError(in, "lookback", fmt.Sprint(p.Lookback), fmt.Sprintf("must be between 1 and %d", MaxIntervals))
	case p.Lookback > 0 && p.Policy != Immediate && p.Policy != Balanced:
		return ruleError(in, "lookback", fmt.Sprint(p.Lookback), "is for the policies immediate and balanced")
	case p.Policy == Special && slices.Contains(p.Exclude, p.Recipient):
		return ruleError(in, "exclude", p.Recipient, "must not name the recipient")
	case p.Policy == Special:
		return asRule(checkID(in, "recipient", p.Recipient))
	case p.Recipient != "":
		return ruleError(in, "recipient", p.Recipient, "is for the policy special")
	}
	return nil
}

// Distribute pays the budget, in units of the given decimals. The parts come in the order of the histories, and add
// up to the budget as in [Split]; with [Special] there is one part. Nothing is changed in the histories: several
// policies of one distribution all see them as they were before it.
//
// [Balanced] pays in proportion to max(0, (P + B)·e/E − paid), with e what one earned, E the sum of all e, P the
// sum of what all were paid and B the budget; the targets are not rounded (SourceCred rounds them down first).
// Those who are excluded count in none of these sums. [Recent] uses factors rounded half up to [DecayPlaces] places.
//
// It takes time linear in the number of amounts. The error wraps [ErrRule], [ErrInput] (negative amounts,
// histories of different lengths, names given twice), [ErrLimit], or [ErrNoWeight] when nobody has a claim.
func (p Policy) Distribute(decimals int, histories []History) ([]Part, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	in := "policy " + quote(p.Policy)
	if err := checkAmount(in, "budget", p.Budget, decimals); err != nil {
		return nil, err
	}
	if p.Policy == Special {
		return []Part{{ID: p.Recipient, Amount: p.Budget}}, nil
	}
	if err := checkHistories(in, histories); err != nil {
		return nil, err
	}
	excluded := make(map[string]bool, len(p.Exclude))
	for _, id := range p.Exclude {
		excluded[id] = true
	}
	weights := make([]Weight, len(histories))
	factors := p.factors(histories)
	words := make([]uint64, len(factors))
	for i, f := range factors {
		words[i] = bigAt(f, -DecayPlaces).Uint64() // at most 10^18
	}
	for i, h := range histories {
		weights[i].ID = h.ID
		if !excluded[h.ID] {
			weights[i].Value = score(h.Earned, factors, words)
		}
	}
	if p.Policy == Balanced {
		p.balance(weights, histories, excluded)
	}
	return split(in, p.Budget, decimals, weights, computed)
}

func checkHistories(in string, histories []History) error {
	for i, h := range histories {
		where := func() string { return fmt.Sprintf("%s: history %d", in, i+1) }
		if len(h.Earned) != len(histories[0].Earned) {
			return inputError(where(), "earned", fmt.Sprint(len(h.Earned)), fmt.Sprintf("must have %d intervals like the first history", len(histories[0].Earned)))
		}
		if len(h.Earned) > MaxIntervals {
			return &Error{In: where(), Field: "earned", Err: ErrLimit, Reason: fmt.Sprintf("must have at most %d intervals", MaxIntervals)}
		}
		if err := checkNotNegative("", "paid", h.Paid); err != nil {
			return within(where(), err)
		}
		for _, e := range h.Earned {
			if e.NumDigits() <= 18 && e.CoefficientInt64() >= 0 && e.Exponent() >= -MaxPlaces && e.Exponent() <= MaxPlaces {
				continue
			}
			if err := checkNotNegative("", "earned", e); err != nil {
				return within(where(), err)
			}
		}
	}
	return nil
}

// factors returns what each interval counts for, from the last one back; intervals beyond do not count.
func (p Policy) factors(histories []History) []decimal.Decimal {
	n := 0
	if len(histories) > 0 {
		n = len(histories[0].Earned)
	}
	if p.Lookback > 0 {
		n = min(n, p.Lookback)
	}
	factors := make([]decimal.Decimal, 0, n)
	factor, keep := one, one.Sub(p.Discount)
	for range n {
		if factor.IsZero() {
			break
		}
		factors = append(factors, factor)
		factor = factor.Mul(keep).Round(DecayPlaces)
	}
	return factors
}

// score adds up what was earned, each interval times its factor. It counts in words of 10^-18 as long as that fits,
// with one allocation in all, and with decimals otherwise.
func score(earned, factors []decimal.Decimal, words []uint64) decimal.Decimal {
	if sum, ok := scoreWords(earned, words); ok {
		return sum
	}
	sum := decimal.Zero
	for back, f := range factors {
		sum = sum.Add(earned[len(earned)-1-back].Mul(f))
	}
	return sum
}

func scoreWords(earned []decimal.Decimal, words []uint64) (decimal.Decimal, bool) {
	var hi, lo, carry uint64
	exponent, first := int32(0), true
	for back, f := range words {
		e := &earned[len(earned)-1-back]
		if e.NumDigits() > 15 { // 10^15 × 10^18 × MaxIntervals is below 2^127
			return decimal.Zero, false
		}
		w := uint64(e.CoefficientInt64())
		if w == 0 {
			continue
		}
		if first {
			exponent, first = e.Exponent(), false
		}
		if e.Exponent() != exponent {
			return decimal.Zero, false
		}
		h, l := bits.Mul64(w, f)
		lo, carry = bits.Add64(lo, l, 0)
		hi, _ = bits.Add64(hi, h, carry)
	}
	sum := new(big.Int).SetUint64(hi)
	sum.Lsh(sum, 64).Or(sum, new(big.Int).SetUint64(lo))
	return decimal.NewFromBigInt(sum, exponent-DecayPlaces), true
}

// balance turns what was earned into how far each is behind, times the sum of all earnings.
func (p Policy) balance(weights []Weight, histories []History, excluded map[string]bool) {
	earned, paid := decimal.Zero, p.Budget
	for i, w := range weights {
		if !excluded[w.ID] {
			earned, paid = earned.Add(w.Value), paid.Add(histories[i].Paid)
		}
	}
	for i := range weights {
		behind := paid.Mul(weights[i].Value).Sub(earned.Mul(histories[i].Paid))
		if excluded[weights[i].ID] || behind.Sign() < 0 {
			behind = decimal.Zero
		}
		weights[i].Value = behind
	}
}
