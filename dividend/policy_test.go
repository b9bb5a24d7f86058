package dividend_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func histories(paidA, paidB string) []dividend.History {
	return []dividend.History{
		{ID: "a", Earned: amounts("8", "2", "5"), Paid: dec(paidA)},
		{ID: "b", Earned: amounts("0", "6", "9"), Paid: dec(paidB)},
	}
}

func TestPoliciesPayTheReferenceAmounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy dividend.Policy
		paid   [2]string
		want   string
	}{
		"immediate, last interval": {dividend.Policy{Policy: dividend.Immediate, Budget: dec("1000"), Lookback: 1}, [2]string{"0", "0"}, "a=357 b=643"},
		"immediate, last two":      {dividend.Policy{Policy: dividend.Immediate, Budget: dec("1000"), Lookback: 2}, [2]string{"0", "0"}, "a=318 b=682"},
		"immediate, all":           {dividend.Policy{Policy: dividend.Immediate, Budget: dec("1000"), Lookback: 99}, [2]string{"0", "0"}, "a=500 b=500"},
		"recent":                   {dividend.Policy{Policy: dividend.Recent, Budget: dec("1000"), Discount: dec("0.2")}, [2]string{"0", "0"}, "a=459 b=541"},
		"recent, only the last":    {dividend.Policy{Policy: dividend.Recent, Budget: dec("1000"), Discount: dec("1")}, [2]string{"0", "0"}, "a=357 b=643"},
		"balanced":                 {dividend.Policy{Policy: dividend.Balanced, Budget: dec("450")}, [2]string{"120", "30"}, "a=180 b=270"},
		"balanced, overpaid":       {dividend.Policy{Policy: dividend.Balanced, Budget: dec("30")}, [2]string{"120", "30"}, "a=0 b=30"},
		"balanced, last interval":  {dividend.Policy{Policy: dividend.Balanced, Budget: dec("14"), Lookback: 1}, [2]string{"0", "0"}, "a=5 b=9"},
		"special":                  {dividend.Policy{Policy: dividend.Special, Budget: dec("7"), Recipient: "c"}, [2]string{"0", "0"}, "c=7"},
		"excluded":                 {dividend.Policy{Policy: dividend.Balanced, Budget: dec("7"), Exclude: []string{"b"}}, [2]string{"3", "900"}, "a=7 b=0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts, err := c.policy.Distribute(0, histories(c.paid[0], c.paid[1]))
			require.NoError(t, err)
			require.Equal(t, c.want, list(parts, 0))
		})
	}
}

// requireShared checks that parts are those of the naive split, and that the order of histories does not matter.
func requireShared(t *testing.T, r *rand.Rand, p dividend.Policy, hs []dividend.History, scores []*big.Rat) {
	t.Helper()
	claims := make([]claim, len(hs))
	for i, h := range hs {
		claims[i] = claim{h.ID, scores[i]}
	}
	parts, err := p.Distribute(2, hs)
	require.NoError(t, err)
	total := decimal.Zero
	for i, want := range naiveSplit(p.Budget, 2, claims) {
		require.True(t, want.Equal(parts[i].Amount), "%s gets %s, naive %s", parts[i].ID, parts[i].Amount, want)
		total = total.Add(parts[i].Amount)
	}
	require.True(t, total.Equal(p.Budget))
	r.Shuffle(len(hs), func(i, j int) { hs[i], hs[j] = hs[j], hs[i] })
	again, err := p.Distribute(2, hs)
	require.NoError(t, err)
	requireSameParts(t, parts, again, "the order of histories changed the parts")
}

func TestBalancedPaysWhoeverIsBehindAsExactRationalsSay(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		hs := make([]dividend.History, 1+r.IntN(6))
		for i := range hs {
			hs[i] = dividend.History{ID: fmt.Sprint("m", i), Paid: decimal.New(r.Int64N(10_000), -2)}
			for range 3 {
				hs[i].Earned = append(hs[i].Earned, decimal.New(r.Int64N(100), -1))
			}
		}
		hs[0].Earned[0] = dec("3")
		policy := dividend.Policy{Policy: dividend.Balanced, Budget: decimal.New(1+r.Int64N(100_000), -2)}

		earned, paid := new(big.Rat), policy.Budget.Rat()
		sum := func(h dividend.History) *big.Rat {
			return h.Earned[0].Add(h.Earned[1]).Add(h.Earned[2]).Rat()
		}
		for _, h := range hs {
			earned.Add(earned, sum(h))
			paid.Add(paid, h.Paid.Rat())
		}
		behind := make([]*big.Rat, len(hs))
		for i, h := range hs {
			behind[i] = new(big.Rat).Mul(paid, sum(h))
			behind[i].Quo(behind[i], earned).Sub(behind[i], h.Paid.Rat())
			if behind[i].Sign() < 0 {
				behind[i].SetInt64(0)
			}
		}
		requireShared(t, r, policy, hs, behind)
	}
}

