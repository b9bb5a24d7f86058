package chart

import (
	"github.com/shopspring/decimal"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var (
	cellStyle   = style{size: 10, color: ink}
	columnStyle = style{size: 9.5, bold: true, color: ink}
	unitStyle   = style{size: 9.5, color: muted}
)

const (
	leastNameWide  vg.Length = 110
	mostNameWide   vg.Length = 220
	mostColumnWide vg.Length = 110
	columnLines              = 3
	nameLines                = 3
)

// grid is a heat map that has been laid out.
type grid struct {
	heatMap  *HeatMap
	columns  []gridColumn
	names    [][]string // lines of each row
	heights  []vg.Length
	nameWide vg.Length
	panels   []panel
	negative bool // some value is
	empty    bool // some cell is
}

// gridColumn is one column that has been laid out.
type gridColumn struct {
	name   []string
	unit   string
	texts  []string
	levels []int
	widest vg.Length // of the texts
	need   vg.Length // at least
	wide   vg.Length
}

// panel is a range of columns that fit beside each other.
type panel struct{ first, count int }

func (m *HeatMap) layout() *grid {
	g := &grid{heatMap: m}
	for j := range m.Columns {
		g.columns = append(g.columns, g.column(j))
	}
	names := make([]string, len(m.Rows))
	for i, name := range m.Rows {
		names[i] = clean(name)
	}
	g.arrange(cellStyle.widest(names...) + 8)
	for _, name := range names {
		lines := cellStyle.wrap(name, g.nameWide-8, nameLines)
		g.names = append(g.names, lines)
		g.heights = append(g.heights, max(17, vg.Length(len(lines))*cellStyle.lineHeight()+5))
	}
	return g
}

func (g *grid) column(j int) gridColumn {
	m, column := g.heatMap, g.heatMap.Columns[j]
	var values []decimal.Decimal
	peak := decimal.Zero
	for i := range m.Rows {
		if cell := m.Cells[i][j]; !cell.Empty {
			values = append(values, cell.Value)
			peak = decimal.Max(peak, cell.Value.Abs())
		}
	}
	least := decimalsFor(column.Unit)
	decimals := min(decimalsFor(column.Unit, values...), max(least, 2))

	symbol, _ := currency(clean(column.Unit))
	out := gridColumn{unit: unitStyle.shorten(symbol, mostColumnWide-6)}
	for i := range m.Rows {
		cell := m.Cells[i][j]
		text, level := "–", 0
		if cell.Empty {
			g.empty = true
		} else {
			g.negative = g.negative || cell.Value.IsNegative()
			text, level = clean(cell.Text), levelOf(cell.Value, peak)
			if text == "" {
				text = m.Language.Number(cell.Value, decimals)
			} else {
				text = cellStyle.shorten(text, mostColumnWide-8)
			}
		}
		out.texts = append(out.texts, text)
		out.levels = append(out.levels, level)
	}
	out.widest = cellStyle.widest(out.texts...)
	head := min(columnStyle.longestWord(clean(column.Name))+6, mostColumnWide)
	out.need = max(34, out.widest+8, head, unitStyle.measure(out.unit)+6)
	return out
}

// levelOf divides the way from zero to the peak into equal steps, exactly.
func levelOf(v, peak decimal.Decimal) int {
	if v.IsZero() {
		return 0
	}
	quotient, remainder := v.Abs().Mul(decimal.NewFromInt(levels)).QuoRem(peak, 0)
	level := int(quotient.IntPart())
	if !remainder.IsZero() {
		level++
	}
	return level
}

// arrange spreads the columns over as few panels as they need, evenly. Names yield to columns down to
// leastNameWide; what is left over goes to names first and then to columns.
func (g *grid) arrange(naturalNameWide vg.Length) {
	least := min(naturalNameWide, leastNameWide)
	starts := g.split(innerWide-least, len(g.columns))
	even := (len(g.columns) + len(starts) - 1) / len(starts)
	if s := g.split(innerWide-least, even); len(s) == len(starts) {
		starts = s
	}
	var widest vg.Length
	for i, from := range starts {
		p := panel{first: from, count: len(g.columns) - from}
		if i+1 < len(starts) {
			p.count = starts[i+1] - from
		}
		g.panels = append(g.panels, p)
		widest = max(widest, g.need(from, from+p.count))
	}
	g.nameWide = max(least, min(naturalNameWide, mostNameWide, innerWide-widest))

	for i := range g.panels {
		p := &g.panels[i]
		spare := max(0, innerWide-g.nameWide-g.need(p.first, p.first+p.count)) / vg.Length(p.count)
		for j := p.first; j < p.first+p.count; j++ {
			c := &g.columns[j]
			c.wide = c.need + spare
			if len(g.panels) == 1 {
				// A column or two need not stretch over the page; panels should all end at the same margin.
				c.wide = min(c.wide, max(c.need, mostColumnWide))
			}
			c.name = columnStyle.wrap(clean(g.heatMap.Columns[j].Name), c.wide-6, columnLines)
		}
	}
}

// need is the room that a range of columns takes at least.
func (g *grid) need(from, to int) (sum vg.Length) {
	for _, c := range g.columns[from:to] {
		sum += c.need
	}
	return sum
}

// split returns where panels of at most so many columns start when each is filled as the room allows.
func (g *grid) split(room vg.Length, most int) (starts []int) {
	for from := 0; from < len(g.columns); {
		starts = append(starts, from)
		to := from + 1
		for to < len(g.columns) && to-from < most && g.need(from, to+1) <= room {
			to++
		}
		from = to
	}
	return starts
}

// block draws the head and the rows of one panel.
func (g *grid) block(p panel) block {
	lines, units := 0, 0
	var body, total vg.Length
	for _, c := range g.columns[p.first : p.first+p.count] {
		lines = max(lines, len(c.name))
		total += c.wide
		if c.unit != "" {
			units = 1
		}
	}
	for _, h := range g.heights {
		body += h
	}
	head := vg.Length(lines+units)*columnStyle.lineHeight() + 6
	return block{height: head + body, draw: func(s *canvas, c draw.Canvas) {
		g.head(s, c, p, lines)
		chart := bare(0, total.Points(), 0, body.Points())
		chart.Add(drawing(func(c draw.Canvas, chart *plot.Plot) { g.cells(s, c, chart, p) }))
		c.Max = vg.Point{X: c.Min.X + g.nameWide + total, Y: c.Max.Y - head}
		chart.Draw(draw.Crop(c, g.nameWide, 0, 0, 0))
	}}
}

func (g *grid) head(s *canvas, c draw.Canvas, p panel, lines int) {
	x := c.Min.X + g.nameWide
	for j := p.first; j < p.first+p.count; j++ {
		column, full := g.columns[j], g.heatMap.Columns[j]
		// Names stand on the last line: what is short starts lower.
		y := c.Max.Y - columnStyle.lineHeight()/2 - vg.Length(lines-len(column.name))*columnStyle.lineHeight()
		center := x + column.wide/2
		tip := full.Name
		if full.Unit != "" {
			tip += " (" + full.Unit + ")"
		}
		s.titled(tip, func() {
			s.lines(center, y, middle, columnStyle, column.name)
			s.lines(center, y-vg.Length(len(column.name))*columnStyle.lineHeight(), middle, unitStyle, []string{column.unit})
		})
		x += column.wide
	}
}

// cells draws the names and the cells of a panel, whose coordinates are points from its lower left corner.
func (g *grid) cells(s *canvas, c draw.Canvas, chart *plot.Plot, p panel) {
	trX, trY := chart.Transforms(&c)
	top := chart.Y.Max
	for i, name := range g.names {
		bottom := top - g.heights[i].Points()
		center := trY((top + bottom) / 2)
		if i > 0 {
			s.line(c.Min.X-g.nameWide, trY(top), c.Max.X, trY(top), 0.5, rule)
		}
		s.titled(g.heatMap.Rows[i], func() {
			s.lines(c.Min.X-g.nameWide, center+vg.Length(len(name)-1)*cellStyle.lineHeight()/2, left, cellStyle, name)
		})
		x := 0.0
		for j := p.first; j < p.first+p.count; j++ {
			end := x + g.columns[j].wide.Points()
			g.cell(s, i, j, vg.Rectangle{Min: vg.Point{X: trX(x), Y: trY(bottom)}, Max: vg.Point{X: trX(end), Y: trY(top)}})
			x = end
		}
		top = bottom
	}
}

func (g *grid) cell(s *canvas, i, j int, r vg.Rectangle) {
	m, cell, column := g.heatMap, g.heatMap.Cells[i][j], g.columns[j]
	center := r.Min.Add(r.Max).Scale(0.5)
	tip := m.Rows[i] + " — " + m.Columns[j].Name + m.Language.words().colon + m.exact(i, j)
	s.titled(tip, func() {
		if cell.Empty {
			s.text(center.X, center.Y-cellStyle.drop(), middle, unitStyle, column.texts[i])
			return
		}
		fill := shade(column.levels[i], cell.Value.IsNegative())
		if column.levels[i] > 0 {
			gutter := vg.Point{X: 0.75, Y: 0.75}
			s.box(vg.Rectangle{Min: r.Min.Add(gutter), Max: r.Max.Sub(gutter)}, fill, nil)
		}
		st := cellStyle
		st.color = readableOn(fill)
		if clean(cell.Text) != "" {
			s.text(center.X, center.Y-st.drop(), middle, st, column.texts[i])
			return
		}
		// Numbers end where the widest of the column does when it stands in the middle.
		s.text(center.X+column.widest/2, center.Y-st.drop(), right, st, column.texts[i])
	})
}

// scale draws the legend of the colours.
func scale(words *words, negative bool) block {
	const high, wide = 16, 15
	return block{height: high, draw: func(s *canvas, c draw.Canvas) {
		x, y := c.Min.X, (c.Min.Y+c.Max.Y)/2
		label := func(text string) {
			s.text(x, y-legendStyle.drop(), left, legendStyle, text)
			x += legendStyle.measure(text) + 6
		}
		step := func(level int, below bool) {
			s.box(vg.Rectangle{Min: vg.Point{X: x, Y: y - 5.5}, Max: vg.Point{X: x + wide, Y: y + 5.5}}, shade(level, below), rule)
			x += wide
		}
		start, end := "0", words.largest
		if negative {
			start, end = words.negative, words.positive
		}
		label(start)
		if negative {
			for l := range levels {
				step(levels-l, true)
			}
		}
		for l := range levels + 1 {
			step(l, false)
		}
		x += 6
		label(end)
	}}
}
