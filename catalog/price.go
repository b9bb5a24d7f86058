package catalog

import (
	"maps"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A PriceMode says how something is paid for.
type PriceMode string

// The modes of a price. Those that ask for money are commercial, see [Price.Commercial].
const (
	Fixed          PriceMode = "fixed"       // Amount, in Currency
	Quote          PriceMode = "quote"       // agreed case by case
	PayWhatYouWant PriceMode = "free-price"  // in Currency, from Min to Max where they are given; Amount is a suggestion
	Gift           PriceMode = "gift"        // nothing
	Time           PriceMode = "time"        // Amount hours of one's own time, as in a time bank
	Complementary  PriceMode = "currency"    // Amount, in a complementary currency
	Reciprocity    PriceMode = "reciprocity" // something else in return, as Terms say
)

// A Price says how something is paid for. The zero Price means that nothing is said about it.
type Price struct {
	Mode PriceMode `json:"mode,omitempty"`
	// Amount is not negative. Nil where the mode has none.
	Amount *decimal.Decimal `json:"amount,omitempty"`
	Min    *decimal.Decimal `json:"min,omitempty"`
	Max    *decimal.Decimal `json:"max,omitempty"`
	// Currency is a code of ISO 4217, or for a complementary currency its name or IRI.
	Currency string `json:"currency,omitempty"`
	// Per is what the amount is for: h, day, piece; empty: for the whole.
	Per string `json:"per,omitempty"`
	// Terms say the rest in words.
	Terms codesocial.Text `json:"terms,omitempty"`
}

// Commercial reports whether money, of whatever kind, is asked for: the mode is a fixed price, a quote, a price that the payer chooses, or
// a complementary currency.
func (p Price) Commercial() bool {
	switch p.Mode {
	case Fixed, Quote, PayWhatYouWant, Complementary:
		return true
	}
	return false
}

func (p Price) clone() Price {
	p.Amount, p.Min, p.Max, p.Terms = clone(p.Amount), clone(p.Min), clone(p.Max), maps.Clone(p.Terms)
	return p
}

func (p Price) check() error {
	amount, bounds, currency := p.Amount != nil, p.Min != nil || p.Max != nil, p.Currency != ""
	fits := true
	switch p.Mode {
	case "":
		if amount || bounds || currency || p.Per != "" || len(p.Terms) > 0 {
			return badly(ErrInvalid, "price.mode", "must be given")
		}
	case Fixed, Complementary:
		fits = amount && !bounds && currency
	case Quote, Gift, Reciprocity:
		fits = !amount && !bounds && !currency
	case PayWhatYouWant:
		fits = currency
	case Time:
		fits = amount && !bounds && !currency
	default:
		return bad(ErrInvalid, "price.mode", string(p.Mode), "must be fixed, quote, free-price, gift, time, currency or reciprocity")
	}
	if !fits {
		return bad(ErrInvalid, "price.mode", string(p.Mode), "does not go with the amount, bounds or currency that are given or missing")
	}
	if p.Mode == Reciprocity && len(p.Terms) == 0 {
		return badly(ErrInvalid, "price.terms", "must say what is hoped for in return")
	}
	for _, f := range []struct {
		field string
		value *decimal.Decimal
	}{{"price.amount", p.Amount}, {"price.min", p.Min}, {"price.max", p.Max}} {
		if f.value == nil {
			continue
		}
		if err := checkNumber(f.field, *f.value); err != nil {
			return err
		}
		if f.value.Sign() < 0 {
			return bad(ErrInvalid, f.field, f.value.String(), "must not be negative")
		}
	}
	if p.Min != nil && p.Max != nil && p.Max.LessThan(*p.Min) ||
		p.Amount != nil && (p.Min != nil && p.Amount.LessThan(*p.Min) || p.Max != nil && p.Amount.GreaterThan(*p.Max)) {
		return badly(ErrInvalid, "price", "the amount must be from min to max")
	}
	if (p.Mode == Fixed || p.Mode == PayWhatYouWant) && (len(p.Currency) != 3 || strings.Trim(p.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		return bad(ErrInvalid, "price.currency", p.Currency, "must be a code of ISO 4217, such as EUR")
	}
	if err := checkLine("price.currency", p.Currency); err != nil {
		return err
	}
	if err := checkLine("price.per", p.Per); err != nil {
		return err
	}
	return checkWords("price.terms", p.Terms, MaxTitleBytes, true)
}
