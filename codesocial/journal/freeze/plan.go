package freeze

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unsafe"
)

// ErrOther says that bytes were made of another type, or of the same one when it had other fields.
var ErrOther = errors.New("freeze: made of another type, or by a program in which it had other fields")

// ErrInvalid says that bytes are not those of a value.
var ErrInvalid = errors.New("freeze: damaged")

// MaxDepth is how many pointers, slices and maps deep a value may lie within others.
const MaxDepth = 1000

// version is that of the form of the bytes; it is part of every fingerprint.
const version = "codesocial/freeze/v1"

// A Plan says how values of type T are turned into bytes and back. Make one with [Of].
type Plan[T any] struct {
	forms []Form
	made  func() (*made, error)
}

type made struct {
	root  *codec
	sum   [8]byte
	left  []string
	whole []reflect.StructField // of the root that are kept; nil if it is no struct
}

// Of returns the plan for a type, with the forms of the types that have one of their own. It is made when it is first needed; a type that cannot be kept is an
// error of every method then.
func Of[T any](forms ...Form) *Plan[T] {
	return &Plan[T]{forms: forms, made: sync.OnceValues(func() (*made, error) { return makePlan(reflect.TypeFor[T](), forms) })}
}

// Left returns the fields that are left out, each as its struct, a dot and its name, in the order in which they are met.
func (p *Plan[T]) Left() ([]string, error) {
	m, err := p.made()
	if err != nil {
		return nil, err
	}
	return append([]string(nil), m.left...), nil
}

// Marshal returns what v points to in bytes. The caller owns them.
func (p *Plan[T]) Marshal(v *T) ([]byte, error) {
	m, err := p.made()
	if err != nil {
		return nil, err
	}
	e := encoder{root: reference{p: unsafe.Pointer(v), c: m.root}, b: append(make([]byte, 0, 4096), m.sum[:]...)}
	m.root.write(&e, unsafe.Pointer(v))
	if e.err != nil {
		return nil, e.err
	}
	return e.b, nil
}

// Unmarshal puts what Marshal made of a value into what v points to. It keeps nothing of data; fields that are left out stay as they are. The
// error wraps [ErrOther] or [ErrInvalid], and v is as it was then.
func (p *Plan[T]) Unmarshal(data []byte, v *T) error {
	m, err := p.made()
	if err != nil {
		return err
	}
	if len(data) < len(m.sum) || [8]byte(data) != m.sum {
		return ErrOther
	}
	d := decoder{data: data, at: len(m.sum)}
	fresh := new(T)
	m.root.read(&d, unsafe.Pointer(fresh))
	if d.err == nil && d.at < len(data) {
		d.fail("%d bytes too many", len(data)-d.at)
	}
	if d.err != nil {
		return d.err
	}
	if m.whole == nil {
		*v = *fresh
		return nil
	}
	for i := range m.whole {
		f := &m.whole[i]
		from, to := unsafe.Add(unsafe.Pointer(fresh), f.Offset), unsafe.Add(unsafe.Pointer(v), f.Offset)
		reflect.NewAt(f.Type, to).Elem().Set(reflect.NewAt(f.Type, from).Elem())
	}
	return nil
}

// A codec writes and reads the values of a type.
type codec struct {
	t       reflect.Type
	least   int     // bytes that a value takes at least
	fields  []field // of a struct
	elem    *codec  // of a slice or map
	write   func(e *encoder, p unsafe.Pointer)
	read    func(d *decoder, p unsafe.Pointer)
	compare func(a, b unsafe.Pointer) int // nil: it is no key of a map
}

// A planner makes the codecs of a type and of those that it leads to.
type planner struct {
	forms   map[reflect.Type]*Form
	codecs  map[reflect.Type]*codec
	numbers map[reflect.Type]int
	text    strings.Builder // what the fingerprint is taken of
	left    []string
	home    string // of the root
}

func makePlan(t reflect.Type, forms []Form) (*made, error) {
	p := &planner{forms: make(map[reflect.Type]*Form), codecs: make(map[reflect.Type]*codec), numbers: make(map[reflect.Type]int), home: home(t.PkgPath())}
	for _, list := range [][]Form{builtin, forms} {
		for i := range list {
			p.forms[list[i].t] = &list[i]
		}
	}
	p.text.WriteString(version)
	root, err := p.codec(t)
	if err != nil {
		return nil, fmt.Errorf("freeze: %s: %w", t, err)
	}
	for _, c := range p.codecs {
		if c.elem != nil && c.elem.least == 0 {
			return nil, fmt.Errorf("freeze: %s: %s: nothing of its elements is kept", t, c.t)
		}
	}
	m := &made{root: root, left: p.left}
	sum := sha256.Sum256([]byte(p.text.String()))
	copy(m.sum[:], sum[:])
	if t.Kind() == reflect.Struct && p.forms[t] == nil {
		m.whole = []reflect.StructField{}
		for i := range t.NumField() {
			if f := t.Field(i); kept(f) {
				m.whole = append(m.whole, f)
			}
		}
	}
	return m, nil
}

