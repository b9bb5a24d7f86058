package ledger

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger/internal/currency"
)

// Limits on what one record may hold.
const (
	MaxTextBytes   = 10_000 // notes, evidence
	MaxNameBytes   = 500    // references, payers, payees
	MaxUnitBytes   = 32
	MaxPlaces      = 6    // decimal places of a quantity
	MaxDigits      = 15   // digits of a quantity or amount before the point
	MaxValidations = 5000 // contributions that one validation names
)

// A Quantity is a number of units: 3.25 h, 2 deliverables, 18 kg. Quantities of different units are never added.
type Quantity struct {
	Value decimal.Decimal `json:"value"`
	Unit  string          `json:"unit"`
}

// String returns value and unit, as in "3.25 h".
func (q Quantity) String() string {
	if tooLong(q.Value) {
		return fmt.Sprintf("a number with exponent %d", q.Value.Exponent())
	}
	return q.Value.String() + " " + q.Unit
}

func (q Quantity) check() error {
	switch {
	case tooLong(q.Value) || q.Value.GreaterThanOrEqual(tooLarge) || !q.Value.Equal(q.Value.Truncate(MaxPlaces)):
		return bad(ErrInvalid, "quantity", q.String(), "must have at most %d digits and %d decimal places", MaxDigits, MaxPlaces)
	case q.Value.Sign() <= 0:
		return bad(ErrInvalid, "quantity", q.String(), "must be positive")
	case q.Unit == "" || len(q.Unit) > MaxUnitBytes:
		return bad(ErrInvalid, "unit", q.Unit, "must be given, in at most %d bytes", MaxUnitBytes)
	}
	return nil
}

var tooLarge = decimal.New(1, MaxDigits)

// tooLong reports whether a number is beyond every limit of this package, before anything is computed with it:
// 1e999999999 fits into a few bytes until it is added to something.
func tooLong(d decimal.Decimal) bool {
	return d.Exponent() > MaxDigits || d.Exponent() < -64 || d.NumDigits() > 96
}

// Decimals returns the number of decimal places of the smallest unit of a currency, by its ISO 4217 code: 2 for
// EUR, 0 for JPY, 3 for TND. A code of three capital letters that ISO 4217 does not single out has 2. The
// error wraps [ErrInvalid].
func Decimals(code string) (int, error) {
	places, ok := currency.Decimals(code)
	if !ok {
		return 0, bad(ErrInvalid, "currency", code, "must be three capital letters, as in EUR")
	}
	return places, nil
}

// checkAmount checks an amount of money that has to be positive.
func checkAmount(field string, amount decimal.Decimal, currency string) error {
	places, err := Decimals(currency)
	if err != nil {
		return err
	}
	switch {
	case tooLong(amount):
		return bad(ErrInvalid, field, fmt.Sprintf("with exponent %d", amount.Exponent()), "must have at most %d digits", MaxDigits)
	case amount.Sign() <= 0:
		return bad(ErrInvalid, field, amount.String(), "must be positive")
	case amount.GreaterThanOrEqual(tooLarge):
		return bad(ErrInvalid, field, amount.String(), "must have at most %d digits", MaxDigits)
	case !amount.Equal(amount.Truncate(int32(places))):
		return bad(ErrInvalid, field, amount.String(), "%s has %d decimal places", currency, places)
	}
	return nil
}

// checkDay checks that a date is given and is one of the calendar.
func checkDay(field string, d codesocial.Date) error {
	year, month, day := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Date()
	if d.Year < 1 || d.Year > 9999 || year != d.Year || month != d.Month || day != d.Day {
		return bad(ErrInvalid, field, fmt.Sprintf("%d-%d-%d", d.Year, d.Month, d.Day), "must be a day of the calendar")
	}
	return nil
}

// checkText checks a text for people: valid UTF-8, no control characters but line feeds, of a bounded length.
func checkText(field, s string, most int) error {
	if len(s) > most {
		return badly(ErrInvalid, field, "has %d bytes, the limit is %d", len(s), most)
	}
	if !utf8.ValidString(s) {
		return badly(ErrInvalid, field, "is not valid UTF-8")
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }); i >= 0 {
		return bad(ErrInvalid, field, s, "has a control character at byte %d", i)
	}
	return nil
}
