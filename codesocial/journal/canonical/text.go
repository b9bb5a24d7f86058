package canonical

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// AppendString appends s as a canonical JSON string. Bytes that are not UTF-8 are an error.
func AppendString(dst []byte, s string) ([]byte, error) {
	dst = append(dst, '"')
	start := 0
	for i := plain(s, 0); i < len(s); i = plain(s, i) {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return nil, errorAt(0, "text is not valid UTF-8")
			}
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"'), nil
}

// unescape resolves the escapes of a canonical string; raw has been checked.
func unescape(raw []byte) []byte {
	s := scanner{data: raw}
	out := make([]byte, 0, len(raw))
	for s.pos < len(raw) {
		if raw[s.pos] != '\\' {
			out = append(out, raw[s.pos])
			s.pos++
			continue
		}
		out, _ = s.escape(out)
	}
	return out
}

// text reads a JSON string, canonical or not, and returns its value. The result may share memory with
// the text.
func (s *scanner) text() ([]byte, error) {
	if err := s.expect('"'); err != nil {
		return nil, err
	}
	start := s.pos
	var out []byte // nil as long as the text stands for itself
	for {
		from := s.pos
		s.pos = plain(s.data, s.pos)
		if out != nil {
			out = append(out, s.data[from:s.pos]...)
		}
		if s.pos >= len(s.data) {
			return nil, errorAt(s.pos, "text ends inside a string")
		}
		switch c := s.data[s.pos]; {
		case c == '"':
			if out == nil {
				out = s.data[start:s.pos]
			}
			s.pos++
			return out, nil
		case c == '\\':
			if out == nil {
				out = append(make([]byte, 0, len(s.data[start:s.pos])+16), s.data[start:s.pos]...)
			}
			var err error
			if out, err = s.escape(out); err != nil {
				return nil, err
			}
		case c < 0x20:
			return nil, errorAt(s.pos, "control character in a string: escape it")
		default:
			_, size := utf8.DecodeRune(s.data[s.pos:])
			if size == 1 {
				return nil, errorAt(s.pos, "invalid UTF-8")
			}
			if out != nil {
				out = append(out, s.data[s.pos:s.pos+size]...)
			}
			s.pos += size
		}
	}
}

// escape reads one escape sequence and appends the character it stands for.
func (s *scanner) escape(out []byte) ([]byte, error) {
	at := s.pos
	if s.pos+1 >= len(s.data) {
		return nil, errorAt(at, "text ends inside a string")
	}
	c := s.data[s.pos+1]
	s.pos += 2
	switch c {
	case '"', '\\', '/':
		return append(out, c), nil
	case 'b':
		return append(out, '\b'), nil
	case 'f':
		return append(out, '\f'), nil
	case 'n':
		return append(out, '\n'), nil
	case 'r':
		return append(out, '\r'), nil
	case 't':
		return append(out, '\t'), nil
	case 'u':
		r, ok := s.hex4()
		if ok && utf16.IsSurrogate(r) {
			ok = false
			if s.pos+1 < len(s.data) && s.data[s.pos] == '\\' && s.data[s.pos+1] == 'u' {
				s.pos += 2
				var low rune
				if low, ok = s.hex4(); ok {
					r = utf16.DecodeRune(r, low)
					ok = r != utf8.RuneError
				}
			}
		}
		if ok {
			return utf8.AppendRune(out, r), nil
		}
	}
	return nil, errorAt(at, "escape %s stands for no character", clip(s.data[at:min(len(s.data), at+6)]))
}

func (s *scanner) hex4() (rune, bool) {
	if s.pos+4 > len(s.data) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.data[s.pos:s.pos+4]), 16, 16)
	s.pos += 4
	return rune(n), err == nil
}
