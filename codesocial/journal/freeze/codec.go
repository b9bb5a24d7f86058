package freeze

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"slices"
	"unsafe"
)

func (c *codec) bool() {
	c.write = func(e *encoder, p unsafe.Pointer) {
		b := byte(0)
		if *(*bool)(p) {
			b = 1
		}
		e.b = append(e.b, b)
	}
	c.read = func(d *decoder, p unsafe.Pointer) {
		b := d.byte()
		if b > 1 {
			d.fail("%d is no truth value", b)
		}
		*(*bool)(p) = b == 1
	}
	c.compare = func(a, b unsafe.Pointer) int { return cmp.Compare(*(*uint8)(a), *(*uint8)(b)) }
}

func (c *codec) int() {
	switch c.t.Size() {
	case 1:
		integer[int8](c)
	case 2:
		integer[int16](c)
	case 4:
		integer[int32](c)
	default:
		if c.t.Kind() == reflect.Int {
			integer[int](c)
		} else {
			integer[int64](c)
		}
	}
}

func integer[T int | int8 | int16 | int32 | int64](c *codec) {
	c.write = func(e *encoder, p unsafe.Pointer) { e.b = binary.AppendVarint(e.b, int64(*(*T)(p))) }
	c.read = func(d *decoder, p unsafe.Pointer) {
		x := d.varint()
		*(*T)(p) = T(x)
		if int64(T(x)) != x {
			d.fail("%d is no %s", x, c.t)
		}
	}
	c.compare = ordered[T]
}

func (c *codec) uint() {
	switch c.t.Size() {
	case 1:
		unsigned[uint8](c)
	case 2:
		unsigned[uint16](c)
	case 4:
		unsigned[uint32](c)
	default:
		unsigned[uint64](c) // a uint has its size
	}
	if c.t.Kind() == reflect.Uint {
		unsigned[uint](c)
	}
}

func unsigned[T uint | uint8 | uint16 | uint32 | uint64](c *codec) {
	c.write = func(e *encoder, p unsafe.Pointer) { e.b = binary.AppendUvarint(e.b, uint64(*(*T)(p))) }
	c.read = func(d *decoder, p unsafe.Pointer) {
		x := d.uvarint()
		*(*T)(p) = T(x)
		if uint64(T(x)) != x {
			d.fail("%d is no %s", x, c.t)
		}
	}
	c.compare = ordered[T]
}

func ordered[T cmp.Ordered](a, b unsafe.Pointer) int { return cmp.Compare(*(*T)(a), *(*T)(b)) }

func (c *codec) float() {
	if c.t.Kind() == reflect.Float32 {
		c.least = 4
		c.write = func(e *encoder, p unsafe.Pointer) {
			e.b = binary.LittleEndian.AppendUint32(e.b, math.Float32bits(*(*float32)(p)))
		}
		c.read = func(d *decoder, p unsafe.Pointer) {
			if b := d.take(4); b != nil {
				*(*float32)(p) = math.Float32frombits(binary.LittleEndian.Uint32(b))
			}
		}
		return
	}
	c.least = 8
	c.write = func(e *encoder, p unsafe.Pointer) {
		e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(*(*float64)(p)))
	}
	c.read = func(d *decoder, p unsafe.Pointer) {
		if b := d.take(8); b != nil {
			*(*float64)(p) = math.Float64frombits(binary.LittleEndian.Uint64(b))
		}
	}
}

func (c *codec) string() {
	c.write = func(e *encoder, p unsafe.Pointer) { e.text(*(*string)(p)) }
	c.read = func(d *decoder, p unsafe.Pointer) { *(*string)(p) = d.text() }
	c.compare = ordered[string]
}

// A field is a part of a struct, or of a struct within it.
type field struct {
	offset uintptr
	codec  *codec
}

