package codesocial

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// The reasons for which this package refuses something. Every error it returns wraps one of them (or
// comes from the journal or a context), names the field and shows the value.
var (
	// ErrInvalid: a value is malformed, or contradicts another of the same document.
	ErrInvalid = errors.New("invalid")

	// ErrLimit: a document, text or list is longer than the constant Max… of this package allows.
	ErrLimit = errors.New("over the limit")

	// ErrUnknown: what is referred to (a party, a version, a clause) is not recorded.
	ErrUnknown = errors.New("unknown")

	// ErrExists: what is to be recorded contradicts what is recorded already: a party under another
	// type or key, a key of somebody else, a member who would be admitted again.
	ErrExists = errors.New("recorded otherwise")

	// ErrNoRule: no clause of the version carries a rule of the kind that was asked for.
	ErrNoRule = errors.New("no rule of this kind")

	// ErrManyRules: several clauses of the version carry a rule of the kind, and one was asked for.
	ErrManyRules = errors.New("several rules of this kind")

	// ErrChain: a version does not follow from the last one that was adopted.
	ErrChain = errors.New("does not follow the adopted version")

	// ErrNotInForce: no version, or not the one named, is in force on that date.
	ErrNotInForce = errors.New("not in force")

	// ErrSignature: a signature is missing, is not valid, or is not the named signer's.
	ErrSignature = errors.New("signature refused")

	// ErrNotFounder: who signs for a version is not among those who may.
	ErrNotFounder = errors.New("not a founder")

	// ErrNotMember: who acts is not a member on that date.
	ErrNotMember = errors.New("not a member")

	// ErrTooFew: fewer signatures or sponsors than the rules of the game ask for.
	ErrTooFew = errors.New("too few")

	// ErrState: what is asked for cannot happen from where the thing stands; the tables on the package page say what can.
	ErrState = errors.New("not possible from here")

	// ErrUnguarded: a measure takes effect only in a community that is opened with a guard.
	ErrUnguarded = errors.New("no guard vouches for measures")

	// ErrRefused: a rule does not allow the act, for the reason that the error gives.
	ErrRefused = errors.New("refused")
)

// A RuleError says that a rule of the charter refused an act, and which. It is returned by this package
// and by those above it. Err says why and wraps the sentinel of the package that refused.
type RuleError struct {
	Clause ClauseRef // the clause that carries the rule, and the version it was read in
	Kind   string    // the kind of the rule, such as "codesocial.admission"
	Err    error
}

// Error implements error: the reason, then the clause that it rests on.
func (e *RuleError) Error() string {
	return fmt.Sprintf("%v (rule %s, clause %s, version %d of %s)", e.Err, e.Kind, e.Clause.Clause, e.Clause.Version, e.Clause.Charter)
}

// Unwrap returns the reason.
func (e *RuleError) Unwrap() error { return e.Err }

// errorf returns an error as [fmt.Errorf] does, with the name of this package before it: once, whatever it wraps of this package.
func errorf(format string, args ...any) error {
	for i, arg := range args {
		if e, ok := arg.(*packageError); ok {
			args[i] = e.err
		}
	}
	return &packageError{fmt.Errorf(format, args...)}
}

// packageError says that an error comes from this package.
type packageError struct{ err error }

func (e *packageError) Error() string { return "codesocial: " + e.err.Error() }

func (e *packageError) Unwrap() error { return e.err }

// as returns an error of another package as one that wraps a sentinel of this package too. It says what it said.
func as(sentinel, err error) error {
	if errors.Is(err, sentinel) {
		return err
	}
	return &foreignError{err, sentinel}
}

type foreignError struct{ err, sentinel error }

func (e *foreignError) Error() string { return e.err.Error() }

func (e *foreignError) Unwrap() []error { return []error{e.sentinel, e.err} }

// fieldError names a field, shows its value and says what it must be.
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

// bad returns an error that wraps sentinel: field, value (quoted, shortened) and what is wrong with it.
func bad(sentinel error, field, value, why string, args ...any) error {
	return &fieldError{field: field, value: quote(value), why: fmt.Sprintf(why, args...), sentinel: sentinel}
}

// badly is bad where the value is best left out of the message.
func badly(sentinel error, field, why string, args ...any) error {
	return &fieldError{field: field, why: fmt.Sprintf(why, args...), sentinel: sentinel}
}

// within puts the path to what err is about before its field.
func within(path string, err error) error {
	var e *fieldError
	if errors.As(err, &e) {
		e.field = path + "." + e.field
	}
	return err
}

// quote shows a value in a message: in quotes, with everything unprintable escaped, so that no input can
// forge a line of a log, and shortened, so that none can fill it.
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
