package intake

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Sentinels that an [*Error] wraps.
var (
	ErrEncoding = errors.New("intake: not a UTF-8 text file")
	ErrLimit    = errors.New("intake: too large")
	ErrHeader   = errors.New("intake: header not understood")
	ErrLine     = errors.New("intake: bad lines")
)

// MaxProblems is how many problems an [Error] lists before it only counts.
const MaxProblems = 20

// A Problem is one thing wrong with a file, and where.
type Problem struct {
	File   string // as given by the caller
	Line   int    // line of the file, from 1, on which the row begins; 0 for the whole file
	Number int    // column from 1; 0 for the whole line
	Column string // header of that column
	Value  string // the cell as it stands in the file; for a whole file or line "" or what was found
	Reason string // what is wrong with it, and what to do
}

// String returns the problem on one line: `money.csv:12: column 4 "Montant HT": "1.234,56": …`. What comes
// from the file is quoted, shortened and without control characters, so that a terminal can show it.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(quoteName(p.File))
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Number > 0 {
		fmt.Fprintf(&b, ": column %d %s: %s", p.Number, quote(p.Column), quote(p.Value))
	} else if p.Value != "" {
		fmt.Fprintf(&b, ": %s", quote(p.Value))
	}
	b.WriteString(": ")
	b.WriteString(p.Reason)
	return b.String()
}

// An Error says why a file was not read. It wraps one of the sentinels.
type Error struct {
	Problems []Problem // the first [MaxProblems], in the order of the file
	More     int       // how many there are beyond those
	err      error
}

// NewError returns an error that wraps [ErrLine] for problems that the caller found in lines it was given, nil for none.
func NewError(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	n := min(len(problems), MaxProblems)
	return &Error{Problems: problems[:n:n], More: len(problems) - n, err: ErrLine}
}

// Error lists the problems, one on each line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.err.Error())
	for _, p := range e.Problems {
		b.WriteString("\n  ")
		b.WriteString(p.String())
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\n  and %d more", e.More)
	}
	return b.String()
}

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.err }

// wholeFile returns an error about a file that could not be read at all.
func wholeFile(err error, file string, line int, value, format string, args ...any) error {
	return &Error{Problems: []Problem{{File: file, Line: line, Value: value, Reason: fmt.Sprintf(format, args...)}}, err: err}
}

// quoteRunes is how much of a cell a message shows.
const quoteRunes = 60

// quote shows text from the file: shortened, quoted, without characters that cannot be seen.
func quote(s string) string {
	n := 0
	for i := range s {
		if n == quoteRunes {
			return strconv.Quote(s[:i] + "…")
		}
		n++
	}
	return strconv.Quote(s)
}

// quoteName shows a file name as it is when that is harmless.
func quoteName(s string) string {
	if q := strconv.Quote(s); q != `"`+s+`"` || s == "" {
		return q
	}
	return s
}
