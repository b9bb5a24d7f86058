package dividend_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func traced(t *testing.T, processes []dividend.Process, resource, quantity string) string {
	t.Helper()
	p, err := dividend.NewProduction(processes)
	require.NoError(t, err)
	ws, err := p.Trace(resource, dec(quantity))
	require.NoError(t, err)
	var out []string
	for _, w := range ws {
		out = append(out, w.ID+"="+w.Value.String())
	}
	return strings.Join(out, " ")
}

func work(party, value string) dividend.ProcessInput {
	return dividend.ProcessInput{Kind: dividend.Work, Party: party, Value: dec(value)}
}

// lamp is an order for a lamp: the process whose income of 195 goes back to those who put something in.
var lamp = []dividend.Process{{ID: "assembly", Output: "lamp", Quantity: dec("1"), Inputs: []dividend.ProcessInput{
	work("worker", "25"), work("worker", "50"),
	{Kind: dividend.Purchase, Party: "funder1", Value: dec("30")},
	{Kind: dividend.Purchase, Party: "funder2", Value: dec("20")},
	{Kind: dividend.Use, Resource: "printer", Party: "contributor", Value: dec("10")},
	{Kind: dividend.Consume, Resource: "filament", Party: "contributor", Quantity: dec("2"), Value: dec("50")},
	{Kind: dividend.Purchase, Party: "contributor", Value: dec("10")},
}}}

func TestValueFlowsBackToTheReferenceAmounts(t *testing.T) {
	t.Parallel()
	p, err := dividend.NewProduction(lamp)
	require.NoError(t, err)
	claims, err := p.Trace("lamp", dec("1"))
	require.NoError(t, err)
	parts, err := dividend.Split(dec("195"), 2, claims)
	require.NoError(t, err)
	require.Equal(t, "contributor=70.00 funder1=30.00 funder2=20.00 worker=75.00", list(parts, 2))
}

func TestValueIsTracedThroughWhatWasConsumedUsedAndCited(t *testing.T) {
	t.Parallel()
	processes := []dividend.Process{
		{ID: "sew", Output: "shirt", Quantity: dec("10"), Inputs: []dividend.ProcessInput{
			work("sam", "40"),
			{Kind: dividend.Consume, Resource: "cloth", Quantity: dec("5")},
			{Kind: dividend.Use, Resource: "machine", Value: dec("12")},
			{Kind: dividend.Cite, Resource: "pattern", Rate: dec("0.10")},
		}},
		{ID: "weave", Output: "cloth", Quantity: dec("20"), Inputs: []dividend.ProcessInput{
			work("wim", "60"), {Kind: dividend.Purchase, Party: "pat", Value: dec("20")},
		}},
		{ID: "build", Output: "machine", Quantity: dec("1"), Inputs: []dividend.ProcessInput{work("wim", "200"), work("mia", "400")}},
		{ID: "draw", Output: "pattern", Quantity: dec("1"), Inputs: []dividend.ProcessInput{work("dan", "7")}},
	}
	// cloth: 5/20 of 60 and 20; machine: 12 shared 1:2; sum 40+20+12 = 72, a tenth of which is cited.
	require.Equal(t, "dan=7.2 mia=8 pat=5 sam=40 wim=19", traced(t, processes, "shirt", "10"))
	require.Equal(t, "dan=3.6 mia=4 pat=2.5 sam=20 wim=9.5", traced(t, processes, "shirt", "5"))
	require.Equal(t, "dan=7.2 mia=8 pat=5 sam=40 wim=19", traced(t, processes, "shirt", "99"), "not more than what was put in")
}

