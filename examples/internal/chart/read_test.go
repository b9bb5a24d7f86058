package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

func render(t *testing.T, p picture) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, p.draw(&b), p.name)
	return b.Bytes()
}

func requireWellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	var open []string
	ids := map[string]bool{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
			require.Contains(t, []string{"svg", "title", "desc", "g", "text", "rect", "path"}, token.Name.Local)
			for _, a := range token.Attr {
				if a.Name.Local == "id" {
					require.False(t, ids[a.Value])
					ids[a.Value] = true
				}
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	require.Empty(t, open)
	require.Len(t, ids, 2, "the title and the description that aria-labelledby names")
}

// area is where something was drawn, with y growing downwards.
type area struct {
	what                     string
	left, top, right, bottom float64
}

// tolerance absorbs the rounding of coordinates.
const tolerance = 0.05

func (a area) meets(b area) bool {
	return a.left+tolerance < b.right && b.left+tolerance < a.right && a.top+tolerance < b.bottom && b.top+tolerance < a.bottom
}

func (a area) inside(b area) bool {
	return a.left >= b.left-tolerance && a.right <= b.right+tolerance && a.top >= b.top-tolerance && a.bottom <= b.bottom+tolerance
}

type drawn struct {
	frame        area
	texts, boxes []area
}

// read finds out from the file alone what was drawn where.
func read(t *testing.T, svg []byte) drawn {
	t.Helper()
	type element struct {
		X         float64 `xml:"x,attr"`
		Y         float64 `xml:"y,attr"`
		Width     float64 `xml:"width,attr"`
		Height    float64 `xml:"height,attr"`
		Size      float64 `xml:"font-size,attr"`
		Anchor    string  `xml:"text-anchor,attr"`
		Weight    string  `xml:"font-weight,attr"`
		Transform string  `xml:"transform,attr"`
		Length    float64 `xml:"textLength,attr"`
		Text      string  `xml:",chardata"`
	}
	var out drawn
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "svg":
			for _, a := range start.Attr {
				if a.Name.Local == "viewBox" {
					sides := strings.Fields(a.Value)
					out.frame = area{what: "page", right: parse(t, sides[2]), bottom: parse(t, sides[3])}
				}
			}
		case "rect":
			var e element
			require.NoError(t, d.DecodeElement(&e, &start))
			b := area{"rect", e.X, e.Y, e.X + e.Width, e.Y + e.Height}
			require.GreaterOrEqual(t, e.Width, 0.0)
			if e.Width < out.frame.right {
				out.boxes = append(out.boxes, b)
			}
		case "text":
			var e element
			require.NoError(t, d.DecodeElement(&e, &start))
			require.Empty(t, e.Transform, "no picture turns its text")
			width := spare * e.Length // as wide as a program may draw it that passes over its width
			if width == 0 {
				width = style{size: vg.Points(e.Size), bold: e.Weight == "bold"}.measure(e.Text).Points()
			}
			x := e.X
			switch e.Anchor {
			case "middle":
				x -= width / 2
			case "end":
				x -= width
			}
			out.texts = append(out.texts, area{e.Text, x, e.Y - 0.73*e.Size, x + width, e.Y + 0.21*e.Size})
		}
	}
}

func parse(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return v
}

func texts(t *testing.T, p picture) []string {
	t.Helper()
	var out []string
	for _, a := range read(t, render(t, p)).texts {
		out = append(out, a.what)
	}
	return out
}
