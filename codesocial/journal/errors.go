package journal

import (
	"errors"
	"fmt"
)

var (
	// ErrIDReused refuses a draft whose id was recorded before with another kind, schema, author or
	// payload. The same content again is no error: the first record comes back.
	ErrIDReused = errors.New("journal: id was used for another record")

	// ErrReadOnly refuses [Journal.Update] on a journal that was opened without a [Signer].
	ErrReadOnly = errors.New("journal: opened without a signer, cannot write")

	// ErrBadDraft refuses a draft that cannot become a record: a kind, author or payload out of form or
	// beyond a limit.
	ErrBadDraft = errors.New("journal: draft refused")

	// ErrUnknownOutcome is returned when the store failed during a commit and could then not be read
	// either, or says that the block may still arrive: the records are stored wholly or not at all, and which is not known yet. Calling
	// Update again with the same ids is safe.
	ErrUnknownOutcome = errors.New("journal: store failed, outcome unknown")

	// ErrForeign is returned on opening a store whose content is not a journal, or is the journal of
	// another origin or key, or has a format that this version does not know.
	ErrForeign = errors.New("journal: store does not hold this journal")
)

// A CorruptError says that what a store returned is not what was written to it: a block that was changed,
// is missing, or stands in another's place, or a tail that was cut off behind a checkpoint.
type CorruptError struct {
	Block  uint64 // number of the first block at fault
	Reason string
	Err    error // cause, may be nil
}

// Error names the block and the reason.
func (e *CorruptError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("journal: block %d: %s: %v", e.Block, e.Reason, e.Err)
	}
	return fmt.Sprintf("journal: block %d: %s", e.Block, e.Reason)
}

// Unwrap returns the cause.
func (e *CorruptError) Unwrap() error { return e.Err }
