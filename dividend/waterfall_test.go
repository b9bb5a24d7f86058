package dividend_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

// waterfall decodes lines written as in a charter.
func waterfall(t testing.TB, lines string) dividend.Waterfall {
	t.Helper()
	var w dividend.Waterfall
	require.NoError(t, json.Unmarshal([]byte(`{"lines": [`+lines+`]}`), &w))
	return w
}

const referenceLines = `
	{"id": "contingencies", "of": "base", "rate": "0.05", "to": {"fund": "contingencies"}},
	{"id": "support", "of": "base", "rate": "0.10", "to": {"fund": "support"}},
	{"id": "commons-rd", "of": "base", "rate": "0.10", "to": {"fund": "commons-rd"}, "clause": "economic-7"},
	{"id": "introducer", "of": "base", "rate": "0.05", "to": {"group": "introducers"}},
	{"id": "dividend", "of": "remaining", "rate": "1", "to": {"group": "contributors"}}`

func input(received, costs string, groups map[string]string) dividend.Input {
	in := dividend.Input{
		Scope: "website", Clause: "economic-4", Currency: "EUR", Decimals: 2,
		Received: dec(received), DirectCosts: dec(costs), Groups: make(map[string][]dividend.Weight),
	}
	for name, pairs := range groups {
		in.Groups[name] = weights(pairs)
	}
	return in
}

func TestTheReferenceCaseOfTheContributiveDividend(t *testing.T) {
	t.Parallel()
	s, err := waterfall(t, referenceLines).Run(input("10000.00", "2000.00", map[string]string{
		"introducers": "dora=1", "contributors": "a=60 b=30 c=10",
	}))
	require.NoError(t, err)
	require.Equal(t, "8000", s.Base.String())
	require.Equal(t, "a=3360.00 b=1680.00 c=560.00 dora=400.00", list(s.Parties(), 2))
	require.Equal(t, "commons-rd=800.00 contingencies=400.00 support=800.00", list(s.Funds(), 2))
	require.Equal(t, "6000", s.Distributed.String())
	require.Equal(t, "2000", s.Reserved.String())
	require.True(t, s.CarriedOver.IsZero())
	require.Equal(t, []string{"economic-4", "economic-7"}, []string{s.Lines[0].Line.Clause, s.Lines[2].Line.Clause})
}

func TestThreeEqualWeightsShareToTheCent(t *testing.T) {
	t.Parallel()
	s, err := waterfall(t, referenceLines).Run(input("10000.00", "2000.00", map[string]string{
		"introducers": "dora=1", "contributors": "c=1 a=1 b=1",
	}))
	require.NoError(t, err)
	require.Equal(t, "a=1866.67 b=1866.67 c=1866.66 dora=400.00", list(s.Parties(), 2))
}

func TestABaseOfZeroOrLessDistributesNothingAndCarriesTheDeficit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ received, costs, brought, deficit string }{
		{"100", "300", "0", "200"},
		{"100", "100", "0", "0"},
		{"100", "50", "60", "10"},
		{"0", "0", "5", "5"},
	} {
		in := input(c.received, c.costs, map[string]string{"introducers": "", "contributors": "a=1"})
		in.Deficit = dec(c.brought)
		s, err := waterfall(t, referenceLines).Run(in)
		require.NoError(t, err)
		require.Equal(t, c.deficit, s.Deficit.String())
		require.True(t, s.Base.Equal(s.Deficit.Neg()))
		for _, p := range slices.Concat(s.Parties(), s.Funds()) {
			require.True(t, p.Amount.IsZero())
		}
		require.True(t, s.Distributed.IsZero() && s.Reserved.IsZero() && s.CarriedOver.IsZero())
	}
}

func TestWhatALineCannotPlaceGoesOnToTheNext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ introducers, reason string }{
		"no member": {"", dividend.NoMember},
		"no weight": {"dora=0 emil=0", dividend.NoWeight},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := waterfall(t, referenceLines).Run(input("10000", "2000", map[string]string{
				"introducers": c.introducers, "contributors": "a=1",
			}))
			require.NoError(t, err)
			require.Equal(t, c.reason, s.Lines[3].Reason)
			require.Equal(t, "400", s.Lines[3].Amount.String())
			require.True(t, s.Lines[3].Placed.IsZero())
			require.Equal(t, "6000", s.Lines[3].Remaining.String())
			require.Equal(t, "a=6000.00", list(s.Parties(), 2))
		})
	}
}

