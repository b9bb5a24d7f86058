package ledger

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// The reasons for which this package refuses something. Every error it returns wraps one of them, or comes
// from the journal, from package codesocial (a rule or membership that is missing) or from package dividend. It
// names the field and shows the value.
var (
	// ErrInvalid: a value is malformed, out of range, or finer than its unit allows.
	ErrInvalid = errors.New("invalid")
	// ErrUnknown: a party, project, contribution or kind of wealth that is referred to is not recorded.
	ErrUnknown = errors.New("unknown")
	// ErrUnit: a quantity is not in the unit of its kind, or an amount not in the currency of the charter.
	ErrUnit = errors.New("other unit")
	// ErrOwnWork: somebody would validate a contribution that is her own or that she declared, record a claim of her own, or credit her own account.
	ErrOwnWork = errors.New("own contribution, claim or account")
	// ErrUnbalanced: the postings of an entry do not add up to zero.
	ErrUnbalanced = errors.New("does not balance")
	// ErrDistributed: the period, or a part of it, has been distributed already.
	ErrDistributed = errors.New("distributed already")
	// ErrState: what is asked for is not possible in the state that the distribution or objection is in, or on that day.
	ErrState = errors.New("not possible now")
	// ErrOverpaid: a payment is more than what is owed.
	ErrOverpaid = errors.New("more than is owed")
	// ErrReversed: nothing is left of what a correction would take back.
	ErrReversed = errors.New("reversed already")
	// ErrClosed: a day lies in a period that is closed.
	ErrClosed = errors.New("closed period")
	// ErrLimit: an account would go beyond what the charter allows, or an input is larger than this package takes.
	ErrLimit = errors.New("beyond the limit")
	// ErrUndecided: no recorded decision has adopted what needs one.
	ErrUndecided = errors.New("not decided")
	// ErrArithmetic: a recorded distribution is not what follows from the records before it.
	ErrArithmetic = errors.New("does not follow from the records")
)

type fieldError struct {
	field, value, why string
	sentinel          error
}

func (e *fieldError) Error() string {
	if e.value == "" {
		return e.field + ": " + e.why
	}
	return e.field + " " + e.value + ": " + e.why
}

func (e *fieldError) Unwrap() error { return e.sentinel }

// bad returns an error that wraps sentinel: the field, its value (quoted and shortened) and what is wrong with it.
func bad(sentinel error, field, value, why string, args ...any) error {
	return &fieldError{field, quote(value), fmt.Sprintf(why, args...), sentinel}
}

// badly is bad where there is no value to show.
func badly(sentinel error, field, why string, args ...any) error {
	return &fieldError{field, "", fmt.Sprintf(why, args...), sentinel}
}

func quote(s string) string {
	const most = 100
	if len(s) <= most {
		return strconv.QuoteToGraphic(s)
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.QuoteToGraphic(s[:cut]) + fmt.Sprintf("… (%d bytes)", len(s))
}
