package dividend

import (
	"fmt"
	"math/big"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/shopspring/decimal"
)

// Split divides amount in proportion to the weights, exactly, to a smallest unit of the given number of decimals
// (2 for the cent). The parts come in the order of the weights and add up to amount.
//
// The method is that of largest remainders (Hamilton 1792, also Hare–Niemeyer): with W the sum of the weights,
// each recipient first gets its quotient amount × weight / W rounded down; the units that are then missing, fewer
// than there are recipients, go one each to the largest remainders. Equal remainders are served in the order of
// the bytes of their identifiers. So each part is less than one unit away from its exact quotient, a weight of
// zero gets nothing, equal weights differ by at most one unit, and neither the order of the weights nor a common
// factor in them matters. Known flaw: when the amount grows by a unit, a part may shrink by one (the Alabama
// paradox). [Apportion] offers other methods.
//
// An amount of zero gives zero to all. The error wraps [ErrNoWeight] when there is an amount and nobody has a
// weight, [ErrInput] for a negative amount or weight, an amount with more decimals than asked for or an
// identifier that is empty or given twice, and [ErrLimit] beyond [MaxRecipients], [MaxDecimals] and so on.
//
// It takes linear time. Numbers up to about 18 digits are computed in machine words, larger ones (weights that
// are far apart, amounts of 10^30) with math/big, with the same result.
func Split(amount decimal.Decimal, decimals int, weights []Weight) ([]Part, error) {
	return split("split", amount, decimals, weights, given)
}

// Weights that were given are held to the limits of this package. Those that it computed from them have several
// times the digits.
const (
	given    = 1
	computed = 4
)

func split(in string, amount decimal.Decimal, decimals int, weights []Weight, origin int) ([]Part, error) {
	if err := checkAmount(in, "amount", amount, decimals); err != nil {
		return nil, err
	}
	claims, err := readWeights(in, weights, origin)
	if err != nil {
		return nil, err
	}
	if amount.Sign() > 0 && !claims.positive {
		return nil, &Error{
			In: in, Field: "amount", Value: show(amount), Err: ErrNoWeight,
			Reason: fmt.Sprintf("none of %d recipients has a weight above zero", len(weights)),
		}
	}
	parts := make([]Part, len(weights))
	if units, ok := splitWords(amount, decimals, weights, claims); ok {
		fillParts(parts, units, decimals, weights)
		return parts, nil
	}
	for i, u := range splitBig(amount, decimals, weights) {
		parts[i] = Part{ID: weights[i].ID, Amount: decimal.NewFromBigInt(u, -int32(decimals))}
	}
	return parts, nil
}

// forAnother is from how many recipients on it pays to wake another processor.
const forAnother = 20_000