func TestWhatIsLeftAfterTheLastLineIsCarriedOverAndComesBack(t *testing.T) {
	t.Parallel()
	w := waterfall(t, `{"id": "all", "of": "base", "rate": "0.5", "to": {"group": "g"}}`)
	in := input("100.01", "0", map[string]string{"g": "a=1"})
	s, err := w.Run(in)
	require.NoError(t, err)
	require.Equal(t, "a=50.01", list(s.Parties(), 2), "half a cent is rounded up")
	require.Equal(t, "50", s.CarriedOver.String())

	in.Surplus = s.CarriedOver
	s, err = w.Run(in)
	require.NoError(t, err)
	require.Equal(t, "150.01", s.Base.String())
}

func TestLinesAreHeldToTheirCapAndToWhatRemains(t *testing.T) {
	t.Parallel()
	w := waterfall(t, `
		{"id": "fee", "fixed": "30.00", "to": {"party": "host"}},
		{"id": "capped", "of": "base", "rate": "0.9", "cap": "40.005", "to": {"fund": "f"}},
		{"id": "rest", "fixed": "250.00", "to": {"fund": "g"}},
		{"id": "late", "of": "remaining", "rate": "1", "to": {"fund": "h"}}`)
	s, err := w.Run(input("100", "0", nil))
	require.NoError(t, err)
	got := make([]string, 0, len(s.Lines))
	for _, l := range s.Lines {
		got = append(got, fmt.Sprintf("%s %s %s", l.Amount.StringFixed(2), l.Limit, l.Remaining.StringFixed(2)))
	}
	require.Equal(t, []string{"30.00  70.00", "40.00 cap 30.00", "30.00 remaining 0.00", "0.00  0.00"}, got)
	require.Equal(t, "host=30.00", list(s.Parties(), 2))
}

func TestALineWithAConditionWaitsForALargeEnoughBase(t *testing.T) {
	t.Parallel()
	w := waterfall(t, `
		{"id": "solidarity", "of": "base", "rate": "0.1", "atLeast": "1000", "to": {"party": "neighbours"}},
		{"id": "rest", "of": "remaining", "rate": "1", "to": {"fund": "f"}}`)
	for received, want := range map[string]string{"999.99": "neighbours=0.00", "1000": "neighbours=100.00"} {
		s, err := w.Run(input(received, "0", nil))
		require.NoError(t, err)
		require.Equal(t, want, list(s.Parties(), 2))
	}
	s, err := w.Run(input("999.99", "0", nil))
	require.NoError(t, err)
	require.Contains(t, s.Text(dividend.English), "0.1 × 999.99 of the base = 99.999 ≈ 100.00, but the base is below 1 000.00, the condition of the line → 0.00 → party neighbours; 999.99 remain\n")
}

func TestALineMayNameItsPartiesAndTheirShares(t *testing.T) {
	t.Parallel()
	w := waterfall(t, `{"id": "authors", "of": "base", "rate": "0.1", "to": {"parties": [{"id": "zoe", "value": "70"}, {"id": "abel", "value": "30"}]}}`)
	s, err := w.Run(input("1000", "0", nil))
	require.NoError(t, err)
	require.Equal(t, "abel=30.00 zoe=70.00", list(s.Parties(), 2))
	require.Equal(t, "900", s.CarriedOver.String())
	x, err := s.Explain("zoe")
	require.NoError(t, err)
	require.Contains(t, x.Text(dividend.French), "= 100,00 → 2 parties ; 900,00 restent\n   poids : 70\n   part : 100,00 × 70 / 100 = 70,00\n")
}

func TestRoundingUpNeverTakesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	w := waterfall(t, `
		{"id": "a", "of": "base", "rate": "0.5", "to": {"fund": "a"}},
		{"id": "b", "of": "base", "rate": "0.5", "to": {"fund": "b"}}`)
	s, err := w.Run(input("0.01", "0", nil))
	require.NoError(t, err)
	require.Equal(t, "a=0.01 b=0.00", list(s.Funds(), 2))
}