func TestRecentAndImmediateCountAsExactRationalsSay(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		hs := make([]dividend.History, 1+r.IntN(5))
		intervals, mixed := 1+r.IntN(8), r.IntN(2) == 0
		for i := range hs {
			hs[i].ID = fmt.Sprint("m", i)
			for range intervals {
				e := decimal.New(r.Int64N(100), -1)
				if mixed {
					e = decimal.New(r.Int64N(1<<62), -int32(r.IntN(18)))
				}
				hs[i].Earned = append(hs[i].Earned, e)
			}
		}
		hs[0].Earned[intervals-1] = dec("1")
		policy := dividend.Policy{Policy: dividend.Recent, Budget: dec("500.00"), Discount: decimal.New(r.Int64N(101), -2)}
		lookback := intervals
		if r.IntN(2) == 0 {
			lookback = 1 + r.IntN(intervals)
			policy = dividend.Policy{Policy: dividend.Immediate, Budget: dec("500.00"), Lookback: lookback}
		}
		// The factors of so few intervals have at most the 16 decimals of 0.01^8, so none of them is rounded.
		keep := new(big.Rat).Sub(big.NewRat(1, 1), policy.Discount.Rat())
		scores := make([]*big.Rat, len(hs))
		for i, h := range hs {
			scores[i] = new(big.Rat)
			for _, e := range h.Earned[intervals-lookback:] {
				scores[i].Mul(scores[i], keep).Add(scores[i], e.Rat())
			}
		}
		requireShared(t, r, policy, hs, scores)
	}
}

func TestPoliciesRefuseBadRulesAndHistories(t *testing.T) {
	t.Parallel()
	good := histories("0", "0")
	for name, c := range map[string]struct {
		policy    dividend.Policy
		histories []dividend.History
		is        error
		text      string
	}{
		"unknown":         {dividend.Policy{Policy: "fair"}, good, dividend.ErrRule, `policy "fair": must be`},
		"negative budget": {dividend.Policy{Policy: dividend.Balanced, Budget: dec("-1")}, good, dividend.ErrRule, `budget "-1"`},
		"fine budget":     {dividend.Policy{Policy: dividend.Balanced, Budget: dec("0.1")}, good, dividend.ErrInput, `budget "0.1"`},
		"no lookback":     {dividend.Policy{Policy: dividend.Immediate}, good, dividend.ErrRule, `lookback "0"`},
		"lookback":        {dividend.Policy{Policy: dividend.Recent, Lookback: 1}, good, dividend.ErrRule, `lookback "1"`},
		"discount":        {dividend.Policy{Policy: dividend.Recent, Discount: dec("1.1")}, good, dividend.ErrRule, `discount "1.1"`},
		"odd discount":    {dividend.Policy{Policy: dividend.Balanced, Discount: dec("0.1")}, good, dividend.ErrRule, `is for the policy recent`},
		"no recipient":    {dividend.Policy{Policy: dividend.Special}, good, dividend.ErrRule, `recipient: must not be empty`},
		"excluded":        {dividend.Policy{Policy: dividend.Special, Recipient: "a", Exclude: []string{"b", "a"}}, good, dividend.ErrRule, `exclude "a": must not name the recipient`},
		"odd recipient":   {dividend.Policy{Policy: dividend.Balanced, Recipient: "a"}, good, dividend.ErrRule, `is for the policy special`},
		"nobody earned":   {dividend.Policy{Policy: dividend.Balanced, Budget: dec("1")}, nil, dividend.ErrNoWeight, `policy "balanced"`},
		"lengths": {
			dividend.Policy{Policy: dividend.Balanced, Budget: dec("1")},
			[]dividend.History{{ID: "a", Earned: amounts("1")}, {ID: "b"}},
			dividend.ErrInput, `history 2: earned "0": must have 1 intervals`,
		},
		"negative earned": {
			dividend.Policy{Policy: dividend.Balanced, Budget: dec("1")},
			[]dividend.History{{ID: "a", Earned: amounts("-1")}},
			dividend.ErrInput, `history 1: earned "-1"`,
		},
		"negative paid": {
			dividend.Policy{Policy: dividend.Balanced, Budget: dec("1")},
			[]dividend.History{{ID: "a", Earned: amounts("1"), Paid: dec("-1")}},
			dividend.ErrInput, `history 1: paid "-1"`,
		},
		"twice": {
			dividend.Policy{Policy: dividend.Balanced, Budget: dec("1")},
			[]dividend.History{{ID: "a", Earned: amounts("1")}, {ID: "a", Earned: amounts("1")}},
			dividend.ErrInput, `"a": given twice`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.policy.Distribute(0, c.histories)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.text)
		})
	}
}

