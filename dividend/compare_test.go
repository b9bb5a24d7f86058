package dividend_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
)

// outcome divides the pool of the reference case under a sharing rule.
func outcome(t *testing.T, name string, s dividend.Sharing) dividend.Outcome {
	t.Helper()
	parts, _, err := s.Divide(dec("5600"), 2, weights("a=60 b=30 c=10"))
	require.NoError(t, err)
	return dividend.Outcome{Rule: name, Parts: parts}
}

func comparison(t *testing.T) *dividend.Comparison {
	t.Helper()
	c, err := dividend.Compare([]dividend.Outcome{
		outcome(t, "ours", dividend.Sharing{}),
		outcome(t, "equal parts", dividend.Sharing{Equal: ptr("1")}),
		outcome(t, "capped", dividend.Sharing{Cap: ptr("3360")}),
	})
	require.NoError(t, err)
	return c
}

func TestWhoWouldGainUnderAnotherRule(t *testing.T) {
	t.Parallel()
	c := comparison(t)
	require.Equal(t, `recipient      ours  equal parts          ±    capped     ±
a          3 360.00     1 866.67  -1 493.33  3 360.00  0.00
b          1 680.00     1 866.67    +186.67  1 680.00  0.00
c            560.00     1 866.66  +1 306.66    560.00  0.00
ours: 0 gain, 0 lose, 3 unchanged, 0.00 moved, Gini 0.3333
equal parts: 2 gain, 1 lose, 0 unchanged, 1 493.33 moved, Gini 0.0000
capped: 0 gain, 0 lose, 3 unchanged, 0.00 moved, Gini 0.3333
`, c.Text(dividend.English, 2))
	require.Contains(t, c.Text(dividend.French, 2), "equal parts : 2 gagnent, 1 perdent, 0 inchangés, 1 493,33 déplacés, Gini 0,0000\n")
	require.Equal(t, "c", c.Effects[1].MostGain.ID)
	require.Equal(t, "1306.66", c.Effects[1].MostGain.Amount.String())
	require.Equal(t, "a", c.Effects[1].MostLoss.ID)
	require.Equal(t, "1493.33", c.Effects[1].MostLoss.Amount.String())
	require.Empty(t, c.Effects[2].MostGain.ID)
}

func TestWhoIsInOneOutcomeOnlyGetsZeroInTheOthers(t *testing.T) {
	t.Parallel()
	c, err := dividend.Compare([]dividend.Outcome{
		{Rule: "one", Parts: []dividend.Part{{ID: "b", Amount: dec("5")}}},
		{Rule: "two", Parts: []dividend.Part{{ID: "a", Amount: dec("5")}}},
		{Rule: "none"},
	})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, []string{c.Rows[0].ID, c.Rows[1].ID})
	require.Equal(t, "5", c.Rows[0].Gains[1].String())
	require.Equal(t, "-5", c.Rows[1].Gains[1].String())
	require.Nil(t, c.Effects[2].Inequality, "nothing is given, so nothing is unequal")
	require.Contains(t, c.Text("", 0), "none: 0 gain, 1 lose, 1 unchanged, 0 moved, Gini –\n")
}

func TestThePictureIsWellFormedAndStable(t *testing.T) {
	t.Parallel()
	c := comparison(t)
	picture := c.SVG(dividend.English, 2)
	require.Equal(t, picture, comparison(t).SVG(dividend.English, 2))
	require.Contains(t, picture, ">1 866.67</text>")
	require.Equal(t, 1+3+9, strings.Count(picture, "<rect"))

	many := dividend.Outcome{Rule: `<script>"&`}
	for i := range 100 {
		many.Parts = append(many.Parts, dividend.Part{ID: fmt.Sprintf("https://coop.example/a&b/%s%03d", strings.Repeat("é", 60), i), Amount: dec(fmt.Sprint(i))})
	}
	c, err := dividend.Compare([]dividend.Outcome{many})
	require.NoError(t, err)
	picture = c.SVG(dividend.French, 2)
	require.Equal(t, dividend.MaxBars+2, strings.Count(picture, "<rect"))
	require.NotContains(t, picture, "<script")
	decoder := xml.NewDecoder(strings.NewReader(picture))
	for err == nil {
		_, err = decoder.Token()
	}
	require.ErrorIs(t, err, io.EOF)

	nothing, err := dividend.Compare([]dividend.Outcome{{Rule: "none"}})
	require.NoError(t, err)
	require.Contains(t, nothing.SVG("", 0), "</svg>")
}

func TestFairnessMeasuresMisplacedMoneyAndEnvy(t *testing.T) {
	t.Parallel()
	ws := weights("a=60 b=30 c=10 d=0")
	exact, err := dividend.Split(dec("100"), 2, ws)
	require.NoError(t, err)
	f, err := dividend.MeasureFairness(exact, ws)
	require.NoError(t, err)
	require.True(t, f.Misplaced.IsZero() && f.Envy.IsZero())
	require.Empty(t, f.Envious)

	equal, err := dividend.Split(dec("100"), 2, weights("a=1 b=1 c=1 d=1"))
	require.NoError(t, err)
	f, err = dividend.MeasureFairness(equal, ws)
	require.NoError(t, err)
	// a is 35 short of its share of 60; at c's rate of 2.50 a point a would have 150.
	require.Equal(t, "40", f.Misplaced.String())
	require.Equal(t, []string{"125", "a", "c"}, []string{f.Envy.String(), f.Envious, f.Envied})
}

func TestComparingRefusesBadInput(t *testing.T) {
	t.Parallel()
	for want, outcomes := range map[string][]dividend.Outcome{
		`comparison: outcomes "0"`:                     nil,
		`outcome 1: rule: must not be empty`:           {{}},
		`rule "x": rule "x": given twice`:              {{Rule: "x"}, {Rule: "x"}},
		`rule "x": id "a": given twice`:                {{Rule: "x", Parts: []dividend.Part{{ID: "a"}, {ID: "a"}}}},
		`rule "x": part 1: id: must not be empty`:      {{Rule: "x", Parts: []dividend.Part{{}}}},
		`rule "x": part of "a": amount "-1": must not`: {{Rule: "x", Parts: []dividend.Part{{ID: "a", Amount: dec("-1")}}}},
	} {
		_, err := dividend.Compare(outcomes)
		require.ErrorIs(t, err, dividend.ErrInput)
		require.ErrorContains(t, err, want)
	}
	part := []dividend.Part{{ID: "a", Amount: dec("1")}}
	_, err := dividend.MeasureFairness(part, nil)
	require.ErrorIs(t, err, dividend.ErrInput)
	_, err = dividend.MeasureFairness(part, weights("b=1"))
	require.ErrorContains(t, err, `weight "b": must be that of "a"`)
	_, err = dividend.MeasureFairness(part, weights("a=0"))
	require.ErrorIs(t, err, dividend.ErrNoWeight)
	_, err = dividend.MeasureFairness(nil, nil)
	require.ErrorIs(t, err, dividend.ErrNoWeight)
}
