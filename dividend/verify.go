package dividend

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/shopspring/decimal"
)

// Verify computes the statement again from the inputs that it holds, and says whether every line, part and total
// comes out the same. It needs nothing else, so whoever is handed a statement can check it. The error wraps
// [ErrInput] and names the first line that differs, or is that of [Waterfall.Run]. It takes as long as the run.
func (s *Statement) Verify() error {
	const in = "statement"
	if err := s.readable(); err != nil {
		return err
	}
	input := Input{
		Scope: s.Scope, Clause: s.Clause, Currency: s.Currency, Decimals: s.Decimals,
		Received: s.Received, DirectCosts: s.DirectCosts, Deficit: s.Brought, Surplus: s.Surplus,
		Groups: make(map[string][]Weight), Claims: make(map[string][]Claim),
	}
	w := Waterfall{Lines: make([]Line, len(s.Lines))}
	for i, l := range s.Lines {
		w.Lines[i] = l.Line
		if l.Line.To.Group != "" {
			input.Groups[l.Line.To.Group] = l.Members
		}
		if l.Line.To.Claims != "" {
			claims := make([]Claim, len(l.Claims))
			for j, c := range l.Claims {
				claims[j] = Claim{ID: c.ID, Party: c.Party, Left: c.Left}
			}
			input.Claims[l.Line.To.Claims] = claims
		}
	}
	again, err := w.Run(input)
	if err != nil {
		return within(in, err)
	}
	for i, l := range s.Lines {
		if !sameJSON(l, again.Lines[i]) {
			return inputError(in+": line "+quote(l.Line.ID), "", "", "does not follow from the inputs of the statement")
		}
	}
	if !sameJSON(s, again) {
		return inputError(in, "", "", "base or totals do not follow from the inputs of the statement")
	}
	return nil
}

// readable refuses a statement with a number that no run leads to, before anything is computed with it.
func (s *Statement) readable() error {
	numbers := []decimal.Decimal{s.Received, s.DirectCosts, s.Brought, s.Surplus, s.Base, s.Distributed, s.Reserved, s.CarriedOver, s.Deficit}
	for _, l := range s.Lines {
		numbers = append(numbers, l.Basis, l.Exact, l.Amount, l.Placed, l.Remaining, l.Total,
			valueOf(l.Line.Rate), valueOf(l.Line.Fixed), valueOf(l.Line.Cap), valueOf(l.Line.AtLeast))
		if h := l.Line.Share; h != nil {
			numbers = append(numbers, valueOf(h.Ratio), valueOf(h.Equal), valueOf(h.Floor), valueOf(h.Cap), valueOf(h.PerPoint))
		}
		for _, m := range slices.Concat(l.Members, l.Line.To.Parties) {
			numbers = append(numbers, m.Value)
			for _, t := range m.Terms {
				numbers = append(numbers, t.Quantity, t.Points, t.Value)
			}
		}
		for _, c := range l.Claims {
			numbers = append(numbers, c.Left, c.Paid, c.Owed, c.Renounced)
		}
		for _, p := range l.Parts {
			numbers = append(numbers, p.Amount)
		}
	}
	return checkReadable("statement", numbers)
}

// readable refuses a tree of steps with a number that no run leads to.
func (s Step) readable() error {
	numbers := []decimal.Decimal{s.Result.Value}
	for _, q := range s.Inputs {
		numbers = append(numbers, q.Value)
	}
	if err := checkReadable("step "+quote(s.Rule), numbers); err != nil {
		return err
	}
	for _, sub := range s.Steps {
		if err := sub.readable(); err != nil {
			return err
		}
	}
	return nil
}

func checkReadable(in string, numbers []decimal.Decimal) error {
	for _, d := range numbers {
		if absurd(d) {
			return &Error{In: in, Field: "number", Value: show(d), Reason: "is beyond what this package computes", Err: ErrLimit}
		}
	}
	return nil
}

// absurd reports whether d is so large or so fine that no computation of this package made it.
func absurd(d decimal.Decimal) bool {
	return d.Exponent() > 8*MaxPlaces || d.Exponent() < -8*MaxPlaces || d.NumDigits() > 8*MaxDigits
}

func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	if err != nil {
		return false
	}
	y, err := json.Marshal(b)
	return err == nil && bytes.Equal(x, y)
}

// valueOf returns what p points to, or zero.
func valueOf(p *decimal.Decimal) decimal.Decimal {
	if p == nil {
		return decimal.Zero
	}
	return *p
}