func (c *codec) structure() {
	fields := c.fields
	c.write = func(e *encoder, p unsafe.Pointer) {
		for i := range fields {
			fields[i].codec.write(e, unsafe.Add(p, fields[i].offset))
		}
	}
	c.read = func(d *decoder, p unsafe.Pointer) {
		for i := range fields {
			fields[i].codec.read(d, unsafe.Add(p, fields[i].offset))
		}
	}
	if slices.ContainsFunc(fields, func(f field) bool { return f.codec.compare == nil }) {
		return
	}
	c.compare = func(a, b unsafe.Pointer) int {
		for i := range fields {
			if x := fields[i].codec.compare(unsafe.Add(a, fields[i].offset), unsafe.Add(b, fields[i].offset)); x != 0 {
				return x
			}
		}
		return 0
	}
}

func (c *codec) array(elem *codec) {
	n, size := c.t.Len(), elem.t.Size()
	if elem.t.Kind() == reflect.Uint8 {
		c.write = func(e *encoder, p unsafe.Pointer) { e.b = append(e.b, unsafe.Slice((*byte)(p), n)...) }
		c.read = func(d *decoder, p unsafe.Pointer) { copy(unsafe.Slice((*byte)(p), n), d.take(uint64(n))) }
		c.compare = func(a, b unsafe.Pointer) int {
			return bytes.Compare(unsafe.Slice((*byte)(a), n), unsafe.Slice((*byte)(b), n))
		}
		return
	}
	c.write = func(e *encoder, p unsafe.Pointer) {
		for i := range n {
			elem.write(e, unsafe.Add(p, uintptr(i)*size))
		}
	}
	c.read = func(d *decoder, p unsafe.Pointer) {
		for i := range n {
			elem.read(d, unsafe.Add(p, uintptr(i)*size))
		}
	}
	if elem.compare == nil {
		return
	}
	c.compare = func(a, b unsafe.Pointer) int {
		for i := range n {
			if x := elem.compare(unsafe.Add(a, uintptr(i)*size), unsafe.Add(b, uintptr(i)*size)); x != 0 {
				return x
			}
		}
		return 0
	}
}

// A header is what a slice is, see reflect.SliceHeader.
type header struct {
	first    unsafe.Pointer
	len, cap int
}

// slice writes zero for nil, for a new one its length, doubled, and one, and its elements, and for one that has been met its number, doubled, and two.
func (c *codec) slice(elem *codec) {
	size, plain := elem.t.Size(), elem.t.Kind() == reflect.Uint8
	c.write = func(e *encoder, p unsafe.Pointer) {
		s := (*header)(p)
		r := reference{s.first, c, s.len}
		if r.p == nil {
			e.b = append(e.b, 0)
			return
		}
		if r.n > 0 {
			if n, ok := e.meet(r); ok {
				e.uvarint(n<<1 + 2)
				return
			}
		}
		e.uvarint(uint64(r.n)<<1 | 1)
		switch {
		case plain:
			e.b = append(e.b, unsafe.Slice((*byte)(r.p), r.n)...)
		case e.enter(c):
			for i := range r.n {
				elem.write(e, unsafe.Add(r.p, uintptr(i)*size))
			}
			e.depth--
		}
	}
	c.read = func(d *decoder, p unsafe.Pointer) {
		x := d.uvarint()
		if x&1 == 0 {
			if x > 0 {
				r := d.met(x>>1-1, c)
				*(*header)(p) = header{r.p, r.n, r.n}
			}
			return
		}
		n := int(min(x>>1, uint64(len(d.data)))) // as many at most
		if n > (len(d.data)-d.at)/elem.least {
			d.fail("%d elements of a %s are announced, which is more than there can be", x>>1, c.t)
			return
		}
		first := reflect.MakeSlice(c.t, n, n).UnsafePointer()
		*(*header)(p) = header{first, n, n}
		if n > 0 {
			d.seen = append(d.seen, reference{first, c, n})
		}
		switch {
		case plain:
			copy(unsafe.Slice((*byte)(first), n), d.take(uint64(n)))
		case d.enter(c):
			for i := 0; i < n && d.err == nil; i++ {
				elem.read(d, unsafe.Add(first, uintptr(i)*size))
			}
			d.depth--
		}
	}
}

