package freeze

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"time"
	"unsafe"

	"github.com/shopspring/decimal"
)

// Check returns an error when what v points to leads to memory in two ways that Marshal cannot keep apart from copies: a pointer into the midst of something
// else, or two slices that share some of their elements. It is for tests, and slow.
func (p *Plan[T]) Check(v *T) error {
	if _, err := p.made(); err != nil {
		return err
	}
	w := walker{forms: make(map[reflect.Type]bool), met: make(map[part]bool)}
	for _, list := range [][]Form{builtin, p.forms} {
		for i := range list {
			w.forms[list[i].t] = true
		}
	}
	w.walk(reflect.ValueOf(v), "")
	slices.SortFunc(w.parts, func(a, b part) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(w.parts); i++ {
		if a, b := w.parts[i-1], w.parts[i]; b.from < a.to {
			return fmt.Errorf("freeze: %s and %s share memory", w.paths[a], w.paths[b])
		}
	}
	return nil
}

// A part is memory that a pointer or slice leads to.
type part struct {
	from, to uintptr
	t        reflect.Type
}

type walker struct {
	forms map[reflect.Type]bool
	met   map[part]bool
	parts []part
	paths map[part]string
}

// meet notes memory; it reports whether it is new.
func (w *walker) meet(p unsafe.Pointer, size uintptr, t reflect.Type, path string) bool {
	at := part{uintptr(p), uintptr(p) + size, t}
	if w.met[at] {
		return false
	}
	if w.paths == nil {
		w.paths = make(map[part]string)
	}
	w.met[at] = true
	if size > 0 {
		w.parts = append(w.parts, at)
		w.paths[at] = path
	}
	return true
}

func (w *walker) walk(v reflect.Value, path string) {
	t := v.Type()
	if w.forms[t] {
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && w.meet(v.UnsafePointer(), t.Elem().Size(), t, path) {
			w.walk(v.Elem(), path)
		}
	case reflect.Slice:
		if v.Len() > 0 && w.meet(v.UnsafePointer(), uintptr(v.Len())*t.Elem().Size(), t, path) {
			for i := range v.Len() {
				w.walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
			}
		}
	case reflect.Map:
		if !v.IsNil() && w.meet(v.UnsafePointer(), 0, t, path) {
			for entries := v.MapRange(); entries.Next(); {
				w.walk(entries.Value(), fmt.Sprintf("%s[%v]", path, entries.Key()))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			w.walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			if kept(t.Field(i)) {
				w.walk(v.Field(i), path+"."+t.Field(i).Name)
			}
		}
	}
}

// Differ returns the path of the first thing in which two values differ that Marshal keeps, "" if there is none: in a value, in what is nil, or in what is
// shared. It goes by package reflect alone, which makes it a check on Marshal and Unmarshal, in tests. Times and decimals are compared by what they say, other types with a form by
// reflect.DeepEqual.
func (p *Plan[T]) Differ(a, b *T) (string, error) {
	if _, err := p.made(); err != nil {
		return "", err
	}
	c := comparison{forms: make(map[reflect.Type]bool), to: make(map[part]part), from: make(map[part]part)}
	for i := range p.forms {
		c.forms[p.forms[i].t] = true
	}
	return c.differ(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem(), reflect.TypeFor[T]().String()), nil
}

// A comparison knows which memory of one value stands for which of the other.
type comparison struct {
	forms    map[reflect.Type]bool
	to, from map[part]part
}

// meet notes that memory stands for other memory; it reports whether that can be, and whether it is known.
func (c *comparison) meet(a, b unsafe.Pointer, n int, t reflect.Type) (fits, known bool) {
	x, y := part{uintptr(a), uintptr(n), t}, part{uintptr(b), uintptr(n), t}
	to, known := c.to[x]
	from, back := c.from[y]
	c.to[x], c.from[y] = y, x
	return known == back && (!known || to == y && from == x), known
}

func (c *comparison) differ(a, b reflect.Value, path string) string {
	a, b = opened(a), opened(b)
	equal := true
	switch x := a.Interface().(type) {
	case decimal.Decimal:
		y := b.Interface().(decimal.Decimal)
		equal = x.Equal(y) && x.Exponent() == y.Exponent()
	case time.Time:
		y := b.Interface().(time.Time)
		equal = x.Equal(y) && x.Format(time.RFC3339Nano) == y.Format(time.RFC3339Nano)
	case *time.Location:
		y := b.Interface().(*time.Location)
		equal = (x == nil) == (y == nil) && x.String() == y.String()
	default:
		if !c.forms[a.Type()] {
			return c.parts(a, b, path)
		}
		equal = reflect.DeepEqual(a.Interface(), b.Interface())
	}
	if !equal {
		return path
	}
	return ""
}

func (c *comparison) parts(a, b reflect.Value, path string) string {
	t, known, fits := a.Type(), false, true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if a.IsNil() != b.IsNil() {
			return path
		}
		if a.IsNil() {
			return ""
		}
		n := 0
		if t.Kind() != reflect.Pointer {
			if n = a.Len(); n != b.Len() {
				return path
			}
		}
		if t.Kind() != reflect.Slice || n > 0 {
			fits, known = c.meet(a.UnsafePointer(), b.UnsafePointer(), n, t)
		}
		if !fits {
			return path
		}
		if known {
			return ""
		}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return c.differ(a.Elem(), b.Elem(), path)
	case reflect.Slice, reflect.Array:
		for i := range a.Len() {
			if found := c.differ(a.Index(i), b.Index(i), fmt.Sprintf("%s[%d]", path, i)); found != "" {
				return found
			}
		}
	case reflect.Map:
		for entries := a.MapRange(); entries.Next(); {
			other := b.MapIndex(entries.Key())
			if !other.IsValid() {
				return fmt.Sprintf("%s[%v]", path, entries.Key())
			}
			x, y := reflect.New(t.Elem()).Elem(), reflect.New(t.Elem()).Elem()
			x.Set(entries.Value())
			y.Set(other)
			if found := c.differ(x, y, fmt.Sprintf("%s[%v]", path, entries.Key())); found != "" {
				return found
			}
		}
	case reflect.Struct:
		for i := range t.NumField() {
			if !kept(t.Field(i)) {
				continue
			}
			if found := c.differ(a.Field(i), b.Field(i), path+"."+t.Field(i).Name); found != "" {
				return found
			}
		}
	default:
		if !a.Equal(b) {
			return path
		}
	}
	return ""
}

// opened returns a value that has an address as if it were no unexported field.
func opened(v reflect.Value) reflect.Value {
	return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
}
