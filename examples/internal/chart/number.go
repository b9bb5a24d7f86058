package chart

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Spaces that do not break: a line never ends between a number and its unit. French groups digits with the
// narrow one (Unicode CLDR, locale fr).
const (
	noBreak       = "\u00a0"
	narrowNoBreak = "\u202f"
	minus         = "\u2212"
)

// Number writes d with exactly that many decimals, rounded half away from zero for display: "1 234,50" with
// narrow no-break spaces in French, "1,234.50" in English, a true minus sign (U+2212) in both. Decimals
// outside 0 to [MaxDecimals] are brought back into it. A number out of the bounds of this package is written
// with an exponent, unrounded.
func (l Language) Number(d decimal.Decimal, decimals int) string {
	if !inBounds(d) {
		return raw(d)
	}
	d, decimals = d.Normalize(), min(max(decimals, 0), MaxDecimals)
	whole, fraction, _ := strings.Cut(d.Abs().StringFixed(int32(decimals)), ".")

	group, point := ",", "."
	if l.orDefault() == French {
		group, point = narrowNoBreak, ","
	}
	var b strings.Builder
	if d.Round(int32(decimals)).IsNegative() {
		b.WriteString(minus)
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(point)
		b.WriteString(fraction)
	}
	return b.String()
}

// Amount writes d followed by a no-break space and the unit: "3 360,00 €" in French, "3,360.00 €" in
// English for the unit EUR. A currency has the decimals of its smallest unit, more when the amount has more;
// any other unit has as many decimals as the amount needs.
func (l Language) Amount(d decimal.Decimal, unit string) string {
	return l.suffix(l.Number(d, decimalsFor(unit, d)), unit)
}

func (l Language) suffix(number, unit string) string {
	symbol, _ := currency(clean(unit))
	if symbol == "" {
		return number
	}
	return number + noBreak + symbol
}

// signed writes d with its sign even when it is positive.
func (l Language) signed(d decimal.Decimal, decimals int, unit string) string {
	s := l.suffix(l.Number(d, decimals), unit)
	if d.Round(int32(decimals)).IsPositive() {
		return "+" + s
	}
	return s
}

// percent writes part/whole in percent with one decimal, rounded half up. A part too small to show is
// "< 0.1 %", and of a whole of zero nothing is a percentage: "–".
func (l Language) percent(part, whole decimal.Decimal) string {
	if whole.IsZero() {
		return "–"
	}
	p := part.Shift(2).DivRound(whole, 1)
	least := decimal.New(1, -1)
	prefix := ""
	if p.IsZero() && !part.IsZero() {
		prefix, p = "<"+noBreak, least
	}
	return prefix + l.Number(p, 1) + l.perCent()
}

// Percent writes a rate in per cent, with the decimals that it has: 0.135 is "13.5%", in French "13,5 %".
func (l Language) Percent(rate decimal.Decimal) string {
	p := rate.Shift(2).Normalize()
	return l.Number(p, max(0, -int(p.Exponent()))) + l.perCent()
}

// perCent is the sign that follows the number.
func (l Language) perCent() string {
	if l.orDefault() == French {
		return narrowNoBreak + "%"
	}
	return "%"
}

// maxPrinted bounds the decimals that a picture prints where all amounts stand in one column; the exact
// amount is always in the tooltip.
const maxPrinted = 4

// decimalsFor returns how many decimals show all of ds exactly: at least those of a currency.
func decimalsFor(unit string, ds ...decimal.Decimal) int {
	_, n := currency(clean(unit))
	for _, d := range ds {
		if inBounds(d) {
			n = max(n, -int(d.Normalize().Exponent()))
		}
	}
	return n
}

// printed returns the decimals that all amounts of a picture are printed with.
func printed(unit string, amounts []decimal.Decimal) int {
	return min(decimalsFor(unit, amounts...), maxPrinted)
}

// beside returns the unit when it is short enough to stand beside every number of a picture, and nothing
// otherwise.
func (l Language) beside(unit string) string {
	symbol, _ := currency(clean(unit))
	if nameStyle.measure(symbol) > maxUnitWide {
		return ""
	}
	return unit
}

// amountsIn names the unit, under the picture, when it does not stand beside the numbers.
func (l Language) amountsIn(unit string) string {
	unit = clean(unit)
	if unit == "" || l.beside(unit) != "" {
		return ""
	}
	return l.words().amountsIn + unit + "."
}

// currency returns the sign to print for a unit and the decimals of its smallest coin (ISO 4217). What is
// not a currency we know is printed as it stands.
func currency(unit string) (symbol string, decimals int) {
	switch unit {
	case "EUR", "€":
		return "€", 2
	case "GBP", "£":
		return "£", 2
	case "CHF", "USD", "CAD", "MAD":
		return unit, 2
	case "TND":
		return unit, 3
	default:
		return unit, 0
	}
}

// count writes a number of things.
func (l Language) count(n int) string { return l.Number(decimal.NewFromInt(int64(n)), 0) }
