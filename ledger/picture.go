package ledger

import (
	"fmt"
	"html"
	"strings"

	"github.com/shopspring/decimal"
)

// MaxBars is the largest number of persons and months that [Report.SVG] draws: the first ones from the month of the report on.
const MaxBars = 24

// The colours of a picture, told apart by their lightness too.
const (
	inkDone    = "#1f5f8b" // spent, received, planned here
	inkOpen    = "#8fbcd9" // committed, to collect, planned elsewhere
	inkRest    = "#dde7ee" // what is left of the budget, capacity
	inkAlert   = "#c0392b"
	inkText    = "#222"
	plotLeft   = 210
	plotWidth  = 440
	pageWidth  = 880
	rowHeight  = 30
	barHeight  = 16
	firstRow   = 84
	gapBetween = 40
)

// bar is a line of a picture: parts one after the other, over a ground that is the whole.
type bar struct {
	label, text string
	parts       []decimal.Decimal // in inkDone, inkOpen
	ground      decimal.Decimal   // 0: none
	alert       bool
}

// SVG draws the report: money against budget and income, and the load of persons against their capacity. The picture stands alone, is read in a
// browser or on paper, and is the same for the same report, byte for byte.
func (r *Report) SVG(language string) string {
	w := wordsIn(language)
	c := r.Currency
	v := func(id string) decimal.Decimal { return r.Figure(id, c).Value }
	money := func(d decimal.Decimal) string { return w.value(Figure{Value: d, Unit: c}, c) }
	alerted := func(figure, party, month string) bool {
		for _, a := range r.Alerts {
			if a.Figure == figure && a.Party == party && a.Month == month && !a.Threshold.LessThan(decimal.NewFromInt(1)) {
				return true
			}
		}
		return false
	}
	out := v(FigureSpent).Add(v(FigureCommitted))
	in := v(FigureReceived).Add(v(FigureToCollect))
	bars := []bar{
		{w.figures[FigureSpent] + " + " + lower(w.figures[FigureCommitted]), money(out) + " / " + money(v(FigureBudget)), []decimal.Decimal{v(FigureSpent), v(FigureCommitted)}, v(FigureBudget), alerted(FigureBudget, "", "")},
		{w.figures[FigureReceived] + " + " + lower(w.figures[FigureToCollect]), money(in) + " / " + money(v(FigureIncome)), []decimal.Decimal{v(FigureReceived), v(FigureToCollect)}, v(FigureIncome), false},
		{w.figures[FigureConsumed] + " / " + lower(w.figures[FigureProvision]), money(v(FigureConsumed)) + " / " + money(v(FigureProvision)), []decimal.Decimal{v(FigureConsumed)}, v(FigureProvision), alerted(FigureConsumed, "", "")},
		{w.figures[FigureExposure], money(v(FigureExposure)), []decimal.Decimal{v(FigureExposure)}, decimal.Zero, false},
	}
	var load []bar
	this := fmt.Sprintf("%04d-%02d", r.At.On.Year, r.At.On.Month)
	for _, l := range r.Load {
		if l.Month < this || len(load) == MaxBars {
			continue
		}
		text := w.number(l.Total, 0) + " " + l.Unit
		if l.Capacity.IsPositive() {
			text += " / " + w.number(l.Capacity, 0) + " " + l.Unit
		}
		load = append(load, bar{r.nameOf(l.Party) + ", " + l.Month, text, []decimal.Decimal{l.Here, l.Total.Sub(l.Here)}, l.Capacity, alerted(FigurePlanned, l.Party, l.Month)})
	}
	height := firstRow + rowHeight*len(bars) + 20
	if len(load) > 0 {
		height += gapBetween + rowHeight*len(load)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="%s" role="img">`+"\n", pageWidth, height, inkText)
	title := w.title + w.colon + " " + r.nameOf(r.Project)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(title))
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", pageWidth, height)
	fmt.Fprintf(&b, `<text x="16" y="28" font-size="18">%s</text>`+"\n", html.EscapeString(shorten(title, 80)))
	fmt.Fprintf(&b, `<text x="16" y="48">%s</text>`+"\n", html.EscapeString(fmt.Sprintf(w.asOf, w.date(r.At.On))))
	for i, x := range []struct{ ink, text string }{{inkDone, w.legendDone}, {inkOpen, w.legendOpen}, {inkRest, w.legendRest}} {
		fmt.Fprintf(&b, `<rect x="%d" y="38" width="12" height="12" fill="%s"/><text x="%d" y="48">%s</text>`+"\n", plotLeft+i*220, x.ink, plotLeft+18+i*220, html.EscapeString(x.text))
	}
	heading(&b, firstRow-12, w.financial)
	draw(&b, firstRow, bars)
	if len(load) > 0 {
		y := firstRow + rowHeight*len(bars) + gapBetween
		heading(&b, y-12, w.load)
		draw(&b, y, load)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func heading(b *strings.Builder, y int, text string) {
	fmt.Fprintf(b, `<text x="16" y="%d" font-size="14" font-weight="bold">%s</text>`+"\n", y, html.EscapeString(text))
}

// draw draws bars to one scale, the longest as wide as the plot.
func draw(b *strings.Builder, y int, bars []bar) {
	longest := decimal.Zero
	for _, x := range bars {
		longest = decimal.Max(longest, x.ground, decimal.Sum(decimal.Zero, x.parts...))
	}
	width := func(d decimal.Decimal) decimal.Decimal {
		if !longest.IsPositive() || d.IsNegative() {
			return decimal.Zero
		}
		return d.Mul(decimal.NewFromInt(plotWidth)).DivRound(longest, 1)
	}
	for _, x := range bars {
		fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, plotLeft-8, y+barHeight-3, html.EscapeString(shorten(x.label, 30)))
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%s" height="%d" fill="%s"/>`, plotLeft, y, width(x.ground), barHeight, inkRest)
		at := decimal.NewFromInt(plotLeft)
		for i, p := range x.parts {
			fmt.Fprintf(b, `<rect x="%s" y="%d" width="%s" height="%d" fill="%s"/>`, at, y+3, width(p), barHeight-6, []string{inkDone, inkOpen}[i])
			at = at.Add(width(p))
		}
		if x.ground.IsPositive() {
			fmt.Fprintf(b, `<rect x="%s" y="%d" width="2" height="%d" fill="%s"/>`, decimal.NewFromInt(plotLeft).Add(width(x.ground)), y-3, barHeight+6, inkText)
		}
		ink := inkText
		if x.alert {
			ink = inkAlert
			x.text = "▲ " + x.text
		}
		fmt.Fprintf(b, `<text x="%d" y="%d" fill="%s">%s</text>`+"\n", plotLeft+plotWidth+12, y+barHeight-3, ink, html.EscapeString(x.text))
		y += rowHeight
	}
}

// shorten cuts a text to so many characters.
func shorten(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// lower makes the first letter small.
func lower(s string) string {
	r := []rune(s)
	return strings.ToLower(string(r[:1])) + string(r[1:])
}
