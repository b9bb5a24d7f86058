package dividend_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

// FuzzWaterfall decodes rules and runs those that are well made: whatever a charter says, money is conserved, and
// whatever is wrong is an error of this package.
func FuzzWaterfall(f *testing.F) {
	f.Add([]byte(`{"lines": [`+referenceLines+`]}`), "10000.00", "2000.00", "60")
	f.Add([]byte(`{"lines": [{"id": "a", "of": "remaining", "rate": "1", "to": {"group": "g"}, "share": {"equal": "0.5", "ratio": "3", "cap": "100", "floor": "1"}}]}`), "1", "0", "0.1")
	f.Add([]byte(`{"lines": [{"id": "a", "fixed": "1e5", "cap": "1e-9", "to": {"party": "p"}}]}`), "1e30", "1e-2", "1e35")
	f.Add([]byte(`{"lines": [{"id": "a", "of": "base", "rate": "1e-999999999", "to": {"fund": "f"}}]}`), "-1", "1e999999999", "")
	f.Add([]byte(`{"lines": [{"id": "a", "of": "base", "rate": "1", "to": {"group": "g"}, "share": {"method": "adams", "perPoint": "0.1"}}]}`), "7", "0", "3")
	f.Add([]byte(`{"lines": [{"id": "a", "of": "base", "rate": "0.5", "to": {"claims": "c"}, "overClaim": "debt"}]}`), "7", "0", "1e999999999")
	f.Fuzz(func(t *testing.T, rule []byte, received, costs, weight string) {
		var w dividend.Waterfall
		if json.Unmarshal(rule, &w) != nil {
			return
		}
		in := dividend.Input{Currency: "EUR", Decimals: 2, Groups: make(map[string][]dividend.Weight), Claims: make(map[string][]dividend.Claim)}
		in.Received, _ = decimal.NewFromString(received)
		in.DirectCosts, _ = decimal.NewFromString(costs)
		value, _ := decimal.NewFromString(weight)
		for _, l := range w.Lines {
			in.Groups[l.To.Group] = []dividend.Weight{{ID: "m", Value: value}, {ID: "n", Value: dec("2.5")}, {ID: "o"}}
			in.Claims[l.To.Claims] = []dividend.Claim{{ID: l.ID + " 1", Party: "m", Left: value}, {ID: l.ID + " 2", Party: "n", Left: dec("2.5")}}
		}
		s, err := w.Run(in)
		if err != nil {
			var typed *dividend.Error
			require.ErrorAs(t, err, &typed)
			return
		}
		require.NoError(t, w.Validate(), "what is not well made does not run")
		require.True(t, s.Distributed.Add(s.Reserved).Add(s.CarriedOver).Equal(s.Base.Add(s.Deficit)))
		require.NoError(t, s.Verify())
		for _, p := range s.Parties() {
			x, err := s.Explain(p.ID)
			require.NoError(t, err)
			require.True(t, x.Amount.Equal(p.Amount))
			require.NotEmpty(t, x.Text(dividend.French))
		}
	})
}

// FuzzStatement decodes statements: one that verifies is written again to the same bytes, and any can be printed.
func FuzzStatement(f *testing.F) {
	s, err := waterfall(f, referenceLines).Run(input("10000", "2000", map[string]string{"introducers": "d=1", "contributors": "a=1 b=2"}))
	require.NoError(f, err)
	text, err := json.Marshal(s)
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"lines": [{"line": {"to": {"group": "g"}}, "members": [{"id": "a"}]}], "received": "1e99999999", "decimals": -5}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var s dividend.Statement
		if json.Unmarshal(text, &s) != nil {
			return
		}
		_ = s.Text(dividend.English)
		if s.Verify() != nil {
			return
		}
		one, err := json.Marshal(&s)
		require.NoError(t, err)
		var again dividend.Statement
		require.NoError(t, json.Unmarshal(one, &again))
		two, err := json.Marshal(&again)
		require.NoError(t, err)
		require.True(t, bytes.Equal(one, two))
	})
}

