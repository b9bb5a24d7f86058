package dividend_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func amounts(values ...string) []decimal.Decimal {
	out := make([]decimal.Decimal, len(values))
	for i, v := range values {
		out[i] = dec(v)
	}
	return out
}

// ineq is the vector of the example of R's package ineq.
var ineq = amounts("541", "1463", "2445", "3438", "4437", "5401", "6392", "8304", "11904", "22261")

func TestMeasuresGiveThePublishedValues(t *testing.T) {
	t.Parallel()
	m, err := dividend.Measure(ineq)
	require.NoError(t, err)
	require.Equal(t, "0.4620911", m.Gini.StringFixed(7))
	require.Equal(t, "0.3378067", m.Hoover.StringFixed(7))
	require.Equal(t, "0.1840812", m.Herfindahl.StringFixed(7))
	require.Equal(t, "2.8224927", m.Palma.StringFixed(7))
	require.Equal(t, "0.5432384", m.Jain.StringFixed(7))
	require.InDelta(t, 0.3623412, m.TheilT, 5e-8)
	require.InDelta(t, 0.4335946, *m.TheilL, 5e-8)
	require.Equal(t, "66586", m.Sum.String())
	require.Equal(t, "6658.6", m.Mean.String())
	for aversion, want := range map[float64]float64{0.5: 0.1796591, 1: 0.3518251, 0: 0} {
		a, err := dividend.Atkinson(ineq, aversion)
		require.NoError(t, err)
		require.InDelta(t, want, a, 5e-8)
	}
}

func TestMeasuresAtTheirEnds(t *testing.T) {
	t.Parallel()
	equal, err := dividend.Measure(amounts("5", "5", "5", "5"))
	require.NoError(t, err)
	require.True(t, equal.Gini.IsZero() && equal.Hoover.IsZero())
	require.Equal(t, "0.25", equal.Herfindahl.String())
	require.Equal(t, "1", equal.Jain.String())
	require.Equal(t, "0.25", equal.Palma.String())
	require.Zero(t, equal.TheilT)
	require.Zero(t, *equal.TheilL)

	one, err := dividend.Measure(amounts("0", "0", "0", "8"))
	require.NoError(t, err)
	require.Equal(t, "0.75", one.Gini.String())
	require.Equal(t, "0.75", one.Hoover.String())
	require.Equal(t, "1", one.Herfindahl.String())
	require.InDelta(t, math.Log(4), one.TheilT, 1e-12)
	require.Nil(t, one.TheilL, "the mean log deviation is infinite when somebody has nothing")
	require.Nil(t, one.Palma)
	a, err := dividend.Atkinson(amounts("0", "8"), 2)
	require.NoError(t, err)
	require.InDelta(t, 1, a, 0)
}

func TestMeasuresOfAmountsThatAreFarApartAreNumbers(t *testing.T) {
	t.Parallel()
	far := []decimal.Decimal{decimal.New(1, -36), decimal.New(1, 36)}
	m, err := dividend.Measure(far)
	require.NoError(t, err)
	require.InDelta(t, math.Log(2), m.TheilT, 1e-12)
	require.NotNil(t, m.TheilL, "nobody has nothing")
	require.InDelta(t, 36*math.Log(10)-math.Log(2), *m.TheilL, 1e-12)
	tt, l, err := dividend.DecomposeTheil(far, []string{"a", "b"})
	require.NoError(t, err)
	require.InDelta(t, m.TheilT, tt.Between, 1e-12)
	require.InDelta(t, *m.TheilL, l.Between, 1e-12)
	a, err := dividend.Atkinson(far, 1)
	require.NoError(t, err)
	require.InDelta(t, 1-2e-36, a, 1e-12)
}