// inShares does something for all places below n, on all processors when there are enough places.
func inShares(n int, do func(from, to int)) {
	share := max(forAnother, (n+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for from := share; from < n; from += share {
		wg.Go(func() { do(from, min(from+share, n)) })
	}
	do(0, min(share, n))
	wg.Wait()
}

// fillParts makes decimals of units. That is the slowest step, since every amount takes two allocations.
func fillParts(parts []Part, units []uint64, decimals int, weights []Weight) {
	size := 1 << 6 // of the table of amounts that fillSome keeps
	if len(units) > 0 {
		if n := bits.Len64(slices.Max(units)); n <= 16 && 1<<n <= len(units) { // all of them have a place
			size = max(size, 1<<n)
		}
	}
	inShares(len(units), func(from, to int) {
		fillSome(parts[from:to], units[from:to], decimals, weights[from:to], size)
	})
}

// fillSome makes decimals of units. Equal amounts share one number, as far as a table goes: decimals are never changed
// in place.
func fillSome(parts []Part, units []uint64, decimals int, weights []Weight, size int) {
	type made struct {
		units  uint64
		amount decimal.Decimal
	}
	known, mask := make([]made, size), uint64(size-1)
	exp := -int32(decimals)
	known[0].amount = decimal.New(0, exp)
	for i, u := range units {
		k := &known[u&mask]
		if k.units != u {
			*k = made{u, decimal.New(int64(u), exp)}
		}
		parts[i] = Part{ID: weights[i].ID, Amount: k.amount}
	}
}

// checkAmount refuses an amount that is negative, too large, or finer than the decimals.
func checkAmount(in, field string, amount decimal.Decimal, decimals int) error {
	if decimals < 0 || decimals > MaxDecimals {
		return &Error{
			In: in, Field: "decimals", Value: fmt.Sprint(decimals), Err: ErrLimit,
			Reason: fmt.Sprintf("must be between 0 and %d", MaxDecimals),
		}
	}
	if err := checkNotNegative(in, field, amount); err != nil {
		return err
	}
	if !amount.Truncate(int32(decimals)).Equal(amount) {
		return inputError(in, field, show(amount), fmt.Sprintf("must not have more than %d decimals", decimals))
	}
	return nil
}

// claims are weights read in one pass: each is words × 10^exponent, with the exponent of the weight itself.
type claims struct {
	words    []uint64
	exponent int32 // the least exponent of a weight above zero
	uniform  bool  // whether all weights above zero have that exponent
	fits     bool  // whether words holds every weight
	positive bool  // whether there is a weight above zero
}

// readWeights reads weights. It refuses too many of them, bad or repeated identifiers and negative values.
func readWeights(in string, weights []Weight, origin int) (claims, error) {
	if len(weights) > MaxRecipients {
		return claims{}, &Error{
			In: in, Field: "weights", Err: ErrLimit,
			Reason: fmt.Sprintf("%d recipients: must be at most %d", len(weights), MaxRecipients),
		}
	}
	var id string
	var twice bool
	find := func() { id, twice = duplicate(len(weights), func(i int) string { return weights[i].ID }) }
	var finding sync.WaitGroup
	if len(weights) < forAnother {
		find()
	} else {
		finding.Go(find)
	}
	c, err := readValues(in, weights, origin)
	finding.Wait()
	switch {
	case err != nil:
		return claims{}, err
	case twice:
		return claims{}, inputError(in, "id", id, "given twice")
	}
	return c, nil
}

func readValues(in string, weights []Weight, origin int) (claims, error) {
	places := int32(MaxPlaces * origin)
	c := claims{words: make([]uint64, len(weights)), uniform: true, fits: true}
	for i := range weights {
		w := &weights[i]
		if err := checkID("", "id", w.ID); err != nil {
			return claims{}, within(fmt.Sprintf("%s: recipient %d", in, i+1), err)
		}
		// One look at the number tells everything, most of the time: looks at memory are what this loop costs.
		exponent, digits := w.Value.Exponent(), w.Value.NumDigits()
		var word int64
		if digits <= 18 {
			word = w.Value.CoefficientInt64()
		} else {
			word = int64(w.Value.Sign())
			c.fits = c.fits && word == 0
		}
		if word < 0 || exponent < -places || exponent > places || digits > MaxDigits*origin {
			return claims{}, checkNotNegative(in+": recipient "+quote(w.ID), "weight", w.Value)
		}
		if word == 0 {
			continue
		}
		c.words[i] = uint64(word)
		if !c.positive {
			c.positive, c.exponent = true, exponent
		}
		c.uniform = c.uniform && exponent == c.exponent
		c.exponent = min(c.exponent, exponent)
	}
	return c, nil
}

// splitWords divides in machine words. It reports false when a number does not fit.
func splitWords(amount decimal.Decimal, decimals int, weights []Weight, c claims) ([]uint64, bool) {
	pool, ok := wordAt(amount, -int32(decimals))
	if !ok {
		return nil, false
	}
	words, total, ok := c.align(weights)
	if !ok {
		return nil, false
	}
	if pool == 0 {
		clear(words)
		return words, true
	}
	// From here on words holds the quotients and rests the remainders over the common denominator total.
	rests := make([]uint64, len(words))
	var placed atomic.Uint64
	inShares(len(words), func(from, to int) {
		var sum uint64
		for i := from; i < to; i++ {
			w := words[i]
			hi, lo := bits.Mul64(pool, w)
			if hi == 0 {
				words[i], rests[i] = lo/total, lo%total
			} else {
				words[i], rests[i] = bits.Div64(hi, lo, total) // hi < total, because w <= total and pool < 2^63
			}
			sum += words[i]
		}
		placed.Add(sum)
	})
	missing := pool - placed.Load()
	addLargest(words, rests, int(missing), func(i int) string { return weights[i].ID })
	return words, true
}

// align returns the weights as multiples of one power of ten, and their sum. It reports false when one of them
// does not fit. It changes c.words.
func (c claims) align(weights []Weight) (words []uint64, total uint64, ok bool) {
	if !c.fits {
		return nil, 0, false
	}
	for i, w := range c.words {
		if !c.uniform && w != 0 {
			if w, ok = shifted(w, weights[i].Value.Exponent()-c.exponent); !ok {
				return nil, 0, false
			}
			c.words[i] = w
		}
		if total += w; total > maxWord {
			return nil, 0, false
		}
	}
	return c.words, total, true
}

// maxWord is the largest number computed with in machine words: sums of two of them do not overflow.
const maxWord = 1<<63 - 1

var powersOfTen = func() (p [19]uint64) {
	p[0] = 1
	for i := range 18 {
		p[i+1] = p[i] * 10
	}
	return p
}()

// wordAt returns d / 10^exponent, for d not negative, if it is a whole number up to maxWord.
func wordAt(d decimal.Decimal, exponent int32) (uint64, bool) {
	if d.NumDigits() > 18 {
		return 0, false
	}
	return shifted(uint64(d.CoefficientInt64()), d.Exponent()-exponent)
}

// shifted returns w × 10^shift, if it is a whole number up to maxWord.
func shifted(w uint64, shift int32) (uint64, bool) {
	switch {
	case shift == 0 || w == 0:
		return w, true
	case shift < -18 || shift > 18:
		return 0, false
	case shift < 0:
		return w / powersOfTen[-shift], w%powersOfTen[-shift] == 0
	}
	hi, lo := bits.Mul64(w, powersOfTen[shift])
	return lo, hi == 0 && lo <= maxWord
}

// splitBig is splitWords without limits.
func splitBig(amount decimal.Decimal, decimals int, weights []Weight) []*big.Int {
	q := newQuotas(amount, decimals, weights)
	for _, i := range q.order[:q.missing] {
		q.floors[i].Add(q.floors[i], bigOne)
	}
	return q.floors
}

// quotas is the working of the method of largest remainders, in smallest units.
type quotas struct {
	floors  []*big.Int // each quotient rounded down
	rests   []*big.Int // what rounding down cut off, in parts of total
	total   *big.Int   // the sum of the weights
	missing int        // how many units the floors fall short by
	order   []int      // the weights in the order in which missing units are given out
}

func newQuotas(amount decimal.Decimal, decimals int, weights []Weight) quotas {
	exp := int32(0)
	for i := range weights {
		exp = min(exp, weights[i].Value.Exponent())
	}
	q := quotas{
		floors: make([]*big.Int, len(weights)),
		rests:  make([]*big.Int, len(weights)),
		total:  new(big.Int),
		order:  make([]int, len(weights)),
	}
	for i := range weights {
		q.order[i] = i
		q.floors[i], q.rests[i] = bigAt(weights[i].Value, exp), new(big.Int)
		q.total.Add(q.total, q.floors[i])
	}
	if q.total.Sign() == 0 { // then the amount is zero too
		return q
	}
	pool := bigAt(amount, -int32(decimals))
	missing := new(big.Int).Set(pool)
	for i, u := range q.floors {
		u.Mul(u, pool)
		u.QuoRem(u, q.total, q.rests[i])
		missing.Sub(missing, u)
	}
	q.missing = int(missing.Int64())
	slices.SortFunc(q.order, func(a, b int) int {
		if c := q.rests[b].Cmp(q.rests[a]); c != 0 {
			return c
		}
		return compareID(weights[a].ID, weights[b].ID)
	})
	return q
}

var bigOne = big.NewInt(1)

// bigAt returns d / 10^exp, which the caller knows to be a whole number.
func bigAt(d decimal.Decimal, exp int32) *big.Int {
	c := d.Coefficient()
	shift := d.Exponent() - exp
	if shift == 0 {
		return c
	}
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(shift, -shift))), nil)
	if shift > 0 {
		return c.Mul(c, power)
	}
	return c.Quo(c, power)
}