// naiveTrace follows the definition down to the last input, without remembering anything.
func naiveTrace(by map[string]dividend.Process, output string, f *big.Rat, into map[string]*big.Rat) *big.Rat {
	give := func(party string, v *big.Rat) {
		if into[party] == nil {
			into[party] = new(big.Rat)
		}
		into[party].Add(into[party], v)
	}
	spread := func(resource string, value *big.Rat) *big.Rat {
		behind := make(map[string]*big.Rat)
		all := naiveTrace(by, resource, big.NewRat(1, 1), behind)
		if all.Sign() == 0 {
			return new(big.Rat)
		}
		for party, v := range behind {
			give(party, new(big.Rat).Quo(new(big.Rat).Mul(v, value), all))
		}
		return value
	}
	sum := new(big.Rat)
	for _, n := range by[output].Inputs {
		value := new(big.Rat).Mul(n.Value.Rat(), f)
		switch n.Kind {
		case dividend.Work, dividend.Purchase:
			give(n.Party, value)
			sum.Add(sum, value)
		case dividend.Use:
			sum.Add(sum, spread(n.Resource, value))
		case dividend.Consume:
			part := new(big.Rat).Quo(n.Quantity.Rat(), by[n.Resource].Quantity.Rat())
			sum.Add(sum, naiveTrace(by, n.Resource, part.Mul(part, f), into))
		}
	}
	others := new(big.Rat).Set(sum)
	for _, n := range by[output].Inputs {
		if n.Kind == dividend.Cite {
			sum.Add(sum, spread(n.Resource, new(big.Rat).Mul(others, n.Rate.Rat())))
		}
	}
	return sum
}

func TestTracingAgreesWithItsDefinition(t *testing.T) {
	t.Parallel()
	r := random(t)
	kinds := []string{dividend.Work, dividend.Purchase, dividend.Use, dividend.Consume, dividend.Cite}
	for range 1_000 {
		n := 1 + r.IntN(6)
		by := make(map[string]dividend.Process)
		var processes []dividend.Process
		for i := range n {
			q := dividend.Process{ID: fmt.Sprint("q", i), Output: fmt.Sprint("r", i), Quantity: decimal.New(10+r.Int64N(90), -1)}
			for range r.IntN(5) {
				in := dividend.ProcessInput{Kind: kinds[r.IntN(2)], Party: fmt.Sprint("p", r.IntN(4)), Value: decimal.New(r.Int64N(1000), -1)}
				if i > 0 {
					in.Kind = kinds[r.IntN(5)]
					in.Resource = fmt.Sprint("r", r.IntN(i))
					in.Quantity = decimal.New(1+r.Int64N(10), -1)
					in.Rate = decimal.New(r.Int64N(101), -2)
				}
				q.Inputs = append(q.Inputs, in)
			}
			by[q.Output] = q
			processes = append(processes, q)
		}
		r.Shuffle(n, func(i, j int) { processes[i], processes[j] = processes[j], processes[i] })
		p, err := dividend.NewProduction(processes)
		require.NoError(t, err)
		output := fmt.Sprint("r", n-1)
		quantity := decimal.New(r.Int64N(200), -1)
		got, err := p.Trace(output, quantity)
		require.NoError(t, err)

		f := new(big.Rat).Quo(quantity.Rat(), by[output].Quantity.Rat())
		if f.Cmp(big.NewRat(1, 1)) > 0 {
			f.SetInt64(1)
		}
		want := make(map[string]*big.Rat)
		naiveTrace(by, output, f, want)
		require.Len(t, got, len(want))
		for _, w := range got {
			gap := new(big.Rat).Sub(want[w.ID], w.Value.Rat())
			require.LessOrEqual(t, gap.Abs(gap).Cmp(decimal.New(5, -19).Rat()), 0, "%s gets %s", w.ID, w.Value)
		}
	}
}

func TestACircleOfResourcesIsSpelledOut(t *testing.T) {
	t.Parallel()
	consume := func(resource string) []dividend.ProcessInput {
		return []dividend.ProcessInput{{Kind: dividend.Consume, Resource: resource, Quantity: dec("1")}}
	}
	_, err := dividend.NewProduction([]dividend.Process{
		{ID: "1", Output: "egg", Quantity: dec("1"), Inputs: consume("hen")},
		{ID: "2", Output: "hen", Quantity: dec("1"), Inputs: consume("chick")},
		{ID: "3", Output: "chick", Quantity: dec("1"), Inputs: consume("egg")},
	})
	require.ErrorIs(t, err, dividend.ErrInput)
	require.ErrorContains(t, err, `is made of itself: chick ← egg ← hen ← chick`)
}