func TestMeasuresDependOnNeitherOrderNorScale(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		x := make([]decimal.Decimal, 1+r.IntN(10))
		for i := range x {
			x[i] = decimal.New(r.Int64N(1000), -2)
		}
		x[0] = x[0].Add(dec("1"))
		before, err := dividend.Measure(x)
		require.NoError(t, err)
		requireNaiveGini(t, x, before)
		r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		shuffled, err := dividend.Measure(x)
		require.NoError(t, err)
		require.Equal(t, before.TheilT, shuffled.TheilT) //nolint:testifylint // the same bits are promised
		for i := range x {
			x[i] = x[i].Mul(dec("3.7"))
		}
		scaled, err := dividend.Measure(x)
		require.NoError(t, err)
		require.True(t, before.Gini.Equal(scaled.Gini) && before.Hoover.Equal(scaled.Hoover) && before.Jain.Equal(scaled.Jain))
	}
}

// requireNaiveGini checks Gini by its other definition: half the mean difference of all pairs, over the mean.
func requireNaiveGini(t *testing.T, x []decimal.Decimal, m dividend.Inequality) {
	t.Helper()
	differences := decimal.Zero
	for _, a := range x {
		for _, b := range x {
			differences = differences.Add(a.Sub(b).Abs())
		}
	}
	want := differences.DivRound(decimal.New(int64(2*len(x)), 0).Mul(m.Sum), dividend.MeasurePlaces)
	require.True(t, want.Equal(m.Gini), "%s instead of %s", m.Gini, want)
}

func TestTheilDecomposesByOrganisation(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	groups := make([]string, len(ineq))
	for i := range groups {
		groups[i] = string(rune('a' + r.IntN(3)))
	}
	m, err := dividend.Measure(ineq)
	require.NoError(t, err)
	tt, l, err := dividend.DecomposeTheil(ineq, groups)
	require.NoError(t, err)
	require.InDelta(t, m.TheilT, tt.Between+tt.Within, 1e-12)
	require.InDelta(t, *m.TheilL, l.Between+l.Within, 1e-12)
	require.Positive(t, tt.Within)
	require.Positive(t, l.Between)

	tt, l, err = dividend.DecomposeTheil(amounts("0", "0", "4", "4"), []string{"a", "a", "b", "b"})
	require.NoError(t, err)
	require.InDelta(t, math.Log(2), tt.Between, 1e-12)
	require.InDelta(t, 0, tt.Within, 1e-12)
	require.Nil(t, l)
}

func TestTheLorenzCurveRunsFromNothingToAll(t *testing.T) {
	t.Parallel()
	points, err := dividend.Lorenz(amounts("3", "1", "4", "2"))
	require.NoError(t, err)
	var got []string
	for _, p := range points {
		got = append(got, p.Population.String()+" "+p.Share.String())
	}
	require.Equal(t, []string{"0 0", "0.25 0.1", "0.5 0.3", "0.75 0.6", "1 1"}, got)
}

func TestMeasuresRefuseWhatCannotBeMeasured(t *testing.T) {
	t.Parallel()
	for name, x := range map[string][]decimal.Decimal{
		"none": nil, "all zero": amounts("0", "0"), "negative": amounts("1", "-1"), "huge": {decimal.New(1, 1<<30)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var typed *dividend.Error
			_, err := dividend.Measure(x)
			require.ErrorAs(t, err, &typed)
			_, err = dividend.Lorenz(x)
			require.ErrorAs(t, err, &typed)
			_, err = dividend.Atkinson(x, 1)
			require.ErrorAs(t, err, &typed)
			_, _, err = dividend.DecomposeTheil(x, make([]string, len(x)))
			require.ErrorAs(t, err, &typed)
		})
	}
	for _, aversion := range []float64{-1, math.NaN(), math.Inf(1)} {
		_, err := dividend.Atkinson(ineq, aversion)
		require.ErrorIs(t, err, dividend.ErrInput)
	}
	_, _, err := dividend.DecomposeTheil(ineq, nil)
	require.ErrorIs(t, err, dividend.ErrInput)
}
