package plaintext

import (
	"bytes"
	"io"
)

// MaxLineBytes is how long a line may be.
const MaxLineBytes = 64 << 10

// lines hands out the lines of a file one after the other, out of one buffer.
type lines struct {
	r          io.Reader
	buffer     []byte
	start, end int // what is read and not handed out yet
	last       int // where the line handed out last begins
	number     int // of the line handed out last, from 1
	err        error
}

func newLines(r io.Reader) *lines { return &lines{r: r, buffer: make([]byte, 4*MaxLineBytes)} }

// next returns the next line without its end; it stays as it is until the next call. It returns nil at the end, and when reading
// failed; tooLong tells a line beyond the limit.
func (l *lines) next() (line []byte, tooLong bool) {
	for {
		if i := bytes.IndexByte(l.buffer[l.start:l.end], '\n'); i >= 0 {
			line = l.buffer[l.start : l.start+i : l.start+i]
			l.last, l.start = l.start, l.start+i+1
			break
		}
		if l.end-l.start > MaxLineBytes {
			l.number++
			return nil, true
		}
		if l.err != nil {
			if l.start == l.end {
				return nil, false
			}
			line = l.buffer[l.start:l.end:l.end]
			l.last, l.start = l.start, l.end
			break
		}
		l.fill()
	}
	l.number++
	if len(line) > MaxLineBytes {
		return nil, true
	}
	if l.number == 1 {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if line == nil {
		line = []byte{}
	}
	return line, false
}

// unread makes next return the line handed out last once more.
func (l *lines) unread() {
	l.start = l.last
	l.number--
}

// fill reads more behind what is not handed out yet.
func (l *lines) fill() {
	if l.start > 0 {
		copy(l.buffer, l.buffer[l.start:l.end])
		l.start, l.end = 0, l.end-l.start
	}
	for range 100 { // a reader that returns nothing, again and again, is broken
		n, err := l.r.Read(l.buffer[l.end:])
		l.end += n
		l.err = err
		if n > 0 || err != nil {
			return
		}
	}
	l.err = io.ErrNoProgress
}
