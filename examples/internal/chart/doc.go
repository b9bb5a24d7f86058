// Package chart draws the pictures that the members of a cooperative look at in a meeting: who brought what
// ([Matrix]), what became of the money received ([Waterfall]), who gets how much ([Shares]), who would gain
// and who would lose under another rule ([Compare]), and how unevenly something is spread ([Lorenz]).
//
// Each function takes a plain struct and an [io.Writer], and writes one SVG file:
//
//	err := chart.Shares(w, chart.Division{
//		Language: chart.French,
//		Title:    "Dividende contributif 2025",
//		Unit:     "EUR",
//		Parts: []chart.Part{
//			{Name: "Amélie", Amount: decimal.RequireFromString("3360.00")},
//			{Name: "Fonds d’aléas", Amount: decimal.RequireFromString("400.00"), Fund: true},
//		},
//	})
//
// # What a picture is
//
// It is 169 mm wide, the text width of an A4 page, and shrinks to the screen of a phone. Its height is what
// the rows need. It has a white background, uses fonts that every machine has, loads nothing, and runs no
// script. A reader finds every number printed and need not measure bars. Names that are too long are
// wrapped, and then cut with an ellipsis; resting the pointer on anything shows it in full, with the exact
// amount. A screen reader says the title and a description with the same figures.
//
// Colours can be told apart with any kind of colour vision and on a black and white print; where they could
// not, a sign, an outline or a dash says the same.
//
// # Text and numbers
//
// Any text will do: markup characters are escaped, line breaks become spaces, control characters and those
// that turn the direction of writing are dropped, and what is not UTF-8 becomes U+FFFD. Amounts are decimals;
// floating point serves for positions on the page only. [Language.Number] and [Language.Amount] write numbers
// the way the pictures do.
//
// # Consistency
//
// The same input gives the same bytes. The picture is complete in memory before the first byte is written,
// so that a refused input writes nothing.
//
// # Errors
//
// What cannot be drawn is refused with an [*Error] that names the field and wraps [ErrEmpty], [ErrLimit],
// [ErrInvalid] or [ErrTotal]. The limits are the constants of this package.
//
// # Concurrency
//
// All functions may be called from several goroutines at once. They do not change or keep what they are given.
package chart
