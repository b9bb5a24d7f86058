package intake

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Limits on the text of a cell, in bytes of UTF-8.
const (
	MaxNameBytes = 200    // a name, an identifier, a kind, a unit, a number, a date
	MaxTextBytes = 10_000 // a note, a label, evidence
)

// Fold returns what two spellings of one name have in common: lower case, without accents, every run
// of anything but letters and digits a single space. Names whose folded forms are equal are taken for one
// name spelled in two ways; compare names of different files with it. A name without any letter or digit folds to itself.
func Fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		switch r = unicode.ToLower(r); r {
		case 'œ':
			b.WriteString("oe")
		case 'æ':
			b.WriteString("ae")
		case 'ß':
			b.WriteString("ss")
		case 'ø':
			b.WriteByte('o')
		case 'ł':
			b.WriteByte('l')
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return s
	}
	return b.String()
}

// cleanName returns a short text of one line in normal form: NFC, single spaces, none at the ends.
// Characters that cannot be seen, or that change the direction of what stands around them, are an error.
func cleanName(cell string) (string, error) {
	for _, r := range cell {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			return "", fmt.Errorf("the character %U is not allowed here", r)
		}
	}
	s := norm.NFC.String(strings.Join(strings.Fields(cell), " "))
	if len(s) > MaxNameBytes {
		return "", fmt.Errorf("has %d bytes, the limit is %d", len(s), MaxNameBytes)
	}
	return s, nil
}

// cleanText returns a text of one or more lines, without spaces at the ends. Control characters other than
// tab and line end are an error, as are those that make a text look like another.
func cleanText(cell string) (string, error) {
	for _, r := range cell {
		if unicode.IsControl(r) && r != '\n' && r != '\t' ||
			unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f' && r != '\u061c' || r == '\ufeff' {
			return "", fmt.Errorf("the character %U is not allowed here", r)
		}
	}
	s := norm.NFC.String(strings.TrimSpace(cell))
	if len(s) > MaxTextBytes {
		return "", fmt.Errorf("has %d bytes, the limit is %d", len(s), MaxTextBytes)
	}
	return s, nil
}

// SafeCell returns a text for a cell of a CSV file that may be opened in a spreadsheet: with an apostrophe
// in front where a program would take it for a formula, that is when its first visible character is one of
// = + - @ (or their full-width forms), or when it begins with a tab or a line end; a plain decimal number keeps its sign. This is the
// defence that OWASP recommends against CSV injection. It does not quote separators: encoding/csv does.
func SafeCell(s string) string {
	if s == "" || isPlainNumber(s) {
		return s
	}
	if strings.ContainsRune("\t\r\n", rune(s[0])) {
		return "'" + s
	}
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			continue
		}
		if strings.ContainsRune("=+-@＝＋－＠", r) {
			return "'" + s
		}
		break
	}
	return s
}

// isPlainNumber reports whether s is digits with an optional sign and one optional point or comma between digits.
func isPlainNumber(s string) bool {
	s = strings.TrimLeft(s[:1], "+-") + s[1:]
	whole, fraction, decimal := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	return isDigits(whole) && (!decimal || isDigits(fraction))
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
