package dividend

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// What an input of a process is.
const (
	// Work: a party worked; the input has a value.
	Work = "work"
	// Purchase: a party paid for something; the input has a value.
	Purchase = "purchase"
	// Use: a resource was used and still exists; the input has a value, which goes to those who made the resource.
	Use = "use"
	// Consume: a quantity of a resource was used up; its part of what the resource is worth goes to those who made it.
	Consume = "consume"
	// Cite: earlier work was built upon; it gets a rate of the sum of the other inputs of the process.
	Cite = "cite"
)

// Limits of production graphs.
const (
	// MaxProcesses is the largest number of processes, MaxInputs the largest number of inputs of all together.
	MaxProcesses = 100_000
	MaxInputs    = 1_000_000
	// MaxDepth is the largest number of processes in a chain.
	MaxDepth = 1_000
	// MaxCredits is the largest number of credits of all processes together.
	MaxCredits = 10_000_000
	// MaxFraction is the largest size of a fraction that tracing leads to, in bits of its denominator: chains of
	// quantities without a common measure make them grow.
	MaxFraction = 1 << 13
)

// Process made a quantity of a resource out of inputs.
type Process struct {
	ID string `json:"id"`
	// Output names the resource. A resource is made by one process.
	Output string `json:"output"`
	// Quantity is how much of it was made, above zero, in the unit of the resource.
	Quantity decimal.Decimal `json:"quantity"`
	Inputs   []ProcessInput  `json:"inputs"`
}

// ProcessInput is one input of a process.
type ProcessInput struct {
	// Kind is [Work], [Purchase], [Use], [Consume] or [Cite].
	Kind string `json:"kind"`
	// Party is who worked or paid. With a resource that no process made, it is who gets the value.
	Party string `json:"party,omitempty"`
	// Resource is what was used, consumed or cited.
	Resource string `json:"resource,omitempty"`
	// Quantity is, for Consume, how much of the resource was used up, at most what was made.
	Quantity decimal.Decimal `json:"quantity,omitzero"`
	// Value is, for Work, Purchase and Use, in one unit of account for the whole graph. For Consume of a resource
	// that no process made, it is the value of what was consumed.
	Value decimal.Decimal `json:"value,omitzero"`
	// Rate is, for Cite, between 0 and 1.
	Rate decimal.Decimal `json:"rate,omitzero"`
}

// TracePlaces is the number of decimal places that traced values are rounded to.
const TracePlaces = 18

// Production is a graph of processes. Make one with [NewProduction].
type Production struct {
	by      map[string]*Process          // output → process
	worth   map[string]map[string]credit // output → party → value of all that was made
	credits int
}

type credit = *big.Rat

