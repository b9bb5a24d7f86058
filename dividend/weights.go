package dividend

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Weights is the rule "dividend.weights": what one unit of each kind of wealth counts for when a weight is made
// from several kinds. It is the only bridge between units, and it is the community's own choice: no kind has a
// natural value. A kind that is not listed gives no points, nor does one on a day that no coefficient of it holds on.
type Weights struct {
	// Coefficients may name a kind several times, in periods that do not overlap.
	Coefficients []Coefficient `json:"coefficients"`
}

// Coefficient is the points of one unit of a kind, for what was given in a period.
type Coefficient struct {
	// Kind is the id of a ratio kind.
	Kind string `json:"kind"`
	// Points is what one unit counts for, zero or more.
	Points decimal.Decimal `json:"points"`
	// From and To are the first and the last day, as 2006-01-02, both included; empty is open.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

func (c Coefficient) period() period { return period{c.Kind, c.From, c.To} }

// Validate checks the rule as it stands, when a charter is adopted: at least one coefficient, no two of a kind for the
// same day, no negative points. The error is an [*Error] wrapping [ErrRule] or [ErrLimit].
func (w Weights) Validate() error {
	if len(w.Coefficients) == 0 {
		return ruleError("weights", "coefficients", "", "must not be empty")
	}
	if len(w.Coefficients) > MaxRates {
		return &Error{
			In: "weights", Field: "coefficients", Err: ErrLimit,
			Reason: fmt.Sprintf("%d coefficients: must be at most %d", len(w.Coefficients), MaxRates),
		}
	}
	periods := make([]period, len(w.Coefficients))
	for i, c := range w.Coefficients {
		if err := checkID(fmt.Sprintf("weights: coefficient %d", i+1), "kind", c.Kind); err != nil {
			return asRule(err)
		}
		if err := checkNotNegative("weights: kind "+quote(c.Kind), "points", c.Points); err != nil {
			return asRule(err)
		}
		periods[i] = c.period()
	}
	return checkPeriods("weights", periods)
}

// ValidateWith checks what the two rules must have in common: every kind with points is one of wealth's, on a
// ratio scale (levels of an ordinal kind cannot be multiplied). The error wraps [ErrUnknown] or [ErrRule].
func (w Weights) ValidateWith(wealth Wealth) error {
	if err := w.Validate(); err != nil {
		return err
	}
	for _, c := range w.Coefficients {
		if err := wealth.checkRatio("weights", c.Kind, "points"); err != nil {
			return err
		}
	}
	return nil
}

// Points returns what one unit of the kind counts for on a day, written 2006-01-02: zero when no coefficient holds.
// Without a day, only those that are not dated hold.
func (w Weights) Points(kind, day string) decimal.Decimal {
	for _, c := range w.Coefficients {
		if c.Kind == kind && c.period().holds(day) {
			return c.Points
		}
	}
	return decimal.Zero
}

// Weight is the claim of one recipient on an amount that is divided.
type Weight struct {
	// ID names the recipient, as a rule by IRI.
	ID string `json:"id"`
	// Value is the weight, zero or more. Only the proportions between weights matter.
	Value decimal.Decimal `json:"value"`
	// Terms, if any, are what Value is the sum of. They are shown in explanations and not computed with, but
	// [Waterfall.Run] refuses those that do not add up to Value: an explanation must not say what is not so.
	Terms []Term `json:"terms,omitempty"`
}

// checkTerms refuses terms that are not the products they say they are, or do not add up to the weight.
func (w *Weight) checkTerms() error {
	if len(w.Terms) == 0 {
		return nil
	}
	if len(w.Terms) > MaxRates {
		return &Error{Field: "terms", Err: ErrLimit, Reason: fmt.Sprintf("%d terms: must be at most %d", len(w.Terms), MaxRates)}
	}
	sum := decimal.Zero
	for _, t := range w.Terms {
		if err := t.check("term " + quote(t.Kind)); err != nil {
			return err
		}
		sum = sum.Add(t.Value)
	}
	if !sum.Equal(w.Value) {
		return inputError("", "weight", show(w.Value), "must be the sum of its terms, "+show(sum))
	}
	return nil
}

// Term is one product that a weight is made of: a quantity times the points of one unit.
type Term struct {
	// Kind is the id of the kind of wealth.
	Kind string `json:"kind"`
	// Quantity is the quantity, in Unit.
	Quantity decimal.Decimal `json:"quantity"`
	// Unit is the unit of the kind.
	Unit string `json:"unit"`
	// Points is what one unit counts for.
	Points decimal.Decimal `json:"points"`
	// From is the first day of the period that the points hold for; empty when there is none.
	From string `json:"from,omitempty"`
	// Value is Quantity × Points, exact.
	Value decimal.Decimal `json:"value"`
}

func (t *Term) check(in string) error {
	if err := checkID("", "term", t.Kind); err != nil {
		return err
	}
	if t.Unit != "" {
		if err := checkID(in, "unit", t.Unit); err != nil {
			return err
		}
	}
	if err := checkNotNegative(in, "quantity", t.Quantity); err != nil {
		return err
	}
	if err := checkNotNegative(in, "points", t.Points); err != nil {
		return err
	}
	switch {
	case t.From != "" && !isDay(t.From):
		return inputError(in, "from", t.From, "must be a day written 2006-01-02")
	case absurd(t.Value):
		return &Error{In: in, Field: "value", Value: show(t.Value), Err: ErrLimit, Reason: "is beyond what this package computes"}
	case !t.Value.Equal(t.Quantity.Mul(t.Points)):
		return inputError(in, "value", show(t.Value), "must be "+show(t.Quantity)+" × "+show(t.Points))
	}
	return nil
}

// Part is what one recipient gets of an amount that was divided.
type Part struct {
	// ID names the recipient.
	ID string `json:"id"`
	// Amount is the part, in the unit and with the decimals of the amount that was divided.
	Amount decimal.Decimal `json:"amount"`
}