// FuzzRules decodes the other rules: none of them makes the package panic or divide what is not there.
func FuzzRules(f *testing.F) {
	for _, rule := range []string{
		`{"kinds": [{"id": "time", "unit": "h", "nature": "immaterial", "polarity": "+", "scale": "ratio"}]}`,
		`{"coefficients": [{"kind": "time", "points": "1e30", "to": "2025-06-30"}, {"kind": "time", "points": "2", "from": "2025-07-01"}]}`,
		`{"unit": "EUR", "rates": [{"kind": "time", "value": "-25", "from": "2025-02-29"}, {"kind": "time", "value": "0.1"}]}`,
		`{"ratio": "2", "equal": "0.5", "floor": "1", "cap": "50", "method": "webster"}`,
		`{"policy": "recent", "budget": "100", "discount": "0.5", "exclude": ["a"]}`,
		`{"behaviour": "straight", "buckets": [{"id": "b", "rate": "1", "rules": [{"id": "r", "claims": "once", "to": "2025-02-28"}]}]}`,
	} {
		f.Add([]byte(rule))
	}
	histories := []dividend.History{{ID: "a", Earned: amounts("1", "2")}, {ID: "b", Earned: amounts("3", "0"), Paid: dec("9")}}
	f.Fuzz(func(t *testing.T, rule []byte) {
		var typed *dividend.Error
		var kinds dividend.Wealth
		if json.Unmarshal(rule, &kinds) == nil {
			if m, err := dividend.NewMatrix(kinds); err == nil {
				for _, k := range m.Kinds() {
					err := m.Add(dividend.Flow{From: "a", Kind: k.ID, Unit: k.Unit, Quantity: dec("1")})
					require.NoError(t, err)
				}
			} else {
				require.ErrorAs(t, err, &typed)
			}
		}
		hours := newMatrix(t, dividend.Flow{From: "a", Kind: "time", Unit: "h", Quantity: dec("1.5"), Confirmed: true, Day: "2025-06-30"})
		var points dividend.Weights
		if json.Unmarshal(rule, &points) == nil {
			if w, err := hours.Points("a", points); err != nil {
				require.ErrorAs(t, err, &typed)
			} else {
				require.True(t, w.Value.Equal(points.Points("time", "2025-06-30").Mul(dec("1.5"))))
			}
		}
		var valuation dividend.Valuation
		if json.Unmarshal(rule, &valuation) == nil {
			if v, err := hours.Value("a", valuation, "2025-12-31"); err != nil {
				require.ErrorAs(t, err, &typed)
			} else {
				require.True(t, len(v.Lines)+len(v.Unvalued) == 1 && v.Received.IsZero())
			}
		}
		requireConserved := func(parts []dividend.Part, left, amount decimal.Decimal, err error) {
			if err != nil {
				require.ErrorAs(t, err, &typed)
				return
			}
			for _, p := range parts {
				left = left.Add(p.Amount)
			}
			require.True(t, left.Equal(amount))
		}
		var share dividend.Sharing
		if json.Unmarshal(rule, &share) == nil {
			parts, left, err := share.Divide(dec("100.01"), 2, weights("a=3 b=2 c=0"))
			requireConserved(parts, left, dec("100.01"), err)
		}
		var policy dividend.Policy
		if json.Unmarshal(rule, &policy) == nil {
			parts, err := policy.Distribute(2, histories)
			requireConserved(parts, decimal.Zero, policy.Budget, err)
		}
		var e dividend.Equation
		if json.Unmarshal(rule, &e) == nil {
			r, err := e.Run(dec("100.01"), 2, claims("c1 a 30 x,c2 b 90"))
			if err != nil {
				require.ErrorAs(t, err, &typed)
				return
			}
			requireConserved(r.Parties, r.Left, dec("100.01"), nil)
		}
	})
}