func TestWaterfallsAreCheckedWhenTheyAreAdopted(t *testing.T) {
	t.Parallel()
	const to = `"to": {"fund": "f"}`
	for name, c := range map[string]struct{ lines, text string }{
		"no line":               {``, `waterfall: lines: must not be empty`},
		"no id":                 {`{"of": "base", "rate": "0.1", ` + to + `}`, `waterfall: line 1: id: must not be empty`},
		"id twice":              {`{"id": "a", "of": "base", "rate": "0.1", ` + to + `}, {"id": "a", "of": "base", "rate": "0.1", ` + to + `}`, `line "a": id "a": given twice`},
		"rate above one":        {`{"id": "a", "of": "base", "rate": "1.5", ` + to + `}`, `waterfall: line "a": rate "1.5": must be between 0 and 1`},
		"negative rate":         {`{"id": "a", "of": "remaining", "rate": "-0.1", ` + to + `}`, `rate "-0.1"`},
		"rates above one":       {`{"id": "a", "of": "base", "rate": "0.6", ` + to + `}, {"id": "b", "of": "base", "rate": "0.5", ` + to + `}`, `line "b": rate "0.5": brings the rates on the base to 1.1, above 1`},
		"no basis":              {`{"id": "a", "rate": "0.1", ` + to + `}`, `of: must be "base" or "remaining"`},
		"other basis":           {`{"id": "a", "of": "margin", "rate": "0.1", ` + to + `}`, `of "margin"`},
		"rate and fixed":        {`{"id": "a", "of": "base", "rate": "0.1", "fixed": "1", ` + to + `}`, `fixed "1": must be absent when there is a rate`},
		"neither":               {`{"id": "a", "of": "base", ` + to + `}`, `a line needs a rate or a fixed amount`},
		"basis of fixed":        {`{"id": "a", "of": "base", "fixed": "1", ` + to + `}`, `of "base": must be absent`},
		"fixed zero":            {`{"id": "a", "fixed": "0", ` + to + `}`, `fixed "0": must be positive`},
		"negative cap":          {`{"id": "a", "fixed": "1", "cap": "-1", ` + to + `}`, `cap "-1": must not be negative`},
		"condition":             {`{"id": "a", "fixed": "1", "atLeast": "-1", ` + to + `}`, `atLeast "-1": must not be negative`},
		"to nobody":             {`{"id": "a", "fixed": "1", "to": {}}`, `to: must name exactly one of fund, party, parties, group and claims`},
		"to two":                {`{"id": "a", "fixed": "1", "to": {"fund": "f", "group": "g"}}`, `exactly one`},
		"parties for nothing":   {`{"id": "a", "fixed": "1", "to": {"parties": [{"id": "p", "value": "0"}]}}`, `to.parties: one of them must have a weight`},
		"a party twice":         {`{"id": "a", "fixed": "1", "to": {"parties": [{"id": "p", "value": "1"}, {"id": "p", "value": "1"}]}}`, `line "a": to.parties: id "p": given twice`},
		"a negative party":      {`{"id": "a", "fixed": "1", "to": {"parties": [{"id": "p", "value": "-1"}]}}`, `recipient "p": weight "-1"`},
		"terms in a rule":       {`{"id": "a", "fixed": "1", "to": {"parties": [{"id": "p", "value": "1", "terms": [{}]}]}}`, `terms: must be absent`},
		"parties and a fund":    {`{"id": "a", "fixed": "1", "to": {"fund": "f", "parties": [{"id": "p", "value": "1"}]}}`, `exactly one`},
		"claims without policy": {`{"id": "a", "fixed": "1", "to": {"claims": "c"}}`, `overClaim: must be pro-rata, first-come, debt or deliberate`},
		"policy without claims": {`{"id": "a", "fixed": "1", "overClaim": "debt", ` + to + `}`, `overClaim "debt": is for lines to claims`},
		"a share of claims":     {`{"id": "a", "fixed": "1", "overClaim": "debt", "to": {"claims": "c"}, "share": {}}`, `share: is for lines to a group`},
		"claims paid twice":     {`{"id": "a", "fixed": "1", "overClaim": "debt", "to": {"claims": "c"}}, {"id": "b", "fixed": "1", "overClaim": "debt", "to": {"claims": "c"}}`, `line "b": to.claims "c": are paid by another line already`},
		"bad target":            {`{"id": "a", "fixed": "1", "to": {"fund": " f"}}`, `to.fund " f"`},
		"bad clause":            {`{"id": "a", "fixed": "1", "clause": "a\n", ` + to + `}`, `clause`},
		"name":                  {`{"id": "a", "name": {"": "x"}, "fixed": "1", ` + to + `}`, `name`},
		"a name backwards":      {`{"id": "a", "name": {"fr": "x\u202ey"}, "fixed": "1", ` + to + `}`, `must be one line`},
		"two lines in a name":   {`{"id": "a", "name": {"fr": "x\n2. y"}, "fixed": "1", ` + to + `}`, `name.fr "x\n2. y": must be one line without control characters`},
		"too many decimal":      {`{"id": "a", "of": "base", "rate": "0.` + strings.Repeat("1", 37) + `", ` + to + `}`, `exponent`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := waterfall(t, c.lines)
			err := w.Validate()
			require.ErrorContains(t, err, c.text)
			var typed *dividend.Error
			require.ErrorAs(t, err, &typed)
			_, err = w.Run(input("1", "0", nil))
			require.ErrorContains(t, err, c.text, "a rule that was never checked is refused when it runs")
		})
	}
}

