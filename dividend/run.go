package dividend

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Run takes the base through the lines, in order, and returns what each of them did. The base is
//
//	received + surplus − direct costs − deficit brought forward
//
// and when it is zero or less, every line is zero and the deficit is carried forward.
//
// A line with a condition takes nothing when the base is below it. The amount of a line is otherwise rate × base, or
// rate × what remains, computed exactly and rounded half up to the smallest unit; or its fixed amount, which may not
// have more decimals than the run. It is then held to its cap, if it has one (rounded down to the smallest unit), and
// to what remains: rounding up never takes what is not there. A group shares its line by weight as [Split] does, or as
// the line's [Sharing] says; claims are paid as [Settle] does, under the policy of the line. When a group has no member, or none with a weight, the line says so, places nothing, and
// its amount remains for the lines after it. What remains after the last line is carried over.
//
// The order of the members of groups does not matter. It takes linear time, plus the sorting of members. The
// error wraps [ErrRule] when the waterfall is not well made, [ErrUnknown] when a line goes to a group that is not
// in the input, and otherwise the errors of [Split]; it names the line.
func (w Waterfall) Run(in Input) (*Statement, error) {
	if err := w.Validate(); err != nil {
		return nil, err
	}
	s, err := in.open()
	if err != nil {
		return nil, err
	}
	remaining := decimal.Max(s.Base, decimal.Zero)
	s.Deficit = remaining.Sub(s.Base)
	for _, l := range w.Lines {
		r, err := l.run(in, remaining)
		if err != nil {
			return nil, within("waterfall: line "+quote(l.ID), err)
		}
		remaining = r.Remaining
		if l.To.Fund != "" {
			s.Reserved = s.Reserved.Add(r.Placed)
		} else {
			s.Distributed = s.Distributed.Add(r.Placed)
		}
		s.Lines = append(s.Lines, r)
	}
	s.CarriedOver = remaining
	return s, nil
}

// open checks the amounts and returns a statement with its base.
func (in Input) open() (*Statement, error) {
	const where = "waterfall"
	for _, a := range []struct {
		field  string
		amount decimal.Decimal
	}{
		{"received", in.Received},
		{"direct costs", in.DirectCosts},
		{"deficit", in.Deficit},
		{"surplus", in.Surplus},
	} {
		if err := checkAmount(where, a.field, a.amount, in.Decimals); err != nil {
			return nil, err
		}
	}
	seen := make(map[string]bool)
	for _, claims := range in.Claims {
		for _, c := range claims {
			if seen[c.ID] {
				return nil, inputError(where, "claim", c.ID, "given twice")
			}
			seen[c.ID] = true
		}
	}
	if in.Currency == "" {
		return nil, inputError(where, "currency", "", "must not be empty")
	}
	for _, f := range []struct{ field, text string }{{"scope", in.Scope}, {"clause", in.Clause}, {"currency", in.Currency}} {
		if f.text == "" {
			continue
		}
		if err := checkID(where, f.field, f.text); err != nil {
			return nil, err
		}
	}
	return &Statement{
		Scope: in.Scope, Clause: in.Clause, Currency: in.Currency, Decimals: in.Decimals,
		Received: in.Received, DirectCosts: in.DirectCosts, Brought: in.Deficit, Surplus: in.Surplus,
		Base:  in.Received.Add(in.Surplus).Sub(in.DirectCosts).Sub(in.Deficit),
		Lines: make([]LineResult, 0),
	}, nil
}

// base returns what rates on the base apply to: the base, or zero when it is negative.
func (in Input) base() decimal.Decimal {
	return decimal.Max(in.Received.Add(in.Surplus).Sub(in.DirectCosts).Sub(in.Deficit), decimal.Zero)
}

func (l Line) run(in Input, remaining decimal.Decimal) (LineResult, error) {
	r := LineResult{Line: l, Remaining: remaining}
	if l.Clause == "" {
		r.Line.Clause = in.Clause
	}
	if err := r.size(in, remaining); err != nil {
		return r, err
	}
	if err := r.place(in); err != nil {
		return r, err
	}
	r.Remaining = remaining.Sub(r.Placed)
	return r, nil
}

