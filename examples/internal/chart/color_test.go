package chart

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTextStandsOutAgainstEveryShade(t *testing.T) {
	t.Parallel()
	for level := range levels + 1 {
		for _, negative := range []bool{false, true} {
			shade := shade(level, negative)
			require.GreaterOrEqual(t, contrast(readableOn(shade), shade), 4.5, "level %d", level)
		}
	}
	for _, text := range []color.Color{ink, muted, gainInk, lossInk} {
		require.GreaterOrEqual(t, contrast(text, paper), 7.0)
	}
	for _, p := range []paint{navy, blue, green, orange, red, purple, gray, silver} {
		edge := p.fill
		if p.outline != nil {
			edge = p.outline
		}
		require.GreaterOrEqual(t, contrast(edge, paper), 3.0, "WCAG 2.2 asks 3 to 1 of graphics")
	}
}

func TestShadesGoFromPaleToDark(t *testing.T) {
	t.Parallel()
	for _, negative := range []bool{false, true} {
		for level := range levels {
			require.Greater(t, luminance(shade(level, negative)), luminance(shade(level+1, negative)))
		}
	}
}

// Colours of one picture stay apart for people who lack one kind of cone, after the matrices of G. M. Machado,
// M. M. Oliveira and L. A. F. Fernandes, A physiologically-based model for simulation of colour vision
// deficiency (2009), severity 1.
func TestColorsOfOnePictureCanBeToldApartWithAnyColorVision(t *testing.T) {
	t.Parallel()
	visions := map[string][9]float64{
		"full":   {1, 0, 0, 0, 1, 0, 0, 0, 1},
		"protan": {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
		"deutan": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
		"tritan": {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
	}
	for _, together := range [][]paint{
		{navy, purple, green, red},
		{blue, orange, gray},
		rulePaints[:],
	} {
		for vision, m := range visions {
			for i, a := range together {
				for _, b := range together[i+1:] {
					distance := labDistance(a.fill, b.fill, m)
					require.Greater(t, distance, 10.0, "%s: %s and %s", vision, hex(a.fill), hex(b.fill))
				}
			}
		}
	}
}

// labDistance is the distance in CIE L*a*b* (D65) of two colours seen through m; 2 is just noticeable.
func labDistance(a, b color.Color, m [9]float64) float64 {
	lab := func(c color.Color) [3]float64 {
		cr, cg, cb, _ := c.RGBA()
		r, g, bl := linear(cr), linear(cg), linear(cb)
		r, g, bl = m[0]*r+m[1]*g+m[2]*bl, m[3]*r+m[4]*g+m[5]*bl, m[6]*r+m[7]*g+m[8]*bl
		f := func(v float64) float64 {
			if v > 216.0/24389 {
				return math.Cbrt(v)
			}
			return (24389.0/27*v + 16) / 116
		}
		x := f((0.4124564*r + 0.3575761*g + 0.1804375*bl) / 0.95047)
		y := f(0.2126729*r + 0.7151522*g + 0.0721750*bl)
		z := f((0.0193339*r + 0.1191920*g + 0.9503041*bl) / 1.08883)
		return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
	}
	p, q := lab(a), lab(b)
	return math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2]))
}