func TestRatesOnTheBaseMayAddUpToExactlyOne(t *testing.T) {
	t.Parallel()
	w := waterfall(t, `{"id": "a", "of": "base", "rate": "0.9", "to": {"fund": "f"}}, {"id": "b", "of": "base", "rate": "0.10", "to": {"fund": "f"}}`)
	require.NoError(t, w.Validate())
}

func TestARunRefusesBadInput(t *testing.T) {
	t.Parallel()
	groups := map[string]string{"introducers": "d=1", "contributors": "a=1"}
	for name, c := range map[string]struct {
		change func(*dividend.Input)
		is     error
		text   string
	}{
		"negative receipts": {func(in *dividend.Input) { in.Received = dec("-1") }, dividend.ErrInput, `waterfall: received "-1": must not be negative`},
		"fine costs":        {func(in *dividend.Input) { in.DirectCosts = dec("0.001") }, dividend.ErrInput, `direct costs "0.001": must not have more than 2 decimals`},
		"negative deficit":  {func(in *dividend.Input) { in.Deficit = dec("-1") }, dividend.ErrInput, `deficit`},
		"negative surplus":  {func(in *dividend.Input) { in.Surplus = dec("-1") }, dividend.ErrInput, `surplus`},
		"no currency":       {func(in *dividend.Input) { in.Currency = "" }, dividend.ErrInput, `currency`},
		"decimals":          {func(in *dividend.Input) { in.Decimals = 20 }, dividend.ErrLimit, `decimals "20"`},
		"scope":             {func(in *dividend.Input) { in.Scope = "site\n2. all of it → party d" }, dividend.ErrInput, `scope "site\n2. all of it → party d": must be one line without control characters`},
		"currency":          {func(in *dividend.Input) { in.Currency = "EUR\x1b" }, dividend.ErrInput, `control`},
		"invented hours":    {terms(func(t *dividend.Term) { t.Quantity = dec("40") }), dividend.ErrInput, `line "dividend": group "contributors": recipient "a": term "time": value "3": must be 40 × 1.5`},
		"hours left out":    {func(in *dividend.Input) { terms(nil)(in); in.Groups["contributors"][0].Value = dec("4") }, dividend.ErrInput, `recipient "a": weight "4": must be the sum of its terms, 3`},
		"huge hours":        {terms(func(t *dividend.Term) { t.Value = decimal.New(3, 1<<30) }), dividend.ErrLimit, `term "time": value "a number with exponent 1073741824"`},
		"a forged kind":     {terms(func(t *dividend.Term) { t.Kind = "time)\n" }), dividend.ErrInput, `control`},
		"long scope":        {func(in *dividend.Input) { in.Scope = strings.Repeat("x", 600) }, dividend.ErrLimit, `scope`},
		"group missing":     {func(in *dividend.Input) { delete(in.Groups, "introducers") }, dividend.ErrUnknown, `waterfall: line "introducer": to.group "introducers": is not among the groups`},
		"negative weight":   {func(in *dividend.Input) { in.Groups["contributors"] = weights("a=1 b=-2") }, dividend.ErrInput, `line "dividend": group "contributors": recipient "b": weight "-2"`},
		"member twice":      {func(in *dividend.Input) { in.Groups["contributors"] = weights("a=1 a=2") }, dividend.ErrInput, `group "contributors": id "a": given twice`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input("100", "0", groups)
			c.change(&in)
			s, err := waterfall(t, referenceLines).Run(in)
			require.Nil(t, s)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.text)
		})
	}
	fine := waterfall(t, `{"id": "a", "fixed": "0.001", "to": {"fund": "f"}}`)
	_, err := fine.Run(input("1", "0", nil))
	require.ErrorContains(t, err, `waterfall: line "a": fixed "0.001": must not have more than 2 decimals`)
}

