package ledger

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// SteeringKind is the kind of the rule on when a report alerts, see [SteeringRule].
const SteeringKind = "ledger.steering"

// MaxThresholds is the largest number of thresholds of a rule.
const MaxThresholds = 10

// A SteeringRule holds the parameters of a rule of the kind "ledger.steering".
type SteeringRule struct {
	// Thresholds are the shares from which a report alerts, in ascending order: of the budget that is spent or committed, of the capacity that
	// is planned, of the provision that is consumed. A charter without the rule alerts at 0.8 and 1.
	Thresholds []decimal.Decimal `json:"thresholds"`
}

// Validate returns an error that wraps [ErrInvalid] for thresholds out of order or range.
func (r *SteeringRule) Validate() error {
	if len(r.Thresholds) == 0 || len(r.Thresholds) > MaxThresholds {
		return bad(ErrInvalid, "thresholds", fmt.Sprint(len(r.Thresholds)), "must be from 1 to %d", MaxThresholds)
	}
	before := decimal.Zero
	for _, t := range r.Thresholds {
		if tooLong(t) || !t.GreaterThan(before) || t.GreaterThan(decimal.NewFromInt(10)) || !t.Equal(t.Truncate(4)) {
			return bad(ErrInvalid, "threshold", Quantity{t, ""}.String(), "must be above 0 and the one before, up to 10, with at most 4 places")
		}
		before = t
	}
	return nil
}

// defaultThresholds are those of a charter that says nothing.
var defaultThresholds = []decimal.Decimal{decimal.New(80, -2), decimal.New(100, -2)}