// size computes what the line takes.
func (r *LineResult) size(in Input, remaining decimal.Decimal) error {
	places := int32(in.Decimals)
	r.Basis = remaining
	if r.Line.Fixed != nil {
		if err := checkAmount("", "fixed", *r.Line.Fixed, in.Decimals); err != nil {
			return err
		}
		r.Exact = *r.Line.Fixed
	} else {
		if r.Line.Of == OfBase {
			r.Basis = in.base()
		}
		r.Exact = r.Line.Rate.Mul(r.Basis)
	}
	r.Amount = r.Exact.Round(places)
	if r.Line.Cap != nil && r.Amount.GreaterThan(*r.Line.Cap) {
		r.Amount, r.Limit = r.Line.Cap.RoundFloor(places), LimitCap
	}
	if r.Amount.GreaterThan(remaining) {
		r.Amount, r.Limit = remaining, LimitRemaining
	}
	if r.Line.AtLeast != nil && in.base().LessThan(*r.Line.AtLeast) {
		r.Amount, r.Limit = decimal.Zero, LimitCondition
	}
	return nil
}

// place gives the amount to the target.
func (r *LineResult) place(in Input) error {
	to := r.Line.To
	if to.Claims != "" {
		return r.settle(in)
	}
	if !to.shared() {
		r.Placed = r.Amount
		r.Parts = []Part{{ID: to.Fund + to.Party, Amount: r.Amount}}
		return nil
	}
	group, ok := in.Groups[to.Group]
	if len(to.Parties) > 0 {
		group, ok = to.Parties, true
	}
	if !ok {
		return &Error{
			Field: "to.group", Value: to.Group, Err: ErrUnknown,
			Reason: "is not among the groups handed in (a group without members is an empty list)",
		}
	}
	if _, err := readWeights("group "+quote(to.Group), group, given); err != nil {
		return err
	}
	for _, w := range group {
		if err := w.checkTerms(); err != nil {
			return within("group "+quote(to.Group)+": recipient "+quote(w.ID), err)
		}
	}
	r.Members = slices.Clone(group)
	slices.SortFunc(r.Members, func(a, b Weight) int { return compareID(a.ID, b.ID) })
	share := r.Line.sharing()
	for _, m := range share.counted(r.Members) {
		r.Total = r.Total.Add(m.Value)
	}
	switch {
	case len(r.Members) == 0:
		r.Reason = NoMember
		return nil
	case r.Total.IsZero():
		r.Reason = NoWeight
		return nil
	}
	parts, left, err := share.Divide(r.Amount, in.Decimals, r.Members)
	if err != nil {
		return err
	}
	if left.Sign() > 0 {
		r.Reason = AllCapped
	}
	r.Placed, r.Parts = r.Amount.Sub(left), parts
	return nil
}

func (l Line) sharing() Sharing {
	if l.Share == nil {
		return Sharing{}
	}
	return *l.Share
}

// Parties returns what each party receives in all lines together, sorted by identifier, in n log n time. Members of a
// group whose part is zero are among them.
func (s *Statement) Parties() []Part {
	return s.gather(func(t Target) bool { return t.Fund == "" })
}

// Funds returns what each fund receives in all lines together, sorted by identifier, in n log n time.
func (s *Statement) Funds() []Part {
	return s.gather(func(t Target) bool { return t.Fund != "" })
}

func (s *Statement) gather(wanted func(Target) bool) []Part {
	sums := make(map[string]decimal.Decimal)
	for _, l := range s.Lines {
		if !wanted(l.Line.To) {
			continue
		}
		for _, p := range l.Parts {
			sums[p.ID] = sums[p.ID].Add(p.Amount)
		}
	}
	out := make([]Part, 0, len(sums))
	for _, id := range sortedKeys(sums) {
		out = append(out, Part{ID: id, Amount: sums[id]})
	}
	return out
}
