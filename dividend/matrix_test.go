package dividend_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

var wealth = dividend.Wealth{Kinds: []dividend.Kind{
	{ID: "time", Name: map[string]string{"fr": "temps", "en": "time"}, Unit: "h", Nature: dividend.Immaterial, Polarity: dividend.Positive, Scale: dividend.Ratio},
	{ID: "money", Unit: "EUR", Nature: dividend.Material, Polarity: dividend.Positive, Scale: dividend.Ratio},
	{ID: "carbon", Unit: "kgCO2e", Nature: dividend.Material, Polarity: dividend.Negative, Scale: dividend.Ratio},
	{ID: "joy", Unit: "level", Nature: dividend.Immaterial, Polarity: dividend.Positive, Scale: dividend.Ordinal, Levels: 5},
	{ID: "hardship", Unit: "level", Nature: dividend.Immaterial, Polarity: dividend.Negative, Scale: dividend.Ordinal},
}}

func newMatrix(t *testing.T, flows ...dividend.Flow) *dividend.Matrix {
	t.Helper()
	m, err := dividend.NewMatrix(wealth)
	require.NoError(t, err)
	for _, f := range flows {
		require.NoError(t, m.Add(f))
	}
	return m
}

func flow(from, to, kind, quantity string, confirmed bool) dividend.Flow {
	k, _ := wealth.Kind(kind)
	return dividend.Flow{From: from, To: to, Kind: kind, Quantity: dec(quantity), Unit: k.Unit, Confirmed: confirmed, Evidence: 1}
}

func points(pairs map[string]string) dividend.Weights {
	var w dividend.Weights
	for _, k := range wealth.Kinds {
		if p, ok := pairs[k.ID]; ok {
			w.Coefficients = append(w.Coefficients, dividend.Coefficient{Kind: k.ID, Points: dec(p)})
		}
	}
	return w
}

func TestAFlowIsGivenOnOneSideAndReceivedOnTheOther(t *testing.T) {
	t.Parallel()
	m := newMatrix(t, flow("amina", "website", "time", "2.5", true), flow("amina", "website", "time", "1", false))

	given, err := m.Cell("amina", "time")
	require.NoError(t, err)
	received, err := m.Cell("website", "time")
	require.NoError(t, err)

	require.Equal(t, "2.5", given.Given.Confirmed.Sum.String())
	require.Equal(t, "1", given.Given.Declared.Sum.String())
	require.Equal(t, 1, given.Given.Declared.Flows)
	require.Equal(t, 1, given.Given.Confirmed.Evidence)
	require.Equal(t, given.Given, received.Received)
	require.Zero(t, given.Received)
	require.Zero(t, received.Given)
	require.Equal(t, []string{"amina", "website"}, m.Rows())
	require.Equal(t, 2, m.Flows())
}

func TestTotalsAreKeptKindByKindAndNeverAcrossKinds(t *testing.T) {
	t.Parallel()
	m := newMatrix(t, flow("a", "p", "time", "3", true), flow("b", "p", "time", "4", true), flow("b", "p", "money", "100", true))
	got := make(map[string]string)
	for k, c := range m.Totals() {
		got[k.ID] = c.Given.Confirmed.Sum.String() + " " + k.Unit
	}
	require.Equal(t, map[string]string{"time": "7 h", "money": "100 EUR"}, got)
}

func TestOrdinalKindsAreDescribedAndNeverSummed(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for _, level := range []string{"5", "1", "4", "4", "2"} {
		require.NoError(t, m.Add(flow("a", "p", "joy", level, true)))
	}
	c, err := m.Cell("a", "joy")
	require.NoError(t, err)
	require.Equal(t, &dividend.Levels{Lowest: 1, Lower: 2, Median: 4, Upper: 4, Highest: 5}, c.Given.Confirmed.Levels)
	require.Equal(t, 2, c.Given.Confirmed.Levels.Spread())
	require.Equal(t, 5, c.Given.Confirmed.Flows)
	require.True(t, c.Given.Confirmed.Sum.IsZero())
}

func TestTheMedianOfAnEvenNumberOfLevelsIsALevelThatWasGiven(t *testing.T) {
	t.Parallel()
	m := newMatrix(t, flow("a", "p", "joy", "1", true), flow("a", "p", "joy", "5", true))
	c, err := m.Cell("a", "joy")
	require.NoError(t, err)
	require.Equal(t, 1, c.Given.Confirmed.Levels.Median)
}

