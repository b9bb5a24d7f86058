package decision

import (
	"math/big"
	"strconv"
	"strings"
)

// MaxTerm is the largest numerator or denominator of a [Fraction].
const MaxTerm = 1_000_000

// A Fraction is an exact share from 0 to 1. As text it is "2/3"; it is not reduced, so that a rule reads as it was
// agreed. The zero Fraction means that none is set.
type Fraction struct{ Num, Den int64 }

// ParseFraction reads a share written as two whole numbers with a slash between: "2/3", "0/1", "1/1". The
// error wraps [ErrInvalid].
func ParseFraction(s string) (Fraction, error) {
	num, den, _ := strings.Cut(s, "/")
	n, err1 := strconv.ParseInt(num, 10, 64)
	d, err2 := strconv.ParseInt(den, 10, 64)
	f := Fraction{n, d}
	if err1 != nil || err2 != nil || !f.valid() || f.String() != s {
		return Fraction{}, refuse(ErrInvalid, "fraction", s, "must be two whole numbers up to %d, the first not larger, as in 2/3", MaxTerm)
	}
	return f, nil
}

func (f Fraction) valid() bool { return f.Den > 0 && f.Den <= MaxTerm && f.Num >= 0 && f.Num <= f.Den }

// IsZero reports whether no share is set. The share 0/1 is set.
func (f Fraction) IsZero() bool { return f == Fraction{} }

// String returns the share as [ParseFraction] reads it, and "" for the zero Fraction.
func (f Fraction) String() string {
	if f.IsZero() {
		return ""
	}
	return strconv.FormatInt(f.Num, 10) + "/" + strconv.FormatInt(f.Den, 10)
}

// MarshalText implements [encoding.TextMarshaler] in the form of [Fraction.String].
func (f Fraction) MarshalText() ([]byte, error) {
	if !f.valid() {
		return nil, refuse(ErrInvalid, "fraction", f.String(), "must be from 0 to 1")
	}
	return []byte(f.String()), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParseFraction].
func (f *Fraction) UnmarshalText(text []byte) error {
	parsed, err := ParseFraction(string(text))
	if err != nil {
		return err
	}
	*f = parsed
	return nil
}

// compare returns -1, 0 or +1 as part is less than, exactly, or more than this share of whole, computed
// without rounding or overflow.
func (f Fraction) compare(part, whole int64) int {
	a := new(big.Int).Mul(big.NewInt(part), big.NewInt(f.Den))
	return a.Cmp(new(big.Int).Mul(big.NewInt(whole), big.NewInt(f.Num)))
}
