package fec

import (
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// dateForms are ways to write a date that are tolerated.
var dateForms = regexp.MustCompile(`^(\d{4})([-/. ])(\d{2})([-/. ])(\d{2})$`)

// parseDate reads a date and returns the id of the rule that it breaks, "" if none. A date that breaks "date-form" is read all the same.
func parseDate(s string) (time.Time, string) {
	rule := ""
	if m := dateForms.FindStringSubmatch(s); m != nil && m[2] == m[4] {
		s, rule = m[1]+m[3]+m[5], "date-form"
	}
	if len(s) != 8 || strings.Trim(s, "0123456789") != "" {
		return time.Time{}, "date"
	}
	day, err := time.Parse("20060102", s)
	if err != nil || day.Year() < 1 {
		return time.Time{}, "calendar"
	}
	return day, rule
}

// Limits on a number.
const (
	maxDigits     = 24
	maxExponent   = 15
	euroPlaces    = 2
	foreignPlaces = 8
)

// A number is digits with a decimal comma or point, a sign before or behind, an exponent.
var (
	number = regexp.MustCompile(`^([+-]?)(\d+)(?:([,.])(\d*))?(?:[eE]([+-]?\d{1,2}))?([+-]?)$`)
	plain  = regexp.MustCompile(`^-?\d+(?:,(\d+))?$`)
)

// groups are ways to separate thousands, and the signs that do.
var groups = []struct {
	form  *regexp.Regexp
	signs string
}{
	{regexp.MustCompile(`^[+-]?\d{1,3}(?:[ '’\x{a0}\x{202f}]\d{3})+(?:[.,]\d*)?[+-]?$`), " '’\u00a0\u202f"},
	{regexp.MustCompile(`^[+-]?\d{1,3}(?:(?:\.\d{3})+,\d*|(?:\.\d{3}){2,})[+-]?$`), "."},
	{regexp.MustCompile(`^[+-]?\d{1,3}(?:(?:,\d{3})+\.\d*|(?:,\d{3}){2,})[+-]?$`), ","},
}

// parseAmount reads an amount of at most so many decimal places and returns the id of the rule that it breaks, "" if none. It is read all the same,
// unless it is no number at all; then it is zero.
func parseAmount(s string, places int) (amount decimal.Decimal, rule string) {
	text := strings.TrimSpace(s)
	if m := plain.FindStringSubmatch(s); m == nil || len(m[1]) > places {
		rule = "number-form"
	}
	for _, g := range groups {
		if g.form.MatchString(text) {
			rule = "thousands"
			text = strings.Map(func(r rune) rune {
				if strings.ContainsRune(g.signs, r) {
					return -1
				}
				return r
			}, text)
			break
		}
	}
	m := number.FindStringSubmatch(text)
	if m == nil || m[1] != "" && m[6] != "" || len(m[2])+len(m[4]) > maxDigits {
		return decimal.Zero, "number"
	}
	if m[3] == "." && rule != "thousands" {
		rule = "decimal-point"
	}
	digits := m[2]
	if m[4] != "" {
		digits += "." + m[4]
	}
	if m[5] != "" {
		digits += "e" + m[5]
	}
	amount, err := decimal.NewFromString(digits)
	if err != nil || amount.Exponent() > maxExponent || amount.Exponent() < -maxDigits-maxExponent {
		return decimal.Zero, "number"
	}
	if m[1] == "-" || m[6] == "-" {
		amount = amount.Neg()
	}
	return amount, rule
}
