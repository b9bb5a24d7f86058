package dividend_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func equation(t *testing.T, behaviour, buckets string) dividend.Equation {
	t.Helper()
	var e dividend.Equation
	require.NoError(t, json.Unmarshal([]byte(fmt.Sprintf(`{"behaviour": %q, "buckets": [%s]}`, behaviour, buckets)), &e))
	return e
}

// claims makes claims out of "id party value" triples separated by commas.
func claims(list string) []dividend.EquationClaim {
	var out []dividend.EquationClaim
	for c := range strings.SplitSeq(list, ",") {
		f := strings.Fields(c)
		out = append(out, dividend.EquationClaim{ID: f[0], Party: f[1], Date: "2025-03-01", Labels: f[3:], Value: dec(f[2]), Outstanding: dec(f[2])})
	}
	return out
}

func outstanding(r *dividend.EquationResult) string {
	var out []string
	for _, c := range r.Claims {
		out = append(out, c.ID+"="+c.Outstanding.String())
	}
	return strings.Join(out, " ")
}

func TestTheValueEquationOf195(t *testing.T) {
	t.Parallel()
	e := equation(t, dividend.Remaining, `{"id": "all", "rate": "1", "rules": [{"id": "r", "claims": "until-paid"}]}`)
	r, err := e.Run(dec("195"), 2, claims("w1 worker 25,w2 worker 50,f1 funder1 30,f2 funder2 20,c1 contributor 10,c2 contributor 50,c3 contributor 10"))
	require.NoError(t, err)
	require.Equal(t, "contributor=70 funder1=30 funder2=20 worker=75", list(r.Parties, 0))
	require.True(t, r.Left.IsZero())
}

func TestWhatBecomesOfClaims(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		behaviour, kind, amount  string
		paid, outstanding, after string
	}{
		"in part":                 {dividend.Remaining, dividend.UntilPaid, "200", "a=150 b=50", "c1=150 c2=50", "0"},
		"in full, the rest stays": {dividend.Remaining, dividend.UntilPaid, "500", "a=300 b=100", "c1=0 c2=0", "100"},
		"straight is capped too":  {dividend.Straight, dividend.UntilPaid, "500", "a=300 b=100", "c1=0 c2=0", "100"},
		"once":                    {dividend.Straight, dividend.Once, "200", "a=150 b=50", "c1=0 c2=0", "0"},
		"once, capped":            {dividend.Straight, dividend.Once, "500", "a=300 b=100", "c1=0 c2=0", "100"},
		"lasting":                 {dividend.Straight, dividend.Lasting, "500", "a=375 b=125", "c1=300 c2=100", "0"},
		"lasting, of what is left": {
			dividend.Remaining, dividend.Lasting, "500", "a=300 b=100", "c1=300 c2=100", "100",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := equation(t, c.behaviour, fmt.Sprintf(`{"id": "b", "rate": "1", "rules": [{"id": "r", "claims": %q}]}`, c.kind))
			r, err := e.Run(dec(c.amount), 0, claims("c1 a 300,c2 b 100"))
			require.NoError(t, err)
			require.Equal(t, c.paid, list(r.Parties, 0))
			require.Equal(t, c.outstanding, outstanding(r))
			require.Equal(t, c.after, r.Left.String())
		})
	}
}

func TestBucketsFilterClaimsByLabelAndDay(t *testing.T) {
	t.Parallel()
	e := equation(t, dividend.Straight, `
		{"id": "host", "rate": "0.10", "party": "host"},
		{"id": "early", "rate": "0.30", "rules": [{"id": "r", "to": "2025-03-01", "claims": "lasting"}]},
		{"id": "late", "rate": "0.20", "rules": [{"id": "r", "from": "2025-03-02", "claims": "lasting"}]},
		{"id": "design", "rate": "0.25", "rules": [
			{"id": "web", "labels": ["design", "web"], "claims": "once"},
			{"id": "other", "labels": ["design"], "claims": "until-paid"}]}`)
	all := claims("c1 a 300 design web,c2 b 100 design,c3 c 100 code")
	all[2].Date = "2025-03-02"
	r, err := e.Run(dec("1000"), 2, all)
	require.NoError(t, err)
	var got []string
	for _, p := range r.Payments {
		got = append(got, fmt.Sprintf("%s/%s/%s/%s=%s", p.Bucket, p.Rule, p.Claim, p.Party, p.Amount))
	}
	require.Equal(t, []string{
		"host///host=100", "early/r/c1/a=225", "early/r/c2/b=75", "late/r/c3/c=200", "design/web/c1/a=187.5", "design/other/c2/b=62.5",
	}, got)
	require.Equal(t, "c1=0 c2=37.5 c3=100", outstanding(r))
	require.Equal(t, "150", r.Left.String())
	require.Equal(t, "300", all[0].Outstanding.String(), "what was handed in is not changed")
}

