package gitlog

import (
	"errors"
	"fmt"
	"strconv"
)

// Sentinels that an [*Error] wraps.
var (
	ErrNoGit         = errors.New("the program git is not installed, or not in the PATH")
	ErrNotRepository = errors.New("is not a git repository")
	ErrNoCommits     = errors.New("the repository has no commits")
	ErrShallow       = errors.New("the repository is a shallow clone: its history is cut off; complete it with git fetch --unshallow")
	ErrOwner         = errors.New("the repository belongs to another user, and git does not trust it; if you do, say so to git with git config --global --add safe.directory and its path")
	ErrLimit         = errors.New("the history is too large")
	ErrGit           = errors.New("git failed")
)

// An Error says what stood in the way of reading a history.
type Error struct {
	Path   string // as given to [Open]
	Detail string // what git said, shortened; "" if the error says it all
	Err    error  // a sentinel, or the error of the context
}

// Error returns the message on one line.
func (e *Error) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("gitlog: %s: %v", quote(e.Path), e.Err)
	}
	return fmt.Sprintf("gitlog: %s: %v: %s", quote(e.Path), e.Err, quote(e.Detail))
}

// Unwrap returns what is wrapped.
func (e *Error) Unwrap() error { return e.Err }

// quote shows a text that comes from outside: at most 300 bytes, quoted where it has characters that cannot be seen.
func quote(s string) string {
	if len(s) > 300 {
		s = s[:300] + "…"
	}
	if q := strconv.Quote(s); q != `"`+s+`"` || s == "" {
		return q
	}
	return s
}
