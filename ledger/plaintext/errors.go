package plaintext

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// The reasons for which this package refuses something. Every error that it returns wraps one of them, except those of the reader or writer
// handed in.
var (
	// ErrSyntax: a line is not of the part of the language that is read, see the package page.
	ErrSyntax = errors.New("plaintext: not understood")
	// ErrUnbalanced: a transaction does not add up to zero in every commodity.
	ErrUnbalanced = errors.New("plaintext: does not balance")
	// ErrLimit: a file is beyond one of the limits of this package.
	ErrLimit = errors.New("plaintext: too large")
	// ErrInvalid: a transaction cannot be written in the format, or there is no such format.
	ErrInvalid = errors.New("plaintext: invalid")
)

// A SyntaxError says what is wrong with a file, and where.
type SyntaxError struct {
	File   string // as given by the caller
	Line   int    // from 1
	Column int    // in bytes, from 1; 0 for the whole line
	Value  string // what stands there; "" when the line says enough
	Reason string
	err    error
}

// Error returns the error on one line, such as `books.journal:12:20: "1,000.00": plaintext: not understood: …`.
func (e *SyntaxError) Error() string {
	at := fmt.Sprintf("%s:%d", e.File, e.Line)
	if e.Column > 0 {
		at += ":" + strconv.Itoa(e.Column)
	}
	if e.Value != "" {
		at += ": " + quote(e.Value)
	}
	return fmt.Sprintf("%s: %v: %s", at, e.err, e.Reason)
}

// Unwrap returns the sentinel.
func (e *SyntaxError) Unwrap() error { return e.err }

// quote shows a text of the file: shortened, and without characters that cannot be seen.
func quote(s string) string {
	const most = 80
	if len(s) <= most {
		return strconv.QuoteToGraphic(s)
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.QuoteToGraphic(s[:cut] + "…")
}
