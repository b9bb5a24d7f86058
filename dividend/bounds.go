package dividend

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Bounds are the least and the most that a recipient may get. Both are whole numbers of smallest units.
type Bounds struct {
	// Floor is the least; zero when there is none.
	Floor decimal.Decimal `json:"floor,omitzero"`
	// Cap is the most; nil when there is none.
	Cap *decimal.Decimal `json:"cap,omitempty"`
}

// Bounded is the result of [SplitBounded].
type Bounded struct {
	// Parts come in the order of the weights.
	Parts []Part
	// Left is what nobody could take, because everybody with a weight is at the cap; zero as a rule.
	Left decimal.Decimal
	// Raised and Capped say, in the order of the weights, who was raised to the floor or held to the cap.
	Raised, Capped []bool
	// Pool is what those who are neither raised nor capped share, in proportion to their weights, Total the sum
	// of these weights.
	Pool, Total decimal.Decimal
}

// ErrBounds says that floors ask for more than there is.
var ErrBounds = fmt.Errorf("%w: floors above the amount", ErrInput)

// SplitBounded divides amount in proportion to the weights, within a floor and a cap for each recipient
// (bounds are in the order of the weights). What a cap holds back goes to the others, and what a floor gives is
// taken from them, in proportion to their weights: it is the one division for which there is a factor λ such
// that everybody gets λ × weight, or the floor where this is less, or the cap where this is more ("water
// filling"). λ is found exactly; those who get λ × weight then share what is left for them as in [Split], which
// cannot push anybody over a bound.
//
// When all caps together are below amount, the rest is [Bounded.Left]. When all floors together are above it,
// the error wraps [ErrBounds] and says by how much. Floors above their own cap, and bounds with more decimals than
// asked for, wrap [ErrInput]; otherwise errors are those of Split. It takes n log n time.
func SplitBounded(amount decimal.Decimal, decimals int, weights []Weight, bounds []Bounds) (*Bounded, error) {
	return splitBounded(amount, decimals, weights, bounds, given)
}

func splitBounded(amount decimal.Decimal, decimals int, weights []Weight, bounds []Bounds, origin int) (*Bounded, error) {
	const in = "split within bounds"
	if err := checkAmount(in, "amount", amount, decimals); err != nil {
		return nil, err
	}
	claims, err := readWeights(in, weights, origin)
	if err != nil {
		return nil, err
	}
	floors, err := checkBounds(in, amount, decimals, weights, bounds)
	if err != nil {
		return nil, err
	}
	if amount.GreaterThan(floors) && !claims.positive {
		return nil, &Error{
			In: in, Field: "amount", Value: show(amount), Err: ErrNoWeight,
			Reason: fmt.Sprintf("none of %d recipients has a weight above zero", len(weights)),
		}
	}
	b := level(amount, floors, weights, bounds)
	if err := b.fill(in, decimals, weights, bounds, origin); err != nil {
		return nil, err
	}
	return b, nil
}

// checkBounds returns the sum of the floors.
func checkBounds(in string, amount decimal.Decimal, decimals int, weights []Weight, bounds []Bounds) (decimal.Decimal, error) {
	floors := decimal.Zero
	if len(bounds) != len(weights) {
		return floors, inputError(in, "bounds", fmt.Sprint(len(bounds)), fmt.Sprintf("must be as many as the %d weights", len(weights)))
	}
	for i, b := range bounds {
		where := func() string { return in + ": recipient " + quote(weights[i].ID) }
		if b.Floor.Sign() != 0 {
			if err := checkAmount("", "floor", b.Floor, decimals); err != nil {
				return floors, within(where(), err)
			}
			floors = floors.Add(b.Floor)
		}
		if b.Cap == nil {
			continue
		}
		if err := checkAmount("", "cap", *b.Cap, decimals); err != nil {
			return floors, within(where(), err)
		}
		if b.Cap.LessThan(b.Floor) {
			return floors, inputError(where(), "cap", show(*b.Cap), "must not be below the floor of "+show(b.Floor))
		}
	}
	if floors.GreaterThan(amount) {
		return floors, &Error{
			In: in, Field: "floors", Value: show(floors), Err: ErrBounds,
			Reason: fmt.Sprintf("ask for %s more than the amount of %s", show(floors.Sub(amount)), show(amount)),
		}
	}
	return floors, nil
}

