package chart

import (
	"image/color"
	"io"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// All pictures are 480 points (169 mm) wide: the text width of an A4 page. At that width the smallest text
// is 9 points on paper, and it remains readable when a phone shows the picture at the width of its screen.
const (
	pageWidth vg.Length = 480
	margin    vg.Length = 16
	innerWide           = pageWidth - 2*margin
	gap       vg.Length = 10
)

var (
	titleStyle    = style{size: 16, bold: true, color: ink}
	subtitleStyle = style{size: 11.5, color: muted}
	nameStyle     = style{size: 11, color: ink}
	boldStyle     = style{size: 11, bold: true, color: ink}
	detailStyle   = style{size: 9.5, color: muted}
	noteStyle     = style{size: 9.5, color: muted}
	legendStyle   = style{size: 10, color: ink}
)

// page stacks blocks under a title. A picture is laid out first, so that its height is known, and drawn then.
type page struct {
	kind                         string
	language                     Language
	title, subtitle, description string
	blocks                       []block
}

// block is a horizontal strip of the page.
type block struct {
	height vg.Length
	// draw draws inside the rectangle of c, which is as wide as the page without its margins.
	draw func(s *canvas, c draw.Canvas)
}

func newPage(kind string, l Language, title, subtitle string) *page {
	p := &page{kind: kind, language: l.orDefault(), title: clean(title), subtitle: clean(subtitle)}
	p.paragraph(titleStyle, p.title, 3)
	if p.subtitle != "" {
		p.space(3)
		p.paragraph(subtitleStyle, p.subtitle, 4)
	}
	p.space(gap)
	return p
}

func (p *page) add(b block) { p.blocks = append(p.blocks, b) }

func (p *page) space(height vg.Length) {
	p.add(block{height: height, draw: func(*canvas, draw.Canvas) {}})
}

// paragraph adds text of at most so many lines; a pointer resting on it shows all of it.
func (p *page) paragraph(st style, s string, limit int) {
	lines := st.wrap(s, innerWide, limit)
	p.add(block{
		height: vg.Length(len(lines)) * st.lineHeight(),
		draw: func(s2 *canvas, c draw.Canvas) {
			s2.titled(s, func() { s2.lines(c.Min.X, c.Max.Y-st.lineHeight()/2, left, st, lines) })
		},
	})
}

// centered adds one line in the middle of the page.
func (p *page) centered(st style, s string) {
	line := st.shorten(s, innerWide)
	p.add(block{height: st.lineHeight(), draw: func(s2 *canvas, c draw.Canvas) {
		s2.lines(c.Center().X, c.Center().Y, middle, st, []string{line})
	}})
}

// notes adds small print, one paragraph each; blank notes are left out.
func (p *page) notes(notes ...string) {
	for i, n := range slices.DeleteFunc(notes, func(n string) bool { return n == "" }) {
		if i > 0 {
			p.space(2)
		}
		p.paragraph(noteStyle, n, 6)
	}
}

// swatch is one entry of a legend.
type swatch struct {
	paint paint
	// dashes, for a line instead of a box; see line.
	dashes []vg.Length
	line   bool
	label  string
}

// legend adds the entries from left to right, in as many lines as they need.
func (p *page) legend(entries []swatch) {
	const sign, apart = 14, 16
	type placed struct {
		swatch
		x     vg.Length
		row   int
		shown string
	}
	var x vg.Length
	row := 0
	var items []placed
	for _, e := range entries {
		shown := legendStyle.shorten(e.label, innerWide-sign-5)
		wide := sign + 5 + legendStyle.measure(shown)
		if x > 0 && x+wide > innerWide {
			x, row = 0, row+1
		}
		items = append(items, placed{swatch: e, x: x, row: row, shown: shown})
		x += wide + apart
	}
	const high = 15
	p.add(block{
		height: vg.Length(row+1) * high,
		draw: func(s *canvas, c draw.Canvas) {
			for _, it := range items {
				y := c.Max.Y - vg.Length(it.row)*high - high/2
				x := c.Min.X + it.x
				s.titled(it.label, func() {
					if it.line {
						s.dashed(x, y, x+sign, it.dashes, it.paint.fill)
					} else {
						s.box(vg.Rectangle{Min: vg.Point{X: x + 1, Y: y - 5}, Max: vg.Point{X: x + sign - 1, Y: y + 5}}, it.paint.fill, it.paint.outline)
					}
					s.text(x+sign+5, y-legendStyle.drop(), left, legendStyle, it.shown)
				})
			}
		},
	})
}

// dashed draws a sample of a line.
func (c *canvas) dashed(x0, y, x1 vg.Length, dashes []vg.Length, clr color.Color) {
	dc := draw.NewCanvas(c, c.w, c.h)
	dc.StrokeLine2(draw.LineStyle{Color: clr, Width: curveWidth, Dashes: dashes}, x0, y, x1, y)
}

// write draws the page and hands it to w in one call.
func (p *page) write(w io.Writer) error {
	height := 2 * margin
	for _, b := range p.blocks {
		height += b.height
	}
	s := newCanvas(pageWidth, height)
	top := height - margin
	for _, b := range p.blocks {
		b.draw(s, draw.Crop(draw.New(s), margin, -margin, top-b.height, top-height))
		top -= b.height
	}
	svg, err := s.document(p.language, p.title, p.description)
	if err != nil {
		return err
	}
	return write(w, p.kind, svg)
}

// drawing lets a function serve as a [plot.Plotter].
type drawing func(c draw.Canvas, p *plot.Plot)

func (f drawing) Plot(c draw.Canvas, p *plot.Plot) { f(c, p) }

// bare returns a plot without title and axes whose coordinates fill the whole of its canvas.
func bare(xmin, xmax, ymin, ymax float64) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.HideAxes()
	p.X.Padding, p.Y.Padding = 0, 0
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = xmin, xmax, ymin, ymax
	return p
}
