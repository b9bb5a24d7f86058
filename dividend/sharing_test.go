package dividend_test

import (
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func ptr(s string) *decimal.Decimal {
	d := dec(s)
	return &d
}

func randomSharing(r *rand.Rand, decimals int) *dividend.Sharing {
	var s dividend.Sharing
	if r.IntN(3) == 0 {
		v := decimal.New(10+r.Int64N(50), -1)
		s.Ratio = &v
	}
	if r.IntN(3) == 0 {
		v := decimal.New(r.Int64N(5), 0).Div(dec("4"))
		s.Equal = &v
	}
	if r.IntN(3) == 0 {
		v := decimal.New(r.Int64N(5000), -int32(decimals))
		s.Floor = &v
	}
	if r.IntN(3) == 0 {
		v := decimal.New(5000+r.Int64N(100_000), -int32(decimals))
		s.Cap = &v
	}
	if r.IntN(4) == 0 {
		v := decimal.New(r.Int64N(100_000), -int32(decimals)-1)
		s.PerPoint = &v
	}
	if s.Floor == nil && s.Cap == nil && s.PerPoint == nil {
		s.Method = methods[r.IntN(5)]
	}
	return &s
}

func TestSharingRulesAgreeWithExactRationals(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		ws := randomClaims(r, 1+r.IntN(6))
		s := *randomSharing(r, 2)
		amount := decimal.New(r.Int64N(1_000_000), -2)
		if s.Method != "" && s.Method != dividend.LargestRemainder {
			amount = decimal.New(r.Int64N(naiveUnits), -2)
		}
		parts, left, err := s.Divide(amount, 2, ws)
		require.NoError(t, err)
		want, over := naiveDivide(s, amount, 2, ws)
		require.True(t, left.Equal(over), "%s is left, naive %s", left, over)
		total := left
		for i, p := range parts {
			require.Equal(t, ws[i].ID, p.ID)
			require.True(t, want[i].Equal(p.Amount), "%s gets %s, naive %s", p.ID, p.Amount, want[i])
			require.False(t, p.Amount.IsNegative())
			require.False(t, s.Cap != nil && p.Amount.GreaterThan(*s.Cap))
			total = total.Add(p.Amount)
			for j, o := range parts[:i] {
				gap, order := p.Amount.Sub(o.Amount), ws[i].Value.Cmp(ws[j].Value)
				require.False(t, order == 0 && gap.Abs().GreaterThan(dec("0.01")), "equal weights, more than a unit apart")
				require.False(t, gap.Sign() == -order && gap.Abs().GreaterThan(dec("0.01")), "more weight, less money")
			}
		}
		require.True(t, total.Equal(amount))

		r.Shuffle(len(ws), func(i, j int) { ws[i], ws[j] = ws[j], ws[i] })
		again, _, err := s.Divide(amount, 2, ws)
		require.NoError(t, err)
		requireSameParts(t, parts, again, "the order of members changed a part")
	}
}

func TestPartsOfASharingRuleCombine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sharing               dividend.Sharing
		amount, weights, want string
		left                  string
	}{
		"nothing special":          {dividend.Sharing{}, "100", "a=60 b=40", "a=60.00 b=40.00", "0"},
		"equal parts":              {dividend.Sharing{Equal: ptr("1")}, "100", "a=60 b=0", "a=50.00 b=50.00", "0"},
		"half equal":               {dividend.Sharing{Equal: ptr("0.5")}, "100", "a=60 b=20 c=0", "a=54.17 b=29.17 c=16.66", "0"},
		"at most three times":      {dividend.Sharing{Ratio: ptr("3")}, "100", "a=60 b=1 c=0", "a=75.00 b=25.00 c=0.00", "0"},
		"floor and cap":            {dividend.Sharing{Floor: ptr("50"), Cap: ptr("400")}, "1000", "a=60 b=30 c=9 d=1", "a=400.00 b=400.00 c=150.00 d=50.00", "0"},
		"less than the floors":     {dividend.Sharing{Floor: ptr("50")}, "90", "a=60 b=30", "a=45.00 b=45.00", "0"},
		"more than the caps":       {dividend.Sharing{Cap: ptr("10")}, "90", "a=60 b=30 c=0", "a=10.00 b=10.00 c=0.00", "70"},
		"Pavilion, before caps":    {dividend.Sharing{}, "8000", "f=4 p=1 q=1 r=1 s=1", "f=4000.00 p=1000.00 q=1000.00 r=1000.00 s=1000.00", "0"},
		"Pavilion, universal caps": {dividend.Sharing{Cap: ptr("2000")}, "8000", "f=4 p=1 q=1 r=1 s=1", "f=2000.00 p=1500.00 q=1500.00 r=1500.00 s=1500.00", "0"},
		"Pavilion, with its caps":  {dividend.Sharing{PerPoint: ptr("500")}, "8000", "f=4 p=1 q=1 r=1 s=1", "f=2000.00 p=500.00 q=500.00 r=500.00 s=500.00", "4000"},
		"a floor above the rate":   {dividend.Sharing{PerPoint: ptr("1"), Floor: ptr("5")}, "100", "a=10 b=1", "a=10.00 b=5.00", "85"},
		"a rate with odd cents":    {dividend.Sharing{PerPoint: ptr("0.333")}, "100", "a=10 b=1", "a=3.33 b=0.33", "96.34"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts, left, err := c.sharing.Divide(dec(c.amount), 2, weights(c.weights))
			require.NoError(t, err)
			require.Equal(t, c.want, list(parts, 2))
			require.Equal(t, c.left, left.String())
		})
	}
}