// home returns what the paths of the packages of one module begin with.
func home(path string) string {
	parts := strings.SplitN(path, "/", 4)
	return strings.Join(parts[:min(len(parts), 3)], "/")
}

func kept(f reflect.StructField) bool { return f.Tag.Get("freeze") != "-" }

// codec returns the codec of a type. While that of a type that leads to itself is made, it is found without its functions.
func (p *planner) codec(t reflect.Type) (*codec, error) {
	if c, ok := p.codecs[t]; ok {
		fmt.Fprintf(&p.text, " #%d", p.numbers[t])
		return c, nil
	}
	c := &codec{t: t, least: 1}
	p.numbers[t], p.codecs[t] = len(p.codecs), c
	fmt.Fprintf(&p.text, "\n#%d %s %s", p.numbers[t], t.PkgPath(), t)
	if f, ok := p.forms[t]; ok {
		fmt.Fprintf(&p.text, " as %q", f.name)
		c.write, c.read = f.write, f.read
		if f.shared {
			c.read = func(d *decoder, p unsafe.Pointer) {
				n := len(d.seen)
				d.seen = append(d.seen, reference{}) // its number was given before those of what it leads to
				f.read(d, p)
				d.seen[n] = reference{p: *(*unsafe.Pointer)(p), c: c}
			}
			p.reference(c)
		}
		return c, nil
	}
	fmt.Fprintf(&p.text, " %s", t.Kind())
	switch t.Kind() {
	case reflect.Bool:
		c.bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		c.int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		c.uint()
	case reflect.Float32, reflect.Float64:
		c.float()
	case reflect.String:
		c.string()
	case reflect.Struct:
		return c, p.structure(c)
	case reflect.Array:
		return c, p.array(c)
	case reflect.Slice:
		return c, p.slice(c)
	case reflect.Map:
		return c, p.mapping(c)
	case reflect.Pointer:
		elem, err := p.codec(t.Elem())
		if err != nil {
			return nil, err
		}
		c.pointer(elem)
		p.reference(c)
	default:
		return nil, fmt.Errorf("a %s cannot be kept", t.Kind())
	}
	return c, nil
}

func (p *planner) structure(c *codec) error {
	c.least = 0
	for i := range c.t.NumField() {
		f := c.t.Field(i)
		if p.home == "" { // of a struct without a name
			p.home = home(f.PkgPath)
		}
		if !f.IsExported() && home(f.PkgPath) != p.home {
			return fmt.Errorf("%s belongs to another module and has unexported fields", c.t)
		}
		fmt.Fprintf(&p.text, "\n.%s %q", f.Name, f.Tag)
		if !kept(f) {
			p.left = append(p.left, c.t.String()+"."+f.Name)
			continue
		}
		fc, err := p.codec(f.Type)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		c.least += fc.least
		if fc.fields == nil {
			c.fields = append(c.fields, field{f.Offset, fc})
		}
		for _, inner := range fc.fields { // one loop for all
			c.fields = append(c.fields, field{f.Offset + inner.offset, inner.codec})
		}
	}
	c.structure()
	return nil
}

func (p *planner) array(c *codec) error {
	fmt.Fprintf(&p.text, " of %d", c.t.Len())
	elem, err := p.codec(c.t.Elem())
	if err != nil {
		return err
	}
	c.least = c.t.Len() * elem.least
	c.array(elem)
	return nil
}

func (p *planner) slice(c *codec) error {
	elem, err := p.codec(c.t.Elem())
	if err != nil {
		return err
	}
	c.elem = elem // of which each must take a byte, so that what is announced can be compared with what is there
	c.slice(elem)
	return nil
}

func (p *planner) mapping(c *codec) error {
	key, err := p.codec(c.t.Key())
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	elem, err := p.codec(c.t.Elem())
	if err != nil {
		return err
	}
	if key.compare == nil {
		return fmt.Errorf("%s: a key of this type cannot be kept", c.t)
	}
	c.elem = key
	c.mapping(key, elem)
	p.reference(c)
	return nil
}
