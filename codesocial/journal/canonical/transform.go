package canonical

import (
	"bytes"
	"slices"
	"strconv"
)

// Transform returns the canonical form of a JSON text. White space and any order of members are
// accepted; what the canonical form cannot hold (see the package page) is an error.
func Transform(data []byte) ([]byte, error) {
	s := scanner{data: data}
	s.space()
	out, err := s.transform(make([]byte, 0, len(data)), 0)
	if err != nil {
		return nil, err
	}
	if err := s.end(); err != nil {
		return nil, err
	}
	return out, nil
}

func (s *scanner) end() error {
	s.space()
	if s.pos < len(s.data) {
		return errorAt(s.pos, "trailing data %s", clip(s.data[s.pos:]))
	}
	return nil
}

// raw returns the canonical form of the value at s.pos. Most values that programs write are in it already.
func (s *scanner) raw(depth int) ([]byte, error) {
	start := *s
	if err := s.canonicalValue(depth); err == nil {
		return bytes.Clone(s.data[start.pos:s.pos]), nil
	}
	*s = start
	return s.transform(nil, depth)
}

// transform appends the canonical form of the value at s.pos.
func (s *scanner) transform(out []byte, depth int) ([]byte, error) {
	switch c := s.peek(); {
	case c == '"':
		text, err := s.text()
		if err != nil {
			return nil, err
		}
		return AppendString(out, string(text))
	case c == '-' || '0' <= c && c <= '9':
		n, err := s.integer()
		if err != nil {
			return nil, err
		}
		return strconv.AppendInt(out, n, 10), nil
	case c == 't':
		return append(out, "true"...), s.literal("true")
	case c == 'f':
		return append(out, "false"...), s.literal("false")
	case c == 'n':
		return nil, errorAt(s.pos, "%s", nullReason)
	case c == '[':
		out = append(out, '[')
		first := true
		err := s.elements(depth+1, func(int) (err error) {
			if !first {
				out = append(out, ',')
			}
			first = false
			out, err = s.transform(out, depth+1)
			return err
		})
		return append(out, ']'), err
	case c == '{':
		return s.transformObject(out, depth+1)
	}
	return nil, s.unexpected("a value")
}

func (s *scanner) transformObject(out []byte, depth int) ([]byte, error) {
	type member struct{ name, value []byte }
	var members []member
	err := s.members(depth, func(name []byte, _ int) error {
		value, err := s.transform(nil, depth)
		members = append(members, member{slices.Clone(name), value})
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(members, func(a, b member) int { return compareNames(a.name, b.name) })
	out = append(out, '{')
	for i, m := range members {
		if i > 0 {
			if compareNames(members[i-1].name, m.name) == 0 {
				return nil, &Error{Path: string(m.name), Offset: s.pos, Reason: "member twice in one object"}
			}
			out = append(out, ',')
		}
		if out, err = AppendString(out, string(m.name)); err != nil {
			return nil, err
		}
		out = append(append(out, ':'), m.value...)
	}
	return append(out, '}'), nil
}

// elements calls each for every element of the array at s.pos, with s.pos at the element.
func (s *scanner) elements(depth int, each func(i int) error) error {
	if depth > MaxDepth {
		return errorAt(s.pos, "nested deeper than %d levels", MaxDepth)
	}
	if err := s.expect('['); err != nil {
		return err
	}
	s.space()
	if s.peek() == ']' {
		s.pos++
		return nil
	}
	for i := 0; ; i++ {
		if err := each(i); err != nil {
			return underIndex(err, i)
		}
		s.space()
		if s.peek() != ',' {
			return s.expect(']')
		}
		s.pos++
		s.space()
	}
}

// members calls each for every member of the object at s.pos, with s.pos at the member's value. The
// name may share memory with the text. Telling doubles apart is left to each.
func (s *scanner) members(depth int, each func(name []byte, at int) error) error {
	if depth > MaxDepth {
		return errorAt(s.pos, "nested deeper than %d levels", MaxDepth)
	}
	if err := s.expect('{'); err != nil {
		return err
	}
	s.space()
	if s.peek() == '}' {
		s.pos++
		return nil
	}
	for {
		at := s.pos
		name, err := s.text()
		if err != nil {
			return err
		}
		s.space()
		if err := s.expect(':'); err != nil {
			return under(err, string(name))
		}
		s.space()
		if err := each(name, at); err != nil {
			return under(err, string(name))
		}
		s.space()
		if s.peek() != ',' {
			return s.expect('}')
		}
		s.pos++
		s.space()
	}
}