func TestSharingRulesAreCheckedWhenTheyAreAdopted(t *testing.T) {
	t.Parallel()
	for share, want := range map[string]string{
		`{"ratio": "0.5"}`:                    `ratio "0.5": must be at least 1`,
		`{"equal": "1.1"}`:                    `equal "1.1": must be between 0 and 1`,
		`{"equal": "-1"}`:                     `equal "-1": must not be negative`,
		`{"floor": "5", "cap": "4"}`:          `cap "4": must not be below the floor of 5`,
		`{"cap": "4", "method": "jefferson"}`: `method "jefferson": must be largest-remainder when there is a floor, a cap or a rate per point`,
		`{"method": "listed"}`:                `method "listed": members of a group are in no order`,
		`{"method": "dice"}`:                  `method "dice": must be one of`,
	} {
		w := waterfall(t, `{"id": "a", "of": "remaining", "rate": "1", "to": {"group": "g"}, "share": `+share+`}`)
		err := w.Validate()
		require.ErrorIs(t, err, dividend.ErrRule)
		require.ErrorContains(t, err, `waterfall: line "a": share: `+want)
		_, _, err = w.Lines[0].Share.Divide(dec("1"), 2, weights("a=1"))
		require.ErrorIs(t, err, dividend.ErrRule)
	}
	fund := waterfall(t, `{"id": "a", "of": "remaining", "rate": "1", "to": {"fund": "f"}, "share": {}}`)
	require.ErrorContains(t, fund.Validate(), `line "a": share: is for lines to a group or to several parties`)
}

func TestASharingRuleRefusesBadInput(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sharing         dividend.Sharing
		amount, weights string
		is              error
	}{
		"no weight":        {dividend.Sharing{Equal: ptr("0.5")}, "1", "a=0", dividend.ErrNoWeight},
		"nobody":           {dividend.Sharing{Equal: ptr("1")}, "1", "", dividend.ErrNoWeight},
		"no weight, floor": {dividend.Sharing{Floor: ptr("0.1")}, "1", "a=0", dividend.ErrNoWeight},
		"negative":         {dividend.Sharing{}, "-1", "a=1", dividend.ErrInput},
		"negative weight":  {dividend.Sharing{}, "1", "a=-1", dividend.ErrInput},
		"fine floor":       {dividend.Sharing{Floor: ptr("0.001")}, "1", "a=1", dividend.ErrInput},
		"fine cap":         {dividend.Sharing{Cap: ptr("0.001")}, "1", "a=1", dividend.ErrInput},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := c.sharing.Divide(dec(c.amount), 2, weights(c.weights))
			require.ErrorIs(t, err, c.is)
		})
	}
}

func TestWhatWeightsCountForIsShown(t *testing.T) {
	t.Parallel()
	ws, err := dividend.Sharing{Ratio: ptr("3"), Equal: ptr("0.5")}.Counted(weights("a=60 b=10 c=0"))
	require.NoError(t, err)
	var got []string
	for _, w := range ws {
		got = append(got, w.ID+"="+w.Value.String())
	}
	// ratio: 180, 60 and 0, in all 240; blend: 0.5 × 240 + 0.5 × 3 × each.
	require.Equal(t, []string{"a=390", "b=210", "c=120"}, got)
	_, err = dividend.Sharing{Ratio: ptr("0")}.Counted(nil)
	require.ErrorIs(t, err, dividend.ErrRule)
	_, err = dividend.Sharing{}.Counted([]dividend.Weight{{ID: "a", Value: decimal.New(1, 1<<30)}})
	require.ErrorIs(t, err, dividend.ErrLimit)
}