func TestWhatABucketCannotPlaceGoesOnOnlyWhenRemaining(t *testing.T) {
	t.Parallel()
	const buckets = `
		{"id": "small", "rate": "0.5", "rules": [{"id": "r", "labels": ["x"], "claims": "until-paid"}]},
		{"id": "nobody", "rate": "0.1", "rules": [{"id": "r", "labels": ["z"], "claims": "until-paid"}]},
		{"id": "rest", "rate": "0.4", "party": "p"}`
	straight, err := equation(t, dividend.Straight, buckets).Run(dec("100"), 0, claims("c1 a 20 x"))
	require.NoError(t, err)
	require.Equal(t, "a=20 p=40", list(straight.Parties, 0))
	require.Equal(t, "40", straight.Left.String())
	remaining, err := equation(t, dividend.Remaining, buckets).Run(dec("100"), 0, claims("c1 a 20 x"))
	require.NoError(t, err)
	require.Equal(t, "a=20 p=32", list(remaining.Parties, 0))
	require.Equal(t, "48", remaining.Left.String())
}

func TestALastingClaimGetsNoMoreThanItsValueFromAllBucketsTogether(t *testing.T) {
	t.Parallel()
	e := equation(t, dividend.Remaining, `
		{"id": "first", "rate": "0.5", "rules": [{"id": "r", "claims": "lasting"}]},
		{"id": "second", "rate": "1", "rules": [{"id": "r", "claims": "lasting"}]}`)
	for range 3 { // it counts as much year after year
		r, err := e.Run(dec("600"), 0, claims("c1 a 300,c2 b 100"))
		require.NoError(t, err)
		require.Equal(t, "a=300 b=100", list(r.Parties, 0))
		require.Equal(t, "200", r.Left.String())
	}
}

// naiveEquation is a value equation in exact rationals, for buckets of rules that admit claims by one label at most.
func naiveEquation(e dividend.Equation, amount decimal.Decimal, claims []dividend.EquationClaim) (paid map[string]decimal.Decimal, owed []decimal.Decimal, left decimal.Decimal) {
	paid, owed, left = make(map[string]decimal.Decimal), make([]decimal.Decimal, len(claims)), amount
	lasting := make([]decimal.Decimal, len(claims)) // paid on it as a lasting claim
	for i, c := range claims {
		owed[i] = c.Outstanding
	}
	pay := func(party string, d decimal.Decimal) { paid[party], left = paid[party].Add(d), left.Sub(d) }
	for _, b := range e.Buckets {
		basis := amount
		if e.Behaviour == dividend.Remaining {
			basis = left
		}
		pool := decimal.Min(b.Rate.Mul(basis).Round(2), left)
		if b.Party != "" {
			pay(b.Party, pool)
			continue
		}
		var ws []claim
		var bounds []dividend.Bounds
		var at []int
		var kinds []string
		for i, c := range claims {
			for _, rule := range b.Rules {
				if len(rule.Labels) > 0 && !slices.Contains(c.Labels, rule.Labels[0]) {
					continue
				}
				value, most := owed[i], &owed[i]
				if rule.Kind == dividend.Lasting {
					if value, most = c.Value, nil; e.Behaviour == dividend.Remaining {
						unpaid := c.Value.Sub(lasting[i])
						most = &unpaid
					}
				}
				ws, bounds = append(ws, claim{c.ID, value.Rat()}), append(bounds, dividend.Bounds{Cap: most})
				at, kinds = append(at, i), append(kinds, rule.Kind)
				break
			}
		}
		parts, _ := naiveBounded(pool, 2, ws, bounds)
		for k, part := range parts {
			pay(claims[at[k]].Party, part)
			switch kinds[k] {
			case dividend.UntilPaid:
				owed[at[k]] = owed[at[k]].Sub(part)
			case dividend.Once:
				owed[at[k]] = decimal.Zero
			case dividend.Lasting:
				lasting[at[k]] = lasting[at[k]].Add(part)
			}
		}
	}
	return paid, owed, left
}

