package dividend

import (
	"github.com/shopspring/decimal"
)

// lineWorking is a line's step and the working of its division.
type lineWorking struct {
	step     Step
	counting []Step   // what is the same in every member's counting: ratio, blend or even
	counted  []Weight // what each member counts for
	bounded  *Bounded // nil without bounds
	pool     decimal.Decimal
	total    decimal.Decimal
	place    []int // member → index in quotas, or -1 for who is at a bound
	quotas   quotas
	rank     []int // index in quotas → place in the order of remainders, from 1
}

// working does the division of a group line again, keeping the intermediate results.
func (l LineResult) working(decimals int) lineWorking {
	if len(l.Members) == 0 || len(l.Parts) == 0 {
		return lineWorking{}
	}
	share := l.Line.sharing()
	w := lineWorking{counted: share.counted(l.Members), pool: l.Placed, total: l.Total, place: make([]int, len(l.Members))}
	if share.bounded() {
		w.bound(l, share, decimals)
	}
	var free []Weight
	for i, m := range w.counted {
		w.place[i] = -1
		if w.bounded == nil || !w.bounded.Raised[i] && !w.bounded.Capped[i] {
			w.place[i] = len(free)
			free = append(free, m)
		}
	}
	w.quotas = newQuotas(w.pool, decimals, free)
	w.rank = make([]int, len(free))
	for at, m := range w.quotas.order {
		w.rank[m] = at + 1
	}
	return w
}

func (w *lineWorking) bound(l LineResult, share Sharing, decimals int) {
	bounds, even, err := share.bounds(l.Amount, decimals, l.Members)
	if err != nil {
		return
	}
	if even {
		for i := range w.counted {
			w.counted[i].Value = one
		}
		w.total = decimal.New(int64(len(w.counted)), 0)
		w.counting = []Step{{
			Rule: StepCounted, Formula: formulaSum, Note: NoteTooLittle,
			Inputs: []Quantity{{Name: "one", Value: one}}, Result: Quantity{Name: StepCounted, Value: one},
		}}
		return
	}
	if b, err := splitBounded(l.Amount, decimals, w.counted, bounds, computed); err == nil {
		w.bounded, w.pool, w.total = b, b.Pool, b.Total
	}
}

// countedSteps returns how the weight of a member becomes what it counts for.
func (l LineResult) countedSteps(w lineWorking, at int) []Step {
	if w.counting != nil {
		return w.counting
	}
	share, value := l.Line.sharing(), l.Members[at].Value
	if share.equalOnly() {
		return []Step{{
			Rule: StepCounted, Formula: formulaSum, Note: NoteEven,
			Inputs: []Quantity{{Name: "one", Value: one}}, Result: Quantity{Name: StepCounted, Value: one},
		}}
	}
	var steps []Step
	ratioOnly := share
	ratioOnly.Equal = nil
	if share.Ratio != nil && value.Sign() > 0 {
		highest := decimal.Zero
		for _, m := range l.Members {
			highest = decimal.Max(highest, m.Value)
		}
		counted := decimal.Max(value.Mul(*share.Ratio), highest)
		steps = append(steps, Step{
			Rule: StepCounted, Formula: formulaRatio, Note: NoteRatio,
			Inputs: []Quantity{{Name: "weight", Value: value}, {Name: "ratio", Value: *share.Ratio}, {Name: "highest", Value: highest}},
			Result: Quantity{Name: StepCounted, Value: counted},
		})
		value = counted
	}
	if share.Equal == nil || share.Equal.IsZero() {
		return steps
	}
	all := decimal.Zero
	for _, m := range ratioOnly.counted(l.Members) {
		all = all.Add(m.Value)
	}
	return append(steps, Step{
		Rule: StepCounted, Formula: formulaBlend, Note: NoteBlend,
		Inputs: []Quantity{
			{Name: "equal", Value: *share.Equal},
			{Name: "all", Value: all},
			{Name: "rest", Value: one.Sub(*share.Equal)},
			{Name: "members", Value: decimal.New(int64(len(l.Members)), 0)},
			{Name: "weight", Value: value},
		},
		Result: Quantity{Name: StepCounted, Value: w.counted[at].Value},
	})
}