func TestHalfOfAWeightIsLeftAfterEachHalfLife(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ age, halfLife, want string }{
		{"0", "90", "1"},
		{"90", "90", "0.5"},
		{"180", "90", "0.25"},
		{"45", "90", "0.707106781186547524"},
		{"30", "90", "0.793700525984099737"},
		{"1", "0.5", "0.25"},
		{"1000000", "1", "0"},
		{"60", "1", "0.000000000000000001"},
	} {
		got, err := dividend.Decay(dec(c.age), dec(c.halfLife))
		require.NoError(t, err)
		require.Equal(t, c.want, got.String(), "%s of %s", c.age, c.halfLife)
	}
	for _, c := range []struct{ age, halfLife string }{{"-1", "1"}, {"1", "0"}, {"1", "-2"}} {
		_, err := dividend.Decay(dec(c.age), dec(c.halfLife))
		require.ErrorIs(t, err, dividend.ErrInput)
	}
	_, err := dividend.Decay(decimal.New(1, 1<<30), dec("1"))
	require.ErrorIs(t, err, dividend.ErrLimit)
}

func TestDecayHalvesWithEveryHalfLifeAndNeverGrows(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		halfLife := decimal.New(1+r.Int64N(1_000_000), -int32(r.IntN(4)))
		age := decimal.New(r.Int64N(1_000_000), -int32(r.IntN(4)))
		now, err := dividend.Decay(age, halfLife)
		require.NoError(t, err)
		later, err := dividend.Decay(age.Add(decimal.New(r.Int64N(1000), -2)), halfLife)
		require.NoError(t, err)
		require.False(t, now.IsNegative() || now.GreaterThan(dec("1")) || later.GreaterThan(now))
		half, err := dividend.Decay(age.Add(halfLife), halfLife)
		require.NoError(t, err)
		require.LessOrEqual(t, half.Mul(dec("2")).Sub(now).Abs().Cmp(decimal.New(2, -dividend.DecayPlaces)), 0)
	}
}

func TestSeniorityGrowsUpToItsMost(t *testing.T) {
	t.Parallel()
	for periods, want := range map[string]string{"0": "1", "4": "1.2", "40": "1.5"} {
		got, err := dividend.Seniority(dec(periods), dec("0.05"), dec("1.5"))
		require.NoError(t, err)
		require.Equal(t, want, got.String())
	}
	_, err := dividend.Seniority(dec("1"), dec("0.05"), dec("0.5"))
	require.ErrorContains(t, err, `seniority: most "0.5": must be at least 1`)
	_, err = dividend.Seniority(dec("-1"), dec("0.05"), dec("2"))
	require.ErrorIs(t, err, dividend.ErrInput)
}

func TestClaimsAboveTheBudgetAreSettledAsThePolicySays(t *testing.T) {
	t.Parallel()
	// Ten thousand are there for fifteen thousand of claims.
	for policy, want := range map[dividend.OverClaim]string{
		dividend.ProRata:   "z=4000.00 a=3333.33 b=2666.67 | z=0.00 a=0.00 b=0.00",
		dividend.FirstCome: "z=6000.00 a=4000.00 b=0.00 | z=0.00 a=0.00 b=0.00",
		dividend.Debt:      "z=4000.00 a=3333.33 b=2666.67 | z=2000.00 a=1666.67 b=1333.33",
	} {
		s, err := dividend.Settle(policy, dec("10000"), 2, weights("z=6000 a=5000 b=4000"))
		require.NoError(t, err)
		require.Equal(t, want, list(s.Paid, 2)+" | "+list(s.Owed, 2), policy)
		require.True(t, s.Left.IsZero())
	}
	_, err := dividend.Settle(dividend.Deliberate, dec("10000"), 2, weights("z=6000 a=5000 b=4000"))
	require.ErrorIs(t, err, dividend.ErrOverClaimed)
	require.ErrorContains(t, err, `settle claims: claims "15000": are 5000 more than the budget of 10000`)
}

