package dividend_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

const census1790 = "VA=630560 MA=475327 PA=432879 NC=353523 NY=331589 MD=278514 CT=236841 SC=206236 NJ=179570 NH=141822 VT=85533 GA=70835 KY=68705 RI=68446 DE=55540"

var methods = []dividend.Method{
	dividend.LargestRemainder, dividend.Webster, dividend.Jefferson, dividend.Adams, dividend.HuntingtonHill, dividend.Listed,
}

func TestTheMethodsGiveThePublishedSeatsOfTheCensusOf1790(t *testing.T) {
	t.Parallel()
	// 105 seats: what the methods have in common, and where they differ.
	for method, want := range map[dividend.Method]string{
		dividend.LargestRemainder: "VA=18 MA=14 PA=13 NC=10 NY=10 MD=8 CT=7 SC=6 NJ=5 NH=4 VT=2 GA=2 KY=2 RI=2 DE=2",
		dividend.Webster:          "VA=18 MA=14 PA=13 NC=10 NY=10 MD=8 CT=7 SC=6 NJ=5 NH=4 VT=2 GA=2 KY=2 RI=2 DE=2",
		dividend.Jefferson:        "VA=19 MA=14 PA=13 NC=10 NY=10 MD=8 CT=7 SC=6 NJ=5 NH=4 VT=2 GA=2 KY=2 RI=2 DE=1",
		dividend.HuntingtonHill:   "VA=18 MA=14 PA=12 NC=10 NY=10 MD=8 CT=7 SC=6 NJ=5 NH=4 VT=3 GA=2 KY=2 RI=2 DE=2",
	} {
		parts, err := dividend.Apportion(method, dec("105"), 0, weights(census1790))
		require.NoError(t, err)
		require.Equal(t, want, list(parts, 0), method)
	}
}

func TestListedOrderServesTheFirstFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ amount, weights, want string }{
		{"10", "z=55 y=30 x=15", "z=6 y=3 x=1"},
		{"101", "z=1 y=1 x=1", "z=34 y=34 x=33"},
		{"5", "z=0 y=1 x=1", "z=0 y=3 x=2"},
	} {
		parts, err := dividend.Apportion(dividend.Listed, dec(c.amount), 0, weights(c.weights))
		require.NoError(t, err)
		require.Equal(t, c.want, list(parts, 0))
	}
}

// naiveDivisor gives unit after unit to the highest priority, as the methods are defined.
func naiveDivisor(method dividend.Method, units int, ws []dividend.Weight) []int64 {
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
		wi, wj := ws[i].Value.Rat(), ws[j].Value.Rat()
		di, dj := square(got[i]), square(got[j])
		wi.Mul(wi, wi)
		wj.Mul(wj, wj)
		var order int
		switch {
		case di.Sign() == 0 && dj.Sign() == 0:
			order = wi.Cmp(wj)
		case di.Sign() == 0:
			return true
		case dj.Sign() == 0:
			return false
		default:
			order = new(big.Rat).Quo(wi, di).Cmp(new(big.Rat).Quo(wj, dj))
		}
		return order > 0 || order == 0 && ws[i].ID < ws[j].ID
	}
	for range units {
		best := -1
		for i := range ws {
			if ws[i].Value.IsPositive() && (best < 0 || before(i, best)) {
				best = i
			}
		}
		got[best]++
	}
	return got
}

func TestDivisorMethodsAgreeWithGivingUnitAfterUnit(t *testing.T) {
	t.Parallel()
	r := random(t)
	for range 10_000 {
		ws := randomWeights(r, 1+r.IntN(6))
		if r.IntN(2) == 0 { // small weights, so that there are many ties
			for i := range ws {
				ws[i].Value = decimal.New(r.Int64N(5), 0)
			}
		}
		if sumWeights(ws).IsZero() {
			ws[0].Value = decimal.New(1, 0)
		}
		units := r.IntN(25)
		method := methods[1+r.IntN(4)]
		parts, err := dividend.Apportion(method, decimal.New(int64(units), -2), 2, ws)
		require.NoError(t, err)
		for i, want := range naiveDivisor(method, units, ws) {
			require.Equal(t, decimal.New(want, -2).String(), parts[i].Amount.String(), "%s, %d units, %v", method, units, ws)
		}
	}
}

func TestEveryMethodKeepsTheSumAndIgnoresScale(t *testing.T) {
	t.Parallel()
	r := random(t)
	for range 2_000 {
		decimals := r.IntN(5)
		ws := randomWeights(r, 1+r.IntN(10))
		if sumWeights(ws).IsZero() {
			ws[0].Value = decimal.New(1, 0)
		}
		amount := randomAmount(r, decimals)
		for _, method := range methods {
			parts, err := dividend.Apportion(method, amount, decimals, ws)
			require.NoError(t, err)
			total := decimal.Zero
			for i, p := range parts {
				require.False(t, p.Amount.IsNegative())
				require.False(t, ws[i].Value.IsZero() && !p.Amount.IsZero(), "%s gives to a weight of zero", method)
				total = total.Add(p.Amount)
				for j, o := range parts {
					if ws[i].Value.GreaterThan(ws[j].Value) && method != dividend.Listed {
						require.False(t, p.Amount.LessThan(o.Amount), "%s: more weight, less money", method)
					}
				}
			}
			require.True(t, total.Equal(amount), method)

			scaled := slices.Clone(ws)
			for i := range scaled {
				scaled[i].Value = scaled[i].Value.Mul(dec("0.7"))
			}
			again, err := dividend.Apportion(method, amount, decimals, scaled)
			require.NoError(t, err)
			require.Equal(t, list(parts, decimals), list(again, decimals), method)
		}
	}
}

func TestDivisorMethodsNeverTakeBackWhenTheAmountGrows(t *testing.T) {
	t.Parallel()
	r := random(t)
	for range 500 {
		ws := randomWeights(r, 5)
		ws[0].Value = ws[0].Value.Add(decimal.New(1, 0))
		for _, method := range methods[1:5] {
			var before []dividend.Part
			for units := range int64(20) {
				parts, err := dividend.Apportion(method, decimal.New(units, 0), 0, ws)
				require.NoError(t, err)
				for i := range before {
					require.False(t, parts[i].Amount.LessThan(before[i].Amount), "%s at %d units of %v", method, units, ws)
				}
				before = parts
			}
		}
	}
}

func TestDivisorMethodsMayBeMoreThanAUnitAwayFromTheExactShare(t *testing.T) {
	t.Parallel()
	// Jefferson gives the large weight two units more than its exact share of 8.6 rounded down.
	parts, err := dividend.Apportion(dividend.Jefferson, dec("10"), 0, weights("a=86 b=2 c=3 d=3 e=3 f=3"))
	require.NoError(t, err)
	require.Equal(t, "a=10 b=0 c=0 d=0 e=0 f=0", list(parts, 0))
}

func TestAnUnknownMethodIsRefused(t *testing.T) {
	t.Parallel()
	_, err := dividend.Apportion("coin toss", dec("1"), 0, weights("a=1"))
	require.ErrorIs(t, err, dividend.ErrRule)
	require.ErrorContains(t, err, `dividend: apportion: method "coin toss": must be one of largest-remainder, webster`)
	_, err = dividend.Apportion(dividend.Adams, dec("1"), 0, weights("a=0"))
	require.ErrorIs(t, err, dividend.ErrNoWeight)
	parts, err := dividend.Apportion(dividend.Adams, dec("0"), 0, weights("a=0"))
	require.NoError(t, err)
	require.Equal(t, "a=0", list(parts, 0))
}
