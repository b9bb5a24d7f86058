package dividend_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func grants(contributions ...[]string) []dividend.Grant {
	out := make([]dividend.Grant, len(contributions))
	for i, c := range contributions {
		out[i] = dividend.Grant{ID: fmt.Sprint("g", i+1), Contributions: amounts(c...)}
	}
	return out
}

var (
	fourAlone = grants([]string{"7200"}, []string{"12345"}, []string{"4456"}, []string{"60000"})
	fourMixed = grants([]string{"1200", "44999", "33"}, []string{"30000", "58999"}, []string{"230000", "100"}, []string{"100000", "5"})
)

func TestQuadraticMatchingGivesTheReferenceAmounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pool     string
		decimals int
		grants   []dividend.Grant
		root     dividend.Root
		most     *decimal.Decimal
		want     string
		left     string
	}{
		"whole roots, one supporter each": {"1000000", 0, fourAlone, dividend.WholeRoot, nil, "g1=84737 g2=147966 g3=52312 g4=714983", "2"},
		"whole roots":                     {"550000", 0, fourMixed, dividend.WholeRoot, nil, "g1=60212 g2=164602 g3=228537 g4=96648", "1"},
		"whole roots, capped":             {"550000", 0, fourMixed, dividend.WholeRoot, ptr("200000"), "g1=60212 g2=164602 g3=200000 g4=96648", "28538"},
		"many small beat one large":       {"100", 0, grants([]string{"1", "1", "1"}, []string{"9"}), dividend.RealRoot, nil, "g1=50 g2=50", "0"},
		"capped, the rest to the others":  {"100", 0, grants([]string{"1", "1"}, []string{"1"}, []string{"1"}), dividend.RealRoot, ptr("50"), "g1=50 g2=25 g3=25", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts, left, err := dividend.Quadratic(dec(c.pool), c.decimals, c.grants, c.root, c.most)
			require.NoError(t, err)
			require.Equal(t, c.want, list(parts, c.decimals))
			require.Equal(t, c.left, left.String())
		})
	}
}

func TestQuadraticMatchingWithRealRootsGivesTheReferenceAmounts(t *testing.T) {
	t.Parallel()
	parts, left, err := dividend.Quadratic(dec("550000"), 2, fourMixed, dividend.RealRoot, nil)
	require.NoError(t, err)
	require.Equal(t, "g1=60673.38 g2=164749.05 g3=228074.05 g4=96503.52", list(parts, 2))
	require.True(t, left.IsZero())
	for i, want := range []string{"60673.38", "164749.05", "228074.05", "96503.53"} {
		require.LessOrEqual(t, parts[i].Amount.Sub(dec(want)).Abs().Cmp(dec("0.01")), 0)
	}
}

// Contributions that are squares have roots that are exact, so that a naive match needs no square root.
func TestQuadraticMatchingAgreesWithExactRationals(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		grants, raw := make([]dividend.Grant, 1+r.IntN(5)), make([]claim, 0, 5)
		bounds, total := make([]dividend.Bounds, len(grants)), new(big.Rat)
		pool := decimal.New(r.Int64N(1_000_000), -2)
		var most *decimal.Decimal
		if r.IntN(2) == 0 {
			c := decimal.New(r.Int64N(500_000), -2)
			most = &c
		}
		for i, k := range r.Perm(len(grants)) {
			grants[i].ID, bounds[i].Cap = fmt.Sprint("g", k), most
			sum := r.Int64N(2) + int64(1-min(i, 1))
			grants[i].Contributions = []decimal.Decimal{decimal.New(sum*sum, -2)}
			for range r.IntN(4) {
				root := r.Int64N(50)
				sum += root
				grants[i].Contributions = append(grants[i].Contributions, decimal.New(root*root, -2))
			}
			raw = append(raw, claim{grants[i].ID, big.NewRat(sum*sum, 1)})
			total.Add(total, raw[i].weight)
		}
		parts, left, err := dividend.Quadratic(pool, 2, grants, dividend.RealRoot, most)
		require.NoError(t, err)
		want, over := naiveBounded(pool, 2, raw, bounds)
		sum := left
		for i, p := range parts {
			require.True(t, want[i].Equal(p.Amount), "%s gets %s, naive %s", p.ID, p.Amount, want[i])
			sum = sum.Add(p.Amount)
		}
		require.True(t, left.Equal(over) && sum.Equal(pool))

		parts, left, err = dividend.Quadratic(pool, 2, grants, dividend.WholeRoot, most)
		require.NoError(t, err)
		for i, p := range parts {
			match := new(big.Rat).Mul(new(big.Rat).SetInt(unitsOf(pool, 2)), raw[i].weight)
			match.Quo(match, total)
			down := decimal.NewFromBigInt(new(big.Int).Div(match.Num(), match.Denom()), -2)
			if most != nil {
				down = decimal.Min(down, *most)
			}
			require.True(t, down.Equal(p.Amount), "%s gets %s, naive %s", p.ID, p.Amount, down)
			left = left.Add(p.Amount)
		}
		require.True(t, left.Equal(pool))
	}
}

