package chart

import (
	"image/color"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
)

// families are drawn with whatever the reader's machine has. The first four share the widths that texts
// are measured with here (Liberation Sans was made to fit Arial), and each text states its width besides.
const families = "Arial, Helvetica, 'Liberation Sans', Arimo, sans-serif"

// spare is the room that a text is given, in proportion to its width: some programs (rsvg-convert) pass over the width that
// a text states, and where they have none of the first four families they draw with DejaVu Sans, which is about a fifth wider.
const spare = 1.2

// style is how a piece of text looks.
type style struct {
	size  vg.Length
	bold  bool
	color color.Color
}

// lineHeight is the distance from one line to the next.
func (st style) lineHeight() vg.Length { return st.size * 1.22 }

// drop is the distance from the middle of a line down to its baseline: half the height of a capital.
func (st style) drop() vg.Length { return st.size * 0.36 }

// faces are the measuring fonts, which gonum/plot carries inside.
var faces = func() map[string]font.Face {
	m := make(map[string]font.Face)
	for _, f := range liberation.Collection() {
		m[f.Name()] = f
	}
	return m
}()

func (st style) face() font.Face {
	name := "LiberationSans-Regular"
	if st.bold {
		name = "LiberationSans-Bold"
	}
	f := faces[name]
	f.Font.Size = st.size
	return f
}

// width measures s. It is exact when the font knows all of s; otherwise the unknown characters count as
// one em each, which is what the widest scripts take.
func (st style) width(s string) (w vg.Length, exact bool) {
	face, unknown := st.face(), 0
	known := strings.Map(func(r rune) rune {
		switch i, err := face.Face.GlyphIndex(nil, r); {
		case invisible(r):
			return -1
		case err != nil || i == 0:
			unknown++
			return -1
		}
		return r
	}, s)
	return face.Width(known) + vg.Length(unknown)*st.size, unknown == 0
}

// measure returns the room that s is given.
func (st style) measure(s string) vg.Length {
	w, _ := st.width(s)
	return spare * w
}

func (st style) widest(ss ...string) vg.Length {
	var w vg.Length
	for _, s := range ss {
		w = max(w, st.measure(s))
	}
	return w
}

// invisible reports whether r takes no room of its own: accents that sit on the letter before, joiners.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf)
}

const ellipsis = "…"

// shorten returns s, or as much of its beginning as fits into the width with an ellipsis after it.
func (st style) shorten(s string, width vg.Length) string {
	if st.measure(s) <= width {
		return s
	}
	cuts := slices.Collect(clusters(s))
	n, _ := slices.BinarySearchFunc(cuts, width, func(end int, width vg.Length) int {
		if st.measure(s[:end]+ellipsis) <= width {
			return -1
		}
		return 1
	})
	if n == 0 {
		return ellipsis
	}
	return strings.TrimRight(s[:cuts[n-1]], " ,;:.-–—") + ellipsis
}

// clusters yields the ends of the letters of s, each together with the accents that sit on it.
func clusters(s string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i, r := range s {
			if i > 0 && !invisible(r) && !yield(i) {
				return
			}
		}
		if s != "" {
			yield(len(s))
		}
	}
}

// wrap breaks s at spaces, and after hyphens and slashes, into at most limit lines that fit the width. A
// longer word is shortened, and so is the last line when there is more to come.
func (st style) wrap(s string, width vg.Length, limit int) []string {
	var lines []string
	line := ""
	for rest := s; rest != ""; {
		var word string
		word, rest = nextWord(rest)
		joined := line + word
		if line == "" || st.measure(strings.TrimRight(joined, " ")) <= width {
			line = joined
			continue
		}
		if len(lines) == limit-1 {
			line = joined + rest
			break
		}
		lines, line = append(lines, line), word
	}
	if line != "" {
		lines = append(lines, line)
	}
	for i, l := range lines {
		lines[i] = st.shorten(strings.TrimRight(l, " "), width)
	}
	return lines
}

// nextWord cuts s after the first place where a line may end: not between a French quotation mark and what
// it encloses, nor before the punctuation that French sets apart.
func nextWord(s string) (word, rest string) {
	for i, r := range s {
		if i == 0 || r != ' ' && r != '-' && r != '/' {
			continue
		}
		word, rest = s[:i+1], s[i+1:]
		next, _ := utf8.DecodeRuneInString(rest)
		if r == ' ' && (strings.HasSuffix(s[:i], "«") || strings.ContainsRune("»:;!?", next)) {
			continue
		}
		return word, rest
	}
	return s, ""
}

// longestWord returns the width of the longest piece of s that wrap cannot break.
func (st style) longestWord(s string) vg.Length {
	var w vg.Length
	for s != "" {
		var word string
		word, s = nextWord(s)
		w = max(w, st.measure(strings.TrimRight(word, " ")))
	}
	return w
}

// maxMarks is how many accents one letter may carry: more are dropped, so that no name can climb over its
// neighbours.
const maxMarks = 3

// clean makes any bytes fit to stand in a picture. Line breaks and tabs become spaces and runs of spaces
// one; control characters, and those that turn the direction of what follows, are dropped; what is not
// UTF-8, or has no place in XML 1.0, becomes U+FFFD.
func clean(s string) string {
	var b strings.Builder
	marks, space := 0, false
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			space = true
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			continue
		case r == '\ufffe' || r == '\uffff':
			r = utf8.RuneError
		}
		if unicode.In(r, unicode.Mn, unicode.Me) {
			if marks++; marks > maxMarks {
				continue
			}
		} else {
			marks = 0
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}
