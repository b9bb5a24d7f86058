package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// entry is one row of a bar picture: a name on the left, bars in the middle, numbers on the right. Numbers
// stand in columns of their own, so that no bar, however long or short, can run into one.
type entry struct {
	name, detail string
	bold         bool
	bars         []bar
	tip          string
}

// bar goes from one amount to another.
type bar struct {
	from, to float64
	paint    paint
	numbers  []number // one for each column of the table
}

// number is text at the right of a bar.
type number struct {
	text  string
	style style
}

// table is a list of entries that has been laid out.
type table struct {
	entries  []entry
	names    [][]string
	details  [][]string
	heights  []vg.Length
	height   vg.Length
	nameWide vg.Length
	columns  []vg.Length // widths
	barsWide vg.Length
}

const (
	barThick     vg.Length = 13
	minEntryHigh vg.Length = 21
	// maxNamesWide is how wide names may be; where numbers are long they get two thirds of what is left.
	maxNamesWide vg.Length = 170
	// maxUnitWide is how wide a unit may be to stand beside every number.
	maxUnitWide vg.Length = 30
	// thinnest is how wide a bar is at least: an amount that is not zero can be seen.
	thinnest vg.Length = 1.5
)

func newTable(entries []entry) *table {
	t := &table{entries: entries}
	for _, e := range entries {
		for _, b := range e.bars {
			for i, n := range b.numbers {
				if i == len(t.columns) {
					t.columns = append(t.columns, 0)
				}
				t.columns[i] = max(t.columns[i], n.style.measure(n.text)+gap)
			}
		}
	}
	room := innerWide
	for _, w := range t.columns {
		room -= w
	}
	var natural vg.Length
	for _, e := range entries {
		natural = max(natural, e.style().measure(e.name), min(detailStyle.measure(e.detail), maxNamesWide*3/4))
	}
	t.nameWide = min(natural, maxNamesWide, (room-gap)*2/3)
	t.barsWide = room - t.nameWide - gap
	for _, e := range entries {
		name := e.style().wrap(e.name, t.nameWide, nameLines)
		detail := detailStyle.wrap(e.detail, t.nameWide, 3)
		text := vg.Length(len(name))*e.style().lineHeight() + vg.Length(len(detail))*detailStyle.lineHeight()
		h := max(minEntryHigh, text+7, vg.Length(len(e.bars))*barThick+7)
		t.names, t.details, t.heights = append(t.names, name), append(t.details, detail), append(t.heights, h)
		t.height += h
	}
	return t
}

func (e *entry) style() style {
	if e.bold {
		return boldStyle
	}
	return nameStyle
}

// extent returns the amounts that the bars reach, zero among them, never the same twice.
func (t *table) extent() (low, high float64) {
	for _, e := range t.entries {
		for _, b := range e.bars {
			low, high = min(low, b.from, b.to), max(high, b.from, b.to)
		}
	}
	if low == high {
		high = 1
	}
	return low, high
}

// block draws the table. Where linked is true, thin lines lead from the end of each bar to the next row,
// as a waterfall has them.
func (t *table) block(linked bool) block {
	return block{height: t.height, draw: func(s *canvas, c draw.Canvas) {
		low, high := t.extent()
		chart := bare(low, high, 0, t.height.Points())
		chart.Add(drawing(func(c draw.Canvas, p *plot.Plot) { t.draw(s, c, p, linked) }))
		start := t.nameWide + gap
		chart.Draw(draw.Crop(c, start, start+t.barsWide-innerWide, 0, 0))
	}}
}

// draw draws all rows; the data canvas covers the bars.
func (t *table) draw(s *canvas, c draw.Canvas, p *plot.Plot, linked bool) {
	trX, trY := p.Transforms(&c)
	pageLeft, pageRight := c.Min.X-gap-t.nameWide, c.Min.X-gap-t.nameWide+innerWide

	top := p.Y.Max
	centers := make([]vg.Length, len(t.entries))
	for i := range t.entries {
		bottom := top - t.heights[i].Points()
		centers[i] = trY((top + bottom) / 2)
		if i > 0 {
			s.line(pageLeft, trY(top), pageRight, trY(top), 0.5, rule)
		}
		top = bottom
	}
	for i := range t.entries {
		if linked && i > 0 {
			bars := t.entries[i-1].bars
			x := trX(bars[len(bars)-1].to)
			s.line(x, centers[i-1]-barThick/2, x, centers[i]+barThick/2, 0.8, linking)
		}
	}
	zero := trX(0)
	s.line(zero, c.Min.Y, zero, c.Max.Y, 1, axis)
	for i, e := range t.entries {
		s.titled(e.tip, func() { t.row(s, c, trX, i, centers[i], pageLeft) })
	}
}

func (t *table) row(s *canvas, c draw.Canvas, trX func(float64) vg.Length, i int, center, pageLeft vg.Length) {
	e, name, detail := t.entries[i], t.names[i], t.details[i]
	text := vg.Length(len(name))*e.style().lineHeight() + vg.Length(len(detail))*detailStyle.lineHeight()
	y := center + text/2 - e.style().lineHeight()/2
	s.lines(pageLeft, y, left, e.style(), name)
	y -= vg.Length(len(name))*e.style().lineHeight() + (detailStyle.lineHeight()-e.style().lineHeight())/2
	s.lines(pageLeft, y, left, detailStyle, detail)

	y = center + vg.Length(len(e.bars)-1)*barThick/2
	for _, b := range e.bars {
		thick := barThick
		if len(e.bars) > 1 {
			thick -= 3
		}
		if b.from != b.to {
			x0, x1 := min(trX(b.from), trX(b.to)), max(trX(b.from), trX(b.to))
			// A sliver grows towards the side the bar points to, without leaving the plot.
			if x1-x0 < thinnest {
				if b.to > b.from && x0+thinnest <= c.Max.X {
					x1 = x0 + thinnest
				} else {
					x0 = x1 - thinnest
				}
			}
			s.box(vg.Rectangle{Min: vg.Point{X: x0, Y: y - thick/2}, Max: vg.Point{X: x1, Y: y + thick/2}}, b.paint.fill, b.paint.outline)
		}
		x := c.Max.X
		for k, n := range b.numbers {
			x += t.columns[k]
			s.text(x, y-n.style.drop(), right, n.style, n.text)
		}
		y -= barThick
	}
}
