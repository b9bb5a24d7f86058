package dividend_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// weights makes weights out of "id=value" pairs separated by spaces.
func weights(pairs string) []dividend.Weight {
	var out []dividend.Weight
	for f := range strings.FieldsSeq(pairs) {
		id, value, _ := strings.Cut(f, "=")
		out = append(out, dividend.Weight{ID: id, Value: dec(value)})
	}
	return out
}

// list writes parts as "id=amount" pairs.
func list(parts []dividend.Part, decimals int) string {
	var out []string
	for _, p := range parts {
		out = append(out, p.ID+"="+p.Amount.StringFixed(int32(decimals)))
	}
	return strings.Join(out, " ")
}

func TestSplitSharesAsThePublishedTablesSay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amount   string
		decimals int
		weights  string
		want     string
	}{
		"three weights":        {"5600", 2, "a=60 b=30 c=10", "a=3360.00 b=1680.00 c=560.00"},
		"three equal weights":  {"5600.00", 2, "a=1 b=1 c=1", "a=1866.67 b=1866.67 c=1866.66"},
		"order of input kept":  {"5600.00", 2, "c=1 b=1 a=1", "c=1866.66 b=1866.67 a=1866.67"},
		"weights as fractions": {"37", 0, "a=5.18 b=8.51 c=16.65 d=6.66", "a=5 b=8 c=17 d=7"},
		"zero weight":          {"0.01", 2, "a=0 b=3 c=0", "a=0.00 b=0.01 c=0.00"},
		"amount zero":          {"0", 2, "a=2 b=0", "a=0.00 b=0.00"},
		"amount and weight zero": {
			"0", 2, "a=0 b=0", "a=0.00 b=0.00",
		},
		"nobody and nothing": {"0", 2, "", ""},
		"10^30, 18 decimals": {
			"1000000000000000000000000000000.000000000000000001", 18, "a=1 b=1 c=1",
			"a=333333333333333333333333333333.333333333333333334 b=333333333333333333333333333333.333333333333333334 c=333333333333333333333333333333.333333333333333333",
		},
		"Hamilton, 1790 census, 120 seats": {
			"120", 0,
			"VA=630560 MA=475327 PA=432879 NC=353523 NY=331589 MD=278514 CT=236841 SC=206236 NJ=179570 NH=141822 VT=85533 GA=70835 KY=68705 RI=68446 DE=55540",
			"VA=21 MA=16 PA=14 NC=12 NY=11 MD=9 CT=8 SC=7 NJ=6 NH=5 VT=3 GA=2 KY=2 RI=2 DE=2",
		},
		"SourceCred unit level": {"1", 0, "a=100 b=1", "a=1 b=0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts, err := dividend.Split(dec(c.amount), c.decimals, weights(c.weights))
			require.NoError(t, err)
			require.Equal(t, c.want, list(parts, c.decimals))
		})
	}
}

func TestSplitKeepsItsPromisesOnRandomCases(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		decimals := r.IntN(19)
		ws := randomClaims(r, 1+r.IntN(10))
		amount := randomAmount(r, decimals)
		parts, err := dividend.Split(amount, decimals, ws)
		require.NoError(t, err)

		total, unit := decimal.Zero, decimal.New(1, -int32(decimals))
		for i, want := range naiveSplit(amount, decimals, exactly(ws)) {
			require.Equal(t, ws[i].ID, parts[i].ID)
			require.True(t, want.Equal(parts[i].Amount), "%s of %v: naive %s, Split %s", amount, ws, want, parts[i].Amount)
			require.False(t, parts[i].Amount.IsNegative())
			if ws[i].Value.IsZero() {
				require.True(t, parts[i].Amount.IsZero())
			}
			total = total.Add(parts[i].Amount)
		}
		require.True(t, total.Equal(amount), "parts add up to %s instead of %s", total, amount)
		for i := range ws {
			for j := range ws {
				gap := parts[i].Amount.Sub(parts[j].Amount)
				if ws[i].Value.GreaterThan(ws[j].Value) {
					require.False(t, gap.IsNegative(), "more weight, less money")
				}
				if ws[i].Value.Equal(ws[j].Value) {
					require.False(t, gap.Abs().GreaterThan(unit), "equal weights, more than a unit apart")
				}
			}
		}

		scaled := slices.Clone(ws)
		r.Shuffle(len(scaled), func(i, j int) { scaled[i], scaled[j] = scaled[j], scaled[i] })
		factor := decimal.New(1+r.Int64N(1000), int32(r.IntN(9)-4))
		for i := range scaled {
			scaled[i].Value = scaled[i].Value.Mul(factor)
		}
		again, err := dividend.Split(amount, decimals, scaled)
		require.NoError(t, err)
		byID := func(a, b dividend.Part) int { return strings.Compare(a.ID, b.ID) }
		slices.SortFunc(parts, byID)
		slices.SortFunc(again, byID)
		require.Equal(t, list(parts, decimals), list(again, decimals), "order or a common factor changed the parts")
	}
}

