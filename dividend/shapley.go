package dividend

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"

	"github.com/shopspring/decimal"
)

// Limits of Shapley values.
const (
	// MaxPlayers is the largest number of players of [Shapley]; it asks for the value of 2^MaxPlayers coalitions.
	MaxPlayers = 20
	// MaxSampledPlayers is the largest number of players of [ShapleySampled].
	MaxSampledPlayers = 10_000
	// MaxSamples is the largest number of sampled orders.
	MaxSamples = 10_000_000
	// ShapleyPlaces is the number of decimal places that Shapley values are rounded to.
	ShapleyPlaces = 18
)

// Shapley returns the Shapley value of each player, in their order: the mean of what a player adds to the value of
// those who came before, over all orders in which the players can come (Shapley 1953),
//
//	φ_i = Σ over S without i of |S|!·(n − |S| − 1)!/n! · (v(S ∪ {i}) − v(S))
//
// computed exactly and rounded half up to [ShapleyPlaces] places. The values add up to v(all) − v(none), up to that
// rounding; they may be negative when somebody makes a coalition worse.
//
// value is called once for each of the 2^n coalitions; bit i of its argument says whether player i belongs. It must
// give the same answer to the same question. It takes time proportional to n·2^n. The error wraps [ErrInput] for bad
// identifiers, [ErrLimit] for more than [MaxPlayers] players or values beyond the limits.
func Shapley(players []string, value func(coalition uint32) decimal.Decimal) ([]Weight, error) {
	const in = "shapley"
	n := len(players)
	if n > MaxPlayers {
		return nil, &Error{In: in, Field: "players", Value: fmt.Sprint(n), Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d; sample above", MaxPlayers)}
	}
	if err := checkPlayers(in, players); err != nil {
		return nil, err
	}
	// all[s] is the sum of the values of coalitions of s players, with[i][s] of those that i belongs to, in units of
	// 10^-MaxPlaces.
	all := make([]big.Int, n+1)
	with := make([][]big.Int, n)
	for i := range with {
		with[i] = make([]big.Int, n+1)
	}
	for c := range uint32(1) << n {
		v := value(c)
		if err := checkNumber("", "value", v); err != nil {
			return nil, within(fmt.Sprintf("%s: coalition %b", in, c), err)
		}
		if v.IsZero() {
			continue
		}
		units, size := bigAt(v, -MaxPlaces), bits.OnesCount32(c)
		all[size].Add(&all[size], units)
		for left := c; left != 0; left &= left - 1 {
			sum := &with[bits.TrailingZeros32(left)][size]
			sum.Add(sum, units)
		}
	}
	factorial := func(k int) *big.Int { return new(big.Int).MulRange(1, int64(k)) }
	scale := bigAt(one, -MaxPlaces)
	scale.Mul(scale, factorial(n))
	out := make([]Weight, n)
	for i := range n {
		sum := new(big.Int)
		term := func(units *big.Int, before, after int) {
			f := factorial(before)
			sum.Add(sum, f.Mul(f, factorial(after)).Mul(f, units))
		}
		for s := range n + 1 {
			if s > 0 {
				term(&with[i][s], s-1, n-s)
			}
			if s < n {
				term(new(big.Int).Sub(&with[i][s], &all[s]), s, n-s-1)
			}
		}
		out[i] = Weight{ID: players[i], Value: roundRat(new(big.Rat).SetFrac(sum, scale), ShapleyPlaces)}
	}
	return out, nil
}

func checkPlayers(in string, players []string) error {
	for i, p := range players {
		if err := checkID("", "id", p); err != nil {
			return within(fmt.Sprintf("%s: player %d", in, i+1), err)
		}
	}
	if id, twice := duplicate(len(players), func(i int) string { return players[i] }); twice {
		return inputError(in, "player", id, "given twice")
	}
	return nil
}

// Estimate is a Shapley value estimated from a sample of orders.
type Estimate struct {
	ID string `json:"id"`
	// Value is the mean of what the player added, rounded half up to [ShapleyPlaces] places. The values of all
	// players add up to v(all) − v(none), up to that rounding, as exact ones do.
	Value decimal.Decimal `json:"value"`
	// Margin is half the width of a 95 % confidence interval around Value: 1.96 standard errors of the mean.
	Margin float64 `json:"margin"`
}

// ShapleySampled estimates Shapley values from random orders of the players (Castro, Gómez and Tejada 2009). value
// is called samples × players times with the players that came so far, in a slice that is true for those who belong;
// it must not keep or change it. The same seed gives the same estimates.
//
// The error wraps [ErrInput] for bad identifiers and [ErrLimit] beyond [MaxSampledPlayers] and [MaxSamples], or with
// fewer than two samples, which say nothing about the margin.
func ShapleySampled(players []string, samples int, seed uint64, value func(coalition []bool) decimal.Decimal) ([]Estimate, error) {
	const in = "shapley"
	n := len(players)
	if n > MaxSampledPlayers {
		return nil, &Error{In: in, Field: "players", Value: fmt.Sprint(n), Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxSampledPlayers)}
	}
	if samples < 2 || samples > MaxSamples {
		return nil, &Error{In: in, Field: "samples", Value: fmt.Sprint(samples), Err: ErrLimit, Reason: fmt.Sprintf("must be between 2 and %d", MaxSamples)}
	}
	if err := checkPlayers(in, players); err != nil {
		return nil, err
	}
	var (
		r       = rand.New(rand.NewPCG(seed, 0))
		sums    = make([]decimal.Decimal, n)
		mean    = make([]float64, n) // running mean and sum of squared distances (Welford 1962), for the margin
		squares = make([]float64, n)
		present = make([]bool, n)
		order   = make([]int, n)
	)
	for i := range order {
		order[i] = i
	}
	nobody := value(present)
	if err := checkNumber(in, "value", nobody); err != nil {
		return nil, err
	}
	for k := range samples {
		r.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
		clear(present)
		before := nobody
		for _, i := range order {
			present[i] = true
			v := value(present)
			if err := checkNumber(in, "value", v); err != nil {
				return nil, err
			}
			added := v.Sub(before)
			before = v
			sums[i] = sums[i].Add(added)
			x := added.InexactFloat64()
			d := x - mean[i]
			mean[i] += d / float64(k+1)
			squares[i] += float64(d * (x - mean[i]))
		}
	}
	out := make([]Estimate, n)
	count := decimal.New(int64(samples), 0)
	for i, p := range players {
		variance := squares[i] / float64(samples-1)
		out[i] = Estimate{ID: p, Value: sums[i].DivRound(count, ShapleyPlaces), Margin: 1.96 * math.Sqrt(variance/float64(samples))}
	}
	return out, nil
}
