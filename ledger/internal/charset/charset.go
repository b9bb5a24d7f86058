// Package charset tells in which of the encodings that French programs use a text is written, and reads it.
package charset

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// An Encoding is how the characters of a text are written. ASCII is a part of all others.
type Encoding int

// The encodings.
const (
	ASCII       Encoding = iota
	UTF8                 // UTF-8
	Latin9               // ISO-8859-15
	Windows1252          // Windows-1252
)

var names = [...]string{"ASCII", "UTF-8", "ISO-8859-15", "Windows-1252"}

// String returns the name that IANA has registered, such as "ISO-8859-15".
func (e Encoding) String() string { return names[e] }

// Of returns the encoding of a line or text: the simplest in which it can be read. Text that is not UTF-8 is taken for ISO-8859-15, or for Windows-1252
// when it has bytes from 0x80 to 0x9F, which are control characters in the first and letters and signs in the second.
func Of(text []byte) Encoding {
	found := ASCII
	for _, b := range text {
		switch {
		case 0x80 <= b && b <= 0x9f:
			found = Windows1252
		case b >= utf8.RuneSelf && found == ASCII:
			found = Latin9
		}
	}
	if found != ASCII && utf8.Valid(text) {
		return UTF8
	}
	return found
}

// Decode appends a text in an encoding to dst, as UTF-8. Bytes that Windows-1252 leaves open become U+FFFD.
func Decode(dst, text []byte, e Encoding) []byte {
	if e <= UTF8 {
		return append(dst, text...)
	}
	table := charmap.ISO8859_15
	if e == Windows1252 {
		table = charmap.Windows1252
	}
	for _, b := range text {
		dst = utf8.AppendRune(dst, table.DecodeByte(b))
	}
	return dst
}
