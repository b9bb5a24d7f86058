package chart

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// canvas is a backend for gonum/plot that writes SVG. The one that comes with it (vgsvg) names a single
// font family, has no place for the titles and descriptions that screen readers and tooltips need, and
// passes control characters through; this one serves those.
//
// Lengths are points. As everywhere in gonum/plot the origin is at the bottom left and y grows upwards.
type canvas struct {
	w, h  vg.Length
	buf   bytes.Buffer
	state state
	saved []state
	err   error
}

type state struct {
	color  color.Color
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
	affine affine
}

// affine maps (x, y) to (a·x + c·y + e, b·x + d·y + f).
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(p vg.Point) vg.Point {
	x, y := p.X.Points(), p.Y.Points()
	return vg.Point{
		X: vg.Points(float64(m.a*x) + float64(m.c*y) + m.e),
		Y: vg.Points(float64(m.b*x) + float64(m.d*y) + m.f),
	}
}

// before returns the map that does n first and then m.
func (m affine) before(n affine) affine {
	return affine{
		a: m.a*n.a + m.c*n.b, b: m.b*n.a + m.d*n.b,
		c: m.a*n.c + m.c*n.d, d: m.b*n.c + m.d*n.d,
		e: m.a*n.e + m.c*n.f + m.e, f: m.b*n.e + m.d*n.f + m.f,
	}
}

func newCanvas(w, h vg.Length) *canvas {
	c := &canvas{w: w, h: h, state: state{affine: affine{a: 1, d: 1}}}
	vg.Initialize(c)
	return c
}

func (c *canvas) Size() (w, h vg.Length)                 { return c.w, c.h }
func (c *canvas) SetLineWidth(w vg.Length)               { c.state.width = w }
func (c *canvas) SetLineDash(d []vg.Length, o vg.Length) { c.state.dashes, c.state.offset = d, o }
func (c *canvas) SetColor(clr color.Color)               { c.state.color = clr }
func (c *canvas) Push()                                  { c.saved = append(c.saved, c.state) }

func (c *canvas) Pop() {
	if n := len(c.saved); n > 0 {
		c.state, c.saved = c.saved[n-1], c.saved[:n-1]
	}
}

func (c *canvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.state.affine = c.state.affine.before(affine{a: cos, b: sin, c: -sin, d: cos})
}

func (c *canvas) Translate(p vg.Point) {
	c.state.affine = c.state.affine.before(affine{a: 1, d: 1, e: p.X.Points(), f: p.Y.Points()})
}

func (c *canvas) Scale(x, y float64) {
	c.state.affine = c.state.affine.before(affine{a: x, d: y})
}

func (c *canvas) Stroke(p vg.Path) {
	if c.state.width <= 0 || len(p) == 0 {
		return
	}
	fmt.Fprintf(&c.buf, `<path d="%s" fill="none" stroke="%s" stroke-width="%s"`, c.data(p), hex(c.state.color), num(c.state.width))
	for i, d := range c.state.dashes {
		sep := ","
		if i == 0 {
			sep = ` stroke-dasharray="`
		}
		c.buf.WriteString(sep + num(d))
	}
	if len(c.state.dashes) > 0 {
		fmt.Fprintf(&c.buf, `" stroke-dashoffset="%s"`, num(c.state.offset))
	}
	c.buf.WriteString("/>\n")
}

func (c *canvas) Fill(p vg.Path) {
	if len(p) > 0 {
		fmt.Fprintf(&c.buf, `<path d="%s" fill="%s"/>`+"\n", c.data(p), hex(c.state.color))
	}
}

