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
	// Terms, if any, are what Value is the sum of. They are shown in explanations and not computed with.
	Terms []Term `json:"terms,omitempty"`
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

// Part is what one recipient gets of an amount that was divided.
type Part struct {
	// ID names the recipient.
	ID string `json:"id"`
	// Amount is the part, in the unit and with the decimals of the amount that was divided.
	Amount decimal.Decimal `json:"amount"`
}