// NewProduction returns the graph of these processes, in any order. Every process is traced at once, in time
// proportional to the inputs times the parties behind each.
//
// The error wraps [ErrInput] for a resource made by two processes, more consumed by one input than was made, values
// that are missing or negative, and a circle of resources, which it spells out; and [ErrLimit].
func NewProduction(processes []Process) (*Production, error) {
	const in = "production"
	if len(processes) > MaxProcesses {
		return nil, &Error{In: in, Field: "processes", Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxProcesses)}
	}
	p := &Production{by: make(map[string]*Process, len(processes)), worth: make(map[string]map[string]credit, len(processes))}
	inputs := 0
	for i := range processes {
		q := &processes[i]
		if err := q.validate(in, i); err != nil {
			return nil, err
		}
		if other := p.by[q.Output]; other != nil {
			return nil, inputError(in+": process "+quote(q.ID), "output", q.Output, "is also made by process "+quote(other.ID))
		}
		p.by[q.Output] = q
		if inputs += len(q.Inputs); inputs > MaxInputs {
			return nil, &Error{In: in, Field: "inputs", Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxInputs)}
		}
	}
	for _, output := range sortedKeys(p.by) {
		if _, err := p.trace(output, nil); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (q *Process) validate(in string, i int) error {
	for _, f := range []struct{ field, id string }{{"id", q.ID}, {"output", q.Output}} {
		if err := checkID("", f.field, f.id); err != nil {
			return within(fmt.Sprintf("%s: process %d", in, i+1), err)
		}
	}
	where := in + ": process " + quote(q.ID)
	if err := checkNumber(where, "quantity", q.Quantity); err != nil {
		return err
	}
	if q.Quantity.Sign() <= 0 {
		return inputError(where, "quantity", show(q.Quantity), "must be positive")
	}
	for i, n := range q.Inputs {
		if err := n.validate(fmt.Sprintf("%s: input %d", where, i+1)); err != nil {
			return err
		}
	}
	return nil
}

func (n ProcessInput) validate(in string) error {
	for _, f := range []struct {
		field string
		value decimal.Decimal
	}{{"quantity", n.Quantity}, {"value", n.Value}, {"rate", n.Rate}} {
		if err := checkNotNegative(in, f.field, f.value); err != nil {
			return err
		}
	}
	needs := map[string][2]string{ // kind → who it must name
		Work: {"party", n.Party}, Purchase: {"party", n.Party},
		Use: {"resource", n.Resource}, Consume: {"resource", n.Resource}, Cite: {"resource", n.Resource},
	}
	need, ok := needs[n.Kind]
	switch {
	case !ok:
		return inputError(in, "kind", n.Kind, "must be work, purchase, use, consume or cite")
	case n.Kind == Consume && n.Quantity.Sign() == 0:
		return inputError(in, "quantity", "0", "must be positive")
	case n.Rate.GreaterThan(one):
		return inputError(in, "rate", show(n.Rate), "must be between 0 and 1")
	}
	return checkID(in, need[0], need[1])
}

// trace returns what each party put into all that was made of a resource. path holds the outputs being traced.
func (p *Production) trace(output string, path []string) (map[string]credit, error) {
	if w, ok := p.worth[output]; ok {
		return w, nil
	}
	if at := slices.Index(path, output); at >= 0 {
		circle := append(slices.Clone(path[at:]), output)
		return nil, inputError("production", "output", output, "is made of itself: "+strings.Join(circle, " ← "))
	}
	if len(path) >= MaxDepth {
		return nil, &Error{In: "production", Field: "output", Value: output, Err: ErrLimit, Reason: fmt.Sprintf("is more than %d processes deep", MaxDepth)}
	}
	path = append(path, output)
	q := p.by[output]
	worth := make(map[string]credit)
	for i, n := range q.Inputs {
		if n.Kind == Cite {
			continue
		}
		if err := p.give(worth, q, i, n.Value.Rat(), path); err != nil {
			return nil, err
		}
	}
	// What is cited gets its rate of the sum of the other inputs, so it comes last.
	sum := total(worth)
	for i, n := range q.Inputs {
		if n.Kind != Cite {
			continue
		}
		if err := p.give(worth, q, i, new(big.Rat).Mul(sum, n.Rate.Rat()), path); err != nil {
			return nil, err
		}
	}
	if p.credits += len(worth); p.credits > MaxCredits {
		return nil, &Error{In: "production", Field: "credits", Err: ErrLimit, Reason: fmt.Sprintf("must be at most %d", MaxCredits)}
	}
	p.worth[output] = worth
	return worth, nil
}

// give credits the value of an input to whoever is behind it.
func (p *Production) give(worth map[string]credit, q *Process, i int, value *big.Rat, path []string) error {
	n := q.Inputs[i]
	where := fmt.Sprintf("production: process %s: input %d", quote(q.ID), i+1)
	if n.Resource == "" || n.Kind == Work || n.Kind == Purchase {
		return add(where, worth, n.Party, value)
	}
	source := p.by[n.Resource]
	if source == nil {
		if err := checkID(where, "party", n.Party); err != nil {
			return inputError(where, "party", n.Party, "must say who gets the value, because no process made "+quote(n.Resource))
		}
		return add(where, worth, n.Party, value)
	}
	behind, err := p.trace(n.Resource, path)
	if err != nil {
		return err
	}
	part := new(big.Rat)
	if n.Kind == Consume {
		if n.Quantity.GreaterThan(source.Quantity) {
			return inputError(where, "quantity", show(n.Quantity), "is more than the "+show(source.Quantity)+" that were made")
		}
		part.Quo(n.Quantity.Rat(), source.Quantity.Rat())
	} else {
		all := total(behind)
		if all.Sign() == 0 {
			return nil // made of nothing that has a value
		}
		part.Quo(value, all)
	}
	for _, party := range sortedKeys(behind) {
		if err := add(where, worth, party, new(big.Rat).Mul(behind[party], part)); err != nil {
			return err
		}
	}
	return nil
}

func add(where string, worth map[string]credit, party string, value *big.Rat) error {
	if worth[party] == nil {
		worth[party] = new(big.Rat)
	}
	sum := worth[party].Add(worth[party], value)
	if sum.Denom().BitLen() > MaxFraction {
		return &Error{In: where, Field: "value", Err: ErrLimit, Reason: fmt.Sprintf("leads to a fraction of more than %d bits", MaxFraction)}
	}
	return nil
}

func total(worth map[string]credit) *big.Rat {
	sum := new(big.Rat)
	for _, v := range worth {
		sum.Add(sum, v)
	}
	return sum
}

// Trace returns what each party put into a quantity of a resource, as weights sorted by identifier and rounded half
// up to [TracePlaces] places. With P the quantity made and Q the quantity asked for, everything that went into the
// resource counts f = min(1, Q/P) times:
//
//	work, purchase  value × f, to the party
//	use             value × f, to those behind the resource, in proportion to what they put into it
//	consume         quantity / quantity made × what each of those behind the resource put into it × f
//	cite            rate × sum of the other inputs × f, to those behind the resource, in proportion
//
// These are the value equations of the open value networks (Sensorica). The tracing is exact; only the results are
// rounded. It takes n log n time in the parties. The error wraps [ErrUnknown] for a resource that no process
// made and [ErrInput] for a negative quantity.
func (p *Production) Trace(resource string, quantity decimal.Decimal) ([]Weight, error) {
	const in = "trace"
	if err := checkNotNegative(in, "quantity", quantity); err != nil {
		return nil, err
	}
	q := p.by[resource]
	if q == nil {
		return nil, &Error{In: in, Field: "resource", Value: resource, Err: ErrUnknown, Reason: "is made by no process"}
	}
	f := new(big.Rat).Quo(quantity.Rat(), q.Quantity.Rat())
	if f.Cmp(big.NewRat(1, 1)) > 0 {
		f.SetInt64(1)
	}
	worth := p.worth[resource]
	out := make([]Weight, 0, len(worth))
	for _, party := range sortedKeys(worth) {
		out = append(out, Weight{ID: party, Value: roundRat(new(big.Rat).Mul(worth[party], f), TracePlaces)})
	}
	return out, nil
}

// roundRat rounds half up (away from zero).
func roundRat(x *big.Rat, places int32) decimal.Decimal {
	scaled := new(big.Rat).Mul(x, new(big.Rat).SetInt(bigAt(one, -places)))
	num := new(big.Int).Lsh(new(big.Int).Abs(scaled.Num()), 1)
	num.Add(num, scaled.Denom())
	num.Quo(num, new(big.Int).Lsh(scaled.Denom(), 1))
	if scaled.Sign() < 0 {
		num.Neg(num)
	}
	return decimal.NewFromBigInt(num, -places)
}