// data writes a path. Arcs become cubic curves of a quarter turn at most, so that any transform applies.
func (c *canvas) data(p vg.Path) string {
	var b bytes.Buffer
	command := func(letter string, points ...vg.Point) {
		b.WriteString(letter)
		for i, pt := range points {
			if i > 0 {
				b.WriteByte(' ')
			}
			x, y := c.place(pt)
			b.WriteString(num(x) + "," + num(y))
		}
	}
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			command("M", comp.Pos)
		case vg.LineComp:
			command("L", comp.Pos)
		case vg.CurveComp:
			letter := "Q"
			if len(comp.Control) == 2 {
				letter = "C"
			}
			command(letter, append(append([]vg.Point(nil), comp.Control...), comp.Pos)...)
		case vg.CloseComp:
			b.WriteByte('Z')
		case vg.ArcComp:
			pieces := int(math.Ceil(math.Abs(comp.Angle) / (math.Pi / 2)))
			at := func(angle float64) (pos, tangent vg.Point) {
				sin, cos := math.Sincos(angle)
				r := comp.Radius
				return comp.Pos.Add(vg.Point{X: r * vg.Length(cos), Y: r * vg.Length(sin)}),
					vg.Point{X: -r * vg.Length(sin), Y: r * vg.Length(cos)}
			}
			start, direction := at(comp.Start)
			if b.Len() == 0 {
				command("M", start)
			} else {
				command("L", start)
			}
			for i := range pieces {
				step := comp.Angle / float64(pieces)
				end, turned := at(comp.Start + step*float64(i+1))
				k := vg.Length(4.0 / 3.0 * math.Tan(step/4))
				command("C", start.Add(direction.Scale(k)), end.Sub(turned.Scale(k)), end)
				start, direction = end, turned
			}
		}
	}
	return b.String()
}

// place returns the position of a point in the coordinates of SVG, where y grows downwards.
func (c *canvas) place(p vg.Point) (x, y vg.Length) {
	p = c.state.affine.apply(p)
	return p.X, c.h - p.Y
}

// FillString draws text for gonum/plot itself: the labels of axes.
func (c *canvas) FillString(f font.Face, pt vg.Point, s string) {
	st := style{size: f.Font.Size, bold: f.Font.Weight > 0, color: c.state.color}
	m := c.state.affine
	if m.a == 1 && m.b == 0 && m.c == 0 && m.d == 1 {
		c.text(pt.X, pt.Y, left, st, s)
		return
	}
	c.write(0, 0, c.transform(pt), left, st, s)
}

// transform writes the transform in force, with its origin moved to p, in the coordinates of SVG.
func (c *canvas) transform(p vg.Point) string {
	x, y := c.place(p)
	m := c.state.affine
	return fmt.Sprintf(` transform="matrix(%s %s %s %s %s %s)"`, fixed(m.a, 6), fixed(-m.b, 6), fixed(-m.c, 6), fixed(m.d, 6), num(x), num(y))
}

// DrawImage embeds the image as PNG.
func (c *canvas) DrawImage(r vg.Rectangle, img image.Image) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		c.err = fmt.Errorf("encode image: %w", err)
		return
	}
	size := r.Size()
	fmt.Fprintf(&c.buf, `<image width="%s" height="%s" preserveAspectRatio="none"%s href="data:image/png;base64,%s"/>`+"\n",
		num(size.X), num(size.Y), c.transform(vg.Point{X: r.Min.X, Y: r.Max.Y}), base64.StdEncoding.EncodeToString(b.Bytes()))
}

// anchor says which end of a text stands at its point.
type anchor string

const (
	left   anchor = "start"
	middle anchor = "middle"
	right  anchor = "end"
)

// text draws one line with its baseline at y.
func (c *canvas) text(x, y vg.Length, a anchor, st style, s string) {
	x, y = c.place(vg.Point{X: x, Y: y})
	c.write(x, y, "", a, st, s)
}

// write states the measured width of the text (textLength), so that it takes the room that was planned for
// it whatever font the reader's machine has.
func (c *canvas) write(x, y vg.Length, transform string, a anchor, st style, s string) {
	s = clean(s)
	if s == "" {
		return
	}
	fmt.Fprintf(&c.buf, `<text x="%s" y="%s"%s font-size="%s" fill="%s"`, num(x), num(y), transform, num(st.size), hex(st.color))
	if st.bold {
		c.buf.WriteString(` font-weight="bold"`)
	}
	if a != left {
		fmt.Fprintf(&c.buf, ` text-anchor="%s"`, a)
	}
	if w, exact := st.width(s); exact && w > 0 {
		fmt.Fprintf(&c.buf, ` textLength="%s" lengthAdjust="spacingAndGlyphs"`, num(w))
	}
	c.buf.WriteByte('>')
	c.escape(s)
	c.buf.WriteString("</text>\n")
}