// terms gives the one contributor a weight of 2 hours at 1.5 points, changed.
func terms(change func(*dividend.Term)) func(*dividend.Input) {
	return func(in *dividend.Input) {
		term := dividend.Term{Kind: "time", Unit: "h", Quantity: dec("2"), Points: dec("1.5"), Value: dec("3")}
		if change != nil {
			change(&term)
		}
		in.Groups["contributors"] = []dividend.Weight{{ID: "a", Value: dec("3"), Terms: []dividend.Term{term}}}
	}
}

// randomRun draws a waterfall and an input that it can run on.
func randomRun(r *rand.Rand) (dividend.Waterfall, dividend.Input) {
	in := dividend.Input{
		Scope: "s", Clause: "c", Currency: "EUR", Decimals: r.IntN(4), Groups: make(map[string][]dividend.Weight), Claims: make(map[string][]dividend.Claim),
	}
	money := func(limit int64) decimal.Decimal { return decimal.New(r.Int64N(limit), -int32(in.Decimals)) }
	in.Received, in.DirectCosts = money(2_000_000), money(1_000_000)
	if r.IntN(3) == 0 {
		in.Deficit, in.Surplus = money(100_000), money(100_000)
	}
	for g := range 3 {
		in.Groups[fmt.Sprint("g", g)] = randomWeights(r, r.IntN(4))
	}
	var w dividend.Waterfall
	left := int64(10_000)
	for i := range 1 + r.IntN(5) {
		l := dividend.Line{ID: fmt.Sprint("l", i)}
		switch r.IntN(5) {
		case 0:
			fixed := money(300_000).Add(decimal.New(1, -int32(in.Decimals)))
			l.Fixed = &fixed
		case 1:
			rate := decimal.New(r.Int64N(10_001), -4)
			l.Of, l.Rate = dividend.OfRemaining, &rate
		default:
			part := r.Int64N(left + 1)
			left -= part
			rate := decimal.New(part, -4)
			l.Of, l.Rate = dividend.OfBase, &rate
		}
		if r.IntN(4) == 0 {
			most := decimal.New(r.Int64N(3_000_000), -4)
			l.Cap = &most
		}
		if r.IntN(6) == 0 {
			least := decimal.New(r.Int64N(3_000_000), -int32(in.Decimals))
			l.AtLeast = &least
		}
		l.To = [...]dividend.Target{
			{Fund: "f"},
			{Party: "p"},
			{Group: fmt.Sprint("g", r.IntN(3))},
			{Group: fmt.Sprint("g", r.IntN(3))},
			{Parties: []dividend.Weight{{ID: "y", Value: decimal.New(1+r.Int64N(9), 0)}, {ID: "x", Value: decimal.New(r.Int64N(9), -1)}}},
			{Claims: fmt.Sprint("c", i)},
		}[r.IntN(6)]
		if l.To.Claims != "" {
			l.OverClaim = []dividend.OverClaim{dividend.ProRata, dividend.FirstCome, dividend.Debt}[r.IntN(3)]
			claims := make([]dividend.Claim, r.IntN(4))
			for n := range claims {
				claims[n] = dividend.Claim{ID: fmt.Sprint(i, "-", n), Party: string("xyp"[r.IntN(3)]), Left: money(300_000)}
			}
			in.Claims[l.To.Claims] = claims
		}
		if l.To.Group != "" && r.IntN(2) == 0 {
			l.Share = randomSharing(r, in.Decimals)
		}
		w.Lines = append(w.Lines, l)
	}
	return w, in
}

