package linkeddata

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The reasons for which this package refuses something. Every error it returns wraps one of them, or
// comes from the writer or reader that the caller handed in.
var (
	// ErrTerm: the name is not in the vocabulary table, or stands where a term of another kind belongs.
	ErrTerm = errors.New("term refused")

	// ErrIRI: an IRI is relative, malformed, or one that readers of JSON-LD are known to lose.
	ErrIRI = errors.New("IRI refused")

	// ErrLiteral: a literal is not in the lexical space of its datatype, or not valid text.
	ErrLiteral = errors.New("literal refused")

	// ErrLimit: a text, graph or file is larger than the constant Max… of this package allows.
	ErrLimit = errors.New("over the limit")

	// ErrSyntax: a line is not a canonical N-Quads line, or not in its place.
	ErrSyntax = errors.New("not canonical N-Quads")

	// ErrInvalid: what is to be exported lacks something or contradicts itself.
	ErrInvalid = errors.New("invalid")
)

// An Error says what was refused and where: the node and the term it stands under, or the line of a
// file. Fields that do not apply are empty. Err wraps one of the sentinels of this package.
type Error struct {
	Line  int    // of a file that is read, from 1; 0 when nothing is read
	Node  string // the IRI of the node
	Term  string // the term, such as "vf:provider"
	Value string // the value that was refused
	Why   string // what it must be
	Err   error
}

// Error implements error. The value is quoted and shortened, so that no input can forge or fill a log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("linkeddata: ")
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	if e.Node != "" {
		b.WriteString("node " + quote(e.Node) + ": ")
	}
	if e.Term != "" {
		b.WriteString(e.Term + " ")
	}
	if e.Value != "" {
		b.WriteString(quote(e.Value) + ": ")
	}
	b.WriteString(e.Why)
	return b.String()
}

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.Err }

// refuse returns an error without a place; who knows the place adds it with at.
func refuse(sentinel error, value, why string, args ...any) *Error {
	return &Error{Value: value, Why: fmt.Sprintf(why, args...), Err: sentinel}
}

// at adds the node and the term to an error that has none yet.
func at(err *Error, node, term string) *Error {
	err.Node, err.Term = node, term
	return err
}

// quote shows a value in quotes, with what cannot be printed escaped, and at most 120 bytes of it.
func quote(s string) string {
	const most = 120
	if len(s) <= most {
		return strconv.QuoteToGraphic(s)
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.QuoteToGraphic(s[:cut]) + fmt.Sprintf("… (%d bytes)", len(s))
}