// turn is a point on the way of λ upwards: at λ = bound / weight a recipient leaves the floor or reaches the cap.
type turn struct {
	at     int
	bound  decimal.Decimal
	weight decimal.Decimal
	cap    bool
}

// level finds who is at a floor and who at a cap. λ rises from zero; at each turn the sum of what all get is
// compared with the amount.
func level(amount, floors decimal.Decimal, weights []Weight, bounds []Bounds) *Bounded {
	b := &Bounded{Raised: make([]bool, len(weights)), Capped: make([]bool, len(weights))}
	turns := make([]turn, 0, len(weights))
	for i, w := range weights {
		b.Raised[i] = true
		if w.Value.Sign() == 0 {
			continue
		}
		turns = append(turns, turn{i, bounds[i].Floor, w.Value, false})
		if bounds[i].Cap != nil {
			turns = append(turns, turn{i, *bounds[i].Cap, w.Value, true})
		}
	}
	slices.SortFunc(turns, func(x, y turn) int {
		if c := x.bound.Mul(y.weight).Cmp(y.bound.Mul(x.weight)); c != 0 {
			return c
		}
		if x.cap != y.cap { // who leaves the floor and reaches the cap at once does so in this order
			if x.cap {
				return 1
			}
			return -1
		}
		return compareID(weights[x.at].ID, weights[y.at].ID)
	})
	fixed := floors // what those at a bound get
	for _, t := range turns {
		// What all get at this turn is fixed + Total × bound / weight.
		if fixed.Mul(t.weight).Add(b.Total.Mul(t.bound)).GreaterThanOrEqual(amount.Mul(t.weight)) {
			break
		}
		if t.cap {
			b.Capped[t.at] = true
			fixed, b.Total = fixed.Add(t.bound), b.Total.Sub(t.weight)
		} else {
			b.Raised[t.at] = false
			fixed, b.Total = fixed.Sub(t.bound), b.Total.Add(t.weight)
		}
	}
	b.Pool = amount.Sub(fixed)
	if b.Total.IsZero() {
		b.Pool, b.Left = decimal.Zero, b.Pool
	}
	return b
}

// fill gives everybody the bound or a share of the pool.
func (b *Bounded) fill(in string, decimals int, weights []Weight, bounds []Bounds, origin int) error {
	b.Parts = make([]Part, len(weights))
	var free []Weight
	for i, w := range weights {
		b.Parts[i] = Part{ID: w.ID, Amount: bounds[i].Floor}
		switch {
		case b.Capped[i]:
			b.Parts[i].Amount = *bounds[i].Cap
		case !b.Raised[i]:
			free = append(free, w)
		}
		b.Raised[i] = b.Raised[i] && bounds[i].Floor.Sign() > 0
	}
	parts, err := split(in, b.Pool, decimals, free, origin)
	if err != nil {
		return err
	}
	for i := range weights {
		if len(parts) > 0 && parts[0].ID == weights[i].ID {
			b.Parts[i].Amount, parts = parts[0].Amount, parts[1:]
		}
	}
	return nil
}

// SplitNeeds serves needs from an amount that may be too small: nobody gets more than asked for, and what there is
// goes first to make the smallest parts larger ("max-min fairness"). Whoever asks for less than an equal part of
// what is left gets all of it; the others get equal parts. The value of each weight is the need, with at most the
// given decimals. It takes n log n time. Errors are those of [SplitBounded].
func SplitNeeds(amount decimal.Decimal, decimals int, needs []Weight) (*Bounded, error) {
	equal := make([]Weight, len(needs))
	bounds := make([]Bounds, len(needs))
	for i, n := range needs {
		equal[i] = Weight{ID: n.ID, Value: one}
		bounds[i].Cap = &needs[i].Value
	}
	return SplitBounded(amount, decimals, equal, bounds)
}