func TestValueEquationsAgreeWithExactRationals(t *testing.T) {
	t.Parallel()
	kinds := []string{dividend.Once, dividend.UntilPaid, dividend.Lasting}
	for r := range cases(t) {
		e := dividend.Equation{Behaviour: []string{dividend.Straight, dividend.Remaining}[r.IntN(2)]}
		for i := range 1 + r.IntN(4) {
			b := dividend.Bucket{ID: fmt.Sprint("b", i), Rate: decimal.New(r.Int64N(26), -2)}
			if r.IntN(4) == 0 {
				b.Party = "host"
			} else {
				b.Rules = []dividend.ClaimRule{{ID: "r1", Labels: []string{"x"}, Kind: kinds[r.IntN(3)]}, {ID: "r2", Kind: kinds[r.IntN(3)]}}
			}
			e.Buckets = append(e.Buckets, b)
		}
		var cs []dividend.EquationClaim
		for i := range r.IntN(6) {
			value := r.Int64N(10_000)
			c := dividend.EquationClaim{
				ID: fmt.Sprint("c", i), Party: fmt.Sprint("p", r.IntN(3)), Date: "2025-01-01",
				Value: decimal.New(value, -2), Outstanding: decimal.New(r.Int64N(value+1), -2),
			}
			if r.IntN(2) == 0 {
				c.Labels = []string{"x"}
			}
			cs = append(cs, c)
		}
		amount := decimal.New(r.Int64N(100_000), -2)
		res, err := e.Run(amount, 2, cs)
		require.NoError(t, err)

		paid, owed, left := naiveEquation(e, amount, cs)
		total := res.Left
		for _, p := range res.Payments {
			require.False(t, p.Amount.IsNegative())
			total = total.Add(p.Amount)
		}
		require.True(t, total.Equal(amount))
		require.True(t, left.Equal(res.Left), "%s is left, naive %s", res.Left, left)
		for _, p := range res.Parties {
			require.True(t, paid[p.ID].Equal(p.Amount), "%s gets %s, naive %s", p.ID, p.Amount, paid[p.ID])
		}
		for i, c := range res.Claims {
			require.True(t, owed[i].Equal(c.Outstanding))
			require.False(t, c.Outstanding.IsNegative() || c.Outstanding.GreaterThan(cs[i].Outstanding))
		}

		r.Shuffle(len(cs), func(i, j int) { cs[i], cs[j] = cs[j], cs[i] })
		again, err := e.Run(amount, 2, cs)
		require.NoError(t, err)
		requireSameParts(t, res.Parties, again.Parties, "the order of claims changed a part")
		require.Equal(t, fmt.Sprint(res.Payments), fmt.Sprint(again.Payments))
	}
}

func TestValueEquationsAreCheckedWhenTheyAreAdopted(t *testing.T) {
	t.Parallel()
	rule := func(r string) string { return `{"id": "b", "rate": "1", "rules": [` + r + `]}` }
	for buckets, want := range map[string]string{
		``:                            `value equation: buckets "0": must be between 1 and 256`,
		`{"rate": "1", "party": "p"}`: `bucket 1: id: must not be empty`,

		`{"id": "b", "rate": "1.1", "party": "p"}`: `bucket "b": rate "1.1": must be between 0 and 1`,
		`{"id": "b", "rate": "1"}`:                 `a bucket needs either a party or rules`,

		`{"id": "b", "rate": ".6", "party": "p"}, {"id": "c", "rate": ".6", "party": "p"}`: `bucket "c": rate "0.6": brings the rates to 1.2, above 1`,
		`{"id": "b", "rate": "0", "party": "p"}, {"id": "b", "rate": "0", "party": "p"}`:   `bucket "b": id "b": given twice`,
		rule(`{"id": "r", "claims": "forever"}`):                                           `rule "r": claims "forever"`,
		rule(`{"claims": "once"}`):                                                         `rule 1: id: must not be empty`,
		rule(`{"id": "r", "claims": "once"}, {"id": "r", "claims": "once"}`):               `rule "r": id "r": given twice`,
		rule(`{"id": "r", "claims": "once", "from": "2025-02-29"}`):                        `from "2025-02-29": must be a day written 2006-01-02`,
		rule(`{"id": "r", "claims": "once", "from": "2025-02-02", "to": "2025-02-01"}`):    `to "2025-02-01": must not be before 2025-02-02`,
	} {
		e := equation(t, dividend.Straight, buckets)
		require.ErrorIs(t, e.Validate(), dividend.ErrRule)
		require.ErrorContains(t, e.Validate(), want)
	}
	e := equation(t, "sideways", rule(`{"id": "r", "claims": "once"}`))
	require.ErrorContains(t, e.Validate(), `behaviour "sideways"`)
}

func TestValueEquationsRefuseBadClaims(t *testing.T) {
	t.Parallel()
	e := equation(t, dividend.Straight, `{"id": "b", "rate": "1", "rules": [{"id": "r", "claims": "once"}]}`)
	for want, change := range map[string]func(*dividend.EquationClaim){
		`claim 1: id: must not be empty`:               func(c *dividend.EquationClaim) { c.ID = "" },
		`claim "c1": party: must not be empty`:         func(c *dividend.EquationClaim) { c.Party = "" },
		`claim "c1": date "March"`:                     func(c *dividend.EquationClaim) { c.Date = "March" },
		`claim "c1": value "-1"`:                       func(c *dividend.EquationClaim) { c.Value = dec("-1") },
		`claim "c1": outstanding "0.001"`:              func(c *dividend.EquationClaim) { c.Outstanding = dec("0.001") },
		`outstanding "4": must not be above the value`: func(c *dividend.EquationClaim) { c.Outstanding = dec("4") },
		`claim "c2": given twice`:                      func(c *dividend.EquationClaim) { c.ID = "c2" },
	} {
		cs := claims("c1 a 3,c2 a 3")
		change(&cs[0])
		_, err := e.Run(dec("1"), 2, cs)
		require.ErrorIs(t, err, dividend.ErrInput)
		require.ErrorContains(t, err, want)
	}
}
