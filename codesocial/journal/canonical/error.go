package canonical

import (
	"errors"
	"fmt"
	"strconv"
)

// Error says where a text is not what it must be, and why.
type Error struct {
	Path   string // members and indexes from the outermost value, "" for that value itself: lines[2].rate
	Offset int    // bytes from the start of the text; 0 when a Go value was written
	Reason string
}

// Error gives path, offset and reason on one line.
func (e *Error) Error() string {
	at := ""
	if e.Offset > 0 {
		at = " (byte " + strconv.Itoa(e.Offset) + ")"
	}
	if e.Path == "" {
		return "canonical: " + e.Reason + at
	}
	return "canonical: " + e.Path + ": " + e.Reason + at
}

func errorAt(offset int, format string, args ...any) error {
	return &Error{Offset: offset, Reason: fmt.Sprintf(format, args...)}
}

// under puts a member name in front of the path of an error that comes from inside that member.
func under(err error, name string) error {
	var e *Error
	if errors.As(err, &e) {
		e.Path = joinPath(name, e.Path)
	}
	return err
}

func underIndex(err error, i int) error { return under(err, "["+strconv.Itoa(i)+"]") }

func joinPath(outer, inner string) string {
	if inner == "" || inner[0] == '[' {
		return outer + inner
	}
	return outer + "." + inner
}

// clip shortens foreign text for an error message.
func clip(s []byte) string {
	const most = 40
	if len(s) > most {
		return strconv.Quote(string(s[:most])) + "…"
	}
	return strconv.Quote(string(s))
}
