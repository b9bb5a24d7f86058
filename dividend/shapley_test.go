package dividend_test

import (
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

// gloves: player 0 has a left glove, the others right ones; a pair is worth 1.
func gloves(c uint32) decimal.Decimal {
	if c&1 == 1 && c&^1 != 0 {
		return decimal.New(1, 0)
	}
	return decimal.Zero
}

func TestTheGloveGameHasItsKnownValue(t *testing.T) {
	t.Parallel()
	got, err := dividend.Shapley([]string{"left", "r1", "r2"}, gloves)
	require.NoError(t, err)
	require.Equal(t, "0.666666666666666667", got[0].Value.String())
	require.Equal(t, "0.166666666666666667", got[1].Value.String())
	require.Equal(t, "0.166666666666666667", got[2].Value.String())
}

// naiveShapley goes through all orders of the players.
func naiveShapley(n int, v []decimal.Decimal) []*big.Rat {
	sums, orders := make([]*big.Rat, n), int64(0)
	for i := range sums {
		sums[i] = new(big.Rat)
	}
	order := make([]int, 0, n)
	var visit func(c uint32)
	visit = func(c uint32) {
		if len(order) == n {
			orders++
			before := uint32(0)
			for _, i := range order {
				sums[i].Add(sums[i], v[before|1<<i].Sub(v[before]).Rat())
				before |= 1 << i
			}
			return
		}
		for i := range n {
			if c>>i&1 == 0 {
				order = append(order, i)
				visit(c | 1<<i)
				order = order[:len(order)-1]
			}
		}
	}
	visit(0)
	for _, s := range sums {
		s.Quo(s, big.NewRat(orders, 1))
	}
	return sums
}

func TestShapleyKeepsItsAxiomsAndAgreesWithAllOrders(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		n := 1 + r.IntN(4)
		players := make([]string, n)
		for i := range players {
			players[i] = fmt.Sprint("p", i)
		}
		v := make([]decimal.Decimal, 1<<n)
		for c := range v[1:] {
			v[c+1] = decimal.New(r.Int64N(200)-50, -1)
		}
		null := r.IntN(n)
		for c := range v {
			if c>>null&1 == 1 { // adds nothing to anybody
				v[c] = v[c&^(1<<null)]
			}
		}
		value := func(c uint32) decimal.Decimal { return v[c] }
		got, err := dividend.Shapley(players, value)
		require.NoError(t, err)
		sum := decimal.Zero
		for i, want := range naiveShapley(n, v) {
			gap := new(big.Rat).Sub(want, got[i].Value.Rat())
			require.LessOrEqual(t, gap.Abs(gap).Cmp(decimal.New(5, -19).Rat()), 0)
			sum = sum.Add(got[i].Value)
		}
		require.True(t, got[null].Value.IsZero(), "who adds nothing gets nothing")
		require.LessOrEqual(t, sum.Sub(v[len(v)-1]).Abs().Cmp(decimal.New(int64(n), -18)), 0, "all that was made is shared")

		doubled, err := dividend.Shapley(players, func(c uint32) decimal.Decimal { return v[c].Add(v[c]) })
		require.NoError(t, err)
		for i := range doubled {
			require.LessOrEqual(t, doubled[i].Value.Sub(got[i].Value.Add(got[i].Value)).Abs().Cmp(decimal.New(2, -18)), 0, "games add up")
		}
	}
}

func TestShapleyTakesTwentyPlayers(t *testing.T) {
	t.Parallel()
	players := make([]string, dividend.MaxPlayers)
	for i := range players {
		players[i] = fmt.Sprint("p", i)
	}
	// A majority of the players is worth 20, so each of them is worth 1.
	got, err := dividend.Shapley(players, func(c uint32) decimal.Decimal {
		if bits.OnesCount32(c) > 10 {
			return decimal.New(20, 0)
		}
		return decimal.Zero
	})
	require.NoError(t, err)
	for _, w := range got {
		require.Equal(t, "1", w.Value.String())
	}
	_, err = dividend.Shapley(append(players, "one more"), gloves)
	require.ErrorIs(t, err, dividend.ErrLimit)
}

func TestSampledValuesLieWithinTheirMargin(t *testing.T) {
	t.Parallel()
	value := func(c []bool) decimal.Decimal {
		if c[0] && slices.Contains(c[1:], true) {
			return decimal.New(1, 0)
		}
		return decimal.Zero
	}
	players := []string{"left", "r1", "r2", "r3"}
	got, err := dividend.ShapleySampled(players, 20_000, 7, value)
	require.NoError(t, err)
	sum := decimal.Zero
	for i, want := range []float64{0.75, 0.25 / 3, 0.25 / 3, 0.25 / 3} {
		require.InDelta(t, want, got[i].Value.InexactFloat64(), 3*got[i].Margin)
		require.Less(t, got[i].Margin, 0.01)
		require.Positive(t, got[i].Margin)
		sum = sum.Add(got[i].Value)
	}
	require.Equal(t, "1", sum.String())
	again, err := dividend.ShapleySampled(players, 20_000, 7, value)
	require.NoError(t, err)
	require.Equal(t, got, again)
}

func TestShapleyRefusesBadInput(t *testing.T) {
	t.Parallel()
	_, err := dividend.Shapley([]string{"a", "a"}, gloves)
	require.ErrorContains(t, err, `shapley: player "a": given twice`)
	_, err = dividend.Shapley([]string{""}, gloves)
	require.ErrorIs(t, err, dividend.ErrInput)
	_, err = dividend.Shapley([]string{"a"}, func(uint32) decimal.Decimal { return decimal.New(1, 1<<30) })
	require.ErrorIs(t, err, dividend.ErrLimit)
	zero := func([]bool) decimal.Decimal { return decimal.Zero }
	for _, samples := range []int{-1, 0, 1, dividend.MaxSamples + 1} {
		_, err = dividend.ShapleySampled([]string{"a"}, samples, 0, zero)
		require.ErrorIs(t, err, dividend.ErrLimit)
	}
	_, err = dividend.ShapleySampled(make([]string, dividend.MaxSampledPlayers+1), 2, 0, zero)
	require.ErrorIs(t, err, dividend.ErrLimit)
	_, err = dividend.ShapleySampled([]string{"a"}, 2, 0, func([]bool) decimal.Decimal { return decimal.New(1, 1<<30) })
	require.ErrorIs(t, err, dividend.ErrLimit)
	_, err = dividend.ShapleySampled(nil, 2, 0, func([]bool) decimal.Decimal { return decimal.New(1, 1<<30) })
	require.ErrorIs(t, err, dividend.ErrLimit)
	none, err := dividend.Shapley(nil, gloves)
	require.NoError(t, err)
	require.Empty(t, none)
}
