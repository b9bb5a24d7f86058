package dividend

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Valuation is the rule "dividend.valuation": what one unit of a kind of wealth is worth in one currency, and when. It
// serves the analytic view of [Matrix.Value] and has no part in sharing.
type Valuation struct {
	// Unit is the currency, "EUR".
	Unit string `json:"unit"`
	// Rates may value a kind several times, in periods that do not overlap.
	Rates []ValuationRate `json:"rates"`
}

// ValuationRate is what one unit of a kind is worth in a period.
type ValuationRate struct {
	Kind string `json:"kind"`
	// Value is what one unit is worth, in the currency of the rule. It is negative for what does harm.
	Value decimal.Decimal `json:"value"`
	// From and To are the first and the last day, as 2006-01-02, both included; empty is open.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

func (r ValuationRate) period() period { return period{r.Kind, r.From, r.To} }

// Validate checks the rule as it stands, when a charter is adopted: no two rates of a kind for the same day. The error
// is an [*Error] wrapping [ErrRule] or [ErrLimit].
func (v Valuation) Validate() error {
	const in = "valuation"
	if err := checkID(in, "unit", v.Unit); err != nil {
		return asRule(err)
	}
	if len(v.Rates) > MaxRates {
		return &Error{In: in, Field: "rates", Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxRates)}
	}
	periods := make([]period, len(v.Rates))
	for i, r := range v.Rates {
		if err := checkID(fmt.Sprintf("%s: rate %d", in, i+1), "kind", r.Kind); err != nil {
			return asRule(err)
		}
		if err := checkNumber(in+": kind "+quote(r.Kind), "value", r.Value); err != nil {
			return err
		}
		periods[i] = r.period()
	}
	return checkPeriods(in, periods)
}

// ValidateWith checks what the two rules must have in common: every kind with a value is one of wealth's, on a ratio
// scale. The error wraps [ErrUnknown] or [ErrRule].
func (v Valuation) ValidateWith(wealth Wealth) error {
	if err := v.Validate(); err != nil {
		return err
	}
	for _, r := range v.Rates {
		if err := wealth.checkRatio("valuation", r.Kind, "a value"); err != nil {
			return err
		}
	}
	return nil
}

// Valued is the analytic view of one row.
type Valued struct {
	// Lines has one entry for each kind and rate that something flowed under, in the order of the kinds and of days.
	Lines []ValuedLine `json:"lines"`
	// Given and Received are the sums of the lines, exact, in the currency of the rule.
	Given    decimal.Decimal `json:"given"`
	Received decimal.Decimal `json:"received"`
	// Unvalued are the ids of the kinds that something flowed in on a day without a rate.
	Unvalued []string `json:"unvalued,omitempty"`
}

// ValuedLine is what a row gave and received of one kind, confirmed, times the value of one unit.
type ValuedLine struct {
	Kind string          `json:"kind"`
	Rate decimal.Decimal `json:"rate"`
	// From is the first day of the period that the rate holds for; empty when there is none.
	From     string          `json:"from,omitempty"`
	Given    decimal.Decimal `json:"given"`
	Received decimal.Decimal `json:"received"`
}

// Value values what the row gave and received, confirmed, in the currency of the rule: each quantity × the rate that
// holds on the day on which it flowed, exact. What flowed on no day is valued as of the day given, as a rule the last
// of the period that the matrix covers. What has no rate is named and not counted. It takes time proportional to the
// days of the row times the rates. The error is that of [Valuation.ValidateWith], and [ErrInput] for a day that is not
// written 2006-01-02.
func (m *Matrix) Value(row string, rule Valuation, day string) (Valued, error) {
	if err := rule.ValidateWith(m.wealth); err != nil {
		return Valued{}, err
	}
	if !isDay(day) {
		return Valued{}, inputError("matrix: value", "day", day, "must be written 2006-01-02")
	}
	rates := slices.Clone(rule.Rates)
	slices.SortFunc(rates, func(a, b ValuationRate) int { return compareID(a.From, b.From) })
	var v Valued
	for i, c := range m.rows[row] {
		k := m.wealth.Kinds[i]
		given, received := c.givenOn.all(day, c.given.confirmed.sum), c.receivedOn.all(day, c.received.confirmed.sum)
		days := len(given) + len(received)
		for _, r := range rates {
			if r.Kind != k.ID {
				continue
			}
			in, n := given.take(r.period())
			out, o := received.take(r.period())
			if days -= n + o; n+o == 0 {
				continue
			}
			l := ValuedLine{Kind: k.ID, Rate: r.Value, From: r.From, Given: in.Mul(r.Value), Received: out.Mul(r.Value)}
			v.Lines = append(v.Lines, l)
			v.Given, v.Received = v.Given.Add(l.Given), v.Received.Add(l.Received)
		}
		if days > 0 || k.Scale == Ordinal && c.given.confirmed.flows+c.received.confirmed.flows > 0 {
			v.Unvalued = append(v.Unvalued, k.ID)
		}
	}
	return v, nil
}

// all returns all of a sum by day; what flowed on no day is put on the one given.
func (b byDay) all(day string, sum decimal.Decimal) byDay {
	out := make(byDay, len(b)+1)
	for d, quantity := range b {
		out.add(d, quantity)
		sum = sum.Sub(quantity)
	}
	if !sum.IsZero() {
		out.add(day, sum)
	}
	return out
}

// take returns what flowed in a period, and on how many days.
func (b byDay) take(p period) (sum decimal.Decimal, days int) {
	for day, quantity := range b {
		if p.holds(day) {
			sum, days = sum.Add(quantity), days+1
		}
	}
	return sum, days
}
