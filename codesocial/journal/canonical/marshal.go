package canonical

import (
	"encoding"
	"encoding/base64"
	"reflect"
	"slices"
	"strconv"
)

// Marshal returns the canonical form of v.
func Marshal(v any) ([]byte, error) { return Append(nil, v) }

// Append appends the canonical form of v to dst.
func Append(dst []byte, v any) ([]byte, error) {
	return appendValue(dst, reflect.ValueOf(v), 0)
}

func appendValue(dst []byte, v reflect.Value, depth int) ([]byte, error) {
	if !v.IsValid() {
		return nil, errorAt(0, "nil has no canonical form")
	}
	t := v.Type()
	if t == rawType {
		if err := Valid(v.Bytes()); err != nil {
			return nil, err
		}
		return append(dst, v.Bytes()...), nil
	}
	x := textsOf(t)
	if x.marshals {
		text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
		if err != nil {
			return nil, errorAt(0, "%v", err)
		}
		return AppendString(dst, string(text))
	}
	if x.words {
		return appendWords(dst, v, depth+1)
	}
	switch t.Kind() {
	case reflect.String:
		return AppendString(dst, v.String())
	case reflect.Bool:
		return strconv.AppendBool(dst, v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := v.Int()
		if n < -maxSafe || n > maxSafe {
			return nil, errorAt(0, "number %d: beyond 2^53-1, use a string", n)
		}
		return strconv.AppendInt(dst, n, 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n := v.Uint()
		if n > maxSafe {
			return nil, errorAt(0, "number %d: beyond 2^53-1, use a string", n)
		}
		return strconv.AppendUint(dst, n, 10), nil
	case reflect.Pointer:
		if v.IsNil() {
			return nil, errorAt(0, "nil %s has no canonical form: mark the field omitempty", t)
		}
		if depth > MaxDepth {
			return nil, errorAt(0, "nested deeper than %d levels", MaxDepth)
		}
		return appendValue(dst, v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		return appendArray(dst, v, depth+1)
	case reflect.Map:
		return appendMap(dst, v, depth+1)
	case reflect.Struct:
		return appendStruct(dst, v, depth+1)
	}
	return nil, errorAt(0, "type %s has no canonical form", t)
}

func appendArray(dst []byte, v reflect.Value, depth int) (_ []byte, err error) {
	if depth > MaxDepth {
		return nil, errorAt(0, "nested deeper than %d levels", MaxDepth)
	}
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v.Bytes())
		return append(dst, '"'), nil
	}
	dst = append(dst, '[')
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendValue(dst, v.Index(i), depth); err != nil {
			return nil, underIndex(err, i)
		}
	}
	return append(dst, ']'), nil
}

func appendMap(dst []byte, v reflect.Value, depth int) (_ []byte, err error) {
	if depth > MaxDepth {
		return nil, errorAt(0, "nested deeper than %d levels", MaxDepth)
	}
	if v.Type().Key().Kind() != reflect.String {
		return nil, errorAt(0, "type %s: keys must be strings", v.Type())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		return compareNames(a.String(), b.String())
	})
	dst = append(dst, '{')
	for i, k := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = AppendString(dst, k.String()); err != nil {
			return nil, err
		}
		dst = append(dst, ':')
		if dst, err = appendValue(dst, v.MapIndex(k), depth); err != nil {
			return nil, under(err, k.String())
		}
	}
	return append(dst, '}'), nil
}

// appendWords writes a map of strings, without reflection for each member.
func appendWords(dst []byte, v reflect.Value, depth int) (_ []byte, err error) {
	if depth > MaxDepth {
		return nil, errorAt(0, "nested deeper than %d levels", MaxDepth)
	}
	words := v.Convert(wordsType).Interface().(map[string]string)
	var few [8]string
	keys := few[:0]
	for key := range words {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return compareNames(a, b) })
	dst = append(dst, '{')
	for i, key := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = AppendString(dst, key); err != nil {
			return nil, err
		}
		if dst, err = AppendString(append(dst, ':'), words[key]); err != nil {
			return nil, under(err, key)
		}
	}
	return append(dst, '}'), nil
}

func appendStruct(dst []byte, v reflect.Value, depth int) (_ []byte, err error) {
	if depth > MaxDepth {
		return nil, errorAt(0, "nested deeper than %d levels", MaxDepth)
	}
	p := planOf(v.Type())
	if p.refusal != "" {
		return nil, errorAt(0, "%s", p.refusal)
	}
	dst = append(dst, '{')
	first := true
	for i := range p.fields {
		f := &p.fields[i]
		fv := v.Field(f.index)
		if f.omitEmpty && isEmpty(fv) || f.omitZero && isZero(fv, f.hasIsZero) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(dst, f.quoted...)
		if dst, err = appendValue(dst, fv, depth); err != nil {
			return nil, under(err, f.name)
		}
	}
	return append(dst, '}'), nil
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Map, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func isZero(v reflect.Value, hasIsZero bool) bool {
	if hasIsZero {
		if v.Kind() == reflect.Pointer && v.IsNil() {
			return true
		}
		return v.Interface().(interface{ IsZero() bool }).IsZero()
	}
	return v.IsZero()
}
