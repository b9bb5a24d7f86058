package canonical

import (
	"encoding"
	"encoding/base64"
	"reflect"
	"strconv"
	"strings"
)

// Unmarshal reads the JSON text data into the value that v points to. It accepts white space and members
// in any order, and is strict in everything else: a member the type does not have, a name in another
// case, a member given twice, a value of another type, null and trailing data are errors. Members that
// are absent leave their fields as they were; whether one is required is for the caller to say.
func Unmarshal(data []byte, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return errorAt(0, "Unmarshal needs a pointer, not %T", v)
	}
	s := scanner{data: data}
	s.space()
	if err := s.value(target.Elem(), 0); err != nil {
		return err
	}
	return s.end()
}

func (s *scanner) value(v reflect.Value, depth int) error {
	t := v.Type()
	if t == rawType {
		out, err := s.raw(depth)
		v.SetBytes(out)
		return err
	}
	switch x := textsOf(t); {
	case x.unmarshals:
		return s.unmarshalText(v)
	case x.words:
		return s.words(v, depth+1)
	}
	switch t.Kind() {
	case reflect.String:
		if s.peek() != '"' {
			return s.unexpected("a string")
		}
		text, err := s.text()
		v.SetString(string(text))
		return err
	case reflect.Bool:
		word, yes := "false", s.peek() == 't'
		if yes {
			word = "true"
		}
		v.SetBool(yes)
		if s.literal(word) != nil {
			return s.unexpected("true or false")
		}
		return nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := s.number()
		if err == nil && v.OverflowInt(n) {
			err = errorAt(s.pos, "number %d: does not fit %s", n, t)
		}
		v.SetInt(n)
		return err
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, err := s.number()
		if err == nil && (n < 0 || v.OverflowUint(uint64(n))) {
			err = errorAt(s.pos, "number %d: does not fit %s", n, t)
		}
		v.SetUint(uint64(n))
		return err
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		return s.value(v.Elem(), depth)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return s.base64(v)
		}
		return s.slice(v, depth+1)
	case reflect.Map:
		return s.mapping(v, depth+1)
	case reflect.Struct:
		return s.structure(v, depth+1)
	}
	return errorAt(s.pos, "type %s cannot be read", t)
}

func (s *scanner) number() (int64, error) {
	if c := s.peek(); c != '-' && (c < '0' || c > '9') {
		return 0, s.unexpected("an integer")
	}
	return s.integer()
}

func (s *scanner) unmarshalText(v reflect.Value) error {
	at := s.pos
	if s.peek() != '"' {
		return s.unexpected("a string")
	}
	text, err := s.text()
	if err != nil {
		return err
	}
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText(text); err != nil {
		return errorAt(at, "value %s: %s", clip(text), reason(err, v.Type()))
	}
	return nil
}

// reason says why a type refuses a text. What the type says is left out where it repeats a text that is long, or cannot be printed as it is.
func reason(err error, t reflect.Type) string {
	const most = 300
	why := err.Error()
	if len(why) > most || strings.ContainsFunc(why, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return "is no " + t.String()
	}
	return why
}

func (s *scanner) base64(v reflect.Value) error {
	at := s.pos
	if s.peek() != '"' {
		return s.unexpected("a string")
	}
	text, err := s.text()
	if err != nil {
		return err
	}
	out, err := base64.StdEncoding.Strict().AppendDecode(nil, text)
	if err != nil {
		return errorAt(at, "value %s: not base64", clip(text))
	}
	v.SetBytes(out)
	return nil
}

func (s *scanner) slice(v reflect.Value, depth int) error {
	if s.peek() != '[' {
		return s.unexpected("an array")
	}
	out := reflect.MakeSlice(v.Type(), 0, 0)
	zero := reflect.Zero(v.Type().Elem())
	err := s.elements(depth, func(i int) error {
		out = reflect.Append(out, zero)
		return s.value(out.Index(i), depth)
	})
	v.Set(out)
	return err
}

func (s *scanner) mapping(v reflect.Value, depth int) error {
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		return errorAt(s.pos, "type %s: keys must be strings", t)
	}
	if s.peek() != '{' {
		return s.unexpected("an object")
	}
	out := reflect.MakeMap(t)
	err := s.members(depth, func(name []byte, at int) error {
		key := reflect.ValueOf(string(name)).Convert(t.Key())
		if out.MapIndex(key).IsValid() {
			return errorAt(at, "member twice in one object")
		}
		item := reflect.New(t.Elem()).Elem()
		err := s.value(item, depth)
		out.SetMapIndex(key, item)
		return err
	})
	v.Set(out)
	return err
}

// words reads a map of strings, without reflection for each member: texts in several languages are most of what is read.
func (s *scanner) words(v reflect.Value, depth int) error {
	if s.peek() != '{' {
		return s.unexpected("an object")
	}
	out := make(map[string]string)
	err := s.members(depth, func(name []byte, at int) error {
		if _, ok := out[string(name)]; ok {
			return errorAt(at, "member twice in one object")
		}
		if s.peek() != '"' {
			return s.unexpected("a string")
		}
		text, err := s.text()
		out[string(name)] = string(text)
		return err
	})
	v.Set(reflect.ValueOf(out))
	return err
}

func (s *scanner) structure(v reflect.Value, depth int) error {
	p := planOf(v.Type())
	if p.refusal != "" {
		return errorAt(0, "%s", p.refusal)
	}
	if s.peek() != '{' {
		return s.unexpected("an object")
	}
	var seen uint64
	next := 0
	return s.members(depth, func(name []byte, at int) error {
		i := p.find(name, next)
		if i < 0 {
			return errorAt(at, "unknown member, the %s known here are %s", strconv.Itoa(len(p.fields)), p.names())
		}
		if seen&(1<<i) != 0 {
			return errorAt(at, "member twice in one object")
		}
		seen |= 1 << i
		next = i + 1
		return s.value(v.Field(p.fields[i].index), depth)
	})
}

func (p *plan) names() string {
	names := make([]string, len(p.fields))
	for i := range p.fields {
		names[i] = p.fields[i].name
	}
	return strings.Join(names, ", ")
}
