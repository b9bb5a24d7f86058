package mediation

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// The reasons for which this package refuses something. Every error it returns wraps one of them, or comes from the journal or
// from package codesocial. It names the field and shows the value, but never what was said in confidence.
var (
	// ErrInvalid: a value is malformed, or does not belong to the event.
	ErrInvalid = errors.New("invalid")
	// ErrLimit: there is more of something than a constant Max… of this package allows.
	ErrLimit = errors.New("over the limit")
	// ErrUnknown: a case, party, paper or clause that is referred to is not recorded.
	ErrUnknown = errors.New("unknown")
	// ErrExists: what is to be recorded contradicts what is recorded already.
	ErrExists = errors.New("recorded otherwise")
	// ErrState: the event has no place at the stage where the case stands.
	ErrState = errors.New("not at this stage")
	// ErrRole: the event is for somebody else to trigger.
	ErrRole = errors.New("not this role")
	// ErrConflict: who acts has a conflict of interest in the case.
	ErrConflict = errors.New("conflict of interest")
	// ErrTime: a time is before the act before it, or before or after what a clock allows.
	ErrTime = errors.New("not at this time")
	// ErrGuard: something that must come first is missing; see [Cases.CanExclude] for exclusions.
	ErrGuard = errors.New("not yet allowed")
	// ErrErased: the paper that is referred to has been erased.
	ErrErased = errors.New("erased")
	// ErrSealed: the reader may not read the paper, or cannot open it.
	ErrSealed = errors.New("sealed")
)

// fieldError names a field, its value and what is wrong with it. It is put into words only when somebody reads it: a search
// through all that could happen refuses far more than it allows.
type fieldError struct {
	field, value, why string
	args              []any
	sentinel          error
}

func (e *fieldError) Error() string {
	why := e.why
	if len(e.args) > 0 {
		why = fmt.Sprintf(why, e.args...)
	}
	if e.value == "" {
		return e.field + ": " + why
	}
	return e.field + " " + quote(e.value) + ": " + why
}

func (e *fieldError) Unwrap() error { return e.sentinel }

// bad returns an error that wraps sentinel: the field, its value (quoted and shortened; "" for none) and what is wrong with it.
func bad(sentinel error, field, value, why string, args ...any) error {
	return &fieldError{field, value, why, args, sentinel}
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
