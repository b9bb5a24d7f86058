package chart

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

func TestLevelsDivideTheWayToTheLargestValueEvenly(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int{"0": 0, "0.001": 1, "10": 1, "10.01": 2, "-10": 1, "40": 4, "79.99": 8, "-80": 8, "80": 8} {
		require.Equal(t, want, levelOf(dec(value), dec("80")), value)
	}
	require.Equal(t, 8, levelOf(dec("0.000000000000000001"), dec("0.000000000000000001")))
	require.Equal(t, 1, levelOf(dec("0.000000000000000001"), dec("999999999999")))
}

func TestEachColumnHasAScaleOfItsOwn(t *testing.T) {
	t.Parallel()
	m := smallHeatMap()
	g := m.layout()
	for j := range g.columns {
		highest := 0
		for i := range m.Rows {
			highest = max(highest, g.columns[j].levels[i])
		}
		require.Equal(t, levels, highest, "column %d", j)
	}
	require.Equal(t, []string{"120,5", "0,0", "16,0"}, g.columns[0].texts)
	require.Equal(t, []string{"–", "20,00", "2\u202f500,00"}, g.columns[1].texts)
	require.Equal(t, []string{"très grande", "–", "petite"}, g.columns[3].texts)
}

func TestColumnsThatDoNotFitContinueBelowWithEveryColumnOnce(t *testing.T) {
	t.Parallel()
	m := HeatMap{Title: "t", Rows: []string{"Amélie"}, Cells: [][]Cell{nil}}
	for j := range MaxColumns {
		m.Columns = append(m.Columns, Column{Name: fmt.Sprintf("Kind%d", j), Unit: "h"})
		m.Cells[0] = append(m.Cells[0], Cell{Value: dec("1234567.25")})
	}
	g := m.layout()
	require.Greater(t, len(g.panels), 1)
	next := 0
	for _, p := range g.panels {
		require.Equal(t, next, p.first)
		next += p.count
		require.InDelta(t, float64(innerWide), float64(g.nameWide+wideOf(g, p)), 0.01, "panels end at the same margin")
	}
	require.Equal(t, MaxColumns, next)
	shown := texts(t, picture{"matrix", func(w io.Writer) error { return Matrix(w, m) }})
	require.Equal(t, len(g.panels), count(shown, "Amélie"), "the names are repeated")
	require.Equal(t, 1, count(shown, "Kind23"))
}

func TestAMatrixSaysThatUnitsDifferWhereTheyDo(t *testing.T) {
	t.Parallel()
	for units, want := range map[string][2]bool{"h": {false, false}, "h h": {false, true}, "h EUR": {true, true}, "h h EUR": {true, true}} {
		for _, l := range []Language{English, French} {
			m := HeatMap{Language: l, Title: "t", Rows: []string{"Amélie"}, Cells: [][]Cell{nil}}
			for unit := range strings.FieldsSeq(units) {
				m.Columns = append(m.Columns, Column{Name: "Temps", Unit: unit})
				m.Cells[0] = append(m.Cells[0], Cell{Value: dec("1")})
			}
			svg := string(render(t, picture{"matrix", func(w io.Writer) error { return Matrix(w, m) }}))
			shown := strings.Join(texts(t, picture{"matrix", func(w io.Writer) error { return Matrix(w, m) }}), " ")
			words := l.words()
			require.Equal(t, want[0], strings.Contains(shown, words.unitsDiffer), units)
			require.Equal(t, want[0], strings.Contains(svg, strings.TrimSuffix(words.unitsDiffer, ".")), "%s, to a screen reader", units)
			require.Equal(t, want[1], strings.Contains(shown, words.colorByColumn), units)
			require.Equal(t, !want[1], strings.Contains(shown, words.darkest), units)
		}
	}
}

func wideOf(g *grid, p panel) (w vg.Length) {
	for _, c := range g.columns[p.first : p.first+p.count] {
		w += c.wide
	}
	return w
}
