package chart

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func count(texts []string, s string) (n int) {
	for _, text := range texts {
		if text == s {
			n++
		}
	}
	return n
}

func TestNumbersAreNeverShortened(t *testing.T) {
	t.Parallel()
	for _, p := range []picture{
		{"matrix", func(w io.Writer) error {
			return Matrix(w, HeatMap{
				Title: "t", Rows: []string{"a"}, Columns: []Column{{Name: "Money", Unit: "TND"}},
				Cells: [][]Cell{{{Value: dec("-999999999999.999")}}},
			})
		}},
		{"shares", func(w io.Writer) error {
			return Shares(w, Division{Title: "t", Unit: "EUR", Parts: []Part{{Name: "a", Amount: dec("999999999999.999")}}})
		}},
	} {
		require.Contains(t, strings.Join(texts(t, p), "|"), "999,999,999,999.999", p.name)
	}
}

func TestBeyondFortyRecipientsTheRestIsOneBarWithItsSum(t *testing.T) {
	t.Parallel()
	division := func(n int, l Language) picture {
		d := Division{Language: l, Title: "t", Unit: "EUR"}
		for i := range n {
			d.Parts = append(d.Parts, Part{Name: fmt.Sprintf("P%d", i), Amount: decimal.New(int64(1000-i), 0)})
		}
		return picture{"shares", func(w io.Writer) error { return Shares(w, d) }}
	}
	shown := texts(t, division(MaxShown, English))
	require.Contains(t, shown, "P39")
	require.NotContains(t, strings.Join(shown, "|"), "other")

	shown = texts(t, division(MaxShown+1, French))
	require.Equal(t, 2, count(shown, "1 autre"), "in the legend and beside the bar")

	shown = texts(t, division(200, English))
	require.Contains(t, shown, "P39")
	require.NotContains(t, shown, "P40")
	require.Equal(t, 2, count(shown, "160 others"))
	require.Contains(t, shown, "140,880.00\u00a0€")
}

func TestARuleComparedShowsWhoGainsFirst(t *testing.T) {
	t.Parallel()
	shown := strings.Join(texts(t, picture{"comparison", func(w io.Writer) error { return Compare(w, smallComparison()) }}), "|")
	require.Less(t, strings.Index(shown, "Chloé"), strings.Index(shown, "Baptiste"))
	require.Less(t, strings.Index(shown, "Baptiste"), strings.Index(shown, "Amélie"))
	require.Contains(t, shown, "▲\u00a0+1\u202f306,66\u00a0€")
	require.Contains(t, shown, "▼\u00a0−1\u202f493,33\u00a0€")
	require.Contains(t, shown, "|=|")
}

func TestALorenzCurveRunsFromNothingToAllBelowTheDiagonal(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for _, n := range []int{1, 2, 3, lorenzPieces, lorenzPieces + 1, 5000} {
		values := make([]decimal.Decimal, n)
		for i := range values {
			values[i] = decimal.New(r.Int64N(1_000_000)+1, -2)
		}
		curve := Curve{Values: values}
		points := curve.points()
		require.LessOrEqual(t, len(points), lorenzPieces+1)
		require.Equal(t, 0.0, points[0].Y)
		require.Equal(t, 1.0, points[len(points)-1].X)
		require.Equal(t, 1.0, points[len(points)-1].Y)
		for i := 1; i < len(points); i++ {
			require.Greater(t, points[i].X, points[i-1].X)
			require.GreaterOrEqual(t, points[i].Y, points[i-1].Y)
			require.LessOrEqual(t, points[i].Y, points[i].X+1e-9)
		}
	}
}

func TestALongUnitStandsUnderThePictureOnce(t *testing.T) {
	t.Parallel()
	d := smallDivision()
	d.Unit = "heures de présence au jardin"
	shown := texts(t, picture{"shares", func(w io.Writer) error { return Shares(w, d) }})
	require.Contains(t, shown, "3,360")
	require.Contains(t, strings.Join(shown, " "), "Amounts in heures de présence au jardin.")
}

func TestBarsAreAsLongAsTheirAmounts(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, Shares(&b, Division{Title: "t", Parts: []Part{{Amount: dec("100")}, {Amount: dec("50")}, {Amount: dec("25")}}}))
	boxes := read(t, b.Bytes()).boxes[1:] // after the legend
	require.Len(t, boxes, 3)
	full := boxes[0].right - boxes[0].left
	require.InDelta(t, full/2, boxes[1].right-boxes[1].left, 0.02)
	require.InDelta(t, full/4, boxes[2].right-boxes[2].left, 0.02)
}

func TestAWaterfallBarStartsWhereTheOneBeforeEnds(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, Waterfall(&b, deficitCascade()))
	boxes := read(t, b.Bytes()).boxes[4:] // after the legend
	require.Len(t, boxes, 4)
	zero := boxes[0].left
	require.InDelta(t, boxes[0].right, boxes[1].left, 0.02, "the grant starts where received ends")
	require.InDelta(t, boxes[1].right, boxes[2].right, 0.02, "costs go down from there")
	require.InDelta(t, boxes[2].left, boxes[3].left, 0.02, "to the deficit")
	require.InDelta(t, zero, boxes[3].right, 0.02, "which lies below zero")
}
