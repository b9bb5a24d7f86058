package dividend_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

// bounds makes one pair of bounds for each weight; an empty cap is none.
func bounds(n int, floor string, caps ...string) []dividend.Bounds {
	out := make([]dividend.Bounds, n)
	for i := range out {
		if floor != "" {
			out[i].Floor = dec(floor)
		}
		if len(caps) > 0 {
			most := dec(caps[i%len(caps)])
			out[i].Cap = &most
		}
	}
	return out
}

func TestWaterFillingGivesTheKnownAmounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amount, weights string
		bounds          []dividend.Bounds
		want, left      string
	}{
		"cap":           {"100", "a=50 b=30 c=20", bounds(3, "", "40"), "a=40 b=36 c=24", "0"},
		"cap and floor": {"1000", "a=60 b=30 c=9 d=1", bounds(4, "50", "400"), "a=400 b=400 c=150 d=50", "0"},
		"caps too low":  {"100", "a=90 b=8 c=2", bounds(3, "", "50", "30", "15"), "a=50 b=30 c=15", "5"},
		"no bound":      {"100", "a=1 b=1 c=1", bounds(3, ""), "a=34 b=33 c=33", "0"},
		"floors only":   {"30", "a=0 b=5 c=1", bounds(3, "10"), "a=10 b=10 c=10", "0"},
		"floor of zero weight": {
			"100", "a=0 b=1", []dividend.Bounds{{Floor: dec("10")}, {}}, "a=10 b=90", "0",
		},
		"a unit never goes over a cap": {"11", "a=1 b=1 c=1", bounds(3, "", "3", "9", "9"), "a=3 b=4 c=4", "0"},
		"nothing":                      {"0", "a=0", bounds(1, ""), "a=0", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := dividend.SplitBounded(dec(c.amount), 0, weights(c.weights), c.bounds)
			require.NoError(t, err)
			require.Equal(t, c.want, list(b.Parts, 0))
			require.Equal(t, c.left, b.Left.String())
		})
	}
}

func TestWaterFillingKeepsBoundsAndAgreesWithExactRationals(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		n := 1 + r.IntN(7)
		ws := randomClaims(r, n)
		bs := make([]dividend.Bounds, n)
		floors := int64(0)
		for i := range bs {
			if r.IntN(3) == 0 {
				f := r.Int64N(40)
				floors += f
				bs[i].Floor = decimal.New(f, -2)
			}
			if r.IntN(2) == 0 {
				c := bs[i].Floor.Add(decimal.New(r.Int64N(200), -2))
				bs[i].Cap = &c
			}
		}
		amount := decimal.New(floors+r.Int64N(1000), -2)
		b, err := dividend.SplitBounded(amount, 2, ws, bs)
		require.NoError(t, err)
		want, left := naiveBounded(amount, 2, exactly(ws), bs)
		require.True(t, left.Equal(b.Left), "%s is left, naive %s", b.Left, left)
		total := b.Left
		for i, p := range b.Parts {
			require.True(t, want[i].Equal(p.Amount), "%s gets %s, naive %s", p.ID, p.Amount, want[i])
			require.False(t, p.Amount.LessThan(bs[i].Floor), "below the floor")
			require.False(t, bs[i].Cap != nil && p.Amount.GreaterThan(*bs[i].Cap), "above the cap")
			total = total.Add(p.Amount)
		}
		require.True(t, total.Equal(amount), "%s placed or left of %s", total, amount)
		if b.Left.IsPositive() {
			for i, w := range ws {
				require.True(t, w.Value.IsZero() || bs[i].Cap != nil && b.Parts[i].Amount.Equal(*bs[i].Cap), "something is left though %s is below the cap", w.ID)
			}
		}
	}
}

func TestFloorsAboveTheAmountAreRefusedWithTheGap(t *testing.T) {
	t.Parallel()
	_, err := dividend.SplitBounded(dec("100"), 2, weights("a=1 b=1"), bounds(2, "60.50"))
	require.ErrorIs(t, err, dividend.ErrBounds)
	require.ErrorIs(t, err, dividend.ErrInput)
	require.ErrorContains(t, err, `dividend: split within bounds: floors "121": ask for 21 more than the amount of 100`)
}

func TestBadBoundsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amount, weights string
		bounds          []dividend.Bounds
		is              error
		text            string
	}{
		"cap below floor": {"100", "a=1", bounds(1, "5", "4"), dividend.ErrInput, `recipient "a": cap "4": must not be below the floor of 5`},
		"fine floor":      {"100", "a=1", bounds(1, "0.001"), dividend.ErrInput, `recipient "a": floor "0.001": must not have more than 2 decimals`},
		"negative floor":  {"100", "a=1", bounds(1, "-1"), dividend.ErrInput, `floor "-1"`},
		"fine cap":        {"100", "a=1", bounds(1, "", "0.001"), dividend.ErrInput, `cap "0.001"`},
		"too few":         {"100", "a=1 b=1", bounds(1, ""), dividend.ErrInput, `bounds "1": must be as many as the 2 weights`},
		"no weight":       {"100", "a=0", bounds(1, "5"), dividend.ErrNoWeight, `none of 1 recipients`},
		"negative amount": {"-1", "a=1", bounds(1, ""), dividend.ErrInput, `amount "-1"`},
		"twice":           {"1", "a=1 a=1", bounds(2, ""), dividend.ErrInput, `given twice`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := dividend.SplitBounded(dec(c.amount), 2, weights(c.weights), c.bounds)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.text)
		})
	}
}

func TestNeedsAreServedTheSmallestFirst(t *testing.T) {
	t.Parallel()
	b, err := dividend.SplitNeeds(dec("10.00"), 2, weights("a=2 b=2.60 c=4 d=5"))
	require.NoError(t, err)
	require.Equal(t, "a=2.00 b=2.60 c=2.70 d=2.70", list(b.Parts, 2))
	b, err = dividend.SplitNeeds(dec("20.00"), 2, weights("a=2 b=5"))
	require.NoError(t, err)
	require.Equal(t, "a=2.00 b=5.00", list(b.Parts, 2))
	require.Equal(t, "13", b.Left.String())
}

func TestNeedsAreServedAsExactRationalsSay(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		needs := make([]dividend.Weight, 1+r.IntN(6))
		for i, k := range r.Perm(len(needs)) {
			needs[i] = dividend.Weight{ID: fmt.Sprint("m", k), Value: decimal.New(r.Int64N(400), -2)}
		}
		amount := decimal.New(r.Int64N(1000), -2)
		b, err := dividend.SplitNeeds(amount, 2, needs)
		require.NoError(t, err)
		total := b.Left
		for i, p := range b.Parts {
			total = total.Add(p.Amount)
			require.False(t, p.Amount.IsNegative() || p.Amount.GreaterThan(needs[i].Value))
		}
		require.True(t, total.Equal(amount))
		for i, p := range b.Parts {
			if p.Amount.LessThan(needs[i].Value) {
				require.True(t, b.Left.IsZero(), "something is left though %s needs more", p.ID)
				for _, o := range b.Parts {
					require.False(t, o.Amount.Sub(p.Amount).GreaterThan(dec("0.01")), "%s has more than %s, who needs more", o.ID, p.ID)
				}
			}
		}
	}
}
