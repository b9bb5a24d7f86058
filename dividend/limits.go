package dividend

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Limits on what this package accepts. They are far above honest use and keep a hostile input from
// holding a process: a number written 1e999999999 is refused before anything is computed with it.
const (
	// MaxRecipients is the largest number of recipients of one division.
	MaxRecipients = 1 << 24
	// MaxRows is the largest number of rows of a matrix.
	MaxRows = 1 << 22
	// MaxKinds is the largest number of kinds of wealth.
	MaxKinds = 256
	// MaxRates is the largest number of coefficients of a rule, or of rates.
	MaxRates = 16 * MaxKinds
	// MaxLines is the largest number of lines of a waterfall.
	MaxLines = 256
	// MaxID is the largest length of an identifier, in bytes.
	MaxID = 512
	// MaxText is the largest length of a name, in bytes.
	MaxText = 2000
	// MaxLanguages is the largest number of languages of a name.
	MaxLanguages = 64
	// MaxDecimals is the largest number of decimal places that an amount may be divided to.
	MaxDecimals = 18
	// MaxPlaces is the largest number of decimal places, and of zeros before the point, of a number handed in.
	MaxPlaces = 36
	// MaxDigits is the largest number of digits of a number handed in.
	MaxDigits = 72
	// MaxLevel is the highest level of an ordinal kind.
	MaxLevel = 1000
)

// quote returns s in quotation marks, cut short so that an error stays readable.
func quote(s string) string {
	const limit = 80
	if len(s) > limit {
		cut := limit
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return strconv.Quote(s)
}

// show returns d as text for an error; it never expands a huge exponent.
func show(d decimal.Decimal) string {
	if e := d.Exponent(); e > 8*MaxPlaces || e < -8*MaxPlaces {
		return fmt.Sprintf("a number with exponent %d", e)
	}
	if d.NumDigits() > MaxDigits {
		return fmt.Sprintf("a number of %d digits", d.NumDigits())
	}
	return d.String()
}

// checkNumber refuses numbers whose size is beyond the limits.
func checkNumber(in, field string, d decimal.Decimal) error {
	if e := d.Exponent(); e > MaxPlaces || e < -MaxPlaces {
		return &Error{
			In: in, Field: field, Value: show(d), Err: ErrLimit,
			Reason: fmt.Sprintf("exponent must be between %d and %d", -MaxPlaces, MaxPlaces),
		}
	}
	if d.NumDigits() > MaxDigits {
		return &Error{
			In: in, Field: field, Value: show(d), Err: ErrLimit,
			Reason: fmt.Sprintf("must have at most %d digits", MaxDigits),
		}
	}
	return nil
}

// checkNotNegative refuses numbers beyond the limits and negative ones.
func checkNotNegative(in, field string, d decimal.Decimal) error {
	if err := checkNumber(in, field, d); err != nil {
		return err
	}
	if d.Sign() < 0 {
		return inputError(in, field, show(d), "must not be negative")
	}
	return nil
}

// checkID refuses identifiers that are empty, too long, not UTF-8, padded or not printable.
func checkID(in, field, id string) error {
	switch {
	case id == "":
		return inputError(in, field, "", "must not be empty")
	case len(id) > MaxID:
		return &Error{
			In: in, Field: field, Value: id, Err: ErrLimit,
			Reason: fmt.Sprintf("must be at most %d bytes long", MaxID),
		}
	}
	if reason := unprintable(id); reason != "" {
		return inputError(in, field, id, reason)
	}
	if id[0] == ' ' || id[len(id)-1] == ' ' {
		return inputError(in, field, id, "must not begin or end with a space")
	}
	return nil
}

// unprintable returns why s cannot stand in a line of text, or nothing if it can.
func unprintable(s string) string {
	if plain(s) {
		return ""
	}
	if !utf8.ValidString(s) {
		return "must be valid UTF-8"
	}
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return "must be one line without control characters"
		}
	}
	return ""
}

// plain reports whether s consists of printable ASCII. It may say no when eight bytes of s are hard to judge
// together, never yes when they are not plain.
func plain(s string) bool {
	if len(s) < 8 {
		for i := range len(s) {
			if s[i] < 0x20 || s[i] >= 0x7f {
				return false
			}
		}
		return true
	}
	strange := strangeBytes(s[len(s)-8:])
	for ; len(s) > 8; s = s[8:] {
		strange |= strangeBytes(s)
	}
	return strange&0x8080808080808080 == 0
}

// strangeBytes sets the high bits of the first eight bytes of s that are not plain.
func strangeBytes(s string) uint64 {
	const ones = 0x0101010101010101
	_ = s[7]
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	return x | (x - 0x20*ones) | ((x ^ 0x7f*ones) - ones) // above 0x7f, below 0x20, equal to 0x7f
}

// checkNames refuses names in too many languages, or too long, or empty, or of more than one line.
func checkNames(in, field string, names map[string]string) error {
	if len(names) > MaxLanguages {
		return &Error{
			In: in, Field: field, Err: ErrLimit,
			Reason: fmt.Sprintf("must be in at most %d languages", MaxLanguages),
		}
	}
	for _, lang := range sortedKeys(names) {
		name := names[lang]
		reason := unprintable(name)
		switch {
		case lang == "" || len(lang) > 35:
			return ruleError(in, field, lang, "must be keyed by a language tag")
		case strings.TrimSpace(name) == "":
			return ruleError(in, field+"."+lang, "", "must not be empty")
		case len(name) > MaxText:
			return &Error{
				In: in, Field: field + "." + lang, Value: name, Err: ErrLimit,
				Reason: fmt.Sprintf("must be at most %d bytes long", MaxText),
			}
		case reason != "":
			return ruleError(in, field+"."+lang, name, reason)
		}
	}
	return nil
}

// asRule turns an error about an input into one about a rule: the same check, made at adoption.
func asRule(err error) error {
	var e *Error
	if errors.As(err, &e) && errors.Is(e.Err, ErrInput) {
		c := *e
		c.Err = ErrRule
		return &c
	}
	return err
}
