package dividend_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

func TestTheAnalyticViewUsesTheRatesOfTheDay(t *testing.T) {
	t.Parallel()
	rule := dividend.Valuation{Unit: "EUR", Rates: []dividend.ValuationRate{
		{Kind: "time", Value: dec("26.50"), From: "2025-07-01"},
		{Kind: "time", Value: dec("25"), From: "2025-01-01", To: "2025-06-30"},
		{Kind: "money", Value: dec("1")},
	}}
	spring, summer := flow("a", "p", "time", "10", true), flow("a", "p", "time", "4", true)
	spring.Day, summer.Day = "2025-06-30", "2025-07-01"
	m := newMatrix(t,
		spring, summer, flow("a", "p", "time", "99", false), flow("a", "p", "carbon", "3", true),
		flow("p", "a", "money", "100", true), flow("a", "p", "joy", "5", true), flow("a", "p", "time", "2", true),
	)
	for day, want := range map[string]string{
		"2025-06-30": "time 25 2025-01-01 300 0, time 26.5 2025-07-01 106 0, money 1  0 100; carbon joy; 406 and 100",
		"2025-12-31": "time 25 2025-01-01 250 0, time 26.5 2025-07-01 159 0, money 1  0 100; carbon joy; 409 and 100",
		"2024-12-31": "time 25 2025-01-01 250 0, time 26.5 2025-07-01 106 0, money 1  0 100; time carbon joy; 356 and 100",
	} {
		v, err := m.Value("a", rule, day)
		require.NoError(t, err)
		var lines []string
		for _, l := range v.Lines {
			lines = append(lines, strings.Join([]string{l.Kind, l.Rate.String(), l.From, l.Given.String(), l.Received.String()}, " "))
		}
		require.Equal(t, want, strings.Join(lines, ", ")+"; "+strings.Join(v.Unvalued, " ")+"; "+v.Given.String()+" and "+v.Received.String(),
			"what flowed on no day is valued as of %s", day)
	}
	nobody, err := m.Value("nobody", rule, "2025-01-01")
	require.NoError(t, err)
	require.Empty(t, nobody)
}

func TestValuationsAreChecked(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for want, rates := range map[string][]dividend.ValuationRate{
		`kind "time": from "2025-06-30": must be after the last`:   {{Kind: "time", From: "2025-06-30"}, {Kind: "time", To: "2025-06-30"}},
		`valuation: kind "time": given twice`:                      {{Kind: "time"}, {Kind: "time"}},
		`kind "time": to "2025-13-01": must be a day`:              {{Kind: "time", To: "2025-13-01"}},
		`kind "time": to "2025-01-01": must not be before`:         {{Kind: "time", From: "2025-01-02", To: "2025-01-01"}},
		`kind "joy": scale "ordinal": an ordinal kind cannot have`: {{Kind: "joy"}},
		`rate 1: kind: must not be empty`:                          {{}},
	} {
		_, err := m.Value("a", dividend.Valuation{Unit: "EUR", Rates: rates}, "2025-01-01")
		require.ErrorIs(t, err, dividend.ErrRule)
		require.ErrorContains(t, err, want)
	}
	_, err := m.Value("a", dividend.Valuation{Unit: "EUR", Rates: []dividend.ValuationRate{{Kind: "gold"}}}, "2025-01-01")
	require.ErrorIs(t, err, dividend.ErrUnknown)
	_, err = m.Value("a", dividend.Valuation{Unit: "EUR"}, "today")
	require.ErrorIs(t, err, dividend.ErrInput)
	require.ErrorIs(t, dividend.Valuation{}.Validate(), dividend.ErrRule)
	require.ErrorIs(t, dividend.Valuation{Unit: "EUR", Rates: make([]dividend.ValuationRate, dividend.MaxRates+1)}.Validate(), dividend.ErrLimit)
}

