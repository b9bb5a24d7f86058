package plaintext

import (
	"math"
	"math/big"

	"github.com/shopspring/decimal"
)

// Limits on a number.
const (
	MaxDigits = 38 // in all
	MaxPlaces = 18 // behind the decimal point
)

// A number is a decimal: units of 10^-places. Where they do not fit into 64 bits, wide has the value and the rest is zero. Nearly all amounts fit,
// and sums of them cost no allocation.
type number struct {
	wide   *decimal.Decimal
	units  int64
	places uint8
}

var powers = func() (p [MaxPlaces + 1]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 10 * p[i-1]
	}
	return p
}()

// decimal returns the value with its decimal places.
func (n number) decimal() decimal.Decimal {
	if n.wide != nil {
		return *n.wide
	}
	return decimal.New(n.units, -int32(n.places))
}

func wide(d decimal.Decimal) number { return number{wide: &d} }

func (n number) isZero() bool {
	if n.wide != nil {
		return n.wide.IsZero()
	}
	return n.units == 0
}

// scaled returns units of 10^-places, which are finer than those of n; false if they do not fit.
func (n number) scaled(places uint8) (int64, bool) {
	power := powers[places-n.places]
	units := n.units * power
	return units, units/power == n.units && units != math.MinInt64
}

// plus returns the sum, with the decimal places of the finer one.
func (n number) plus(m number) number {
	if n.wide != nil || m.wide != nil {
		return wide(n.decimal().Add(m.decimal()))
	}
	places := max(n.places, m.places)
	a, okA := n.scaled(places)
	b, okB := m.scaled(places)
	sum := a + b
	if !okA || !okB || (a < 0) == (b < 0) && (sum < 0) != (a < 0) || sum == math.MinInt64 {
		return wide(n.decimal().Add(m.decimal()))
	}
	return number{units: sum, places: places}
}

func (n number) negated() number {
	if n.wide != nil {
		return wide(n.wide.Neg())
	}
	return number{units: -n.units, places: n.places} // units are never the one that has no opposite
}

func (n number) times(m number) number { return wide(n.decimal().Mul(m.decimal())) }

// parseNumber reads digits with at most one point between them. reason says what is wrong, "" if nothing is.
func parseNumber(s []byte) (n number, reason string) {
	digits, point := 0, -1
	overflow := false
	for i, c := range s {
		switch {
		case '0' <= c && c <= '9':
			digits++
			if n.units > (math.MaxInt64-9)/10 {
				overflow = true
			}
			n.units = 10*n.units + int64(c-'0') // wraps around when overflow is set, and is not used then
		case c == '.' && point < 0 && i > 0 && i < len(s)-1:
			point = i
		case c == '.':
			return number{}, "a point stands between digits, once"
		case c == ',' || c == '\'' || c == '_':
			return number{}, "the programs read this sign in different ways: write numbers as in 1234.50"
		default:
			return number{}, "is no number: write numbers as in 1234.50"
		}
	}
	places := 0
	if point >= 0 {
		places = len(s) - point - 1
	}
	switch {
	case digits == 0:
		return number{}, "the number is missing"
	case digits > MaxDigits || places > MaxPlaces:
		return number{}, "has too many digits"
	case overflow:
		text := make([]byte, 0, len(s))
		for _, c := range s {
			if c != '.' {
				text = append(text, c)
			}
		}
		value, _ := new(big.Int).SetString(string(text), 10)
		return wide(decimal.NewFromBigInt(value, -int32(places))), ""
	}
	n.places = uint8(places)
	return n, ""
}