func TestQuadraticMatchingRefusesBadInput(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pool   string
		grants []dividend.Grant
		root   dividend.Root
		most   *decimal.Decimal
		is     error
	}{
		"root":           {"1", fourAlone, "cube", nil, dividend.ErrRule},
		"pool":           {"-1", fourAlone, dividend.RealRoot, nil, dividend.ErrInput},
		"contribution":   {"1", grants([]string{"-1"}), dividend.RealRoot, nil, dividend.ErrInput},
		"nobody gave":    {"1", grants([]string{"0"}), dividend.WholeRoot, nil, dividend.ErrNoWeight},
		"nobody, really": {"1", grants(nil), dividend.RealRoot, nil, dividend.ErrNoWeight},
		"cap":            {"1", fourAlone, dividend.WholeRoot, ptr("0.5"), dividend.ErrInput},
		"real cap":       {"1", fourAlone, dividend.RealRoot, ptr("-1"), dividend.ErrInput},
		"twice":          {"1", append(grants([]string{"1"}), grants([]string{"1"})...), dividend.RealRoot, nil, dividend.ErrInput},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := dividend.Quadratic(dec(c.pool), 0, c.grants, c.root, c.most)
			require.ErrorIs(t, err, c.is)
		})
	}
}

func TestSlicesCountCashMore(t *testing.T) {
	t.Parallel()
	pie := dividend.Pie{NonCash: dec("2"), Cash: dec("4")}
	rate, err := dividend.HourlyRate(dec("60000"))
	require.NoError(t, err)
	_, err = dividend.HourlyRate(dec("-1"))
	require.ErrorIs(t, err, dividend.ErrInput)
	require.Equal(t, "30", rate.String())
	ws, err := pie.Slices([]dividend.PieContribution{
		{Party: "b", Value: dec("1000"), Cash: true},
		{Party: "a", Value: rate.Mul(dec("100"))},
		{Party: "b", Value: dec("500")},
		{Party: "a", Value: dec("250.50")},
	})
	require.NoError(t, err)
	require.Equal(t, "a", ws[0].ID)
	require.Equal(t, "6501", ws[0].Value.String())
	require.Equal(t, "5000", ws[1].Value.String())
	require.Equal(t, []string{"non-cash", "cash"}, []string{ws[1].Terms[0].Kind, ws[1].Terms[1].Kind})
	parts, err := dividend.Split(dec("100"), 2, ws)
	require.NoError(t, err)
	require.Equal(t, "a=56.53 b=43.47", list(parts, 2))

	_, err = dividend.Pie{Cash: dec("-1")}.Slices(nil)
	require.ErrorIs(t, err, dividend.ErrRule)
	_, err = pie.Slices([]dividend.PieContribution{{Party: "a", Value: dec("-1")}})
	require.ErrorContains(t, err, `slicing pie: contribution 1: value "-1": must not be negative`)
	_, err = pie.Slices([]dividend.PieContribution{{Value: dec("1")}})
	require.ErrorIs(t, err, dividend.ErrInput)
}