func TestEveryContributionCountsByTheCoefficientOfItsDay(t *testing.T) {
	t.Parallel()
	rule := dividend.Weights{Coefficients: []dividend.Coefficient{
		{Kind: "time", Points: dec("1.5"), From: "2025-07-01", To: "2025-09-30"},
		{Kind: "time", Points: dec("1"), To: "2025-06-30"},
		{Kind: "money", Points: dec("0.1")},
	}}
	require.NoError(t, rule.ValidateWith(wealth))
	on := func(day, quantity string) dividend.Flow {
		f := flow("amina", "website", "time", quantity, true)
		f.Day = day
		return f
	}
	m := newMatrix(t, on("2025-06-30", "10"), on("2025-07-01", "4"), on("2025-09-30", "2"), on("2025-10-01", "100"), on("2024-02-29", "1"),
		flow("amina", "website", "money", "30", true))
	w, err := m.Points("amina", rule)
	require.NoError(t, err)
	require.Equal(t, "23", w.Value.String(), "11 at 1, 6 at 1.5, 30 at 0.1; what was given later gives none")
	require.Equal(t, []string{"", "2025-07-01", ""}, []string{w.Terms[0].From, w.Terms[1].From, w.Terms[2].From})

	s, err := waterfall(t, `{"id": "all", "of": "base", "rate": "1", "to": {"group": "g"}}`).Run(dividend.Input{
		Currency: "EUR", Decimals: 2, Received: dec("23"), Groups: map[string][]dividend.Weight{"g": {w}},
	})
	require.NoError(t, err)
	x, err := s.Explain("amina")
	require.NoError(t, err)
	require.Contains(t, x.Text(dividend.French), "poids : 11 h (time) × 1 + 6 h (time, à partir du 2025-07-01) × 1,5 + 30 EUR (money) × 0,1 = 23\n")

	for day, want := range map[string]string{"2025-06-30": "1", "2025-07-01": "1.5", "2025-10-01": "0", "": "0"} {
		require.Equal(t, want, rule.Points("time", day).String())
	}
	require.Equal(t, "0.1", rule.Points("money", "").String())

	require.NoError(t, m.Add(flow("bruno", "website", "time", "1", true)))
	_, err = m.AllPoints(rule)
	require.ErrorIs(t, err, dividend.ErrInput)
	require.ErrorContains(t, err, `matrix: row "bruno": kind "time": day: is missing from a flow`)
	require.ErrorContains(t, m.Add(on("2025-02-29", "1")), `kind "time": day "2025-02-29": must be written 2006-01-02`)

	rule.Coefficients[1].To = "2025-07-01"
	require.ErrorContains(t, rule.Validate(), `weights: kind "time": from "2025-07-01": must be after the last day of the period before it`)
}

func TestDatedWeightsAreSumsOverFlows(t *testing.T) {
	t.Parallel()
	day := func(n int) string { return fmt.Sprintf("2025-%02d-01", n) }
	for r := range cases(t) {
		border := 1 + r.IntN(11)
		rule := dividend.Weights{Coefficients: []dividend.Coefficient{
			{Kind: "time", Points: decimal.New(r.Int64N(50), -1), From: day(border + 1)},
			{Kind: "time", Points: decimal.New(r.Int64N(50), -1), From: day(2), To: day(max(2, border))},
		}}
		both, want := [2]*dividend.Matrix{newMatrix(t), newMatrix(t)}, make(map[string]decimal.Decimal)
		for range r.IntN(8) {
			f := dividend.Flow{
				From: fmt.Sprint("a", r.IntN(3)), Kind: "time", Unit: "h", Quantity: decimal.New(1+r.Int64N(100), -1),
				Confirmed: r.IntN(3) > 0, Day: day(1 + r.IntN(12)),
			}
			require.NoError(t, both[r.IntN(2)].Add(f))
			if f.Confirmed {
				want[f.From] = want[f.From].Add(f.Quantity.Mul(rule.Points("time", f.Day)))
			}
		}
		if border == 1 { // then the two periods overlap
			require.ErrorIs(t, rule.Validate(), dividend.ErrRule)
			continue
		}
		require.NoError(t, both[0].Merge(both[1]))
		up := both[0].Rollup(func(string) string { return "all" })
		all := decimal.Zero
		for _, row := range both[0].Rows() {
			w, err := both[0].Points(row, rule)
			require.NoError(t, err)
			require.True(t, want[row].Equal(w.Value), "%s counts for %s, naive %s", row, w.Value, want[row])
			all = all.Add(w.Value)
		}
		w, err := up.Points("all", rule)
		require.NoError(t, err)
		require.True(t, all.Equal(w.Value), "a group counts for what its members count for")
	}
}
