package dividend

import (
	"errors"
	"strings"
)

// What can be wrong. Every error of this package is an [*Error] that wraps exactly one of these; [ErrBounds] and
// [ErrOverClaimed] are cases of ErrInput.
var (
	// ErrRule says that a rule is not well made: a rate above 1, a duplicate id, an unknown kind.
	// It is found by the Validate methods, when a charter is adopted.
	ErrRule = errors.New("rule not well made")

	// ErrInput says that a value handed to a rule cannot be used: a negative weight, a duplicate
	// identifier, an amount finer than the smallest unit.
	ErrInput = errors.New("input not usable")

	// ErrUnit says that a quantity is not in the unit of its kind.
	ErrUnit = errors.New("unit does not fit")

	// ErrUnknown says that a kind, group, row or recipient is not among those that were declared.
	ErrUnknown = errors.New("not declared")

	// ErrNoWeight says that an amount is to be divided and nobody has a weight.
	ErrNoWeight = errors.New("nobody has a weight")

	// ErrLimit says that a size is beyond the limits of this package, such as [MaxRecipients].
	ErrLimit = errors.New("beyond the limits")
)

// Error is the error type of this package. Its text names the rule or the operation, the field and the value:
//
//	dividend: waterfall: line "support": rate "1.5": must be between 0 and 1
type Error struct {
	// In is the rule or operation concerned, down to the line or row: `waterfall: line "support"`.
	In string
	// Field is the field or input concerned, as it is named in the rule; it may be empty.
	Field string
	// Value is the value found there, as text; it may be empty.
	Value string
	// Reason says what is wrong, in lower case.
	Reason string
	// Err is the sentinel that errors.Is finds.
	Err error
}

// Error returns the text described at [Error].
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("dividend: ")
	if e.In != "" {
		b.WriteString(e.In)
		b.WriteString(": ")
	}
	if e.Field != "" {
		b.WriteString(e.Field)
		if e.Value != "" {
			b.WriteString(" " + quote(e.Value))
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.Err }

// within returns err with where put before its place, when err is of this package.
func within(where string, err error) error {
	var e *Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	c := *e
	if c.In == "" {
		c.In = where
	} else {
		c.In = where + ": " + c.In
	}
	return &c
}

func ruleError(in, field, value, reason string) error {
	return &Error{In: in, Field: field, Value: value, Reason: reason, Err: ErrRule}
}

func inputError(in, field, value, reason string) error {
	return &Error{In: in, Field: field, Value: value, Reason: reason, Err: ErrInput}
}
