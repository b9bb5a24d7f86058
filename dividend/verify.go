package dividend

import (
	"bytes"
	"encoding/json"

	"github.com/shopspring/decimal"
)

// Verify computes the statement again from the inputs that it holds, and says whether every line, part and total
// comes out the same. It needs nothing else, so whoever is handed a statement can check it. The error wraps
// [ErrInput] and names the first line that differs, or is that of [Waterfall.Run]. It takes as long as the run.
func (s *Statement) Verify() error {
	const in = "statement"
	input := Input{
		Scope: s.Scope, Clause: s.Clause, Currency: s.Currency, Decimals: s.Decimals,
		Received: s.Received, DirectCosts: s.DirectCosts, Deficit: s.Brought, Surplus: s.Surplus,
		Groups: make(map[string][]Weight),
	}
	w := Waterfall{Lines: make([]Line, len(s.Lines))}
	for i, l := range s.Lines {
		w.Lines[i] = l.Line
		if l.Line.To.Group != "" {
			input.Groups[l.Line.To.Group] = l.Members
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
