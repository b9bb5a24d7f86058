package fec

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/commonstocommons/codesocial/ledger/internal/charset"
)

// MaxLineBytes is how long a line may be.
const MaxLineBytes = 64 << 10

// source reads the lines of a file as text.
type source struct {
	scanner *bufio.Scanner
	number  int    // of the line read last, from 1
	mark    bool   // the file begins with the byte order mark of UTF-8
	wide    bool   // the file is in UTF-16 or UTF-32
	ends    [3]int // how many lines end with CRLF, CR and LF

	encoding charset.Encoding // the richest met so far
	mixed    bool             // the line read last does not fit to those before it
	text     []byte
}

// How a line ends.
const (
	crlf = iota
	cr
	lf
)

var endNames = [...]string{"CRLF", "CR", "LF"}

func newSource(r io.Reader) *source {
	s := &source{scanner: bufio.NewScanner(r)}
	s.scanner.Buffer(make([]byte, 0, 64<<10), MaxLineBytes+2)
	s.scanner.Split(s.split)
	return s
}

// split is a bufio.SplitFunc for lines that end with CRLF, CR or LF.
func (s *source) split(data []byte, atEOF bool) (advance int, token []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case i < 0:
		return 0, nil, nil
	case data[i] == '\n':
		s.ends[lf]++
		return i + 1, data[:i:i], nil
	case i+1 == len(data) && !atEOF: // an LF may follow
		return 0, nil, nil
	case i+1 < len(data) && data[i+1] == '\n':
		s.ends[crlf]++
		return i + 2, data[:i:i], nil
	}
	s.ends[cr]++
	return i + 1, data[:i:i], nil
}

// next returns the next line in UTF-8, false at the end and when reading failed. It stays as it is until the next call.
func (s *source) next() ([]byte, bool) {
	if !s.scanner.Scan() {
		return nil, false
	}
	s.number++
	line := s.scanner.Bytes()
	if s.number == 1 {
		rest, ok := bytes.CutPrefix(line, []byte("\ufeff"))
		line, s.mark = rest, ok
		s.wide = bytes.HasPrefix(line, []byte("\xff\xfe")) || bytes.HasPrefix(line, []byte("\xfe\xff")) || bytes.IndexByte(line, 0) >= 0
	}
	return s.decode(line), true
}

// err returns why reading ended before the end of the file.
func (s *source) err() (err error, tooLong bool) {
	err = s.scanner.Err()
	return err, errors.Is(err, bufio.ErrTooLong)
}

// decode returns a line in UTF-8, and notes its encoding. Once a line is in Windows-1252, those after it are not ISO-8859-15.
func (s *source) decode(line []byte) []byte {
	found := charset.Of(line)
	if found == charset.Latin9 && s.encoding == charset.Windows1252 {
		found = charset.Windows1252
	}
	s.mixed = false
	switch {
	case found == charset.ASCII || found == s.encoding:
	case s.encoding == charset.ASCII || s.encoding == charset.Latin9 && found == charset.Windows1252:
		s.encoding = found
	case (s.encoding == charset.UTF8) != (found == charset.UTF8):
		s.mixed = true
	}
	if found <= charset.UTF8 {
		return line
	}
	s.text = charset.Decode(s.text[:0], line, found)
	return s.text
}