func TestAChainThatIsTooDeepIsRefused(t *testing.T) {
	t.Parallel()
	var processes []dividend.Process
	for i := range dividend.MaxDepth + 1 {
		processes = append(processes, dividend.Process{
			ID: fmt.Sprint(i), Output: fmt.Sprintf("r%04d", i), Quantity: dec("1"),
			Inputs: []dividend.ProcessInput{{Kind: dividend.Use, Resource: fmt.Sprintf("r%04d", i+1), Party: "p", Value: dec("1")}},
		})
	}
	_, err := dividend.NewProduction(processes)
	require.ErrorIs(t, err, dividend.ErrLimit)
}

func TestFractionsThatGrowWithoutEndAreRefused(t *testing.T) {
	t.Parallel()
	processes := []dividend.Process{{ID: "0", Output: "r0000", Quantity: dec("1"), Inputs: []dividend.ProcessInput{work("p", "1")}}}
	for i := range 400 {
		processes = append(processes, dividend.Process{
			ID: fmt.Sprint(i + 1), Output: fmt.Sprintf("r%04d", i+1), Quantity: dec(fmt.Sprintf("99999999999999999999999.%d7", i)),
			Inputs: []dividend.ProcessInput{{Kind: dividend.Consume, Resource: fmt.Sprintf("r%04d", i), Quantity: dec("0.1")}},
		})
	}
	_, err := dividend.NewProduction(processes)
	require.ErrorIs(t, err, dividend.ErrLimit)
	require.ErrorContains(t, err, "fraction")
}

func TestProductionRefusesBadInput(t *testing.T) {
	t.Parallel()
	with := func(n dividend.ProcessInput) []dividend.Process {
		return []dividend.Process{
			{ID: "a", Output: "x", Quantity: dec("2"), Inputs: []dividend.ProcessInput{n}},
			{ID: "b", Output: "y", Quantity: dec("2"), Inputs: []dividend.ProcessInput{work("p", "1")}},
		}
	}
	for want, processes := range map[string][]dividend.Process{
		`input 1: kind "think"`:                                    with(dividend.ProcessInput{Kind: "think"}),
		`input 1: party: must not be empty`:                        with(dividend.ProcessInput{Kind: dividend.Work}),
		`input 1: value "-1"`:                                      with(work("p", "-1")),
		`input 1: resource: must not be empty`:                     with(dividend.ProcessInput{Kind: dividend.Use}),
		`input 1: rate "2": must be between 0 and 1`:               with(dividend.ProcessInput{Kind: dividend.Cite, Resource: "y", Rate: dec("2")}),
		`input 1: quantity "0": must be positive`:                  with(dividend.ProcessInput{Kind: dividend.Consume, Resource: "y"}),
		`quantity "3": is more than the 2 that were made`:          with(dividend.ProcessInput{Kind: dividend.Consume, Resource: "y", Quantity: dec("3")}),
		`must say who gets the value, because no process made "z"`: with(dividend.ProcessInput{Kind: dividend.Use, Resource: "z"}),
		`process 1: id: must not be empty`:                         {{Output: "x", Quantity: dec("1")}},
		`process "a": quantity "0": must be positive`:              {{ID: "a", Output: "x"}},
		`output "x": is also made by process "a"`:                  {{ID: "a", Output: "x", Quantity: dec("1")}, {ID: "b", Output: "x", Quantity: dec("1")}},
	} {
		_, err := dividend.NewProduction(processes)
		require.ErrorIs(t, err, dividend.ErrInput)
		require.ErrorContains(t, err, want)
	}
	p, err := dividend.NewProduction(lamp)
	require.NoError(t, err)
	_, err = p.Trace("moon", dec("1"))
	require.ErrorIs(t, err, dividend.ErrUnknown)
	_, err = p.Trace("lamp", dec("-1"))
	require.ErrorIs(t, err, dividend.ErrInput)
}
