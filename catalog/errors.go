package catalog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The reasons for which this package refuses something. Every error it returns wraps one of them, or comes from the journal
// or from package codesocial (a rule or membership that is missing). It names the field and shows the value.
var (
	// ErrInvalid: a value is malformed, out of range, or contradicts another of the same entry.
	ErrInvalid = errors.New("invalid")
	// ErrLimit: a text, list or number is larger than the constant Max… of this package allows.
	ErrLimit = errors.New("over the limit")
	// ErrUnknown: an entry, deal, party or candidate that is referred to is not recorded.
	ErrUnknown = errors.New("unknown")
	// ErrExists: what is to be recorded contradicts what is recorded already: an entry of somebody else under the same IRI.
	ErrExists = errors.New("recorded otherwise")
	// ErrState: what is asked for is not possible in the state that the entry or deal is in, or on that day.
	ErrState = errors.New("not possible now")
	// ErrNotYours: who acts is not one of those who may.
	ErrNotYours = errors.New("not for this party to do")
	// ErrSplit: the shares of a collective offer do not add up to exactly one, or name somebody who cannot have one.
	ErrSplit = errors.New("split refused")
	// ErrConsent: a partner has not consented to the split as it stands, or has not signed its consent.
	ErrConsent = errors.New("consent is missing")
	// ErrCompetes: a collective offer is held back by an offer of a member, see [HeldBack].
	ErrCompetes = errors.New("competes with an offer of a member")
	// ErrSealed: what is sealed cannot be sealed or opened: there is no sealer, or no key.
	ErrSealed = errors.New("sealed")
	// ErrCapacity: more would be reserved than there is.
	ErrCapacity = errors.New("over the capacity")
)

// HeldBack says that a collective offer waits for the holders of offers that it may compete with. It wraps [ErrCompetes].
type HeldBack struct {
	Offer string // IRI of the collective offer
	// By are the candidates that hold it back, the most similar first, each with its evidence.
	By []Candidate
}

// Error names the offer and what holds it back.
func (e *HeldBack) Error() string {
	names := make([]string, 0, 4)
	for i, c := range e.By {
		if i == 3 {
			names = append(names, fmt.Sprintf("and %d more", len(e.By)-i))
			break
		}
		names = append(names, fmt.Sprintf("%s of %s (%s, similarity %s)", c.Offer, c.Holder, c.Standing, c.Similarity))
	}
	return fmt.Sprintf("%s is held back by %s", e.Offer, strings.Join(names, ", "))
}

// Unwrap returns [ErrCompetes].
func (e *HeldBack) Unwrap() error { return ErrCompetes }

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

func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }
