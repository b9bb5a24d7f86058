package dividend_test

import (
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

func TestDivisorMethodsAgreeWithGivingUnitAfterUnit(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		ws := randomClaims(r, 1+r.IntN(6))
		if r.IntN(2) == 0 { // small weights, so that there are many ties
			for i := range ws {
				ws[i].Value = decimal.New(1+r.Int64N(5), 0)
			}
		}
		units := r.IntN(25)
		method := methods[1+r.IntN(4)]
		parts, err := dividend.Apportion(method, decimal.New(int64(units), -2), 2, ws)
		require.NoError(t, err)
		for i, want := range naiveDivisor(method, units, exactly(ws)) {
			require.Equal(t, decimal.New(want, -2).String(), parts[i].Amount.String(), "%s, %d units, %v", method, units, ws)
		}
	}
}

func TestEveryMethodKeepsItsPromisesOnRandomCases(t *testing.T) {
	t.Parallel()
	for _, method := range methods {
		t.Run(string(method), func(t *testing.T) {
			t.Parallel()
			for r := range cases(t) {
				decimals := r.IntN(19)
				ws := randomClaims(r, 1+r.IntN(6))
				amount := randomAmount(r, decimals)
				parts, err := dividend.Apportion(method, amount, decimals, ws)
				require.NoError(t, err)
				total, unit := decimal.Zero, decimal.New(1, -int32(decimals))
				for i, p := range parts {
					require.False(t, p.Amount.IsNegative())
					require.False(t, ws[i].Value.IsZero() && !p.Amount.IsZero(), "gives to a weight of zero")
					total = total.Add(p.Amount)
					for j, o := range parts[:i] {
						gap := p.Amount.Sub(o.Amount)
						switch order := ws[i].Value.Cmp(ws[j].Value); {
						case order == 0:
							require.False(t, gap.Abs().GreaterThan(unit), "equal weights, more than a unit apart")
						case method != dividend.Listed:
							require.NotEqual(t, -order, gap.Sign(), "more weight, less money")
						}
					}
				}
				require.True(t, total.Equal(amount))

				changed := slices.Clone(ws)
				for i := range changed {
					changed[i].Value = changed[i].Value.Mul(dec("0.7"))
				}
				if method != dividend.Listed {
					r.Shuffle(len(changed), func(i, j int) { changed[i], changed[j] = changed[j], changed[i] })
				}
				again, err := dividend.Apportion(method, amount, decimals, changed)
				require.NoError(t, err)
				requireSameParts(t, parts, again, "order or a common factor changed the parts")
			}
		})
	}
}

func TestInListedOrderMoreWeightMayGetLess(t *testing.T) {
	t.Parallel()
	// The first is served first: one unit for the smaller weight, none for the larger.
	parts, err := dividend.Apportion(dividend.Listed, dec("1"), 0, weights("a=1 b=2"))
	require.NoError(t, err)
	require.Equal(t, "a=1 b=0", list(parts, 0))
}

func TestDivisorMethodsNeverTakeBackWhenTheAmountGrows(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		ws := randomClaims(r, 1+r.IntN(5))
		units := r.Int64N(50)
		for _, method := range methods[1:5] {
			before, err := dividend.Apportion(method, decimal.New(units, 0), 0, ws)
			require.NoError(t, err)
			after, err := dividend.Apportion(method, decimal.New(units+1, 0), 0, ws)
			require.NoError(t, err)
			for i := range before {
				require.False(t, after[i].Amount.LessThan(before[i].Amount), "%s at %d units of %v", method, units, ws)
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
