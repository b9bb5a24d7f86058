package ledger

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"
)

// A fixed is a number of millionths in 128 bits, two's complement: what the books hold of amounts and quantities, whose limits
// ([MaxDigits], [MaxPlaces]) it exceeds by 10^17. It adds in two instructions and takes no allocation, where a decimal takes two.
type fixed struct {
	hi int64
	lo uint64
}

// millionths is one, in the unit of a fixed.
const millionths = 1_000_000

// maxFixed bounds what enters the books in one record: with 10^24 units each, 10^8 records cannot overflow.
var maxFixed = decimal.New(1, 24)

// fix returns d as a fixed; false when it is finer than millionths or beyond 10^24.
func fix(d decimal.Decimal) (fixed, bool) {
	if tooLong(d) {
		return fixed{}, false
	}
	if e := d.Exponent(); e <= 0 && e >= -MaxPlaces && d.NumDigits() <= 18 {
		c, scale := d.CoefficientInt64(), uint64(1)
		for range MaxPlaces + e {
			scale *= 10
		}
		magnitude := uint64(c)
		if c < 0 {
			magnitude = uint64(-c)
		}
		hi, lo := bits.Mul64(magnitude, scale)
		f := fixed{int64(hi), lo}
		if c < 0 {
			f = f.neg()
		}
		return f, true
	}
	if d.Abs().GreaterThanOrEqual(maxFixed) || !d.Equal(d.Truncate(MaxPlaces)) {
		return fixed{}, false
	}
	n := d.Shift(MaxPlaces).BigInt() // at most 100 bits
	magnitude := new(big.Int).Abs(n)
	low := new(big.Int).And(magnitude, new(big.Int).SetUint64(math.MaxUint64))
	f := fixed{int64(magnitude.Rsh(magnitude, 64).Uint64()), low.Uint64()}
	if n.Sign() < 0 {
		f = f.neg()
	}
	return f, true
}

func (f fixed) add(g fixed) fixed {
	lo, carry := bits.Add64(f.lo, g.lo, 0)
	hi, _ := bits.Add64(uint64(f.hi), uint64(g.hi), carry)
	return fixed{int64(hi), lo}
}

func (f fixed) neg() fixed {
	lo, carry := bits.Add64(^f.lo, 1, 0)
	return fixed{int64(^uint64(f.hi) + carry), lo}
}

func (f fixed) sub(g fixed) fixed { return f.add(g.neg()) }

func (f fixed) isZero() bool { return f == fixed{} }

// decimal returns the number with two decimal places where it has no more, as money mostly has.
func (f fixed) decimal() decimal.Decimal {
	if f.hi == int64(f.lo)>>63 {
		n := int64(f.lo)
		if n%(millionths/100) == 0 {
			return decimal.New(n/(millionths/100), -2)
		}
		return decimal.New(n, -MaxPlaces)
	}
	n := new(big.Int).Lsh(big.NewInt(f.hi), 64)
	return decimal.NewFromBigInt(n.Add(n, new(big.Int).SetUint64(f.lo)), -MaxPlaces)
}

// A column is a list of fixed numbers. Their upper halves are held only from when one of them needs it: most lists of amounts and quantities never do.
type column struct {
	lo []uint64
	hi []int64 // nil: each is the sign of lo
}

func (c *column) at(i int) fixed {
	if c.hi == nil {
		return fixed{int64(c.lo[i]) >> 63, c.lo[i]}
	}
	return fixed{c.hi[i], c.lo[i]}
}

func (c *column) append(f fixed) {
	c.lo = append(c.lo, 0)
	if c.hi != nil {
		c.hi = append(c.hi, 0)
	}
	c.set(len(c.lo)-1, f)
}

func (c *column) set(i int, f fixed) {
	if c.hi == nil && f.hi != int64(f.lo)>>63 {
		c.hi = make([]int64, len(c.lo))
		for j, lo := range c.lo {
			c.hi[j] = int64(lo) >> 63
		}
	}
	c.lo[i] = f.lo
	if c.hi != nil {
		c.hi[i] = f.hi
	}
}
