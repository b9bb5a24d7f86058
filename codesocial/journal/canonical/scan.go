package canonical

import (
	"bytes"
	"iter"
	"math/bits"
	"unicode/utf8"
)

// MaxDepth is how deep objects and arrays may be nested.
const MaxDepth = 64

const maxSafe = 1<<53 - 1 // the largest integer that every JSON reader keeps exact (RFC 7493)

// Valid returns nil when data is exactly one value in canonical form, and otherwise an [*Error] for the
// first place where it is not.
func Valid(data []byte) error {
	rest, err := Skip(data)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errorAt(len(data)-len(rest), "trailing data %s", clip(rest))
	}
	return nil
}

// Skip checks that data begins with a value in canonical form and returns what follows it. It copies
// nothing; its cost is linear in the size of the value.
func Skip(data []byte) (rest []byte, err error) {
	s := scanner{data: data}
	if err := s.canonicalValue(0); err != nil {
		return nil, err
	}
	return data[s.pos:], nil
}

// Members yields what a value in canonical form (see [Valid]) holds: the members of an object, in order and by name, or the elements of
// an array, each under the name "". Other values hold nothing. The values yielded share memory with data. It stops where data is not in canonical form.
func Members(data []byte) iter.Seq2[string, Raw] {
	return func(yield func(string, Raw) bool) {
		s := scanner{data: data}
		object := s.peek() == '{'
		if !object && s.peek() != '[' {
			return
		}
		for s.pos++; s.pos < len(data) && data[s.pos] != '}' && data[s.pos] != ']'; s.pos++ { // past a comma, once around
			var name []byte
			if object {
				raw, escaped, err := s.canonicalString()
				if err != nil || s.expect(':') != nil {
					return
				}
				if name = raw; escaped {
					name = unescape(raw)
				}
			}
			start := s.pos
			if s.canonicalValue(0) != nil || !yield(string(name), data[start:s.pos]) || s.peek() != ',' {
				return
			}
		}
	}
}

// scanner walks over a JSON text.
type scanner struct {
	data []byte
	pos  int
}

func (s *scanner) peek() byte {
	if s.pos < len(s.data) {
		return s.data[s.pos]
	}
	return 0
}

func (s *scanner) space() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

func (s *scanner) expect(c byte) error {
	if s.pos < len(s.data) && s.data[s.pos] == c {
		s.pos++
		return nil
	}
	return s.unexpected("'" + string(rune(c)) + "'")
}

func (s *scanner) unexpected(wanted string) error {
	if s.pos >= len(s.data) {
		return errorAt(s.pos, "text ends where %s should be", wanted)
	}
	return errorAt(s.pos, "%s where %s should be", clip(s.data[s.pos:min(len(s.data), s.pos+1)]), wanted)
}

func (s *scanner) literal(word string) error {
	if bytes.HasPrefix(s.data[s.pos:], []byte(word)) {
		s.pos += len(word)
		return nil
	}
	return s.unexpected("a value")
}

const nullReason = "null: leave the member out instead"

// integer reads a number and returns its value; fractions, exponents and numbers beyond 2^53-1 are
// refused.
func (s *scanner) integer() (int64, error) {
	start := s.pos
	if s.peek() == '-' {
		s.pos++
	}
	digits := s.pos
	var n int64
	for s.pos < len(s.data) && '0' <= s.data[s.pos] && s.data[s.pos] <= '9' {
		if n <= maxSafe {
			n = n*10 + int64(s.data[s.pos]-'0')
		}
		s.pos++
	}
	text := s.data[start:s.pos]
	switch {
	case s.pos == digits:
		return 0, s.unexpected("a digit")
	case s.data[digits] == '0' && s.pos > digits+1:
		return 0, errorAt(start, "number %s: leading zero", clip(text))
	case s.peek() == '.' || s.peek() == 'e' || s.peek() == 'E':
		return 0, errorAt(start, "number with fraction or exponent: write it as a string (\"0.05\")")
	case n > maxSafe:
		return 0, errorAt(start, "number %s: beyond 2^53-1, write it as a string", clip(text))
	}
	if text[0] == '-' {
		if n == 0 {
			return 0, errorAt(start, "number -0: write 0")
		}
		return -n, nil
	}
	return n, nil
}

// plain returns the index after the bytes that stand for themselves in a string, from i on: everything
// but quotes, backslashes, control characters and bytes outside ASCII. It looks at eight bytes at a time.
func plain[T []byte | string](data T, i int) int {
	const ones = 0x0101010101010101
	for ; i+8 <= len(data); i += 8 {
		d := data[i : i+8]
		w := uint64(d[0]) | uint64(d[1])<<8 | uint64(d[2])<<16 | uint64(d[3])<<24 |
			uint64(d[4])<<32 | uint64(d[5])<<40 | uint64(d[6])<<48 | uint64(d[7])<<56
		// A byte's highest bit tells that it is outside ASCII, is below 0x20, or differs from a quote or a backslash by
		// less than one. What a subtraction borrows reaches only bytes after the first one that counts.
		if found := (w | (w - ones*0x20) | ((w ^ ones*'"') - ones) | ((w ^ ones*'\\') - ones)) & (ones * 0x80); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(data) {
		if c := data[i]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			break
		}
		i++
	}
	return i
}

