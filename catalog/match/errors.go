package match

import (
	"errors"
	"fmt"
	"strconv"
)

var (
	// ErrInvalid: a value is malformed, or contradicts another.
	ErrInvalid = errors.New("invalid")
	// ErrLimit: there is more of something than a constant Max… of this package allows.
	ErrLimit = errors.New("over the limit")
)

// bad returns an error that wraps sentinel and names the field, the value (shortened) and what it must be.
func bad(sentinel error, field, value, must string, args ...any) error {
	if len(value) > 120 {
		value = value[:120] + "…"
	}
	return fmt.Errorf("match: %s %s: %s: %w", field, strconv.QuoteToGraphic(value), fmt.Sprintf(must, args...), sentinel)
}