func TestSplitServesManyTiesInTheOrderOfIdentifiers(t *testing.T) {
	t.Parallel()
	r := random(t)
	for _, n := range []int{31, 100, 1000, 4096} {
		ws := make([]dividend.Weight, n)
		for i, k := range r.Perm(n) {
			ws[i] = dividend.Weight{ID: fmt.Sprintf("m%06d", k), Value: dec("2.5")}
		}
		k := 1 + r.IntN(n-1)
		parts, err := dividend.Split(decimal.New(int64(n+k), 0), 0, ws)
		require.NoError(t, err)
		for _, p := range parts {
			want := "1"
			if p.ID < fmt.Sprintf("m%06d", k) {
				want = "2"
			}
			require.Equal(t, want, p.Amount.String(), p.ID)
		}
	}
}

func TestOneIdentifierGivenTwiceIsFoundAmongMany(t *testing.T) {
	t.Parallel()
	r := random(t)
	for _, n := range []int{2, 3, 50, 1000, 20_000} {
		ws := make([]dividend.Weight, n)
		for i, k := range r.Perm(n) {
			ws[i] = dividend.Weight{ID: fmt.Sprintf("m%06d", k), Value: dec("1")}
		}
		_, err := dividend.Split(dec("1"), 2, ws)
		require.NoError(t, err)
		ws[r.IntN(n-1)].ID = ws[n-1].ID
		_, err = dividend.Split(dec("1"), 2, ws)
		require.ErrorContains(t, err, fmt.Sprintf("id %q: given twice", ws[n-1].ID))
	}
}

func TestALargerAmountMayGiveOneRecipientLess(t *testing.T) {
	t.Parallel()
	// The Alabama paradox, in its smallest textbook form: from 10 to 11 units, c loses one.
	ten, err := dividend.Split(dec("10"), 0, weights("a=6 b=6 c=2"))
	require.NoError(t, err)
	eleven, err := dividend.Split(dec("11"), 0, weights("a=6 b=6 c=2"))
	require.NoError(t, err)
	require.Equal(t, "a=4 b=4 c=2", list(ten, 0))
	require.Equal(t, "a=5 b=5 c=1", list(eleven, 0))
}

func TestSplitRefusesWhatItCannotDivide(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amount   decimal.Decimal
		decimals int
		weights  []dividend.Weight
		is       error
		text     string
	}{
		"no weight":        {dec("1"), 2, weights("a=0 b=0"), dividend.ErrNoWeight, `dividend: split: amount "1": none of 2 recipients has a weight above zero`},
		"nobody":           {dec("1"), 2, nil, dividend.ErrNoWeight, `none of 0 recipients`},
		"negative amount":  {dec("-1"), 2, weights("a=1"), dividend.ErrInput, `amount "-1": must not be negative`},
		"negative weight":  {dec("1"), 2, weights("a=1 b=-1"), dividend.ErrInput, `split: recipient "b": weight "-1": must not be negative`},
		"too fine":         {dec("0.001"), 2, weights("a=1"), dividend.ErrInput, `amount "0.001": must not have more than 2 decimals`},
		"given twice":      {dec("1"), 2, weights("a=1 b=1 a=2"), dividend.ErrInput, `split: id "a": given twice`},
		"no identifier":    {dec("1"), 2, []dividend.Weight{{Value: dec("1")}}, dividend.ErrInput, `split: recipient 1: id: must not be empty`},
		"control":          {dec("1"), 2, []dividend.Weight{{ID: "a\n", Value: dec("1")}}, dividend.ErrInput, `control`},
		"not UTF-8":        {dec("1"), 2, []dividend.Weight{{ID: "\xff", Value: dec("1")}}, dividend.ErrInput, `UTF-8`},
		"padded":           {dec("1"), 2, []dividend.Weight{{ID: "a ", Value: dec("1")}}, dividend.ErrInput, `space`},
		"long identifier":  {dec("1"), 2, []dividend.Weight{{ID: strings.Repeat("é", 300), Value: dec("1")}}, dividend.ErrLimit, `at most 512 bytes`},
		"decimals":         {dec("1"), 19, weights("a=1"), dividend.ErrLimit, `decimals "19": must be between 0 and 18`},
		"below zero":       {dec("1"), -1, weights("a=1"), dividend.ErrLimit, `decimals "-1"`},
		"huge exponent":    {decimal.New(1, 999_999_999), 2, weights("a=1"), dividend.ErrLimit, `amount "a number with exponent 999999999"`},
		"tiny weight":      {dec("1"), 2, []dividend.Weight{{ID: "a", Value: decimal.New(1, -999_999_999)}}, dividend.ErrLimit, `recipient "a": weight`},
		"many digits":      {dec("1"), 2, weights("a=" + strings.Repeat("9", 73)), dividend.ErrLimit, `a number of 73 digits`},
		"too many of them": {dec("1"), 2, make([]dividend.Weight, dividend.MaxRecipients+1), dividend.ErrLimit, `16777217 recipients`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts, err := dividend.Split(c.amount, c.decimals, c.weights)
			require.Nil(t, parts)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.text)
			var typed *dividend.Error
			require.ErrorAs(t, err, &typed)
		})
	}
}