// counts says whether somebody counts for something.
func counts(s *dividend.Sharing, ws []dividend.Weight) bool {
	if s != nil && s.Equal != nil && s.Equal.Equal(dec("1")) {
		return len(ws) > 0
	}
	return !sumWeights(ws).IsZero()
}

// naiveRun is the waterfall in exact rationals, written as the documentation says it, with nothing shared.
func naiveRun(w dividend.Waterfall, in dividend.Input) (given map[string]*big.Rat, left *big.Rat) {
	unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(in.Decimals)), nil))
	down := func(x *big.Rat) *big.Rat {
		q := new(big.Rat).Quo(x, unit)
		return new(big.Rat).Mul(new(big.Rat).SetInt(new(big.Int).Div(q.Num(), q.Denom())), unit)
	}
	half := new(big.Rat).Quo(unit, big.NewRat(2, 1))
	base := new(big.Rat).Add(in.Received.Rat(), in.Surplus.Rat())
	base.Sub(base, in.DirectCosts.Rat()).Sub(base, in.Deficit.Rat())
	if base.Sign() < 0 {
		base.SetInt64(0)
	}
	given, left = make(map[string]*big.Rat), new(big.Rat).Set(base)
	give := func(id string, x *big.Rat) {
		if given[id] == nil {
			given[id] = new(big.Rat)
		}
		given[id].Add(given[id], x)
		left.Sub(left, x)
	}
	for _, l := range w.Lines {
		var amount *big.Rat
		switch {
		case l.Fixed != nil:
			amount = l.Fixed.Rat()
		case l.Of == dividend.OfBase:
			amount = down(new(big.Rat).Add(new(big.Rat).Mul(l.Rate.Rat(), base), half))
		default:
			amount = down(new(big.Rat).Add(new(big.Rat).Mul(l.Rate.Rat(), left), half))
		}
		if l.Cap != nil && amount.Cmp(l.Cap.Rat()) > 0 {
			amount = down(l.Cap.Rat())
		}
		if amount.Cmp(left) > 0 {
			amount = new(big.Rat).Set(left)
		}
		if l.AtLeast != nil && base.Cmp(l.AtLeast.Rat()) < 0 {
			amount = new(big.Rat)
		}
		switch {
		case l.To.Fund != "":
			give("fund "+l.To.Fund, amount)
		case l.To.Party != "":
			give(l.To.Party, amount)
		case l.To.Claims != "":
			for party, paid := range naiveSettle(l.OverClaim, amount, in.Claims[l.To.Claims], in.Decimals) {
				give(party, paid)
			}
		default:
			members := l.To.Parties
			if len(members) == 0 {
				members = in.Groups[l.To.Group]
			}
			if !counts(l.Share, members) {
				continue
			}
			var share dividend.Sharing
			if l.Share != nil {
				share = *l.Share
			}
			exact, _ := decimal.NewFromString(amount.FloatString(in.Decimals))
			parts, _ := naiveDivide(share, exact, in.Decimals, members)
			for i, part := range parts {
				give(members[i].ID, part.Rat())
			}
		}
	}
	return given, left
}

// naiveSettle pays claims one by one, or all of them the same fraction, by party.
func naiveSettle(policy dividend.OverClaim, amount *big.Rat, claims []dividend.Claim, decimals int) map[string]*big.Rat {
	total, weights := new(big.Rat), make([]dividend.Weight, len(claims))
	for i, c := range claims {
		total.Add(total, c.Left.Rat())
		weights[i] = dividend.Weight{ID: c.ID, Value: c.Left}
	}
	paid := make(map[string]*big.Rat)
	give := func(party string, x *big.Rat) {
		if paid[party] == nil {
			paid[party] = new(big.Rat)
		}
		paid[party].Add(paid[party], x)
	}
	left := new(big.Rat).Set(amount)
	exact, _ := decimal.NewFromString(amount.FloatString(decimals))
	for i, c := range claims {
		x := c.Left.Rat()
		switch {
		case total.Cmp(amount) <= 0:
		case policy == dividend.FirstCome:
			if x.Cmp(left) > 0 {
				x = new(big.Rat).Set(left)
			}
		default:
			parts, _ := naiveDivide(dividend.Sharing{}, exact, decimals, weights)
			x = parts[i].Rat()
		}
		left.Sub(left, x)
		give(c.Party, x)
	}
	return paid
}

