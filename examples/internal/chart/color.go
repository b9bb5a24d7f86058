package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/palette/brewer"
)

func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// The colours of text and lines. All text stands at least 7 to 1 against white (WCAG 2.2, level AAA).
var (
	ink     = rgb(0x1a1a1a)
	muted   = rgb(0x4d4d4d)
	rule    = rgb(0xdddddd)
	axis    = rgb(0x1a1a1a)
	paper   = rgb(0xffffff)
	linking = rgb(0x8c8c8c)
)

// paint is a fill with an outline where the fill alone is too pale against white. Within one picture
// paints differ in hue and in lightness: in the hues that Okabe and Ito chose for every kind of colour
// vision (Color Universal Design, 2008), and still on a black and white print.
type paint struct{ fill, outline color.Color }

var (
	navy   = paint{fill: rgb(0x14365c)}
	blue   = paint{fill: rgb(0x0072b2)}
	green  = paint{fill: rgb(0x009e73)}
	orange = paint{fill: rgb(0xe69f00), outline: rgb(0x6b4a00)}
	red    = paint{fill: rgb(0xd55e00)}
	purple = paint{fill: rgb(0xcc79a7), outline: rgb(0x5e2147)}
	gray   = paint{fill: rgb(0x767676)}
	silver = paint{fill: rgb(0xd9d9d9), outline: rgb(0x595959)}
)

// Text in the colours of gains and losses, dark enough to read.
var (
	gainInk = rgb(0x00573f)
	lossInk = rgb(0x8f3a00)
)

// levels is the number of shades of a heat map, on either side of zero.
const levels = 8

// shade returns the colour of level 1 (palest) to levels (darkest), after ColorBrewer's Blues and Oranges
// without their palest class, which hardly differs from white. Level 0 is white.
func shade(level int, negative bool) color.Color {
	if level <= 0 {
		return paper
	}
	ramp := brewer.Blues[levels+1]
	if negative {
		ramp = brewer.Oranges[levels+1]
	}
	return ramp.Color[min(level, levels)]
}

// readableOn returns white or black, whichever stands out more against the background. One of them always
// reaches 4.5 to 1 (WCAG 2.2, level AA).
func readableOn(background color.Color) color.Color {
	if contrast(paper, background) > contrast(color.Black, background) {
		return paper
	}
	return color.Black
}

// contrast is the ratio defined by WCAG 2.2, from 1 to 21.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is the relative luminance defined by WCAG 2.2, from 0 to 1.
func luminance(clr color.Color) float64 {
	r, g, b, _ := clr.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func linear(channel uint32) float64 {
	v := float64(channel) / math.MaxUint16
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