func benchmarkWeights(n int, distinct bool) []dividend.Weight {
	r := rand.New(rand.NewPCG(1, 2))
	ws := make([]dividend.Weight, n)
	for i, k := range r.Perm(n) {
		v := decimal.New(1, 0)
		if distinct {
			v = decimal.New(r.Int64N(100_000_000), -2)
		}
		ws[i] = dividend.Weight{ID: fmt.Sprintf("https://coop.example/party/%08d", k), Value: v}
	}
	return ws
}

// BenchmarkSplit divides a pool among recipients in random order, with random weights and with equal ones (the
// hardest ties). The figure to look at is ns/recipient, which should stay flat.
func BenchmarkSplit(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		for _, distinct := range []bool{true, false} {
			name := fmt.Sprintf("n=%d/equal", n)
			if distinct {
				name = fmt.Sprintf("n=%d/random", n)
			}
			b.Run(name, func(b *testing.B) {
				ws := benchmarkWeights(n, distinct)
				amount := dec("98765432.10")
				b.ReportAllocs()
				for b.Loop() {
					if _, err := dividend.Split(amount, 2, ws); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/recipient")
			})
		}
	}
}

func TestTiesBetweenIdentifiersOfAnyShapeGoToTheFirst(t *testing.T) {
	t.Parallel()
	shapes := []func(r *rand.Rand, k int) string{
		func(_ *rand.Rand, k int) string { return strings.Repeat("a", 1+k) },
		func(_ *rand.Rand, k int) string { return fmt.Sprintf("https://coop.example/party/%d", k) },
		func(r *rand.Rand, k int) string { return fmt.Sprintf("é%c%d", rune('α'+r.IntN(20)), k) },
		func(_ *rand.Rand, k int) string {
			return fmt.Sprintf("%d/the same end that is longer than eight bytes", k*k)
		},
	}
	for r := range cases(t) {
		shape := shapes[r.IntN(len(shapes))]
		n := 1 + r.IntN(20)
		ws, ids := make([]dividend.Weight, n), make([]string, n)
		for i, k := range r.Perm(n) {
			ws[i] = dividend.Weight{ID: shape(r, k), Value: dec("1")}
			ids[i] = ws[i].ID
		}
		k := r.IntN(n)
		parts, err := dividend.Split(decimal.New(int64(n+k), 0), 0, ws)
		require.NoError(t, err)
		slices.Sort(ids)
		for _, p := range parts {
			at, _ := slices.BinarySearch(ids, p.ID)
			require.Equal(t, at < k, p.Amount.IntPart() == 2, "%s of %q", p.ID, ids)
		}
	}
}

func TestManyRecipientsGetTheSameInMachineWordsAndInLargeNumbers(t *testing.T) {
	t.Parallel()
	r := random(t)
	for _, most := range []int64{2, 1_000, 1 << 40} {
		ws, large := make([]dividend.Weight, 45_000), make([]dividend.Weight, 45_000) // enough for several processors
		for i, k := range r.Perm(len(ws)) {
			ws[i] = dividend.Weight{ID: fmt.Sprintf("m%d", k), Value: decimal.New(r.Int64N(most), -2)}
			large[i] = dividend.Weight{ID: ws[i].ID, Value: ws[i].Value.Mul(dec("100000000000000000003"))}
		}
		amount := decimal.New(r.Int64N(1_000_000_000), -2)
		one, err := dividend.Split(amount, 2, ws)
		require.NoError(t, err)
		two, err := dividend.Split(amount, 2, large)
		require.NoError(t, err)
		total := decimal.Zero
		for i, p := range one {
			require.True(t, p.ID == two[i].ID && p.Amount.Equal(two[i].Amount), p.ID)
			total = total.Add(p.Amount)
		}
		require.True(t, total.Equal(amount))
	}
}
