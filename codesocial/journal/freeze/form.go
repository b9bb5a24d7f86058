package freeze

import (
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"time"
	"unsafe"

	"github.com/shopspring/decimal"
)

// A Form says how the values of a type are kept that are not kept field by field.
type Form struct {
	t      reflect.Type
	name   string
	shared bool // a pointer: what is met again is the same
	write  func(e *encoder, p unsafe.Pointer)
	read   func(d *decoder, p unsafe.Pointer)
}

// As keeps what a *T points to as the bytes that write returns, from which read makes it again. It keeps nothing of them, and returns an error for what
// write would not have written. The name, with a number to count up, stands for the form in the fingerprint: "charter 1". What several pointers share is
// written once.
func As[T any](name string, write func(*T) ([]byte, error), read func([]byte) (*T, error)) Form {
	t := reflect.TypeFor[*T]()
	return Form{
		t: t, name: name, shared: true,
		write: func(e *encoder, p unsafe.Pointer) {
			b, err := write(*(**T)(p))
			if err != nil {
				e.fail(fmt.Errorf("freeze: %s: %w", t, err))
			}
			e.uvarint(uint64(len(b)))
			e.b = append(e.b, b...)
		},
		read: func(d *decoder, p unsafe.Pointer) {
			b := d.take(d.uvarint())
			if d.err != nil {
				return
			}
			v, err := read(b)
			if err == nil && v == nil {
				err = errors.New("there is none")
			}
			if err != nil {
				d.fail("%s: %v", t, err)
				return
			}
			*(**T)(p) = v
		},
	}
}

// builtin are the forms of types that are known.
var builtin = []Form{
	{t: reflect.TypeFor[time.Time](), name: "time 1", write: writeTime, read: readTime},
	{t: reflect.TypeFor[decimal.Decimal](), name: "decimal 1", write: writeDecimal, read: readDecimal},
	{t: reflect.TypeFor[*time.Location](), name: "location 1", write: writeLocation, read: readLocation},
}

// A time is written as a byte (zero for the zero time, one for UTC, two at an offset), the seconds since 1970, the nanoseconds, and the offset in seconds.
func writeTime(e *encoder, p unsafe.Pointer) {
	t := *(*time.Time)(p)
	_, offset := t.Zone()
	switch name := t.Location().String(); {
	case t == time.Time{}:
		e.b = append(e.b, 0)
		return
	case t.Location() == time.UTC:
		e.b = append(e.b, 1)
	case name == "" || name == "Local": // as package time reads an offset
		e.b = append(e.b, 2)
	default:
		e.fail(fmt.Errorf("freeze: a time in %s cannot be kept: keep it in UTC", name))
	}
	e.varint(t.Unix())
	e.uvarint(uint64(t.Nanosecond()))
	if t.Location() != time.UTC {
		e.varint(int64(offset))
	}
}

func readTime(d *decoder, p unsafe.Pointer) {
	zone := d.byte()
	if zone == 0 {
		return
	}
	seconds, nanoseconds := d.varint(), d.uvarint()
	t := time.Unix(seconds, int64(nanoseconds%1_000_000_000)).UTC()
	if zone == 2 {
		offset := d.varint()
		if offset < -maxOffset || offset > maxOffset {
			d.fail("a time is %d seconds off", offset)
			return
		}
		t = t.In(time.FixedZone("", int(offset)))
	}
	if zone > 2 || nanoseconds >= 1_000_000_000 {
		d.fail("it is no time")
		return
	}
	*(*time.Time)(p) = t
}

// maxOffset is more than any time zone is away from UTC, in seconds.
const maxOffset = 48 * 60 * 60

// A location is written as its name, empty for nil: which of the pointers to a time zone it is says nothing.
func writeLocation(e *encoder, p unsafe.Pointer) {
	l := *(**time.Location)(p)
	if l == nil {
		e.text("")
		return
	}
	if _, err := e.locations.find(l.String()); err != nil {
		e.fail(fmt.Errorf("freeze: %w", err))
	}
	e.text(l.String())
}

func readLocation(d *decoder, p unsafe.Pointer) {
	name := d.text()
	if name == "" {
		return
	}
	l, err := d.locations.find(name)
	if err != nil {
		d.fail("%v", err)
		return
	}
	*(**time.Location)(p) = l
}

// locations are time zones by their names.
type locations map[string]*time.Location

func (known *locations) find(name string) (*time.Location, error) {
	if l, ok := (*known)[name]; ok {
		return l, nil
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	if *known == nil {
		*known = make(locations)
	}
	(*known)[name] = l
	return l, nil
}

// A decimal is written as a byte (zero for the zero value, one for a coefficient of 64 bits, two and three for a longer one that is positive or negative), the
// coefficient and the exponent.
func writeDecimal(e *encoder, p unsafe.Pointer) {
	d := *(*decimal.Decimal)(p)
	if d == (decimal.Decimal{}) {
		e.b = append(e.b, 0)
		return
	}
	if d.NumDigits() <= 18 {
		e.b = append(e.b, 1)
		e.varint(d.CoefficientInt64())
	} else {
		c := d.Coefficient()
		e.b = append(e.b, 2)
		if c.Sign() < 0 {
			e.b[len(e.b)-1] = 3
		}
		b := c.Bytes()
		e.uvarint(uint64(len(b)))
		e.b = append(e.b, b...)
	}
	e.varint(int64(d.Exponent()))
}

func readDecimal(d *decoder, p unsafe.Pointer) {
	kind := d.byte()
	if kind == 0 {
		return
	}
	var small int64
	var large *big.Int
	if kind == 1 {
		small = d.varint()
	} else {
		large = new(big.Int).SetBytes(d.take(d.uvarint()))
	}
	exponent := d.varint()
	switch {
	case exponent != int64(int32(exponent)) || kind > 3:
		d.fail("it is no decimal")
	case kind == 1:
		*(*decimal.Decimal)(p) = decimal.New(small, int32(exponent))
	case kind == 3:
		large.Neg(large)
		fallthrough
	default:
		*(*decimal.Decimal)(p) = decimal.NewFromBigInt(large, int32(exponent))
	}
}
