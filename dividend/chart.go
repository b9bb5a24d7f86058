package dividend

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// MaxBars is the largest number of recipients that [Comparison.SVG] draws: those with the largest amounts.
const MaxBars = 60

// SVG draws the comparison as groups of bars, one group a recipient, one bar a rule, with the amounts beside them. The
// recipients with the largest amounts are drawn, at most [MaxBars], sorted by identifier. Amounts are rounded half up
// to the given decimals. The picture stands alone and is the same for the same comparison, byte for byte. It takes
// n log n time.
func (c *Comparison) SVG(language string, decimals int) string {
	const (
		label, plot, right = 220, 520, 160
		bar, gap, head     = 12, 10, 30
	)
	w := newWriter(language, "", decimals)
	rows, highest := c.largest()
	group := bar*len(c.Rules) + gap
	height := head + group*len(rows) + gap
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="10">`+"\n", label+plot+right, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", label+plot+right, height)
	for i, r := range c.Rules {
		x := label + i*(plot+right)/max(1, len(c.Rules))
		fmt.Fprintf(&b, `<rect x="%d" y="8" width="10" height="10" fill="%s"/><text x="%d" y="17">%s</text>`+"\n", x, colour(i), x+14, escape(r, 40))
	}
	for n, r := range rows {
		y := head + n*group
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", label-6, y+bar*len(c.Rules)/2+4, escape(r.ID, 40))
		for i, a := range r.Amounts {
			width := 0.0
			if highest.Sign() > 0 {
				width = a.Mul(decimal.New(plot, 0)).DivRound(highest, 2).InexactFloat64()
			}
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.2f" height="%d" fill="%s"/>`, label, y+i*bar, width, bar-1, colour(i))
			fmt.Fprintf(&b, `<text x="%.2f" y="%d">%s</text>`+"\n", float64(label+4)+width, y+i*bar+bar-3, html.EscapeString(w.amount(a)))
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// largest returns the rows to draw and the largest amount in them.
func (c *Comparison) largest() ([]ComparisonRow, decimal.Decimal) {
	most := func(r ComparisonRow) decimal.Decimal {
		m := decimal.Zero
		for _, a := range r.Amounts {
			m = decimal.Max(m, a)
		}
		return m
	}
	rows := slices.Clone(c.Rows)
	slices.SortFunc(rows, func(a, b ComparisonRow) int {
		if d := most(b).Cmp(most(a)); d != 0 {
			return d
		}
		return compareID(a.ID, b.ID)
	})
	rows = rows[:min(len(rows), MaxBars)]
	highest := decimal.Zero
	if len(rows) > 0 {
		highest = most(rows[0])
	}
	slices.SortFunc(rows, func(a, b ComparisonRow) int { return compareID(a.ID, b.ID) })
	return rows, highest
}

// colour returns a colour for the i-th rule: hues that are far apart, light and dark in turn.
func colour(i int) string {
	hue := math.Mod(210+float64(i)*137.5, 360)
	return fmt.Sprintf("hsl(%.1f,55%%,%d%%)", hue, 42+16*(i%2))
}

// escape returns s for the text of an SVG, at most n characters of it.
func escape(s string, n int) string {
	if r := []rune(s); len(r) > n {
		s = "…" + string(r[len(r)-n+1:])
	}
	return html.EscapeString(s)
}