func TestPointsWeighWhatWasGivenAndConfirmed(t *testing.T) {
	t.Parallel()
	m := newMatrix(t,
		flow("amina", "website", "time", "40", true), flow("amina", "website", "money", "100.50", true),
		flow("amina", "website", "time", "99", false), flow("website", "amina", "time", "7", true),
		flow("bruno", "website", "joy", "5", true),
	)
	rule := points(map[string]string{"time": "1.5", "money": "0.1"})
	w, err := m.Points("amina", rule)
	require.NoError(t, err)
	require.Equal(t, "70.05", w.Value.String())
	require.Len(t, w.Terms, 2)
	require.Equal(t, []string{"time", "40", "h", "1.5", "60"}, []string{
		w.Terms[0].Kind, w.Terms[0].Quantity.String(), w.Terms[0].Unit, w.Terms[0].Points.String(), w.Terms[0].Value.String(),
	})
	require.Equal(t, "10.05", w.Terms[1].Value.String())

	all, err := m.AllPoints(rule)
	require.NoError(t, err)
	require.Equal(t, []string{"amina", "website"}, []string{all[0].ID, all[1].ID})
	require.Equal(t, "10.5", all[1].Value.String())
	require.Len(t, all, 2, "bruno gave only joy, which has no points")

	nobody, err := m.Points("nobody", rule)
	require.NoError(t, err)
	require.True(t, nobody.Value.IsZero())
}

func TestTheOrderOfFlowsDoesNotMatter(t *testing.T) {
	t.Parallel()
	for r := range cases(t) {
		var flows []dividend.Flow
		for range r.IntN(12) {
			kind := wealth.Kinds[r.IntN(len(wealth.Kinds))]
			q := decimal.New(1+r.Int64N(5), 0)
			if kind.Scale == dividend.Ratio {
				q = decimal.New(1+r.Int64N(1000), -int32(r.IntN(3)))
			}
			flows = append(flows, dividend.Flow{
				From: fmt.Sprint("a", r.IntN(4)), To: fmt.Sprint("p", r.IntN(3)), Kind: kind.ID, Unit: kind.Unit,
				Quantity: q, Confirmed: r.IntN(2) == 0, Evidence: r.IntN(3),
			})
		}
		one := newMatrix(t, flows...)
		r.Shuffle(len(flows), func(i, j int) { flows[i], flows[j] = flows[j], flows[i] })
		two := newMatrix(t, flows...)
		require.Equal(t, one.Rows(), two.Rows())
		for _, row := range one.Rows() {
			requireSameCells(t, one, two, row)
		}
		given, received := decimal.Zero, decimal.Zero
		for _, row := range one.Rows() {
			c, err := one.Cell(row, "time")
			require.NoError(t, err)
			given = given.Add(c.Given.Confirmed.Sum)
			received = received.Add(c.Received.Confirmed.Sum)
		}
		require.True(t, given.Equal(received), "what was given between rows was received")
	}
}

func requireSameCells(t *testing.T, one, two *dividend.Matrix, row string) {
	t.Helper()
	type column struct {
		kind string
		cell dividend.Cell
	}
	columns := func(m *dividend.Matrix) (out []column) {
		for k, c := range m.Cells(row) {
			out = append(out, column{k.ID, c})
		}
		return out
	}
	require.True(t, slices.EqualFunc(columns(one), columns(two), func(a, b column) bool {
		return a.kind == b.kind &&
			sameTally(a.cell.Given.Confirmed, b.cell.Given.Confirmed) && sameTally(a.cell.Given.Declared, b.cell.Given.Declared) &&
			sameTally(a.cell.Received.Confirmed, b.cell.Received.Confirmed) && sameTally(a.cell.Received.Declared, b.cell.Received.Declared)
	}), row)
}

func sameTally(a, b dividend.Tally) bool {
	levels := a.Levels == b.Levels || a.Levels != nil && b.Levels != nil && *a.Levels == *b.Levels
	return levels && a.Flows == b.Flows && a.Evidence == b.Evidence && a.Sum.Equal(b.Sum)
}

func TestAFlowThatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	ok := flow("a", "p", "time", "1", true)
	with := func(change func(*dividend.Flow)) dividend.Flow {
		f := ok
		change(&f)
		return f
	}
	for name, c := range map[string]struct {
		flow dividend.Flow
		is   error
		text string
	}{
		"unknown kind":  {with(func(f *dividend.Flow) { f.Kind = "gold" }), dividend.ErrUnknown, `matrix: kind "gold": is not a kind`},
		"other unit":    {with(func(f *dividend.Flow) { f.Unit = "min" }), dividend.ErrUnit, `kind "time": unit "min": must be "h"`},
		"negative":      {with(func(f *dividend.Flow) { f.Quantity = dec("-3") }), dividend.ErrInput, `quantity "-3": must be positive`},
		"zero":          {with(func(f *dividend.Flow) { f.Quantity = dec("0") }), dividend.ErrInput, `must be positive`},
		"huge":          {with(func(f *dividend.Flow) { f.Quantity = decimal.New(1, 1<<30) }), dividend.ErrLimit, `exponent`},
		"nobody":        {with(func(f *dividend.Flow) { f.From, f.To = "", "" }), dividend.ErrInput, `giver or a receiver`},
		"to oneself":    {with(func(f *dividend.Flow) { f.To = "a" }), dividend.ErrInput, `must not be the giver`},
		"bad row":       {with(func(f *dividend.Flow) { f.From = "a\x00" }), dividend.ErrInput, `from`},
		"evidence":      {with(func(f *dividend.Flow) { f.Evidence = -1 }), dividend.ErrInput, `evidence "-1"`},
		"half a level":  {flow("a", "p", "joy", "2.5", true), dividend.ErrInput, `must be a whole number from 1 to 5`},
		"level above":   {flow("a", "p", "joy", "6", true), dividend.ErrInput, `from 1 to 5`},
		"level zero":    {flow("a", "p", "joy", "0", true), dividend.ErrInput, `from 1 to 5`},
		"no such level": {flow("a", "p", "hardship", "1001", true), dividend.ErrInput, `from 0 to 1000`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMatrix(t)
			err := m.Add(c.flow)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.text)
			require.Empty(t, m.Rows())
			require.Zero(t, m.Flows())
		})
	}
	m := newMatrix(t, ok)
	_, err := m.Cell("a", "gold")
	require.ErrorIs(t, err, dividend.ErrUnknown)
}

func TestWealthAndWeightsAreCheckedWhenTheyAreAdopted(t *testing.T) {
	t.Parallel()
	kind := func(change func(*dividend.Kind)) dividend.Wealth {
		k := wealth.Kinds[0]
		change(&k)
		return dividend.Wealth{Kinds: []dividend.Kind{k}}
	}
	for name, c := range map[string]struct {
		err  error
		text string
	}{
		"no kind":         {dividend.Wealth{}.Validate(), `wealth: kinds: must not be empty`},
		"kind twice":      {dividend.Wealth{Kinds: []dividend.Kind{wealth.Kinds[0], wealth.Kinds[0]}}.Validate(), `wealth: kind "time": id "time": given twice`},
		"no id":           {kind(func(k *dividend.Kind) { k.ID = "" }).Validate(), `wealth: kind 1: id: must not be empty`},
		"no unit":         {kind(func(k *dividend.Kind) { k.Unit = "" }).Validate(), `unit: must not be empty`},
		"nature":          {kind(func(k *dividend.Kind) { k.Nature = "spiritual" }).Validate(), `nature "spiritual": must be "material" or "immaterial"`},
		"polarity":        {kind(func(k *dividend.Kind) { k.Polarity = "±" }).Validate(), `polarity "±"`},
		"scale":           {kind(func(k *dividend.Kind) { k.Scale = "" }).Validate(), `scale: must be`},
		"levels":          {kind(func(k *dividend.Kind) { k.Levels = 3 }).Validate(), `levels "3": must be absent from a ratio kind`},
		"level limits":    {kind(func(k *dividend.Kind) { k.Scale, k.Levels = dividend.Ordinal, 1 }).Validate(), `levels "1": must be between 2 and 1000`},
		"empty name":      {kind(func(k *dividend.Kind) { k.Name = map[string]string{"fr": " "} }).Validate(), `name.fr: must not be empty`},
		"no coefficient":  {dividend.Weights{}.Validate(), `weights: coefficients: must not be empty`},
		"negative points": {points(map[string]string{"time": "-1"}).Validate(), `weights: kind "time": points "-1": must not be negative`},
		"coefficient twice": {
			dividend.Weights{Coefficients: []dividend.Coefficient{{Kind: "time"}, {Kind: "time"}}}.Validate(),
			`weights: kind "time": given twice`,
		},
		"ordinal with points": {points(map[string]string{"joy": "1"}).ValidateWith(wealth), `weights: kind "joy": scale "ordinal": an ordinal kind cannot have points`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, c.err, dividend.ErrRule)
			require.ErrorContains(t, c.err, c.text)
		})
	}
	unknown := dividend.Weights{Coefficients: []dividend.Coefficient{{Kind: "gold", Points: dec("1")}}}
	require.ErrorIs(t, unknown.ValidateWith(wealth), dividend.ErrUnknown)
	require.Equal(t, "0", points(map[string]string{"time": "2"}).Points("money", "").String())
}