func TestALineToClaimsPaysEachAtMostWhatIsLeftOfIt(t *testing.T) {
	t.Parallel()
	claims := []dividend.Claim{{ID: "loan", Party: "ana", Left: dec("100")}, {ID: "tools", Party: "bob", Left: dec("50")}, {ID: "van", Party: "ana", Left: dec("50.01")}}
	for name, c := range map[string]struct {
		line, received string
		want           string // paid, owed, renounced of each claim; placed, reason
	}{
		"all of it":            {`"of": "base", "rate": "0.5", "overClaim": "deliberate"`, "1000", "100/0/0 50/0/0 50.01/0/0 200.01 claims paid"},
		"just enough":          {`"fixed": "200.01", "overClaim": "deliberate"`, "1000", "100/0/0 50/0/0 50.01/0/0 200.01 "},
		"the same fraction":    {`"fixed": "100", "overClaim": "debt"`, "1000", "50/50/0 25/25/0 25/25.01/0 100 "},
		"and no more of it":    {`"fixed": "100", "overClaim": "pro-rata"`, "1000", "50/0/50 25/0/25 25/0/25.01 100 "},
		"one after the other":  {`"fixed": "120", "overClaim": "first-come"`, "1000", "100/0/0 20/0/30 0/0/50.01 120 "},
		"nothing to pay with":  {`"fixed": "120", "overClaim": "first-come"`, "0", "0/100/0 0/50/0 0/50.01/0 0 "},
		"nothing to decide on": {`"fixed": "120", "overClaim": "deliberate"`, "0", "0/100/0 0/50/0 0/50.01/0 0 "},
		"below the condition":  {`"fixed": "120", "atLeast": "2000", "overClaim": "pro-rata"`, "1000", "0/100/0 0/50/0 0/50.01/0 0 "},
	} {
		in := input(c.received, "0", nil)
		in.Claims = map[string][]dividend.Claim{"debts": claims}
		s, err := waterfall(t, `{"id": "a", `+c.line+`, "to": {"claims": "debts"}}, {"id": "b", "of": "remaining", "rate": "1", "to": {"fund": "f"}}`).Run(in)
		require.NoError(t, err, name)
		l, got := s.Lines[0], ""
		for _, p := range l.Claims {
			got += fmt.Sprint(p.Paid, "/", p.Owed, "/", p.Renounced, " ")
			require.True(t, p.Paid.Add(p.Owed).Add(p.Renounced).Equal(p.Left))
		}
		require.Equal(t, c.want, got+fmt.Sprint(l.Placed, " ", l.Reason), name)
		require.Equal(t, "ana", l.Parts[0].ID)
		require.True(t, l.Parts[0].Amount.Equal(l.Claims[0].Paid.Add(l.Claims[2].Paid)), "two claims of one party")
		require.True(t, s.Distributed.Add(s.Reserved).Equal(dec(c.received)), "what no claim asks for goes on")
		require.NoError(t, s.Verify())
		s.Lines[0].Claims[1].Paid = s.Lines[0].Claims[1].Paid.Add(dec("0.01"))
		require.Error(t, s.Verify())
	}
	over := waterfall(t, `{"id": "a", "fixed": "100", "overClaim": "deliberate", "to": {"claims": "debts"}}`)
	in := input("1000", "0", nil)
	_, err := over.Run(in)
	require.ErrorIs(t, err, dividend.ErrUnknown)
	in.Claims = map[string][]dividend.Claim{"debts": claims}
	_, err = over.Run(in)
	require.ErrorIs(t, err, dividend.ErrOverClaimed)
	require.ErrorContains(t, err, `line "a"`)
	in.Claims["others"] = claims[:1]
	_, err = over.Run(in)
	require.ErrorContains(t, err, `claim "loan": given twice`)
	in.Claims = map[string][]dividend.Claim{"debts": {}}
	s, err := over.Run(in)
	require.NoError(t, err)
	require.Equal(t, dividend.NoMember, s.Lines[0].Reason)
	in.Claims = map[string][]dividend.Claim{"debts": {{ID: "x", Party: "ana", Left: dec("-1")}}}
	_, err = over.Run(in)
	require.ErrorIs(t, err, dividend.ErrInput)
	in.Claims = map[string][]dividend.Claim{"debts": {{ID: "x", Party: "ana", Left: dec("1")}, {ID: "y", Party: "ana", Left: decimal.New(1, 1<<30)}}}
	_, err = over.Run(in)
	require.ErrorIs(t, err, dividend.ErrLimit)
	require.ErrorContains(t, err, `recipient "y": weight "a number with exponent 1073741824"`)
}

