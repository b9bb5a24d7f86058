package dividend_test

import (
	"flag"
	"fmt"
	"iter"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

// This file holds what tests of properties share: random cases, and the rules of the package written a second time, in
// exact rationals and as plainly as their definitions.

var seed = flag.Uint64("seed", 0, "the seed of the random cases to repeat; 0 draws another one")

// random returns a source of randomness that differs from run to run and says how to repeat it.
func random(t testing.TB) *rand.Rand {
	t.Helper()
	s := *seed
	for s == 0 {
		s = rand.Uint64()
	}
	t.Logf("to repeat: -seed %d", s)
	return rand.New(rand.NewPCG(s, 0))
}

// cases yields a source of randomness ten thousand times, a tenth of that under the race detector: once for each random case that a property is tested on.
func cases(t testing.TB) iter.Seq[*rand.Rand] {
	t.Helper()
	r, n := random(t), 10_000
	if underRace {
		n /= 10
	}
	return func(yield func(*rand.Rand) bool) {
		for range n {
			if !yield(r) {
				return
			}
		}
	}
}

// randomWeights draws n weights of one of several shapes: small, equal, with decimals, zeros, huge, far apart.
func randomWeights(r *rand.Rand, n int) []dividend.Weight {
	ws := make([]dividend.Weight, n)
	shape := r.IntN(6)
	for i, k := range r.Perm(n) {
		var v decimal.Decimal
		switch shape {
		case 0:
			v = decimal.New(r.Int64N(10), 0)
		case 1:
			v = decimal.New(7, 0)
		case 2:
			v = decimal.New(r.Int64N(1_000_000), -int32(r.IntN(6)))
		case 3:
			v = decimal.New(max(0, r.Int64N(20)-10), 0)
		case 4:
			v = decimal.New(r.Int64N(1<<62), 9)
		default:
			v = decimal.New(r.Int64N(1000), int32(r.IntN(40)-20))
		}
		ws[i] = dividend.Weight{ID: fmt.Sprintf("m%03d", k), Value: v}
	}
	return ws
}

// randomClaims draws weights at least one of which is above zero.
func randomClaims(r *rand.Rand, n int) []dividend.Weight {
	ws := randomWeights(r, n)
	if sumWeights(ws).IsZero() {
		ws[0].Value = decimal.New(1, 0)
	}
	return ws
}

func randomAmount(r *rand.Rand, decimals int) decimal.Decimal {
	switch r.IntN(4) {
	case 0:
		return decimal.New(r.Int64N(100), -int32(decimals))
	case 1:
		return decimal.New(r.Int64N(1<<62), -int32(decimals))
	case 2:
		return decimal.New(r.Int64N(1<<62), 12-int32(decimals))
	default:
		return decimal.New(r.Int64N(1_000_000), -int32(decimals))
	}
}

func sumWeights(ws []dividend.Weight) decimal.Decimal {
	total := decimal.Zero
	for _, w := range ws {
		total = total.Add(w.Value)
	}
	return total
}

// requireSameParts checks that everybody has the same amount in both.
func requireSameParts(t *testing.T, one, two []dividend.Part, why string) {
	t.Helper()
	require.Len(t, two, len(one))
	amounts := make(map[string]decimal.Decimal, len(two))
	for _, p := range two {
		amounts[p.ID] = p.Amount
	}
	for _, p := range one {
		other, ok := amounts[p.ID]
		require.True(t, ok && other.Equal(p.Amount), "%s: %s has %s and %s", why, p.ID, p.Amount, other)
	}
}

// claim is a weight as a rational.
type claim struct {
	id     string
	weight *big.Rat
}

func exactly(ws []dividend.Weight) []claim {
	out := make([]claim, len(ws))
	for i, w := range ws {
		out[i] = claim{w.ID, w.Value.Rat()}
	}
	return out
}

// unitsOf returns the amount in smallest units.
func unitsOf(amount decimal.Decimal, decimals int) *big.Int {
	return amount.Shift(int32(decimals)).BigInt()
}

// naiveSplit is the textbook method of largest remainders.
func naiveSplit(amount decimal.Decimal, decimals int, ws []claim) []decimal.Decimal {
	total := new(big.Rat)
	for _, w := range ws {
		total.Add(total, w.weight)
	}
	pool := unitsOf(amount, decimals)
	units, rests := make([]*big.Int, len(ws)), make([]*big.Rat, len(ws))
	missing := new(big.Int).Set(pool)
	for i, w := range ws {
		q := new(big.Rat)
		if total.Sign() > 0 {
			q.SetInt(pool).Mul(q, w.weight).Quo(q, total)
		}
		units[i] = new(big.Int).Div(q.Num(), q.Denom())
		rests[i] = q.Sub(q, new(big.Rat).SetInt(units[i]))
		missing.Sub(missing, units[i])
	}
	for ; missing.Sign() > 0; missing.Sub(missing, big.NewInt(1)) {
		best := -1
		for i := range ws {
			if best < 0 || rests[i].Cmp(rests[best]) > 0 || rests[i].Cmp(rests[best]) == 0 && ws[i].id < ws[best].id {
				best = i
			}
		}
		units[best].Add(units[best], big.NewInt(1))
		rests[best].SetInt64(-1)
	}
	out := make([]decimal.Decimal, len(ws))
	for i, u := range units {
		out[i] = decimal.NewFromBigInt(u, -int32(decimals))
	}
	return out
}

// naiveDivisor gives unit after unit to the highest priority, as the methods are defined.
func naiveDivisor(method dividend.Method, units int, ws []claim) []int64 {
	got := make([]int64, len(ws))
	// square returns the square of the divisor of somebody who has a units.
	square := func(a int64) *big.Rat {
		switch method {
		case dividend.Webster:
			return big.NewRat((2*a+1)*(2*a+1), 4)
		case dividend.Jefferson:
			return big.NewRat((a+1)*(a+1), 1)
		case dividend.Adams:
			return big.NewRat(a*a, 1)
		default:
			return big.NewRat(a*(a+1), 1)
		}
	}
	before := func(i, j int) bool {
		wi, wj := new(big.Rat).Mul(ws[i].weight, ws[i].weight), new(big.Rat).Mul(ws[j].weight, ws[j].weight)
		di, dj := square(got[i]), square(got[j])
		var order int
		switch {
		case di.Sign() == 0 && dj.Sign() == 0:
			order = wi.Cmp(wj)
		case di.Sign() == 0:
			return true
		case dj.Sign() == 0:
			return false
		default:
			order = wi.Quo(wi, di).Cmp(wj.Quo(wj, dj))
		}
		return order > 0 || order == 0 && ws[i].id < ws[j].id
	}
	for range units {
		best := -1
		for i := range ws {
			if ws[i].weight.Sign() > 0 && (best < 0 || before(i, best)) {
				best = i
			}
		}
		got[best]++
	}
	return got
}

// naiveBounded freezes whoever is out of bounds, again and again, always only the side that is further out. Whoever is
// never frozen shares the rest.
func naiveBounded(amount decimal.Decimal, decimals int, ws []claim, bs []dividend.Bounds) (parts []decimal.Decimal, left decimal.Decimal) {
	parts = make([]decimal.Decimal, len(ws))
	free := make([]bool, len(ws))
	for i := range ws {
		free[i], parts[i] = ws[i].weight.Sign() > 0, bs[i].Floor
	}
	for {
		pool, total := amount, new(big.Rat)
		for i := range ws {
			if free[i] {
				total.Add(total, ws[i].weight)
			} else {
				pool = pool.Sub(parts[i])
			}
		}
		if total.Sign() == 0 {
			return parts, pool
		}
		over, under := new(big.Rat), new(big.Rat)
		beyond := make([]int, len(ws))
		for i, w := range ws {
			if !free[i] {
				continue
			}
			share := new(big.Rat).Mul(pool.Rat(), w.weight)
			share.Quo(share, total)
			if f := bs[i].Floor.Rat(); share.Cmp(f) < 0 {
				under.Add(under, f).Sub(under, share)
				beyond[i] = -1
			}
			if c := bs[i].Cap; c != nil && share.Cmp(c.Rat()) > 0 {
				over.Add(over, share).Sub(over, c.Rat())
				beyond[i] = 1
			}
		}
		if over.Sign() == 0 && under.Sign() == 0 {
			var rest []claim
			for i, w := range ws {
				if free[i] {
					rest = append(rest, w)
				}
			}
			shared := naiveSplit(pool, decimals, rest)
			for i := range ws {
				if free[i] {
					parts[i], shared = shared[0], shared[1:]
				}
			}
			return parts, decimal.Zero
		}
		for i := range ws {
			switch {
			case over.Cmp(under) >= 0 && beyond[i] > 0:
				parts[i], free[i] = *bs[i].Cap, false
			case over.Cmp(under) < 0 && beyond[i] < 0:
				parts[i], free[i] = bs[i].Floor, false
			}
		}
	}
}

// naiveCounted is what weights count for, with divisions.
func naiveCounted(s dividend.Sharing, ws []dividend.Weight) []claim {
	out := exactly(ws)
	highest, total := new(big.Rat), new(big.Rat)
	for _, w := range out {
		if w.weight.Cmp(highest) > 0 {
			highest.Set(w.weight)
		}
	}
	for i := range out {
		if s.Ratio != nil && out[i].weight.Sign() > 0 {
			if least := new(big.Rat).Quo(highest, s.Ratio.Rat()); out[i].weight.Cmp(least) < 0 {
				out[i].weight = least
			}
		}
		total.Add(total, out[i].weight)
	}
	if s.Equal == nil {
		return out
	}
	for i := range out {
		share := new(big.Rat)
		if total.Sign() > 0 {
			share.Quo(out[i].weight, total)
		}
		share.Mul(share, new(big.Rat).Sub(big.NewRat(1, 1), s.Equal.Rat()))
		out[i].weight = share.Add(share, new(big.Rat).Mul(s.Equal.Rat(), big.NewRat(1, int64(len(ws)))))
	}
	return out
}

// naiveUnits is the number of smallest units up to which naiveDivide gives unit after unit.
const naiveUnits = 100

// naiveDivide is a sharing rule. Divisor methods are only carried out unit by unit for a few units; for more, the rule
// answers for itself.
func naiveDivide(s dividend.Sharing, amount decimal.Decimal, decimals int, ws []dividend.Weight) (parts []decimal.Decimal, left decimal.Decimal) {
	counted := naiveCounted(s, ws)
	if s.Method != "" && s.Method != dividend.LargestRemainder {
		parts = make([]decimal.Decimal, len(ws))
		if units := unitsOf(amount, decimals); units.IsInt64() && units.Int64() <= naiveUnits {
			for i, u := range naiveDivisor(s.Method, int(units.Int64()), counted) {
				parts[i] = decimal.New(u, -int32(decimals))
			}
			return parts, decimal.Zero
		}
		given, _, _ := s.Divide(amount, decimals, ws)
		for i, p := range given {
			parts[i] = p.Amount
		}
		return parts, decimal.Zero
	}
	bs, lowest := make([]dividend.Bounds, len(ws)), decimal.Zero
	for i, w := range ws {
		if s.Floor != nil {
			bs[i].Floor = *s.Floor
			lowest = lowest.Add(*s.Floor)
		}
		bs[i].Cap = s.Cap
		if s.PerPoint != nil {
			most := decimal.Max(s.PerPoint.Mul(w.Value).RoundFloor(int32(decimals)), bs[i].Floor)
			if s.Cap == nil || most.LessThan(*s.Cap) {
				bs[i].Cap = &most
			}
		}
	}
	if lowest.GreaterThan(amount) { // less than all floors together: equal parts
		for i := range counted {
			counted[i].weight = big.NewRat(1, 1)
		}
		return naiveSplit(amount, decimals, counted), decimal.Zero
	}
	return naiveBounded(amount, decimals, counted, bs)
}
