package chart

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func TestTheCanvasTurnsMovesAndScalesAsGonumPlotAsks(t *testing.T) {
	t.Parallel()
	c := newCanvas(100, 100)
	c.Push()
	c.Translate(vg.Point{X: 10, Y: 20})
	c.Rotate(math.Pi / 2)
	c.Scale(2, 1)
	var p vg.Path
	p.Move(vg.Point{X: 0, Y: 0})
	p.Line(vg.Point{X: 5, Y: 3})
	p.Close()
	c.Fill(p)
	c.FillString(style{size: 10}.face(), vg.Point{}, "turned")
	c.Pop()
	c.Pop()
	c.SetLineDash([]vg.Length{2, 1}, 0.5)
	c.Stroke(p)
	got := c.buf.String()
	require.Contains(t, got, `<path d="M10,80L7,70Z" fill="#000000"/>`)
	require.Contains(t, got, `transform="matrix(0 -2 1 0 10 80)"`)
	require.Contains(t, got, `<path d="M0,100L5,97Z" fill="none" stroke="#000000" stroke-width="1" stroke-dasharray="2,1" stroke-dashoffset="0.5"/>`)
}

func TestTheCanvasDrawsCurvesAndImages(t *testing.T) {
	t.Parallel()
	c := newCanvas(100, 100)
	dc := draw.New(c)
	dc.DrawGlyph(draw.GlyphStyle{Color: color.Black, Radius: 10, Shape: draw.CircleGlyph{}}, vg.Point{X: 50, Y: 50})
	require.Equal(t, 4, strings.Count(c.buf.String(), "C"), "a circle in four quarters")
	require.Contains(t, c.buf.String(), "M60,50")
	require.Contains(t, c.buf.String(), " 50,40C", "the first quarter ends at the top")

	var p vg.Path
	p.Move(vg.Point{})
	p.QuadTo(vg.Point{X: 5, Y: 5}, vg.Point{X: 10})
	p.CubeTo(vg.Point{X: 11, Y: 1}, vg.Point{X: 12, Y: 2}, vg.Point{X: 13})
	c.Stroke(p)
	require.Contains(t, c.buf.String(), "M0,100Q5,95 10,100C11,99 12,98 13,100")

	c.DrawImage(vg.Rectangle{Max: vg.Point{X: 10, Y: 20}}, image.NewGray(image.Rect(0, 0, 2, 2)))
	c.DrawImage(vg.Rectangle{}, image.NewGray(image.Rectangle{}))
	require.Contains(t, c.buf.String(), `<image width="10" height="20" preserveAspectRatio="none" transform="matrix(1 0 0 1 0 80)" href="data:image/png;base64,iVBOR`)
	_, err := c.document(English, "t", "d")
	require.Error(t, err, "an image that cannot be encoded is not lost silently")
}
