package chart

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Language is the language of the words a picture adds of its own and of the way it writes numbers.
// The zero value is English.
type Language string

// The languages that this package speaks.
const (
	English Language = "en"
	French  Language = "fr"
)

// Limits on what one picture takes. Beyond them a picture is refused with [ErrLimit].
const (
	// MaxText is the length of a title, name, unit or any other text, in bytes.
	MaxText = 2000
	// MaxRows is the number of rows of a [HeatMap] and of recipients of a [Comparison].
	MaxRows = 200
	// MaxColumns is the number of columns of a [HeatMap].
	MaxColumns = 24
	// MaxSteps is the number of steps of a [Cascade].
	MaxSteps = 30
	// MaxParts is the number of parts of a [Division] and of values of a [Curve].
	MaxParts = 100_000
	// MaxShown is the number of parts that a [Division] shows one by one; it gathers the rest.
	MaxShown = 40
	// MaxRules is the number of rules side by side in a [Comparison] and of curves of a [Lorenz].
	MaxRules = 4
	// MaxIntegerDigits and MaxDecimals bound a number before and after the decimal point.
	MaxIntegerDigits = 12
	MaxDecimals      = 18
)

// What errors.Is finds in an error of this package. The concrete type is always [*Error], except when the
// writer fails: then it is the writer's own error, wrapped.
var (
	// ErrEmpty says that there is nothing to draw.
	ErrEmpty = errors.New("nothing to draw")
	// ErrLimit says that something is longer, larger or more numerous than this package takes.
	ErrLimit = errors.New("over the limit")
	// ErrInvalid says that a value makes no sense where it stands.
	ErrInvalid = errors.New("invalid")
	// ErrTotal says that a stated total is not the sum of what comes before it.
	ErrTotal = errors.New("total does not add up")
)

// Error names what was refused and why. Nothing has been written when it is returned.
type Error struct {
	// Picture is the kind of picture: "matrix", "waterfall", "shares", "comparison" or "lorenz".
	Picture string
	// Field is the path of the refused field, as in `cells[3][1]`; indices start at 0.
	Field string
	// Value is what stands there, shortened.
	Value string
	// Reason is one of the sentinels of this package.
	Reason error
	// Detail completes the reason; it may be empty.
	Detail string
}

// Error returns a message such as `chart: waterfall: steps[3].amount "12": total does not add up: must be "10"`.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "chart: %s: %s", e.Picture, e.Field)
	if e.Value != "" {
		fmt.Fprintf(&b, " %q", e.Value)
	}
	fmt.Fprintf(&b, ": %v", e.Reason)
	if e.Detail != "" {
		fmt.Fprintf(&b, ": %s", e.Detail)
	}
	return b.String()
}

// Unwrap returns the reason, so that errors.Is finds the sentinels.
func (e *Error) Unwrap() error { return e.Reason }

// checker collects the first refusal of one picture, so that checks read as a list.
type checker struct {
	picture string
	err     *Error
}

func (c *checker) refuse(reason error, field, value, detail string) {
	if c.err != nil {
		return
	}
	const longest = 60
	if r := []rune(value); len(r) > longest {
		value = string(r[:longest]) + "…"
	}
	c.err = &Error{Picture: c.picture, Field: field, Value: value, Reason: reason, Detail: detail}
}

// result returns an untyped nil when nothing was refused.
func (c *checker) result() error {
	if c.err == nil {
		return nil
	}
	return c.err
}

func (c *checker) language(l Language) {
	if l != "" && l != English && l != French {
		c.refuse(ErrInvalid, "language", string(l), `must be "en" or "fr"`)
	}
}

func (c *checker) text(field, s string) {
	if len(s) > MaxText {
		c.refuse(ErrLimit, field, s, fmt.Sprintf("%d bytes, at most %d", len(s), MaxText))
	}
}

// heading checks what every picture has.
func (c *checker) heading(l Language, title, subtitle string) {
	c.language(l)
	if strings.TrimSpace(title) == "" {
		c.refuse(ErrInvalid, "title", title, "must not be blank")
	}
	c.text("title", title)
	c.text("subtitle", subtitle)
}

func (c *checker) count(field string, n, least, most int) bool {
	switch {
	case n < least:
		c.refuse(ErrEmpty, field, strconv.Itoa(n), fmt.Sprintf("at least %d", least))
	case n > most:
		c.refuse(ErrLimit, field, strconv.Itoa(n), fmt.Sprintf("at most %d", most))
	}
	return c.err == nil
}

// amount refuses numbers that nobody could read in a picture. It looks at the exponent before anything
// else, because writing out 1e2000000000 would take all memory.
func (c *checker) amount(field string, d decimal.Decimal) {
	if !inBounds(d) {
		c.refuse(ErrLimit, field, raw(d), fmt.Sprintf("at most %d digits before the decimal point and %d after it", MaxIntegerDigits, MaxDecimals))
	}
}

// longestCoefficient is the length in bits of the longest coefficient that is looked at: about 190 digits.
const longestCoefficient = 640

// inBounds reports whether d is within the bounds of this package.
func inBounds(d decimal.Decimal) bool {
	if d.Coefficient().BitLen() > longestCoefficient {
		return false
	}
	d = d.Normalize()
	exponent := int(d.Exponent())
	return exponent >= -MaxDecimals && d.NumDigits()+exponent <= MaxIntegerDigits
}

// raw writes a number that may be far out of bounds without writing it out.
func raw(d decimal.Decimal) string {
	if d.Coefficient().BitLen() > longestCoefficient {
		return "a number of very many digits"
	}
	return fmt.Sprintf("%se%d", d.Coefficient(), d.Exponent())
}

// write checks nothing more: it hands the finished picture over in one call.
func write(w io.Writer, picture string, svg []byte) error {
	n, err := w.Write(svg)
	if err == nil && n < len(svg) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("chart: %s: write: %w", picture, err)
	}
	return nil
}

func (l Language) orDefault() Language { return cmp.Or(l, English) }
