package freeze

import (
	"encoding/binary"
	"fmt"
	"unsafe"
)

// A reference is a pointer, map or slice that has been met.
type reference struct {
	p unsafe.Pointer
	c *codec // a struct and its first field have the same address
	n int    // elements of a slice
}

// An encoder holds what is written.
type encoder struct {
	root  reference
	b     []byte
	texts map[string]uint64    // numbers, from 1
	seen  map[reference]uint64 // numbers, from 0
	depth int
	err   error // the first

	locations locations
}

func (e *encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

func (e *encoder) uvarint(x uint64) { e.b = binary.AppendUvarint(e.b, x) }

func (e *encoder) varint(x int64) { e.b = binary.AppendVarint(e.b, x) }

// enter goes one level down; it reports false when it is too deep. The caller goes up again with e.depth--.
func (e *encoder) enter(c *codec) bool {
	if e.depth++; e.depth > MaxDepth {
		e.fail(fmt.Errorf("freeze: %s: lies more than %d deep", c.t, MaxDepth))
	}
	return e.err == nil
}

// meet returns the number of a reference that has been met; otherwise it gives it the next.
func (e *encoder) meet(r reference) (n uint64, met bool) {
	if n, ok := e.seen[r]; ok {
		return n, true
	}
	if e.seen == nil {
		e.seen = make(map[reference]uint64)
	}
	e.seen[r] = uint64(len(e.seen))
	return 0, false
}

// text writes a string, or its number.
func (e *encoder) text(s string) {
	if s == "" {
		e.b = append(e.b, 0)
		return
	}
	if n, ok := e.texts[s]; ok {
		e.uvarint(n << 1)
		return
	}
	if e.texts == nil {
		e.texts = make(map[string]uint64)
	}
	e.texts[s] = uint64(len(e.texts) + 1)
	e.uvarint(uint64(len(s))<<1 | 1)
	e.b = append(e.b, s...)
}

// A decoder holds what is read.
type decoder struct {
	data  []byte
	at    int
	texts []string
	seen  []reference
	chunk []byte // where texts are put
	depth int
	err   error // the first

	locations locations
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w at byte %d: %s", ErrInvalid, d.at, fmt.Sprintf(format, args...))
	}
	d.at = len(d.data)
}

func (d *decoder) enter(c *codec) bool {
	if d.depth++; d.depth > MaxDepth {
		d.fail("a %s lies more than %d deep", c.t, MaxDepth)
	}
	return d.err == nil
}

func (d *decoder) byte() byte {
	if d.at >= len(d.data) {
		d.fail("it ends there")
		return 0
	}
	d.at++
	return d.data[d.at-1]
}

func (d *decoder) uvarint() uint64 {
	if d.at < len(d.data) && d.data[d.at] < 0x80 {
		d.at++
		return uint64(d.data[d.at-1])
	}
	x, n := binary.Uvarint(d.data[d.at:])
	if n <= 0 {
		d.fail("there is no number")
		return 0
	}
	d.at += n
	return x
}

func (d *decoder) varint() int64 {
	x := d.uvarint()
	return int64(x>>1) ^ -int64(x&1)
}

// met returns the reference of that type with that number.
func (d *decoder) met(n uint64, c *codec) reference {
	if n >= uint64(len(d.seen)) || d.seen[n].c != c || d.seen[n].p == nil {
		d.fail("%d is not the number of a %s", n, c.t)
		return reference{}
	}
	return d.seen[n]
}

// count reads how many there are of what takes at least so many bytes each.
func (d *decoder) count(least int) int {
	n := d.uvarint()
	if n > uint64((len(d.data)-d.at)/least) {
		d.fail("%d are announced, which is more than there can be", n)
		return 0
	}
	return int(n)
}

// take returns the next n bytes of the data.
func (d *decoder) take(n uint64) []byte {
	if n > uint64(len(d.data)-d.at) {
		d.fail("%d bytes are announced, and there are %d", n, len(d.data)-d.at)
		return nil
	}
	d.at += int(n)
	return d.data[d.at-int(n) : d.at]
}

// maxChunk is how many bytes of texts share an allocation at most, where none is longer.
const maxChunk = 32 << 10

func (d *decoder) text() string {
	x := d.uvarint()
	switch {
	case x == 0:
		return ""
	case x&1 == 0:
		if x>>1 > uint64(len(d.texts)) {
			d.fail("text %d has not come yet", x>>1)
			return ""
		}
		return d.texts[x>>1-1]
	}
	b := d.take(x >> 1)
	if len(b) == 0 {
		d.fail("a text without bytes")
		return ""
	}
	if len(b) > cap(d.chunk)-len(d.chunk) {
		d.chunk = make([]byte, 0, max(len(b), min(maxChunk, len(d.data)-d.at+len(b))))
	}
	start := len(d.chunk)
	d.chunk = append(d.chunk, b...)
	s := unsafe.String(&d.chunk[start], len(b)) // these bytes are not written again
	d.texts = append(d.texts, s)
	return s
}