// canonicalString passes over a string and returns what stands between its quotes.
func (s *scanner) canonicalString() (raw []byte, escaped bool, err error) {
	if err := s.expect('"'); err != nil {
		return nil, false, err
	}
	start := s.pos
	for {
		s.pos = plain(s.data, s.pos)
		if s.pos >= len(s.data) {
			return nil, false, errorAt(s.pos, "text ends inside a string")
		}
		switch c := s.data[s.pos]; {
		case c == '"':
			raw = s.data[start:s.pos]
			s.pos++
			return raw, escaped, nil
		case c == '\\':
			escaped = true
			n := canonicalEscape(s.data[s.pos:])
			if n == 0 {
				return nil, false, errorAt(s.pos, "escape %s is not canonical", clip(s.data[s.pos:min(len(s.data), s.pos+6)]))
			}
			s.pos += n
		case c < 0x20:
			return nil, false, errorAt(s.pos, "control character in a string")
		default:
			_, size := utf8.DecodeRune(s.data[s.pos:])
			if size == 1 {
				return nil, false, errorAt(s.pos, "invalid UTF-8")
			}
			s.pos += size
		}
	}
}

// canonicalEscape returns the length of the escape that b begins with, 0 when RFC 8785 would write that
// character otherwise.
func canonicalEscape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(b) < 6 || b[2] != '0' || b[3] != '0' || (b[4] != '0' && b[4] != '1') {
			return 0
		}
		lo := b[5]
		if digit, letter := '0' <= lo && lo <= '9', 'a' <= lo && lo <= 'f'; !digit && !letter {
			return 0
		}
		if b[4] == '0' && (lo == '8' || lo == '9' || lo == 'a' || lo == 'c' || lo == 'd') {
			return 0 // \b \t \n \f \r have escapes of their own
		}
		return 6
	}
	return 0
}

func (s *scanner) canonicalValue(depth int) error {
	switch c := s.peek(); {
	case c == '"':
		_, _, err := s.canonicalString()
		return err
	case c == '-' || '0' <= c && c <= '9':
		_, err := s.integer()
		return err
	case c == 't':
		return s.literal("true")
	case c == 'f':
		return s.literal("false")
	case c == 'n':
		return errorAt(s.pos, "%s", nullReason)
	case c == '{':
		return s.canonicalObject(depth + 1)
	case c == '[':
		return s.canonicalArray(depth + 1)
	}
	return s.unexpected("a value")
}

func (s *scanner) canonicalArray(depth int) error {
	if depth > MaxDepth {
		return errorAt(s.pos, "nested deeper than %d levels", MaxDepth)
	}
	s.pos++
	if s.peek() == ']' {
		s.pos++
		return nil
	}
	for i := 0; ; i++ {
		if err := s.canonicalValue(depth); err != nil {
			return underIndex(err, i)
		}
		if s.peek() != ',' {
			return s.expect(']')
		}
		s.pos++
	}
}

func (s *scanner) canonicalObject(depth int) error {
	if depth > MaxDepth {
		return errorAt(s.pos, "nested deeper than %d levels", MaxDepth)
	}
	s.pos++
	if s.peek() == '}' {
		s.pos++
		return nil
	}
	var last []byte
	for first := true; ; first = false {
		at := s.pos
		raw, escaped, err := s.canonicalString()
		if err != nil {
			return err
		}
		name := raw
		if escaped {
			name = unescape(raw)
		}
		if !first {
			switch order := compareNames(last, name); {
			case order == 0:
				return errorAt(at, "member %s twice", clip(name))
			case order > 0:
				return errorAt(at, "member %s is out of order", clip(name))
			}
		}
		last = name
		if err := s.expect(':'); err != nil {
			return err
		}
		if err := s.canonicalValue(depth); err != nil {
			return under(err, string(name))
		}
		if s.peek() != ',' {
			return s.expect('}')
		}
		s.pos++
	}
}

// compareNames orders two names by their UTF-16 code units, as RFC 8785 §3.2.3 asks. That is the order
// of the UTF-8 bytes except between U+E000..U+FFFF and the characters beyond U+FFFF, which UTF-16 writes
// with surrogates below U+E000.
func compareNames[A, B []byte | string](a A, b B) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	if i == n {
		return len(a) - len(b)
	}
	x, y := a[i], b[i]
	if x >= 0xEE && y >= 0xEE { // lead bytes of U+E000 and above: a lead byte from F0 on means a surrogate pair
		if (x >= 0xF0) != (y >= 0xF0) {
			return int(y) - int(x)
		}
	}
	return int(x) - int(y)
}