func TestWhatIsPaidOnClaimsIsExplained(t *testing.T) {
	t.Parallel()
	in := input("1000", "0", nil)
	in.Claims = map[string][]dividend.Claim{"debts": {{ID: "loan", Party: "ana", Left: dec("100")}, {ID: "tools", Party: "bob", Left: dec("50")}, {ID: "van", Party: "ana", Left: dec("50.01")}}}
	for policy, want := range map[string][2]string{
		"debt": {
			"   claim loan: 100.00 × 100.00 / 200.01, rounded down to 49.99 + 0.01 → 50.00; 50.00 stay owed\n" +
				"   claim van: 50.01 × 100.00 / 200.01 → 25.00; 25.01 stay owed\n   share: 75.00\n",
			"   créance loan : 100,00 × 100,00 / 200,01, arrondi en dessous à 49,99 + 0,01 → 50,00 ; 50,00 restent dus\n",
		},
		"first-come": {
			"   claim loan: 100.00 → 100.00\n   claim van: 50.01, 0.00 remain → 0.00; 50.01 are renounced\n   share: 100.00\n",
			"   créance van : 50,01, 0,00 restent → 0,00 ; 50,01 sont abandonnés\n",
		},
	} {
		lines := `{"id": "a", "fixed": "100", "overClaim": "` + policy + `", "to": {"claims": "debts"}}`
		for i, language := range []string{dividend.English, dividend.French} {
			require.Contains(t, explained(t, lines, in, "ana", language), want[i])
		}
	}
}

func TestEveryRunConservesMoneyAndAgreesWithExactRationals(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		w, in := randomRun(r)
		s, err := w.Run(in)
		require.NoError(t, err)

		total := s.Distributed.Add(s.Reserved).Add(s.CarriedOver)
		require.True(t, total.Equal(s.Base.Add(s.Deficit)), "%s given or carried of base %s", total, s.Base)
		require.False(t, s.CarriedOver.IsNegative())
		require.True(t, s.Deficit.IsZero() || total.IsZero())

		given, left := naiveRun(w, in)
		require.Zero(t, left.Cmp(s.CarriedOver.Rat()), "carried over %s, naive %s", s.CarriedOver, left)
		sum := decimal.Zero
		for _, p := range s.Parties() {
			want := given[p.ID]
			require.NotNil(t, want, p.ID)
			require.Zero(t, want.Cmp(p.Amount.Rat()), "%s gets %s, naive %s", p.ID, p.Amount, want)
			require.False(t, p.Amount.IsNegative())
			sum = sum.Add(p.Amount)
		}
		require.True(t, sum.Equal(s.Distributed))
		for _, f := range s.Funds() {
			require.Zero(t, given["fund "+f.ID].Cmp(f.Amount.Rat()))
		}

		before, err := json.Marshal(s)
		require.NoError(t, err)
		for _, g := range in.Groups {
			r.Shuffle(len(g), func(i, j int) { g[i], g[j] = g[j], g[i] })
		}
		again, err := w.Run(in)
		require.NoError(t, err)
		after, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(before), string(after), "the order of members changed the statement")
	}
}