func TestEveryMemberHasTheSameSayInAPeerAssessment(t *testing.T) {
	t.Parallel()
	ws, err := dividend.PeerAssessment([]dividend.Assessment{
		{From: "a", To: "b", Points: dec("10")},
		{From: "a", To: "c", Points: dec("30")},
		{From: "b", To: "c", Points: dec("1000")},
		{From: "c", To: "a", Points: dec("0")},
		{From: "a", To: "b", Points: dec("60")},
	})
	require.NoError(t, err)
	var got []string
	for _, w := range ws {
		got = append(got, w.ID+"="+w.Value.String())
	}
	require.Equal(t, []string{"a=0", "b=0.7", "c=1.3"}, got)

	for want, a := range map[string]dividend.Assessment{
		`to "a": must not be the giver`:      {From: "a", To: "a", Points: dec("1")},
		`points "-1": must not be negative`:  {From: "a", To: "b", Points: dec("-1")},
		`assessment 1: from: must not be`:    {To: "b"},
		`assessment 1: to: must not be empt`: {From: "b"},
	} {
		_, err := dividend.PeerAssessment([]dividend.Assessment{a})
		require.ErrorIs(t, err, dividend.ErrInput)
		require.ErrorContains(t, err, want)
	}
}

func TestPeerAssessmentsAgreeWithExactRationals(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		n := 2 + r.IntN(4)
		points, given := make(map[[2]int]*big.Rat), make([]*big.Rat, n)
		for i := range given {
			given[i] = new(big.Rat)
		}
		var assessments []dividend.Assessment
		for range r.IntN(10) {
			from, to, p := r.IntN(n), r.IntN(n), decimal.New(r.Int64N(100), -int32(r.IntN(3)))
			if from == to {
				continue
			}
			assessments = append(assessments, dividend.Assessment{From: fmt.Sprint("m", from), To: fmt.Sprint("m", to), Points: p})
			if points[[2]int{from, to}] == nil {
				points[[2]int{from, to}] = new(big.Rat)
			}
			points[[2]int{from, to}].Add(points[[2]int{from, to}], p.Rat())
			given[from].Add(given[from], p.Rat())
		}
		got, err := dividend.PeerAssessment(assessments)
		require.NoError(t, err)
		for _, w := range got {
			want, parts := new(big.Rat), int64(0)
			for pair, p := range points {
				if fmt.Sprint("m", pair[1]) == w.ID && p.Sign() > 0 {
					want.Add(want, new(big.Rat).Quo(p, given[pair[0]]))
					parts++
				}
			}
			gap := want.Sub(want, w.Value.Rat())
			require.LessOrEqual(t, gap.Abs(gap).Cmp(decimal.New(5*parts, -dividend.AssessmentPlaces-1).Rat()), 0, "%s: each part is rounded once", w.ID)
		}
		r.Shuffle(len(assessments), func(i, j int) { assessments[i], assessments[j] = assessments[j], assessments[i] })
		again, err := dividend.PeerAssessment(assessments)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(got), fmt.Sprint(again), "the order of assessments changed a weight")
	}
}

func TestSlicesAreValueTimesMultiplier(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		pie := dividend.Pie{NonCash: decimal.New(r.Int64N(50), -1), Cash: decimal.New(r.Int64N(50), -1)}
		want := make(map[string]decimal.Decimal)
		var contributions []dividend.PieContribution
		for range r.IntN(8) {
			c := dividend.PieContribution{Party: fmt.Sprint("m", r.IntN(4)), Value: decimal.New(r.Int64N(10_000), -2), Cash: r.IntN(2) == 0}
			multiplier := pie.NonCash
			if c.Cash {
				multiplier = pie.Cash
			}
			want[c.Party] = want[c.Party].Add(c.Value.Mul(multiplier))
			contributions = append(contributions, c)
		}
		got, err := pie.Slices(contributions)
		require.NoError(t, err)
		require.Len(t, got, len(want))
		for _, w := range got {
			require.True(t, want[w.ID].Equal(w.Value), "%s has %s, naive %s", w.ID, w.Value, want[w.ID])
			terms := decimal.Zero
			for _, term := range w.Terms {
				terms = terms.Add(term.Value)
			}
			require.True(t, terms.Equal(w.Value))
		}
	}
}
