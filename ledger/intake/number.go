package intake

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// Limits on a number.
const (
	MaxWholeDigits    = 12 // before the decimal point
	MaxFractionDigits = 6  // behind it, of a quantity
)

// number is a decimal number as it was written.
type number struct {
	value decimal.Decimal
	// point is the sign before the decimals, '.' or ',', 0 if there are none.
	point byte
	// certain is false when the point could also separate thousands: "1,500".
	certain bool
}

// plain is digits in one run or in groups of three with spaces between, and decimals behind a point or comma.
var plain = regexp.MustCompile(`^([+-]?)(\d+|\d{1,3}(?: \d{3})+)(?:([.,])(\d+))?$`)

// thousands is how other countries group digits; it is recognised to explain why it is refused.
var thousands = regexp.MustCompile(`^[+-]?\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d+)?$`)

// parseNumber reads a number with at most fraction decimals.
func parseNumber(s string, fraction int) (number, error) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u2007', '\u2009', '\u202f': // no-break, figure, thin and narrow no-break space
			return ' '
		case '\u2212': // minus sign
			return '-'
		}
		return r
	}, s)
	m := plain.FindStringSubmatch(s)
	switch {
	case m == nil && thousands.MatchString(s):
		return number{}, fmt.Errorf("separate thousands by a space, decimals by one point or comma: 1 234,56")
	case m == nil:
		return number{}, fmt.Errorf("is not a number such as 1234.56 or 1 234,56")
	}
	sign, whole, decimals := m[1], strings.ReplaceAll(m[2], " ", ""), m[4]
	if len(strings.TrimLeft(whole, "0")) > MaxWholeDigits {
		return number{}, fmt.Errorf("has more than %d digits", MaxWholeDigits)
	}
	if len(strings.TrimRight(decimals, "0")) > fraction {
		return number{}, fmt.Errorf("has more than %d decimals (a point or comma never separates thousands)", fraction)
	}
	value, err := decimal.NewFromString(sign + whole + "." + decimals + "0")
	if err != nil {
		return number{}, fmt.Errorf("is not a number such as 1234.56 or 1 234,56")
	}
	n := number{value: value, certain: true}
	if m[3] != "" {
		n.point = m[3][0]
		grouped := strings.Contains(m[2], " ")
		n.certain = len(decimals) != 3 || len(whole) > 3 || grouped || whole[0] == '0'
	}
	return n, nil
}

// points are the signs that some number of a column shows to be decimal.
type points struct{ dot, comma bool }

// learn takes note of a number.
func (p *points) learn(n number) {
	p.dot = p.dot || n.certain && n.point == '.'
	p.comma = p.comma || n.certain && n.point == ','
}

// check returns an error if n, written with at most fraction decimals, could be read in two ways.
func (p points) check(n number, fraction int32) error {
	if n.certain || n.point == '.' && p.dot || n.point == ',' && p.comma {
		return nil
	}
	return fmt.Errorf("could be %s or %s: write %s or %s", n.value, n.value.Shift(3), n.value.StringFixed(fraction), n.value.Shift(3))
}