func TestClaimsWithinTheBudgetAreAllPaid(t *testing.T) {
	t.Parallel()
	for _, policy := range []dividend.OverClaim{dividend.ProRata, dividend.FirstCome, dividend.Debt, dividend.Deliberate} {
		s, err := dividend.Settle(policy, dec("2800"), 2, weights("a=1000 b=500.50"))
		require.NoError(t, err)
		require.Equal(t, "a=1000.00 b=500.50", list(s.Paid, 2))
		require.Equal(t, "1299.5", s.Left.String())
	}
}

func TestClaimsAreSettledAsExactRationalsSay(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		claims, total := make([]dividend.Weight, r.IntN(6)), decimal.Zero
		for i, k := range r.Perm(len(claims)) {
			claims[i] = dividend.Weight{ID: fmt.Sprint("m", k), Value: decimal.New(r.Int64N(1000), -2)}
			total = total.Add(claims[i].Value)
		}
		budget := decimal.New(r.Int64N(3000), -2)
		policy := []dividend.OverClaim{dividend.ProRata, dividend.FirstCome, dividend.Debt}[r.IntN(3)]
		s, err := dividend.Settle(policy, budget, 2, claims)
		require.NoError(t, err)

		want := naiveSplit(decimal.Min(budget, total), 2, exactly(claims))
		left := budget
		for i, p := range s.Paid {
			if policy == dividend.FirstCome {
				want[i] = decimal.Min(left, claims[i].Value)
			}
			left = left.Sub(want[i])
			require.True(t, want[i].Equal(p.Amount), "%s is paid %s, naive %s", p.ID, p.Amount, want[i])
			require.False(t, p.Amount.IsNegative() || p.Amount.GreaterThan(claims[i].Value))
			if policy == dividend.Debt {
				require.True(t, s.Owed[i].Amount.Equal(claims[i].Value.Sub(want[i])))
			} else {
				require.True(t, s.Owed[i].Amount.IsZero())
			}
		}
		require.True(t, left.Equal(s.Left))

		if policy == dividend.FirstCome {
			continue // the one policy for which order is the rule
		}
		r.Shuffle(len(claims), func(i, j int) { claims[i], claims[j] = claims[j], claims[i] })
		again, err := dividend.Settle(policy, budget, 2, claims)
		require.NoError(t, err)
		requireSameParts(t, s.Paid, again.Paid, "the order of claims changed what is paid")
	}
}

func TestSettlingRefusesBadInput(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy         dividend.OverClaim
		budget, claims string
		is             error
	}{
		"policy":   {"shout", "1", "a=1", dividend.ErrRule},
		"budget":   {dividend.Debt, "-1", "a=1", dividend.ErrInput},
		"claim":    {dividend.Debt, "1", "a=-1", dividend.ErrInput},
		"too fine": {dividend.Debt, "1", "a=0.001", dividend.ErrInput},
		"twice":    {dividend.Debt, "1", "a=1 a=1", dividend.ErrInput},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := dividend.Settle(c.policy, dec(c.budget), 2, weights(c.claims))
			require.ErrorIs(t, err, c.is)
		})
	}
}

// BenchmarkPolicy distributes among 10 000 people over 52 weeks, a third of which are without earnings.
func BenchmarkPolicy(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	hs := make([]dividend.History, 10_000)
	for i := range hs {
		hs[i] = dividend.History{ID: fmt.Sprintf("m%05d", i), Paid: decimal.New(r.Int64N(100_000), -2)}
		for range 52 {
			hs[i].Earned = append(hs[i].Earned, decimal.New(max(0, r.Int64N(15_000)-5_000), -2))
		}
	}
	for _, p := range []dividend.Policy{
		{Policy: dividend.Balanced, Budget: dec("100000")},
		{Policy: dividend.Recent, Budget: dec("100000"), Discount: dec("0.05")},
	} {
		b.Run(p.Policy, func(b *testing.B) {
			for b.Loop() {
				if _, err := p.Distribute(2, hs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