// lines draws several lines, the first with its middle at y.
func (c *canvas) lines(x, y vg.Length, a anchor, st style, ss []string) {
	for i, s := range ss {
		c.text(x, y-st.drop()-vg.Length(i)*st.lineHeight(), a, st, s)
	}
}

// box draws a filled rectangle, outlined where outline is not nil.
func (c *canvas) box(r vg.Rectangle, fill, outline color.Color) {
	x, y := c.place(vg.Point{X: r.Min.X, Y: r.Max.Y})
	size := r.Size()
	fmt.Fprintf(&c.buf, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"`, num(x), num(y), num(size.X), num(size.Y), hex(fill))
	if outline != nil {
		fmt.Fprintf(&c.buf, ` stroke="%s" stroke-width="0.8"`, hex(outline))
	}
	c.buf.WriteString("/>\n")
}

// line draws a straight line.
func (c *canvas) line(x0, y0, x1, y1, width vg.Length, clr color.Color) {
	c.SetColor(clr)
	c.SetLineWidth(width)
	c.SetLineDash(nil, 0)
	var p vg.Path
	p.Move(vg.Point{X: x0, Y: y0})
	p.Line(vg.Point{X: x1, Y: y1})
	c.Stroke(p)
}

// titled draws a group that shows the title when the pointer rests on it.
func (c *canvas) titled(title string, draw func()) {
	c.buf.WriteString("<g><title>")
	c.escape(clean(title))
	c.buf.WriteString("</title>\n")
	draw()
	c.buf.WriteString("</g>\n")
}

func (c *canvas) escape(s string) {
	// A bytes.Buffer takes every write, so there is no error to look at.
	_ = xml.EscapeText(&c.buf, []byte(s))
}

// document returns the finished file: the title and the description are what a screen reader says.
func (c *canvas) document(l Language, title, description string) ([]byte, error) {
	if c.err != nil {
		return nil, c.err
	}
	title, description = clean(title), clean(description)
	// Several pictures may end up in one page, where identifiers must differ.
	sum := fnv.New64a()
	for _, s := range []string{title, "\x00", description} {
		sum.Write([]byte(s))
	}
	id := strconv.FormatUint(sum.Sum64(), 36)

	out := newCanvas(c.w, c.h)
	fmt.Fprintf(&out.buf, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xml:lang="%[1]s" lang="%[1]s" width="%[2]spt" height="%[3]spt" viewBox="0 0 %[2]s %[3]s" style="max-width:100%%;height:auto" role="img" aria-labelledby="title-%[4]s desc-%[4]s" font-family="%[5]s">
<title id="title-%[4]s">`, l, num(c.w), num(c.h), id, families)
	out.escape(title)
	fmt.Fprintf(&out.buf, "</title>\n"+`<desc id="desc-%s">`, id)
	out.escape(description)
	fmt.Fprintf(&out.buf, "</desc>\n"+`<rect width="%s" height="%s" fill="#ffffff"/>`+"\n", num(c.w), num(c.h))
	out.buf.Write(c.buf.Bytes())
	out.buf.WriteString("</svg>\n")
	return out.buf.Bytes(), nil
}

// num writes a length with two decimals at most.
func num(l vg.Length) string { return fixed(l.Points(), 2) }

// fixed writes v with so many decimals at most. Halves are nudged upwards: what different processors make
// of the last bit of a sum must not show.
func fixed(v float64, decimals int) string {
	scale := math.Pow10(decimals)
	v = math.Floor(float64(v*scale)+0.5+1e-6) / scale
	if v == 0 {
		return "0"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// hex writes an opaque colour.
func hex(clr color.Color) string {
	if clr == nil {
		clr = color.Black
	}
	r, g, b, _ := clr.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
