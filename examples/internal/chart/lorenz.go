package chart

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Inequality shows how unevenly something is spread, under one rule or several.
type Inequality struct {
	Language Language
	Title    string
	Subtitle string
	// Curves are 1 to [MaxRules].
	Curves []Curve
}

// Curve is one way of spreading.
type Curve struct {
	Name string
	// Note stands behind the name in the legend, such as "Gini 0.46"; it may be empty.
	Note string
	// Values are what each recipient gets, in any order: 1 to [MaxParts], none negative, not all zero.
	Values []decimal.Decimal
}

// Lorenz draws the Lorenz curves as SVG: how much of the whole goes to the half, or any other part, of the
// recipients that gets least (M. O. Lorenz, Methods of measuring the concentration of wealth, 1905). The
// diagonal is where everyone gets the same. A line of words for each curve says what the lower half gets,
// rounded half up to a tenth of a percent; an odd recipient in the middle counts half to either side.
//
// A curve of more than 400 values is drawn through 400 of its points. It takes O(n log n) time for n values.
// The errors are [ErrEmpty], [ErrInvalid] and [ErrLimit].
func Lorenz(w io.Writer, inequality Inequality) error {
	if err := inequality.check(); err != nil {
		return err
	}
	p := newPage("lorenz", inequality.Language, inequality.Title, inequality.Subtitle)
	words := p.language.words()

	var legend []swatch
	var notes []string
	var lines []*plotter.Line
	for i, curve := range inequality.Curves {
		name := clean(curve.Name)
		notes = append(notes, words.halfGets(name, curve.lowerHalf(p.language)))
		label := name
		if note := clean(curve.Note); note != "" {
			label += " — " + note
		}
		style := curveStyles[i]
		legend = append(legend, swatch{paint: paint{fill: style.Color}, dashes: style.Dashes, line: true, label: label})
		lines = append(lines, &plotter.Line{XYs: curve.points(), LineStyle: style})
	}
	legend = append(legend, swatch{paint: paint{fill: equality.Color}, line: true, label: words.equality})
	p.description = strings.Join(notes, " ")

	p.legend(legend)
	p.space(6)
	p.paragraph(noteStyle, words.partOfAll, 1)
	p.space(6)
	p.add(block{height: lorenzHigh, draw: func(s *canvas, c draw.Canvas) {
		chart := p.language.percentAxes()
		chart.Add(grid4(), &plotter.Line{XYs: plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}}, LineStyle: equality})
		for _, line := range lines {
			chart.Add(line)
		}
		chart.Draw(c)
	}})
	p.space(3)
	p.centered(noteStyle, words.poorestFirst)
	p.space(gap)
	p.notes(notes...)
	return p.write(w)
}

const (
	lorenzHigh   vg.Length = 380
	curveWidth   vg.Length = 2
	lorenzPieces           = 400
)

// curveStyles differ in colour and in dashes.
var curveStyles = [MaxRules]draw.LineStyle{
	{Color: navy.fill, Width: curveWidth},
	{Color: red.fill, Width: curveWidth, Dashes: []vg.Length{7, 3}},
	{Color: green.fill, Width: curveWidth, Dashes: []vg.Length{2, 2}},
	{Color: rgb(0x8a2462), Width: curveWidth, Dashes: []vg.Length{8, 2, 2, 2}},
}

var equality = draw.LineStyle{Color: linking, Width: 1}

func (inequality *Inequality) check() error {
	c := &checker{picture: "lorenz"}
	c.heading(inequality.Language, inequality.Title, inequality.Subtitle)
	if !c.count("curves", len(inequality.Curves), 1, MaxRules) {
		return c.result()
	}
	for i, curve := range inequality.Curves {
		field := fmt.Sprintf("curves[%d]", i)
		c.text(field+".name", curve.Name)
		c.text(field+".note", curve.Note)
		if !c.count(field+".values", len(curve.Values), 1, MaxParts) {
			return c.result()
		}
		something := false
		for j, v := range curve.Values {
			at := fmt.Sprintf("%s.values[%d]", field, j)
			c.amount(at, v)
			if c.err == nil && v.IsNegative() {
				c.refuse(ErrInvalid, at, v.String(), "must not be negative")
			}
			if c.err != nil {
				return c.result()
			}
			something = something || v.IsPositive()
		}
		if !something {
			c.refuse(ErrInvalid, field+".values", "", "are all zero: nothing is spread")
		}
	}
	return c.result()
}

func sum(ds []decimal.Decimal) decimal.Decimal {
	total := decimal.Zero
	for _, d := range ds {
		total = total.Add(d)
	}
	return total
}

// sorted returns the values in ascending order.
func (curve *Curve) sorted() []decimal.Decimal {
	return slices.SortedFunc(slices.Values(curve.Values), decimal.Decimal.Cmp)
}

// lowerHalf returns the percentage that the smaller half of the values makes of all of them.
func (curve *Curve) lowerHalf(l Language) string {
	sorted := curve.sorted()
	n := len(sorted)
	half := sum(sorted[:n/2])
	if n%2 == 1 {
		half = half.Add(sorted[n/2].Div(decimal.NewFromInt(2)))
	}
	return l.percent(half, sum(sorted))
}

// points returns points of the curve, the first (0, 0) and the last (1, 1).
func (curve *Curve) points() plotter.XYs {
	sorted := curve.sorted()
	n, total := len(sorted), sum(sorted)
	pieces := min(n, lorenzPieces)
	points := plotter.XYs{{X: 0, Y: 0}}
	reached, taken := decimal.Zero, 0
	for i := range pieces {
		upTo := (i + 1) * n / pieces
		reached = reached.Add(sum(sorted[taken:upTo]))
		taken = upTo
		points = append(points, plotter.XY{
			X: float64(upTo) / float64(n),
			Y: reached.DivRound(total, 9).InexactFloat64(),
		})
	}
	return points
}

// percentAxes returns a plot from 0 to 100 % on both axes.
func (l Language) percentAxes() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	var ticks plot.ConstantTicks
	for quarter := range int64(5) {
		value := decimal.New(25*quarter, -2)
		label := l.Number(value.Shift(2), 0) + "%"
		if l == French {
			label = l.Number(value.Shift(2), 0) + narrowNoBreak + "%"
		}
		ticks = append(ticks, plot.Tick{Value: value.InexactFloat64(), Label: label})
	}
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Min, axis.Max = 0, 1
		axis.Padding = 0
		axis.Tick.Marker = ticks
		axis.Tick.Length = 4
		axis.Tick.Label.Font = font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, noteStyle.size)
		axis.Tick.Label.Color = muted
		axis.LineStyle.Color, axis.Tick.LineStyle.Color = ink, ink
	}
	return p
}

// grid4 draws a pale line at each quarter.
func grid4() *plotter.Grid {
	g := plotter.NewGrid()
	pale := draw.LineStyle{Color: rule, Width: 0.5}
	g.Horizontal, g.Vertical = pale, pale
	return g
}
