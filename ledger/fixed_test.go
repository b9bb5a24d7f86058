package ledger

import (
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func TestFixedNumbersAddAsDecimalsDo(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 7))
	number := func() decimal.Decimal {
		d := decimal.New(rng.Int64(), -int32(rng.IntN(MaxPlaces+1)))
		if rng.IntN(2) == 0 {
			d = d.Mul(decimal.New(1, int32(rng.IntN(5))))
		}
		if rng.IntN(2) == 0 {
			d = d.Neg()
		}
		return d
	}
	sum, want := fixed{}, decimal.Zero
	for range 20_000 {
		d := number()
		f, ok := fix(d)
		require.True(t, ok, d)
		require.True(t, f.decimal().Equal(d), "%s became %s", d, f.decimal())
		require.True(t, f.neg().neg() == f && f.sub(f).isZero())
		sum, want = sum.add(f), want.Add(d)
		require.True(t, sum.decimal().Equal(want))
	}
	for _, s := range []decimal.Decimal{decimal.New(1, -7), decimal.New(1, 24), decimal.New(-1, 24), decimal.New(1, 999999999), decimal.New(1, -999999999)} {
		_, ok := fix(s)
		require.False(t, ok, s)
	}
	d, err := decimal.NewFromString("-999999999999999999999999.999999")
	require.NoError(t, err)
	f, ok := fix(d)
	require.True(t, ok)
	require.Equal(t, d.String(), f.decimal().String())
}
