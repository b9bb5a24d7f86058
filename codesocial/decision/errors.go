package decision

import (
	"errors"
	"fmt"
	"strconv"
)

// The reasons for which this package refuses something.
var (
	// ErrInvalid: a value is malformed, or contradicts another.
	ErrInvalid = errors.New("invalid")
	// ErrLimit: there is more of something than a constant Max… of this package allows.
	ErrLimit = errors.New("over the limit")
	// ErrNotElector: who votes is not in the frozen electorate, or has stepped aside.
	ErrNotElector = errors.New("not an elector")
	// ErrEarly: the ballot was cast before the poll opened.
	ErrEarly = errors.New("before the opening")
	// ErrLate: the ballot was cast when the poll was closed.
	ErrLate = errors.New("after the closing")
	// ErrFinal: the rule makes ballots final, and this one changes another.
	ErrFinal = errors.New("ballots are final")
	// ErrState: the act has no place where the procedure stands.
	ErrState = errors.New("not at this stage")
	// ErrRole: the act is for somebody else to do.
	ErrRole = errors.New("not this role")
	// ErrOpen: the round cannot be closed yet.
	ErrOpen = errors.New("the round cannot be closed")
)

// refuse returns an error that wraps sentinel: the field, its value, and what is wrong with it.
func refuse(sentinel error, field, value, why string, args ...any) error {
	const most = 120
	shown := value
	if len(shown) > most {
		shown = shown[:most] + "…"
	}
	return fmt.Errorf("decision: %s %s: %s: %w", field, strconv.QuoteToGraphic(shown), fmt.Sprintf(why, args...), sentinel)
}
