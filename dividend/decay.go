package dividend

import (
	"math/big"
	"sync"

	"github.com/shopspring/decimal"
)

// DecayPlaces is the number of decimal places of the factors that [Decay] returns.
const DecayPlaces = 18

// Decay returns what is left of a weight after an age, when half of it is left after each half-life:
//
//	2^(−age / halfLife), rounded half up to [DecayPlaces] places
//
// Both are in the same unit of time. The factor is computed with integers and square roots of fixed precision, not
// with the floats of the machine, so it is the same everywhere, in constant time. The error wraps [ErrInput] when the
// age is negative or the half-life is not positive, and [ErrLimit].
func Decay(age, halfLife decimal.Decimal) (decimal.Decimal, error) {
	const in = "decay"
	if err := checkNotNegative(in, "age", age); err != nil {
		return decimal.Zero, err
	}
	if err := checkNumber(in, "half-life", halfLife); err != nil {
		return decimal.Zero, err
	}
	if halfLife.Sign() <= 0 {
		return decimal.Zero, inputError(in, "half-life", show(halfLife), "must be positive")
	}
	periods := new(big.Rat).Quo(age.Rat(), halfLife.Rat())
	whole, rest := new(big.Int).QuoRem(periods.Num(), periods.Denom(), new(big.Int))
	if whole.BitLen() > 7 { // below 2^-127, which rounds to zero
		return decimal.New(0, -DecayPlaces), nil
	}
	// 2^-f for the binary fraction f = 0.b1b2b3… is the product of the square roots of 1/2, taken k times, for
	// every bit bk that is set.
	factor := new(big.Float).SetPrec(decayPrecision).SetMantExp(new(big.Float).SetPrec(decayPrecision).SetInt64(1), -int(whole.Int64()))
	for _, root := range decayRoots() {
		rest.Lsh(rest, 1)
		if rest.Cmp(periods.Denom()) >= 0 {
			rest.Sub(rest, periods.Denom())
			factor.Mul(factor, root)
		}
		if rest.Sign() == 0 {
			break
		}
	}
	scaled := factor.Mul(factor, new(big.Float).SetPrec(decayPrecision).SetInt(bigAt(one, -DecayPlaces)))
	units, _ := scaled.Add(scaled, big.NewFloat(0.5)).Int(nil)
	return decimal.NewFromBigInt(units, -DecayPlaces), nil
}

// decayPrecision is the precision in bits that [Decay] computes with.
const decayPrecision = 192

// decayRoots holds 1/2 to the power of 1/2, 1/4, 1/8 and so on.
var decayRoots = sync.OnceValue(func() []*big.Float {
	roots := make([]*big.Float, decayPrecision)
	last := new(big.Float).SetPrec(decayPrecision).SetFloat64(0.5)
	for i := range roots {
		last = new(big.Float).SetPrec(decayPrecision).Sqrt(last)
		roots[i] = last
	}
	return roots
})

// Seniority returns what a weight is multiplied by for time spent in the community:
//
//	min(most, 1 + rate × periods)
//
// exact, in constant time. The error wraps [ErrInput] when rate or periods are negative or most is below 1, and [ErrLimit].
func Seniority(periods, rate, most decimal.Decimal) (decimal.Decimal, error) {
	const in = "seniority"
	for _, f := range []struct {
		field string
		value decimal.Decimal
	}{{"periods", periods}, {"rate", rate}, {"most", most}} {
		if err := checkNotNegative(in, f.field, f.value); err != nil {
			return decimal.Zero, err
		}
	}
	if most.LessThan(one) {
		return decimal.Zero, inputError(in, "most", show(most), "must be at least 1")
	}
	return decimal.Min(most, one.Add(rate.Mul(periods))), nil
}