// reference makes the codec of a pointer or map, which reads and writes one that has not been met, one for all: zero is nil, one is new, the others are
// the numbers of those that were new, and two.
func (p *planner) reference(c *codec) {
	write, read := c.write, c.read
	c.write = func(e *encoder, p unsafe.Pointer) {
		r := reference{p: *(*unsafe.Pointer)(p), c: c} // a map is a pointer, too
		if r.p == nil {
			e.b = append(e.b, 0)
			return
		}
		if n, ok := e.meet(r); ok {
			e.uvarint(n + 2)
			return
		}
		e.b = append(e.b, 1)
		if e.enter(c) {
			write(e, p)
		}
		e.depth--
	}
	c.read = func(d *decoder, p unsafe.Pointer) {
		switch x := d.uvarint(); x {
		case 0:
		case 1:
			if d.enter(c) {
				read(d, p)
			}
			d.depth--
		default:
			*(*unsafe.Pointer)(p) = d.met(x-2, c).p
		}
	}
}

func (c *codec) pointer(elem *codec) {
	c.write = func(e *encoder, p unsafe.Pointer) {
		to := *(*unsafe.Pointer)(p)
		if (e.root == reference{p: to, c: elem}) {
			e.fail(fmt.Errorf("freeze: a %s leads back to the value itself, which is read into another one", c.t))
			return
		}
		elem.write(e, to)
	}
	c.read = func(d *decoder, p unsafe.Pointer) {
		to := reflect.New(elem.t).UnsafePointer()
		*(*unsafe.Pointer)(p) = to
		d.seen = append(d.seen, reference{p: to, c: c})
		elem.read(d, to)
	}
}

func (c *codec) mapping(key, elem *codec) {
	kt, et := c.t.Key(), c.t.Elem()
	c.write = func(e *encoder, p unsafe.Pointer) {
		m := reflect.NewAt(c.t, p).Elem()
		n := m.Len()
		e.uvarint(uint64(n))
		keys, elems := reflect.MakeSlice(reflect.SliceOf(kt), n, n), reflect.MakeSlice(reflect.SliceOf(et), n, n)
		order := make([]uint32, n)
		for i, entries := 0, m.MapRange(); entries.Next(); i++ {
			keys.Index(i).SetIterKey(entries)
			elems.Index(i).SetIterValue(entries)
			order[i] = uint32(i)
		}
		k, v := keys.UnsafePointer(), elems.UnsafePointer()
		slices.SortFunc(order, func(a, b uint32) int {
			return key.compare(unsafe.Add(k, uintptr(a)*kt.Size()), unsafe.Add(k, uintptr(b)*kt.Size()))
		})
		for _, i := range order {
			key.write(e, unsafe.Add(k, uintptr(i)*kt.Size()))
			elem.write(e, unsafe.Add(v, uintptr(i)*et.Size()))
		}
	}
	c.read = func(d *decoder, p unsafe.Pointer) {
		n := d.count(key.least + elem.least)
		m := reflect.MakeMapWithSize(c.t, n)
		reflect.NewAt(c.t, p).Elem().Set(m)
		d.seen = append(d.seen, reference{p: m.UnsafePointer(), c: c})
		if n == 0 {
			return
		}
		k, last, v := reflect.New(kt), reflect.New(kt), reflect.New(et)
		for i := 0; i < n && d.err == nil; i++ {
			last, k = k, last
			k.Elem().SetZero()
			v.Elem().SetZero()
			key.read(d, k.UnsafePointer())
			elem.read(d, v.UnsafePointer())
			if i > 0 && d.err == nil && key.compare(last.UnsafePointer(), k.UnsafePointer()) >= 0 {
				d.fail("the keys of a %s are out of order", c.t)
			}
			if d.err == nil {
				m.SetMapIndex(k.Elem(), v.Elem())
			}
		}
	}
}
