package fec

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// MaxLineBytes is how long a line may be.
const MaxLineBytes = 64 << 10

// An encoding is how the characters of a file are written. ASCII is a part of all of them.
type encoding int

const (
	ascii encoding = iota
	utf8Encoding
	latin9 // ISO-8859-15
	windows1252
)

var encodingNames = [...]string{"ASCII", "UTF-8", "ISO-8859-15", "Windows-1252"}

func (e encoding) String() string { return encodingNames[e] }

// source reads the lines of a file as text.
type source struct {
	scanner *bufio.Scanner
	number  int // of the line read last, from 1
	mark    bool
	ends    [3]int // how many lines end with CRLF, CR and LF

	encoding encoding // the richest met so far
	mixed    bool     // the line read last does not fit to those before it
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
	}
	return s.decode(line), true
}

// err returns why reading ended before the end of the file.
func (s *source) err() (err error, tooLong bool) {
	err = s.scanner.Err()
	return err, errors.Is(err, bufio.ErrTooLong)
}

// decode returns a line in UTF-8, and notes its encoding. A line that is not UTF-8 is taken for ISO-8859-15, or for Windows-1252 when it
// has bytes that are control characters in the first.
func (s *source) decode(line []byte) []byte {
	s.mixed = false
	if isASCII(line) {
		return line
	}
	var found encoding
	switch {
	case utf8.Valid(line):
		found = utf8Encoding
	case s.encoding == windows1252 || hasC1(line):
		found = windows1252
	default:
		found = latin9
	}
	switch {
	case s.encoding == ascii || s.encoding == latin9 && found == windows1252:
		s.encoding = found
	case (s.encoding == utf8Encoding) != (found == utf8Encoding):
		s.mixed = true
	}
	if found == utf8Encoding {
		return line
	}
	table := charmap.ISO8859_15
	if found == windows1252 {
		table = charmap.Windows1252
	}
	s.text = s.text[:0]
	for _, b := range line {
		s.text = utf8.AppendRune(s.text, table.DecodeByte(b))
	}
	return s.text
}

func isASCII(line []byte) bool {
	for _, b := range line {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// hasC1 reports whether a line has bytes from 0x80 to 0x9F.
func hasC1(line []byte) bool {
	for _, b := range line {
		if 0x80 <= b && b <= 0x9f {
			return true
		}
	}
	return false
}
